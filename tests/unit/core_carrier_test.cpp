// The register of classified carriers (涉密载体保密管理暂行规定) and of devices: each worked example of the
// regulations.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/carrier/act.h"
#include "core/carrier/report.h"
#include "core/record/read_connection.h"
#include "core/record/transaction.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

struct Desk : Prefecture {
  Desk() : Desk(std::vector<County>{}) {}
  explicit Desk(const std::vector<County>& counties) : Prefecture(counties) {
    office_ = put("hq", "OrgUnit", {{"code", "hq"}, {"name", "行署办公室"}, {"level", "prefecture"}});
    section_ =
        put("hq", "OrgUnit", {{"code", "s1"}, {"name", "机要科"}, {"level", "section"}, {"parent", office_.text()}});
    put("hq", "OrgUnit", {{"code", "gar"}, {"name", "噶尔县"}, {"level", "county"}});
    for (const char* no : {"keeper", "leader", "reader", "bearer", "w1", "w2", "chief"})
      people_[no] =
          put("hq", "Person", {{"employeeNo", no}, {"name", std::string("张") + no}, {"orgUnit", section_.text()}});
  }

  json act(const std::string& word, const json& details, const std::string& site = "hq") {
    const auto transaction = (*this)[site].begin();
    json result = actOnCarriers(*transaction, word, details);
    transaction->commit();
    return result;
  }
  // Numbers of carriers that were made.
  std::vector<std::string> make(const std::string& mark, int copies = 1, json more = json::object()) {
    json details = {{"by", "keeper"},    {"unit", "s1"},  {"title", "文件"},
                    {"medium", "paper"}, {"label", mark}, {"distribution", "各科室"},
                    {"copies", copies}};
    details.update(more);
    std::vector<std::string> out;
    const json made = act("make", details);
    for (const json& one : made.at("carriers")) out.push_back(one.at("id"));
    return out;
  }
  std::string stateOf(const std::string& carrier, const std::string& site = "hq") {
    return get(site, *RecordId::parse(carrier)).at("state");
  }
  std::vector<std::string> eventsOf(const std::string& carrier, const std::string& site = "hq") {
    std::vector<std::string> out;
    const json life = lifeOfCarrier((*this)[site], carrier);
    for (const json& event : life.at("events")) out.push_back(event.at("fields").at("event"));
    return out;
  }
  // The rule that refuses an act; what it said has an article, and nothing was written.
  std::string refused(const std::string& word, const json& details, const std::string& site = "hq") {
    const json before = digests(site);
    try {
      act(word, details, site);
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Code::refused), error.what());
      const json detail = json::parse(error.detail());
      BOOST_TEST(!detail.at("article").get<std::string>().empty());
      BOOST_TEST((digests(site) == before));
      return detail.at("rule");
    }
    BOOST_ERROR("'" + word + "' was not refused: " + details.dump());
    return "";
  }
  json sending(const json& carriers, const std::string& channel, json more = json::object()) {
    json out = {{"carriers", carriers}, {"fromUnit", "s1"}, {"toUnit", "gar"}, {"channel", channel}, {"sealed", true}};
    out.update(more);
    return out;
  }
  std::vector<std::string> violationsOf(const std::string& site, const RecordId& record) {
    std::vector<std::string> out;
    for (const json& v : (*this)[site].violations())
      if (v.at("record") == record.text())
        out.push_back(v.at("kind").get<std::string>() + " " + v.at("field").get<std::string>());
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  RecordId office_, section_;
  std::map<std::string, RecordId> people_;
};

using Words = std::vector<std::string>;
const auto each = boost::test_tools::per_element();

}  // namespace

BOOST_FIXTURE_TEST_SUITE(carrier, Desk)

BOOST_AUTO_TEST_CASE(car_number_three_copies_of_a_secret_paper_are_001_to_003) {
  const json made = act("make", {{"by", "keeper"},
                                 {"unit", "s1"},
                                 {"title", "文件"},
                                 {"medium", "paper"},
                                 {"label", "机密"},
                                 {"distribution", "各科室"},
                                 {"copies", 3}});
  Words copies;
  for (const json& one : made.at("carriers")) copies.push_back(one.at("copy"));
  BOOST_TEST(copies == (Words{"001", "002", "003"}), each);
  const json first = get("hq", *RecordId::parse(made.at("carriers")[0].at("id").get<std::string>()));
  BOOST_TEST(first.at("level") == "secret");
  BOOST_TEST(first.at("period") == "二十年");
  BOOST_TEST(first.at("distribution") == "各科室");
  BOOST_TEST(first.at("totalCopies") == 3);
  BOOST_TEST(first.at("state") == "inStore");
  BOOST_TEST(eventsOf(made.at("carriers")[1].at("id")) == (Words{"made", "registered"}), each);
  BOOST_TEST(
      refused("make", {{"by", "keeper"}, {"unit", "s1"}, {"title", "x"}, {"medium", "paper"}, {"label", "机密"}}) ==
      "car-number");
}

