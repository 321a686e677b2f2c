// One run: every figure beside its floor. Compares ratios, never absolute times, and fails on nothing but errors.
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "tests/bench/group.h"

using namespace cinnabar::bench;

namespace {

constexpr const char* usage =
    "cinnabar_bench [--out FILE] [--only writing|reading|exchange|footprint|growth|spread] [--bundle-mib N] [--full]\n"
    "  --bundle-mib N  size of the bundle whose memory is measured (128; the bar is for 1024)\n"
    "  --full          growth up to a million records, and a bundle of 1 GB\n";

struct Group {
  const char* name;
  void (*measure)(const Plan&, Report&);
};
constexpr Group groups[] = {{"writing", measureWriting},     {"reading", measureReading}, {"exchange", measureExchange},
                            {"footprint", measureFootprint}, {"growth", measureGrowth},   {"spread", measureSpread}};

}  // namespace

int main(int argc, char** argv) try {
  Plan plan;
  plan.self = std::filesystem::read_symlink("/proc/self/exe");
  std::string out, only;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&] { return i + 1 < argc ? std::string(argv[++i]) : std::string(); };
    if (word == "--alone") {
      runAlone({argv + i + 1, argv + argc});
      return 0;
    } else if (word == "--out") {
      out = value();
    } else if (word == "--only") {
      only = value();
    } else if (word == "--bundle-mib") {
      plan.bundle_mib = std::stoul(value());
    } else if (word == "--full") {
      plan.bundle_mib = 1024;
      plan.most = 1'000'000;
    } else {
      std::fputs(usage, stderr);
      return 2;
    }
  }

  std::string root = (std::filesystem::temp_directory_path() / "cinnabar-bench-XXXXXX").string();
  if (mkdtemp(root.data()) == nullptr) throw std::runtime_error("no folder for the benchmark");
  const struct Remove {
    const std::string& path;
    ~Remove() { std::filesystem::remove_all(path); }
  } remove{root};
  Report report;
  bool any = false;
  for (const Group& group : groups) {
    if (!only.empty() && only != group.name) continue;
    any = true;
    plan.folder = root + "/" + group.name;
    std::filesystem::create_directory(plan.folder);
    std::fprintf(stderr, "%s\n", group.name);
    group.measure(plan, report);
    std::filesystem::remove_all(plan.folder);
  }
  if (!any) {
    std::fputs(usage, stderr);
    return 2;
  }
  std::fputs(report.table().c_str(), stdout);
  if (!out.empty()) report.writeJson(out);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "cinnabar_bench: %s\n", error.what());
  return 1;
}
