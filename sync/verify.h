// One verdict over a site: pages, chains, changes, signatures, rows against their digest, attachments.
#pragma once
#include <nlohmann/json.hpp>

#include "core/record/store.h"
#include "sync/exchange.h"

namespace cinnabar {

// {"ok","checks":[{"name","ok","detail"}]}. Reads everything once; changes nothing.
nlohmann::json verifySite(Store& store, const Progress& progress);

class Roster;
// The same of one level's vault, without the audit that lies beside it; the roster may be another store's, where the
// lowest vault is not among those looked at.
nlohmann::json verifyVault(Store& store, const Roster& roster, Level level, const Progress& progress);

}  // namespace cinnabar
