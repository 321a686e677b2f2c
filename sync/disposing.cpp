#include "sync/disposing.h"

#include "core/retention/disposal.h"
#include "sync/acts.h"

namespace cinnabar {

using nlohmann::json;

json actOnRetention(Transaction& transaction, const UnlockedPerson& person, std::string_view act, const json& details) {
  Store& store = transaction.store();
  const Roster roster(store);
  const Signer signer = signerOf(store, person);
  const SiteKeys keys = keysOf(roster);
  return actOnRetention(transaction, retention::Persons{signer, keys}, act, details);
}

std::string flawOfCertificate(Store& store, const json& fields) {
  const Roster roster(store);
  return retention::flawOfCertificate(store.identity(), keysOf(roster), fields);
}

}  // namespace cinnabar
