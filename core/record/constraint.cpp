#include "core/record/constraint.h"

#include "core/record/json.h"

namespace cinnabar {
namespace {

std::string within(const Field& field) {
  const std::string unit = field.unit.empty() ? "" : " " + field.unit;
  if (field.least && field.most)
    return "from " + std::to_string(*field.least) + " to " + std::to_string(*field.most) + unit;
  if (field.least) return "at least " + std::to_string(*field.least) + unit;
  return "at most " + std::to_string(*field.most) + unit;
}

}  // namespace

std::optional<Unmet> unmetBy(const Field& field, const Value& value) {
  if (!field.bounded()) return std::nullopt;
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if ((field.least && *number < *field.least) || (field.most && *number > *field.most))
      return Unmet{"range", "it has to be " + within(field)};
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    if (field.form && !field.form->matches(*text)) return Unmet{"format", "it has to look like " + field.format};
    if (field.most && field.type.kind == Kind::list) {
      const nlohmann::json list = jsonOrText(*text);
      if (list.is_array() && static_cast<std::int64_t>(list.size()) > *field.most)
        return Unmet{"range", "it may have at most " + std::to_string(*field.most) + " elements"};
    }
  }
  return std::nullopt;
}

}  // namespace cinnabar
