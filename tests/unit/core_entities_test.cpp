#include <boost/test/unit_test.hpp>
#include <functional>
#include <regex>

#include "core/base/error.h"
#include "core/record/json.h"
#include "core/record/message.h"
#include "core/record/read_connection.h"
#include "core/record/transaction.h"
#include "sync/verify.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

Page where(const std::string& condition, const std::string& order = "") {
  Page page;
  page.where = condition;
  page.order = order;
  return page;
}

// Makes a valid record of any entity, and what it refers to first.
class Clerk : public Prefecture {
 public:
  Clerk() : Prefecture({{"gar", Level::topSecret, {}}}) {}

  json everyField(const EntityType& entity) {
    return fields(entity, [](const Field&) { return true; });
  }

 private:
  json fields(const EntityType& entity, const std::function<bool(const Field&)>& wanted) {
    json out = json::object();
    for (const Field& field : entity.fields)
      if (!field.computed && field.number < commonFields && wanted(field))
        out[field.name] = valueFor(field, field.type);
    return out;
  }

  std::string referred(const std::string& target) {
    const EntityType& entity = *Catalog::builtIn()->find(target == "any" ? "OrgUnit" : target);
    const auto known = referred_.find(entity.name);
    if (known != referred_.end()) return known->second;
    const json required = fields(entity, [](const Field& field) { return field.required; });
    return referred_[entity.name] = put("hq", entity.name, required, "public").text();
  }

  json valueFor(const Field& field, const ValueType& type) {
    switch (type.kind) {
      case Kind::text: {
        if (field.format.empty()) return "字" + std::to_string(++count_);
        for (const char* text : {"2026-11", "2026", "阿行办发〔2014〕40号"})
          if (std::regex_match(text, std::regex(field.format))) return text;
        BOOST_ERROR(field.name + " has a format that the test knows no text for: " + field.format);
        return "";
      }
      case Kind::boolean: return true;
      case Kind::date: return "2026-11-23";
      case Kind::instant: return "2026-11-23T08:00:00+08:00";
      case Kind::enumeration: return type.values.back();
      case Kind::reference: return referred(type.target);
      case Kind::blob: return std::string(26, '0');
      case Kind::list: return json::array({valueFor(field, *type.item)});
      case Kind::structure: {
        json out = json::object();
        for (const Member& member : type.members) out[member.name] = valueFor(field, member.type);
        return out;
      }
      default: return std::max<std::int64_t>(field.least.value_or(1), 1);
    }
  }

