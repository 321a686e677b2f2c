// Records are destroyed by two persons at the office: nothing of them is left at any site, whatever the others did
// meanwhile, and a certificate stays. s07, s34, s46, s50–s54.
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/record/transaction.h"
#include "core/retention/held.h"
#include "core/search/index.h"
#include "sync/backup.h"
#include "sync/clearing.h"
#include "sync/remains.h"
#include "sync/status.h"
#include "sync/verify.h"
#include "tests/builder/archive.h"
#include "tests/builder/remains.h"
#include "tests/builder/whole.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

constexpr std::string_view canary = "银朱canary7319";

struct Office : Archive {
  Office() : Archive({{"gar", Level::internal, {}}, {"ritu", Level::secret, {}}}) { settle(); }

  json violation(const std::string& site, const std::string& kind) {
    for (const json& v : (*this)[site].violations())
      if (v.at("kind") == kind) return v;
    return nullptr;
  }
  std::string stateOf(const std::string& certificate) { return get("hq", *RecordId::parse(certificate)).at("state"); }
  bool provenAt(const std::string& site, const std::string& certificate) {
    const json proof = proveDestroyed((*this)[site], *RecordId::parse(certificate));
    if (!proof.at("ok").get<bool>()) BOOST_TEST_MESSAGE(site << " " << proof.dump(1));
    return proof.at("ok");
  }
  // In the clear in a file, or in a page once it is opened.
  bool leftAt(const std::string& site, std::string_view word = canary) {
    return inAnyFile(folder(site), word) || inAnyPage((*this)[site], word);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(destroying, Office)

BOOST_AUTO_TEST_CASE(s07_what_was_destroyed_is_in_no_page_of_any_site_and_the_certificate_and_the_chain_remain) {
  const RecordId gone = paper("", std::string(canary) + " 来文"), stays = paper("", "留存");
  for (int i = 0; i < 60; ++i) paper("", "邻件" + std::to_string(i) + std::string(300, 'x'));
  set("hq", gone, {{"name", std::string(canary) + " 改"}});
  {
    std::ofstream(root() / "scan") << std::string(200'000, 's') << canary;
    attach(office(), gone, root() / "scan", "扫描 " + std::string(canary));
  }
  settle();
  for (const std::string& site : sites()) SearchIndex((*this)[site]).catchUpAll();
  for (const std::string& site : sites()) BOOST_TEST(leftAt(site));
  BOOST_TEST(!inAnyFile(folder("hq"), canary));  // never in the clear

  const std::string certificate = destroyAll({gone});
  BOOST_TEST(stateOf(certificate) == "certified");
  BOOST_TEST(!leftAt("hq"));
  BOOST_TEST(leftAt("gar"));  // its word has not come there yet
  settle();
  for (const std::string& site : sites()) {
    BOOST_TEST(!leftAt(site), site);
    BOOST_TEST(get(site, gone).is_null());
    BOOST_TEST(get(site, stays).at("name") == "留存");
    BOOST_TEST(SearchIndex((*this)[site]).find(std::string(canary), "", 10, "").at("rows").empty());
    BOOST_TEST(provenAt(site, certificate), site);
    BOOST_CHECK_EXCEPTION((*this)[site].history(gone), Error,
                          [](const Error& e) { return e.code() == Code::notFound; });
  }
  const json what = get("ritu", *RecordId::parse(certificate));
  BOOST_TEST(what.at("count") == 2);
  BOOST_TEST(what.at("done") == "scrubbed");
  mustBeWhole(*this);
  BOOST_TEST(!leftAt("hq"));
}

BOOST_AUTO_TEST_CASE(s46_a_backup_and_bundles_made_after_the_destruction_hold_nothing_of_it) {
  const RecordId gone = paper("", std::string(canary));
  destroyAll({gone});
  BOOST_TEST(office().levels().size() > 0u);
  backupSite(office(), root() / "after.cnbb", {});
  BOOST_TEST(!inAnyFile(root() / "after.cnbb", canary));
  Opening o = opening("hq");
  o.folder = root() / "again";
  restoreSite(o, root() / "after.cnbb");
  const auto again = openSite(o);
  BOOST_TEST(!inAnyPage(*again, canary));
  // A site that never had it gets word of it, and nothing else.
  settle();
  for (const std::string& site : sites()) BOOST_TEST(!leftAt(site), site);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(s51_while_a_reader_is_open_the_certificate_is_pending_and_is_finished_later) {
  const RecordId gone = paper("", std::string(canary));
  settle();
  auto reader = office().snapshot();
  BOOST_TEST(!reader->get(gone).document.is_null());
  const std::string certificate = destroyAll({gone});
  BOOST_TEST(stateOf(certificate) == "pending");
  BOOST_TEST(!provenAt("hq", certificate));
  reader.reset();
  close("hq");
  clearUp(office());
  BOOST_TEST(stateOf(certificate) == "certified");
  BOOST_TEST(provenAt("hq", certificate));
}

BOOST_AUTO_TEST_CASE(a_site_that_has_the_certificate_but_not_yet_the_word_is_not_proven) {
  const RecordId gone = paper("", std::string(canary));  // public; its certificate is internal
  std::ofstream(root() / "scan") << canary;
  attach(office(), gone, root() / "scan", "扫描");
  settle();
  const std::string certificate = destroyAll({gone});
  for (const std::string& file : pack("hq", "gar"))
    if (file.find("-internal-") != std::string::npos) takeBundle((*this)["gar"], file, Apply::reallyApply, {});
  const json proof = proveDestroyed((*this)["gar"], *RecordId::parse(certificate));
  BOOST_TEST(proof.at("ok") == false);
  for (const json& check : proof.at("checks"))
    for (const char* name : {"destruction", "tables", "log"})
      if (check.at("name") == name) BOOST_TEST(check.at("ok") == false, name);
  settle();
  BOOST_TEST(provenAt("gar", certificate));
}

BOOST_AUTO_TEST_CASE(a_free_page_that_still_holds_something_is_found) {
  const RecordId gone = paper("", std::string(canary));
  std::ofstream(root() / "scan") << std::string(200'000, 's');
  attach(office(), gone, root() / "scan", "扫描");
  office().vault(Level::open).database().run("PRAGMA secure_delete=OFF");
  const std::string certificate = destroyAll({gone});
  const json proof = proveDestroyed(office(), *RecordId::parse(certificate));
  BOOST_TEST(proof.at("ok") == false);
  BOOST_TEST(proof.at("checks").back().at("name") == "free pages");
  BOOST_TEST(proof.at("checks").back().at("ok") == false);
}

BOOST_AUTO_TEST_CASE(s52_the_office_lists_who_has_not_answered_for_a_destroyed_record_and_since_when) {
  const RecordId gone = paper();
  settle();
  destroyAll({gone});
  carry("hq", "gar");
  carry("gar", "hq");
  const json open = openWithdrawals(office());
  BOOST_REQUIRE_EQUAL(open.size(), 1u);
  BOOST_TEST(open[0].at("record") == gone.text());
  BOOST_TEST(open[0].at("destroyed") == true);
  BOOST_TEST((open[0].at("open") == json({"ritu"})));
  BOOST_TEST(open[0].at("since").is_string());
  settle();
  BOOST_TEST(openWithdrawals(office()).empty());
}

BOOST_AUTO_TEST_CASE(s52_an_edit_by_a_site_that_did_not_know_revives_nothing_and_is_reported_there_and_at_the_office) {
  const RecordId gone = paper("", std::string(canary));
  settle();
  const std::string certificate = destroyAll({gone});
  set("gar", gone, {{"name", std::string(canary) + " 地方改"}});
  settle();
  for (const std::string& site : sites()) {
    BOOST_TEST(get(site, gone).is_null(), site);
    BOOST_TEST(!leftAt(site), site);
    BOOST_TEST(provenAt(site, certificate), site);
  }
  for (const char* site : {"gar", "hq"}) {
    const json told = violation(site, "changedAfterDestruction");
    BOOST_REQUIRE(!told.is_null());
    BOOST_TEST(told.at("record") == gone.text());
  }
  BOOST_TEST(stateOf(certificate) == "certified");
  BOOST_TEST(openWithdrawals(office()).empty());
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(a_record_that_another_site_moved_meanwhile_is_destroyed_where_it_came_to_and_certified_there) {
  const RecordId gone = paper("", std::string(canary));
  settle();
  destroyAll({gone});
  relabel("ritu", gone, "机密★五年");
  settle();
  for (const std::string& site : sites()) {
    BOOST_TEST(levelAt(site, gone) == "", site);
    BOOST_TEST(!leftAt(site), site);
  }
  int certificates = 0;
  for (const Level level : office().levels())
    if (office().vault(level).holdsTableOf(*office().catalog().find("DisposalCertificate")))
      certificates += static_cast<int>(
          office().vault(level).database().number("SELECT count(*) FROM DisposalCertificate WHERE state='certified'"));
  BOOST_TEST(certificates == 2);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(a_record_that_another_site_moved_away_and_back_meanwhile_stays_destroyed) {
  const RecordId gone = paper("", std::string(canary));
  settle();
  destroyAll({gone});
  relabel("ritu", gone, "机密★五年");
  relabel("ritu", gone, "public");
  settle();
  for (const std::string& site : sites()) {
    BOOST_TEST(levelAt(site, gone) == "", site);
    BOOST_TEST(!leftAt(site), site);
  }
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(an_attachment_that_another_site_added_meanwhile_goes_too) {
  const RecordId gone = paper();
  settle();
  destroyAll({gone});
  std::ofstream(root() / "scan") << canary;
  attach((*this)["gar"], gone, root() / "scan", std::string(canary));
  settle();
  for (const std::string& site : sites()) BOOST_TEST(!leftAt(site), site);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(s53_a_hold_set_meanwhile_keeps_the_content_where_it_stands_and_the_clash_is_told_with_both) {
  const RecordId gone = paper("", std::string(canary));
  settle();
  const std::string hold =
      act("hold", {{"record", gone.text()}, {"by", "clerk"}, {"reason", "诉讼"}}, "gar").at("hold");
  const std::string certificate = destroyAll({gone});
  carry("hq", "gar");
  carry("gar", "hq");
  carry("hq", "gar");
  BOOST_TEST(inLog((*this)["gar"], canary));
  for (const std::string site : {"gar", "hq"}) {
    const json told = violation(site, "heldAndDestroyed");
    BOOST_REQUIRE(!told.is_null());
    BOOST_TEST(told.at("record") == gone.text());
    BOOST_TEST(told.at("detail").at("hold") == hold);
    BOOST_TEST(told.at("detail").at("certificate") == certificate);
  }
  BOOST_TEST(openWithdrawals(office()).size() == 1u);
  BOOST_TEST(get("gar", gone).is_null());
  const json kept = heldContent((*this)["gar"], gone);
  BOOST_TEST(kept.at("entries").at(0).at("fields").at("name") == canary);
  BOOST_TEST((kept.at("holds") == json({hold})));
  BOOST_CHECK_EXCEPTION(heldContent(office(), gone), Error, [](const Error& e) { return e.code() == Code::notFound; });
  act("lift", {{"hold", hold}, {"by", "leader"}}, "gar");
  clearUp((*this)["gar"]);
  BOOST_TEST(!leftAt("gar"));
  BOOST_CHECK_THROW(heldContent((*this)["gar"], gone), Error);
  BOOST_TEST(violation("gar", "heldAndDestroyed").is_null());
  settle();
  BOOST_TEST(violation("hq", "heldAndDestroyed").is_null());
  BOOST_TEST(openWithdrawals(office()).empty());
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(only_the_office_destroys_and_another_sites_word_is_refused_by_all) {
  const RecordId stays = paper();
  settle();
  BOOST_CHECK_EXCEPTION(act("destroy", {{"list", listed({stays})}, {"by", "one"}}, "ritu"), Error,
                        [](const Error& e) { return e.code() == Code::refused || e.code() == Code::notFound; });
  {
    const auto transaction = (*this)["gar"].begin();
    Item end;
    end.record = stays;
    end.kind = ItemKind::destroy;
    transaction->write({Level::internal, {}}, end);
    transaction->commit();
  }
  settle();
  for (const std::string& site : sites()) {
    BOOST_TEST(!get(site, stays).is_null(), site);
    BOOST_TEST(!violation(site, "unauthorisedAuthor").is_null(), site);
  }
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(a_site_that_joins_later_learns_of_the_end_and_of_nothing_else) {
  const RecordId gone = paper("", std::string(canary));
  const std::string certificate = destroyAll({gone});
  settle();
  BOOST_TEST(provenAt("gar", certificate));
  BOOST_TEST(!leftAt("gar"));
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(records_of_two_labels_have_a_certificate_each_and_the_lower_names_nothing_above) {
  const RecordId low = paper("", std::string(canary)), high = paper("机密", std::string(canary));
  settle();
  const json result = destroyed({low, high});
  BOOST_REQUIRE_EQUAL(result.at("certificates").size(), 2u);
  settle();
  std::set<std::string> levels;
  for (const json& id : result.at("certificates")) {
    const json record = office().get(*RecordId::parse(id.get<std::string>())).document;
    levels.insert(record.at("label").at("level"));
    BOOST_TEST(record.at("fields").at("count") == 1);
    BOOST_TEST((record.at("fields").contains("list") == (record.at("label").at("level") == "secret")));
    BOOST_TEST((levelAt("gar", *RecordId::parse(id.get<std::string>())) == "") ==
               (record.at("label").at("level") == "secret"));
  }
  BOOST_TEST((levels == std::set<std::string>{"internal", "secret"}));
  for (const std::string& site : sites()) BOOST_TEST(!leftAt(site), site);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_SUITE_END()
