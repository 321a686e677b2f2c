#include "core/record/withdrawal.h"

#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr std::int64_t destroyedAuthor = -1;  // in the place of a life's author

RecordId recordIn(Query& q, int column) {
  const auto id = RecordId::of(q->blob(column));
  if (!id) throw Error(Code::damaged, "what left a compartment has no id");
  return *id;
}

MoveId moveIn(Query& q, int column) {
  const auto id = MoveId::of(q->blob(column));
  if (!id) throw Error(Code::damaged, "a move has no mark");
  return *id;
}

Tombstone stoneIn(Query& q) {
  Tombstone stone;
  stone.record = recordIn(q, 0);
  stone.compartment = q->integer(1);
  stone.destroyed = q->integer(2) == destroyedAuthor;
  if (q->integer(2) > 0)
    stone.life = LocalDot{static_cast<std::uint32_t>(q->integer(2)), static_cast<Lamport>(q->integer(3))};
  return stone;
}

Bytes encodeStanding(const Withdrawal& withdrawal) {
  Bytes out;
  Writer w(out);
  for (const auto& [field, dots] : withdrawal.standing) {
    w.number(field);
    w.number(dots.size());
    for (const LocalDot& dot : dots) {
      w.number(dot.author);
      w.number(dot.lamport);
    }
  }
  return out;
}

void decodeStanding(Withdrawal& withdrawal, BytesView bytes) {
  Reader in(bytes, "withdrawal");
  while (!in.atEnd()) {
    auto& [field, dots] = withdrawal.standing.emplace_back();
    field = static_cast<std::uint16_t>(in.numberUpTo(UINT16_MAX));
    dots.resize(in.count());
    for (LocalDot& dot : dots) {
      dot.author = static_cast<std::uint32_t>(in.numberUpTo(UINT32_MAX));
      dot.lamport = in.number();
    }
  }
}

constexpr std::string_view withdrawalColumns =
    "SELECT record,c,move,a,lamport,arrival,standing,state FROM withdrawal WHERE ";

Withdrawal withdrawalIn(Query& q) {
  Withdrawal out;
  out.record = recordIn(q, 0);
  out.compartment = q->integer(1);
  out.move = moveIn(q, 2);
  out.dot = {static_cast<std::uint32_t>(q->integer(3)), static_cast<Lamport>(q->integer(4))};
  out.arrival = q->integer(5);
  decodeStanding(out, q->blob(6));
  out.state = static_cast<Leaving>(q->integer(7));
  return out;
}

std::vector<Leftover> leftoversOf(Query&& q) {
  std::vector<Leftover> out;
  while (q.step())
    out.push_back({recordIn(q, 0), q->integer(1), static_cast<std::uint64_t>(q->integer(2)), moveIn(q, 3)});
  return out;
}

}  // namespace

std::optional<Tombstone> tombstoneOf(Vault& vault, const RecordId& record, CompartmentNumber compartment) {
  Query q = vault.database().query("SELECT record,c,a,lamport FROM tombstone WHERE record=?1 AND c=?2");
  q.with(record, compartment);
  return q.step() ? std::optional(stoneIn(q)) : std::nullopt;
}

std::vector<Tombstone> tombstonesOf(Vault& vault) {
  std::vector<Tombstone> out;
  Query q = vault.database().query("SELECT record,c,a,lamport FROM tombstone");
  while (q.step()) out.push_back(stoneIn(q));
  return out;
}

void put(Vault& vault, const Tombstone& stone) {
  vault.database()
      .query("INSERT OR REPLACE INTO tombstone VALUES(?1,?2,?3,?4)")
      .with(stone.record, stone.compartment,
            stone.destroyed ? destroyedAuthor
            : stone.life    ? std::int64_t{stone.life->author}
                            : 0,
            stone.life ? stone.life->lamport : 0)
      .run();
}

MoveId destructionOf(const RecordId& record) {
  const Hash hash = Hasher("cinnabar destruction").add(record.view()).finish();
  return *MoveId::of(BytesView(hash).first(16));
}

std::optional<CompartmentNumber> destroyedIn(Vault& vault, const RecordId& record) {
  Query q = vault.database().query("SELECT c FROM tombstone WHERE record=?1 AND a=?2 ORDER BY c");
  q.with(record, destroyedAuthor);
  return q.step() ? std::optional(q->integer(0)) : std::nullopt;
}

void remove(Vault& vault, const Tombstone& stone) {
  vault.database().query("DELETE FROM tombstone WHERE record=?1 AND c=?2").with(stone.record, stone.compartment).run();
}

