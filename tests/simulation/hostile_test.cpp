// A member that has turned, with every key that its site really holds: what it sends is refused with nothing
// changed, or stays as a violation; and it can never stop others from taking each other's changes.
#include <boost/test/unit_test.hpp>
#include <random>

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/record/read_connection.h"
#include "core/record/transaction.h"
#include "core/search/index.h"
#include "sync/verify.h"
#include "tests/builder/forger.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

const Compartment internal{Level::internal, {}};
const json caseFields = {{"title", "道路"},
                         {"origin", "proposal"},
                         {"method", "phone"},
                         {"feedbackRequired", true},
                         {"urgency", "normal"},
                         {"openedAt", "2026-11-01T09:00:00+08:00"},
                         {"dueAt", "2026-12-01T09:00:00+08:00"}};

std::map<std::string, std::string> bytesOf(const std::string& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.ends_with("-shm")) continue;
    out[name] = std::string(textOf(Environment::system().files->read(entry.path(), std::size_t{1} << 30)));
  }
  return out;
}

struct Turned : Prefecture {
  Turned()
      : Prefecture({{"gar", Level::internal, {"road"}}, {"ritu", Level::secret, {}}, {"zhada", Level::internal, {}}}) {
    unit = put("hq", "OrgUnit", {{"code", "u"}, {"name", "署"}, {"level", "prefecture"}});
    card = put("ritu", "MealCard", {{"holder", "甲"}, {"staff", true}});
    put("gar", "MealCard", {{"holder", "乙"}, {"staff", true}});
    settle();
  }

  // The code of the refusal, after which not a byte of the site has changed.
  Code refusal(const std::string& site, const std::string& file) {
    close(site);
    const auto before = bytesOf(folder(site));
    Code code = Code::internal;
    try {
      takeBundle((*this)[site], file, Apply::reallyApply, {});
    } catch (const Error& error) {
      code = error.code();
      BOOST_TEST_MESSAGE(error.what());
    }
    close(site);
    BOOST_TEST((bytesOf(folder(site)) == before), "a refused bundle changed the site");
    return code;
  }
  void take(const std::string& site, const std::string& file) {
    takeBundle((*this)[site], file, Apply::reallyApply, {});
  }

  std::size_t violationsOf(const std::string& site, const std::string& kind) {
    std::size_t count = 0;
    const json all = (*this)[site].violations();
    for (const json& v : all) count += v.at("kind") == kind ? 1 : 0;
    return count;
  }

  // Everything can still be read, and what an honest site writes reaches every other.
  void mustGoOn() {
    const RecordId fresh = put("ritu", "MealCard", {{"holder", "其后"}, {"staff", true}});
    for (int round = 0; round < 3; ++round)
      for (const char* county : {"ritu", "zhada"}) {
        carry(county, "hq");
        carry("hq", county);
      }
    for (const char* site : {"hq", "ritu", "zhada"}) {
      BOOST_TEST(get(site, fresh).at("holder") == "其后");
      const json verdict = verifySite((*this)[site], {});
      BOOST_TEST(verdict.at("ok").get<bool>(), verdict.dump(1));
      for (const EntityType& entity : (*this)[site].catalog().entities()) {
        const json rows = (*this)[site].reading().list(entity.name, {"", "", 1000, ""}).at("rows");
        for (const json& row : rows) {
          BOOST_CHECK_NO_THROW((*this)[site].history(*RecordId::parse(row.at("id").get<std::string>())));
          BOOST_CHECK_NO_THROW(detailText(row));
        }
      }
      BOOST_CHECK_NO_THROW(SearchIndex((*this)[site]).find("道路", "", 100, ""));
      BOOST_CHECK_NO_THROW((*this)[site].conflicts());
      BOOST_CHECK_NO_THROW((*this)[site].violations());
    }
    const json held = digests("zhada"), office = digests("hq");
    for (const auto& [compartment, digest] : held.items()) BOOST_TEST(office.at(compartment) == digest, compartment);
  }

  FieldNumber field(const char* entity, const char* name) {
    return office().catalog().find(entity)->find(name)->number;
  }
  std::vector<Write> cardWrites() { return {{field("MealCard", "holder"), Operation::set, std::string("丙"), {}}}; }

