// Writing bundles for a site, and taking those of another.
#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "core/base/progress.h"
#include "core/record/store.h"
#include "sync/bundle.h"
#include "sync/guard.h"
#include "sync/peer.h"
#include "sync/roster.h"

namespace cinnabar {

// Who registers bundles as carriers and gives the numbers of series on import. A bundle with nothing but registrations
// and acknowledgements is not registered itself: else sites would exchange registrations for ever.
inline constexpr std::string_view registrar = "朱砂";

struct ExportOrder {
  std::string to;
  std::string folder;
  std::set<Level> levels;  // empty: all that the receiver may have
  Channel channel = Channel::courier;
  std::uint64_t most_bytes = 0;  // of one bundle's changes; 0: no limit
};

// One bundle for each level that has something to say. Throws notFound if no such site is entitled to anything.
nlohmann::json writeBundles(Store& store, const ExportOrder& order, const Progress& progress);

enum class Apply { reallyApply, onlyTry };

// Takes one bundle; all or nothing. The counts of what it did.
struct Taken {
  std::string file;
  std::string from;
  Level level = Level::open;
  std::string status;  // applied, known, tried, or an error's word
  std::size_t applied = 0;
  std::size_t waiting = 0;
  std::vector<std::string> missing;
};
Taken takeBundle(Store& store, const std::string& path, Apply apply, const Progress& progress);

// A bundle file, or all of a folder that are addressed to this site, lower levels first. One that cannot be taken
// changes nothing and keeps no other from being taken; its error is thrown when the others are in.
nlohmann::json importFrom(Store& store, const std::string& path, Apply apply, const Progress& progress);

nlohmann::json describeCover(const Environment& environment, const std::string& path);

}  // namespace cinnabar
