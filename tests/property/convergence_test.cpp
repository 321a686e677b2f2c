// Any order, repetition, loss and later arrival of bundles: equal digests wherever the same is held.
#include <boost/test/unit_test.hpp>
#include <random>

#include "core/base/error.h"
#include "core/record/conflict.h"
#include "core/record/transaction.h"
#include "sync/verify.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

class Story {
 public:
  explicit Story(unsigned seed)
      : dice_(seed), p_({{"gar", Level::secret, {}}, {"ritu", Level::internal, {}}, {"zhada", Level::secret, {}}}, seed) {
    unit_ = p_.put("hq", "OrgUnit", {{"code", "root"}, {"name", "署"}, {"level", "prefecture"}});
    p_.settle();
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) step();
    // Everything that was ever written arrives once more, in any order; then the last words are said.
    std::shuffle(stick_.begin(), stick_.end(), dice_);
    for (const auto& [to, file] : stick_) take(to, file);
    p_.settle();
  }

  void check() {
    for (const std::string& site : p_.sites()) {
      const json held = p_.digests(site), office = p_.digests("hq"), violations = p_[site].violations();
      for (const auto& [compartment, digest] : held.items())
        BOOST_REQUIRE_MESSAGE(office.at(compartment) == digest, site << " " << compartment);
      for (const json& v : violations) BOOST_REQUIRE_NE(v.at("kind").get<std::string>(), "digestDiffers");
      const json verdict = verifySite(p_[site], {});
      BOOST_REQUIRE_MESSAGE(verdict.at("ok").get<bool>(), verdict.dump(1));
    }
  }

 private:
  std::size_t roll(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(dice_); }
  const std::string& anySite() { return p_.sites()[roll(p_.sites().size())]; }

  void step() {
    switch (roll(8)) {
      case 0: return create();
      case 1:
      case 2:
      case 3: return edit();
      case 4: return remove();
      case 5: return resolve();
      default: return carry();
    }
  }

  void create() {
    const std::string& site = anySite();
    const std::string n = std::to_string(++count_);
    const bool secret = roll(3) == 0 && p_[site].holds(Level::secret);
    const std::string label = secret ? "机密" : "";
    switch (roll(3)) {
      case 0: records_.push_back(p_.put(site, "MealCard", {{"holder", n}, {"staff", true}, {"balanceFen", roll(100)}}, label)); return;
      case 1: records_.push_back(p_.put(site, "Post", {{"code", "p" + std::to_string(roll(6)) + (secret ? "" : n)}, {"title", n}, {"roles", {"clerk"}}}, label)); return;
      default:
        records_.push_back(p_.put(site, "SupervisionCase",
                                  {{"title", n}, {"origin", "proposal"}, {"method", "phone"}, {"feedbackRequired", true}, {"urgency", "normal"},
                                   {"openedAt", "2026-11-01T09:00:00+08:00"}, {"leadUnit", unit_.text()}, {"dueAt", "2026-12-01T09:00:00+08:00"}}, label));
    }
  }

  void edit() {
    if (records_.empty()) return;
    const std::string& site = anySite();
    const RecordId id = records_[roll(records_.size())];
    const json now = p_.get(site, id);
    if (now.is_null()) return;
    json fields;
    const std::string text = "值" + std::to_string(roll(50));
    if (now.contains("staff")) {
      fields = roll(2) == 0 ? json{{"balanceFen", roll(1000)}} : json{{"holder", text}};
      if (roll(4) == 0) fields["state"] = now.at("state") == "active" ? "suspended" : "closed";
    } else if (now.contains("code")) {
      fields = {{"title", text}};
      std::vector<std::string> roles;
      for (const char* role : {"clerk", "driver", "cook", "inspector"})
        if (roll(2) == 0) roles.push_back(role);
      fields["roles"] = roles;
    } else {
      fields = {{"title", text}};
      if (roll(2) == 0) fields["urgency"] = "extraUrgent";
      if (roll(2) == 0) fields["progress"] = text;
      if (roll(3) == 0) fields["note"] = text;
    }
    try {
      p_.set(site, id, fields);
    } catch (const Error& error) {
      BOOST_REQUIRE_MESSAGE(error.code() == Code::refused, error.what());
    }
  }

  void remove() {
    if (records_.empty() || roll(3) != 0) return;
    const std::string& site = anySite();
    const RecordId id = records_[roll(records_.size())];
    if (!p_.get(site, id).is_null()) p_.remove(site, id);
  }

  void resolve() {
    const std::string& site = anySite();
    const json conflicts = p_[site].conflicts();
    if (!conflicts.empty()) resolveConflict(p_[site], conflicts[roll(conflicts.size())].at("id").get<std::string>(), 0, "");
  }

  void carry() {
    std::string from = anySite(), to = anySite();
    if (from == to) return;
    for (const std::string& file : p_.pack(from, to)) {
      stick_.emplace_back(to, file);
      if (roll(3) != 0) take(to, file);
    }
    if (!stick_.empty() && roll(2) == 0) {
      const auto& [late, file] = stick_[roll(stick_.size())];
      take(late, file);
    }
  }

  void take(const std::string& to, const std::string& file) {
    try {
      takeBundle(p_[to], file, Apply::reallyApply, {});
    } catch (const Error& error) {
      // Its prekey may be gone by now: then the sender still has what was in it.
      BOOST_REQUIRE_MESSAGE(error.code() == Code::badKey, error.what());
    }
  }

  std::mt19937 dice_;
  Prefecture p_;
  RecordId unit_;
  std::vector<RecordId> records_;
  std::vector<std::pair<std::string, std::string>> stick_;
  int count_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_CASE(sites_converge_whatever_happens_to_their_bundles) {
  const char* given = std::getenv("CINNABAR_SEED");
  const unsigned first = given == nullptr ? 1 : static_cast<unsigned>(std::stoul(given));
  for (unsigned seed = first; seed < first + (given == nullptr ? 6 : 1); ++seed) {
    BOOST_TEST_CONTEXT("CINNABAR_SEED=" << seed) {
      Story story(seed);
      story.run(120);
      story.check();
    }
  }
}
