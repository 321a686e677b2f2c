// Raw SQLCipher reports a page that fails its check not when it reads it but at the next page it fetches. Whoever
// fetches no other gets zeros and SQLITE_OK. That is why no row of ours leaves its page.
#include <boost/test/unit_test.hpp>

#include "tests/builder/prefecture.h"
#include "tests/fault/raw_cipher.h"

using namespace cinnabar;
using namespace cinnabar::test;

namespace {

struct Read {
  int status = SQLITE_OK;
  std::string text;
};

// One vault with the texts of `lengths` as rows 1, 2, …
struct LongTexts {
  LongTexts(int pageBytes, const std::vector<std::size_t>& lengths) : settings{.page_bytes = pageBytes} {
    RawCipher db(path, settings);
    db.run("CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
    for (const std::size_t length : lengths) db.run("INSERT INTO t(body) VALUES('" + std::string(length, 'x') + "')");
    db.run("PRAGMA wal_checkpoint(TRUNCATE)");
    whole = contentOf(path);
  }

  std::size_t pages() const { return whole.size() / static_cast<std::size_t>(settings.page_bytes); }

  void flipBitInPage(std::size_t page, std::size_t at = 100) const {
    setContent(path, whole);
    flipBit(path, (page - 1) * static_cast<std::size_t>(settings.page_bytes) + at);
  }

  // As a program reads a record: one step, one column, and asked whether all went well.
  Read row(int id) const {
    RawCipher db(path, settings);
    sqlite3_stmt* statement = nullptr;
    Read out{sqlite3_prepare_v2(db.raw(), "SELECT body FROM t WHERE id = ?1", -1, &statement, nullptr), ""};
    if (out.status != SQLITE_OK) return out;
    sqlite3_bind_int(statement, 1, id);
    if (sqlite3_step(statement) == SQLITE_ROW) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
      out.text.assign(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, 0)));
      sqlite3_step(statement);
    }
    out.status = sqlite3_finalize(statement);
    return out;
  }

  std::string complaints() const { return RawCipher(path, settings).complaints(); }

  Folder folder;
  std::string path = folder / "vault";
  RawSettings settings;
  Bytes whole;
};

bool endsInZeros(const std::string& text, std::size_t length) {
  const std::size_t zeros = text.find('\0');
  return text.size() == length && zeros != std::string::npos &&
         text.find_first_not_of('\0', zeros) == std::string::npos;
}

// The longest text of a row with an integer key that stays in its page: page less 80 bytes of the cipher's, 35 that
// the b-tree keeps, and 4 of the record's header.
constexpr std::size_t longestInPage(int pageBytes) { return static_cast<std::size_t>(pageBytes) - 80 - 35 - 4; }

int copyByBackup(const LongTexts& from, const std::string& to) {
  const RawCipher source(from.path, from.settings);
  const RawCipher target(to, from.settings);
  sqlite3_backup* backup = sqlite3_backup_init(target.raw(), "main", source.raw(), "main");
  BOOST_REQUIRE(backup != nullptr);
  sqlite3_backup_step(backup, -1);
  return sqlite3_backup_finish(backup);
}

int copyByExport(const LongTexts& from, const std::string& to) {
  RawCipher db(from.path, from.settings);
  db.run("ATTACH '" + to + "' AS copy KEY \"" + rawKeyOf('a') +
         "\"; PRAGMA copy.cipher_page_size=" + std::to_string(from.settings.page_bytes));
  return db.tries("SELECT sqlcipher_export('copy')");
}

