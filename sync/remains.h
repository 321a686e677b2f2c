// Whether anything is left at a site of what a certificate says was destroyed.
#pragma once
#include <nlohmann/json.hpp>

#include "core/record/store.h"

namespace cinnabar {

// {"ok","certificate","state","checks":[{"name","ok","detail"}]}. Looks where content could be: tables, index, log,
// attachments, free pages. Throws notFound. Cost: every log is read and opened whole.
nlohmann::json proveDestroyed(Store& store, const RecordId& certificate);

}  // namespace cinnabar
