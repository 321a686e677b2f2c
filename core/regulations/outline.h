// The articles of one regulation and how they nest.
#pragma once
#include <span>

#include "core/regulations/compilation.h"
#include "core/regulations/line.h"

namespace cinnabar {

// Fills `body` and `articles` of `regulation` from the lines below its title.
void readOutline(std::span<const Line> lines, ParsedRegulation& regulation);

}  // namespace cinnabar
