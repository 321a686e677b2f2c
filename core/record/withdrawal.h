// What a vault knows of records that left a compartment: that they are gone, what is still to be scrubbed, and
// edits that came too late. Tables: core/vault/FORMAT.md.
#pragma once
#include <optional>
#include <vector>

#include "core/record/register.h"
#include "core/vault/vault.h"

namespace cinnabar {

// A record lives in a compartment from its creation or from a moveIn. A withdrawal ends its creation's life and every
// moved one up to the one that it names; only a later moveIn begins another. So it does not matter in which order
// these arrive.
struct Tombstone {
  RecordId record;
  CompartmentNumber compartment = 0;
  std::optional<LocalDot> life;  // the last that ended; nothing: the creation's
  bool destroyed = false;        // every life that was or will be
};

std::optional<Tombstone> tombstoneOf(Vault& vault, const RecordId& record, CompartmentNumber compartment);
std::vector<Tombstone> tombstonesOf(Vault& vault);
void put(Vault& vault, const Tombstone& stone);
void remove(Vault& vault, const Tombstone& stone);

// How far this site has done what a withdrawal asks of it.
enum class Leaving : std::uint8_t {
  asked = 0,  // out of the tables; something of it may still be in the log or in the WAL
  clean = 1,  // nothing is left in any page
  told = 2,   // and the office knows
  lost = 3,   // at the office: where it went was given up for another place, so nothing of this way ever arrives
};

struct Withdrawal {
  RecordId record;
  CompartmentNumber compartment = 0;
  MoveId move;
  LocalDot dot;
  Arrival arrival = 0;
  // By field, the dots of values that stood side by side or could have: whether an edit that comes later had seen them.
  std::vector<std::pair<std::uint16_t, std::vector<LocalDot>>> standing;
  Leaving state = Leaving::asked;
};

// A destruction is followed like a withdrawal, with receipts, under a mark that no move can have.
MoveId destructionOf(const RecordId& record);
inline bool isDestruction(const Withdrawal& w) { return w.move == destructionOf(w.record); }
// The first compartment of this vault where it was; mostly the only one.
std::optional<CompartmentNumber> destroyedIn(Vault& vault, const RecordId& record);

// Those that were destroyed here and also moved away, before or meanwhile.
std::vector<RecordId> movedAndDestroyed(Vault& vault);
// Those of which an attachment is still here.
std::vector<RecordId> destroyedWithAttachments(Vault& vault);

void put(Vault& vault, const Withdrawal& withdrawal);
std::vector<Withdrawal> withdrawalsOf(Vault& vault, const RecordId& record, CompartmentNumber compartment);
std::vector<Withdrawal> withdrawalsIn(Vault& vault, Leaving state);
void setState(Vault& vault, const Withdrawal& withdrawal, Leaving state);
void giveUpMove(Vault& vault, const RecordId& record, const MoveId& move);

// A change in the log whose record is not here any more.
struct Leftover {
  RecordId record;
  CompartmentNumber compartment = 0;
  std::uint64_t place = 0;
  // The move that did not take it along; zero: nothing in it is worth carrying.
  MoveId move{};
};

// An edit that the withdrawal's author had not seen. Its content stays sealed in the log until it was carried.
void addLate(Vault& vault, const Leftover& leftover);
std::vector<Leftover> lateIn(Vault& vault);
std::vector<Leftover> lateOf(Vault& vault, const RecordId& record, CompartmentNumber compartment);
void forgetLate(Vault& vault, const Leftover& leftover);  // whatever the move

// What went with the move; to be scrubbed once it has arrived where it went.
void addScrub(Vault& vault, const Leftover& leftover);
std::vector<Leftover> scrubsIn(Vault& vault);
std::vector<Leftover> scrubsOf(Vault& vault, const RecordId& record, CompartmentNumber compartment);
// Something of the record, in whatever compartment, is still in the log.
bool leavesAnything(Vault& vault, const RecordId& record);
void forgetScrub(Vault& vault, const Leftover& leftover);

}  // namespace cinnabar
