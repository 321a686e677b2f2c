#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/record/conflict.h"
#include "core/record/transaction.h"
#include "sync/backup.h"
#include "sync/merger.h"
#include "sync/verify.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

const json unit = {{"code", "u"}, {"name", "办公室"}, {"level", "county"}};

Code codeOf(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::internal;
}

// Every byte of a site's folder but the shared memory, which is rebuilt from the WAL.
std::map<std::string, std::string> bytesOf(const std::string& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.ends_with("-shm")) continue;
    const Bytes bytes = Environment::system().files->read(entry.path(), std::size_t{1} << 30);
    out[name] = std::string(textOf(bytes));
  }
  return out;
}

bool clean(Store& store) {
  const json verdict = verifySite(store, {});
  if (!verdict.at("ok").get<bool>()) BOOST_TEST_MESSAGE(verdict.dump(1));
  return verdict.at("ok");
}

void overwrite(const std::string& path, BytesView bytes) { Environment::system().files->note(path, bytes); }

}  // namespace

BOOST_AUTO_TEST_SUITE(bundles)

BOOST_AUTO_TEST_CASE(a_county_gets_what_it_is_cleared_for_and_nothing_else) {
  Prefecture p({{"gar", Level::confidential, {}}});
  const RecordId open = p.put("hq", "OrgUnit", unit, "public");
  const RecordId confidential = p.put("hq", "OrgUnit", unit, "秘密★五年");
  const RecordId secret = p.put("hq", "OrgUnit", unit, "机密");
  p.carry("hq", "gar");
  BOOST_TEST(p.get("gar", open) == unit);
  BOOST_TEST(p.get("gar", confidential) == unit);
  BOOST_TEST(p.get("gar", secret).is_null());
  BOOST_TEST(p["gar"].get(confidential).document.at("label").at("mark") == "秘密★五年");
  BOOST_TEST(!std::filesystem::exists(p.folder("gar") + "/secret.vault"));
  p.settle();
  BOOST_TEST(p.digests("gar").at("public[]") == p.digests("hq").at("public[]"));
  BOOST_TEST(p.digests("gar").at("confidential[]") == p.digests("hq").at("confidential[]"));
  BOOST_TEST(clean(p["gar"]));
  BOOST_TEST(clean(p["hq"]));
}

BOOST_AUTO_TEST_CASE(s19_a_circle_is_for_its_members_only) {
  Prefecture p({{"gar", Level::secret, {"road"}}, {"ritu", Level::secret, {}}});
  const RecordId id = p.put("hq", "OrgUnit", unit, "机密", {"road"});
  p.settle();
  BOOST_TEST(p.get("gar", id) == unit);
  BOOST_TEST(p.get("ritu", id).is_null());
  BOOST_TEST(!p.digests("ritu").contains("secret[\"road\"]"));
  BOOST_TEST((codeOf([&] { p.put("ritu", "OrgUnit", unit, "机密", {"road"}); }) == Code::notFound));
}