BOOST_AUTO_TEST_CASE(a_carrier_has_its_contents_label) {
  const RecordId document = put("hq", "OrgUnit", {{"code", "d"}, {"name", "内容"}, {"level", "county"}}, "机密★五年");
  json details = {{"by", "keeper"},    {"unit", "s1"},          {"title", "文件"},
                  {"medium", "paper"}, {"of", document.text()}, {"distribution", "各科室"}};
  const std::string id = act("make", details).at("carriers")[0].at("id");
  BOOST_TEST(office().get(*RecordId::parse(id)).document.at("label").at("mark") == "机密★五年");
  BOOST_TEST(get("hq", *RecordId::parse(id)).at("period") == "五年");
  details["label"] = "秘密★五年";
  BOOST_TEST(refused("make", details) == "car-number");
}

BOOST_AUTO_TEST_CASE(car_channel_never_by_ordinary_post_or_a_bystander) {
  const auto one = make("秘密★三年");
  BOOST_TEST(refused("send", sending(one, "ordinaryPost")) == "car-channel");
  BOOST_TEST(refused("send", sending(one, "dedicatedCourier")) == "car-channel");  // nobody is named
  BOOST_TEST(refused("send", sending(one, "approvedNetwork")) == "car-network");
  act("send", sending(one, "confidentialPost"));
  BOOST_TEST(stateOf(one[0]) == "dispatched");
}

BOOST_AUTO_TEST_CASE(car_top_secret_transport_outside_by_confidential_post_only_inside_by_a_dedicated_courier) {
  const auto two = make("绝密", 2);
  const json outside = {{"outside", true}, {"courier", "bearer"}}, inside = {{"courier", "bearer"}};
  BOOST_TEST(refused("send", sending(two[0], "dedicatedCourier", outside)) == "car-top-secret-transport");
  BOOST_TEST(refused("send", sending(two[0], "inPerson", outside)) == "car-top-secret-transport");
  BOOST_TEST(refused("send", sending(two[1], "confidentialPost", inside)) == "car-top-secret-transport");
  act("send", sending(two[0], "confidentialPost", outside));
  act("send", sending(two[1], "dedicatedCourier", inside));
}

BOOST_AUTO_TEST_CASE(car_seal_envelope_from_secret_upwards_sealed_and_the_envelope_shows_level_number_and_names) {
  const auto secret = make("机密"), low = make("秘密★一年");
  BOOST_TEST(refused("send", sending(secret, "confidentialPost", {{"sealed", false}})) == "car-seal-envelope");
  act("send", sending(low, "confidentialPost", {{"sealed", false}}));
  act("send", sending(secret, "confidentialPost"));
  const std::string number = get("hq", *RecordId::parse(secret[0])).at("number");
  const json shown = lifeOfCarrier(office(), secret[0]).at("events").back().at("fields").at("envelopeShows");
  BOOST_TEST(shown == "机密 " + number + " 001 机要科 → 噶尔县");
}

BOOST_AUTO_TEST_CASE(what_was_sent_is_counted_and_signed_for) {
  const auto two = make("机密", 2);
  const std::string consignment = act("send", sending(two, "confidentialPost")).at("consignment");
  BOOST_TEST(refused("receive", {{"consignment", consignment}, {"by", "reader"}, {"counted", 1}}) == "car-receive");
  BOOST_TEST(refused("receive", {{"consignment", consignment}, {"by", "reader"}}) == "car-receive");
  act("receive", {{"consignment", consignment}, {"carriers", {two[0]}}, {"by", "reader"}, {"counted", 1}});
  BOOST_TEST(stateOf(two[0]) == "inStore");
  BOOST_TEST(stateOf(two[1]) == "dispatched");
  BOOST_TEST(get("hq", *RecordId::parse(two[0])).at("holder") == people_["reader"].text());
  BOOST_TEST(eventsOf(two[0]) == (Words{"made", "registered", "dispatched", "received", "signedFor"}), each);
}

