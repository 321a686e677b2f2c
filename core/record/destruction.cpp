// A record's end in a compartment. It is terminal: in whatever order its destruction and its changes arrive, what is
// left is one mark of it, and word of every change whose author did not know.
#include "core/base/error.h"
#include "core/log/log.h"
#include "core/record/applier.h"
#include "core/record/purge.h"

namespace cinnabar {

std::uint64_t Applier::destroy(const Item& item, Applying& applying) {
  CompartmentState& state = applying.state;
  const CompartmentNumber c = state.number;
  const EntityType* entity = vault_.catalog().findTag(entityTagOf(item.record));
  if (vault_.authorOf(applying.dot.author).site != vault_.identity().office) {
    violate("unauthorisedAuthor", item, Write{}, entity, applying);
    return 0;
  }
  const auto stone = tombstoneOf(vault_, item.record, c);
  if (stone && stone->destroyed) return 0;
  std::vector<std::uint64_t> places;
  Rows& rows = rowsOf(entity);
  if (Row row; rows.find(item.record, c, rows.allColumns(), row)) places = takeOut(rows, row, state);
  for (const Leftover& late : lateOf(vault_, item.record, c)) {
    if (places.empty() || places.back() != late.place) places.push_back(late.place);
    forgetLate(vault_, late);
  }
  for (const Leftover& gone : scrubsOf(vault_, item.record, c)) {
    places.push_back(gone.place);
    forgetScrub(vault_, gone);
  }
  const MoveId mark = destructionOf(item.record);
  Log log(vault_);
  for (const std::uint64_t place : places) {
    addScrub(vault_, {item.record, c, place, mark});
    const auto header = log.header(arrivalOf(place));
    if (!header) continue;
    const Dot dot{header->author, header->lamport};
    if (!applying.covers({vault_.numberOf(dot.author), dot.lamport})) noteAfterDestruction(vault_, c, item.record, dot);
  }
  put(vault_, Withdrawal{item.record, c, mark, applying.dot, applying.arrival, {}, Leaving::asked});
  vault_.noteWithdrawals();
  if (stone) state.sum -= digest_.ofTombstone(state, *stone);
  const Tombstone end{item.record, c, std::nullopt, true};
  put(vault_, end);
  state.sum += digest_.ofTombstone(state, end);
  return 0;
}

// What comes of a destroyed record is reported, and scrubbed like the rest of it.
bool Applier::comesAfterTheEnd(const Item& item, std::uint32_t index, const Applying& applying) {
  if (!applying.arrived || !vault_.knowsWithdrawals()) return false;
  const CompartmentNumber c = applying.state.number;
  const auto stone = tombstoneOf(vault_, item.record, c);
  if (!stone || !stone->destroyed) return false;
  noteAfterDestruction(vault_, c, item.record, {vault_.authorOf(applying.dot.author), applying.dot.lamport});
  addScrub(vault_, {item.record, c, placeOf(applying.arrival, index), destructionOf(item.record)});
  Withdrawal again;
  again.record = item.record;
  again.compartment = c;
  again.move = destructionOf(item.record);
  setState(vault_, again, Leaving::asked);
  return true;
}

}  // namespace cinnabar
