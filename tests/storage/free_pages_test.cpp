// s07: pages that a vault has done with hold nothing, and whoever looks sees where they do.
#include <boost/test/unit_test.hpp>

#include "core/vault/free_pages.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;

namespace {

struct Given : Prefecture {
  Given() : Prefecture({}) {}
  Vault& vault() { return office().vault(Level::internal); }
  // More pages than one trunk of the list names.
  void fillAndEmpty(bool secure) {
    Database& db = vault().database();
    const std::int64_t before = db.number(secure ? "PRAGMA secure_delete=1" : "PRAGMA secure_delete=0");
    BOOST_TEST(before == (secure ? 1 : 0));
    db.run("CREATE TABLE passing(v)");
    db.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 6000)"
        " INSERT INTO passing SELECT printf('%3000d',i) FROM n");
    db.run("DROP TABLE passing");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(free_pages, Given)

BOOST_AUTO_TEST_CASE(s07_pages_done_with_are_zeros) {
  fillAndEmpty(true);
  const FreePages pages = freePagesOf(vault()).value();
  BOOST_TEST(pages.all > 2500u);
  BOOST_TEST(pages.filled == 0u);
}

BOOST_AUTO_TEST_CASE(s07_a_page_that_still_holds_something_is_seen) {
  fillAndEmpty(false);
  const FreePages pages = freePagesOf(vault()).value();
  BOOST_TEST(pages.all > 2500u);
  BOOST_TEST(pages.filled > 2500u);
}

BOOST_AUTO_TEST_SUITE_END()
