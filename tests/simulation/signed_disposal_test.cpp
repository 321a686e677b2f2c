// Each step of a disposal is signed by the person who takes it, so that two are two at every site, and whoever names
// another has not become him. s34.
#include <rapidcheck.h>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/record/transaction.h"
#include "core/retention/signing.h"
#include "sync/acts.h"
#include "sync/clearing.h"
#include "sync/disposing.h"
#include "sync/remains.h"
#include "tests/builder/archive.h"
#include "tests/builder/whole.h"

using namespace cinnabar;
using namespace cinnabar::test;
using namespace cinnabar::retention;
using nlohmann::json;

namespace {

const std::string two = "doc-destroy-two-persons";

struct Signed : Archive {
  Signed() : Archive({{"gar", Level::internal, {}}, {"ritu", Level::secret, {}}}) { settle(); }

  json by(const std::string& list, const char* who) { return {{"list", list}, {"by", who}}; }
  RecordId idOf(const std::string& text) { return *RecordId::parse(text); }
  json unlawful(const std::string& site, const std::string& record) {
    for (const json& v : (*this)[site].violations())
      if (v.at("kind") == "unlawfulAct" && v.at("record") == record) return v;
    return nullptr;
  }
  json signaturesAt(const std::string& site, const std::string& certificate) {
    return proveDestroyed((*this)[site], idOf(certificate)).at("checks").at(0);
  }
  // As whoever holds the office's keys can, with a program of his own.
  std::string forged(const json& fields) {
    const auto transaction = office().begin();
    const RecordId id =
        transaction->make(*office().catalog().find("DisposalCertificate"), fields, {{Level::internal, {}}, {}});
    transaction->commit();
    return id.text();
  }
  void rewritten(const std::string& list, const json& fields) {
    const auto transaction = office().begin();
    transaction->revise(idOf(list), fields);
    transaction->commit();
  }
  json fieldsAt(const std::string& site, const std::string& id) { return get(site, idOf(id)); }
};

Declaration anyDeclaration() {
  const auto id = [] {
    RecordId out;
    for (Byte& byte : out.bytes) byte = *rc::gen::arbitrary<Byte>();
    return out;
  };
  Declaration out;
  out.step = static_cast<Step>(*rc::gen::inRange(0, 6));
  out.list = *rc::gen::arbitrary<std::string>();
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) out.records.push_back(id());
  out.person = id();
  out.before = *rc::gen::arbitrary<std::vector<std::string>>();
  return out;
}

