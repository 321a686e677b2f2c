// One change as it lies in the log.
#pragma once
#include <optional>

#include "core/log/log.h"
#include "core/log/seal.h"

namespace cinnabar {

struct Logged {
  Arrival arrival = 0;
  Header header;
  std::uint32_t author = 0;
  Item item;
};

// Nothing: it is not there, or scrubbed.
std::optional<Logged> loggedAt(Vault& vault, std::uint64_t place);

// All that a changeset of this site holds.
std::vector<Item> itemsAt(Vault& vault, Arrival arrival);

}  // namespace cinnabar
