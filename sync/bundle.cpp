#include "sync/bundle.h"

#include <bit>

#include "core/base/codec.h"
#include "core/base/error.h"
#include "sync/output_file.h"

namespace cinnabar {
namespace {

constexpr std::string_view magic = "CNB1";
constexpr std::size_t frame_bytes = 65'536;
constexpr std::size_t sealedFrame_bytes = frame_bytes + crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t longestCover_bytes = 1024;
constexpr std::uint64_t longestBundle_bytes = std::uint64_t{1} << 40;

void writeSigned(Writer& w, const Cover& c) {
  w.raw(viewOf(magic));
  w.number(c.suite);
  w.number(c.number);
  w.number(static_cast<std::uint64_t>(c.level));
  w.text(c.from);
  w.text(c.to);
  w.raw(c.ephemeral);
  w.raw(c.prekey);
  w.raw(c.commitment);
  w.raw(c.streamHeader);
}

template <class Array>
void readArray(Reader& in, Array& out) {
  std::memcpy(out.data(), in.raw(out.size()).data(), out.size());
}

Cover readCover(BytesView bytes, std::size_t& length, Bytes& signedBytes) {
  Reader in(bytes, "bundle cover");
  if (textOf(in.raw(magic.size())) != magic) in.fail("it is no bundle");
  Cover c;
  c.suite = in.number();
  if (c.suite != bundleSuite)
    throw Error(
        c.suite > bundleSuite ? Code::newerFormat : Code::forged,
        "the bundle is of suite " + std::to_string(c.suite) + ", this version reads " + std::to_string(bundleSuite));
  c.number = in.number();
  c.level = static_cast<Level>(in.numberUpTo(allLevels.size() - 1));
  c.from = in.text(longestSiteName_bytes);
  c.to = in.text(longestSiteName_bytes);
  if (!goodSiteName(c.from) || !goodSiteName(c.to)) in.fail("a site's name is not one");
  readArray(in, c.ephemeral);
  readArray(in, c.prekey);
  readArray(in, c.commitment);
  readArray(in, c.streamHeader);
  signedBytes.assign(bytes.begin(), bytes.end() - static_cast<std::ptrdiff_t>(in.left()));
  readArray(in, c.signature);
  length = bytes.size() - in.left();
  return c;
}

// 32 bytes of commitment, 32 of key: X25519 of the bundle's own key with the receiver's, and the shared
// secret, so that either alone opens nothing; bound to the cover's words.
SecretBytes streamKeys(const Cover& c, BytesView exchanged, const SecretBytes& shared) {
  Bytes context;
  const WipeAtEnd wipe(context);
  context.reserve(1024);
  Writer w(context);
  w.raw(exchanged);
  w.number(c.suite);
  w.number(c.number);
  w.number(static_cast<std::uint64_t>(c.level));
  w.text(c.from);
  w.text(c.to);
  w.raw(c.ephemeral);
  w.raw(c.prekey);
  return deriveKey(shared, "cinnabar bundle", context, 64);
}

SecretBytes clientSecret(const BoxPair& ephemeral, const PublicKey& to) {
  SecretBytes keys(2 * crypto_kx_SESSIONKEYBYTES);
  if (crypto_kx_client_session_keys(keys.span().data(), keys.span().data() + crypto_kx_SESSIONKEYBYTES,
                                    ephemeral.publicKey.data(), ephemeral.secretKey.data(), to.data()) != 0)
    throw Error(Code::badKey, "the receiver's sealing key is not a valid one");
  return keys;
}

SecretBytes serverSecret(const BoxPair& own, const PublicKey& ephemeral) {
  SecretBytes keys(2 * crypto_kx_SESSIONKEYBYTES);
  // What is tx for the client is rx for the server.
  if (crypto_kx_server_session_keys(keys.span().data() + crypto_kx_SESSIONKEYBYTES, keys.span().data(),
                                    own.publicKey.data(), own.secretKey.data(), ephemeral.data()) != 0)
    throw Error(Code::forged, "the bundle's key is not a valid one");
  return keys;
}

}  // namespace

std::string bundleFileName(const Cover& c) {
  return std::to_string(c.number) + "-" + std::string(wordOf(c.level)) + "-" + c.from + "-" + c.to + ".cnb";
}

std::uint64_t paddedSize(std::uint64_t size) {
  // Even the smallest bundle has a frame's worth of company: an empty one looks like a small one.
  if (size < 4096) return 4096;
  const auto exponent = static_cast<unsigned>(std::bit_width(size)) - 1;
  const auto kept = static_cast<unsigned>(std::bit_width(exponent));
  const unsigned dropped = exponent - kept;
  const std::uint64_t mask = (std::uint64_t{1} << dropped) - 1;
  return (size + mask) & ~mask;
}

BundleWriter::BundleWriter(const Environment& environment, const std::string& path, Cover cover, const PublicKey& to,
                           const SecretBytes& shared, const SecretBytes& signingKey)
    : file_(std::make_unique<OutputFile>(environment, path)) {
  const BoxPair ephemeral = BoxPair::make(*environment.random);
  cover.ephemeral = ephemeral.publicKey;
  cover.prekey = to;
  const SecretBytes exchanged = clientSecret(ephemeral, to);
  const SecretBytes keys = streamKeys(cover, exchanged.view(), shared);
  std::memcpy(cover.commitment.data(), keys.data(), cover.commitment.size());
  crypto_secretstream_xchacha20poly1305_init_push(&stream_, cover.streamHeader.data(), keys.data() + 32);
  Bytes bytes;
  Writer w(bytes);
  writeSigned(w, cover);
  cover.signature = sign("cinnabar cover", bytes, signingKey);
  w.raw(cover.signature);
  file_->write(bytes);
  written_bytes_ = bytes.size();
  frame_.reserve(frame_bytes);
}

BundleWriter::~BundleWriter() { sodium_memzero(&stream_, sizeof stream_); }

void BundleWriter::flush(unsigned char tag) {
  Bytes sealed(frame_.size() + crypto_secretstream_xchacha20poly1305_ABYTES);
  crypto_secretstream_xchacha20poly1305_push(&stream_, sealed.data(), nullptr, frame_.data(), frame_.size(), nullptr, 0,
                                             tag);
  file_->write(sealed);
  written_bytes_ += sealed.size();
  frame_.clear();
}

void BundleWriter::push(BytesView bytes) {
  plain_bytes_ += bytes.size();
  while (!bytes.empty()) {
    if (frame_.size() == frame_bytes) flush(crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    const std::size_t take = std::min(bytes.size(), frame_bytes - frame_.size());
    append(frame_, bytes.first(take));
    bytes = bytes.subspan(take);
  }
}

void BundleWriter::add(Part part, BytesView content) {
  CNB_ASSERT(content.size() <= longestPart_bytes);
  Bytes head;
  Writer w(head);
  w.number(static_cast<std::uint64_t>(part));
  w.number(content.size());
  push(head);
  push(content);
}

std::uint64_t BundleWriter::finish() {
  add(Part::end, {});
  const std::uint64_t whole = paddedSize(plain_bytes_);
  const Bytes zeros(frame_bytes);
  while (plain_bytes_ < whole)
    push(BytesView(zeros).first(static_cast<std::size_t>(std::min<std::uint64_t>(whole - plain_bytes_, frame_bytes))));
  flush(crypto_secretstream_xchacha20poly1305_TAG_FINAL);
  file_->finish();
  return written_bytes_;
}

BundleReader::BundleReader(const Environment& environment, std::string path)
    : environment_(environment), path_(std::move(path)) {
  const Bytes head = environment_.files->readPart(path_, 0, longestCover_bytes);
  std::size_t length = 0;
  try {
    cover_ = readCover(head, length, signedBytes_);
  } catch (const Error& error) {
    if (error.code() != Code::invalidInput) throw;
    throw Error(Code::forged, path_ + ": " + error.what());
  }
  at_bytes_ = length;
  fileSize_bytes_ = environment_.files->size(path_);
  if (fileSize_bytes_ > longestBundle_bytes) throw Error(Code::limit, path_ + " is too long");
}

Cover openCover(BytesView bytes, const SigningKey& sender) {
  std::size_t length = 0;
  Bytes signedBytes;
  Cover cover = readCover(bytes, length, signedBytes);
  if (length != bytes.size()) throw Error(Code::invalidInput, "something stands behind a cover");
  if (!verify("cinnabar cover", signedBytes, cover.signature, sender))
    throw Error(Code::forged, "a cover is not signed by '" + cover.from + "'");
  return cover;
}

Bytes BundleReader::coverBytes() const {
  Bytes out = signedBytes_;
  append(out, cover_.signature);
  return out;
}

std::array<Byte, 16> BundleReader::mark() const {
  const Hash hash = hashOf("cinnabar taken", signedBytes_);
  std::array<Byte, 16> out;
  std::memcpy(out.data(), hash.data(), out.size());
  return out;
}

void BundleReader::checkSignature(const SigningKey& sender) const {
  if (!verify("cinnabar cover", signedBytes_, cover_.signature, sender))
    throw Error(Code::forged, "the cover of " + path_ + " is not signed by '" + cover_.from + "'");
}

void BundleReader::unlock(const BoxPair& own, const SecretBytes& shared) {
  const SecretBytes exchanged = serverSecret(own, cover_.ephemeral);
  const SecretBytes keys = streamKeys(cover_, exchanged.view(), shared);
  if (!equalInConstantTime(keys.view().first(32), cover_.commitment))
    throw Error(Code::forged, path_ + " is not sealed for this site");
  if (crypto_secretstream_xchacha20poly1305_init_pull(&stream_, cover_.streamHeader.data(), keys.data() + 32) != 0)
    throw Error(Code::forged, path_ + " has an unusable stream header");
}

bool BundleReader::readFrame() {
  if (last_) return false;
  const Bytes sealed = environment_.files->readPart(path_, at_bytes_, sealedFrame_bytes);
  at_bytes_ += sealed.size();
  if (sealed.size() < crypto_secretstream_xchacha20poly1305_ABYTES) throw Error(Code::forged, path_ + " is cut short");
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(taken_));
  taken_ = 0;
  const std::size_t start = buffer_.size();
  buffer_.resize(start + sealed.size() - crypto_secretstream_xchacha20poly1305_ABYTES);
  unsigned char tag = 0;
  if (crypto_secretstream_xchacha20poly1305_pull(&stream_, buffer_.data() + start, nullptr, &tag, sealed.data(),
                                                 sealed.size(), nullptr, 0) != 0)
    throw Error(Code::forged, path_ + " was changed or cut on its way");
  last_ = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  if (last_ && at_bytes_ != fileSize_bytes_) throw Error(Code::forged, path_ + " has something behind its end");
  return true;
}

bool BundleReader::next(Part& part, Bytes& content) {
  if (ended_) return false;
  const auto available = [&] { return buffer_.size() - taken_; };
  while (available() < 16 && readFrame()) {
  }
  Reader in(BytesView(buffer_).subspan(taken_), "bundle");
  const std::size_t before = in.left();
  part = static_cast<Part>(in.numberUpTo(static_cast<std::uint64_t>(lastPart)));
  const auto size = static_cast<std::size_t>(in.numberUpTo(longestPart_bytes));
  taken_ += before - in.left();
  while (available() < size)
    if (!readFrame()) throw Error(Code::forged, path_ + " ends within a part");
  content.assign(buffer_.begin() + static_cast<std::ptrdiff_t>(taken_),
                 buffer_.begin() + static_cast<std::ptrdiff_t>(taken_ + size));
  taken_ += size;
  if (part != Part::end) return true;
  ended_ = true;
  // Only zeros may follow, and the last frame has to come: a cut bundle never passes for a whole one.
  do {
    for (; taken_ < buffer_.size(); ++taken_)
      if (buffer_[taken_] != 0) throw Error(Code::forged, path_ + " hides something in its padding");
  } while (readFrame());
  return false;
}

}  // namespace cinnabar