BOOST_AUTO_TEST_CASE(edits_of_two_sites_offline_merge_by_the_class_of_each_field) {
  Prefecture p({{"gar", Level::internal, {}}, {"ritu", Level::internal, {}}});
  const RecordId u = p.put("hq", "OrgUnit", unit);
  const RecordId person = p.put("hq", "Person", {{"employeeNo", "1"}, {"name", "甲"}, {"orgUnit", u.text()}});
  const RecordId post = p.put("hq", "Post", {{"code", "c"}, {"title", "t"}, {"roles", {"clerk", "driver"}}});
  const RecordId card = p.put("hq", "MealCard", {{"holder", "甲"}, {"staff", true}, {"balanceFen", 1000}});
  const RecordId meeting = p.put("hq", "Meeting",
                                 {{"kindOfMeeting", "weekly"},
                                  {"title", "例会"},
                                  {"startsAt", "2026-11-20T16:00:00+08:00"},
                                  {"chair", person.text()}});
  p.settle();

  p.set("gar", card, {{"balanceFen", 700}});
  p.set("ritu", card, {{"balanceFen", 1500}});
  p.set("gar", post, {{"roles", {"clerk", "driver", "cook"}}});
  p.set("ritu", post, {{"roles", {"clerk"}}});
  p.set("gar", meeting, {{"title", "周例会"}});
  p.set("ritu", meeting, {{"title", "办公例会"}});
  p.set("gar", u, {{"shortName", "A"}});
  p.set("ritu", u, {{"shortName", "B"}});
  p.settle();

  for (const std::string& site : p.sites()) {
    BOOST_TEST(p.get(site, card).at("balanceFen") == 1200);
    BOOST_TEST(p.get(site, post).at("roles") == json({"clerk", "cook"}));
    BOOST_TEST(p.get(site, u) == p.get("hq", u));
    BOOST_TEST(p[site].conflicts().size() == 1u);
    BOOST_TEST(p.digests(site) == p.digests("gar"));
  }
  const json conflict = p["hq"].conflicts()[0];
  BOOST_TEST(conflict.at("values").size() == 2u);
  resolveConflict(p["hq"], conflict.at("id").get<std::string>(), 1, "");
  p.settle();
  for (const std::string& site : p.sites()) {
    BOOST_TEST(p[site].conflicts().empty());
    BOOST_TEST(p.get(site, meeting).at("title") == conflict.at("values")[1].at("value"));
  }
}

BOOST_AUTO_TEST_CASE(a_deletion_against_an_edit_is_a_conflict_and_never_a_silent_loss) {
  Prefecture p({{"gar", Level::internal, {}}, {"ritu", Level::internal, {}}});
  const RecordId id = p.put("hq", "OrgUnit", unit);
  p.settle();
  p.remove("gar", id);
  p.set("ritu", id, {{"shortName", "still needed"}});
  p.settle();
  for (const std::string& site : p.sites()) {
    BOOST_TEST(p.get(site, id).at("shortName") == "still needed");
    BOOST_REQUIRE(p[site].conflicts().size() == 1u);
    BOOST_TEST(p[site].conflicts()[0].at("field") == "_deleted");
  }
  resolveConflict(p["hq"], id.text() + "._deleted", -1, "\"deleted\"");
  p.settle();
  for (const std::string& site : p.sites()) BOOST_TEST(p.get(site, id).is_null());
}

BOOST_AUTO_TEST_CASE(one_key_given_at_two_sites_is_a_violation_and_both_records_stay) {
  Prefecture p({{"gar", Level::internal, {}}, {"ritu", Level::internal, {}}});
  const RecordId a = p.put("gar", "OrgUnit", unit), b = p.put("ritu", "OrgUnit", unit);
  p.settle();
  for (const std::string& site : p.sites()) {
    BOOST_TEST(!p.get(site, a).is_null());
    BOOST_TEST(!p.get(site, b).is_null());
    BOOST_REQUIRE(p[site].violations().size() == 1u);
    BOOST_TEST(p[site].violations()[0].at("kind") == "duplicateKey");
  }
}

BOOST_AUTO_TEST_CASE(concurrent_states_end_equal_everywhere_and_are_shown) {
  Prefecture p({{"gar", Level::internal, {}}, {"ritu", Level::internal, {}}});
  const RecordId card = p.put("hq", "MealCard", {{"holder", "甲"}, {"staff", true}});
  p.settle();
  p.set("gar", card, {{"state", "suspended"}});
  p.set("ritu", card, {{"state", "closed"}});
  p.settle();
  for (const std::string& site : p.sites()) BOOST_TEST(p.get(site, card).at("state") == "closed");
  BOOST_TEST(p["hq"].violations()[0].at("kind") == "concurrentTransition");
}

BOOST_AUTO_TEST_CASE(an_attachment_arrives_whole) {
  Prefecture p({{"gar", Level::internal, {}}});
  const RecordId id = p.put("hq", "OrgUnit", unit);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{65'536}, std::size_t{200'001}}) {
    Bytes content(size);
    p.environment.random->fill(content);
    overwrite(p.root() / "file", content);
    const json attached = attach(p["hq"], id, p.root() / "file", "照片.jpg");
    p.carry("hq", "gar");
    Bytes got;
    detach(p["gar"], *RecordId::parse(attached.at("id").get<std::string>()), [&](BytesView piece) {
      append(got, piece);
      return true;
    });
    BOOST_TEST((got == content));
  }
  BOOST_TEST(clean(p["gar"]));
}

