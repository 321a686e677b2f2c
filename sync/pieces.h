// The pieces of attachments in a bundle: right behind the change that they belong to, and held against what it
// says and its author signed. Else a relay could put other pieces in their place, and the right ones would come
// too late.
#pragma once
#include <set>

#include "core/vault/vault.h"

namespace cinnabar {

// Works within the vault's open transaction.
class ArrivingPieces {
 public:
  struct Change {
    Compartment compartment;
    Author author;
    Sequence sequence = 0;
    bool operator==(const Change&) const = default;
  };
  explicit ArrivingPieces(Vault& vault) : vault_(vault) {}

  // The change that came now. `at`: where it lies, as Merger::lastPlace; 0: it was not taken, nor are its pieces.
  void expect(Change change, Arrival at);
  // Throws forged for a piece of another change.
  void add(const Change& change, const RecordId& blob, std::int64_t place, BytesView value);
  // Once all pieces of a change are there. Throws forged.
  void check();

 private:
  Vault& vault_;
  Change change_;
  Arrival at_ = 0;
  std::set<RecordId> blobs_;
};

}  // namespace cinnabar