int copyByVacuum(const LongTexts& from, const std::string& to) {
  return RawCipher(from.path, from.settings).vacuumInto(to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(overflow)

BOOST_AUTO_TEST_CASE(raw_sqlcipher_returns_ok_with_zeros_for_a_flipped_bit_in_the_last_overflow_page) {
  for (const int pageBytes : {4096, 8192}) {
    const std::size_t length = static_cast<std::size_t>(pageBytes) * 3;
    const LongTexts texts(pageBytes, {length});
    for (std::size_t page = 1; page < texts.pages(); ++page) {
      texts.flipBitInPage(page);
      BOOST_TEST(texts.row(1).status != SQLITE_OK);
    }
    for (const std::size_t at : {std::size_t{0}, std::size_t{100}, static_cast<std::size_t>(pageBytes) - 1}) {
      texts.flipBitInPage(texts.pages(), at);
      const Read read = texts.row(1);
      BOOST_TEST(read.status == SQLITE_OK);
      BOOST_TEST(endsInZeros(read.text, length));
      BOOST_TEST(texts.complaints() != "");
    }
  }
}

BOOST_AUTO_TEST_CASE(raw_sqlcipher_gives_an_error_for_a_flipped_bit_anywhere_when_the_row_fits_its_page) {
  for (const int pageBytes : {4096, 8192}) {
    const std::size_t length = longestInPage(pageBytes);
    const LongTexts fitting(pageBytes, {length});
    for (std::size_t page = 1; page <= fitting.pages(); ++page)
      for (std::size_t at = 0; at < static_cast<std::size_t>(pageBytes); at += 509) {
        fitting.flipBitInPage(page, at);
        BOOST_TEST(fitting.row(1).status != SQLITE_OK);
      }

    const LongTexts longer(pageBytes, {length + 1});
    longer.flipBitInPage(longer.pages());
    BOOST_TEST(longer.row(1).status == SQLITE_OK);
    BOOST_TEST(endsInZeros(longer.row(1).text, length + 1));
  }
}

BOOST_AUTO_TEST_CASE(raw_sqlcipher_copies_by_backup_and_export_the_zeros_of_a_last_page_and_all_checks_pass) {
  for (const int pageBytes : {4096, 8192}) {
    const std::size_t length = static_cast<std::size_t>(pageBytes) * 2;
    LongTexts texts(pageBytes, {length, length});
    texts.flipBitInPage(texts.pages());
    for (const auto copy : {copyByBackup, copyByExport}) {
      const std::string to = texts.folder / "copy";
      std::filesystem::remove(to);
      BOOST_TEST(copy(texts, to) == SQLITE_OK);
      LongTexts copied(pageBytes, {});
      copied.path = to;
      BOOST_TEST(copied.complaints() == "");
      BOOST_TEST(copied.row(1).text == std::string(length, 'x'));
      BOOST_TEST(endsInZeros(copied.row(2).text, length));
    }
  }
}

// The other pages: only what comes last hides.
BOOST_AUTO_TEST_CASE(raw_sqlcipher_backup_fails_for_a_flipped_bit_in_any_page_but_the_last_of_the_file) {
  const LongTexts texts(8192, {20000, 3000, 20000});
  for (std::size_t page = 2; page < texts.pages(); ++page) {
    texts.flipBitInPage(page);
    BOOST_TEST(copyByBackup(texts, texts.folder / ("copy" + std::to_string(page))) != SQLITE_OK);
  }
}

// Why our backups and key changes go this way.
BOOST_AUTO_TEST_CASE(raw_sqlcipher_vacuum_into_fails_for_a_flipped_bit_in_any_page_in_use) {
  for (const int pageBytes : {4096, 8192}) {
    const std::size_t long_bytes = static_cast<std::size_t>(pageBytes) * 2;
    const LongTexts texts(pageBytes, {long_bytes, 300, long_bytes});
    setContent(texts.path, texts.whole);
    BOOST_TEST(copyByVacuum(texts, texts.folder / "good") == SQLITE_OK);
    RawCipher good(texts.folder / "good", texts.settings);
    BOOST_TEST(good.complaints() == "");
    BOOST_TEST(good.value("SELECT count(*) FROM t") == "3");
    for (std::size_t page = 1; page <= texts.pages(); ++page) {
      texts.flipBitInPage(page);
      BOOST_TEST(copyByVacuum(texts, texts.folder / ("copy" + std::to_string(page))) != SQLITE_OK);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
