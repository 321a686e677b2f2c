#include "core/record/lives.h"

#include <algorithm>

#include "core/record/withdrawal.h"

namespace cinnabar {

std::vector<Life> livesOf(Store& store, const RecordId& id) {
  std::vector<Life> out;
  const EntityType* entity = store.catalog().findTag(entityTagOf(id));
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    Rows& rows = store.applier(level).rowsOf(entity);
    std::vector<CompartmentNumber> where;
    Row row;
    rows.findSeen(
        id, [&](CompartmentNumber c) { return where.push_back(c), false; }, {}, row);
    for (const CompartmentNumber c : where) {
      Life life{&vault, &rows, {}, {}};
      if (!rows.find(id, c, rows.allColumns(), life.row)) continue;
      if (const auto origin = originOf(life.row)) life.origin = *origin;
      out.push_back(std::move(life));
    }
  }
  return out;
}

bool isDestroyed(Store& store, const RecordId& id) {
  const std::vector<Level> levels = store.levels();
  return std::any_of(levels.begin(), levels.end(), [&](Level level) {
    Vault& vault = store.vault(level);
    return vault.knowsWithdrawals() && destroyedIn(vault, id).has_value();
  });
}

}  // namespace cinnabar
