#include "sync/carrying.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/record/logged.h"
#include "core/record/purge.h"
#include "core/record/relabel.h"
#include "sync/destroying.h"

namespace cinnabar {
namespace {

// What the change's author had seen when it was written. Cost: all headers of the author in the compartment.
Covers seenAt(Vault& vault, const Logged& change) {
  Vault::Seen seen;
  Log log(vault);
  for (Arrival at = change.arrival; at != 0; at = log.link(at).before) {
    const auto header = log.header(at);
    for (const Dot& dot : header->dependencies) {
      Lamport& known = seen[vault.numberOf(dot.author)];
      known = std::max(known, dot.lamport);
    }
  }
  return [seen = std::move(seen), author = change.author](const LocalDot& dot) {
    const auto at = seen.find(dot.author);
    return dot.author == author || (at != seen.end() && at->second >= dot.lamport);
  };
}

// Who may write a field of the owner's is judged here, where the author is still known.
bool mayWrite(Store& store, const Life& life, const Logged& change, const Write& write) {
  const EntityType* entity = life.rows->entity();
  const Field* field = entity == nullptr ? nullptr : entity->find(write.field);
  if (write.field == originRegister) return false;
  return field == nullptr || !field->owner ||
         ownerOf(store.vault(life.compartment().level), *entity, *field, life.row) == change.header.author.site;
}

// The dot by which changes name this life of the record.
Dot beginningOf(const Life& life) { return {life.vault->authorOf(life.row.born.author), life.row.born.lamport}; }

// The same edit for the record's present place: what its author had seen there gives way, the rest stays beside it.
std::vector<Item> itemsFor(Store& store, Vault& vault, const Life& life, const Logged& change,
                           const Withdrawal* direct) {
  Item seeing, blind;
  seeing.record = blind.record = change.item.record;
  seeing.kind = blind.kind = ItemKind::carry;
  seeing.life = beginningOf(life);
  const Covers covers = seenAt(vault, change);
  for (const Write& write : change.item.writes) {
    if (!mayWrite(store, life, change, write)) continue;
    bool sees = direct != nullptr && change.item.kind == ItemKind::write;
    if (sees)
      for (const auto& [field, dots] : direct->standing)
        if (field == write.field) sees = std::all_of(dots.begin(), dots.end(), covers);
    (sees ? seeing : blind).writes.push_back(write);
  }
  std::vector<Item> out;
  if (!seeing.writes.empty()) out.push_back(std::move(seeing));
  if (!blind.writes.empty()) out.push_back(std::move(blind));
  return out;
}

Hash markOf(const RecordId& record, const Logged& change) {
  Bytes bytes;
  Writer w(bytes);
  w.id(record);
  writeCompartment(w, change.header.compartment);
  w.author(change.header.author);
  w.number(change.header.sequence);
  return hashOf("cinnabar carried", bytes);
}

// Once: the mark is written in the same commit. A crash before the leftover is forgotten finds it.
void carryTo(Store& store, const Life& life, const std::vector<Item>& items, const Logged& change) {
  if (items.empty()) return;
  const Compartment& to = life.compartment();
  Transaction transaction(store, change.header.actor);
  Database& db = transaction.writing(to.level).database();
  const Hash mark = markOf(change.item.record, change);
  {
    Query q = db.query("SELECT 1 FROM carried WHERE mark=?1");
    q.with(BytesView(mark));
    if (q.step()) return;
  }
  db.query("INSERT INTO carried VALUES(?1)").with(BytesView(mark)).run();
  for (const Item& item : items) transaction.write(to, item);
  transaction.commit();
}

void done(Vault& vault, const Leftover& leftover) {
  within(vault, [&] {
    scrub(vault, {leftover.place});
    forgetLate(vault, leftover);
  });
}

const Withdrawal* withMove(const std::vector<Withdrawal>& all, const MoveId& move) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const Withdrawal& w) { return w.move == move; });
  return at == all.end() ? nullptr : &*at;
}

// Told where the record was destroyed: where the edit was made, nobody may know where it had gone.
void noteEdited(Store& store, Vault& from, const Leftover& left) {
  const auto header = Log(from).header(arrivalOf(left.place));
  if (!header) return;
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    const auto c = destroyedIn(vault, left.record);
    if (!c) continue;
    within(vault, [&] { noteAfterDestruction(vault, *c, left.record, {header->author, header->lamport}); });
  }
}

// The moves that did not take a change along, of one change.
struct Late {
  Leftover leftover;
  std::set<MoveId> moves;
};

void carryOne(Store& store, Vault& vault, const Late& late) {
  const Leftover& left = late.leftover;
  if (late.moves.size() == 1 && late.moves.begin()->isZero()) {
    if (tombstoneOf(vault, left.record, left.compartment)) done(vault, left);
    return;
  }
  if (isDestroyed(store, left.record)) return noteEdited(store, vault, left), done(vault, left);
  const auto life = onePlace(store, left.record);
  if (!life) return;
  const std::vector<Withdrawal> withdrawals = withdrawalsOf(vault, left.record, left.compartment);
  // The last time that the record left here on its way to where it is: had the change been in it, it would be there.
  const std::vector<MoveId>& path = life->origin.moves;
  const auto last = std::find_if(path.rbegin(), path.rend(), [&](const MoveId& move) {
    return withMove(withdrawals, move) != nullptr || late.moves.contains(move);
  });
  if (last == path.rend()) return;
  if (late.moves.contains(*last)) {
    const auto change = loggedAt(vault, left.place);
    if (change) {
      const bool direct = *last == path.back() && late.moves.size() == 1;
      const Withdrawal* from = direct ? withMove(withdrawals, *last) : nullptr;
      carryTo(store, *life, itemsFor(store, vault, *life, *change, from), *change);
    }
  }
  done(vault, left);
}

