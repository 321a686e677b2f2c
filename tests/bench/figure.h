// What the benchmark says: each figure beside what it is measured against, in one run.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cinnabar::bench {

inline constexpr int rounds = 5;

// Seconds of one contestant, by round.
using Times = std::vector<double>;

// Lets all take turns for `rounds` rounds; who begins rotates, so that drift and checkpoints hit all alike.
// Each returns the seconds that count.
std::vector<Times> interleave(const std::vector<std::function<double()>>& contestants);

double median(std::vector<double> values);
double medianRatio(const Times& ours, const Times& against);  // of the rounds' ratios

double seconds();  // of a clock that only goes forward
// Seconds that `work` takes.
double timed(const std::function<void()>& work);

struct Figure {
  std::string name;
  double ours = 0;
  std::optional<double> against;
  std::optional<double> ratio;   // ours ÷ against
  std::optional<double> target;  // at most: of the ratio, or of ours where there is none
  std::string unit;
};

class Report {
 public:
  // `count`: operations a round; shown in microseconds each.
  void contest(const std::string& name, const Times& ours, const Times& against, double count,
               std::optional<double> target);
  void figure(Figure figure);
  void note(std::string line);

  std::string table() const;
  void writeJson(const std::string& path) const;

 private:
  std::vector<Figure> figures_;
  std::vector<std::string> notes_;
};

}  // namespace cinnabar::bench
