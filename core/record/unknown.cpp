#include "core/record/unknown.h"

#include <algorithm>

#include "core/log/log.h"
#include "core/record/applier.h"
#include "core/record/newer.h"
#include "core/record/number.h"
#include "core/record/prohibition.h"
#include "core/record/standing.h"
#include "core/vault/tables.h"

namespace cinnabar {
namespace {

// What arrived before the field was known could not be checked then. A site that knew it refused what does not
// fit; so here it leaves the register and its digest, and stays as a violation.
void leaveOutMisfits(Vault& vault, const EntityType& entity, const Field& field, const Row& row, Register& reg) {
  StateDigest digest(vault);
  CompartmentState& state = vault.stateOf(row.compartment);
  const Sum before = digest.term(state, row.id, field.number, reg);
  nlohmann::json left = nlohmann::json::array();
  const bool rightKind = reg.operation == operationOf(field.merge);
  const auto misfit = [&](const LocalDot& dot, const Value& value, const Value& auxiliary) {
    const bool owned = field.owner && vault.authorOf(dot.author).site != ownerOf(vault, entity, field, row) &&
                       !(dot == row.born && isProvisionalNumber(entity, field, value));
    const bool moved = reg.operation != Operation::transition || !canJudge(field, auxiliary, value) ||
                       transitionAllowed(entity, field, auxiliary, value);
    if (rightKind && !owned && moved && fits(field, {field.number, reg.operation, value, auxiliary})) return false;
    const auto* text = std::get_if<std::string>(&value);
    const auto* number = std::get_if<std::int64_t>(&value);
    left.push_back(text != nullptr     ? nlohmann::json(*text)
                   : number != nullptr ? nlohmann::json(*number)
                                       : nlohmann::json());
    return true;
  };
  std::erase_if(reg.siblings, [&](const Sibling& s) { return misfit(s.dot, s.value, s.auxiliary); });
  std::erase_if(reg.elements, [&](const Element& e) { return misfit(e.additions.front().dot, e.value, {}); });
  if (!rightKind) {
    reg = Register{};
    reg.operation = operationOf(field.merge);
  }
  if (left.empty() && rightKind) return;
  state.sum += digest.term(state, row.id, field.number, reg) - before;
  vault.save(state);
  Violation v;
  v.compartment = state.number;
  v.kind = "refusedWrite";
  v.record = row.id;
  v.entity = entity.name;
  v.field = field.name;
  v.rule = field.article;
  v.detail = detailText({{"values", std::move(left)}});
  note(vault, std::move(v), row.id.view());
}

// Its text is found only once it is indexed again.
void indexAnew(Vault& vault, const Row& row) {
  CompartmentState& state = vault.stateOf(row.compartment);
  state.indexed = std::min(state.indexed, arrivalOf(row.at) - 1);
  vault.save(state);
}

// Fields that were unknown when they arrived are whole registers in _meta; those the entity knows now
// go to their columns.
bool adoptFields(Vault& vault, Rows& rows, Row& row) {
  std::vector<FieldNumber> known;
  for (const auto& [number, reg] : row.kept) {
    const bool whole = !reg.siblings.empty() ? !isNull(reg.siblings.front().value)
                                             : reg.operation == Operation::increment || !reg.elements.empty();
    const auto column = row.columns.find(number);
    if (rows.field(number) != nullptr && whole && column != row.columns.end() && isNull(column->second))
      known.push_back(number);
  }
  for (const FieldNumber number : known) {
    Register reg = std::move(row.kept[number]);
    row.kept.erase(number);
    leaveOutMisfits(vault, *rows.entity(), *rows.field(number), row, reg);
    rows.put(row, number, std::move(reg));
    noteIfUnmet(vault, *rows.entity(), *rows.field(number), row, row.columns[number]);
  }
  if (std::any_of(known.begin(), known.end(), [&](FieldNumber number) { return rows.field(number)->search; }))
    indexAnew(vault, row);
  return !known.empty();
}

void adoptRecords(Vault& vault) {
  Rows unknown(vault, nullptr);
  std::vector<std::pair<RecordId, CompartmentNumber>> ids;
  {
    Query q = vault.database().query("SELECT id,_c FROM _unknown");
    while (q.step())
      if (const auto id = RecordId::of(q->blob(0))) ids.emplace_back(*id, q->integer(1));
  }
  const std::vector<FieldNumber> period = {periodRegister};
  for (const auto& [id, c] : ids) {
    const EntityType* entity = vault.catalog().findTag(entityTagOf(id));
    Row row;
    if (entity == nullptr || !unknown.find(id, c, period, row)) continue;
    vault.database().query("DELETE FROM _unknown WHERE id=?1 AND _c=?2").with(id, c).run();
    Rows rows(vault, entity);
    for (const FieldNumber number : rows.allColumns()) row.columns[number];
    adoptFields(vault, rows, row);
    rows.insert(row);
    checkProhibitions(vault, *entity, row);
  }
}

void adoptColumns(Vault& vault, const EntityType& entity, StepJudge& judge) {
  Rows rows(vault, &entity);
  std::vector<std::pair<RecordId, CompartmentNumber>> ids;
  {
    Query q = vault.database().query("SELECT id,_c FROM " + identifier(entity.name) +
                                     " WHERE _meta IS NOT NULL OR id IN (SELECT record FROM violation)");
    while (q.step())
      if (const auto id = RecordId::of(q->blob(0))) ids.emplace_back(*id, q->integer(1));
  }
  for (const auto& [id, c] : ids) {
    Row row;
    if (!rows.find(id, c, rows.allColumns(), row)) continue;
    if (adoptFields(vault, rows, row)) {
      rows.update(row, rows.allColumns());
      checkProhibitions(vault, entity, row);
    }
    judge.judge(rows, row);
  }
}

}  // namespace

void upgrade(Vault& vault) {
  within(vault, [&] {
    refuseLaterSchema(vault.database(), vault.catalog());
    createTablesOfLeaving(vault.database());
    numberEntities(vault.database(), vault.catalog());
    StepJudge judge(vault);
    for (const EntityType& entity : vault.catalog().entities()) {
      if (!vault.holdsTableOf(entity)) continue;
      extendEntityTable(vault.database(), entity);
      adoptColumns(vault, entity, judge);
    }
    adoptRecords(vault);
    vault.setMeta("schema", viewOf(vault.catalog().hash()));
  });
}

}  // namespace cinnabar
