// One act of access: who read, searched, printed, copied, took out or tried in vain. Never content, and
// nothing that stands above the compartment whose audit it is in. Format: core/audit/FORMAT.md.
#pragma once
#include <optional>
#include <string>

#include "core/base/crypto.h"
#include "core/base/ids.h"
#include "core/label/label.h"

namespace cinnabar {

// Numbers are permanent: they are part of what is chained.
enum class Act : std::uint8_t {
  read = 1,         // one record
  history = 2,      // what one record was before
  listed = 3,       // a page of a list
  found = 4,        // a page of a search
  queried = 5,      // an SQL statement
  detached = 6,     // an attachment's content left the site's files
  exported = 7,     // a bundle for another site
  copied = 8,       // by a backup, or by a host that says so
  printed = 9,      // by a host that says so
  shown = 10,       // conflicts and violations, whose rows hold content
  triedInVain = 11  // not there, or not for him: the same entry
};

std::string_view wordOf(Act act);
std::optional<Act> parseAct(std::string_view word);

inline constexpr std::size_t longestDetail_bytes = 256;

struct AuditEntry {
  Compartment compartment;
  std::uint64_t place = 0;  // in the compartment's chain, from 1
  std::int64_t at = 0;      // an instant in stored form: an annotation, never an order
  Act act = Act::read;
  std::string person;
  RecordId record;  // zero: none
  std::string entity;
  std::int64_t count = 1;  // of records
  std::string detail;      // where to, such as a site's name
};

// Chain: BLAKE2b(previous ‖ entry), from zeros.
Hash chained(const Hash& previous, const AuditEntry& entry);

}  // namespace cinnabar
