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

void retention::mustCount(Book& book, const Persons& persons, const RecordId& list, const json& fields) {
  const std::string flaw = flawOfList(book.store().identity(), persons.keys, list, fields);
  if (!flaw.empty()) refuse(twoRule, twoArticle, "the list is not what was signed: " + flaw);
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

void list(Book& book, Given& given, const Persons& persons) {
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
    label = join(label, labelOfWhole(book.store(), record));
    ids.push_back(record.text());
    rows.push_back(documentOf(book.store(), keeping));
    reasons += record.text() + " " + keeping.retention + " " + keeping.until + "\n";
  }
  const RecordId id = book.newId("DisposalList");
  json fields = {
      {"records", ids}, {"reasons", reasons}, {"listedBy", by.text()}, {"listedAt", book.now()}, {"state", "listed"}};
  fields["listing"] = signedBy(persons, book.store(), declarationOnList(Step::list, id, fields), {});
  book.put("DisposalList", fields, label, {}, id);
  book.result()["list"] = id.text();
  book.result()["records"] = std::move(rows);
}

RecordId openList(Book& book, Given& given) {
  const RecordId id = book.named("DisposalList", given.text("list"));
  if (const std::string state = book.fieldsOf(id).value("state", ""); state != "listed")
    refuse(twoRule, twoArticle, "the list is '" + state + "' already");
  return id;
}

// The verdict, by another than who listed. A hold that was set meanwhile counts.
void decide(Book& book, Given& given, const Persons& persons, Step verdict) {
  const RecordId id = openList(book, given), by = given.person("by");
  const std::string reason = verdict == Step::refuse ? given.text("reason") : "";
  given.end();
  json fields = book.fieldsOf(id);
  mustCount(book, persons, id, fields);
  carrier::mustBeAnother(*RecordId::parse(fields.at("listedBy").get<std::string>()), by, twoRule, twoArticle);
  if (verdict == Step::approve)
    for (const json& record : fields.at("records")) mustBeDue(book, recordNamed(book, record.get<std::string>()));
  fields["approvedBy"] = by.text();
  const Declaration declaration = declarationOnList(verdict, id, fields);
  json decided = {{"state", verdict == Step::approve ? "approved" : "refused"},
                  {"approvedBy", by.text()},
                  {"decidedAt", book.now()},
                  {"decision", signedBy(persons, book.store(), declaration, {fields.at("listing")})}};
  if (verdict == Step::refuse) decided["refusal"] = reason;
  book.set(id, decided);
}

}  // namespace

json actOnRetention(Transaction& transaction, const Persons& persons, std::string_view act, const json& details) {
  Book book(transaction);
  Given given(book, details);
  if (act == "hold")
    hold(book, given);
  else if (act == "lift")
    lift(book, given);
  else if (act == "list")
    list(book, given, persons);
  else if (act == "approve")
    decide(book, given, persons, Step::approve);
  else if (act == "refuse")
    decide(book, given, persons, Step::refuse);
  else if (act == "destroy")
    signDestruction(book, given, persons);
  else if (act == "witness")
    destroyWitnessed(transaction, book, given, persons);
  else
    throw Error(Code::invalidArgument, "there is no act '" + std::string(act.substr(0, 64)) + "' on what is kept");
  return std::move(book.result());
}

}  // namespace cinnabar
