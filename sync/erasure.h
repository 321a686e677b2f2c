// After records were scrubbed: their vaults rebuilt under new keys, and the certificate says that the old one is gone.
//
// What that promises: no key that opens the vault's former file is in the site any more, and everybody known to have
// had one is accounted for: each person's slot got the new key, every other site has given its receipt (it has vaults
// and keys of its own), and no backup is known of, or who erases says that all are destroyed. It does not promise that
// a copy nobody registered is gone, nor what a flash medium keeps of an older keyring file, which opens with a
// passphrase of its time.
#pragma once
#include <nlohmann/json.hpp>

#include "core/base/progress.h"
#include "sync/opening.h"

namespace cinnabar {

struct Erasure {
  RecordId certificate;
  bool backupsDestroyed = false;
};

// At the office, for a certified certificate, by one of the two persons who signed it.
// {"certificate","done","levels":[…as rekey…],"backups":[…]}. Throws refused with what is not accounted for in the
// detail: {"sites":[…],"backups":[…]}; busy if the site is open elsewhere.
nlohmann::json eraseKeys(const Opening& opening, const Erasure& erasure, const Progress& progress);

// A backup holds the keys of its time, and what was destroyed since: each is remembered in the vaults that it copies,
// and in the copies themselves.
void rememberBackup(Store& store);
std::vector<std::string> backupsKnown(Store& store);  // when they were made, oldest first

}  // namespace cinnabar
