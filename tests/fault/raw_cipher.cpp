#include "tests/fault/raw_cipher.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace cinnabar::test {
namespace {

int keep(void* rows, int count, char** values, char**) {
  auto& row = static_cast<std::vector<std::vector<std::string>>*>(rows)->emplace_back();
  for (int i = 0; i < count; ++i) row.emplace_back(values[i] == nullptr ? "(null)" : values[i]);
  return 0;
}

}  // namespace

std::string rawKeyOf(char digit) { return "x'" + std::string(64, digit) + "'"; }

// The source, not the level and not the target: the first key sets both of those again if they are off.
void silenceCipherLog() {
  static const bool silenced = [] {
    sqlite3* db = nullptr;
    if (sqlite3_open(":memory:", &db) == SQLITE_OK)
      sqlite3_exec(db, "PRAGMA cipher_log_source=NONE", nullptr, nullptr, nullptr);
    return sqlite3_close(db) == SQLITE_OK;
  }();
  if (!silenced) throw std::runtime_error("the cipher's log cannot be silenced");
}

RawCipher::RawCipher(const std::string& path, const RawSettings& settings) {
  silenceCipherLog();
  status_ = sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                            settings.vfs);
  if (status_ != SQLITE_OK) return;
  sqlite3_extended_result_codes(db_, 1);
  const std::string key = rawKeyOf(settings.key);
  status_ = sqlite3_key(db_, key.data(), static_cast<int>(key.size()));
  if (status_ != SQLITE_OK) return;
  status_ = tries("PRAGMA cipher_page_size=" + std::to_string(settings.page_bytes) +
                  "; PRAGMA temp_store=MEMORY; PRAGMA auto_vacuum=" + settings.autoVacuum +
                  "; PRAGMA journal_mode=WAL; PRAGMA synchronous=" + settings.synchronous +
                  "; PRAGMA secure_delete=ON; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0");
}

RawCipher::~RawCipher() { sqlite3_close_v2(db_); }

RawAnswer RawCipher::answer(const std::string& sql) {
  RawAnswer out;
  out.status = sqlite3_exec(db_, sql.c_str(), keep, &out.rows, nullptr);
  return out;
}

void RawCipher::run(const std::string& sql) {
  if (tries(sql) != SQLITE_OK) throw std::runtime_error(sql + ": " + sqlite3_errmsg(db_));
}

std::string RawCipher::value(const std::string& sql) {
  const RawAnswer out = answer(sql);
  if (out.status != SQLITE_OK || out.rows.size() != 1 || out.rows[0].size() != 1)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(db_) + ", rows " + std::to_string(out.rows.size()));
  return out.rows[0][0];
}

std::string RawCipher::complaints() {
  std::string out;
  tries("PRAGMA wal_checkpoint(TRUNCATE)");
  for (const char* check : {"PRAGMA cipher_integrity_check", "PRAGMA integrity_check"}) {
    const RawAnswer found = answer(check);
    if (found.status != SQLITE_OK) out += std::string(check) + ": " + sqlite3_errmsg(db_) + "\n";
    for (const auto& row : found.rows)
      if (row[0] != "ok") out += row[0] + "\n";
  }
  return out;
}

// The default page size first: the new file's cipher takes its buffers from there, while its pages are as large as
// the source's. Were the default smaller, SQLCipher 4.6.1 would write from beyond the buffer, what else is in memory.
int RawCipher::vacuumInto(const std::string& path) {
  run("PRAGMA cipher_default_page_size=" + value("PRAGMA cipher_page_size"));
  return tries("VACUUM INTO '" + path + "'");
}

Bytes contentOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void setContent(const std::string& path, BytesView content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

void flipBit(const std::string& path, std::uint64_t offset) {
  Bytes content = contentOf(path);
  content.at(offset) ^= 1;
  setContent(path, content);
}

}  // namespace cinnabar::test
