#include "sync/clearing.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/record/lives.h"
#include "core/record/purge.h"
#include "sync/carrying.h"
#include "sync/destroying.h"
#include "sync/peer.h"
#include "sync/roster.h"

namespace cinnabar {
namespace {

// The record is where the move took it, or has gone on from there; or nothing can arrive that way any more.
bool arrived(Store& store, const Withdrawal& w) {
  if (w.state == Leaving::lost) return true;
  const std::vector<Life> lives = livesOf(store, w.record);
  return std::any_of(lives.begin(), lives.end(), [&](const Life& life) {
    return std::find(life.origin.moves.begin(), life.origin.moves.end(), w.move) != life.origin.moves.end();
  });
}

// Until every site has answered, one of them may have moved the record elsewhere at the same time: what went the one
// way and not the other is then still needed.
bool allAnswered(Store& store, Vault& vault, const Withdrawal& w) {
  std::set<SiteId> answered;
  {
    Query q = vault.database().query("SELECT site FROM receipt WHERE record=?1 AND c=?2 AND move=?3");
    q.with(w.record, w.compartment, w.move);
    while (q.step())
      if (const auto site = SiteId::of(q->blob(0))) answered.insert(*site);
  }
  const Roster roster(store);
  const std::vector<const Certificate*> all = roster.all();
  return std::all_of(all.begin(), all.end(), [&](const Certificate* site) {
    return site->office || !site->entitles(vault.compartmentOf(w.compartment)) || answered.contains(site->site);
  });
}

// A leaf, which may not be told where a record went, believes the withdrawal; only a move of its own that a crash left
// unfinished still needs what it took. The office sees everything and first makes sure that the record has arrived: so
// no member's word loses one.
bool mayGo(Store& store, Vault& vault, const Withdrawal& w) {
  if (store.identity().ofOffice()) {
    if (isDestroyed(store, w.record)) return true;  // nothing of it is needed anywhere
    // What did not go the way that stands was set apart as late: see Applier::passOver.
    const std::vector<Withdrawal> all = withdrawalsOf(vault, w.record, w.compartment);
    return allAnswered(store, vault, w) &&
           std::any_of(all.begin(), all.end(), [&](const Withdrawal& o) { return arrived(store, o); });
  }
  return vault.database().number("SELECT EXISTS(SELECT 1 FROM redo)") == 0;
}

// What the office does not have stays sealed in a leaf's log: another may have moved the record at the same time, and
// then the office needs it.
void scrubWhatWent(Store& store, Vault& vault) {
  std::map<std::pair<RecordId, MoveId>, std::vector<Leftover>> byMove;
  for (const Leftover& left : scrubsIn(vault))
    if (left.move != destructionOf(left.record)) byMove[{left.record, left.move}].push_back(left);
  if (byMove.empty()) return;
  const Seen office = Peer::load(vault, store.identity().office).seen;
  for (const auto& [key, leftovers] : byMove) {
    const std::vector<Withdrawal> all = withdrawalsOf(vault, key.first, leftovers.front().compartment);
    const auto w =
        std::find_if(all.begin(), all.end(), [&, move = key.second](const auto& o) { return o.move == move; });
    if (w == all.end() || !mayGo(store, vault, *w)) continue;
    std::vector<std::uint64_t> places;
    within(vault, [&, &gone = leftovers] {
      for (const Leftover& left : gone) {
        if (!store.identity().ofOffice() && !acknowledged(vault, office, left.place)) continue;
        places.push_back(left.place);
        forgetScrub(vault, left);
      }
      scrub(vault, places);
    });
  }
}

// A leaf keeps an edit that came late until the office has it: then it is carried there.
void scrubAcknowledged(Store& store, Vault& vault) {
  const std::vector<Leftover> all = lateIn(vault);
  if (all.empty()) return;
  const Seen seen = Peer::load(vault, store.identity().office).seen;
  for (const Leftover& left : all) {
    if (!acknowledged(vault, seen, left.place)) continue;
    within(vault, [&] {
      scrub(vault, {left.place});
      forgetLate(vault, left);
    });
  }
}

bool somethingLeft(Vault& vault, const Withdrawal& w) {
  for (const char* table : {"scrub", "late"}) {
    Query q = vault.database().query("SELECT 1 FROM " + std::string(table) + " WHERE record=?1 AND c=?2");
    q.with(w.record, w.compartment);
    if (q.step()) return true;
  }
  return false;
}

void callGone(Store& store, Vault& vault) {
  std::vector<Withdrawal> gone;
  std::vector<Withdrawal> open = withdrawalsIn(vault, Leaving::asked);
  for (Withdrawal& w : withdrawalsIn(vault, Leaving::lost)) open.push_back(std::move(w));
  for (const Withdrawal& w : open) {
    if (store.identity().ofOffice() && !isDestroyed(store, w.record) &&
        (!onePlace(store, w.record) || !arrived(store, w)))
      continue;
    if (!somethingLeft(vault, w)) gone.push_back(w);
  }
  if (gone.empty() || !truncateWal(vault)) return;
  within(vault, [&] {
    for (const Withdrawal& w : gone) setState(vault, w, store.identity().ofOffice() ? Leaving::told : Leaving::clean);
  });
}

}  // namespace

void clearUp(Store& store) {
  const std::vector<Level> levels = store.levels();
  if (std::none_of(levels.begin(), levels.end(), [&](Level level) {
        Vault& vault = store.vault(level);
        return vault.knowsWithdrawals() || vault.database().number("SELECT EXISTS(SELECT 1 FROM late)") != 0;
      }))
    return;
  destroyStragglers(store);
  for (const Level level : levels) {
    Vault& vault = store.vault(level);
    carryLate(store, vault);
    scrubWhatWent(store, vault);
    scrubDestroyed(store, vault);
    if (!store.identity().ofOffice()) scrubAcknowledged(store, vault);
    callGone(store, vault);
  }
  certifyDestroyed(store);
  reportHeldAndDestroyed(store);
}

nlohmann::json openWithdrawals(Store& store) {
  nlohmann::json out = nlohmann::json::array();
  if (!store.identity().ofOffice()) return out;
  const Roster roster(store);
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    std::set<std::tuple<RecordId, CompartmentNumber, MoveId, SiteId>> given;
    {
      Query q = vault.database().query("SELECT record,c,move,site FROM receipt");
      while (q.step())
        given.emplace(*RecordId::of(q->blob(0)), q->integer(1), *MoveId::of(q->blob(2)), *SiteId::of(q->blob(3)));
    }
    for (const Leaving state : {Leaving::asked, Leaving::clean, Leaving::told, Leaving::lost})
      for (const Withdrawal& w : withdrawalsIn(vault, state)) {
        const Compartment& compartment = vault.compartmentOf(w.compartment);
        if (!store.sees(compartment)) continue;
        nlohmann::json open = nlohmann::json::array();
        for (const Certificate* site : roster.all())
          if (!site->office && site->entitles(compartment) &&
              !given.contains({w.record, w.compartment, w.move, site->site}))
            open.push_back(site->name);
        if (open.empty()) continue;
        const auto header = Log(vault).header(w.arrival);
        out.push_back({{"record", w.record.text()},
                       {"level", wordOf(compartment.level)},
                       {"circles", compartment.circles},
                       {"destroyed", isDestruction(w)},
                       {"since", header ? nlohmann::json(instantText(header->at)) : nlohmann::json()},
                       {"open", std::move(open)}});
      }
  }
  return out;
}

}  // namespace cinnabar
