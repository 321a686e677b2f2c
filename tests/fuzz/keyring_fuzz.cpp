// A keyring that is read is written as the same bytes; all others are damaged or of a later format. The
// checksum is put right, or no mutation would come past it.
#include <cstdint>
#include <cstdlib>

#include "core/base/error.h"
#include "core/keys/slot.h"
#include "tests/fuzz/target.h"

namespace {

using namespace cinnabar;

void readOrRefuse(const Bytes& bytes) {
  try {
    const KeyringFile file = KeyringFile::parse(bytes);
    for (const Slot& slot : file.slots)
      if (!isBearable(slot.cost)) std::abort();
    if (file.bytes() != bytes) std::abort();
  } catch (const Error& error) {
    if (error.code() != Code::damaged && error.code() != Code::newerFormat) std::abort();
  }
}

}  // namespace

std::vector<cinnabar::Bytes> cinnabar::fuzz::seeds() {
  KeyringFile file;
  Slot slot;
  slot.cost = KdfCost::moderate();
  slot.person = slot.entry = Bytes(48, 1);
  slot.shares[Level::open] = {Bytes(80, 2), {}};
  slot.shares[Level::secret] = {{}, {}};
  file.slots = {slot};
  Bytes whole = file.bytes();
  whole.resize(whole.size() - sizeof(Hash));
  return {whole};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* given, std::size_t size_bytes) {
  Bytes bytes(given, given + size_bytes);
  readOrRefuse(bytes);
  append(bytes, checksumOf(bytes));
  readOrRefuse(bytes);
  return 0;
}
