// What one transaction did in one compartment. Format: core/log/FORMAT.md.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/codec.h"
#include "core/base/crypto.h"
#include "core/base/value.h"
#include "core/label/label.h"

namespace cinnabar {

// What a write does to a field's register. The operation carries the merge class, so that a peer whose
// schema does not know the field still merges it right and reaches the same digest.
enum class Operation : std::uint8_t {
  set = 0,         // lastWriter, owner: the later write wins
  assign = 1,      // conflict: concurrent values stay side by side
  raise = 2,       // ratchet: the value of greatest rank wins; auxiliary: the rank
  increment = 3,   // counter: a signed number is added
  add = 4,         // addWins: one element
  remove = 5,      // addWins: one element, as far as its author had seen it
  append = 6,      // appendOnly: one element
  transition = 7,  // state: the new state; auxiliary: the state that it leaves
};

// Registers that every record has beside its fields.
inline constexpr std::uint16_t periodRegister = 0xF002;  // the label's period, stored form
inline constexpr std::uint16_t originRegister = 0xF003;  // of a record that was moved here: see core/record/origin.h
inline constexpr std::uint16_t movesAtOnceRegister = 0xF005;  // two sites moved it at once: see core/record/origin.h
inline constexpr std::uint16_t deletedRegister = 0xFFFF;      // 1: deleted; 0: restored

struct Write {
  std::uint16_t field = 0;
  Operation operation = Operation::set;
  Value value;
  Value auxiliary;  // raise and transition only
  bool operator==(const Write&) const = default;
};

enum class ItemKind : std::uint8_t {
  write = 0,     // the changed fields
  moveIn = 1,    // the whole state of a record that comes from another compartment
  withdraw = 2,  // the record left this compartment; says nothing of why or where to
  carry = 3,     // an edit that was made in a compartment which the record had left meanwhile
  destroy = 4,   // the record's end: whatever comes of it later has no effect
};

// What a changeset does to one record.
struct Item {
  RecordId record;
  ItemKind kind = ItemKind::write;
  bool creates = false;       // write only
  MoveId move{};              // withdraw only
  std::optional<Dot> life{};  // withdraw: the moveIn whose state leaves, nothing: the creation's.
                              // carry: the moveIn whose values it supersedes, nothing: none
  std::vector<Write> writes;  // ascending by field; several of one field only for add, remove and append
  bool operator==(const Item&) const = default;
};

inline constexpr std::size_t mostItems = 16'384;                     // of one changeset
inline constexpr std::size_t mostItemBytes = std::size_t{16} << 20;  // of all its items, sealed
inline constexpr std::size_t mostWrites = 4'096;                     // of one item
inline constexpr std::size_t mostDependencies = 65'536;
inline constexpr std::size_t mostCircles = 16;
// Of one site in its life. Without a limit one member could make so many authors that no version vector
// could be read any more.
inline constexpr std::uint32_t mostIncarnations = 1024;

Bytes encodeItem(const Item& item);  // throws limit for what decodeItem would refuse
Item decodeItem(BytesView bytes);    // throws invalidInput

struct Header {
  Compartment compartment;
  Author author;
  Sequence sequence = 0;
  Lamport lamport = 0;
  std::int64_t at = 0;            // an instant in stored form: an annotation, never an order
  std::string actor;              // the person
  std::vector<Dot> dependencies;  // what the author saw newly since its last changeset here, by author
  std::uint32_t epoch = 0;
  Nonce nonce{};
  Hash commitment{};  // to the key that seals the items
  std::size_t items = 0;
};

Bytes encodeHeader(const Header& header);
Header decodeHeader(BytesView bytes);  // throws invalidInput, newerFormat
void writeCompartment(Writer& out, const Compartment& compartment);
Compartment readCompartment(Reader& in);

// As it lies in the log and travels: header and items as bytes, never re-encoded.
struct SealedChangeset {
  Bytes header;
  Bytes items;  // each: varint(length << 1 | scrubbed), then the sealed item, or its hash if scrubbed
};

// The frames within `SealedChangeset::items`.
struct SealedItem {
  bool scrubbed = false;
  BytesView bytes;
};
std::vector<SealedItem> splitItems(BytesView items, std::size_t count);  // throws invalidInput

// Entry hash = H(previous ‖ header ‖ hashes of items): an item can be scrubbed later and the chain still verifies.
Hash entryHash(const Hash& previous, BytesView header, const std::vector<SealedItem>& items);

}  // namespace cinnabar
