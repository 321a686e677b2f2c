// The keyed digest of a compartment's state: a sum of keyed hashes, one for each register, so that a
// write costs what it changes and the order of writes does not matter. Equal version vectors must give
// equal digests; a difference is a fault and is reported.
#pragma once
#include <map>
#include <string>

#include "core/record/row.h"
#include "core/record/withdrawal.h"

namespace cinnabar {

class StateDigest {
 public:
  explicit StateDigest(Vault& vault) : vault_(vault) {}

  // What a register adds to the sum; 0 for one that was never written.
  Sum term(const CompartmentState& state, const RecordId& id, FieldNumber field, const Register& reg);
  Sum headsTerm(const CompartmentState& state, const Row& row);
  // What a whole record adds; it must have been read with all columns.
  Sum ofRow(const CompartmentState& state, const Rows& rows, const Row& row);
  // What a record that was withdrawn adds instead: the same wherever the compartment is held.
  Sum ofTombstone(const CompartmentState& state, const Tombstone& stone);
  // The same as term() of a register that holds this one write of `dot` and nothing else.
  Sum termOfOnly(const CompartmentState& state, const RecordId& id, FieldNumber field, Operation operation,
                 const LocalDot& dot, const Value& value);

  // As shown and compared: 32 hex digits, keyed again with the version vector mixed in.
  std::string text(const CompartmentState& state);

 private:
  const std::array<Byte, crypto_shorthash_siphashx24_KEYBYTES>& keyOf(const CompartmentState& state);
  Sum hashOfBuffer(const CompartmentState& state);
  Vault& vault_;
  Bytes buffer_;
  std::map<CompartmentNumber, std::array<Byte, crypto_shorthash_siphashx24_KEYBYTES>> keys_;
};

// A version vector in canonical order: every author whose changesets were applied, with its head.
std::map<Author, Head> versionVector(Vault& vault, const CompartmentState& state);

}  // namespace cinnabar
