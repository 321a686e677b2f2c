// Changes that become visible and durable together.
#pragma once
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/random_ahead.h"
#include "core/record/change.h"
#include "core/record/store.h"

namespace cinnabar {

// All or nothing, also over several vaults: see commit(). Ends with the scope; what was not committed
// never was. One at a time per store.
class Transaction {
 public:
  // `actor`: who is named as the author; empty: the person who opened the store.
  explicit Transaction(Store& store, std::string actor = {});
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // A new record. Throws invalidInput (types, unknown names) and refused with all that speaks against it (see
  // breach.h), notFound (no key for the label here).
  RecordId put(const EntityType& entity, FieldValues values, const Label& label);
  RecordId put(const EntityType& entity, const nlohmann::json& fields, const Label& label);  // by name
  // Changes some fields. Throws notFound, invalidInput, refused.
  void set(const RecordId& id, const nlohmann::json& fields);
  // The same by the core itself, which also writes what is computed. `id`: what it was signed under beforehand.
  RecordId make(const EntityType& entity, const nlohmann::json& fields, const Label& label,
                const std::optional<RecordId>& id = std::nullopt);
  void revise(const RecordId& id, const nlohmann::json& fields);
  // Gives a record the next number of its series, whatever number it bears: at the series' owner only.
  void number(const RecordId& id);
  void remove(const RecordId& id);  // throws notFound, refused (a record of a kind that is never changed)

  // Settles a conflict: writes `value` so that it supersedes all that stand. For deletedRegister: true deletes.
  // Throws refused for a value that the schema does not allow.
  void settle(const RecordId& id, FieldNumber field, const Value& value);

  // Writes ready-made items, as replaying an intent does.
  void write(const Compartment& compartment, Item item);

  // For content that belongs to a record and lies beside it.
  Vault& writing(Level level);
  Arrival nextArrival(Level level);  // of the changeset that the next change of the level goes to
  // Of the changeset that a change of this record goes to; nothing else may be written before it.
  Arrival arrivalOf(const Compartment& compartment, const RecordId& record);
  // Throws refused unless all that the values refer to may be referred to under this label.
  void checkReferencesOf(const EntityType& entity, const FieldValues& values, const Compartment& from);

  // A single vault: its own commit. Several: the highest holds an intent with what the lower ones are to
  // get and commits first; opening the site finishes what a crash left. Throws diskFull, io …: nothing
  // was written then. What a write failed with half-way, it throws again, as every later write does.
  void commit();

  // Of the last change: one per thing a person should know, such as a number that only the office can give.
  const std::vector<std::string>& warnings() const { return warnings_; }
  // Of a changeset that is still being written; null if there is none.
  const Header* drafted(Level level, Arrival arrival) const;
  Store& store() { return store_; }
  std::size_t written() const { return written_; }

 private:
  struct Draft;  // a changeset being written
  struct Touched;
  Touched& touch(Level level);
  Draft& draftOf(const Compartment& compartment);    // the open one, or a new one
  Draft& nextDraft(const Compartment& compartment);  // finishes the open one
  void finish(Touched& touched, Draft& draft);
  void append(const Compartment& compartment, Item&& item);
  RecordId putChange(const EntityType& entity, FieldValues& values, const Label& label, Change change);
  void setBy(By by, const RecordId& id, const nlohmann::json& fields);
  // Adds the number that comes next to `change`. Returns its counter, to be raised when the record is written.
  std::int64_t* giveNumber(Touched& touched, const EntityType& entity, CompartmentNumber compartment,
                           FieldValues values, Change& change);
  void warnOfNeeds(const EntityType& entity, const FieldValues& values, const Compartment& compartment, Change& change);
  void mayWriteBelow(Level level);
  void mustBeWhole() const;

  Store& store_;
  std::string actor_;
  std::map<Level, std::unique_ptr<Touched>> touched_;
  References references_;
  RandomAhead idBytes_;
  std::optional<Level> read_;  // the highest level this transaction has read
  std::string year_;           // of the numbers given
  std::vector<std::string> warnings_;
  std::size_t written_ = 0;
  std::optional<Error> failed_;  // why it can only be rolled back
  bool done_ = false;
};

}  // namespace cinnabar
