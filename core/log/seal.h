// Packs and seals the items of a changeset, and opens them again.
#pragma once
#include "core/log/changeset.h"

namespace cinnabar {

// Seals item by item as they come: each compressed alone with the shipped dictionary and sealed under a
// key of this changeset only, derived from the compartment's key and a random nonce. The header commits
// to that key, since the cipher by itself does not. Floor per item: one compression, one seal.
class Sealer {
 public:
  // Fills header.nonce and header.commitment; from here on the header may not change.
  Sealer(Header& header, const SecretBytes& compartmentKey, Random& random);
  // Throws limit: the item, or all together, would be over what a changeset may hold. Then nothing was added.
  void add(const Item& item);
  std::size_t count() const { return count_; }
  // Fills header.items. The sealer is empty afterwards.
  SealedChangeset finish(Header& header);

  // All of it at once.
  static SealedChangeset seal(Header& header, const std::vector<Item>& items, const SecretBytes& compartmentKey,
                              Random& random);

 private:
  Nonce nonce_;
  Hash headerHash_;
  BriefSecret<keySize> key_;
  Bytes packed_;  // the item that is being added
  WipeAtEnd wipe_{packed_};
  Bytes items_;
  std::size_t count_ = 0;
};

// Opens single items of one changeset. Lives in one scope.
class Opener {
 public:
  // Throws Error{forged} if the header's commitment is not to this key.
  Opener(const Header& header, const SecretBytes& compartmentKey);
  // Throws forged, invalidInput. `index` is the item's place in the changeset.
  Item open(BytesView sealed, std::size_t index) const;

 private:
  Nonce nonce_;
  Hash headerHash_;
  BriefSecret<keySize> key_;
};

}  // namespace cinnabar
