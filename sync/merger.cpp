#include "sync/merger.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/log/seal.h"
#include "core/record/against.h"
#include "sync/judging.h"

namespace cinnabar {
namespace {

// Rows that wait may be longer than a page; this notices a damaged end, which would read as zeros.
Hash markOf(const SealedChangeset& sealed) {
  return Hasher("cinnabar waiting").add(hashOf("header", sealed.header)).add(sealed.items).finish();
}

Hash hashFrom(BytesView bytes) {
  Hash out{};
  if (bytes.size() != out.size()) throw Error(Code::damaged, "a waiting change is damaged");
  std::memcpy(out.data(), bytes.data(), out.size());
  return out;
}

}  // namespace

Merger::Merger(Store& store, const Roster& roster, const Guard& guard, Vault& vault, const Certificate& sender,
               Forks forks)
    : store_(store),
      roster_(roster),
      guard_(guard),
      vault_(vault),
      sender_(sender),
      applier_(store.applier(vault.level())),
      arrival_(vault.lastArrival()),
      registersOfStates_(registersOfStates(store.catalog())),
      signedTags_(signedTags(store.catalog())),
      forks_(std::move(forks)) {
  if (const EntityType* attachment = store.catalog().find("Attachment")) attachmentTag_ = attachment->tag;
}

void Merger::notePromise(Promise promise, const Item& item) {
  const auto content = promisedContent(vault_.catalog(), item);
  if (!content) return;
  promise.blob = content->blob;
  promises_.push_back(promise);
}

void Merger::noteState(const Item& item, std::uint32_t tag) {
  constexpr std::size_t together = 1000;  // what comes later in the bundle is looked at when it comes
  const auto watched = registersOfStates_.find(tag);
  if (watched == registersOfStates_.end() ||
      std::none_of(item.writes.begin(), item.writes.end(),
                   [&](const Write& write) { return watched->second.contains(write.field); }))
    return;
  states_.insert(item.record);
  if (states_.size() < together) return;
  noteStates(store_, vault_, states_);
  states_.clear();
}

// What needs a person or another bundle before it can be applied.
std::size_t Merger::waiting() {
  return passedBy_ + static_cast<std::size_t>(vault_.database().number("SELECT count(*) FROM waiting"));
}

bool Merger::ready(CompartmentState& state, std::uint32_t author, const Header& header) {
  if (header.sequence != state.heads[author].sequence + 1) return false;
  if (!vault_.holdsKey(header.compartment, header.epoch)) return false;
  return std::all_of(header.dependencies.begin(), header.dependencies.end(), [&](const Dot& dot) {
    if (dot.author == vault_.self()) return state.own.lamport >= dot.lamport;
    const auto known = vault_.knownNumberOf(dot.author);
    const auto head = known ? state.heads.find(*known) : state.heads.end();
    // What others saw of an author with two chains may be the other chain, which never comes here.
    return head != state.heads.end() && (head->second.lamport >= dot.lamport || head->second.forked);
  });
}

Merger::Run& Merger::runOf(const CompartmentState& state, std::uint32_t author) {
  const auto [at, fresh] = runs_.try_emplace({state.number, author});
  Run& run = at->second;
  if (!fresh) return run;
  const auto head = state.heads.find(author);
  if (head != state.heads.end()) {
    run.begin = run.last = head->second.sequence;
    run.lamport = head->second.lamport;
    run.start = run.hash = head->second.hash;
  }
  if (const auto fork = forks_.find(at->first); fork != forks_.end()) {
    run.parted = true;
    run.start = run.hash = fork->second;
  }
  return run;
}

Merger::Received Merger::receive(SealedChangeset&& sealed) {
  const Header header = decodeHeader(sealed.header);
  const std::vector<SealedItem> items = splitItems(sealed.items, header.items);
  if (header.compartment.level != vault_.level()) throw Error(Code::forged, "a bundle holds a change of another level");
  if (header.author == vault_.self()) return Received::known;  // ours; a lost one would have led to a new incarnation
  if (roster_.find(header.author.site) == nullptr) return ++passedBy_, Received::passedBy;
  // What was scrubbed stays out for good: a relay could so keep others' changes from everybody.
  const bool scrubbed = std::any_of(items.begin(), items.end(), [](const SealedItem& item) { return item.scrubbed; });
  if (scrubbed && !sender_.office && sender_.site != header.author.site) return ++passedBy_, Received::passedBy;
  if (scrubbed) vault_.setMeta(scrubbedMark, {});
  CompartmentState& state = vault_.stateOf(header.compartment);
  const std::uint32_t author = vault_.numberOf(header.author);
  if (const auto head = state.heads.find(author); head != state.heads.end() && head->second.forked)
    return Received::passedBy;
  Run& run = runOf(state, author);
  if (run.parted) {
    if (run.last == run.begin) run.begin = run.last = header.sequence - 1;
    if (header.sequence != run.last + 1) return Received::passedBy;
    run.last = header.sequence;
    run.hash = entryHash(run.hash, sealed.header, items);
    return Received::passedBy;
  }
  if (header.sequence <= run.last) return Received::known;
  // Whoever sends begins where this site said that it is: a gap means that it was put back since.
  if (header.sequence != run.last + 1) return ++passedBy_, Received::passedBy;
  if (run.last == run.begin) dropWaiting(state.number, author);  // it comes again, or with more behind it
  run.last = header.sequence;
  run.hash = entryHash(run.hash, sealed.header, items);
  if (run.fault) return Received::passedBy;
  try {
    return take(state, author, run, header, std::move(sealed));
  } catch (const Error& error) {
    // Whose fault it is shows at the bundle's end: on another chain of its author it may be right.
    if (error.code() != Code::forged && error.code() != Code::invalidInput) throw;
    run.fault = error;
    return Received::passedBy;
  }
}

Merger::Received Merger::take(CompartmentState& state, std::uint32_t author, Run& run, const Header& header,
                              SealedChangeset&& sealed) {
  if (!guard_.mayHaveWritten(header.compartment, *roster_.find(header.author.site))) {
    run.stopped = true;
    quarantine(state, header, sealed, "unauthorisedAuthor", "clearance");
    return Received::passedBy;
  }
  const Lamport before = std::exchange(run.lamport, header.lamport);
  if (!run.stopped && ready(state, author, header)) {
    check(header, {}, before);
    apply(state, author, header, run.hash, std::move(sealed));
    lastPlace_ = arrival_;
    return Received::applied;
  }
  check(header, sealed, before);
  run.stopped = true;
  keepWaiting(state, author, header, sealed);
  return Received::waits;
}

// A changeset's number is exactly one more than what its author had seen. One before that would win over its
// own past; one far ahead would use the numbers up, and nobody could write any more. With items, as far as
// there is a key, those too must be readable.
void Merger::check(const Header& header, const SealedChangeset& sealed, Lamport before) const {
  Lamport seen = before;
  for (const Dot& dot : header.dependencies) seen = std::max(seen, dot.lamport);
  if (header.lamport != seen + 1) throw Error(Code::forged, "a change is not numbered after what it follows");
  if (sealed.items.empty() || !vault_.holdsKey(header.compartment, header.epoch)) return;
  const Opener opener(header, vault_.compartmentKey(header.compartment, header.epoch));
  const std::vector<SealedItem> items = splitItems(sealed.items, header.items);
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!items[i].scrubbed) opener.open(items[i].bytes, i);
}

