// The second half of a destruction, when its acts are written or have arrived: what is left of the records goes out of
// the log and out of every page, holds and stragglers are looked for, and the office certifies.
#pragma once
#include <nlohmann/json.hpp>

#include "core/record/store.h"
#include "core/record/withdrawal.h"

namespace cinnabar {

// Scrubs what destroyed records left in the vault's log, in transactions of its own. A hold that stands here keeps it
// sealed, and so does, at a leaf, what the office has not got yet: it is told of before it goes.
void scrubDestroyed(Store& store, Vault& vault);

// At the office: a destroyed record that comes back under another label, and an attachment that was added meanwhile,
// are destroyed under a certificate of their own, which the office signs by itself. Nothing at any other site.
void destroyStragglers(Store& store);

// A hold on a record that is destroyed already is a violation, with both named, while it stands.
void reportHeldAndDestroyed(Store& store);

// At the office: certificates that are pending, that count, and of whose records nothing is left are certified.
void certifyDestroyed(Store& store);

}  // namespace cinnabar
