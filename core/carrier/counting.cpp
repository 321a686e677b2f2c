// The yearly count (二十二): what is held, what was found, and by number what is missing.
#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/carrier/acts.h"
#include "core/carrier/articles.h"

namespace cinnabar::carrier {
namespace {

// What a unit has in its hands: not what is under way, given back, lost or gone.
constexpr const char* held =
    "state IN ('made','registered','inStore','received','readOut','carriedOut','archived','found','destructionListed',"
    "'destructionApproved')";

json namesOf(const std::vector<Carrier>& carriers) {
  json out = json::array();
  for (const Carrier& c : carriers)
    out.push_back(
        {{"id", c.id.text()}, {"number", c.number}, {"title", c.fields.value("title", "")}, {"state", c.state}});
  return out;
}

}  // namespace

void takeInventory(Book& book, Given& given) {
  const RecordId unit = given.unit("unit"), by = given.person("by"), checker = given.person("checkedBy");
  const std::int64_t year = given.numberOr("year", std::stoi(book.now().substr(0, 4)), 1900, 9999);
  std::vector<Carrier> found;
  if (!given.texts("found").empty()) found = given.carriers("found");
  given.end();
  if (by == checker)
    refuse("car-inventory-yearly", "二十二 L2171", "who counts and who checks the count are two persons");

  std::vector<Carrier> missing, unexpected;
  std::vector<RecordId> expected = book.all("ClassifiedCarrier", "holderUnit", unit, held);
  const std::set<RecordId> due(expected.begin(), expected.end());
  std::set<RecordId> there;
  for (const Carrier& carrier : found) {
    there.insert(carrier.id);
    if (!due.contains(carrier.id)) unexpected.push_back(carrier);
  }
  for (const RecordId& id : expected)
    if (!there.contains(id)) missing.push_back(book.carrier(id));

  std::vector<Carrier> named = found;
  named.insert(named.end(), missing.begin(), missing.end());
  sortByLevel(found);
  json ids = json::array(), missingIds = json::array();
  for (const Carrier& carrier : found) {
    ids.push_back(carrier.id.text());
    book.event(carrier, "inventoried", {{"to", by.text()}, {"witness", checker.text()}, {"toUnit", unit.text()}});
  }
  for (const Carrier& carrier : missing) missingIds.push_back(carrier.id.text());
  Compartment label = joinOf(named);
  label.level = std::max(label.level, Level::internal);
  const RecordId inventory = book.put("CarrierInventory",
                                      {{"year", year},
                                       {"unit", unit.text()},
                                       {"startedAt", book.now()},
                                       {"countedBy", by.text()},
                                       {"checkedBy", checker.text()},
                                       {"found", ids},
                                       {"state", "open"}},
                                      label);
  book.set(inventory, {{"missing", missingIds}, {"state", "counted"}});
  for (const Carrier& carrier : missing)
    book.warn("car-inventory-yearly", "二十二 L2171", carrier.name() + " is missing: report it at once");
  for (const Carrier& carrier : unexpected)
    book.warn("car-inventory-yearly", "二十二 L2171", carrier.name() + " was found and is not held by this unit");
  book.result().update({{"inventory", inventory.text()},
                        {"held", expected.size()},
                        {"found", found.size() - unexpected.size()},
                        {"missing", namesOf(missing)},
                        {"unexpected", namesOf(unexpected)}});
}

}  // namespace cinnabar::carrier
