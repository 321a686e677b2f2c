// kill -9 at any moment: on reopening all or nothing, everything acknowledged is there, verify is clean.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <random>

#include "core/base/error.h"
#include "core/record/read_connection.h"
#include "core/record/transaction.h"
#include "sync/clearing.h"
#include "sync/disposing.h"
#include "sync/renewal.h"
#include "sync/verify.h"
#include "tests/builder/archive.h"
#include "tests/builder/remains.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

// Runs `work` in a child and kills it once it has acknowledged `after` steps and `wait_us` more have passed.
// Returns how many steps were acknowledged at its death.
int killed(const std::function<void(int acknowledge)>& work, int after, useconds_t wait_us) {
  int pipes[2];
  BOOST_REQUIRE(pipe(pipes) == 0);
  const pid_t child = fork();
  if (child == 0) {
    close(pipes[0]);
    try {
      work(pipes[1]);
    } catch (...) {
    }
    _exit(0);
  }
  close(pipes[1]);
  char byte = 0;
  int steps = 0;
  while (steps < after && read(pipes[0], &byte, 1) == 1) ++steps;
  usleep(wait_us);
  kill(child, SIGKILL);
  while (read(pipes[0], &byte, 1) == 1) ++steps;
  close(pipes[0]);
  waitpid(child, nullptr, 0);
  return steps;
}

void acknowledge(int to) { static_cast<void>(!write(to, "x", 1)); }

}  // namespace

BOOST_AUTO_TEST_CASE(s47_a_transaction_over_two_vaults_is_all_or_nothing_at_any_kill) {
  const char* given = std::getenv("CINNABAR_KILLS");
  const int kills = given == nullptr ? 120 : std::stoi(given);
  std::mt19937 dice(5);
  Prefecture p({});
  p.close("hq");
  std::int64_t least = 0;
  for (int i = 0; i < kills; ++i) {
    const int done = killed(
        [&](int to) {
          const auto store = openSite(p.opening("hq"));
          for (int n = 0; n < 50; ++n) {
            const std::string code = std::to_string(i) + "-" + std::to_string(n);
            const json fields = {{"code", code}, {"name", "x"}, {"level", "county"}};
            const auto transaction = store->begin();
            transaction->put(*store->catalog().find("OrgUnit"), fields, parseMark("internal"));
            transaction->put(*store->catalog().find("OrgUnit"), fields, parseMark("机密"));
            transaction->commit();
            acknowledge(to);
          }
        },
        static_cast<int>(dice() % 4), static_cast<useconds_t>(dice() % 3000));
    least += done;
    const auto store = openSite(p.opening("hq"));
    const json counts =
        store->reading()
            .sql("SELECT (SELECT count(*) FROM OrgUnit WHERE _level=1), (SELECT count(*) FROM OrgUnit WHERE _level=3)",
                 1)
            .at("rows")[0];
    BOOST_REQUIRE_EQUAL(counts[0].get<std::int64_t>(), counts[1].get<std::int64_t>());
    BOOST_REQUIRE_GE(counts[0].get<std::int64_t>(), least);
    least = counts[0].get<std::int64_t>();
  }
  BOOST_TEST(verifySite(*openSite(p.opening("hq")), {}).at("ok") == true);
}

