#include "core/vault/free_pages.h"

#include <algorithm>

#include "core/base/error.h"

namespace cinnabar {
namespace {

std::uint32_t numberAt(BytesView bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

[[noreturn]] void damaged() { throw Error(Code::damaged, "the list of a vault's free pages does not hold together"); }

// SQLite's own format, https://sqlite.org/fileformat.html 1.5: trunk pages name the next and the leaves.
FreePages walk(BytesView pages, std::size_t size) {
  FreePages out;
  const std::size_t count = pages.size() / size;
  const auto page = [&](std::uint32_t number) {
    if (number == 0 || number > count) damaged();
    return pages.subspan((number - 1) * size, size);
  };
  for (std::uint32_t trunk = count == 0 ? 0 : numberAt(pages.subspan(32)); trunk != 0;) {
    const BytesView body = page(trunk);
    const std::uint32_t leaves = numberAt(body.subspan(4));
    if (leaves > size / 4 - 2 || ++out.all > count) damaged();
    for (std::uint32_t i = 0; i < leaves; ++i) {
      const BytesView leaf = page(numberAt(body.subspan(8 + 4 * std::size_t{i})));
      ++out.all;
      if (std::any_of(leaf.begin(), leaf.end(), [](Byte b) { return b != 0; })) ++out.filled;
    }
    trunk = numberAt(body);
  }
  return out;
}

}  // namespace

std::optional<FreePages> freePagesOf(Vault& vault) {
  Database& db = vault.database();
  const std::int64_t size = db.number("PRAGMA page_size");
  if (db.number("PRAGMA page_count") * size > longestLookedThrough_bytes) return std::nullopt;
  sqlite3_int64 length = 0;
  unsigned char* bytes = sqlite3_serialize(db.raw(), "main", &length, 0);
  if (bytes == nullptr) throw Error(Code::limit, "there is no room to look through the vault's pages");
  const auto release = [&] {
    sodium_memzero(bytes, static_cast<std::size_t>(length));
    sqlite3_free(bytes);
  };
  try {
    const FreePages out = walk({bytes, static_cast<std::size_t>(length)}, static_cast<std::size_t>(size));
    release();
    return out;
  } catch (...) {
    release();
    throw;
  }
}

}  // namespace cinnabar
