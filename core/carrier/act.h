// The life of a carrier: each act is one change of its state along the declared machine, with its entry in the
// register (涉密载体保密管理暂行规定). The labels of entries, permits and lists are their carriers'.
#pragma once
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "core/record/transaction.h"

namespace cinnabar {

// Acts and what each takes: capi/include/cinnabar.h at cnb_carrier_act. Nothing is written before all of an act's
// rules hold. Throws refused (rule and article in the detail), notFound, invalidInput.
nlohmann::json actOnCarriers(Transaction& transaction, std::string_view act, const nlohmann::json& details);
std::vector<std::string_view> carrierActs();

}  // namespace cinnabar
