// Who may open what: a small file of slots. A slot's secret opens a person's key; that key opens the
// vault keys of the person's clearance. Format: core/keys/FORMAT.md.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/crypto.h"
#include "core/base/environment.h"
#include "core/label/label.h"

namespace cinnabar {

// Argon2id cost; stored per slot. The product never goes below libsodium's MODERATE for new slots,
// except where a test injects a cheaper cost to be quick. At most 16 operations and 1 GiB.
struct KdfCost {
  std::uint64_t operations;
  std::size_t memory_bytes;
  static KdfCost moderate();
  static KdfCost cheapForTests();
};

// What opens a slot: a passphrase (at least 8 characters, by the regulation), or a 32-byte key that an
// operating system's keystore or a token gives for a slot.
struct SlotSecret {
  // Called with the slot's 16-byte public id, which stays the slot's for its life; returns a 32-byte key or
  // throws Error{badKey}. It is also asked for ids that are no slot's.
  using Provider = std::function<SecretBytes(BytesView slotId)>;
  SecretBytes passphrase;  // UTF-8; empty when a provider is used
  Provider provider;
};

// 32 raw bytes each.
using VaultKeys = std::map<Level, SecretBytes>;

// One person's opened keys. Wiped when it goes. Belongs to one thread.
struct UnlockedPerson {
  std::string name;
  Level clearance = Level::open;
  SigningPair signing;
  BoxPair box;
  VaultKeys vaultKeys;  // only levels up to the clearance
};

struct PersonEntry {
  std::string name;  // 1 to 256 bytes
  Level clearance = Level::open;
  SigningKey signingKey{};
};

struct KeyringFile;

// Every change is checked against the file's seal first and written as a whole (all or nothing) before the
// call returns; if writing fails, the object still stands for the old file. Not thread-safe; a second
// process that changed the file meanwhile is noticed: Error{busy}. Where `by` is given, his slot must be as
// it was when he unlocked it, else refused.
class Keyring {
 public:
  // A new file with one person, who holds `vaultKeys`; the public level's must be among them. Throws
  // Error{refused} if the file exists or the passphrase is too short.
  static UnlockedPerson create(const Environment& environment, const std::string& path, const std::string& person,
                               const SlotSecret& secret, Level clearance, VaultKeys vaultKeys, KdfCost cost);

  // Reads the file; throws notFound, damaged, newerFormat.
  Keyring(Environment environment, std::string path);

  // Throws badKey, with the same text and after the same work, for an unknown person and for a wrong secret;
  // damaged if the secret is right and the rest was changed.
  // An empty name is accepted if the keyring has exactly one person.
  UnlockedPerson unlock(const std::string& person, const SlotSecret& secret) const;

  // Grows with every change, under the file's seal: what tells an older file that was put back.
  std::uint64_t revision() const;
  // Goes on with a file that is older than `revision`, so that none of its later states passes for the lost ones.
  void supersede(const UnlockedPerson& by, std::uint64_t revision);

  // Names and clearances; sealed in the file under the lowest vault key, so only for who has unlocked.
  // By name.
  std::vector<PersonEntry> persons(const UnlockedPerson& by) const;

  // `by` must hold every level that is given; else refused.
  void add(const UnlockedPerson& by, const std::string& person, const SlotSecret& secret, Level clearance,
           KdfCost cost);
  // Refused for the last person, and for one's own slot while nobody else holds one of its vault keys.
  void remove(const UnlockedPerson& by, const std::string& person);
  // Changes a clearance. Refused upwards for a person whom nobody of that clearance added (his box key could
  // be another's); downwards like remove.
  void clear(const UnlockedPerson& by, const std::string& person, Level clearance);
  void changeSecret(const UnlockedPerson& person, const SlotSecret& fresh, KdfCost cost);  // rewrites one slot

  // A new vault's key for everybody cleared for it. `by` must be cleared for it too and gets it as well.
  void addVaultKey(UnlockedPerson& by, Level level, const SecretBytes& key);
  // Other keys for vaults that `by` holds, for everybody who holds them; all or none. Whoever was removed, and kept an
  // older keyring, opens nothing with it any more.
  void changeVaultKeys(UnlockedPerson& by, VaultKeys fresh);

 private:
  KeyringFile changedBy(const UnlockedPerson& by) const;
  void save(KeyringFile next, const SecretBytes& lowest);
  Environment environment_;
  std::string path_;
  std::shared_ptr<const KeyringFile> file_;
};

}  // namespace cinnabar
