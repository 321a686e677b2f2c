// Two worlds that differ only in what a reader is not cleared for are one world to him: s09–s12, s15, s21, s57.
//
// Everything random or timed that happens above is drawn from a stream and a clock of its own, so that what is
// seen below can be compared byte for byte, ids, digests and bundles included.
#include <boost/test/unit_test.hpp>
#include <random>

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/keys/keyring.h"
#include "core/record/conflict.h"
#include "core/record/read_connection.h"
#include "core/record/schema_json.h"
#include "core/record/transaction.h"
#include "core/search/index.h"
#include "sync/status.h"
#include "sync/verify.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

// What happens above is drawn apart, so that it takes nothing from the stream below.
class TwoStreams : public Random {
 public:
  explicit TwoStreams(std::uint64_t seed) : below_(seed), above_(seed + 1'000'000) {}
  void fill(std::span<Byte> out) override { (above ? above_ : below_).fill(out); }
  bool above = false;

 private:
  SeededRandom below_, above_;
};

// Stands still within a step.
class StepClock : public Clock {
 public:
  Now now() override { return {now_ms, 480}; }
  std::int64_t now_ms = 1'780'000'000'000;
};

// What the reader may not see: levels above him, or circles beside him.
enum class Hidden { levels, circles };
enum class Busy { no, yes };

struct World {
  World(unsigned seed, Hidden hidden, Busy busy)
      : random(std::make_shared<TwoStreams>(seed)),
        clock(std::make_shared<StepClock>()),
        hidden(hidden),
        busy(busy),
        dice(seed),
        hiddenDice(seed) {
    p.emplace(std::vector<County>{{"gar", Level::internal, {}}}, seed, [&](Environment& environment) {
      environment.random = random;
      environment.clock = clock;
    });
    // In both worlds the office has the circle; only one of them uses it.
    ensureCircle(p->office(), "road");
    reader = hidden == Hidden::levels ? p->officeFor(Level::internal)
                                      : p->officeFor(Level::topSecret, std::set<std::string>{});
    reader->observe([&](const RecordId& id, const Compartment&) { told.push_back(id.text()); });
  }

  Label hiddenLabel() {
    return hidden == Hidden::levels ? parseMark(roll(hiddenDice, 2) == 0 ? "机密" : "绝密")
                                    : Label{{Level::internal, {"road"}}, {}};
  }
  static std::size_t roll(std::mt19937& dice, std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(dice);
  }

  // The same kinds of things happen to what is hidden, with the same words, keys and numbers.
  void hiddenStep() {
    if (busy == Busy::no) return;
    random->above = true;
    const std::int64_t now = clock->now_ms;
    clock->now_ms += static_cast<std::int64_t>(roll(hiddenDice, 1'000'000));
    Store& store = p->office();
    for (int i = 0; i < 2; ++i) {
      try {
        const auto transaction = store.begin();
        const std::size_t kind = roll(hiddenDice, 6);
        if (kind < 3 || above.empty()) {
          above.push_back(transaction->put(*store.catalog().find("OrgUnit"), unit(std::to_string(roll(hiddenDice, 12))),
                                           hiddenLabel()));
        } else if (kind == 3) {
          transaction->remove(above[roll(hiddenDice, above.size())]);
        } else if (kind == 4) {
          above.push_back(transaction->put(*store.catalog().find("ClassifiedCarrier"),
                                           {{"title", "办公"}, {"mediumKind", "paper"}, {"level", "secret"}},
                                           hiddenLabel()));
        } else {
          const RecordId id = above[roll(hiddenDice, above.size())];
          const auto found = store.find(id);
          if (found && found->rows->entity()->name == "OrgUnit")
            transaction->set(id, {{"shortName", std::string(roll(hiddenDice, 9000), 'x')}});
        }
        transaction->commit();
      } catch (const Error&) {
        // A key given twice, or a record that is gone: as it happens below, too.
      }
    }
    if (!above.empty() && roll(hiddenDice, 8) == 0) {
      try {
        attach(store, above[roll(hiddenDice, above.size())], paper(), "附");
      } catch (const Error&) {
      }
    }
    clock->now_ms = now;
    random->above = false;
  }

