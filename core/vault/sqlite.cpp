#include "core/vault/sqlite.h"

#include <mutex>

#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr int busyWait_ms = 5000;

Code codeOf(int status) {
  if (status == SQLITE_CONSTRAINT_COMMITHOOK) return Code::io;  // see Vault::mayCommit
  switch (status & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return Code::damaged;
    case SQLITE_FULL: return Code::diskFull;
    case SQLITE_READONLY:
    case SQLITE_PERM: return Code::readOnly;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Code::busy;
    case SQLITE_INTERRUPT: return Code::cancelled;
    case SQLITE_TOOBIG: return Code::limit;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN: return Code::io;
    case SQLITE_AUTH:
    case SQLITE_ERROR:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE: return Code::invalidInput;
    default: return Code::internal;
  }
}

// The form in which SQLCipher takes a raw key: x'<64 hex digits>'.
class RawKeyText {
 public:
  explicit RawKeyText(const SecretBytes& key) : text_(key.size() * 2 + 4) {
    CNB_ASSERT(key.size() == keySize);
    char* out = reinterpret_cast<char*>(text_.span().data());
    out[0] = 'x';
    out[1] = '\'';
    sodium_bin2hex(out + 2, key.size() * 2 + 1, key.data(), key.size());
    out[2 + key.size() * 2] = '\'';
  }
  const char* text() const { return reinterpret_cast<const char*>(text_.data()); }
  int size() const { return static_cast<int>(text_.size()) - 1; }

 private:
  SecretBytes text_;
};

// SQLCipher writes its own log to standard error unless told otherwise before the first key.
void silenceCipherLog() {
  static std::once_flag once;
  std::call_once(once, [] {
    sqlite3* db = nullptr;
    if (sqlite3_open(":memory:", &db) == SQLITE_OK) {
      // Level and target are turned on again by the first key; the sources are not.
      sqlite3_exec(db, "PRAGMA cipher_log_source=NONE", nullptr, nullptr, nullptr);
      // Attached files take the page size from here; there is no other way to tell them. VACUUM INTO sizes a
      // buffer by it, too: with the default it would write heap memory beyond that buffer into the copy.
      sqlite3_exec(db, "PRAGMA cipher_default_page_size=8192", nullptr, nullptr, nullptr);
    }
    sqlite3_close(db);
  });
}

}  // namespace

void throwSqlite(int status, sqlite3* db, std::string_view where) {
  std::string what(where);
  what += ": ";
  what += db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(status);
  throw Error(codeOf(status), what);
}

std::string identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

Statement::Statement(sqlite3* db, std::string_view sql) {
  const char* tail = nullptr;
  const int status =
      sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement_, &tail);
  if (status != SQLITE_OK) throwSqlite(status, db, "statement");
  const std::string_view rest(tail, static_cast<std::size_t>(sql.data() + sql.size() - tail));
  if (statement_ == nullptr || rest.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    sqlite3_finalize(statement_);
    throw Error(Code::invalidInput, "exactly one SQL statement is expected");
  }
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::fail(int status) const { throwSqlite(status, sqlite3_db_handle(statement_), "vault"); }

void Statement::bind(int at, std::int64_t value) {
  if (const int s = sqlite3_bind_int64(statement_, at, value); s != SQLITE_OK) fail(s);
}
void Statement::bind(int at, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  if (const int s = sqlite3_bind_text64(statement_, at, data, text.size(), SQLITE_STATIC, SQLITE_UTF8); s != SQLITE_OK)
    fail(s);
}
void Statement::bind(int at, BytesView blob) {
  static constexpr Byte none = 0;
  const Byte* data = blob.data() == nullptr ? &none : blob.data();
  if (const int s = sqlite3_bind_blob64(statement_, at, data, blob.size(), SQLITE_STATIC); s != SQLITE_OK) fail(s);
}
void Statement::bindNull(int at) {
  if (const int s = sqlite3_bind_null(statement_, at); s != SQLITE_OK) fail(s);
}

