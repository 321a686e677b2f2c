// What is written here is checked against all that the schema demands; what arrives counts, and a person is told.
#include <boost/test/unit_test.hpp>

#include <set>

#include "core/base/error.h"
#include "core/record/change.h"
#include "core/record/conflict.h"
#include "core/record/json.h"
#include "core/record/transaction.h"
#include "schema/text_form.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

const std::string noon = "2026-11-20T12:00:00+08:00";

struct Desk : Prefecture {
  Desk() : Prefecture({{"gar", Level::secret, {}}}) {}

  std::string unit() {
    return put("hq", "OrgUnit", {{"code", "u" + std::to_string(++count_)}, {"name", "科"}, {"level", "section"}})
        .text();
  }
  std::string person() {
    return put("hq", "Person", {{"employeeNo", "p" + std::to_string(++count_)}, {"name", "甲"}, {"orgUnit", unit()}})
        .text();
  }
  json leave() { return {{"person", person()}, {"kindOfLeave", "annual"}, {"from", "2026-12-01"}, {"days", 10}}; }
  json sealUse() {
    const std::string keeper = person();
    const RecordId seal =
        put("hq", "Seal", {{"name", "公章"}, {"level", "office"}, {"keeper", keeper}, {"unit", unit()}});
    return {{"seal", seal.text()},  {"usedAt", noon},    {"documentNumber", "1"}, {"summary", "函"},
            {"approvedBy", keeper}, {"handler", keeper}, {"impressions", 2},      {"keeper", keeper}};
  }
  // The errors that a change is refused with, by their fields.
  static std::map<std::string, json> errorsOf(const std::function<void()>& act, Code code = Code::refused) {
    std::map<std::string, json> out;
    try {
      act();
      BOOST_ERROR("it was not refused");
    } catch (const Error& error) {
      BOOST_TEST((error.code() == code), error.what());
      const json detail = json::parse(error.detail());
      for (const json& one : detail.at("errors")) out[one.at("field")] = one;
    }
    return out;
  }
  // A later or a faulty site writes what this one would refuse.
  void writeUnchecked(const std::string& site, const RecordId& id, std::vector<Write> writes) {
    Store& store = (*this)[site];
    const auto found = store.find(id);
    Transaction transaction(store);
    Item item;
    item.record = id;
    item.writes = std::move(writes);
    transaction.write(found->vault->compartmentOf(found->row.compartment), std::move(item));
    transaction.commit();
  }
  std::vector<json> violationsAt(const std::string& site, const std::string& kind) {
    std::vector<json> out;
    for (const json& v : (*this)[site].violations())
      if (v.at("kind") == kind) out.push_back(v);
    return out;
  }
  FieldNumber numberOf(const std::string& entity, const std::string& field) {
    return Catalog::builtIn()->find(entity)->find(field)->number;
  }

