#include "core/record/change.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/record/constraint.h"
#include "core/record/json.h"
#include "core/record/need.h"
#include "core/record/number.h"
#include "core/vault/tables.h"

namespace cinnabar {
namespace {

using nlohmann::json;

// One field of a record on its way from what stands there (`row` null: a new record) to what is wanted.
struct Step {
  const EntityType& entity;
  const Field& field;
  const Row* row;
  const Rows* rows;
  Vault& vault;
  Change& change;

  void refuse(std::string_view rule, std::string message, const Value& value) const {
    change.breaches.add(field, rule, std::move(message), value);
  }
  void write(Operation operation, Value value, Value auxiliary = {}) const {
    change.item.writes.push_back({field.number, operation, std::move(value), std::move(auxiliary)});
  }
};

// A set holds each element once; one given twice would be lost without a word.
std::vector<std::string> elementsOf(const Step& step, const Value& value) {
  std::vector<std::string> out;
  if (isNull(value)) return out;
  for (const json& element : json::parse(std::get<std::string>(value))) {
    out.push_back(element.dump());
    if (step.field.merge == MergeClass::addWins && std::find(out.begin(), out.end() - 1, out.back()) != out.end() - 1)
      step.refuse("set", "an element stands twice", value);
  }
  return out;
}

void count(const Step& step, const Register& now, const Value& value) {
  const auto* wanted = std::get_if<std::int64_t>(&value);
  step.write(Operation::increment, (wanted == nullptr ? 0 : *wanted) - now.sum);
}

void addElements(const Step& step, const Register& now, const Value& value) {
  const std::vector<std::string> wanted = elementsOf(step, value);
  for (const Element& e : now.elements)
    if (std::find(wanted.begin(), wanted.end(), std::get<std::string>(e.value)) == wanted.end())
      step.write(Operation::remove, e.value);
  for (const std::string& w : wanted)
    if (std::none_of(now.elements.begin(), now.elements.end(), [&](const Element& e) { return e.value == Value(w); }))
      step.write(Operation::add, w);
}

void appendElements(const Step& step, const Register& now, const Value& value) {
  std::vector<std::string> wanted;
  if (step.field.type.kind == Kind::list) {
    wanted = elementsOf(step, value);
    for (std::size_t i = 0; i < now.elements.size(); ++i)
      if (i >= wanted.size() || now.elements[i].value != Value(wanted[i]))
        return step.refuse("appendOnly", "it only grows: give what stands there, then what is new", value);
  } else if (!isNull(value)) {
    for (const Element& e : now.elements) wanted.push_back(std::get<std::string>(e.value));
    wanted.push_back(json(std::get<std::string>(value)).dump());
  }
  for (std::size_t i = now.elements.size(); i < wanted.size(); ++i) step.write(Operation::append, wanted[i]);
}

void raise(const Step& step, const Register& now, Value value) {
  const std::int64_t rank = rankOf(step.field, value);
  // The rank that came with a word of a newer schema; this one could not tell it.
  const auto rankOfNow = [&] { return std::get<std::int64_t>(now.siblings.front().auxiliary); };
  if (!now.siblings.empty() && (isNull(value) || rank < rankOfNow()))
    return step.refuse("ratchet", step.field.earliest ? "it can only become earlier" : "it can only rise", value);
  if (!isNull(value)) step.write(Operation::raise, std::move(value), rank);
}

void move(const Step& step, const Register& now, Value value) {
  const Value from = step.row == nullptr ? Value{} : shown(now, step.field, &step.entity, authorOrderOf(step.vault));
  if (!transitionAllowed(step.entity, step.field, from, value)) {
    std::string next;
    for (const Transition& t : step.entity.transitions)
      if (t.field == step.field.name && from == Value(t.from)) next += (next.empty() ? "" : ", ") + t.to;
    return step.refuse("transition",
                       "from '" + (isNull(from) ? "" : std::get<std::string>(from)) + "' it leads to " +
                           (next.empty() ? "nothing more" : next),
                       value);
  }
  step.write(Operation::transition, std::move(value), from);
}

void addWrites(const Step& step, Value value) {
  Register now;
  if (step.row != nullptr) now = step.rows->registerOf(*step.row, step.field.number);
  switch (operationOf(step.field.merge)) {
    case Operation::increment: return count(step, now, value);
    case Operation::add: return addElements(step, now, value);
    case Operation::append: return appendElements(step, now, value);
    case Operation::raise: return raise(step, now, std::move(value));
    case Operation::transition: return move(step, now, std::move(value));
    default: step.write(operationOf(step.field.merge), std::move(value));
  }
}

Value firstState(const EntityType& entity) {
  return entity.initialStates.empty() ? entity.find(entity.stateField)->type.values.front()
                                      : entity.initialStates.front();
}

bool isKey(const EntityType& entity, const Field& field) {
  return std::find(entity.key.begin(), entity.key.end(), field.number) != entity.key.end();
}

// A record that is put begins in its first state, also where only the core takes it further.
bool begins(const Step& step, const Value& value) {
  return step.row == nullptr && step.field.name == step.entity.stateField && value == firstState(step.entity);
}

// What can be said of a value without looking at the record that it stands in.
void checkValue(const Step& step, const Value& value, const SiteId& owner, const SiteId& self) {
  if (step.field.computed && step.change.by == By::caller && !begins(step, value))
    return step.refuse("computed", "it is computed and cannot be written", value);
  if (step.field.owner && owner != self) return step.refuse("owner", "only the owning site may write it", value);
  if (const auto* text = std::get_if<std::string>(&value);
      text != nullptr && step.field.inIndex && text->size() > longestIndexedText_bytes)
    step.refuse("length", "it is indexed and may have at most " + std::to_string(longestIndexedText_bytes) + " bytes",
                value);
  if (const auto unmet = unmetBy(step.field, value)) step.refuse(unmet->rule, unmet->message, value);
}

// The id is not repeated: what is not there and what is not for you are one answer, to the byte.
void checkReference(const Step& step, References& references, const std::string& target, const RecordId& id,
                    const Compartment& from) {
  if (const EntityType* wanted = step.vault.catalog().find(target); wanted != nullptr && wanted->tag != entityTagOf(id))
    return step.refuse("reference", "it refers to a " + target + " only", {});
  if (!references.mayReach(id, from))
    step.refuse("reference", "there is no such record that this label may refer to", {});
}

void checkReferences(const Step& step, References& references, const Value& value, const Compartment& from) {
  if (isNull(value)) return;
  if (step.field.type.kind == Kind::reference) {
    checkReference(step, references, step.field.type.target, *RecordId::of(std::get<Bytes>(value)), from);
  } else if (step.field.type.kind == Kind::list && step.field.type.item->kind == Kind::reference) {
    for (const json& element : json::parse(std::get<std::string>(value)))
      checkReference(step, references, step.field.type.item->target, *RecordId::parse(element.get<std::string>()),
                     from);
  }
}

void bind(Statement& statement, int at, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) statement.bind(at, *integer);
  if (const auto* text = std::get_if<std::string>(&value)) statement.bind(at, std::string_view(*text));
  if (const auto* bytes = std::get_if<Bytes>(&value)) statement.bind(at, BytesView(*bytes));
}

// Within the compartment only: who may not see a higher record must not learn of its key.
void checkKey(Vault& vault, const EntityType& entity, const RecordId& id, const Compartment& compartment,
              const FieldValues& values, Change& change) {
  const CompartmentState* state = vault.find(compartment);
  if (entity.key.empty() || state == nullptr || !vault.holdsTableOf(entity)) return;
  std::string sql = "SELECT 1 FROM " + identifier(entity.name) + " WHERE _c=?1 AND id<>?2 AND _gone IS NULL";
  int at = 2;
  for (const FieldNumber number : entity.key) {
    const auto value = values.find(number);
    if (value == values.end() || isNull(value->second)) return;
    sql += " AND " + identifier(entity.find(number)->name) + "=?" + std::to_string(++at);
  }
  Query q = vault.database().query(sql);
  q->bind(1, state->number);
  q->bind(2, id.view());
  at = 2;
  for (const FieldNumber number : entity.key) bind(*q, ++at, values.find(number)->second);
  const Field& first = *entity.find(entity.key.front());
  if (q.step()) change.breaches.add(first, "key", "another record has the same key", values.find(first.number)->second);
}

// A number is given once, in its time, and by the owner of its series.
void checkNumber(Store& store, Vault& vault, const EntityType& entity, const RecordId& id,
                 const Compartment& compartment, const FieldValues& given, const FieldValues& after, Change& change) {
  const Field* field = entity.find(entity.seriesField);
  if (field == nullptr) return;
  const auto number = given.find(field->number);
  const auto* text = number == given.end() ? nullptr : std::get_if<std::string>(&number->second);
  if (text != nullptr && !mayBearNumber(entity, after))
    change.breaches.add(*field, "numbering", "it is numbered only as '" + entity.numberWhen + "'", *text);
  if (const CompartmentState* state = vault.find(compartment);
      text != nullptr && state != nullptr && numberIsTaken(vault, entity, state->number, id, *text))
    change.breaches.add(*field, "key", "another record has this number", *text);
  if (entity.numberWhen.empty() || numbersHere(store.identity())) return;
  const Field& state = *entity.find(entity.stateField);
  if (const auto moved = given.find(state.number); moved != given.end() && moved->second == Value(entity.numberWhen))
    change.breaches.add(state, "numbering", "only the owner of the series numbers: send the record there",
                        entity.numberWhen);
}

json answer(const Change& change) { return {{"errors", change.breaches.list()}, {"warnings", change.warnings}}; }

}  // namespace

