#include "core/retention/disposal.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/carrier/articles.h"
#include "core/carrier/given.h"
#include "core/retention/destruction.h"
#include "core/retention/schedule.h"

namespace cinnabar {
namespace {

using carrier::Book;
using carrier::Given;
using carrier::refuse;
using namespace retention;
using nlohmann::json;

RecordId recordNamed(Book& book, const std::string& text) {
  const auto id = RecordId::parse(text);
  if (!id) throw Error(Code::notFound, "no such record");
  if (!book.store().exists(*id)) book.store().notThere(*id);
  return *id;
}

Compartment labelOf(Book& book, const RecordId& id) {
  Compartment out;
  book.store().exists(id, &out);
  return out;
}

std::string today(Book& book) { return dateOf(book.store().environment().clock->now()); }

}  // namespace

// In the words of the schedule; a hold goes before everything.
void retention::mustBeDue(Book& book, const RecordId& record) {
  const Keeping keeping = keepingOf(book.store(), record);
  if (isDue(keeping, today(book))) return;
  std::string why = record.text();
  if (!keeping.holds.empty())
    why += " is held back by " + keeping.holds.front().text();
  else if (keeping.retention == "permanent")
    why += " is kept for good";
  else if (keeping.until.empty())
    why += " is in no closed volume with a retention, or in one that is not closed";
  else
    why += " is kept until " + keeping.until;
  refuse(keepRule, keepArticle, why);
}

namespace {

void hold(Book& book, Given& given) {
  const RecordId record = recordNamed(book, given.text("record")), by = given.person("by");
  const std::string reason = given.text("reason");
  given.end();
  book.result()["hold"] = book.put("RetentionHold",
                                   {{"record", record.text()},
                                    {"reason", reason},
                                    {"setBy", by.text()},
                                    {"setAt", book.now()},
                                    {"state", "standing"}},
                                   join(labelOf(book, record), {Level::internal, {}}))
                              .text();
}

void lift(Book& book, Given& given) {
  const RecordId held = book.named("RetentionHold", given.text("hold")), by = given.person("by");
  given.end();
  if (book.fieldsOf(held).value("state", "") == "lifted") refuse(keepRule, keepArticle, "the hold is lifted already");
  book.set(held, {{"state", "lifted"}, {"liftedBy", by.text()}, {"liftedAt", book.now()}});
}

void list(Book& book, Given& given) {
  const RecordId by = given.person("by");
  std::vector<RecordId> records;
  if (given.has("records"))
    for (const std::string& one : given.texts("records")) records.push_back(recordNamed(book, one));
  else
    for (const Keeping& due : dueOn(book.store(), today(book))) records.push_back(due.record);
  given.end();
  std::sort(records.begin(), records.end());
  records.erase(std::unique(records.begin(), records.end()), records.end());
  if (records.empty()) refuse(keepRule, keepArticle, "nothing is due");
  Compartment label{Level::internal, {}};
  json ids = json::array(), rows = json::array();
  std::string reasons;
  for (const RecordId& record : records) {
    mustBeDue(book, record);
    const Keeping keeping = keepingOf(book.store(), record);
    label = join(label, labelOf(book, record));
    ids.push_back(record.text());
    rows.push_back(documentOf(book.store(), keeping));
    reasons += record.text() + " " + keeping.retention + " " + keeping.until + "\n";
  }
  book.result()["list"] = book.put("DisposalList",
                                   {{"records", ids},
                                    {"reasons", reasons},
                                    {"listedBy", by.text()},
                                    {"listedAt", book.now()},
                                    {"state", "listed"}},
                                   label)
                              .text();
  book.result()["records"] = std::move(rows);
}

RecordId openList(Book& book, Given& given) {
  const RecordId id = book.named("DisposalList", given.text("list"));
  if (const std::string state = book.fieldsOf(id).value("state", ""); state != "listed")
    refuse(twoRule, twoArticle, "the list is '" + state + "' already");
  return id;
}

void mustBeAnother(Book& book, const RecordId& list, const RecordId& by) {
  carrier::mustBeAnother(*RecordId::parse(book.fieldsOf(list).at("listedBy").get<std::string>()), by, twoRule,
                         twoArticle);
}

// A hold that was set meanwhile counts.
void approve(Book& book, Given& given) {
  const RecordId id = openList(book, given), by = given.person("by");
  given.end();
  mustBeAnother(book, id, by);
  const json fields = book.fieldsOf(id);
  for (const json& record : fields.at("records")) mustBeDue(book, recordNamed(book, record.get<std::string>()));
  book.set(id, {{"state", "approved"}, {"approvedBy", by.text()}, {"decidedAt", book.now()}});
}

void turnDown(Book& book, Given& given) {
  const RecordId id = openList(book, given), by = given.person("by");
  const std::string reason = given.text("reason");
  given.end();
  mustBeAnother(book, id, by);
  book.set(id, {{"state", "refused"}, {"approvedBy", by.text()}, {"decidedAt", book.now()}, {"refusal", reason}});
}

}  // namespace

json actOnRetention(Transaction& transaction, std::string_view act, const json& details) {
  Book book(transaction);
  Given given(book, details);
  if (act == "hold")
    hold(book, given);
  else if (act == "lift")
    lift(book, given);
  else if (act == "list")
    list(book, given);
  else if (act == "approve")
    approve(book, given);
  else if (act == "refuse")
    turnDown(book, given);
  else if (act == "destroy")
    destroyListed(transaction, book, given);
  else
    throw Error(Code::invalidArgument, "there is no act '" + std::string(act.substr(0, 64)) + "' on what is kept");
  return std::move(book.result());
}

}  // namespace cinnabar
