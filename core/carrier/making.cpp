// Making numbered carriers, and copies of one.
#include <algorithm>

#include "core/base/error.h"
#include "core/carrier/acts.h"
#include "core/carrier/articles.h"
#include "core/record/json.h"

namespace cinnabar::carrier {
namespace {

constexpr std::int64_t mostCopies = 1000;

// What stands behind the star of a mark.
std::string periodIn(const std::string& mark) {
  const auto star = mark.find("★");
  return star == std::string::npos ? "" : mark.substr(star + std::string_view("★").size());
}

// The carriers' label is their content's; without a document it is given as a mark.
Label labelFor(Book& book, Given& given, const std::optional<RecordId>& document) {
  std::optional<Label> label;
  if (given.has("label")) {
    const std::string mark = given.text("label");
    label = parseMark(mark);
    for (const std::string& warning : markWarnings(mark)) book.warn("car-number", "二 L2097", warning);
    if (given.has("circles")) label->compartment.circles = given.texts("circles");
    std::vector<std::string>& circles = label->compartment.circles;
    std::sort(circles.begin(), circles.end());
    circles.erase(std::unique(circles.begin(), circles.end()), circles.end());
  } else if (given.has("circles")) {
    throw Error(Code::invalidInput, "'circles' are given with a 'label'");
  }
  if (!document) {
    if (!label) throw Error(Code::invalidInput, "give the 'label', or the document 'of' which the carrier is");
    return *label;
  }
  const Store::Found found = book.store().findWhole(*document);
  Label own{found.vault->compartmentOf(found.row.compartment), {}};
  if (const auto period = found.row.columns.find(periodRegister);
      period != found.row.columns.end() && !isNull(period->second))
    own.period = parseStoredPeriod(std::get<std::string>(period->second));
  if (label && !(*label == own))
    refuse("car-number", "二 L2097", "the carrier has its content's level, period and circles");
  return own;
}

// Made, then registered, then in store, each with its entry: 二, 七.
void register_(Book& book, std::vector<Carrier>& made, const json& moreOfMade) {
  for (const Carrier& carrier : made) book.event(carrier, "made", moreOfMade);
  for (Carrier& carrier : made) book.move(carrier, "registered");
  for (const Carrier& carrier : made) book.event(carrier, "registered");
  for (Carrier& carrier : made) book.move(carrier, "inStore");
  json list = json::array();
  for (const Carrier& carrier : made)
    list.push_back({{"id", carrier.id.text()},
                    {"number", carrier.number.empty() ? json() : json(carrier.number)},
                    {"copy", copyText(carrier.fields.at("copyNumber").get<std::int64_t>())}});
  book.result()["carriers"] = std::move(list);
}

std::int64_t highestCopyOf(Book& book, const Carrier& original) {
  Store& store = book.store();
  Vault& vault = store.vault(original.label.compartment.level);
  const RecordId root = original.reference("copyOf").value_or(original.id);
  Query q = vault.database().query("SELECT max(copyNumber) FROM ClassifiedCarrier WHERE id=?1 OR copyOf=?1");
  q.with(root);
  q.step();
  return std::max<std::int64_t>(q->integer(0), original.fields.value("totalCopies", std::int64_t{1}));
}

// 十五(一): the organ that set the level, or one above it.
void mustBeTheDecidingOrgan(Book& book, const Carrier& original, const std::optional<RecordId>& organ) {
  constexpr int mostTiers = 16;
  const auto maker = original.reference("maker");
  if (!organ || !maker)
    refuse("car-copy", "十五(一) L2133",
           "topSecret is copied with the approval of the organ that set its level, or above");
  std::optional<RecordId> at = maker;
  for (int tier = 0; at && tier < mostTiers; ++tier) {
    if (*at == *organ) return;
    const json unit = book.fieldsOf(*at);
    at = unit.contains("parent") ? RecordId::parse(unit.at("parent").get<std::string>()) : std::nullopt;
  }
  refuse("car-copy", "十五(一) L2133", "the approving organ is neither the one that set the level nor above it");
}

}  // namespace

void make(Book& book, Given& given) {
  std::optional<RecordId> document;
  if (given.has("of")) {
    document = RecordId::parse(given.text("of"));
    if (!document) throw Error(Code::notFound, "no such record");
  }
  const Label label = labelFor(book, given, document);
  const std::int64_t copies = given.numberOr("copies", 1, 1, mostCopies);
  const std::string scope = given.textOr("distribution", "");
  mustStateScope(label.compartment.level, scope);
  const RecordId by = given.person("by"), unit = given.unit("unit");
  const RecordId holder = given.personIfAny("holder").value_or(by);
  json fields = {{"title", given.text("title")},
                 {"mediumKind", given.text("medium")},
                 {"level", wordOf(label.compartment.level)},
                 {"totalCopies", copies},
                 {"madeAt", book.now()},
                 {"madeBy", by.text()},
                 {"maker", unit.text()},
                 {"holderUnit", unit.text()},
                 {"holder", holder.text()},
                 {"state", "made"}};
  if (document) fields["ofDocument"] = document->text();
  if (!scope.empty()) fields["distribution"] = scope;
  if (const std::string period = periodIn(markOf({label.compartment, periodOf(label)})); !period.empty())
    fields["period"] = period;
  if (given.has("location")) fields["location"] = given.text("location");
  if (const auto keeper = given.personIfAny("keeper")) fields["keeper"] = keeper->text();
  if (given.flag("mustReturn")) fields["mustReturn"] = true;
  given.end();

  std::vector<Carrier> made;
  for (std::int64_t i = 1; i <= copies; ++i) {
    fields["copyNumber"] = i;
    made.push_back(book.carrier(book.put("ClassifiedCarrier", fields, label.compartment, label.period)));
  }
  register_(book, made, {{"to", holder.text()}, {"toUnit", unit.text()}});
}

// 十五: the copy bears the original's level, period and scope, and is registered like it.
void copy(Book& book, Given& given) {
  const Carrier original = book.carrier(given.text("carrier"));
  for (const char* fixed : {"label", "level", "period", "distribution", "circles"})
    if (given.has(fixed))
      refuse("car-copy", "十五(三) L2137", "a copy never changes level, period or scope, so none is given");
  const std::int64_t copies = given.numberOr("copies", 1, 1, mostCopies);
  const RecordId by = given.person("by");
  const auto approver = given.personIfAny("approvedBy");
  const Level level = original.label.compartment.level;
  if (level >= Level::confidential && !approver)
    refuse("car-copy", level == Level::topSecret ? "十五(一) L2133" : "十五(二) L2135", "copying needs an approval");
  if (approver) mustBeAnother(by, *approver, "car-copy", "十五 L2131–2139");
  const auto organ = given.unitIfAny("organ");
  if (level == Level::topSecret) mustBeTheDecidingOrgan(book, original, organ);
  if (original.state != "inStore" && original.state != "readOut")
    refuse("car-copy", "十五(四) L2139", original.name() + " is '" + original.state + "' and cannot be copied");
  const RecordId holder = given.personIfAny("holder").value_or(by);
  given.end();

  json fields = json::object();
  for (const char* same : {"ofDocument", "mediumKind", "title", "level", "period", "distribution", "maker",
                           "holderUnit", "location", "keeper", "mustReturn"})
    if (original.fields.contains(same)) fields[same] = original.fields.at(same);
  fields.update({{"totalCopies", copies},
                 {"madeAt", book.now()},
                 {"madeBy", by.text()},
                 {"holder", holder.text()},
                 {"copyOf", original.reference("copyOf").value_or(original.id).text()},
                 {"state", "made"}});
  const std::int64_t last = highestCopyOf(book, original);
  std::vector<Carrier> made;
  for (std::int64_t i = 1; i <= copies; ++i) {
    fields["copyNumber"] = last + i;
    made.push_back(
        book.carrier(book.put("ClassifiedCarrier", fields, original.label.compartment, original.label.period)));
  }
  json copied = {{"to", holder.text()}, {"remark", std::to_string(copies) + "份，加盖复制部门印章"}};
  if (approver) copied["approval"] = book.approval(original, "复制", *approver, "car-copy").text();
  book.event(original, "copied", copied);
  register_(book, made, {{"to", holder.text()}, {"remark", "复制自 " + original.name()}});
}

}  // namespace cinnabar::carrier
