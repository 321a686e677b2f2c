// Who read, copied, exported or tried in vain: s16, s17, and what reading costs and never costs.
#include <boost/test/unit_test.hpp>

#include "core/audit/audit.h"
#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/record/read_connection.h"
#include "core/record/transaction.h"
#include "core/search/index.h"
#include "sync/backup.h"
#include "sync/verify.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

json unit(const std::string& code) { return {{"code", code}, {"name", "办公室" + code}, {"level", "county"}}; }

// Time stands still, so that all reads are one burst.
class StillClock : public Clock {
 public:
  Now now() override { return {1'780'000'000'000, 480}; }
};

struct Office : Prefecture {
  Office() : Prefecture({}) {}
  explicit Office(const std::vector<County>& counties) : Prefecture(counties) {}

  std::unique_ptr<Store> openTo(Level most) {
    Opening o = opening("hq");
    o.most = most;
    return openSite(o);
  }
  static json entries(Store& store, AuditQuestion question = {}) {
    question.limit = 10'000;
    return store.audit().entries(question).at("entries");
  }
  // "act entity count" of each entry, oldest first.
  static std::vector<std::string> acts(Store& store) {
    std::vector<std::string> out;
    for (const json& e : entries(store))
      out.push_back(e.at("act").get<std::string>() + " " +
                    (e.at("entity").is_null() ? "-" : e.at("entity").get<std::string>()) + " " +
                    std::to_string(e.at("count").get<int>()));
    return out;
  }
  bool verified(const std::string& site = "hq") { return verifySite((*this)[site], {}).at("ok").get<bool>(); }

  // The audit's file as whoever holds the vault's key can change it.
  void tamper(Level level, const std::string& sql) {
    const SecretBytes key = deriveKey(office().vault(level).spillKey(), "cinnabar audit");
    Database db({auditFileOf(folder("hq"), level), &key, nullptr, false});
    db.run(sql.c_str());
  }
};

using Acts = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(audit, Office)

BOOST_AUTO_TEST_CASE(a_read_from_confidential_upwards_is_in_the_audit_and_one_below_is_not) {
  const RecordId open = put("hq", "OrgUnit", unit("a")), internal = put("hq", "OrgUnit", unit("b"), "内部");
  const RecordId secret = put("hq", "OrgUnit", unit("c"), "机密");
  for (const RecordId& id : {open, internal, secret}) office().get(id);
  office().history(secret);
  const json all = entries(office());
  BOOST_TEST(acts(office()) == (Acts{"read OrgUnit 1", "history OrgUnit 1"}), boost::test_tools::per_element());
  BOOST_TEST(all[0].at("record") == secret.text());
  BOOST_TEST(all[0].at("person") == "clerk");
  BOOST_TEST(all[0].at("level") == "secret");
  BOOST_TEST(all.dump().find("办公室") == std::string::npos);
  BOOST_TEST(!environment.files->exists(auditFileOf(folder("hq"), Level::internal)));
}

BOOST_AUTO_TEST_CASE(s16_nothing_of_a_top_secret_record_is_given_when_its_entry_cannot_be_written) {
  const RecordId id = put("hq", "OrgUnit", unit("a"), "绝密");
  const std::string file = auditFileOf(folder("hq"), Level::topSecret);
  std::filesystem::create_directory(file);
  BOOST_CHECK_THROW(office().get(id), Error);
  BOOST_CHECK_THROW(office().read(id), Error);
  BOOST_CHECK_THROW(office().history(id), Error);
  BOOST_CHECK_THROW(office().reading().list("OrgUnit", {}), Error);
  BOOST_CHECK_THROW(office().reading().sql("SELECT name FROM OrgUnit", 10), Error);
  BOOST_CHECK_THROW(SearchIndex(office()).find("办公", "", 10, ""), Error);
  std::filesystem::remove(file);
  BOOST_TEST(office().get(id).document.at("fields").at("code") == "a");
  BOOST_TEST(acts(office()).back() == "read OrgUnit 1");
}

