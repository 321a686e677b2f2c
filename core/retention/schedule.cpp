#include "core/retention/schedule.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/record/json.h"

namespace cinnabar {
namespace {

using nlohmann::json;

constexpr std::string_view article = "二十五、二十六 L464–466";

int yearsOf(std::string_view retention) {
  if (retention == "thirtyYears") return 30;
  if (retention == "tenYears") return 10;
  return retention == "threeYears" ? 3 : 0;
}

struct Volume {
  RecordId id;
  std::string retention, closedOn;
  std::vector<RecordId> items;
};

std::vector<Volume> volumesOf(Store& store) {
  std::vector<Volume> out;
  const EntityType* entity = store.catalog().find("ArchiveVolume");
  if (entity == nullptr) return out;
  for (Vault* vault : store.vaultsHolding(*entity)) {
    std::vector<RecordId> ids;
    {
      Query q = vault->database().query("SELECT id,_c FROM ArchiveVolume WHERE _gone IS NULL ORDER BY id");
      while (q.step())
        if (const auto id = RecordId::of(q->blob(0)); id && store.sees(vault->compartmentOf(q->integer(1))))
          ids.push_back(*id);
    }
    for (const RecordId& id : ids) {
      const Store::Found found = store.findWhole(id);
      const auto value = [&](const char* name) {
        const Field& field = *entity->find(name);
        const auto column = found.row.columns.find(field.number);
        return column == found.row.columns.end() || isNull(column->second) ? json() : jsonOf(field, column->second);
      };
      Volume volume{id, "", "", {}};
      if (const json retention = value("retention"); retention.is_string()) volume.retention = retention;
      if (const json closed = value("closedOn"); closed.is_string()) volume.closedOn = closed;
      for (const json& item : value("items"))
        if (const auto record = RecordId::parse(item.get<std::string>())) volume.items.push_back(*record);
      out.push_back(std::move(volume));
    }
  }
  return out;
}

template <class Counts>
std::vector<RecordId> standingHolds(Store& store, const RecordId& record, Counts counts) {
  std::vector<RecordId> out;
  const EntityType* entity = store.catalog().find("RetentionHold");
  if (entity == nullptr) return out;
  for (Vault* vault : store.vaultsHolding(*entity)) {
    Query q = vault->database().query(
        "SELECT id,_c FROM RetentionHold WHERE record=?1 AND _gone IS NULL AND ifnull(state,'')<>'lifted' ORDER BY id");
    q.with(record);
    while (q.step())
      if (const auto id = RecordId::of(q->blob(0)); id && counts(vault->compartmentOf(q->integer(1))))
        out.push_back(*id);
  }
  return out;
}

}  // namespace

std::vector<RecordId> holdsOn(Store& store, const RecordId& record, const Compartment& most) {
  return standingHolds(store, record, [&](const Compartment& where) { return dominates(most, where); });
}

std::vector<RecordId> holdsSeen(Store& store, const RecordId& record) {
  return standingHolds(store, record, [&](const Compartment& where) { return store.sees(where); });
}

namespace {

// The longest counts; one that is permanent, or of which no day is known yet, has no end.
Keeping keepingFrom(Store& store, const RecordId& record, const std::vector<const Volume*>& volumes) {
  Keeping out;
  out.record = record;
  out.holds = holdsSeen(store, record);
  bool endless = volumes.empty();
  for (const Volume* volume : volumes) {
    out.volumes.push_back(volume->id);
    const int years = yearsOf(volume->retention);
    if (out.retention != "permanent" && (volume->retention == "permanent" || years > yearsOf(out.retention)))
      out.retention = volume->retention;
    if (years == 0 || volume->closedOn.empty()) {
      endless = true;
      continue;
    }
    out.until = std::max(out.until, lastDayOf({Period::Unit::years, years, ""}, volume->closedOn));
  }
  if (endless) out.until.clear();
  return out;
}

}  // namespace

Keeping keepingOf(Store& store, const RecordId& record) {
  const std::vector<Volume> all = volumesOf(store);
  std::vector<const Volume*> volumes;
  if (store.exists(record))
    for (const Volume& volume : all)
      if (std::find(volume.items.begin(), volume.items.end(), record) != volume.items.end()) volumes.push_back(&volume);
  return keepingFrom(store, record, volumes);
}

bool isDue(const Keeping& keeping, std::string_view date) {
  return !keeping.until.empty() && keeping.until < date && keeping.holds.empty();
}

std::vector<Keeping> dueOn(Store& store, std::string_view date) {
  const std::vector<Volume> all = volumesOf(store);
  std::map<RecordId, std::vector<const Volume*>> byRecord;
  for (const Volume& volume : all)
    for (const RecordId& item : volume.items) byRecord[item].push_back(&volume);
  std::vector<Keeping> out;
  for (const auto& [record, volumes] : byRecord) {
    if (!store.exists(record)) continue;
    Keeping keeping = keepingFrom(store, record, volumes);
    if (isDue(keeping, date)) out.push_back(std::move(keeping));
  }
  return out;
}

json documentOf(Store& store, const Keeping& keeping) {
  const auto texts = [](const std::vector<RecordId>& ids) {
    json out = json::array();
    for (const RecordId& id : ids) out.push_back(id.text());
    return out;
  };
  const EntityType* entity = store.catalog().findTag(entityTagOf(keeping.record));
  Compartment compartment;
  store.exists(keeping.record, &compartment);
  return {{"record", keeping.record.text()},
          {"entity", entity == nullptr ? json() : json(entity->name)},
          {"label", {{"level", wordOf(compartment.level)}, {"circles", compartment.circles}}},
          {"retention", keeping.retention.empty() ? json() : json(keeping.retention)},
          {"until", keeping.until.empty() ? json() : json(keeping.until)},
          {"volumes", texts(keeping.volumes)},
          {"holds", texts(keeping.holds)},
          {"article", article}};
}

}  // namespace cinnabar
