// How a record enters and leaves a compartment. What is shown follows from the set of moves and withdrawals alone, so
// their order of arrival does not matter: see Tombstone.
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/log/log.h"
#include "core/record/applier.h"
#include "core/record/origin.h"
#include "core/record/purge.h"

namespace cinnabar {
namespace {

// Whether an edit that comes later had seen what stood, for what stands side by side.
std::vector<std::pair<std::uint16_t, std::vector<LocalDot>>> standingIn(const Rows& rows, const Row& row) {
  std::vector<std::pair<std::uint16_t, std::vector<LocalDot>>> out;
  const auto note = [&](FieldNumber number, const std::vector<Sibling>& siblings) {
    if (siblings.empty()) return;
    auto& dots = out.emplace_back(number, std::vector<LocalDot>{}).second;
    for (const Sibling& s : siblings) dots.push_back(s.dot);
  };
  const auto noteRegister = [&](FieldNumber number, const Register& reg) {
    if (reg.operation == Operation::assign || reg.operation == Operation::transition) note(number, reg.siblings);
  };
  for (const FieldNumber number : rows.allColumns()) noteRegister(number, rows.registerOf(row, number));
  for (const auto& [number, reg] : row.kept)
    if (rows.field(number) == nullptr) noteRegister(number, reg);
  note(deletedRegister, row.heads);
  return out;
}

const Write aboutMove = {originRegister, Operation::set, {}, {}};

bool endsLife(const Row& row, const std::optional<LocalDot>& life, const AuthorAfter& after) {
  if (!isMovedIn(row)) return true;
  return life && !laterThan(row.born, *life, after);
}

}  // namespace

// An edit counts in the life that its author had seen. What comes for one that has ended is kept sealed in the log.
bool Applier::comesLate(const Item& item, std::uint32_t index, const Row* row, const Applying& applying) {
  if (!applying.arrived) return false;
  const CompartmentNumber c = applying.state.number;
  if (row != nullptr ? !isMovedIn(*row) || applying.covers(row->born)
                     : !vault_.knowsWithdrawals() || !tombstoneOf(vault_, item.record, c))
    return false;
  const std::uint64_t place = placeOf(applying.arrival, index);
  if (item.creates) return addLate(vault_, {item.record, c, place, {}}), true;  // nobody makes a record twice
  bool carried = false;
  for (const Withdrawal& w : withdrawalsOf(vault_, item.record, c))
    if (!applying.covers(w.dot)) addLate(vault_, {item.record, c, place, w.move}), carried = true;
  if (const auto origin = row == nullptr ? std::nullopt : originOf(*row); origin && !carried)
    addLate(vault_, {item.record, c, place, origin->moves.back()});
  return true;
}

// What an earlier life leaves in the log when a later one takes its place: the edits are worth carrying.
void Applier::leaveBehind(const Row& row, const std::vector<std::uint64_t>& places, const MoveId& move,
                          const Applying& applying) {
  for (const std::uint64_t place : places) {
    const bool moved = isMovedIn(row) && place == places.back();
    addLate(vault_, {row.id, applying.state.number, place, moved ? MoveId{} : move});
  }
}

// The whole state as one: nothing in it supersedes anything else in it.
void Applier::fill(Row& row, Rows& rows, const Item& item, const Applying& applying) {
  static const Covers none = [](const LocalDot&) { return false; };
  std::uint32_t place = 0;
  row.heads = {{applying.dot, {}, {}}};
  for (std::size_t i = 0; i < item.writes.size();) {
    const FieldNumber number = item.writes[i].field;
    Register reg;
    const Field* field = rows.field(number);
    reg.operation = field != nullptr ? operationOf(field->merge) : kindOf(item.writes[i].operation);
    for (; i < item.writes.size() && item.writes[i].field == number; ++i) {
      const Write& write = item.writes[i];
      if (number == deletedRegister) {
        if (write.value == Value{std::int64_t{1}}) row.heads.push_back({applying.dot, std::int64_t{1}, {}});
        continue;
      }
      if (!allowed(item, write, row, rows.entity(), applying)) continue;
      if (kindOf(write.operation) != reg.operation) {
        violate("futureOperation", item, write, rows.entity(), applying);
        continue;
      }
      cinnabar::apply(reg, write, applying.dot, place++, none, after_);
    }
    if (number == deletedRegister) continue;
    if (reg.operation == Operation::assign && inConflict(reg)) noteConflict(row, number, true);
    rows.put(row, number, std::move(reg));
  }
  if (row.contested()) noteConflict(row, deletedRegister, true);
}

std::uint64_t Applier::moveIn(const Item& item, std::uint32_t index, Applying& applying) {
  if (comesAfterTheEnd(item, index, applying)) return 0;
  CompartmentState& state = applying.state;
  const EntityType* entity = vault_.catalog().findTag(entityTagOf(item.record));
  Rows& rows = rowsOf(entity);
  const auto stone = tombstoneOf(vault_, item.record, state.number);
  Row old;
  const bool there = rows.find(item.record, state.number, rows.allColumns(), old);
  const Write* named = nullptr;
  for (const Write& write : item.writes)
    if (write.field == originRegister) named = &write;
  const auto origin = named == nullptr ? std::nullopt : parseOrigin(named->value);
  if (!origin) {
    violate("refusedWrite", item, aboutMove, entity, applying);
    return 0;
  }
  const bool ended = stone && stone->life && !laterThan(applying.dot, *stone->life, after_);
  const bool older = there && isMovedIn(old) && laterThan(old.born, applying.dot, after_);
  if (ended || older) {
    addLate(vault_, {item.record, state.number, placeOf(applying.arrival, index), {}});
    if (older) violate(std::string(movedAtOnce), item, aboutMove, entity, applying);
    return 0;
  }
  if (there) {
    const std::vector<std::uint64_t> places = takeOut(rows, old, state);
    leaveBehind(old, places, origin->moves.back(), applying);
    violate(std::string(movedAtOnce), item, aboutMove, entity, applying);
  }
  if (stone) {
    state.sum -= digest_.ofTombstone(state, *stone);
    remove(vault_, *stone);
  }
  Row row;
  row.id = item.record;
  row.compartment = state.number;
  row.born = row.last = applying.dot;
  row.at = placeOf(applying.arrival, index);
  fill(row, rows, item, applying);
  rows.insert(row);
  state.sum += digest_.ofRow(state, rows, row);
  if (wasMovedAtOnce(row)) noteMovedAtOnce(vault_, row);
  if (applying.arrived && entity != nullptr && !entity->key.empty())
    checkUnique(row, *entity, entity->key, item, applying);
  return 0;
}

// What came too late for an earlier move did not go with this one either, unless this one's author knew nothing of the
// earlier: then it still stood before him.
void Applier::passOver(const Item& item, const Applying& applying) {
  const CompartmentNumber c = applying.state.number;
  std::set<MoveId> hidden;
  for (const Withdrawal& w : withdrawalsOf(vault_, item.record, c))
    if (applying.covers(w.dot)) hidden.insert(w.move);
  std::map<std::uint64_t, bool> places;  // whether it stood before the author
  for (const Leftover& late : lateOf(vault_, item.record, c)) {
    if (late.move.isZero()) {
      addScrub(vault_, {late.record, c, late.place, item.move});
      forgetLate(vault_, late);
      continue;
    }
    const auto [at, fresh] = places.try_emplace(late.place, true);
    if (fresh) {
      const auto entry = Log(vault_).read(arrivalOf(late.place));
      at->second = entry && applying.covers({entry->author, entry->lamport});
    }
    if (hidden.contains(late.move)) at->second = false;
  }
  // What went with another move that this one's author had not seen: he may not have had all of it.
  for (const Leftover& gone : scrubsIn(vault_)) {
    if (gone.record != item.record || gone.compartment != c || hidden.contains(gone.move)) continue;
    const auto entry = Log(vault_).read(arrivalOf(gone.place));
    if (entry && !applying.covers({entry->author, entry->lamport})) {
      addLate(vault_, {item.record, c, gone.place, item.move});
      forgetScrub(vault_, gone);
    }
  }
  for (const auto& [place, stood] : places)
    if (!stood) addLate(vault_, {item.record, c, place, item.move});
}

std::uint64_t Applier::withdraw(const Item& item, std::uint32_t index, Applying& applying) {
  CompartmentState& state = applying.state;
  const EntityType* entity = vault_.catalog().findTag(entityTagOf(item.record));
  Rows& rows = rowsOf(entity);
  if (item.move == destructionOf(item.record)) {  // no site draws it: it would make us scrub what never arrived
    violate("refusedWrite", item, aboutMove, entity, applying);
    return 0;
  }
  std::optional<LocalDot> life;
  if (item.life) life = LocalDot{vault_.numberOf(item.life->author), item.life->lamport};
  Withdrawal withdrawal{item.record, state.number, item.move, applying.dot, applying.arrival, {}, Leaving::asked};
  if (const auto stone = tombstoneOf(vault_, item.record, state.number); stone && stone->destroyed) {
    put(vault_, withdrawal);  // where it went it is destroyed, too: the office looks for that
    return 0;
  }
  passOver(item, applying);
  Row row;
  if (rows.find(item.record, state.number, rows.allColumns(), row) && endsLife(row, life, after_)) {
    withdrawal.standing = standingIn(rows, row);
    Log log(vault_);
    for (const std::uint64_t place : takeOut(rows, row, state)) {
      const auto entry = log.read(arrivalOf(place));
      const bool seen = entry && applying.covers({entry->author, entry->lamport});
      (seen ? addScrub : addLate)(vault_, {item.record, state.number, place, item.move});
    }
  }
  put(vault_, withdrawal);
  vault_.noteWithdrawals();
  // A later life that has begun here goes on.
  if (rows.find(item.record, state.number, {}, row)) return 0;
  const auto stone = tombstoneOf(vault_, item.record, state.number);
  if (stone) {
    if (!life || (stone->life && !laterThan(*life, *stone->life, after_))) return 0;
    state.sum -= digest_.ofTombstone(state, *stone);
  }
  const Tombstone fresh{item.record, state.number, life};
  put(vault_, fresh);
  state.sum += digest_.ofTombstone(state, fresh);
  static_cast<void>(index);
  return 0;
}

// Only the office carries, so that nothing is added twice.
std::uint64_t Applier::carry(const Item& item, std::uint32_t index, Applying& applying) {
  const EntityType* entity = vault_.catalog().findTag(entityTagOf(item.record));
  if (vault_.authorOf(applying.dot.author).site != vault_.identity().office) {
    violate("unauthorisedAuthor", item, item.writes.empty() ? Write{} : item.writes.front(), entity, applying);
    return 0;
  }
  std::optional<LocalDot> life;
  if (item.life) life = LocalDot{vault_.numberOf(item.life->author), item.life->lamport};
  return write(item, index, applying, [&](const LocalDot& dot) { return life && dot == *life; });
}

}  // namespace cinnabar