void Merger::apply(CompartmentState& state, std::uint32_t author, const Header& header, const Hash& chain,
                   SealedChangeset&& sealed) {
  for (const Dot& dot : header.dependencies)
    vault_.raiseSeen(state.number, author, vault_.numberOf(dot.author), dot.lamport);
  const Vault::Seen& seen = vault_.seenBy(state.number, author);
  const Covers covers = [&](const LocalDot& dot) {
    if (dot.author == author) return true;
    const auto at = seen.find(dot.author);
    return at != seen.end() && at->second >= dot.lamport;
  };
  LogEntry entry;
  entry.arrival = ++arrival_;
  entry.compartment = state.number;
  entry.author = author;
  entry.sequence = header.sequence;
  entry.lamport = header.lamport;
  const Opener opener(header, vault_.compartmentKey(header.compartment, header.epoch));
  const std::vector<SealedItem> items = splitItems(sealed.items, header.items);
  Applying applying{state, {author, header.lamport}, covers, entry.arrival, true};
  for (std::size_t i = 0; i < items.size(); ++i) {
    entry.previous.push_back(0);
    if (items[i].scrubbed) continue;
    const Item item = opener.open(items[i].bytes, i);
    entry.previous.back() = applier_.apply(item, static_cast<std::uint32_t>(i), applying);
    const std::uint32_t tag = entityTagOf(item.record);
    noteState(item, tag);
    if (signedTags_.contains(tag)) toJudge_.insert(item.record);
    if (tag == attachmentTag_) notePromise({state.number, author, header.sequence, entry.arrival, {}}, item);
    if (store_.observed()) changed_.push_back(item.record);  // a long bundle changes millions
  }
  Head& head = state.heads[author];
  head.sequence = header.sequence;
  head.lamport = header.lamport;
  head.hash = chain;
  entry.before = std::exchange(head.at, entry.arrival);
  entry.chain = chain;
  entry.sealed = std::move(sealed);
  Log(vault_).append(entry);
  state.lamport = std::max(state.lamport, header.lamport);
  state.unseen.insert(author);
  vault_.saveHead(state, author);
  vault_.save(state);
  applied_ += items.size();
}

void Merger::keepWaiting(const CompartmentState& state, std::uint32_t author, const Header& header,
                         const SealedChangeset& sealed) {
  vault_.database()
      .query("INSERT INTO waiting(c,a,seq,header,items,mark) VALUES(?1,?2,?3,?4,?5,?6)")
      .with(state.number, author, header.sequence, sealed.header, sealed.items, BytesView(markOf(sealed)))
      .run();
  lastPlace_ = -sqlite3_last_insert_rowid(vault_.database().raw());
}