std::vector<RecordId> movedAndDestroyed(Vault& vault) {
  std::vector<RecordId> out;
  Query q = vault.database().query(
      "SELECT w.record,w.move FROM tombstone t JOIN withdrawal w ON w.record=t.record AND w.c=t.c WHERE t.a=?1"
      " ORDER BY w.record");
  q.with(destroyedAuthor);
  while (q.step()) {
    const RecordId record = recordIn(q, 0);
    if (moveIn(q, 1) != destructionOf(record) && (out.empty() || out.back() != record)) out.push_back(record);
  }
  return out;
}

std::vector<RecordId> destroyedWithAttachments(Vault& vault) {
  std::vector<RecordId> out;
  const EntityType* attachment = vault.catalog().find("Attachment");
  if (attachment == nullptr || !vault.holdsTableOf(*attachment)) return out;
  Query q = vault.database().query(
      "SELECT DISTINCT t.record FROM tombstone t JOIN Attachment a ON a.record=t.record WHERE t.a=?1");
  q.with(destroyedAuthor);
  while (q.step()) out.push_back(recordIn(q, 0));
  return out;
}

void put(Vault& vault, const Withdrawal& w) {
  vault.database()
      .query("INSERT OR IGNORE INTO withdrawal VALUES(?1,?2,?3,?4,?5,?6,?7,?8)")
      .with(w.record, w.compartment, w.move, w.dot.author, w.dot.lamport, w.arrival, encodeStanding(w), w.state)
      .run();
}

std::vector<Withdrawal> withdrawalsOf(Vault& vault, const RecordId& record, CompartmentNumber compartment) {
  std::vector<Withdrawal> out;
  Query q = vault.database().query(std::string(withdrawalColumns) + "record=?1 AND c=?2");
  q.with(record, compartment);
  while (q.step()) out.push_back(withdrawalIn(q));
  return out;
}

std::vector<Withdrawal> withdrawalsIn(Vault& vault, Leaving state) {
  std::vector<Withdrawal> out;
  Query q = vault.database().query(std::string(withdrawalColumns) + "state=?1");
  q.with(state);
  while (q.step()) out.push_back(withdrawalIn(q));
  return out;
}

void setState(Vault& vault, const Withdrawal& w, Leaving state) {
  vault.database()
      .query("UPDATE withdrawal SET state=?4 WHERE record=?1 AND c=?2 AND move=?3")
      .with(w.record, w.compartment, w.move, state)
      .run();
}

void giveUpMove(Vault& vault, const RecordId& record, const MoveId& move) {
  vault.database()
      .query("UPDATE withdrawal SET state=?3 WHERE record=?1 AND move=?2")
      .with(record, move, Leaving::lost)
      .run();
}

void addLate(Vault& vault, const Leftover& l) {
  vault.database()
      .query("INSERT OR IGNORE INTO late VALUES(?1,?2,?3,?4)")
      .with(l.record, l.compartment, l.place, l.move)
      .run();
}

std::vector<Leftover> lateIn(Vault& vault) {
  return leftoversOf(vault.database().query("SELECT record,c,place,move FROM late ORDER BY place"));
}

std::vector<Leftover> lateOf(Vault& vault, const RecordId& record, CompartmentNumber compartment) {
  Query q = vault.database().query("SELECT record,c,place,move FROM late WHERE record=?1 AND c=?2 ORDER BY place");
  q.with(record, compartment);
  return leftoversOf(std::move(q));
}

void forgetLate(Vault& vault, const Leftover& l) {
  vault.database()
      .query("DELETE FROM late WHERE record=?1 AND c=?2 AND place=?3")
      .with(l.record, l.compartment, l.place)
      .run();
}

void addScrub(Vault& vault, const Leftover& l) {
  vault.database()
      .query("INSERT OR IGNORE INTO scrub VALUES(?1,?2,?3,?4)")
      .with(l.record, l.compartment, l.place, l.move)
      .run();
}

std::vector<Leftover> scrubsIn(Vault& vault) {
  return leftoversOf(vault.database().query("SELECT record,c,place,move FROM scrub ORDER BY place"));
}

std::vector<Leftover> scrubsOf(Vault& vault, const RecordId& record, CompartmentNumber compartment) {
  Query q = vault.database().query("SELECT record,c,place,move FROM scrub WHERE record=?1 AND c=?2 ORDER BY place");
  q.with(record, compartment);
  return leftoversOf(std::move(q));
}

bool leavesAnything(Vault& vault, const RecordId& record) {
  Query q = vault.database().query(
      "SELECT 1 FROM scrub WHERE record=?1 UNION ALL SELECT 1 FROM late WHERE record=?1"
      " UNION ALL SELECT 1 FROM withdrawal WHERE record=?1 AND state=0");
  q.with(record);
  return q.step();
}

void forgetScrub(Vault& vault, const Leftover& l) {
  vault.database()
      .query("DELETE FROM scrub WHERE record=?1 AND c=?2 AND place=?3")
      .with(l.record, l.compartment, l.place)
      .run();
}

}  // namespace cinnabar
