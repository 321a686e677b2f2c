// The keyring's file as it stands: bytes in, bytes out, no key needed but for its seal. Format: FORMAT.md.
#pragma once
#include <utility>

#include "core/keys/keyring.h"

namespace cinnabar {

enum class SlotKind : std::uint8_t { passphrase = 0, provider = 1 };
using SlotId = std::array<Byte, 16>;
using Salt = std::array<Byte, crypto_pwhash_SALTBYTES>;

// What a slot has of one level.
struct Share {
  Bytes sealedKey;  // the vault key, boxed to the person; empty: not cleared, only vouched for
  Hash voucher{};   // see entry.h
};

struct Slot {
  SlotId id{};
  Hash lookup{};  // a salted hash of the name
  SlotKind kind = SlotKind::passphrase;
  Salt salt{};
  KdfCost cost{0, 0};  // kept for a provider too: an unknown person imitates it
  Hash commitment{};   // to the key that opens `person`
  Bytes person;        // sealed with the slot's secret: name, signing and box keys
  PublicKey boxKey{};
  Bytes entry;  // sealed with the lowest vault key: a PersonEntry
  std::map<Level, Share> shares;
};

struct KeyringFile {
  Salt salt{};
  std::uint64_t revision = 1;  // grows with every change
  std::vector<Slot> slots;
  Hash seal{};

  static constexpr std::size_t longest_bytes = std::size_t{4} << 20;
  static constexpr std::size_t mostPersons = 1024;

  // Throws damaged, newerFormat. What is read is written as the same bytes.
  static KeyringFile parse(BytesView file);
  Bytes bytes() const;

  Hash sealUnder(const SecretBytes& lowest) const;
  bool isSealedUnder(const SecretBytes& lowest) const { return equalInConstantTime(seal, sealUnder(lowest)); }

  Hash lookupOf(const std::string& person) const;
  const Slot* find(const std::string& person) const;
  Slot* find(const std::string& person) { return const_cast<Slot*>(std::as_const(*this).find(person)); }
};

// The checksum that ends a file of every format version: an accident is told from a wrong passphrase.
Hash checksumOf(BytesView file);

// True for a cost that a file may state: from libsodium's least to 16 operations and 1 GiB.
bool isBearable(const KdfCost& cost);

}  // namespace cinnabar
