// s19: a bundle carries to a site exactly what it may have, over a channel whose ceiling covers it; and there is
// one place that decides.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <random>

#include "core/base/error.h"
#include "core/log/seal.h"
#include "sync/audit_head.h"
#include "sync/merger.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

const std::vector<Channel> channels = {Channel::internet, Channel::governmentNetwork, Channel::courier,
                                       Channel::dedicatedCourier};
const std::vector<std::vector<std::string>> circleSets = {{}, {"road"}, {"water"}, {"road", "water"}};

// The regulation's words, once more: internet public only, the government's network internal, an ordinary courier
// secret, a dedicated one everything.
Level highestOver(Channel channel) {
  switch (channel) {
    case Channel::internet: return Level::open;
    case Channel::governmentNetwork: return Level::internal;
    case Channel::courier: return Level::secret;
    case Channel::dedicatedCourier: return Level::topSecret;
  }
  return Level::open;
}

bool holdsAll(const std::set<std::string>& has, const std::vector<std::string>& needs) {
  for (const std::string& circle : needs)
    if (!has.contains(circle)) return false;
  return true;
}

// Everything in a bundle that names a compartment or carries a key, opened with the receiver's keys.
struct Inside {
  std::set<Compartment> changes, heads, chunks, seen, digests, auditHeads;
  std::set<std::string> circleKeys;
  std::uint64_t keysTold = 0;
};

