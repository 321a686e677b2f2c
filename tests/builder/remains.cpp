#include "tests/builder/remains.h"

#include <iconv.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/blob/blob.h"
#include "core/log/seal.h"

namespace cinnabar::test {
namespace {

std::string in(const char* encoding, std::string_view word) {
  const iconv_t to = iconv_open(encoding, "UTF-8");
  std::string source(word), out(word.size() * 4, '\0');
  char* from = source.data();
  char* into = out.data();
  std::size_t left = source.size(), room = out.size();
  const bool done = iconv(to, &from, &left, &into, &room) != static_cast<std::size_t>(-1);
  iconv_close(to);
  if (!done) throw std::runtime_error(std::string("the word has no form in ") + encoding);
  out.resize(out.size() - room);
  return out;
}

bool contains(std::string_view bytes, std::string_view word) {
  for (const char* encoding : {"UTF-8", "UTF-16LE", "UTF-16BE", "GB18030"})
    if (bytes.find(in(encoding, word)) != std::string_view::npos) return true;
  return false;
}

bool fileContains(const std::filesystem::path& path, std::string_view word) {
  std::ifstream file(path, std::ios::binary);
  return contains(std::string(std::istreambuf_iterator<char>(file), {}), word);
}

std::string valueText(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* bytes = std::get_if<Bytes>(&value)) return std::string(bytes->begin(), bytes->end());
  return "";
}

// SQLite hands out its pages as the cipher opens them.
bool pagesContain(sqlite3* db, std::string_view word) {
  sqlite3_int64 length = 0;
  unsigned char* bytes = sqlite3_serialize(db, "main", &length, 0);
  if (bytes == nullptr) throw std::runtime_error("the pages cannot be read");
  const bool found = contains({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length)}, word);
  sqlite3_free(bytes);
  return found;
}

bool piecesContain(Store& store, Level level, std::string_view word) {
  // Every piece is sealed for its blob; what a record still names is read through it, the rest has to be gone.
  Vault& vault = store.vault(level);
  const EntityType* entity = store.catalog().find("Attachment");
  if (!vault.holdsTableOf(*entity)) return vault.database().number("SELECT count(*) FROM chunk") > 0;
  std::vector<RecordId> ids;
  {
    Query q = vault.database().query("SELECT id FROM Attachment");
    while (q.step()) ids.push_back(*RecordId::of(q->blob(0)));
  }
  for (const RecordId& id : ids) {
    std::string content;
    detach(store, id, [&](BytesView part) { return content.append(part.begin(), part.end()), true; });
    if (contains(content, word)) return true;
  }
  return vault.database().number("SELECT count(*) FROM chunk WHERE blob NOT IN (SELECT content FROM Attachment)") > 0;
}

}  // namespace

bool inAnyFile(const std::string& path, std::string_view word) {
  if (!std::filesystem::is_directory(path)) return fileContains(path, word);
  for (const auto& file : std::filesystem::recursive_directory_iterator(path))
    if (file.is_regular_file() && fileContains(file.path(), word)) return true;
  return false;
}

bool inLog(Store& store, std::string_view word) {
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    bool found = false;
    Log(vault).scan(0, [&](LogEntry& entry) {
      const Header header = decodeHeader(entry.sealed.header);
      const Opener opener(header, vault.compartmentKey(header.compartment, header.epoch));
      const auto items = splitItems(entry.sealed.items, header.items);
      for (std::size_t i = 0; i < items.size(); ++i)
        if (!items[i].scrubbed)
          for (const Write& write : opener.open(items[i].bytes, i).writes)
            found = found || contains(valueText(write.value), word);
      return !found;
    });
    if (found) return true;
  }
  return false;
}

bool inAnyPage(Store& store, std::string_view word) {
  for (const Level level : store.levels())
    if (pagesContain(store.vault(level).database().raw(), word) || piecesContain(store, level, word)) return true;
  return inLog(store, word);
}

}  // namespace cinnabar::test
