// The roster goes to every site, so it may tell nothing of a circle to who does not belong to it.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "sync/roster.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;

BOOST_AUTO_TEST_SUITE(roster)

BOOST_AUTO_TEST_CASE(s09_a_roster_tells_of_a_circle_only_to_who_belongs_to_it) {
  using Circles = std::set<std::string>;
  Prefecture p(
      {{"gar", Level::internal, {"road", "water"}}, {"ritu", Level::open, {"road"}}, {"coqen", Level::secret, {}}});
  p.settle();
  const auto known = [&](const std::string& at, std::string_view of) { return Roster(p[at]).find(of)->circles; };
  BOOST_TEST((known("hq", "gar") == Circles{"road", "water"}));
  BOOST_TEST((known("gar", "gar") == Circles{"road", "water"}));
  BOOST_TEST((known("gar", "ritu") == Circles{"road"}));
  BOOST_TEST((known("ritu", "gar") == Circles{"road"}));
  BOOST_TEST((known("ritu", "ritu") == Circles{"road"}));
  for (const char* of : {"hq", "gar", "ritu", "coqen"}) BOOST_TEST(known("coqen", of).empty(), of);
}

BOOST_AUTO_TEST_CASE(s09_a_certificate_names_no_circle_and_looks_the_same_with_and_without) {
  Prefecture p({{"gar", Level::internal, {"road", "water"}},
                {"ritu", Level::internal, {"road"}},
                {"coqen", Level::internal, {}}});
  const Roster roster(p.office());
  std::set<CircleTag> tags;
  std::size_t all = 0;
  for (const char* name : {"gar", "ritu", "coqen"}) {
    const Certificate& c = *roster.find(name);
    const Bytes bytes = encode(c);
    for (const std::string_view circle : {"road", "water"})
      BOOST_TEST((std::search(bytes.begin(), bytes.end(), circle.begin(), circle.end()) == bytes.end()), circle);
    BOOST_TEST(c.circleTags.size() == 8u, name);
    tags.insert(c.circleTags.begin(), c.circleTags.end());
    all += c.circleTags.size();
  }
  BOOST_TEST(tags.size() == all);  // members of one circle share nothing
}

BOOST_AUTO_TEST_SUITE_END()
