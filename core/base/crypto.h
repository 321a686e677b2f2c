// The few libsodium constructions that everything sealed, signed or hashed here goes through.
// No primitive or mode of our own: BLAKE2b, XChaCha20-Poly1305, X25519 boxes, Ed25519, Argon2id, SipHash.
#pragma once
#include <sodium.h>

#include <array>

#include "core/base/bytes.h"
#include "core/base/ids.h"

namespace cinnabar {

class Random;

// Guarded memory: wiped when it goes, left out of core dumps, between two guard pages. Move-only.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size);
  static SecretBytes random(std::size_t size, Random& random);
  static SecretBytes copy(BytesView bytes);
  ~SecretBytes();
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;

  SecretBytes clone() const { return copy(view()); }
  BytesView view() const { return {data_, size_}; }
  std::span<Byte> span() { return {data_, size_}; }
  const Byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  Byte* data_ = nullptr;
  std::size_t size_ = 0;
};

// A secret that lives no longer than a scope: on the stack and wiped at its end. Guarded memory costs several
// system calls, which a key made for one changeset alone would pay with each.
template <std::size_t size>
class BriefSecret {
 public:
  BriefSecret() = default;
  ~BriefSecret() { sodium_memzero(bytes_.data(), size); }
  BriefSecret(const BriefSecret&) = delete;
  BriefSecret& operator=(const BriefSecret&) = delete;
  BytesView view() const { return bytes_; }
  std::span<Byte> span() { return bytes_; }

 private:
  std::array<Byte, size> bytes_{};
};

// Wipes a buffer of ordinary memory that held a secret when the scope ends.
class WipeAtEnd {
 public:
  explicit WipeAtEnd(Bytes& bytes) : bytes_(bytes) {}
  ~WipeAtEnd() { sodium_memzero(bytes_.data(), bytes_.size()); }
  WipeAtEnd(const WipeAtEnd&) = delete;
  WipeAtEnd& operator=(const WipeAtEnd&) = delete;

 private:
  Bytes& bytes_;
};

using Hash = std::array<Byte, 32>;
using PublicKey = std::array<Byte, 32>;   // X25519
using SigningKey = std::array<Byte, 32>;  // Ed25519, public
using Signature = std::array<Byte, 64>;
using Nonce = std::array<Byte, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES>;
inline constexpr std::size_t keySize = 32;
inline constexpr std::size_t tagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;

// Incremental BLAKE2b-256. `purpose` separates domains: it is hashed first, with its length.
class Hasher {
 public:
  explicit Hasher(std::string_view purpose, BytesView key = {});
  Hasher& add(BytesView bytes);
  Hash finish();

 private:
  crypto_generichash_state state_;
};

Hash hashOf(std::string_view purpose, BytesView bytes);
// A key of `size` bytes for `purpose`, from a key: BLAKE2b keyed with it.
SecretBytes deriveKey(const SecretBytes& key, std::string_view purpose, BytesView context = {},
                      std::size_t size = keySize);
void deriveKey(std::span<Byte> out, const SecretBytes& key, std::string_view purpose, BytesView context);

// Appends ciphertext ‖ tag to `out`.
void seal(Bytes& out, BytesView plain, BytesView associated, const Nonce& nonce, BytesView key);
// Throws Error{forged} if the tag does not verify.
Bytes open(BytesView sealed, BytesView associated, const Nonce& nonce, BytesView key);

// A self-contained sealed value: random nonce ‖ ciphertext ‖ tag.
Bytes sealValue(BytesView plain, BytesView associated, BytesView key, Random& random);
Bytes openValue(BytesView sealed, BytesView associated, BytesView key);

struct SigningPair {
  SigningKey publicKey{};
  SecretBytes secretKey;  // 64 bytes as libsodium keeps it
  static SigningPair make(Random& random);
};
struct BoxPair {
  PublicKey publicKey{};
  SecretBytes secretKey;
  static BoxPair make(Random& random);
};

// Signs BLAKE2b(purpose, message), so that no signature serves for two purposes.
Signature sign(std::string_view purpose, BytesView message, const SecretBytes& secretKey);
bool verify(std::string_view purpose, BytesView message, const Signature& signature, const SigningKey& key);

// An anonymous box (crypto_box_seal): proves no sender, so what is in it counts only with a signature.
Bytes boxSeal(BytesView plain, const PublicKey& to);
SecretBytes boxOpen(BytesView sealed, const BoxPair& own);  // throws badKey

bool equalInConstantTime(BytesView a, BytesView b);

}  // namespace cinnabar
