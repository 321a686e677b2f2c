// Many records from a file, in transactions of a thousand.
#pragma once
#include <string>
#include <vector>

#include "verbs.h"

namespace command {

struct LoadOrder {
  std::string entity, file, label, map;
  std::string report;  // where refused rows are told, a JSON line each; empty: the first one ends the load
  std::vector<std::string> circles;
  bool resume = false;
};

// Without a report what was loaded before a bad row stays, and the error says where to go on. With one the good rows
// of the file are loaded, and the status is 6 if others were refused.
Outcome load(Session& session, cnb_site* site, const LoadOrder& order);

}  // namespace command
