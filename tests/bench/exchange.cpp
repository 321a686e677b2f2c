// Bundles: applying, their size, and contacts without news.
#include "core/base/error.h"
#include "tests/bench/floor.h"
#include "tests/bench/group.h"
#include "tests/bench/site.h"

namespace cinnabar::bench {
namespace {

double bytesOf(const nlohmann::json& exported) {
  double bytes = 0;
  for (const auto& bundle : exported.at("bundles"))
    if (bundle.at("level") == "internal") bytes += bundle.at("bytes").get<double>();
  return bytes;
}

}  // namespace

void measureExchange(const Plan& plan, Report& report) {
  constexpr std::size_t rows = 10'000, changesets = 2;
  const std::string hq = plan.folder + "/hq", county = plan.folder + "/county";
  Site::foundOffice(hq);
  Site::join(hq, county, "county");
  Site office(hq), site(county);
  Documents documents(office.makeReferences());
  int stick = 0;
  const auto newStick = [&] { return plan.folder + "/stick" + std::to_string(++stick); };
  const auto settle = [&] {
    for (int i = 0; i < 3; ++i) {
      std::string folder = newStick();
      office.exportTo("county", folder);
      site.import(folder);
      folder = newStick();
      site.exportTo("hq", folder);
      office.import(folder);
    }
  };
  settle();

  TrackedFloor floor(plan.folder + "/floor");
  std::vector<RecordId> made;
  Times exports;
  const auto times = interleave({
      [&] {
        for (std::size_t i = 0; i < changesets; ++i)
          office.transaction([&](cnb_transaction* t) {
            for (const Document& document : documents.next(rows)) made.push_back(Site::put(t, messageOf(document)));
          });
        const std::string folder = newStick();
        exports.push_back(timed([&] { office.exportTo("county", folder); }));
        const double time = timed([&] { CNB_ASSERT(site.import(folder).at("applied") == rows * changesets); });
        settle();
        return time;
      },
      [&] {
        std::vector<TrackedFloor::Changeset> sealed;
        for (std::size_t i = 0; i < changesets; ++i) sealed.push_back(TrackedFloor::seal(documents.next(rows)));
        return timed([&] { floor.apply(sealed); });
      },
  });
  report.contest("apply a bundle ÷ floor, 10000 a changeset", times[0], times[1], rows * changesets, 1.6);
  report.figure({"export a bundle", median(exports) / (rows * changesets) * 1e6, {}, {}, {}, "µs"});

  office.transaction([&](cnb_transaction* t) {
    for (std::size_t i = 0; i < rows; ++i)
      Site::set(t, made[i * 7 % made.size()].text(), nlohmann::json({{"proposedOpinion", opinionOf(i)}}).dump());
  });
  const std::string folder = newStick();
  report.figure({"bundle bytes a one-field change, batch of 10000",
                 bytesOf(office.exportTo("county", folder)) / rows,
                 {},
                 {},
                 110,
                 "bytes"});
  site.import(folder);
  settle();

  Times nothingOut, nothingIn;
  for (int i = 0; i < rounds; ++i) {
    // The county says something small, the office has no change of its own for it: what a daily contact costs.
    const std::string in = newStick(), out = newStick();
    nothingOut.push_back(timed([&] { office.exportTo("county", out); }));
    site.exportTo("hq", in);
    nothingIn.push_back(timed([&] { office.import(in); }));
  }
  report.figure({"export without news", median(nothingOut) * 1e3, {}, {}, {}, "ms"});
  report.figure({"import without news", median(nothingIn) * 1e3, {}, {}, {}, "ms"});
}

}  // namespace cinnabar::bench
