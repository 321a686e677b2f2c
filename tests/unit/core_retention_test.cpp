// How long records are kept, what holds them back, and who may decide that one may go.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/record/transaction.h"
#include "core/retention/disposal.h"
#include "core/retention/schedule.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

struct Archive : Prefecture {
  Archive() : Archive(std::vector<County>{}) {}
  explicit Archive(const std::vector<County>& counties) : Prefecture(counties) {
    const RecordId unit = put("hq", "OrgUnit", {{"code", "u"}, {"name", "秘书一科"}, {"level", "section"}});
    for (const char* no : {"clerk", "leader"})
      put("hq", "Person", {{"employeeNo", no}, {"name", no}, {"orgUnit", unit.text()}});
  }
  RecordId paper(const std::string& label = "") {
    return put("hq", "OrgUnit", {{"code", "p" + std::to_string(++papers_)}, {"name", "文"}, {"level", "county"}},
               label);
  }
  RecordId volume(const std::vector<RecordId>& items, const std::string& retention, const std::string& closedOn,
                  const std::string& label = "") {
    json fields = {{"year", 2016}, {"title", "案卷"}, {"items", json::array()}};
    for (const RecordId& item : items) fields["items"].push_back(item.text());
    if (!retention.empty()) fields["retention"] = retention;
    if (!closedOn.empty()) fields["closedOn"] = closedOn;
    return put("hq", "ArchiveVolume", fields, label);
  }
  json act(const std::string& word, const json& details, const std::string& site = "hq") {
    const auto transaction = (*this)[site].begin();
    json result = actOnRetention(*transaction, word, details);
    transaction->commit();
    return result;
  }
  std::string refused(const std::string& word, const json& details) {
    const json before = digests("hq");
    try {
      act(word, details);
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Code::refused), error.what());
      BOOST_TEST((digests("hq") == before));
      return json::parse(error.detail()).at("rule");
    }
    BOOST_ERROR("it was not refused");
    return "";
  }
  bool due(const RecordId& record, const std::string& date) { return isDue(keepingOf(office(), record), date); }

 private:
  int papers_ = 0;
};

}  // namespace

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
      actOnRetention(*transaction, "hold", {{"record", id.text()}, {"by", "clerk"}, {"reason", "x"}});
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

BOOST_AUTO_TEST_SUITE_END()
