// A record passes from one compartment to another: who still sees it, what becomes of edits made meanwhile, and that
// nothing of it is left where it was. s07, s13, s29, s50–s52.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/log/seal.h"
#include "core/record/conflict.h"
#include "core/record/read_connection.h"
#include "core/record/transaction.h"
#include "core/search/index.h"
#include "sync/clearing.h"
#include "sync/status.h"
#include "sync/verify.h"
#include "tests/builder/prefecture.h"
#include "tests/builder/whole.h"
#include "tests/fault/raw_cipher.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

// An internal site and a secret one.
struct TwoCounties : Prefecture {
  TwoCounties() : Prefecture({{"gar", Level::internal, {}}, {"ritu", Level::secret, {"road"}}}) { settle(); }

  RecordId item(const std::string& site, const json& more = {}, const std::string& label = "internal") {
    json fields = {{"title", "道路检查"},  {"body", "km 12"},         {"sourceUnit", unit().text()},
                   {"topic", "localWork"}, {"kindOfItem", "dynamic"}, {"receivedAt", "2026-11-01T09:00:00+08:00"}};
    if (!more.is_null()) fields.update(more);
    return put(site, "InformationItem", fields, label);
  }
  RecordId unit() {
    if (unit_.isZero()) {
      unit_ = put("hq", "OrgUnit", {{"code", "root"}, {"name", "署"}, {"level", "prefecture"}}, "public");
      settle();
    }
    return unit_;
  }
  bool isFlagged(const std::string& site, const RecordId& id) {
    const json all = (*this)[site].violations();
    return std::any_of(all.begin(), all.end(), [&](const json& v) {
      return v.at("kind") == "concurrentRelabel" && v.at("record") == id.text();
    });
  }
  RecordId unit_;
};

// Whether a word is anywhere in what a site's vault of `level` holds, deleted or not: every page, opened.
bool remains(Prefecture& p, const std::string& site, Level level, const std::string& word) {
  Vault& vault = p[site].vault(level);
  Database& db = vault.database();
  std::vector<std::pair<std::string, std::vector<std::string>>> tables;
  {
    Query q = db.query("SELECT name FROM sqlite_schema WHERE type='table' AND sql NOT LIKE 'CREATE VIRTUAL%'");
    while (q.step()) tables.emplace_back(q->text(0), std::vector<std::string>{});
  }
  for (auto& [table, columns] : tables) {
    Query q = db.query("SELECT name FROM pragma_table_info(?1)");
    q.with(table);
    while (q.step()) columns.emplace_back(q->text(0));
  }
  for (const auto& [table, columns] : tables)
    for (const std::string& column : columns) {
      Query q = db.query("SELECT 1 FROM " + identifier(table) + " WHERE instr(CAST(" + identifier(column) +
                         " AS BLOB),CAST(?1 AS BLOB))>0");
      q.with(word);
      if (q.step()) return true;
    }
  return false;
}

// The items of a record that are still in a log, opened.
int changesOf(Store& store, Level level, const RecordId& id) {
  int count = 0;
  Vault& vault = store.vault(level);
  Log(vault).scan(0, [&](LogEntry& entry) {
    const Header header = decodeHeader(entry.sealed.header);
    const Opener opener(header, vault.compartmentKey(header.compartment, header.epoch));
    const auto items = splitItems(entry.sealed.items, header.items);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].scrubbed) continue;
      const Item item = opener.open(items[i].bytes, i);
      if (item.record == id && item.kind != ItemKind::withdraw) ++count;
    }
    return true;
  });
  return count;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(relabelling, TwoCounties)

