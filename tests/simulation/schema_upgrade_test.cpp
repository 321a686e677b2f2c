// Sites that were not upgraded together: one has the schema that the product was built with, another one with a field,
// an entity, words and a state more, compiled by the build (newer_schema.py). They sync both ways, and nothing is lost.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "core/base/error.h"
#include "core/record/transaction.h"
#include "core/search/index.h"
#include "sync/verify.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

std::shared_ptr<const Catalog> newer() {
  static const auto catalog = [] {
    std::ifstream file(CINNABAR_NEWER_SCHEMA, std::ios::binary);
    const std::vector<std::uint8_t> bytes(std::istreambuf_iterator<char>(file), {});
    return Catalog::withHostSchema(bytes);
  }();
  return catalog;
}

// The office and two counties, all secret; nobody is upgraded yet.
struct Sites : Prefecture {
  Sites() : Prefecture({{"gar", Level::secret, {}}, {"ritu", Level::secret, {}}}) {
    unit = put("hq", "OrgUnit", {{"code", "hq"}, {"name", "行署办公室"}, {"level", "prefecture"}});
    settle();
  }

  void upgrade(const std::string& site) {
    close(site);
    schemas[site] = newer();
    (*this)[site];
  }
  RecordId device(const std::string& site, json more = json::object(), const std::string& label = "") {
    json fields = {{"deviceKind", "computer"},
                   {"serial", "pc-" + std::to_string(++count)},
                   {"classifiedUse", "none"},
                   {"unit", unit.text()},
                   {"state", "inUse"}};
    fields.update(more);
    return put(site, "OfficeDevice", fields, label);
  }
  json at(const std::string& site, const RecordId& id, const char* field) {
    const json fields = get(site, id);
    return fields.is_null() || !fields.contains(field) ? json() : fields.at(field);
  }
  void mustAgree() {
    for (const std::string& site : sites()) BOOST_TEST((digests(site) == digests("hq")), site);
  }
  std::vector<std::string> kindsOf(const std::string& site, const RecordId& id) {
    std::vector<std::string> out;
    for (const json& v : (*this)[site].violations())
      if (v.at("record") == id.text()) out.push_back(v.at("kind"));
    return out;
  }
  bool finds(const std::string& site, const std::string& words, const RecordId& id) {
    const json rows = SearchIndex((*this)[site]).find(words, "", 10, "").at("rows");
    return std::any_of(rows.begin(), rows.end(), [&](const json& row) { return row.at("id") == id.text(); });
  }
  // A step that no product would write.
  void forgeStep(const std::string& site, const RecordId& id, const std::string& from, const std::string& to) {
    Store& store = (*this)[site];
    Transaction t(store);
    Item item;
    item.record = id;
    const FieldNumber state = store.catalog().find("OfficeDevice")->find("state")->number;
    item.writes.push_back({state, Operation::transition, to, from});
    t.write({Level::internal, {}}, item);
    t.commit();
  }
  // The rows as they lie.
  json rowsOf(const std::string& site, const std::string& columns) {
    json out = json::array();
    Query q = (*this)[site]
                  .vault(Level::internal)
                  .database()
                  .query("SELECT " + columns + " FROM OfficeDevice ORDER BY rowid");
    while (q.step()) {
      json row = json::array();
      for (int i = 0; i < q->columns(); ++i)
        row.push_back(q->typeOf(i) == SQLITE_BLOB ? hexOf(q->blob(i)) : std::string(q->text(i)));
      out.push_back(std::move(row));
    }
    return out;
  }
  std::int64_t changesOf(const std::string& site) {
    return (*this)[site].vault(Level::internal).database().number("SELECT count(*) FROM log");
  }

  RecordId unit;
  int count = 0;
};

const auto each = boost::test_tools::per_element();
using Words = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(schema_upgrade, Sites)

