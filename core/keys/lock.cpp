#include "core/keys/lock.h"

#include <algorithm>

#include "core/base/codec.h"
#include "core/base/error.h"
#include "core/base/utf8.h"

namespace cinnabar {
namespace {

constexpr std::size_t leastPassphrase_characters = 8;
// Never reached (a name has at most 256 bytes): the buffer of private keys must not move when it grows.
constexpr std::size_t person_bytes = 512;

Error wrong() { return {Code::badKey, "the person or the passphrase is wrong"}; }

std::size_t charactersIn(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) at += codePointAt(text, at).size_bytes;
  return count;
}

SecretBytes stretched(const SecretBytes& passphrase, const Salt& salt, const KdfCost& cost) {
  SecretBytes key(keySize);
  const char* words = passphrase.empty() ? "" : reinterpret_cast<const char*>(passphrase.data());  // never null
  if (crypto_pwhash(key.span().data(), key.size(), words, passphrase.size(), salt.data(), cost.operations,
                    cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw Error(Code::limit, "there is not enough memory to check a passphrase");
  return key;
}

SecretBytes provided(const SlotSecret::Provider& provider, const SlotId& id) {
  SecretBytes key = provider(id);
  if (key.size() != keySize) throw Error(Code::invalidArgument, "a key provider gives 32 bytes");
  return key;
}

// 32 bytes of commitment, 32 of key: the cipher alone would open under many keys.
struct SlotKeys {
  SecretBytes both;
  BytesView commitment() const { return both.view().first(sizeof(Hash)); }
  BytesView key() const { return both.view().last(keySize); }
};

// What is done depends on the secret, not on the slot's kind, so that time does not tell the kind.
SlotKeys keysOf(const Slot& slot, const SlotSecret& secret) {
  const SecretBytes raw =
      secret.provider ? provided(secret.provider, slot.id) : stretched(secret.passphrase, slot.salt, slot.cost);
  Bytes context;
  Writer w(context);
  w.raw(slot.id);
  w.number(static_cast<std::uint64_t>(slot.kind));
  return {deriveKey(raw, "cinnabar slot", context, sizeof(Hash) + keySize)};
}

UnlockedPerson decode(BytesView plain) {
  Reader in(plain, "slot");
  UnlockedPerson out;
  out.name = in.text();
  out.signing.secretKey = SecretBytes::copy(in.raw(crypto_sign_SECRETKEYBYTES));
  out.box.secretKey = SecretBytes::copy(in.raw(crypto_box_SECRETKEYBYTES));
  in.end();
  crypto_sign_ed25519_sk_to_pk(out.signing.publicKey.data(), out.signing.secretKey.data());
  crypto_scalarmult_base(out.box.publicKey.data(), out.box.secretKey.data());
  return out;
}

}  // namespace

void checkSecret(const SlotSecret& secret) {
  if (!secret.provider && charactersIn(textOf(secret.passphrase.view())) < leastPassphrase_characters)
    throw Error(Code::refused, "a passphrase has at least 8 characters: choose a longer one");
}

void lock(Slot& slot, const UnlockedPerson& person, const SlotSecret& secret, KdfCost cost, Random& random) {
  checkSecret(secret);
  if (!isBearable(cost)) throw Error(Code::invalidArgument, "a slot costs at most 16 operations and 1 GiB");
  slot.kind = secret.provider ? SlotKind::provider : SlotKind::passphrase;
  slot.cost = cost;
  random.fill(slot.salt);
  const SlotKeys keys = keysOf(slot, secret);
  std::copy(keys.commitment().begin(), keys.commitment().end(), slot.commitment.begin());
  Bytes plain;
  plain.reserve(person_bytes);
  const WipeAtEnd wipe(plain);
  Writer w(plain);
  w.text(person.name);
  w.raw(person.signing.secretKey.view());
  w.raw(person.box.secretKey.view());
  CNB_ASSERT(plain.size() <= person_bytes);
  slot.person = sealValue(plain, slot.id, keys.key(), random);
}

UnlockedPerson unlockSlot(const Slot& slot, const SlotSecret& secret) {
  SlotKeys keys;
  try {
    keys = keysOf(slot, secret);
  } catch (const Error& error) {
    if (error.code() == Code::badKey) throw wrong();
    throw;
  }
  if (!equalInConstantTime(keys.commitment(), slot.commitment)) throw wrong();
  try {
    Bytes plain = openValue(slot.person, slot.id, keys.key());
    const WipeAtEnd wipe(plain);
    return decode(plain);
  } catch (const Error&) {
    throw Error(Code::damaged, "a slot of the keyring is damaged: restore it from a backup");
  }
}

Slot decoyFor(const std::string& person, const KeyringFile& file) {
  const Hash hash = Hasher("cinnabar nobody").add(file.salt).add(viewOf(person)).finish();
  const std::size_t imitated = (hash[0] | std::size_t{hash[1]} << 8 | std::size_t{hash[2]} << 16) % file.slots.size();
  Slot decoy;
  decoy.kind = file.slots[imitated].kind;
  decoy.cost = file.slots[imitated].cost;
  std::copy_n(hash.begin(), decoy.id.size(), decoy.id.begin());
  std::copy_n(hash.begin() + 16, decoy.salt.size(), decoy.salt.begin());
  return decoy;
}

}  // namespace cinnabar