BOOST_AUTO_TEST_CASE(s22_a_changed_cut_extended_or_misdirected_bundle_changes_no_byte) {
  Prefecture p({{"gar", Level::internal, {}}, {"ritu", Level::internal, {}}});
  p.put("hq", "OrgUnit", unit);
  const std::string file = p.pack("hq", "gar").at(0);
  const Bytes good = Environment::system().files->read(file, 1 << 20);
  p.close("gar");
  const auto before = bytesOf(p.folder("gar"));
  const auto refused = [&](const Bytes& bytes) {
    overwrite(file, bytes);
    Code code = codeOf([&] { takeBundle(p["gar"], file, Apply::reallyApply, {}); });
    return code == Code::forged || code == Code::foreign || code == Code::misdirected || code == Code::badKey ||
           code == Code::newerFormat;
  };
  for (std::size_t bit = 0; bit < good.size() * 8; bit += bit < 4000 ? 1 : 97) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
    BOOST_REQUIRE_MESSAGE(refused(bad), "bit " << bit);
  }
  for (std::size_t size = 0; size < good.size(); size += 61)
    BOOST_REQUIRE(refused(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))));
  Bytes longer = good;
  longer.push_back(0);
  BOOST_TEST(refused(longer));
  overwrite(file, good);
  BOOST_TEST((codeOf([&] { takeBundle(p["ritu"], file, Apply::reallyApply, {}); }) == Code::misdirected));
  Prefecture other({{"gar", Level::internal, {}}}, 2);
  const Code foreign = codeOf([&] { takeBundle(other["gar"], file, Apply::reallyApply, {}); });
  BOOST_TEST((foreign == Code::forged || foreign == Code::foreign));
  p.close("gar");
  BOOST_TEST((bytesOf(p.folder("gar")) == before));
  BOOST_TEST(takeBundle(p["gar"], file, Apply::reallyApply, {}).applied == 1u);
  BOOST_TEST(takeBundle(p["gar"], file, Apply::reallyApply, {}).applied == 0u);
}

BOOST_AUTO_TEST_CASE(s23_a_member_cannot_write_in_another_s_name) {
  Prefecture p({{"gar", Level::internal, {}}, {"ritu", Level::internal, {}}});
  p.put("ritu", "OrgUnit", unit);
  p.settle();
  Vault& vault = p["gar"].vault(Level::open);
  // Gar relays what Ritu wrote, with one more changeset under Ritu's name and no signature of his.
  vault.begin();
  vault.database().run("UPDATE head SET signature=zeroblob(64)");
  vault.commit();
  p.put("gar", "OrgUnit", {{"code", "v"}, {"name", "x"}, {"level", "county"}});
  BOOST_TEST(clean(p["gar"]) == false);
}

BOOST_AUTO_TEST_CASE(a_dry_run_says_what_would_happen_and_changes_no_byte) {
  Prefecture p({{"gar", Level::internal, {}}});
  const RecordId id = p.put("hq", "OrgUnit", unit);
  const auto files = p.pack("hq", "gar");
  p.close("gar");
  const auto before = bytesOf(p.folder("gar"));
  BOOST_TEST(takeBundle(p["gar"], files.at(0), Apply::onlyTry, {}).applied == 1u);
  p.close("gar");
  BOOST_TEST((bytesOf(p.folder("gar")) == before));
  BOOST_TEST(p.get("gar", id).is_null());
}

BOOST_AUTO_TEST_CASE(nothing_new_makes_no_bundle_and_acknowledgements_come_to_rest) {
  Prefecture p({{"gar", Level::topSecret, {}}});
  p.put("hq", "OrgUnit", unit, "绝密");
  p.put("gar", "OrgUnit", unit, "机密");
  p.settle();
  BOOST_TEST(p.pack("hq", "gar").empty());
  BOOST_TEST(p.pack("gar", "hq").empty());
}

