// A change as history tells it.
#pragma once
#include <nlohmann/json.hpp>

#include "core/record/store.h"

namespace cinnabar {

// {"at","site","person","fields","seq"}
nlohmann::json historyEntry(Store& store, const EntityType* entity, const Header& header, const Item& item);

}  // namespace cinnabar
