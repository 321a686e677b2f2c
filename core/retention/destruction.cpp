#include "core/retention/destruction.h"

#include <algorithm>
#include <set>

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

std::vector<Life> livesOfWhole(Store& store, const RecordId& record) {
  std::vector<RecordId> all = attachmentsOf(store, record);
  all.push_back(record);
  std::vector<Life> out;
  for (const RecordId& id : all)
    for (Life& life : livesOf(store, id)) out.push_back(std::move(life));
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

// In their order, those under one label together.
std::vector<std::vector<Doomed>> partsOf(const std::vector<Doomed>& doomed) {
  std::vector<std::vector<Doomed>> out;
  for (const Doomed& one : doomed) {
    if (out.empty() || !(out.back().front().compartment == one.compartment)) out.emplace_back();
    out.back().push_back(one);
  }
  return out;
}

// A list that `by` may take further, and what is there of it.
struct Approved {
  RecordId id, by;
  Compartment label;
  json fields;
  std::vector<std::vector<Doomed>> parts;
};

Approved approvedList(Book& book, Given& given, const Persons& persons, const std::set<std::string>& states) {
  Approved out;
  out.id = book.named("DisposalList", given.text("list"));
  out.by = given.person("by");
  given.end();
  if (!book.store().identity().ofOffice())
    refuse(twoRule, twoArticle, "only the office destroys records; its word comes with the next bundle");
  book.store().exists(out.id, &out.label);
  out.fields = book.fieldsOf(out.id);
  if (const std::string state = out.fields.value("state", ""); !states.contains(state))
    refuse(twoRule, twoArticle,
           "the list is '" + state + "'; it has to be " +
               (states.contains("approved") ? "approved by one person first" : "signed for by who destroys it first"));
  mustCount(book, persons, out.id, out.fields);
  if (out.by.text() == out.fields.at("listedBy"))
    refuse(twoRule, twoArticle, "two persons destroy; neither is who made the list");
  out.parts = partsOf(doomedBy(book, out.fields.at("records")));
  for (const std::vector<Doomed>& part : out.parts)
    if (!dominates(out.label, part.front().compartment))
      refuse(twoRule, twoArticle, part.front().record.text() + " has come to lie above the list: list it anew");
  return out;
}

Part partOf(const Approved& list, const std::vector<Doomed>& doomed) {
  return {markOf(list.id), recordsOf(doomed), list.fields.at("listing"), list.fields.at("decision"), {}, {}};
}

// Of who destroys, one for each part.
json signaturesOn(const Approved& list) { return list.fields.value("destruction", json::array()); }

// A record that was moved meanwhile or has got an attachment is not what was signed: whoever destroys signs again.
void mustBeSigned(Store& store, const Persons& persons, const Approved& list, const RecordId& destroyer) {
  const json signatures = signaturesOn(list);
  bool sound = signatures.size() == list.parts.size();
  for (std::size_t i = 0; sound && i < list.parts.size(); ++i) {
    const Declaration declaration = declarationOnPart(Step::destroy, partOf(list, list.parts[i]), destroyer);
    Proof proof;
    sound = flawOfProof(signatures[i].get<std::string>(), statementOf(declaration), store.identity().group,
                        persons.keys, proof)
                .empty();
  }
  if (!sound) refuse(twoRule, twoArticle, "what is there is not what was signed for: who destroys it signs again");
}

json namesOf(const std::vector<Doomed>& doomed) {
  json out = json::array();
  for (const Doomed& d : doomed)
    out.push_back(
        {{"record", d.record.text()}, {"kind", d.entity}, {"changes", d.changes}, {"hash", hexOf(BytesView(d.hash))}});
  return out;
}

}  // namespace

Compartment labelOfWhole(Store& store, const RecordId& record) {
  Compartment out;
  for (const Life& life : livesOfWhole(store, record)) out = join(out, life.compartment());
  return out;
}

std::vector<Doomed> placesOf(Store& store, const RecordId& record) {
  std::vector<Doomed> out;
  for (const Life& life : livesOfWhole(store, record)) out.push_back(doomedAt(store, life));
  return out;
}

std::vector<RecordId> recordsOf(const std::vector<Doomed>& doomed) {
  std::vector<RecordId> out;
  out.reserve(doomed.size());
  for (const Doomed& one : doomed) out.push_back(one.record);
  return out;
}

std::vector<RecordId> recordsNamed(const json& records) {
  std::vector<RecordId> out;
  for (const json& one : records) {  // what stands in an element's members may have come from anybody
    const auto named = one.find("record");
    if (named == one.end() || !named->is_string()) continue;
    if (const auto id = RecordId::parse(named->get_ref<const std::string&>())) out.push_back(*id);
  }
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

void signDestruction(Book& book, Given& given, const Persons& persons) {
  const Approved list = approvedList(book, given, persons, {"approved", "signed"});
  json signatures = json::array();
  for (const std::vector<Doomed>& doomed : list.parts) {
    const Declaration declaration = declarationOnPart(Step::destroy, partOf(list, doomed), list.by);
    signatures.push_back(signedBy(persons, book.store(), declaration, {list.fields.at("listing")}));
  }
  book.set(list.id, {{"state", "signed"}, {"destroyedBy", list.by.text()}, {"destruction", signatures}});
  book.result().update({{"list", list.id.text()}, {"state", "signed"}, {"awaits", "witness"}});
}

void destroyWitnessed(Transaction& transaction, Book& book, Given& given, const Persons& persons) {
  Store& store = book.store();
  Compartment top;
  store.exists(book.named("DisposalList", given.text("list")), &top);
  // What counts is what is there once no other can write.
  for (const Level level : store.levels())
    if (level <= top.level) transaction.writing(level);
  const Approved list = approvedList(book, given, persons, {"signed"});
  const RecordId destroyer = RecordId::parse(list.fields.value("destroyedBy", "")).value_or(RecordId{});
  if (list.by == destroyer) refuse(twoRule, twoArticle, "who destroys does not witness it");
  const json signatures = signaturesOn(list);
  mustBeSigned(store, persons, list, destroyer);

  json certificates = json::array();
  std::size_t count = 0;
  for (std::size_t i = 0; i < list.parts.size(); ++i) {
    const std::vector<Doomed>& doomed = list.parts[i];
    Part part = partOf(list, doomed);
    part.destruction = signatures[i];
    const Declaration declaration = declarationOnPart(Step::witness, part, list.by);
    part.witnessing = signedBy(persons, store, declaration, {part.listing, part.destruction});
    json more = fieldsOf(part);
    more.update({{"listedBy", list.fields.at("listedBy")},
                 {"approvedBy", list.fields.at("approvedBy")},
                 {"destroyedBy", destroyer.text()},
                 {"witness", list.by.text()},
                 {"destroyedAt", book.now()}});
    if (dominates(labelOfCertificate(doomed.front().compartment), list.label)) more["list"] = list.id.text();
    certificates.push_back(certify(transaction, book, doomed, std::move(more)).text());
    count += doomed.size();
  }
  book.set(list.id, {{"state", "destroyed"}, {"certificates", certificates}});
  book.result()["certificates"] = std::move(certificates);
  book.result()["destroyed"] = count;
}

}  // namespace cinnabar::retention
