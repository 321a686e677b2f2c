// The product on a disk that fails at every single operation in turn: a typed error, all or nothing, and work goes on.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/record/read_connection.h"
#include "core/record/transaction.h"
#include "sync/backup.h"
#include "sync/verify.h"
#include "tests/builder/prefecture.h"
#include "tests/fault/fault_files.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

struct FaultyOffice {
  explicit FaultyOffice(const std::string& vfs) {
    p.close("hq");
    p.environment.files = std::make_shared<FaultyFiles>(plan, vfs);
  }
  // One record in each of two vaults, in one transaction.
  void putInTwo(const std::string& code) {
    Store& store = p.office();
    const auto transaction = store.begin();
    const json fields = {{"code", code}, {"name", "x"}, {"level", "county"}};
    transaction->put(*store.catalog().find("OrgUnit"), fields, parseMark("internal"));
    transaction->put(*store.catalog().find("OrgUnit"), fields, parseMark("机密"));
    transaction->commit();
  }
  std::pair<std::int64_t, std::int64_t> counts() {
    const json row =
        p.office()
            .reading()
            .sql("SELECT (SELECT count(*) FROM OrgUnit WHERE _level=1), (SELECT count(*) FROM OrgUnit WHERE _level=3)",
                 1)
            .at("rows")[0];
    return {row[0].get<std::int64_t>(), row[1].get<std::int64_t>()};
  }
  bool verifies() { return verifySite(p.office(), {}).at("ok").get<bool>(); }

  std::shared_ptr<FaultPlan> plan = std::make_shared<FaultPlan>();
  Prefecture p{{}};
};

void isStorageError(const Error& error) {
  BOOST_TEST((error.code() == Code::diskFull || error.code() == Code::io), error.what());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(faulty_disk)

BOOST_AUTO_TEST_CASE(s47_a_transaction_over_two_vaults_is_all_or_nothing_at_every_failing_write) {
  FaultyOffice office("faulty-put");
  int fired = 0;
  for (const auto& [fault, lasting] : {std::pair(Fault::diskFull, Lasting::once),
                                       {Fault::diskFull, Lasting::onwards},
                                       {Fault::inputOutput, Lasting::once},
                                       {Fault::inputOutput, Lasting::onwards},
                                       {Fault::shortWrite, Lasting::once},
                                       {Fault::crash, Lasting::once}}) {
    for (std::uint64_t index = 1;; ++index) {
      const auto before = office.counts();
      BOOST_REQUIRE_EQUAL(before.first, before.second);
      office.plan->atWrite(index, fault, lasting);
      bool acknowledged = false;
      try {
        office.putInTwo(std::to_string(before.first));
        acknowledged = true;
      } catch (const Error& error) {
        isStorageError(error);
      }
      const std::string what = office.plan->fired();
      if (fault == Fault::crash) office.p.close("hq");
      office.plan->recover();
      BOOST_TEST_CONTEXT("on the handle that met it: " << what) {
        const auto now = office.counts();
        BOOST_REQUIRE_EQUAL(now.first, now.second);
      }
      office.p.close("hq");
      const auto after = office.counts();
      BOOST_TEST_CONTEXT(what) {
        BOOST_REQUIRE_EQUAL(after.first, after.second);
        if (fault == Fault::crash)
          BOOST_REQUIRE_GE(after.first, before.first + (acknowledged ? 1 : 0));
        else  // an error means that nothing was written
          BOOST_REQUIRE_EQUAL(after.first, before.first + (acknowledged ? 1 : 0));
      }
      if (what.empty()) break;
      ++fired;
    }
    BOOST_TEST(office.verifies());
  }
  BOOST_TEST(fired > 40);
}

BOOST_AUTO_TEST_CASE(s47_whoever_goes_on_after_a_put_that_failed_commits_what_was_put_or_nothing) {
  FaultyOffice office("faulty-reading");
  std::int64_t count = 0, made = 0, refused = 0;
  const auto put = [&](Transaction& t) {
    const std::string code = std::to_string(++made * 7919 % 100003);  // all over the index, so that pages are read
    t.put(*t.store().catalog().find("OrgUnit"), json{{"code", code}, {"name", "署"}, {"level", "county"}},
          parseMark("internal"));
  };
  {
    Transaction t(office.p.office());
    for (; count < 2000; ++count) put(t);
    t.commit();
  }
  for (std::uint64_t index = 1;; ++index) {
    office.p.close("hq");
    Store& store = office.p.office();
    std::int64_t told = 0;
    bool committed = false;
    {
      Transaction t(store);
      office.plan->atRead(index, Fault::inputOutput, Lasting::once);
      for (int i = 0; i < 6; ++i) try {
          put(t);
          ++told;
        } catch (const Error& error) {
          isStorageError(error);
        }
      try {
        t.commit();
        committed = true;
      } catch (const Error& error) {
        isStorageError(error);
        ++refused;
      }
    }
    const std::string what = office.plan->fired();
    office.plan->recover();
    if (committed) count += told;
    BOOST_TEST_CONTEXT(what) {
      BOOST_TEST(office.counts().first == count);
      BOOST_TEST(office.verifies());
    }
    if (what.empty()) break;
  }
  BOOST_TEST(refused > 0);
}

BOOST_AUTO_TEST_CASE(s46_s47_a_backup_leaves_no_file_at_any_failing_write_and_succeeds_when_the_disk_works_again) {
  FaultyOffice office("faulty-backup");
  office.putInTwo("kept");
  const std::string path = office.p.root() / "backup";
  office.p.office();
  office.plan->recover();
  backupSite(office.p.office(), office.p.root() / "first", {});
  const std::uint64_t writes = office.plan->writes();
  BOOST_REQUIRE_GT(writes, 50U);
  // A prime stride over all writes; the crash leaves what a dead process leaves.
  for (const Fault fault : {Fault::diskFull, Fault::crash}) {
    for (std::uint64_t index = 1; index <= writes; index += 37) {
      office.p.office();
      office.plan->atWrite(index, fault);
      bool done = false;
      try {
        backupSite(office.p.office(), path, {});
        done = true;
      } catch (const Error& error) {
        // A file that cannot be read or made in the middle of the verification is told as its failed check.
        BOOST_TEST((error.code() == Code::diskFull || error.code() == Code::io || error.code() == Code::damaged),
                   error.what());
      }
      const std::string what = office.plan->fired();
      office.p.close("hq");
      office.plan->recover();
      BOOST_TEST_CONTEXT(what) {
        BOOST_REQUIRE(done == std::filesystem::exists(path));
        if (!done) BOOST_REQUIRE_NO_THROW(backupSite(office.p.office(), path, {}));
      }
      std::filesystem::remove(path);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
