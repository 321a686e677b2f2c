#include "core/search/tokenizer.h"

#include <sqlcipher/sqlite3.h>

#include <memory>
#include <new>

#include "core/base/error.h"
#include "core/search/token.h"

namespace cinnabar {

namespace {

using EmitToken = int (*)(void*, int, const char*, int, int, int);

// The tokenizer has no state; FTS5 only wants a pointer that is not null.
int create(void*, const char**, int, Fts5Tokenizer** tokenizer) {
  static char stateless = 0;
  *tokenizer = reinterpret_cast<Fts5Tokenizer*>(&stateless);
  return SQLITE_OK;
}

void destroy(Fts5Tokenizer*) {}

// C calls this: nothing may be thrown through it.
int tokenize(Fts5Tokenizer*, void* context, int flags, const char* text, int size_bytes, EmitToken emit) noexcept {
  if (text == nullptr || size_bytes <= 0) return SQLITE_OK;
  const Purpose purpose = (flags & FTS5_TOKENIZE_QUERY) != 0 ? Purpose::query : Purpose::index;
  const auto sink = [&](const Token& token) {
    return emit(context, token.samePlace ? FTS5_TOKEN_COLOCATED : 0, token.text.data(),
                static_cast<int>(token.text.size()), static_cast<int>(token.begin_bytes),
                static_cast<int>(token.end_bytes));
  };
  try {
    return cut({text, static_cast<std::size_t>(size_bytes)}, purpose, sink);
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  } catch (...) {
    return SQLITE_ERROR;
  }
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

// FTS5 hands its functions out through a pointer bound to a SELECT; null if there is no FTS5.
fts5_api* fts5Of(sqlite3* db) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &raw, nullptr) != SQLITE_OK) return nullptr;
  const std::unique_ptr<sqlite3_stmt, Finalize> statement(raw);
  fts5_api* api = nullptr;
  sqlite3_bind_pointer(raw, 1, &api, "fts5_api_ptr", nullptr);
  sqlite3_step(raw);
  return api;
}

}  // namespace

void registerTokenizer(sqlite3* db) {
  fts5_api* api = fts5Of(db);
  fts5_tokenizer functions{create, destroy, tokenize};
  if (api == nullptr || api->xCreateTokenizer(api, "cinnabar", nullptr, &functions, nullptr) != SQLITE_OK) {
    throw Error(Code::internal, "the search tokenizer cannot be registered: the SQLite library needs FTS5");
  }
}

}  // namespace cinnabar
