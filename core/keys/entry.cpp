#include "core/keys/entry.h"

#include <algorithm>

#include "core/base/codec.h"
#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr std::string_view purpose = "cinnabar keyring entry";

Bytes encode(const PersonEntry& entry) {
  Bytes out;
  Writer w(out);
  w.text(entry.name);
  w.number(static_cast<std::uint64_t>(entry.clearance));
  w.raw(entry.signingKey);
  return out;
}

PersonEntry decode(BytesView bytes) {
  Reader in(bytes, "entry");
  PersonEntry out;
  out.name = in.text();
  out.clearance = static_cast<Level>(in.numberUpTo(allLevels.size() - 1));
  const BytesView key = in.raw(out.signingKey.size());
  std::copy(key.begin(), key.end(), out.signingKey.begin());
  in.end();
  return out;
}

// Above the clearance a voucher is for the person only: it holds however the clearance changes below.
Hash voucherOf(const Slot& slot, const PersonEntry& entry, Level level, const SecretBytes& key) {
  Bytes claim;
  Writer w(claim);
  w.raw(slot.id);
  w.raw(slot.lookup);
  w.raw(slot.boxKey);
  w.raw(entry.signingKey);
  w.text(entry.name);
  w.number(static_cast<std::uint64_t>(level));
  w.number(level <= entry.clearance ? 1 + static_cast<std::uint64_t>(entry.clearance) : 0);
  const auto found = slot.shares.find(level);
  w.bytes(found == slot.shares.end() ? BytesView{} : BytesView(found->second.sealedKey));
  return Hasher("cinnabar voucher", deriveKey(key, "cinnabar keyring voucher").view()).add(claim).finish();
}

}  // namespace

void sealEntry(Slot& slot, const PersonEntry& entry, const SecretBytes& lowest, Random& random) {
  slot.entry = sealValue(encode(entry), slot.id, deriveKey(lowest, purpose).view(), random);
}

PersonEntry openEntry(const Slot& slot, const SecretBytes& lowest) {
  try {
    return decode(openValue(slot.entry, slot.id, deriveKey(lowest, purpose).view()));
  } catch (const Error&) {
    throw Error(Code::damaged, "a person's entry in the keyring is damaged: restore it from a backup");
  }
}

void share(Slot& slot, const PersonEntry& entry, Level level, const SecretBytes& key) {
  Share& share = slot.shares[level];
  share.sealedKey = level <= entry.clearance ? boxSeal(key.view(), slot.boxKey) : Bytes{};
  share.voucher = voucherOf(slot, entry, level, key);
}

Vouched vouchedAt(const Slot& slot, const PersonEntry& entry, Level level, const VaultKeys& held) {
  const auto above = held.upper_bound(level);
  if (above == held.begin()) return Vouched::no;
  const auto& [highest, key] = *std::prev(above);
  const auto share = slot.shares.find(highest);
  if (share == slot.shares.end()) return Vouched::no;
  return equalInConstantTime(share->second.voucher, voucherOf(slot, entry, highest, key)) ? Vouched::yes
                                                                                          : Vouched::falsely;
}

}  // namespace cinnabar
