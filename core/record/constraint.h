// What the regulations demand of a single value, as the schema's annotations say it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/base/value.h"
#include "schema/catalog.h"

namespace cinnabar {

struct Unmet {
  std::string_view rule;  // range, format
  std::string message;
};

// Follows from the schema and the value alone: the same answer at every site. Nothing for a value that is absent.
std::optional<Unmet> unmetBy(const Field& field, const Value& value);

}  // namespace cinnabar
