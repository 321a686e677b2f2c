// Every kind of record lives a whole life at two sites, through the public header alone. What a record may hold is
// read from the schema's JSON: a new entity is covered without a word here.
#include <cinnabar.h>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "tests/capi/any_record.h"

using cinnabar::test::AnyRecord;
using nlohmann::json;

namespace {

cnb_text text(const std::string& s) { return {s.data(), s.size()}; }

void check(cnb_status status) {
  if (status != CNB_OK)
    throw std::runtime_error(std::string(cnb_error_last()->code) + ": " + cnb_error_last()->message);
}

template <class Function, class... Arguments>
json call(Function function, Arguments... arguments) {
  cnb_buffer buffer{};
  check(function(arguments..., &buffer));
  const json out = json::parse(std::string(buffer.data, buffer.length), nullptr, false);
  cnb_buffer_free(&buffer);
  return out;
}

// ---- an office and a county that joined it
class Sites {
 public:
  Sites() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cinnabar-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder");
    folder_ = pattern;
    const std::string hq = folder_ + "/hq", gar = folder_ + "/gar";
    cnb_options options{};
    options.size = sizeof options;
    options.person = text(person_);
    options.passphrase = text(passphrase_);
    check(cnb_office_create(text(hq), &options, text(office_), text(office_), nullptr, nullptr));
    check(cnb_open(text(hq), &options, &sites_["hq"]));
    cnb_buffer request{}, grant{};
    check(cnb_join_request(text(gar), &options, text(county_), text(county_), &request));
    const std::string level = "topSecret", circles = json(circlesOfSchema()).dump();
    check(cnb_join_approve(sites_["hq"], {request.data, request.length}, text(level), text(circles), {}, &grant));
    check(cnb_join_accept(text(gar), &options, {grant.data, grant.length}, nullptr));
    check(cnb_open(text(gar), &options, &sites_["gar"]));
    cnb_buffer_free(&request);
    cnb_buffer_free(&grant);
  }
  ~Sites() {
    for (auto& [name, site] : sites_) cnb_close(site);
    std::filesystem::remove_all(folder_);
  }
  Sites(const Sites&) = delete;
  Sites& operator=(const Sites&) = delete;

  cnb_site* operator[](const std::string& name) { return sites_.at(name); }

  // One transaction for many changes.
  template <class Changes>
  void write(const std::string& site, Changes changes) {
    cnb_transaction* t = nullptr;
    check(cnb_begin(sites_.at(site), &t));
    try {
      changes(t);
    } catch (...) {
      cnb_rollback(t);
      throw;
    }
    check(cnb_commit(t));
  }
  void settle() {
    for (int round = 0; round < 3; ++round) {
      carry("gar", "hq");
      carry("hq", "gar");
    }
  }
  json digests(const std::string& site) { return call(cnb_digest, sites_.at(site), cnb_text{}).at("compartments"); }

 private:
  static std::vector<std::string> circlesOfSchema() {
    std::set<std::string> out;
    const json schema = call(cnb_schema, static_cast<const cnb_options*>(nullptr));
    for (const json& entity : schema.at("entities"))
      for (const json& circle : entity.at("circles")) out.insert(circle);
    return {out.begin(), out.end()};
  }
  void carry(const std::string& from, const std::string& to) {
    const std::string stick = folder_ + "/stick" + std::to_string(++sticks_), channel = "dedicatedCourier";
    cnb_export_options options{};
    options.size = sizeof options;
    options.channel = text(channel);
    check(cnb_export(sites_.at(from), text(to == "hq" ? office_ : county_), text(stick), &options, nullptr));
    check(cnb_import(sites_.at(to), text(stick), 0, nullptr));
  }

  const std::string person_ = "clerk", passphrase_ = "朱砂 correct horse 1", office_ = "hq", county_ = "gar";
  std::string folder_;
  std::map<std::string, cnb_site*> sites_;
  int sticks_ = 0;
};

json recordAt(cnb_site* site, const std::string& id) { return call(cnb_get, site, text(id)); }

