// Classification as the regulation has it, 《定密解密工作暂行规定》: two persons, their authority, the mark, the day on
// which it ends. s13, s34, s37.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/secrecy/compilation.h"
#include "core/secrecy/deciding.h"
#include "core/secrecy/dispute.h"
#include "sync/acts.h"
#include "sync/clearing.h"
#include "sync/verify.h"
#include "tests/builder/forger.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

constexpr std::int64_t day_ms = 86'400'000;

// An internal county, a secret one, and two persons at each site.
struct Offices : Prefecture {
  Offices() : Prefecture({{"gar", Level::internal, {}}, {"ritu", Level::secret, {}}}) {
    settle();
    for (const std::string& site : sites())
      for (const char* name : {"handler", "leader"})
        persons.emplace(site + "/" + name, UnlockedPerson{name,
                                                          Level::topSecret,
                                                          SigningPair::make(*environment.random),
                                                          BoxPair::make(*environment.random),
                                                          {}});
  }

  RecordId notice(const std::string& site, const std::string& label = "internal") {
    const RecordId id =
        put(site, "OrgUnit", {{"code", std::to_string(++count)}, {"name", "x"}, {"level", "county"}}, label);
    settle();
    return id;
  }
  Signer by(const std::string& site, const char* person) {
    return signerOf((*this)[site], persons.at(site + "/" + person));
  }
  RecordId proposed(const std::string& site, const RecordId& id, const std::string& mark,
                    std::optional<LabelChange> change = std::nullopt, const std::string& specialRule = "") {
    Proposal p;
    p.subject = id;
    p.change = change;
    if (!mark.empty()) p.to = parseMark(mark, SpecialRule::cited);
    p.specialRule = specialRule;
    p.basis = "范围第三条";
    p.reason = "工作需要";
    return propose((*this)[site], by(site, "handler"), p);
  }
  void decided(const std::string& site, const RecordId& act, Verdict verdict = Verdict::approve,
               const char* person = "leader") {
    decide((*this)[site], by(site, person), act, verdict, "");
    clearUp((*this)[site]);
  }
  void labelled(const std::string& site, const RecordId& id, const std::string& mark) {
    decided(site, proposed(site, id, mark));
    settle();
  }
  std::string markAt(const std::string& site, const RecordId& id) {
    return (*this)[site].get(id).document.at("label").at("mark").get<std::string>();
  }
  std::string refusalOf(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      if (error.code() != Code::refused) return std::string(wordOf(error.code()));
      const json detail = json::parse(error.detail(), nullptr, false);
      return detail.is_object() ? detail.value("rule", "") : "refused";
    }
    return "";
  }
  void setDate(const std::string& date) {
    auto& clock = static_cast<TestClock&>(*environment.clock);
    clock.now_ms = millisecondsOf(*parseInstant(date + "T00:00:01+08:00"));
  }

  std::map<std::string, UnlockedPerson> persons;
  int count = 0;
};

// Registrations of bundles are records, too, and may end on the same day.
bool expires(const json& expired, const RecordId& id) {
  return std::find(expired.begin(), expired.end(), json(id.text())) != expired.end();
}
json dueOf(const json& result, const RecordId& id) {
  for (const json& due : result.at("due"))
    if (due.at("id") == id.text()) return due;
  return nullptr;
}