BOOST_AUTO_TEST_CASE(an_upgrade_writes_no_change_and_rewrites_no_row) {
  const RecordId id = device("hq", {{"note", std::string(9000, 'x')}});
  device("hq");
  set("hq", id, {{"classifiedUse", "internal"}});
  settle();
  set("gar", id, {{"note", "一"}});
  set("hq", id, {{"note", "二"}});
  settle();
  const std::string columns = "rowid,id,_c,_origin,_born,_author,_lamport,_at,_gone,_meta,_period,note";
  const json rows = rowsOf("gar", columns), before = digests("gar");
  const std::int64_t changes = changesOf("gar");
  Database& db = (*this)["gar"].vault(Level::internal).database();
  // Whoever writes one of these is stopped.
  for (const std::string table : {"OfficeDevice", "log"})
    for (const std::string act : {"INSERT", "UPDATE", "DELETE"})
      db.run(("CREATE TRIGGER no_" + act + table + " BEFORE " + act + " ON " + table +
              " BEGIN SELECT RAISE(ABORT,'written'); END")
                 .c_str());
  upgrade("gar");
  BOOST_TEST((*this)["gar"].catalog().find("OfficeDevice")->find("assetTag") != nullptr);
  BOOST_TEST((rowsOf("gar", columns) == rows));
  BOOST_TEST(changesOf("gar") == changes);
  BOOST_TEST((digests("gar") == before));
  BOOST_CHECK_THROW(set("gar", id, {{"classifiedUse", "none"}}), Error);  // the guard is there
  Database& after = (*this)["gar"].vault(Level::internal).database();
  for (const std::string table : {"OfficeDevice", "log"})
    for (const std::string act : {"INSERT", "UPDATE", "DELETE"}) after.run(("DROP TRIGGER no_" + act + table).c_str());
  set("gar", id, {{"assetTag", "资-1"}});
  settle();
  mustAgree();
}

BOOST_AUTO_TEST_CASE(a_field_that_an_older_site_does_not_know_survives_its_edits_and_shows_after_its_upgrade) {
  for (const bool officeFirst : {true, false}) {
    Sites p;
    const std::string first = officeFirst ? "hq" : "gar", last = officeFirst ? "gar" : "hq";
    p.upgrade(first);
    const RecordId made = p.device(first, {{"assetTag", "资产甲"}}), given = p.device(last);
    p.settle();
    p.set(first, given, {{"assetTag", "资产乙"}});
    p.settle();
    p.mustAgree();
    BOOST_TEST(p.at(last, made, "assetTag").is_null());
    for (const RecordId& id : {made, given}) p.set(last, id, {{"classifiedUse", "internal"}, {"wireless", false}});
    p.settle();
    p.mustAgree();
    BOOST_TEST(p.at(first, made, "assetTag") == "资产甲");
    BOOST_TEST(p.at(first, given, "assetTag") == "资产乙");
    BOOST_TEST(p.at(first, made, "classifiedUse") == "internal");
    BOOST_TEST(!p.finds(last, "资产乙", given));
    const json before = p.digests(last);
    p.upgrade(last);
    BOOST_TEST((p.digests(last) == before));
    BOOST_TEST(p.at(last, made, "assetTag") == "资产甲");
    BOOST_TEST(p.at(last, given, "assetTag") == "资产乙");
    BOOST_TEST(p.finds(last, "资产乙", given));
    BOOST_TEST(verifySite(p[last], {}).at("ok") == true);
    p.set(last, given, {{"assetTag", "资产丙"}});
    p.settle();
    p.mustAgree();
    BOOST_TEST(p.at(first, given, "assetTag") == "资产丙");
  }
}

