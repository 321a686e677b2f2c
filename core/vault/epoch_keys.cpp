// The epoch keys that a vault holds, and the keys of its compartments that follow from them.
#include <algorithm>

#include "core/base/error.h"
#include "core/vault/vault.h"

namespace cinnabar {

std::int64_t Vault::epochKeys() { return db_.number("SELECT count(*) FROM epoch_key"); }

std::uint32_t Vault::currentEpoch() {
  return static_cast<std::uint32_t>(db_.number("SELECT max(epoch) FROM epoch_key WHERE circle=''"));
}

void Vault::putEpochKey(std::string_view circle, std::uint32_t epoch, BytesView key) {
  CNB_ASSERT(inTransaction_ && key.size() == keySize && epoch > 0);
  db_.query("INSERT OR IGNORE INTO epoch_key VALUES(?1,?2,?3)").with(circle, epoch, key).run();
  revise();
}

bool Vault::holdsCircle(std::string_view circle, std::uint32_t epoch) {
  Query q = db_.query("SELECT 1 FROM epoch_key WHERE circle=?1 AND epoch=?2");
  q.with(circle, epoch);
  return q.step();
}

bool Vault::holdsKey(const Compartment& compartment, std::uint32_t epoch) {
  return holdsCircle("", epoch) && std::all_of(compartment.circles.begin(), compartment.circles.end(),
                                               [&](const std::string& circle) { return holdsCircle(circle, epoch); });
}

SecretBytes Vault::epochKey(std::string_view circle, std::uint32_t epoch) {
  Query q = db_.query("SELECT key FROM epoch_key WHERE circle=?1 AND epoch=?2");
  q.with(circle, epoch);
  if (!q.step() || q->blob(0).size() != keySize) throw Error(Code::notFound, "this site holds no key for that label");
  return SecretBytes::copy(q->blob(0));
}

// The level's key and each circle's at that level: who lacks one of them cannot make it. Inputs are
// ordered and of fixed length, so that no two compartments share a key.
const SecretBytes& Vault::compartmentKey(const Compartment& asked, std::uint32_t epoch) {
  const Compartment compartment = asked;  // it may be a state's own, and loading may forget the states
  load();
  const auto [at, fresh] = compartmentKeys_.try_emplace({compartment, epoch});
  if (!fresh) return at->second;
  try {
    SecretBytes context(compartment.circles.size() * keySize + 1);
    context.span()[0] = static_cast<Byte>(compartment.level);
    std::size_t offset = 1;
    for (const std::string& circle : compartment.circles) {
      const SecretBytes key = epochKey(circle, epoch);
      std::memcpy(context.span().data() + offset, key.data(), keySize);
      offset += keySize;
    }
    at->second = deriveKey(epochKey("", epoch), "cinnabar compartment", context.view());
  } catch (...) {
    compartmentKeys_.erase(at);
    throw;
  }
  return at->second;
}

SecretBytes Vault::digestKey(const Compartment& compartment) {
  return deriveKey(compartmentKey(compartment, 1), "cinnabar digest", {}, crypto_shorthash_siphashx24_KEYBYTES);
}

}  // namespace cinnabar
