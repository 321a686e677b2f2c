#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include "core/base/error.h"
#include "core/label/label.h"

using namespace cinnabar;

namespace {

Label labelOf(int level, std::vector<std::string> circles = {}) { return {{static_cast<Level>(level), std::move(circles)}, {}}; }

Compartment anyCompartment() {
  Compartment c{static_cast<Level>(*rc::gen::inRange(0, 5)), {}};
  for (const char* name : {"a", "b", "c"})
    if (*rc::gen::arbitrary<bool>()) c.circles.emplace_back(name);
  return c;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(label)

BOOST_AUTO_TEST_CASE(a_mark_is_written_as_the_regulation_writes_it) {
  Label l = labelOf(2);
  l.period = {Period::Unit::years, 10, {}};
  BOOST_TEST(markOf(l) == "秘密★十年");
  l.compartment.level = Level::topSecret;
  l.period = {Period::Unit::years, 25, {}};
  BOOST_TEST(markOf(l) == "绝密★二十五年");
  l.period = {Period::Unit::months, 6, {}};
  BOOST_TEST(markOf(l) == "绝密★六个月");
}

BOOST_AUTO_TEST_CASE(the_forms_that_people_write_are_all_read) {
  for (const char* mark : {"秘密★十年", "秘密★10年", "秘密★１０年", "confidential★10年"}) {
    const Label l = parseMark(mark);
    BOOST_TEST((l.compartment.level == Level::confidential));
    BOOST_TEST((l.period == Period{Period::Unit::years, 10, {}}));
  }
  BOOST_TEST((parseMark("机密★六个月").period == Period{Period::Unit::months, 6, {}}));
  BOOST_TEST((parseMark("机密★6月").period == Period{Period::Unit::months, 6, {}}));
  BOOST_TEST((parseMark("绝密★至2040-01-01").period == Period{Period::Unit::untilDate, 0, "2040-01-01"}));
  BOOST_TEST((parseMark("内部").compartment.level == Level::internal));
}

BOOST_AUTO_TEST_CASE(a_period_over_the_maximum_of_its_level_is_refused) {
  for (const char* good : {"秘密★十年", "机密★二十年", "绝密★三十年"}) BOOST_CHECK_NO_THROW(parseMark(good));
  for (const char* bad : {"秘密★十一年", "机密★二十一年", "绝密★三十一年", "秘密★十二个月", "内部★一年", "秘密★〇年", "秘密★", "秘★十年", "★"})
    BOOST_CHECK_THROW(parseMark(bad), Error);
}

BOOST_AUTO_TEST_CASE(the_last_day_is_the_day_before_the_same_day) {
  BOOST_TEST(lastDayOf({Period::Unit::years, 10, {}}, "2026-11-23") == "2036-11-22");
  BOOST_TEST(lastDayOf({Period::Unit::years, 1, {}}, "2024-03-01") == "2025-02-28");
  BOOST_TEST(lastDayOf({Period::Unit::months, 1, {}}, "2026-01-31") == "2026-02-28");
  BOOST_TEST(lastDayOf({Period::Unit::none, 0, {}}, "2026-01-31") == "");
}

BOOST_AUTO_TEST_CASE(parsing_reverses_rendering) {
  BOOST_TEST(rc::check([] {
    Label l = labelOf(*rc::gen::inRange(2, 5));
    const int most = l.compartment.level == Level::topSecret ? 30 : l.compartment.level == Level::secret ? 20 : 10;
    if (*rc::gen::arbitrary<bool>())
      l.period = {Period::Unit::years, *rc::gen::inRange(1, most + 1), {}};
    else
      l.period = {Period::Unit::months, *rc::gen::inRange(1, 12), {}};
    RC_ASSERT(parseMark(markOf(l)) == l);
    RC_ASSERT(parseStoredPeriod(storedForm(l.period)) == l.period);
  }));
}

BOOST_AUTO_TEST_CASE(compartments_form_a_lattice) {
  BOOST_TEST(rc::check([] {
    const Compartment a = anyCompartment(), b = anyCompartment(), c = anyCompartment();
    RC_ASSERT(join(a, b) == join(b, a));
    RC_ASSERT(join(a, join(b, c)) == join(join(a, b), c));
    RC_ASSERT(join(a, a) == a);
    RC_ASSERT(dominates(a, b) == (join(a, b) == a));
  }));
}

BOOST_AUTO_TEST_SUITE_END()
