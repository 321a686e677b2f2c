#include "sync/renewal.h"

#include "core/base/error.h"
#include "core/vault/rebuild.h"
#include "sync/roster.h"
#include "sync/verify.h"

namespace cinnabar {
namespace {

using nlohmann::json;

// Removes what was built unless it has come to count.
class Rebuilding {
 public:
  Rebuilding(const Environment& environment, std::string folder, std::set<Level> levels)
      : environment_(environment), folder_(std::move(folder)), levels_(std::move(levels)) {
    drop();  // of what a crash left
    environment_.files->makeFolder(rebuildFolderOf(folder_));
  }
  ~Rebuilding() {
    if (counts_) return;
    try {
      drop();
    } catch (const Error&) {
      // The next opening finds it, and that it does not count.
    }
  }
  Rebuilding(const Rebuilding&) = delete;
  Rebuilding& operator=(const Rebuilding&) = delete;
  std::string fileOf(Level level) const { return vaultFileOf(rebuildFolderOf(folder_), level); }
  void counts() { counts_ = true; }

 private:
  void drop() const {
    for (const Level level : levels_) dropRebuilt(environment_, folder_, level);
  }
  Environment environment_;
  std::string folder_;
  std::set<Level> levels_;
  bool counts_ = false;
};

void mustHoldTheSame(Vault& old, Vault& fresh) {
  const auto entries = [](Vault& v) { return v.database().number("SELECT count(*) FROM log"); };
  const auto tables = [](Vault& v) { return v.database().number("SELECT count(*) FROM sqlite_schema"); };
  bool same =
      entries(old) == entries(fresh) && tables(old) == tables(fresh) && old.lastArrival() == fresh.lastArrival();
  for (const CompartmentState* state : old.compartments()) {
    const CompartmentState* other = fresh.find(state->compartment);
    same = same && other != nullptr && other->sum == state->sum && other->own.hash == state->own.hash;
  }
  if (!same) throw Error(Code::damaged, "what was rebuilt differs from the vault: see `verify`");
}

// What is rebuilt is judged by its own digest, not by the page checks alone: those pass over damaged ends of long rows.
void verifyRebuilt(Store& store, const VaultKeys& keys, const Progress& progress) {
  const Roster roster(store);
  Store fresh(store.environment(), rebuildFolderOf(store.folder()), cloneKeys(keys), store.access(),
              store.sharedCatalog());
  for (const auto& [level, key] : keys) {
    if (!fresh.holds(level)) throw Error(Code::io, "what was rebuilt is not there");
    const json verdict = verifyVault(fresh, roster, level, progress);
    if (!verdict.at("ok").get<bool>())
      throw Error(Code::damaged, "the site fails its checks: see `verify`", verdict.dump());
    mustHoldTheSame(store.vault(level), fresh.vault(level));
  }
}

// Whole and on the disk, without a log beside it, so that it can be moved.
void settleDown(const Environment& environment, const std::string& path, const SecretBytes& key) {
  Database({path, &key, environment.files->vfs(), false}).leaveLog();
  environment.files->syncFile(path);
}

json renew(const Opening& o, const std::set<Level>& wanted, bool newKeys, const Progress& progress) {
  std::optional<UnlockedPerson> person;
  auto store = openSite(o, Rollback::refuse, &person);
  std::shared_ptr<FolderHold> hold = store->hold();
  hold->alone();
  const Environment environment = store->environment();
  const Access access = store->access();
  Files& files = *environment.files;

  VaultKeys keys;
  for (const Level level : store->levels())
    if (wanted.empty() || wanted.contains(level))
      keys.emplace(level, newKeys ? SecretBytes::random(keySize, *environment.random) : store->keyOf(level).clone());
  for (const Level level : wanted)
    if (!keys.contains(level)) throw Error(Code::notFound, "no such level is open here");
  std::set<Level> levels;
  for (const auto& [level, key] : keys) levels.insert(level);

  Rebuilding rebuilding(environment, o.folder, levels);
  json told = json::array();
  std::uint64_t done = 0;
  for (const auto& [level, key] : keys) {
    report(progress, newKeys ? "rekey" : "compact", done++, keys.size());
    Vault& vault = store->vault(level);
    vault.database().truncateLog();
    files.syncFile(store->vaultPath(level) + "-wal");
    rebuild(vault, store->keyOf(level), rebuilding.fileOf(level), key);
    told.push_back({{"level", wordOf(level)},
                    {"bytesBefore", files.size(store->vaultPath(level))},
                    {"bytesAfter", files.size(rebuilding.fileOf(level))}});
  }
  verifyRebuilt(*store, keys, progress);
  for (const auto& [level, key] : keys) settleDown(environment, rebuilding.fileOf(level), key);
  files.syncFile(rebuildFolderOf(o.folder));
  store.reset();

  if (!newKeys) {
    for (const auto& [level, key] : keys)
      putInPlace(environment, rebuilding.fileOf(level), vaultFileOf(o.folder, level), OldVault::leave);
    return {{"levels", std::move(told)}};
  }
  rebuilding.counts();  // from here on the keyring tells
  Keyring keyring(environment, keyringFileOf(o.folder));
  try {
    keyring.changeVaultKeys(*person, cloneKeys(keys));
  } catch (...) {
    // Whether it was replaced before it failed, opening finds out.
    hold.reset();
    try {
      openSite(o);
    } catch (const Error&) {
      // It is found out by the next one.
    }
    throw;
  }
  try {
    settleRebuilt(environment, o.folder, keys);
    Store(environment, o.folder, cloneKeys(person->vaultKeys), access, o.catalog, Rollback::refuse, hold)
        .rememberKeyring(keyring.revision());
  } catch (const Error&) {
    // The new keys count; the next opening puts the rest in place.
  }
  return {{"levels", std::move(told)}};
}

}  // namespace

json rekeySite(const Opening& opening, const std::set<Level>& levels, const Progress& progress) {
  return renew(opening, levels, true, progress);
}

json compactSite(const Opening& opening, const Progress& progress) { return renew(opening, {}, false, progress); }

}  // namespace cinnabar
