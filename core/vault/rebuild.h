// A vault built anew beside the site, and put in the place of the old one.
//
// What is built lies in a folder of its own, under the vaults' names. Where it was built under new keys, the keyring
// says which of the two counts: it is replaced at one moment, and only the file that its key opens is the vault.
#pragma once
#include <map>
#include <string>

#include "core/vault/vault.h"

namespace cinnabar {

std::string rebuildFolderOf(const std::string& folder);

// Writes all that `from` holds into the new file `to`, synced, without a log beside it. What SQLCipher says of the key
// proves nothing: the caller opens and verifies.
void rebuild(Vault& from, const SecretBytes& key, const std::string& to, const SecretBytes& newKey);

enum class OldVault { leave, overwrite };
// Nobody else may have the vault open, and nothing may be in its log that is not in its file.
void putInPlace(const Environment& environment, const std::string& rebuilt, const std::string& vault, OldVault old);

// After a crash: puts in place what the keyring's change made count, and removes the rest. Throws damaged, and touches
// nothing, if the key opens neither. `keys`: of those levels that are to be opened; others are left.
bool leftUnsettled(const Environment& environment, const std::string& folder, const std::map<Level, SecretBytes>& keys);
void settleRebuilt(const Environment& environment, const std::string& folder, const std::map<Level, SecretBytes>& keys);

// Removes what was built and does not count, with the folder once it is empty.
void dropRebuilt(const Environment& environment, const std::string& folder, Level level);

}  // namespace cinnabar
