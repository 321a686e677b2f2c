// A whole prefecture from one seed: bundles in any order, repeated, lost, weeks late; sites put back from
// backups; clocks that are years off; a schema that comes half-way. However it goes, all end equal, and what
// they show is what the merge classes mean.
//
// A failing seed replays exactly: CINNABAR_SEED=7. Longer: CINNABAR_SOAK=200 (seeds) CINNABAR_STEPS=1000.
#include <boost/test/unit_test.hpp>
#include <random>

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/record/conflict.h"
#include "core/record/digest.h"
#include "core/record/transaction.h"
#include "sync/backup.h"
#include "sync/roster.h"
#include "sync/verify.h"
#include "tests/builder/prefecture.h"
#include "tests/simulation/reference_model.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

// Years off, and now and then it goes back.
class WrongClock : public Clock {
 public:
  WrongClock(std::int64_t start_ms, unsigned seed) : now_ms_(start_ms), dice_(seed) {}
  Now now() override {
    if (dice_() % 50 == 0) now_ms_ -= 40LL * 86'400'000;
    return {now_ms_ += static_cast<std::int64_t>(dice_() % 100'000), 480};
  }

 private:
  std::int64_t now_ms_;
  std::mt19937 dice_;
};

// Every state leads to every other.
std::string stepsBetween(const std::vector<std::string>& states) {
  std::string out;
  for (const std::string& from : states)
    for (const std::string& to : states)
      if (from != to) out += (out.empty() ? "" : ",") + ("(from=\"" + from + "\",to=\"" + to + "\")");
  return out;
}

// A host's own entity, and the same with one more field of each kind, one more state, and one more entity.
std::shared_ptr<const Catalog> hostSchema(const Folder& folder, bool later) {
  static std::map<bool, Bytes> compiled;
  if (compiled[later].empty()) {
    const std::string source = folder / "host.capnp", out = folder / "host.bin";
    std::string text =
        "@0xc0ffee0000000001;\nusing A = import \"/annotations.capnp\";\n"
        "struct Note $A.entity(\"札记\") $A.label(internal) $A.machine([" +
        stepsBetween(later ? std::vector<std::string>{"kept", "filed", "pinned"}
                           : std::vector<std::string>{"kept", "filed"}) +
        "]) {\n"
        "  title @0 :Text $A.title(\"题\") $A.required $A.merge(conflict);\n  number @1 :Int64 = A.absent "
        "$A.title(\"数\") $A.merge(counter);\n"
        "  state @2 :State $A.title(\"态\") $A.merge(state);\n  enum State { unset @0; kept @1; filed @2;" +
        std::string(later ? " pinned @3;" : "") + " }\n";
    if (later)
      text +=
          "  tags @3 :List(Text) $A.title(\"签\") $A.merge(addWins);\n  grade @4 :Grade $A.title(\"级\") "
          "$A.merge(ratchet);\n"
          "  remark @5 :Text $A.title(\"注\");\n  lines @6 :Text $A.title(\"行\") $A.merge(appendOnly);\n"
          "  enum Grade { unset @0; low @1; middle @2; high @3; }\n";
    text += "}\n";
    if (later)
      text +=
          "struct Extra $A.entity(\"另录\") $A.label(internal) {\n  title @0 :Text $A.title(\"题\") $A.required "
          "$A.merge(conflict);\n}\n";
    Environment::system().files->note(source, viewOf(text));
    const std::string command =
        "capnp compile -I" CINNABAR_SOURCE "/schema --src-prefix=" + folder.path() + " -o- " + source + " > " + out;
    BOOST_REQUIRE(std::system(command.c_str()) == 0);
    compiled[later] = Environment::system().files->read(out, 1 << 22);
  }
  return Catalog::withHostSchema(compiled[later]);
}

const std::map<std::string, Means> meansOf = {
    {"title", Means::conflict},  {"balanceFen", Means::counter}, {"number", Means::counter},
    {"urgency", Means::ratchet}, {"grade", Means::ratchet},      {"dueAt", Means::earliest},
    {"roles", Means::set},       {"tags", Means::set},           {"supportUnits", Means::set},
    {"progress", Means::lines},  {"lines", Means::lines},        {"state", Means::state}};
const std::vector<std::string> gradeWords = {"normal", "urgent", "extraUrgent", "low", "middle", "high"};
const std::vector<std::string> stateWords = {"active",   "suspended", "closed", "registered", "decomposed",
                                             "assigned", "tracked",   "kept",   "filed",      "pinned"};

struct RecordOf {
  RecordId id;
  std::string entity;
  Compartment compartment;
};

class Story {
 public:
  explicit Story(unsigned seed) : dice_(seed), p_(counties(), seed) {
    std::size_t number = 0;
    for (const std::string& site : p_.sites()) {
      const std::int64_t years = static_cast<std::int64_t>(roll(21)) - 10;
      p_.close(site);
      if (site != "hq")
        p_.clocks[site] = std::make_shared<WrongClock>(1'780'000'000'000 + years * 31'556'952'000,
                                                       seed * 10 + static_cast<unsigned>(number));
      p_.schemas[site] = number++ % 2 == 0 ? hostSchema(p_.root(), false) : Catalog::builtIn();
    }
    const Roster roster(p_.office());
    for (const Certificate* c : roster.all()) ids_[c->name] = std::string(c->site.bytes.begin(), c->site.bytes.end());
    unit_ = p_.put("hq", "OrgUnit", {{"code", "root"}, {"name", "署"}, {"level", "prefecture"}});
    p_.settle();
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      if (i == steps / 3) upgrade(0);
      if (i == steps * 2 / 3) upgrade(1);
      step();
      if (i % 20 == 19) check(p_.sites()[roll(p_.sites().size())]);
    }
    for (const std::string& site : p_.sites()) upgradeSite(site);
    std::shuffle(stick_.begin(), stick_.end(), dice_);
    for (const auto& [to, file] : stick_)
      if (roll(4) != 0) take(to, file);
    p_.settle();
  }

  void checkAll() {
    for (const std::string& site : p_.sites()) {
      check(site);
      const json held = p_.digests(site), office = p_.digests("hq");
      for (const auto& [compartment, digest] : held.items())
        BOOST_REQUIRE_MESSAGE(office.at(compartment) == digest, site << " " << compartment);
      const json violations = p_[site].violations();
      for (const json& v : violations)
        BOOST_REQUIRE_MESSAGE((v.at("kind") == "duplicateKey" || v.at("kind") == "concurrentTransition"),
                              site << ": " << v.dump(1));
      const json verdict = verifySite(p_[site], {});
      BOOST_REQUIRE_MESSAGE(verdict.at("ok").get<bool>(), site << ": " << verdict.dump(1));
      for (const auto& [where, known] : reached_) {
        const Compartment& compartment = where.second;
        if (!entitled(site, compartment)) continue;
        const Known now = knownAt(site, compartment);
        for (const auto& [author, sequence] : known) {
          const auto at = now.find(author);
          BOOST_REQUIRE_MESSAGE(at != now.end() && at->second >= sequence,
                                site << " lost what had reached another site");
        }
      }
    }
    BOOST_TEST(nonces_.size() >= written_, "s30: no nonce comes twice");
  }

 private:
  static std::vector<County> counties() {
    return {{"gar", Level::secret, {"road"}},
            {"ritu", Level::internal, {}},
            {"zhada", Level::topSecret, {"road", "water"}},
            {"coqen", Level::confidential, {"water"}}};
  }
  static const County* countyOf(const std::string& site) {
    static const std::vector<County> all = counties();
    for (const County& c : all)
      if (c.name == site) return &c;
    return nullptr;
  }
  static bool entitled(const std::string& site, const Compartment& c) {
    const County* county = countyOf(site);
    if (county == nullptr) return true;
    for (const std::string& circle : c.circles)
      if (!county->circles.contains(circle)) return false;
    return c.level <= county->clearance;
  }

  std::size_t roll(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(dice_); }
  const std::string& anySite() { return p_.sites()[roll(p_.sites().size())]; }

  Known knownAt(const std::string& site, const Compartment& compartment) {
    Known known;
    Vault& vault = p_[site].vault(compartment.level);
    const CompartmentState* state = vault.find(compartment);
    if (state == nullptr) return known;
    for (const auto& [author, head] : versionVector(vault, *state))
      if (head.sequence > 0)
        known[{std::string(author.site.bytes.begin(), author.site.bytes.end()), author.incarnation}] = head.sequence;
    return known;
  }

  // ---- what is written, in the product and in the model
  void write(const std::string& site, const Compartment& compartment, const std::function<void(Event&)>& act) {
    Event event;
    event.past = knownAt(site, compartment);
    try {
      act(event);
    } catch (const Error& error) {
      BOOST_REQUIRE_MESSAGE(error.code() == Code::refused || error.code() == Code::notFound, error.what());
      return;
    }
    const Author self = p_[site].vault(compartment.level).self();
    event.author = {std::string(self.site.bytes.begin(), self.site.bytes.end()), self.incarnation};
    event.sequence = knownAt(site, compartment)[event.author];
    if (event.sequence == event.past[event.author]) return;  // nothing had to change
    BOOST_REQUIRE(event.sequence == event.past[event.author] + 1);
    if (event.past[event.author] == 0) event.past.erase(event.author);
    models_[compartment].add(std::move(event));
    // s30: its nonce is new, whatever was put back before.
    Vault& vault = p_[site].vault(compartment.level);
    const auto header = Log(vault).header(vault.lastArrival());
    BOOST_REQUIRE(nonces_.insert(std::string(header->nonce.begin(), header->nonce.end())).second);
    ++written_;
  }

  std::vector<Said> saying(const json& fields, const Shown& now) {
    std::vector<Said> out;
    for (const auto& [name, value] : fields.items()) {
      Said said{name, Means::lastWriter, value, {}, {}, 0};
      if (const auto means = meansOf.find(name); means != meansOf.end()) said.means = means->second;
      const auto before = now.fields.find(name);
      if (said.means == Means::counter)
        said.value = value.get<std::int64_t>() - (before == now.fields.end() ? 0 : before->second.get<std::int64_t>());
      if (said.means == Means::ratchet)
        said.rank = std::find(gradeWords.begin(), gradeWords.end(), value.get<std::string>()) - gradeWords.begin();
      if (said.means == Means::earliest)
        said.rank =
            std::stoll(value.get<std::string>().substr(8, 2)) + 31 * std::stoll(value.get<std::string>().substr(5, 2));
      if (said.means == Means::set) {
        const std::set<std::string> had =
            before == now.fields.end() ? std::set<std::string>{} : before->second.get<std::set<std::string>>();
        const auto wanted = value.get<std::set<std::string>>();
        std::set_difference(wanted.begin(), wanted.end(), had.begin(), had.end(), std::back_inserter(said.added));
        std::set_difference(had.begin(), had.end(), wanted.begin(), wanted.end(), std::back_inserter(said.removed));
        if (said.added.empty() && said.removed.empty()) continue;
      }
      out.push_back(std::move(said));
    }
    return out;
  }

  Compartment anyCompartment(const std::string& site) {
    static const std::vector<Compartment> all = {{Level::internal, {}},
                                                 {Level::internal, {}},
                                                 {Level::internal, {"road"}},
                                                 {Level::confidential, {"water"}},
                                                 {Level::secret, {}},
                                                 {Level::secret, {"road"}},
                                                 {Level::topSecret, {"road", "water"}},
                                                 {Level::open, {}}};
    for (;;) {
      const Compartment& c = all[roll(all.size())];
      if (entitled(site, c)) return c;
    }
  }

  void create() {
    // Few records, so that many hands are on each.
    if (records_.size() > 14 && roll(4) != 0) return edit();
    const std::string& site = anySite();
    const Compartment compartment = anyCompartment(site);
    const std::string n = std::to_string(++count_);
    std::string entity;
    json fields, implied = json::object();
    switch (roll(5)) {
      case 0:
        entity = "MealCard";
        fields = {{"holder", n}, {"staff", true}, {"balanceFen", roll(100)}};
        implied = {{"state", "active"}};
        break;
      case 1:
        entity = "Post";
        fields = {{"code", "p" + std::to_string(roll(20))}, {"roles", {"clerk"}}};
        fields["title"] = n;
        break;
      case 2:
        entity = "SupervisionCase";
        fields = {{"title", n},
                  {"origin", "proposal"},
                  {"method", "phone"},
                  {"feedbackRequired", true},
                  {"urgency", "normal"},
                  {"openedAt", "2026-11-01T09:00:00+08:00"},
                  {"leadUnit", unit_.text()},
                  {"dueAt", "2026-12-20T09:00:00+08:00"}};
        implied = {{"state", "registered"}};
        break;
      case 3:
        entity = "Note";
        fields = {{"title", n}, {"number", roll(9)}};
        implied = {{"state", "kept"}};
        break;
      default: entity = "Extra"; fields = {{"title", n}};
    }
    if (p_[site].catalog().find(entity) == nullptr) return;
    write(site, compartment, [&](Event& event) {
      const RecordId id = p_.put(site, entity, fields, std::string(wordOf(compartment.level)), compartment.circles);
      event.record = id.text();
      json all = fields;
      all.update(implied);
      event.said = saying(all, {});
      if (entity == "Post")
        for (Said& s : event.said)
          if (s.field == "title") s.means = Means::lastWriter;
      records_.push_back({id, entity, compartment});
    });
  }

  const RecordOf* anyRecordAt(const std::string& site) {
    for (int i = 0; i < 10 && !records_.empty(); ++i) {
      const RecordOf& one = records_[roll(records_.size())];
      if (entitled(site, one.compartment) && p_[site].catalog().find(one.entity) != nullptr &&
          !p_.get(site, one.id).is_null())
        return &one;
    }
    return nullptr;
  }
  Shown shownAt(const std::string& site, const RecordOf& one) {
    return models_[one.compartment].show(one.id.text(), knownAt(site, one.compartment), stateWords);
  }

  void edit() {
    const std::string& site = anySite();
    const RecordOf* one = anyRecordAt(site);
    if (one == nullptr || one->entity == "Attachment") return;
    const Shown now = shownAt(site, *one);
    json fields;
    const std::string text = "值" + std::to_string(roll(50));
    const auto some = [&](std::vector<std::string> words) {
      std::set<std::string> out;
      for (const std::string& word : words)
        if (roll(2) == 0) out.insert(word);
      return json(out);
    };
    const EntityType& entity = *p_[site].catalog().find(one->entity);
    if (one->entity == "MealCard") {
      if (roll(2) == 0) fields["balanceFen"] = roll(1000);
      if (roll(2) == 0) fields["holder"] = text;
      if (roll(3) == 0) fields["state"] = stateWords[roll(3)];
    } else if (one->entity == "Post") {
      if (roll(2) == 0) fields["title"] = text;
      fields["roles"] = some({"clerk", "driver", "cook"});
    } else if (one->entity == "SupervisionCase") {
      if (roll(2) == 0) fields["title"] = text;
      if (roll(3) == 0) fields["urgency"] = gradeWords[roll(3)];
      if (roll(3) == 0) fields["dueAt"] = "2026-12-" + std::to_string(10 + roll(19)) + "T09:00:00+08:00";
      if (roll(2) == 0) fields["progress"] = text;
      if (roll(3) == 0) fields["state"] = stateWords[3 + roll(4)];
      if (roll(3) == 0) fields["supportUnits"] = json::array({unit_.text()});
    } else {
      if (roll(2) == 0) fields["title"] = text;
      if (entity.find("number") != nullptr && roll(2) == 0) fields["number"] = roll(100);
      if (const Field* state = entity.find("state"); state != nullptr && roll(3) == 0)
        fields["state"] = state->type.values[roll(state->type.values.size())];
      if (entity.find("tags") != nullptr) {
        fields["tags"] = some({"一", "二", "三"});
        if (roll(3) == 0) fields["grade"] = gradeWords[3 + roll(3)];
        if (roll(3) == 0) fields["remark"] = text;
        if (roll(3) == 0) fields["lines"] = text;
      }
    }
    if (fields.empty()) return;
    write(site, one->compartment, [&](Event& event) {
      p_.set(site, one->id, fields);
      event.record = one->id.text();
      event.said = saying(fields, now);
      if (one->entity == "Post")
        for (Said& s : event.said)
          if (s.field == "title") s.means = Means::lastWriter;
    });
  }

  void remove() {
    const std::string& site = anySite();
    const RecordOf* one = anyRecordAt(site);
    if (one == nullptr || roll(3) != 0) return;
    write(site, one->compartment, [&](Event& event) {
      p_.remove(site, one->id);
      event.record = one->id.text();
      event.deletes = true;
    });
  }

  void resolve() {
    const std::string& site = anySite();
    const json conflicts = p_[site].conflicts();
    if (conflicts.empty()) return;
    const json conflict = conflicts[roll(conflicts.size())];
    const auto one = std::find_if(records_.begin(), records_.end(),
                                  [&](const RecordOf& r) { return r.id.text() == conflict.at("record"); });
    BOOST_REQUIRE(one != records_.end());
    const std::size_t pick = roll(conflict.at("values").size());
    write(site, one->compartment, [&](Event& event) {
      resolveConflict(p_[site], conflict.at("id").get<std::string>(), static_cast<std::int64_t>(pick), "");
      event.record = one->id.text();
      const json value = conflict.at("values")[pick].at("value");
      if (conflict.at("field") == "_deleted")
        event.deletes = value == "deleted";
      else
        event.said.push_back({conflict.at("field"), Means::conflict, value, {}, {}, 0});
    });
  }

  void attachSomething() {
    const std::string& site = anySite();
    const RecordOf* found = anyRecordAt(site);
    if (found == nullptr || attachments_.size() > 6) return;
    const RecordOf one = *found;  // it may be an attachment itself, and their list grows here
    Bytes content(roll(150'000));
    p_.environment.random->fill(content);
    const std::string path = p_.root() / "file";
    Environment::system().files->note(path, content);
    write(site, one.compartment, [&](Event& event) {
      const json made = attach(p_[site], one.id, path, "照片.jpg");
      const auto id = *RecordId::parse(made.at("id").get<std::string>());
      attachments_.push_back({{id, "Attachment", one.compartment}, std::move(content)});
      event.record = id.text();
      event.said = saying(p_.get(site, id), {});
      records_.push_back(attachments_.back().first);
    });
  }

  // ---- how it travels
  void carry() {
    const std::string from = anySite(), to = anySite();
    if (from == to) return;
    for (const std::string& file : packed(from, to)) {
      const std::size_t fate = roll(6);
      if (fate == 0) continue;                      // lost
      if (fate != 1) take(to, file);                // else it comes weeks later
      if (fate < 4) stick_.emplace_back(to, file);  // and perhaps once more
    }
    if (!stick_.empty() && roll(2) == 0) {
      const auto [late, file] = stick_[roll(stick_.size())];
      take(late, file);
    }
  }

  // A bundle with classified content registers itself as a carrier: a change like any other.
  std::vector<std::string> packed(const std::string& from, const std::string& to) {
    std::map<Compartment, Known> before;
    for (const Level level : {Level::confidential, Level::secret, Level::topSecret})
      if (entitled(from, {level, {}})) before[{level, {}}] = knownAt(from, {level, {}});
    const auto files = p_.pack(from, to);
    // s30: nor does a bundle's number, whatever was put back before.
    for (const std::string& file : files)
      BOOST_REQUIRE(numbers_.insert(std::filesystem::path(file).filename().string()).second);
    for (auto& [compartment, past] : before) {
      const Author self = p_[from].vault(compartment.level).self();
      const Hand author{std::string(self.site.bytes.begin(), self.site.bytes.end()), self.incarnation};
      const std::uint64_t now = knownAt(from, compartment)[author];
      const auto had = past.find(author);
      if (now > (had == past.end() ? 0 : had->second))
        models_[compartment].add({author, now, past, "registration", false, {}, 0});
    }
    return files;
  }

  // At the office what came with a provisional number gets a real one: a change of its own, which the model knows of.
  void take(const std::string& to, const std::string& file) {
    std::map<Compartment, Hand> own;
    std::map<Compartment, std::uint64_t> before;
    for (const Level level : {Level::confidential, Level::secret, Level::topSecret}) {
      if (to != "hq") break;
      const Author self = p_[to].vault(level).self();
      own[{level, {}}] = {std::string(self.site.bytes.begin(), self.site.bytes.end()), self.incarnation};
      before[{level, {}}] = knownAt(to, {level, {}})[own[{level, {}}]];
    }
    try {
      takeBundle(p_[to], file, Apply::reallyApply, {});
    } catch (const Error& error) {
      // Its prekey may be gone by now: then the sender still has what was in it.
      BOOST_REQUIRE_MESSAGE(error.code() == Code::badKey, error.what());
      return;
    }
    for (const auto& [compartment, author] : own) {
      Known past = knownAt(to, compartment);
      const std::uint64_t now = past[author];
      if (now == before[compartment]) continue;
      BOOST_REQUIRE(now == before[compartment] + 1);
      past[author] = before[compartment];
      if (past[author] == 0) past.erase(author);
      models_[compartment].add({author, now, past, "numbering", false, {}, 0});
    }
    for (const auto& [compartment, model] : models_) {
      if (!entitled(to, compartment)) continue;
      const Known known = knownAt(to, compartment);
      for (const auto& [author, sequence] : known)
        if (author.first != ids_.at(to)) reached_[{to, compartment}][author] = sequence;
    }
  }

  void crash() {
    const std::string& site = anySite();
    switch (roll(4)) {
      case 0: p_.close(site); return;
      case 1: {
        const std::string path = p_.root() / ("backup" + std::to_string(++backups_));
        backupSite(p_[site], path, {});
        saved_[site] = path;
        return;
      }
      default: {
        const auto saved = saved_.find(site);
        if (saved == saved_.end() || site == "hq") return;
        p_.close(site);
        std::filesystem::remove_all(p_.folder(site));
        restoreSite(p_.opening(site), saved->second);
        std::erase_if(reached_, [&](const auto& at) { return at.first.first == site; });  // only it may have had them
        saved_.erase(saved);
      }
    }
  }

  void upgrade(std::size_t parity) {
    for (std::size_t i = 0; i < p_.sites().size(); ++i)
      if (i % 2 == parity) upgradeSite(p_.sites()[i]);
  }
  void upgradeSite(const std::string& site) {
    p_.close(site);
    p_.schemas[site] = hostSchema(p_.root(), true);
  }

  void step() {
    switch (roll(16)) {
      case 0:
      case 1:
      case 2: return create();
      case 3:
      case 4:
      case 5:
      case 6:
      case 7: return edit();
      case 8: return remove();
      case 9: return resolve();
      case 10: return attachSomething();
      case 11: return crash();
      default: return carry();
    }
  }

  // ---- what must hold at any time
  void check(const std::string& site) {
    Store& store = p_[site];
    std::map<std::string, std::set<std::string>> conflicts;
    const json listed = store.conflicts();
    for (const json& c : listed) conflicts[c.at("record")].insert(c.at("field").get<std::string>());
    for (const Level level : store.levels()) {
      BOOST_REQUIRE(entitled(site, {level, {}}));
      for (const CompartmentState* state : store.vault(level).compartments())
        BOOST_REQUIRE_MESSAGE(entitled(site, state->compartment), site << " holds what it is not cleared for");
    }
    for (const RecordOf& one : records_) {
      if (!entitled(site, one.compartment)) {
        BOOST_REQUIRE(p_.get(site, one.id).is_null());
        continue;
      }
      const EntityType* entity = store.catalog().find(one.entity);
      if (entity == nullptr) continue;
      const Known known = knownAt(site, one.compartment);
      Shown expected = models_[one.compartment].show(one.id.text(), known, stateWords);
      std::erase_if(expected.fields, [&](const auto& field) { return entity->find(field.first) == nullptr; });
      std::erase_if(expected.conflicts,
                    [&](const auto& field) { return field != "_deleted" && entity->find(field) == nullptr; });
      const json now = p_.get(site, one.id);
      BOOST_REQUIRE_MESSAGE(now.is_null() != expected.there, site << ": " << one.entity << " " << one.id.text());
      BOOST_REQUIRE_MESSAGE(conflicts[one.id.text()] == expected.conflicts, site << ": conflicts of " << one.entity);
      if (!expected.there) continue;
      json shown = now;
      // Of concurrent states a site prefers one that it knows, until its upgrade.
      if (one.entity == "Note" && entity->find("tags") == nullptr) shown.erase("state"), expected.fields.erase("state");
      if (one.entity != "Note") shown.erase("number");  // the office's series
      for (auto& [name, value] : shown.items())
        if (const auto means = meansOf.find(name); means != meansOf.end() && means->second == Means::set)
          value = value.get<std::set<std::string>>();
      BOOST_REQUIRE_MESSAGE(shown == json(expected.fields), site << ": " << one.entity << "\n"
                                                                 << shown.dump() << "\n"
                                                                 << json(expected.fields).dump());
    }
    for (const auto& [one, content] : attachments_) {
      if (p_.get(site, one.id).is_null()) continue;
      Bytes got;
      detach(store, one.id, [&](BytesView piece) { return append(got, piece), true; });
      BOOST_REQUIRE_MESSAGE(got == content, site << ": an attachment is not what was attached");
    }
  }

  std::mt19937 dice_;
  Prefecture p_;
  std::map<std::string, std::string> ids_, saved_;
  RecordId unit_;
  std::vector<RecordOf> records_;
  std::vector<std::pair<RecordOf, Bytes>> attachments_;
  std::map<Compartment, ReferenceModel> models_;
  std::map<std::pair<std::string, Compartment>, Known> reached_;  // site and compartment: others' changes that it took
  std::set<std::string> nonces_, numbers_;
  std::vector<std::pair<std::string, std::string>> stick_;
  int count_ = 0, backups_ = 0;
  std::size_t written_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_CASE(s62_a_prefecture_converges_whatever_happens_and_shows_what_the_merge_classes_mean) {
  const auto number = [](const char* name, int otherwise) {
    const char* given = std::getenv(name);
    return given == nullptr ? otherwise : std::stoi(given);
  };
  const int seed = number("CINNABAR_SEED", 0);
  const int first = seed == 0 ? 1 : seed, count = seed == 0 ? number("CINNABAR_SOAK", 4) : 1;
  for (int s = first; s < first + count; ++s) {
    BOOST_TEST_CONTEXT("CINNABAR_SEED=" << s) {
      Story story(static_cast<unsigned>(s));
      story.run(number("CINNABAR_STEPS", 150));
      story.checkAll();
    }
  }
}
