// Raw SQLCipher's change of key says OK whatever happens. That is why ours rebuilds the file under the new key.
#include <boost/test/unit_test.hpp>

#include "tests/builder/prefecture.h"
#include "tests/fault/fault_vfs.h"
#include "tests/fault/raw_cipher.h"

using namespace cinnabar;
using namespace cinnabar::test;

namespace {

struct FullDisk {
  FullDisk() {
    RawCipher(path).run(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, body); WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c"
        " WHERE i<60) INSERT INTO t(body) SELECT randomblob(1500) FROM c");
    start = contentOf(path);
  }

  bool opensWith(char key) {
    RawCipher db(path, {.key = key});
    return db.status() == SQLITE_OK &&
           db.answer("SELECT count(*) FROM t").rows == std::vector<std::vector<std::string>>{{"60"}};
  }

  Folder folder;
  std::string path = folder / "vault";
  Bytes start;
  std::shared_ptr<FaultPlan> plan = std::make_shared<FaultPlan>();
  FaultVfs vfs{"full-disk", plan};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rekey, FullDisk)

BOOST_AUTO_TEST_CASE(raw_sqlcipher_rekey_changes_the_key_when_there_is_room) {
  {
    const RawCipher db(path, {.vfs = vfs.name()});
    BOOST_TEST(sqlite3_rekey(db.raw(), rawKeyOf('b').data(), 67) == SQLITE_OK);
  }
  BOOST_TEST(opensWith('b'));
  BOOST_TEST(!opensWith('a'));
}

BOOST_AUTO_TEST_CASE(raw_sqlcipher_rekey_returns_ok_when_the_disk_is_full_and_the_old_key_stays) {
  for (const char* mode : {"WAL", "DELETE"}) {
    int unchanged = 0;
    for (std::uint64_t index = 1;; ++index) {
      setContent(path, start);
      std::filesystem::remove(path + "-wal");
      bool fired = false;
      {
        RawCipher db(path, {.vfs = vfs.name()});
        db.run(std::string("PRAGMA journal_mode=") + mode + "; SELECT count(*) FROM t");
        plan->atWrite(index, Fault::diskFull, Lasting::onwards);
        BOOST_TEST(sqlite3_rekey(db.raw(), rawKeyOf('b').data(), 67) == SQLITE_OK);
        fired = !plan->fired().empty();
      }
      plan->recover();
      if (!fired) break;
      if (opensWith('a')) {
        BOOST_TEST(!opensWith('b'));
        ++unchanged;
      }
    }
    BOOST_TEST_CONTEXT(mode) BOOST_TEST(unchanged > 20);
  }
}

BOOST_AUTO_TEST_CASE(raw_sqlcipher_vacuum_into_reports_a_full_disk_at_every_write) {
  for (std::uint64_t index = 1;; ++index) {
    const std::string copy = folder / ("copy" + std::to_string(index));
    RawCipher db(path, {.vfs = vfs.name()});
    plan->atWrite(index, Fault::diskFull, Lasting::onwards);
    const int status = db.vacuumInto(copy);
    const bool fired = !plan->fired().empty();
    plan->recover();
    BOOST_TEST((status == SQLITE_OK) == !fired);
    if (fired) continue;
    BOOST_TEST(RawCipher(copy).value("SELECT count(*) FROM t") == "60");
    BOOST_TEST(index > 10U);
    break;
  }
}

BOOST_AUTO_TEST_SUITE_END()