BOOST_AUTO_TEST_CASE(an_older_office_passes_on_what_it_does_not_know) {
  upgrade("gar");
  upgrade("ritu");
  const RecordId id = device("gar", {{"assetTag", "资-1"}, {"deviceKind", "scanner"}});
  const RecordId seal = put("gar", "DeviceSeal", {{"device", id.text()}, {"sealNumber", "封-7"}});
  settle();
  mustAgree();
  BOOST_TEST(at("ritu", id, "assetTag") == "资-1");
  BOOST_TEST(at("ritu", seal, "sealNumber") == "封-7");
  BOOST_TEST(get("hq", seal).is_null());
  BOOST_TEST(verifySite(office(), {}).at("ok") == true);
  relabel("hq", id, "机密");  // with what it does not know
  relabel("gar", seal, "机密");
  settle();
  mustAgree();
  BOOST_TEST(at("ritu", id, "assetTag") == "资-1");
  BOOST_TEST(at("ritu", seal, "sealNumber") == "封-7");
  BOOST_TEST(levelAt("ritu", seal) == "secret");
  BOOST_TEST(levelAt("gar", id) == "secret");
}

BOOST_AUTO_TEST_CASE(records_of_an_entity_that_an_older_site_does_not_know_show_after_its_upgrade) {
  upgrade("hq");
  const RecordId id = device("hq");
  const RecordId seal = put("hq", "DeviceSeal", {{"device", id.text()}, {"sealNumber", "封-7"}});
  settle();
  set("hq", seal, {{"sealNumber", "封-8"}});
  settle();
  mustAgree();
  BOOST_TEST(get("gar", seal).is_null());
  BOOST_CHECK_THROW(set("gar", seal, {{"note", "x"}}), Error);
  const std::int64_t changes = changesOf("gar");
  upgrade("gar");
  BOOST_TEST(at("gar", seal, "sealNumber") == "封-8");
  BOOST_TEST(finds("gar", "封-8", seal));
  BOOST_TEST(changesOf("gar") == changes);
  settle();
  mustAgree();
}

BOOST_AUTO_TEST_CASE(a_word_that_an_older_site_does_not_know_is_kept_and_named_until_its_upgrade) {
  upgrade("hq");
  const RecordId id = device("hq", {{"deviceKind", "scanner"}});
  settle();
  mustAgree();
  BOOST_TEST(at("gar", id, "deviceKind") == "scanner");
  BOOST_TEST(kindsOf("gar", id) == Words{"unknownWord"}, each);
  BOOST_TEST(kindsOf("hq", id).empty());
  set("gar", id, {{"wireless", true}});
  settle();
  BOOST_TEST(at("hq", id, "deviceKind") == "scanner");
  upgrade("gar");
  BOOST_TEST(at("gar", id, "deviceKind") == "scanner");
  BOOST_TEST(kindsOf("gar", id).empty());
  mustAgree();
}

BOOST_AUTO_TEST_CASE(a_ratchet_at_a_word_that_an_older_site_does_not_know_does_not_fall_there) {
  upgrade("hq");
  const RecordId id = put("hq", "LeakIncident",
                          {{"foundAt", "2026-11-23T09:00:00+08:00"},
                           {"whatLevel", "confidential"},
                           {"content", "x"},
                           {"severity", "minor"}},
                          "机密");
  settle();
  set("hq", id, {{"severity", "disastrous"}});
  settle();
  BOOST_TEST(at("gar", id, "severity") == "disastrous");
  BOOST_CHECK_THROW(set("gar", id, {{"severity", "grave"}}), Error);
  mustAgree();
  upgrade("gar");
  BOOST_TEST(at("gar", id, "severity") == "disastrous");
  BOOST_CHECK_THROW(set("gar", id, {{"severity", "grave"}}), Error);
  mustAgree();
}