BOOST_AUTO_TEST_CASE(car_scope_who_reads_top_secret_is_in_the_reader_register_with_the_place) {
  const auto one = make("绝密");
  BOOST_TEST(refused("read", {{"carrier", one[0]}, {"by", "reader"}}) == "car-scope");
  act("read", {{"carrier", one[0]}, {"by", "reader"}, {"place", "机要室"}, {"supervisor", "keeper"}});
  const json readers = lifeOfCarrier(office(), one[0]).at("readers");
  BOOST_REQUIRE(readers.size() == 1u);
  BOOST_TEST(readers[0].at("fields").at("reader") == people_["reader"].text());
  BOOST_TEST(readers[0].at("fields").at("place") == "机要室");
  BOOST_TEST(readers[0].at("label").at("level") == "topSecret");
  BOOST_TEST(refused("read", {{"carrier", one[0]}, {"by", "leader"}, {"place", "机要室"}}) == "car-state");
  act("bring-back", {{"carrier", one[0]}, {"by", "reader"}});
  BOOST_TEST(stateOf(one[0]) == "inStore");
}

BOOST_AUTO_TEST_CASE(car_scope_nobody_reads_above_his_clearance_or_outside_the_circle) {
  const RecordId low =
      put("hq", "Person",
          {{"employeeNo", "low"}, {"name", "李"}, {"orgUnit", section_.text()}, {"clearance", "confidential"}});
  BOOST_TEST(refused("read", {{"carrier", make("机密")[0]}, {"by", "low"}}) == "car-scope");
  BOOST_CHECK_NO_THROW(act("read", {{"carrier", make("秘密★一年")[0]}, {"by", low.text()}}));
  ensureCircle(office(), "road");
  put("hq", "Circle", {{"name", "road"}, {"members", {people_["leader"].text()}}});
  const auto inCircle = make("机密", 1, {{"circles", {"road"}}});
  BOOST_TEST(refused("read", {{"carrier", inCircle[0]}, {"by", "reader"}}) == "car-scope");
  act("read", {{"carrier", inCircle[0]}, {"by", "leader"}});
}

BOOST_AUTO_TEST_CASE(car_copy_needs_an_approval_and_never_changes_level_period_or_scope) {
  const auto one = make("机密★五年", 2);
  const json copying = {{"carrier", one[0]}, {"by", "keeper"}, {"copies", 2}};
  const auto with = [&](json more) {
    json out = copying;
    out.update(more);
    return out;
  };
  BOOST_TEST(refused("copy", copying) == "car-copy");
  BOOST_TEST(refused("copy", with({{"approvedBy", "keeper"}})) == "car-copy");
  for (const char* fixed : {"label", "level", "period", "distribution"})
    BOOST_TEST(refused("copy", with({{"approvedBy", "leader"}, {fixed, "内部"}})) == "car-copy");
  const json made = act("copy", with({{"approvedBy", "leader"}})).at("carriers");
  BOOST_TEST(made[0].at("copy") == "003");
  BOOST_TEST(made[1].at("copy") == "004");
  const Record copy = office().get(*RecordId::parse(made[0].at("id").get<std::string>()));
  const json original = get("hq", *RecordId::parse(one[0]));
  BOOST_TEST(copy.document.at("label").at("mark") == "机密★五年");
  for (const char* same : {"level", "period", "distribution", "title"})
    BOOST_TEST(copy.document.at("fields").at(same) == original.at(same));
  BOOST_TEST(copy.document.at("fields").at("copyOf") == one[0]);
  BOOST_TEST(eventsOf(one[0]).back() == "copied");
}

BOOST_AUTO_TEST_CASE(car_copy_of_top_secret_needs_the_organ_that_set_its_level_or_one_above) {
  const auto one = make("绝密");
  const json copying = {{"carrier", one[0]}, {"by", "keeper"}, {"approvedBy", "leader"}};
  BOOST_TEST(refused("copy", copying) == "car-copy");
  json other = copying;
  other["organ"] = "gar";
  BOOST_TEST(refused("copy", other) == "car-copy");
  for (const char* organ : {"s1", "hq"}) {
    json right = copying;
    right["organ"] = organ;
    BOOST_CHECK_NO_THROW(act("copy", right));
  }
}

