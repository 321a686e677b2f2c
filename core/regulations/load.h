// A compilation of regulations becomes searchable records.
#pragma once
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/progress.h"

namespace cinnabar {

class Store;

// Regulation and Article records, public, in the order of the text, all or nothing: {"regulations","articles"}.
// Throws invalidInput (see compilation.h), refused if one of them is there already, limit over 16,384 records.
nlohmann::json loadRegulations(Store& store, std::string_view text, const Progress& progress = {});

}  // namespace cinnabar
