// A conflict is settled by a person, once for everyone.
#pragma once
#include <nlohmann/json.hpp>
#include <string_view>

namespace cinnabar {

class Store;

// `conflict`: "<record>.<field>" as listed. Takes the `pick`th of its values, or `value` (JSON) if not empty.
// Throws notFound, invalidInput.
nlohmann::json resolveConflict(Store& store, std::string_view conflict, std::int64_t pick, std::string_view value);

}  // namespace cinnabar
