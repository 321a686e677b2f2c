// Values as JSON, by the field's type. A value given as JSON and read back is the same JSON value.
#pragma once
#include <nlohmann/json.hpp>

#include "core/base/value.h"
#include "schema/catalog.h"

namespace cinnabar {

// Throws Error{invalidInput} that names entity, field and what was expected.
Value valueOf(const EntityType& entity, const Field& field, const nlohmann::json& json);
// The same of a scalar given as a text: texts, words, dates, instants, ids.
Value valueOf(const EntityType& entity, const Field& field, std::string_view text);
// Of an object of fields by name.
FieldValues valuesOf(const EntityType& entity, const nlohmann::json& fields);
nlohmann::json jsonOf(const Field& field, const Value& value);

inline constexpr std::size_t longestJson_bytes = std::size_t{16} << 20;
inline constexpr int deepestJson = 32;

// Throws invalidInput for broken, too long or too deep JSON.
nlohmann::json parseJson(std::string_view text);

}  // namespace cinnabar