Inside open(Prefecture& p, const std::string& to, const std::string& file) {
  Store& store = p[to];
  const Roster roster(store);
  BundleReader bundle(p.environment, file);
  const auto prekey = secrets::prekey(store.vault(bundle.cover().level), bundle.cover().prekey);
  const BoxPair lasting = secrets::sealing(store.lowest());
  bundle.unlock(prekey ? *prekey : lasting,
                secrets::shared(store.lowest(), store.identity().site, roster.find(bundle.cover().from)->site));
  Inside inside;
  Part part{};
  Bytes content;
  while (bundle.next(part, content)) {
    Reader in(content);
    switch (part) {
      case Part::changeset: inside.changes.insert(decodeHeader(in.bytes()).compartment); break;
      case Part::head: inside.heads.insert(decodeSignedHead(content).compartment); break;
      case Part::chunk: inside.chunks.insert(readCompartment(in)); break;
      case Part::digest: inside.digests.insert(readCompartment(in)); break;
      case Part::epochKey: inside.circleKeys.emplace(in.text()); break;
      case Part::seen:
        for (const auto& [compartment, authors] : decodeAcknowledgement(content).seen) inside.seen.insert(compartment);
        inside.keysTold = decodeAcknowledgement(content).keys;
        break;
      case Part::auditHead: inside.auditHeads.insert(decodeSignedAuditHead(content).compartment); break;
      default: break;
    }
  }
  return inside;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(guard)

BOOST_AUTO_TEST_CASE(s19_over_every_level_circle_channel_and_clearance_a_bundle_carries_what_it_may_and_all_of_it) {
  std::vector<County> counties;
  for (const Level clearance : allLevels)
    for (std::size_t c = 0; c < circleSets.size(); ++c)
      counties.push_back({std::string(wordOf(clearance) == "topSecret" ? "top" : wordOf(clearance)) + std::to_string(c),
                          clearance,
                          {circleSets[c].begin(), circleSets[c].end()}});
  Prefecture p(counties);
  for (const char* circle : {"road", "water"}) ensureCircle(p.office(), circle);
  std::set<Compartment> all;
  for (const Level level : allLevels)
    for (const auto& circles : circleSets) {
      p.put("hq", "OrgUnit", {{"code", "u"}, {"name", "署"}, {"level", "county"}}, std::string(wordOf(level)), circles);
      all.insert({level, circles});
    }
  int stick = 0;
  for (const County& county : counties) {
    for (const Channel channel : channels) {
      std::set<Compartment> expected;
      for (const Compartment& c : all)
        if (c.level <= county.clearance && c.level <= highestOver(channel) && holdsAll(county.circles, c.circles))
          expected.insert(c);
      ExportOrder order;
      order.to = county.name;
      order.folder = p.root() / ("guard" + std::to_string(++stick));
      order.channel = channel;
      std::set<Compartment> changes, told;
      const json written = writeBundles(p.office(), order, {});
      for (const json& bundle : written.at("bundles")) {
        const Level level = *parseLevel(bundle.at("level").get<std::string>());
        BOOST_TEST((level <= highestOver(channel) && level <= county.clearance));
        const Inside inside = open(p, county.name, bundle.at("file"));
        for (const auto* some : {&inside.changes, &inside.heads, &inside.chunks, &inside.seen, &inside.digests})
          for (const Compartment& c : *some) BOOST_TEST((c.level == level));
        changes.insert(inside.changes.begin(), inside.changes.end());
        for (const auto* some : {&inside.heads, &inside.chunks, &inside.seen, &inside.digests})
          told.insert(some->begin(), some->end());
        for (const std::string& circle : inside.circleKeys)
          BOOST_TEST((circle.empty() || county.circles.contains(circle)), circle);
      }
      BOOST_TEST((changes == expected), county.name << " over " << wordOf(channel));
      BOOST_TEST(std::includes(expected.begin(), expected.end(), told.begin(), told.end()),
                 county.name << " is told of more");
    }
  }
  // Whatever travelled between counties that share some of it: each ends with exactly what it may have.
  p.settle();
  std::mt19937 dice(4);
  for (int i = 0; i < 60; ++i) p.carry(counties[dice() % counties.size()].name, "hq");
  for (int i = 0; i < 40; ++i) {
    const County& from = counties[dice() % counties.size()];
    const County& to = counties[dice() % counties.size()];
    if (from.name != to.name) p.carry(from.name, to.name);
  }
  for (const County& county : counties) {
    const json held = p.digests(county.name);
    for (const Compartment& c : all) {
      const std::string name = std::string(wordOf(c.level)) + json(c.circles).dump();
      BOOST_TEST(held.contains(name) == (c.level <= county.clearance && holdsAll(county.circles, c.circles)),
                 county.name << " " << name);
    }
    for (const Level level : allLevels)
      BOOST_TEST(std::filesystem::exists(vaultFileOf(p.folder(county.name), level)) == (level <= county.clearance));
  }
}

BOOST_AUTO_TEST_CASE(s19_a_certificate_that_ran_out_gets_nothing_more_from_the_office) {
  Prefecture p({});
  const auto admitted = [&](const std::string& name, const std::string& until) {
    acceptGrant(p.opening(name),
                admit(p.office(), requestToJoin(p.opening(name), {name, name}), {Level::internal, {}, until}));
  };
  admitted("gar", "2099-01-01");
  admitted("ritu", "2020-01-01");
  p.put("hq", "OrgUnit", {{"code", "u"}, {"name", "署"}, {"level", "county"}});
  BOOST_TEST(!p.pack("hq", "gar").empty());
  BOOST_TEST(p.pack("hq", "ritu").empty());
}

BOOST_AUTO_TEST_CASE(s19_nothing_else_decides_who_may_have_what) {
  // Only the guard asks a certificate what it entitles to, and only export and import write and open bundles.
  const std::map<std::string, std::set<std::string>> mayUse = {
      {".entitles(", {"sync/guard.cpp"}},      {"BundleWriter bundle", {"sync/export.cpp"}},
      {"bundle.unlock(", {"sync/import.cpp"}},  // others read no more than the cover
      {"Merger merger", {"sync/taking.h"}},    {"Taking taking", {"sync/import.cpp"}},
  };
  for (const char* folder : {"schema", "core", "sync", "capi", "examples"})
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::string(CINNABAR_SOURCE) + "/" + folder)) {
      const std::string path = std::filesystem::relative(entry.path(), CINNABAR_SOURCE).string();
      if (!path.ends_with(".cpp") && !path.ends_with(".h")) continue;
      std::ifstream file(entry.path());
      const std::string text((std::istreambuf_iterator<char>(file)), {});
      for (const auto& [word, where] : mayUse)
        if (text.find(word) != std::string::npos) BOOST_TEST((where.contains(path)), path << " uses " << word << ")");
    }
}

BOOST_AUTO_TEST_CASE(s21_a_site_is_not_told_what_circles_there_are_beside_it) {
  Prefecture p({{"gar", Level::confidential, {"water"}}});
  ensureCircle(p.office(), "road");
  for (const std::vector<std::string>& circles : std::vector<std::vector<std::string>>{{}, {"road"}, {"water"}})
    p.office().get(p.put("hq", "OrgUnit", {{"code", "u"}, {"name", "署"}, {"level", "county"}}, "秘密", circles));
  std::set<Compartment> audited;
  for (const std::string& file : p.pack("hq", "gar")) {
    const Inside inside = open(p, "gar", file);
    BOOST_TEST(inside.keysTold == 0u);
    audited.insert(inside.auditHeads.begin(), inside.auditHeads.end());
  }
  BOOST_TEST((audited == std::set<Compartment>{{Level::confidential, {}}, {Level::confidential, {"water"}}}));
}

