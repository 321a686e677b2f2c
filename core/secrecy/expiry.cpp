#include "core/secrecy/expiry.h"

#include <algorithm>
#include <set>

#include "core/record/lives.h"

namespace cinnabar {
namespace {

// These lie under the label of what they are about, and go with it.
bool followsAnother(Store& store, const EntityType& entity, const Record& record) {
  static const std::set<std::string, std::less<>> companions = {"Classification", "ClassificationChange",
                                                                "SecrecyDispute", "PortionMark"};
  if (companions.contains(entity.name)) return true;
  if (entity.name != "Attachment") return false;
  const auto owner = RecordId::parse(record.document.at("fields").value("record", std::string()));
  Compartment where;
  return owner && store.exists(*owner, &where) && where == record.label.compartment;
}

std::string lastDayBy(const std::vector<LabelAct>& acts, const Label& label, const std::string& since) {
  for (auto act = acts.rbegin(); act != acts.rend(); ++act) {
    if (!isStanding(*act) || act->change == LabelChange::hold || act->change == LabelChange::unhold) continue;
    if (act->to.compartment == label.compartment && act->effectiveAt.size() >= 10)
      return lastDayOf(periodOf(act->to), act->effectiveAt.substr(0, 10));
  }
  return lastDayOf(periodOf(label), since);
}

}  // namespace

std::vector<Expiring> expiredBefore(Store& store, const std::string& date) {
  std::vector<Expiring> out;
  for (const Level level : store.levels()) {
    if (level < Level::confidential) continue;
    Vault& vault = store.vault(level);
    for (const EntityType& entity : store.catalog().entities()) {
      if (!vault.holdsTableOf(entity)) continue;
      std::vector<std::pair<RecordId, CompartmentNumber>> ids;
      {
        Query q = vault.database().query("SELECT id,_c FROM " + identifier(entity.name) + " WHERE _gone IS NULL");
        while (q.step())
          if (const auto id = RecordId::of(q->blob(0)); id && store.sees(vault.compartmentOf(q->integer(1))))
            ids.emplace_back(*id, q->integer(1));
      }
      Rows& rows = store.applier(level).rowsOf(&entity);
      for (const auto& [id, c] : ids) {
        Row row;
        if (!rows.find(id, c, rows.allColumns(), row)) continue;
        const Record record = store.recordOf(vault, rows, row);
        if (followsAnother(store, entity, record)) continue;
        Expiring one{id, entity.name, record.label, "", actsOn(store, id)};
        one.lastDay = lastDayBy(one.acts, record.label, classifiedOn(row));
        if (!one.lastDay.empty() && one.lastDay < date) out.push_back(std::move(one));
      }
    }
  }
  std::sort(out.begin(), out.end(),
            [](const Expiring& a, const Expiring& b) { return std::tie(a.lastDay, a.id) < std::tie(b.lastDay, b.id); });
  return out;
}

}  // namespace cinnabar
