// s41 bit by bit: each bit of a vault's pages lies under the cipher's check or under one of ours. What a reader is told
// when a page is refused is bit_flip_test.cpp's claim; here every bit can be tried, because one costs a few page reads.
//
// By default every seventh bit of one page; CINNABAR_FLIPS=all takes every page of both vaults (about an hour), another
// CINNABAR_SEED other pages. Page 1 is read when the key is set, so each of its flips opens the file anew.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <random>

#include "core/base/error.h"
#include "core/vault/sqlite.h"
#include "tests/fault/raw_cipher.h"
#include "tests/storage/small_site.h"

using namespace cinnabar;
using namespace cinnabar::test;

namespace {

constexpr std::uint64_t page_bytes = 8192;

// One byte of a file that others have open, changed in place.
class ByteOf {
 public:
  ByteOf(const std::string& path, std::uint64_t at) : file_(open(path.c_str(), O_RDWR)), at_(static_cast<off_t>(at)) {
    BOOST_REQUIRE(file_ >= 0 && pread(file_, &was_, 1, at_) == 1);
  }
  ~ByteOf() {
    set(was_);
    close(file_);
  }
  ByteOf(const ByteOf&) = delete;
  ByteOf& operator=(const ByteOf&) = delete;
  void flip(unsigned bit) { set(static_cast<Byte>(was_ ^ (1U << bit))); }

 private:
  void set(Byte byte) { BOOST_REQUIRE(pwrite(file_, &byte, 1, at_) == 1); }
  int file_;
  off_t at_;
  Byte was_ = 0;
};

// A reading of one whole table or index, and the pages that it goes through.
struct Reading {
  std::unique_ptr<Statement> statement;
  std::size_t pages = 0;
};

std::vector<Reading> readingsOf(Database& db) {
  std::vector<std::string> texts;
  Query q = db.query("SELECT type,name,tbl_name FROM sqlite_schema WHERE rootpage>0");
  while (q.step()) {
    const std::string table = identifier(q->text(2));
    texts.push_back(q->text(0) == "table" ? "SELECT * FROM " + table
                                          : "SELECT 1 FROM " + table + " INDEXED BY " + identifier(q->text(1)));
  }
  texts.emplace_back("SELECT * FROM sqlite_schema");
  std::vector<Reading> out;
  for (const std::string& text : texts) out.push_back({db.prepare(text), 0});
  return out;
}

bool succeeds(Database& db, Statement& reading) {
  sqlite3_db_release_memory(db.raw());
  try {
    Query q(reading);
    while (q.step())
      for (int column = 0; column < q->columns(); ++column) q->blob(column);  // the last overflow page, too
    return true;
  } catch (const Error&) {
    return false;
  }
}

// For each page the reading that fails when the page is damaged, of those the one through the fewest pages; null
// where none does.
std::vector<Statement*> readingByPage(Database& db, const std::string& path, std::vector<Reading>& readings,
                                      std::uint64_t pages) {
  std::vector<std::vector<Reading*>> through(pages + 1);
  for (std::uint64_t page = 2; page <= pages; ++page) {
    ByteOf byte(path, (page - 1) * page_bytes + 100);
    byte.flip(0);
    for (Reading& reading : readings)
      if (!succeeds(db, *reading.statement)) {
        through[page].push_back(&reading);
        ++reading.pages;
      }
  }
  std::vector<Statement*> out(pages + 1, nullptr);
  for (std::uint64_t page = 2; page <= pages; ++page) {
    const auto best = std::min_element(through[page].begin(), through[page].end(),
                                       [](const Reading* a, const Reading* b) { return a->pages < b->pages; });
    if (best != through[page].end()) out[page] = (*best)->statement.get();
  }
  return out;
}

bool opens(const std::string& path, const SecretBytes& key) {
  try {
    Database db({path, &key, nullptr, false});
    return db.number("SELECT count(*) FROM sqlite_schema") > 0;
  } catch (const Error&) {
    return false;
  }
}

bool all() {
  const char* flips = std::getenv("CINNABAR_FLIPS");
  return flips != nullptr && std::string(flips) == "all";
}

std::vector<std::uint64_t> pagesToTry(std::uint64_t pages) {
  std::vector<std::uint64_t> out;
  if (all()) {
    for (std::uint64_t page = 1; page <= pages; ++page) out.push_back(page);
  } else {
    const char* seed = std::getenv("CINNABAR_SEED");
    std::mt19937_64 dice(seed == nullptr ? 1 : std::strtoull(seed, nullptr, 10));
    out.push_back(2 + dice() % (pages - 1));
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flipped_pages)

BOOST_AUTO_TEST_CASE(s41_every_bit_of_a_page_is_under_the_ciphers_check_or_ours) {
  SmallSite site;
  std::uint64_t refused = 0, answered = 0;
  for (const Level level : {Level::open, Level::internal}) {
    SecretBytes key;
    {
      const auto store = openSite(site.opening());
      key = store->keyOf(level).clone();
    }  // the last to close brings the WAL into the file
    const std::string path = vaultFileOf(site.folder(), level);
    Database db({path, &key, nullptr, false});
    const auto pages = static_cast<std::uint64_t>(db.number("SELECT page_count FROM pragma_page_count"));
    std::vector<Reading> readings = readingsOf(db);
    const std::vector<Statement*> reading = readingByPage(db, path, readings, pages);
    for (const std::uint64_t number : pagesToTry(pages)) {
      if (number > 1 && reading[number] == nullptr) continue;
      for (std::uint64_t i = 0; i < page_bytes * 8; i += all() ? 1 : 7, ++refused) {
        const std::uint64_t at = (number - 1) * page_bytes + i / 8;
        ByteOf byte(path, at);
        byte.flip(static_cast<unsigned>(i % 8));
        const bool accepted = number == 1 ? opens(path, key) : succeeds(db, *reading[number]);
        BOOST_REQUIRE_MESSAGE(!accepted, "bit " << i % 8 << " of byte " << at << " of " << path << " went unnoticed");
      }
      BOOST_REQUIRE(number == 1 || succeeds(db, *reading[number]));
    }
    // What the cipher lets pass, the last overflow page of a long row, is the product's to notice.
    for (std::uint64_t number = 2; number <= pages; ++number) {
      if (reading[number] != nullptr) continue;
      for (std::uint64_t i = 0; i < page_bytes * 8; i += all() ? 1 : 1009) {
        const std::uint64_t at = (number - 1) * page_bytes + i / 8;
        ByteOf byte(path, at);
        byte.flip(static_cast<unsigned>(i % 8));
        BOOST_REQUIRE_MESSAGE(errorsIn(site.answers(), site.right()) >= 0,
                              "a wrong answer with success: bit " << i % 8 << " of byte " << at << " of " << path);
        ++answered;
      }
    }
  }
  BOOST_TEST_MESSAGE(refused << " flipped bits refused by the cipher, " << answered << " noticed above it");
  BOOST_TEST(answered > 0);
}

BOOST_AUTO_TEST_SUITE_END()
