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
// except where a test injects a cheaper cost to be quick.
struct KdfCost {
  std::uint64_t operations;
  std::size_t memory_bytes;
  static KdfCost moderate();
  static KdfCost cheapForTests();
};

// What opens a slot: a passphrase (at least 8 characters, by the regulation), or a 32-byte key that an
// operating system's keystore or a token gives for a slot.
struct SlotSecret {
  // Called with the slot's 16-byte public id; returns a 32-byte key or throws Error{badKey}.
  using Provider = std::function<SecretBytes(BytesView slotId)>;
  SecretBytes passphrase;   // UTF-8; empty when a provider is used
  Provider provider;
};

// One person's opened keys. Wiped when it goes. Belongs to one thread.
struct UnlockedPerson {
  std::string name;
  Level clearance = Level::open;
  SigningPair signing;
  BoxPair box;
  std::map<Level, SecretBytes> vaultKeys;   // 32 raw bytes each; only levels up to the clearance
};

struct PersonEntry {
  std::string name;
  Level clearance = Level::open;
  SigningKey signingKey{};
};

// Every change is written to the file as a whole (all or nothing) before the call returns.
// Not thread-safe.
class Keyring {
 public:
  // A new file with one person, who holds `vaultKeys`. Throws Error{refused} if the file exists or the
  // passphrase is too short.
  static UnlockedPerson create(const Environment& environment, const std::string& path, const std::string& person,
                               const SlotSecret& secret, Level clearance, std::map<Level, SecretBytes> vaultKeys,
                               KdfCost cost);

  // Reads the file; throws notFound, damaged, newerFormat.
  Keyring(Environment environment, std::string path);

  // Throws badKey, with the same text and after the same work, for an unknown person and for a wrong secret.
  // An empty name is accepted if the keyring has exactly one person.
  UnlockedPerson unlock(const std::string& person, const SlotSecret& secret) const;

  // Names and clearances; sealed in the file under the lowest vault key, so only for who has unlocked.
  std::vector<PersonEntry> persons(const UnlockedPerson& by) const;

  // `by` must hold every level that is given; else refused.
  void add(const UnlockedPerson& by, const std::string& person, const SlotSecret& secret, Level clearance, KdfCost cost);
  void remove(const UnlockedPerson& by, const std::string& person);          // refused for the last one
  void clear(const UnlockedPerson& by, const std::string& person, Level clearance);  // change a clearance
  void changeSecret(const UnlockedPerson& person, const SlotSecret& fresh, KdfCost cost);  // rewrites one slot

  // A new vault's key for everybody cleared for it. `by` must be cleared for it too and gets it as well.
  void addVaultKey(UnlockedPerson& by, Level level, const SecretBytes& key);

 private:
  struct Contents;
  void save() const;
  Environment environment_;
  std::string path_;
  std::shared_ptr<Contents> contents_;
};

}  // namespace cinnabar
