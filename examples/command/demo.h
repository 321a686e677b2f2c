// A small prefecture goes through a day: what an office, two counties and a field team see and exchange.
#pragma once
#include <string>

namespace command {

// Makes its sites in `folder` (empty: a temporary one that is removed) and tells the story on standard output.
// Returns 0 if everything that it claims held, else 1.
int runDemo(const std::string& folder, const std::string& regulations);

}  // namespace command
