// Numbers of a series: the owner's alone, gapless, provisional elsewhere until the owner's comes.
#include <boost/test/unit_test.hpp>

#include <filesystem>

#include "core/base/error.h"
#include "core/record/json.h"
#include "core/record/transaction.h"
#include "sync/backup.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

struct Registry : Prefecture {
  Registry() : Prefecture({{"gar", Level::secret, {"road"}}, {"ritu", Level::internal, {}}}) {
    unit_ = put("hq", "OrgUnit", {{"code", "u"}, {"name", "科"}, {"level", "section"}}).text();
    person_ = put("hq", "Person", {{"employeeNo", "p"}, {"name", "甲"}, {"orgUnit", unit_}}, "public").text();
    settle();
  }
  json incoming() const {
    return {{"title", "请示"},      {"sender", unit_}, {"kindOfDocument", "request"},
            {"channel", "fax"},     {"copies", 1},     {"receivedAt", "2026-11-20T16:00:00+08:00"},
            {"receivedBy", person_}};
  }
  RecordId receive(const std::string& site, const std::string& label = "internal",
                   std::vector<std::string> circles = {}) {
    return put(site, "IncomingDocument", incoming(), label, std::move(circles));
  }
  RecordId draft(const std::string& site, const std::string& mark) {
    return put(site, "OutgoingDocument",
               {{"organMark", mark}, {"title", "通知"}, {"drafter", person_}, {"medium", "paper"}});
  }
  void sign(const std::string& site, const RecordId& id) {
    for (const char* state : {"reviewed", "signed"}) set(site, id, {{"state", state}});
  }
  std::string numberAt(const std::string& site, const RecordId& id) {
    const json fields = get(site, id);
    return fields.contains("number") ? fields.at("number").get<std::string>() : "";
  }
  std::vector<json> duplicatesAt(const std::string& site) {
    std::vector<json> out;
    for (const json& v : (*this)[site].violations())
      if (v.at("kind") == "duplicateKey") out.push_back(v);
    return out;
  }
  static std::string refusal(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      const json detail = json::parse(error.detail());
      return detail.at("rule").get<std::string>() + " of " + detail.at("field").get<std::string>();
    }
    return "not refused";
  }

  std::string unit_, person_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(numbers, Registry)

BOOST_AUTO_TEST_CASE(a_site_numbers_provisionally_until_the_offices_number_comes_back) {
  const RecordId first = receive("gar"), second = receive("gar"), third = receive("ritu");
  BOOST_TEST(numberAt("gar", first) == "临〔2026〕gar-1");
  BOOST_TEST(numberAt("gar", second) == "临〔2026〕gar-2");
  BOOST_TEST(numberAt("ritu", third) == "临〔2026〕ritu-1");
  const RecordId own = receive("hq");
  BOOST_TEST(numberAt("hq", own) == "〔2026〕1号");
  carry("gar", "hq");
  BOOST_TEST(numberAt("hq", first) == "〔2026〕2号");
  BOOST_TEST(numberAt("hq", second) == "〔2026〕3号");
  settle();
  BOOST_TEST(numberAt("hq", third) == "〔2026〕4号");
  for (const char* site : {"gar", "ritu"}) {
    BOOST_TEST(numberAt(site, first) == "〔2026〕2号");
    BOOST_TEST(numberAt(site, third) == "〔2026〕4号");
    BOOST_TEST((*this)[site].violations().empty());
  }
  BOOST_TEST(digests("gar").at("internal[]") == digests("hq").at("internal[]"));
  BOOST_TEST(digests("ritu").at("internal[]") == digests("hq").at("internal[]"));
}

BOOST_AUTO_TEST_CASE(a_number_that_came_back_is_not_made_provisional_again) {
  const RecordId id = receive("gar");
  settle();
  BOOST_TEST(refusal([&] { set("gar", id, {{"number", "临〔2026〕gar-9"}}); }) == "owner of number");
  // A faulty site that writes one all the same, to another's record or later than with the record itself.
  Store& gar = (*this)["gar"];
  const auto found = gar.find(id);
  Item item;
  item.record = id;
  const FieldNumber number = gar.catalog().find("IncomingDocument")->find("number")->number;
  item.writes.push_back({number, Operation::set, std::string("临〔2026〕gar-9"), {}});
  {
    Transaction transaction(gar);
    transaction.write(found->vault->compartmentOf(found->row.compartment), std::move(item));
    transaction.commit();
  }
  settle();
  BOOST_TEST(numberAt("hq", id) == "〔2026〕1号");
  std::set<std::string> kinds;
  for (const json& v : office().violations()) kinds.insert(v.at("kind"));
  BOOST_TEST(kinds.contains("unauthorisedAuthor"));
}

BOOST_AUTO_TEST_CASE(each_compartment_counts_for_itself) {
  const RecordId plain = receive("gar"), secret = receive("gar", "机密"), road = receive("gar", "秘密", {"road"});
  for (const RecordId& id : {plain, secret, road}) BOOST_TEST(numberAt("gar", id) == "临〔2026〕gar-1");
  settle();
  for (const RecordId& id : {plain, secret, road}) BOOST_TEST(numberAt("gar", id) == "〔2026〕1号");
}

