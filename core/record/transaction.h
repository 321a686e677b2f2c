// Changes that become visible and durable together.
#pragma once
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <unordered_map>

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

  // A new record. Throws invalidInput (types, unknown names), refused (required, owner,
  // computed, duplicate key, a reference that is not there), notFound (no key for the label here).
  RecordId put(const EntityType& entity, FieldValues values, const Label& label);
  RecordId put(const EntityType& entity, const nlohmann::json& fields, const Label& label);  // by name
  // Changes some fields. Throws notFound, invalidInput, refused (transition, ratchet, owner).
  void set(const RecordId& id, const nlohmann::json& fields);
  void remove(const RecordId& id);

  // Settles a conflict: writes `value` so that it supersedes all that stand. For deletedRegister: true deletes.
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
  // was written then.
  void commit();

  // One warning per thing a person should know, such as a number that only the office can give.
  const std::vector<std::string>& warnings() const { return warnings_; }
  // Of a changeset that is still being written; null if there is none.
  const Header* drafted(Level level, Arrival arrival) const;
  Store& store() { return store_; }
  std::size_t written() const { return written_; }

 private:
  struct Draft;  // a changeset being written
  struct Touched;
  struct Series;
  Touched& touch(Level level);
  Draft& draftOf(const Compartment& compartment, const RecordId& record);
  void finish(Touched& touched, Draft& draft);
  void append(const Compartment& compartment, Item&& item);
  void checkReferences(const EntityType& entity, const Field& field, const Value& value, const Compartment& from);
  void checkReference(const EntityType& entity, const Field& field, const std::string& target, const RecordId& id,
                      const Compartment& from);
  void checkKey(Vault& vault, const EntityType& entity, const RecordId& id, const Compartment& compartment,
                const FieldValues& values);
  std::string nextNumber(Touched& touched, const EntityType& entity, const Compartment& compartment);
  void mayWriteBelow(Level level);
  // Appends to `out` what leads from the row (null: a new record) to `value`.
  void addWrites(std::vector<Write>& out, const EntityType& entity, const Field& field, Value value, const Row* row,
                 Rows* rows, const SiteId& creator);

  Store& store_;
  std::string actor_;
  std::map<Level, std::unique_ptr<Touched>> touched_;
  std::unordered_map<RecordId, std::optional<Compartment>> references_;  // where they were found; nothing: nowhere
  std::optional<Level> read_;                                            // the highest level this transaction has read
  std::string year_;                                                     // of the numbers given
  std::vector<std::string> warnings_;
  std::size_t written_ = 0;
  bool done_ = false;
};

}  // namespace cinnabar
