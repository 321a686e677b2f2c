#include "core/record/against.h"

#include <algorithm>

#include "core/record/bar.h"
#include "core/record/need.h"
#include "core/record/store.h"

namespace cinnabar {
namespace {

using nlohmann::json;

struct Standing {
  Store::Found found;
  const EntityType* entity;
  std::string state;
};

// Nothing if the record is not there for the store, or its entity has no states.
std::optional<Standing> standingOf(Store& store, const RecordId& id) {
  auto found = store.find(id);
  if (!found || !found->row.visible()) return std::nullopt;
  const EntityType* entity = found->rows->entity();
  const Field* state = entity == nullptr ? nullptr : entity->find(entity->stateField);
  if (state == nullptr) return std::nullopt;
  found->rows->find(id, found->row.compartment, found->rows->allColumns(), found->row);
  const auto column = found->row.columns.find(state->number);
  const auto* word = column == found->row.columns.end() ? nullptr : std::get_if<std::string>(&column->second);
  return Standing{std::move(*found), entity, word == nullptr ? "" : *word};
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Against {
  std::string field, rule;
  json detail;
};

std::string ruleOf(const std::string& rule, const std::string& article) { return rule + " (" + article + ")"; }

// The first demand that the record's state makes on others. Null: none.
const Bar* barOf(const Standing& s) {
  const auto bar =
      std::find_if(s.entity->bars.begin(), s.entity->bars.end(), [&](const Bar& one) { return has(one.to, s.state); });
  return bar == s.entity->bars.end() ? nullptr : &*bar;
}

// What is open while the record's state asks for nothing to be.
std::optional<Against> openBesides(Store& store, const Standing& s) {
  for (const Bar& bar : s.entity->bars) {
    if (!has(bar.to, s.state)) continue;
    json open = json::array();
    for (const Barring& one : barring(store, bar, s.found.row.id)) open.push_back(one.shown);
    if (!open.empty())
      return Against{s.entity->stateField,
                     ruleOf(bar.rule, bar.article),
                     {{"state", s.state}, {"entity", bar.entity}, {"open", std::move(open)}}};
  }
  return std::nullopt;
}

// Whose state the record stands in the way of.
std::optional<Against> inTheWay(Store& store, const Standing& s) {
  for (const Bar* bar : store.catalog().barsRaisedBy(*s.entity)) {
    if (has(bar->settled, s.state)) continue;
    const Field* field = s.entity->find(bar->field);
    if (field == nullptr) continue;
    const auto value = s.found.row.columns.find(field->number);
    const auto* bytes = value == s.found.row.columns.end() ? nullptr : std::get_if<Bytes>(&value->second);
    const auto id = bytes == nullptr ? std::nullopt : RecordId::of(*bytes);
    const auto other = id ? standingOf(store, *id) : std::nullopt;
    if (other && has(bar->to, other->state))
      return Against{bar->field, ruleOf(bar->rule, bar->article), {{"named", id->text()}, {"state", other->state}}};
  }
  return std::nullopt;
}

std::optional<Against> withoutNeed(Store& store, const Standing& s) {
  const Compartment& where = s.found.vault->compartmentOf(s.found.row.compartment);
  const Need* need = missingNeed(store, *s.entity, s.found.row.id, where, s.found.row.columns, s.state);
  if (need == nullptr) return std::nullopt;
  return Against{s.entity->stateField, ruleOf(need->rule, need->article), {{"state", s.state}, {"needed", need->what}}};
}

void noteOf(Vault& vault, const Standing& s, std::string_view kind, const std::string& field, const std::string& rule) {
  Violation v;
  v.compartment = s.found.row.compartment;
  v.kind = kind;
  v.record = s.found.row.id;
  v.entity = s.entity->name;
  v.field = field;
  v.rule = rule;
  v.detail = "{}";  // read when it is shown, by what its reader sees
  note(vault, std::move(v), {});
}

}  // namespace

std::map<std::uint32_t, std::set<FieldNumber>> registersOfStates(const Catalog& catalog) {
  std::map<std::uint32_t, std::set<FieldNumber>> out;
  const auto watch = [&](const EntityType& entity, const std::string& name) {
    if (const Field* field = entity.find(name)) out[entity.tag].insert(field->number);
  };
  for (const EntityType& entity : catalog.entities()) {
    if (!entity.bars.empty() || !entity.needs.empty()) watch(entity, entity.stateField);
    for (const Bar& bar : entity.bars)
      if (const EntityType* by = catalog.find(bar.entity)) {
        watch(*by, bar.field);
        watch(*by, by->stateField);
        out[by->tag].insert(deletedRegister);
      }
  }
  return out;
}

// A state that asks something of others is noted by itself, whether or not anything is open: else the row in its own
// vault would tell of what is open above it.
void noteStates(Store& store, Vault& vault, const std::set<RecordId>& records) {
  for (const RecordId& id : records) {
    const auto standing = standingOf(store, id);
    if (!standing || standing->found.vault != &vault) continue;
    if (const Bar* bar = barOf(*standing))
      noteOf(vault, *standing, barredState, standing->entity->stateField, ruleOf(bar->rule, bar->article));
    else if (const auto way = inTheWay(store, *standing))
      noteOf(vault, *standing, barredState, way->field, way->rule);
    if (const auto need = withoutNeed(store, *standing))
      noteOf(vault, *standing, missingNeedOf, need->field, need->rule);
  }
}

bool isSpokenAgainst(Store& store, std::string_view kind, const RecordId& record, json& detail) {
  const auto standing = standingOf(store, record);
  if (!standing) return false;
  auto found = kind == missingNeedOf         ? withoutNeed(store, *standing)
               : barOf(*standing) != nullptr ? openBesides(store, *standing)
                                             : inTheWay(store, *standing);
  if (found) detail = std::move(found->detail);
  return found.has_value();
}

}  // namespace cinnabar