BOOST_AUTO_TEST_CASE(s03_a_grant_holds_the_keys_of_its_sites_levels_and_circles_and_no_others) {
  Prefecture p({});
  for (const char* circle : {"road", "water"}) ensureCircle(p.office(), circle);
  const Bytes request = requestToJoin(p.opening("gar"), {"gar", "噶尔"});
  const Bytes grant = admit(p.office(), request, {Level::internal, {"road"}, "2099-12-31"});
  acceptGrant(p.opening("gar"), grant);
  Reader in(grant, "grant");
  in.number();
  in.id<SiteId>();
  const SecretBytes plain = boxOpen(in.bytes(), secrets::sealing(p["gar"].lowest()));
  for (const Level level : allLevels)
    for (const char* circle : {"", "road", "water"}) {
      const SecretBytes key = p.office().vault(level).epochKey(circle, 1);
      const bool holds = textOf(plain.view()).find(textOf(key.view())) != std::string_view::npos;
      BOOST_TEST(holds == (level <= Level::internal && std::string_view(circle) != "water"), wordOf(level)
                                                                                                 << " " << circle);
    }
}

BOOST_AUTO_TEST_CASE(s04_no_two_compartments_share_a_key_and_each_needs_that_of_every_circle) {
  Prefecture p({});
  for (const char* circle : {"road", "water"}) ensureCircle(p.office(), circle);
  std::set<std::string> keys;
  for (const Level level : allLevels)
    for (const auto& circles : circleSets)
      keys.emplace(textOf(p.office().vault(level).compartmentKey({level, circles}, 1).view()));
  BOOST_TEST(keys.size() == allLevels.size() * circleSets.size());
}

BOOST_AUTO_TEST_CASE(s03_who_joins_a_site_is_cleared_for_what_the_site_is) {
  Prefecture p({{"gar", Level::internal, {}}});
  std::optional<UnlockedPerson> person;
  openSite(p.opening("gar"), Rollback::refuse, &person);
  BOOST_TEST((person->clearance == Level::internal));
}

BOOST_AUTO_TEST_CASE(s20_two_bundles_of_one_size_and_cover_cannot_be_told_apart) {
  // A full one and an empty one of the same number to the same site: but for the words of the cover nothing repeats.
  std::vector<Bytes> bundles;
  for (const bool full : {false, true}) {
    Prefecture p({{"gar", Level::internal, {}}}, full ? 11 : 12);
    if (full) p.put("hq", "OrgUnit", {{"code", "u"}, {"name", "署"}, {"level", "county"}}, "internal");
    p.put("gar", "OrgUnit", {{"code", "v"}, {"name", "署"}, {"level", "county"}}, "internal");
    p.carry("gar", "hq");
    bundles.push_back(Environment::system().files->read(p.pack("hq", "gar").back(), 1 << 20));
  }
  BOOST_REQUIRE(bundles[0].size() == bundles[1].size());
  const std::size_t words = 4 + 1 + 1 + 1 + 3 + 4;  // magic, suite, number, level, from, to
  BOOST_TEST(
      (BytesView(bundles[0]).first(words).size() == words &&
       std::equal(bundles[0].begin(), bundles[0].begin() + static_cast<std::ptrdiff_t>(words), bundles[1].begin())));
  std::size_t same = 0;
  for (std::size_t at = words; at + 4 <= bundles[0].size(); ++at)
    same += std::equal(bundles[0].begin() + static_cast<std::ptrdiff_t>(at),
                       bundles[0].begin() + static_cast<std::ptrdiff_t>(at + 4),
                       bundles[1].begin() + static_cast<std::ptrdiff_t>(at));
  BOOST_TEST(same == 0u);
}

BOOST_AUTO_TEST_CASE(s58_what_an_item_is_sealed_to_depends_on_no_other_item) {
  SeededRandom random(5);
  const SecretBytes key = SecretBytes::random(keySize, random);
  std::mt19937 dice(6);
  const auto itemOf = [&](const std::string& text) {
    Item item;
    item.writes.push_back({1, Operation::set, text, {}});
    return item;
  };
  const auto sizes = [&](const std::vector<Item>& items) {
    Header header;
    header.sequence = header.lamport = header.epoch = header.author.incarnation = 1;
    const SealedChangeset sealed = Sealer::seal(header, items, key, random);
    std::vector<std::size_t> out;
    for (const SealedItem& item : splitItems(sealed.items, items.size())) out.push_back(item.bytes.size());
    return out;
  };
  for (int i = 0; i < 50; ++i) {
    std::string text;
    for (int n = 0; n < 200; ++n) text += static_cast<char>('a' + dice() % 26);
    const std::size_t alone = sizes({itemOf(text)}).at(0);
    BOOST_TEST(sizes({itemOf(text), itemOf(text), itemOf(text)}) == std::vector<std::size_t>(3, alone));
    BOOST_TEST(sizes({itemOf("别的"), itemOf(text)}).at(1) == alone);
  }
}

BOOST_AUTO_TEST_SUITE_END()
