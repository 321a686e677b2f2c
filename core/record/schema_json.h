// The catalogue as JSON, in the shape that command.md fixes.
#pragma once
#include <nlohmann/json.hpp>

#include "schema/catalog.h"

namespace cinnabar {

nlohmann::json schemaJson(const Catalog& catalog);
nlohmann::json schemaJson(const EntityType& entity);

}  // namespace cinnabar
