// A record as a caller sees it.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/ids.h"
#include "core/label/label.h"

namespace cinnabar {

struct Record {
  RecordId id;
  std::string entity;
  Label label;
  nlohmann::json document;  // the JSON form of command.md
};

}  // namespace cinnabar
