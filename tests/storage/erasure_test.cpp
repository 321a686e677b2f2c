// Crypto-erase after a destruction: what it promises, and when it is refused. s54.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/keys/keyring.h"
#include "core/record/transaction.h"
#include "sync/backup.h"
#include "sync/erasure.h"
#include "sync/remains.h"
#include "tests/builder/archive.h"
#include "tests/builder/remains.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

constexpr std::string_view canary = "canary银朱8840";

struct Erasing : Archive {
  Erasing() : Archive({{"gar", Level::internal, {}}}) {
    gone = paper("internal", std::string(canary));
    settle();
    certificate = *RecordId::parse(destroyAll({gone}));
  }
  json erase(bool backupsDestroyed = false, const std::string& who = "two") {
    close("hq");
    Opening o = opening("hq");
    o.person = who;
    return eraseKeys(o, {certificate, backupsDestroyed}, {});
  }
  json refusal(const std::string& who = "two") {
    try {
      erase(false, who);
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Code::refused), error.what());
      return json::parse(error.detail());
    }
    BOOST_ERROR("it was not refused");
    return nullptr;
  }
  SecretBytes keyOf(Level level) {
    return std::move(Keyring(environment, keyringFileOf(folder("hq"))).unlock("clerk", secretOf()).vaultKeys.at(level));
  }
  RecordId gone, certificate;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(erasing, Erasing)

BOOST_AUTO_TEST_CASE(s54_the_old_key_is_not_called_destroyed_while_a_site_has_not_answered) {
  BOOST_TEST((refusal().at("sites") == json({"gar"})));
  settle();
  BOOST_TEST(get("hq", certificate).at("done") == "scrubbed");
  const SecretBytes before = keyOf(Level::internal), open = keyOf(Level::open);
  erase();
  BOOST_TEST(!sameBytes(keyOf(Level::internal).view(), before.view()));
  BOOST_TEST(sameBytes(keyOf(Level::open).view(), open.view()));  // nothing of it was there
  BOOST_TEST(get("hq", certificate).at("done") == "keyDestroyed");
  BOOST_TEST(proveDestroyed(office(), certificate).at("ok") == true);
  BOOST_TEST(!inAnyPage(office(), canary));
  settle();
  BOOST_TEST(get("gar", certificate).at("done") == "keyDestroyed");
}

BOOST_AUTO_TEST_CASE(s54_a_backup_that_is_known_stands_in_the_way_until_it_is_said_to_be_destroyed) {
  settle();
  backupSite(office(), root() / "known.cnbb", {});
  BOOST_TEST(refusal().at("backups").size() == 1u);
  const json done = erase(true);
  BOOST_TEST(done.at("backups").size() == 1u);
  BOOST_TEST(get("hq", certificate).at("remark").get<std::string>().find("备份") != std::string::npos);
  erase();  // nothing is known any more
}

BOOST_AUTO_TEST_CASE(s54_a_site_that_was_restored_knows_of_the_backup_it_came_from) {
  settle();
  backupSite(office(), root() / "known.cnbb", {});
  Opening o = opening("hq");
  o.folder = root() / "again";
  restoreSite(o, root() / "known.cnbb");
  BOOST_TEST(backupsKnown(*openSite(o)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(s34_only_one_of_the_two_who_signed_the_certificate_erases) {
  settle();
  for (const char* other : {"clerk", "leader"}) BOOST_TEST(refusal(other).at("rule") == "doc-destroy-two-persons");
  BOOST_TEST(erase(false, "one").at("done") == "keyDestroyed");
}

BOOST_AUTO_TEST_SUITE_END()
