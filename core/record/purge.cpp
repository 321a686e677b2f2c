#include "core/record/purge.h"

#include <map>
#include <set>

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/log/log.h"
#include "core/log/seal.h"
#include "core/search/index.h"

namespace cinnabar {

std::vector<std::uint64_t> placesFrom(Vault& vault, std::uint64_t newest) {
  std::vector<std::uint64_t> out;
  Log log(vault);
  for (std::uint64_t at = newest; at != 0;) {
    out.push_back(at);
    const auto entry = log.read(arrivalOf(at));
    if (!entry) break;
    at = indexOf(at) < entry->previous.size() ? entry->previous[indexOf(at)] : 0;
  }
  return out;
}

std::vector<std::uint64_t> Applier::takeOut(Rows& rows, Row& row, CompartmentState& state) {
  CNB_ASSERT(row.compartment == state.number);
  state.sum -= digest_.ofRow(state, rows, row);
  std::vector<std::uint64_t> places = placesFrom(vault_, row.at);
  if (rows.entity() != nullptr) forgetEntry(vault_, state, *rows.entity(), row.rowid);
  rows.erase(row);
  Database& db = vault_.database();
  db.query("DELETE FROM conflict WHERE record=?1 AND c=?2").with(row.id, state.number).run();
  db.query("DELETE FROM violation WHERE record=?1 AND c=?2").with(row.id, state.number).run();
  return places;
}

namespace {

// Several attachments of one author may name one content: it goes with the last of them. Another's do not count, or
// whoever knows a content's id could keep it from being destroyed.
bool isHeld(Vault& vault, const RecordId& blob, std::uint32_t author) {
  const EntityType* attachment = vault.catalog().find("Attachment");
  if (attachment == nullptr || !vault.holdsTableOf(*attachment)) return false;
  Query q = vault.database().query("SELECT 1 FROM Attachment WHERE content=?1 AND _origin=?2");
  q.with(blob, author);
  return q.step();
}

void dropPieces(Vault& vault, const LogEntry& entry, const std::set<std::size_t>& indexes) {
  const Header header = decodeHeader(entry.sealed.header);
  const std::vector<SealedItem> items = splitItems(entry.sealed.items, header.items);
  const Opener opener(header, vault.compartmentKey(header.compartment, header.epoch));
  for (const std::size_t index : indexes) {
    if (index >= items.size() || items[index].scrubbed) continue;
    const auto promised = promisedContent(vault.catalog(), opener.open(items[index].bytes, index));
    if (!promised) continue;
    if (isHeld(vault, promised->blob, entry.author)) continue;
    vault.database().query("DELETE FROM chunk WHERE blob=?1 AND a=?2").with(promised->blob, entry.author).run();
    vault.database().query("DELETE FROM lacking WHERE a=?1 AND blob=?2").with(entry.author, promised->blob).run();
  }
}

}  // namespace

void scrub(Vault& vault, const std::vector<std::uint64_t>& places) {
  std::map<Arrival, std::set<std::size_t>> byEntry;
  for (const std::uint64_t place : places) byEntry[arrivalOf(place)].insert(indexOf(place));
  Log log(vault);
  for (const auto& [arrival, indexes] : byEntry) {
    const auto entry = log.read(arrival);
    if (!entry) continue;
    dropPieces(vault, *entry, indexes);
    log.scrub(arrival, indexes);
  }
}

bool truncateWal(Vault& vault) {
  CNB_ASSERT(!vault.inTransaction());
  Query q = vault.database().query("PRAGMA wal_checkpoint(TRUNCATE)");
  return q.step() && q->integer(0) == 0;
}

}  // namespace cinnabar