  std::string paper() {
    const std::string path = p->root() / "paper";
    if (!std::filesystem::exists(path)) Environment::system().files->note(path, Bytes(70'000, 7));
    return path;
  }
  static json unit(const std::string& code) { return {{"code", code}, {"name", "办公室" + code}, {"level", "county"}}; }

  // One thing that the reader does; what he is answered, in full.
  json act() {
    Store& store = *reader;
    const auto any = [&] { return below.empty() ? RecordId{} : below[roll(dice, below.size())]; };
    const std::string code = std::to_string(roll(dice, 12));
    const std::size_t kind = roll(dice, 14);
    const RecordId one = any(), other = any();
    const auto transaction = kind < 7 ? store.begin() : nullptr;
    json answer;
    const auto id = [&](const RecordId& made) {
      below.push_back(made);
      answer["id"] = made.text();
    };
    switch (kind) {
      case 0:
      case 1:
      case 2: {
        json fields = unit(code);
        if (roll(dice, 3) == 0) fields["parent"] = other.text();
        id(transaction->put(*store.catalog().find("OrgUnit"), fields,
                            parseMark(roll(dice, 2) == 0 ? "public" : "internal")));
        break;
      }
      case 3:
        id(transaction->put(*store.catalog().find("ClassifiedCarrier"),
                            {{"title", "办公" + code}, {"mediumKind", "paper"}, {"level", "internal"}},
                            parseMark("internal")));
        break;
      case 4: transaction->set(one, {{"shortName", std::string(roll(dice, 3000), 'y')}}); break;
      case 5: transaction->set(one, {{"code", code}}); break;
      case 6: transaction->remove(one); break;
      case 7: answer = store.get(one).document; break;
      case 8: answer = store.history(one); break;
      case 9: answer = store.reading().list("OrgUnit", {"", roll(dice, 2) == 0 ? "code" : "-name", 3, ""}); break;
      case 10: answer = SearchIndex(store).find("办公", roll(dice, 2) == 0 ? "OrgUnit" : "", 4, ""); break;
      case 11:
        answer = store.reading().sql("SELECT count(*), max(code), group_concat(name), min(id) FROM OrgUnit", 10);
        break;
      case 12: answer = attach(store, one, paper(), "附件" + code); break;
      default: SearchIndex(store).catchUpAll();
    }
    if (transaction) {
      answer["warnings"] = transaction->warnings();
      transaction->commit();
    }
    return answer;
  }

  void step() {
    hiddenStep();
    clock->now_ms += 60'000;
    json answer;
    try {
      answer = act();
    } catch (const Error& error) {
      answer = {{"code", wordOf(error.code())}, {"what", error.what()}, {"detail", error.detail()}};
    }
    seen.push_back({{"answer", answer}, {"told", told.size()}});
  }

  // Everything that the reader can ask at the day's end.
  json everything() {
    json all;
    Store& store = *reader;
    all["steps"] = seen;
    all["told"] = told;
    for (const EntityType& entity : store.catalog().entities()) {
      std::string cursor;
      do {
        json page = store.reading().list(entity.name, {"", "", 5, cursor});
        cursor = page.at("next").is_null() ? "" : page.at("next").get<std::string>();
        if (!page.at("rows").empty()) all["list"].push_back(std::move(page));
      } while (!cursor.empty());
    }
    for (const char* words : {"办公", "附件"}) {
      std::string cursor;
      do {
        json page = SearchIndex(store).find(words, "", 4, cursor);
        cursor = page.at("next").is_null() ? "" : page.at("next").get<std::string>();
        all["find"].push_back(std::move(page));
      } while (!cursor.empty());
    }
    for (const char* statement :
         {"SELECT * FROM OrgUnit", "SELECT * FROM ClassifiedCarrier", "SELECT count(*) FROM Attachment",
          "SELECT _level, count(*) FROM OrgUnit GROUP BY 1", "SELECT rowid FROM OrgUnit", "SELECT _c FROM OrgUnit",
          "SELECT _rowid_, oid FROM OrgUnit", "SELECT * FROM v1.fts_1", "SELECT count(*) FROM log",
          "SELECT 1 FROM fts_2", "SELECT count(*) FROM spill", "SELECT * FROM v1.fts_2", "SELECT * FROM fts_2",
          "SELECT * FROM fts_3", "SELECT * FROM fts_2_data", "SELECT * FROM v1.fts_3_data", "SELECT * FROM v3.OrgUnit",
          "SELECT * FROM v1.nothing", "SELECT name, row_number() OVER (ORDER BY name) FROM OrgUnit"}) {
      try {
        all["sql"].push_back(store.reading().sql(statement, 10'000));
      } catch (const Error& error) {
        all["sql"].push_back({wordOf(error.code()), error.what()});
      }
    }
    for (const RecordId& id : below) {
      try {
        all["history"].push_back(store.history(id));
      } catch (const Error& error) {
        all["history"].push_back(error.what());
      }
    }
    all["conflicts"] = store.conflicts();
    all["violations"] = store.violations();
    AuditQuestion audited;
    audited.limit = 10'000;
    all["audit"] = store.audit().entries(audited);
    all["status"] = statusOfSite(store);
    all["digests"] = digestsOf(store, "");
    all["schema"] = schemaJson(store.catalog());
    for (const char* compartment : {"internal+road", "secret", "internal+nothing"}) {
      try {
        all["digest"].push_back(digestsOf(store, compartment));
      } catch (const Error& error) {
        all["digest"].push_back({wordOf(error.code()), error.what()});
      }
    }
    return all;
  }

  std::shared_ptr<TwoStreams> random;
  std::shared_ptr<StepClock> clock;
  Hidden hidden;
  Busy busy;
  std::optional<Prefecture> p;
  std::unique_ptr<Store> reader;
  std::mt19937 dice, hiddenDice;
  std::vector<RecordId> below, above;
  std::vector<std::string> told;
  json seen = json::array();
};

std::string difference(const json& a, const json& b) {
  const std::string text = json::diff(a, b).dump(1);
  return text.substr(0, 4000);
}

constexpr int steps = 60;
constexpr unsigned seeds = 6;

template <class Check>
void forAllSeeds(Check check) {
  const char* given = std::getenv("CINNABAR_SEED");
  const unsigned first = given == nullptr ? 1 : static_cast<unsigned>(std::stoul(given));
  for (unsigned seed = first; seed < first + (given == nullptr ? seeds : 1); ++seed)
    BOOST_TEST_CONTEXT("CINNABAR_SEED=" << seed) check(seed);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(noninterference)

BOOST_AUTO_TEST_CASE(s09_a_reader_below_sees_no_difference_whatever_happens_above) {
  forAllSeeds([](unsigned seed) {
    json seen[2];
    for (const Busy busy : {Busy::no, Busy::yes}) {
      World world(seed, Hidden::levels, busy);
      for (int i = 0; i < steps; ++i) world.step();
      json& all = seen[busy == Busy::yes];
      all = world.everything();
      world.reader.reset();
      Opening opening = world.p->opening("hq");
      opening.most = Level::internal;
      all["doctor"] = diagnose(opening, {});
      all["verify"] = verifySite(*openSite(opening), {});
      world.p->close("hq");
      for (const char* file : {"public.vault", "internal.vault", "internal.audit", "keyring"})
        all["files"][file] = std::filesystem::file_size(world.p->folder("hq") + "/" + file);
      BOOST_TEST((busy == Busy::no || world.above.size() > 10u));
    }
    BOOST_TEST((seen[0] == seen[1]), difference(seen[0], seen[1]));
  });
}

BOOST_AUTO_TEST_CASE(s09_a_reader_beside_a_circle_sees_no_difference_whatever_happens_in_it) {
  forAllSeeds([](unsigned seed) {
    json seen[2];
    for (const Busy busy : {Busy::no, Busy::yes}) {
      World world(seed, Hidden::circles, busy);
      for (int i = 0; i < steps; ++i) world.step();
      seen[busy == Busy::yes] = world.everything();
    }
    BOOST_TEST((seen[0] == seen[1]), difference(seen[0], seen[1]));
  });
}

BOOST_AUTO_TEST_CASE(s09_who_is_in_one_circle_sees_nothing_of_what_needs_another_too) {
  Prefecture p({});
  ensureCircle(p.office(), "road");
  ensureCircle(p.office(), "water");
  std::map<std::vector<std::string>, RecordId> ids;
  for (const std::vector<std::string>& circles :
       std::vector<std::vector<std::string>>{{}, {"road"}, {"water"}, {"road", "water"}})
    ids[circles] = p.put("hq", "OrgUnit", World::unit("u"), "internal", circles);
  const auto reader = p.officeFor(Level::internal, std::set<std::string>{"road"});
  for (const auto& [circles, id] : ids)
    BOOST_TEST(reader->exists(id) == (circles.empty() || circles == std::vector<std::string>{"road"}),
               json(circles).dump());
  BOOST_TEST(reader->reading().list("OrgUnit", {"", "", 9, ""}).at("rows").size() == 2u);
  BOOST_TEST(reader->reading().sql("SELECT count(*) FROM OrgUnit", 1).at("rows")[0][0] == 2);
  BOOST_TEST(SearchIndex(*reader).find("办公", "", 9, "").at("rows").size() == 2u);
  BOOST_TEST(digestsOf(*reader, "").at("compartments").size() == 2u);
}

BOOST_AUTO_TEST_CASE(s09_conflicts_and_violations_of_a_circle_are_for_its_members_only) {
  Prefecture p({{"gar", Level::internal, {"road"}}});
  const RecordId post = p.put("hq", "Post", {{"code", "p"}, {"title", "t"}, {"roles", {"clerk"}}}, "internal");
  const RecordId meeting = p.put("hq", "SupervisionCase",
                                 {{"title", "督办"},
                                  {"origin", "proposal"},
                                  {"method", "phone"},
                                  {"feedbackRequired", true},
                                  {"openedAt", "2026-11-01T09:00:00+08:00"},
                                  {"leadUnit", p.put("hq", "OrgUnit", World::unit("u"), "public").text()},
                                  {"dueAt", "2026-12-20T09:00:00+08:00"}},
                                 "internal", {"road"});
  const RecordId card = p.put("hq", "MealCard", {{"holder", "甲"}, {"staff", true}}, "internal", {"road"});
  p.settle();
  p.set("hq", meeting, {{"title", "甲"}});
  p.set("gar", meeting, {{"title", "乙"}});
  p.set("hq", card, {{"state", "suspended"}});
  p.set("gar", card, {{"state", "closed"}});
  for (const char* site : {"hq", "gar"}) p.put(site, "OrgUnit", World::unit("k"), "internal", {"road"});
  p.settle();
  BOOST_TEST(p.office().conflicts().size() == 1u);
  BOOST_TEST(p.office().violations().size() == 2u);
  const auto beside = p.officeFor(Level::topSecret, std::set<std::string>{"water"});
  BOOST_TEST(beside->exists(post));
  BOOST_TEST(beside->conflicts().empty());
  BOOST_TEST(beside->violations().empty());
}

BOOST_AUTO_TEST_CASE(s11_a_key_that_arrives_is_compared_within_its_circle_only) {
  Prefecture p({{"gar", Level::internal, {}}});
  ensureCircle(p.office(), "road");
  p.put("hq", "OrgUnit", World::unit("k"), "internal", {"road"});
  p.put("gar", "OrgUnit", World::unit("k"), "internal");
  p.settle();
  BOOST_TEST(p.office().violations().empty());
  BOOST_TEST(p.office().vault(Level::internal).database().number("SELECT count(*) FROM violation") == 0);
}

BOOST_AUTO_TEST_CASE(s13_an_attachment_bears_the_level_and_the_circles_of_its_record) {
  Prefecture p({});
  ensureCircle(p.office(), "road");
  const RecordId id = p.put("hq", "OrgUnit", World::unit("k"), "秘密★五年", {"road"});
  Environment::system().files->note(p.root() / "paper", Bytes(70'000, 7));
  const json made = attach(p.office(), id, p.root() / "paper", "附");
  const Label label = p.office().get(*RecordId::parse(made.at("id").get<std::string>())).label;
  BOOST_TEST((label == p.office().get(id).label));
}

BOOST_AUTO_TEST_CASE(s21_bundles_to_a_site_below_are_the_same_whatever_happens_above_or_beside) {
  for (const Hidden hidden : {Hidden::levels, Hidden::circles})
    forAllSeeds([&](unsigned seed) {
      json seen[2];
      for (const Busy busy : {Busy::no, Busy::yes}) {
        World world(seed, hidden, busy);
        json& all = seen[busy == Busy::yes];
        for (int i = 0; i < steps; ++i) {
          world.step();
          if (i % 6 != 5) continue;
          for (const auto& [from, to] : {std::pair("hq", "gar"), std::pair("gar", "hq")}) {
            for (const std::string& file : world.p->pack(from, to)) {
              const json cover = describeCover(world.p->environment, file);
              all["bundles"].push_back({cover, std::filesystem::path(file).filename().string()});
              const Taken taken = takeBundle((*world.p)[to], file, Apply::reallyApply, {});
              all["bundles"].push_back({taken.applied, taken.waiting, taken.status});
            }
          }
        }
        all["gar"] = digestsOf((*world.p)["gar"], "");
        all["status"] = statusOfSite((*world.p)["gar"]);
        world.p->close("gar");
        for (const auto& file : std::filesystem::directory_iterator(world.p->folder("gar")))
          all["files"][file.path().filename().string()] = file.file_size();
      }
      BOOST_TEST((seen[0] == seen[1]), difference(seen[0], seen[1]));
    });
}

BOOST_AUTO_TEST_CASE(s10_not_there_and_not_for_you_are_one_answer) {
  for (const Hidden hidden : {Hidden::levels, Hidden::circles}) {
    World world(3, hidden, Busy::yes);
    const Label high = hidden == Hidden::levels ? parseMark("机密") : Label{{Level::internal, {"road"}}, {}};
    Store& whole = world.p->office();
    const auto put = [&](Store& store, const json& fields, const Label& label) {
      const auto transaction = store.begin();
      const RecordId id = transaction->put(*store.catalog().find("OrgUnit"), fields, label);
      transaction->commit();
      return id;
    };
    const RecordId hiddenOne = put(whole, World::unit("h"), high);
    attach(whole, hiddenOne, world.paper(), "附");
    RecordId nowhere = hiddenOne;
    nowhere.bytes[15] ^= 1;
    Store& store = *world.reader;
    const RecordId own = put(store, World::unit("o"), parseMark("internal"));
    const std::vector<std::pair<const char*, std::function<void(const RecordId&)>>> asked = {
        {"get", [&](const RecordId& id) { store.get(id); }},
        {"set",
         [&](const RecordId& id) {
           store.begin()->set(id, {{"name", "x"}});
         }},
        {"set nonsense",
         [&](const RecordId& id) {
           store.begin()->set(id, {{"nonsense", 1}});
         }},
        {"delete", [&](const RecordId& id) { store.begin()->remove(id); }},
        {"history", [&](const RecordId& id) { store.history(id); }},
        {"attach", [&](const RecordId& id) { attach(store, id, world.paper(), "x"); }},
        {"detach", [&](const RecordId& id) { detach(store, id, [](BytesView) { return true; }); }},
        {"refer",
         [&](const RecordId& id) {
           put(store, {{"code", "r"}, {"name", "x"}, {"level", "county"}, {"parent", id.text()}},
               parseMark("internal"));
         }},
        {"refer later",
         [&](const RecordId& id) {
           store.begin()->set(own, {{"parent", id.text()}});
         }},
        {"resolve", [&](const RecordId& id) { resolveConflict(store, id.text() + ".name", 0, ""); }},
        {"resolve a deletion",
         [&](const RecordId& id) { resolveConflict(store, id.text() + "._deleted", 0, "\"kept\""); }},
        {"list after",
         [&](const RecordId& id) {
           BOOST_TEST(!store.reading().list("OrgUnit", {"id=id('" + id.text() + "')", "", 5, ""}).at("rows").size());
         }},
        {"find after",
         [&](const RecordId& id) {
           SearchIndex(store).find("办公", "", 5, json({1, 0, id.text(), true}).dump());
         }},
    };
    for (const auto& [what, ask] : asked) {
      const auto answer = [&, &ask = ask](const RecordId& id) -> std::string {
        try {
          ask(id);
        } catch (const Error& error) {
          return std::string(wordOf(error.code())) + ": " + error.what() + error.detail();
        }
        return "done";
      };
      BOOST_TEST(answer(hiddenOne) == answer(nowhere), what);
    }
  }
}

BOOST_AUTO_TEST_CASE(s12_a_reference_that_a_higher_record_may_have_is_not_lent_to_a_lower_one) {
  Prefecture p({});
  const RecordId secret = p.put("hq", "OrgUnit", World::unit("s"), "机密");
  Store& store = p.office();
  const EntityType& units = *store.catalog().find("OrgUnit");
  const auto below = [&](const char* code) {
    return json{{"code", code}, {"name", "x"}, {"level", "county"}, {"parent", secret.text()}};
  };
  const auto transaction = store.begin();
  transaction->put(units, below("a"), parseMark("机密"));
  BOOST_CHECK_THROW(transaction->put(units, below("b"), parseMark("internal")), Error);
}

BOOST_AUTO_TEST_CASE(s11_an_act_that_reaches_above_leaves_no_trace_of_it_below) {
  std::uintmax_t size[2];
  for (const bool reaches : {false, true}) {
    Prefecture p({});
    Store& store = p.office();
    for (int i = 0; i < 300; ++i) {
      const auto transaction = store.begin();
      const EntityType& cards = *store.catalog().find("MealCard");
      transaction->put(cards, {{"holder", "甲"}, {"staff", true}}, parseMark("internal"));
      if (reaches) transaction->put(cards, {{"holder", "甲"}, {"staff", true}}, parseMark("机密"));
      transaction->commit();
    }
    BOOST_TEST(store.vault(Level::internal).database().number("SELECT count(*) FROM applied") == 0);
    p.close("hq");
    size[reaches] = std::filesystem::file_size(p.folder("hq") + "/internal.vault");
  }
  BOOST_TEST(size[0] == size[1]);
}

BOOST_AUTO_TEST_SUITE_END()
