// New vault keys, and files that give back their room: nothing of the site is another, and old keys open nothing.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/vault/rebuild.h"
#include "sync/backup.h"
#include "sync/renewal.h"
#include "sync/verify.h"
#include "tests/fault/raw_cipher.h"
#include "tests/storage/small_site.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

bool clean(const Opening& o) { return verifySite(*openSite(o), {}).at("ok").get<bool>(); }

void refusedAs(Code code, const std::function<void()>& act) {
  BOOST_CHECK_EXCEPTION(act(), Error, [&](const Error& error) { return error.code() == code; });
}

VaultKeys keysOf(const Opening& o) {
  return std::move(Keyring(o.environment, keyringFileOf(o.folder)).unlock(o.person, o.secret).vaultKeys);
}

bool opens(const Opening& o, Level level, const SecretBytes& key) {
  try {
    Database({vaultFileOf(o.folder, level), &key, nullptr, false});
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(renewal)

BOOST_AUTO_TEST_CASE(s44_under_new_keys_every_answer_is_the_same_and_the_old_keys_open_nothing) {
  SmallSite site;
  const Opening o = site.opening();
  const VaultKeys before = keysOf(o);
  const json told = rekeySite(o, {}, {});
  BOOST_TEST(told.at("levels").size() == 2U);
  BOOST_TEST(errorsIn(site.answers(), site.right()) == 0);
  BOOST_TEST(clean(o));
  const VaultKeys after = keysOf(o);
  for (const auto& [level, key] : before) {
    BOOST_TEST(!sameBytes(key.view(), after.at(level).view()));
    BOOST_TEST(!opens(o, level, key));
    BOOST_TEST(opens(o, level, after.at(level)));
  }
  BOOST_TEST(!std::filesystem::exists(rebuildFolderOf(o.folder)));
  site.prefecture().settle();  // peers notice nothing
  BOOST_TEST(clean(o));
}

BOOST_AUTO_TEST_CASE(who_was_removed_opens_nothing_with_an_older_keyring) {
  Prefecture p({{"gar", Level::internal, {}}});
  const Opening o = p.opening("gar");
  const auto unlock = [&] { return Keyring(o.environment, keyringFileOf(o.folder)).unlock("clerk", secretOf()); };
  Keyring(o.environment, keyringFileOf(o.folder))
      .add(unlock(), "gone", secretOf("words of one who goes"), Level::internal, KdfCost::cheapForTests());
  const Bytes older = contentOf(keyringFileOf(o.folder));
  Keyring(o.environment, keyringFileOf(o.folder)).remove(unlock(), "gone");
  rekeySite(o, {}, {});
  setContent(keyringFileOf(o.folder), older);
  Opening gone = p.opening("gar");
  gone.person = "gone";
  gone.secret = secretOf("words of one who goes");
  refusedAs(Code::rolledBack, [&] { openSite(gone); });
  refusedAs(Code::damaged, [&] { openSite(gone, Rollback::accept); });
}

BOOST_AUTO_TEST_CASE(one_levels_key_changes_alone_and_for_everybody_cleared_for_it) {
  Prefecture p({{"gar", Level::secret, {}}});
  const RecordId id = p.put("gar", "OrgUnit", {{"code", "a"}, {"name", "x"}, {"level", "county"}}, "机密");
  p.close("gar");
  const Opening o = p.opening("gar");
  Keyring keyring(o.environment, keyringFileOf(o.folder));
  const UnlockedPerson clerk = keyring.unlock("clerk", secretOf());
  keyring.add(clerk, "chief", secretOf("the chief's words"), Level::secret, KdfCost::cheapForTests());
  keyring.add(clerk, "novice", secretOf("the novice's words"), Level::internal, KdfCost::cheapForTests());
  rekeySite(o, {Level::secret}, {});
  const VaultKeys after = keysOf(o);
  for (const auto& [level, key] : clerk.vaultKeys)
    BOOST_TEST(sameBytes(key.view(), after.at(level).view()) == (level != Level::secret));
  Opening chief = p.opening("gar"), novice = p.opening("gar");
  chief.person = "chief";
  chief.secret = secretOf("the chief's words");
  novice.person = "novice";
  novice.secret = secretOf("the novice's words");
  BOOST_TEST(openSite(chief)->get(id).document.at("fields").at("name") == "x");
  BOOST_TEST(openSite(novice)->levels().size() == 2U);
  refusedAs(Code::notFound, [&] { rekeySite(novice, {Level::secret}, {}); });
  rekeySite(novice, {}, {});  // those that he holds, for those above him too
  BOOST_TEST(openSite(chief)->get(id).document.at("fields").at("name") == "x");
  BOOST_TEST(clean(o));
}

BOOST_AUTO_TEST_CASE(a_site_that_is_open_elsewhere_is_busy_and_stays_as_it_is) {
  Prefecture p({});
  const Opening o = p.opening("hq");
  p.office();
  refusedAs(Code::busy, [&] { rekeySite(o, {}, {}); });
  refusedAs(Code::busy, [&] { compactSite(o, {}); });
  const auto alone = o.environment.files->hold(o.folder + "/..");
  alone->alone();
  p.close("hq");
  const auto held = o.environment.files->hold(o.folder);
  held->alone();
  refusedAs(Code::busy, [&] { openSite(o); });
  held->share();
  BOOST_CHECK_NO_THROW(openSite(o));
}

BOOST_AUTO_TEST_CASE(a_compacted_site_is_smaller_and_the_same) {
  Prefecture p({{"gar", Level::internal, {}}});
  std::vector<RecordId> ids;
  for (int i = 0; i < 60; ++i)
    ids.push_back(
        p.put("gar", "OrgUnit",
              {{"code", std::to_string(i)}, {"name", "x"}, {"level", "county"}, {"duties", std::string(60'000, 'd')}}));
  for (const RecordId& id : ids) p.set("gar", id, {{"duties", "short"}});
  const json before = p.digests("gar");
  p.close("gar");
  const Opening o = p.opening("gar");
  const std::string vault = vaultFileOf(o.folder, Level::open);
  const auto size = std::filesystem::file_size(vault);
  const json told = compactSite(o, {});
  BOOST_TEST(told.at("levels").at(0).at("bytesAfter") == std::filesystem::file_size(vault));
  BOOST_TEST(std::filesystem::file_size(vault) < size * 2 / 3);
  BOOST_TEST(p.digests("gar") == before);
  BOOST_TEST(verifySite(p["gar"], {}).at("ok") == true);
  BOOST_TEST(!std::filesystem::exists(rebuildFolderOf(o.folder)));
}

BOOST_AUTO_TEST_CASE(a_damaged_vault_gets_no_new_key) {
  SmallSite site;
  openSite(site.opening());  // brings the WAL into the files
  const FolderContent whole = contentOfFolder(site.folder());
  Bytes bytes = whole.at("internal.vault");
  int refused = 0;
  for (std::uint64_t page = 8192; page < bytes.size(); page += 8192 * 7) {
    bytes = whole.at("internal.vault");
    bytes[page + 4000] ^= 1;
    setContent(site.folder() + "/internal.vault", bytes);
    try {
      rekeySite(site.opening(), {}, {});
      BOOST_TEST(errorsIn(site.answers(), site.right()) == 0);
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Code::damaged), error.what());
      BOOST_TEST(!std::filesystem::exists(rebuildFolderOf(site.folder())));
      ++refused;
    }
    setContentOfFolder(site.folder(), whole);
  }
  BOOST_TEST(refused > 3);
}

BOOST_AUTO_TEST_SUITE_END()
