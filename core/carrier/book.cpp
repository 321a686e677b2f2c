#include "core/carrier/book.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/carrier/articles.h"
#include "core/record/bar.h"
#include "core/record/json.h"

namespace cinnabar::carrier {
namespace {

const EntityType& entityNamed(Store& store, const char* name) {
  const EntityType* entity = store.catalog().find(name);
  if (entity == nullptr) throw Error(Code::internal, std::string("the schema has no ") + name);
  return *entity;
}

// All that bear this text in a field, in what the store sees; also what the transaction wrote.
std::vector<RecordId> bearing(Store& store, const EntityType& entity, const std::string& field, std::string_view text) {
  std::vector<RecordId> out;
  for (Vault* vault : store.vaultsHolding(entity)) {
    Query q = vault->database().query("SELECT id,_c FROM " + identifier(entity.name) + " WHERE " + identifier(field) +
                                      "=?1 AND _gone IS NULL");
    q.with(text);
    while (q.step())
      if (const auto id = RecordId::of(q->blob(0)); id && store.sees(vault->compartmentOf(q->integer(1))))
        out.push_back(*id);
  }
  return out;
}

}  // namespace

json copyText(std::int64_t number) {
  std::string digits = std::to_string(number);
  return std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

std::string Carrier::name() const {
  std::string out = number.empty() ? id.text() : number;
  if (fields.contains("copyNumber"))
    out += " " + copyText(fields.at("copyNumber").get<std::int64_t>()).get<std::string>();
  return out;
}

std::optional<RecordId> Carrier::reference(const char* field) const {
  return fields.contains(field) ? RecordId::parse(fields.at(field).get<std::string>()) : std::nullopt;
}

Book::Book(Store& store, Transaction* transaction)
    : store_(store), transaction_(transaction), now_(instantText(instantOf(store.environment().clock->now()))) {
  result_ = {{"warnings", json::array()}};
}

Carrier Book::carrier(const RecordId& id) {
  const Store::Found found = store().findWhole(id);
  if (found.rows->entity()->name != "ClassifiedCarrier") throw Error(Code::notFound, "no such carrier");
  Carrier out;
  out.id = id;
  out.label.compartment = found.vault->compartmentOf(found.row.compartment);
  out.fields = jsonOf(*found.rows->entity(), found.row.columns);
  const auto period = found.row.columns.find(periodRegister);
  if (period != found.row.columns.end() && !isNull(period->second))
    out.label.period = parseStoredPeriod(std::get<std::string>(period->second));
  out.number = out.fields.value("number", "");
  out.state = out.fields.value("state", "");
  out.medium = out.fields.value("mediumKind", "");
  return out;
}

Carrier Book::carrier(std::string_view idOrNumber) {
  if (const auto id = RecordId::parse(idOrNumber)) return carrier(*id);
  const auto found = bearing(store(), entityNamed(store(), "ClassifiedCarrier"), "number", idOrNumber);
  if (found.empty()) throw Error(Code::notFound, "no such carrier");
  if (found.size() > 1)
    throw Error(Code::invalidInput, "several carriers have the number " + std::string(idOrNumber) + ": give the id");
  return carrier(found.front());
}

RecordId Book::named(const char* entityName, std::string_view idOrKey) {
  const EntityType& entity = entityNamed(store(), entityName);
  if (const auto id = RecordId::parse(idOrKey)) {
    if (entityTagOf(*id) != entity.tag || !store().exists(*id)) store().notThere(*id);
    return *id;
  }
  std::vector<RecordId> found;
  if (entity.key.size() == 1) found = bearing(store(), entity, entity.find(entity.key.front())->name, idOrKey);
  if (found.empty()) throw Error(Code::notFound, "no such " + entity.name);
  if (found.size() > 1) throw Error(Code::invalidInput, "several of " + entity.name + " have this key: give the id");
  return found.front();
}

std::optional<RecordId> Book::circleNamed(std::string_view name) {
  const auto found = bearing(store(), entityNamed(store(), "Circle"), "name", name);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::vector<RecordId> Book::all(const char* entityName, const char* field, const RecordId& named, const char* where) {
  const EntityType& entity = entityNamed(store(), entityName);
  std::vector<RecordId> out;
  for (Vault* vault : store().vaultsHolding(entity)) {
    Query q = vault->database().query("SELECT id,_c FROM " + identifier(entity.name) + " WHERE " + identifier(field) +
                                      "=?1 AND _gone IS NULL AND (" + where + ") ORDER BY id");
    q.with(named);
    while (q.step())
      if (const auto id = RecordId::of(q->blob(0)); id && store().sees(vault->compartmentOf(q->integer(1))))
        out.push_back(*id);
  }
  return out;
}

json Book::fieldsOf(const RecordId& id) {
  const Store::Found found = store().findWhole(id);
  return jsonOf(*found.rows->entity(), found.row.columns);
}

RecordId Book::put(const char* entity, const json& fields, const Compartment& compartment, const Period& period,
                   const std::optional<RecordId>& id) {
  return writing().make(entityNamed(store(), entity), fields, {compartment, period}, id);
}

RecordId Book::newId(const char* entity) {
  const Environment& environment = store().environment();
  return makeRecordId(environment.clock->now().ms, entityNamed(store(), entity).tag, *environment.random);
}

void Book::set(const RecordId& id, const json& fields) { writing().revise(id, fields); }

void Book::mustLead(const Carrier& carrier, std::string_view state) {
  const EntityType& entity = entityNamed(store(), "ClassifiedCarrier");
  const Field& field = *entity.find(entity.stateField);
  if (carrier.state == state || !transitionAllowed(entity, field, Value(carrier.state), Value(std::string(state))))
    refuse("car-state", entity.article,
           carrier.name() + " is '" + carrier.state + "' and cannot become '" + std::string(state) + "'");
}

void Book::move(Carrier& carrier, const char* state, json more) {
  mustLead(carrier, state);
  more["state"] = state;
  set(carrier.id, more);
  carrier.state = state;
  carrier.fields.update(more);
}

void Book::event(const Carrier& carrier, const char* word, json more) {
  more["carrier"] = carrier.id.text();
  more["event"] = word;
  more["at"] = now_;
  put("CarrierEvent", more, carrier.label.compartment);
}

RecordId Book::approval(const Carrier& carrier, const char* step, const RecordId& approver, const char* rule) {
  return put("Approval",
             {{"subject", carrier.id.text()},
              {"step", step},
              {"approver", approver.text()},
              {"decision", "approved"},
              {"decidedAt", now_},
              {"rule", rule}},
             carrier.label.compartment);
}

void Book::warn(const std::string& rule, const std::string& article, const std::string& what) {
  result_["warnings"].push_back({{"rule", rule}, {"article", article}, {"message", what}});
}

Compartment joinOf(const std::vector<Carrier>& carriers) {
  Compartment out;
  for (const Carrier& carrier : carriers) out = join(out, carrier.label.compartment);
  return out;
}

std::vector<RecordId> openCarriersOf(Store& store, const RecordId& person) {
  std::vector<RecordId> out;
  for (const Bar& bar : entityNamed(store, "Person").bars) {
    if (bar.entity != "ClassifiedCarrier") continue;
    for (const Barring& one : barring(store, bar, person))
      if (std::find(out.begin(), out.end(), one.id) == out.end()) out.push_back(one.id);
  }
  return out;
}

void sortByLevel(std::vector<Carrier>& carriers) {
  std::stable_sort(carriers.begin(), carriers.end(), [](const Carrier& a, const Carrier& b) {
    return a.label.compartment.level < b.label.compartment.level;
  });
}

}  // namespace cinnabar::carrier
