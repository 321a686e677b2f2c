#include "core/record/bar.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"

namespace cinnabar {

std::vector<Barring> barring(Store& store, const Bar& bar, const RecordId& named) {
  std::vector<Barring> out;
  const EntityType* entity = store.catalog().find(bar.entity);
  if (entity == nullptr || entity->find(bar.field) == nullptr) return out;
  std::string settled;
  for (const std::string& state : bar.settled) settled += (settled.empty() ? "'" : ",'") + state + "'";
  const std::string shown = entity->find(bar.show) == nullptr ? "NULL" : identifier(bar.show);
  const std::string open = entity->stateField.empty()
                               ? ""
                               : " AND ifnull(" + identifier(entity->stateField) + ",'') NOT IN (" + settled + ")";
  for (Vault* vault : store.vaultsHolding(*entity)) {
    Query q = vault->database().query("SELECT id,_c," + shown + " FROM " + identifier(entity->name) + " WHERE " +
                                      identifier(bar.field) + "=?1 AND _gone IS NULL" + open + " ORDER BY id");
    q.with(named);
    while (q.step()) {
      const auto id = RecordId::of(q->blob(0));
      if (!id || !store.sees(vault->compartmentOf(q->integer(1)))) continue;
      out.push_back({*id, q->isNull(2) ? id->text() : std::string(q->text(2))});
    }
  }
  return out;
}

void checkBars(Store& store, const EntityType& entity, const RecordId& record, const std::string& state) {
  for (const Bar& bar : entity.bars) {
    if (std::find(bar.to.begin(), bar.to.end(), state) == bar.to.end()) continue;
    const auto inTheWay = barring(store, bar, record);
    if (inTheWay.empty()) continue;
    nlohmann::json names = nlohmann::json::array();
    std::string told;
    for (const Barring& one : inTheWay) {
      names.push_back(one.shown);
      told += (told.empty() ? "" : ", ") + one.shown;
    }
    throw Error(Code::refused,
                bar.rule + " (" + bar.article + "): not '" + state + "' while " + std::to_string(inTheWay.size()) +
                    " of " + bar.entity + " are open: " + told,
                nlohmann::json({{"entity", entity.name},
                                {"field", entity.stateField},
                                {"rule", bar.rule},
                                {"article", bar.article},
                                {"open", std::move(names)}})
                    .dump());
  }
}

}  // namespace cinnabar
