// The worked examples of 《涉密会议保密管理暂行规定》: the venue before and after, and the material that comes back.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/record/transaction.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

struct Hall : Prefecture {
  Hall() : Hall(std::vector<County>{}) {}
  explicit Hall(const std::vector<County>& counties) : Prefecture(counties) {
    const RecordId unit = put("hq", "OrgUnit", {{"code", "hq"}, {"name", "行署办公室"}, {"level", "prefecture"}});
    chair = put("hq", "Person", {{"employeeNo", "1"}, {"name", "扎西"}, {"orgUnit", unit.text()}});
  }

  // From nine to eleven, one step before it is held.
  RecordId meeting(bool classified, const std::string& label = "机密") {
    const RecordId id = put("hq", "Meeting",
                            {{"kindOfMeeting", "special"},
                             {"title", "边境道路专题会"},
                             {"startsAt", "2026-11-23T09:00:00+08:00"},
                             {"endsAt", "2026-11-23T11:00:00+08:00"},
                             {"chair", chair.text()},
                             {"classified", classified}},
                            label);
    for (const char* state : {"noticed", "ready"}) set("hq", id, {{"state", state}});
    return id;
  }
  void check(const RecordId& meeting, const std::string& at, json more = json::object(),
             const std::string& label = "机密") {
    json fields = {{"meeting", meeting.text()},
                   {"checkedAt", "2026-11-23T" + at + ":00+08:00"},
                   {"checkedBy", chair.text()},
                   {"phoneShield", true},
                   {"wirelessMicOff", true}};
    fields.update(more);
    put("hq", "VenueCheck", fields, label);
  }
  // The rule and the article that hold the meeting back from a state.
  std::string heldBack(const RecordId& meeting, const char* state) {
    const json before = digests("hq");
    try {
      set("hq", meeting, {{"state", state}});
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Code::refused));
      BOOST_TEST((digests("hq") == before));
      const json detail = json::parse(error.detail());
      return detail.at("rule").get<std::string>() + " " + detail.at("article").get<std::string>();
    }
    return "";
  }

  RecordId material(int copies, json more = json::object()) {
    json fields = {{"meeting", meeting(true).text()}, {"title", "会议文件,会后收回"}, {"copies", copies}};
    fields.update(more);
    return put("hq", "MeetingMaterial", fields, "机密");
  }
  // How many are missing; null where nothing is.
  json missing(const std::string& site, const RecordId& material) {
    json out;
    for (const json& v : (*this)[site].violations()) {
      if (v.at("kind") != "materialMissing" || v.at("record") != material.text()) continue;
      BOOST_TEST(out.is_null());  // listed once
      BOOST_TEST(v.at("rule") == "四 L1000");
      out = v.at("detail").at("count");
    }
    return out;
  }

  RecordId chair;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(meeting_examples, Hall)

BOOST_AUTO_TEST_CASE(cm_check_before_a_classified_meeting_begins_after_its_venue_was_checked) {
  const RecordId id = meeting(true);
  const std::string needed = "cm-check-before 二 L996";
  BOOST_TEST(heldBack(id, "held") == needed);
  const json said = checkEdit(office(), id, {{"state", "held"}}).at("errors");  // who asks first hears the same
  BOOST_REQUIRE(said.size() == 1u);
  BOOST_TEST(said[0].at("rule") == "cm-check-before");
  BOOST_TEST(said[0].at("article") == "二 L996");
  check(id, "08:00", {{"phoneShield", false}});
  BOOST_TEST(heldBack(id, "held") == needed);
  check(id, "08:10", {{"wirelessMicOff", false}});
  BOOST_TEST(heldBack(id, "held") == needed);
  check(id, "09:30");  // too late
  BOOST_TEST(heldBack(id, "held") == needed);
  check(id, "08:30");
  BOOST_TEST(heldBack(id, "held") == "");
}

BOOST_AUTO_TEST_CASE(cm_check_before_it_is_closed_after_its_venue_was_checked_again) {
  const RecordId id = meeting(true);
  check(id, "08:30");
  set("hq", id, {{"state", "held"}});
  const std::string needed = "cm-check-before 七 L1006";
  BOOST_TEST(heldBack(id, "closed") == needed);
  check(id, "10:30", {{"afterMeeting", true}});  // it is still going on
  BOOST_TEST(heldBack(id, "closed") == needed);
  check(id, "11:20", {{"afterMeeting", true}, {"found", "无"}});
  BOOST_TEST(heldBack(id, "closed") == "");
}

BOOST_AUTO_TEST_CASE(a_meeting_that_is_not_classified_needs_no_check) {
  const RecordId id = meeting(false, "internal");
  BOOST_TEST(heldBack(id, "held") == "");
  BOOST_TEST(heldBack(id, "closed") == "");
}

BOOST_AUTO_TEST_CASE(s09_a_check_above_the_meetings_label_does_not_count) {
  const RecordId id = meeting(true, "秘密");
  check(id, "08:30", json::object(), "绝密");
  BOOST_TEST(heldBack(id, "held") == "cm-check-before 二 L996");
  check(id, "08:30", json::object(), "秘密");
  BOOST_TEST(heldBack(id, "held") == "");
}

BOOST_AUTO_TEST_CASE(a_classified_meeting_that_is_recorded_afterwards_without_a_check_is_warned_of) {
  const auto transaction = office().begin();
  transaction->put(*office().catalog().find("Meeting"),
                   json{{"kindOfMeeting", "special"},
                        {"title", "x"},
                        {"startsAt", "2026-11-23T09:00:00+08:00"},
                        {"chair", chair.text()},
                        {"classified", true},
                        {"state", "held"}},
                   parseMark("机密"));
  BOOST_REQUIRE(transaction->warnings().size() == 1u);
  BOOST_TEST(transaction->warnings()[0].starts_with("cm-check-before (二 L996)"));
}

BOOST_AUTO_TEST_CASE(cm_number_sign_return_issued_30_returned_29_takeaway_0_one_is_missing) {
  const RecordId id = material(30);
  BOOST_TEST(missing("hq", id).is_null());  // the meeting goes on
  set("hq", id, {{"collected", 29}, {"takenAway", 0}});
  BOOST_TEST(missing("hq", id) == 1);
  set("hq", id, {{"collected", 30}});
  BOOST_TEST(missing("hq", id).is_null());
}

BOOST_AUTO_TEST_CASE(what_was_kept_in_reserve_or_lawfully_taken_away_is_not_missing) {
  const RecordId id = material(35, {{"reserve", 5}, {"collected", 27}});
  BOOST_TEST(missing("hq", id) == 3);
  set("hq", id, {{"takenAway", 2}});
  BOOST_TEST(missing("hq", id) == 1);
  set("hq", id, {{"takenAway", 3}});
  BOOST_TEST(missing("hq", id).is_null());
}

BOOST_AUTO_TEST_CASE(two_sites_that_collect_a_part_each_find_the_same_missing) {
  Hall p({{"gar", Level::secret, {}}});
  const RecordId id = p.material(30, {{"collected", 0}});
  p.settle();
  p.set("hq", id, {{"collected", 20}});
  p.set("gar", id, {{"collected", 9}});
  BOOST_TEST(p.missing("gar", id) == 21);
  p.settle();
  for (const char* site : {"hq", "gar"}) BOOST_TEST(p.missing(site, id) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
