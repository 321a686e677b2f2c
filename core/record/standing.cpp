#include "core/record/standing.h"

#include <algorithm>

#include "core/record/against.h"
#include "core/record/constraint.h"
#include "core/record/json.h"
#include "core/record/newer.h"
#include "core/record/store.h"

namespace cinnabar {
namespace {

using nlohmann::json;

constexpr std::string_view missing = "missingField";
constexpr std::string_view duplicate = "duplicateKey";
constexpr std::string_view unknownWord = "unknownWord";

std::string_view kindOf(const Unmet& unmet) { return unmet.rule == "format" ? "wrongFormat" : "outOfRange"; }

void noteAbout(Vault& vault, std::string_view kind, const EntityType& entity, const Field& field, const Row& row) {
  Violation v;
  v.compartment = row.compartment;
  v.kind = kind;
  v.record = row.id;
  v.entity = entity.name;
  v.field = field.name;
  v.rule = field.article.empty() ? entity.article : field.article;
  v.detail = "{}";
  note(vault, std::move(v), {});
}

const Value& columnOf(const Row& row, FieldNumber number) {
  static const Value none;
  const auto column = row.columns.find(number);
  return column == row.columns.end() ? none : column->second;
}

bool sameKey(Store& store, const json& detail, const EntityType& entity, const Field& field) {
  const auto records = detail.find("records");
  if (records == detail.end() || !records->is_array() || records->size() != 2) return true;
  std::vector<FieldNumber> key = {field.number};
  if (std::find(entity.key.begin(), entity.key.end(), field.number) != entity.key.end()) key = entity.key;
  std::vector<std::pair<CompartmentNumber, FieldValues>> seen;
  for (const json& one : *records) {
    const auto id = one.is_string() ? RecordId::parse(one.get_ref<const std::string&>()) : std::nullopt;
    auto found = id ? store.find(*id) : std::nullopt;
    if (!found || !found->row.visible()) return false;
    found->rows->find(*id, found->row.compartment, key, found->row);
    seen.emplace_back(found->row.compartment, std::move(found->row.columns));
  }
  return seen[0] == seen[1];
}

}  // namespace

void noteIfUnmet(Vault& vault, const EntityType& entity, const Field& field, const Row& row, const Value& shown) {
  if (const auto unmet = unmetBy(field, shown)) noteAbout(vault, kindOf(*unmet), entity, field, row);
}

void noteIfIncomplete(Vault& vault, const EntityType& entity, const Row& row, const Item& item) {
  for (const FieldNumber number : entity.required)
    if (std::none_of(item.writes.begin(), item.writes.end(),
                     [&](const Write& w) { return w.field == number && !isNull(w.value); }))
      noteAbout(vault, missing, entity, *entity.find(number), row);
}

void noteIfEmptied(Vault& vault, const EntityType& entity, const Field& field, const Row& row) {
  if (isNull(columnOf(row, field.number))) noteAbout(vault, missing, entity, field, row);
}

void noteUnknownWord(Vault& vault, const EntityType& entity, const Field& field, const Row& row) {
  noteAbout(vault, unknownWord, entity, field, row);
}

bool stillStands(Store& store, std::string_view kind, const RecordId& record, std::string_view name, json& detail) {
  if (kind == barredState || kind == missingNeedOf) return isSpokenAgainst(store, kind, record, detail);
  const bool ofValue = kind == "outOfRange" || kind == "wrongFormat";
  if (!ofValue && kind != missing && kind != duplicate && kind != unknownWord) return true;
  const EntityType* entity = store.catalog().findTag(entityTagOf(record));
  const Field* field = entity == nullptr ? nullptr : entity->find(name);
  if (field == nullptr) return true;
  if (kind == duplicate) return sameKey(store, detail, *entity, *field);
  auto found = store.find(record);
  if (!found || !found->row.visible()) return false;
  const FieldNumber number = field->number;
  found->rows->find(record, found->row.compartment, {&number, 1}, found->row);
  const Value& value = columnOf(found->row, number);
  if (kind == missing) return isNull(value);
  if (kind == unknownWord) {
    detail = {{"value", jsonOf(*field, value)}, {"message", "a word of a newer schema: this site is to be upgraded"}};
    return !knowsWord(*field, value);
  }
  const auto unmet = unmetBy(*field, value);
  if (!unmet || kindOf(*unmet) != kind) return false;
  detail = {{"value", jsonOf(*field, value)}, {"message", unmet->message}};
  return true;
}

}  // namespace cinnabar
