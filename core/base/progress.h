// How far long work is, and whether it should go on.
#pragma once
#include <cstdint>
#include <functional>

namespace cinnabar {

// `done` of `total` things of `what`; total 0: unknown. Returns false to cancel. May be empty.
using Progress = std::function<bool(const char* what, std::uint64_t done, std::uint64_t total)>;

// Throws Error{cancelled} if the caller wants no more; what was begun is rolled back by whoever began it.
void report(const Progress& progress, const char* what, std::uint64_t done, std::uint64_t total);

}  // namespace cinnabar
