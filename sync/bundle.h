// The only thing that travels: a signed cover and a sealed, padded stream. Format: sync/FORMAT.md.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "core/base/crypto.h"
#include "core/base/environment.h"
#include "core/label/label.h"
#include "sync/certificate.h"

namespace cinnabar {

inline constexpr std::uint64_t bundleSuite = 1;
inline constexpr std::size_t longestPart_bytes = std::size_t{18} << 20;  // a changeset's items, and its header

// What stands on the envelope, readable by everyone: number, level, sender, receiver. The rest is random
// to who has no key.
struct Cover {
  std::uint64_t suite = bundleSuite;
  std::uint64_t number = 0;  // of this sender, receiver and level
  Level level = Level::open;
  std::string from;
  std::string to;
  PublicKey ephemeral{};  // made for this bundle
  PublicKey prekey{};     // of the receiver: which of his keys opens it
  Hash commitment{};      // to the stream's key
  std::array<Byte, crypto_secretstream_xchacha20poly1305_HEADERBYTES> streamHeader{};
  Signature signature{};  // of the sender over all of the above
};

// What is in a bundle, in this order; receipts and what confirms them behind `seen`.
enum class Part : std::uint8_t {
  padding = 0,
  certificate = 1,
  epochKey = 2,   // circle, epoch, key
  prekey = 3,     // of the sender
  seen = 4,       // compartment and version vector: the acknowledgement
  changeset = 5,  // header, items
  chunk = 6,      // of an attachment
  head = 7,       // compartment, author, sequence, hash, signature
  digest = 8,     // compartment, digest
  end = 9,
  receipt = 10,    // of the sender: what was withdrawn is gone at its site
  confirmed = 11,  // a receipt that the sender has
  cover = 12,      // the newest that came from the receiver: his own signature on a number that he has given
  auditHead = 13,  // compartment, author, place, hash, signature: the sender's, or the receiver's given back
  pieces = 14,     // of a change that the receiver has without them: chunks follow
};
inline constexpr Part lastPart = Part::pieces;

// Each life of a site counts its bundles from a multiple of this on: one that was put back may have given the numbers
// that follow already.
inline constexpr std::uint64_t numbersOfALife = 1'000'000'000;

// A cover by itself, whole and with nothing behind it. Throws invalidInput, forged (not signed by `sender`).
Cover openCover(BytesView bytes, const SigningKey& sender);

std::string bundleFileName(const Cover& cover);      // NUMBER-LEVEL-FROM-TO.cnb
std::uint64_t paddedSize(std::uint64_t size_bytes);  // PADMÉ: at most 12 % more, O(log log n) bits leak

class OutputFile;

// Writes a bundle beside its name and renames it when it is whole. Memory: one frame.
class BundleWriter {
 public:
  BundleWriter(const Environment& environment, const std::string& path, Cover cover, const PublicKey& to,
               const SecretBytes& shared, const SecretBytes& signingKey);
  ~BundleWriter();
  void add(Part part, BytesView content);
  std::uint64_t size_bytes() const { return plain_bytes_; }
  // Pads, closes the stream with its last frame, syncs and renames. Returns the file's size.
  std::uint64_t finish();

 private:
  void push(BytesView bytes);
  void flush(unsigned char tag);
  std::unique_ptr<OutputFile> file_;
  crypto_secretstream_xchacha20poly1305_state stream_;
  Bytes frame_;
  std::uint64_t plain_bytes_ = 0;
  std::uint64_t written_bytes_ = 0;
};

// Reads a bundle. Everything is refused before the next thing is believed: cover, then signature, then
// key, then each frame, then the parts. Memory: one frame and one part.
class BundleReader {
 public:
  BundleReader(const Environment& environment, std::string path);
  const Cover& cover() const { return cover_; }
  // Tells this bundle from every other: a hash of the cover with all that is random in it.
  std::array<Byte, 16> mark() const;
  Bytes coverBytes() const;
  std::uint64_t fileSize_bytes() const { return fileSize_bytes_; }

  void checkSignature(const SigningKey& sender) const;  // throws forged
  // Throws badKey via the callback if the prekey is unknown; forged if the commitment does not hold.
  void unlock(const BoxPair& own, const SecretBytes& shared);
  // False after the authenticated end. Throws forged for a cut, changed or extended stream.
  bool next(Part& part, Bytes& content);

 private:
  bool readFrame();
  Environment environment_;
  std::string path_;
  Cover cover_;
  Bytes signedBytes_;
  std::uint64_t at_bytes_ = 0;
  std::uint64_t fileSize_bytes_ = 0;
  crypto_secretstream_xchacha20poly1305_state stream_;
  Bytes buffer_;
  std::size_t taken_ = 0;
  bool last_ = false;
  bool ended_ = false;
};

}  // namespace cinnabar
