// SQLCipher as it is, without any of the product's guards: to show what it does by itself, and to try the faults.
#pragma once
#include <sqlcipher/sqlite3.h>

#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace cinnabar::test {

struct RawSettings {
  int page_bytes = 8192;
  const char* vfs = nullptr;
  const char* synchronous = "FULL";
  const char* autoVacuum = "NONE";
  char key = 'a';  // 64 times this hexadecimal digit
};

struct RawAnswer {
  int status = SQLITE_OK;
  std::vector<std::vector<std::string>> rows;  // NULL as "(null)"
};

// One connection with the product's pragmas: raw key, WAL, cell checks, temporary tables in memory. Nothing throws
// but `run`: what SQLCipher answers is what is tested.
class RawCipher {
 public:
  explicit RawCipher(const std::string& path, const RawSettings& settings = {});
  ~RawCipher();
  RawCipher(const RawCipher&) = delete;
  RawCipher& operator=(const RawCipher&) = delete;

  // Of opening, keying and the pragmas together.
  int status() const { return status_; }
  int tries(const std::string& sql) { return answer(sql).status; }
  RawAnswer answer(const std::string& sql);
  // Throws std::runtime_error unless SQLITE_OK.
  void run(const std::string& sql);
  // The one value of the one row; throws std::runtime_error on any other answer.
  std::string value(const std::string& sql);
  // Empty if integrity_check says ok and cipher_integrity_check says nothing; otherwise what they say.
  // Checkpoints first, because cipher_integrity_check looks past the WAL at the file.
  std::string complaints();
  // Into a new file under the same key.
  int vacuumInto(const std::string& path);
  sqlite3* raw() const { return db_; }

 private:
  sqlite3* db_ = nullptr;
  int status_;
};

// "x'<64 hexadecimal digits>'"
std::string rawKeyOf(char digit);
// Once for the process, before the first key: otherwise SQLCipher writes its log to standard error.
void silenceCipherLog();

Bytes contentOf(const std::string& path);
void setContent(const std::string& path, BytesView content);
void flipBit(const std::string& path, std::uint64_t offset);

}  // namespace cinnabar::test
