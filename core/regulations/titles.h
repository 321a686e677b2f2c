// Where the regulations of a compilation begin.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "core/regulations/line.h"

namespace cinnabar {

// Lines [first, end) that are one title, broken over lines or not.
struct TitleLines {
  std::size_t first = 0;
  std::size_t end = 0;
};

// A title is what the table of contents (目录) names, wherever either of the two breaks it, or what is set
// off by two blank lines above and below and ends like a title. Without a table and without any line set off
// that far, one blank line is enough. In order of the text; empty if there is none.
std::vector<TitleLines> titlesOf(std::span<const Line> lines);

}  // namespace cinnabar
