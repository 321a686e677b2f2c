// s09: for a reader below, two worlds that differ only above him are the same.
#include <boost/test/unit_test.hpp>
#include <random>

#include "core/base/error.h"
#include "core/record/read_connection.h"
#include "core/record/transaction.h"
#include "core/search/index.h"
#include "sync/status.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

enum class Above { empty, busy };

std::string withoutIds(json document) {
  // Ids are random; what is compared is everything else, and how many there are.
  std::string text = document.dump();
  for (std::size_t at = 0; (at = text.find("\"01", at)) != std::string::npos; at += 4)
    if (at + 28 < text.size() && text[at + 27] == '"') text.replace(at + 1, 26, "id");
  return text;
}

// What the internal reader of a site observes after a day; in one world the levels above are busy, too.
std::string seenBelow(unsigned seed, Above above) {
  std::mt19937 dice(seed);
  Prefecture p({{"gar", Level::secret, {}}}, seed);
  std::vector<std::string> answers;
  const auto unit = [](const std::string& code) { return json{{"code", code}, {"name", "办公室" + code}, {"level", "county"}}; };
  std::vector<RecordId> low, high;
  for (int i = 0; i < 30; ++i) {
    const std::string code = std::to_string(dice() % 12);
    const bool edit = dice() % 2 == 0;
    if (above == Above::busy) {
      try {
        high.push_back(p.put("hq", "OrgUnit", unit(code), "机密"));
        p.set("hq", high.front(), {{"shortName", code}});
      } catch (const Error&) {
        // A duplicate among the higher records.
      }
    }
    try {
      if (edit && !low.empty())
        p.set("hq", low[static_cast<std::size_t>(i) % low.size()], {{"shortName", code}});
      else
        low.push_back(p.put("hq", "OrgUnit", unit(code), "internal"));
      answers.emplace_back("done");
    } catch (const Error& error) {
      answers.emplace_back(error.what());
    }
  }
  if (above == Above::busy) p.settle();
  Opening o = p.opening("hq");
  o.most = Level::internal;
  p.close("hq");
  const auto reader = openSite(o);
  json seen = answers;
  Page page{"", "code", 50, ""};
  const json rows = reader->reading().list("OrgUnit", page).at("rows");
  for (json row : rows) {
    row.erase("updated");
    row.erase("created");
    seen.push_back(row);
  }
  seen.push_back(reader->reading().sql("SELECT count(*), max(code), group_concat(shortName) FROM OrgUnit", 10));
  seen.push_back(SearchIndex(*reader).find("办公", "", 100, "").at("rows").size());
  seen.push_back(reader->conflicts());
  seen.push_back(reader->violations());
  json status = statusOfSite(*reader);
  for (json& c : status.at("compartments")) c.erase("digest");
  seen.push_back(status.at("compartments"));
  for (const RecordId& id : high) BOOST_REQUIRE_THROW(reader->get(id), Error);
  seen.push_back(std::filesystem::file_size(p.folder("hq") + "/internal.vault"));
  return withoutIds(seen);
}

}  // namespace

BOOST_AUTO_TEST_CASE(s09_a_reader_below_sees_no_difference_whether_anything_is_above) {
  for (unsigned seed = 1; seed <= 4; ++seed) BOOST_TEST(seenBelow(seed, Above::empty) == seenBelow(seed, Above::busy));
}