BOOST_AUTO_TEST_CASE(a_record_that_is_raised_is_there_for_the_higher_and_gone_for_the_lower) {
  const RecordId id = item("gar");
  settle();
  relabel("hq", id, "机密★五年");
  settle();
  BOOST_TEST(levelAt("gar", id) == "");
  BOOST_TEST(levelAt("ritu", id) == "secret");
  BOOST_TEST(levelAt("hq", id) == "secret");
  BOOST_TEST(get("ritu", id).at("title") == "道路检查");
  BOOST_TEST(((*this)["ritu"].get(id).document.at("label").at("mark") == "机密★五年"));
  BOOST_TEST(((*this)["ritu"].get(id).document.at("site") == "gar"));
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(a_record_that_is_lowered_appears_below) {
  const RecordId id = item("ritu", {}, "机密");
  settle();
  relabel("hq", id, "internal");
  settle();
  BOOST_TEST(levelAt("gar", id) == "internal");
  BOOST_TEST(levelAt("ritu", id) == "internal");
  BOOST_TEST(changesOf((*this)["ritu"], Level::secret, id) == 0);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(a_record_that_returns_is_edited_as_before) {
  const RecordId id = item("gar");
  settle();
  relabel("hq", id, "机密");
  settle();
  set("ritu", id, {{"body", "km 13"}});
  settle();
  relabel("ritu", id, "internal");
  settle();
  BOOST_TEST(get("gar", id).at("body") == "km 13");
  set("gar", id, {{"body", "km 14"}});
  settle();
  for (const std::string& site : sites()) BOOST_TEST(get(site, id).at("body") == "km 14");
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(s07_a_withdrawn_record_leaves_no_trace_at_the_old_site) {
  const std::string word = "朱砂痕迹";
  std::string longText;
  for (int i = 0; i < 3000; ++i) longText += word;
  const RecordId id = item("gar", {{"title", word}, {"body", longText}});
  const std::string file = root() / "paper";
  Environment::system().files->note(file, Bytes(200'000, 'z'));
  attach((*this)["gar"], id, file, word + ".jpg");
  settle();
  set("gar", id, {{"title", word + "二"}});
  set("hq", id, {{"title", word + "三"}});
  settle();
  BOOST_TEST((*this)["gar"].conflicts().size() == 1u);
  SearchIndex((*this)["gar"]).catchUpAll();
  BOOST_TEST(remains(*this, "gar", Level::internal, word));
  BOOST_TEST(changesOf((*this)["gar"], Level::internal, id) == 3);

  relabel("hq", id, "机密");
  settle();
  Store& gar = (*this)["gar"];
  BOOST_TEST(levelAt("gar", id) == "");
  BOOST_TEST(gar.conflicts().empty());
  BOOST_TEST(SearchIndex(gar).find(word, "", 10, "").at("rows").empty());
  BOOST_CHECK_THROW(gar.history(id), Error);
  BOOST_TEST(!remains(*this, "gar", Level::internal, word));
  BOOST_TEST(changesOf(gar, Level::internal, id) == 0);
  Database& db = gar.vault(Level::internal).database();
  for (const char* table : {"chunk", "spill", "conflict", "violation", "scrub", "late"})
    BOOST_TEST(db.number("SELECT count(*) FROM " + std::string(table)) == 0, table);
  // The words of the index too, and no older page in the WAL.
  SearchIndex(gar).catchUpAll();
  BOOST_TEST(db.number("SELECT count(*) FROM fts_1_data WHERE instr(block, CAST('朱砂' AS BLOB))>0") == 0);
  BOOST_TEST(openWithdrawals(office()).empty());
  BOOST_TEST(get("ritu", id).at("body") == longText);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(s51_a_receipt_waits_while_a_reader_holds_an_older_state) {
  const RecordId id = item("gar");
  settle();
  const auto reader = (*this)["gar"].snapshot();
  BOOST_TEST((reader->get(id).document.at("fields").at("body") == "km 12"));
  relabel("hq", id, "机密");
  settle();
  const json open = openWithdrawals(office());
  BOOST_REQUIRE(open.size() == 1u);
  BOOST_TEST(open[0].at("record") == id.text());
  BOOST_TEST((open[0].at("open") == json::array({"gar"})));
  BOOST_TEST(open[0].at("since").is_string());
}

BOOST_AUTO_TEST_CASE(s51_a_receipt_is_given_once_the_reader_is_gone) {
  const RecordId id = item("gar");
  settle();
  {
    const auto reader = (*this)["gar"].snapshot();
    relabel("hq", id, "机密");
    settle();
  }
  settle();
  BOOST_TEST(openWithdrawals(office()).empty());
}

BOOST_AUTO_TEST_CASE(an_edit_made_while_the_record_was_withdrawn_reaches_those_who_still_see_it) {
  const RecordId id = item("gar");
  settle();
  relabel("hq", id, "机密");
  set("gar", id, {{"topic", "opinion"}});  // gar does not know yet
  settle();
  BOOST_TEST(get("gar", id).is_null());
  for (const char* site : {"ritu", "hq"}) {
    BOOST_TEST(get(site, id).at("topic") == "opinion");
    BOOST_TEST(((*this)[site].conflicts().empty()));
    BOOST_TEST(((*this)[site].get(id).document.at("updated").at("person") == "clerk"));
  }
  BOOST_TEST(changesOf((*this)["gar"], Level::internal, id) == 0);
  BOOST_TEST(changesOf(office(), Level::internal, id) == 0);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(an_edit_of_a_conflicting_field_supersedes_what_its_author_had_seen) {
  const RecordId id = item("gar");
  settle();
  relabel("hq", id, "机密");
  set("gar", id, {{"body", "km 14"}});
  settle();
  BOOST_TEST(get("ritu", id).at("body") == "km 14");
  BOOST_TEST((*this)["ritu"].conflicts().empty());
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(an_edit_that_is_carried_conflicts_with_one_made_above) {
  const RecordId id = item("gar");
  settle();
  relabel("hq", id, "机密");
  set("hq", id, {{"body", "km 13"}});
  set("gar", id, {{"body", "km 14"}});
  settle();
  for (const char* site : {"ritu", "hq"}) {
    const json conflicts = (*this)[site].conflicts();
    BOOST_REQUIRE(conflicts.size() == 1u);
    std::set<std::string> values;
    for (const json& value : conflicts[0].at("values")) values.insert(value.at("value").get<std::string>());
    BOOST_TEST((values == std::set<std::string>{"km 13", "km 14"}));
  }
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(an_edit_that_is_carried_conflicts_with_one_made_before_the_move_that_its_author_had_not_seen) {
  const RecordId id = item("gar");
  settle();
  set("hq", id, {{"body", "km 13"}});
  relabel("hq", id, "机密");
  set("gar", id, {{"body", "km 14"}});
  settle();
  BOOST_TEST((*this)["ritu"].conflicts().size() == 1u);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(a_sum_is_carried_once) {
  const RecordId id = put("gar", "MealCard", {{"holder", "甲"}, {"staff", true}, {"balanceFen", 100}}, "internal");
  settle();
  relabel("hq", id, "机密");
  set("gar", id, {{"balanceFen", 130}});
  set("hq", id, {{"balanceFen", 95}});
  settle();
  clearUp(office());
  settle();
  BOOST_TEST(get("ritu", id).at("balanceFen") == 125);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(an_edit_is_carried_over_several_moves) {
  const RecordId id = item("gar");
  settle();
  relabel("hq", id, "秘密");
  relabel("hq", id, "机密");
  set("gar", id, {{"topic", "opinion"}, {"body", "km 14"}});
  settle();
  BOOST_TEST(get("ritu", id).at("topic") == "opinion");
  BOOST_TEST((*this)["ritu"].conflicts().size() == 1u);  // nothing was superseded
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(an_edit_that_came_too_late_for_one_move_does_not_count_as_gone_with_the_next) {
  const RecordId id = item("gar");
  settle();
  relabel("hq", id, "机密");
  carry("hq", "ritu");
  set("gar", id, {{"body", "km 13"}});  // knows nothing of that
  relabel("ritu", id, "internal");
  carry("gar", "ritu");
  relabel("ritu", id, "机密");
  std::vector<std::string> files = pack("ritu", "hq");
  std::reverse(files.begin(), files.end());  // where it is now is known before the edit comes
  for (const std::string& file : files) takeBundle(office(), file, Apply::reallyApply, {});
  settle();
  for (const char* site : {"hq", "ritu"}) BOOST_TEST(get(site, id).at("body") == "km 13", site);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(values_side_by_side_stay_side_by_side) {
  const RecordId id = item("gar");
  settle();
  set("gar", id, {{"body", "km 13"}});
  set("ritu", id, {{"body", "km 14"}});
  settle();
  relabel("hq", id, "机密");
  settle();
  const json conflicts = (*this)["ritu"].conflicts();
  BOOST_REQUIRE(conflicts.size() == 1u);
  resolveConflict((*this)["ritu"], conflicts[0].at("id").get<std::string>(), 0, "");
  settle();
  BOOST_TEST(office().conflicts().empty());
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(of_two_labels_given_at_once_the_higher_stands_and_is_flagged) {
  const RecordId id = item("gar");
  settle();
  relabel("ritu", id, "秘密");
  set("ritu", id, {{"topic", "opinion"}});
  relabel("hq", id, "机密");
  set("hq", id, {{"sensitive", true}});
  settle();
  for (const char* site : {"ritu", "hq"}) {
    BOOST_TEST(levelAt(site, id) == "secret");
    BOOST_TEST(get(site, id).at("topic") == "opinion");
    BOOST_TEST(get(site, id).at("sensitive") == true);
  }
  for (const char* site : {"ritu", "hq"}) BOOST_TEST(isFlagged(site, id), site);
  BOOST_TEST(get("gar", id).is_null());
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(the_flag_of_two_labels_given_at_once_goes_with_the_record_to_whoever_sees_it) {
  const RecordId id = item("gar");
  settle();
  relabel("ritu", id, "秘密");
  relabel("hq", id, "机密");
  settle();
  relabel("ritu", id, "internal");
  settle();
  for (const char* site : {"gar", "ritu", "hq"}) BOOST_TEST(isFlagged(site, id), site);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(one_label_given_twice_at_once_is_flagged_everywhere_and_once) {
  const RecordId id = item("gar");
  settle();
  relabel("ritu", id, "秘密");
  set("ritu", id, {{"topic", "opinion"}});
  relabel("hq", id, "秘密");
  settle();
  for (const char* site : {"ritu", "hq"}) {
    BOOST_TEST(isFlagged(site, id), site);
    BOOST_TEST((*this)[site].violations().size() == 1u, site);
    BOOST_TEST(get(site, id).at("topic") == "opinion");
  }
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(a_site_cannot_flag_a_record_by_itself) {
  const RecordId id = item("gar");
  settle();
  Transaction t((*this)["gar"]);
  Item item;
  item.record = id;
  item.writes.push_back({movesAtOnceRegister, Operation::set, std::int64_t{1}, {}});
  t.write({Level::internal, {}}, std::move(item));
  t.commit();
  carry("gar", "hq");
  BOOST_TEST(!isFlagged("hq", id));
  const json violations = office().violations();
  BOOST_TEST(
      std::any_of(violations.begin(), violations.end(), [](const json& v) { return v.at("kind") == "refusedWrite"; }));
}

BOOST_AUTO_TEST_CASE(of_a_longer_way_and_a_higher_label_given_at_once_what_covers_both_stands) {
  const RecordId id = item("gar");
  settle();
  relabel("ritu", id, "秘密★五年");
  relabel("ritu", id, "internal", {"road"});
  relabel("hq", id, "机密★五年");
  settle();
  for (const char* site : {"hq", "ritu"}) {
    const Label label = (*this)[site].get(id).label;
    BOOST_TEST((label.compartment == Compartment{Level::secret, {"road"}}), site);
  }
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(of_two_moves_to_one_label_one_stands) {
  const RecordId id = item("gar");
  settle();
  relabel("ritu", id, "机密");
  set("ritu", id, {{"topic", "opinion"}});
  relabel("hq", id, "机密");
  set("hq", id, {{"sensitive", true}});
  settle();
  for (const char* site : {"ritu", "hq"}) {
    BOOST_TEST(get(site, id).at("topic") == "opinion");
    BOOST_TEST(get(site, id).at("sensitive") == true);
  }
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(a_record_passes_into_a_circle_of_its_own_level) {
  ensureCircle(office(), "road");
  const RecordId id = item("ritu", {}, "机密");
  const std::string file = root() / "paper";
  Environment::system().files->note(file, Bytes(100'000, 'z'));
  const auto attachment = *RecordId::parse(attach((*this)["ritu"], id, file, "纸").at("id").get<std::string>());
  settle();
  relabel("hq", id, "机密", {"road"});
  settle();
  for (const RecordId& one : {id, attachment})
    for (const char* site : {"ritu", "hq"})
      BOOST_TEST(((*this)[site].get(one).label.compartment.circles == std::vector<std::string>{"road"}));
  Bytes content;
  detach((*this)["ritu"], attachment, [&](BytesView piece) { return append(content, piece), true; });
  BOOST_TEST((content == Bytes(100'000, 'z')));
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(attachments_follow_down_and_up) {
  const RecordId id = item("gar");
  const std::string file = root() / "paper";
  Environment::system().files->note(file, Bytes(150'000, 'q'));
  const auto attachment = *RecordId::parse(attach((*this)["gar"], id, file, "纸").at("id").get<std::string>());
  settle();
  const auto contentAt = [&](const std::string& site) {
    Bytes content;
    detach((*this)[site], attachment, [&](BytesView piece) { return append(content, piece), true; });
    return content == Bytes(150'000, 'q');
  };
  relabel("hq", id, "机密");
  settle();
  BOOST_TEST(contentAt("ritu"));
  BOOST_TEST(get("gar", attachment).is_null());
  BOOST_TEST((*this)["gar"].vault(Level::internal).database().number("SELECT count(*) FROM chunk") == 0);
  relabel("ritu", id, "internal");
  settle();
  BOOST_TEST(contentAt("gar"));
  BOOST_TEST(contentAt("hq"));
  BOOST_TEST(office().vault(Level::secret).database().number("SELECT count(*) FROM chunk") == 0);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(the_owner_of_a_field_stays_its_owner) {
  const RecordId id = put("gar", "ClassifiedCarrier", {{"title", "x"}, {"mediumKind", "paper"}, {"level", "secret"}});
  settle();
  relabel("hq", id, "机密");
  settle();
  BOOST_CHECK_THROW(set("ritu", id, {{"number", "1"}}), Error);
  set("hq", id, {{"number", "〔2026〕1号"}});
  settle();
  BOOST_TEST(get("ritu", id).at("number") == "〔2026〕1号");
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(s12_a_record_is_not_lowered_below_what_it_refers_to) {
  const RecordId unit = put("hq", "OrgUnit", {{"code", "s"}, {"name", "x"}, {"level", "county"}}, "机密");
  const RecordId child =
      put("hq", "OrgUnit", {{"code", "t"}, {"name", "x"}, {"level", "county"}, {"parent", unit.text()}}, "机密");
  BOOST_CHECK_THROW(relabel("hq", child, "internal"), Error);
  BOOST_TEST(levelAt("hq", child) == "secret");
}

BOOST_AUTO_TEST_CASE(a_site_that_joins_later_gets_no_trace_either) {
  const RecordId id = item("gar");
  settle();
  relabel("hq", id, "机密");
  settle();
  const Bytes request = requestToJoin(opening("coqen"), {"coqen", "coqen"});
  acceptGrant(opening("coqen"), admit(office(), request, {Level::internal, {}, "2099-12-31"}));
  carry("hq", "coqen");
  BOOST_TEST(get("coqen", id).is_null());
  BOOST_TEST(digests("coqen") == [&] {
    json below = digests("gar");
    return below;
  }());
}

BOOST_AUTO_TEST_SUITE_END()