  RecordId unit, card;
  Forger gar{*this, "gar"};
};

bool forgedOr(Code code, std::initializer_list<Code> others = {}) {
  return code == Code::forged || std::find(others.begin(), others.end(), code) != others.end();
}

}  // namespace

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

BOOST_AUTO_TEST_CASE(s22_what_a_sender_may_not_send_is_refused_with_nothing_changed) {
  const Compartment secret{Level::secret, {}}, road{Level::internal, {"road"}}, water{Level::internal, {"water"}};
  const auto refused = [&](const char* what, const std::string& file, std::initializer_list<Code> others = {}) {
    const Code code = refusal("hq", file);
    BOOST_TEST(forgedOr(code, others), what << ": " << wordOf(code));
  };
  const Bytes prekey = Bytes(32, 7);
  for (const std::uint64_t suite : {0, 2, 1'000'000})
    refused("a suite that was negotiated down or up",
            gar.bundle("hq", Level::internal, {}, [&](Cover& cover) { cover.suite = suite; }), {Code::newerFormat});
  refused("a level that the sender is not cleared for", gar.bundle("hq", Level::secret, {{Part::prekey, prekey}}));
  refused("an empty one above the sender", gar.bundle("hq", Level::topSecret, {}));

  Bytes key;
  Writer(key).text("road");
  Writer(key).number(2);
  Writer(key).bytes(Bytes(32, 1));
  refused("keys from who is no office", gar.bundle("hq", Level::internal, {{Part::epochKey, key}}));

  Prefecture other({{"gar", Level::topSecret, {}}}, 9);
  Certificate certificate = *Roster(other.office()).find("gar");
  refused("a certificate of another group", gar.bundle("hq", Level::open, {{Part::certificate, encode(certificate)}}));
  certificate = *Roster(office()).find("gar");
  certificate.clearance = Level::topSecret;
  certificate.number = 99;
  refused("a certificate that the sender raised himself",
          gar.bundle("hq", Level::open, {{Part::certificate, encode(certificate)}}));
  signCertificate(certificate, office().identity().group, secrets::signing((*this)["gar"].lowest()).secretKey);
  refused("a certificate that the sender signed",
          gar.bundle("hq", Level::open, {{Part::certificate, encode(certificate)}}));
  refused("a roster entry above its level",
          gar.bundle("hq", Level::internal, {{Part::certificate, encode(*Roster(office()).find("gar"))}}));

  Chain own = gar.chain(internal);
  own.compartment = secret;
  Bytes headAbove = gar.head(own).content;
  refused("a head of another level", gar.bundle("hq", Level::internal, {{Part::head, headAbove}}));
  own.compartment = water;
  refused("a head of a circle that is not the sender's", gar.bundle("hq", Level::internal, {gar.head(own)}));

  const auto change = [&](const char* what, const Forger::Tweak& tweak, const Forger::Blemish& blemish = {}) {
    Chain chain = gar.chain(internal);
    const Hash before = chain.hash;
    std::vector<PartContent> parts = {gar.change(chain, {gar.record("MealCard", cardWrites())}, tweak, blemish)};
    parts.push_back(gar.head(chain, before));
    refused(what, gar.bundle("hq", Level::internal, parts), {Code::invalidInput, Code::newerFormat});
  };
  change("a change of another level", [](Header& h) { h.compartment.level = Level::secret; });
  change("a change of another's circle", [](Header& h) { h.compartment.circles = {"water"}; });
  change("a counter that uses the numbers up", [](Header& h) { h.lamport = (Lamport{1} << 48) - 1; });
  change("a counter one too far", [](Header& h) { h.lamport += 1; });
  change("a counter that goes back", [](Header& h) { h.lamport = 1; });
  change("a life that no site has", [](Header& h) {
    h.author.incarnation = 100'000;
    h.sequence = 1;
  });
  change("a life before the first", [](Header& h) { h.author.incarnation = 0; });
  change("an item that was exchanged", {}, [](SealedChangeset& s) { s.items.back() ^= 1; });
  change("an item that is cut", {}, [](SealedChangeset& s) { s.items.pop_back(); });
  change("a header that was changed after sealing", {}, [](SealedChangeset& s) { s.header[40] ^= 1; });
  change("a header behind which something follows", {}, [](SealedChangeset& s) { s.header.push_back(0); });
  change("a later format", {}, [](SealedChangeset& s) { s.header[0] = 2; });

  const auto part = [&](const char* what, Part kind, const Bytes& content) {
    refused(what, gar.bundle("hq", Level::internal, {{kind, content}}), {Code::invalidInput, Code::limit});
  };
  const Bytes many = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
  for (const Part kind : {Part::certificate, Part::prekey, Part::seen, Part::changeset, Part::chunk, Part::head,
                          Part::digest, Part::padding}) {
    part("nothing at all", kind, {});
    part("an absurd count", kind, many);
    part("noise", kind, Bytes(300, 0xA5));
  }
  part("a part of a later version", static_cast<Part>(200), {});
}

