#include "core/secrecy/compilation.h"

#include "core/base/error.h"

namespace cinnabar {

using nlohmann::json;

json explainJoin(Store& store, const std::vector<RecordId>& parts) {
  if (parts.empty()) throw Error(Code::invalidArgument, "a compilation has at least one part");
  std::vector<std::pair<RecordId, Label>> labels;
  labels.reserve(parts.size());
  for (const RecordId& id : parts) labels.emplace_back(id, store.get(id).label);
  Label all = labels.front().second;
  for (const auto& [id, label] : labels) all = join(all, label);
  json highest = json::array(), longest = json::array(), list = json::array();
  for (const auto& [id, label] : labels) {
    list.push_back({{"id", id.text()}, {"mark", markOf(label)}});
    if (label.compartment.level == all.compartment.level) highest.push_back(id.text());
    if (periodOf(label) == periodOf(all)) longest.push_back(id.text());
  }
  return {{"mark", markOf(all)},
          {"level", wordOf(all.compartment.level)},
          {"circles", all.compartment.circles},
          {"period", storedForm(all.period)},
          {"because", {{"level", std::move(highest)}, {"period", std::move(longest)}}},
          {"parts", std::move(list)}};
}

RecordId markPortion(Store& store, const Signer& signer, const RecordId& subject, const std::string& path,
                     const Label& label) {
  if (path.empty()) throw Error(Code::invalidArgument, "a mark says which part it is of");
  const Record record = store.get(subject);
  Label part = label;
  part.compartment.circles = record.label.compartment.circles;
  const Label whole = join(record.label, part);
  Transaction t(store, signer.person);
  Item item = itemOf(store, entityNamed(store, "PortionMark"),
                     {{"subject", subject.text()},
                      {"path", path},
                      {"level", wordOf(label.compartment.level)},
                      {"period", storedForm(label.period)}});
  const RecordId id = item.record;
  t.write(record.label.compartment, std::move(item));
  relabelWhole(t, subject, whole, "");
  t.commit();
  return id;
}

json yearOf(Store& store, int year) {
  std::map<Level, int> counts;
  const EntityType& entity = entityNamed(store, "Classification");
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    if (!vault.holdsTableOf(entity)) continue;
    std::vector<RecordId> ids;
    {
      Query q = vault.database().query("SELECT id,_c FROM Classification WHERE _gone IS NULL");
      while (q.step())
        if (const auto id = RecordId::of(q->blob(0)); id && store.sees(vault.compartmentOf(q->integer(1))))
          ids.push_back(*id);
    }
    for (const RecordId& id : ids) {
      const LabelAct act = actOf(id, store.get(id).document.at("fields"));
      const bool decided = act.state != "proposed" && act.state != "refused";
      if (decided && (act.change == LabelChange::classify || act.change == LabelChange::raise) &&
          act.effectiveAt.starts_with(std::to_string(year) + "-"))
        ++counts[act.to.compartment.level];
    }
  }
  json list = json::array();
  for (const auto& [level, count] : counts) list.push_back({{"level", wordOf(level)}, {"count", count}});
  return {{"year", year}, {"counts", std::move(list)}};
}

}  // namespace cinnabar