BOOST_AUTO_TEST_CASE(car_carry_out_top_secret_never_abroad_and_only_with_the_leaders_approval) {
  const std::string top = make("绝密")[0], secret = make("机密")[0], plain = make("秘密★一年")[0],
                    stick = make("机密", 1, {{"medium", "usb"}})[0];
  const auto going = [](const std::string& carrier, json more = json::object()) {
    json out = {
        {"carrier", carrier}, {"bearer", "bearer"}, {"destination", "拉萨"}, {"until", "2036-12-01T09:00:00+08:00"}};
    out.update(more);
    return out;
  };
  const json approved = {{"approvedBy", "leader"}};
  const auto also = [&](const char* what) { return json{{"approvedBy", "leader"}, {what, true}}; };
  BOOST_TEST(refused("carry-out", going(top)) == "car-carry-out");
  BOOST_TEST(refused("carry-out", going(top, also("abroad"))) == "car-carry-out");
  BOOST_TEST(refused("carry-out", going(top, also("foreign"))) == "car-carry-out");
  BOOST_TEST(refused("carry-out", going(secret, {{"abroad", true}})) == "car-carry-out");
  BOOST_TEST(refused("carry-out", going(secret, {{"foreign", true}})) == "car-carry-out");
  BOOST_TEST(refused("carry-out", going(secret, {{"approvedBy", "bearer"}})) == "car-carry-out");
  BOOST_TEST(refused("carry-out", going(stick, approved)) == "car-carry-out");
  BOOST_TEST(refused("carry-out", going(stick, {{"filed", true}})) == "car-carry-out");
  act("carry-out", going(top, approved));
  act("carry-out", going(secret, also("abroad")));
  act("carry-out", going(stick, also("filed")));
  act("carry-out", going(plain, {{"until", "2026-01-01T09:00:00+08:00"}}));
  BOOST_TEST(stateOf(secret) == "carriedOut");
  const json out = carrierReport(office(), "out", json::object()).at("lines");
  BOOST_TEST(out.size() == 4u);
  for (const json& row : out) BOOST_TEST(row.at("overdue") == (row.at("carrier") == plain));
  const json late = act("bring-back", {{"carrier", plain}, {"by", "bearer"}});
  BOOST_TEST(late.at("warnings").size() == 1u);
  BOOST_TEST(act("bring-back", {{"carrier", top}, {"by", "bearer"}}).at("warnings").empty());
  const json life = lifeOfCarrier(office(), top);
  BOOST_TEST(life.at("permits")[0].at("fields").at("state") == "back");
  BOOST_TEST(eventsOf(top) == (Words{"made", "registered", "carriedOut", "broughtBack"}), each);
}

BOOST_AUTO_TEST_CASE(car_inventory_yearly_of_120_held_and_119_found_one_is_missing_by_number) {
  auto all = make("秘密★三年", 120);
  const std::string gone = all[76];
  all.erase(all.begin() + 76);
  json counting = {{"unit", "s1"}, {"by", "keeper"}, {"checkedBy", "reader"}, {"found", all}};
  json alone = counting;
  alone["checkedBy"] = "keeper";
  BOOST_TEST(refused("inventory", alone) == "car-inventory-yearly");
  const json counted = act("inventory", counting);
  BOOST_TEST(counted.at("held") == 120);
  BOOST_TEST(counted.at("found") == 119);
  BOOST_REQUIRE(counted.at("missing").size() == 1u);
  BOOST_TEST(counted.at("missing")[0].at("number") == get("hq", *RecordId::parse(gone)).at("number"));
  BOOST_TEST(counted.at("warnings").size() == 1u);
  const json record = get("hq", *RecordId::parse(counted.at("inventory").get<std::string>()));
  BOOST_TEST(record.at("missing") == json::array({gone}));
  BOOST_TEST(record.at("state") == "counted");
  BOOST_TEST(eventsOf(all[0]).back() == "inventoried");
  BOOST_TEST(eventsOf(gone).back() == "registered");
}

BOOST_AUTO_TEST_CASE(car_leaving_two_open_carriers_block_leaving_by_number_until_they_are_handed_over) {
  const auto two = make("秘密★三年", 2, {{"holder", "reader"}});
  const std::string numbers[] = {get("hq", *RecordId::parse(two[0])).at("number"),
                                 get("hq", *RecordId::parse(two[1])).at("number")};
  const json open = carrierReport(office(), "leaving", {{"person", "reader"}});
  BOOST_TEST(open.at("blocked") == true);
  BOOST_TEST(open.at("lines").size() == 2u);
  set("hq", people_["reader"], {{"status", "active"}});
  try {
    set("hq", people_["reader"], {{"status", "left"}});
    BOOST_ERROR("he left with two carriers");
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Code::refused));
    const json detail = json::parse(error.detail());
    BOOST_TEST(detail.at("rule") == "car-leaving");
    BOOST_TEST(detail.at("article") == "二十三 L2175");
    BOOST_TEST(detail.at("open") == json::array({numbers[0], numbers[1]}));
  }
  BOOST_TEST(refused("hand-over", {{"from", "reader"}, {"to", "reader"}, {"reason", "leavingPost"}}) == "car-leaving");
  BOOST_TEST(refused("hand-over",
                     {{"from", "reader"}, {"to", "leader"}, {"reason", "leavingPost"}, {"supervisor", "leader"}}) ==
             "car-leaving");
  act("hand-over", {{"from", "reader"}, {"to", "leader"}, {"reason", "leavingPost"}, {"supervisor", "chief"}});
  BOOST_TEST(get("hq", *RecordId::parse(two[1])).at("holder") == people_["leader"].text());
  BOOST_TEST(eventsOf(two[0]).back() == "handedOver");
  BOOST_CHECK_NO_THROW(set("hq", people_["reader"], {{"status", "left"}}));
  BOOST_TEST(refused("hand-over", {{"from", "reader"}, {"to", "leader"}, {"reason", "leavingPost"}}) == "car-leaving");
}