  std::map<std::string, std::string> referred_;
  int count_ = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(every_entity, Clerk)

BOOST_AUTO_TEST_CASE(can_be_put_with_every_field_read_listed_selected_and_carried) {
  for (const EntityType& entity : Catalog::builtIn()->entities()) {
    BOOST_TEST_CONTEXT(entity.name) {
      json fields = everyField(entity);
      const RecordId id = put("hq", entity.name, fields, "secret");
      if (const Field* state = entity.find(entity.stateField); state != nullptr && state->computed)
        fields[state->name] = state->type.values.front();  // where it begins
      BOOST_TEST(get("hq", id) == fields);
      const json listed = office().reading().list(entity.name, where("id = id('" + id.text() + "')"))["rows"];
      BOOST_TEST_REQUIRE(listed.size() == 1U);
      BOOST_TEST(listed[0]["fields"] == fields);
      const json rows = office().reading().sql("SELECT count(*) FROM " + entity.name, 10)["rows"];
      BOOST_TEST(rows[0][0].get<int>() >= 1);
    }
  }
  BOOST_TEST(verifySite(office(), {})["ok"].get<bool>());
  settle();
  BOOST_TEST(digests("gar") == digests("hq"));
}

BOOST_AUTO_TEST_CASE(goes_through_its_message_and_back) {
  const auto catalog = Catalog::builtIn();
  for (const EntityType& entity : catalog->entities()) {
    BOOST_TEST_CONTEXT(entity.name) {
      const json fields = everyField(entity);
      const FieldValues values = valuesOf(entity, fields);
      BOOST_TEST((valuesOf(*catalog, entity, messageOf(*catalog, entity, values)) == values));
    }
  }
}

// The date until which a rent is paid only moves on, wherever it is written.
BOOST_AUTO_TEST_CASE(with_a_date_that_only_rises_keeps_the_latest) {
  const RecordId lease = put("hq", "PropertyLease",
                             {{"premises", "一号"},
                              {"tenant", "某店"},
                              {"from", "2026-01-01"},
                              {"to", "2027-12-31"},
                              {"monthlyRentFen", 100},
                              {"paidUntil", "2026-09-30"}});
  settle();
  set("hq", lease, {{"paidUntil", "2026-12-31"}});
  set("gar", lease, {{"paidUntil", "2026-10-31"}});
  settle();
  BOOST_TEST(get("hq", lease)["paidUntil"] == "2026-12-31");
  BOOST_TEST(get("gar", lease)["paidUntil"] == "2026-12-31");
  BOOST_CHECK_THROW(set("hq", lease, {{"paidUntil", "2026-11-30"}}), Error);
}

BOOST_AUTO_TEST_CASE(with_two_states_takes_no_step_of_the_other) {
  json fields = everyField(*Catalog::builtIn()->find("HousingLoanReview"));
  fields["state"] = "asked";
  fields["financeOpinion"] = "pending";
  const RecordId loan = put("hq", "HousingLoanReview", fields);
  set("hq", loan, {{"financeOpinion", "yes"}});
  BOOST_CHECK_THROW(set("hq", loan, {{"financeOpinion", "no"}}), Error);
  set("hq", loan, {{"state", "verified"}});
  BOOST_CHECK_THROW(set("hq", loan, {{"state", "pledged"}}), Error);
}

// Tables come with the first record; whoever looks must not notice.
BOOST_AUTO_TEST_CASE(without_records_is_an_empty_list_and_has_all_its_columns) {
  const json page = office().reading().list("Trip", where("driver IS NULL", "-leftAt"));
  BOOST_TEST(page["rows"].empty());
  const json rows = office().reading().sql("SELECT t.* FROM Trip t LEFT JOIN vehicle v ON t.vehicle = v.id", 10);
  BOOST_TEST(rows["rows"].empty());
  BOOST_TEST(rows["columns"].size() == 2U + Catalog::builtIn()->find("Trip")->fields.size());
}

BOOST_AUTO_TEST_CASE(is_seen_by_a_reader_who_looked_before_the_first_record_came) {
  const std::string count = "SELECT count(*) FROM Room";
  const auto rooms = [&](Store& store) { return store.reading().sql(count, 1)["rows"][0][0].get<int>(); };
  const auto other = openSite(opening("hq"));
  const auto before = office().snapshot();
  BOOST_TEST(rooms(*other) == 0);
  BOOST_TEST(rooms(*before) == 0);
  for (const char* level : {"secret", "public"}) {
    put("hq", "Room", {{"name", "一楼大厅"}}, level);
    BOOST_TEST(other->reading().list("Room", {})["rows"].size() == static_cast<std::size_t>(rooms(office())));
  }
  BOOST_TEST(rooms(*other) == 2);
  BOOST_TEST(rooms(*before) == 0);
}

// Who holds only the lower vaults, also as files, learns nothing from their tables.
BOOST_AUTO_TEST_CASE(leaves_the_tables_of_lower_vaults_alone) {
  const auto tables = [&](Level level) {
    return office().vault(level).database().number("SELECT count(*) FROM sqlite_master");
  };
  const auto internal = tables(Level::internal), secret = tables(Level::secret);
  put("hq", "Room", {{"name", "密室"}}, "secret");
  BOOST_TEST(tables(Level::internal) == internal);
  BOOST_TEST(tables(Level::secret) > secret);
}

BOOST_AUTO_TEST_CASE(that_a_failed_transaction_began_with_can_begin_again) {
  const EntityType& room = *Catalog::builtIn()->find("Room");
  {
    const auto transaction = office().begin();
    transaction->put(room, {{"name", "甲"}}, parseMark("secret"));
  }
  const RecordId id = put("hq", "Room", {{"name", "乙"}}, "secret");
  BOOST_TEST(get("hq", id)["name"] == "乙");
}

BOOST_AUTO_TEST_SUITE_END()