void checkReferences(References& references, Vault& vault, const FieldValues& values, const Compartment& from,
                     const EntityType& entity, Change& change) {
  for (const auto& [number, value] : values)
    if (const Field* field = entity.find(number))
      checkReferences({entity, *field, nullptr, nullptr, vault, change}, references, value, from);
}

FieldValues readFields(const EntityType& entity, const json& fields, Change& change) {
  if (!fields.is_object()) throw Error(Code::invalidInput, "a record's fields are a JSON object");
  FieldValues out;
  out.reserve(fields.size() + 2);
  for (const auto& [name, value] : fields.items()) {
    const Field* field = entity.find(std::string_view(name));
    if (field == nullptr) {
      change.breaches.addUnknown(name);
      continue;
    }
    try {
      out[field->number] = valueOf(entity, *field, value);
    } catch (const Unreadable& unreadable) {
      change.breaches.addUnreadable(*field, unreadable.expected + " is expected", value);
    }
  }
  return out;
}

void fillIn(const EntityType& entity, FieldValues& values) {
  if (const Field* state = entity.find(entity.stateField); state != nullptr && isNull(values[state->number]))
    values[state->number] = firstState(entity);
}

void create(Store& store, References& references, Vault& vault, const EntityType& entity, FieldValues& values,
            const Compartment& compartment, Change& change) {
  for (const FieldNumber number : entity.required) {
    const auto value = values.find(number);
    if (value != values.end() && !isNull(value->second)) continue;
    const Field& field = *entity.find(number);
    if (!change.breaches.names(field)) change.breaches.add(field, "required", "it is required");
  }
  checkKey(vault, entity, change.item.record, compartment, values, change);
  if (!entity.seriesField.empty())
    checkNumber(store, vault, entity, change.item.record, compartment, values, values, change);
  change.item.creates = true;
  change.item.writes.reserve(values.size() + 1);
  const SiteId self = store.identity().site;
  for (auto& [number, value] : values) {
    if (isNull(value)) continue;
    const Field& field = *entity.find(number);
    const Step step{entity, field, nullptr, nullptr, vault, change};
    if (field.owner || field.computed || field.inIndex || field.bounded())
      checkValue(step, value, field.owner ? ownerOf(store.identity(), entity, field, self) : self, self);
    checkReferences(step, references, value, compartment);
    addWrites(step, std::move(value));
  }
}

