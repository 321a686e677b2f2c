// One verdict over a site: pages, chains, changes, signatures, rows against their digest, attachments.
#pragma once
#include <nlohmann/json.hpp>

#include "core/record/store.h"
#include "sync/exchange.h"

namespace cinnabar {

// {"ok","checks":[{"name","ok","detail"}]}. Reads everything once; changes nothing.
nlohmann::json verifySite(Store& store, const Progress& progress);

}  // namespace cinnabar
