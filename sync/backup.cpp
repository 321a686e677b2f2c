#include "sync/backup.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/vault/rebuild.h"
#include "sync/erasure.h"
#include "sync/output_file.h"
#include "sync/verify.h"

namespace cinnabar {
namespace {

constexpr std::string_view magic = "CNBB1";
constexpr std::size_t piece_bytes = 1 << 20;
constexpr std::size_t longestHead_bytes = 512;

bool isVaultFile(std::string_view name) {
  return std::any_of(allLevels.begin(), allLevels.end(),
                     [&](Level level) { return name == std::string(wordOf(level)) + ".vault"; });
}

struct PartOfBackup {
  std::string name;
  std::string path;
};

class Copies {
 public:
  Copies(const Environment& environment, std::string folder) : environment_(environment), folder_(std::move(folder)) {
    environment_.files->makeFolder(folder_);
    empty();  // of what a killed backup left
  }
  ~Copies() {
    try {
      empty();
      environment_.files->removeFolder(folder_);
    } catch (const Error&) {
      // What is left are sealed copies without a use.
    }
  }
  const std::string& folder() const { return folder_; }

 private:
  void empty() {
    for (const std::string& name : environment_.files->list(folder_)) environment_.files->remove(folder_ + "/" + name);
  }
  Environment environment_;
  std::string folder_;
};

class Output {
 public:
  Output(const Environment& environment, const std::string& path)
      : file_(environment, path), hasher_("cinnabar backup") {}
  void write(BytesView bytes) {
    hasher_.add(bytes);
    file_.write(bytes);
    size_bytes_ += bytes.size();
  }
  std::uint64_t finish() {
    const Hash hash = hasher_.finish();
    file_.write(hash);
    file_.finish();
    return size_bytes_ + hash.size();
  }

 private:
  OutputFile file_;
  Hasher hasher_;
  std::uint64_t size_bytes_ = 0;
};

// Names that a site's folder holds, with what SQLite and unfinished writes put beside them.
bool isOfSite(std::string name) {
  for (const char* suffix : {".part", "-wal", "-shm", "-journal"})
    if (name.ends_with(suffix)) name.resize(name.size() - std::strlen(suffix));
  return name == "keyring" || name == "noted" || isVaultFile(name) || isAuditFile(name);
}

// The folder in which a restore builds: what a broken-off one left there is removed, anything else is not.
void emptyForRestoring(Files& files, const std::string& folder) {
  if (!files.exists(folder)) return;
  const std::vector<std::string> names = files.list(folder);
  if (!std::all_of(names.begin(), names.end(), isOfSite))
    throw Error(Code::refused, folder + " holds other things: move them away first");
  for (const std::string& name : names) files.remove(folder + "/" + name);
}

void dropBuilding(Files& files, const std::string& folder) {
  emptyForRestoring(files, folder);
  if (files.exists(folder)) files.removeFolder(folder);
}

void mustBeWhole(Files& files, const std::string& path, std::uint64_t size) {
  if (size < magic.size() + sizeof(Hash)) throw Error(Code::forged, path + " is no backup");
  Hasher hasher("cinnabar backup");
  for (std::uint64_t at = 0; at < size - sizeof(Hash); at += piece_bytes)
    hasher.add(files.readPart(
        path, at, static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, size - sizeof(Hash) - at))));
  const Bytes expected = files.readPart(path, size - sizeof(Hash), sizeof(Hash));
  if (!sameBytes(hasher.finish(), expected)) throw Error(Code::forged, path + " was changed or cut");
}

void unpack(const Environment& environment, const std::string& path, std::uint64_t size, const std::string& folder) {
  Files& files = *environment.files;
  std::uint64_t at = 0;
  std::size_t parts = 0;
  {
    const Bytes head = files.readPart(path, 0, longestHead_bytes);
    Reader in(head, "backup");
    if (textOf(in.raw(magic.size())) != magic) throw Error(Code::forged, path + " is no backup");
    parts = static_cast<std::size_t>(in.numberUpTo(2 * allLevels.size() + 1));
    at = head.size() - in.left();
  }
  for (std::size_t i = 0; i < parts; ++i) {
    const Bytes head = files.readPart(path, at, longestHead_bytes);
    Reader in(head, "backup");
    const std::string name(in.text(64));
    const std::uint64_t length = in.numberUpTo(size);
    at += head.size() - in.left();
    if ((name != "keyring" && !isVaultFile(name) && !isAuditFile(name)) || at + length > size)
      throw Error(Code::forged, path + " holds a part that no site has");
    OutputFile file(environment, folder + "/" + name);
    for (std::uint64_t done = 0; done < length; done += piece_bytes)
      file.write(files.readPart(path, at + done,
                                static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, length - done))));
    file.finish();
    at += length;
  }
}

