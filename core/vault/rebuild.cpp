#include "core/vault/rebuild.h"

#include <algorithm>

#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr const char* besideVault[] = {"-wal", "-shm", "-journal"};

bool opens(Files& files, const std::string& path, const SecretBytes& key) {
  if (!files.exists(path)) return false;
  try {
    const Database db({path, &key, files.vfs(), false});
    return true;
  } catch (const Error& error) {
    if (error.code() != Code::damaged) throw;
    return false;
  }
}

}  // namespace

std::string rebuildFolderOf(const std::string& folder) { return folder + "/rebuilt"; }

void rebuild(Vault& from, const SecretBytes& key, const std::string& to, const SecretBytes& newKey) {
  Files& files = from.files();
  try {
    Query q = from.database().query("VACUUM INTO ?1");
    q.with(to);
    q.run();
  } catch (const Error& error) {
    // The statement is right; SQLCipher has no better word for a page that does not verify.
    if (error.code() != Code::invalidInput) throw;
    throw Error(Code::damaged,
                "the " + std::string(wordOf(from.level())) + " vault cannot be read whole: see `verify`");
  }
  if (!equalInConstantTime(key.view(), newKey.view())) {
    {
      Database copy({to, &key, files.vfs(), false});
      copy.changeKey(newKey);
      copy.leaveLog();
    }
    if (!opens(files, to, newKey))
      throw Error(Code::io, "the new key could not be written into " + to + ": is there room on the disk?");
  }
  files.syncFile(to);
}

// The old log goes first: its pages would be taken for changes of the new file.
void putInPlace(const Environment& environment, const std::string& rebuilt, const std::string& vault, OldVault old) {
  Files& files = *environment.files;
  for (const char* suffix : besideVault) files.remove(vault + suffix);
  if (old == OldVault::overwrite && files.exists(vault)) files.overwrite(vault);
  files.rename(rebuilt, vault);
}

bool leftUnsettled(const Environment& environment, const std::string& folder,
                   const std::map<Level, SecretBytes>& keys) {
  const std::string beside = rebuildFolderOf(folder);
  if (!environment.files->isFolder(beside)) return false;
  const std::vector<std::string> names = environment.files->list(beside);
  if (names.empty()) return true;
  return std::any_of(keys.begin(), keys.end(), [&](const auto& at) {
    const std::string own = vaultFileOf("", at.first).substr(1);
    return environment.files->exists(vaultFileOf(folder, at.first)) &&
           std::any_of(names.begin(), names.end(), [&](const std::string& name) { return name.starts_with(own); });
  });
}

void settleRebuilt(const Environment& environment, const std::string& folder,
                   const std::map<Level, SecretBytes>& keys) {
  Files& files = *environment.files;
  for (const auto& [level, key] : keys) {
    const std::string vault = vaultFileOf(folder, level), rebuilt = vaultFileOf(rebuildFolderOf(folder), level);
    if (!files.exists(vault)) continue;  // its medium may be away
    if (files.exists(rebuilt) && !opens(files, vault, key)) {
      if (!opens(files, rebuilt, key))
        throw Error(Code::damaged, vault + " does not open with its key, nor does what was rebuilt of it");
      putInPlace(environment, rebuilt, vault, OldVault::overwrite);
    }
    dropRebuilt(environment, folder, level);
  }
}

void dropRebuilt(const Environment& environment, const std::string& folder, Level level) {
  Files& files = *environment.files;
  const std::string beside = rebuildFolderOf(folder), rebuilt = vaultFileOf(beside, level);
  if (!files.isFolder(beside)) return;
  if (files.exists(rebuilt)) files.remove(rebuilt);
  for (const char* suffix : besideVault)
    if (files.exists(rebuilt + suffix)) files.remove(rebuilt + suffix);
  if (files.list(beside).empty()) files.removeFolder(beside);
}

}  // namespace cinnabar
