// Vaults rebuilt where they are: under new keys, or to give back the room of what was removed.
//
// Both need free room for all that they rebuild, and the site open nowhere else: else busy.
#pragma once
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/progress.h"
#include "sync/opening.h"

namespace cinnabar {

// New vault keys for everybody who holds the old ones; the keyring's replacement is the moment at which they count.
// Before it nothing has changed, after it the next opening finishes what was left. `levels` empty: all that the person
// holds. Throws missingVault, notFound (a level that the person does not hold), damaged.
nlohmann::json rekeySite(const Opening& opening, const std::set<Level>& levels, const Progress& progress);

// The same keys; each level's file is exchanged by itself.
nlohmann::json compactSite(const Opening& opening, const Progress& progress);

}  // namespace cinnabar
