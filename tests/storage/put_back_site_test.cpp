// s42, s43: storage that was put back, cut or lost, at the product: it is said, not served.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/record/transaction.h"
#include "sync/enrolment.h"
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

// A site of which an older copy was taken, WALs and all, and what happened since: records in both vaults, bundles each
// way, another site on the roster, another passphrase.
struct WithOlderCopy {
  // With a checkpoint in between the vaults' own files differ, else only their WALs.
  explicit WithOlderCopy(bool checkpoint) {
    p.put("gar", "OrgUnit", {{"code", "old"}, {"name", "x"}, {"level", "county"}}, "public");
    p.put("gar", "OrgUnit", {{"code", "old"}, {"name", "x"}, {"level", "county"}}, "internal");
    p.settle();
    remember("gar");
    older = contentOfFolder(p.folder("gar"));  // while it is open: a checkpoint comes when it closes
    if (checkpoint) p.close("gar");
    p.put("gar", "OrgUnit", {{"code", "new"}, {"name", "x"}, {"level", "county"}}, "public");
    p.put("gar", "OrgUnit", {{"code", "new"}, {"name", "x"}, {"level", "county"}}, "internal");
    admit(p.office(), requestToJoin(p.opening("late"), {"late", "后来"}), {Level::internal, {}, "2099-12-31"});
    p.settle();
    remember("gar");
    newer = contentOfFolder(p.folder("gar"));
    p.close("gar");
    // What the office has for it when it comes again, at each level.
    p.put("hq", "OrgUnit", {{"code", "hq"}, {"name", "x"}, {"level", "county"}}, "public");
    p.put("hq", "OrgUnit", {{"code", "hq"}, {"name", "x"}, {"level", "county"}}, "internal");
    p.close("hq");
    office = contentOfFolder(p.folder("hq"));
  }
  void remember(const std::string& site) {
    changeKeyring(p[site], [&](Keyring& k) {
      k.changeSecret(k.unlock("clerk", secretOf()), secretOf(), KdfCost::cheapForTests());
    });
  }
  // Both sites as they were, with these of the files older.
  void putBack(unsigned subset) {
    p.close("gar");
    p.close("hq");
    FolderContent mixed = newer;
    for (unsigned i = 0; i < names.size(); ++i) {
      if ((subset & (1U << i)) == 0) continue;
      mixed.erase(names[i]);
      if (older.contains(names[i])) mixed[names[i]] = older.at(names[i]);
    }
    setContentOfFolder(p.folder("gar"), mixed);
    setContentOfFolder(p.folder("hq"), office);
  }
  // What a person of either site would see of it after the site has met the office; "" if nothing.
  std::string saidAtContact() {
    for (int round = 0; round < 3; ++round) {
      for (const std::string& file : p.pack("hq", "gar")) {
        try {
          takeBundle(p["gar"], file, Apply::reallyApply, {});
        } catch (const Error& error) {
          if (error.code() != Code::badKey) throw;  // its prekey went with what was put back: it is asked for again
        }
      }
      p.carry("gar", "hq");
    }
    std::string said;
    for (const char* site : {"gar", "hq"})
      for (const json& v : p[site].violations())
        if (v.at("kind") == "rolledBack") said += std::string(site) + ": " + v.at("detail").dump() + "\n";
    return said;
  }
  Prefecture p{{{"gar", Level::internal, {}}}};
  const std::vector<std::string> names = {"public.vault", "internal.vault",   "keyring",
                                          "noted",        "public.vault-wal", "internal.vault-wal"};
  FolderContent older, newer, office;
};

struct Counted {
  int atOpening = 0, atContact = 0, byVerify = 0, harmless = 0;
};