void Merger::dropWaiting(CompartmentNumber compartment, std::uint32_t author) {
  Database& db = vault_.database();
  db.query("DELETE FROM chunk WHERE arrival IN (SELECT -id FROM waiting WHERE c=?1 AND a=?2)")
      .with(compartment, author)
      .run();
  db.query("DELETE FROM waiting WHERE c=?1 AND a=?2").with(compartment, author).run();
  db.query("DELETE FROM waiting_head WHERE c=?1 AND a=?2").with(compartment, author).run();
}

// What its author may not write, or nobody can read, is kept whole for a person to see.
void Merger::quarantine(CompartmentState& state, const Header& header, const SealedChangeset& sealed, std::string kind,
                        std::string rule) {
  Violation v;
  v.compartment = state.number;
  v.kind = std::move(kind);
  v.rule = std::move(rule);
  v.detail = detailText({{"site", store_.siteName(header.author.site)},
                         {"person", header.actor},
                         {"changes", header.items},
                         {"header", hexOf(sealed.header)},
                         {"items", hexOf(sealed.items)}});
  Bytes cause;
  Writer w(cause);
  w.author(header.author);
  w.number(header.sequence);
  note(vault_, std::move(v), cause);
}

// Goes over what waits until nothing moves. Cost: what waits, times the length of the longest chain in it.
bool Merger::applyWaiting() {
  bool moved = false;
  std::vector<std::int64_t> ids;
  {
    Query q = vault_.database().query("SELECT id FROM waiting ORDER BY a,seq");
    while (q.step()) ids.push_back(q->integer(0));
  }
  for (const std::int64_t id : ids) {
    SealedChangeset sealed;
    Hash mark{};
    {
      Query q = vault_.database().query("SELECT header,items,mark FROM waiting WHERE id=?1");
      q.with(id);
      if (!q.step()) continue;
      sealed.header.assign(q->blob(0).begin(), q->blob(0).end());
      sealed.items.assign(q->blob(1).begin(), q->blob(1).end());
      mark = hashFrom(q->blob(2));
    }
    if (mark != markOf(sealed)) throw Error(Code::damaged, "a waiting change is damaged: refetch it from the peer");
    const Header header = decodeHeader(sealed.header);
    CompartmentState& state = vault_.stateOf(header.compartment);
    const std::uint32_t author = vault_.numberOf(header.author);
    if (!ready(state, author, header)) continue;
    const Head before = state.heads[author];
    try {
      check(header, sealed, before.lamport);
    } catch (const Error& error) {
      // Who brought what it waited for is not to blame, and others' changes go on.
      if (error.code() != Code::forged && error.code() != Code::invalidInput) throw;
      quarantine(state, header, sealed, "refusedWrite", "unreadable change");
      dropWaiting(state.number, author);
      continue;
    }
    vault_.database().query("DELETE FROM waiting WHERE id=?1").with(id).run();
    const Hash chain = entryHash(before.hash, sealed.header, splitItems(sealed.items, header.items));
    apply(state, author, header, chain, std::move(sealed));
    vault_.database().query("UPDATE chunk SET arrival=?1 WHERE arrival=?2").with(arrival_, -id).run();
    moved = true;
    Query q = vault_.database().query("SELECT hash,signature FROM waiting_head WHERE c=?1 AND a=?2 AND seq=?3");
    q.with(state.number, author, header.sequence);
    if (!q.step()) continue;
    if (hashFrom(q->blob(0)) != chain)
      throw Error(Code::damaged, "what waited is not what was signed: refetch it from the peer");
    const Bytes signature(q->blob(1).begin(), q->blob(1).end());
    prove(state, author, signature);
    vault_.database().query("DELETE FROM waiting_head WHERE c=?1 AND a=?2").with(state.number, author).run();
  }
  return moved;
}

bool Merger::finish() {
  Forks parted;
  for (auto& [chain, run] : runs_) {
    if (run.last == run.begin) continue;
    if (run.before) {
      parted.emplace(chain, *run.before);
      continue;
    }
    if (!run.proven) throw Error(Code::forged, "a bundle holds changes without their author's signature");
    if (run.parted) continue;
    if (run.fault) throw *run.fault;
    CompartmentState& state = vault_.stateOf(chain.first);
    if (state.heads[chain.second].sequence == run.last) {
      prove(state, chain.second, run.signature);
    } else {
      vault_.database()
          .query("INSERT OR REPLACE INTO waiting_head VALUES(?1,?2,?3,?4,?5)")
          .with(chain.first, chain.second, run.last, BytesView(run.hash), BytesView(run.signature))
          .run();
    }
  }
  forks_ = std::move(parted);
  if (!forks_.empty()) return false;
  if (waiting() > passedBy_)
    while (applyWaiting()) {
    }
  noteStates(store_, vault_, states_);
  return true;
}

}  // namespace cinnabar