// What the site wrote after the backup was made may be known elsewhere, and no number may be given twice.
void beginNewLives(const Opening& o, const std::string& folder) {
  Opening within{o.environment, folder, o.person, {}, o.most, o.cost, o.catalog};
  if (!o.secret.passphrase.empty()) within.secret.passphrase = o.secret.passphrase.clone();
  within.secret.provider = o.secret.provider;
  const auto store = openSite(within);
  for (const Level level : store->levels()) {
    Vault& vault = store->vault(level);
    vault.begin();
    vault.takeNewIncarnation();
    vault.commit();
    store->committed({{level, {}}});
  }
}

void writePart(Output& out, Files& files, const PartOfBackup& part) {
  Bytes head;
  Writer w(head);
  w.text(part.name);
  const std::uint64_t size = files.size(part.path);
  w.number(size);
  out.write(head);
  for (std::uint64_t at = 0; at < size; at += piece_bytes) out.write(files.readPart(part.path, at, piece_bytes));
}

}  // namespace

nlohmann::json backupSite(Store& store, const std::string& path, const Progress& progress) {
  const Environment& environment = store.environment();
  if (environment.files->exists(path)) throw Error(Code::refused, path + " exists already");
  const nlohmann::json before = verifySite(store, progress);
  if (!before.at("ok").get<bool>())
    throw Error(Code::damaged, "the site fails its checks and is not backed up: see `verify`", before.dump());

  rememberBackup(store);  // before the copies are made, so that a site restored from them knows of it
  const Copies copies(environment, path + ".copy");
  std::vector<PartOfBackup> parts = {{"keyring", keyringFileOf(store.folder())}};
  std::map<Level, SecretBytes> keys;
  for (const Level level : store.levels()) {
    rebuild(store.vault(level), store.keyOf(level), vaultFileOf(copies.folder(), level), store.keyOf(level));
    keys.emplace(level, store.keyOf(level).clone());
    parts.push_back({std::string(wordOf(level)) + ".vault", vaultFileOf(copies.folder(), level)});
    store.audit().left(Act::copied, {level, {}}, 0, "backup");
    Trail* const trail = store.audit().trailIfAny(level);
    if (trail == nullptr) continue;
    trail->copyTo(auditFileOf(copies.folder(), level));
    parts.push_back({std::string(wordOf(level)) + ".audit", auditFileOf(copies.folder(), level)});
  }
  {
    // The copy is judged by its own digest, not by the page checks alone: those pass over damaged ends of long rows.
    Store copy(environment, copies.folder(), std::move(keys), store.access(), store.sharedCatalog());
    if (!verifySite(copy, progress).at("ok").get<bool>())
      throw Error(Code::damaged, "the copy fails its checks: try again");
  }
  Output out(environment, path);
  Bytes head;
  Writer w(head);
  w.raw(viewOf(magic));
  w.number(parts.size());
  out.write(head);
  for (const PartOfBackup& part : parts) writePart(out, *environment.files, part);
  return {{"file", path}, {"bytes", out.finish()}};
}

void restoreSite(const Opening& o, const std::string& path) {
  Files& files = *o.environment.files;
  const std::string folder = o.folder.substr(0, o.folder.find_last_not_of('/') + 1), building = folder + ".part";
  if (files.exists(folder) && (!files.isFolder(folder) || !files.list(folder).empty()))
    throw Error(Code::refused, folder + " holds something already: restore into a new folder");
  const std::uint64_t size = files.size(path);
  mustBeWhole(files, path, size);
  emptyForRestoring(files, building);
  files.makeFolder(building);
  try {
    unpack(o.environment, path, size, building);
    beginNewLives(o, building);
    files.syncFile(building);
    files.rename(building, folder);
  } catch (...) {
    try {
      dropBuilding(files, building);
    } catch (const Error&) {
      // The next attempt removes it.
    }
    throw;
  }
}

}  // namespace cinnabar