BOOST_AUTO_TEST_CASE(who_leaves_is_blocked_only_by_what_the_one_who_asks_may_see) {
  make("绝密", 1, {{"holder", "reader"}});
  set("hq", people_["reader"], {{"status", "active"}});
  BOOST_CHECK_THROW(set("hq", people_["reader"], {{"status", "left"}}), Error);
  Opening o = opening("hq");
  o.most = Level::internal;
  const auto below = openSite(o);
  BOOST_TEST(carrierReport(*below, "leaving", {{"person", "reader"}}).at("lines").empty());
  const auto transaction = below->begin();
  BOOST_CHECK_NO_THROW(transaction->set(people_["reader"], {{"status", "left"}}));
}

BOOST_AUTO_TEST_CASE(s10_who_leaves_is_not_blocked_by_a_carrier_in_a_circle_that_the_one_who_asks_is_not_in) {
  ensureCircle(office(), "road");
  put("hq", "ClassifiedCarrier",
      {{"title", "文件"}, {"mediumKind", "paper"}, {"level", "secret"}, {"holder", people_["reader"].text()}}, "机密",
      {"road"});
  set("hq", people_["reader"], {{"status", "active"}});
  BOOST_CHECK_THROW(set("hq", people_["reader"], {{"status", "left"}}), Error);
  const auto beside = officeFor(Level::topSecret, std::set<std::string>{});
  const auto transaction = beside->begin();
  BOOST_CHECK_NO_THROW(transaction->set(people_["reader"], {{"status", "left"}}));
}

BOOST_AUTO_TEST_CASE(car_destroy_listed_approved_filed_and_done_before_two_others) {
  const auto two = make("机密", 2);
  const auto listing = [&](const std::string& by, const std::string& w1, const std::string& w2) {
    return json{{"carriers", two}, {"by", by}, {"witness1", w1}, {"witness2", w2}, {"method", "shred"}};
  };
  BOOST_TEST(refused("destroy-list", listing("keeper", "w1", "w1")) == "car-destroy");
  BOOST_TEST(refused("destroy-list", listing("keeper", "keeper", "w2")) == "car-destroy");
  BOOST_TEST(refused("destroy-list", listing("keeper", "w1", "keeper")) == "car-destroy");
  const std::string list = act("destroy-list", listing("keeper", "w1", "w2")).at("destruction");
  const json witnesses = {"w1", "w2"};
  BOOST_TEST(refused("destroy", {{"destruction", list}, {"witnesses", witnesses}}) == "car-destroy");
  BOOST_TEST(refused("destroy-approve", {{"destruction", list}, {"approvedBy", "keeper"}}) == "car-destroy");
  act("destroy-approve", {{"destruction", list}, {"approvedBy", "leader"}});
  BOOST_TEST(refused("destroy", {{"destruction", list}, {"witnesses", witnesses}}) == "car-destroy");
  act("destroy-file", {{"destruction", list}});
  BOOST_TEST(refused("destroy", {{"destruction", list}, {"witnesses", {"w1"}}}) == "car-destroy");
  BOOST_TEST(refused("destroy", {{"destruction", list}, {"witnesses", {"w1", "reader"}}}) == "car-destroy");
  const std::string certificate =
      act("destroy", {{"destruction", list}, {"witnesses", {"w2", "w1"}}}).at("certificate");
  BOOST_TEST(certificate.find("张w1") != std::string::npos);
  BOOST_TEST(certificate.find(get("hq", *RecordId::parse(two[1])).at("number").get<std::string>()) !=
             std::string::npos);
  BOOST_TEST(stateOf(two[0]) == "destroyed");
  BOOST_TEST(get("hq", *RecordId::parse(list)).at("state") == "certified");
  BOOST_TEST(eventsOf(two[1]) == (Words{"made", "registered", "destructionListed", "destructionApproved", "destroyed"}),
             each);
  // Terminal: nothing leads out of it.
  BOOST_TEST(refused("return", {{"carriers", two}, {"by", "keeper"}, {"toUnit", "hq"}}) == "car-state");
  BOOST_TEST(refused("archive", {{"carriers", two}, {"by", "keeper"}}) == "car-state");
}