// Word of every move must have come, or one of these places is only not withdrawn yet.
bool allLeft(Store& store, const std::vector<Life>& lives) {
  return std::all_of(lives.begin(), lives.end(), [&](const Life& life) {
    if (life.origin.moves.empty()) return false;
    for (const Level level : store.levels()) {
      Query q = store.vault(level).database().query("SELECT 1 FROM withdrawal WHERE record=?1 AND move=?2");
      q.with(life.row.id, life.origin.moves.back());
      if (q.step()) return true;
    }
    return false;
  });
}

// For the record where it stands, so that whoever sees it there is told, now and after a further move.
std::optional<Item> flagOf(const Life& life) {
  if (wasMovedAtOnce(life.row)) return std::nullopt;
  Item flag;
  flag.record = life.row.id;
  flag.kind = ItemKind::carry;
  flag.life = beginningOf(life);
  flag.writes.push_back({movesAtOnceRegister, Operation::set, std::int64_t{1}, {}});
  return flag;
}

void flagMovedAtOnce(Store& store, const Life& life) {
  auto flag = flagOf(life);
  if (!flag) return;
  Transaction transaction(store);
  transaction.write(life.compartment(), std::move(*flag));
  transaction.commit();
}

// Before the loser goes: a crash in between finds both again.
void giveUpWay(Store& store, const Life& loser, const Life& winner) {
  const std::vector<MoveId>& kept = winner.origin.moves;
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    within(vault, [&] {
      for (const MoveId& move : loser.origin.moves)
        if (std::find(kept.begin(), kept.end(), move) == kept.end()) giveUpMove(vault, loser.row.id, move);
    });
  }
}

// What was written at the losing place since the record came there goes to the winning one.
void giveUp(Store& store, const Life& loser, const Life& winner) {
  const Compartment from = loser.compartment(), to = winner.compartment();
  std::vector<Item> carried;
  for (const std::uint64_t place : placesFrom(*loser.vault, loser.row.at)) {
    const auto change = loggedAt(*loser.vault, place);
    if (!change || change->item.kind == ItemKind::moveIn) continue;
    for (Item& item : itemsFor(store, *loser.vault, winner, *change, nullptr)) carried.push_back(std::move(item));
  }
  std::reverse(carried.begin(), carried.end());
  giveUpWay(store, loser, winner);
  Item leaves;
  leaves.record = loser.row.id;
  leaves.kind = ItemKind::withdraw;
  leaves.move = winner.origin.moves.back();  // what it had went the winner's way
  leaves.life = beginningOf(loser);
  Transaction transaction(store);
  if (auto flag = flagOf(winner)) transaction.write(to, std::move(*flag));
  for (Item& item : carried) transaction.write(to, std::move(item));
  transaction.write(from, std::move(leaves));
  transaction.commit();
}

bool higher(const Compartment& a, const Compartment& b) {
  if (a.level != b.level) return a.level > b.level;
  if (a.circles.size() != b.circles.size()) return a.circles.size() > b.circles.size();
  return a.circles > b.circles;
}

}  // namespace

std::optional<Life> onePlace(Store& store, const RecordId& record) {
  for (int round = 0; round < 8; ++round) {
    std::vector<Life> lives = livesOf(store, record);
    if (lives.empty()) return std::nullopt;
    if (lives.size() == 1) return std::move(lives.front());
    if (!allLeft(store, lives)) return std::nullopt;
    // Where it was moved most often since, the most of what was written lies behind it; the others follow it.
    std::sort(lives.begin(), lives.end(), [](const Life& x, const Life& y) {
      if (x.origin.moves.size() != y.origin.moves.size()) return x.origin.moves.size() > y.origin.moves.size();
      return higher(x.compartment(), y.compartment());
    });
    Label wanted{lives[0].compartment(), {}};
    for (const Life& life : lives) wanted.compartment = join(wanted.compartment, life.compartment());
    if (wanted.compartment == lives[0].compartment()) {
      giveUp(store, lives[1], lives[0]);
      continue;
    }
    const auto period = lives[0].row.columns.find(periodRegister);
    if (period != lives[0].row.columns.end() && !isNull(period->second))
      wanted.period = parseStoredPeriod(std::get<std::string>(period->second));
    flagMovedAtOnce(store, lives[0]);
    Transaction transaction(store);
    relabelAt(transaction, record, lives[0].compartment(), wanted);
    transaction.commit();
  }
  return std::nullopt;
}

// Two moves that met in one compartment: there is one place, and only a note of it here.
void flagThoseThatMet(Store& store, Vault& vault) {
  std::vector<RecordId> met;
  {
    Query q = vault.database().query("SELECT record FROM violation WHERE kind=?1 AND detail<>'{}'");
    q.with(movedAtOnce);
    while (q.step())
      if (const auto id = RecordId::of(q->blob(0))) met.push_back(*id);
  }
  for (const RecordId& record : met)
    if (const auto life = onePlace(store, record)) flagMovedAtOnce(store, *life);
}

void carryLate(Store& store, Vault& vault) {
  if (!store.identity().ofOffice()) return;
  flagThoseThatMet(store, vault);
  std::vector<Late> all;
  for (const Leftover& left : lateIn(vault)) {
    if (all.empty() || all.back().leftover.place != left.place) all.push_back({left, {}});
    all.back().moves.insert(left.move);
  }
  for (const Late& late : all) carryOne(store, vault, late);
}

}  // namespace cinnabar
