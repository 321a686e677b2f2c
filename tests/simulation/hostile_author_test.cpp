// A member that has turned: it writes in another's name, tells two stories under one number, or lies about what it has.
#include <boost/test/unit_test.hpp>

#include "sync/verify.h"
#include "tests/builder/turned.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

BOOST_FIXTURE_TEST_SUITE(hostile, Turned)

BOOST_AUTO_TEST_CASE(s23_nobody_writes_in_another_s_name) {
  Chain forged = gar.chain(internal, "ritu");
  const Hash start = forged.hash;
  const PartContent change = gar.change(forged, {gar.record("MealCard", cardWrites())});
  BOOST_TEST(forgedOr(refusal("hq", gar.bundle("hq", Level::internal, {change}))), "without a head");
  BOOST_TEST(forgedOr(refusal("hq", gar.bundle("hq", Level::internal, {change, gar.head(forged, start)}))),
             "with the forger's own signature");
}

BOOST_AUTO_TEST_CASE(s23_a_true_head_of_later_changes_proves_no_forged_one_before_it) {
  // Gar has what Ritu wrote meanwhile, hq has not: Ritu's own signature lies beside the forged change.
  const Chain hqHas = gar.chain(internal, "ritu");
  for (int i = 0; i < 3; ++i) put("ritu", "MealCard", {{"holder", "丁"}, {"staff", true}});
  carry("ritu", "gar");
  Chain forged = hqHas;
  const PartContent change = gar.change(forged, {gar.record("MealCard", cardWrites())});
  for (const Hash& before : {hqHas.hash, Hash{}, forged.hash}) {
    PartContent head = gar.trueHead(internal, "ritu");
    std::copy(before.begin(), before.end(), head.content.end() - static_cast<std::ptrdiff_t>(before.size()));
    BOOST_TEST(forgedOr(refusal("hq", gar.bundle("hq", Level::internal, {change, head}))));
    std::vector<PartContent> mixed = {change};
    for (PartContent& rest : gar.trueChanges(internal, "ritu", hqHas.sequence + 2)) mixed.push_back(std::move(rest));
    mixed.push_back(head);
    BOOST_TEST(forgedOr(refusal("hq", gar.bundle("hq", Level::internal, mixed))));
  }
  std::vector<PartContent> honest = gar.trueChanges(internal, "ritu", hqHas.sequence + 1);
  honest.push_back(gar.trueHead(internal, "ritu"));
  take("hq", gar.bundle("hq", Level::internal, honest));
  BOOST_TEST(gar.chain(internal, "ritu").sequence == Forger(*this, "hq").chain(internal, "ritu").sequence);
  mustGoOn();
}

BOOST_AUTO_TEST_CASE(s23_changes_of_a_site_that_is_not_known_here_are_never_taken_on_trust) {
  // A forger speaks for a site whose certificate is still under way.
  requestToJoin(opening("coqen"), {"coqen", "措勤"});
  Chain forged = gar.chain(internal);
  forged.author.site.bytes[3] ^= 1;
  forged = {internal, forged.author, 0, 0, {}};
  const PartContent change = gar.change(forged, {gar.record("MealCard", cardWrites())});
  const std::string file = gar.bundle("hq", Level::internal, {change, gar.head(forged)});
  const Taken taken = takeBundle(office(), file, Apply::reallyApply, {});
  BOOST_TEST(taken.applied == 0u);
  BOOST_TEST(office().vault(Level::internal).database().number("SELECT count(*) FROM waiting") == 0);
  mustGoOn();
}

