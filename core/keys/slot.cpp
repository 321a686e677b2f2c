#include "core/keys/slot.h"

#include <algorithm>

#include "core/base/codec.h"
#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr std::string_view magic = "CNBKEYS\n";
constexpr std::uint64_t format = 1;
constexpr std::uint64_t mostOperations = 16;
constexpr std::uint64_t mostMemory_bytes = std::uint64_t{1} << 30;
constexpr std::size_t longestSealed_bytes = 1024;
constexpr std::size_t sealedKey_bytes = keySize + crypto_box_SEALBYTES;

template <class Array>
void readArray(Reader& in, Array& out) {
  const BytesView raw = in.raw(out.size());
  std::copy(raw.begin(), raw.end(), out.begin());
}

Bytes readSealed(Reader& in) {
  const BytesView raw = in.bytes(longestSealed_bytes);
  return {raw.begin(), raw.end()};
}

std::map<Level, Share> readShares(Reader& in) {
  std::map<Level, Share> shares;
  for (std::uint64_t left = in.numberUpTo(allLevels.size()); left > 0; --left) {
    const auto level = static_cast<Level>(in.numberUpTo(allLevels.size() - 1));
    if (!shares.empty() && shares.rbegin()->first >= level) in.fail("the levels are not in their order");
    Share& share = shares[level];
    const BytesView key = in.bytes(sealedKey_bytes);
    if (!key.empty() && key.size() != sealedKey_bytes) in.fail("a vault key has another size");
    share.sealedKey.assign(key.begin(), key.end());
    readArray(in, share.voucher);
  }
  return shares;
}

Slot readSlot(Reader& in) {
  Slot s;
  readArray(in, s.id);
  readArray(in, s.lookup);
  s.kind = static_cast<SlotKind>(in.numberUpTo(1));
  readArray(in, s.salt);
  s.cost.operations = in.numberUpTo(mostOperations);
  s.cost.memory_bytes = static_cast<std::size_t>(in.numberUpTo(mostMemory_bytes));
  if (!isBearable(s.cost)) in.fail("a passphrase would cost too little");
  readArray(in, s.commitment);
  s.person = readSealed(in);
  readArray(in, s.boxKey);
  s.entry = readSealed(in);
  s.shares = readShares(in);
  return s;
}

void writeSlot(Writer& out, const Slot& s) {
  out.raw(s.id);
  out.raw(s.lookup);
  out.number(static_cast<std::uint64_t>(s.kind));
  out.raw(s.salt);
  out.number(s.cost.operations);
  out.number(s.cost.memory_bytes);
  out.raw(s.commitment);
  out.bytes(s.person);
  out.raw(s.boxKey);
  out.bytes(s.entry);
  out.number(s.shares.size());
  for (const auto& [level, share] : s.shares) {
    out.number(static_cast<std::uint64_t>(level));
    out.bytes(share.sealedKey);
    out.raw(share.voucher);
  }
}

Bytes bodyOf(const KeyringFile& file) {
  Bytes out;
  Writer w(out);
  w.raw(viewOf(magic));
  w.number(format);
  w.raw(file.salt);
  w.number(file.revision);
  w.number(file.slots.size());
  for (const Slot& slot : file.slots) writeSlot(w, slot);
  return out;
}

KeyringFile readFile(Reader& in) {
  if (textOf(in.raw(magic.size())) != magic) in.fail("it does not begin as a keyring");
  const std::uint64_t version = in.number();
  if (version > format) throw Error(Code::newerFormat, "the keyring is of a later format: update the program");
  if (version < format) in.fail("there is no such format");
  KeyringFile file;
  readArray(in, file.salt);
  file.revision = in.number();
  const std::uint64_t count = in.numberUpTo(KeyringFile::mostPersons);
  if (count == 0) in.fail("it has no slot");
  for (std::uint64_t i = 0; i < count; ++i) file.slots.push_back(readSlot(in));
  readArray(in, file.seal);
  in.end();
  return file;
}

}  // namespace

bool isBearable(const KdfCost& cost) {
  return cost.operations >= crypto_pwhash_OPSLIMIT_MIN && cost.operations <= mostOperations &&
         cost.memory_bytes >= crypto_pwhash_MEMLIMIT_MIN && cost.memory_bytes <= mostMemory_bytes;
}

Hash checksumOf(BytesView file) { return hashOf("cinnabar keyring file", file); }

KeyringFile KeyringFile::parse(BytesView file) {
  if (file.size() < sizeof(Hash)) throw Error(Code::damaged, "the keyring is cut short: restore it from a backup");
  const BytesView all = file.first(file.size() - sizeof(Hash));
  if (!sameBytes(checksumOf(all), file.last(sizeof(Hash))))
    throw Error(Code::damaged, "the keyring is damaged: restore it from a backup");
  try {
    Reader in(all, "keyring");
    return readFile(in);
  } catch (const Error& error) {
    if (error.code() != Code::invalidInput) throw;
    throw Error(Code::damaged, std::string("the keyring is damaged, restore it from a backup: ") + error.what());
  }
}

Bytes KeyringFile::bytes() const {
  Bytes out = bodyOf(*this);
  append(out, seal);
  append(out, checksumOf(out));
  return out;
}

Hash KeyringFile::sealUnder(const SecretBytes& lowest) const {
  return Hasher("cinnabar keyring", deriveKey(lowest, "cinnabar keyring seal").view()).add(bodyOf(*this)).finish();
}

Hash KeyringFile::lookupOf(const std::string& person) const {
  return Hasher("cinnabar person").add(salt).add(viewOf(person)).finish();
}

const Slot* KeyringFile::find(const std::string& person) const {
  const Hash wanted = lookupOf(person);
  const auto found = std::find_if(slots.begin(), slots.end(), [&](const Slot& s) { return s.lookup == wanted; });
  return found == slots.end() ? nullptr : &*found;
}

}  // namespace cinnabar
