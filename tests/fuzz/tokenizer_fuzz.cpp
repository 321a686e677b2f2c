// The first byte says where the words end and the text begins. What the index says and what is said without
// it agree.
#include <sqlcipher/sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/base/error.h"
#include "core/search/tokenizer.h"
#include "core/search/words.h"
#include "tests/fuzz/target.h"

namespace {

sqlite3* openIndex() {
  sqlite3* db = nullptr;
  if (sqlite3_open(":memory:", &db) != SQLITE_OK) std::abort();
  cinnabar::registerTokenizer(db);
  if (sqlite3_exec(db, "CREATE VIRTUAL TABLE t USING fts5(body, tokenize='cinnabar')", nullptr, nullptr, nullptr)) {
    std::abort();
  }
  return db;
}

bool finds(sqlite3* db, const char* sql, std::string_view argument) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, nullptr) != SQLITE_OK) std::abort();
  sqlite3_bind_text(statement, 1, argument.data(), static_cast<int>(argument.size()), SQLITE_TRANSIENT);
  const int status = sqlite3_step(statement);
  if (status != SQLITE_ROW && status != SQLITE_DONE) std::abort();
  sqlite3_finalize(statement);
  return status == SQLITE_ROW;
}

}  // namespace

std::vector<cinnabar::Bytes> cinnabar::fuzz::seeds() {
  return {chosen(6, bytesOf("雪灾防雪灾值班表 A-12 ＡＢ")), chosen(3, bytesOf("abcABC abc 会")),
          chosen(4, bytesOf("x 办办公室"))};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size_bytes) {
  static sqlite3* const db = openIndex();
  if (size_bytes == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(bytes) + 1, size_bytes - 1);
  const std::size_t wordsSize_bytes = std::min<std::size_t>(bytes[0], rest.size());
  const std::string_view words = rest.substr(0, wordsSize_bytes);
  const std::string_view text = rest.substr(wordsSize_bytes);
  try {
    const std::string expression = cinnabar::matchExpression(words);
    finds(db, "DELETE FROM t WHERE ?1 IS NOT NULL", "");
    finds(db, "INSERT INTO t(body) VALUES (?1)", text);
    if (finds(db, "SELECT 1 FROM t WHERE t MATCH ?1", expression) != cinnabar::matches(text, words)) std::abort();
  } catch (const cinnabar::Error& error) {
    if (error.code() != cinnabar::Code::invalidArgument) std::abort();
  }
  return 0;
}