void edit(Store& store, References& references, const Store::Found& found, const FieldValues& wanted, Change& change) {
  Vault& vault = *found.vault;
  const EntityType& entity = *found.rows->entity();
  const Compartment& compartment = vault.compartmentOf(found.row.compartment);
  change.item.record = found.row.id;
  bool keyTouched = false;
  for (const auto& [number, value] : wanted) {
    const Field& field = *entity.find(number);
    const Step step{entity, field, &found.row, found.rows, vault, change};
    if (entity.appendOnly && number < commonFields) {
      step.refuse("appendOnly", "its records are never changed: add a note, or put a new one", value);
      continue;
    }
    if (field.required && isNull(value) && field.name != entity.seriesField)
      step.refuse("required", "it cannot be emptied", value);
    checkValue(step, value, ownerOf(vault, entity, field, found.row), store.identity().site);
    checkReferences(step, references, value, compartment);
    addWrites(step, value);
    keyTouched = keyTouched || isKey(entity, field);
  }
  const auto after = [&](FieldNumber number) -> const Value& {
    static const Value none;
    if (const auto given = wanted.find(number); given != wanted.end()) return given->second;
    const auto stands = found.row.columns.find(number);
    return stands == found.row.columns.end() ? none : stands->second;
  };
  if (const Field* number = entity.find(entity.seriesField);
      number != nullptr && (wanted.contains(number->number) || !entity.numberWhen.empty())) {
    FieldValues whole = found.row.columns;
    for (const auto& [number, value] : wanted) whole[number] = value;
    checkNumber(store, vault, entity, found.row.id, compartment, wanted, whole, change);
  }
  if (keyTouched) {
    FieldValues key;
    for (const FieldNumber number : entity.key) key[number] = after(number);
    checkKey(vault, entity, found.row.id, compartment, key, change);
  }
  for (const Field& field : entity.fields) {
    if ((!field.required && !field.bounded()) || wanted.contains(field.number)) continue;
    const Value& value = after(field.number);
    const auto unmet = unmetBy(field, value);
    const bool missing = field.required && !field.computed && field.name != entity.seriesField && isNull(value);
    if (missing || unmet)
      change.warnings.push_back(entity.name + "." + field.name + " (" + field.title +
                                "): " + (missing ? "it is required and missing" : unmet->message));
  }
}

