// What is decided about records whose time is over: held back, listed, and the list approved or refused by another
// person (日常文稿办理制度 四(五): never one person alone).
#pragma once
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/record/transaction.h"

namespace cinnabar {

// Acts: hold (record, by, reason), lift (hold, by), list (by, (records: all that are due)), approve (list, by), refuse
// (list, by, reason), destroy (list, by, witness). Each checks all before it writes. Throws refused (rule and article),
// notFound, invalidInput.
nlohmann::json actOnRetention(Transaction& transaction, std::string_view act, const nlohmann::json& details);

}  // namespace cinnabar