BOOST_AUTO_TEST_CASE(s23_what_a_site_writes_into_a_circle_that_it_is_not_in_any_more_does_not_count) {
  // Ritu comes into the circle; the office takes gar out of it and knows so, while ritu and gar do not yet.
  const auto certified = [&](const char* site, const std::set<std::string>& circles) {
    Certificate c = *Roster(office()).find(site);
    c.number = Roster(office()).lastNumber() + 1;
    Roster::stateCircles(c, circles, office().lowest());
    signCertificate(c, office().identity().group, secrets::delegateKey(office().lowest()));
    return c;
  };
  const auto keepAtOffice = [&](const Certificate& c) {
    Vault& lowest = office().lowest();
    lowest.begin();
    Roster::keep(lowest, Roster(office()).delegation(), c);
    lowest.commit();
  };
  keepAtOffice(certified("ritu", {"road"}));
  settle();
  const RecordId before = put("gar", "MealCard", {{"holder", "前"}, {"staff", true}}, "internal", {"road"});
  for (const char* site : {"ritu", "hq"}) carry("gar", site);
  BOOST_TEST(!get("ritu", before).is_null());
  BOOST_TEST(!get("hq", before).is_null());
  keepAtOffice(certified("gar", {}));
  const RecordId after = put("gar", "MealCard", {{"holder", "后"}, {"staff", true}}, "internal", {"road"});
  carry("gar", "ritu");
  BOOST_TEST(!get("ritu", after).is_null());
  carry("ritu", "hq");
  BOOST_TEST(!get("hq", before).is_null());
  BOOST_TEST(get("hq", after).is_null());
  BOOST_TEST(violationsOf("hq", "unauthorisedAuthor") == 1u);
}

BOOST_AUTO_TEST_CASE(s28_an_acknowledgement_that_lies_changes_nothing_but_what_the_liar_gets) {
  const Author hq{office().identity().site, 1}, own = gar.chain(internal).author;
  const RecordId before = put("hq", "MealCard", {{"holder", "前"}, {"staff", true}});
  take("hq",
       gar.bundle("hq", Level::internal, {{Part::seen, acknowledgement({{internal, {{hq, 1'000'000}, {own, 1}}}})}}));
  BOOST_TEST(office().vault(Level::internal).self().incarnation == 1u);
  BOOST_TEST(pack("hq", "gar").size() <= 2u);
  // Less than it has: it is served again from the beginning.
  take("hq", gar.bundle("hq", Level::internal, {{Part::seen, acknowledgement({})}}));
  carry("hq", "gar");
  BOOST_TEST(!get("gar", before).is_null());
  mustGoOn();
}

BOOST_AUTO_TEST_CASE(s23_two_changes_with_one_number_are_kept_as_proof_and_shown) {
  Chain one = gar.chain(internal), two = one;
  const Hash before = one.hash;
  const std::vector<PartContent> first = {gar.change(one, {gar.record("MealCard", cardWrites())}),
                                          gar.head(one, before)};
  const std::vector<PartContent> second = {gar.change(two, {gar.record("MealCard", cardWrites())}),
                                           gar.head(two, before)};
  take("hq", gar.bundle("hq", Level::internal, first));
  take("hq", gar.bundle("hq", Level::internal, second));
  BOOST_REQUIRE(violationsOf("hq", "equivocation") == 1u);
  const json detail = office().violations()[0].at("detail");
  BOOST_TEST(detail.at("heads").size() == 2u);
  const Certificate* author = nullptr;
  const Roster roster(office());
  author = roster.find("gar");
  for (const json& proof : detail.at("heads")) {  // each stands by itself
    SignedHead head{internal, {author->site, 1}, proof.at("sequence").get<Sequence>(), {}, {}, {}};
    const auto bytes = [](const json& hex, auto& out) {
      const std::string text = hex.get<std::string>();
      std::size_t read = 0;
      BOOST_TEST(sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), nullptr, &read, nullptr) == 0);
      BOOST_TEST(read == out.size());
    };
    bytes(proof.at("hash"), head.hash);
    bytes(proof.at("signature"), head.signature);
    BOOST_TEST(verifyHead(head, office().identity().group, author->signingKey));
  }
  const Item third = gar.record("MealCard", cardWrites());
  take("hq", gar.bundle("hq", Level::internal, {gar.change(one, {third}), gar.head(one)}));
  BOOST_TEST(get("hq", third.record).is_null());
  BOOST_TEST(violationsOf("hq", "equivocation") == 1u);
  mustGoOn();
}

