// The FTS5 tokenizer "cinnabar": token.h for an index.
#pragma once

struct sqlite3;

namespace cinnabar {

// Registers the tokenizer on one connection, which must not be in use by another thread. Every connection
// that reads or writes a table made with tokenize='cinnabar' needs it, before its first statement about that
// table. Tables keep detail=full (words are phrases); prefix='1' makes a search for one ideograph fast.
// Throws Code::internal if the SQLite library has no FTS5.
void registerTokenizer(sqlite3* db);

}  // namespace cinnabar
