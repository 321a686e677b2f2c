// How long records are kept, what holds them back, and who may decide that one may go.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/record/transaction.h"
#include "core/retention/schedule.h"
#include "sync/disposing.h"
#include "tests/builder/archive.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

BOOST_FIXTURE_TEST_SUITE(retention, Archive)

BOOST_AUTO_TEST_CASE(a_volume_of_three_years_closed_on_a_day_is_kept_through_that_day_three_years_later) {
  const RecordId one = paper();
  volume({one}, "threeYears", "2016-11-23");
  BOOST_TEST(!due(one, "2019-11-23"));
  BOOST_TEST(due(one, "2019-11-24"));
  BOOST_TEST(keepingOf(office(), one).until == "2019-11-23");
  BOOST_TEST(dueOn(office(), "2019-11-24").size() == 1u);
  BOOST_TEST(dueOn(office(), "2019-11-23").empty());
}

BOOST_AUTO_TEST_CASE(the_longest_of_several_volumes_counts_and_permanent_outlasts_all) {
  const RecordId two = paper(), kept = paper(), open = paper(), none = paper(), undecided = paper();
  volume({two, kept}, "threeYears", "2000-01-01");
  volume({two}, "tenYears", "2001-01-01");
  volume({kept}, "permanent", "2000-01-01");
  volume({open}, "threeYears", "");
  volume({undecided}, "", "2000-01-01");
  BOOST_TEST(!due(two, "2011-01-01"));
  BOOST_TEST(due(two, "2011-01-02"));
  for (const RecordId& never : {kept, open, none, undecided}) BOOST_TEST(!due(never, "2090-01-01"));
  BOOST_TEST(documentOf(office(), keepingOf(office(), two)).at("retention") == "tenYears");
  BOOST_TEST(documentOf(office(), keepingOf(office(), kept)).at("retention") == "permanent");
}

BOOST_AUTO_TEST_CASE(a_hold_keeps_a_record_until_it_is_lifted) {
  const RecordId one = paper();
  volume({one}, "threeYears", "2000-01-01");
  const std::string hold = act("hold", {{"record", one.text()}, {"by", "clerk"}, {"reason", "诉讼"}}).at("hold");
  BOOST_TEST(!due(one, "2026-01-01"));
  BOOST_TEST(refused("list", {{"by", "clerk"}, {"records", {one.text()}}}) == "doc-retention");
  BOOST_TEST(refused("list", {{"by", "clerk"}}) == "doc-retention");
  act("lift", {{"hold", hold}, {"by", "leader"}});
  BOOST_TEST(due(one, "2026-01-01"));
  BOOST_TEST(refused("lift", {{"hold", hold}, {"by", "leader"}}) == "doc-retention");
}

BOOST_AUTO_TEST_CASE(a_list_is_approved_by_another_person_and_only_while_all_on_it_is_due) {
  const RecordId one = paper(), two = paper("机密");
  volume({one}, "threeYears", "2000-01-01");
  volume({two}, "threeYears", "2000-01-01", "机密");
  const json listed = act("list", {{"by", "clerk"}});
  BOOST_TEST(listed.at("records").size() == 2u);
  const std::string list = listed.at("list");
  BOOST_TEST(office().get(*RecordId::parse(list)).document.at("label").at("level") == "secret");
  BOOST_TEST(refused("approve", {{"list", list}, {"by", "clerk"}}) == "doc-destroy-two-persons");
  BOOST_TEST(refused("refuse", {{"list", list}, {"by", "clerk"}, {"reason", "x"}}) == "doc-destroy-two-persons");
  const std::string hold = act("hold", {{"record", one.text()}, {"by", "leader"}, {"reason", "审计"}}).at("hold");
  BOOST_TEST(refused("approve", {{"list", list}, {"by", "leader"}}) == "doc-retention");
  act("lift", {{"hold", hold}, {"by", "leader"}});
  act("approve", {{"list", list}, {"by", "leader"}});
  BOOST_TEST(get("hq", *RecordId::parse(list)).at("state") == "approved");
  BOOST_TEST(refused("approve", {{"list", list}, {"by", "leader"}}) == "doc-destroy-two-persons");
  const std::string other = act("list", {{"by", "clerk"}, {"records", {one.text()}}}).at("list");
  act("refuse", {{"list", other}, {"by", "leader"}, {"reason", "再议"}});
  BOOST_TEST(get("hq", *RecordId::parse(other)).at("refusal") == "再议");
}

