// A record that was destroyed while a hold stood at another site: the hold's site still has its content, sealed in the
// log, for as long as the hold stands.
#pragma once
#include <nlohmann/json.hpp>

#include "core/record/store.h"

namespace cinnabar {

// What its changes were, oldest first, audited as history: {"record","entity","holds":[id…],"entries":[…]}. Throws
// notFound where nothing is kept, or not for this reader.
nlohmann::json heldContent(Store& store, const RecordId& record);

}  // namespace cinnabar
