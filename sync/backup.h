// A site in one file, as closed as the site: sealed vaults and the keyring. Format: sync/FORMAT.md.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "sync/enrolment.h"
#include "sync/exchange.h"

namespace cinnabar {

// Rebuilds each vault, verifies the copy by its digest and only then gives the file its name. Throws
// damaged, and leaves nothing, if the site or a copy fails a check.
nlohmann::json backupSite(Store& store, const std::string& path, const Progress& progress);

// Into a new folder, which appears when the site in it is whole: it is built beside, under the same name with ".part".
// Each vault takes a new incarnation: what the site wrote after the backup was made may be known elsewhere, and no
// number may be given twice.
void restoreSite(const Opening& opening, const std::string& path);

}  // namespace cinnabar
