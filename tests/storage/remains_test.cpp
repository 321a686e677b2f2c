// What a deletion leaves behind in a full text index, seen from inside the opened vault.
#include <boost/test/unit_test.hpp>

#include "tests/builder/prefecture.h"
#include "tests/fault/raw_cipher.h"

using namespace cinnabar::test;

namespace {

// Indexes some rows, deletes the one that had the word, and counts the index's blocks that still have it.
std::string blocksWithDeletedWord(const std::string& setting) {
  const Folder folder;
  RawCipher db(folder / "vault");
  BOOST_REQUIRE_EQUAL(db.value("PRAGMA secure_delete"), "1");
  db.run("CREATE VIRTUAL TABLE words USING fts5(text);" + setting);
  db.run("INSERT INTO words(rowid, text) VALUES(1, 'road inspection'), (2, 'zinnober report'), (3, 'bridge')");
  const std::string blocks = "SELECT count(*) FROM words_data WHERE instr(hex(block), hex('zinnober')) > 0";
  BOOST_REQUIRE_EQUAL(db.value(blocks), "1");
  db.run("DELETE FROM words WHERE rowid = 2");
  BOOST_TEST(db.value("SELECT count(*) FROM words WHERE words MATCH 'zinnober'") == "0");
  BOOST_TEST(db.value("SELECT count(*) FROM words WHERE words MATCH 'bridge'") == "1");
  return db.value(blocks);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(remains)

BOOST_AUTO_TEST_CASE(raw_sqlcipher_keeps_a_deleted_word_in_the_full_text_index_in_spite_of_pragma_secure_delete) {
  BOOST_TEST(blocksWithDeletedWord("") != "0");
}

BOOST_AUTO_TEST_CASE(raw_sqlcipher_drops_a_deleted_word_when_the_index_has_its_own_secure_delete_on) {
  BOOST_TEST(blocksWithDeletedWord("INSERT INTO words(words, rank) VALUES('secure-delete', 1)") == "0");
}

BOOST_AUTO_TEST_SUITE_END()
