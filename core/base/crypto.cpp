#include "core/base/crypto.h"

#include <utility>

#include "core/base/environment.h"
#include "core/base/error.h"

namespace cinnabar {

SecretBytes::SecretBytes(std::size_t size) : size_(size) {
  if (size == 0) return;
  data_ = static_cast<Byte*>(sodium_malloc(size));
  if (data_ == nullptr) throw Error(Code::internal, "no guarded memory left for a key");
  sodium_memzero(data_, size);
}

SecretBytes SecretBytes::random(std::size_t size, Random& random) {
  SecretBytes out(size);
  random.fill(out.span());
  return out;
}

SecretBytes SecretBytes::copy(BytesView bytes) {
  SecretBytes out(bytes.size());
  if (!bytes.empty()) std::memcpy(out.data_, bytes.data(), bytes.size());
  return out;
}

SecretBytes::~SecretBytes() {
  if (data_ != nullptr) sodium_free(data_);
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Hasher::Hasher(std::string_view purpose, BytesView key) {
  crypto_generichash_init(&state_, key.empty() ? nullptr : key.data(), key.size(), sizeof(Hash));
  const Byte length = static_cast<Byte>(purpose.size());
  add({&length, 1});
  add(viewOf(purpose));
}

Hasher& Hasher::add(BytesView bytes) {
  crypto_generichash_update(&state_, bytes.data(), bytes.size());
  return *this;
}

Hash Hasher::finish() {
  Hash out;
  crypto_generichash_final(&state_, out.data(), out.size());
  return out;
}

Hash hashOf(std::string_view purpose, BytesView bytes) { return Hasher(purpose).add(bytes).finish(); }

void deriveKey(std::span<Byte> out, const SecretBytes& key, std::string_view purpose, BytesView context) {
  CNB_ASSERT(key.size() >= crypto_generichash_KEYBYTES_MIN && key.size() <= crypto_generichash_KEYBYTES_MAX);
  crypto_generichash_state state;
  crypto_generichash_init(&state, key.data(), key.size(), out.size());
  const Byte length = static_cast<Byte>(purpose.size());
  crypto_generichash_update(&state, &length, 1);
  crypto_generichash_update(&state, viewOf(purpose).data(), purpose.size());
  crypto_generichash_update(&state, context.data(), context.size());
  crypto_generichash_final(&state, out.data(), out.size());
  sodium_memzero(&state, sizeof state);
}

SecretBytes deriveKey(const SecretBytes& key, std::string_view purpose, BytesView context, std::size_t size) {
  SecretBytes out(size);
  deriveKey(out.span(), key, purpose, context);
  return out;
}

void seal(Bytes& out, BytesView plain, BytesView associated, const Nonce& nonce, BytesView key) {
  CNB_ASSERT(key.size() == keySize);
  const std::size_t start = out.size();
  out.resize(start + plain.size() + tagSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + start, nullptr, plain.data(), plain.size(), associated.data(),
                                             associated.size(), nullptr, nonce.data(), key.data());
}

Bytes open(BytesView sealed, BytesView associated, const Nonce& nonce, BytesView key) {
  CNB_ASSERT(key.size() == keySize);
  if (sealed.size() < tagSize) throw Error(Code::forged, "a sealed value is shorter than its tag");
  Bytes out(sealed.size() - tagSize);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, sealed.data(), sealed.size(),
                                                 associated.data(), associated.size(), nonce.data(), key.data()) != 0)
    throw Error(Code::forged, "a sealed value does not open: it was changed or is under another key");
  return out;
}

Bytes sealValue(BytesView plain, BytesView associated, BytesView key, Random& random) {
  Nonce nonce;
  random.fill(nonce);
  Bytes out(nonce.begin(), nonce.end());
  seal(out, plain, associated, nonce, key);
  return out;
}

Bytes openValue(BytesView sealed, BytesView associated, BytesView key) {
  Nonce nonce;
  if (sealed.size() < nonce.size()) throw Error(Code::forged, "a sealed value is too short");
  std::memcpy(nonce.data(), sealed.data(), nonce.size());
  return open(sealed.subspan(nonce.size()), associated, nonce, key);
}

SigningPair SigningPair::make(Random& random) {
  SecretBytes seed = SecretBytes::random(crypto_sign_SEEDBYTES, random);
  SigningPair pair{{}, SecretBytes(crypto_sign_SECRETKEYBYTES)};
  crypto_sign_seed_keypair(pair.publicKey.data(), pair.secretKey.span().data(), seed.data());
  return pair;
}

BoxPair BoxPair::make(Random& random) {
  SecretBytes seed = SecretBytes::random(crypto_box_SEEDBYTES, random);
  BoxPair pair{{}, SecretBytes(crypto_box_SECRETKEYBYTES)};
  crypto_box_seed_keypair(pair.publicKey.data(), pair.secretKey.span().data(), seed.data());
  return pair;
}

Signature sign(std::string_view purpose, BytesView message, const SecretBytes& secretKey) {
  const Hash hash = hashOf(purpose, message);
  Signature out;
  crypto_sign_detached(out.data(), nullptr, hash.data(), hash.size(), secretKey.data());
  return out;
}

bool verify(std::string_view purpose, BytesView message, const Signature& signature, const SigningKey& key) {
  const Hash hash = hashOf(purpose, message);
  return crypto_sign_verify_detached(signature.data(), hash.data(), hash.size(), key.data()) == 0;
}

Bytes boxSeal(BytesView plain, const PublicKey& to) {
  Bytes out(plain.size() + crypto_box_SEALBYTES);
  if (crypto_box_seal(out.data(), plain.data(), plain.size(), to.data()) != 0)
    throw Error(Code::badKey, "a sealing key is not a valid one");
  return out;
}

SecretBytes boxOpen(BytesView sealed, const BoxPair& own) {
  if (sealed.size() < crypto_box_SEALBYTES) throw Error(Code::badKey, "a sealed key is too short");
  SecretBytes out(sealed.size() - crypto_box_SEALBYTES);
  if (crypto_box_seal_open(out.span().data(), sealed.data(), sealed.size(), own.publicKey.data(),
                           own.secretKey.data()) != 0)
    throw Error(Code::badKey, "a sealed key does not open with this person's key");
  return out;
}

bool equalInConstantTime(BytesView a, BytesView b) {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace cinnabar
