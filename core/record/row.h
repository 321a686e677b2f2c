// A record as it lies in its vault's table, with the registers of its fields.
//
// A row keeps the dot of its creation; a field's own dot is kept in _meta only where it differs, so
// that a record nobody edited costs no more than its values. Byte layout of _meta: core/vault/FORMAT.md.
#pragma once
#include <memory>
#include <span>
#include <unordered_map>

#include "core/record/meaning.h"
#include "core/record/register.h"
#include "core/vault/vault.h"

namespace cinnabar {

struct Row {
  std::int64_t rowid = 0;  // 0: not stored yet
  RecordId id;
  CompartmentNumber compartment = 0;
  LocalDot born;
  LocalDot last;                               // the latest write that was applied here
  std::uint64_t at = 0;                        // where in the log: arrival << 14 | index
  std::vector<Sibling> heads;                  // maximal writes to the record; value 1: deletes it
  FieldValues columns;                         // those that were asked for
  FlatMap<FieldNumber, Register> kept;         // registers that _meta holds
  std::vector<const Write*> given;             // of a new row: writes that say all of their fields; ascending
  FlatMap<FieldNumber, std::int64_t> spilled;  // where the long values read with this row lie

  bool visible() const;    // nobody deleted it, or somebody edited it meanwhile
  bool contested() const;  // both
};

// The rows of one entity in one vault, through kept statements. Belongs to the vault's thread.
class Rows {
 public:
  // `entity` null: records of unknown entities.
  Rows(Vault& vault, const EntityType* entity);
  ~Rows();

  // The vault never had a record of this entity, so that there is no table either.
  bool empty() const;
  // Loads the row's head, its registers and the columns of `fields`. False if there is none.
  bool find(const RecordId& id, CompartmentNumber compartment, std::span<const FieldNumber> fields, Row& out);
  // In the first compartment that `sees`.
  using Sees = std::function<bool(CompartmentNumber)>;
  bool findSeen(const RecordId& id, const Sees& sees, std::span<const FieldNumber> fields, Row& out);
  bool findByRowid(std::int64_t rowid, std::span<const FieldNumber> fields, Row& out);
  void insert(Row& row);
  // Writes head, _meta and the columns of `fields`.
  void update(Row& row, std::span<const FieldNumber> fields);
  // Takes the row out, and what it left beside itself. It must have been read with all columns.
  void erase(Row& row);

  // The register of a field, from its column and _meta; empty if it was never written.
  Register registerOf(const Row& row, FieldNumber number) const;
  void put(Row& row, FieldNumber number, Register&& reg) const;

  const EntityType* entity() const { return entity_; }
  const Field* field(FieldNumber number) const;
  const std::vector<FieldNumber>& allColumns() const { return allColumns_; }

 private:
  struct Access;
  Access& accessTo(std::span<const FieldNumber> fields);
  bool read(Statement& select, std::span<const FieldNumber> fields, Row& out);
  Value readColumn(Statement& select, int at, FieldNumber number, Row& row);
  void bindColumn(Statement& statement, int at, Row& row, FieldNumber number, std::vector<Bytes>& held);
  void bindValue(Statement& statement, int at, const RecordId& id, FieldNumber number, const Value& value,
                 std::vector<Bytes>& held);
  void bindHead(Statement& statement, Row& row, std::vector<Bytes>& held);
  // spill.cpp: long values beside the row.
  Bytes spill(const RecordId& id, FieldNumber number, BytesView value);
  Bytes unspill(BytesView reference, const RecordId& id, FieldNumber number);
  void dropSpill(Row& row, FieldNumber number);
  // meta.cpp: the registers that _meta holds.
  Bytes encodeMeta(const Row& row) const;
  void decodeMeta(Row& row, BytesView bytes) const;

  Vault& vault_;
  const EntityType* entity_;
  std::string table_;
  std::size_t longest_bytes_;
  std::vector<FieldNumber> allColumns_;
  AuthorAfter after_;
  std::unordered_map<std::string, std::unique_ptr<Access>> accesses_;  // by the fields they reach
  std::unique_ptr<Statement> insert_;
};

AuthorAfter authorOrderOf(Vault& vault);

// Reads a value that left its row. The views call it as an SQL function.
std::string readSpill(Database& db, std::string_view schema, const SecretBytes& spillKey, BytesView reference,
                      const RecordId& id, FieldNumber number);

}  // namespace cinnabar
