// The acts of secrecy as the group's sites stand behind them: who signs here, whose signature counts, and whose time.
#pragma once
#include <nlohmann/json.hpp>

#include "core/keys/keyring.h"
#include "core/secrecy/act.h"
#include "sync/roster.h"

namespace cinnabar {

// What the roster says of the sites' keys; it must outlive the result.
SiteKeys keysOf(const Roster& roster);

// The person who opened the site; this site vouches for his key. `key` and `person` must outlive the result.
Signer signerOf(Store& store, std::string_view person, const SigningPair& key);
inline Signer signerOf(Store& store, const UnlockedPerson& person) {
  return signerOf(store, person.name, person.signing);
}

// Why an act does not count, or "" if it does: a signature that is missing or wrong, one person twice, a decision of
// another site than it says. Everybody who may read the act comes to the same answer.
std::string flawOf(const Store& store, const Roster& roster, const LabelAct& act);

// {"id","level","chinese","circles","mark","period","until","marks","acts","disputes"}
nlohmann::json showLabel(Store& store, const RecordId& id);

// The office's time as far as this site has seen it signed: at the office its own clock's. ISO instant; empty: never.
std::string officeTime(Store& store);
enum class Expiry { list, perform };
// {"officeTime","due":[{"id","entity","mark","lastDay","held","flaw"}],"expired":[id…]}. Only the office performs, on
// its own time; elsewhere what is due by the office's time is listed. Throws refused for performing elsewhere.
nlohmann::json expireDue(Store& store, Expiry expiry);

}  // namespace cinnabar
