// Carriers in use: read, carried out, brought back.
#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/carrier/acts.h"
#include "core/carrier/articles.h"

namespace cinnabar::carrier {
namespace {

// 十三: the leader sets who may know. A circle of that name, where it is on record, says it; a clearance does, too.
void mustBeReader(Book& book, const Carrier& carrier, const RecordId& reader) {
  const json person = book.fieldsOf(reader);
  if (const auto clearance = parseLevel(person.value("clearance", "")))
    mustBeInScope(carrier.label.compartment.level, *clearance);
  for (const std::string& name : carrier.label.compartment.circles) {
    const auto circle = book.circleNamed(name);
    if (!circle) continue;
    const json members = book.fieldsOf(*circle).value("members", json::array());
    if (std::find(members.begin(), members.end(), reader.text()) == members.end())
      refuse("car-scope", "十三 L2125", "the person is not of the circle that may know it");
  }
}

std::optional<RecordId> permitOutOf(Book& book, const Carrier& carrier) {
  const auto permits = book.all("CarryOutPermit", "carrier", carrier.id, "state IN ('out','overdue')");
  return permits.empty() ? std::nullopt : std::optional(permits.back());
}

}  // namespace

// 十三, 十四. A topSecret carrier is read only with its place, and the reader register has it in the same transaction.
void read(Book& book, Given& given) {
  Carrier carrier = book.carrier(given.text("carrier"));
  const RecordId reader = given.person("by");
  const auto supervisor = given.personIfAny("supervisor");
  const std::string place = given.textOr("place", ""), purpose = given.textOr("purpose", "");
  given.end();
  mustBeReader(book, carrier, reader);
  const bool registered = carrier.label.compartment.level == Level::topSecret;
  if (registered && place.empty())
    refuse("car-scope", "十三 L2125", "who reads topSecret is registered, with the place");
  book.mustLead(carrier, "readOut");
  json entry = {{"to", reader.text()}};
  if (!purpose.empty()) entry["remark"] = purpose;
  if (supervisor) entry["witness"] = supervisor->text();
  book.move(carrier, "readOut");
  book.event(carrier, "read", entry);
  if (!registered) return;
  json line = {{"carrier", carrier.id.text()}, {"reader", reader.text()}, {"readAt", book.now()}, {"place", place}};
  if (!purpose.empty()) line["purpose"] = purpose;
  if (supervisor) line["supervisedBy"] = supervisor->text();
  book.result()["register"] = book.put("ReaderRegister", line, carrier.label.compartment).text();
}

void carryOut(Book& book, Given& given) {
  Carrier carrier = book.carrier(given.text("carrier"));
  const RecordId bearer = given.person("bearer");
  const auto approver = given.personIfAny("approvedBy");
  const std::string destination = given.text("destination"), until = given.instantOr("until", "");
  const std::string from = given.instantOr("from", book.now());
  const bool abroad = given.flag("abroad"), foreign = given.flag("foreign"), filed = given.flag("filed");
  if (until.empty()) throw Error(Code::invalidInput, "'until' is to be given: when it has to be back");
  given.end();
  mayGoOut({carrier.label.compartment.level, carrier.medium, abroad, foreign, approver.has_value(), filed});
  if (approver) mustBeAnother(bearer, *approver, "car-carry-out", "十八 L2151");
  book.mustLead(carrier, "carriedOut");
  json permit = {{"carrier", carrier.id.text()},
                 {"bearer", bearer.text()},
                 {"destination", destination},
                 {"from", from},
                 {"until", until},
                 {"abroad", abroad},
                 {"foreignRelated", foreign},
                 {"filedWithSecrecyOffice", filed},
                 {"state", "asked"}};
  const RecordId asked = book.put("CarryOutPermit", permit, carrier.label.compartment);
  json entry = {{"to", bearer.text()}, {"remark", destination}};
  json approved = {{"state", "approved"}};
  if (approver) {
    approved["approvedBy"] = approver->text();
    entry["approval"] = book.approval(carrier, "携带外出", *approver, "car-carry-out").text();
  }
  book.set(asked, approved);
  book.set(asked, {{"state", "out"}});
  book.move(carrier, "carriedOut");
  book.event(carrier, "carriedOut", entry);
  book.result()["permit"] = asked.text();
}

void bringBack(Book& book, Given& given) {
  Carrier carrier = book.carrier(given.text("carrier"));
  const RecordId by = given.person("by");
  json fields = json::object();
  if (given.has("location")) fields["location"] = given.text("location");
  given.end();
  const auto permit = carrier.state == "carriedOut" ? permitOutOf(book, carrier) : std::nullopt;
  book.move(carrier, "inStore", fields);
  book.event(carrier, "broughtBack", {{"from", by.text()}});
  if (!permit) return;
  const auto until = parseInstant(book.fieldsOf(*permit).value("until", ""));
  if (until && millisecondsOf(*parseInstant(book.now())) > millisecondsOf(*until)) {
    if (book.fieldsOf(*permit).value("state", "") == "out") book.set(*permit, {{"state", "overdue"}});
    book.warn("car-carry-out", "十八 L2151", carrier.name() + " came back later than its permit says");
  }
  book.set(*permit, {{"state", "back"}, {"returnedAt", book.now()}});
  book.result()["permit"] = permit->text();
}

}  // namespace cinnabar::carrier
