#include "core/log/log.h"

#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr std::size_t checkSize = 16;

// A log row may be longer than a page, and a damaged overflow page reads as zeros without an error. Items
// have their tags; header and places carry this check, verified at every read.
Bytes withCheck(BytesView bytes) {
  const Hash check = hashOf("cinnabar log check", bytes);
  Bytes out(check.begin(), check.begin() + checkSize);
  append(out, bytes);
  return out;
}

BytesView checked(BytesView stored) {
  if (stored.size() >= checkSize) {
    const BytesView body = stored.subspan(checkSize);
    const Hash check = hashOf("cinnabar log check", body);
    if (sameBytes(BytesView(check).first(checkSize), stored.first(checkSize))) return body;
  }
  throw Error(Code::damaged, "an entry of the change log is damaged: restore a backup or refetch from a peer");
}

Bytes encodePlaces(const std::vector<std::uint64_t>& places) {
  Bytes out;
  Writer w(out);
  w.number(places.size());
  for (const std::uint64_t place : places) w.number(place);
  return withCheck(out);
}

std::vector<std::uint64_t> decodePlaces(BytesView stored) {
  Reader in(checked(stored));
  std::vector<std::uint64_t> places(in.count());
  for (std::uint64_t& place : places) place = in.number();
  return places;
}

Bytes copyOf(BytesView view) { return {view.begin(), view.end()}; }

Hash chainFrom(BytesView stored) {
  Hash out{};
  if (stored.size() != out.size()) throw Error(Code::damaged, "an entry of the change log is damaged");
  std::memcpy(out.data(), stored.data(), out.size());
  return out;
}

LogEntry entryOf(Query& q) {
  LogEntry e;
  e.arrival = q->integer(0);
  e.compartment = q->integer(1);
  e.author = static_cast<std::uint32_t>(q->integer(2));
  e.sequence = static_cast<Sequence>(q->integer(3));
  e.lamport = static_cast<Lamport>(q->integer(4));
  e.before = q->integer(5);
  e.chain = chainFrom(q->blob(6));
  e.sealed.header = copyOf(checked(q->blob(7)));
  e.sealed.items = copyOf(q->blob(8));
  e.previous = decodePlaces(q->blob(9));
  return e;
}

}  // namespace

void Log::append(const LogEntry& e) {
  vault_.database()
      .query("INSERT INTO log VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)")
      .with(e.arrival, e.compartment, e.author, e.sequence, e.lamport, e.before, BytesView(e.chain),
            withCheck(e.sealed.header), e.sealed.items, encodePlaces(e.previous))
      .run();
}

std::optional<LogEntry> Log::read(Arrival arrival) {
  Query q = vault_.database().query(
      "SELECT arrival,c,a,seq,lamport,before,chain,header,items,prevs FROM log WHERE arrival=?1");
  q.with(arrival);
  if (!q.step()) return std::nullopt;
  return entryOf(q);
}

std::optional<Header> Log::header(Arrival arrival) {
  Query q = vault_.database().query("SELECT header FROM log WHERE arrival=?1");
  q.with(arrival);
  if (!q.step()) return std::nullopt;
  return decodeHeader(checked(q->blob(0)));
}

Link Log::link(Arrival arrival) {
  Query q = vault_.database().query("SELECT seq,before,chain FROM log WHERE arrival=?1");
  q.with(arrival);
  if (!q.step()) throw Error(Code::damaged, "a chain of the log has a gap");
  return {static_cast<Sequence>(q->integer(0)), q->integer(1), chainFrom(q->blob(2))};
}

void Log::scrub(Arrival arrival, const std::set<std::size_t>& indexes) {
  const auto entry = read(arrival);
  if (!entry) return;
  const std::size_t count = decodeHeader(entry->sealed.header).items;
  const std::vector<SealedItem> items = splitItems(entry->sealed.items, count);
  Bytes out;
  Writer w(out);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool goes = indexes.contains(i) && !items[i].scrubbed;
    const Hash hash = goes ? hashOf("cinnabar item", items[i].bytes) : Hash{};
    const BytesView bytes = goes ? BytesView(hash) : items[i].bytes;
    w.number(bytes.size() << 1 | (goes || items[i].scrubbed ? 1U : 0U));
    w.raw(bytes);
  }
  CNB_ASSERT(entryHash({}, entry->sealed.header, splitItems(out, count)) == entryHash({}, entry->sealed.header, items));
  vault_.database().query("UPDATE log SET items=?2 WHERE arrival=?1").with(arrival, out).run();
  vault_.setMeta(scrubbedMark, {});
}

void Log::scan(Arrival from, const std::function<bool(LogEntry&)>& each) {
  // A statement of its own: `each` may read the log, too.
  const auto statement = vault_.database().prepare(
      "SELECT arrival,c,a,seq,lamport,before,chain,header,items,prevs FROM log WHERE arrival>?1 ORDER BY arrival");
  Query q(*statement);
  q.with(from);
  while (q.step()) {
    LogEntry entry = entryOf(q);
    if (!each(entry)) return;
  }
}

}  // namespace cinnabar
