#include "sync/status.h"

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/record/digest.h"
#include "sync/clearing.h"
#include "sync/peer.h"
#include "sync/roster.h"
#include "sync/verify.h"

namespace cinnabar {
namespace {

using nlohmann::json;

// Several incarnations of one site count as one name with the latest's number, older ones beside it.
json vectorOf(Store& store, Vault& vault, const CompartmentState& state) {
  json out = json::object();
  for (const auto& [author, head] : versionVector(vault, state)) {
    if (head.sequence == 0) continue;
    std::string name = store.siteName(author.site);
    if (author.incarnation > 1) name += "#" + std::to_string(author.incarnation);
    out[name] = head.sequence;
  }
  return out;
}

std::int64_t changesIn(Vault& vault, const CompartmentState& state) {
  Query q = vault.database().query("SELECT count(*) FROM log WHERE c=?1");
  q.with(state.number);
  q.step();
  return q->integer(0);
}

std::string nameOf(const Compartment& compartment) {
  std::string out(wordOf(compartment.level));
  for (const std::string& circle : compartment.circles) out += "+" + circle;
  return out;
}

std::string adviceFor(Code code) {
  switch (code) {
    case Code::badKey:
      return "check the person's name and the passphrase; another cleared person can add this one anew";
    case Code::missingVault: return "put the medium with the vault back, or restore a backup into a new folder";
    case Code::damaged:
      return "do not write to the site; copy the folder, restore the last backup, let peers send the rest";
    case Code::foreign: return "put this site's own file back";
    case Code::rolledBack:
      return "if the storage was put back on purpose, accept it (`doctor --accept-loss`): the site goes on as a new "
             "incarnation and peers give back what they have; else restore the newer files";
    case Code::newerFormat: return "update the program";
    case Code::diskFull: return "free some space; nothing was lost";
    case Code::readOnly: return "make the folder writable for this user";
    case Code::notFound: return "this folder holds no site: check the path, or init, join or restore one";
    default: return "keep the message and ask whoever maintains the site";
  }
}

}  // namespace

json statusOfSite(Store& store) {
  const Roster roster(store);
  json compartments = json::array(), contacts = json::object();
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    std::map<CompartmentNumber, std::int64_t> waiting;
    {
      Query q = vault.database().query("SELECT c,count(*) FROM waiting GROUP BY c");
      while (q.step()) waiting[q->integer(0)] = q->integer(1);
    }
    const Vault::Steady steady(vault);
    for (const CompartmentState* state : vault.compartments()) {
      if (!store.sees(state->compartment)) continue;
      compartments.push_back({{"level", wordOf(level)},
                              {"circles", state->compartment.circles},
                              {"digest", store.applier(level).digest().text(*state)},
                              {"vector", vectorOf(store, vault, *state)},
                              {"waiting", waiting[state->number]}});
    }
    for (const Certificate* c : roster.all()) {
      if (c->site == store.identity().site) continue;
      const Peer peer = Peer::load(vault, c->site);
      if (peer.number == 0 && peer.received == 0) continue;
      json& contact = contacts[c->name];
      contact["site"] = c->name;
      const json at = peer.at == 0 ? json() : json(instantText(peer.at));
      if (!contact.contains("at") || contact["at"].is_null()) contact["at"] = at;
      contact["acknowledged"][std::string(wordOf(level))] = peer.acked >= vault.lastArrival();
    }
  }
  json list = json::array();
  for (auto& [name, contact] : contacts.items()) list.push_back(std::move(contact));
  return {{"site", roster.self().name},
          {"person", store.access().person},
          {"clearance", wordOf(store.access().clearance)},
          {"compartments", std::move(compartments)},
          {"contacts", std::move(list)},
          {"withdrawals", openWithdrawals(store)}};
}

json digestsOf(Store& store, std::string_view wanted) {
  json out = json::array();
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    const Vault::Steady steady(vault);
    for (const CompartmentState* state : vault.compartments()) {
      if (!store.sees(state->compartment) || (!wanted.empty() && nameOf(state->compartment) != wanted)) continue;
      if (versionVector(vault, *state).empty()) continue;
      out.push_back({{"level", wordOf(level)},
                     {"circles", state->compartment.circles},
                     {"digest", store.applier(level).digest().text(*state)},
                     {"changes", changesIn(vault, *state)}});
    }
  }
  if (!wanted.empty() && out.empty()) throw Error(Code::notFound, "this site holds no such compartment");
  return {{"compartments", std::move(out)}};
}

json diagnose(const Opening& opening, const Progress& progress) {
  json findings = json::array();
  try {
    const auto store = openSite(opening);
    const json verdict = verifySite(*store, progress);
    for (const json& check : verdict.at("checks"))
      if (!check.at("ok").get<bool>())
        findings.push_back(
            {{"what", check.at("name").get<std::string>() + ": " + check.at("detail").get<std::string>()},
             {"todo", adviceFor(Code::damaged)}});
    const Store::Waiting waiting = store->waiting();
    if (waiting.conflicts > 0)
      findings.push_back({{"what", std::to_string(waiting.conflicts) + " conflicts wait for a person"},
                          {"todo", "see `conflicts` and `resolve`"}});
    if (waiting.violations > 0)
      findings.push_back({{"what", std::to_string(waiting.violations) + " violations wait for a person"},
                          {"todo", "see `violations`"}});
    if (store->access().clearance == Level::topSecret && !store->holds(Level::topSecret))
      findings.push_back({{"what", "the top-secret medium is away"}, {"todo", "put it back to see its records"}});
  } catch (const Error& error) {
    if (error.code() == Code::cancelled || error.code() == Code::badKey) throw;
    findings.push_back({{"what", error.what()}, {"code", wordOf(error.code())}, {"todo", adviceFor(error.code())}});
  }
  return {{"ok", findings.empty()}, {"findings", std::move(findings)}};
}

}  // namespace cinnabar
