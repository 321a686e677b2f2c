// States that a record cannot take while others that name it are open: a person does not leave while he has carriers.
#pragma once
#include <string>
#include <vector>

#include "core/record/store.h"

namespace cinnabar {

struct Barring {
  RecordId id;
  std::string shown;  // how people call it
};

// Those records that stand in the way, as far as the store sees; by level, then by age.
std::vector<Barring> barring(Store& store, const Bar& bar, const RecordId& named);
// Throws refused with the rule, its article and what stands in the way.
void checkBars(Store& store, const EntityType& entity, const RecordId& record, const std::string& state);

}  // namespace cinnabar
