#include "core/log/seal.h"

#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include <array>
#include <memory>
#include <utility>

#include "core/base/environment.h"
#include "core/base/error.h"
#include "core/log/dictionary.h"

namespace cinnabar {
namespace {

constexpr int compressionLevel = 1;
constexpr std::size_t longestFrameHead_bytes = 10;
constexpr std::size_t longestItem_bytes = std::size_t{12} << 20;
// An item may not unpack to more than this much and this many times its size: else a small bundle could fill
// a disk. What would compress better travels plain.
constexpr std::size_t freeUnpacking_bytes = 4096;
constexpr std::size_t mostUnpacking = 128;
bool mayUnpack(std::size_t packed, std::size_t plain) { return plain <= freeUnpacking_bytes + mostUnpacking * packed; }
enum Packing : Byte { plain = 0, frame = 1, block = 2 };  // first byte of a packed item

// A frame of one compressed block begins with these two bytes and the block's own header, three bytes that
// follow from its length. A change of one field is about 60 bytes: there five are worth leaving out.
constexpr Byte frameHeader[] = {0x00, 0x38};  // no content size, no checksum, no dictionary id; window 128 KiB
constexpr std::size_t blockHeader_bytes = 3;
constexpr std::size_t headers_bytes = sizeof frameHeader + blockHeader_bytes;
constexpr std::size_t longestBlock_bytes = std::size_t{128} << 10;

void writeHeaders(Byte* out, std::size_t block_bytes) {
  constexpr std::size_t last = 1, compressed = 2 << 1;
  const std::size_t header = block_bytes << 3 | compressed | last;
  std::memcpy(out, frameHeader, sizeof frameHeader);
  for (std::size_t i = 0; i < blockHeader_bytes; ++i)
    out[sizeof frameHeader + i] = static_cast<Byte>(header >> (8 * i));
}

bool isOneBlock(BytesView packed) {
  if (packed.size() <= headers_bytes || packed.size() > longestBlock_bytes) return false;
  std::array<Byte, headers_bytes> expected;
  writeHeaders(expected.data(), packed.size() - headers_bytes);
  expected[1] = packed[1];  // a larger window than the compressor's does no harm
  return sameBytes(packed.first(headers_bytes), expected);
}

struct CompressorDeleter {
  void operator()(ZSTD_CCtx* c) const { ZSTD_freeCCtx(c); }
  void operator()(ZSTD_DCtx* c) const { ZSTD_freeDCtx(c); }
};

// Digested once for the process; read-only afterwards.
const ZSTD_CDict* compressionDictionary() {
  static ZSTD_CDict* const dictionary =
      ZSTD_createCDict(shippedDictionary().data(), shippedDictionary().size(), compressionLevel);
  return dictionary;
}
const ZSTD_DDict* decompressionDictionary() {
  static ZSTD_DDict* const dictionary = ZSTD_createDDict(shippedDictionary().data(), shippedDictionary().size());
  return dictionary;
}

// Packing ‖ varint(size) ‖ frame without magic number, checksum or dictionary id (the tag does their work), or
// its only block.
class Packer {
 public:
  Packer() : context_(ZSTD_createCCtx()) {
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_format, ZSTD_f_zstd1_magicless);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_dictIDFlag, 0);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 0);
    ZSTD_CCtx_refCDict(context_.get(), compressionDictionary());
  }
  void pack(Bytes& out, BytesView in) {
    out.clear();
    out.push_back(frame);
    Writer(out).number(in.size());
    const std::size_t head = out.size();
    out.resize(head + ZSTD_compressBound(in.size()));
    const std::size_t size = ZSTD_compress2(context_.get(), out.data() + head, out.size() - head, in.data(), in.size());
    if (!ZSTD_isError(size) && size < in.size()) {
      out.resize(head + size);
      if (isOneBlock(BytesView(out).subspan(head))) {
        out.front() = block;
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(head),
                  out.begin() + static_cast<std::ptrdiff_t>(head + headers_bytes));
      }
      if (mayUnpack(out.size() - head, in.size())) return;
    }
    out.assign(1, plain);
    append(out, in);
  }

 private:
  std::unique_ptr<ZSTD_CCtx, CompressorDeleter> context_;
};

