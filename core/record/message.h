// Records as Cap'n Proto messages of their entity's struct: the fast way in and out.
#pragma once
#include "core/base/value.h"
#include "schema/catalog.h"

namespace cinnabar {

inline constexpr std::size_t longestMessage_bytes = std::size_t{16} << 20;

// A message's fields, as `put` takes them. Throws invalidInput for bytes that are no such message.
FieldValues valuesOf(const Catalog& catalog, const EntityType& entity, BytesView message);
Bytes messageOf(const Catalog& catalog, const EntityType& entity, const FieldValues& columns);

}  // namespace cinnabar
