// The pieces of attachments in a bundle: right behind the change that they belong to, and held against what it
// says and its author signed. Else a relay could put other pieces in their place, and the right ones would come
// too late.
#pragma once
#include <set>

#include "sync/peer.h"

namespace cinnabar {

// Works within the vault's open transaction.
class ArrivingPieces {
 public:
  explicit ArrivingPieces(Vault& vault) : vault_(vault) {}

  // The change that came now. `at`: where it lies, as Merger::lastPlace; 0: it was not taken, nor are its pieces.
  void expect(ChangeId change, Arrival at);
  // Throws forged for a piece of another change.
  void add(const ChangeId& change, const RecordId& blob, std::int64_t place, BytesView value);
  // Once all pieces of a change are there. Throws forged.
  void check();

 private:
  Vault& vault_;
  ChangeId change_;
  Arrival at_ = 0;
  std::set<RecordId> blobs_;
};

// A change that speaks of an attachment, as it was applied.
struct Promise {
  CompartmentNumber compartment = 0;
  std::uint32_t author = 0;
  Sequence sequence = 0;
  Arrival at = 0;
  RecordId blob;
};
// Remembers those whose pieces did not come with them: somebody on the way kept them back. Returns how many.
std::size_t noteLacking(Vault& vault, const std::vector<Promise>& promises);
// Of what both sites may have, the first mostLacking.
Lacks lackingHere(Vault& vault, const Shared& shared);
// Where such a change lies in the log; 0 if nothing of it is lacking.
Arrival placeOfLacking(Vault& vault, const ChangeId& change);
// Where a change lies whose pieces are here; 0: they are not.
Arrival placeOfPieces(Vault& vault, const Lack& lack);

}  // namespace cinnabar
