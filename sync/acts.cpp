#include "sync/acts.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/record/json.h"
#include "core/secrecy/dispute.h"
#include "core/secrecy/expiry.h"
#include "sync/exchange.h"

namespace cinnabar {
namespace {

using nlohmann::json;

std::string flawOfProof(const Store& store, const Roster& roster, const std::string& text, BytesView statement,
                        Proof& proof) {
  if (text.empty()) return "it is not signed";
  try {
    proof = parseProof(text);
  } catch (const Error&) {
    return "a signature is unreadable";
  }
  const Certificate* site = roster.find(proof.site);
  if (site == nullptr) return "it is signed at a site that the roster does not know";
  if (!isSound(proof, statement, store.identity().group, site->signingKey)) return "a signature does not verify";
  return "";
}

json jsonOfAct(const LabelAct& act, const std::string& flaw) {
  json out = {{"id", act.id.text()},
              {"change", wordOf(act.change)},
              {"mark", markOf(act.to)},
              {"oldMark", act.oldMark},
              {"state", act.state},
              {"basis", act.basis},
              {"reason", act.reason},
              {"specialRule", act.specialRule.empty() ? json() : json(act.specialRule)},
              {"organ", act.organ},
              {"effectiveAt", act.effectiveAt},
              {"counts", flaw.empty() && act.state != "proposed" && act.state != "refused"},
              {"flaw", flaw}};
  for (const auto& [name, text] : {std::pair("proposedBy", &act.proposal), std::pair("approvedBy", &act.decision)}) {
    if (text->empty()) continue;
    try {
      const Proof proof = parseProof(*text);
      out[name] = {{"person", proof.person}, {"at", instantText(proof.at)}};
    } catch (const Error&) {
      out[name] = nullptr;
    }
  }
  return out;
}

json fieldsOf(Rows& rows, const Row& row) {
  json fields = json::object();
  for (const Field& field : rows.entity()->fields)
    if (const auto column = row.columns.find(field.number); column != row.columns.end() && !isNull(column->second))
      fields[field.name] = jsonOf(field, column->second);
  return fields;
}

}  // namespace

Signer signerOf(Store& store, const UnlockedPerson& person) {
  const Roster roster(store);
  const SiteId site = store.identity().site;
  const GroupId group = store.identity().group;
  const SigningPair own = secrets::signing(store.lowest());
  return {group,       site,           roster.self().name,
          person.name, person.signing, vouchFor(group, site, person.name, person.signing.publicKey, own.secretKey)};
}

std::string flawOf(const Store& store, const Roster& roster, const LabelAct& act) {
  Proof proposal, decision;
  if (act.change == LabelChange::expire) {
    const std::string flaw = flawOfProof(store, roster, act.decision, statementOf(act, Verdict::approve), decision);
    if (!flaw.empty()) return flaw;
    const Certificate* site = roster.find(decision.site);
    return site->office && decision.key == site->signingKey ? "" : "only the office declares a period over";
  }
  if (act.state == "proposed" && act.proposal.empty()) return "it is not signed";
  std::string flaw = flawOfProof(store, roster, act.proposal, statementOf(act), proposal);
  if (!flaw.empty() || act.state == "proposed") return flaw;
  const Verdict verdict = act.state == "refused" ? Verdict::refuse : Verdict::approve;
  flaw = flawOfProof(store, roster, act.decision, statementOf(act, verdict), decision);
  if (!flaw.empty()) return flaw;
  if (samePerson(proposal, decision)) return "one person proposed and approved it";
  if (roster.find(decision.site)->name != act.organ) return "another site decided than it says";
  if (verdict == Verdict::approve && act.specialRule.empty() && isBeyondMaximum(act.to, act.effectiveAt.substr(0, 10)))
    return "its period is beyond the longest of the level, and no special rule is cited";
  return "";
}

void judge(Store& store, const Roster& roster, Vault& vault, const std::set<RecordId>& acts) {
  const EntityType* entity = store.catalog().find("Classification");
  if (entity == nullptr) return;
  Rows& rows = store.applier(vault.level()).rowsOf(entity);
  for (const RecordId& id : acts) {
    Row row;
    if (!rows.findSeen(
            id, [](CompartmentNumber) { return true; }, rows.allColumns(), row))
      continue;
    const LabelAct act = actOf(id, fieldsOf(rows, row));
    const std::string flaw = flawOf(store, roster, act);
    if (flaw.empty()) continue;
    Violation v;
    v.compartment = row.compartment;
    v.kind = "unlawfulAct";
    v.record = id;
    v.entity = entity->name;
    v.rule = "三 L2036";
    v.detail = detailText({{"subject", act.subject.text()}, {"state", act.state}, {"flaw", flaw}});
    note(vault, std::move(v), viewOf(act.state));
  }
}

json showLabel(Store& store, const RecordId& id) {
  const Record record = store.get(id);
  const Roster roster(store);
  json label = record.document.at("label");
  label["id"] = id.text();
  label["chinese"] = chineseOf(record.label.compartment.level);
  label["period"] = storedForm(record.label.period);
  const std::vector<LabelAct> acts = actsOn(store, id);
  std::vector<LabelAct> counting;
  label["acts"] = json::array();
  for (const LabelAct& act : acts) {
    const std::string flaw = flawOf(store, roster, act);
    if (flaw.empty()) counting.push_back(act);
    label["acts"].push_back(jsonOfAct(act, flaw));
  }
  label["marks"] = marksOf(counting, record.label);
  label["held"] = isHeld(counting);
  label["disputes"] = disputesOn(store, id);
  return label;
}

std::string officeTime(Store& store) {
  if (store.identity().ofOffice()) return instantText(instantOf(store.environment().clock->now()));
  std::int64_t latest = 0;
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    Query q = vault.database().query(
        "SELECT max(log.arrival) FROM log JOIN author ON author.a=log.a JOIN head ON head.c=log.c AND head.a=log.a"
        " WHERE author.site=?1 AND log.seq<=head.proven GROUP BY log.c,log.a");
    q.with(store.identity().office);
    while (q.step())
      if (const auto header = Log(vault).header(q->integer(0)))
        if (latest == 0 || millisecondsOf(header->at) > millisecondsOf(latest)) latest = header->at;
  }
  return latest == 0 ? "" : instantText(latest);
}

