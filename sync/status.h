// What a site holds, how far it is, and what is wrong with it.
#pragma once
#include <nlohmann/json.hpp>
#include <string_view>

#include "sync/enrolment.h"
#include "sync/exchange.h"

namespace cinnabar {

nlohmann::json statusOfSite(Store& store);
// `compartment`: "secret+road", a level's word, or empty for all. Throws notFound for one that is not held.
nlohmann::json digestsOf(Store& store, std::string_view compartment);
// {"ok","findings":[{"what","todo"}]}: plain words; changes nothing.
nlohmann::json diagnose(const Opening& opening, const Progress& progress);

}  // namespace cinnabar
