// What is decided about records whose time is over: held back, listed, and the list approved or refused by another
// person (日常文稿办理制度 四(五): never one person alone). Each of a list's steps is signed by the person who takes
// it.
#pragma once
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/record/transaction.h"
#include "core/retention/signing.h"

namespace cinnabar {

// Acts: hold (record, by, reason), lift (hold, by), list (by, (records: all that are due)), approve (list, by), refuse
// (list, by, reason), destroy (list, by), witness (list, by). Each checks all before it writes. Throws refused (rule
// and article), notFound, invalidInput.
nlohmann::json actOnRetention(Transaction& transaction, const retention::Persons& persons, std::string_view act,
                              const nlohmann::json& details);

}  // namespace cinnabar
