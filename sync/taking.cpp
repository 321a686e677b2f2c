#include "sync/taking.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/blob/blob.h"
#include "sync/audit_head.h"
#include "sync/judging.h"
#include "sync/receipt.h"

namespace cinnabar {

Taking::Taking(Store& store, Roster& roster, const Guard& guard, const Certificate& from, Vault& vault,
               Freshness freshness, Forks forks)
    : store_(store),
      roster_(roster),
      guard_(guard),
      from_(from),
      vault_(vault),
      freshness_(freshness),
      merger_(store, roster, guard_, vault, from, std::move(forks)),
      peer_(Peer::load(vault, from.site)),
      self_(vault.self()),
      pieces_(vault) {}

void Taking::take(Part part, const Bytes& content) {
  switch (part) {
    case Part::certificate: return certificate(content);
    case Part::epochKey: return epochKey(content);
    case Part::prekey: return prekey(content);
    case Part::seen: return seen(content);
    case Part::changeset: return changeset(content);
    case Part::chunk: return chunk(content);
    case Part::head: return head(content);
    case Part::digest: return digest(content);
    case Part::receipt: return receipt(content);
    case Part::confirmed: return receiptConfirmed(content);
    case Part::cover: return ownCover(content);
    case Part::auditHead: return auditHead(content);
    case Part::pieces: return pieces(content);
    default: throw Error(Code::forged, "a bundle has a part that this version does not know");
  }
}

bool Taking::finish(const BundleReader& bundle, Taken& taken) {
  const Cover& cover = bundle.cover();
  pieces_.check();
  if (!merger_.finish()) return false;
  // Whoever sent them may have kept pieces back, or others before him: he hears what is lacking here.
  if (noteLacking(vault_, merger_.promises()) > 0) peer_.told = Peer::owing;
  if (!differing_.empty()) checkDigests();
  judge(store_, roster_, vault_, merger_.toJudge());
  // The other side sent what we had: it does not know that we have it, so it is told again.
  if (known_ && freshness_ == Freshness::news) peer_.told = Peer::owing;
  if (cover.number > peer_.received + 1 && merger_.waiting() > 0)
    for (std::uint64_t n = peer_.received + 1; n < cover.number && taken.missing.size() < 100; ++n)
      taken.missing.push_back(std::to_string(n) + "-" + std::string(wordOf(cover.level)) + "-" + cover.from);
  if (cover.number > peer_.received)
    peer_.cover = bundle.coverBytes();
  else if (freshness_ == Freshness::news)
    noteNumberTwice(cover);
  peer_.received = std::max(peer_.received, cover.number);
  peer_.at = instantOf(store_.environment().clock->now());
  peer_.save(vault_);
  taken.applied = merger_.applied();
  taken.waiting = merger_.waiting();
  return true;
}

void Taking::certificate(const Bytes& content) {
  if (vault_.level() != Level::open) throw Error(Code::forged, "a roster entry came above its level");
  if (Roster::keep(vault_, roster_.delegation(), decodeCertificate(content))) roster_.reload();
  peer_.told = Peer::owing;  // also for one that came another way first: the sender does not know
}

// A sealed box or a shared secret proves no office: keys come only in a bundle that the office signed.
void Taking::epochKey(const Bytes& content) {
  if (!from_.office) throw Error(Code::forged, "keys came from a site that may not give any");
  Reader in(content, "epoch key");
  const std::string circle(in.text(256));
  const auto epoch = static_cast<std::uint32_t>(in.numberUpTo(UINT32_MAX));
  const BytesView key = in.bytes(keySize);
  in.end();
  if (epoch == 0 || key.size() != keySize) in.fail("it is no key");
  if (!vault_.holdsCircle(circle, epoch)) {
    vault_.putEpochKey(circle, epoch, key);
    if (!circle.empty() && vault_.level() == Level::open) roster_.reload();
  }
  peer_.told = Peer::owing;  // also for one that it held: the sender does not know
}

void Taking::prekey(const Bytes& content) {
  if (content.size() != sizeof(PublicKey)) throw Error(Code::invalidInput, "unreadable prekey");
  if (freshness_ == Freshness::late) return;
  peer_.prekey.emplace();
  std::memcpy(peer_.prekey->data(), content.data(), content.size());
}

void Taking::seen(const Bytes& content) {
  acknowledgement_ = decodeAcknowledgement(content);
  if (freshness_ == Freshness::news) acknowledge(vault_, peer_, shared(), acknowledgement_);
}

void Taking::receipt(const Bytes& content) {
  const Receipt r = decodeReceipt(content);
  mustBeAcceptable(r.compartment);
  if (!verifyReceipt(r, store_.identity().group, from_.signingKey))
    throw Error(Code::forged, "a receipt is not signed by '" + from_.name + "'");
  if (!roster_.isOffice() || r.compartment.level != vault_.level()) return;
  keepReceipt(vault_, from_.site, r);
  peer_.told = Peer::owing;
}

void Taking::receiptConfirmed(const Bytes& content) {
  const Receipt r = decodeReceipt(content);
  mustBeAcceptable(r.compartment);
  if (!from_.office || r.compartment.level != vault_.level()) return;
  Withdrawal w;
  w.record = r.record;
  w.compartment = vault_.stateOf(r.compartment).number;
  w.move = r.move;
  setState(vault_, w, Leaving::told);
}

Shared Taking::shared() const {
  return [this](const Compartment& compartment) { return guard_.mayAccept(compartment, from_); };
}

void Taking::mustBeAcceptable(const Compartment& compartment) const {
  if (!guard_.mayAccept(compartment, from_))
    throw Error(Code::forged, "'" + from_.name + "' sent what it or this site is not cleared for");
}

void Taking::head(const Bytes& content) {
  const SignedHead head = decodeSignedHead(content);
  mustBeAcceptable(head.compartment);
  merger_.confirm(head);
}

// A number that this site signed and does not know of: its storage was put back, though nothing in a log shows it.
// From here on it is another author, with numbers of its own.
void Taking::ownCover(const Bytes& content) {
  const Certificate& self = roster_.self();
  const Cover own = openCover(content, self.signingKey);
  if (own.from != self.name || own.to != from_.name || own.level != vault_.level())
    throw Error(Code::forged, "a cover came back that this site did not write for '" + from_.name + "'");
  const std::uint64_t life = own.number / numbersOfALife + 1;
  const std::uint64_t known = std::max(peer_.number, (self_.incarnation - 1) * numbersOfALife);
  if (own.number <= known || life > mostIncarnations) return;
  if (vault_.self() == self_) vault_.takeNewIncarnation(static_cast<std::uint32_t>(life));
  peer_.told = Peer::owing;
  notePutBack(vault_, self.name, {{"number", own.number}, {"known", peer_.number}, {"to", from_.name}});
}

void Taking::noteNumberTwice(const Cover& cover) {
  notePutBack(vault_, cover.from, {{"number", cover.number}, {"received", peer_.received}});
}

// Of the sender's own audit, or of this site's as the sender has kept it.
void Taking::auditHead(const Bytes& content) {
  const SignedAuditHead head = decodeSignedAuditHead(content);
  mustBeAcceptable(head.compartment);
  const bool returned = head.author.site == store_.identity().site;
  const Certificate& author = returned ? roster_.self() : from_;
  if (head.author.site != author.site || !verifyAuditHead(head, store_.identity().group, author.signingKey))
    throw Error(Code::forged, "a head of an audit is not signed by whose it is");
  if (returned) {
    if (head.author == vault_.self() && !store_.audit().contains(head.compartment, head.head))
      noteAuditCut(vault_, head, author.name);
    return;
  }
  if (freshness_ != Freshness::news) return;
  const auto kept = keptAuditHead(vault_, from_.site, head.compartment);
  if (kept && partsFrom(*kept, head)) return noteAuditCut(vault_, *kept, from_.name);
  if (!kept || kept->author.incarnation <= head.author.incarnation) keepAuditHead(vault_, head);
}

void Taking::changeset(const Bytes& content) {
  Reader in(content, "changeset");
  SealedChangeset sealed;
  const BytesView header = in.bytes(longestPart_bytes);
  const BytesView items = in.bytes(longestPart_bytes);
  in.end();
  const Header opened = decodeHeader(header);
  mustBeAcceptable(opened.compartment);
  sealed.header.assign(header.begin(), header.end());
  sealed.items.assign(items.begin(), items.end());
  pieces_.check();
  const Merger::Received received = merger_.receive(std::move(sealed));
  if (received == Merger::Received::known) known_ = true;
  const bool taken = received == Merger::Received::applied || received == Merger::Received::waits;
  pieces_.expect({opened.compartment, opened.author, opened.sequence}, taken ? merger_.lastPlace() : 0);
}

void Taking::pieces(const Bytes& content) {
  Reader in(content, "pieces");
  ChangeId change{readCompartment(in), in.author(), in.number()};
  in.end();
  mustBeAcceptable(change.compartment);
  pieces_.check();
  const Arrival place = placeOfLacking(vault_, change);
  pieces_.expect(std::move(change), place);
}

void Taking::chunk(const Bytes& content) {
  Reader in(content, "attachment");
  const Compartment compartment = readCompartment(in);
  const Author author = in.author();
  const Sequence sequence = in.number();
  const RecordId blob = in.id<RecordId>();
  const auto place = static_cast<std::int64_t>(in.numberUpTo(std::uint64_t{1} << 32));
  const BytesView value = in.bytes(longestPiece_bytes);
  in.end();
  mustBeAcceptable(compartment);
  pieces_.add({compartment, author, sequence}, blob, place, value);
}

void Taking::digest(const Bytes& content) {
  Reader in(content, "digest");
  Compartment compartment = readCompartment(in);
  differing_.emplace_back(std::move(compartment), in.text(64));
  in.end();
}

// Comparable only where both sides have applied the same; a difference then is a fault and is shown.
void Taking::checkDigests() {
  const Seen here = seenHere(vault_, shared());
  for (const auto& [compartment, digest] : differing_) {
    const auto mine = here.find(compartment);
    const auto theirs = acknowledgement_.seen.find(compartment);
    if (mine == here.end() || theirs == acknowledgement_.seen.end() || mine->second != theirs->second) continue;
    const CompartmentState* state = vault_.find(compartment);
    const std::string own = store_.applier(vault_.level()).digest().text(*state);
    if (own == digest) continue;
    Violation v;
    v.compartment = state->number;
    v.kind = "digestDiffers";
    v.rule = "equal version vectors give equal digests";
    v.detail = detailText({{"site", from_.name}, {"theirs", digest}, {"ours", own}});
    // One row a site and compartment: a difference that stays would add one at each contact.
    Bytes cause;
    Writer w(cause);
    w.id(from_.site);
    writeCompartment(w, compartment);
    note(vault_, std::move(v), cause);
  }
}

}  // namespace cinnabar
