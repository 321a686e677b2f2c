// Whatever is thrown inside the library becomes a status and words, and the results are empty.
#include <kj/debug.h>

#include <boost/test/unit_test.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "capi/boundary.h"
#include "schema/catalog.h"

namespace cinnabar::capi {
namespace {

BOOST_AUTO_TEST_SUITE(boundary)

template <class Throw>
void becomes(cnb_status expected, std::string_view code, Throw act) {
  cnb_buffer result{reinterpret_cast<char*>(1), 7};
  const cnb_status status = guarded({&result, nullptr}, [&] {
    give(&result, std::string_view("half a result"));
    act();
  });
  BOOST_TEST(status == expected);
  BOOST_TEST(cnb_error_last()->status == expected);
  BOOST_TEST(cnb_error_last()->code == code);
  BOOST_TEST(!std::string_view(cnb_error_last()->message).empty());
  BOOST_TEST(result.data == nullptr);
  BOOST_TEST(result.length == 0U);
}

bool lastSays(std::string_view words) {
  return std::string_view(cnb_error_last()->message).find(words) != std::string_view::npos;
}

BOOST_AUTO_TEST_CASE(each_code_of_ours_has_a_status_of_its_own) {
  for (int code = 0; code <= static_cast<int>(Code::internal); ++code) {
    const auto given = static_cast<Code>(code);
    becomes(statusOf(given), wordOf(given), [&] { throw Error(given, "what and where", "{\"a\":1}"); });
    BOOST_TEST(cnb_error_last()->message == std::string_view("what and where"));
    BOOST_TEST(cnb_error_last()->detail == std::string_view("{\"a\":1}"));
  }
}

BOOST_AUTO_TEST_CASE(a_broken_invariant_is_internal) {
  becomes(CNB_INTERNAL, "internal", [] { CNB_ASSERT(1 == 2); });
}

BOOST_AUTO_TEST_CASE(a_schema_that_cannot_be_read_is_invalid_input) {
  becomes(CNB_INVALID_INPUT, "invalidInput", [] { throw SchemaError("Yak.weight clashes"); });
}

BOOST_AUTO_TEST_CASE(no_memory_is_a_limit) {
  becomes(CNB_LIMIT, "limit", [] { throw std::bad_alloc(); });
  becomes(CNB_LIMIT, "limit", [] {
    std::vector<char> v;
    v.reserve(std::numeric_limits<std::size_t>::max());
  });
}

BOOST_AUTO_TEST_CASE(what_a_library_throws_is_internal_and_its_words_stay_inside) {
  becomes(CNB_INTERNAL, "internal", [] { [[maybe_unused]] const auto none = nlohmann::json::parse("a secret text"); });
  BOOST_TEST(!lastSays("secret"));
  becomes(CNB_INTERNAL, "internal", [] { [[maybe_unused]] const int none = nlohmann::json("x").get<int>(); });
  becomes(CNB_INTERNAL, "internal", [] { KJ_FAIL_REQUIRE("a secret text"); });
  BOOST_TEST(!lastSays("secret"));
}

BOOST_AUTO_TEST_CASE(anything_else_is_internal) {
  becomes(CNB_INTERNAL, "internal", [] { throw std::runtime_error("a secret text"); });
  BOOST_TEST(!lastSays("secret"));
  becomes(CNB_INTERNAL, "internal", [] { throw 7; });
}

BOOST_AUTO_TEST_CASE(a_success_gives_its_result_and_leaves_the_last_error) {
  cnb_buffer result{};
  BOOST_TEST(guarded({&result}, [&] { give(&result, std::string_view("whole")); }) == CNB_OK);
  BOOST_TEST(std::string_view(result.data, result.length) == "whole");
  BOOST_TEST(result.data[5] == '\0');
  cnb_buffer_free(&result);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace cinnabar::capi
