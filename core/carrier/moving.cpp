// Carriers that change place or hands: sent and received, handed over, returned, archived, lost and found.
#include "core/base/error.h"
#include "core/carrier/acts.h"
#include "core/carrier/articles.h"

namespace cinnabar::carrier {
namespace {

json idsOf(const std::vector<Carrier>& carriers) {
  json out = json::array();
  for (const Carrier& carrier : carriers) out.push_back(carrier.id.text());
  return out;
}

std::string nameOfUnit(Book& book, const RecordId& unit) { return book.fieldsOf(unit).value("name", unit.text()); }

// 九: what stands on the envelope, and nothing more.
std::string envelopeOf(Book& book, const Carrier& carrier, const RecordId& from, const RecordId& to) {
  return std::string(chineseOf(carrier.label.compartment.level)) + " " + carrier.name() + " " + nameOfUnit(book, from) +
         " → " + nameOfUnit(book, to);
}

void moveAll(Book& book, std::vector<Carrier>& carriers, const char* state, const json& fields, const char* word,
             const json& entry) {
  for (const Carrier& carrier : carriers) book.mustLead(carrier, state);
  for (Carrier& carrier : carriers) {
    book.move(carrier, state, fields);
    book.event(carrier, word, entry);
  }
  book.result()["carriers"] = idsOf(carriers);
}

// 三, 七: who has had it to now hands it on.
json handedFrom(const Carrier& carrier) {
  json out = json::object();
  if (carrier.fields.contains("holder")) out["from"] = carrier.fields.at("holder");
  if (carrier.fields.contains("holderUnit")) out["fromUnit"] = carrier.fields.at("holderUnit");
  return out;
}

}  // namespace

void send(Book& book, Given& given) {
  std::vector<Carrier> carriers = given.carriers("carriers");
  const RecordId from = given.unit("fromUnit"), to = given.unit("toUnit");
  const std::string channel = given.text("channel");
  const bool outside = given.flag("outside"), sealed = given.flag("sealed");
  const auto courier = given.personIfAny("courier");
  const std::string envelope = given.textOr("envelope", "");
  given.end();
  for (const Carrier& carrier : carriers)
    mustTravelSo({carrier.label.compartment.level, channel, carrier.medium, outside, sealed, courier.has_value()});
  for (const Carrier& carrier : carriers)
    if (carrier.state != "made") book.mustLead(carrier, "dispatched");

  for (Carrier& carrier : carriers) {
    // A bundle that was exported stands in the register as made.
    if (carrier.state == "made") {
      book.move(carrier, "registered");
      book.event(carrier, "registered");
    }
    json entry = handedFrom(carrier);
    entry.update({{"fromUnit", from.text()},
                  {"toUnit", to.text()},
                  {"channel", channel},
                  {"sealed", sealed},
                  {"envelopeShows", envelopeOf(book, carrier, from, to)}});
    book.move(carrier, "dispatched");
    book.event(carrier, "dispatched", entry);
  }
  const Compartment label = joinOf(carriers);
  json consignment = {{"carriers", idsOf(carriers)}, {"fromUnit", from.text()}, {"toUnit", to.text()},
                      {"outsideArea", outside},      {"channel", channel},      {"envelopeLevel", wordOf(label.level)},
                      {"sentAt", book.now()}};
  if (!envelope.empty()) consignment["envelopeNumber"] = envelope;
  if (courier) consignment["courier"] = courier->text();
  book.result()["consignment"] = book.put("Consignment", consignment, label).text();
  book.result()["carriers"] = idsOf(carriers);
}

// 七: counted, registered, signed for.
void receive(Book& book, Given& given) {
  std::optional<RecordId> consignment;
  json sent;
  std::vector<Carrier> carriers;
  if (given.has("consignment")) {
    consignment = book.named("Consignment", given.text("consignment"));
    sent = book.fieldsOf(*consignment);
  }
  if (given.has("carriers")) {
    carriers = given.carriers("carriers");
  } else {
    if (!consignment) throw Error(Code::invalidInput, "give the 'consignment', the 'carriers', or both");
    for (const json& id : sent.at("carriers")) carriers.push_back(book.carrier(id.get<std::string>()));
    sortByLevel(carriers);
  }
  const RecordId by = given.person("by");
  const std::int64_t counted = given.numberOr("counted", -1, 0, mostCarriers);
  const auto unit = given.unitIfAny("unit");
  const std::string location = given.textOr("location", "");
  given.end();
  if (counted != static_cast<std::int64_t>(carriers.size()))
    refuse("car-receive", "七 L2107",
           "what comes is counted: " + std::to_string(carriers.size()) + " are to be signed for, 'counted' says " +
               (counted < 0 ? "nothing" : std::to_string(counted)) + "; sign for those that are there by 'carriers'");
  std::string toUnit = unit ? unit->text() : sent.is_object() ? sent.value("toUnit", "") : "";
  if (toUnit.empty()) throw Error(Code::invalidInput, "without a consignment the 'unit' that receives is given");

  for (const Carrier& carrier : carriers) book.mustLead(carrier, "received");
  json fields = {{"holder", by.text()}, {"holderUnit", toUnit}};
  if (!location.empty()) fields["location"] = location;
  for (Carrier& carrier : carriers) {
    book.move(carrier, "received", fields);
    book.event(carrier, "received", {{"toUnit", toUnit}});
    book.event(carrier, "signedFor", {{"to", by.text()}, {"toUnit", toUnit}});
    book.move(carrier, "inStore");
  }
  if (consignment)
    book.set(*consignment, {{"receivedAt", book.now()},
                            {"receiptSignedBy", book.fieldsOf(by).value("name", by.text())},
                            {"counted", counted}});
  book.result()["carriers"] = idsOf(carriers);
}

// 二十三, 二十四: all that somebody has, or some of it, with a list that both sign.
void handOver(Book& book, Given& given) {
  const RecordId from = given.person("from"), to = given.person("to");
  const auto supervisor = given.personIfAny("supervisor");
  const std::string reason = given.text("reason");
  const bool all = !given.has("carriers");
  std::vector<Carrier> carriers;
  if (all)
    for (const RecordId& id : openCarriersOf(book.store(), from)) carriers.push_back(book.carrier(id));
  else
    carriers = given.carriers("carriers");
  const auto unit = given.unitIfAny("unit");
  given.end();
  if (from == to) refuse("car-leaving", "二十三 L2175", "nobody hands over to himself");
  if (supervisor && (*supervisor == from || *supervisor == to))
    refuse("car-leaving", "二十三 L2175", "who supervises the handing over is a third person");
  if (carriers.empty()) refuse("car-leaving", "二十三 L2175", "the person has no open carrier");
  sortByLevel(carriers);
  for (const Carrier& carrier : carriers) {
    if (carrier.reference("holder") != from && carrier.reference("keeper") != from)
      refuse("car-leaving", "二十三 L2175", carrier.name() + " is not held by who hands it over");
    if (carrier.state == "readOut" || carrier.state == "carriedOut" || carrier.state == "dispatched" ||
        carrier.state == "lost")
      refuse("car-leaving", "二十三 L2175",
             carrier.name() + " is '" + carrier.state + "': it has to be here to be handed over");
  }
  for (const Carrier& carrier : carriers) {
    json fields = json::object();
    if (carrier.reference("holder") == from) fields["holder"] = to.text();
    if (carrier.reference("keeper") == from) fields["keeper"] = to.text();
    if (unit) fields["holderUnit"] = unit->text();
    book.set(carrier.id, fields);
    json entry = {{"from", from.text()}, {"to", to.text()}};
    if (supervisor) entry["witness"] = supervisor->text();
    if (unit) entry["toUnit"] = unit->text();
    book.event(carrier, "handedOver", entry);
  }
  json handover = {{"from", from.text()},         {"to", to.text()},          {"reason", reason},
                   {"carriers", idsOf(carriers)}, {"signedFrom", book.now()}, {"signedTo", book.now()}};
  if (supervisor) handover["supervisor"] = supervisor->text();
  book.result()["handover"] = book.put("CarrierHandover", handover, joinOf(carriers)).text();
  book.result()["carriers"] = idsOf(carriers);
}

void giveBack(Book& book, Given& given) {
  std::vector<Carrier> carriers = given.carriers("carriers");
  const RecordId by = given.person("by"), to = given.unit("toUnit");
  given.end();
  moveAll(book, carriers, "returned", {{"holderUnit", to.text()}}, "returned",
          {{"from", by.text()}, {"toUnit", to.text()}});
}

void archive(Book& book, Given& given) {
  std::vector<Carrier> carriers = given.carriers("carriers");
  const RecordId by = given.person("by");
  json fields = json::object();
  if (given.has("location")) fields["location"] = given.text("location");
  given.end();
  moveAll(book, carriers, "archived", fields, "archived", {{"from", by.text()}});
}

void lose(Book& book, Given& given) {
  std::vector<Carrier> carriers = given.carriers("carriers");
  const RecordId by = given.person("by");
  const std::string remark = given.text("remark");
  given.end();
  moveAll(book, carriers, "lost", json::object(), "lost", {{"from", by.text()}, {"remark", remark}});
  for (const Carrier& carrier : carriers)
    book.warn("leak-report", "二十九 L2191", carrier.name() + " is lost: report it at once");
}

void find(Book& book, Given& given) {
  std::vector<Carrier> carriers = given.carriers("carriers");
  const RecordId by = given.person("by");
  const std::string remark = given.textOr("remark", "");
  given.end();
  json entry = {{"to", by.text()}};
  if (!remark.empty()) entry["remark"] = remark;
  for (const Carrier& carrier : carriers) book.mustLead(carrier, "found");
  for (Carrier& carrier : carriers) {
    book.move(carrier, "found", {{"holder", by.text()}});
    book.event(carrier, "found", entry);
    book.move(carrier, "inStore");
  }
  book.result()["carriers"] = idsOf(carriers);
}

}  // namespace cinnabar::carrier
