#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "sync/exchange.h"
#include "sync/merger.h"

namespace cinnabar {
namespace {

using nlohmann::json;

// Takes the parts of one opened bundle into the vault, within its transaction.
class Taking {
 public:
  Taking(Store& store, Roster& roster, const Certificate& from, Vault& vault)
      : store_(store),
        roster_(roster),
        from_(from),
        vault_(vault),
        self_(roster.self()),
        guard_(self_, dateOf(store.environment().clock->now())),
        merger_(store, roster, guard_, vault),
        peer_(Peer::load(vault, from.site)) {}

  void take(Part part, const Bytes& content) {
    switch (part) {
      case Part::certificate: return certificate(content);
      case Part::epochKey: return epochKey(content);
      case Part::prekey: return prekey(content);
      case Part::seen: return seen(content);
      case Part::changeset: return changeset(content);
      case Part::chunk: return chunk(content);
      case Part::head: return merger_.confirm(decodeSignedHead(content));
      case Part::digest: return digest(content);
      default: throw Error(Code::forged, "a bundle has a part that this version does not know");
    }
  }

  void finish(const Cover& cover, Taken& taken) {
    merger_.finish();
    if (!differing_.empty()) checkDigests();
    // The other side sent what we had: it does not know that we have it, so it is told again.
    if (known_) peer_.told = Peer::owing;
    if (cover.number > peer_.received + 1 && merger_.waiting() > 0)
      for (std::uint64_t n = peer_.received + 1; n < cover.number && taken.missing.size() < 100; ++n)
        taken.missing.push_back(std::to_string(n) + "-" + std::string(wordOf(cover.level)) + "-" + cover.from);
    peer_.received = std::max(peer_.received, cover.number);
    peer_.at = instantOf(store_.environment().clock->now());
    peer_.save(vault_);
    taken.applied = merger_.applied();
    taken.waiting = merger_.waiting();
  }
  const std::vector<RecordId>& changed() const { return merger_.changed(); }

 private:
  void certificate(const Bytes& content) {
    if (vault_.level() != Level::open) throw Error(Code::forged, "a roster entry came above its level");
    if (Roster::keep(vault_, roster_.delegation(), decodeCertificate(content))) {
      roster_.reload();
      peer_.told = Peer::owing;
    }
  }

  // A sealed box or a shared secret proves no office: keys come only in a bundle that the office signed.
  void epochKey(const Bytes& content) {
    if (!from_.office) throw Error(Code::forged, "keys came from a site that may not give any");
    Reader in(content, "epoch key");
    const std::string circle(in.text(256));
    const auto epoch = static_cast<std::uint32_t>(in.numberUpTo(UINT32_MAX));
    const BytesView key = in.bytes(keySize);
    in.end();
    if (epoch == 0 || key.size() != keySize) in.fail("it is no key");
    if (vault_.holdsCircle(circle, epoch)) return;
    vault_.putEpochKey(circle, epoch, key);
    peer_.told = Peer::owing;
  }

  void prekey(const Bytes& content) {
    if (content.size() != sizeof(PublicKey)) throw Error(Code::invalidInput, "unreadable prekey");
    peer_.prekey.emplace();
    std::memcpy(peer_.prekey->data(), content.data(), content.size());
  }

  void seen(const Bytes& content) {
    acknowledgement_ = decodeAcknowledgement(content);
    const Author self = vault_.self();
    // The other side has later changes of ours than we have: our storage was put back. From here on we
    // are another author, and get back what we lost.
    bool putBack = false;
    for (const auto& [compartment, authors] : acknowledgement_.seen) {
      const auto own = authors.find(self);
      if (own == authors.end()) continue;
      const CompartmentState* state = vault_.find(compartment);
      if (own->second > (state == nullptr ? 0 : state->own.sequence)) putBack = true;
    }
    if (putBack) vault_.takeNewIncarnation();
    acknowledge(vault_, peer_, from_, acknowledgement_);
  }

  void changeset(const Bytes& content) {
    Reader in(content, "changeset");
    SealedChangeset sealed;
    const BytesView header = in.bytes(longestPart_bytes);
    const BytesView items = in.bytes(longestPart_bytes);
    in.end();
    const Compartment compartment = decodeHeader(header).compartment;
    if (!guard_.mayAccept(compartment, from_))
      throw Error(Code::forged, "'" + from_.name + "' sent what it or this site is not cleared for");
    sealed.header.assign(header.begin(), header.end());
    sealed.items.assign(items.begin(), items.end());
    if (!merger_.receive(std::move(sealed))) known_ = true;
  }

  void chunk(const Bytes& content) {
    Reader in(content, "attachment");
    const Compartment compartment = readCompartment(in);
    const Author author = in.author();
    const Sequence sequence = in.number();
    const RecordId blob = in.id<RecordId>();
    const auto place = static_cast<std::int64_t>(in.numberUpTo(std::uint64_t{1} << 32));
    const BytesView value = in.bytes(longestPart_bytes);
    in.end();
    if (!guard_.mayAccept(compartment, from_)) throw Error(Code::forged, "an attachment came that this site is not cleared for");
    // It travels on with the change that it belongs to.
    const CompartmentState& state = vault_.stateOf(compartment);
    Query at = vault_.database().query("SELECT max(arrival) FROM log WHERE arrival>?4 AND c=?1 AND a=?2 AND seq=?3");
    at.with(state.number, vault_.numberOf(author), sequence, firstArrival_);
    const Arrival arrival = at.step() ? at->integer(0) : 0;
    vault_.database()
        .query("INSERT OR IGNORE INTO chunk(blob,place,c,arrival,value) VALUES(?1,?2,?3,?4,?5)")
        .with(blob, place, state.number, arrival, value)
        .run();
  }

