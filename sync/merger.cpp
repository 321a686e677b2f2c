#include "sync/merger.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/log/seal.h"

namespace cinnabar {
namespace {

Bytes headBytes(const SignedHead& head, const GroupId& group) {
  Bytes out;
  Writer w(out);
  w.id(group);
  writeCompartment(w, head.compartment);
  w.author(head.author);
  w.number(head.sequence);
  w.raw(head.hash);
  return out;
}

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

Bytes encode(const SignedHead& head) {
  Bytes out;
  Writer w(out);
  writeCompartment(w, head.compartment);
  w.author(head.author);
  w.number(head.sequence);
  w.raw(head.hash);
  w.raw(head.signature);
  return out;
}

SignedHead decodeSignedHead(BytesView bytes) {
  Reader in(bytes, "head");
  SignedHead head;
  head.compartment = readCompartment(in);
  head.author = in.author();
  head.sequence = in.number();
  std::memcpy(head.hash.data(), in.raw(head.hash.size()).data(), head.hash.size());
  std::memcpy(head.signature.data(), in.raw(head.signature.size()).data(), head.signature.size());
  in.end();
  return head;
}

void signHead(SignedHead& head, const GroupId& group, const SecretBytes& key) {
  head.signature = sign("cinnabar head", headBytes(head, group), key);
}

bool verifyHead(const SignedHead& head, const GroupId& group, const SigningKey& key) {
  return verify("cinnabar head", headBytes(head, group), head.signature, key);
}

Merger::Merger(Store& store, const Roster& roster, const Guard& guard, Vault& vault)
    : store_(store),
      roster_(roster),
      guard_(guard),
      vault_(vault),
      applier_(store.applier(vault.level())),
      arrival_(vault.lastArrival()) {}

std::size_t Merger::waiting() { return static_cast<std::size_t>(vault_.database().number("SELECT count(*) FROM waiting")); }

bool Merger::ready(CompartmentState& state, std::uint32_t author, const Header& header) {
  if (roster_.find(header.author.site) == nullptr) return false;
  if (header.sequence != state.heads[author].sequence + 1) return false;
  return std::all_of(header.dependencies.begin(), header.dependencies.end(), [&](const Dot& dot) {
    const Head& head = dot.author == vault_.self() ? state.own : state.heads[vault_.numberOf(dot.author)];
    return head.lamport >= dot.lamport;
  });
}

bool Merger::receive(SealedChangeset&& sealed) {
  const Header header = decodeHeader(sealed.header);
  splitItems(sealed.items, header.items);
  if (header.compartment.level != vault_.level()) throw Error(Code::forged, "a bundle holds a change of another level");
  if (header.author == vault_.self()) return false;  // ours; a lost one would have led to a new incarnation
  CompartmentState& state = vault_.stateOf(header.compartment);
  const std::uint32_t author = vault_.numberOf(header.author);
  if (header.sequence <= state.heads[author].sequence) return false;
  const Certificate* certificate = roster_.find(header.author.site);
  if (certificate != nullptr && !guard_.mayHaveWritten(header.compartment, *certificate))
    return quarantine(state, header, sealed), true;
  touched_.emplace(state.number, author);
  if (ready(state, author, header))
    apply(state, author, header, std::move(sealed));
  else
    keepWaiting(state, author, header, sealed);
  return true;
}

void Merger::apply(CompartmentState& state, std::uint32_t author, const Header& header, SealedChangeset&& sealed) {
  Head& head = state.heads[author];
  // A Lamport counter that does not pass what its author had seen would let a write win over its own past.
  const bool grows = header.lamport > head.lamport &&
                     std::all_of(header.dependencies.begin(), header.dependencies.end(),
                                 [&](const Dot& dot) { return dot.lamport < header.lamport; });
  if (!grows) throw Error(Code::forged, "a change is numbered before what it follows");

  for (const Dot& dot : header.dependencies) vault_.raiseSeen(state.number, author, vault_.numberOf(dot.author), dot.lamport);
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
  const Opener opener(header, sealed.header, vault_.compartmentKey(header.compartment, header.epoch));
  const std::vector<SealedItem> items = splitItems(sealed.items, header.items);
  Applying applying{state, {author, header.lamport}, covers, entry.arrival, true};
  for (std::size_t i = 0; i < items.size(); ++i) {
    entry.previous.push_back(0);
    if (items[i].scrubbed) continue;
    const Item item = opener.open(items[i].bytes, i);
    entry.previous.back() = applier_.apply(item, static_cast<std::uint32_t>(i), applying);
    if (store_.observed()) changed_.push_back(item.record);  // a long bundle changes millions
  }
  head = {header.sequence, header.lamport, entryHash(head.hash, sealed.header, items)};
  entry.chain = head.hash;
  entry.sealed = std::move(sealed);
  Log(vault_).append(entry);
  state.lamport = std::max(state.lamport, header.lamport);
  state.unseen.insert(author);
  vault_.saveHead(state, author);
  vault_.save(state);
  applied_ += items.size();
}

void Merger::keepWaiting(const CompartmentState& state, std::uint32_t author, const Header& header, const SealedChangeset& sealed) {
  vault_.database()
      .query("INSERT OR IGNORE INTO waiting(c,a,seq,header,items,mark) VALUES(?1,?2,?3,?4,?5,?6)")
      .with(state.number, author, header.sequence, sealed.header, sealed.items, BytesView(markOf(sealed)))
      .run();
}

// A site that was not cleared for it may not write there. Its change is kept whole, for a person to see.
void Merger::quarantine(CompartmentState& state, const Header& header, const SealedChangeset& sealed) {
  Violation v;
  v.compartment = state.number;
  v.kind = "unauthorisedAuthor";
  v.rule = "clearance";
  v.detail = nlohmann::json({{"site", store_.siteName(header.author.site)}, {"person", header.actor},
                             {"changes", header.items}, {"header", hexOf(sealed.header)}, {"items", hexOf(sealed.items)}})
                 .dump();
  Bytes cause;
  Writer w(cause);
  w.author(header.author);
  w.number(header.sequence);
  note(vault_, std::move(v), cause);
}

void Merger::confirm(const SignedHead& signedHead) {
  if (signedHead.compartment.level != vault_.level()) throw Error(Code::forged, "a head is of another level");
  if (signedHead.author == vault_.self()) return;
  const Certificate* certificate = roster_.find(signedHead.author.site);
  CompartmentState& state = vault_.stateOf(signedHead.compartment);
  const std::uint32_t author = vault_.numberOf(signedHead.author);
  if (certificate == nullptr) {
    touched_.erase({state.number, author});
    return;  // its changesets wait for the certificate, and are checked then
  }
  if (!verifyHead(signedHead, store_.identity().group, certificate->signingKey))
    throw Error(Code::forged, "a change is not signed by its author '" + certificate->name + "'");
  vault_.database()
      .query("INSERT OR REPLACE INTO waiting_head VALUES(?1,?2,?3,?4,?5)")
      .with(state.number, author, signedHead.sequence, BytesView(signedHead.hash), BytesView(signedHead.signature))
      .run();
  touched_.erase({state.number, author});
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
    const bool known = header.sequence <= state.heads[author].sequence;
    if (!known && !ready(state, author, header)) continue;
    vault_.database().query("DELETE FROM waiting WHERE id=?1").with(id).run();
    if (known) continue;
    const Certificate* certificate = roster_.find(header.author.site);
    if (!guard_.mayHaveWritten(header.compartment, *certificate)) {
      quarantine(state, header, sealed);
      continue;
    }
    apply(state, author, header, std::move(sealed));
    moved = true;
  }
  return moved;
}

void Merger::finish() {
  if (!touched_.empty()) throw Error(Code::forged, "a bundle holds changes without their author's signature");
  if (waiting() > 0)
    while (applyWaiting()) {
    }
  // A head that was reached has to be the one that was signed; one not reached yet is kept.
  Query q = vault_.database().query("SELECT c,a,seq,hash,signature FROM waiting_head");
  std::vector<std::tuple<CompartmentNumber, std::uint32_t, Sequence>> done;
  while (q.step()) {
    CompartmentState& state = vault_.stateOf(q->integer(0));
    const auto author = static_cast<std::uint32_t>(q->integer(1));
    const auto sequence = static_cast<Sequence>(q->integer(2));
    const Head& head = state.heads[author];
    if (head.sequence < sequence) continue;
    if (head.sequence == sequence) {
      if (head.hash != hashFrom(q->blob(3)))
        throw Error(Code::forged, "two different changes of '" + store_.siteName(vault_.authorOf(author).site) +
                                      "' bear one number: keep the bundle as proof");
      vault_.saveHead(state, author);
      vault_.database().query("UPDATE head SET signature=?3 WHERE c=?1 AND a=?2").with(state.number, author, q->blob(4)).run();
    }
    done.emplace_back(state.number, author, sequence);
  }
  for (const auto& [c, a, sequence] : done)
    vault_.database().query("DELETE FROM waiting_head WHERE c=?1 AND a=?2 AND seq=?3").with(c, a, sequence).run();
}

}  // namespace cinnabar