BOOST_AUTO_TEST_CASE(a_certificate_that_came_another_way_first_is_acknowledged_to_the_office_too) {
  Prefecture p({{"gar", Level::internal, {}}, {"ritu", Level::internal, {}}});
  p.put("gar", "OrgUnit", unit);
  p.settle();
  acceptGrant(p.opening("coqen"),
              admit(p.office(), requestToJoin(p.opening("coqen"), {"coqen", "措勤"}), {Level::open, {}, "2099-12-31"}));
  p.carry("hq", "ritu");
  p.carry("gar", "ritu");  // ritu has it all; that it says so brings gar the certificate
  p.carry("ritu", "gar");
  BOOST_TEST(Roster(p["gar"]).find("coqen") != nullptr);
  for (int i = 0; i < 2; ++i) {
    p.carry("hq", "gar");
    p.carry("gar", "hq");
  }
  BOOST_TEST(p.pack("hq", "gar").empty());
}

BOOST_AUTO_TEST_CASE(keys_that_a_site_holds_already_are_acknowledged_to_an_office_that_has_forgotten_it) {
  Prefecture p({{"gar", Level::internal, {}}});
  p.settle();
  Vault& vault = p.office().vault(Level::internal);
  Peer gar = Peer::load(vault, p["gar"].identity().site);
  gar.keys = 0;
  vault.begin();
  gar.save(vault);
  vault.commit();
  p.carry("hq", "gar");
  p.carry("gar", "hq");
  BOOST_TEST(p.pack("hq", "gar").empty());
}

BOOST_AUTO_TEST_CASE(a_lost_bundle_is_made_good_by_the_next) {
  Prefecture p({{"gar", Level::internal, {}}});
  const RecordId first = p.put("hq", "OrgUnit", unit);
  p.pack("hq", "gar");
  const RecordId second = p.put("hq", "OrgUnit", {{"code", "v"}, {"name", "x"}, {"level", "county"}});
  p.carry("hq", "gar");
  BOOST_TEST(!p.get("gar", first).is_null());
  BOOST_TEST(!p.get("gar", second).is_null());
}

BOOST_AUTO_TEST_CASE(s20_a_small_and_an_empty_bundle_have_one_size) {
  Prefecture p({{"gar", Level::internal, {}}});
  p.put("hq", "OrgUnit", unit);
  const auto withRecord = p.pack("hq", "gar");
  for (const std::string& file : withRecord) takeBundle(p["gar"], file, Apply::reallyApply, {});
  const auto acknowledgement = p.pack("gar", "hq");
  BOOST_REQUIRE(withRecord.size() == 1u);
  BOOST_REQUIRE(acknowledgement.size() == 1u);
  BOOST_TEST(std::filesystem::file_size(withRecord[0]) == std::filesystem::file_size(acknowledgement[0]));
}

BOOST_AUTO_TEST_CASE(s26_a_recorded_bundle_opens_with_nothing_that_its_receiver_still_has_after_some_contacts) {
  Prefecture p({{"gar", Level::internal, {}}});
  p.settle();
  p.put("gar", "OrgUnit", unit, "internal");
  p.carry("gar", "hq");
  p.put("hq", "MealCard", {{"holder", "甲"}, {"staff", true}}, "internal");
  const std::string recorded = p.pack("hq", "gar").back();
  const PublicKey used = BundleReader(p.environment, recorded).cover().prekey;
  BOOST_REQUIRE(secrets::prekey(p["gar"].vault(Level::internal), used).has_value());
  takeBundle(p["gar"], recorded, Apply::reallyApply, {});
  for (int i = 0; i < 6; ++i) {
    p.put("hq", "MealCard", {{"holder", "乙"}, {"staff", true}}, "internal");
    p.carry("hq", "gar");
    p.carry("gar", "hq");
  }
  BOOST_TEST(!secrets::prekey(p["gar"].vault(Level::internal), used).has_value());
  BOOST_TEST((secrets::sealing(p["gar"].lowest()).publicKey != used));
}

