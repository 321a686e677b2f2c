// The lattice of secrecy: levels and need-to-know circles, and the period that stands on the mark.
// Plain values and pure functions: nothing here reads a clock, and any thread may call it.
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

std::string_view wordOf(Level level);                    // public, internal, confidential, secret, topSecret
std::string_view chineseOf(Level level);                 // 公开 内部 秘密 机密 绝密
std::optional<Level> parseLevel(std::string_view text);  // either form

// How long a record stays secret, counted from the day it was classified.
struct Period {
  enum class Unit : std::uint8_t { none, years, months, untilDate, untilEvent, longTerm };  // 长期
  Unit unit = Unit::none;
  int count = 0;      // years from 1, months from 1 to 11
  std::string until;  // an ISO date or the event in words
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

// 10, 20 or 30 years (定密解密 四); no period for what is not secret.
Period maximumOf(Level level);
// What the label's period comes to: a secret level that stands alone lasts its maximum.
Period periodOf(const Label& label);

// The highest level, all circles, the longest period. A date and a count cannot be compared without the
// day of classification; together they give the longest that either could be, so that nothing ends early.
// An event outlasts both, because only a person can say that it came, and 长期 outlasts all.
Label join(const Label& a, const Label& b);

// 秘密★十年, 秘密★六个月, 绝密★至2030年1月1日, 机密★至工程完工, 机密, 内部. Empty for a public record.
std::string markOf(const Label& label);
// Whether a special rule stands behind a period: only then may it pass its level's maximum, or be 长期 (定密解密 四).
enum class SpecialRule : std::uint8_t { none, cited };

// Reads what markOf writes, Arabic and full-width digits, ☆, spaces and Latin level words. Twelve months are
// a year. Throws Error{invalidInput} that says what cannot be read (an empty mark too: nothing is public by
// default), Error{refused} with rule and article for a period that the regulation does not allow. The maximum is
// checked for counts; for a date the day of classification is needed: compare with lastDayOf(maximumOf(level), day).
Label parseMark(std::string_view mark, SpecialRule rule = SpecialRule::none);
// Of a mark that can be read, what is not as the regulation writes it: full-width digits, spaces, ☆. For people.
std::vector<std::string> markWarnings(std::string_view mark);

// The canonical short form that is stored: "10y", "6m", "2030-01-01", "event:…", "long", "".
std::string storedForm(const Period& period);
// Throws Error{invalidInput} for anything that storedForm does not write.
Period parseStoredPeriod(std::string_view text);

// The last day that is still secret, ISO date, for a record classified on `from` (ISO date): the same day of
// a later month, or that month's last. Empty without a period, when it depends on an event, and for 长期.
std::string lastDayOf(const Period& period, std::string_view from);

}  // namespace cinnabar
