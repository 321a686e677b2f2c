// Reading by id, and unlocking.
#include <memory>

#include "core/base/error.h"
#include "tests/bench/floor.h"
#include "tests/bench/group.h"
#include "tests/bench/site.h"

namespace cinnabar::bench {
namespace {

// What the audit costs: reads in one burst at confidential, each durable by itself at topSecret, none at internal.
void measureAudited(const Plan& plan, Report& report) {
  constexpr std::size_t records = 500, reads = 2'000;
  const std::string folder = plan.folder + "/audited";
  Site::foundOffice(folder);
  Site site(folder);
  Documents documents(site.makeReferences());
  const auto made = [&](const std::string& label) {
    std::vector<std::string> ids;
    site.transaction([&](cnb_transaction* t) {
      for (const Document& document : documents.next(records))
        ids.push_back(Site::put(t, messageOf(document), label).text());
    });
    return ids;
  };
  const std::vector<std::string> internal = made("内部"), confidential = made("秘密"), topSecret = made("绝密");
  const auto reading = [&](const std::vector<std::string>& ids) {
    return [&site, &ids] {
      return timed([&] {
        for (std::size_t i = 0; i < reads; ++i) site.readJson(ids[i % ids.size()]);
      });
    };
  };
  const auto times = interleave({reading(internal), reading(confidential), reading(topSecret)});
  report.contest("read a confidential record, audited ÷ an internal one", times[1], times[0], reads, {});
  report.contest("read a topSecret record, audited ÷ an internal one", times[2], times[0], reads, {});
}

}  // namespace

void measureReading(const Plan& plan, Report& report) {
  constexpr std::size_t loaded = 100'000, reads = 20'000;
  const std::string folder = plan.folder + "/hq";
  Site::foundOffice(folder);
  RawVault raw(plan.folder + "/raw", Tracking::none);
  std::vector<RecordId> ours, theirs;
  std::vector<std::string> oursAsText;
  {
    auto open = std::make_unique<Site>(folder);
    Site& site = *open;
    Documents documents(site.makeReferences());
    for (std::size_t done = 0; done < loaded; done += 10'000) {
      const auto batch = documents.next(10'000);
      site.transaction([&](cnb_transaction* t) {
        for (const Document& document : batch) ours.push_back(Site::put(t, messageOf(document)));
      });
      raw.begin();
      for (const Document& document : batch) {
        raw.insert(document, 0);
        theirs.push_back(document.id);
      }
      raw.commit();
    }
    for (const RecordId& id : ours) oursAsText.push_back(id.text());

    std::uint64_t dice = 1;
    const auto any = [&] {
      dice = dice * 6364136223846793005 + 1442695040888963407;
      return (dice >> 33) % loaded;
    };
    std::size_t bytes = 0;
    const auto times = interleave({
        [&] {
          return timed([&] {
            for (std::size_t i = 0; i < reads; ++i) bytes += site.readMessage(ours[any()]);
          });
        },
        [&] {
          return timed([&] {
            for (std::size_t i = 0; i < reads; ++i) bytes += site.readJson(oursAsText[any()]);
          });
        },
        [&] {
          return timed([&] {
            for (std::size_t i = 0; i < reads; ++i) bytes += raw.read(theirs[any()]);
          });
        },
    });
    CNB_ASSERT(bytes > reads);
    report.contest("read by id, Cap'n Proto ÷ raw", times[0], times[2], reads, 1.5);
    report.contest("read by id, JSON ÷ raw", times[1], times[2], reads, 3);
    report.figure(
        {"index 100000 records for search, at closing", timed([&] { open.reset(); }) / loaded * 1e6, {}, {}, {}, "µs"});
  }
  measureAudited(plan, report);
  Times unlocks;
  for (int i = 0; i < rounds; ++i) unlocks.push_back(timed([&] { const Site site(folder); }));
  report.figure({"unlock and close five vaults, no key derivation", median(unlocks) * 1e3, {}, {}, 50, "ms"});
}

}  // namespace cinnabar::bench