BOOST_AUTO_TEST_CASE(s27_a_bundle_opens_only_with_the_receivers_key_and_the_shared_secret_together) {
  Prefecture p({{"gar", Level::internal, {}}});
  p.put("hq", "OrgUnit", unit);
  const std::string file = p.pack("hq", "gar").at(0);
  Vault& lowest = p["gar"].lowest();
  const BoxPair own = secrets::sealing(lowest), another = BoxPair::make(*p.environment.random);
  const SecretBytes shared = secrets::shared(lowest, p["gar"].identity().site, p.office().identity().site);
  const SecretBytes guessed = SecretBytes::random(keySize, *p.environment.random);
  const auto opens = [&](const BoxPair& key, const SecretBytes& secret) {
    BundleReader bundle(p.environment, file);
    try {
      bundle.unlock(key, secret);
      Part part{};
      Bytes content;
      return bundle.next(part, content);
    } catch (const Error&) {
      return false;
    }
  };
  BOOST_TEST(opens(own, shared));
  BOOST_TEST(!opens(another, shared));
  BOOST_TEST(!opens(own, guessed));
}

BOOST_AUTO_TEST_CASE(s27_what_a_site_and_the_office_share_no_other_site_can_make) {
  Prefecture p({{"gar", Level::internal, {}}, {"ritu", Level::internal, {}}});
  const SiteId hq = p.office().identity().site, gar = p["gar"].identity().site;
  const SecretBytes atGar = secrets::shared(p["gar"].lowest(), gar, hq);
  BOOST_TEST(sameBytes(secrets::shared(p.office().lowest(), hq, gar).view(), atGar.view()));
  BOOST_TEST(!sameBytes(secrets::shared(p["ritu"].lowest(), hq, gar).view(), atGar.view()));
}

