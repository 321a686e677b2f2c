// A site's folder, who opens it, and what opening settles first.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/keys/keyring.h"
#include "core/record/store.h"

namespace cinnabar {

struct Opening {
  Environment environment;
  std::string folder;
  std::string person;  // empty: the only one
  SlotSecret secret;
  std::optional<Level> most;  // open up to here only
  KdfCost cost = KdfCost::moderate();
  std::shared_ptr<const Catalog> catalog;
};

// `person`, if given, receives the unlocked person, for changing the keyring later. Throws busy while the site's files
// are being exchanged; rolledBack if a vault or the keyring is older than what is known of it.
std::unique_ptr<Store> openSite(const Opening& opening, Rollback rollback = Rollback::refuse,
                                std::optional<UnlockedPerson>* person = nullptr);

// What changes the keyring of an open site goes through here: the site remembers which state of it is the newest.
void changeKeyring(Store& store, const std::function<void(Keyring&)>& change);

bool isSite(const Environment& environment, const std::string& folder);
std::string keyringFileOf(const std::string& folder);
std::string pendingFileOf(const std::string& folder);  // of a request that waits for its grant

VaultKeys cloneKeys(const VaultKeys& keys);

}  // namespace cinnabar
