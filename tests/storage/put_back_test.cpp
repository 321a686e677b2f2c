// A page's check covers its number and content, not its age: older storage is as good as new to raw SQLCipher. That
// is why the newest head of the log is noted outside the vault and at peers.
#include <boost/test/unit_test.hpp>

#include "tests/builder/prefecture.h"
#include "tests/fault/fault_vfs.h"
#include "tests/fault/raw_cipher.h"

using namespace cinnabar;
using namespace cinnabar::test;

namespace {

struct Changed {
  explicit Changed(int pageBytes) : settings{.page_bytes = pageBytes} {
    {
      RawCipher db(path, settings);
      db.run("CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
      for (int i = 0; i < 40; ++i) db.run("INSERT INTO t(body) VALUES('" + std::string(1000, 'o') + "')");
    }
    older = contentOf(path);
    RawCipher(path, settings).run("UPDATE t SET body = '" + std::string(1000, 'n') + "' WHERE id = 20");
    newer = contentOf(path);
  }

  char letterOfRow() { return RawCipher(path, settings).value("SELECT body FROM t WHERE id = 20").at(0); }
  std::string complaints() { return RawCipher(path, settings).complaints(); }

  Folder folder;
  std::string path = folder / "vault";
  RawSettings settings;
  Bytes older, newer;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(put_back)

BOOST_AUTO_TEST_CASE(raw_sqlcipher_takes_an_older_page_for_the_newest_and_every_check_passes) {
  for (const int pageBytes : {4096, 8192}) {
    Changed vault(pageBytes);
    BOOST_TEST(vault.letterOfRow() == 'n');
    const auto size = static_cast<std::ptrdiff_t>(pageBytes);
    int put_back = 0;
    for (std::ptrdiff_t at = size; at < std::ssize(vault.newer); at += size) {  // page 1 stays the newer one
      if (std::equal(vault.older.begin() + at, vault.older.begin() + at + size, vault.newer.begin() + at)) continue;
      Bytes mixed = vault.newer;
      std::copy_n(vault.older.begin() + at, size, mixed.begin() + at);
      setContent(vault.path, mixed);
      ++put_back;
    }
    BOOST_TEST(put_back == 1);
    BOOST_TEST(vault.letterOfRow() == 'o');
    BOOST_TEST(vault.complaints() == "");
  }
}

BOOST_AUTO_TEST_CASE(raw_sqlcipher_takes_an_older_file_for_the_newest_and_every_check_passes) {
  for (const int pageBytes : {4096, 8192}) {
    Changed vault(pageBytes);
    setContent(vault.path, vault.older);
    BOOST_TEST(vault.letterOfRow() == 'o');
    BOOST_TEST(vault.complaints() == "");
  }
}

namespace {

// Five acknowledged and synced commits of one frame each that stand only in the WAL, then the process died.
struct Died {
  Died() {
    RawCipher(path).run("CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
    const auto plan = std::make_shared<FaultPlan>();
    const FaultVfs vfs("dying", plan);
    RawCipher db(path, {.vfs = vfs.name()});
    for (int i = 0; i < 5; ++i) db.run("INSERT INTO t(body) VALUES('acknowledged')");
    plan->crash();
  }

  std::string found() {
    RawCipher db(path);
    const std::string count = db.value("SELECT count(*) FROM t");
    BOOST_TEST(db.complaints() == "");
    return count;
  }

  Folder folder;
  std::string path = folder / "vault";
  std::string wal = path + "-wal";
};

constexpr std::uint64_t walHeader_bytes = 32, frame_bytes = 24 + 8192;

}  // namespace

BOOST_FIXTURE_TEST_CASE(raw_sqlcipher_finds_all_acknowledged_commits_in_a_whole_wal, Died) {
  BOOST_TEST(std::filesystem::file_size(wal) == walHeader_bytes + 5 * frame_bytes);
  BOOST_TEST(found() == "5");
}

BOOST_FIXTURE_TEST_CASE(raw_sqlcipher_loses_acknowledged_commits_without_a_word_when_the_wal_is_deleted, Died) {
  std::filesystem::remove(wal);
  BOOST_TEST(found() == "0");
}

BOOST_FIXTURE_TEST_CASE(raw_sqlcipher_loses_acknowledged_commits_without_a_word_from_a_flipped_bit_in_the_wal_on,
                        Died) {
  flipBit(wal, walHeader_bytes + 2 * frame_bytes + 24 + 100);
  BOOST_TEST(found() == "2");
}

BOOST_FIXTURE_TEST_CASE(raw_sqlcipher_loses_all_commits_of_a_wal_without_a_word_when_its_header_has_a_flipped_bit,
                        Died) {
  flipBit(wal, 20);
  BOOST_TEST(found() == "0");
}

BOOST_FIXTURE_TEST_CASE(raw_sqlcipher_loses_acknowledged_commits_without_a_word_when_the_wal_is_cut, Died) {
  std::filesystem::resize_file(wal, walHeader_bytes + 4 * frame_bytes - 1);
  BOOST_TEST(found() == "3");
}

BOOST_AUTO_TEST_SUITE_END()
