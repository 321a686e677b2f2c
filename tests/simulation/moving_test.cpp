// Records that move up, down and sideways while others edit them, bundles in any order, lost and repeated: in the end
// each stands in one place and everybody agrees; and where no two sites moved a record at once, no edit was lost or
// counted twice. (Of two moves at once an edit may count twice or not at all once either record was moved on; those
// records stay flagged, for whoever sees them. See README.)
//
// A failing seed replays exactly: CINNABAR_SEED=7. Longer: CINNABAR_SOAK=200 (seeds) CINNABAR_STEPS=1000.
#include <boost/test/unit_test.hpp>
#include <random>

#include "core/base/error.h"
#include "core/record/lives.h"
#include "sync/clearing.h"
#include "sync/verify.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

class MovingStory {
 public:
  explicit MovingStory(unsigned seed)
      : dice_(seed),
        p_({{"gar", Level::internal, {}}, {"ritu", Level::secret, {"road"}}, {"zhada", Level::topSecret, {}}}, seed) {
    ensureCircle(p_.office(), "road");
    p_.settle();
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) step();
    std::shuffle(stick_.begin(), stick_.end(), dice_);
    for (const auto& [to, file] : stick_) take(to, file);
    p_.settle();
  }

  void checkAll() {
    for (const std::string& site : p_.sites()) {
      const json held = p_.digests(site), office = p_.digests("hq");
      for (const auto& [compartment, digest] : held.items())
        BOOST_TEST((office.at(compartment) == digest), site << " " << compartment);
      const json verdict = verifySite(p_[site], {});
      BOOST_TEST(verdict.at("ok").get<bool>(), site << ": " << verdict.dump(1));
      for (const json& v : p_[site].violations())
        BOOST_TEST((v.at("kind") == "concurrentRelabel"), site << ": " << v.dump());
      for (const Level level : p_[site].levels()) {
        Database& db = p_[site].vault(level).database();
        BOOST_TEST(db.number("SELECT count(*) FROM late WHERE move<>zeroblob(16)") == 0, site << wordOf(level));
        BOOST_TEST(db.number("SELECT count(*) FROM scrub") == 0, site << wordOf(level));
      }
    }
    BOOST_TEST(openWithdrawals(p_.office()).empty());
    const std::set<std::string> movedAtOnce = flaggedAt("hq");
    for (const auto& [id, sum] : sums_) {
      BOOST_TEST(livesOf(p_.office(), id).size() == 1u);
      const Compartment where = p_.office().get(id).label.compartment;
      for (const std::string& site : p_.sites()) {
        const json fields = p_.get(site, id);
        BOOST_TEST(fields.is_null() == !entitled(site, where), site);
        BOOST_TEST(flaggedAt(site).contains(id.text()) == (!fields.is_null() && movedAtOnce.contains(id.text())),
                   site << ": " << id.text());
        if (!fields.is_null() && !movedAtOnce.contains(id.text()))
          BOOST_TEST((fields.at("balanceFen") == sum),
                     site << ": " << id.text() << " " << fields.at("balanceFen").dump() << " instead of " << sum);
      }
    }
  }

 private:
  static bool entitled(const std::string& site, const Compartment& c) {
    if (site == "hq") return true;
    const Level clearance = site == "gar" ? Level::internal : site == "ritu" ? Level::secret : Level::topSecret;
    return c.level <= clearance && (c.circles.empty() || site == "ritu");
  }
  std::set<std::string> flaggedAt(const std::string& site) {
    std::set<std::string> out;
    for (const json& v : p_[site].violations()) out.insert(v.at("record").get<std::string>());
    return out;
  }
  std::size_t roll(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(dice_); }
  const std::string& anySite() { return p_.sites()[roll(p_.sites().size())]; }
  Compartment anyCompartment(const std::string& site) {
    static const std::vector<Compartment> all = {
        {Level::internal, {}}, {Level::internal, {}},     {Level::internal, {"road"}}, {Level::confidential, {}},
        {Level::secret, {}},   {Level::secret, {"road"}}, {Level::topSecret, {}}};
    for (;;) {
      const Compartment& c = all[roll(all.size())];
      if (entitled(site, c)) return c;
    }
  }
  std::optional<RecordId> anyRecordAt(const std::string& site) {
    for (int i = 0; i < 10 && !sums_.empty(); ++i) {
      const RecordId& id = std::next(sums_.begin(), static_cast<std::ptrdiff_t>(roll(sums_.size())))->first;
      if (!p_.get(site, id).is_null()) return id;
    }
    return std::nullopt;
  }

  void step() {
    const std::string site = anySite();
    const auto id = anyRecordAt(site);
    switch (roll(10)) {
      case 0: {
        if (sums_.size() > 4) break;
        const Compartment c = anyCompartment(site);
        sums_[p_.put(site, "MealCard", {{"holder", "甲"}, {"staff", true}, {"balanceFen", 100}},
                     std::string(wordOf(c.level)), c.circles)] = 100;
        return;
      }
      case 1:
      case 2:
      case 3: {
        if (!id) break;
        const auto by = static_cast<std::int64_t>(roll(50)) + 1;
        p_.set(site, *id, {{"balanceFen", p_.get(site, *id).at("balanceFen").get<std::int64_t>() + by}});
        sums_[*id] += by;
        return;
      }
      case 4: {
        if (!id) break;
        const Compartment c = anyCompartment(site);
        p_.relabel(site, *id, std::string(wordOf(c.level)), c.circles);
        return;
      }
      default: break;
    }
    const std::string to = anySite();
    if (to == site) return;
    for (const std::string& file : p_.pack(site, to)) {
      const std::size_t fate = roll(5);
      if (fate == 0) continue;
      if (fate != 1) take(to, file);
      if (fate < 3) stick_.emplace_back(to, file);
    }
  }

  void take(const std::string& to, const std::string& file) {
    try {
      takeBundle(p_[to], file, Apply::reallyApply, {});
    } catch (const Error& error) {
      BOOST_REQUIRE_MESSAGE(error.code() == Code::badKey, error.what());  // its prekey is used up
    }
  }

  std::mt19937 dice_;
  Prefecture p_;
  std::map<RecordId, std::int64_t> sums_;
  std::vector<std::pair<std::string, std::string>> stick_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(s52_records_that_move_while_others_edit_them_converge_and_lose_no_edit) {
  const auto number = [](const char* name, int otherwise) {
    const char* given = std::getenv(name);
    return given == nullptr ? otherwise : std::stoi(given);
  };
  const int seed = number("CINNABAR_SEED", 0);
  const int first = seed == 0 ? 1 : seed, count = seed == 0 ? number("CINNABAR_SOAK", 8) : 1;
  for (int s = first; s < first + count; ++s) {
    BOOST_TEST_CONTEXT("CINNABAR_SEED=" << s) {
      MovingStory story(static_cast<unsigned>(s));
      story.run(number("CINNABAR_STEPS", 120));
      story.checkAll();
    }
  }
}