void mustHold(const Store& store, const Compartment& compartment) {
  if (!store.sees(compartment) || !store.holds(compartment.level))
    throw Error(Code::notFound, "this site and person hold no such label");
  if (compartment.circles.size() > mostCircles)
    throw Error(Code::limit, "a label names at most " + std::to_string(mostCircles) + " circles");
}

json checkNew(Store& store, const EntityType& entity, const json& fields, const Compartment& compartment) {
  mustHold(store, compartment);
  Vault& vault = store.vault(compartment.level);
  // At the office a circle comes to be by being named.
  if (!store.identity().ofOffice()) vault.compartmentKey(compartment, vault.currentEpoch());
  Change change(entity);
  FieldValues values = readFields(entity, fields, change);
  fillIn(entity, values);
  References references(store);
  create(store, references, vault, entity, values, compartment, change);
  return answer(change);
}

json checkEdit(Store& store, const RecordId& id, const json& fields) {
  const Store::Found found = store.findWhole(id);
  Change change(*found.rows->entity());
  const FieldValues wanted = readFields(*found.rows->entity(), fields, change);
  References references(store);
  edit(store, references, found, wanted, change);
  json out = answer(change);
  try {
    checkState(store, found, wanted);
  } catch (const Error& refused) {
    if (refused.code() != Code::refused) throw;
    const json detail = json::parse(refused.detail());
    out["errors"].push_back({{"entity", detail.at("entity")},
                             {"field", detail.at("field")},
                             {"value", nullptr},
                             {"rule", detail.at("rule")},
                             {"article", detail.at("article")},
                             {"message", refused.what()}});
  }
  return out;
}

}  // namespace cinnabar
