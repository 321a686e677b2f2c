// What this site knows of another one's progress at one level. Kept in that level's vault, so that nothing
// total spans levels.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/record/store.h"

namespace cinnabar {

// Compartment → author → last sequence applied.
using Seen = std::map<Compartment, std::map<Author, Sequence>>;

struct ChangeId {
  Compartment compartment;
  Author author;
  Sequence sequence = 0;
  bool operator==(const ChangeId&) const = default;
};
// An attachment whose pieces did not come with the change that speaks of it.
struct Lack {
  ChangeId change;
  RecordId blob;
};
using Lacks = std::vector<Lack>;

// An acknowledgement: what the sender has applied, and how much of roster and keys it holds.
struct Acknowledgement {
  Seen seen;
  std::uint64_t roster = 0;
  std::uint64_t keys = 0;
  std::uint64_t received = 0;  // the last bundle number it took from the other
  Lacks lacks;                 // what it has without the pieces
};
inline constexpr std::size_t mostLacking = 256;  // named at a time

Bytes encode(const Acknowledgement& acknowledgement);
Acknowledgement decodeAcknowledgement(BytesView bytes);

struct Peer {
  SiteId site;
  std::uint64_t number = 0;    // of the last bundle written for it
  std::uint64_t received = 0;  // of the last taken from it
  Arrival acked = 0;           // it has everything of ours up to here
  Seen seen;                   // what it last acknowledged
  Arrival told = 0;            // it was told of what we have up to here; owing: tell again
  static constexpr Arrival owing = -1;
  std::uint64_t roster = 0;
  std::uint64_t keys = 0;
  std::optional<PublicKey> prekey;
  Lacks lacks;          // what it last asked for, until it was sent
  Bytes cover;          // of the highest number taken from it: what shows it, signed by itself, how far it was
  std::int64_t at = 0;  // instant of the last contact

  static Peer load(Vault& vault, const SiteId& site);
  void save(Vault& vault) const;
};

// Takes an acknowledgement; moves `acked` over what it covers. Cost: what changed since the last one. A
// peer that has less than it had (restored, wiped) is served from the beginning.
// `shared`: whether a compartment is one that both may have.
using Shared = std::function<bool(const Compartment&)>;
void acknowledge(Vault& vault, Peer& peer, const Shared& shared, const Acknowledgement& acknowledgement);

// Whether a peer that acknowledged this has what lies at a place of the log.
bool acknowledged(Vault& vault, const Seen& peer, std::uint64_t place);

// How far this site is in what it shares, at the vault's level. Of an author with two chains it wants no more.
Seen seenHere(Vault& vault, const Shared& shared);
inline constexpr Sequence noMore = Sequence{1} << 62;

}  // namespace cinnabar
