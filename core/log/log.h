// A vault's change log: append-only, sealed, chained per compartment and author. Format: core/log/FORMAT.md.
#pragma once
#include <functional>
#include <optional>
#include <set>

#include "core/log/changeset.h"
#include "core/vault/vault.h"

namespace cinnabar {

struct LogEntry {
  Arrival arrival = 0;
  CompartmentNumber compartment = 0;
  std::uint32_t author = 0;
  Sequence sequence = 0;
  Lamport lamport = 0;
  Arrival before = 0;  // its author's entry before it in the compartment; 0: none
  Hash chain{};        // of its author's entries up to this one
  SealedChangeset sealed;
  std::vector<std::uint64_t> previous;  // by item: where in this log the record's change before this one is
};

// One entry in its author's chain.
struct Link {
  Sequence sequence = 0;
  Arrival before = 0;
  Hash chain{};
};

inline std::uint64_t placeOf(Arrival arrival, std::size_t index) {
  return static_cast<std::uint64_t>(arrival) << 14 | index;
}
inline Arrival arrivalOf(std::uint64_t place) { return static_cast<Arrival>(place >> 14); }
inline std::size_t indexOf(std::uint64_t place) { return static_cast<std::size_t>(place & 0x3FFF); }

// In `meta` of a vault whose log has anything scrubbed: nobody else has to look for it.
inline constexpr std::string_view scrubbedMark = "scrubbed";

// Not thread-safe; writes need an open transaction of the vault.
class Log {
 public:
  explicit Log(Vault& vault) : vault_(vault) {}

  // Why hashes of items, not items, enter the chain: one item can be scrubbed later without breaking it.
  void append(const LogEntry& entry);
  std::optional<LogEntry> read(Arrival arrival);
  // Without the items: who, when.
  std::optional<Header> header(Arrival arrival);
  // Backwards along an author's chain without a search. Throws damaged if it is not there.
  Link link(Arrival arrival);
  // Puts the hashes of some items of an entry in their place. The chain still verifies; the content is gone.
  void scrub(Arrival arrival, const std::set<std::size_t>& items);
  // Entries after `from` in order of arrival, until `each` returns false.
  void scan(Arrival from, const std::function<bool(LogEntry&)>& each);

 private:
  Vault& vault_;
};

}  // namespace cinnabar
