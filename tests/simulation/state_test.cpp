// Two sites each did what was lawful there, and together it is not: what one record's state asks of others is looked at
// again where changes meet. 《涉密载体保密管理暂行规定》二十三: who leaves hands his carriers over first. s38.
#include <boost/test/unit_test.hpp>

#include "tests/builder/prefecture.h"
#include "tests/builder/whole.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

struct Handover : Prefecture {
  Handover() : Prefecture({{"gar", Level::secret, {}}, {"ritu", Level::internal, {}}}) {
    unit = put("hq", "OrgUnit", {{"code", "u"}, {"name", "科"}, {"level", "section"}}, "public");
    person = put("hq", "Person", {{"employeeNo", "7"}, {"name", "某甲"}, {"orgUnit", unit.text()}});
    settle();
  }
  RecordId handedOverAt(const std::string& site, const std::string& label) {
    return put(site, "ClassifiedCarrier",
               {{"title", "图纸"}, {"mediumKind", "paper"}, {"level", "secret"}, {"holder", person.text()}}, label);
  }
  // Of a kind, by record.
  std::map<RecordId, json> told(const std::string& site, const std::string& kind = "barredState") {
    std::map<RecordId, json> out;
    const json all = (*this)[site].violations();
    for (const json& one : all)
      if (one.at("kind") == kind) out[*RecordId::parse(one.at("record").get<std::string>())] = one;
    return out;
  }
  RecordId unit, person;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(states, Handover)

BOOST_AUTO_TEST_CASE(s38_who_left_while_a_carrier_was_handed_to_him_elsewhere_is_told_of_until_it_is_returned) {
  const RecordId carrier = handedOverAt("gar", "secret");
  set("hq", person, {{"status", "left"}});
  BOOST_TEST(told("hq").empty());
  BOOST_TEST(told("gar").empty());
  settle();
  BOOST_TEST(told("hq").at(carrier).at("detail") == (json{{"named", person.text()}, {"state", "left"}}));
  const json atCounty = told("gar").at(person);
  BOOST_TEST(atCounty.at("rule") == "car-leaving (二十三 L2175)");
  BOOST_TEST(atCounty.at("detail").at("open").size() == 1u);

  set("gar", carrier, {{"state", "registered"}});
  set("gar", carrier, {{"state", "inStore"}});
  set("gar", carrier, {{"state", "returned"}});
  BOOST_TEST(told("gar").empty());
  settle();
  for (const std::string& site : sites()) BOOST_TEST(told(site).empty(), site);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(s09_a_reader_below_the_carrier_is_told_nothing_and_his_vault_says_the_same_with_and_without_it) {
  Handover without;
  handedOverAt("gar", "secret");
  for (Prefecture* p : {static_cast<Prefecture*>(this), static_cast<Prefecture*>(&without)}) {
    p->set("hq", p == this ? person : without.person, {{"status", "left"}});
    p->settle();
  }
  BOOST_TEST(told("ritu").empty());
  const auto noted = [](Prefecture& p, const char* site) {
    return p[site].vault(Level::internal).database().number("SELECT count(*) FROM violation");
  };
  for (const char* site : {"hq", "gar", "ritu"}) BOOST_TEST(noted(*this, site) == noted(without, site), site);
}

BOOST_AUTO_TEST_CASE(a_meeting_that_was_held_while_its_check_was_struck_out_elsewhere_is_told_of) {
  const RecordId meeting = put("hq", "Meeting",
                               {{"kindOfMeeting", "special"},
                                {"title", "会"},
                                {"startsAt", "2026-11-23T09:00:00+08:00"},
                                {"chair", person.text()},
                                {"classified", true}});
  const RecordId check = put("hq", "VenueCheck",
                             {{"meeting", meeting.text()},
                              {"checkedAt", "2026-11-23T08:00:00+08:00"},
                              {"checkedBy", person.text()},
                              {"phoneShield", true},
                              {"wirelessMicOff", true}});
  for (const char* state : {"noticed", "ready"}) set("hq", meeting, {{"state", state}});
  settle();
  remove("gar", check);
  set("hq", meeting, {{"state", "held"}});
  settle();
  BOOST_TEST(told("gar", "missingNeed").at(meeting).at("detail").at("state") == "held");
}

BOOST_AUTO_TEST_SUITE_END()
