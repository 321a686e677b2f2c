// Values as JSON, by the field's type. A value given as JSON and read back is the same JSON value.
#pragma once
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/value.h"
#include "schema/catalog.h"

namespace cinnabar {

// A value that is none of its field.
class Unreadable : public Error {
 public:
  Unreadable(const EntityType& entity, const Field& field, const std::string& expected);
  std::string expected;  // such as "a whole number"
};

// Throws Unreadable.
Value valueOf(const EntityType& entity, const Field& field, const nlohmann::json& json);
// The same of a scalar given as a text: texts, words, dates, instants, ids.
Value valueOf(const EntityType& entity, const Field& field, std::string_view text);
// Of an object of fields by name. Throws invalidInput for the first that is unknown or unreadable.
FieldValues valuesOf(const EntityType& entity, const nlohmann::json& fields);
nlohmann::json jsonOf(const Field& field, const Value& value);
// An object of the fields that are not empty, by name.
nlohmann::json jsonOf(const EntityType& entity, const FieldValues& values);

inline constexpr std::size_t longestJson_bytes = std::size_t{16} << 20;
inline constexpr int deepestJson = 32;

// Throws invalidInput for broken, too long or too deep JSON.
nlohmann::json parseJson(std::string_view text);
// The same for what stands in a vault and may have come from elsewhere: what is no JSON is shown as the text it is.
nlohmann::json jsonOrText(std::string_view text);

}  // namespace cinnabar
