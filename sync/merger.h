// Takes changesets of other sites into a vault: in order of their authors, after what they depend on.
// Merging is commutative, associative and idempotent; whatever the order, equal version vectors give
// equal digests. Works within the vault's open transaction.
#pragma once
#include <optional>
#include <set>

#include "core/base/error.h"
#include "core/record/store.h"
#include "sync/guard.h"
#include "sync/head.h"
#include "sync/pieces.h"
#include "sync/roster.h"

namespace cinnabar {

// Whose chain parts from ours, and the hash that his part of the bundle goes on from.
using Forks = std::map<std::pair<CompartmentNumber, std::uint32_t>, Hash>;

// Changesets are applied as they come, on trust; the heads at the bundle's end prove them, or the whole
// transaction goes. So nothing unproven is ever kept, not even among what waits.
class Merger {
 public:
  // `forks`: from a first try with the same bundle; what those authors wrote is only taken as a proof.
  // `sender`: who brings them; only the office and the author himself may leave something out.
  Merger(Store& store, const Roster& roster, const Guard& guard, Vault& vault, const Certificate& sender,
         Forks forks = {});

  enum class Received {
    known,
    applied,
    waits,    // for changes that it depends on, or a key
    passedBy  // cannot be taken now and is not acknowledged, so it comes again
  };
  // Throws invalidInput, forged.
  Received receive(SealedChangeset&& sealed);
  // Where the changeset that was received last lies: its arrival, or minus the number under which it waits.
  Arrival lastPlace() const { return lastPlace_; }

  // Every author whose changesets came needs a head that it signed. Throws forged.
  void confirm(const SignedHead& head);

  // Applies what waited and can go on now. False if chains part from ours: then nothing may be committed, and
  // forks() is for a second try. Throws forged if an author's changesets have no valid head.
  bool finish();
  const Forks& forks() const { return forks_; }

  std::size_t applied() const { return applied_; }
  std::size_t waiting();
  const std::vector<RecordId>& changed() const { return changed_; }
  // Records that persons sign among what was applied: whether they count is to be judged.
  const std::set<RecordId>& toJudge() const { return toJudge_; }
  // What the changes that were applied say of attachments.
  const std::vector<Promise>& promises() const { return promises_; }

 private:
  // What one author's changesets in this bundle add to its chain.
  struct Run {
    Sequence begin = 0;  // the last one applied before
    Hash start{};
    Sequence last = 0;
    Lamport lamport = 0;
    Hash hash{};
    bool stopped = false;  // from here on they wait
    bool parted = false;   // not on our chain
    bool proven = false;
    std::optional<Hash> before;  // claimed by the signed head that does not end our chain
    std::optional<Error> fault;  // of a changeset, before it is known whose fault it is
    Signature signature{};
  };
  using Chain = std::pair<CompartmentNumber, std::uint32_t>;

  Run& runOf(const CompartmentState& state, std::uint32_t author);
  Received take(CompartmentState& state, std::uint32_t author, Run& run, const Header& header,
                SealedChangeset&& sealed);
  bool ready(CompartmentState& state, std::uint32_t author, const Header& header);
  void check(const Header& header, const SealedChangeset& sealed, Lamport before) const;
  void noteState(const Item& item, std::uint32_t tag);
  void notePromise(Promise promise, const Item& item);
  void apply(CompartmentState& state, std::uint32_t author, const Header& header, const Hash& chain,
             SealedChangeset&& sealed);
  void keepWaiting(const CompartmentState& state, std::uint32_t author, const Header& header,
                   const SealedChangeset& sealed);
  void dropWaiting(CompartmentNumber compartment, std::uint32_t author);
  void quarantine(CompartmentState& state, const Header& header, const SealedChangeset& sealed, std::string kind,
                  std::string rule);
  // proving.cpp
  bool isOnOwnChain(const CompartmentState& state, const SignedHead& head);
  void prove(CompartmentState& state, std::uint32_t author, BytesView signature);
  void noteFork(CompartmentState& state, std::uint32_t author, const SignedHead& other);
  bool applyWaiting();

  Store& store_;
  const Roster& roster_;
  const Guard& guard_;
  Vault& vault_;
  const Certificate& sender_;
  Applier& applier_;
  Arrival arrival_;
  Arrival lastPlace_ = 0;
  std::size_t applied_ = 0;
  std::size_t passedBy_ = 0;
  std::vector<RecordId> changed_;
  std::set<RecordId> states_;  // records whose state others may speak against, or that speak against one
  std::map<std::uint32_t, std::set<FieldNumber>> registersOfStates_;
  std::set<RecordId> toJudge_;
  std::vector<Promise> promises_;
  std::set<std::uint32_t> signedTags_;
  std::uint32_t attachmentTag_ = 0;
  std::map<Chain, Run> runs_;
  Forks forks_;
};

}  // namespace cinnabar