bool same(Declaration a, Declaration b) {
  std::sort(a.records.begin(), a.records.end());
  std::sort(b.records.begin(), b.records.end());
  return a.step == b.step && a.list == b.list && a.records == b.records && a.person == b.person && a.before == b.before;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(signed_disposal, Signed)

BOOST_AUTO_TEST_CASE(one_person_cannot_take_two_steps_by_naming_another) {
  const RecordId one = paper();
  volume({one}, "threeYears", "2000-01-01");
  const std::string list = act("list", {{"by", "clerk"}, {"records", {one.text()}}}).at("list");
  BOOST_TEST(refused("approve", by(list, "leader"), "clerk") == two);
  act("approve", by(list, "leader"));
  BOOST_TEST(refused("destroy", by(list, "one"), "clerk") == two);
  act("destroy", by(list, "one"));
  BOOST_TEST(refused("witness", by(list, "two"), "one") == two);
  BOOST_TEST(refused("witness", by(list, "two"), "clerk") == two);
  BOOST_TEST(!get("hq", one).is_null());
  act("witness", by(list, "two"));
  BOOST_TEST(get("hq", one).is_null());
}

BOOST_AUTO_TEST_CASE(nobody_witnesses_what_nobody_has_signed_for) {
  const std::string list = listed({paper()});
  BOOST_TEST(refused("witness", by(list, "two")) == two);
}

BOOST_AUTO_TEST_CASE(who_approves_may_do_so_at_another_site) {
  const RecordId one = paper();
  volume({one}, "threeYears", "2000-01-01");
  const std::string list = act("list", {{"by", "clerk"}}).at("list");
  settle();
  BOOST_CHECK_THROW(act("approve", by(list, "leader"), "ritu", "clerk"), Error);  // with the key of who listed
  act("approve", by(list, "leader"), "ritu");
  settle();
  act("destroy", by(list, "one"));
  act("witness", by(list, "two"));
  settle();
  for (const std::string& site : sites()) {
    BOOST_TEST(get(site, one).is_null(), site);
    BOOST_TEST(unlawful(site, list).is_null(), site);
  }
}

BOOST_AUTO_TEST_CASE(a_list_that_was_edited_after_it_was_signed_is_refused_at_every_step_after) {
  const RecordId one = paper(), slipped = paper();
  volume({slipped}, "threeYears", "2000-01-01");
  const std::string list = listed({one});
  const json before = fieldsAt("hq", list).at("records"), more = {one.text(), slipped.text()};
  set("hq", idOf(list), {{"records", more}});
  BOOST_TEST(refused("destroy", by(list, "one")) == two);
  set("hq", idOf(list), {{"records", before}});
  act("destroy", by(list, "one"));
  for (const json& edit : {json{{"records", more}}, json{{"approvedBy", fieldsAt("hq", list).at("destroyedBy")}},
                           json{{"destroyedBy", fieldsAt("hq", list).at("approvedBy")}}}) {
    const json fields = fieldsAt("hq", list);
    set("hq", idOf(list), edit);
    BOOST_TEST(refused("witness", by(list, "two")) == two, edit.dump());
    const std::string field = edit.begin().key();
    set("hq", idOf(list), {{field, fields.at(field)}});
  }
  act("witness", by(list, "two"));
  BOOST_TEST(get("hq", one).is_null());
  BOOST_TEST(!get("hq", slipped).is_null());
}

BOOST_AUTO_TEST_CASE(an_edited_list_is_listed_as_unlawful_where_it_arrives) {
  const RecordId one = paper(), slipped = paper();
  const std::string list = listed({one});
  settle();
  BOOST_TEST(unlawful("gar", list).is_null());
  set("hq", idOf(list), {{"records", {one.text(), slipped.text()}}});
  settle();
  for (const char* site : {"gar", "ritu"})
    BOOST_TEST(unlawful(site, list).at("detail").at("flaw") == "a signature does not verify", site);
}

BOOST_AUTO_TEST_CASE(the_signatures_of_another_list_are_none_of_this_one) {
  const RecordId one = paper(), other = paper();
  const std::string lawful = signedFor({other}), list = listed({one});
  const json theirs = fieldsAt("hq", lawful), mine = fieldsAt("hq", list);
  rewritten(list, {{"decision", theirs.at("decision")}});
  BOOST_TEST(refused("destroy", by(list, "one")) == two);
  rewritten(list, {{"listing", theirs.at("listing")}});
  BOOST_TEST(refused("destroy", by(list, "one")) == two);
  rewritten(list, {{"listing", mine.at("listing")},
                   {"decision", mine.at("decision")},
                   {"state", "signed"},
                   {"destroyedBy", theirs.at("destroyedBy")},
                   {"destruction", theirs.at("destruction")}});
  BOOST_TEST(refused("witness", by(list, "two")) == two);
}

BOOST_AUTO_TEST_CASE(nobody_writes_a_state_or_a_signature_by_hand) {
  const std::string list = listed({paper()});
  const std::string certificate = destroyAll({paper()});
  const auto rule = [&](const std::string& id, const json& fields) -> std::string {
    try {
      set("hq", idOf(id), fields);
    } catch (const Error& error) {
      return json::parse(error.detail()).at("rule");
    }
    return "";
  };
  for (const json& fields :
       {json{{"state", "signed"}}, json{{"listing", "0"}}, json{{"decision", "0"}}, json{{"destruction", {"0"}}}})
    BOOST_TEST(rule(list, fields) == "computed", fields.dump());
  for (const char* field : {"listMark", "listing", "decision", "destruction", "witnessing", "followUp"})
    BOOST_TEST(rule(certificate, {{field, "0"}}) == "computed", field);
  BOOST_TEST(rule(certificate, {{"state", "certified"}}) == "computed");
  json again = fieldsAt("hq", list);
  BOOST_CHECK_THROW(put("hq", "DisposalList", again), Error);
  for (const char* field : {"state", "listing", "decision"}) again.erase(field);
  BOOST_TEST(refused("approve", by(put("hq", "DisposalList", again).text(), "leader")) == two);  // nobody signed it
}

BOOST_AUTO_TEST_CASE(a_record_that_moved_or_got_an_attachment_since_is_signed_for_again) {
  const RecordId moved = paper(), grown = paper();
  const std::string list = signedFor({moved, grown});
  relabel("hq", moved, "internal");
  BOOST_TEST(refused("witness", by(list, "two")) == two);
  act("destroy", by(list, "one"));
  std::ofstream(root() / "scan") << "scan";
  attach(office(), grown, root() / "scan", "扫描");
  BOOST_TEST(refused("witness", by(list, "two")) == two);
  act("destroy", by(list, "leader"));  // whoever destroys; what counts is who signed last
  BOOST_TEST(refused("witness", by(list, "leader")) == two);
  BOOST_TEST(act("witness", by(list, "one")).at("destroyed") == 3);
}

BOOST_AUTO_TEST_CASE(a_list_lies_as_high_as_what_is_attached_to_its_records_and_what_rises_later_is_listed_anew) {
  const RecordId one = paper("internal"), two_ = paper("internal");
  std::ofstream(root() / "scan") << "scan";
  const auto scanned = [&](const RecordId& of) { return idOf(attach(office(), of, root() / "scan", "扫描").at("id")); };
  const RecordId high = scanned(one), low = scanned(two_);
  relabel("hq", high, "机密");
  const std::string first = signedFor({one}), second = signedFor({two_});
  BOOST_TEST(levelAt("hq", idOf(first)) == "secret");
  BOOST_TEST(levelAt("hq", idOf(second)) == "internal");
  relabel("hq", low, "机密");
  BOOST_TEST(refused("witness", by(second, "two")) == two);
  BOOST_TEST(refused("destroy", by(second, "one")) == two);
  BOOST_TEST(act("witness", by(first, "two")).at("certificates").size() == 2u);
  const std::string again = signedFor({two_});
  BOOST_TEST(act("witness", by(again, "two")).at("certificates").size() == 2u);
  settle();
  for (const RecordId& gone : {one, two_, high, low}) BOOST_TEST(get("ritu", gone).is_null());
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(a_certificate_counts_at_every_site_also_where_its_list_may_not_be_seen) {
  const RecordId low = paper(), high = paper("机密");
  settle();
  const json certificates = destroyed({low, high}).at("certificates");
  settle();
  mustBeWhole(*this);
  for (const std::string certificate : certificates)
    for (const std::string& site : sites()) {
      if (levelAt(site, idOf(certificate)) == "") continue;
      BOOST_TEST(unlawful(site, certificate).is_null(), site);
      BOOST_TEST(signaturesAt(site, certificate).at("ok") == true, site);
      BOOST_TEST(signaturesAt(site, certificate).at("detail") == "destroyed by one, witnessed by two");
    }
}

BOOST_AUTO_TEST_CASE(a_forged_certificate_is_listed_as_unlawful_at_every_site_and_never_certified) {
  const std::string lawful = destroyAll({paper("internal")});
  const json true_fields = fieldsAt("hq", lawful);
  const RecordId victim = paper("internal");
  settle();

  json other = true_fields, unsigned_ = true_fields, alone = true_fields, elsewhere = true_fields;
  other["records"][0]["record"] = victim.text();
  for (const char* field : {"destruction", "witnessing"}) unsigned_.erase(field);
  alone["witnessing"] = alone["destruction"];
  elsewhere["list"] = listed({paper("internal")});
  std::map<std::string, std::string> forgeries;
  for (const auto& [what, fields] : {std::pair("other records", &other), std::pair("unsigned", &unsigned_),
                                     std::pair("one person", &alone), std::pair("another list", &elsewhere)}) {
    (*fields)["state"] = "pending";
    forgeries[what] = forged(*fields);
  }
  // And one person who has every key of the office, but is himself only.
  retention::Part part = retention::partOf(true_fields);
  part.records = {victim};
  const auto signature = [&](Step step, const char* field) {
    const RecordId named = step == Step::follow ? RecordId{} : idOf(true_fields.at(field));
    const Declaration declaration = declarationOnPart(step, part, named);
    return textOf(prove(signerOf(office(), person("one")), statementOf(declaration), 0));
  };
  part.destruction = signature(Step::destroy, "destroyedBy");
  part.witnessing = signature(Step::witness, "witness");
  json himself = other;
  himself.update(fieldsOf(part));
  forgeries["himself twice"] = forged(himself);
  himself["followUp"] = signature(Step::follow, "");
  forgeries["as the office"] = forged(himself);

  clearUp(office());
  settle();
  for (const auto& [what, certificate] : forgeries) {
    for (const char* site : {"gar", "ritu"}) BOOST_TEST(!unlawful(site, certificate).is_null(), what << " at " << site);
    for (const std::string& site : sites())
      BOOST_TEST(signaturesAt(site, certificate).at("ok") == false, what << " at " << site);
    BOOST_TEST(fieldsAt("hq", certificate).at("state") == "pending");
  }
  BOOST_TEST(unlawful("gar", lawful).is_null());
  BOOST_TEST(!get("gar", victim).is_null());
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(a_member_s_certificate_is_listed_as_unlawful_at_the_office_and_at_every_other_site) {
  const std::string lawful = destroyAll({paper("internal")});
  settle();
  json fields = fieldsAt("gar", lawful);
  const EntityType& entity = *office().catalog().find("DisposalCertificate");
  Item item = itemOf((*this)["gar"], entity, fields);
  {
    const auto transaction = (*this)["gar"].begin();
    transaction->write({Level::internal, {}}, item);
    transaction->commit();
  }
  settle();
  for (const char* site : {"hq", "ritu"}) {
    BOOST_TEST(!unlawful(site, item.record.text()).is_null(), site);
    BOOST_TEST(signaturesAt(site, item.record.text()).at("ok") == false, site);
  }
}

BOOST_AUTO_TEST_CASE(what_comes_after_a_destruction_is_certified_by_the_office_itself_and_says_so) {
  const RecordId gone = paper();
  settle();
  destroyAll({gone});
  std::ofstream(root() / "scan") << "scan";
  attach((*this)["gar"], gone, root() / "scan", "扫描");
  relabel("ritu", gone, "机密★五年");
  settle();
  std::size_t followed = 0;
  for (const Level level : {Level::internal, Level::secret}) {
    Query q = office().vault(level).database().query("SELECT id FROM DisposalCertificate WHERE followUp IS NOT NULL");
    for (; q.step(); ++followed) {
      const std::string certificate = RecordId::of(q->blob(0))->text();
      BOOST_TEST(signaturesAt("ritu", certificate).at("ok") == true);
      BOOST_TEST(signaturesAt("ritu", certificate).at("detail").get<std::string>().find("office") != std::string::npos);
      BOOST_TEST(unlawful("ritu", certificate).is_null());
    }
  }
  BOOST_TEST(followed >= 1u);
  mustBeWhole(*this);
}

BOOST_AUTO_TEST_CASE(a_statement_changes_when_any_part_of_it_does) {
  BOOST_TEST(rc::check("two that differ in a part", [] {
    const Declaration one = anyDeclaration();
    const Declaration other = anyDeclaration();
    for (int part = 0; part < 5; ++part) {
      Declaration changed = one;
      if (part == 0) changed.step = other.step;
      if (part == 1) changed.list = other.list;
      if (part == 2) changed.records = other.records;
      if (part == 3) changed.person = other.person;
      if (part == 4) changed.before = other.before;
      RC_ASSERT((statementOf(changed) == statementOf(one)) == same(changed, one));
    }
    RC_ASSERT((statementOf(other) == statementOf(one)) == same(other, one));
  }));
  BOOST_TEST(rc::check("the order of records is no part", [] {
    Declaration one = anyDeclaration();
    const Bytes before = statementOf(one);
    std::reverse(one.records.begin(), one.records.end());
    RC_ASSERT(statementOf(one) == before);
  }));
}

BOOST_AUTO_TEST_SUITE_END()
