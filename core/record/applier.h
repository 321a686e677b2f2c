// Applies changes to rows: the one path for what is written here and for what arrives. Keeps the digest,
// the list of conflicts and the violations. Floor per change: one row read, one row write.
#pragma once
#include <memory>
#include <unordered_map>

#include "core/record/digest.h"
#include "core/record/violation.h"

namespace cinnabar {

// The changeset that is being applied.
struct Applying {
  CompartmentState& state;
  LocalDot dot;
  const Covers& covers;  // what its author had seen
  Arrival arrival = 0;
  bool arrived = false;  // from elsewhere: rules are checked again, and what breaks one becomes a violation
};

class Applier {
 public:
  explicit Applier(Vault& vault) : vault_(vault), digest_(vault), after_(authorOrderOf(vault)) {}

  // Returns the log place of the record's previous change, 0 if there was none.
  std::uint64_t apply(const Item& item, std::uint32_t index, Applying& applying);
  // Takes a record out of its compartment: row, long values, search entry, conflicts, violations, its part of the
  // digest. Returns where in the log its changes lie. The row must have been read with all columns.
  std::vector<std::uint64_t> takeOut(Rows& rows, Row& row, CompartmentState& state);

  Rows& rowsOf(const EntityType* entity);
  StateDigest& digest() { return digest_; }
  const AuthorAfter& authorOrder() const { return after_; }
  void forget() { rows_.clear(); }

 private:
  std::uint64_t write(const Item& item, std::uint32_t index, Applying& applying, const Covers& covers);
  // moves.cpp: how a record enters and leaves a compartment.
  std::uint64_t moveIn(const Item& item, std::uint32_t index, Applying& applying);
  std::uint64_t withdraw(const Item& item, std::uint32_t index, Applying& applying);
  std::uint64_t carry(const Item& item, std::uint32_t index, Applying& applying);
  // destruction.cpp: how it ends.
  std::uint64_t destroy(const Item& item, Applying& applying);
  bool comesAfterTheEnd(const Item& item, std::uint32_t index, const Applying& applying);
  bool comesLate(const Item& item, std::uint32_t index, const Row* row, const Applying& applying);
  void passOver(const Item& item, const Applying& applying);
  void leaveBehind(const Row& row, const std::vector<std::uint64_t>& places, const MoveId& move,
                   const Applying& applying);
  void fill(Row& row, Rows& rows, const Item& item, const Applying& applying);

  bool allowed(const Item& item, const Write& write, const Row& row, const EntityType* entity,
               const Applying& applying);
  void violate(std::string kind, const Item& item, const Write& write, const EntityType* entity,
               const Applying& applying);
  void checkArrived(const Item& item, const Row& row, const EntityType& entity, const Applying& applying);
  void checkUnique(const Row& row, const EntityType& entity, const std::vector<FieldNumber>& fields, const Item& item,
                   const Applying& applying);
  void noteConflict(const Row& row, FieldNumber field, bool conflict);

  Vault& vault_;
  StateDigest digest_;
  AuthorAfter after_;
  std::unordered_map<const EntityType*, std::unique_ptr<Rows>> rows_;
};

// The office for what the schema says it owns and for numbers of a series, else the record's first site, wherever it
// was moved since.
SiteId ownerOf(Vault& vault, const EntityType& entity, const Field& field, const Row& row);
SiteId ownerOf(const VaultIdentity& identity, const EntityType& entity, const Field& field, const SiteId& born);
bool transitionAllowed(const EntityType& entity, const Field& field, const Value& from, const Value& to);
// Whether a write is one that this field could have been given here: else it could not be read, shown or merged
// the same everywhere. Enums of a newer schema pass.
bool fits(const Field& field, const Write& write);

}  // namespace cinnabar
