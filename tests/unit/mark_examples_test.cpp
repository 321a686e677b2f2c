// The worked examples of 《定密解密工作暂行规定》四, 五 as a clerk meets them: a mark is given with a record, and
// stands on it.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/record/transaction.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

struct Paper : Prefecture {
  Paper() : Prefecture({}) {}

  // The mark that a record bears which was given this one.
  std::string written(const std::string& mark) {
    const RecordId id =
        put("hq", "OrgUnit", {{"code", std::to_string(++count)}, {"name", "x"}, {"level", "county"}}, mark);
    return office().get(id).document.at("label").at("mark");
  }
  // The rule that refuses the mark.
  std::string refused(const std::string& mark) {
    try {
      written(mark);
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Code::refused), mark);
      const json detail = json::parse(error.detail());
      BOOST_TEST(detail.at("article") == "四 L2038");
      return detail.at("rule");
    }
    return "";
  }

  int count = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mark_examples, Paper)

BOOST_AUTO_TEST_CASE(marks_are_written_in_chinese_numerals_however_they_were_given) {
  BOOST_TEST(written("秘密★十年") == "秘密★十年");
  BOOST_TEST(written("机密★20年") == "机密★二十年");
  BOOST_TEST(written("机密★二十年") == "机密★二十年");
  BOOST_TEST(written("绝密★三十年") == "绝密★三十年");
  BOOST_TEST(written("秘密★6个月") == "秘密★六个月");
  BOOST_TEST(written("内部") == "内部");
}

BOOST_AUTO_TEST_CASE(cls_max_period_秘密十年_机密二十年_绝密三十年_and_no_year_more) {
  for (const char* ok : {"秘密★十年", "机密★二十年", "绝密★三十年"}) BOOST_TEST(refused(ok) == "", ok);
  for (const char* more : {"秘密★十一年", "机密★二十一年", "绝密★三十一年"})
    BOOST_TEST(refused(more) == "cls-max-period", more);
}

BOOST_AUTO_TEST_CASE(cls_period_units_12_months_are_一年_18_months_and_0_are_refused_6_months_are_ok) {
  BOOST_TEST(written("秘密★12个月") == "秘密★一年");
  BOOST_TEST(written("秘密★6个月") == "秘密★六个月");
  BOOST_TEST(refused("秘密★18个月") == "cls-period-units");
  for (const char* none : {"秘密★0年", "秘密★0个月", "秘密★〇年"})
    BOOST_TEST(refused(none) == "cls-period-units", none);
}

BOOST_AUTO_TEST_CASE(机密_alone_lasts_its_levels_maximum) {
  const RecordId id = put("hq", "OrgUnit", {{"code", "a"}, {"name", "x"}, {"level", "county"}}, "机密");
  BOOST_TEST(office().get(id).document.at("label").at("mark") == "机密");
  BOOST_TEST((periodOf(office().get(id).label) == Period{Period::Unit::years, 20, {}}));
}

BOOST_AUTO_TEST_CASE(长期_is_refused_unless_a_special_rule_is_cited) {
  BOOST_TEST(refused("秘密★长期") == "cls-max-period");
  const Label label = parseMark("秘密★长期", SpecialRule::cited);
  BOOST_TEST(markOf(label) == "秘密★长期");
  BOOST_TEST(lastDayOf(periodOf(label), "2026-11-23") == "");
  BOOST_TEST(markOf(join(label, parseMark("机密★至工程完工"))) == "机密★长期");
  BOOST_CHECK_THROW(parseMark("内部★长期", SpecialRule::cited), Error);
}

BOOST_AUTO_TEST_CASE(full_width_digits_spaces_and_a_hollow_star_are_read_with_a_warning) {
  for (const char* odd : {"秘密★１０年", "秘密 ★ 十年", "秘密☆十年"}) {
    BOOST_TEST(written(odd) == "秘密★十年", odd);
    const std::vector<std::string> warnings = markWarnings(odd);
    BOOST_TEST(warnings.size() == 1u, odd);
    BOOST_TEST(warnings[0].find("秘密★十年") != std::string::npos, odd);
  }
  BOOST_TEST(markWarnings(" 秘密☆１０年").size() == 3u);
  for (const char* plain : {"秘密★十年", "机密★20年", "机密", "内部", "confidential", "机密★至3 号路通车"})
    BOOST_TEST(markWarnings(plain).empty(), plain);
}

BOOST_AUTO_TEST_SUITE_END()
