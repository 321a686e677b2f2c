#include "core/record/unknown.h"

#include "core/record/row.h"
#include "core/vault/tables.h"

namespace cinnabar {
namespace {

// Fields that were unknown when they arrived are whole registers in _meta; those the entity knows now
// go to their columns.
bool adoptFields(Rows& rows, Row& row) {
  std::vector<FieldNumber> known;
  for (const auto& [number, reg] : row.kept) {
    const bool whole = !reg.siblings.empty() ? !isNull(reg.siblings.front().value) : reg.sum != 0 || !reg.elements.empty();
    const auto column = row.columns.find(number);
    if (rows.field(number) != nullptr && whole && column != row.columns.end() && isNull(column->second)) known.push_back(number);
  }
  for (const FieldNumber number : known) {
    Register reg = std::move(row.kept[number]);
    row.kept.erase(number);
    rows.put(row, number, std::move(reg));
  }
  return !known.empty();
}

void adoptRecords(Vault& vault) {
  Rows unknown(vault, nullptr);
  std::vector<RecordId> ids;
  {
    Query q = vault.database().query("SELECT id FROM _unknown");
    while (q.step())
      if (const auto id = RecordId::of(q->blob(0))) ids.push_back(*id);
  }
  const std::vector<FieldNumber> period = {periodRegister};
  for (const RecordId& id : ids) {
    const EntityType* entity = vault.catalog().findTag(entityTagOf(id));
    Row row;
    if (entity == nullptr || !unknown.find(id, period, row)) continue;
    vault.database().query("DELETE FROM _unknown WHERE id=?1").with(id).run();
    Rows rows(vault, entity);
    for (const FieldNumber number : rows.allColumns()) row.columns[number];
    adoptFields(rows, row);
    rows.insert(row);
  }
}

void adoptColumns(Vault& vault, const EntityType& entity) {
  Rows rows(vault, &entity);
  std::vector<RecordId> ids;
  {
    Query q = vault.database().query("SELECT id FROM " + identifier(entity.name) + " WHERE _meta IS NOT NULL");
    while (q.step())
      if (const auto id = RecordId::of(q->blob(0))) ids.push_back(*id);
  }
  for (const RecordId& id : ids) {
    Row row;
    if (!rows.find(id, rows.allColumns(), row)) continue;
    if (adoptFields(rows, row)) rows.update(row, rows.allColumns());
  }
}

}  // namespace

void upgrade(Vault& vault) {
  vault.begin();
  try {
    numberEntities(vault.database(), vault.catalog());
    for (const EntityType& entity : vault.catalog().entities()) {
      if (!vault.holdsTableOf(entity)) continue;
      extendEntityTable(vault.database(), entity);
      adoptColumns(vault, entity);
    }
    adoptRecords(vault);
    vault.setMeta("schema", viewOf(vault.catalog().hash()));
    vault.commit();
  } catch (...) {
    vault.rollback();
    throw;
  }
}

}  // namespace cinnabar