BOOST_AUTO_TEST_CASE(s36_the_life_of_a_bundle_that_came_or_was_never_sent_ends_with_the_same_certificate) {
  Desk p({{"gar", Level::secret, {}}});
  p.settle();
  std::vector<std::string> bundles;
  for (const char* code : {"x", "y"}) {
    p.put("hq", "OrgUnit", {{"code", code}, {"name", "机密事项"}, {"level", "county"}}, "机密");
    p.pack("hq", "gar");
  }
  const EntityType& entity = *p.office().catalog().find("ClassifiedCarrier");
  {
    Query q =
        p.office()
            .vault(Level::secret)
            .database()
            .query("SELECT id FROM " + identifier(entity.name) + " WHERE mediumKind='bundle' ORDER BY id DESC LIMIT 2");
    while (q.step()) bundles.push_back(RecordId::of(q->blob(0))->text());
  }
  BOOST_REQUIRE_EQUAL(bundles.size(), 2u);
  const std::string sent =
      p.act("send", p.sending({bundles[0]}, "dedicatedCourier", {{"courier", "bearer"}})).at("consignment");
  p.act("receive", {{"consignment", sent}, {"by", "reader"}, {"counted", 1}});
  const auto listing = [&](const char* method) {
    return json{{"carriers", bundles}, {"by", "keeper"}, {"witness1", "w1"}, {"witness2", "w2"}, {"method", method}};
  };
  BOOST_TEST(p.refused("destroy-list", listing("shred")) == "car-destroy");  // a stick goes to the bureau
  const std::string list = p.act("destroy-list", listing("bureau")).at("destruction");
  p.act("destroy-approve", {{"destruction", list}, {"approvedBy", "leader"}});
  p.act("destroy-file", {{"destruction", list}});
  const std::string certificate =
      p.act("destroy", {{"destruction", list}, {"witnesses", {"w1", "w2"}}}).at("certificate");
  for (const std::string& id : bundles) {
    BOOST_TEST(p.stateOf(id) == "destroyed");
    BOOST_TEST(p.eventsOf(id).back() == "destroyed");
    BOOST_TEST(certificate.find(p.get("hq", *RecordId::parse(id)).at("title").get<std::string>()) != std::string::npos);
  }
  BOOST_TEST(p.get("hq", *RecordId::parse(list)).at("certificate") == certificate);
}

BOOST_AUTO_TEST_CASE(storage_media_go_to_the_bureau_and_what_must_be_returned_is_not_destroyed) {
  const auto listing = [&](const std::vector<std::string>& carriers, const char* method) {
    return json{{"carriers", carriers}, {"by", "keeper"}, {"witness1", "w1"}, {"witness2", "w2"}, {"method", method}};
  };
  const auto stick = make("机密", 1, {{"medium", "usb"}}), due = make("机密", 1, {{"mustReturn", true}});
  BOOST_TEST(refused("destroy-list", listing(stick, "shred")) == "car-destroy");
  BOOST_TEST(refused("destroy-list", listing(due, "shred")) == "car-destroy");
  act("destroy-list", listing(stick, "bureau"));
  act("return", {{"carriers", due}, {"by", "keeper"}, {"toUnit", "hq"}});
  BOOST_TEST(stateOf(due[0]) == "returned");
}

BOOST_AUTO_TEST_CASE(a_list_made_elsewhere_with_one_person_twice_is_kept_as_a_violation) {
  const auto one = make("秘密★一年");
  const RecordId list = put("hq", "CarrierDestruction",
                            {{"carriers", one},
                             {"listedBy", people_["keeper"].text()},
                             {"method", "burn"},
                             {"witness1", people_["w1"].text()},
                             {"witness2", people_["w1"].text()}},
                            "秘密");
  BOOST_TEST(violationsOf("hq", list) == (Words{"separation witness1"}), each);
  set("hq", list, {{"witness2", people_["w2"].text()}});
  BOOST_TEST(violationsOf("hq", list).empty());
}

BOOST_AUTO_TEST_CASE(lost_is_reported_at_once_and_found_goes_back_into_the_store) {
  const auto one = make("机密");
  const json lost = act("lose", {{"carriers", one}, {"by", "keeper"}, {"remark", "途中"}});
  BOOST_TEST(lost.at("warnings")[0].at("rule") == "leak-report");
  BOOST_TEST(stateOf(one[0]) == "lost");
  act("find", {{"carriers", one}, {"by", "keeper"}});
  BOOST_TEST(stateOf(one[0]) == "inStore");
  act("archive", {{"carriers", one}, {"by", "keeper"}, {"location", "库"}});
  BOOST_TEST(eventsOf(one[0]) == (Words{"made", "registered", "lost", "found", "archived"}), each);
}

