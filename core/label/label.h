// The lattice of secrecy: levels and need-to-know circles, and the period that stands on the mark.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cinnabar {

enum class Level : std::uint8_t { open, internal, confidential, secret, topSecret };
inline constexpr std::array<Level, 5> allLevels = {Level::open, Level::internal, Level::confidential, Level::secret,
                                                   Level::topSecret};

std::string_view wordOf(Level level);                      // public, internal, confidential, secret, topSecret
std::string_view chineseOf(Level level);                   // 公开 内部 秘密 机密 绝密
std::optional<Level> parseLevel(std::string_view text);    // either form

// How long a record stays secret, counted from the day it was classified.
struct Period {
  enum class Unit : std::uint8_t { none, years, months, untilDate, untilEvent };
  Unit unit = Unit::none;
  int count = 0;        // years or months
  std::string until;    // an ISO date or the event in words
  bool operator==(const Period&) const = default;
};

// A compartment is (level, set of circles). Circles are sorted and stand once.
struct Compartment {
  Level level = Level::open;
  std::vector<std::string> circles;
  auto operator<=>(const Compartment&) const = default;
};

// True if who is cleared for `a` may see `b`: level at least, circles all.
bool dominates(const Compartment& a, const Compartment& b);
Compartment join(const Compartment& a, const Compartment& b);

struct Label {
  Compartment compartment;
  Period period;
  bool operator==(const Label&) const = default;
};

// The highest level, all circles, the longest period.
Label join(const Label& a, const Label& b);

// 秘密★十年. Empty for a public or an internal record without period ("内部" for internal).
std::string markOf(const Label& label);
// Reads every form that the regulation writes and Latin level words. Throws Error{invalidInput} that
// says what cannot be read, Error{refused} for a period over the level's maximum (10, 20, 30 years).
Label parseMark(std::string_view mark);

// The canonical short form that is stored: "10y", "6m", "2030-01-01", "event:…", "".
std::string storedForm(const Period& period);
Period parseStoredPeriod(std::string_view text);

// The last day of secrecy, ISO date, for a record classified on `from` (ISO date); empty without a
// period or when it depends on an event.
std::string lastDayOf(const Period& period, std::string_view from);

}  // namespace cinnabar