BOOST_AUTO_TEST_CASE(a_hold_set_at_another_site_meanwhile_stops_the_approval) {
  Archive p({{"gar", Level::secret, {}}});
  const RecordId one = p.paper();
  p.volume({one}, "threeYears", "2000-01-01");
  p.settle();
  const std::string list = p.act("list", {{"by", "clerk"}}).at("list");
  p.act("hold", {{"record", one.text()}, {"by", "leader"}, {"reason", "诉讼"}}, "gar");
  p.settle();
  BOOST_TEST(p.refused("approve", {{"list", list}, {"by", "leader"}}) == "doc-retention");
}

BOOST_AUTO_TEST_CASE(what_lies_above_is_neither_listed_nor_told) {
  const RecordId above = paper("机密"), below = paper();
  volume({above}, "threeYears", "2000-01-01", "机密");
  volume({below}, "threeYears", "2000-01-01");
  Opening o = opening("hq");
  o.most = Level::internal;
  const auto reader = openSite(o);
  BOOST_TEST(dueOn(*reader, "2026-01-01").size() == 1u);
  RecordId nowhere = above;
  nowhere.bytes[15] ^= 1;
  const auto answer = [&](const RecordId& id) -> std::string {
    try {
      const auto transaction = reader->begin();
      actOnRetention(*transaction, person("clerk"), "hold", {{"record", id.text()}, {"by", "clerk"}, {"reason", "x"}});
    } catch (const Error& error) {
      return std::string(wordOf(error.code())) + error.what() + error.detail();
    }
    return "done";
  };
  BOOST_TEST(answer(above) == answer(nowhere));
  // A volume below names nothing above, and a hold above does not show below.
  act("hold", {{"record", below.text()}, {"by", "clerk"}, {"reason", "x"}});
  BOOST_TEST(dueOn(*reader, "2026-01-01").empty());
}

BOOST_AUTO_TEST_CASE(s34_a_list_is_destroyed_by_two_persons_of_whom_neither_made_it_and_only_once_it_is_approved) {
  const RecordId one = paper();
  volume({one}, "threeYears", "2000-01-01");
  const std::string list = act("list", {{"by", "clerk"}}).at("list");
  const auto by = [&](const char* who) { return json{{"list", list}, {"by", who}}; };
  const std::string two = "doc-destroy-two-persons";
  BOOST_TEST(refused("destroy", by("one")) == two);  // nobody has approved it
  act("approve", by("leader"));
  BOOST_TEST(refused("witness", by("two")) == two);  // nobody has signed for it
  BOOST_TEST(refused("destroy", by("clerk")) == two);
  BOOST_TEST((act("destroy", by("one")).at("awaits") == "witness"));
  BOOST_TEST(get("hq", *RecordId::parse(list)).at("state") == "signed");
  BOOST_TEST(!get("hq", one).is_null());
  BOOST_TEST(refused("witness", by("one")) == two);
  BOOST_TEST(refused("witness", by("clerk")) == two);
  act("witness", by("two"));
  BOOST_TEST(get("hq", one).is_null());
  BOOST_TEST(get("hq", *RecordId::parse(list)).at("state") == "destroyed");
  BOOST_TEST(refused("witness", by("two")) == two);
}

BOOST_AUTO_TEST_CASE(a_list_with_a_record_that_is_held_back_is_refused_as_a_whole_and_the_record_is_named) {
  const RecordId held = paper(), other = paper();
  const std::string list = listed({held, other});
  const auto hold = [&] {
    return act("hold", {{"record", held.text()}, {"by", "one"}, {"reason", "诉讼"}}).at("hold").get<std::string>();
  };
  const json destroys = {{"list", list}, {"by", "one"}}, witnesses = {{"list", list}, {"by", "two"}};
  std::string standing = hold();
  BOOST_TEST(refused("destroy", destroys) == "doc-retention");
  act("lift", {{"hold", standing}, {"by", "leader"}});
  act("destroy", destroys);
  standing = hold();
  BOOST_TEST(refused("witness", witnesses) == "doc-retention");
  BOOST_CHECK_EXCEPTION(act("witness", witnesses), Error,
                        [&](const Error& e) { return std::string(e.what()).find(held.text()) != std::string::npos; });
  act("lift", {{"hold", standing}, {"by", "leader"}});
  act("witness", witnesses);
  for (const RecordId& id : {held, other}) BOOST_TEST(get("hq", id).is_null());
}

BOOST_AUTO_TEST_CASE(a_record_that_was_deleted_after_its_list_was_approved_is_destroyed_all_the_same) {
  const RecordId one = paper();
  const std::string list = signedFor({one});
  remove("hq", one);
  const json result = act("witness", {{"list", list}, {"by", "two"}});
  BOOST_TEST(result.at("destroyed") == 1);
  BOOST_TEST(office().vault(Level::open).database().number("SELECT count(*) FROM tombstone WHERE a=-1") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
