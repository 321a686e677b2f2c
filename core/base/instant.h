// Instants and dates as the records keep them.
//
// An instant is one integer that sorts by time and remembers how it was written, so that what was given
// as JSON is read back as the same JSON:
//     milliseconds since 1970 << 12 | has a fraction << 11 | offset code (minutes + 1024; 0 stands for Z)
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/environment.h"

namespace cinnabar {

// ISO 8601 with offset: 2026-11-23T08:00:00+08:00, optionally .123, or Z. Years 1600 to 9999.
std::optional<std::int64_t> parseInstant(std::string_view text);
std::string instantText(std::int64_t stored);
std::int64_t instantOf(const Now& now);
inline std::int64_t millisecondsOf(std::int64_t stored) { return stored >> 12; }

// A calendar date, ISO, canonical.
bool isDate(std::string_view text);
// The date at the place of `now`.
std::string dateOf(const Now& now);

std::int64_t daysFromCivil(std::int64_t year, unsigned month, unsigned day);

}  // namespace cinnabar
