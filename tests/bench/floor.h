// What the product is measured against: the least work that does the same, written straight on SQLCipher,
// libsodium and zstd, with the product's own settings, row, indexes and durability.
#pragma once
#include <sqlcipher/sqlite3.h>
#include <zstd.h>

#include <memory>
#include <span>
#include <string>

#include "core/base/crypto.h"
#include "tests/bench/document.h"

namespace cinnabar::bench {

// A prepared statement of the floors; every failure ends the run.
class RawStatement {
 public:
  RawStatement(sqlite3* db, const std::string& sql);
  ~RawStatement();
  // Nothing is copied: what is given lives until the statement ran.
  void bind(int at, const Value& value);
  void bind(int at, const std::string& text);
  void bind(int at, BytesView blob);
  void bind(int at, std::int64_t number);
  bool step();
  void run();  // steps once and resets
  sqlite3_stmt* raw() { return statement_; }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

enum class Tracking { none, metadata };

// One SQLCipher file with a table of documents; with `metadata` the columns that change tracking needs.
class RawVault {
 public:
  RawVault(const std::string& path, Tracking tracking);
  ~RawVault();
  sqlite3* database() { return db_; }
  void begin() { begin_->run(); }
  void commit() { commit_->run(); }
  void insert(const Document& document, std::int64_t place);
  void update(const RecordId& id, const std::string& opinion);
  std::size_t read(const RecordId& id);  // takes every column; the number of bytes there were
  bool has(const RecordId& id);

 private:
  Tracking tracking_;
  sqlite3* db_ = nullptr;
  std::unique_ptr<RawStatement> begin_, commit_, insert_, update_, read_, has_;
};

// Encodes, compresses, seals and hashes each change, and appends one log row a transaction.
class TrackedFloor {
 public:
  explicit TrackedFloor(const std::string& path);
  void insert(std::span<const Document> documents);  // one transaction

  // What a transaction left in the log, as it would travel.
  struct Changeset {
    Bytes header;
    std::vector<Bytes> items;
  };
  static Changeset seal(std::span<const Document> documents);
  // Takes such changesets in one transaction: hash, open, decompress, unpack, look up, insert, log row.
  void apply(const std::vector<Changeset>& changesets);

 private:
  void appendLog(BytesView header, BytesView items);
  RawVault vault_;
  std::unique_ptr<RawStatement> log_;
  std::int64_t arrival_ = 0;
};

}  // namespace cinnabar::bench