BOOST_AUTO_TEST_CASE(s16_each_top_secret_record_on_a_page_has_its_own_entry) {
  const RecordId one = put("hq", "OrgUnit", unit("a"), "绝密"), two = put("hq", "OrgUnit", unit("b"), "绝密");
  put("hq", "OrgUnit", unit("c"), "秘密");
  put("hq", "OrgUnit", unit("d"), "秘密");
  put("hq", "OrgUnit", unit("e"));
  office().reading().list("OrgUnit", {});
  BOOST_TEST(acts(office()) == (Acts{"listed OrgUnit 1", "listed OrgUnit 1", "listed OrgUnit 2"}),
             boost::test_tools::per_element());
  AuditQuestion of;
  of.record = two;
  BOOST_TEST(entries(office(), of).size() == 1u);
  BOOST_TEST(entries(office(), of)[0].at("record") == two.text());
  of.record = one;
  BOOST_TEST(entries(office(), of).size() == 1u);
  of.record.reset();
  of.person = "somebody else";
  BOOST_TEST(entries(office(), of).empty());
}

BOOST_AUTO_TEST_CASE(searches_sql_and_what_waits_for_a_person_are_noted_by_level) {
  put("hq", "OrgUnit", unit("a"), "机密");
  put("hq", "OrgUnit", unit("b"));
  SearchIndex(office()).find("办公", "OrgUnit", 10, "");
  office().reading().sql("SELECT count(*) FROM OrgUnit WHERE name='x'", 10);
  office().reading().sql("SELECT count(*) FROM Meeting", 10);
  office().conflicts();
  BOOST_TEST(acts(office()) == (Acts{"found OrgUnit 1", "queried OrgUnit 1"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_condition_that_looks_at_what_it_does_not_show_is_noted_as_a_question) {
  put("hq", "OrgUnit", unit("a"), "绝密");
  put("hq", "MealCard", {{"holder", "甲"}, {"staff", true}});
  for (int i = 0; i < 2; ++i)
    office().reading().list("MealCard", {"EXISTS(SELECT 1 FROM OrgUnit WHERE name LIKE '办公室%')", "", 5, ""});
  office().reading().list("OrgUnit", {"name='x'", "", 5, ""});
  office().reading().list("OrgUnit", {"name LIKE '办%'", "", 5, ""});
  office().reading().list("MealCard", {"staff=1", "", 5, ""});
  BOOST_TEST(
      acts(office()) == (Acts{"queried OrgUnit 1", "queried OrgUnit 1", "queried OrgUnit 1", "listed OrgUnit 1"}),
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(s17_the_audit_of_a_level_is_readable_only_at_that_level) {
  const RecordId secret = put("hq", "OrgUnit", unit("a"), "机密"), low = put("hq", "OrgUnit", unit("b"), "秘密");
  office().get(secret);
  office().get(low);
  const auto reader = openTo(Level::confidential);
  BOOST_TEST(acts(*reader) == (Acts{"read OrgUnit 1"}), boost::test_tools::per_element());
  BOOST_TEST(entries(*reader)[0].at("record") == low.text());
}

BOOST_AUTO_TEST_CASE(s17_the_audit_of_a_circle_is_readable_only_in_that_circle) {
  ensureCircle(office(), "road");
  const RecordId beside = put("hq", "OrgUnit", unit("a"), "机密", {"road"}),
                 own = put("hq", "OrgUnit", unit("b"), "机密");
  office().get(beside);
  office().get(own);
  const auto reader = officeFor(Level::topSecret, std::set<std::string>{"water"});
  BOOST_REQUIRE(entries(*reader).size() == 1u);
  BOOST_TEST(entries(*reader)[0].at("record") == own.text());
}

BOOST_AUTO_TEST_CASE(s17_verify_finds_an_entry_that_was_taken_out_changed_or_cut_off) {
  const RecordId id = put("hq", "OrgUnit", unit("a"), "机密");
  for (int i = 0; i < 5; ++i) office().get(id);
  set("hq", id, {{"name", "新"}});  // the vault notes how far the audit is
  BOOST_TEST(verified());
  const std::string file = auditFileOf(folder("hq"), Level::secret);
  const auto spoiled = [&](const std::string& sql) {
    close("hq");
    std::filesystem::copy_file(file, root() / "kept", std::filesystem::copy_options::overwrite_existing);
    tamper(Level::secret, sql);
    const bool ok = verified();
    close("hq");
    std::filesystem::copy_file(root() / "kept", file, std::filesystem::copy_options::overwrite_existing);
    return !ok;
  };
  BOOST_TEST(spoiled("DELETE FROM entry WHERE place=2"));
  BOOST_TEST(spoiled("UPDATE entry SET person='somebody' WHERE place=3"));
  BOOST_TEST(spoiled("UPDATE entry SET record=zeroblob(16) WHERE place=3"));
  BOOST_TEST(spoiled("UPDATE entry SET count=7 WHERE place=1"));
  BOOST_TEST(spoiled("DELETE FROM entry WHERE place=5"));
  BOOST_TEST(spoiled("DELETE FROM entry"));
  BOOST_TEST(verified());
  close("hq");
  std::filesystem::remove(file);
  BOOST_TEST(!verified());
  // What is read from now on does not cover up what is gone.
  office().get(id);
  set("hq", id, {{"name", "又新"}});
  BOOST_TEST(!verified());
}

BOOST_AUTO_TEST_CASE(s10_what_the_member_of_a_circle_tried_in_vain_is_read_in_that_circle_only) {
  ensureCircle(office(), "road");
  RecordId nowhere = put("hq", "OrgUnit", unit("a"), "机密");
  nowhere.bytes[15] ^= 1;
  {
    const auto member = officeFor(Level::topSecret, std::set<std::string>{"road"});
    BOOST_CHECK_THROW(member->get(nowhere), Error);
    BOOST_TEST(entries(*member).size() == 1u);
  }
  BOOST_TEST(entries(office()).size() == 1u);
  BOOST_TEST(entries(*officeFor(Level::topSecret, std::set<std::string>{})).empty());
}

BOOST_AUTO_TEST_CASE(s10_a_try_in_vain_leaves_the_same_entry_whether_the_record_is_above_or_nowhere) {
  const RecordId above = put("hq", "OrgUnit", unit("a"), "机密");
  RecordId nowhere = above;
  nowhere.bytes[15] ^= 1;
  json seen[2];
  int at = 0;
  for (const RecordId& id : {above, nowhere}) {
    const auto reader = openTo(Level::internal);
    const std::size_t before = entries(*reader).size();
    BOOST_CHECK_THROW(reader->get(id), Error);
    BOOST_CHECK_THROW(reader->history(id), Error);
    BOOST_CHECK_THROW(reader->begin()->set(id, {{"name", "x"}}), Error);
    BOOST_CHECK_THROW(reader->begin()->remove(id), Error);
    BOOST_CHECK_THROW(detach(*reader, id, [](BytesView) { return true; }), Error);
    json made = entries(*reader);
    made.erase(made.begin(), made.begin() + static_cast<std::ptrdiff_t>(before));
    for (json& entry : made) {
      BOOST_TEST(entry.at("record") == id.text());
      BOOST_TEST(entry.at("act") == "triedInVain");
      for (const char* own : {"at", "place", "record"}) entry.erase(own);
    }
    seen[at++] = made;
  }
  BOOST_TEST(seen[0].size() == 5u);
  BOOST_TEST(seen[0] == seen[1]);
  // Nothing of it stands where the record is.
  AuditQuestion of;
  of.record = above;
  for (const json& entry : entries(office(), of)) BOOST_TEST(entry.at("level") == "internal");
}

BOOST_AUTO_TEST_CASE(a_read_leaves_its_entry_also_in_a_snapshot_and_in_a_transaction_that_is_rolled_back) {
  const RecordId id = put("hq", "OrgUnit", unit("a"), "绝密");
  office().snapshot()->get(id);
  {
    const auto transaction = office().begin();
    transaction->set(id, {{"name", "新"}});
    office().get(id);
  }
  BOOST_TEST(acts(office()) == (Acts{"read OrgUnit 1", "read OrgUnit 1"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(s56_a_reader_waits_for_no_writer_and_no_writer_for_a_reader) {
  const RecordId id = put("hq", "OrgUnit", unit("a"), "绝密");
  const auto writer = openSite(opening("hq")), other = openSite(opening("hq"));
  const auto transaction = writer->begin();
  transaction->set(id, {{"name", "新"}});
  BOOST_CHECK_NO_THROW(other->get(id));
  BOOST_CHECK_NO_THROW(transaction->commit());
  BOOST_TEST(acts(*other).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_burst_of_reads_is_written_together_and_complete_with_the_next_commit_or_at_closing) {
  environment.clock = std::make_shared<StillClock>();
  close("hq");
  const RecordId id = put("hq", "OrgUnit", unit("a"), "秘密");
  const auto other = openSite(opening("hq"));
  const auto reader = openSite(opening("hq"));
  reader->get(id);
  BOOST_TEST(acts(*other).size() == 1u);  // the first is there before its content is given
  for (int i = 0; i < 31; ++i) reader->get(id);
  BOOST_TEST(acts(*other).size() == 1u);
  reader->get(id);
  BOOST_TEST(acts(*other).size() == 33u);
  reader->get(id);
  const auto transaction = reader->begin();
  transaction->set(id, {{"name", "新"}});
  transaction->commit();
  BOOST_TEST(acts(*other).size() == 34u);
  {
    const auto third = openSite(opening("hq"));
    for (int i = 0; i < 5; ++i) third->get(id);
  }
  BOOST_TEST(acts(*other).size() == 39u);
}

BOOST_AUTO_TEST_CASE(reads_below_top_secret_go_on_for_a_while_when_the_audit_cannot_be_written_and_then_stop) {
  environment.clock = std::make_shared<StillClock>();
  close("hq");
  const RecordId id = put("hq", "OrgUnit", unit("a"), "秘密");
  const std::string file = auditFileOf(folder("hq"), Level::confidential);
  std::filesystem::create_directory(file);
  std::size_t given = 0;
  try {
    for (; given < 5000; ++given) office().get(id);
  } catch (const Error&) {
  }
  BOOST_TEST(given == Audit::mostUnwritten - 1);
  std::filesystem::remove(file);
  BOOST_TEST(acts(office()).size() == Audit::mostUnwritten);
}

BOOST_AUTO_TEST_CASE(what_leaves_the_site_is_noted_with_where_it_went) {
  Office p({{"gar", Level::secret, {}}});
  const RecordId id = p.put("hq", "OrgUnit", unit("a"), "机密");
  p.environment.files->note(p.root() / "paper", Bytes(10, 7));
  const json attached = attach(p.office(), id, p.root() / "paper", "附");
  detach(p.office(), *RecordId::parse(attached.at("id").get<std::string>()), [](BytesView) { return true; });
  p.carry("hq", "gar");
  backupSite(p.office(), p.root() / "made.bak", {});
  AuditQuestion all;
  std::vector<std::string> seen;
  for (const json& e : entries(p.office(), all))
    if (e.at("level") == "secret")
      seen.push_back(e.at("act").get<std::string>() + " " + e.at("detail").get<std::string>());
  BOOST_TEST(seen == (Acts{"detached ", "exported gar", "copied backup"}), boost::test_tools::per_element());
  restoreSite(
      [&] {
        Opening o = p.opening("hq");
        o.folder = p.folder("restored");
        return o;
      }(),
      p.root() / "made.bak");
  Opening o = p.opening("hq");
  o.folder = p.folder("restored");
  const auto restored = openSite(o);
  BOOST_TEST(entries(*restored).size() >= 2u);
  BOOST_TEST(verifySite(*restored, {}).at("ok").get<bool>());
}

BOOST_AUTO_TEST_CASE(a_peer_notices_an_audit_that_was_cut_and_so_does_the_site_when_it_is_told) {
  for (const bool itself : {false, true}) {
    Office p({{"gar", Level::secret, {}}});
    const RecordId id = p.put("gar", "OrgUnit", unit("a"), "秘密");
    p.settle();
    p.close("gar");
    const std::string file = auditFileOf(p.folder("gar"), Level::confidential);
    std::filesystem::copy_file(file, p.root() / "older");
    for (int i = 0; i < 3; ++i) p["gar"].get(id);
    p.set("gar", id, {{"name", "一"}});
    p.carry("gar", "hq");
    p.close("gar");
    std::filesystem::copy_file(p.root() / "older", file, std::filesystem::copy_options::overwrite_existing);
    BOOST_TEST(!p.verified("gar"));
    p.set("gar", id, {{"name", "二"}});
    p.set("hq", id, {{"shortName", "三"}});
    if (itself)
      p.carry("hq", "gar");
    else
      p.carry("gar", "hq");
    const json violations = p[itself ? "gar" : "hq"].violations();
    BOOST_REQUIRE(violations.size() == 1u);
    BOOST_TEST(violations[0].at("kind") == "auditCut");
    BOOST_TEST(violations[0].at("detail").at("site") == "gar");
  }
}

BOOST_AUTO_TEST_CASE(pages_of_the_audit_overlap_nowhere_and_lack_nothing) {
  environment.clock = std::make_shared<StillClock>();
  close("hq");
  std::vector<RecordId> ids;
  for (const char* mark : {"秘密", "机密", "绝密"}) ids.push_back(put("hq", "OrgUnit", unit(mark), mark));
  for (int i = 0; i < 9; ++i)
    for (const RecordId& id : ids) office().get(id);
  std::vector<json> seen;
  AuditQuestion question;
  question.limit = 4;
  for (;;) {
    const json page = office().audit().entries(question);
    for (const json& e : page.at("entries")) seen.push_back(json::array({e.at("level"), e.at("place")}));
    if (page.at("next").is_null()) break;
    question.after = parseAuditCursor(page.at("next").get<std::string>());
  }
  BOOST_TEST(seen.size() == 27u);
  std::sort(seen.begin(), seen.end());
  BOOST_TEST((std::unique(seen.begin(), seen.end()) == seen.end()));
  BOOST_CHECK_THROW(parseAuditCursor("[1]"), Error);
  BOOST_CHECK_THROW(parseAuditCursor("[1,9,\"\",1]"), Error);
}

BOOST_AUTO_TEST_CASE(a_time_and_a_person_narrow_the_audit) {
  const RecordId id = put("hq", "OrgUnit", unit("a"), "秘密");
  auto clock = std::make_shared<TestClock>();
  environment.clock = clock;
  close("hq");
  office();
  clock->now_ms = 1'790'000'000'000;
  office().get(id);
  clock->now_ms = 1'800'000'000'000;
  office().get(id);
  AuditQuestion question;
  question.from_ms = 1'795'000'000'000;
  BOOST_TEST(entries(office(), question).size() == 1u);
  question.from_ms = INT64_MIN;
  question.until_ms = 1'795'000'000'000;
  BOOST_TEST(entries(office(), question).size() == 1u);
  question.person = "clerk";
  question.until_ms = INT64_MAX;
  BOOST_TEST(entries(office(), question).size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