 private:
  int count_ = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(validation, Desk)

BOOST_AUTO_TEST_CASE(all_that_is_wrong_with_a_record_is_said_at_once) {
  json fields = leave();
  fields.erase("from");
  fields["days"] = 0;
  fields["travelDays"] = 11;
  fields["places"] = {"拉萨", "成都", "北京"};
  fields["person"] = std::string(26, '0');
  const auto errors = errorsOf([&] { put("hq", "LeaveRequest", fields); });
  BOOST_TEST(errors.size() == 5u);
  BOOST_TEST(errors.at("from").at("rule") == "required");
  BOOST_TEST(errors.at("days").at("rule") == "range");
  BOOST_TEST(errors.at("days").at("value") == 0);
  BOOST_TEST(errors.at("days").at("article") == "二 L2967–2971");
  BOOST_TEST(errors.at("travelDays").at("message") == "it has to be from 0 to 10 天");
  BOOST_TEST(errors.at("places").at("rule") == "range");
  BOOST_TEST(errors.at("person").at("rule") == "reference");
  for (const auto& [field, error] : errors) BOOST_TEST(error.at("entity") == "LeaveRequest");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_told_beside_what_is_refused) {
  const auto errors = errorsOf(
      [&] {
        put("hq", "LeaveRequest", {{"person", 5}, {"kindOfLeave", "holiday"}, {"days", -1}, {"nonsense", 1}});
      },
      Code::invalidInput);
  BOOST_TEST(errors.at("person").at("rule") == "type");
  BOOST_TEST(errors.at("kindOfLeave").at("rule") == "type");
  BOOST_TEST(errors.at("nonsense").at("rule") == "unknownField");
  BOOST_TEST(errors.at("days").at("rule") == "range");
  BOOST_TEST(errors.at("from").at("rule") == "required");
  BOOST_TEST(errors.size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_long_value_is_shown_shortened_and_never_in_the_words) {
  const std::string secret(400, 'x');
  json fields = {{"vehicle", put("hq", "Vehicle", {{"plate", "藏F"}, {"model", "m"}, {"fuelClass", "v8"}}).text()},
                 {"month", secret},
                 {"kindOfCost", "fuel"},
                 {"amountFen", 1}};
  try {
    put("hq", "VehicleCost", fields);
    BOOST_ERROR("it was not refused");
  } catch (const Error& error) {
    BOOST_TEST(std::string(error.what()).find("xxx") == std::string::npos);
    const json one = json::parse(error.detail()).at("errors").at(0);
    BOOST_TEST(one.at("rule") == "format");
    BOOST_TEST(one.at("value") == std::string(40, 'x') + "…");
  }
}

BOOST_AUTO_TEST_CASE(a_form_is_of_characters_and_of_the_whole_text) {
  const TextForm form("[^〔〕]+〔[0-9]{4}〕[0-9]+号");
  for (const char* good : {"阿行办发〔2014〕40号", "阿政发〔2026〕1号", "藏政函〔2026〕12号"})
    BOOST_TEST(form.matches(good));
  for (const char* bad :
       {"", "〔2014〕40号", "阿行办发〔2014〕40号 ", "阿行办发[2014]40号", "x阿〔〕〔2014〕40号", "\xE4\xB8"})
    BOOST_TEST(!form.matches(bad));
  BOOST_TEST(!form.matches(std::string(300, 'x') + "〔2014〕40号"));
  BOOST_CHECK_THROW(TextForm("[0-9"), std::invalid_argument);
  BOOST_CHECK_THROW(TextForm(std::string(1000, '(')), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_edges_of_a_range_are_in_it) {
  json fields = leave();
  for (const int days : {1, 365}) {
    fields["days"] = days;
    BOOST_CHECK_NO_THROW(put("hq", "LeaveRequest", fields));
  }
  for (const int travel : {0, 10}) {
    fields["travelDays"] = travel;
    BOOST_CHECK_NO_THROW(put("hq", "LeaveRequest", fields));
  }
}

BOOST_AUTO_TEST_CASE(an_update_is_judged_by_the_record_that_it_leads_to) {
  const RecordId id = put("hq", "LeaveRequest", leave());
  auto errors = errorsOf([&] { set("hq", id, {{"days", 0}, {"from", nullptr}, {"travelDays", -1}}); });
  BOOST_TEST(errors.at("days").at("rule") == "range");
  BOOST_TEST(errors.at("from").at("rule") == "required");
  BOOST_TEST(errors.size() == 3u);
  BOOST_TEST(get("hq", id).at("days") == 10);

  const RecordId first =
      put("hq", "InformationLiaison",
          {{"unit", unit()}, {"role", "leader"}, {"person", "甲"}, {"phone", "1"}, {"reportedOn", "2026-01-05"}});
  const std::string same = get("hq", first).at("unit");
  const RecordId second =
      put("hq", "InformationLiaison",
          {{"unit", same}, {"role", "liaison"}, {"person", "乙"}, {"phone", "2"}, {"reportedOn", "2026-01-05"}});
  errors = errorsOf([&] { set("hq", second, {{"role", "leader"}}); });
  BOOST_TEST(errors.at("unit").at("rule") == "key");
}

BOOST_AUTO_TEST_CASE(computed_fields_and_another_sites_fields_are_refused) {
  auto errors = errorsOf([&] {
    put("hq", "Meeting",
        {{"kindOfMeeting", "weekly"}, {"title", "t"}, {"startsAt", noon}, {"chair", person()}, {"quorumMet", true}});
  });
  BOOST_TEST(errors.at("quorumMet").at("rule") == "computed");
  const RecordId someone = *RecordId::parse(person());
  settle();
  errors = errorsOf([&] { set("gar", someone, {{"clearance", "secret"}}); });
  BOOST_TEST(errors.at("clearance").at("rule") == "owner");
}

BOOST_AUTO_TEST_CASE(a_record_of_an_append_only_kind_gets_remarks_and_nothing_else) {
  const RecordId use = put("hq", "SealUse", sealUse());
  auto errors = errorsOf([&] { set("hq", use, {{"summary", "另一"}, {"outside", true}}); });
  BOOST_TEST(errors.at("summary").at("rule") == "appendOnly");
  BOOST_TEST(errors.at("outside").at("rule") == "appendOnly");
  BOOST_CHECK_THROW(remove("hq", use), Error);
  set("hq", use, {{"note", "印迹不清"}, {"archived", true}});
  BOOST_TEST(get("hq", use).at("note") == "印迹不清");
  BOOST_TEST(get("hq", use).at("summary") == "函");
}

BOOST_AUTO_TEST_CASE(a_value_that_settles_a_conflict_has_to_be_allowed_too) {
  const RecordId id = put("hq", "IncidentNotice",
                          {{"receivedAt", noon},
                           {"receivedBy", person()},
                           {"reporterUnit", "县"},
                           {"reporterName", "丙"},
                           {"reporterPhone", "1"},
                           {"place", "国道"}},
                          "secret");
  settle();
  set("hq", id, {{"deaths", 1}});
  set("gar", id, {{"deaths", 2}});
  settle();
  const std::string conflict = office().conflicts().at(0).at("id");
  errorsOf([&] { resolveConflict(office(), conflict, 0, "-1"); });
  resolveConflict(office(), conflict, 0, "2");
  BOOST_TEST(get("hq", id).at("deaths") == 2);
}

BOOST_AUTO_TEST_CASE(whoever_asks_hears_what_the_writer_would_hear_and_nothing_is_written) {
  json fields = leave();
  const EntityType& type = *office().catalog().find("LeaveRequest");
  const Compartment internal{Level::internal, {}};
  BOOST_TEST(checkNew(office(), type, fields, internal).at("errors").empty());
  fields["days"] = 0;
  fields["person"] = std::string(26, '0');
  const json asked = checkNew(office(), type, fields, internal);
  const auto refused = errorsOf([&] { put("hq", "LeaveRequest", fields); });
  BOOST_TEST(asked.at("errors").size() == refused.size());
  for (const json& error : asked.at("errors")) BOOST_TEST(error == refused.at(error.at("field")));

  const RecordId id = put("hq", "LeaveRequest", leave());
  const json before = digests("hq");
  BOOST_TEST(checkEdit(office(), id, {{"days", 0}}).at("errors").at(0).at("rule") == "range");
  BOOST_TEST(checkEdit(office(), id, {{"days", 7}}).at("errors").empty());
  BOOST_TEST(digests("hq") == before);
  BOOST_TEST(get("hq", id).at("days") == 10);
  BOOST_CHECK_THROW(checkNew((*this)["gar"], type, fields, {Level::topSecret, {}}), Error);
}

BOOST_AUTO_TEST_CASE(what_arrives_out_of_range_counts_and_stands_as_a_violation_until_it_is_put_right) {
  const RecordId id = put("hq", "LeaveRequest", leave());
  settle();
  writeUnchecked("gar", id, {{numberOf("LeaveRequest", "days"), Operation::set, std::int64_t{0}, {}}});
  settle();
  BOOST_TEST(get("hq", id).at("days") == 0);
  BOOST_TEST(digests("gar") == digests("hq"));
  const auto found = violationsAt("hq", "outOfRange");
  BOOST_TEST_REQUIRE(found.size() == 1u);
  BOOST_TEST(found[0].at("record") == id.text());
  BOOST_TEST(found[0].at("field") == "days");
  BOOST_TEST(found[0].at("detail").at("value") == 0);
  // Another field can be changed meanwhile; the writer is reminded.
  const auto transaction = office().begin();
  transaction->set(id, {{"travelDays", 2}});
  BOOST_TEST(transaction->warnings().size() == 1u);
  transaction->commit();
  set("hq", id, {{"days", 3}});
  BOOST_TEST(violationsAt("hq", "outOfRange").empty());
  settle();
  BOOST_TEST(digests("gar") == digests("hq"));
}

BOOST_AUTO_TEST_CASE(a_record_that_arrives_incomplete_or_out_of_range_is_there_and_told) {
  Store& gar = (*this)["gar"];
  const EntityType& type = *gar.catalog().find("LeaveRequest");
  const RecordId id = makeRecordId(gar.environment().clock->now().ms, type.tag, *gar.environment().random);
  {
    Transaction transaction(gar);
    Item item{id, ItemKind::write, true, {}, {}, {}};
    item.writes.push_back({numberOf("LeaveRequest", "days"), Operation::set, std::int64_t{-4}, {}});
    transaction.write({Level::internal, {}}, std::move(item));
    transaction.commit();
  }
  settle();
  BOOST_TEST(get("hq", id).at("days") == -4);
  BOOST_TEST(violationsAt("hq", "outOfRange").size() == 1u);
  BOOST_TEST(violationsAt("hq", "missingField").size() == 3u);
  BOOST_TEST(digests("gar") == digests("hq"));
  remove("hq", id);
  BOOST_TEST(violationsAt("hq", "outOfRange").empty());
}

BOOST_AUTO_TEST_CASE(what_arrives_in_a_wrong_form_emptied_or_on_an_append_only_record_is_told_too) {
  const RecordId cost =
      put("hq", "VehicleCost",
          {{"vehicle", put("hq", "Vehicle", {{"plate", "藏F2"}, {"model", "m"}, {"fuelClass", "v8"}}).text()},
           {"month", "2026-11"},
           {"kindOfCost", "fuel"},
           {"amountFen", 1}});
  const RecordId use = put("hq", "SealUse", sealUse());
  settle();
  writeUnchecked("gar", cost,
                 {{numberOf("VehicleCost", "month"), Operation::set, std::string("十一月"), {}},
                  {numberOf("VehicleCost", "kindOfCost"), Operation::set, {}, {}}});
  writeUnchecked("gar", use, {{numberOf("SealUse", "summary"), Operation::set, std::string("改"), {}}});
  settle();
  BOOST_TEST(violationsAt("hq", "wrongFormat").size() == 1u);
  BOOST_TEST(violationsAt("hq", "missingField").size() == 1u);
  const auto changed = violationsAt("hq", "changedAppendOnly");
  BOOST_TEST_REQUIRE(changed.size() == 1u);
  BOOST_TEST(changed[0].at("detail").at("value") == "改");
  BOOST_TEST(digests("gar") == digests("hq"));
}

BOOST_AUTO_TEST_CASE(the_warnings_are_of_the_last_change_only) {
  const auto transaction = (*this)["gar"].begin();
  const EntityType& carrier = *Catalog::builtIn()->find("ClassifiedCarrier");
  const EntityType& units = *Catalog::builtIn()->find("OrgUnit");
  transaction->put(carrier, {{"title", "t"}, {"mediumKind", "paper"}, {"level", "internal"}}, parseMark("internal"));
  BOOST_TEST(transaction->warnings().size() == 1u);
  transaction->put(units, {{"code", "w"}, {"name", "w"}, {"level", "county"}}, parseMark("internal"));
  BOOST_TEST(transaction->warnings().empty());
}

BOOST_AUTO_TEST_SUITE_END()
