#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/record/digest.h"
#include "core/record/transaction.h"
#include "sync/audit_head.h"
#include "sync/clearing.h"
#include "sync/head.h"
#include "sync/pieces.h"
#include "sync/receipt.h"
#include "sync/shipment.h"

namespace cinnabar {
namespace {

using nlohmann::json;

void addReceipts(Shipment& s, BundleWriter& bundle, const SigningPair& signing) {
  const std::int64_t now = instantOf(s.store.environment().clock->now());
  for (const Withdrawal& w : s.receiptsDue()) {
    Receipt receipt{s.vault.compartmentOf(w.compartment), w.record, w.move, now, {}};
    signReceipt(receipt, s.store.identity().group, signing.secretKey);
    bundle.add(Part::receipt, encode(receipt));
  }
  if (!s.roster.isOffice()) return;
  for (const Receipt& receipt : receiptsToConfirm(s.vault, s.to.site)) {
    if (!s.mayGo(receipt.compartment)) continue;
    bundle.add(Part::confirmed, encode(receipt));
    confirmed(s.vault, s.to.site, receipt);
  }
}

void addKeys(Shipment& s, BundleWriter& bundle) {
  std::vector<std::string> circles = s.circles();
  circles.insert(circles.begin(), "");
  for (const std::string& circle : circles) {
    Query q = s.vault.database().query("SELECT epoch,key FROM epoch_key WHERE circle=?1");
    q.with(circle);
    while (q.step()) {
      Bytes part;
      const WipeAtEnd wipe(part);
      part.reserve(512);
      Writer w(part);
      w.text(circle);
      w.number(static_cast<std::uint64_t>(q->integer(0)));
      w.bytes(q->blob(1));
      bundle.add(Part::epochKey, part);
    }
  }
}

// How far an author's changes went into this bundle, and where they began.
struct Reached {
  Sequence sequence = 0;
  Hash chain{};
  Hash before{};
  std::size_t changes = 0;
};
using ReachedBy = std::map<std::pair<CompartmentNumber, std::uint32_t>, Reached>;

Signature keptSignature(Vault& vault, CompartmentNumber compartment, std::uint32_t author) {
  Signature out;
  Query q = vault.database().query("SELECT signature FROM head WHERE c=?1 AND a=?2");
  q.with(compartment, author);
  if (!q.step() || q->blob(0).size() != out.size())
    throw Error(Code::damaged, "a head has lost its author's signature");
  std::memcpy(out.data(), q->blob(0).data(), out.size());
  return out;
}

// The chain's hash before an entry: that of the author's entry before it in the compartment.
Hash chainBefore(Vault& vault, const LogEntry& entry) {
  return entry.sequence == 1 ? Hash{} : Log(vault).link(entry.before).chain;
}

void addHeads(Shipment& s, BundleWriter& bundle, const ReachedBy& reached, const SigningPair& signing) {
  for (const auto& [key, last] : reached) {
    SignedHead head;
    head.compartment = s.vault.compartmentOf(key.first);
    head.author = s.vault.authorOf(key.second);
    head.sequence = last.sequence;
    head.hash = last.chain;
    head.before = last.before;
    if (s.own(key.second)) {
      signHead(head, s.store.identity().group, signing.secretKey);
    } else {
      head.signature = keptSignature(s.vault, key.first, key.second);
    }
    bundle.add(Part::head, encode(head));
  }
}

// The receiver's own heads as far as this site has them: by his own signature he sees it if his storage was
// put back. Nothing else would make him believe it.
void addHeadsOfReceiver(Shipment& s, BundleWriter& bundle) {
  const Vault::Steady steady(s.vault);
  for (const CompartmentState* state : s.vault.compartments()) {
    if (!s.mayGo(state->compartment)) continue;
    for (const auto& [author, last] : state->heads) {
      if (s.vault.authorOf(author).site != s.to.site || last.sequence == 0 || last.proven != last.sequence) continue;
      SignedHead head{state->compartment, s.vault.authorOf(author), last.sequence, last.hash, {}, {}};
      head.signature = keptSignature(s.vault, state->number, author);
      bundle.add(Part::head, encode(head));
    }
  }
}

// A cut may only fall where each other author's changes end with a head that he signed.
bool mayCut(Shipment& s, const ReachedBy& reached) {
  return std::all_of(reached.begin(), reached.end(), [&](const auto& at) {
    return s.own(at.first.second) || s.provenTo(at.first.first, at.first.second) == at.second.sequence;
  });
}

// What leaves is in the audit before it can be read by anybody, and the audit's heads go with it.
void addAuditHeads(Shipment& s, BundleWriter& bundle, const ReachedBy& reached, const SigningPair& signing) {
  std::map<Compartment, std::int64_t> left;
  for (const auto& [key, last] : reached)
    left[s.vault.compartmentOf(key.first)] += static_cast<std::int64_t>(last.changes);
  Audit& audit = s.store.audit();
  for (const auto& [compartment, changes] : left) audit.left(Act::exported, compartment, changes, s.to.name);
  audit.flush();
  Trail* trail = audit.trailIfAny(s.vault.level());
  if (trail == nullptr) return;
  for (const auto& [compartment, last] : trail->heads()) {
    if (!s.mayGo(compartment)) continue;
    SignedAuditHead head{compartment, s.vault.self(), last, {}};
    signAuditHead(head, s.store.identity().group, signing.secretKey);
    bundle.add(Part::auditHead, encode(head));
  }
}

// The receiver's own, as it signed them: he sees by them that his audit was put back.
void returnAuditHeads(Shipment& s, BundleWriter& bundle) {
  for (const SignedAuditHead& head : keptAuditHeads(s.vault, s.to.site))
    if (s.mayGo(head.compartment)) bundle.add(Part::auditHead, encode(head));
}

void addDigests(Shipment& s, BundleWriter& bundle, const Seen& seen) {
  StateDigest& digest = s.store.applier(s.vault.level()).digest();
  for (const auto& [compartment, authors] : seen) {
    const CompartmentState* state = s.vault.find(compartment);
    if (state == nullptr || authors.empty()) continue;
    Bytes part;
    Writer w(part);
    writeCompartment(w, compartment);
    w.text(digest.text(*state));
    bundle.add(Part::digest, part);
  }
}

void addChunks(Shipment& s, BundleWriter& bundle, Arrival arrival, const ChangeId& change) {
  Query q = s.vault.database().query("SELECT blob,place,value FROM chunk WHERE arrival=?1 ORDER BY id");
  q.with(arrival);
  while (q.step()) {
    Bytes part;
    Writer w(part);
    writeCompartment(w, change.compartment);
    w.author(change.author);
    w.number(change.sequence);
    w.raw(q->blob(0));
    w.number(static_cast<std::uint64_t>(q->integer(1)));
    w.bytes(q->blob(2));
    bundle.add(Part::chunk, part);
  }
}

// Asked for again until they have come; so what is sent now is not kept in mind.
void addPieces(Shipment& s, BundleWriter& bundle) {
  for (const auto& [place, change] : s.piecesDue()) {
    if (s.order.most_bytes > 0 && bundle.size_bytes() >= s.order.most_bytes) break;
    Bytes part;
    Writer w(part);
    writeCompartment(w, change.compartment);
    w.author(change.author);
    w.number(change.sequence);
    bundle.add(Part::pieces, part);
    addChunks(s, bundle, place, change);
  }
  s.peer.lacks.clear();
}

struct Sent {
  std::size_t changes = 0;
  bool more = false;
};

Sent addChanges(Shipment& s, BundleWriter& bundle, ReachedBy& reached, const Progress& progress) {
  Sent out;
  const Arrival end = s.vault.lastArrival();
  Arrival whole = 0;  // what was scrubbed goes together with the withdrawals that say why
  Log(s.vault).scan(s.peer.acked, [&](LogEntry& entry) {
    report(progress, "export", static_cast<std::uint64_t>(entry.arrival - s.peer.acked),
           static_cast<std::uint64_t>(end - s.peer.acked));
    if (!s.goes(entry)) return true;
    if (s.vault.knowsWithdrawals()) {
      const auto items = splitItems(entry.sealed.items, decodeHeader(entry.sealed.header).items);
      if (std::any_of(items.begin(), items.end(), [](const SealedItem& item) { return item.scrubbed; }))
        whole = s.vault.database().number("SELECT max(arrival) FROM withdrawal");
    }
    if (entry.arrival > whole && s.order.most_bytes > 0 && bundle.size_bytes() >= s.order.most_bytes &&
        mayCut(s, reached)) {
      out.more = true;
      return false;
    }
    Bytes part;
    Writer w(part);
    w.bytes(entry.sealed.header);
    w.bytes(entry.sealed.items);
    bundle.add(Part::changeset, part);
    addChunks(s, bundle, entry.arrival,
              {s.vault.compartmentOf(entry.compartment), s.vault.authorOf(entry.author), entry.sequence});
    const auto [at, first] = reached.try_emplace({entry.compartment, entry.author});
    if (first) at->second.before = chainBefore(s.vault, entry);
    at->second.sequence = entry.sequence;
    at->second.chain = entry.chain;
    const std::size_t items = decodeHeader(entry.sealed.header).items;
    at->second.changes += items;
    out.changes += items;
    return true;
  });
  return out;
}

// A bundle with classified content is itself a classified carrier: it is in the register before it can be used.
json registerCarrier(Store& store, Level level, const std::string& name) {
  const EntityType* carrier = store.catalog().find("ClassifiedCarrier");
  if (level < Level::confidential || carrier == nullptr) return nullptr;
  Transaction transaction(store, std::string(registrar));
  const RecordId id = transaction.put(*carrier, {{"title", name}, {"mediumKind", "bundle"}, {"level", wordOf(level)}},
                                      {{level, {}}, {}});
  transaction.commit();
  return id.text();
}

std::uint64_t numberAfter(const Shipment& s) {
  return std::max<std::uint64_t>(s.peer.number, (s.vault.self().incarnation - 1) * numbersOfALife) + 1;
}

json writeOne(Store& store, const Roster& roster, const Guard& guard, const Certificate& to, Level level,
              const ExportOrder& order, const Progress& progress) {
  Vault& vault = store.vault(level);
  Shipment s{store, roster, guard, vault, to, order, Peer::load(vault, to.site)};
  const std::uint64_t keys = roster.isOffice() ? s.keys() : 0;
  const bool certificates = roster.isOffice() && level == Level::open && s.peer.roster < roster.lastNumber();
  s.findIncomplete();
  const News news = s.news();
  if (!certificates && keys <= s.peer.keys && news == News::none && !s.newsToAcknowledge() && s.piecesDue().empty())
    return nullptr;
  Cover cover;
  cover.number = numberAfter(s);
  cover.level = level;
  cover.from = roster.self().name;
  cover.to = to.name;
  const json carrier = news == News::records ? registerCarrier(store, level, bundleFileName(cover)) : json();

  vault.begin();
  try {
    s.peer = Peer::load(vault, to.site);
    cover.number = numberAfter(s);
    const SigningPair signing = secrets::signing(store.lowest());
    const SecretBytes shared = secrets::shared(store.lowest(), store.identity().site, to.site);
    const std::string path = order.folder + "/" + bundleFileName(cover);
    BundleWriter bundle(store.environment(), path, cover, s.peer.prekey.value_or(to.sealingKey), shared,
                        signing.secretKey);
    if (level == Level::open && !to.office)
      for (const Certificate* c : roster.all())
        if (c->number > s.peer.roster) bundle.add(Part::certificate, encode(*c));
    if (roster.isOffice() && keys > s.peer.keys) addKeys(s, bundle);
    bundle.add(Part::prekey, secrets::publishedPrekey(vault, *store.environment().random));
    const Shared shareable = [&](const Compartment& compartment) { return s.mayGo(compartment); };
    const Seen seen = seenHere(vault, shareable);
    // Only who gives out keys needs to know how many there are here; to others the count would tell of circles.
    const std::uint64_t held = to.office ? static_cast<std::uint64_t>(vault.epochKeys()) : 0;
    const Acknowledgement acknowledgement{seen, roster.lastNumber(), held, s.peer.received,
                                          lackingHere(vault, shareable)};
    bundle.add(Part::seen, encode(acknowledgement));
    addReceipts(s, bundle, signing);
    if (!s.peer.cover.empty()) bundle.add(Part::cover, s.peer.cover);
    addHeadsOfReceiver(s, bundle);
    ReachedBy reached;
    addPieces(s, bundle);
    const Sent sent = addChanges(s, bundle, reached, progress);
    addHeads(s, bundle, reached, signing);
    addDigests(s, bundle, seen);
    returnAuditHeads(s, bundle);
    addAuditHeads(s, bundle, reached, signing);
    const std::uint64_t size_bytes = bundle.finish();
    s.peer.number = cover.number;
    s.peer.told = vault.lastArrival();
    s.peer.save(vault);
    vault.commit();
    store.committed({{level, {}}});
    return {{"file", path},        {"number", cover.number},  {"to", to.name},      {"level", wordOf(level)},
            {"bytes", size_bytes}, {"changes", sent.changes}, {"carrier", carrier}, {"more", sent.more}};
  } catch (...) {
    vault.rollback();
    throw;
  }
}

}  // namespace

json writeBundles(Store& store, const ExportOrder& order, const Progress& progress) {
  const Roster roster(store);
  const Certificate* to = roster.find(order.to);
  if (to == nullptr || to->site == store.identity().site)
    throw Error(Code::notFound, "there is no such site to write to");
  const Guard guard(roster.self(), dateOf(store.environment().clock->now()));
  clearUp(store);
  store.environment().files->makeFolder(order.folder);
  json bundles = json::array();
  for (const Level level : store.levels()) {
    if (!order.levels.empty() && !order.levels.contains(level)) continue;
    if (!guard.maySend({level, {}}, *to, order.channel)) continue;
    json one = writeOne(store, roster, guard, *to, level, order, progress);
    if (!one.is_null()) bundles.push_back(std::move(one));
  }
  return {{"bundles", std::move(bundles)}};
}

}  // namespace cinnabar
