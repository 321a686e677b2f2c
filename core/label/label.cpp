#include "core/label/label.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"

namespace cinnabar {
namespace {

struct LevelNames {
  std::string_view word, chinese;
};
constexpr std::array<LevelNames, 5> names = {
    {{"public", "公开"}, {"internal", "内部"}, {"confidential", "秘密"}, {"secret", "机密"}, {"topSecret", "绝密"}}};

// Longer than any count: a date, an event or no end outlast years.
int monthsOf(const Period& p) {
  switch (p.unit) {
    case Period::Unit::none: return 0;
    case Period::Unit::months: return p.count;
    case Period::Unit::years: return p.count * 12;
    case Period::Unit::untilDate: return 100'000;
    case Period::Unit::untilEvent: return 200'000;
  }
  return 0;
}

bool longer(const Period& a, const Period& b) {
  if (monthsOf(a) != monthsOf(b)) return monthsOf(a) > monthsOf(b);
  return a.until > b.until;
}

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
  std::set_union(a.circles.begin(), a.circles.end(), b.circles.begin(), b.circles.end(), std::back_inserter(out.circles));
  return out;
}

Label join(const Label& a, const Label& b) {
  return {join(a.compartment, b.compartment), longer(b.period, a.period) ? b.period : a.period};
}

std::string storedForm(const Period& p) {
  switch (p.unit) {
    case Period::Unit::none: return "";
    case Period::Unit::years: return std::to_string(p.count) + "y";
    case Period::Unit::months: return std::to_string(p.count) + "m";
    case Period::Unit::untilDate: return p.until;
    case Period::Unit::untilEvent: return "event:" + p.until;
  }
  return "";
}

Period parseStoredPeriod(std::string_view text) {
  if (text.empty()) return {};
  if (text.starts_with("event:")) return {Period::Unit::untilEvent, 0, std::string(text.substr(6))};
  if (isDate(text)) return {Period::Unit::untilDate, 0, std::string(text)};
  int count = 0;
  const std::string_view digits = text.substr(0, text.size() - 1);
  const bool good = !digits.empty() && digits.size() <= 3 && std::all_of(digits.begin(), digits.end(), [&](char c) {
    count = count * 10 + (c - '0');
    return c >= '0' && c <= '9';
  });
  if (good && text.back() == 'y') return {Period::Unit::years, count, {}};
  if (good && text.back() == 'm') return {Period::Unit::months, count, {}};
  throw Error(Code::invalidInput, "a stored period of secrecy is unreadable");
}

std::string lastDayOf(const Period& p, std::string_view from) {
  if (p.unit == Period::Unit::untilDate) return p.until;
  if ((p.unit != Period::Unit::years && p.unit != Period::Unit::months) || !isDate(from)) return "";
  const int months = monthsOf(p);
  const auto number = [&](std::size_t at, std::size_t size) { return std::stoi(std::string(from.substr(at, size))); };
  const int total = number(0, 4) * 12 + (number(5, 2) - 1) + months;
  // The day before the same day: a year from the 1st of March ends with the 28th or 29th of February.
  const auto first = daysFromCivil(total / 12, static_cast<unsigned>(total % 12 + 1), 1);
  const auto next = daysFromCivil((total + 1) / 12, static_cast<unsigned>((total + 1) % 12 + 1), 1);
  const std::int64_t day = std::min<std::int64_t>(number(8, 2), next - first + 1);
  return dateOf(Now{(first + day - 2) * 86'400'000, 0});
}

}  // namespace cinnabar
