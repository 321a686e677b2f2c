// A member that has turned: values that no site could have written, and pieces of attachments that were exchanged.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "tests/builder/turned.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

const json caseFields = {{"title", "道路"},
                         {"origin", "proposal"},
                         {"method", "phone"},
                         {"feedbackRequired", true},
                         {"urgency", "normal"},
                         {"openedAt", "2026-11-01T09:00:00+08:00"},
                         {"dueAt", "2026-12-01T09:00:00+08:00"}};

// An attachment of Ritu's that Gar has whole and is to hand on to the office.
struct AttachedAndRelayed : Turned {
  AttachedAndRelayed() {
    environment.random->fill(content);
    Environment::system().files->note(root() / "file", content);
    target = put("ritu", "MealCard", {{"holder", "附"}, {"staff", true}});
    settle();
    hqHas = gar.chain(internal, "ritu");
    const json attached = attach((*this)["ritu"], target, root() / "file", "照片.jpg");
    attachment = *RecordId::parse(attached.at("id").get<std::string>());
    carry("ritu", "gar");
  }
  bool whole(const std::string& site) {
    Bytes got;
    try {
      detach((*this)[site], attachment, [&](BytesView piece) { return append(got, piece), true; });
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Code::notFound));
      return false;
    }
    return got == content;
  }

  Bytes content = Bytes(150'000);
  RecordId target, attachment;
  Chain hqHas;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hostile, Turned)

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
  BOOST_TEST((Opener(header, key).open(splitItems(sealed.items, 1)[0].bytes, 0) == item));
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

BOOST_AUTO_TEST_CASE(what_its_owner_alone_may_write_counts_from_nobody_else) {
  const RecordId person =
      put("hq", "Person", {{"employeeNo", "1"}, {"name", "甲"}, {"orgUnit", unit.text()}, {"clearance", "internal"}},
          "internal");
  settle();
  Item raised;
  raised.record = person;
  raised.writes = {{field("Person", "clearance"), Operation::set, std::string("topSecret"), {}}};
  Chain chain = gar.chain(internal);
  const Hash before = chain.hash;
  const PartContent change = gar.change(chain, {raised});
  take("hq", gar.bundle("hq", Level::internal, {change, gar.head(chain, before)}));
  BOOST_TEST(get("hq", person).at("clearance") == "internal");
  BOOST_TEST(violationsOf("hq", "unauthorisedAuthor") == 1u);
  mustGoOn();
}

BOOST_FIXTURE_TEST_CASE(a_piece_of_an_attachment_that_was_exchanged_is_refused_and_the_right_ones_still_come,
                        AttachedAndRelayed) {
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
  BOOST_TEST(whole("hq"));
  BOOST_TEST(whole("zhada"));
  mustGoOn();
}

BOOST_FIXTURE_TEST_CASE(pieces_that_a_relay_keeps_back_are_asked_for_and_sent_again, AttachedAndRelayed) {
  std::vector<PartContent> parts = gar.trueChanges(internal, "ritu", hqHas.sequence + 1);
  parts.push_back(gar.trueHead(internal, "ritu"));
  take("hq", gar.bundle("hq", Level::internal, parts));
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

BOOST_AUTO_TEST_SUITE_END()
