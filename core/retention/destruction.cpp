#include "core/retention/destruction.h"

#include <algorithm>

#include "core/carrier/articles.h"
#include "core/log/log.h"
#include "core/record/lives.h"
#include "core/record/purge.h"
#include "core/record/withdrawal.h"
#include "core/retention/schedule.h"

namespace cinnabar::retention {
namespace {

using carrier::Book;
using carrier::Given;
using carrier::refuse;
using nlohmann::json;

Doomed doomedAt(Store& store, const Life& life) {
  Doomed out;
  out.record = life.row.id;
  out.compartment = life.compartment();
  if (const EntityType* entity = life.rows->entity()) out.entity = entity->name;
  std::vector<std::uint64_t> places = placesFrom(*life.vault, life.row.at);
  out.changes = places.size();
  std::reverse(places.begin(), places.end());
  Hasher hasher("cinnabar destroyed");
  Log log = store.log(life.vault->level());
  for (const std::uint64_t place : places) {
    const auto entry = log.read(arrivalOf(place));
    if (!entry) continue;
    const auto items = splitItems(entry->sealed.items, decodeHeader(entry->sealed.header).items);
    const SealedItem& item = items.at(indexOf(place));
    if (item.scrubbed)
      hasher.add(item.bytes);
    else
      hasher.add(hashOf("cinnabar item", item.bytes));
  }
  out.hash = hasher.finish();
  return out;
}

std::vector<RecordId> attachmentsOf(Store& store, const RecordId& record) {
  std::vector<RecordId> out;
  const EntityType* entity = store.catalog().find("Attachment");
  if (entity == nullptr) return out;
  for (Vault* vault : store.vaultsHolding(*entity)) {
    Query q = vault->database().query("SELECT DISTINCT id FROM Attachment WHERE record=?1");
    q.with(record);
    while (q.step())
      if (const auto id = RecordId::of(q->blob(0))) out.push_back(*id);
  }
  return out;
}

void mustNotBeHeld(Store& store, const RecordId& record) {
  const auto holds = holdsSeen(store, record);
  if (!holds.empty()) refuse(keepRule, keepArticle, record.text() + " is held back by " + holds.front().text());
}

// What was destroyed already is passed over. What a person deleted since is destroyed all the same; what is not here
// any more could not be called destroyed.
std::vector<Doomed> doomedBy(Book& book, const json& records) {
  Store& store = book.store();
  std::vector<Doomed> out;
  for (const json& text : records) {
    const RecordId record = *RecordId::parse(text.get<std::string>());
    std::vector<Doomed> places = placesOf(store, record);
    if (places.empty()) {
      if (!isDestroyed(store, record)) store.notThere(record);
      continue;
    }
    if (store.exists(record)) mustBeDue(book, record);
    for (const Doomed& one : places) mustNotBeHeld(store, one.record);
    out.insert(out.end(), places.begin(), places.end());
  }
  // An attachment may be on the list by itself as well.
  const auto key = [](const Doomed& d) { return std::tie(d.compartment.level, d.compartment.circles, d.record); };
  std::sort(out.begin(), out.end(), [&](const Doomed& a, const Doomed& b) { return key(a) < key(b); });
  out.erase(std::unique(out.begin(), out.end(), [&](const Doomed& a, const Doomed& b) { return key(a) == key(b); }),
            out.end());
  if (out.size() > mostDestroyed)
    throw Error(Code::limit, "one list destroys at most " + std::to_string(mostDestroyed) + " records: split it");
  return out;
}

json namesOf(const std::vector<Doomed>& doomed) {
  json out = json::array();
  for (const Doomed& d : doomed)
    out.push_back(
        {{"record", d.record.text()}, {"kind", d.entity}, {"changes", d.changes}, {"hash", hexOf(BytesView(d.hash))}});
  return out;
}

}  // namespace

std::vector<Doomed> placesOf(Store& store, const RecordId& record) {
  std::vector<Doomed> out;
  std::vector<RecordId> all = attachmentsOf(store, record);
  all.push_back(record);
  for (const RecordId& id : all)
    for (const Life& life : livesOf(store, id)) out.push_back(doomedAt(store, life));
  return out;
}

std::vector<RecordId> recordsNamed(const json& records) {
  std::vector<RecordId> out;
  for (const json& one : records)
    if (const auto id = RecordId::parse(one.value("record", ""))) out.push_back(*id);
  return out;
}

RecordId certify(Transaction& transaction, Book& book, const std::vector<Doomed>& doomed, json more) {
  CNB_ASSERT(!doomed.empty());
  more["records"] = namesOf(doomed);
  more["count"] = doomed.size();
  more["state"] = "pending";
  const RecordId certificate = book.put("DisposalCertificate", more, labelOfCertificate(doomed.front().compartment));
  for (const Doomed& one : doomed) {
    Item end;
    end.record = one.record;
    end.kind = ItemKind::destroy;
    transaction.write(one.compartment, std::move(end));
  }
  return certificate;
}

void destroyListed(Transaction& transaction, Book& book, Given& given) {
  const RecordId list = book.named("DisposalList", given.text("list"));
  const RecordId by = given.person("by"), witness = given.person("witness");
  given.end();
  Store& store = book.store();
  if (!store.identity().ofOffice())
    refuse(twoRule, twoArticle, "only the office destroys records; its word comes with the next bundle");
  Compartment top;
  store.exists(list, &top);
  // What counts is what is there once no other can write.
  for (const Level level : store.levels())
    if (level <= top.level) transaction.writing(level);
  const json fields = book.fieldsOf(list);
  if (const std::string state = fields.value("state", ""); state != "approved")
    refuse(twoRule, twoArticle, "the list is '" + state + "'; it has to be approved first");
  const RecordId lister = *RecordId::parse(fields.at("listedBy").get<std::string>());
  if (by == witness || by == lister || witness == lister)
    refuse(twoRule, twoArticle, "two persons destroy; neither is the other or who made the list");

  const std::vector<Doomed> doomed = doomedBy(book, fields.at("records"));
  json certificates = json::array(), named = json::array();  // attachments may lie above the list
  for (auto begin = doomed.begin(); begin != doomed.end();) {
    const auto end =
        std::find_if(begin, doomed.end(), [&](const Doomed& d) { return !(d.compartment == begin->compartment); });
    json more = {{"listedBy", lister.text()},
                 {"approvedBy", fields.at("approvedBy")},
                 {"destroyedBy", by.text()},
                 {"witness", witness.text()},
                 {"destroyedAt", book.now()}};
    if (dominates(labelOfCertificate(begin->compartment), top)) more["list"] = list.text();
    const std::string certificate = certify(transaction, book, {begin, end}, std::move(more)).text();
    certificates.push_back(certificate);
    if (dominates(top, labelOfCertificate(begin->compartment))) named.push_back(certificate);
    begin = end;
  }
  book.set(list, {{"state", "destroyed"}, {"certificates", named}});
  book.result()["certificates"] = certificates;
  book.result()["destroyed"] = doomed.size();
}

}  // namespace cinnabar::retention
