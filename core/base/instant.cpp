#include "core/base/instant.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace cinnabar {
namespace {

constexpr std::int64_t dayMs = 86'400'000;
constexpr int offsetZero = 1024;

// Reads exactly `width` digits at `at`, or gives -1.
int digits(std::string_view text, std::size_t at, std::size_t width) {
  if (at + width > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

int daysOfMonth(int year, int month) {
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[static_cast<std::size_t>(month - 1)];
}

struct Civil {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

// Howard Hinnant's public-domain calendar algorithms.
Civil civilFromDays(std::int64_t z) {
  z += 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const auto doe = static_cast<unsigned>(z - era * 146097);
  const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const unsigned mp = (5 * doy + 2) / 153;
  const unsigned day = doy - (153 * mp + 2) / 5 + 1;
  const unsigned month = mp < 10 ? mp + 3 : mp - 9;
  return {static_cast<std::int64_t>(yoe) + era * 400 + (month <= 2), month, day};
}

void appendPadded(std::string& out, std::int64_t number, std::size_t width) {
  char digits[24];
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), number);
  const auto length = static_cast<std::size_t>(end - digits);
  out.append(width - std::min(width, length), '0').append(digits, length);
}

std::string dateTextOf(std::int64_t days) {
  const Civil c = civilFromDays(days);
  std::string out;
  out.reserve(32);
  appendPadded(out, c.year, 4);
  out += '-';
  appendPadded(out, c.month, 2);
  out += '-';
  appendPadded(out, c.day, 2);
  return out;
}

std::int64_t floorDiv(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

std::int64_t daysFromCivil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto yoe = static_cast<unsigned>(year - era * 400);
  const unsigned doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + static_cast<std::int64_t>(doe) - 719468;
}

bool isDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  return year >= 1600 && month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month);
}

std::optional<std::int64_t> parseInstant(std::string_view text) {
  if (text.size() < 20 || !isDate(text.substr(0, 10)) || text[10] != 'T' || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  std::size_t at = 19;
  int fraction = 0;
  const bool hasFraction = text[at] == '.';
  if (hasFraction) {
    fraction = digits(text, at + 1, 3);
    if (fraction < 0) return std::nullopt;
    at += 4;
  }
  const std::string_view zone = text.substr(at);
  int offset = 0, code = 0;
  if (zone != "Z") {
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
    const int h = digits(zone, 1, 2), m = digits(zone, 4, 2);
    if (h < 0 || h > 14 || m < 0 || m > 59) return std::nullopt;
    offset = (h * 60 + m) * (zone[0] == '-' ? -1 : 1);
    if (offset == 0 && zone[0] == '-') return std::nullopt;
    code = offset + offsetZero;
  }
  const auto days = daysFromCivil(digits(text, 0, 4), static_cast<unsigned>(digits(text, 5, 2)),
                                  static_cast<unsigned>(digits(text, 8, 2)));
  const std::int64_t ms = days * dayMs + ((hour * 60LL + minute) * 60 + second) * 1000 + fraction - offset * 60'000LL;
  return ms * 4096 + (hasFraction ? 2048 : 0) + code;
}

std::string instantText(std::int64_t stored) {
  const std::int64_t ms = stored >> 12;
  const bool hasFraction = (stored & 2048) != 0;
  const int code = static_cast<int>(stored & 2047);
  const int offset = code == 0 ? 0 : code - offsetZero;
  const std::int64_t local = ms + offset * 60'000LL;
  const std::int64_t days = floorDiv(local, dayMs);
  const std::int64_t inDay = local - days * dayMs;
  std::string out = dateTextOf(days);
  const auto part = [&](char before, std::int64_t number, std::size_t width) {
    out += before;
    appendPadded(out, number, width);
  };
  part('T', inDay / 3'600'000, 2);
  part(':', inDay / 60'000 % 60, 2);
  part(':', inDay / 1000 % 60, 2);
  if (hasFraction) part('.', inDay % 1000, 3);
  if (code == 0) return out += 'Z';
  const int absolute = offset < 0 ? -offset : offset;
  part(offset < 0 ? '-' : '+', absolute / 60 % 100, 2);
  part(':', absolute % 60, 2);
  return out;
}

std::int64_t instantOf(const Now& now) {
  const bool fraction = now.ms % 1000 != 0;
  return now.ms * 4096 + (fraction ? 2048 : 0) + (now.offsetMinutes + offsetZero);
}

std::string dateOf(const Now& now) { return dateTextOf(floorDiv(now.ms + now.offsetMinutes * 60'000LL, dayMs)); }

}  // namespace cinnabar