  void digest(const Bytes& content) {
    Reader in(content, "digest");
    Compartment compartment = readCompartment(in);
    differing_.emplace_back(std::move(compartment), in.text(64));
    in.end();
  }

  // Comparable only where both sides have applied the same; a difference then is a fault and is shown.
  void checkDigests() {
    const Seen here = seenHere(vault_, from_);
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
      v.detail = json({{"site", from_.name}, {"theirs", digest}, {"ours", own}}).dump();
      note(vault_, std::move(v), viewOf(digest));
    }
  }

  Store& store_;
  Roster& roster_;
  const Certificate from_;
  Vault& vault_;
  const Certificate self_;
  const Guard guard_;
  Merger merger_;
  Peer peer_;
  Acknowledgement acknowledgement_;
  const Arrival firstArrival_ = vault_.lastArrival();
  bool known_ = false;
  std::vector<std::pair<Compartment, std::string>> differing_;
};

std::optional<BoxPair> keyFor(Store& store, Vault& vault, const PublicKey& wanted) {
  if (auto prekey = secrets::prekey(vault, wanted)) return prekey;
  BoxPair lasting = secrets::sealing(store.lowest());
  if (lasting.publicKey == wanted) return lasting;
  return std::nullopt;
}

json countsOf(Store& store) {
  return {{"conflicts", store.conflicts().size()}, {"violations", store.violations().size()}};
}

}  // namespace

Taken takeBundle(Store& store, const std::string& path, Apply apply, const Progress& progress) {
  Roster roster(store);
  BundleReader bundle(store.environment(), path);
  const Cover& cover = bundle.cover();
  const Certificate* sender = roster.find(cover.from);
  if (sender == nullptr) throw Error(Code::foreign, path + " is from '" + cover.from + "', which is no site of this group");
  const Certificate from = *sender;
  bundle.checkSignature(from.signingKey);
  if (cover.to != roster.self().name)
    throw Error(Code::misdirected, path + " is addressed to '" + cover.to + "', not to this site");
  if (!store.holds(cover.level)) throw Error(Code::misdirected, path + " is of a level that is not open here");
  Vault& vault = store.vault(cover.level);
  const auto own = keyFor(store, vault, cover.prekey);
  if (!own) throw Error(Code::badKey, path + " is sealed to a key that this site no longer has: ask for it again");
  bundle.unlock(*own, secrets::shared(store.lowest(), store.identity().site, from.site));

  Taken taken{path, cover.from, cover.level, apply == Apply::onlyTry ? "tried" : "applied", 0, 0, {}};
  std::vector<RecordId> changed;
  vault.begin();
  try {
    Taking taking(store, roster, from, vault);
    Part part{};
    Bytes content;
    std::uint64_t done = 0;
    while (bundle.next(part, content)) {
      done += content.size();
      report(progress, "import", done, bundle.fileSize_bytes());
      taking.take(part, content);
    }
    taking.finish(cover, taken);
    changed = taking.changed();
    if (apply == Apply::onlyTry) {
      vault.rollback();
    } else {
      secrets::usedPrekey(vault, cover.prekey, *store.environment().random);
      vault.commit();
    }
  } catch (...) {
    vault.rollback();
    throw;
  }
  if (apply == Apply::reallyApply) store.committed({{cover.level, std::move(changed)}});
  return taken;
}

json importFrom(Store& store, const std::string& path, Apply apply, const Progress& progress) {
  std::vector<std::pair<Cover, std::string>> wanted;
  const bool folder = store.environment().files->isFolder(path);
  if (folder) {
    const Roster roster(store);
    for (const std::string& name : store.environment().files->list(path)) {
      if (!name.ends_with(".cnb")) continue;
      BundleReader bundle(store.environment(), path + "/" + name);
      if (bundle.cover().to == roster.self().name && store.holds(bundle.cover().level))
        wanted.emplace_back(bundle.cover(), path + "/" + name);
    }
    std::sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) {
      return std::tie(a.first.level, a.first.from, a.first.number) < std::tie(b.first.level, b.first.from, b.first.number);
    });
  } else {
    wanted.emplace_back(Cover{}, path);
  }
  json bundles = json::array(), missing = json::array();
  std::size_t applied = 0, waiting = 0;
  for (const auto& [cover, file] : wanted) {
    const Taken taken = takeBundle(store, file, apply, progress);
    bundles.push_back({{"file", taken.file}, {"from", taken.from}, {"level", wordOf(taken.level)}, {"status", taken.status},
                       {"applied", taken.applied}});
    applied += taken.applied;
    waiting = std::max(waiting, taken.waiting);
    for (const std::string& m : taken.missing) missing.push_back(m);
  }
  json out = countsOf(store);
  out["bundles"] = std::move(bundles);
  out["applied"] = applied;
  out["waiting"] = waiting;
  out["missing"] = std::move(missing);
  out["dryRun"] = apply == Apply::onlyTry;
  return out;
}

json describeCover(const Environment& environment, const std::string& path) {
  const BundleReader bundle(environment, path);
  const Cover& c = bundle.cover();
  return {{"number", c.number}, {"level", wordOf(c.level)}, {"from", c.from}, {"to", c.to},
          {"bytes", bundle.fileSize_bytes()}, {"suite", c.suite}};
}

}  // namespace cinnabar
