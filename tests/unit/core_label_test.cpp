#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>

#include "core/base/error.h"
#include "core/label/label.h"

using namespace cinnabar;

namespace {

using Unit = Period::Unit;

Period years(int count) { return {Unit::years, count, {}}; }
Period months(int count) { return {Unit::months, count, {}}; }
Period until(const char* date) { return {Unit::untilDate, 0, date}; }
Period untilEvent(const char* event) { return {Unit::untilEvent, 0, event}; }

Label labelOf(Level level, Period period = {}) { return {{level, {}}, std::move(period)}; }

Compartment anyCompartment() {
  Compartment c{*rc::gen::elementOf(allLevels), {}};
  for (const char* name : {"a", "b", "c"})
    if (*rc::gen::arbitrary<bool>()) c.circles.emplace_back(name);
  return c;
}

Period anyPeriod(Level level) {
  if (maximumOf(level).unit == Unit::none) return {};
  switch (*rc::gen::inRange(0, 5)) {
    case 0: return years(*rc::gen::inRange(1, maximumOf(level).count + 1));
    case 1: return months(*rc::gen::inRange(1, 12));
    case 2: return until(*rc::gen::element("2030-01-01", "2031-12-31", "2052-02-29"));
    case 3: return untilEvent(*rc::gen::element("工程完工", "the road opens", "3号路通车"));
    default: return {};
  }
}

Label anyLabel() {
  Label l{anyCompartment(), {}};
  l.period = anyPeriod(l.compartment.level);
  return l;
}

Code refusalOf(std::string_view mark) {
  try {
    parseMark(mark);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::internal;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(label)

BOOST_AUTO_TEST_CASE(a_mark_is_written_as_the_regulation_writes_it) {
  BOOST_TEST(markOf(labelOf(Level::confidential, years(10))) == "秘密★十年");
  BOOST_TEST(markOf(labelOf(Level::secret, years(20))) == "机密★二十年");
  BOOST_TEST(markOf(labelOf(Level::topSecret, years(25))) == "绝密★二十五年");
  BOOST_TEST(markOf(labelOf(Level::topSecret, months(6))) == "绝密★六个月");
  BOOST_TEST(markOf(labelOf(Level::secret, months(11))) == "机密★十一个月");
  BOOST_TEST(markOf(labelOf(Level::topSecret, until("2030-01-01"))) == "绝密★至2030年1月1日");
  BOOST_TEST(markOf(labelOf(Level::secret, untilEvent("工程完工"))) == "机密★至工程完工");
  BOOST_TEST(markOf(labelOf(Level::secret)) == "机密");
  BOOST_TEST(markOf(labelOf(Level::internal)) == "内部");
  BOOST_TEST(markOf(labelOf(Level::open)) == "");
}

BOOST_AUTO_TEST_CASE(every_way_to_write_a_period_of_years_is_read) {
  for (const char* mark : {"秘密★十年", "秘密★10年", "秘密★１０年", "秘密★一〇年", "秘密☆十年", " 秘密 ★ 十 年 ",
                           "秘密　★10　年", "confidential★10年", "confidential★10y", "秘密★120个月"}) {
    BOOST_TEST_CONTEXT(mark) BOOST_TEST((parseMark(mark) == labelOf(Level::confidential, years(10))));
  }
  const char* ones[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
  for (int n = 1; n <= 30; ++n) {
    const std::string tens = n < 10 ? "" : n < 20 ? "十" : n < 30 ? "二十" : "三十";
    const std::string mark = "绝密★" + tens + (n % 10 == 0 ? "" : ones[n % 10 - 1]) + "年";
    BOOST_TEST_CONTEXT(mark) BOOST_TEST((parseMark(mark).period == years(n)));
    BOOST_TEST((parseMark("绝密★" + std::to_string(n) + "年").period == years(n)));
  }
}

BOOST_AUTO_TEST_CASE(months_are_read_with_and_without_their_counting_word) {
  for (const char* mark : {"机密★6个月", "机密★６个月", "机密★六个月", "机密★6月", "机密★六月", "secret★6m"})
    BOOST_TEST_CONTEXT(mark) BOOST_TEST((parseMark(mark) == labelOf(Level::secret, months(6))));
  BOOST_TEST((parseMark("机密★两个月").period == months(2)));
}

BOOST_AUTO_TEST_CASE(a_year_or_more_is_counted_in_years) {
  BOOST_TEST((parseMark("秘密★12个月").period == years(1)));
  BOOST_TEST((parseMark("秘密★二十四个月").period == years(2)));
  BOOST_TEST((refusalOf("秘密★18个月") == Code::refused));
  BOOST_TEST((refusalOf("秘密★132个月") == Code::refused));
}

BOOST_AUTO_TEST_CASE(a_date_or_an_event_may_end_the_secrecy) {
  for (const char* mark : {"绝密★2030年1月1日", "绝密★至2030年1月1日", "绝密★至2030-01-01", "绝密★2030-01-01",
                           "绝密★二〇三〇年一月一日", "绝密★至２０３０年０１月０１日"})
    BOOST_TEST_CONTEXT(mark) BOOST_TEST((parseMark(mark) == labelOf(Level::topSecret, until("2030-01-01"))));
  BOOST_TEST((parseMark("机密★至工程完工").period == untilEvent("工程完工")));
  BOOST_TEST((parseMark("机密★至3号路通车").period == untilEvent("3号路通车")));
  for (const char* mark : {"机密★至2030年2月30日", "机密★至2030-13-01", "机密★至2030年", "机密★至", "机密★工程完工"})
    BOOST_TEST_CONTEXT(mark) BOOST_TEST((refusalOf(mark) == Code::invalidInput));
}

BOOST_AUTO_TEST_CASE(a_level_may_stand_alone_in_either_language) {
  for (const Level level : allLevels) {
    BOOST_TEST((parseMark(wordOf(level)) == labelOf(level)));
    BOOST_TEST((parseMark(chineseOf(level)) == labelOf(level)));
  }
}

BOOST_AUTO_TEST_CASE(a_secret_level_that_stands_alone_lasts_its_maximum) {
  BOOST_TEST((periodOf(parseMark("秘密")) == years(10)));
  BOOST_TEST((periodOf(parseMark("机密")) == years(20)));
  BOOST_TEST((periodOf(parseMark("绝密")) == years(30)));
  BOOST_TEST((periodOf(parseMark("内部")) == Period{}));
  BOOST_TEST((periodOf(parseMark("机密★五年")) == years(5)));
}

BOOST_AUTO_TEST_CASE(a_period_over_the_maximum_of_its_level_is_refused) {
  for (const char* good : {"秘密★十年", "机密★二十年", "绝密★三十年"}) BOOST_CHECK_NO_THROW(parseMark(good));
  for (const char* bad :
       {"秘密★十一年", "机密★二十一年", "绝密★三十一年", "绝密★9999年", "绝密★长期", "内部★一年", "公开★6个月"})
    BOOST_TEST_CONTEXT(bad) BOOST_TEST((refusalOf(bad) == Code::refused));
}

BOOST_AUTO_TEST_CASE(what_is_no_mark_is_refused_and_never_public) {
  for (const char* bad :
       {"", " ", "★", "★十年", "秘密★", "秘★十年", "秘密十年", "秘密★十", "秘密★年", "秘密★十十年", "秘密★十年★十年",
        "秘密★-1年", "秘密★十年 解密", "秘密★99999年", "Secret", "秘密★\xe5\x8d", "\xff"})
    BOOST_TEST_CONTEXT(bad) BOOST_TEST((refusalOf(bad) == Code::invalidInput));
  BOOST_TEST((refusalOf("机密★至" + std::string(100'000, 'x')) == Code::invalidInput));
}

BOOST_AUTO_TEST_CASE(an_error_about_a_mark_can_be_written_as_text) {
  try {
    parseMark("secret★\xff\xfe");
  } catch (const Error& error) {
    BOOST_TEST(std::string_view(error.what()).find('\xff') == std::string_view::npos);
  }
}

BOOST_AUTO_TEST_CASE(s37_the_last_day_is_the_same_day_of_a_later_month) {
  BOOST_TEST(lastDayOf(years(10), "2016-11-23") == "2026-11-23");
  BOOST_TEST(lastDayOf(years(1), "2024-02-29") == "2025-02-28");
  BOOST_TEST(lastDayOf(years(4), "2024-02-29") == "2028-02-29");
  BOOST_TEST(lastDayOf(years(4), "2096-02-29") == "2100-02-28");
  BOOST_TEST(lastDayOf(months(1), "2026-01-31") == "2026-02-28");
  BOOST_TEST(lastDayOf(months(1), "2028-01-31") == "2028-02-29");
  BOOST_TEST(lastDayOf(months(6), "2026-08-31") == "2027-02-28");
  BOOST_TEST(lastDayOf(months(2), "2026-12-15") == "2027-02-15");
  BOOST_TEST(lastDayOf(until("2030-01-01"), "2026-01-31") == "2030-01-01");
  BOOST_TEST(lastDayOf(untilEvent("工程完工"), "2026-01-31") == "");
  BOOST_TEST(lastDayOf({}, "2026-01-31") == "");
  BOOST_TEST(lastDayOf(years(1), "2026-02-30") == "");
  BOOST_TEST(lastDayOf(years(30), "9990-05-05") == "9999-12-31");
}

BOOST_AUTO_TEST_CASE(a_longer_count_never_ends_earlier) {
  BOOST_TEST(rc::check([] {
    const int a = *rc::gen::inRange(1, 360), b = *rc::gen::inRange(1, 360);
    const int day = *rc::gen::inRange(1, 32), month = *rc::gen::inRange(1, 13), year = *rc::gen::inRange(1600, 9900);
    char from[32];
    std::snprintf(from, sizeof from, "%04d-%02d-%02d", year, month, day);
    const std::string first = lastDayOf(months(std::min(a, b)), from), second = lastDayOf(months(std::max(a, b)), from);
    RC_PRE(!first.empty());
    RC_ASSERT(first > from);
    RC_ASSERT(first <= second);
    RC_ASSERT(lastDayOf(years(a), from) == lastDayOf(months(a * 12), from));
  }));
}

BOOST_AUTO_TEST_CASE(parsing_reverses_rendering) {
  BOOST_TEST(rc::check([] {
    const Level level = *rc::gen::elementOf(std::vector<Level>{allLevels.begin() + 1, allLevels.end()});
    const Label l = labelOf(level, anyPeriod(level));
    RC_ASSERT(parseMark(markOf(l)) == l);
    RC_ASSERT(parseStoredPeriod(storedForm(l.period)) == l.period);
  }));
}

BOOST_AUTO_TEST_CASE(a_stored_period_has_one_form) {
  for (const char* bad : {"y", "0y", "010y", "1000y", "12m", "0m", "-1y", "10", "2030-02-30", "event:", "event: x",
                          "event:x ", "event:a\nb", "event:a★b", "event:\xff", " 10y"})
    BOOST_TEST_CONTEXT(bad) BOOST_CHECK_THROW(parseStoredPeriod(bad), Error);
}

BOOST_AUTO_TEST_CASE(compartments_form_a_lattice) {
  BOOST_TEST(rc::check([] {
    const Compartment a = anyCompartment(), b = anyCompartment(), c = anyCompartment();
    RC_ASSERT(join(a, b) == join(b, a));
    RC_ASSERT(join(a, join(b, c)) == join(join(a, b), c));
    RC_ASSERT(join(a, a) == a);
    RC_ASSERT(dominates(a, b) == (join(a, b) == a));
    RC_ASSERT(dominates(join(a, b), a));
  }));
}

BOOST_AUTO_TEST_CASE(labels_join_in_any_order_to_the_same) {
  BOOST_TEST(rc::check([] {
    const Label a = anyLabel(), b = anyLabel(), c = anyLabel();
    RC_ASSERT(join(a, b) == join(b, a));
    RC_ASSERT(join(a, join(b, c)) == join(join(a, b), c));
    RC_ASSERT(join(a, a) == a);
  }));
}

BOOST_AUTO_TEST_CASE(a_compilation_bears_the_highest_level_and_the_longest_period) {
  const auto markOfAll = [](std::initializer_list<const char*> marks) {
    Label all;
    for (const char* mark : marks) all = join(all, parseMark(mark));
    return markOf(all);
  };
  BOOST_TEST(markOfAll({"秘密★十年", "机密★五年", "秘密★六个月"}) == "机密★十年");
  BOOST_TEST(markOfAll({"秘密★三年", "内部"}) == "秘密★三年");
  BOOST_TEST(markOfAll({"机密", "秘密★十年"}) == "机密");
  BOOST_TEST(markOfAll({"秘密", "机密★五年"}) == "机密★十年");
  BOOST_TEST(markOfAll({"秘密★至2030年1月1日", "机密★至2029年1月1日"}) == "机密★至2030年1月1日");
  BOOST_TEST(markOfAll({"秘密★至2030年1月1日", "内部"}) == "秘密★至2030年1月1日");
  BOOST_TEST(markOfAll({"绝密★三十年", "秘密★至工程完工"}) == "绝密★至工程完工");
}

BOOST_AUTO_TEST_CASE(a_date_beside_a_count_never_ends_the_secrecy_early) {
  BOOST_TEST((periodOf(join(parseMark("秘密★至2027年1月1日"), parseMark("机密★五年"))) == years(10)));
  BOOST_TEST((periodOf(join(parseMark("机密★至2027年1月1日"), parseMark("秘密★五年"))) == years(20)));
}

BOOST_AUTO_TEST_SUITE_END()
