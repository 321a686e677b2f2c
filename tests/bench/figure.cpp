#include "tests/bench/figure.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace cinnabar::bench {
namespace {

using nlohmann::json;

// Columns of a terminal: a Chinese or accented letter is more bytes than columns.
std::size_t widthOf(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, widthOf(text)), ' ');
}
std::string shown(const std::optional<double>& value) {
  if (!value) return "–";
  char out[32];
  std::snprintf(out, sizeof out, *value >= 100 ? "%.0f" : "%.2f", *value);
  return out;
}

json jsonOf(const std::optional<double>& value) { return value ? json(*value) : json(); }

}  // namespace

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double timed(const std::function<void()>& work) {
  const double start = seconds();
  work();
  return seconds() - start;
}

std::vector<Times> interleave(const std::vector<std::function<double()>>& contestants) {
  std::vector<Times> times(contestants.size());
  for (std::size_t round = 0; round < rounds; ++round)
    for (std::size_t turn = 0; turn < contestants.size(); ++turn) {
      const std::size_t who = (round + turn) % contestants.size();
      times[who].push_back(contestants[who]());
    }
  return times;
}

double median(std::vector<double> values) {
  CNB_ASSERT(!values.empty());
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double medianRatio(const Times& ours, const Times& against) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < ours.size(); ++i) ratios.push_back(ours[i] / against[i]);
  return median(ratios);
}

void Report::contest(const std::string& name, const Times& ours, const Times& against, double count,
                     std::optional<double> target) {
  figure({name, median(ours) / count * 1e6, median(against) / count * 1e6, medianRatio(ours, against), target, "µs"});
}

void Report::figure(Figure figure) {
  std::fprintf(stderr, "  %s: %s %s, ratio %s, target %s\n", figure.name.c_str(), shown(figure.ours).c_str(),
               figure.unit.c_str(), shown(figure.ratio).c_str(), shown(figure.target).c_str());
  figures_.push_back(std::move(figure));
}

void Report::note(std::string line) { notes_.push_back(std::move(line)); }

std::string Report::table() const {
  std::vector<std::vector<std::string>> lines = {{"figure", "ours", "against", "unit", "ratio", "target", ""}};
  for (const Figure& f : figures_) {
    const double compared = f.ratio ? *f.ratio : f.ours;
    lines.push_back({f.name, shown(f.ours), shown(f.against), f.unit, shown(f.ratio),
                     f.target ? "≤ " + shown(f.target) : "–",
                     f.target ? (compared <= *f.target ? "met" : "MISSED") : ""});
  }
  std::vector<std::size_t> widths(lines.front().size());
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], widthOf(line[i]));
  std::string out;
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) out += padded(line[i], widths[i]) + "  ";
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  for (const std::string& line : notes_) out += line + '\n';
  return out;
}

void Report::writeJson(const std::string& path) const {
  json out = json::array();
  for (const Figure& f : figures_)
    out.push_back({{"name", f.name},
                   {"ours", f.ours},
                   {"against", jsonOf(f.against)},
                   {"ratio", jsonOf(f.ratio)},
                   {"target", jsonOf(f.target)},
                   {"unit", f.unit}});
  std::ofstream(path) << out.dump(1) << '\n';
}

}  // namespace cinnabar::bench
