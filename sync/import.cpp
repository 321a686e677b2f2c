#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/record/number.h"
#include "sync/clearing.h"
#include "sync/taking.h"

namespace cinnabar {
namespace {

// A number that comes again under another cover is news: its sender was put back and counts once more.
Freshness freshnessOf(Vault& vault, const SiteId& from, std::uint64_t number, BytesView mark) {
  Query q = vault.database().query("SELECT mark FROM taken WHERE site=?1 AND number=?2");
  q.with(from, number);
  if (q.step()) return sameBytes(q->blob(0), mark) ? Freshness::known : Freshness::news;
  return number > Peer::load(vault, from).received ? Freshness::news : Freshness::late;
}

std::optional<BoxPair> keyFor(Store& store, Vault& vault, const PublicKey& wanted) {
  if (auto prekey = secrets::prekey(vault, wanted)) return prekey;
  BoxPair lasting = secrets::sealing(store.lowest());
  if (lasting.publicKey == wanted) return lasting;
  return std::nullopt;
}

// The key was lost with what this site had written: the sender gets the present one, and word of what is here.
void askAgain(Vault& vault, const SiteId& sender) {
  within(vault, [&] {
    Peer peer = Peer::load(vault, sender);
    peer.told = Peer::owing;
    peer.save(vault);
  });
}

// The bundle was taken, whatever becomes of what it leaves to do: that is tried again with the next one.
void clearUpLater(Store& store) {
  try {
    clearUp(store);
  } catch (const Error& error) {
    switch (error.code()) {
      case Code::busy:
      case Code::diskFull:
      case Code::readOnly:
      case Code::io: return;
      default: throw;
    }
  }
}

// The bundle is taken, whatever becomes of this: what stays provisional now is numbered after the next one.
void numberWhatCame(Store& store, Level level) {
  try {
    issueNumbers(store, level, std::string(registrar));
  } catch (const Error& error) {
    switch (error.code()) {
      case Code::busy:
      case Code::diskFull:
      case Code::io:
      case Code::limit:
      case Code::readOnly: return;
      default: throw;
    }
  }
}

}  // namespace

Taken takeBundle(Store& store, const std::string& path, Apply apply, const Progress& progress) {
  Roster roster(store);
  const Certificate self = roster.self();
  const Guard guard(self, dateOf(store.environment().clock->now()));
  Taken taken{path, {}, Level::open, apply == Apply::onlyTry ? "tried" : "applied", 0, 0, {}};
  std::vector<RecordId> changed;
  // A second time only if an author in it has signed two chains.
  for (Forks forks;;) {
    BundleReader bundle(store.environment(), path);
    const Cover& cover = bundle.cover();
    const Certificate* sender = roster.find(cover.from);
    if (sender == nullptr)
      throw Error(Code::foreign, path + " is from '" + cover.from + "', which is no site of this group");
    const Certificate from = *sender;
    taken.from = cover.from;
    taken.level = cover.level;
    bundle.checkSignature(from.signingKey);
    if (cover.to != self.name)
      throw Error(Code::misdirected, path + " is addressed to '" + cover.to + "', not to this site");
    if (!guard.mayAccept({cover.level, {}}, from))
      throw Error(Code::forged, "'" + from.name + "' or this site is not cleared for the level of " + path);
    if (!store.holds(cover.level)) throw Error(Code::misdirected, path + " is of a level that is not open here");
    Vault& vault = store.vault(cover.level);
    const auto mark = bundle.mark();
    const Freshness freshness = freshnessOf(vault, from.site, cover.number, mark);
    const auto own = keyFor(store, vault, cover.prekey);
    if (!own && freshness == Freshness::known) return taken.status = "known", taken;
    if (!own) {
      if (apply == Apply::reallyApply) {
        askAgain(vault, from.site);
        store.committed({{cover.level, {}}});
      }
      throw Error(Code::badKey, path + " is sealed to a key that this site no longer has: the next bundle to '" +
                                    from.name + "' asks for it again");
    }
    bundle.unlock(*own, secrets::shared(store.lowest(), store.identity().site, from.site));

    Part part{};
    Bytes content;
    if (freshness == Freshness::known) {  // still it has to be whole
      while (bundle.next(part, content)) {
      }
      return taken.status = "known", taken;
    }
    vault.begin();
    try {
      Taking taking(store, roster, guard, from, vault, freshness, std::move(forks));
      std::uint64_t done = 0;
      while (bundle.next(part, content)) {
        done += content.size();
        report(progress, "import", done, bundle.fileSize_bytes());
        taking.take(part, content);
      }
      if (!taking.finish(bundle, taken)) {
        forks = taking.forks();
        vault.rollback();
        roster.reload();
        continue;
      }
      changed = taking.changed();
      if (apply == Apply::onlyTry) {
        vault.rollback();
        return taken;
      }
      vault.database()
          .query("INSERT OR REPLACE INTO taken VALUES(?1,?2,?3)")
          .with(from.site, cover.number, BytesView(mark))
          .run();
      secrets::usedPrekey(vault, cover.prekey, *store.environment().random);
      vault.commit();
    } catch (...) {
      vault.rollback();
      throw;
    }
    break;
  }
  store.committed({{taken.level, std::move(changed)}});
  numberWhatCame(store, taken.level);
  clearUpLater(store);
  return taken;
}

}  // namespace cinnabar
