// How long a label lasts, 《定密解密工作暂行规定》四, 八, 九, 十七(三).
#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/base/utf8.h"
#include "core/label/label.h"

namespace cinnabar {
namespace {

using Unit = Period::Unit;
constexpr std::size_t longestEvent_bytes = 256;
constexpr std::size_t mostDigits = 3;
constexpr int lastYear = 9999;
constexpr std::string_view longTerm = "long";

// A date is below the maximum of its level, so that stands for it where a count is needed.
int mostMonths(const Label& label) {
  const Period p = label.period.unit == Unit::untilDate ? maximumOf(label.compartment.level) : periodOf(label);
  return p.unit == Unit::years ? p.count * 12 : p.count;
}

Period countOf(int months) {
  if (months % 12 == 0) return {Unit::years, months / 12, {}};
  return {Unit::months, months, {}};
}

Period longestCount(const Label& a, const Label& b, Level level) {
  const int months = std::max(mostMonths(a), mostMonths(b));
  const Period longest = countOf(months);
  const bool isMaximum = longest == maximumOf(level);
  const bool isWritten = a.period == longest || b.period == longest;
  return isMaximum && !isWritten ? Period{} : longest;
}

Period longest(const Label& a, const Label& b) {
  const Unit one = a.period.unit, other = b.period.unit;
  if (one == Unit::longTerm || other == Unit::longTerm) return {Unit::longTerm, 0, {}};
  if (one == other && (one == Unit::untilEvent || one == Unit::untilDate))
    return a.period.until < b.period.until ? b.period : a.period;
  if (one == Unit::untilEvent) return a.period;
  if (other == Unit::untilEvent) return b.period;
  if (periodOf(a).unit == Unit::none) return b.period;
  if (periodOf(b).unit == Unit::none) return a.period;
  return longestCount(a, b, std::max(a.compartment.level, b.compartment.level));
}

// One line that can stand behind ★至 on a mark and be read again.
bool isEvent(std::string_view text) {
  if (text.empty() || text.size() > longestEvent_bytes) return false;
  bool spaceBefore = true;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = codePointAt(text, at);
    const bool space = isWhiteSpace(point.value);
    const bool control = point.value < 0x20 || (point.value >= 0x7f && point.value < 0xa0);
    if (!point.valid || control || point.value == U'★' || point.value == U'☆' || (space && at == 0)) return false;
    spaceBefore = space;
    at += point.size_bytes;
  }
  return !spaceBefore;
}

// Canonical decimal digits; 0 for anything else.
int countIn(std::string_view digits) {
  if (digits.empty() || digits.size() > mostDigits || digits[0] == '0') return 0;
  int count = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return 0;
    count = count * 10 + (c - '0');
  }
  return count;
}

int numberAt(std::string_view date, std::size_t at, std::size_t size) {
  int value = 0;
  for (const char c : date.substr(at, size)) value = value * 10 + (c - '0');
  return value;
}

std::string monthsAfter(std::string_view date, int months) {
  const int total = numberAt(date, 0, 4) * 12 + numberAt(date, 5, 2) - 1 + months;
  if (total / 12 > lastYear) return std::to_string(lastYear) + "-12-31";
  const auto firstOf = [](int month) { return daysFromCivil(month / 12, static_cast<unsigned>(month % 12 + 1), 1); };
  const std::int64_t sameDay = firstOf(total) + numberAt(date, 8, 2) - 1;
  const std::int64_t lastOfMonth = firstOf(total + 1) - 1;
  return dateOf(Now{std::min(sameDay, lastOfMonth) * 86'400'000, 0});
}

}  // namespace

Period maximumOf(Level level) {
  switch (level) {
    case Level::open:
    case Level::internal: return {};
    case Level::confidential: return {Unit::years, 10, {}};
    case Level::secret: return {Unit::years, 20, {}};
    case Level::topSecret: return {Unit::years, 30, {}};
  }
  return {};
}

Period periodOf(const Label& label) {
  return label.period.unit == Unit::none ? maximumOf(label.compartment.level) : label.period;
}

Label join(const Label& a, const Label& b) { return {join(a.compartment, b.compartment), longest(a, b)}; }

std::string storedForm(const Period& p) {
  switch (p.unit) {
    case Unit::none: return "";
    case Unit::years: return std::to_string(p.count) + "y";
    case Unit::months: return std::to_string(p.count) + "m";
    case Unit::untilDate: return p.until;
    case Unit::untilEvent: return "event:" + p.until;
    case Unit::longTerm: return std::string(longTerm);
  }
  return "";
}

Period parseStoredPeriod(std::string_view text) {
  constexpr std::string_view event = "event:";
  if (text.empty()) return {};
  if (isDate(text)) return {Unit::untilDate, 0, std::string(text)};
  if (text == longTerm) return {Unit::longTerm, 0, {}};
  if (text.starts_with(event) && isEvent(text.substr(event.size())))
    return {Unit::untilEvent, 0, std::string(text.substr(event.size()))};
  const int count = countIn(text.substr(0, text.size() - 1));
  if (count > 0 && text.back() == 'y') return {Unit::years, count, {}};
  if (count > 0 && count < 12 && text.back() == 'm') return {Unit::months, count, {}};
  throw Error(Code::invalidInput, "a stored period of secrecy is unreadable");
}

std::string lastDayOf(const Period& p, std::string_view from) {
  if (p.unit == Unit::untilDate) return p.until;
  if ((p.unit != Unit::years && p.unit != Unit::months) || !isDate(from)) return "";
  return monthsAfter(from, p.unit == Unit::years ? p.count * 12 : p.count);
}

}  // namespace cinnabar