BOOST_AUTO_TEST_CASE(s30_no_two_pieces_of_an_attachment_are_sealed_with_one_nonce) {
  Prefecture p({});
  overwrite(p.root() / "file", Bytes(400'000, 7));
  attach(p.office(), p.put("hq", "OrgUnit", unit), p.root() / "file", "照片.jpg");
  std::set<std::string> beginnings;
  std::size_t pieces = 0;
  Query q = p.office().vault(Level::open).database().query("SELECT value FROM chunk");
  for (; q.step(); ++pieces) beginnings.emplace(textOf(q->blob(0).subspan(2, 64)));  // behind epoch and end mark
  BOOST_TEST(pieces > 4u);
  BOOST_TEST(beginnings.size() == pieces);
}

BOOST_AUTO_TEST_CASE(a_restored_site_takes_a_new_incarnation_and_gets_back_what_it_lost) {
  Prefecture p({{"gar", Level::internal, {}}});
  const RecordId first = p.put("gar", "OrgUnit", unit);
  backupSite(p["gar"], p.root() / "backup", {});
  const RecordId second = p.put("gar", "OrgUnit", {{"code", "v"}, {"name", "x"}, {"level", "county"}});
  p.settle();
  p.close("gar");
  std::filesystem::remove_all(p.folder("gar"));
  restoreSite(p.opening("gar"), p.root() / "backup");
  BOOST_TEST(!p.get("gar", first).is_null());
  BOOST_TEST(p.get("gar", second).is_null());
  p.put("gar", "OrgUnit", {{"code", "w"}, {"name", "x"}, {"level", "county"}});
  p.settle();
  BOOST_TEST(!p.get("gar", second).is_null());
  BOOST_TEST(p.digests("gar") == p.digests("hq"));
  BOOST_TEST(clean(p["gar"]));
  BOOST_TEST(clean(p["hq"]));
}

BOOST_AUTO_TEST_CASE(a_restored_site_gets_back_what_it_had_acknowledged_to_others) {
  Prefecture p({{"gar", Level::internal, {}}});
  p.put("gar", "OrgUnit", unit);
  p.settle();
  backupSite(p["gar"], p.root() / "backup", {});
  const RecordId lost = p.put("hq", "OrgUnit", {{"code", "v"}, {"name", "x"}, {"level", "county"}});
  p.settle();
  p.close("gar");
  std::filesystem::remove_all(p.folder("gar"));
  restoreSite(p.opening("gar"), p.root() / "backup");
  BOOST_TEST(p.get("gar", lost).is_null());
  p.settle();
  BOOST_TEST(!p.get("gar", lost).is_null());
  BOOST_TEST(p.digests("gar") == p.digests("hq"));
}

BOOST_AUTO_TEST_CASE(s42_a_vault_that_was_put_back_is_noticed_and_the_loss_made_good) {
  Prefecture p({{"gar", Level::internal, {}}});
  p.put("gar", "OrgUnit", unit);
  p.close("gar");
  const std::string vault = p.folder("gar") + "/public.vault";
  std::filesystem::copy_file(vault, p.root() / "older");
  const RecordId second = p.put("gar", "OrgUnit", {{"code", "v"}, {"name", "x"}, {"level", "county"}});
  p.settle();
  p.close("gar");
  std::filesystem::copy_file(p.root() / "older", vault, std::filesystem::copy_options::overwrite_existing);
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(vault + suffix);
  BOOST_TEST((codeOf([&] { p["gar"]; }) == Code::rolledBack));
  openSite(p.opening("gar"), Rollback::accept);
  p.put("gar", "OrgUnit", {{"code", "w"}, {"name", "x"}, {"level", "county"}});
  p.settle();
  BOOST_TEST(!p.get("gar", second).is_null());
  BOOST_TEST(p.digests("gar") == p.digests("hq"));
  BOOST_TEST(clean(p["hq"]));
}

BOOST_AUTO_TEST_CASE(a_site_that_finds_itself_put_back_goes_on_with_all_that_it_had_seen) {
  Prefecture p({{"gar", Level::internal, {}}, {"ritu", Level::internal, {}}});
  const RecordId id = p.put("ritu", "OrgUnit", unit);
  p.settle();
  p.put("gar", "OrgUnit",
        {{"code", "g"}, {"name", "x"}, {"level", "county"}});  // its first life names what it has seen
  p.settle();
  p.close("gar");
  std::filesystem::copy(p.folder("gar"), p.root() / "older", std::filesystem::copy_options::recursive);
  const RecordId lost = p.put("gar", "OrgUnit", {{"code", "v"}, {"name", "x"}, {"level", "county"}});
  p.settle();
  p.close("gar");
  std::filesystem::remove_all(p.folder("gar"));
  std::filesystem::rename(p.root() / "older", p.folder("gar"));
  BOOST_TEST(p.get("gar", lost).is_null());
  p.put("hq", "OrgUnit", {{"code", "w"}, {"name", "x"}, {"level", "county"}});
  p.carry("hq", "gar");
  BOOST_TEST(p["gar"].vault(Level::open).self().incarnation == 2u);
  p.set("gar", id, {{"name", "机要处"}});  // over what Ritu wrote, in the process that took the new life
  p.settle();
  for (const std::string& site : p.sites()) {
    BOOST_TEST(!p.get(site, lost).is_null());
    BOOST_TEST(p.get(site, id).at("name") == "机要处");
    BOOST_TEST(p[site].conflicts().empty());
    BOOST_TEST(p.digests(site) == p.digests("hq"));
  }
}

BOOST_AUTO_TEST_CASE(an_element_added_at_one_site_while_another_removes_it_stays) {
  Prefecture p({{"gar", Level::internal, {}}, {"ritu", Level::internal, {}}});
  const RecordId id = p.put("hq", "Post", {{"code", "c"}, {"title", "t"}, {"roles", {"clerk"}}});
  p.settle();
  p.set("gar", id, {{"roles", {"clerk", "cook"}}});
  p.set("ritu", id, {{"roles", {"clerk", "cook"}}});
  p.carry("gar", "hq");
  p.set("hq", id, {{"roles", {"clerk"}}});  // the cook that gar added, not the one that ritu adds meanwhile
  p.settle();
  for (const std::string& site : p.sites()) BOOST_TEST(p.get(site, id).at("roles") == json({"clerk", "cook"}));
}

BOOST_AUTO_TEST_SUITE_END()
