// A field's value as it is stored, hashed and sent: nothing, a whole number, a text or bytes.
// What a number or a text means (an instant, an enum, a list) is the Catalog's business.
#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/codec.h"
#include "core/base/flat_map.h"

namespace cinnabar {

using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;

// A record's fields by their numbers (see schema/catalog.h).
using FieldValues = FlatMap<std::uint16_t, Value>;

inline bool isNull(const Value& value) { return value.index() == 0; }

// One tag byte, then the content; canonical.
void writeValue(Writer& out, const Value& value);
Value readValue(Reader& in);

// The longest text or bytes of one field.
inline constexpr std::size_t longestValue_bytes = std::size_t{8} << 20;

}  // namespace cinnabar
