// The acts on what is kept, as the group's sites stand behind them: signed by the person who opened this one, and the
// signatures before his checked by the roster.
#pragma once
#include <nlohmann/json.hpp>

#include "core/keys/keyring.h"
#include "core/record/transaction.h"

namespace cinnabar {

// As of core/retention/disposal.h.
nlohmann::json actOnRetention(Transaction& transaction, const UnlockedPerson& person, std::string_view act,
                              const nlohmann::json& details);

// Why a certificate's signatures do not count, or "" if they do.
std::string flawOfCertificate(Store& store, const nlohmann::json& fields);

}  // namespace cinnabar
