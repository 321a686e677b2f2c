#include "core/label/label.h"

#include <algorithm>
#include <iterator>

namespace cinnabar {
namespace {

struct LevelNames {
  std::string_view word, chinese;
};
constexpr std::array<LevelNames, 5> names = {
    {{"public", "公开"}, {"internal", "内部"}, {"confidential", "秘密"}, {"secret", "机密"}, {"topSecret", "绝密"}}};

}  // namespace

std::string_view wordOf(Level level) { return names[static_cast<std::size_t>(level)].word; }
std::string_view chineseOf(Level level) { return names[static_cast<std::size_t>(level)].chinese; }

std::optional<Level> parseLevel(std::string_view text) {
  for (const Level level : allLevels)
    if (text == wordOf(level) || text == chineseOf(level)) return level;
  return std::nullopt;
}

bool dominates(const Compartment& a, const Compartment& b) {
  return a.level >= b.level && std::includes(a.circles.begin(), a.circles.end(), b.circles.begin(), b.circles.end());
}

Compartment join(const Compartment& a, const Compartment& b) {
  Compartment out{std::max(a.level, b.level), {}};
  std::set_union(a.circles.begin(), a.circles.end(), b.circles.begin(), b.circles.end(),
                 std::back_inserter(out.circles));
  return out;
}

}  // namespace cinnabar
