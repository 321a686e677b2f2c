// Takes changesets of other sites into a vault: in order of their authors, after what they depend on.
// Merging is commutative, associative and idempotent; whatever the order, equal version vectors give
// equal digests. Works within the vault's open transaction.
#pragma once
#include <set>

#include "core/record/store.h"
#include "sync/guard.h"
#include "sync/roster.h"

namespace cinnabar {

// What an author signs: that its chain in a compartment ends so.
struct SignedHead {
  Compartment compartment;
  Author author;
  Sequence sequence = 0;
  Hash hash{};
  Signature signature{};
};

Bytes encode(const SignedHead& head);
SignedHead decodeSignedHead(BytesView bytes);
void signHead(SignedHead& head, const GroupId& group, const SecretBytes& key);
bool verifyHead(const SignedHead& head, const GroupId& group, const SigningKey& key);

class Merger {
 public:
  Merger(Store& store, const Roster& roster, const Guard& guard, Vault& vault);

  // Applies, or keeps until what it needs is there; false if it was known already. Throws invalidInput, forged.
  bool receive(SealedChangeset&& sealed);

  // Every author whose changesets came needs a head that it signed. Throws forged if a chain ends otherwise.
  void confirm(const SignedHead& head);

  // Applies what waited and can go on now; throws forged if an author's changesets have no valid head.
  void finish();

  std::size_t applied() const { return applied_; }
  std::size_t waiting();
  const std::vector<RecordId>& changed() const { return changed_; }

 private:
  bool ready(CompartmentState& state, std::uint32_t author, const Header& header);
  void apply(CompartmentState& state, std::uint32_t author, const Header& header, SealedChangeset&& sealed);
  void keepWaiting(const CompartmentState& state, std::uint32_t author, const Header& header, const SealedChangeset& sealed);
  void quarantine(CompartmentState& state, const Header& header, const SealedChangeset& sealed);
  bool applyWaiting();

  Store& store_;
  const Roster& roster_;
  const Guard& guard_;
  Vault& vault_;
  Applier& applier_;
  Arrival arrival_;
  std::size_t applied_ = 0;
  std::vector<RecordId> changed_;
  std::set<std::pair<CompartmentNumber, std::uint32_t>> touched_;  // authors still without a confirmed head
};

}  // namespace cinnabar
