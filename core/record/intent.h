// What makes a transaction over several vaults one: the highest vault commits first and holds, as an
// intent, what the lower ones are to get. Whoever opens the site finishes it or finds it finished. A
// lower vault never names a higher one; it only remembers the transaction's random number.
#pragma once
#include <string>
#include <vector>

#include "core/log/changeset.h"
#include "core/vault/vault.h"

namespace cinnabar {

struct Intent {
  std::array<Byte, 16> transaction{};
  std::string person;
  std::vector<std::pair<Compartment, Item>> changes;
};

void writeIntent(Vault& highest, const Intent& intent);  // within its transaction
void markApplied(Vault& lower, BytesView transaction);   // within its transaction
bool wasApplied(Vault& lower, BytesView transaction);
std::vector<Intent> intentsOf(Vault& vault);
bool clearIntent(Vault& highest, BytesView transaction);  // its own small commit; false, and harmless, if it fails
// Only once there is no intent any more: else it would be replayed over what is there already. What stayed would count,
// in a lower vault, the acts that reached above it.
void clearApplied(Vault& lower, BytesView transaction);  // likewise

}  // namespace cinnabar