BOOST_AUTO_TEST_CASE(s23_who_tells_two_sites_two_stories_stops_neither_from_taking_others_changes) {
  Chain one = gar.chain(internal), two = one;
  const Hash before = one.hash;
  const Item mine = gar.record("MealCard", cardWrites());
  take("hq", gar.bundle("hq", Level::internal, {gar.change(one, {mine}), gar.head(one, before)}));
  take("ritu", gar.bundle("ritu", Level::internal,
                          {gar.change(two, {gar.record("MealCard", cardWrites())}),
                           gar.change(two, {gar.record("MealCard", cardWrites())}), gar.head(two, before)}));
  // The first story goes on, and an honest site writes on top of it.
  const Hash middle = one.hash;
  take("hq", gar.bundle("hq", Level::internal,
                        {gar.change(one, {gar.record("MealCard", cardWrites())}),
                         gar.change(one, {gar.record("MealCard", cardWrites())}), gar.head(one, middle)}));
  set("hq", mine.record, {{"holder", "署"}});
  const RecordId later = put("hq", "MealCard", {{"holder", "后"}, {"staff", true}});
  for (int round = 0; round < 4; ++round)
    for (const char* county : {"ritu", "zhada"}) {
      carry("hq", county);
      carry(county, "hq");
    }
  BOOST_TEST(get("ritu", later).at("holder") == "后");
  BOOST_TEST(get("zhada", later).at("holder") == "后");
  BOOST_TEST(violationsOf("ritu", "equivocation") + violationsOf("hq", "equivocation") >= 1u);
  // And they come to rest.
  for (const char* county : {"ritu", "zhada"}) {
    BOOST_TEST(pack("hq", county).empty());
    BOOST_TEST(pack(county, "hq").empty());
  }
  const RecordId fresh = put("ritu", "MealCard", {{"holder", "其后"}, {"staff", true}});
  carry("ritu", "hq");
  carry("hq", "zhada");
  BOOST_TEST(get("zhada", fresh).at("holder") == "其后");
  for (const char* site : {"hq", "ritu", "zhada"}) BOOST_TEST(verifySite((*this)[site], {}).at("ok").get<bool>());
}

BOOST_AUTO_TEST_CASE(a_change_that_depends_on_what_never_was_waits_alone) {
  Chain chain = gar.chain(internal);
  const Hash before = chain.hash;
  const Author ritu{gar.chain(internal, "ritu").author};
  const Lamport far = 1'000'000;
  take("hq", gar.bundle("hq", Level::internal,
                        {gar.change(chain, {gar.record("MealCard", cardWrites())},
                                    [&](Header& h) {
                                      h.dependencies = {{ritu, far}};
                                      h.lamport = far + 1;
                                    }),
                         gar.change(chain, {gar.record("MealCard", cardWrites())}), gar.head(chain, before)}));
  BOOST_TEST(office().vault(Level::internal).database().number("SELECT count(*) FROM waiting") == 2);
  mustGoOn();
  BOOST_TEST(office().vault(Level::internal).database().number("SELECT count(*) FROM waiting") == 2);
}

BOOST_AUTO_TEST_CASE(what_waits_is_not_poison_for_the_bundle_that_it_waits_for) {
  // The change depends on Ritu's next one, which hq does not have yet, and cannot be read.
  const auto next = gar.chain(internal, "ritu");
  for (const bool lamportToo : {false, true}) {
    Chain chain = gar.chain(internal);
    const Hash before = chain.hash;
    const auto depends = [&](Header& h) {
      h.dependencies = {{next.author, std::max(next.lamport, chain.lamport) + 1}};
      h.lamport = h.dependencies[0].lamport + (lamportToo ? 5 : 1);
    };
    const PartContent poison = gar.change(chain, {gar.record("MealCard", cardWrites())}, depends,
                                          [](SealedChangeset& s) { s.items.back() ^= 1; });
    BOOST_TEST(forgedOr(refusal("hq", gar.bundle("hq", Level::internal, {poison, gar.head(chain, before)}))));
  }
  mustGoOn();
}

BOOST_AUTO_TEST_SUITE_END()
