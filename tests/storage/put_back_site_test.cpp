// s42, s43: storage that was put back, cut or lost, at the product: it is said, not served.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/record/transaction.h"
#include "sync/verify.h"
#include "tests/fault/raw_cipher.h"
#include "tests/storage/small_site.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

std::string saidOnOpening(const Opening& o) {
  try {
    openSite(o);
    return "";
  } catch (const Error& error) {
    return std::string(wordOf(error.code())) + ": " + error.what();
  }
}

bool startsWith(const std::string& text, std::string_view with) { return text.starts_with(with); }

}  // namespace

BOOST_AUTO_TEST_SUITE(storage_of_a_site)

BOOST_AUTO_TEST_CASE(s43_a_wal_that_is_missing_cut_or_damaged_is_noticed) {
  SmallSite site;
  const FolderContent files = site.files();
  const Bytes& wal = files.at("internal.vault-wal");
  BOOST_REQUIRE(wal.size() > 8192);
  const auto opensWith = [&](const Bytes& content) {
    setContentOfFolder(site.folder(), files);
    setContent(site.folder() + "/internal.vault-wal", content);
    return saidOnOpening(site.opening());
  };
  BOOST_TEST(opensWith(wal) == "");
  BOOST_TEST(startsWith(opensWith({}), "rolledBack"));
  BOOST_TEST(startsWith(opensWith(Bytes(wal.begin(), wal.begin() + 8192)), "rolledBack"));
  Bytes damaged = wal;
  damaged[100] ^= 1;
  BOOST_TEST(startsWith(opensWith(damaged), "rolledBack"));
  setContentOfFolder(site.folder(), files);
  std::filesystem::remove(site.folder() + "/internal.vault-wal");
  BOOST_TEST(startsWith(saidOnOpening(site.opening()), "rolledBack"));
}

BOOST_AUTO_TEST_CASE(s42_a_page_that_was_put_back_is_noticed_at_the_latest_by_verify) {
  Prefecture p({{"gar", Level::internal, {}}});
  std::vector<RecordId> records;
  for (int i = 0; i < 60; ++i)
    records.push_back(
        p.put("gar", "OrgUnit", {{"code", std::to_string(i)}, {"name", std::string(600, 'o')}, {"level", "county"}}));
  p.close("gar");
  const std::string vault = p.folder("gar") + "/public.vault";
  const Bytes older = contentOf(vault);
  for (const RecordId& id : records) p.set("gar", id, {{"name", std::string(600, 'n')}});
  p.close("gar");
  const FolderContent newer = contentOfFolder(p.folder("gar"));
  int put = 0;
  for (std::size_t at = 8192; at + 8192 <= older.size(); at += 8192) {
    Bytes mixed = newer.at("public.vault");
    if (std::equal(older.begin() + static_cast<std::ptrdiff_t>(at),
                   older.begin() + static_cast<std::ptrdiff_t>(at) + 8192,
                   mixed.begin() + static_cast<std::ptrdiff_t>(at)))
      continue;
    std::copy_n(older.begin() + static_cast<std::ptrdiff_t>(at), 8192, mixed.begin() + static_cast<std::ptrdiff_t>(at));
    setContent(vault, mixed);
    ++put;
    bool noticed = !saidOnOpening(p.opening("gar")).empty();
    if (!noticed) noticed = !verifySite(*openSite(p.opening("gar")), {}).at("ok").get<bool>();
    BOOST_TEST_CONTEXT("page " << at / 8192 + 1) BOOST_TEST(noticed);
    setContentOfFolder(p.folder("gar"), newer);
  }
  BOOST_TEST(put > 5);
}

BOOST_AUTO_TEST_CASE(s42_any_subset_of_the_files_put_back_is_said_or_harmless) {
  Prefecture p({{"gar", Level::internal, {}}});
  const RecordId old = p.put("gar", "OrgUnit", {{"code", "old"}, {"name", "x"}, {"level", "county"}}, "public");
  p.put("gar", "OrgUnit", {{"code", "old"}, {"name", "x"}, {"level", "county"}}, "internal");
  p.settle();
  p.close("gar");
  const FolderContent older = contentOfFolder(p.folder("gar"));
  p.set("gar", old, {{"name", "y"}});
  p.put("gar", "OrgUnit", {{"code", "new"}, {"name", "x"}, {"level", "county"}}, "internal");
  p.settle();
  p.close("gar");
  const FolderContent newer = contentOfFolder(p.folder("gar"));
  const std::vector<std::string> names = {"public.vault", "internal.vault", "keyring", "noted"};
  for (unsigned subset = 0; subset < 16; ++subset) {
    FolderContent mixed = newer;
    for (unsigned i = 0; i < 4; ++i)
      if ((subset & (1U << i)) != 0) mixed[names[i]] = older.at(names[i]);
    setContentOfFolder(p.folder("gar"), mixed);
    const bool vaultBack = (subset & 3U) != 0, noteBack = (subset & 8U) != 0;
    const std::string said = saidOnOpening(p.opening("gar"));
    BOOST_TEST_CONTEXT("subset " << subset << ": " << said) {
      // An older note is harmless; an older vault beside an older note is told by the peers.
      if (!vaultBack) BOOST_TEST(said == "");
      if (vaultBack && !noteBack) BOOST_TEST(startsWith(said, "rolledBack"));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_missing_foreign_cut_or_unreadable_vault_is_each_said_as_what_it_is) {
  Prefecture p({{"gar", Level::internal, {}}, {"ritu", Level::internal, {}}});
  p.put("gar", "OrgUnit", {{"code", "a"}, {"name", "x"}, {"level", "county"}}, "internal");
  p.close("gar");
  p.close("ritu");
  const std::string vault = p.folder("gar") + "/internal.vault";
  const FolderContent files = contentOfFolder(p.folder("gar"));
  const auto said = [&] {
    const std::string answer = saidOnOpening(p.opening("gar"));
    setContentOfFolder(p.folder("gar"), files);
    BOOST_TEST(saidOnOpening(p.opening("gar")) == "");  // nothing was damaged by trying
    setContentOfFolder(p.folder("gar"), files);
    return answer;
  };
  std::filesystem::remove(vault);
  BOOST_TEST(startsWith(said(), "missingVault"));
  setContent(vault, contentOf(p.folder("ritu") + "/internal.vault"));
  BOOST_TEST(startsWith(said(), "damaged"));  // another site's key made it: nothing of it can be read
  setContent(vault, contentOf(p.folder("gar") + "/public.vault"));
  BOOST_TEST(startsWith(said(), "damaged"));
  Bytes cut = files.at("internal.vault");
  cut.resize(cut.size() / 2 + 1000);
  setContent(vault, cut);
  BOOST_TEST(startsWith(said(), "damaged"));
  setContent(vault, {});
  BOOST_TEST(!said().empty());
  Opening wrong = p.opening("gar");
  wrong.secret = secretOf("not the passphrase");
  BOOST_TEST(startsWith(saidOnOpening(wrong), "badKey"));
}

BOOST_AUTO_TEST_SUITE_END()