BOOST_AUTO_TEST_CASE(s47_an_import_is_all_or_nothing_at_any_kill) {
  std::mt19937 dice(6);
  Prefecture p({{"gar", Level::internal, {}}});
  for (int i = 0; i < 200; ++i)
    p.put("hq", "OrgUnit", {{"code", std::to_string(i)}, {"name", "办公室"}, {"level", "county"}});
  const std::string file = p.pack("hq", "gar").at(0);
  p.close("gar");
  for (int i = 0; i < 60; ++i) {
    const std::string copy = p.folder("gar") + "-" + std::to_string(i);
    std::filesystem::copy(p.folder("gar"), copy);
    Opening o = p.opening("gar");
    o.folder = copy;
    killed(
        [&](int to) {
          const auto store = openSite(o);
          acknowledge(to);
          takeBundle(*store, file, Apply::reallyApply, {});
        },
        1, static_cast<useconds_t>(dice() % 40'000));
    const auto store = openSite(o);
    const auto count = store->reading().sql("SELECT count(*) FROM OrgUnit", 1).at("rows")[0][0].get<int>();
    BOOST_REQUIRE_MESSAGE(count == 0 || count == 200, count << " of 200 records");
    BOOST_REQUIRE(takeBundle(*store, file, Apply::reallyApply, {}).applied == (count == 0 ? 200u : 0u));
    std::filesystem::remove_all(copy);
  }
}

BOOST_AUTO_TEST_CASE(s47_a_destruction_over_two_vaults_is_all_or_nothing_at_any_kill) {
  constexpr std::string_view canary = "canary银朱3307";
  std::mt19937 dice(9);
  Archive p;
  const RecordId low = p.paper("", std::string(canary)), high = p.paper("机密", std::string(canary));
  const std::string list = p.signedFor({low, high});
  p.close("hq");
  int gone = 0;
  for (int i = 0; i < 40; ++i) {
    Opening o = p.opening("hq");
    o.folder = p.folder("hq") + "-" + std::to_string(i);
    std::filesystem::copy(p.folder("hq"), o.folder);
    killed(
        [&](int to) {
          const auto store = openSite(o);
          acknowledge(to);
          const auto transaction = store->begin();
          actOnRetention(*transaction, p.person("two"), "witness", {{"list", list}, {"by", "two"}});
          transaction->commit();
          clearUp(*store);
        },
        1, static_cast<useconds_t>(dice() % 30'000));
    const auto store = openSite(o);
    clearUp(*store);
    const bool there = store->exists(low);
    BOOST_REQUIRE(store->exists(high) == there);
    BOOST_REQUIRE(inAnyPage(*store, canary) == there);
    BOOST_REQUIRE(verifySite(*store, {}).at("ok") == true);
    gone += there ? 0 : 1;
    std::filesystem::remove_all(o.folder);
  }
  BOOST_TEST_MESSAGE(gone << " of 40 were destroyed");
}

BOOST_AUTO_TEST_CASE(s44_s47_new_vault_keys_count_for_all_or_not_at_all_at_any_kill) {
  std::mt19937 dice(8);
  Prefecture p({{"gar", Level::internal, {}}});
  const RecordId id = p.put("gar", "OrgUnit", {{"code", "a"}, {"name", "x"}, {"level", "county"}}, "internal");
  p.close("gar");
  const std::string folder = p.folder("gar");
  const auto began = std::chrono::steady_clock::now();
  rekeySite(p.opening("gar"), {}, {});
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
  int fresh = 0;
  for (int i = 0; i < 40; ++i) {
    const auto keysNow = [&] {
      return std::move(Keyring(p.environment, keyringFileOf(folder)).unlock("clerk", secretOf()).vaultKeys);
    };
    const VaultKeys before = keysNow();
    killed(
        [&](int to) {
          acknowledge(to);
          Opening o = p.opening("gar");
          o.environment.random = std::make_shared<SeededRandom>(100 + i);  // else each child's keys are the last one's
          rekeySite(o, {}, {});
        },
        1, static_cast<useconds_t>(dice() % static_cast<std::uint64_t>(whole.count() * 5 / 4)));
    BOOST_REQUIRE(openSite(p.opening("gar"))->get(id).document.at("fields").at("name") == "x");
    BOOST_REQUIRE(!std::filesystem::exists(folder + "/rebuilt"));
    const VaultKeys after = keysNow();
    const bool changed = !sameBytes(before.at(Level::open).view(), after.at(Level::open).view());
    BOOST_REQUIRE(changed == !sameBytes(before.at(Level::internal).view(), after.at(Level::internal).view()));
    fresh += changed;
  }
  BOOST_TEST_MESSAGE(fresh << " of 40 had their new keys");
  BOOST_TEST(verifySite(*openSite(p.opening("gar")), {}).at("ok") == true);
}

BOOST_AUTO_TEST_CASE(s47_a_passphrase_is_the_old_or_the_new_one_at_any_kill) {
  std::mt19937 dice(7);
  Prefecture p({});
  p.close("hq");
  const std::string path = keyringFileOf(p.folder("hq"));
  std::string now(passphrase);
  for (int i = 0; i < 60; ++i) {
    const std::string next = "the next words " + std::to_string(i);
    killed(
        [&](int to) {
          Keyring keyring(p.environment, path);
          const UnlockedPerson person = keyring.unlock("clerk", secretOf(now));
          acknowledge(to);
          keyring.changeSecret(person, secretOf(next), KdfCost::cheapForTests());
        },
        1, static_cast<useconds_t>(dice() % 1500));
    const Keyring keyring(p.environment, path);
    try {
      keyring.unlock("clerk", secretOf(next));
      now = next;
    } catch (const Error&) {
      BOOST_REQUIRE_NO_THROW(keyring.unlock("clerk", secretOf(now)));
    }
  }
}
