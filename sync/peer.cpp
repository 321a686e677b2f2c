#include "sync/peer.h"

#include "core/base/error.h"
#include "core/record/digest.h"

namespace cinnabar {
namespace {

constexpr std::uint64_t mostCompartments = 4096;
constexpr std::uint64_t mostAuthors = 65'536;

void writeSeen(Writer& w, const Seen& seen) {
  w.number(seen.size());
  for (const auto& [compartment, authors] : seen) {
    writeCompartment(w, compartment);
    w.number(authors.size());
    for (const auto& [author, sequence] : authors) {
      w.author(author);
      w.number(sequence);
    }
  }
}

Seen readSeen(Reader& in) {
  Seen out;
  const auto compartments = in.numberUpTo(mostCompartments);
  for (std::uint64_t i = 0; i < compartments; ++i) {
    const Compartment compartment = readCompartment(in);
    if (!out.empty() && compartment <= out.rbegin()->first) in.fail("compartments out of order");
    auto& authors = out[compartment];
    const auto count = in.numberUpTo(mostAuthors);
    for (std::uint64_t j = 0; j < count; ++j) {
      const Author author = in.author();
      if (!authors.empty() && author <= authors.rbegin()->first) in.fail("authors out of order");
      authors[author] = in.numberUpTo(noMore);
    }
  }
  return out;
}

void writeLacks(Writer& w, const Lacks& lacks) {
  w.number(lacks.size());
  for (const Lack& lack : lacks) {
    writeCompartment(w, lack.change.compartment);
    w.author(lack.change.author);
    w.number(lack.change.sequence);
    w.id(lack.blob);
  }
}

Lacks readLacks(Reader& in) {
  Lacks out(static_cast<std::size_t>(in.numberUpTo(mostLacking)));
  for (Lack& lack : out) {
    lack.change.compartment = readCompartment(in);
    lack.change.author = in.author();
    lack.change.sequence = in.number();
    lack.blob = in.id<RecordId>();
  }
  return out;
}

bool covers(const Seen& seen, const Compartment& compartment, const Author& author, Sequence sequence) {
  const auto authors = seen.find(compartment);
  if (authors == seen.end()) return false;
  const auto at = authors->second.find(author);
  return at != authors->second.end() && at->second >= sequence;
}

}  // namespace

Bytes encode(const Acknowledgement& a) {
  Bytes out;
  Writer w(out);
  writeSeen(w, a.seen);
  w.number(a.roster);
  w.number(a.keys);
  w.number(a.received);
  writeLacks(w, a.lacks);
  return out;
}

Acknowledgement decodeAcknowledgement(BytesView bytes) {
  Reader in(bytes, "acknowledgement");
  Acknowledgement a;
  a.seen = readSeen(in);
  a.roster = in.number();
  a.keys = in.number();
  a.received = in.number();
  a.lacks = readLacks(in);
  in.end();
  return a;
}

Peer Peer::load(Vault& vault, const SiteId& site) {
  Peer p;
  p.site = site;
  Query q = vault.database().query(
      "SELECT number,received,acked,seen,told,roster,keys,prekey,at,cover,lacks FROM peer WHERE site=?1");
  q.with(site);
  if (!q.step()) return p;
  p.number = static_cast<std::uint64_t>(q->integer(0));
  p.received = static_cast<std::uint64_t>(q->integer(1));
  p.acked = q->integer(2);
  if (!q->isNull(3)) {
    Reader in(q->blob(3), "peer");
    p.seen = readSeen(in);
  }
  p.told = q->integer(4);
  p.roster = static_cast<std::uint64_t>(q->integer(5));
  p.keys = static_cast<std::uint64_t>(q->integer(6));
  if (q->blob(7).size() == sizeof(PublicKey)) {
    p.prekey.emplace();
    std::memcpy(p.prekey->data(), q->blob(7).data(), p.prekey->size());
  }
  p.at = q->integer(8);
  p.cover.assign(q->blob(9).begin(), q->blob(9).end());
  if (!q->isNull(10)) {
    Reader in(q->blob(10), "peer");
    p.lacks = readLacks(in);
  }
  return p;
}

void Peer::save(Vault& vault) const {
  Bytes stored;
  Writer w(stored);
  writeSeen(w, seen);
  Bytes asked;
  Writer asking(asked);
  writeLacks(asking, lacks);
  vault.database()
      .query("INSERT OR REPLACE INTO peer VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)")
      .with(site, number, received, acked, stored, told, roster, keys, prekey ? BytesView(*prekey) : BytesView(), at,
            cover, asked)
      .run();
  vault.revise();
}

void acknowledge(Vault& vault, Peer& peer, const Shared& shared, const Acknowledgement& fresh) {
  for (const auto& [compartment, authors] : peer.seen)
    for (const auto& [author, sequence] : authors)
      if (!covers(fresh.seen, compartment, author, sequence)) peer.acked = 0;
  peer.seen = fresh.seen;
  peer.lacks = fresh.lacks;
  peer.roster = fresh.roster;
  peer.keys = fresh.keys;
  Query q = vault.database().query("SELECT arrival,c,a,seq FROM log WHERE arrival>?1 ORDER BY arrival");
  q.with(peer.acked);
  while (q.step()) {
    const Compartment& compartment = vault.compartmentOf(q->integer(1));
    const Author& author = vault.authorOf(static_cast<std::uint32_t>(q->integer(2)));
    if (shared(compartment) && !covers(peer.seen, compartment, author, static_cast<Sequence>(q->integer(3)))) break;
    peer.acked = q->integer(0);
  }
}

bool acknowledged(Vault& vault, const Seen& peer, std::uint64_t place) {
  const auto header = Log(vault).header(arrivalOf(place));
  if (!header) return true;
  const auto authors = peer.find(header->compartment);
  if (authors == peer.end()) return false;
  const auto at = authors->second.find(header->author);
  return at != authors->second.end() && at->second >= header->sequence;
}

Seen seenHere(Vault& vault, const Shared& shared) {
  Seen out;
  const Vault::Steady steady(vault);
  for (const CompartmentState* state : vault.compartments()) {
    if (!shared(state->compartment)) continue;
    auto& authors = out[state->compartment];
    for (const auto& [author, head] : versionVector(vault, *state))
      if (head.sequence > 0) authors[author] = head.forked ? noMore : head.sequence;
  }
  return out;
}

}  // namespace cinnabar
