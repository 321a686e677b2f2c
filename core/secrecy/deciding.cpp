#include "core/secrecy/deciding.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/record/origin.h"
#include "core/record/relabel.h"
#include "core/vault/sqlite.h"

namespace cinnabar {
namespace {

using nlohmann::json;

std::string today(Store& store) { return dateOf(store.environment().clock->now()); }

LabelChange changeFrom(const Label& now, const Label& to, const std::string& since, const std::string& day) {
  const Level from = now.compartment.level, level = to.compartment.level;
  if (from < Level::confidential && level >= Level::confidential) return LabelChange::classify;
  if (from >= Level::confidential && level < Level::confidential) return LabelChange::release;
  if (level != from) return level > from ? LabelChange::raise : LabelChange::lower;
  if (now.compartment.circles != to.compartment.circles)
    return dominates(to.compartment, now.compartment) ? LabelChange::narrow : LabelChange::widen;
  const std::string old = lastDayOf(periodOf(now), since), fresh = lastDayOf(periodOf(to), day);
  return fresh.empty() || (!old.empty() && fresh > old) ? LabelChange::extend : LabelChange::shorten;
}

bool fits(LabelChange change, LabelChange found) {
  if (change == found) return true;
  if (change == LabelChange::raise) return found == LabelChange::classify;
  return change == LabelChange::lower && found == LabelChange::release;
}

void checkPeriod(const Label& to, const std::string& day, const std::string& specialRule) {
  if (isBeyondMaximum(to, day) && specialRule.empty())
    refuseAct("that is beyond the longest period of the level, and no special rule is cited", "cls-max-period",
              "四 L2038");
  if (to.period.unit == Period::Unit::untilDate && to.period.until < day)
    refuseAct("that day is past", "cls-period-units", "四 L2038");
}

// Who decided first, or is above him; where nobody decided, the site that made the record.
void checkOrgan(Store& store, const Signer& signer, const std::vector<LabelAct>& acts, const Record& record) {
  if (signer.site == store.identity().office) return;
  std::string organ = record.document.at("site");
  for (const LabelAct& act : acts)
    if (act.change == LabelChange::classify && act.state != "proposed" && act.state != "refused") organ = act.organ;
  if (organ != signer.siteName)
    refuseAct("only the organ that decided on it, or its superior, may change it", "cls-change-organ",
              "十六、十七 L2070–2078");
}

// A document stays as secret as the most secret of its parts.
void checkPortions(Store& store, const RecordId& subject, const Label& to) {
  for (const RecordId& id : pointing(store, "PortionMark", "subject", subject)) {
    const auto level = parseLevel(store.get(id).document.at("fields").value("level", ""));
    if (level && *level > to.compartment.level)
      refuseAct("a part of it is marked " + std::string(chineseOf(*level)), "cls-compilation", "八、九 L2054–2056");
  }
}

std::string personRecord(Store& store, const std::string& name, const Compartment& from) {
  const EntityType* person = store.catalog().find("Person");
  if (person == nullptr) return "";
  for (Vault* vault : store.vaultsHolding(*person)) {
    Query q = vault->database().query("SELECT id,_c FROM Person WHERE name=?1 AND _gone IS NULL");
    q.with(name);
    while (q.step())
      if (const auto id = RecordId::of(q->blob(0)); id && dominates(from, vault->compartmentOf(q->integer(1))))
        return id->text();
  }
  return "";
}

void addPerson(Store& store, json& fields, const char* field, const std::string& name, const Compartment& from) {
  if (const std::string id = personRecord(store, name, from); !id.empty()) fields[field] = id;
}

std::string endsAs(LabelChange change) {
  switch (change) {
    case LabelChange::release: return "released";
    case LabelChange::expire: return "expired";
    default: return "changed";
  }
}

void endStanding(Transaction& t, const std::vector<LabelAct>& acts, LabelChange by) {
  const EntityType& entity = entityNamed(t.store(), "Classification");
  const Field& state = *entity.find("state");
  for (const LabelAct& act : acts)
    if (isStanding(act) && act.change != LabelChange::hold && act.change != LabelChange::unhold &&
        transitionAllowed(entity, state, act.state, endsAs(by)))
      rewrite(t, act.id, entity, {{"state", endsAs(by)}}, act.state);
}

}  // namespace

RecordId propose(Store& store, const Signer& signer, const Proposal& p) {
  const Record record = store.get(p.subject);
  const std::vector<LabelAct> acts = actsOn(store, p.subject);
  const std::string day = today(store);
  Label to = p.to.value_or(record.label);
  if (p.change == LabelChange::release) to = Label{{Level::internal, {}}, {}};
  LabelAct act;
  act.subject = p.subject;
  if (p.change == LabelChange::expire) refuseAct("what expires does so by itself", "cls-expiry", "十七(三) L2082");
  if (p.change == LabelChange::hold || p.change == LabelChange::unhold) {
    act.change = *p.change;
    to = record.label;
  } else {
    const auto found = store.findWhole(p.subject);
    act.change = changeFrom(record.label, to, classifiedOn(found.row), day);
    if (p.change && !fits(*p.change, act.change))
      throw Error(Code::refused, "from " + markOf(record.label) + " to " + markOf(to) + " is no such change but '" +
                                     std::string(wordOf(act.change)) + "'");
    if (to == record.label) throw Error(Code::refused, "the record bears this label already");
  }
  if (to.compartment.level == Level::open)
    refuseAct("what is no secret any more becomes internal; publishing is another decision", "cls-internal",
              "十二 L2062");
  checkPortions(store, p.subject, to);
  act.to = to;
  act.basis = p.basis;
  act.reason = p.reason;
  act.specialRule = p.specialRule;
  const bool needsBasis = act.change == LabelChange::classify || act.change == LabelChange::raise;
  if (needsBasis && p.basis.empty())
    refuseAct("a level needs its basis in the range of state secrets", "cls-no-over", "三、十 L2036, L2058");
  if (!needsBasis && p.reason.empty()) refuseAct("a change needs its reason", "cls-change-organ", "十六 L2070");
  checkPeriod(to, day, act.specialRule);
  if (act.change != LabelChange::classify) checkOrgan(store, signer, acts, record);

  const std::int64_t now = instantOf(store.environment().clock->now());
  act.proposal = textOf(prove(signer, statementOf(act), now));
  json fields = {{"subject", p.subject.text()},
                 {"change", wordOf(act.change)},
                 {"level", wordOf(to.compartment.level)},
                 {"period", storedForm(to.period)},
                 {"circles", to.compartment.circles},
                 {"basis", p.basis},
                 {"reason", p.reason},
                 {"proposedAt", instantText(now)},
                 {"oldMark", markOf(record.label)},
                 {"proposal", act.proposal},
                 {"state", "proposed"}};
  if (!p.specialRule.empty()) fields["specialRule"] = p.specialRule;
  addPerson(store, fields, "proposedBy", signer.person, record.label.compartment);
  const auto transaction = store.begin();
  Item item = itemOf(store, entityNamed(store, "Classification"), fields);
  const RecordId id = item.record;
  transaction->write(record.label.compartment, std::move(item));
  transaction->commit();
  return id;
}

namespace {

// A record's one open act, or the act itself.
RecordId openAct(Store& store, const RecordId& given) {
  if (store.get(given).entity == "Classification") return given;
  std::vector<RecordId> open;
  for (const LabelAct& act : actsOn(store, given))
    if (act.state == "proposed") open.push_back(act.id);
  if (open.empty()) throw Error(Code::refused, "nothing is proposed for this record");
  if (open.size() > 1)
    throw Error(Code::refused, "several acts are proposed for this record: name the one that is meant");
  return open.front();
}

void closeDisputes(Transaction& t, const RecordId& subject) {
  Store& store = t.store();
  for (const RecordId& id : pointing(store, "SecrecyDispute", "subject", subject))
    if (store.get(id).document.at("state") == "replied")
      rewrite(t, id, entityNamed(store, "SecrecyDispute"), {{"state", "closed"}}, "replied");
}

}  // namespace

RecordId decide(Store& store, const Signer& signer, const RecordId& given, Verdict verdict, const std::string& reason) {
  const RecordId id = openAct(store, given);
  const Record record = store.get(id);
  const LabelAct act = actOf(id, record.document.at("fields"));
  if (act.state != "proposed") throw Error(Code::refused, "this act is not open any more: it is " + act.state);
  const Proof proposal = parseProof(act.proposal);
  const std::int64_t now = instantOf(store.environment().clock->now());
  const Proof decision = prove(signer, statementOf(act, verdict), now);
  if (samePerson(proposal, decision))
    refuseAct("who proposes does not approve: it takes two different persons", "cls-approval", "三 L2036");
  const EntityType& entity = entityNamed(store, "Classification");
  const Compartment from = record.label.compartment;
  json fields = {{"approvedAt", instantText(now)}, {"decision", textOf(decision)}, {"organ", signer.siteName}};
  if (!reason.empty()) fields["remark"] = reason;
  addPerson(store, fields, "approvedBy", signer.person, from);
  Transaction t(store, signer.person);
  if (verdict == Verdict::refuse) {
    fields["state"] = "refused";
    rewrite(t, id, entity, fields, act.state);
    t.commit();
    return id;
  }
  const Record subject = store.get(act.subject);
  if (subject.label.compartment != from)
    throw Error(Code::refused, "the record was moved since this was proposed: propose it anew");
  const std::vector<LabelAct> acts = actsOn(store, act.subject);
  if (act.change != LabelChange::classify) checkOrgan(store, signer, acts, subject);
  const std::string day = today(store);
  checkPeriod(act.to, day, act.specialRule);
  const std::string last = lastDayOf(periodOf(act.to), day);
  fields["state"] = "approved";
  fields["effectiveAt"] = instantText(now);
  if (!last.empty() && act.to.compartment.level >= Level::confidential) fields["expiresAt"] = last;
  if (act.change == LabelChange::hold || act.change == LabelChange::unhold) {
    rewrite(t, id, entity, fields, act.state);
    t.commit();
    return id;
  }
  const auto standing = std::find_if(acts.rbegin(), acts.rend(), [](const LabelAct& a) { return isStanding(a); });
  endStanding(t, acts, act.change);
  rewrite(t, id, entity, fields, act.state);
  if (standing != acts.rend()) {
    json change = {{"classification", standing->id.text()},
                   {"change", wordOf(act.change)},
                   {"newLevel", wordOf(act.to.compartment.level)},
                   {"newPeriod", storedForm(act.to.period)},
                   {"reason", act.reason.empty() ? act.basis : act.reason},
                   {"at", instantText(now)}};
    if (act.change == LabelChange::classify) change["change"] = "raise";
    addPerson(store, change, "decidedBy", signer.person, from);
    t.write(from, itemOf(store, entityNamed(store, "ClassificationChange"), change));
  }
  closeDisputes(t, act.subject);
  relabelWhole(t, act.subject, act.to, act.to.compartment.level >= Level::confidential ? day : "");
  t.commit();
  return id;
}

void expire(Store& store, const Signer& office, const RecordId& subject) {
  const Record record = store.get(subject);
  const std::vector<LabelAct> acts = actsOn(store, subject);
  const std::int64_t now = instantOf(store.environment().clock->now());
  LabelAct act;
  act.subject = subject;
  act.change = LabelChange::expire;
  act.to = Label{{Level::internal, {}}, {}};
  act.basis = "保密期限届满";
  const json fields = {{"subject", subject.text()},
                       {"change", wordOf(act.change)},
                       {"level", "internal"},
                       {"period", ""},
                       {"basis", act.basis},
                       {"oldMark", markOf(record.label)},
                       {"proposedAt", instantText(now)},
                       {"approvedAt", instantText(now)},
                       {"effectiveAt", instantText(now)},
                       {"organ", office.siteName},
                       {"decision", textOf(prove(office, statementOf(act, Verdict::approve), now))},
                       {"state", "expired"}};
  Transaction t(store, office.person);
  endStanding(t, acts, act.change);
  t.write(record.label.compartment, itemOf(store, entityNamed(store, "Classification"), fields));
  relabelWhole(t, subject, act.to, "");
  t.commit();
}

}  // namespace cinnabar
