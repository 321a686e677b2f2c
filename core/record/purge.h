// How the content of a record leaves a vault for good: out of the tables, out of the log, out of the WAL.
#pragma once
#include <vector>

#include "core/record/applier.h"

namespace cinnabar {

// Where in the log the changes of a record lie, newest first, from its newest on. Cost: one entry read for each.
std::vector<std::uint64_t> placesFrom(Vault& vault, std::uint64_t newest);

// Puts hashes in the place of these changes and deletes the pieces of attachments that they brought. The chain still
// verifies and the entries still travel. Within a transaction of the vault.
void scrub(Vault& vault, const std::vector<std::uint64_t>& places);

// Empties the WAL, so that no older page is left in a file: what was deleted is zeros by now (secure_delete). False
// while a reader still holds an older state: then nothing may be called gone yet. Outside any transaction.
bool truncateWal(Vault& vault);

}  // namespace cinnabar