bool Statement::step() {
  const int status = sqlite3_step(statement_);
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  fail(status);
}

void Statement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return data == nullptr ? std::string_view()
                         : std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

BytesView Statement::blob(int column) const {
  const auto* data = static_cast<const Byte*>(sqlite3_column_blob(statement_, column));
  return data == nullptr ? BytesView()
                         : BytesView(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

Database::Database(const DatabaseFile& file) {
  silenceCipherLog();
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (file.create ? SQLITE_OPEN_CREATE : 0);
  int status = sqlite3_open_v2(file.path.c_str(), &db_, flags, file.vfs);
  try {
    if (status != SQLITE_OK) throwSqlite(status, db_, "cannot open " + file.path);
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, busyWait_ms);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    if (file.key != nullptr) {
      const RawKeyText key(*file.key);
      status = sqlite3_key(db_, key.text(), key.size());
      if (status != SQLITE_OK) throwSqlite(status, db_, "cannot key " + file.path);
      run("PRAGMA cipher_page_size=8192");
    }
    run("PRAGMA temp_store=MEMORY");
    if (file.key != nullptr) {
      try {
        number("SELECT count(*) FROM sqlite_schema");
      } catch (const Error& error) {
        if (error.code() != Code::damaged) throw;
        throw Error(Code::damaged, file.path + " does not open with its key: it is damaged, or another site's");
      }
      if (file.create) run("PRAGMA auto_vacuum=0");
      run("PRAGMA journal_mode=WAL");
      number(
          "SELECT count(*) FROM sqlite_schema");  // a log that cannot be opened is told here, and not by a pragma below
      run("PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
          "PRAGMA cache_size=-65536; PRAGMA foreign_keys=OFF; PRAGMA wal_autocheckpoint=2000");
    }
  } catch (...) {
    sqlite3_close_v2(db_);
    throw;
  }
}

Database::~Database() {
  kept_.clear();
  sqlite3_close_v2(db_);
}

Query Database::query(std::string_view sql) {
  auto found = kept_.find(sql);
  if (found == kept_.end()) found = kept_.emplace(std::string(sql), prepare(sql)).first;
  return Query(*found->second);
}

std::unique_ptr<Statement> Database::prepare(std::string_view sql) { return std::make_unique<Statement>(db_, sql); }

void Database::run(const char* sql) {
  if (const int status = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr); status != SQLITE_OK)
    throwSqlite(status, db_, "vault");
}

std::int64_t Database::number(std::string_view sql) {
  Query q = query(sql);
  return q.step() ? q->integer(0) : 0;
}

void Database::changeKey(const SecretBytes& key) {
  const RawKeyText text(key);
  if (const int status = sqlite3_rekey(db_, text.text(), text.size()); status != SQLITE_OK)
    throwSqlite(status, db_, "cannot change the key");
}

void Database::truncateLog() {
  Query q = query("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!q.step() || q->integer(0) != 0) throw Error(Code::busy, "the vault is being read elsewhere: close it there");
}

void Database::leaveLog() {
  Query q = query("PRAGMA journal_mode=DELETE");
  if (!q.step() || q->text(0) != "delete")
    throw Error(Code::io, "what a log holds could not be brought into its file: is there room on the disk?");
}

void Database::attach(const std::string& path, std::string_view name, const SecretBytes& key) {
  const RawKeyText text(key);
  Statement statement(db_, "ATTACH DATABASE ?1 AS " + identifier(name) + " KEY ?2");
  statement.bind(1, path);
  statement.bind(2, std::string_view(text.text(), static_cast<std::size_t>(text.size())));
  try {
    statement.step();
  } catch (const Error& error) {
    if (error.code() != Code::damaged) throw;
    throw Error(Code::damaged, path + " does not open with its key: it is damaged, or another site's");
  }
}

}  // namespace cinnabar
