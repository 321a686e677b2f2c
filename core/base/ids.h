// Identities. A record's id tells its time and entity, so that ids sort by age and a read by id
// needs no index of where things are.
#pragma once
#include <array>
#include <compare>
#include <functional>
#include <optional>

#include "core/base/bytes.h"

namespace cinnabar {

class Random;

// 16 bytes that only compare and print. `Tag` keeps the kinds apart.
template <class Tag>
struct Id16 {
  std::array<Byte, 16> bytes{};

  BytesView view() const { return bytes; }
  std::string text() const { return base32Of(bytes); }
  bool isZero() const { return *this == Id16{}; }
  auto operator<=>(const Id16&) const = default;

  static std::optional<Id16> parse(std::string_view text) {
    Id16 id;
    if (!fromBase32(text, id.bytes)) return std::nullopt;
    return id;
  }
  static std::optional<Id16> of(BytesView bytes) {
    if (bytes.size() != 16) return std::nullopt;
    Id16 id;
    std::memcpy(id.bytes.data(), bytes.data(), 16);
    return id;
  }
};

struct RecordTag;
struct SiteTag;
struct GroupTag;
struct MoveTag;
using RecordId = Id16<RecordTag>;
using SiteId = Id16<SiteTag>;    // BLAKE2b of the site's signing key: nobody can take another's
using GroupId = Id16<GroupTag>;  // BLAKE2b of the office's root key
using MoveId = Id16<MoveTag>;    // random: one record's passing from a compartment to another

// [48 bits: milliseconds since 1970][24 bits: entity tag][56 bits: random], big-endian.
RecordId makeRecordId(std::int64_t now_ms, std::uint32_t entityTag, Random& random);
std::uint32_t entityTagOf(const RecordId& id);
std::int64_t createdMsOf(const RecordId& id);

// Who wrote: a site, and which of its lives. A site that was restored from a backup takes a new
// incarnation, so that it never writes two different changesets under one number.
struct Author {
  SiteId site;
  std::uint32_t incarnation = 0;
  auto operator<=>(const Author&) const = default;
};

using Lamport = std::uint64_t;
using Sequence = std::uint64_t;

// One write: `lamport` grows strictly with every changeset of an author within a compartment, so it
// serves both as the number that a version vector covers and as the deterministic order.
struct Dot {
  Author author;
  Lamport lamport = 0;
  auto operator<=>(const Dot&) const = default;
};

// The order that decides a winner: Lamport counter, then author; never a clock.
inline bool laterThan(const Dot& a, const Dot& b) {
  return a.lamport != b.lamport ? a.lamport > b.lamport : a.author > b.author;
}

}  // namespace cinnabar

template <class Tag>
struct std::hash<cinnabar::Id16<Tag>> {
  std::size_t operator()(const cinnabar::Id16<Tag>& id) const noexcept {
    std::size_t out;  // ids end in random or hashed bytes
    std::memcpy(&out, id.bytes.data() + 8, sizeof out);
    return out;
  }
};
