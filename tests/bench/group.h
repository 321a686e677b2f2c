// The groups of figures. Each works in a folder of its own below `folder`.
#pragma once
#include <string>

#include "tests/bench/figure.h"

namespace cinnabar::bench {

struct Plan {
  std::string folder;
  std::string self;              // this program, to run a part in a process of its own
  std::size_t bundle_mib = 128;  // of the bundle whose memory is measured
  std::size_t most = 100'000;    // records up to which growth is measured
};

void measureWriting(const Plan& plan, Report& report);
void measureReading(const Plan& plan, Report& report);
void measureExchange(const Plan& plan, Report& report);
void measureFootprint(const Plan& plan, Report& report);  // bytes and memory
void measureGrowth(const Plan& plan, Report& report);
void measureSpread(const Plan& plan, Report& report);  // the same over all entities and every level

// Runs "verb arguments" in a process of its own and returns the most memory that was resident, in MiB.
double residentOf(const Plan& plan, const std::vector<std::string>& arguments);
// What that process does.
void runAlone(const std::vector<std::string>& arguments);

}  // namespace cinnabar::bench
