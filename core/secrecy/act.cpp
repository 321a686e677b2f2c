#include "core/secrecy/act.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/record/json.h"
#include "core/record/relabel.h"
#include "core/vault/sqlite.h"

namespace cinnabar {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 11> changeWords = {"classify", "raise",   "lower", "extend", "shorten", "widen",
                                                          "narrow",   "release", "hold",  "unhold", "expire"};

std::string textIn(const json& fields, const char* name) { return fields.value(name, std::string()); }

Compartment whereIs(Store& store, const RecordId& id) {
  Compartment out;
  if (!store.exists(id, &out)) throw Error(Code::notFound, "no such record");
  return out;
}

}  // namespace

void refuseAct(const std::string& why, const char* rule, const char* article) {
  throw Error(Code::refused, why + " (定密解密 " + article + ")", json({{"rule", rule}, {"article", article}}).dump());
}

const EntityType& entityNamed(Store& store, const char* name) {
  const EntityType* entity = store.catalog().find(name);
  if (entity == nullptr) throw Error(Code::internal, std::string("the schema has no ") + name);
  return *entity;
}

std::vector<RecordId> pointing(Store& store, const char* entity, const char* field, const RecordId& target) {
  std::vector<RecordId> out;
  const EntityType* type = store.catalog().find(entity);
  if (type == nullptr) return out;
  for (Vault* vault : store.vaultsHolding(*type)) {
    Query q = vault->database().query("SELECT id,_c FROM " + identifier(entity) + " WHERE " + identifier(field) +
                                      "=?1 AND _gone IS NULL ORDER BY id");
    q.with(target);
    while (q.step())
      if (const auto id = RecordId::of(q->blob(0)); id && store.sees(vault->compartmentOf(q->integer(1))))
        out.push_back(*id);
  }
  std::sort(out.begin(), out.end());
  return out;
}

void rewrite(Transaction& t, const RecordId& id, const EntityType& entity, const json& fields,
             const std::string& stateBefore) {
  Item item = itemOf(t.store(), entity, fields);
  item.record = id;
  item.creates = false;
  for (Write& write : item.writes)
    if (write.operation == Operation::transition) write.auxiliary = stateBefore;
  t.write(whereIs(t.store(), id), std::move(item));
}

std::string_view wordOf(LabelChange change) { return changeWords[static_cast<std::size_t>(change)]; }

std::optional<LabelChange> parseChange(std::string_view word) {
  const auto at = std::find(changeWords.begin(), changeWords.end(), word);
  if (at == changeWords.end()) return std::nullopt;
  return static_cast<LabelChange>(at - changeWords.begin());
}

bool isBeyondMaximum(const Label& to, const std::string& day) {
  using Unit = Period::Unit;
  const Period most = maximumOf(to.compartment.level);
  return to.period.unit == Unit::longTerm || (to.period.unit == Unit::years && to.period.count > most.count) ||
         (to.period.unit == Unit::untilDate && to.period.until > lastDayOf(most, day));
}

bool isStanding(const LabelAct& act) {
  return act.state == "approved" || act.state == "disputed" || act.state == "expired";
}

bool isHeld(const std::vector<LabelAct>& acts) {
  bool held = false;
  for (const LabelAct& act : acts)
    if (isStanding(act) && (act.change == LabelChange::hold || act.change == LabelChange::unhold))
      held = act.change == LabelChange::hold;
  return held;
}

LabelAct actOf(const RecordId& id, const json& fields) {
  LabelAct act;
  act.id = id;
  if (const auto subject = RecordId::parse(textIn(fields, "subject"))) act.subject = *subject;
  act.change = parseChange(textIn(fields, "change")).value_or(LabelChange::classify);
  act.to.compartment.level = parseLevel(textIn(fields, "level")).value_or(Level::internal);
  if (const auto circles = fields.find("circles"); circles != fields.end())
    act.to.compartment.circles = circles->get<std::vector<std::string>>();
  try {
    act.to.period = parseStoredPeriod(textIn(fields, "period"));
  } catch (const Error&) {
    // Of a record that was not made by an act: it cannot be decided either.
  }
  act.basis = textIn(fields, "basis");
  act.reason = textIn(fields, "reason");
  act.specialRule = textIn(fields, "specialRule");
  act.state = textIn(fields, "state");
  act.organ = textIn(fields, "organ");
  act.oldMark = textIn(fields, "oldMark");
  act.effectiveAt = textIn(fields, "effectiveAt");
  act.proposal = textIn(fields, "proposal");
  act.decision = textIn(fields, "decision");
  return act;
}

std::vector<LabelAct> actsOn(Store& store, const RecordId& subject) {
  std::vector<LabelAct> out;
  for (const RecordId& id : pointing(store, "Classification", "subject", subject))
    out.push_back(actOf(id, store.get(id).document.at("fields")));
  return out;
}

Bytes statementOf(const LabelAct& act) {
  Bytes out;
  Writer w(out);
  w.id(act.subject);
  w.text(wordOf(act.change));
  writeCompartment(w, act.to.compartment);
  w.text(storedForm(act.to.period));
  w.text(act.basis);
  w.text(act.reason);
  if (!act.specialRule.empty()) w.text(act.specialRule);
  return out;
}

// The decision is on this one proposal: it signs the proposal's signature too.
Bytes statementOf(const LabelAct& act, Verdict verdict) {
  Bytes out = statementOf(act);
  Writer w(out);
  w.text(act.proposal);
  w.number(static_cast<std::uint64_t>(verdict));
  return out;
}

Item itemOf(Store& store, const EntityType& entity, const json& fields) {
  Item item;
  item.record = makeRecordId(store.environment().clock->now().ms, entity.tag, *store.environment().random);
  item.creates = true;
  for (auto& [number, value] : valuesOf(entity, fields)) {
    const Field& field = *entity.find(number);
    item.writes.push_back({number, operationOf(field.merge), value, {}});
  }
  return item;
}

std::vector<RecordId> companionsOf(Store& store, const RecordId& subject) {
  std::vector<RecordId> out = pointing(store, "Classification", "subject", subject);
  const std::vector<RecordId> acts = out;
  for (const RecordId& act : acts)
    for (const RecordId& id : pointing(store, "ClassificationChange", "classification", act)) out.push_back(id);
  for (const char* entity : {"SecrecyDispute", "PortionMark"})
    for (const RecordId& id : pointing(store, entity, "subject", subject)) out.push_back(id);
  return out;
}

void relabelWhole(Transaction& t, const RecordId& subject, const Label& to, const std::string& since) {
  const std::vector<RecordId> companions = companionsOf(t.store(), subject);
  relabel(t, subject, to, since);
  for (const RecordId& id : companions) relabel(t, id, {to.compartment, {}}, "");
}

json marksOf(const std::vector<LabelAct>& acts, const Label& now) {
  json out = json::array();
  bool released = false;
  for (const LabelAct& act : acts) {
    if (act.state == "proposed" || act.state == "refused" || act.change == LabelChange::hold ||
        act.change == LabelChange::unhold)
      continue;
    if (!act.oldMark.empty() && act.change != LabelChange::classify)
      out.push_back({{"mark", act.oldMark}, {"struck", true}});
    released = act.change == LabelChange::release || act.change == LabelChange::expire;
  }
  out.push_back({{"mark", released ? "解密" : markOf(now)}, {"struck", false}});
  return out;
}

}  // namespace cinnabar
