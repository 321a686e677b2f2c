#include "sync/acts.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/record/json.h"
#include "core/secrecy/deciding.h"
#include "core/secrecy/dispute.h"
#include "core/secrecy/expiry.h"
#include "sync/exchange.h"

namespace cinnabar {
namespace {

using nlohmann::json;

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

}  // namespace

SiteKeys keysOf(const Roster& roster) {
  return [&roster](const SiteId& id) {
    const Certificate* site = roster.find(id);
    return site == nullptr ? std::nullopt : std::optional(site->signingKey);
  };
}

Signer signerOf(Store& store, std::string_view person, const SigningPair& key) {
  const Roster roster(store);
  const SiteId site = store.identity().site;
  const GroupId group = store.identity().group;
  const SigningPair own = secrets::signing(store.lowest());
  return {group,
          site,
          roster.self().name,
          std::string(person),
          key,
          vouchFor(group, site, person, key.publicKey, own.secretKey)};
}

std::string flawOf(const Store& store, const Roster& roster, const LabelAct& act) {
  const GroupId& group = store.identity().group;
  const SiteKeys keys = keysOf(roster);
  Proof proposal, decision;
  if (act.change == LabelChange::expire) {
    std::string flaw = flawOfProof(act.decision, statementOf(act, Verdict::approve), group, keys, decision);
    if (!flaw.empty()) return flaw;
    const Certificate* site = roster.find(decision.site);
    return site->office && decision.key == site->signingKey ? "" : "only the office declares a period over";
  }
  if (act.state == "proposed" && act.proposal.empty()) return "it is not signed";
  std::string flaw = flawOfProof(act.proposal, statementOf(act), group, keys, proposal);
  if (!flaw.empty() || act.state == "proposed") return flaw;
  const Verdict verdict = act.state == "refused" ? Verdict::refuse : Verdict::approve;
  flaw = flawOfProof(act.decision, statementOf(act, verdict), group, keys, decision);
  if (!flaw.empty()) return flaw;
  if (samePerson(proposal, decision)) return "one person proposed and approved it";
  if (roster.find(decision.site)->name != act.organ) return "another site decided than it says";
  if (verdict == Verdict::approve && act.specialRule.empty() && isBeyondMaximum(act.to, act.effectiveAt.substr(0, 10)))
    return "its period is beyond the longest of the level, and no special rule is cited";
  return "";
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
    const Signer signer = signerOf(store, registrar, own);
    for (const RecordId& id : over) {
      expire(store, signer, id);
      expired.push_back(id.text());
    }
  }
  return {{"officeTime", time.empty() ? json() : json(time)}, {"due", std::move(due)}, {"expired", std::move(expired)}};
}

}  // namespace cinnabar