bool hasViolation(Store& store, const std::string& kind) {
  const json violations = store.violations();
  return std::any_of(violations.begin(), violations.end(), [&](const json& v) { return v.at("kind") == kind; });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(acts, Offices)

BOOST_AUTO_TEST_CASE(s34_who_proposes_does_not_approve) {
  const RecordId id = notice("hq");
  const RecordId act = proposed("hq", id, "秘密★十年");
  BOOST_TEST(levelAt("hq", id) == "internal");
  BOOST_TEST(refusalOf([&] { decided("hq", act, Verdict::approve, "handler"); }) == "cls-approval");
  decided("hq", act);
  BOOST_TEST(markAt("hq", id) == "秘密★十年");
  BOOST_TEST(refusalOf([&] { decided("hq", act); }) == "refused");  // decided already
  const json shown = showLabel(office(), id);
  BOOST_TEST(shown.at("acts").size() == 1u);
  BOOST_TEST(shown.at("acts")[0].at("counts") == true);
  BOOST_TEST(shown.at("acts")[0].at("proposedBy").at("person") == "handler");
  BOOST_TEST(shown.at("acts")[0].at("approvedBy").at("person") == "leader");
}

BOOST_AUTO_TEST_CASE(what_is_refused_changes_nothing) {
  const RecordId id = notice("hq");
  decided("hq", proposed("hq", id, "秘密★十年"), Verdict::refuse);
  BOOST_TEST(levelAt("hq", id) == "internal");
  BOOST_TEST(showLabel(office(), id).at("acts")[0].at("state") == "refused");
  BOOST_TEST(showLabel(office(), id).at("acts")[0].at("counts") == false);
}

BOOST_AUTO_TEST_CASE(a_record_may_be_classified_above_who_made_it_and_vanishes_for_him) {
  const RecordId id = notice("gar");
  const RecordId act = proposed("gar", id, "机密★五年");
  settle();
  decided("hq", act);
  settle();
  BOOST_TEST(levelAt("gar", id) == "");
  BOOST_TEST(levelAt("gar", act) == "");  // nor what was said of it
  BOOST_TEST(levelAt("ritu", id) == "secret");
  const json shown = showLabel((*this)["ritu"], id);
  BOOST_TEST(shown.at("acts")[0].at("counts") == true);
  BOOST_TEST(!hasViolation((*this)["ritu"], "unlawfulAct"));
  for (const std::string& site : sites()) BOOST_TEST(verifySite((*this)[site], {}).at("ok") == true);
}

BOOST_AUTO_TEST_CASE(s34_two_signatures_of_one_person_do_not_count_at_another_site) {
  const RecordId id = notice("hq");
  Store& store = office();
  const RecordId act = proposed("hq", id, "秘密★十年");
  // A site that has turned writes the approval by the same person.
  const LabelAct open = actsOn(store, id).at(0);
  const std::int64_t now = instantOf(environment.clock->now());
  const Proof twice = prove(by("hq", "handler"), statementOf(open, Verdict::approve), now);
  Transaction t(store);
  rewrite(t, act, *store.catalog().find("Classification"),
          {{"state", "approved"}, {"organ", "hq"}, {"effectiveAt", instantText(now)}, {"decision", textOf(twice)}},
          "proposed");
  t.commit();
  settle();
  BOOST_TEST(hasViolation((*this)["gar"], "unlawfulAct"));
  BOOST_TEST(showLabel((*this)["gar"], id).at("acts")[0].at("counts") == false);
}

BOOST_AUTO_TEST_CASE(s18_an_act_that_was_changed_afterwards_does_not_count) {
  const RecordId id = notice("hq");
  labelled("hq", id, "秘密★十年");
  const RecordId act = actsOn(office(), id).at(0).id;
  set("hq", act, {{"period", "1m"}});
  settle();
  BOOST_TEST(hasViolation((*this)["ritu"], "unlawfulAct"));
  BOOST_TEST(showLabel((*this)["ritu"], id).at("acts")[0].at("counts") == false);
}

BOOST_AUTO_TEST_CASE(cls_change_organ_only_who_decided_or_its_superior_changes_it) {
  const RecordId id = notice("hq");
  labelled("hq", id, "秘密★五年");
  BOOST_TEST(refusalOf([&] { proposed("ritu", id, "机密★五年"); }) == "cls-change-organ");
  const RecordId own = notice("ritu");
  labelled("ritu", own, "秘密★五年");
  labelled("ritu", own, "机密★五年");
  BOOST_TEST(levelAt("ritu", own) == "secret");
  labelled("hq", own, "秘密★五年");  // the superior
  BOOST_TEST(levelAt("ritu", own) == "confidential");
}

BOOST_AUTO_TEST_CASE(cls_max_period_a_day_beyond_the_longest_period_is_refused) {
  const RecordId id = notice("hq");
  setDate("2026-11-23");
  BOOST_TEST(refusalOf([&] { proposed("hq", id, "秘密★至2036年11月24日"); }) == "cls-max-period");
  BOOST_TEST(refusalOf([&] { proposed("hq", id, "秘密★至2036年11月23日"); }) == "");
  BOOST_CHECK_THROW(parseMark("秘密★十一年"), Error);
  BOOST_CHECK_THROW(parseMark("机密★二十一年"), Error);
}

BOOST_AUTO_TEST_CASE(cls_no_over_a_level_needs_its_basis_and_a_change_its_reason) {
  const RecordId id = notice("hq");
  Proposal p;
  p.subject = id;
  p.to = parseMark("秘密★五年");
  BOOST_TEST(refusalOf([&] { propose(office(), by("hq", "handler"), p); }) == "cls-no-over");
  labelled("hq", id, "秘密★五年");
  p.change = LabelChange::release;
  p.to.reset();
  BOOST_TEST(refusalOf([&] { propose(office(), by("hq", "handler"), p); }) == "cls-change-organ");
}

BOOST_AUTO_TEST_CASE(extending_and_shortening_move_nothing_and_count_from_the_day_of_the_decision) {
  const RecordId id = notice("hq");
  setDate("2026-11-23");
  labelled("hq", id, "秘密★五年");
  BOOST_TEST((office().get(id).document.at("label").at("until") == "2031-11-23"));
  setDate("2027-01-01");
  BOOST_TEST(refusalOf([&] { proposed("hq", id, "秘密★八年", LabelChange::shorten); }) == "refused");
  decided("hq", proposed("hq", id, "秘密★八年", LabelChange::extend));
  settle();
  BOOST_TEST(((*this)["ritu"].get(id).document.at("label").at("until") == "2035-01-01"));
  BOOST_TEST(markAt("ritu", id) == "秘密★八年");
  BOOST_TEST(!hasViolation((*this)["ritu"], "unauthorisedAuthor"));
}

BOOST_AUTO_TEST_CASE(cls_max_period_is_passed_only_by_a_special_rule_that_both_persons_sign) {
  const RecordId id = notice("hq");
  for (const char* mark : {"秘密★长期", "秘密★十一年", "秘密★至2099年1月1日"})
    BOOST_TEST(refusalOf([&] { proposed("hq", id, mark); }) == "cls-max-period");
  const RecordId act = proposed("hq", id, "秘密★长期", std::nullopt, "国家秘密范围特殊规定第二条");
  decided("hq", act);
  settle();
  BOOST_TEST(markAt("ritu", id) == "秘密★长期");
  BOOST_TEST((*this)["ritu"].get(id).document.at("label").at("until").is_null());
  const json shown = showLabel((*this)["ritu"], id).at("acts")[0];
  BOOST_TEST(shown.at("specialRule") == "国家秘密范围特殊规定第二条");
  BOOST_TEST(shown.at("counts") == true);
  set("hq", act, {{"specialRule", nullptr}});  // it is under the signatures
  settle();
  BOOST_TEST(showLabel((*this)["ritu"], id).at("acts")[0].at("counts") == false);
}

BOOST_AUTO_TEST_CASE(cls_max_period_two_who_agree_on_more_without_a_rule_do_not_count_at_another_site) {
  const RecordId id = notice("hq");
  Store& store = office();
  const std::int64_t now = instantOf(environment.clock->now());
  LabelAct act;
  act.subject = id;
  act.to = parseMark("秘密★四十年", SpecialRule::cited);
  act.basis = "范围第三条";
  act.proposal = textOf(prove(by("hq", "handler"), statementOf(act), now));
  Transaction t(store);
  t.write({Level::internal, {}},
          itemOf(store, *store.catalog().find("Classification"),
                 {{"subject", id.text()},
                  {"change", "classify"},
                  {"level", "confidential"},
                  {"period", "40y"},
                  {"basis", act.basis},
                  {"organ", "hq"},
                  {"effectiveAt", instantText(now)},
                  {"proposal", act.proposal},
                  {"decision", textOf(prove(by("hq", "leader"), statementOf(act, Verdict::approve), now))},
                  {"state", "approved"}}));
  t.commit();
  settle();
  BOOST_TEST(hasViolation((*this)["gar"], "unlawfulAct"));
  BOOST_TEST(showLabel((*this)["gar"], id).at("acts")[0].at("counts") == false);
}

BOOST_AUTO_TEST_CASE(after_release_the_old_mark_is_struck_and_解密_stands_beside_it) {
  const RecordId id = notice("hq");
  labelled("hq", id, "秘密★五年");
  decided("hq", proposed("hq", id, "", LabelChange::release));
  settle();
  BOOST_TEST(levelAt("gar", id) == "internal");
  BOOST_TEST((showLabel((*this)["gar"], id).at("marks") ==
              json::array({{{"mark", "秘密★五年"}, {"struck", true}}, {{"mark", "解密"}, {"struck", false}}})));
}

BOOST_AUTO_TEST_CASE(after_a_change_the_old_mark_is_struck_and_the_new_stands_beside_it) {
  const RecordId id = notice("hq");
  labelled("hq", id, "秘密★五年");
  labelled("hq", id, "机密★十年");
  BOOST_TEST((showLabel((*this)["ritu"], id).at("marks") ==
              json::array({{{"mark", "秘密★五年"}, {"struck", true}}, {{"mark", "机密★十年"}, {"struck", false}}})));
}

BOOST_AUTO_TEST_CASE(cls_expiry_set_2016_11_23_for_ten_years_it_is_released_at_the_start_of_2026_11_24) {
  setDate("2016-11-23");
  const RecordId id = notice("hq");
  labelled("hq", id, "秘密★十年");
  setDate("2026-11-23");
  BOOST_TEST(!expires(expireDue(office(), Expiry::perform).at("expired"), id));  // the last day is still secret
  setDate("2026-11-24");
  BOOST_TEST(expires(expireDue(office(), Expiry::perform).at("expired"), id));
  clearUp(office());
  settle();
  BOOST_TEST(levelAt("gar", id) == "internal");
  const json shown = showLabel((*this)["gar"], id);
  BOOST_TEST(shown.at("marks").back().at("mark") == "解密");
  BOOST_TEST(shown.at("acts").back().at("counts") == true);
  BOOST_TEST(!hasViolation((*this)["gar"], "unlawfulAct"));
}

BOOST_AUTO_TEST_CASE(cls_expiry_with_a_hold_it_is_not_released) {
  setDate("2016-11-23");
  const RecordId id = notice("hq");
  labelled("hq", id, "秘密★十年");
  decided("hq", proposed("hq", id, "", LabelChange::hold));
  setDate("2026-11-24");
  const json due = expireDue(office(), Expiry::perform);
  BOOST_TEST(!expires(due.at("expired"), id));
  BOOST_TEST(dueOf(due, id).at("held") == true);
  decided("hq", proposed("hq", id, "", LabelChange::unhold));
  BOOST_TEST(expires(expireDue(office(), Expiry::perform).at("expired"), id));
}

BOOST_AUTO_TEST_CASE(s37_a_site_whose_own_clock_is_ahead_releases_nothing) {
  setDate("2026-11-23");
  const RecordId id = notice("ritu");
  labelled("ritu", id, "秘密★一年");
  setDate("2040-01-01");  // ritu's clock; the office was last heard in 2026
  BOOST_TEST(refusalOf([&] { expireDue((*this)["ritu"], Expiry::perform); }) == "refused");
  BOOST_TEST(expireDue((*this)["ritu"], Expiry::list).at("due").empty());
  BOOST_TEST(!dueOf(expireDue(office(), Expiry::list), id).is_null());
}

BOOST_AUTO_TEST_CASE(a_member_cannot_shorten_a_period_that_it_did_not_set) {
  const RecordId id = notice("hq", "秘密★十年");
  Store& store = (*this)["ritu"];
  Transaction t(store);
  Item item;
  item.record = id;
  item.writes.push_back({periodRegister, Operation::set, std::string("1m"), {}});
  t.write({Level::confidential, {}}, item);
  t.commit();
  carry("ritu", "hq");
  BOOST_TEST(markAt("hq", id) == "秘密★十年");
  BOOST_TEST(hasViolation(office(), "unauthorisedAuthor"));
}

BOOST_AUTO_TEST_CASE(cls_compilation_the_cover_bears_the_highest_level_and_the_longest_period) {
  const RecordId a = notice("hq", "秘密★十年"), b = notice("hq", "机密★五年"), c = notice("hq", "秘密★六个月");
  const json whole = explainJoin(office(), {a, b, c});
  BOOST_TEST(whole.at("mark") == "机密★十年");
  BOOST_TEST((whole.at("because").at("level") == json::array({b.text()})));
  BOOST_TEST((whole.at("because").at("period") == json::array({a.text()})));
  const RecordId d = notice("hq", "秘密★三年"), e = notice("hq", "内部");
  BOOST_TEST(explainJoin(office(), {d, e}).at("mark") == "秘密★三年");
}

BOOST_AUTO_TEST_CASE(a_marked_part_raises_its_document_and_keeps_it_there) {
  const RecordId id = notice("hq");
  markPortion(office(), by("hq", "handler"), id, "第二段", parseMark("机密★五年"));
  clearUp(office());
  settle();
  BOOST_TEST(markAt("ritu", id) == "机密★五年");
  BOOST_TEST(levelAt("gar", id) == "");
  BOOST_TEST(refusalOf([&] { proposed("hq", id, "秘密★五年"); }) == "cls-compilation");
}

BOOST_AUTO_TEST_CASE(cls_dispute_raised_2026_11_01_is_submitted_by_11_11_and_answered_by_12_11) {
  setDate("2026-11-01");
  const RecordId id = notice("hq");
  raiseDispute(office(), by("hq", "handler"), {id, "密级不明", Level::secret});
  clearUp(office());
  settle();
  BOOST_TEST(levelAt("gar", id) == "");  // meanwhile handled at the higher level
  BOOST_TEST(levelAt("ritu", id) == "secret");
  BOOST_TEST(disputesOn(office(), id)[0].at("submitBy") == "2026-11-11");
  setDate("2026-11-11");
  submitDispute(office(), by("hq", "handler"), id);
  BOOST_TEST(disputesOn(office(), id)[0].at("replyBy") == "2026-12-11");
  replyDispute(office(), by("hq", "handler"), id, "定为秘密");
  labelled("hq", id, "秘密★五年");
  BOOST_TEST(disputesOn((*this)["ritu"], id)[0].at("state") == "closed");
  BOOST_TEST(levelAt("ritu", id) == "confidential");
}

BOOST_AUTO_TEST_CASE(cls_annual_what_was_classified_in_a_year_is_counted_by_level) {
  setDate("2026-03-01");
  for (const char* mark : {"秘密★五年", "秘密★一年", "机密★五年"}) labelled("hq", notice("hq"), mark);
  proposed("hq", notice("hq"), "秘密★五年");
  BOOST_TEST((yearOf(office(), 2026).at("counts") ==
              json::array({{{"level", "confidential"}, {"count", 2}}, {{"level", "secret"}, {"count", 1}}})));
  BOOST_TEST(yearOf(office(), 2025).at("counts").empty());
}

BOOST_AUTO_TEST_SUITE_END()
