#include "sync/opening.h"

#include "core/base/error.h"
#include "core/vault/rebuild.h"

namespace cinnabar {

std::string keyringFileOf(const std::string& folder) { return folder + "/keyring"; }
std::string pendingFileOf(const std::string& folder) { return folder + "/pending"; }

bool isSite(const Environment& environment, const std::string& folder) {
  return environment.files->exists(keyringFileOf(folder)) && !environment.files->exists(pendingFileOf(folder));
}

VaultKeys cloneKeys(const VaultKeys& keys) {
  VaultKeys out;
  for (const auto& [level, key] : keys) out.emplace(level, key.clone());
  return out;
}

std::unique_ptr<Store> openSite(const Opening& o, Rollback rollback, std::optional<UnlockedPerson>* keep) {
  if (!isSite(o.environment, o.folder)) throw Error(Code::notFound, o.folder + " is no site");
  // Held from before the keyring is read: keyring and vaults change their keys together.
  std::shared_ptr<FolderHold> hold = o.environment.files->hold(o.folder);
  const Keyring keyring(o.environment, keyringFileOf(o.folder));
  UnlockedPerson person = keyring.unlock(o.person, o.secret);
  Access access;
  access.person = person.name;
  access.clearance = o.most && *o.most < person.clearance ? *o.most : person.clearance;
  if (leftUnsettled(o.environment, o.folder, person.vaultKeys)) {
    hold->alone();
    settleRebuilt(o.environment, o.folder, person.vaultKeys);
    hold->share();
  }
  const auto mustBeNewest = [&](std::uint64_t known) {
    if (keyring.revision() < known && rollback == Rollback::refuse)
      throw Error(Code::rolledBack, "the keyring is older than the one that this site knew last; see `doctor`");
    return known;
  };
  mustBeNewest(SiteNote(o.environment, o.folder).read().keyring);  // first: an older key may open no vault at all
  auto store = std::make_unique<Store>(o.environment, o.folder, cloneKeys(person.vaultKeys), std::move(access),
                                       o.catalog, rollback, std::move(hold));
  if (const std::uint64_t known = mustBeNewest(store->knownKeyring()); keyring.revision() < known)
    changeKeyring(*store, [&](Keyring& older) { older.supersede(person, known); });
  if (keep != nullptr) keep->emplace(std::move(person));
  return store;
}

void changeKeyring(Store& store, const std::function<void(Keyring&)>& change) {
  Keyring keyring(store.environment(), keyringFileOf(store.folder()));
  change(keyring);
  try {
    store.rememberKeyring(keyring.revision());
  } catch (const Error&) {
    // The change counts. The next one is remembered with it.
  }
}

}  // namespace cinnabar
