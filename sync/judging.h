// Records that persons signed, judged by every site for itself when they arrive: what does not count becomes a
// violation, never a refused bundle.
#pragma once
#include <set>

#include "sync/roster.h"

namespace cinnabar {

// The entity tags of such records.
std::set<std::uint32_t> signedTags(const Catalog& catalog);

// Within the vault's transaction.
void judge(Store& store, const Roster& roster, Vault& vault, const std::set<RecordId>& records);

}  // namespace cinnabar
