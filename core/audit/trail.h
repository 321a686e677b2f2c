// A level's audit file: one chain of entries a compartment.
//
// Why a file beside the vault, under a key that lies in the vault: who reads must not wait for who writes records,
// nor make him wait; a snapshot, and a transaction that is rolled back, leave their entries all the same.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "core/audit/entry.h"
#include "core/base/environment.h"
#include "core/vault/sqlite.h"

namespace cinnabar {

// How far a chain is.
struct AuditHead {
  std::uint64_t place = 0;
  Hash hash{};
  bool operator==(const AuditHead&) const = default;
};

// Where a page of entries went on: behind this one, by time, level, circles and place.
struct AuditCursor {
  std::int64_t at = 0;
  Level level = Level::open;
  std::string circles;
  std::uint64_t place = 0;
};

struct AuditQuestion {
  std::optional<RecordId> record;
  std::string person;                // empty: any
  std::int64_t from_ms = INT64_MIN;  // inclusive
  std::int64_t until_ms = INT64_MAX;
  std::size_t limit = 100;
  std::optional<AuditCursor> after;
};

bool isAuditFile(std::string_view name);
std::string auditFileOf(const std::string& folder, Level level);

// Not thread-safe. Other handles and processes may append to the same file.
class Trail {
 public:
  // Makes the file if it is not there.
  Trail(const Environment& environment, const std::string& path, const SecretBytes& key, Level level);

  // One durable transaction; gives the entries their places.
  void append(std::vector<AuditEntry>& entries);
  AuditHead headOf(const Compartment& compartment);
  std::vector<std::pair<Compartment, AuditHead>> heads();
  bool contains(const Compartment& compartment, const AuditHead& head);

  using Visible = std::function<bool(const Compartment&)>;
  // At most limit + 1 entries of those compartments that are visible, by time.
  std::vector<AuditEntry> page(const AuditQuestion& question, const Visible& visible);

  // Makes every chain anew. Throws damaged where one has a gap or was changed. Returns the number of entries.
  std::size_t check();
  // A rebuilt copy, as VACUUM INTO writes it.
  void copyTo(const std::string& path);

 private:
  std::int64_t numberOf(const Compartment& compartment);  // makes it; in a transaction
  AuditEntry entryFrom(Statement& row, const Compartment& compartment) const;

  Level level_;
  Database db_;
};

std::string circlesTextOf(const Compartment& compartment);

}  // namespace cinnabar
