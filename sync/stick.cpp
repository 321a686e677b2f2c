// What lies on a stick: one bundle, or all in a folder that are addressed here.
#include <algorithm>

#include "core/base/error.h"
#include "sync/exchange.h"

namespace cinnabar {

using nlohmann::json;

namespace {

json countsOf(Store& store) {
  const Store::Waiting waiting = store.waiting();
  return {{"conflicts", waiting.conflicts}, {"violations", waiting.violations}};
}

}  // namespace

json importFrom(Store& store, const std::string& path, Apply apply, const Progress& progress) {
  std::vector<std::pair<Cover, std::string>> wanted;
  const bool folder = store.environment().files->isFolder(path);
  // Whoever can put a file on the stick must not keep the others from being taken. It is told at the end.
  std::optional<Error> bad;
  const auto passOver = [&](const Error& error) {
    switch (error.code()) {
      case Code::forged:
      case Code::foreign:
      case Code::misdirected:
      case Code::badKey:
      case Code::newerFormat:
      case Code::invalidInput:
      case Code::limit: break;
      default: throw error;
    }
    if (!bad) bad = error;
  };
  if (folder) {
    const Roster roster(store);
    for (const std::string& name : store.environment().files->list(path)) {
      if (!name.ends_with(".cnb")) continue;
      try {
        const BundleReader bundle(store.environment(), path + "/" + name);
        if (bundle.cover().to == roster.self().name && store.holds(bundle.cover().level))
          wanted.emplace_back(bundle.cover(), path + "/" + name);
      } catch (const Error& error) {
        passOver(error);
      }
    }
    std::sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) {
      return std::tie(a.first.level, a.first.from, a.first.number) <
             std::tie(b.first.level, b.first.from, b.first.number);
    });
  } else {
    wanted.emplace_back(Cover{}, path);
  }
  json bundles = json::array(), missing = json::array();
  std::size_t applied = 0, waiting = 0;
  for (const auto& [cover, file] : wanted) {
    Taken taken;
    try {
      taken = takeBundle(store, file, apply, progress);
    } catch (const Error& error) {
      if (!folder) throw;
      passOver(error);
      continue;
    }
    bundles.push_back({{"file", taken.file},
                       {"from", taken.from},
                       {"level", wordOf(taken.level)},
                       {"status", taken.status},
                       {"applied", taken.applied}});
    applied += taken.applied;
    waiting = std::max(waiting, taken.waiting);
    for (const std::string& m : taken.missing) missing.push_back(m);
  }
  if (bad) throw *bad;
  json out = countsOf(store);
  out["bundles"] = std::move(bundles);
  out["applied"] = applied;
  out["waiting"] = waiting;
  out["missing"] = std::move(missing);
  out["dryRun"] = apply == Apply::onlyTry;
  return out;
}

json describeCover(const Environment& environment, const std::string& path) {
  const BundleReader bundle(environment, path);
  const Cover& c = bundle.cover();
  return {{"number", c.number}, {"level", wordOf(c.level)},         {"from", c.from},
          {"to", c.to},         {"bytes", bundle.fileSize_bytes()}, {"suite", c.suite}};
}

}  // namespace cinnabar