BOOST_AUTO_TEST_CASE(what_is_refused_or_deleted_leaves_no_gap_and_frees_no_number) {
  const EntityType& type = *office().catalog().find("IncomingDocument");
  const auto transaction = office().begin();
  json wrong = incoming();
  wrong.erase("title");
  BOOST_CHECK_THROW(transaction->put(type, wrong, parseMark("internal")), Error);
  const RecordId first = transaction->put(type, incoming(), parseMark("internal"));
  transaction->commit();
  BOOST_TEST(numberAt("hq", first) == "〔2026〕1号");
  remove("hq", first);
  BOOST_TEST(numberAt("hq", receive("hq")) == "〔2026〕2号");
}

BOOST_AUTO_TEST_CASE(a_number_is_given_once_and_passed_over_by_the_series) {
  json old = incoming();
  old["number"] = "〔2026〕2号";
  put("hq", "IncomingDocument", old);
  BOOST_TEST(refusal([&] { put("hq", "IncomingDocument", old); }) == "key of number");
  BOOST_TEST(numberAt("hq", receive("hq")) == "〔2026〕1号");
  BOOST_TEST(numberAt("hq", receive("hq")) == "〔2026〕3号");
  // In another compartment it says nothing.
  BOOST_CHECK_NO_THROW(put("hq", "IncomingDocument", old, "机密"));
}

BOOST_AUTO_TEST_CASE(an_outgoing_document_is_numbered_by_organ_and_year_after_the_signature) {
  const RecordId first = draft("hq", "阿行办发"), second = draft("hq", "阿行办发"), other = draft("hq", "阿行发");
  BOOST_TEST(numberAt("hq", first).empty());
  BOOST_TEST(refusal([&] { set("hq", first, {{"number", "阿行办发〔2026〕7号"}}); }) == "numbering of number");
  BOOST_TEST(refusal([&] { set("hq", first, {{"state", "numbered"}}); }) == "transition of state");
  for (const RecordId& id : {second, first, other}) {
    sign("hq", id);
    set("hq", id, {{"state", "numbered"}});
  }
  BOOST_TEST(numberAt("hq", second) == "阿行办发〔2026〕1号");
  BOOST_TEST(numberAt("hq", first) == "阿行办发〔2026〕2号");
  BOOST_TEST(numberAt("hq", other) == "阿行发〔2026〕1号");
}

BOOST_AUTO_TEST_CASE(only_the_office_numbers_what_a_county_drafted) {
  const RecordId id = draft("gar", "噶政发");
  sign("gar", id);
  BOOST_TEST(refusal([&] { set("gar", id, {{"state", "numbered"}}); }) == "numbering of state");
  settle();
  set("hq", id, {{"state", "numbered"}});
  settle();
  BOOST_TEST(numberAt("gar", id) == "噶政发〔2026〕1号");
}

// s42, s30: what was given after the backup comes back from those who have it; both records stay until a person says.
BOOST_AUTO_TEST_CASE(a_number_that_a_restored_office_gave_twice_is_told_and_nothing_vanishes) {
  receive("hq");
  const std::string backup = root() / "hq.bak";
  backupSite(office(), backup, {});
  const RecordId lost = receive("hq");
  settle();
  close("hq");
  std::filesystem::remove_all(folder("hq"));
  restoreSite(opening("hq"), backup);
  const RecordId anew = receive("hq");
  BOOST_TEST(numberAt("hq", anew) == "〔2026〕2号");
  settle();
  for (const char* site : {"hq", "gar", "ritu"}) {
    BOOST_TEST(numberAt(site, lost) == "〔2026〕2号");
    BOOST_TEST(numberAt(site, anew) == "〔2026〕2号");
    const auto told = duplicatesAt(site);
    BOOST_TEST_REQUIRE(told.size() == 1u);
    BOOST_TEST(told[0].at("field") == "number");
    BOOST_TEST(told[0].at("detail").at("records").size() == 2u);
  }
  // A person empties the one that has to go; the series gives the next.
  set("hq", anew, {{"number", nullptr}});
  BOOST_TEST(numberAt("hq", anew) == "〔2026〕3号");
  settle();
  for (const char* site : {"hq", "gar", "ritu"}) {
    BOOST_TEST(numberAt(site, anew) == "〔2026〕3号");
    BOOST_TEST(duplicatesAt(site).empty());
  }
  BOOST_TEST(digests("gar").at("internal[]") == digests("hq").at("internal[]"));
}

BOOST_AUTO_TEST_CASE(a_restored_office_goes_on_behind_the_numbers_that_came_back) {
  const std::string backup = root() / "hq.bak";
  backupSite(office(), backup, {});
  receive("hq");
  receive("hq");
  settle();
  close("hq");
  std::filesystem::remove_all(folder("hq"));
  restoreSite(opening("hq"), backup);
  settle();
  BOOST_TEST(numberAt("hq", receive("hq")) == "〔2026〕3号");
}

BOOST_AUTO_TEST_SUITE_END()
