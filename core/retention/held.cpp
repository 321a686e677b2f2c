#include "core/retention/held.h"

#include "core/record/history.h"
#include "core/record/logged.h"
#include "core/record/withdrawal.h"
#include "core/retention/schedule.h"

namespace cinnabar {
namespace {

using nlohmann::json;

json entriesIn(Store& store, Vault& vault, const RecordId& record, CompartmentNumber c) {
  json out = json::array();
  const EntityType* entity = store.catalog().findTag(entityTagOf(record));
  for (const Leftover& left : scrubsOf(vault, record, c)) {
    if (const auto change = loggedAt(vault, left.place))
      out.push_back(historyEntry(store, entity, change->header, change->item));
  }
  return out;
}

}  // namespace

json heldContent(Store& store, const RecordId& record) {
  json holds = json::array(), entries = json::array();
  for (const RecordId& hold : holdsSeen(store, record)) holds.push_back(hold.text());
  const EntityType* entity = store.catalog().findTag(entityTagOf(record));
  const std::string name = entity == nullptr ? "" : entity->name;
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    const auto c = holds.empty() ? std::nullopt : destroyedIn(vault, record);
    if (!c || !store.sees(vault.compartmentOf(*c))) continue;
    json found = entriesIn(store, vault, record, *c);
    if (found.empty()) continue;
    store.audit().accessed(Act::history, vault.compartmentOf(*c), record, name);
    for (json& one : found) entries.push_back(std::move(one));
  }
  if (entries.empty()) store.notThere(record);
  return {{"record", record.text()}, {"entity", name}, {"holds", std::move(holds)}, {"entries", std::move(entries)}};
}

}  // namespace cinnabar