BOOST_AUTO_TEST_CASE(an_act_over_carriers_of_several_levels_is_one_transaction) {
  std::vector<std::string> all = make("绝密");
  for (const char* mark : {"秘密★一年", "机密"}) all.push_back(make(mark)[0]);
  act("archive", {{"carriers", all}, {"by", "keeper"}});
  for (const std::string& id : all) BOOST_TEST(stateOf(id) == "archived");
  std::vector<std::string> more = make("绝密");
  more.push_back(make("秘密★一年")[0]);
  const std::string sent = act("send", sending(more, "dedicatedCourier", {{"courier", "bearer"}})).at("consignment");
  BOOST_TEST(office().get(*RecordId::parse(sent)).document.at("label").at("level") == "topSecret");
  act("receive", {{"consignment", sent}, {"by", "reader"}, {"counted", 2}});
}

BOOST_AUTO_TEST_CASE(what_an_act_does_not_know_is_not_ignored) {
  BOOST_CHECK_THROW(act("fly", json::object()), Error);
  BOOST_CHECK_THROW(act("make", json::array()), Error);
  BOOST_CHECK_THROW(make("机密", 1, {{"colour", "red"}}), Error);
  BOOST_CHECK_THROW(make("机密", 0), Error);
  BOOST_CHECK_THROW(make("机密", 1, {{"by", "nobody"}}), Error);
  BOOST_CHECK_THROW(act("archive", {{"carriers", json::array()}, {"by", "keeper"}}), Error);
  BOOST_CHECK_THROW(act("archive", {{"carriers", {"〔1999〕1号"}}, {"by", "keeper"}}), Error);
  BOOST_CHECK_THROW(act("destroy-file", {{"destruction", "keeper"}}), Error);
}

