// What a clerk asks of the register: a carrier's whole life, who still holds what, what is out, which passwords are
// due.
#pragma once
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/record/store.h"

namespace cinnabar {

// {"carrier":record,"events":[record…],"permits":[record…],"readers":[record…]}; all of it is audited as read.
nlohmann::json lifeOfCarrier(Store& store, std::string_view idOrNumber);

// {"report",…,"lines":[…]} of: leaving (person), out, passwords (days; 90 if not given). Throws invalidArgument for
// another name, invalidInput, notFound.
nlohmann::json carrierReport(Store& store, std::string_view report, const nlohmann::json& details);

}  // namespace cinnabar
