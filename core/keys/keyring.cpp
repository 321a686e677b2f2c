#include "core/keys/keyring.h"

#include <algorithm>

#include "core/base/codec.h"
#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr std::uint64_t format = 1;
constexpr std::size_t longestFile_bytes = std::size_t{1} << 20;
constexpr std::uint64_t mostPersons = 1024;
constexpr std::size_t leastPassphrase = 8;
constexpr std::uint64_t mostOperations = 16;
constexpr std::uint64_t mostMemory_bytes = std::uint64_t{1} << 30;
using Salt = std::array<Byte, crypto_pwhash_SALTBYTES>;

enum class SlotKind : std::uint8_t { passphrase = 0, provider = 1 };

template <class Array>
void readArray(Reader& in, Array& out) {
  std::memcpy(out.data(), in.raw(out.size()).data(), out.size());
}

std::size_t charactersIn(BytesView utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](Byte b) { return (b & 0xC0) != 0x80; }));
}

SecretBytes stretched(const SecretBytes& passphrase, const Salt& salt, const KdfCost& cost) {
  SecretBytes key(keySize);
  if (crypto_pwhash(key.span().data(), key.size(), reinterpret_cast<const char*>(passphrase.data()), passphrase.size(),
                    salt.data(), cost.operations, cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw Error(Code::limit, "there is not enough memory to check a passphrase");
  return key;
}

}  // namespace

// What stands in the file. Nothing in clear tells a person's name; `lookup` is a salted hash of it, so a
// finder of the file can test guesses of names, no more.
struct Slot {
  Hash lookup{};
  SlotKind kind = SlotKind::passphrase;
  Salt salt{};         // also the id that a key provider is asked with
  KdfCost cost{0, 0};
  Hash commitment{};   // to the key that opens `person`
  Bytes person;        // sealed: name, clearance, signing and box keys
  PublicKey boxKey{};
  std::map<Level, Bytes> vaultKeys;  // boxed to boxKey
  Bytes entry;         // sealed under the lowest vault key: name, clearance, signing key
};

struct Keyring::Contents {
  Salt salt{};
  std::vector<Slot> slots;
  Hash seal{};  // keyed with the lowest vault's key over everything above

  Bytes body() const {
    Bytes out;
    Writer w(out);
    w.number(format);
    w.raw(salt);
    w.number(slots.size());
    for (const Slot& s : slots) {
      w.raw(s.lookup);
      w.number(static_cast<std::uint64_t>(s.kind));
      w.raw(s.salt);
      w.number(s.cost.operations);
      w.number(s.cost.memory_bytes);
      w.raw(s.commitment);
      w.bytes(s.person);
      w.raw(s.boxKey);
      w.number(s.vaultKeys.size());
      for (const auto& [level, key] : s.vaultKeys) {
        w.number(static_cast<std::uint64_t>(level));
        w.bytes(key);
      }
      w.bytes(s.entry);
    }
    return out;
  }

  void sealWith(const SecretBytes& lowest) { seal = Hasher("cinnabar keyring", deriveKey(lowest, "keyring").view()).add(body()).finish(); }
  bool sealedWith(const SecretBytes& lowest) const {
    return equalInConstantTime(seal, Hasher("cinnabar keyring", deriveKey(lowest, "keyring").view()).add(body()).finish());
  }

  Hash lookupOf(const std::string& person) const {
    return Hasher("cinnabar person").add(salt).add(viewOf(person)).finish();
  }
  Slot* find(const std::string& person) {
    const Hash wanted = lookupOf(person);
    const auto found = std::find_if(slots.begin(), slots.end(), [&](const Slot& s) { return equalInConstantTime(s.lookup, wanted); });
    return found == slots.end() ? nullptr : &*found;
  }

  static Contents parse(BytesView file) {
    if (file.size() < sizeof(Hash)) throw Error(Code::damaged, "the keyring is cut short");
    const BytesView all = file.first(file.size() - sizeof(Hash));
    if (!sameBytes(hashOf("cinnabar keyring file", all), file.last(sizeof(Hash))))
      throw Error(Code::damaged, "the keyring is damaged: restore it from a backup");
    try {
      Reader in(all, "keyring");
      if (in.number() != format) throw Error(Code::newerFormat, "the keyring is of a later format: update the program");
      Contents c;
      readArray(in, c.salt);
      const auto count = in.numberUpTo(mostPersons);
      for (std::uint64_t i = 0; i < count; ++i) c.slots.push_back(parseSlot(in));
      readArray(in, c.seal);
      in.end();
      return c;
    } catch (const Error& error) {
      if (error.code() == Code::newerFormat) throw;
      throw Error(Code::damaged, std::string("the keyring is damaged: ") + error.what());
    }
  }

  static Slot parseSlot(Reader& in) {
    Slot s;
    readArray(in, s.lookup);
    s.kind = static_cast<SlotKind>(in.numberUpTo(1));
    readArray(in, s.salt);
    s.cost.operations = in.numberUpTo(mostOperations);
    s.cost.memory_bytes = static_cast<std::size_t>(in.numberUpTo(mostMemory_bytes));
    readArray(in, s.commitment);
    const BytesView person = in.bytes(4096);
    s.person.assign(person.begin(), person.end());
    readArray(in, s.boxKey);
    const auto keys = in.numberUpTo(allLevels.size());
    for (std::uint64_t i = 0; i < keys; ++i) {
      const auto level = static_cast<Level>(in.numberUpTo(allLevels.size() - 1));
      const BytesView key = in.bytes(1024);
      s.vaultKeys[level].assign(key.begin(), key.end());
    }
    const BytesView entry = in.bytes(4096);
    s.entry.assign(entry.begin(), entry.end());
    return s;
  }
};

namespace {

// 32 bytes of commitment, 32 of key: the cipher alone would open under many keys.
SecretBytes slotKeys(const SecretBytes& secret) { return deriveKey(secret, "cinnabar slot", {}, 64); }

SecretBytes secretFor(const SlotSecret& given, SlotKind kind, const Salt& salt, const KdfCost& cost) {
  if (kind == SlotKind::provider) {
    if (!given.provider) throw Error(Code::badKey, "the person or the passphrase is wrong");
    return given.provider(salt);
  }
  return stretched(given.passphrase, salt, cost);
}

void checkSecret(const SlotSecret& secret) {
  if (!secret.provider && charactersIn(secret.passphrase.view()) < leastPassphrase)
    throw Error(Code::refused, "a passphrase has at least 8 characters");
}

void lockWith(Slot& slot, const UnlockedPerson& person, const SlotSecret& secret, KdfCost cost, Random& random) {
  checkSecret(secret);
  slot.kind = secret.provider ? SlotKind::provider : SlotKind::passphrase;
  random.fill(slot.salt);
  slot.cost = slot.kind == SlotKind::provider ? KdfCost{0, 0} : cost;
  const SecretBytes keys = slotKeys(secretFor(secret, slot.kind, slot.salt, slot.cost));
  std::memcpy(slot.commitment.data(), keys.data(), slot.commitment.size());
  Bytes plain;
  plain.reserve(1024);
  const WipeAtEnd wipe(plain);
  Writer w(plain);
  w.text(person.name);
  w.number(static_cast<std::uint64_t>(person.clearance));
  w.raw(person.signing.secretKey.view());
  w.raw(person.box.secretKey.view());
  slot.person = sealValue(plain, slot.lookup, keys.view().subspan(32), random);
}

void writeEntry(Slot& slot, const std::string& name, Level clearance, const SigningKey& key, const SecretBytes& lowest, Random& random) {
  Bytes plain;
  Writer w(plain);
  w.text(name);
  w.number(static_cast<std::uint64_t>(clearance));
  w.raw(key);
  slot.entry = sealValue(plain, slot.lookup, deriveKey(lowest, "cinnabar directory").view(), random);
}

PersonEntry readEntry(const Slot& slot, const SecretBytes& lowest) {
  const Bytes plain = openValue(slot.entry, slot.lookup, deriveKey(lowest, "cinnabar directory").view());
  Reader in(plain, "directory");
  PersonEntry out;
  out.name = in.text();
  out.clearance = static_cast<Level>(in.numberUpTo(allLevels.size() - 1));
  readArray(in, out.signingKey);
  return out;
}

const SecretBytes& lowestKeyOf(const UnlockedPerson& person) {
  const auto key = person.vaultKeys.find(Level::open);
  if (key == person.vaultKeys.end()) throw Error(Code::badKey, "this person holds no vault key");
  return key->second;
}

void mustHold(const UnlockedPerson& by, const std::map<Level, Bytes>& wanted, Level clearance) {
  for (const auto& [level, key] : wanted)
    if (!by.vaultKeys.contains(level) || by.clearance < clearance)
      throw Error(Code::refused, "one can only give a clearance that one holds");
  if (by.clearance < clearance) throw Error(Code::refused, "one can only give a clearance that one holds");
}

}  // namespace

KdfCost KdfCost::moderate() { return {crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE}; }
KdfCost KdfCost::cheapForTests() { return {crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN}; }

Keyring::Keyring(Environment environment, std::string path) : environment_(std::move(environment)), path_(std::move(path)) {
  contents_ = std::make_shared<Contents>(Contents::parse(environment_.files->read(path_, longestFile_bytes)));
}

void Keyring::save() const {
  Bytes bytes = contents_->body();
  append(bytes, contents_->seal);
  const Hash check = hashOf("cinnabar keyring file", bytes);
  append(bytes, check);
  environment_.files->replace(path_, bytes);
}

UnlockedPerson Keyring::create(const Environment& environment, const std::string& path, const std::string& person,
                               const SlotSecret& secret, Level clearance, std::map<Level, SecretBytes> vaultKeys, KdfCost cost) {
  if (environment.files->exists(path)) throw Error(Code::refused, path + " exists already");
  checkSecret(secret);
  Random& random = *environment.random;
  UnlockedPerson out{person, clearance, SigningPair::make(random), BoxPair::make(random), std::move(vaultKeys)};
  Contents contents;
  random.fill(contents.salt);
  Slot slot;
  slot.lookup = contents.lookupOf(person);
  slot.boxKey = out.box.publicKey;
  for (const auto& [level, key] : out.vaultKeys) slot.vaultKeys[level] = boxSeal(key.view(), slot.boxKey);
  lockWith(slot, out, secret, cost, random);
  writeEntry(slot, person, clearance, out.signing.publicKey, lowestKeyOf(out), random);
  contents.slots.push_back(std::move(slot));
  contents.sealWith(lowestKeyOf(out));
  Bytes bytes = contents.body();
  append(bytes, contents.seal);
  const Hash check = hashOf("cinnabar keyring file", bytes);
  append(bytes, check);
  environment.files->replace(path, bytes);
  return out;
}

UnlockedPerson Keyring::unlock(const std::string& person, const SlotSecret& secret) const {
  const auto wrong = [] { return Error(Code::badKey, "the person or the passphrase is wrong"); };
  Contents& c = *contents_;
  if (c.slots.empty()) throw Error(Code::damaged, "the keyring has no slot");
  Slot* slot = person.empty() && c.slots.size() == 1 ? &c.slots.front() : c.find(person);
  if (slot == nullptr) {
    // The same work as for a known person, so that time does not tell who has a slot.
    const Hash salt = Hasher("cinnabar nobody").add(c.salt).add(viewOf(person)).finish();
    Salt nobody;
    std::memcpy(nobody.data(), salt.data(), nobody.size());
    if (!secret.provider) stretched(secret.passphrase, nobody, c.slots.front().cost.operations == 0 ? KdfCost::moderate() : c.slots.front().cost);
    throw wrong();
  }
  if (slot->kind == SlotKind::passphrase && (slot->cost.operations < crypto_pwhash_OPSLIMIT_MIN || slot->cost.memory_bytes < crypto_pwhash_MEMLIMIT_MIN))
    throw Error(Code::damaged, "a slot of the keyring has an impossible cost");
  const SecretBytes keys = slotKeys(secretFor(secret, slot->kind, slot->salt, slot->cost));
  if (!equalInConstantTime(keys.view().first(32), slot->commitment)) throw wrong();

  UnlockedPerson out;
  try {
    Bytes plain = openValue(slot->person, slot->lookup, keys.view().subspan(32));
    const WipeAtEnd wipe(plain);
    Reader in(plain, "slot");
    out.name = in.text();
    out.clearance = static_cast<Level>(in.numberUpTo(allLevels.size() - 1));
    out.signing.secretKey = SecretBytes::copy(in.raw(crypto_sign_SECRETKEYBYTES));
    out.box.secretKey = SecretBytes::copy(in.raw(crypto_box_SECRETKEYBYTES));
    crypto_sign_ed25519_sk_to_pk(out.signing.publicKey.data(), out.signing.secretKey.data());
    crypto_scalarmult_base(out.box.publicKey.data(), out.box.secretKey.data());
    for (const auto& [level, key] : slot->vaultKeys) out.vaultKeys.emplace(level, boxOpen(key, out.box));
    // The clearance in the slot is as of its last locking; the directory has the present one.
    out.clearance = readEntry(*slot, lowestKeyOf(out)).clearance;
  } catch (const Error&) {
    throw Error(Code::damaged, "the keyring is damaged: restore it from a backup");
  }
  if (!c.sealedWith(lowestKeyOf(out))) throw Error(Code::damaged, "the keyring was changed by somebody without its keys");
  return out;
}

std::vector<PersonEntry> Keyring::persons(const UnlockedPerson& by) const {
  std::vector<PersonEntry> out;
  for (const Slot& slot : contents_->slots) out.push_back(readEntry(slot, lowestKeyOf(by)));
  std::sort(out.begin(), out.end(), [](const PersonEntry& a, const PersonEntry& b) { return a.name < b.name; });
  return out;
}

void Keyring::add(const UnlockedPerson& by, const std::string& person, const SlotSecret& secret, Level clearance, KdfCost cost) {
  if (person.empty() || person.size() > 256) throw Error(Code::invalidArgument, "a person's name has 1 to 256 bytes");
  if (contents_->find(person) != nullptr) throw Error(Code::refused, "there is a person of this name already");
  if (contents_->slots.size() >= mostPersons) throw Error(Code::limit, "a keyring holds at most 1024 persons");
  mustHold(by, {}, clearance);
  Random& random = *environment_.random;
  const UnlockedPerson fresh{person, clearance, SigningPair::make(random), BoxPair::make(random), {}};
  Slot slot;
  slot.lookup = contents_->lookupOf(person);
  slot.boxKey = fresh.box.publicKey;
  for (const auto& [level, key] : by.vaultKeys)
    if (level <= clearance) slot.vaultKeys[level] = boxSeal(key.view(), slot.boxKey);
  lockWith(slot, fresh, secret, cost, random);
  writeEntry(slot, person, clearance, fresh.signing.publicKey, lowestKeyOf(by), random);
  contents_->slots.push_back(std::move(slot));
  contents_->sealWith(lowestKeyOf(by));
  save();
}

void Keyring::remove(const UnlockedPerson& by, const std::string& person) {
  const Slot* slot = contents_->find(person);
  if (slot == nullptr) throw Error(Code::notFound, "there is no such person");
  if (contents_->slots.size() == 1) throw Error(Code::refused, "the last person cannot be removed: nobody could open the site");
  mustHold(by, slot->vaultKeys, readEntry(*slot, lowestKeyOf(by)).clearance);
  contents_->slots.erase(contents_->slots.begin() + (slot - contents_->slots.data()));
  contents_->sealWith(lowestKeyOf(by));
  save();
}

void Keyring::clear(const UnlockedPerson& by, const std::string& person, Level clearance) {
  Slot* slot = contents_->find(person);
  if (slot == nullptr) throw Error(Code::notFound, "there is no such person");
  const PersonEntry entry = readEntry(*slot, lowestKeyOf(by));
  mustHold(by, {}, std::max(clearance, entry.clearance));
  std::erase_if(slot->vaultKeys, [&](const auto& key) { return key.first > clearance; });
  for (const auto& [level, key] : by.vaultKeys)
    if (level <= clearance && !slot->vaultKeys.contains(level)) slot->vaultKeys[level] = boxSeal(key.view(), slot->boxKey);
  writeEntry(*slot, entry.name, clearance, entry.signingKey, lowestKeyOf(by), *environment_.random);
  contents_->sealWith(lowestKeyOf(by));
  save();
}

void Keyring::changeSecret(const UnlockedPerson& person, const SlotSecret& fresh, KdfCost cost) {
  Slot* slot = contents_->find(person.name);
  if (slot == nullptr) throw Error(Code::notFound, "there is no such person");
  lockWith(*slot, person, fresh, cost, *environment_.random);
  contents_->sealWith(lowestKeyOf(person));
  save();
}

void Keyring::addVaultKey(UnlockedPerson& by, Level level, const SecretBytes& key) {
  if (by.clearance < level) throw Error(Code::refused, "one can only give a key that one is cleared for");
  by.vaultKeys[level] = key.clone();
  const SecretBytes& lowest = lowestKeyOf(by);
  for (Slot& slot : contents_->slots)
    if (readEntry(slot, lowest).clearance >= level) slot.vaultKeys[level] = boxSeal(key.view(), slot.boxKey);
  contents_->sealWith(lowest);
  save();
}

}  // namespace cinnabar
