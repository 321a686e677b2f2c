#include "core/record/need.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/record/bar.h"

namespace cinnabar {
namespace {

// Binds each `:name` of a condition; ?1 stays the caller's. The values must outlive the statement's next step.
void bindNamed(Statement& statement, const EntityType& entity, const FieldValues& fields) {
  const int last = sqlite3_bind_parameter_count(statement.raw());
  for (int at = 1; at <= last; ++at) {
    const char* name = sqlite3_bind_parameter_name(statement.raw(), at);
    if (name == nullptr || name[0] != ':') continue;
    const Field* field = entity.find(std::string_view(name + 1));
    const auto value = field == nullptr ? fields.end() : fields.find(field->number);
    if (value == fields.end()) continue;  // absent: NULL
    if (const auto* integer = std::get_if<std::int64_t>(&value->second)) statement.bind(at, *integer);
    if (const auto* text = std::get_if<std::string>(&value->second)) statement.bind(at, std::string_view(*text));
    if (const auto* bytes = std::get_if<Bytes>(&value->second)) statement.bind(at, BytesView(*bytes));
  }
}

bool applies(Vault& vault, const EntityType& entity, const Need& need, const FieldValues& fields) {
  if (need.when.empty()) return true;
  Query q = vault.database().query("SELECT 1 WHERE " + need.when);
  bindNamed(*q, entity, fields);
  return q.step();
}

bool isMet(Store& store, const EntityType& entity, const Need& need, const RecordId& record,
           const Compartment& compartment, const FieldValues& fields) {
  const EntityType* by = store.catalog().find(need.entity);
  if (by == nullptr) return false;
  for (Vault* vault : store.vaultsHolding(*by)) {
    if (vault->level() > compartment.level) continue;
    Query q =
        vault->database().query("SELECT _c FROM " + identifier(by->name) + " WHERE " + identifier(need.field) +
                                "=?1 AND _gone IS NULL" + (need.having.empty() ? "" : " AND (" + need.having + ")"));
    q.with(record);
    bindNamed(*q, entity, fields);
    while (q.step()) {
      const Compartment& where = vault->compartmentOf(q->integer(0));
      if (store.sees(where) && dominates(compartment, where)) return true;
    }
  }
  return false;
}

}  // namespace

const Need* missingNeed(Store& store, const EntityType& entity, const RecordId& record, const Compartment& compartment,
                        const FieldValues& fields, std::string_view state) {
  for (const Need& need : entity.needs)
    if (std::find(need.to.begin(), need.to.end(), state) != need.to.end() &&
        applies(store.vault(compartment.level), entity, need, fields) &&
        !isMet(store, entity, need, record, compartment, fields))
      return &need;
  return nullptr;
}

void checkNeeds(Store& store, const EntityType& entity, const RecordId& record, const Compartment& compartment,
                const FieldValues& fields, std::string_view state) {
  const Need* need = missingNeed(store, entity, record, compartment, fields, state);
  if (need == nullptr) return;
  throw Error(Code::refused,
              need->rule + " (" + need->article + "): not '" + std::string(state) + "' without " + need->what,
              nlohmann::json({{"entity", entity.name},
                              {"field", entity.stateField},
                              {"rule", need->rule},
                              {"article", need->article},
                              {"needed", need->what}})
                  .dump());
}

void checkState(Store& store, const Store::Found& found, const FieldValues& wanted) {
  const EntityType& entity = *found.rows->entity();
  const Field* state = entity.find(entity.stateField);
  if (state == nullptr || (entity.bars.empty() && entity.needs.empty())) return;
  const auto next = wanted.find(state->number);
  const auto* word = next == wanted.end() ? nullptr : std::get_if<std::string>(&next->second);
  if (word == nullptr) return;
  checkBars(store, entity, found.row.id, *word);
  if (entity.needs.empty()) return;
  FieldValues fields = found.row.columns;
  for (const auto& [number, value] : wanted) fields[number] = value;
  checkNeeds(store, entity, found.row.id, found.vault->compartmentOf(found.row.compartment), fields, *word);
}

}  // namespace cinnabar
