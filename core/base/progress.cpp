#include "core/base/progress.h"

#include <string>

#include "core/base/error.h"

namespace cinnabar {

void report(const Progress& progress, const char* what, std::uint64_t done, std::uint64_t total) {
  if (progress && !progress(what, done, total))
    throw Error(Code::cancelled, std::string(what) + " was cancelled; nothing was changed");
}

}  // namespace cinnabar