// What a record was made of and became, from nothing but its history.
json fieldsFromHistory(cnb_site* site, const json& entity, const std::string& id) {
  json out = json::object();
  std::map<std::string, std::string> types;
  for (const json& field : entity.at("fields")) types[field.at("name")] = field.at("type");
  const json history = call(cnb_history, site, text(id));
  for (const json& entry : history.at("entries")) {
    for (const auto& [name, value] : entry.at("fields").items()) {
      if (name.starts_with("_")) continue;
      if (types.at(name) == "text" && value.is_object()) {
        for (const json& line : value.at("added"))
          out[name] = (out.contains(name) ? out[name].get<std::string>() + "\n" : "") + line.get<std::string>();
      } else if (value.is_object() && (value.contains("added") || value.contains("removed"))) {
        json& list = out[name];
        for (const json& element : value.value("removed", json::array()))
          list.erase(std::remove(list.begin(), list.end(), element), list.end());
        for (const json& element : value.value("added", json::array())) list.push_back(element);
      } else if (value.is_object() && value.contains("by")) {
        out[name] = out.value(name, std::int64_t{0}) + value.at("by").get<std::int64_t>();
      } else if (value.is_null()) {
        out.erase(name);
      } else {
        out[name] = value;
      }
    }
  }
  return out;
}

bool stateIs(const json& entity, const char* mark) {
  for (const json& field : entity.at("fields"))
    if (field.at("name") == entity.at("stateField")) return field.at(mark);
  return false;
}
// Whether only the site that made a record takes its steps.
bool ownsItsState(const json& entity) { return stateIs(entity, "owner"); }
// Whether its steps are taken by acts alone.
bool computesItsState(const json& entity) { return stateIs(entity, "computed"); }