BOOST_AUTO_TEST_CASE(two_offline_sites_that_move_one_carrier_leave_both_entries_and_carrier_in_two_places) {
  for (const bool countyFirst : {false, true}) {
    Desk p({{"gar", Level::secret, {}}});
    const std::string id = p.make("秘密★一年")[0];
    p.settle();
    p.act("read", {{"carrier", id}, {"by", "reader"}});
    p.act("bring-back", {{"carrier", id}, {"by", "reader"}});
    p.act("hand-over", {{"from", "keeper"}, {"to", "leader"}, {"reason", "leavingPost"}, {"carriers", {id}}});
    p.act("hand-over", {{"from", "keeper"}, {"to", "chief"}, {"reason", "leavingPost"}, {"carriers", {id}}}, "gar");
    p.act("archive", {{"carriers", {id}}, {"by", "keeper"}}, "gar");
    if (countyFirst) p.carry("gar", "hq");
    p.settle();
    const RecordId record = *RecordId::parse(id);
    for (const char* site : {"hq", "gar"}) {
      Words events = p.eventsOf(id, site);
      std::sort(events.begin(), events.end());
      BOOST_TEST(events == (Words{"archived", "broughtBack", "handedOver", "handedOver", "made", "read", "registered"}),
                 each);
      Words kinds = p.violationsOf(site, record);
      BOOST_TEST(
          kinds == (Words{"carrierInTwoPlaces holder", "carrierInTwoPlaces state", "concurrentTransition state"}),
          each);
    }
    const json known = p.digests("gar");
    for (const auto& [compartment, digest] : known.items()) BOOST_TEST(p.digests("hq").at(compartment) == digest);
    const auto clashes = [&](const char* site) {
      json out = json::array();
      for (const json& v : p[site].violations())
        if (v.at("kind") == "carrierInTwoPlaces") out.push_back(v);
      return out;
    };
    BOOST_TEST((clashes("hq") == clashes("gar")));
    // A person settles where it is: then it is in one place again, at both.
    p.set("hq", record, {{"holder", p.people_["leader"].text()}});
    p.settle();
    for (const char* site : {"hq", "gar"}) {
      const Words kinds = p.violationsOf(site, record);
      BOOST_TEST((std::find(kinds.begin(), kinds.end(), "carrierInTwoPlaces holder") == kinds.end()));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(devices, Desk)

namespace {

json device(const RecordId& unit, json more = json::object()) {
  json out = {{"deviceKind", "computer"}, {"serial", "pc-1"}, {"classifiedUse", "secret"}, {"unit", unit.text()}};
  out.update(more);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(dev_highest_stored_confidential_and_wiped_is_still_confidential) {
  const RecordId id = put("hq", "OfficeDevice", device(section_, {{"highestEverStored", "confidential"}}));
  BOOST_CHECK_THROW(set("hq", id, {{"highestEverStored", "public"}}), Error);
  BOOST_CHECK_THROW(set("hq", id, {{"highestEverStored", nullptr}}), Error);
  set("hq", id, {{"highestEverStored", "secret"}});
  BOOST_TEST(get("hq", id).at("highestEverStored") == "secret");
}

BOOST_AUTO_TEST_CASE(dev_no_internet_a_classified_device_that_is_online_is_a_violation_until_it_is_not) {
  const RecordId id = put("hq", "OfficeDevice", device(section_, {{"internetConnected", true}}));
  BOOST_TEST(violationsOf("hq", id) == (Words{"classifiedOnline internetConnected"}), each);
  set("hq", id, {{"internetConnected", false}});
  BOOST_TEST(violationsOf("hq", id).empty());
  const RecordId plain =
      put("hq", "OfficeDevice",
          device(section_, {{"serial", "2"}, {"classifiedUse", "none"}, {"internetConnected", true}}));
  BOOST_TEST(violationsOf("hq", plain).empty());
  set("hq", plain, {{"classifiedUse", "internal"}});
  BOOST_TEST(violationsOf("hq", plain) == (Words{"classifiedOnline internetConnected"}), each);
}

BOOST_AUTO_TEST_CASE(dev_no_internet_is_noticed_where_two_sites_make_it_so_together) {
  Desk p({{"gar", Level::secret, {}}});
  const RecordId id =
      p.put("hq", "OfficeDevice", device(p.section_, {{"classifiedUse", "none"}, {"internetConnected", false}}));
  p.settle();
  p.set("hq", id, {{"classifiedUse", "secret"}});
  p.set("gar", id, {{"internetConnected", true}});
  p.settle();
  for (const char* site : {"hq", "gar"})
    BOOST_TEST(p.violationsOf(site, id) == (Words{"classifiedOnline internetConnected"}), each);
}

BOOST_AUTO_TEST_CASE(dev_password_is_due_on_day_91_and_not_before) {
  auto clock = std::make_shared<TestClock>();
  environment.clock = clock;
  close("hq");
  put("hq", "OfficeDevice", device(section_, {{"passwordChangedAt", "2026-06-01"}}));
  put("hq", "OfficeDevice", device(section_, {{"serial", "2"}, {"classifiedUse", "none"}}));
  const auto dueAfter = [&](std::int64_t days) {
    constexpr std::int64_t day_ms = 86'400'000, june_first_ms = 1'780'243'200'000;  // 2026-06-01T00:00+08:00
    clock->now_ms = june_first_ms + days * day_ms + day_ms / 2;
    return carrierReport(office(), "passwords", json::object()).at("lines").size();
  };
  BOOST_TEST(dueAfter(1) == 0u);
  BOOST_TEST(dueAfter(90) == 0u);
  BOOST_TEST(dueAfter(91) == 1u);
  BOOST_TEST(carrierReport(office(), "passwords", {{"days", 100}}).at("lines").empty());
}

BOOST_AUTO_TEST_CASE(dev_password_of_seven_characters_is_refused_and_of_eight_accepted) {
  std::optional<UnlockedPerson> person;
  openSite(opening("hq"), Rollback::refuse, &person);
  Keyring keyring(environment, keyringFileOf(folder("hq")));
  BOOST_CHECK_THROW(keyring.changeSecret(*person, secretOf("1234567"), KdfCost::cheapForTests()), Error);
  BOOST_CHECK_NO_THROW(keyring.changeSecret(*person, secretOf("12345678"), KdfCost::cheapForTests()));
}

BOOST_AUTO_TEST_CASE(dev_repair_outside_needs_consent_and_the_storage_taken_out) {
  const RecordId pc = put("hq", "OfficeDevice", device(section_));
  json repair = {
      {"device", pc.text()}, {"inside", false}, {"supervisor", people_["keeper"].text()}, {"state", "repairing"}};
  const RecordId id = put("hq", "DeviceRepair", repair);
  BOOST_TEST(violationsOf("hq", id) == (Words{"repairUnapproved approvedBy", "repairWithStorage storageRemoved"}),
             each);
  set("hq", id, {{"storageRemoved", true}, {"approvedBy", people_["leader"].text()}});
  BOOST_TEST(violationsOf("hq", id).empty());
}

BOOST_AUTO_TEST_SUITE_END()
