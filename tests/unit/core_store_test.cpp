#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/record/conflict.h"
#include "core/record/json.h"
#include "core/record/message.h"
#include "core/record/read_connection.h"
#include "core/record/transaction.h"
#include "core/search/index.h"
#include "sync/verify.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

const json unit = {{"code", "hq-1"}, {"name", "办公室"}, {"level", "prefecture"}};

std::string refusal(const std::function<void()>& act, Code code) {
  try {
    act();
  } catch (const Error& error) {
    BOOST_TEST((error.code() == code), error.what());
    return error.what();
  }
  BOOST_ERROR("it was not refused");
  return "";
}

struct Office : Prefecture {
  Office() : Prefecture({}) {}
  RecordId unitNamed(const std::string& code) {
    return put("hq", "OrgUnit", {{"code", code}, {"name", code}, {"level", "county"}});
  }
  RecordId person() {
    return put("hq", "Person", {{"employeeNo", "p1"}, {"name", "甲"}, {"orgUnit", unitNamed("u-p").text()}});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(store, Office)

BOOST_AUTO_TEST_CASE(what_is_put_is_read_back_as_the_same_json) {
  const json fields = {{"kindOfMeeting", "weekly"},
                       {"title", "例会"},
                       {"startsAt", "2026-11-20T16:00:00+08:00"},
                       {"endsAt", "2026-11-20T09:30:00.250Z"},
                       {"chair", person().text()},
                       {"classified", false},
                       {"membersEntitled", json::array()}};
  const RecordId id = put("hq", "Meeting", fields);
  json expected = fields;
  expected.erase("membersEntitled");
  expected["state"] = "planned";
  BOOST_TEST(get("hq", id) == expected);
}

BOOST_AUTO_TEST_CASE(a_refused_record_names_entity_field_and_rule) {
  const std::string missing = refusal([&] { put("hq", "OrgUnit", json::object()); }, Code::refused);
  BOOST_TEST(missing.find("code") != std::string::npos);
  BOOST_TEST(missing.find("名称") != std::string::npos);
  refusal([&] { put("hq", "OrgUnit", {{"code", 5}, {"name", "x"}, {"level", "county"}}); }, Code::invalidInput);
  refusal([&] { put("hq", "OrgUnit", {{"code", "a"}, {"name", "x"}, {"level", "planet"}}); }, Code::invalidInput);
  refusal(
      [&] {
        put("hq", "OrgUnit", {{"code", "a"}, {"name", "x"}, {"level", "county"}, {"nonsense", 1}});
      },
      Code::invalidInput);
  refusal([&] { put("hq", "Meeting", {{"quorumMet", true}}); }, Code::refused);
  BOOST_TEST(office().reading().sql("SELECT count(*) FROM OrgUnit", 1).at("rows")[0][0] == 0);
}

BOOST_AUTO_TEST_CASE(a_natural_key_is_given_once) {
  put("hq", "OrgUnit", unit);
  refusal([&] { put("hq", "OrgUnit", unit); }, Code::refused);
  const RecordId other = unitNamed("hq-2");
  refusal([&] { set("hq", other, {{"code", "hq-1"}}); }, Code::refused);
}

BOOST_AUTO_TEST_CASE(s12_a_record_refers_only_to_what_it_dominates) {
  const RecordId secretUnit = put("hq", "OrgUnit", unit, "机密");
  const auto about = [&](const RecordId& id) {
    return json{{"code", "x"}, {"name", "x"}, {"level", "county"}, {"parent", id.text()}};
  };
  RecordId nowhere = secretUnit;
  nowhere.bytes[15] ^= 1;
  const std::string higher = refusal([&] { put("hq", "OrgUnit", about(secretUnit)); }, Code::refused);
  const std::string none = refusal([&] { put("hq", "OrgUnit", about(nowhere)); }, Code::refused);
  BOOST_TEST(higher == none);
  BOOST_CHECK_NO_THROW(put("hq", "OrgUnit", about(secretUnit), "绝密"));
  refusal([&] { put("hq", "OrgUnit", about(person()), "绝密"); }, Code::refused);
}

BOOST_AUTO_TEST_CASE(a_state_moves_only_along_its_machine) {
  const RecordId id = put("hq", "MealCard", {{"holder", "甲"}, {"staff", true}});
  BOOST_TEST(get("hq", id).at("state") == "active");
  set("hq", id, {{"state", "closed"}});
  const std::string why = refusal([&] { set("hq", id, {{"state", "active"}}); }, Code::refused);
  BOOST_TEST(why.find("closed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_ratchet_only_rises_and_an_append_only_list_only_grows) {
  const RecordId u = unitNamed("u");
  const RecordId id = put("hq", "SupervisionCase",
                          {{"title", "道路"},
                           {"origin", "proposal"},
                           {"method", "phone"},
                           {"feedbackRequired", true},
                           {"urgency", "urgent"},
                           {"openedAt", "2026-11-01T09:00:00+08:00"},
                           {"leadUnit", u.text()},
                           {"dueAt", "2026-12-01T09:00:00+08:00"},
                           {"progress", "一"}});
  set("hq", id, {{"urgency", "extraUrgent"}});
  refusal([&] { set("hq", id, {{"urgency", "normal"}}); }, Code::refused);
  set("hq", id, {{"dueAt", "2026-11-20T09:00:00+08:00"}});
  refusal([&] { set("hq", id, {{"dueAt", "2026-12-20T09:00:00+08:00"}}); }, Code::refused);
  set("hq", id, {{"progress", "二"}});
  BOOST_TEST(get("hq", id).at("progress") == "一\n二");
}

BOOST_AUTO_TEST_CASE(a_long_text_comes_back_whole_and_is_found) {
  std::string body;
  for (int i = 0; i < 20'000; ++i) body += "规章";
  body += "末尾";
  const RecordId id = put("hq", "Regulation", {{"code", "1"}, {"title", "长文"}, {"body", body}});
  BOOST_TEST(get("hq", id).at("body") == body);
  SearchIndex(office()).catchUpAll();
  BOOST_TEST(SearchIndex(office()).find("末尾", "", 10, "").at("rows").size() == 1u);
  set("hq", id, {{"body", "短"}});
  BOOST_TEST(get("hq", id).at("body") == "短");
  BOOST_TEST(office().lowest().database().number("SELECT count(*) FROM spill") == 0);
}

BOOST_AUTO_TEST_CASE(search_sees_what_is_not_indexed_yet_and_forgets_what_is_gone) {
  const auto hits = [&](const char* words) { return SearchIndex(office()).find(words, "", 50, "").at("rows").size(); };
  const RecordId id = put("hq", "OrgUnit", unit);
  BOOST_TEST(hits("公室") == 1u);
  SearchIndex(office()).catchUpAll();
  BOOST_TEST(hits("公室") == 1u);
  set("hq", id, {{"name", "机要处"}});
  BOOST_TEST(hits("公室") == 0u);
  BOOST_TEST(hits("机要") == 1u);
  remove("hq", id);
  BOOST_TEST(hits("机要") == 0u);
  SearchIndex(office()).catchUpAll();
  BOOST_TEST(hits("机要") == 0u);
}

BOOST_AUTO_TEST_CASE(only_what_is_long_is_indexed_before_a_search) {
  Vault& vault = office().vault(Level::open);
  const auto behind = [&] {
    const Arrival last = vault.lastArrival();
    return last - vault.find({Level::open, {}})->indexed;
  };
  unitNamed("零科");
  SearchIndex(office()).catchUpAll();
  unitNamed("一科");
  SearchIndex(office()).catchUpIfLong();
  BOOST_TEST(behind() == 1);
  {
    const auto t = office().begin();
    const EntityType& type = *office().catalog().find("OrgUnit");
    for (int i = 0; i < 300; ++i)
      t->put(type, json{{"code", std::to_string(i)}, {"name", "二科"}, {"level", "county"}},
             Label{{Level::open, {}}, {}});
    t->commit();
  }
  SearchIndex(office()).catchUpIfLong();
  BOOST_TEST(behind() == 0);
  BOOST_TEST(SearchIndex(office()).find("二科", "", 1000, "").at("rows").size() == 300u);
}

BOOST_AUTO_TEST_CASE(pages_of_a_search_do_not_overlap_and_lack_nothing) {
  for (int i = 0; i < 30; ++i) {
    unitNamed("科室" + std::to_string(i));
    if (i == 19) SearchIndex(office()).catchUpAll();
  }
  std::set<std::string> seen;
  std::string cursor;
  do {
    const json page = SearchIndex(office()).find("科室", "", 7, cursor);
    for (const json& row : page.at("rows")) BOOST_TEST(seen.insert(row.at("id")).second);
    cursor = page.at("next").is_null() ? "" : page.at("next").get<std::string>();
  } while (!cursor.empty());
  BOOST_TEST(seen.size() == 30u);
}

BOOST_AUTO_TEST_CASE(pages_of_a_list_follow_their_order_over_all_levels) {
  for (int i = 0; i < 25; ++i)
    put("hq", "OrgUnit", {{"code", std::to_string(100 + i * 7 % 25)}, {"name", "x"}, {"level", "county"}},
        i % 2 == 0 ? "public" : "机密");
  for (const char* order : {"code", "-code", ""}) {
    std::vector<std::string> codes;
    Page page{"", order, 4, ""};
    do {
      const json rows = office().reading().list("OrgUnit", page);
      for (const json& row : rows.at("rows")) codes.push_back(row.at("fields").at("code"));
      page.after = rows.at("next").is_null() ? "" : rows.at("next").get<std::string>();
    } while (!page.after.empty());
    BOOST_TEST(codes.size() == 25u);
    if (std::string(order) == "code") BOOST_TEST(std::is_sorted(codes.begin(), codes.end()));
    if (std::string(order) == "-code") BOOST_TEST(std::is_sorted(codes.rbegin(), codes.rend()));
  }
}

BOOST_AUTO_TEST_CASE(s14_sql_reads_the_entities_and_nothing_else) {
  put("hq", "OrgUnit", unit);
  ReadConnection& sql = office().reading();
  BOOST_TEST(sql.sql("SELECT name FROM OrgUnit", 10).at("rows")[0][0] == "办公室");
  for (const char* statement :
       {"SELECT * FROM sqlite_schema", "SELECT * FROM v0.meta", "SELECT * FROM v0.OrgUnit", "SELECT * FROM v0.log",
        "PRAGMA page_count", "ATTACH ':memory:' AS x", "DELETE FROM OrgUnit", "CREATE TEMP TABLE t(x)",
        "SELECT load_extension('x')", "SELECT * FROM pragma_page_count", "SELECT * FROM dbstat",
        "SELECT sqlite_version()", "WITH x AS (SELECT * FROM v0.epoch_key) SELECT * FROM x",
        "SELECT * FROM sqlite_temp_schema", "SELECT spilled(0, x'00', x'00', 1)", "SELECT * FROM OrgUnit; SELECT 1",
        "EXPLAIN SELECT 1"})
    BOOST_TEST_CONTEXT(statement) BOOST_CHECK_THROW(sql.sql(statement, 10), Error);
  Page page{"1) UNION SELECT key, 1 FROM v0.epoch_key --", "", 10, ""};
  BOOST_CHECK_THROW(sql.list("OrgUnit", page), Error);
}

BOOST_AUTO_TEST_CASE(a_transaction_that_read_a_level_writes_nothing_below_it) {
  const RecordId high = put("hq", "OrgUnit", unit, "机密");
  const auto transaction = office().begin();
  transaction->set(high, {{"shortName", "x"}});
  refusal([&] { transaction->put(*office().catalog().find("OrgUnit"), unit, parseMark("public")); }, Code::refused);
}

BOOST_AUTO_TEST_CASE(what_was_not_committed_never_was) {
  {
    const auto transaction = office().begin();
    transaction->put(*office().catalog().find("OrgUnit"), unit, parseMark("public"));
  }
  BOOST_TEST(office().reading().sql("SELECT count(*) FROM OrgUnit", 1).at("rows")[0][0] == 0);
  put("hq", "OrgUnit", unit);
  BOOST_TEST(verifySite(office(), {}).at("ok") == true);
}

BOOST_AUTO_TEST_CASE(a_snapshot_does_not_see_what_is_written_later) {
  const RecordId id = put("hq", "OrgUnit", unit);
  const auto snapshot = office().snapshot();
  set("hq", id, {{"name", "新名"}});
  BOOST_TEST(snapshot->get(id).document.at("fields").at("name") == "办公室");
  BOOST_TEST(snapshot->reading().sql("SELECT name FROM OrgUnit", 1).at("rows")[0][0] == "办公室");
  BOOST_TEST(get("hq", id).at("name") == "新名");
}

BOOST_AUTO_TEST_CASE(history_tells_every_step_in_order) {
  const RecordId id = put("hq", "OrgUnit", unit);
  set("hq", id, {{"name", "二"}});
  set("hq", id, {{"name", "三"}, {"shortName", "s"}});
  const json entries = office().history(id).at("entries");
  BOOST_REQUIRE(entries.size() == 3u);
  BOOST_TEST(entries[0].at("fields").at("code") == "hq-1");
  BOOST_TEST(entries[1].at("fields") == json({{"name", "二"}}));
  BOOST_TEST(entries[2].at("person") == "clerk");
}

BOOST_AUTO_TEST_CASE(numbers_of_a_series_are_gapless_and_of_one_compartment) {
  const RecordId p = person(), u = unitNamed("s");
  const auto incoming = [&](const char* label) {
    const RecordId id = put("hq", "IncomingDocument",
                            {{"title", "t"},
                             {"sender", u.text()},
                             {"kindOfDocument", "letter"},
                             {"channel", "fax"},
                             {"copies", 1},
                             {"receivedAt", "2026-11-20T16:00:00+08:00"},
                             {"receivedBy", p.text()}},
                            label);
    return get("hq", id).at("number").get<std::string>();
  };
  BOOST_TEST(incoming("internal") == "〔2026〕1号");
  BOOST_TEST(incoming("机密") == "〔2026〕1号");
  BOOST_TEST(incoming("internal") == "〔2026〕2号");
}

BOOST_AUTO_TEST_CASE(a_transaction_goes_on_with_a_series_and_gives_its_numbers_back_if_it_fails) {
  const EntityType& type = *office().catalog().find("IncomingDocument");
  const json fields = {
      {"title", "t"}, {"sender", unitNamed("s").text()},           {"kindOfDocument", "letter"},   {"channel", "fax"},
      {"copies", 1},  {"receivedAt", "2026-11-20T16:00:00+08:00"}, {"receivedBy", person().text()}};
  const auto two = [&](bool commit) {
    const auto transaction = office().begin();
    const RecordId first = transaction->put(type, fields, parseMark("internal"));
    const RecordId second = transaction->put(type, fields, parseMark("internal"));
    if (commit) transaction->commit();
    return std::pair(first, second);
  };
  two(true);
  two(false);
  const auto [third, fourth] = two(true);
  BOOST_TEST(get("hq", third).at("number") == "〔2026〕3号");
  BOOST_TEST(get("hq", fourth).at("number") == "〔2026〕4号");
}

BOOST_AUTO_TEST_CASE(a_record_given_as_a_message_is_the_same_as_one_given_as_json) {
  const EntityType& type = *office().catalog().find("IncomingDocument");
  const json fields = {{"title", "关于修路的请示"},
                       {"sender", unitNamed("m").text()},
                       {"kindOfDocument", "request"},
                       {"channel", "courier"},
                       {"copies", 0},
                       {"receivedAt", "2026-11-20T16:00:00.250Z"},
                       {"receivedBy", person().text()},
                       {"dispatchedOn", "2026-11-19"},
                       {"urgency", "extraUrgent"},
                       {"state", "received"},
                       {"number", "〔2026〕77号"}};
  const Bytes message = messageOf(office().catalog(), type, valuesOf(type, fields));
  const auto transaction = office().begin();
  const RecordId id = transaction->put(type, valuesOf(office().catalog(), type, message), parseMark("internal"));
  transaction->commit();
  BOOST_TEST(get("hq", id) == fields);
}

BOOST_AUTO_TEST_CASE(a_message_with_a_text_that_is_no_utf8_or_no_date_is_refused) {
  const EntityType& type = *office().catalog().find("IncomingDocument");
  for (const auto& [name, text] :
       {std::pair("title", "\xE4\xB8"), std::pair("title", "\xED\xA0\x80"), std::pair("dispatchedOn", "2026-02-30")}) {
    FieldValues values;
    values[type.find(name)->number] = std::string(text);
    refusal([&] { valuesOf(office().catalog(), type, messageOf(office().catalog(), type, values)); },
            Code::invalidInput);
  }
}

BOOST_AUTO_TEST_SUITE_END()
