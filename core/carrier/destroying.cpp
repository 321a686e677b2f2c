// Destruction in four acts (二十五, 二十六): listed, approved, filed with the bureau, done before two witnesses.
#include <algorithm>

#include "core/base/error.h"
#include "core/carrier/acts.h"
#include "core/carrier/articles.h"

namespace cinnabar::carrier {
namespace {

constexpr const char* article = "二十五、二十六 L2179–2185";

struct Destruction {
  RecordId id;
  json fields;
  std::vector<Carrier> carriers;
  RecordId person(const char* field) const { return *RecordId::parse(fields.at(field).get<std::string>()); }
  std::string state() const { return fields.value("state", ""); }
};

Destruction destructionIn(Book& book, Given& given) {
  Destruction out;
  out.id = book.named("CarrierDestruction", given.text("destruction"));
  out.fields = book.fieldsOf(out.id);
  for (const json& id : out.fields.at("carriers")) out.carriers.push_back(book.carrier(id.get<std::string>()));
  sortByLevel(out.carriers);
  return out;
}

void mustStandAt(const Destruction& d, const char* state, const char* before) {
  if (d.state() != state)
    refuse("car-destroy", article, "the list is '" + d.state() + "'; it has to be " + std::string(before) + " first");
}

std::string nameOf(Book& book, const RecordId& person) { return book.fieldsOf(person).value("name", person.text()); }

std::string certificateOf(Book& book, const Destruction& d) {
  std::string out = "销毁证明：";
  for (const Carrier& carrier : d.carriers) out += carrier.name() + " " + carrier.fields.value("title", "") + "；";
  return out + "方式 " + d.fields.value("method", "") + "；批准人 " + nameOf(book, d.person("approvedBy")) +
         "；监销人 " + nameOf(book, d.person("witness1")) + "、" + nameOf(book, d.person("witness2")) + "；" +
         book.now().substr(0, 10);
}

// A bundle that was exported and never sent stands in the register as made.
void takeIn(Book& book, Carrier& carrier) {
  if (carrier.state != "made") return;
  book.move(carrier, "registered");
  book.event(carrier, "registered");
  book.move(carrier, "inStore");
}

}  // namespace

void listForDestruction(Book& book, Given& given) {
  std::vector<Carrier> carriers = given.carriers("carriers");
  const RecordId by = given.person("by"), first = given.person("witness1"), second = given.person("witness2");
  const std::string method = given.text("method");
  given.end();
  mustBeTwoOthers(by, first, second);
  for (const Carrier& carrier : carriers) {
    mustDestroySo(carrier.medium, method);
    if (carrier.fields.value("mustReturn", false))
      refuse("car-destroy", "二十二 L2173", carrier.name() + " has to be returned, and is not destroyed by oneself");
    if (carrier.state != "made") book.mustLead(carrier, "destructionListed");
  }
  json ids = json::array();
  for (Carrier& carrier : carriers) {
    takeIn(book, carrier);
    book.move(carrier, "destructionListed");
    book.event(carrier, "destructionListed", {{"from", by.text()}});
    ids.push_back(carrier.id.text());
  }
  Compartment label = joinOf(carriers);
  label.level = std::max(label.level, Level::internal);
  book.result()["destruction"] = book.put("CarrierDestruction",
                                          {{"carriers", ids},
                                           {"listedBy", by.text()},
                                           {"method", method},
                                           {"witness1", first.text()},
                                           {"witness2", second.text()},
                                           {"state", "listed"}},
                                          label)
                                     .text();
  book.result()["carriers"] = ids;
}

void approveDestruction(Book& book, Given& given) {
  Destruction d = destructionIn(book, given);
  const RecordId approver = given.person("approvedBy");
  given.end();
  mustStandAt(d, "listed", "listed");
  mustBeAnother(d.person("listedBy"), approver, "car-destroy", "二十五 L2179");
  for (const Carrier& carrier : d.carriers) book.mustLead(carrier, "destructionApproved");
  for (Carrier& carrier : d.carriers) {
    const RecordId approval = book.approval(carrier, "销毁", approver, "car-destroy");
    book.move(carrier, "destructionApproved");
    book.event(carrier, "destructionApproved", {{"approval", approval.text()}});
  }
  book.set(d.id, {{"state", "approved"}, {"approvedBy", approver.text()}});
}

void fileDestruction(Book& book, Given& given) {
  const Destruction d = destructionIn(book, given);
  const std::string at = given.instantOr("at", book.now());
  given.end();
  mustStandAt(d, "approved", "approved by the leader");
  book.set(d.id, {{"state", "filed"}, {"filedWithBureauAt", at}});
}

void destroy(Book& book, Given& given) {
  Destruction d = destructionIn(book, given);
  std::vector<RecordId> witnesses;
  for (const std::string& one : given.texts("witnesses")) witnesses.push_back(book.named("Person", one));
  given.end();
  mustStandAt(d, "filed", "filed with the bureau");
  const std::vector<RecordId> wanted = {d.person("witness1"), d.person("witness2")};
  mustBeTwoOthers(d.person("listedBy"), wanted[0], wanted[1]);
  if (!std::is_permutation(witnesses.begin(), witnesses.end(), wanted.begin(), wanted.end()))
    refuse("car-destroy", article, "both witnesses that the list names are present, and no one for them");
  for (const Carrier& carrier : d.carriers) book.mustLead(carrier, "destroyed");
  for (Carrier& carrier : d.carriers) {
    book.move(carrier, "destroyed");
    book.event(carrier, "destroyed",
               {{"witness", wanted[0].text()}, {"remark", "监销人二 " + nameOf(book, wanted[1])}});
  }
  const std::string certificate = certificateOf(book, d);
  book.set(d.id, {{"state", "destroyed"}, {"destroyedAt", book.now()}});
  book.set(d.id, {{"state", "certified"}, {"certificate", certificate}});
  book.result()["certificate"] = certificate;
}

}  // namespace cinnabar::carrier