json expireDue(Store& store, Expiry expiry) {
  const bool office = store.identity().ofOffice();
  if (expiry == Expiry::perform && !office)
    throw Error(Code::refused, "only the office declares a period over; its word comes with the next bundle");
  const Roster roster(store);
  const std::string time = officeTime(store);
  json due = json::array(), expired = json::array();
  std::vector<RecordId> over;
  for (const Expiring& one : time.empty() ? std::vector<Expiring>{} : expiredBefore(store, time.substr(0, 10))) {
    std::string flaw;
    for (const LabelAct& act : one.acts)
      if (isStanding(act) && flaw.empty()) flaw = flawOf(store, roster, act);
    const bool held = isHeld(one.acts);
    due.push_back({{"id", one.id.text()},
                   {"entity", one.entity},
                   {"mark", markOf(one.label)},
                   {"lastDay", one.lastDay},
                   {"held", held},
                   {"flaw", flaw}});
    if (!held && flaw.empty()) over.push_back(one.id);
  }
  if (expiry == Expiry::perform) {
    const SigningPair own = secrets::signing(store.lowest());
    const SiteId site = store.identity().site;
    const GroupId group = store.identity().group;
    const Signer signer{group,
                        site,
                        roster.self().name,
                        std::string(registrar),
                        own,
                        vouchFor(group, site, registrar, own.publicKey, own.secretKey)};
    for (const RecordId& id : over) {
      expire(store, signer, id);
      expired.push_back(id.text());
    }
  }
  return {{"officeTime", time.empty() ? json() : json(time)}, {"due", std::move(due)}, {"expired", std::move(expired)}};
}

}  // namespace cinnabar
