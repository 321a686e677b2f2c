// With auto_vacuum a page of zeros passes raw SQLCipher's page check. That is why ours stays off.
#include <boost/test/unit_test.hpp>

#include "tests/builder/prefecture.h"
#include "tests/fault/raw_cipher.h"

using namespace cinnabar;
using namespace cinnabar::test;

namespace {

struct Zeroed {
  // Three long rows; the last overflow page of the middle one, which is not the file's last, becomes zeros.
  explicit Zeroed(const char* autoVacuum) : settings{.autoVacuum = autoVacuum} {
    {
      RawCipher db(path, settings);
      db.run("CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
      for (int i = 0; i < 3; ++i) db.run("INSERT INTO t(body) VALUES('" + std::string(9000, 'x') + "')");
    }
    Bytes content = contentOf(path);
    const auto last = static_cast<std::ptrdiff_t>(content.size()) - settings.page_bytes;
    std::fill_n(content.begin() + last - settings.page_bytes, settings.page_bytes, Byte{0});
    setContent(path, content);
  }

  int copies(const std::string& to) {
    const RawCipher source(path, settings), target(to, settings);
    sqlite3_backup* backup = sqlite3_backup_init(target.raw(), "main", source.raw(), "main");
    sqlite3_backup_step(backup, -1);
    return sqlite3_backup_finish(backup);
  }

  Folder folder;
  std::string path = folder / "vault";
  RawSettings settings;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(zero_page)

BOOST_AUTO_TEST_CASE(raw_sqlcipher_accepts_and_copies_a_page_of_zeros_when_auto_vacuum_is_on) {
  Zeroed vault("FULL");
  RawCipher db(vault.path, vault.settings);
  BOOST_REQUIRE_EQUAL(db.value("PRAGMA auto_vacuum"), "1");
  BOOST_TEST(db.value("SELECT sum(body = '" + std::string(9000, 'x') + "') FROM t") == "2");
  BOOST_TEST(db.value("PRAGMA integrity_check") == "ok");
  BOOST_TEST(!db.answer("PRAGMA cipher_integrity_check").rows.empty());  // the one check that sees it

  const std::string copy = vault.folder / "copy";
  BOOST_TEST(vault.copies(copy) == SQLITE_OK);
  RawCipher copied(copy, vault.settings);
  BOOST_TEST(copied.complaints() == "");
  BOOST_TEST(copied.value("SELECT sum(body = '" + std::string(9000, 'x') + "') FROM t") == "2");
}

BOOST_AUTO_TEST_CASE(raw_sqlcipher_refuses_to_scan_or_copy_a_page_of_zeros_when_auto_vacuum_is_off) {
  Zeroed vault("NONE");
  BOOST_REQUIRE_EQUAL(RawCipher(vault.path, vault.settings).value("PRAGMA auto_vacuum"), "0");
  BOOST_TEST(
      RawCipher(vault.path, vault.settings).tries("SELECT sum(length(CAST(body AS BLOB)) + instr(body, 'y')) FROM t") !=
      SQLITE_OK);
  BOOST_TEST(RawCipher(vault.path, vault.settings).complaints() != "");
  BOOST_TEST(vault.copies(vault.folder / "copy") != SQLITE_OK);
}

BOOST_AUTO_TEST_SUITE_END()
