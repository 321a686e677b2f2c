#include "core/keys/keyring.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/keys/entry.h"
#include "core/keys/lock.h"
#include "core/keys/slot.h"

namespace cinnabar {
namespace {

constexpr std::size_t longestName_bytes = 256;

Error tampered() { return {Code::damaged, "the keyring was changed by somebody without its keys: restore it"}; }

void checkName(const std::string& person) {
  if (person.empty() || person.size() > longestName_bytes)
    throw Error(Code::invalidArgument, "a person's name has 1 to 256 bytes");
}

void checkKeys(const VaultKeys& keys, Level clearance) {
  if (!keys.contains(Level::open) || keys.rbegin()->first > clearance)
    throw Error(Code::invalidArgument, "a keyring begins with the public vault's key and none above the clearance");
  for (const auto& [level, key] : keys)
    if (key.size() != keySize) throw Error(Code::invalidArgument, "a vault key has 32 bytes");
}

const SecretBytes& lowestKeyOf(const UnlockedPerson& person) {
  const auto key = person.vaultKeys.find(Level::open);
  if (key == person.vaultKeys.end()) throw Error(Code::badKey, "this person holds no vault key");
  return key->second;
}

void mustBeCleared(const UnlockedPerson& by, Level level) {
  if (by.clearance < level) throw Error(Code::refused, "one can only give or take a clearance that one holds");
}

PersonEntry entryOf(const UnlockedPerson& person) { return {person.name, person.clearance, person.signing.publicKey}; }

// A slot for a person who has keys but none yet; every level of `by` is shared or vouched for.
Slot slotFor(const KeyringFile& file, const UnlockedPerson& person, const VaultKeys& by, Random& random) {
  const PersonEntry entry = entryOf(person);
  Slot slot;
  random.fill(slot.id);
  slot.lookup = file.lookupOf(person.name);
  slot.boxKey = person.box.publicKey;
  sealEntry(slot, entry, by.at(Level::open), random);
  for (const auto& [level, key] : by) share(slot, entry, level, key);
  return slot;
}

bool holds(const Slot& slot, Level level) {
  const auto share = slot.shares.find(level);
  return share != slot.shares.end() && !share->second.sealedKey.empty();
}

// A vault whose last key is gone can never be opened again.
void mustNotStrand(const KeyringFile& file, const Slot& slot, Level aboveWhich) {
  for (const auto& [level, share] : slot.shares) {
    if (level < aboveWhich || share.sealedKey.empty()) continue;
    const auto others = std::count_if(file.slots.begin(), file.slots.end(),
                                      [&, at = level](const Slot& s) { return &s != &slot && holds(s, at); });
    if (others == 0)
      throw Error(Code::refused,
                  "nobody else holds the key of " + std::string(wordOf(level)) + ": clear another person for it first");
  }
}

// Gives out the vault keys, each only if the whole of the slot is what its entry says.
void openShares(const Slot& slot, UnlockedPerson& person) {
  for (const auto& [level, share] : slot.shares) {
    if (share.sealedKey.empty()) continue;
    person.vaultKeys.emplace(level, boxOpen(share.sealedKey, person.box));
  }
  const PersonEntry entry = openEntry(slot, lowestKeyOf(person));
  person.clearance = entry.clearance;
  const bool own = entry.name == person.name && entry.signingKey == person.signing.publicKey &&
                   slot.boxKey == person.box.publicKey && person.vaultKeys.rbegin()->first <= person.clearance;
  if (!own) throw tampered();
  for (const auto& [level, key] : person.vaultKeys)
    if (vouchedAt(slot, entry, level, person.vaultKeys) != Vouched::yes) throw tampered();
}

Slot& slotNamed(KeyringFile& file, const std::string& person) {
  Slot* slot = file.find(person);
  if (slot == nullptr) throw Error(Code::notFound, "there is no such person");
  return *slot;
}

}  // namespace

KdfCost KdfCost::moderate() { return {crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE}; }
KdfCost KdfCost::cheapForTests() { return {crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN}; }

UnlockedPerson Keyring::create(const Environment& environment, const std::string& path, const std::string& person,
                               const SlotSecret& secret, Level clearance, VaultKeys vaultKeys, KdfCost cost) {
  if (environment.files->exists(path)) throw Error(Code::refused, path + " exists already");
  checkName(person);
  checkKeys(vaultKeys, clearance);
  checkSecret(secret);
  Random& random = *environment.random;
  UnlockedPerson first{person, clearance, SigningPair::make(random), BoxPair::make(random), std::move(vaultKeys)};
  KeyringFile file;
  random.fill(file.salt);
  file.slots.push_back(slotFor(file, first, first.vaultKeys, random));
  lock(file.slots.back(), first, secret, cost, random);
  file.seal = file.sealUnder(lowestKeyOf(first));
  environment.files->replace(path, file.bytes());
  return first;
}

Keyring::Keyring(Environment environment, std::string path)
    : environment_(std::move(environment)), path_(std::move(path)) {
  try {
    const Bytes bytes = environment_.files->read(path_, KeyringFile::longest_bytes);
    file_ = std::make_shared<const KeyringFile>(KeyringFile::parse(bytes));
  } catch (const Error& error) {
    if (error.code() == Code::limit)
      throw Error(Code::damaged, "the keyring is far too long: restore it from a backup");
    throw;
  }
}

UnlockedPerson Keyring::unlock(const std::string& person, const SlotSecret& secret) const {
  const bool only = person.empty() && file_->slots.size() == 1;
  const Slot* known = only ? &file_->slots.front() : file_->find(person);
  const Slot slot = known != nullptr ? *known : decoyFor(person, *file_);
  UnlockedPerson out = unlockSlot(slot, secret);
  try {
    openShares(slot, out);
  } catch (const Error&) {
    throw tampered();
  }
  if (slot.lookup != file_->lookupOf(out.name) || !file_->isSealedUnder(lowestKeyOf(out))) throw tampered();
  return out;
}

// A copy to change, once it is sure that the file is sealed and that `by` is still who he was.
KeyringFile Keyring::changedBy(const UnlockedPerson& by) const {
  if (!file_->isSealedUnder(lowestKeyOf(by))) throw tampered();
  const Slot* own = file_->find(by.name);
  const auto holdsSame = [&](Level level) { return holds(*own, level) == by.vaultKeys.contains(level); };
  if (own == nullptr || own->boxKey != by.box.publicKey ||
      !std::all_of(allLevels.begin(), allLevels.end(), holdsSame) ||
      openEntry(*own, lowestKeyOf(by)).clearance < by.clearance)
    throw Error(Code::refused, "your own slot was changed since it was unlocked: unlock it again");
  return *file_;
}

void Keyring::save(KeyringFile next, const SecretBytes& lowest) {
  ++next.revision;
  next.seal = next.sealUnder(lowest);
  if (!sameBytes(environment_.files->read(path_, KeyringFile::longest_bytes), file_->bytes()))
    throw Error(Code::busy, "the keyring was changed by another program meanwhile: try again");
  environment_.files->replace(path_, next.bytes());
  file_ = std::make_shared<const KeyringFile>(std::move(next));
}

std::uint64_t Keyring::revision() const { return file_->revision; }

void Keyring::supersede(const UnlockedPerson& by, std::uint64_t revision) {
  KeyringFile next = changedBy(by);
  next.revision = std::max(next.revision, revision);
  save(std::move(next), lowestKeyOf(by));
}

std::vector<PersonEntry> Keyring::persons(const UnlockedPerson& by) const {
  if (!file_->isSealedUnder(lowestKeyOf(by))) throw tampered();
  std::vector<PersonEntry> out;
  for (const Slot& slot : file_->slots) out.push_back(openEntry(slot, lowestKeyOf(by)));
  std::sort(out.begin(), out.end(), [](const PersonEntry& a, const PersonEntry& b) { return a.name < b.name; });
  return out;
}

void Keyring::add(const UnlockedPerson& by, const std::string& person, const SlotSecret& secret, Level clearance,
                  KdfCost cost) {
  checkName(person);
  KeyringFile next = changedBy(by);
  if (next.find(person) != nullptr) throw Error(Code::refused, "there is a person of this name already");
  if (next.slots.size() >= KeyringFile::mostPersons) throw Error(Code::limit, "a keyring holds at most 1024 persons");
  mustBeCleared(by, clearance);
  Random& random = *environment_.random;
  const UnlockedPerson fresh{person, clearance, SigningPair::make(random), BoxPair::make(random), {}};
  next.slots.push_back(slotFor(next, fresh, by.vaultKeys, random));
  lock(next.slots.back(), fresh, secret, cost, random);
  save(std::move(next), lowestKeyOf(by));
}

void Keyring::remove(const UnlockedPerson& by, const std::string& person) {
  KeyringFile next = changedBy(by);
  const Slot& slot = slotNamed(next, person);
  mustBeCleared(by, openEntry(slot, lowestKeyOf(by)).clearance);
  if (next.slots.size() == 1)
    throw Error(Code::refused, "the last person cannot be removed: nobody could open the site");
  mustNotStrand(next, slot, Level::open);
  next.slots.erase(next.slots.begin() + (&slot - next.slots.data()));
  save(std::move(next), lowestKeyOf(by));
}

void Keyring::clear(const UnlockedPerson& by, const std::string& person, Level clearance) {
  KeyringFile next = changedBy(by);
  Slot& slot = slotNamed(next, person);
  PersonEntry entry = openEntry(slot, lowestKeyOf(by));
  const Level highest = std::max(clearance, entry.clearance);
  mustBeCleared(by, highest);
  const Vouched vouched = vouchedAt(slot, entry, highest, by.vaultKeys);
  if (vouched == Vouched::falsely) throw tampered();
  if (vouched == Vouched::no)
    throw Error(Code::refused,
                "this person was added by somebody who was not cleared for that: remove the person and add again");
  if (clearance < entry.clearance) mustNotStrand(next, slot, static_cast<Level>(static_cast<int>(clearance) + 1));
  entry.clearance = clearance;
  sealEntry(slot, entry, lowestKeyOf(by), *environment_.random);
  // Not above: nothing was checked there, and a voucher must not come out of nothing.
  for (const auto& [level, key] : by.vaultKeys)
    if (level <= highest) share(slot, entry, level, key);
  save(std::move(next), lowestKeyOf(by));
}

void Keyring::changeSecret(const UnlockedPerson& person, const SlotSecret& fresh, KdfCost cost) {
  KeyringFile next = changedBy(person);
  lock(slotNamed(next, person.name), person, fresh, cost, *environment_.random);
  save(std::move(next), lowestKeyOf(person));
}

void Keyring::addVaultKey(UnlockedPerson& by, Level level, const SecretBytes& key) {
  mustBeCleared(by, level);
  if (key.size() != keySize) throw Error(Code::invalidArgument, "a vault key has 32 bytes");
  if (by.vaultKeys.contains(level)) throw Error(Code::refused, "there is a vault key of this level already");
  KeyringFile next = changedBy(by);
  for (Slot& slot : next.slots) {
    const PersonEntry entry = openEntry(slot, lowestKeyOf(by));
    const Vouched vouched = vouchedAt(slot, entry, std::max(level, entry.clearance), by.vaultKeys);
    if (vouched == Vouched::falsely || (vouched == Vouched::no && entry.clearance >= level)) throw tampered();
    if (vouched == Vouched::yes) share(slot, entry, level, key);
  }
  save(std::move(next), lowestKeyOf(by));
  by.vaultKeys.emplace(level, key.clone());
}

void Keyring::changeVaultKeys(UnlockedPerson& by, VaultKeys fresh) {
  KeyringFile next = changedBy(by);
  for (const auto& [level, key] : fresh) {
    if (key.size() != keySize) throw Error(Code::invalidArgument, "a vault key has 32 bytes");
    if (!by.vaultKeys.contains(level)) throw Error(Code::refused, "one can only change the keys that one holds");
  }
  const SecretBytes& lowest = lowestKeyOf(by);
  for (Slot& slot : next.slots) {
    const PersonEntry entry = openEntry(slot, lowest);
    for (const auto& [level, key] : fresh) {
      // The old key's voucher comes first: the new one must not come out of nothing.
      const Vouched vouched = vouchedAt(slot, entry, level, by.vaultKeys);
      if (vouched == Vouched::falsely || (vouched == Vouched::no && entry.clearance >= level)) throw tampered();
      if (vouched == Vouched::yes) share(slot, entry, level, key);
    }
    if (const auto key = fresh.find(Level::open); key != fresh.end())
      sealEntry(slot, entry, key->second, *environment_.random);
  }
  const auto freshLowest = fresh.find(Level::open);
  save(std::move(next), freshLowest == fresh.end() ? lowest : freshLowest->second);
  for (auto& [level, key] : fresh) by.vaultKeys[level] = std::move(key);
}

}  // namespace cinnabar
