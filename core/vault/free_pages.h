// Pages that a vault's file does not use: with secure delete each is zeros, or something of the past is in it.
#pragma once
#include <optional>

#include "core/vault/vault.h"

namespace cinnabar {

inline constexpr std::int64_t longestLookedThrough_bytes = std::int64_t{256} << 20;

struct FreePages {
  std::size_t all = 0;
  std::size_t filled = 0;  // with anything but zeros
};

// Nothing for a vault that is too long to be looked through: the pages are opened in memory, all at once, and wiped.
std::optional<FreePages> freePagesOf(Vault& vault);

}  // namespace cinnabar
