// How long a record is kept: as long as the longest of the archive volumes that it is in, counted from the day the
// volume was closed (日常文稿办理制度 二十五、二十六). What is in no closed volume, in a permanent one, or under a hold
// is not due, whatever its age.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/record/store.h"

namespace cinnabar {

struct Keeping {
  RecordId record;
  std::vector<RecordId> volumes;
  std::string retention;        // the longest of theirs: permanent, thirtyYears, tenYears, threeYears; empty: none
  std::string until;            // the last day on which it has to be kept; empty: no day is known
  std::vector<RecordId> holds;  // that stand
};

// As far as the store sees; a record that it does not see has neither volumes nor holds.
Keeping keepingOf(Store& store, const RecordId& record);
// On `date` it may be destroyed.
bool isDue(const Keeping& keeping, std::string_view date);
// All that are due on `date`, oldest first.
std::vector<Keeping> dueOn(Store& store, std::string_view date);

// Those that stand on a record under a label that `most` dominates, whatever the store's person may see: what stands
// above the record may not show in what becomes of it.
std::vector<RecordId> holdsOn(Store& store, const RecordId& record, const Compartment& most);
std::vector<RecordId> holdsSeen(Store& store, const RecordId& record);  // as far as the store sees

// {"record","entity","label","retention","until","volumes","holds","article"}
nlohmann::json documentOf(Store& store, const Keeping& keeping);

}  // namespace cinnabar
