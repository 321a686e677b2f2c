// SQLCipher, with typed errors, bound values and statements that are kept.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <sqlcipher/sqlite3.h>

#include "core/base/bytes.h"
#include "core/base/crypto.h"

namespace cinnabar {

// One prepared statement. Columns are views that live until the next step or reset.
class Statement {
 public:
  Statement(sqlite3* db, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Positions count from 1. Texts and blobs must live until the statement was reset.
  void bind(int at, std::int64_t value);
  void bind(int at, std::string_view text);
  void bind(int at, BytesView blob);
  void bindNull(int at);

  bool step();  // true: a row
  void reset();

  int columns() const { return sqlite3_column_count(statement_); }
  int typeOf(int column) const { return sqlite3_column_type(statement_, column); }
  bool isNull(int column) const { return typeOf(column) == SQLITE_NULL; }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string_view text(int column) const;
  BytesView blob(int column) const;
  sqlite3_stmt* raw() const { return statement_; }

 private:
  [[noreturn]] void fail(int status) const;
  sqlite3_stmt* statement_ = nullptr;
};

// Borrows a kept statement and resets it when the scope ends, so that no read transaction lingers.
class Query {
 public:
  explicit Query(Statement& statement) : statement_(&statement) {}
  ~Query() {
    if (statement_ != nullptr) statement_->reset();
  }
  Query(Query&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  template <class... Values>
  Query& with(const Values&... values) {
    int at = 0;
    (statement_->bind(++at, convert(values)), ...);
    return *this;
  }
  bool step() { return statement_->step(); }
  void run() {
    while (statement_->step()) {
    }
  }
  Statement* operator->() { return statement_; }
  Statement& operator*() { return *statement_; }

 private:
  template <class Value>
  static auto convert(const Value& value) {
    if constexpr (std::is_integral_v<Value> || std::is_enum_v<Value>)
      return static_cast<std::int64_t>(value);
    else if constexpr (std::is_convertible_v<const Value&, std::string_view>)
      return std::string_view(value);
    else if constexpr (requires { value.view(); })
      return BytesView(value.view());
    else
      return BytesView(value);
  }
  Statement* statement_;
};

struct DatabaseFile {
  std::string path;
  const SecretBytes* key = nullptr;  // 32 raw bytes; null only for ":memory:"
  const char* vfs = nullptr;
  bool create = false;
};

// One connection. Not thread-safe.
class Database {
 public:
  // Opens with the product's settings: page 8 KiB, WAL, FULL, memory temp store, secure delete, cell checks,
  // untrusted schema, defensive. Throws missingVault, badKey (the key does not open it), damaged, io.
  explicit Database(const DatabaseFile& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // A kept statement; the same text gives the same one. Nest a text only with itself reset.
  Query query(std::string_view sql);
  // A statement owned by the caller, for those kept under another name than their text.
  std::unique_ptr<Statement> prepare(std::string_view sql);
  void run(const char* sql);
  std::int64_t number(std::string_view sql);  // first column of the first row; 0 if none
  void attach(const std::string& path, std::string_view name, const SecretBytes& key);
  // SQLCipher says OK also when it failed: whoever calls this opens the file anew and looks.
  void changeKey(const SecretBytes& key);
  // Brings everything from the WAL into the file. `truncateLog` throws busy while another connection is in the way;
  // `leaveLog` ends the log altogether, for a file that nobody else has open and that is to be moved; else io.
  void truncateLog();
  void leaveLog();
  void dropStatements() { kept_.clear(); }

  sqlite3* raw() const { return db_; }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  sqlite3* db_ = nullptr;
  std::unordered_map<std::string, std::unique_ptr<Statement>, TextHash, std::equal_to<>> kept_;
};

// `name` as an SQL identifier.
std::string identifier(std::string_view name);

// The typed error of an SQLite status; `where` says what was being done.
[[noreturn]] void throwSqlite(int status, sqlite3* db, std::string_view where);

}  // namespace cinnabar
