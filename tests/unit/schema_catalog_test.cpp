#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "schema/catalog.h"

using namespace cinnabar;

namespace {

const std::vector<EntityType>& entities() { return Catalog::builtIn()->entities(); }

bool isChinese(const std::string& text) {
  // Every character of the titles lies in the CJK block, whose UTF-8 begins with 0xE4 to 0xE9.
  return std::any_of(text.begin(), text.end(), [](char c) { return (c & 0xFF) >= 0xE4 && (c & 0xFF) <= 0xE9; });
}

void checkTarget(const std::string& where, const ValueType& type) {
  if (type.kind == Kind::reference)
    BOOST_TEST((type.target == "any" || Catalog::builtIn()->find(type.target) != nullptr),
               where + " refers to " + type.target);
  if (type.item) checkTarget(where, *type.item);
  for (const Member& member : type.members) {
    BOOST_TEST(isChinese(member.title), where + "." + member.name + " has no Chinese title");
    checkTarget(where + "." + member.name, member.type);
  }
}

std::set<std::string> reached(const EntityType& entity, const Field& field) {
  std::set<std::string> seen;
  std::vector<std::string> open = {field.type.values.front()};
  if (field.name == entity.stateField && !entity.initialStates.empty()) open = entity.initialStates;
  while (!open.empty()) {
    const std::string at = open.back();
    open.pop_back();
    if (!seen.insert(at).second) continue;
    for (const Transition& t : entity.transitions)
      if (t.field == field.name && t.from == at) open.push_back(t.to);
  }
  return seen;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schema)

// 148 records that the regulations ask for, the attachment that any of them may have, and what certifies its end.
BOOST_AUTO_TEST_CASE(every_record_of_the_regulations_is_an_entity_with_its_place_in_them) {
  BOOST_TEST(entities().size() == 150U);
  const std::set<std::string> kinds = {"case", "event", "master", "register", "plan", "config"};
  std::size_t fields = 0;
  for (const EntityType& entity : entities()) {
    BOOST_TEST(isChinese(entity.title), entity.name);
    BOOST_TEST(kinds.contains(entity.kind), entity.name + " is of kind " + entity.kind);
    for (const Field& field : entity.fields) fields += field.number < commonFields ? 1 : 0;
    if (entity.name == "Attachment") continue;
    BOOST_TEST(entity.regulation.starts_with("《"), entity.name);
    BOOST_TEST(entity.article.find('L') != std::string::npos, entity.name + " names no line: " + entity.article);
  }
  // And what a signed act of classifying and the destruction of a list have to say, what of a meeting's material was
  // lawfully taken away, and who signed a disposal.
  BOOST_TEST(fields == 1208U + 6U + 9U + 1U + 13U + 10U);
}

BOOST_AUTO_TEST_CASE(every_field_has_a_chinese_title_and_refers_to_what_is_there) {
  for (const EntityType& entity : entities()) {
    for (const Field& field : entity.fields) {
      BOOST_TEST(isChinese(field.title), entity.name + "." + field.name + " has no Chinese title");
      checkTarget(entity.name + "." + field.name, field.type);
    }
  }
}

BOOST_AUTO_TEST_CASE(titles_of_one_entity_are_told_apart) {
  for (const EntityType& entity : entities()) {
    std::set<std::string> titles;
    for (const Field& field : entity.fields)
      BOOST_TEST(titles.insert(field.title).second,
                 entity.name + "." + field.name + ": two fields are called " + field.title);
  }
}

BOOST_AUTO_TEST_CASE(every_state_can_be_reached_from_where_a_record_begins) {
  for (const EntityType& entity : entities()) {
    for (const Field& field : entity.fields) {
      if (field.merge != MergeClass::state) continue;
      const std::set<std::string> seen = reached(entity, field);
      for (const std::string& state : field.type.values)
        BOOST_TEST(seen.contains(state), entity.name + "." + field.name + " never comes to " + state);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_record_with_two_states_moves_each_by_its_own_machine) {
  const EntityType& loan = *Catalog::builtIn()->find("HousingLoanReview");
  BOOST_TEST(loan.stateField == "state");
  BOOST_TEST(reached(loan, *loan.find("financeOpinion")).size() == 3U);
  for (const Transition& t : loan.transitions) BOOST_TEST((t.field == "financeOpinion") == (t.from == "pending"));
}

BOOST_AUTO_TEST_CASE(what_is_secret_by_nature_is_so_without_being_told) {
  const auto label = [](const char* name) { return Catalog::builtIn()->find(name)->defaultLabel; };
  BOOST_TEST(label("LeakIncident") == "secret");
  BOOST_TEST(label("ReaderRegister") == "topSecret");
  for (const char* name : {"UrgentReport", "UrgentFollowUp", "IncidentNotice", "CadreExchange", "ComplaintLetter",
                           "PreliminaryInquiry", "IntegrityTalk", "IntegrityOpinion"})
    BOOST_TEST(label(name) == "confidential", name);
  for (const char* name : {"ComplaintLetter", "PreliminaryInquiry"})
    BOOST_TEST(Catalog::builtIn()->find(name)->defaultCircles == std::vector<std::string>{"纪检组"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(registers_that_only_grow_say_so) {
  std::set<std::string> growing;
  for (const EntityType& entity : entities())
    if (entity.appendOnly) growing.insert(entity.name);
  BOOST_TEST(growing == (std::set<std::string>{"CanteenAccount", "CarrierEvent", "DutyLogEntry", "MealCardEntry",
                                               "SealUse", "StockMovement"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_number_has_a_form_and_its_time) {
  const EntityType& outgoing = *Catalog::builtIn()->find("OutgoingDocument");
  BOOST_TEST(outgoing.seriesField == "number");
  BOOST_TEST(outgoing.numberWhen == "numbered");
  const std::set<std::string> before(outgoing.beforeNumber.begin(), outgoing.beforeNumber.end());
  BOOST_TEST(before == (std::set<std::string>{"countersigned", "drafting", "reviewed", "signed"}),
             boost::test_tools::per_element());
  BOOST_TEST(outgoing.numberForm.pieces.front().text == "organMark");
  BOOST_TEST(Catalog::builtIn()->find("IncomingDocument")->beforeNumber.empty());
  for (const char* wrong : {"", "〔{year}〕号", "{n}{n}", "{n", "{n}{"})
    BOOST_CHECK_THROW(NumberForm::parse(wrong), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_longest_retention_wins) {
  const Field& retention = *Catalog::builtIn()->find("ArchiveVolume")->find("retention");
  BOOST_TEST(retention.type.values.front() == "permanent");
  BOOST_TEST(retention.earliest);
}

BOOST_AUTO_TEST_SUITE_END()