// The steps that a record in its present state may take.
std::string nextState(const json& entity, const json& fields) {
  const std::string state = entity.at("stateField");
  if (state.empty() || computesItsState(entity)) return "";
  for (const json& step : entity.at("transitions"))
    if (step.at("field") == state && step.at("from") == fields.at(state)) return step.at("to");
  return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_entity_lives_a_whole_life_at_two_sites) {
  Sites sites;
  AnyRecord any(
      call(cnb_schema, static_cast<const cnb_options*>(nullptr)),
      [&](const std::string& name, const json& fields) {
        const std::string document = fields.dump(), label = "public", circles = "[]";
        std::string id;
        sites.write("hq", [&](cnb_transaction* t) {
          id = call(cnb_put, t, text(name), text(document), text(label), text(circles)).at("id");
        });
        return id;
      },
      [](std::uint64_t n) { return "字" + std::to_string(n); });
  struct Life {
    json made;
    std::string id;
    bool appendOnly = false;
  };
  std::map<std::string, Life> lives;
  // Who has read a level writes nothing below it: each level has a transaction of its own.
  const auto atEachLevel = [&](const std::string& site, const auto& change) {
    std::map<std::string, std::vector<std::string>> byLevel;
    for (const auto& [name, entity] : any.entities()) byLevel[entity.at("label")].push_back(name);
    for (const auto& [level, names] : byLevel)
      sites.write(site, [&, &list = names](cnb_transaction* t) {
        for (const std::string& name : list) {
          BOOST_TEST_CONTEXT(name << " at " << site) { change(t, name, lives.at(name)); }
        }
      });
  };
  for (const auto& [name, entity] : any.entities())
    lives[name] = {any.fieldsOf(entity), "", entity.at("appendOnly").get<bool>()};

  atEachLevel("hq", [&](cnb_transaction* t, const std::string& name, Life& life) {
    const std::string fields = life.made.dump();
    const json verdict = call(cnb_validate, sites["hq"], text(name), cnb_text{}, text(fields), cnb_text{}, cnb_text{});
    BOOST_TEST(verdict.at("errors") == json::array());
    life.id = call(cnb_put, t, text(name), text(fields), cnb_text{}, cnb_text{}).at("id");
  });
  sites.settle();
  BOOST_TEST(sites.digests("gar") == sites.digests("hq"));
  for (const auto& [name, life] : lives) {
    BOOST_TEST_CONTEXT(name) {
      const json there = recordAt(sites["gar"], life.id).at("fields");
      for (const auto& [field, value] : life.made.items()) BOOST_TEST(there.at(field) == value);
    }
  }

  // Both are on their own: one takes the next step, both write a remark.
  for (const char* site : {"hq", "gar"})
    atEachLevel(site, [&](cnb_transaction* t, const std::string& name, Life& life) {
      json changes = {{"note", std::string("备注 ") + site}};
      const json& entity = any.entities().at(name);
      const std::string next = nextState(entity, recordAt(sites[site], life.id).at("fields"));
      if (std::string(site) == (ownsItsState(entity) ? "hq" : "gar") && !next.empty() && !life.appendOnly)
        changes[entity.at("stateField").get<std::string>()] = next;
      const std::string fields = changes.dump();
      call(cnb_set, t, text(life.id), text(fields));
    });
  sites.settle();
  BOOST_TEST(sites.digests("gar") == sites.digests("hq"));
  const auto conflictsAt = [&](const char* site) {
    std::set<std::string> out;
    const json conflicts = call(cnb_conflicts, sites[site]);
    for (const json& one : conflicts.at("conflicts")) out.insert(one.at("id"));
    return out;
  };
  const std::set<std::string> atOffice = conflictsAt("hq"), atCounty = conflictsAt("gar");
  BOOST_TEST(atOffice == atCounty);
  for (const auto& [name, life] : lives) {
    BOOST_TEST_CONTEXT(name) {
      const json office = recordAt(sites["hq"], life.id), county = recordAt(sites["gar"], life.id);
      BOOST_TEST(office.at("fields") == county.at("fields"));
      BOOST_TEST(office.at("state") == county.at("state"));
      BOOST_TEST(atOffice.contains(life.id + ".note"));
    }
  }

  // Deleted, and made again from what its history tells.
  std::map<std::string, json> last;
  for (const auto& [name, life] : lives) last[name] = recordAt(sites["hq"], life.id).at("fields");
  atEachLevel("hq", [&](cnb_transaction* t, const std::string&, Life& life) {
    BOOST_TEST(cnb_delete(t, text(life.id)) == (life.appendOnly ? CNB_REFUSED : CNB_OK));
  });
  sites.settle();
  BOOST_TEST(sites.digests("gar") == sites.digests("hq"));
  std::map<std::string, std::string> again;
  std::map<std::string, json> restored;
  for (const auto& [name, life] : lives) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST((cnb_get(sites["gar"], text(life.id), nullptr) == (life.appendOnly ? CNB_OK : CNB_NOT_FOUND)));
      restored[name] = fieldsFromHistory(sites["gar"], any.entities().at(name), life.id);
      restored[name]["note"] = last[name].at("note");  // of two that stand, the one that was shown
      BOOST_TEST(restored[name] == last[name]);
    }
  }
  atEachLevel("hq", [&](cnb_transaction* t, const std::string& name, Life& life) {
    const json& entity = any.entities().at(name);
    for (const json& field : entity.at("fields"))
      if (field.contains("numbered")) restored[name].erase(field.at("name"));  // a number is given once
    if (life.appendOnly && !entity.at("key").empty()) return;
    const std::string fields = restored[name].dump();
    again[name] = call(cnb_put, t, text(name), text(fields), cnb_text{}, cnb_text{}).at("id");
  });
  sites.settle();
  BOOST_TEST(sites.digests("gar") == sites.digests("hq"));
  for (const auto& [name, id] : again) {
    BOOST_TEST_CONTEXT(name) {
      const json there = recordAt(sites["gar"], id).at("fields");
      for (const auto& [field, value] : restored[name].items()) BOOST_TEST(there.at(field) == value);
    }
  }
  for (const char* site : {"hq", "gar"}) {
    const json violations = call(cnb_violations, sites[site]).at("violations");
    // The clerk of this test fills in one person everywhere and signs nothing: just that is told, and nothing else.
    for (const json& violation : violations)
      BOOST_TEST((violation.at("kind") == "separation" || violation.at("kind") == "unlawfulAct"), violation.dump());
    BOOST_TEST(call(cnb_verify, sites[site]).at("ok") == true);
  }
}
