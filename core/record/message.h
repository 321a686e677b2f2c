// Records as Cap'n Proto messages of their entity's struct: the fast way in and out.
#pragma once
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/value.h"
#include "schema/catalog.h"

namespace cinnabar {

inline constexpr std::size_t longestMessage_bytes = std::size_t{16} << 20;

// A message's fields, as `put` takes them. Throws invalidInput for bytes that are no such message.
nlohmann::json valuesOf(const Catalog& catalog, const EntityType& entity, BytesView message);
Bytes messageOf(const Catalog& catalog, const EntityType& entity, const std::map<FieldNumber, Value>& columns);

}  // namespace cinnabar