Counted everySubset(WithOlderCopy& site) {
  Prefecture& p = site.p;
  site.putBack(0);
  BOOST_TEST(saidOnOpening(p.opening("gar")) == "");
  BOOST_TEST(site.saidAtContact() == "");
  const json right = p.digests("gar");
  Counted counted;
  for (unsigned subset = 1; subset < 64; ++subset) {
    site.putBack(subset);
    const std::string said = saidOnOpening(p.opening("gar"));
    BOOST_TEST_CONTEXT("subset " << subset << ": " << said) {
      // A vault under a WAL that is not its own is a mixture of pages, each of which is right.
      const bool mixed = ((subset & 1U) != 0) != ((subset & 16U) != 0) || ((subset & 2U) != 0) != ((subset & 32U) != 0);
      if (!said.empty()) {
        BOOST_TEST((startsWith(said, "rolledBack") || (mixed && startsWith(said, "damaged"))));
        ++counted.atOpening;
        continue;
      }
      if (!verifySite(p["gar"], {}).at("ok").get<bool>()) {
        BOOST_TEST(mixed);
        ++counted.byVerify;
        continue;
      }
      if (const std::string later = site.saidAtContact(); !later.empty()) {
        BOOST_TEST((subset & 8U) != 0);  // with the note as it was it is said at once
        ++counted.atContact;
      } else {
        ++counted.harmless;  // the files were the same, or only the note older
      }
      BOOST_TEST(p.digests("gar") == right);
      BOOST_TEST(verifySite(p["gar"], {}).at("ok") == true);
    }
  }
  BOOST_TEST_MESSAGE(counted.atOpening << " said at opening, " << counted.atContact << " at contact, "
                                       << counted.byVerify << " by verify, " << counted.harmless << " harmless");
  return counted;
}

BOOST_AUTO_TEST_CASE(s42_any_subset_of_the_files_put_back_is_said_at_opening_or_at_the_next_contact) {
  WithOlderCopy site(false);
  const Counted counted = everySubset(site);
  BOOST_TEST(counted.atOpening == 40);
  BOOST_TEST(counted.atContact == 16);
  BOOST_TEST(counted.byVerify == 0);
  BOOST_TEST(counted.harmless == 7);  // of note and vaults' own files, which are the same as long as the WALs are not
}

BOOST_AUTO_TEST_CASE(s42_any_subset_put_back_over_a_checkpoint_is_said_at_the_latest_by_verify) {
  WithOlderCopy site(true);
  const Counted counted = everySubset(site);
  BOOST_TEST(counted.atOpening > 30);
  BOOST_TEST(counted.harmless == 1);
}

BOOST_AUTO_TEST_CASE(s42_no_number_of_a_bundle_is_given_twice_unless_the_note_was_put_back_too) {
  WithOlderCopy site(false);
  for (unsigned subset = 1; subset < 64; ++subset) {
    if ((subset & 8U) != 0) continue;
    site.putBack(subset);
    if (!saidOnOpening(site.p.opening("gar")).empty()) openSite(site.p.opening("gar"), Rollback::accept);
    site.saidAtContact();
    BOOST_TEST_CONTEXT("subset " << subset)
    for (const json& v : site.p["hq"].violations()) BOOST_TEST(v.at("kind") != "rolledBack");
    BOOST_TEST(site.p.digests("gar") == site.p.digests("hq"));
  }
}

BOOST_AUTO_TEST_CASE(an_older_keyring_is_said_to_be_one_and_none_of_its_later_states_passes_for_a_lost_one) {
  Prefecture p({});
  const Opening o = p.opening("hq");
  const std::string keyring = keyringFileOf(o.folder);
  const auto change = [&] {
    changeKeyring(p.office(), [&](Keyring& k) {
      k.changeSecret(k.unlock("clerk", secretOf()), secretOf(), KdfCost::cheapForTests());
    });
  };
  const Bytes first = contentOf(keyring);
  change();
  const Bytes second = contentOf(keyring);
  change();
  p.close("hq");
  setContent(keyring, first);
  BOOST_TEST(startsWith(saidOnOpening(o), "rolledBack: the keyring"));
  std::filesystem::remove(o.folder + "/noted");
  BOOST_TEST(startsWith(saidOnOpening(o), "rolledBack: the keyring"));  // the vaults remember, too
  openSite(o, Rollback::accept);
  BOOST_TEST(saidOnOpening(o) == "");
  setContent(keyring, second);
  BOOST_TEST(startsWith(saidOnOpening(o), "rolledBack: the keyring"));
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