BOOST_AUTO_TEST_CASE(s31_a_small_item_that_unpacks_to_a_huge_one_is_refused) {
  // What the product itself writes never unpacks so far, however well it compresses.
  const std::string same(4'000'000, 'a');
  Header header;
  header.author = {office().identity().site, 1};
  header.sequence = header.lamport = 1;
  header.epoch = 1;
  const SecretBytes key = SecretBytes::random(keySize, *environment.random);
  Item item;
  item.writes.push_back({1, Operation::set, same, {}});
  const SealedChangeset sealed = Sealer::seal(header, {item}, key, *environment.random);
  BOOST_TEST(sealed.items.size() * 129 > same.size());
  BOOST_TEST((Opener(header, sealed.header, key).open(splitItems(sealed.items, 1)[0].bytes, 0) == item));
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
  take("hq",
       gar.bundle("hq", Level::internal, {gar.change(one, {gar.record("MealCard", cardWrites())}), gar.head(one)}));
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

BOOST_AUTO_TEST_CASE(a_value_that_no_site_could_have_written_is_a_violation_and_everything_stays_readable) {
  const auto text = [](const char* t) { return Value{std::string(t)}; };
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const RecordId post = put("hq", "Post", {{"code", "c"}, {"title", "t"}, {"roles", {"clerk"}}}, "internal");
  json fields = caseFields;
  fields["leadUnit"] = unit.text();
  const RecordId supervision = put("hq", "SupervisionCase", fields);
  settle();
  struct Bad {
    const char* entity;
    const char* field;
    Operation operation;
    Value value;
    Value auxiliary;
  };
  const std::vector<Bad> all = {
      {"MealCard", "holder", Operation::set, text("\xff\xfe"), {}},
      {"MealCard", "holder", Operation::set, Value{std::int64_t{4}}, {}},
      {"MealCard", "holder", Operation::add, text("\"x\""), {}},
      {"MealCard", "staff", Operation::set, text("yes"), {}},
      {"MealCard", "staff", Operation::increment, Value{std::int64_t{1}}, {}},
      {"MealCard", "person", Operation::set, Value{Bytes(15, 1)}, {}},
      {"MealCard", "balanceFen", Operation::increment, text("much"), {}},
      {"MealCard", "state", Operation::transition, text("active"), text("closed")},
      {"MealCard", "state", Operation::transition, text("nowhere"), text("active")},
      {"MealCard", "state", Operation::transition, Value{Bytes(3, 1)}, {}},
      {"Post", "roles", Operation::add, text("1],[2"), {}},
      {"Post", "roles", Operation::add, text("not json"), {}},
      {"Post", "roles", Operation::add, text("7"), {}},
      {"Post", "roles", Operation::add, Value{std::string(deep)}, {}},
      {"Post", "roles", Operation::add, Value{Bytes(4, 4)}, {}},
      {"Post", "roles", Operation::remove, text("\"clerk\" "), {}},
      {"Post", "code", Operation::set, Value{std::string(5000, 'x')}, {}},
      {"Meeting", "membersEntitled", Operation::add, text("\"no id\""), {}},
      {"RoomBooking", "equipment", Operation::set, Value{std::string(deep)}, {}},
      {"RoomBooking", "equipment", Operation::set, text("{\"a\":1}"), {}},
      {"SupervisionCase", "progress", Operation::append, text("\"unended"), {}},
      {"SupervisionCase", "progress", Operation::append, text("5"), {}},
      {"SupervisionCase", "urgency", Operation::raise, text("normal"), Value{std::int64_t{INT64_MAX}}},
      {"SupervisionCase", "urgency", Operation::raise, text("urgent"), {}},
      {"SupervisionCase", "dueAt", Operation::raise, Value{std::int64_t{5}}, Value{std::int64_t{5}}},
      {"SupervisionCase", "title", Operation::assign, Value{Bytes(8, 0xff)}, {}},
  };
  Chain chain = gar.chain(internal);
  const Hash before = chain.hash;
  std::vector<PartContent> parts;
  for (const Bad& bad : all) {
    const Write write{field(bad.entity, bad.field), bad.operation, bad.value, bad.auxiliary};
    parts.push_back(gar.change(chain, {gar.record(bad.entity, {write})}, [&](Header& h) { h.actor = "\xc3\x28"; }));
    Item edit;
    edit.record = std::string_view(bad.entity) == "Post"              ? post
                  : std::string_view(bad.entity) == "SupervisionCase" ? supervision
                                                                      : card;
    if (entityTagOf(edit.record) == office().catalog().find(bad.entity)->tag) {
      edit.writes = {write};
      parts.push_back(gar.change(chain, {edit}));
    }
  }
  for (const Write& period : {Write{periodRegister, Operation::set, text("for ever"), {}},
                              Write{periodRegister, Operation::set, Value{std::int64_t{1}}, {}},
                              Write{periodRegister, Operation::increment, Value{std::int64_t{1}}, {}},
                              Write{periodRegister, Operation::add, text("1"), {}}})
    parts.push_back(gar.change(chain, {gar.record("MealCard", {period})}));
  Item farAway = gar.record("MealCard", cardWrites());
  std::fill_n(farAway.record.bytes.begin(), 6, Byte{0xff});
  parts.push_back(gar.change(chain, {farAway}, [](Header& h) { h.at = INT64_MIN; }));
  parts.push_back(gar.change(
      chain,
      {gar.record("SupervisionCase",
                  {{field("SupervisionCase", "openedAt"), Operation::set, Value{std::int64_t{INT64_MAX}}, {}}})}));
  parts.push_back(gar.change(chain, {gar.record("MealCard", {{field("MealCard", "holder"), Operation::set, {}, {}}})}));
  parts.push_back(gar.change(
      chain, {gar.record("SupervisionCase", {{field("SupervisionCase", "title"), Operation::assign, {}, {}}})}));
  Item nothing = gar.record("MealCard", {});
  parts.push_back(gar.change(chain, {nothing}));
  parts.push_back(gar.change(chain, {}));
  parts.push_back(gar.head(chain, before));
  take("hq", gar.bundle("hq", Level::internal, parts));
  const json shown = office().violations();
  BOOST_TEST(shown.size() >= all.size());
  BOOST_CHECK_NO_THROW(detailText(shown));
  BOOST_TEST(get("hq", post).at("roles") == json({"clerk"}));
  BOOST_TEST(get("hq", supervision).at("urgency") == "normal");
  mustGoOn();
  set("hq", post, {{"roles", {"clerk", "driver"}}});
  set("ritu", supervision, {{"urgency", "urgent"}, {"progress", "续"}});
  mustGoOn();
  BOOST_TEST(get("zhada", supervision).at("urgency") == "urgent");
  BOOST_TEST(get("zhada", post).at("roles") == json({"clerk", "driver"}));
}

BOOST_AUTO_TEST_CASE(a_piece_of_an_attachment_that_was_exchanged_is_refused_and_the_right_ones_still_come) {
  Bytes content(150'000);
  environment.random->fill(content);
  Environment::system().files->note(root() / "file", content);
  const RecordId target = put("ritu", "MealCard", {{"holder", "附"}, {"staff", true}});
  settle();
  const Chain hqHas = gar.chain(internal, "ritu");
  const json attached = attach((*this)["ritu"], target, root() / "file", "照片.jpg");
  const auto attachment = *RecordId::parse(attached.at("id").get<std::string>());
  carry("ritu", "gar");
  const RecordId blob = *RecordId::parse(get("gar", attachment).at("content").get<std::string>());

  struct Piece {
    std::int64_t place;
    Bytes value;
  };
  std::vector<Piece> pieces;
  {
    Query q = (*this)["gar"]
                  .vault(Level::internal)
                  .database()
                  .query("SELECT place,value FROM chunk WHERE blob=?1 ORDER BY place");
    q.with(blob);
    while (q.step()) pieces.push_back({q->integer(0), Bytes(q->blob(1).begin(), q->blob(1).end())});
  }
  BOOST_REQUIRE(pieces.size() == 3u);
  const auto partOf = [&](const RecordId& of, const Piece& piece, const Chain& chain) {
    PartContent part{Part::chunk, {}};
    Writer w(part.content);
    writeCompartment(w, internal);
    w.author(chain.author);
    w.number(chain.sequence);
    w.raw(of.view());
    w.number(static_cast<std::uint64_t>(piece.place));
    w.bytes(piece.value);
    return part;
  };
  const Chain after = gar.chain(internal, "ritu");
  const auto relayed = [&](const std::vector<Piece>& with) {
    std::vector<PartContent> parts = gar.trueChanges(internal, "ritu", hqHas.sequence + 1);
    BOOST_REQUIRE(parts.size() == 1u);
    for (const Piece& piece : with) parts.push_back(partOf(blob, piece, after));
    parts.push_back(gar.trueHead(internal, "ritu"));
    return gar.bundle("hq", Level::internal, parts);
  };
  auto bad = pieces;
  bad[1].value[200] ^= 1;
  BOOST_TEST(forgedOr(refusal("hq", relayed(bad))), "a changed piece");
  bad = pieces;
  std::swap(bad[0].value, bad[1].value);
  BOOST_TEST(forgedOr(refusal("hq", relayed(bad))), "exchanged pieces");
  bad = pieces;
  bad.pop_back();
  BOOST_TEST(forgedOr(refusal("hq", relayed(bad))), "the last one is missing");

  // Under the forger's own record, with the same blob id, before the right ones come: sealed with the true key.
  Chain own = gar.chain(internal);
  const Hash before = own.hash;
  const auto f = [&](const char* name) { return field("Attachment", name); };
  const PartContent claim = gar.change(
      own, {gar.record("Attachment",
                       {{f("record"), Operation::set, Value{Bytes(target.bytes.begin(), target.bytes.end())}, {}},
                        {f("content"), Operation::set, Value{Bytes(blob.bytes.begin(), blob.bytes.end())}, {}}})});
  BOOST_TEST(forgedOr(
      refusal("hq", gar.bundle("hq", Level::internal, {claim, partOf(blob, pieces[0], own), gar.head(own, before)}))));
  BOOST_TEST(forgedOr(refusal("hq", gar.bundle("hq", Level::internal, {partOf(blob, pieces[0], own)}))),
             "a piece without its change");
  take("hq", gar.bundle("hq", Level::internal, {claim, gar.head(own, before)}));
  carry("ritu", "hq");
  carry("hq", "zhada");
  for (const char* site : {"hq", "zhada"}) {
    Bytes got;
    detach((*this)[site], attachment, [&](BytesView piece) { return append(got, piece), true; });
    BOOST_TEST((got == content));
  }
  mustGoOn();
}

BOOST_AUTO_TEST_CASE(pieces_that_a_relay_keeps_back_are_asked_for_and_sent_again) {
  Bytes content(150'000);
  environment.random->fill(content);
  Environment::system().files->note(root() / "file", content);
  const RecordId target = put("ritu", "MealCard", {{"holder", "附"}, {"staff", true}});
  settle();
  const Chain hqHas = gar.chain(internal, "ritu");
  const json attached = attach((*this)["ritu"], target, root() / "file", "照片.jpg");
  const auto attachment = *RecordId::parse(attached.at("id").get<std::string>());
  carry("ritu", "gar");
  std::vector<PartContent> parts = gar.trueChanges(internal, "ritu", hqHas.sequence + 1);
  parts.push_back(gar.trueHead(internal, "ritu"));
  take("hq", gar.bundle("hq", Level::internal, parts));
  const auto whole = [&](const std::string& site) {
    Bytes got;
    try {
      detach((*this)[site], attachment, [&](BytesView piece) { return append(got, piece), true; });
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Code::notFound));
      return false;
    }
    return got == content;
  };
  BOOST_TEST(!whole("hq"));
  carry("hq", "zhada");  // who has it from there lacks it as well
  BOOST_TEST(!whole("zhada"));
  const auto asking = pack("zhada", "hq");
  BOOST_TEST(!asking.empty());
  for (const std::string& file : asking) take("hq", file);
  carry("hq", "ritu");
  carry("ritu", "hq");
  BOOST_TEST(whole("hq"));
  settle();
  BOOST_TEST(whole("zhada"));
  mustGoOn();
}

BOOST_AUTO_TEST_CASE(s22_a_bundle_that_comes_again_changes_no_byte_and_a_late_one_takes_nothing_back) {
  put("gar", "MealCard", {{"holder", "一"}, {"staff", true}});
  const auto early = pack("gar", "hq");
  put("gar", "MealCard", {{"holder", "二"}, {"staff", true}});
  const auto late = pack("gar", "hq");
  for (const std::string& file : late) take("hq", file);
  const auto peerOf = [&] {
    const Peer peer = Peer::load(office().vault(Level::internal), gar.chain(internal).author.site);
    return std::tuple(peer.seen, peer.acked, peer.prekey, peer.received);
  };
  const auto before = peerOf();
  for (const std::string& file : early) take("hq", file);
  BOOST_TEST((peerOf() == before), "what a late bundle says of its sender's state counts no more");
  for (const auto& files : {early, late})
    for (const std::string& file : files) {
      close("hq");
      const auto bytes = bytesOf(folder("hq"));
      BOOST_TEST(takeBundle(office(), file, Apply::reallyApply, {}).status == "known");
      close("hq");
      BOOST_TEST((bytesOf(folder("hq")) == bytes));
    }
  settle();
  mustGoOn();
}

BOOST_AUTO_TEST_CASE(s22_frames_that_are_cut_reordered_or_repeated_are_refused) {
  std::string body;
  for (int i = 0; i < 40'000; ++i) body += static_cast<char>('a' + static_cast<int>(randombytes_uniform(26)));
  for (int i = 0; i < 6; ++i) put("gar", "MealCard", {{"holder", body + std::to_string(i)}, {"staff", true}});
  const auto files = pack("gar", "hq");
  const std::string file = files.back();
  const Bytes good = Environment::system().files->read(file, 1 << 24);
  constexpr std::size_t frame = 65'536 + crypto_secretstream_xchacha20poly1305_ABYTES;
  const std::size_t frames = (good.size() + frame - 1) / frame;
  BOOST_REQUIRE(frames >= 3u);
  const std::size_t cover = good.size() - (good.size() / frame) * frame;  // at least some of it
  close("hq");
  const auto before = bytesOf(folder("hq"));
  const auto refused = [&](const Bytes& bytes) {
    Environment::system().files->note(file, bytes);
    try {
      takeBundle(office(), file, Apply::reallyApply, {});
    } catch (const Error& error) {
      return forgedOr(error.code(), {Code::foreign, Code::misdirected, Code::badKey, Code::newerFormat});
    }
    return false;
  };
  std::size_t start = 0;  // of the first frame: where a cut behind it is noticed only by the stream
  {
    const BundleReader reader(environment, file);
    start = good.size() - reader.fileSize_bytes() + (4 + 1 + 1 + 1 + 4 + 3 + 32 + 32 + 32 + 24 + 64);
  }
  BOOST_TEST_MESSAGE("frames " << frames << ", cover about " << start << ", rest " << cover);
  for (std::size_t at = start; at < good.size(); at += frame) {
    for (const std::ptrdiff_t off : {-1, 0, 1, 17, 300}) {
      const auto size = static_cast<std::ptrdiff_t>(at) + off;
      if (size < static_cast<std::ptrdiff_t>(good.size()))
        BOOST_TEST(refused(Bytes(good.begin(), good.begin() + size)));
    }
  }
  const auto piece = [&](std::size_t i) {
    return BytesView(good).subspan(start + i * frame, std::min(frame, good.size() - start - i * frame));
  };
  const auto joined = [&](std::initializer_list<std::size_t> order) {
    Bytes out(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(start));
    for (const std::size_t i : order) append(out, piece(i));
    return out;
  };
  BOOST_TEST(refused(joined({1, 0, 2})));
  BOOST_TEST(refused(joined({0, 0, 1, 2})));
  BOOST_TEST(refused(joined({0, 2})));
  BOOST_TEST(refused(joined({0})));
  close("hq");
  BOOST_TEST((bytesOf(folder("hq")) == before));
  Environment::system().files->note(file, good);
  take("hq", file);
}

BOOST_AUTO_TEST_CASE(s60_a_bundle_opens_only_for_whom_its_cover_names_and_under_the_cover_that_was_signed) {
  // Gar signs the cover anew, for another number, level or receiver, over the stream that was sealed for Ritu.
  put("gar", "MealCard", {{"holder", "一"}, {"staff", true}});
  const std::string file = gar.bundle("ritu", Level::internal, {});
  const std::string other = gar.bundle("ritu", Level::internal, {}, [](Cover& c) { c.number = 7; });
  const Bytes a = Environment::system().files->read(file, 1 << 20),
              b = Environment::system().files->read(other, 1 << 20);
  const std::size_t body = 4096 + crypto_secretstream_xchacha20poly1305_ABYTES;
  Bytes mixed(a.begin(), a.end() - static_cast<std::ptrdiff_t>(body));
  append(mixed, BytesView(b).last(body));
  Environment::system().files->note(file, mixed);
  BOOST_TEST(forgedOr(refusal("ritu", file)));
}

BOOST_AUTO_TEST_CASE(s22_a_request_or_grant_with_any_bit_changed_is_refused) {
  const Bytes request = requestToJoin(opening("coqen"), {"coqen", "措勤"});
  const Admission admission{Level::internal, {"road"}, "2099-12-31"};
  close("hq");
  const auto before = bytesOf(folder("hq"));
  for (std::size_t bit = 0; bit < request.size() * 8; ++bit) {
    Bytes bad = request;
    bad[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
    BOOST_CHECK_THROW(admit(office(), bad, admission), Error);
  }
  for (std::size_t size = 0; size < request.size(); ++size)
    BOOST_CHECK_THROW(admit(office(), BytesView(request).first(size), admission), Error);
  close("hq");
  BOOST_TEST((bytesOf(folder("hq")) == before));

  const Bytes grant = admit(office(), request, admission);
  const auto waiting = bytesOf(folder("coqen"));
  const auto refused = [&](BytesView bytes) {
    try {
      acceptGrant(opening("coqen"), bytes);
    } catch (const Error& error) {
      return forgedOr(error.code(), {Code::invalidInput, Code::misdirected, Code::newerFormat});
    }
    return false;
  };
  for (std::size_t bit = 0; bit < grant.size() * 8; bit += bit < 400 ? 1 : 61) {
    Bytes bad = grant;
    bad[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
    BOOST_REQUIRE_MESSAGE(refused(bad), "bit " << bit);
  }
  for (std::size_t size = 0; size < grant.size(); size += 41) BOOST_REQUIRE(refused(BytesView(grant).first(size)));
  BOOST_TEST((bytesOf(folder("coqen")) == waiting));
  acceptGrant(opening("coqen"), grant);
  const auto joined = bytesOf(folder("coqen"));
  BOOST_CHECK_THROW(acceptGrant(opening("coqen"), grant), Error);
  requestToJoin(opening("gegyai"), {"gegyai", "革吉"});
  BOOST_CHECK_THROW(acceptGrant(opening("gegyai"), grant), Error);
  BOOST_TEST((bytesOf(folder("coqen")) == joined));
  carry("hq", "coqen");
  BOOST_TEST(!get("coqen", card).is_null());
}

BOOST_AUTO_TEST_CASE(what_a_site_writes_itself_is_never_more_than_another_can_read) {
  json members = json::array();
  for (int i = 0; i < 5000; ++i) members.push_back("n" + std::to_string(i));
  const auto limited = [&](const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.code() == Code::limit;
    }
    return false;
  };
  BOOST_TEST(limited([&] { put("ritu", "Room", {{"name", "x"}, {"equipment", members}}, "internal"); }), "elements");
  BOOST_TEST(limited([&] {
               put("ritu", "MealCard", {{"holder", std::string(9 << 20, 'x')}, {"staff", true}});
             }),
             "a value");
  std::vector<std::string> circles;
  for (int i = 10; i < 30; ++i) circles.push_back("c" + std::to_string(i));
  for (const std::string& circle : circles) ensureCircle(office(), circle);
  BOOST_TEST(limited([&] {
               put("hq", "MealCard", {{"holder", "x"}, {"staff", true}}, "internal", circles);
             }),
             "circles");
  mustGoOn();
}

BOOST_AUTO_TEST_CASE(a_bad_file_on_the_stick_keeps_no_other_from_being_taken) {
  const RecordId id = put("hq", "MealCard", {{"holder", "一"}, {"staff", true}});
  const RecordId open = put("hq", "OrgUnit", {{"code", "o"}, {"name", "署"}, {"level", "county"}}, "public");
  const std::string stick = std::filesystem::path(pack("hq", "gar").at(0)).parent_path();
  Environment::system().files->note(stick + "/0-noise.cnb", Bytes(5000, 3));
  std::filesystem::copy_file(gar.bundle("hq", Level::internal, {}), stick + "/1-for-another.cnb");
  Bytes broken = Environment::system().files->read(pack("hq", "gar").at(0), 1 << 20);
  broken.back() ^= 1;
  Environment::system().files->note(stick + "/2-broken.cnb", broken);
  try {
    importFrom((*this)["gar"], stick, Apply::reallyApply, {});
    BOOST_ERROR("what was wrong was not told");
  } catch (const Error& error) {
    BOOST_TEST(forgedOr(error.code()), error.what());
  }
  BOOST_TEST(get("gar", id).at("holder") == "一");
  BOOST_TEST(get("gar", open).at("code") == "o");
}

BOOST_AUTO_TEST_CASE(s32_any_byte_that_a_member_changes_in_what_it_rightly_signs_is_refused_or_harmless) {
  std::mt19937 dice(8);
  const Author self = gar.chain(internal).author;
  for (int i = 0; i < 400; ++i) {
    Chain chain = gar.chain(internal);
    const Hash before = chain.hash;
    std::vector<PartContent> parts = {{Part::prekey, Bytes(32, 9)},
                                      {Part::seen, acknowledgement({{internal, {{self, 1}}}})}};
    parts.push_back(gar.change(
        chain, {gar.record("MealCard", cardWrites()),
                gar.record("Post", {{field("Post", "roles"), Operation::add, std::string("\"cook\""), {}}})}));
    parts.push_back(gar.head(chain, before));
    for (int n = 0; n < 1 + i % 3; ++n) {
      Bytes& content = parts[dice() % parts.size()].content;
      switch (dice() % 4) {
        case 0: content[dice() % content.size()] = static_cast<Byte>(dice()); break;
        case 1: content[dice() % content.size()] ^= static_cast<Byte>(1U << dice() % 8); break;
        case 2: content.resize(1 + dice() % content.size()); break;
        default:
          content.insert(content.begin() + static_cast<std::ptrdiff_t>(dice() % content.size()),
                         static_cast<Byte>(dice()));
      }
    }
    try {
      takeBundle(office(), gar.bundle("hq", Level::internal, parts), Apply::onlyTry, {});
    } catch (const Error& error) {
      BOOST_TEST(
          (error.code() == Code::forged || error.code() == Code::invalidInput || error.code() == Code::newerFormat),
          error.what());
    }
  }
  mustGoOn();
}

BOOST_AUTO_TEST_SUITE_END()