BOOST_AUTO_TEST_CASE(a_state_of_a_newer_schema_is_kept_by_an_older_site_and_moved_on_by_a_newer) {
  const RecordId id = device("hq");
  settle();
  upgrade("hq");
  set("hq", id, {{"state", "sealedUp"}});
  settle();
  mustAgree();
  BOOST_TEST(at("gar", id, "state") == "sealedUp");
  BOOST_TEST(kindsOf("gar", id) == Words{"unknownWord"}, each);
  BOOST_CHECK_THROW(set("gar", id, {{"state", "repair"}}), Error);  // what follows it is not known here
  set("gar", id, {{"wireless", true}});
  settle();
  BOOST_TEST(at("hq", id, "state") == "sealedUp");
  upgrade("ritu");
  BOOST_TEST(at("ritu", id, "state") == "sealedUp");
  BOOST_TEST(kindsOf("ritu", id).empty());
  mustAgree();
  set("ritu", id, {{"state", "inUse"}});
  settle();
  BOOST_TEST(at("gar", id, "state") == "inUse");
  BOOST_TEST(kindsOf("gar", id).empty());
  set("gar", id, {{"state", "repair"}});
  settle();
  mustAgree();
  upgrade("gar");
  mustAgree();
  for (const char* site : {"hq", "gar", "ritu"}) BOOST_TEST(at(site, id, "state") == "repair");
}

BOOST_AUTO_TEST_CASE(concurrent_steps_of_an_older_and_a_newer_site_come_to_one_state_once_both_know_the_words) {
  const RecordId id = device("hq");
  settle();
  upgrade("hq");
  set("hq", id, {{"state", "sealedUp"}});
  set("gar", id, {{"state", "repair"}});
  settle();
  mustAgree();
  upgrade("gar");
  upgrade("ritu");
  mustAgree();
  BOOST_TEST(at("gar", id, "state") == at("hq", id, "state"));
  BOOST_TEST(at("ritu", id, "state") == at("hq", id, "state"));
  BOOST_TEST(kindsOf("gar", id) == kindsOf("hq", id), each);
}

BOOST_AUTO_TEST_CASE(a_step_that_only_a_newer_machine_allows_counts_at_an_older_site_after_its_upgrade) {
  const RecordId id = device("hq", {{"state", "lent"}});
  settle();
  upgrade("hq");
  set("hq", id, {{"state", "retired"}});
  settle();
  BOOST_TEST(at("gar", id, "state") == "lent");
  BOOST_TEST(kindsOf("gar", id) == Words{"refusedTransition"}, each);
  upgrade("gar");
  upgrade("ritu");
  BOOST_TEST(at("gar", id, "state") == "retired");
  BOOST_TEST(kindsOf("gar", id).empty());
  mustAgree();
  BOOST_TEST(verifySite((*this)["gar"], {}).at("ok") == true);
}

BOOST_AUTO_TEST_CASE(a_step_that_a_newer_machine_forbids_is_undone_by_the_upgrade_of_who_could_not_judge_it) {
  const RecordId id = device("hq", {{"state", "retired"}});
  settle();
  upgrade("hq");
  upgrade("ritu");
  forgeStep("ritu", id, "retired", "sealedUp");
  settle();
  BOOST_TEST(at("hq", id, "state") == "retired");
  BOOST_TEST(kindsOf("hq", id) == Words{"refusedTransition"}, each);
  BOOST_TEST(at("gar", id, "state") == "sealedUp");  // it might be lawful
  upgrade("gar");
  BOOST_TEST(at("gar", id, "state") == "retired");
  BOOST_TEST(kindsOf("gar", id) == Words{"refusedTransition"}, each);
  BOOST_TEST((digests("gar") == digests("hq")));
}

BOOST_AUTO_TEST_CASE(s31_what_is_too_long_to_be_a_word_is_refused_everywhere) {
  const RecordId id = device("hq");
  settle();
  forgeStep("ritu", id, "inUse", std::string(65, 'x'));
  settle();
  BOOST_TEST(at("hq", id, "state") == "inUse");
  BOOST_TEST(kindsOf("hq", id) == Words{"refusedWrite"}, each);
  BOOST_TEST(at("gar", id, "state") == "inUse");
}

BOOST_AUTO_TEST_CASE(a_schema_that_lacks_what_the_site_holds_does_not_open_it) {
  upgrade("gar");
  device("gar", {{"assetTag", "资-1"}});
  close("gar");
  schemas.erase("gar");
  try {
    (*this)["gar"];
    BOOST_ERROR("it opened");
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Code::newerFormat));
  }
}

BOOST_AUTO_TEST_SUITE_END()