Bytes unpack(BytesView packed) {
  Reader in(packed, "packed change");
  const std::uint64_t packing = in.numberUpTo(block);
  if (packing == plain) {
    const BytesView rest = in.raw(in.left());
    return {rest.begin(), rest.end()};
  }
  const auto plainSize = static_cast<std::size_t>(in.numberUpTo(longestItem_bytes));
  if (!mayUnpack(in.left(), plainSize)) in.fail("it unpacks to far more than it is");
  Bytes out(plainSize);
  static thread_local const std::unique_ptr<ZSTD_DCtx, CompressorDeleter> context(ZSTD_createDCtx());
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_format, ZSTD_f_zstd1_magicless);
  ZSTD_DCtx_refDDict(context.get(), decompressionDictionary());
  BytesView compressed = in.raw(in.left());
  Bytes whole;
  const WipeAtEnd wipe(whole);
  if (packing == block) {
    if (compressed.size() > longestBlock_bytes) in.fail("a block is over its limit");
    whole.resize(headers_bytes);
    writeHeaders(whole.data(), compressed.size());
    append(whole, compressed);
    compressed = whole;
  }
  const std::size_t size =
      ZSTD_decompressDCtx(context.get(), out.data(), out.size(), compressed.data(), compressed.size());
  if (ZSTD_isError(size) || size != out.size()) in.fail("it does not decompress");
  return out;
}

// Commitment, then key.
struct ChangesetKeys {
  ChangesetKeys(const SecretBytes& compartmentKey, const Nonce& nonce) {
    deriveKey(both.span(), compartmentKey, "cinnabar changeset", nonce);
  }
  BytesView commitment() const { return both.view().first(sizeof(Hash)); }
  BytesView key() const { return both.view().subspan(sizeof(Hash)); }
  BriefSecret<sizeof(Hash) + keySize> both;
};

// What every item is bound to: the header but for the number of items, which is not known while they come. The
// author's chain binds that.
Hash boundHash(Header header) {
  header.items = 0;
  return hashOf("cinnabar header", encodeHeader(header));
}

Nonce itemNonce(const Nonce& base, std::size_t index) {
  Nonce out = base;
  for (std::size_t i = 0; i < 4; ++i) out[20 + i] = static_cast<Byte>(out[20 + i] ^ (index >> (8 * i)));
  return out;
}

}  // namespace

Sealer::Sealer(Header& header, const SecretBytes& compartmentKey, Random& random) {
  random.fill(header.nonce);
  const ChangesetKeys keys(compartmentKey, header.nonce);
  std::memcpy(header.commitment.data(), keys.commitment().data(), header.commitment.size());
  nonce_ = header.nonce;
  headerHash_ = boundHash(header);
  std::memcpy(key_.span().data(), keys.key().data(), keySize);
}

void Sealer::add(const Item& item) {
  if (count_ >= mostItems)
    throw Error(Code::limit, "a transaction may change at most " + std::to_string(mostItems) +
                                 " records of one compartment: split it");
  static thread_local Packer packer;
  const Bytes encoded = encodeItem(item);
  if (encoded.size() > longestItem_bytes)
    throw Error(Code::limit, "one change of a record may have at most " + std::to_string(longestItem_bytes >> 20) +
                                 " MiB: split it");
  packer.pack(packed_, encoded);
  if (items_.size() + packed_.size() + longestFrameHead_bytes + tagSize > mostItemBytes)
    throw Error(Code::limit, "a transaction may write at most " + std::to_string(mostItemBytes >> 20) +
                                 " MiB into one compartment: split it");
  Writer(items_).number((packed_.size() + tagSize) << 1);
  cinnabar::seal(items_, packed_, headerHash_, itemNonce(nonce_, count_), key_.view());
  ++count_;
}

SealedChangeset Sealer::finish(Header& header) {
  header.items = std::exchange(count_, 0);
  return {encodeHeader(header), std::exchange(items_, {})};
}

SealedChangeset Sealer::seal(Header& header, const std::vector<Item>& items, const SecretBytes& compartmentKey,
                             Random& random) {
  Sealer sealer(header, compartmentKey, random);
  for (const Item& item : items) sealer.add(item);
  return sealer.finish(header);
}

Opener::Opener(const Header& header, const SecretBytes& compartmentKey)
    : nonce_(header.nonce), headerHash_(boundHash(header)) {
  const ChangesetKeys keys(compartmentKey, header.nonce);
  if (!equalInConstantTime(keys.commitment(), header.commitment))
    throw Error(Code::forged, "a changeset is not sealed under its compartment's key");
  std::memcpy(key_.span().data(), keys.key().data(), keySize);
}

Item Opener::open(BytesView sealed, std::size_t index) const {
  return decodeItem(unpack(cinnabar::open(sealed, headerHash_, itemNonce(nonce_, index), key_.view())));
}

}  // namespace cinnabar
