// Putting and changing records.
#include "core/base/error.h"
#include "tests/bench/floor.h"
#include "tests/bench/group.h"
#include "tests/bench/site.h"

namespace cinnabar::bench {
namespace {

struct Size {
  std::size_t rows;          // a transaction
  std::size_t transactions;  // a round
  double mostOfFloor, mostOfRaw;
};

std::vector<Bytes> messagesOf(const std::vector<Document>& documents) {
  std::vector<Bytes> out;
  for (const Document& document : documents) out.push_back(messageOf(document));
  return out;
}

}  // namespace

void measureWriting(const Plan& plan, Report& report) {
  Site::foundOffice(plan.folder + "/hq");
  Site site(plan.folder + "/hq");
  Documents documents(site.makeReferences());
  RawVault raw(plan.folder + "/raw", Tracking::none);
  TrackedFloor floor(plan.folder + "/floor");
  std::vector<RecordId> ours, theirs;

  for (const Size& size : {Size{10'000, 2, 1.4, 3.2}, Size{100, 40, 1.4, 1.6}, Size{1, 200, 1.4, 1.6}}) {
    const std::size_t count = size.rows * size.transactions;
    const auto times = interleave({
        [&] {
          const std::vector<Bytes> messages = messagesOf(documents.next(count));
          return timed([&] {
            for (std::size_t from = 0; from < count; from += size.rows)
              site.transaction([&](cnb_transaction* t) {
                for (std::size_t i = 0; i < size.rows; ++i) ours.push_back(Site::put(t, messages[from + i]));
              });
          });
        },
        [&] {
          const auto batch = documents.next(count);
          return timed([&] {
            for (std::size_t from = 0; from < count; from += size.rows)
              floor.insert(std::span(batch).subspan(from, size.rows));
          });
        },
        [&] {
          const auto batch = documents.next(count);
          for (const Document& document : batch) theirs.push_back(document.id);
          return timed([&] {
            for (std::size_t from = 0; from < count; from += size.rows) {
              raw.begin();
              for (std::size_t i = 0; i < size.rows; ++i) raw.insert(batch[from + i], 0);
              raw.commit();
            }
          });
        },
    });
    const std::string a = ", " + std::to_string(size.rows) + " a transaction";
    const auto rows = static_cast<double>(count);
    report.contest("insert ÷ tracked floor" + a, times[0], times[1], rows, size.mostOfFloor);
    report.contest("insert ÷ raw SQLCipher" + a, times[0], times[2], rows, size.mostOfRaw);
    report.contest("(tracked floor ÷ raw" + a + ")", times[1], times[2], rows, {});
  }

  constexpr std::size_t few = 2'000;
  const auto json = interleave({
      [&] {
        std::vector<std::string> texts;
        for (const Document& document : documents.next(few)) texts.push_back(jsonOf(document));
        return timed([&] {
          site.transaction([&](cnb_transaction* t) {
            for (const std::string& text : texts) Site::put(t, text);
          });
        });
      },
      [&] {
        const auto batch = documents.next(few);
        return timed([&] { floor.insert(batch); });
      },
  });
  report.contest("insert of JSON ÷ tracked floor, 2000 a transaction", json[0], json[1], few, {});

  std::uint64_t dice = 1;
  const auto any = [&](const std::vector<RecordId>& ids) -> const RecordId& {
    dice = dice * 6364136223846793005 + 1442695040888963407;
    return ids[(dice >> 33) % ids.size()];
  };
  constexpr std::size_t updates = 100, transactions = 20;
  std::uint64_t value = 0;
  const auto update = interleave({
      [&] {
        std::vector<std::pair<std::string, std::string>> changes;
        for (std::size_t i = 0; i < updates * transactions; ++i)
          changes.emplace_back(any(ours).text(), nlohmann::json({{"proposedOpinion", opinionOf(++value)}}).dump());
        return timed([&] {
          for (std::size_t from = 0; from < changes.size(); from += updates)
            site.transaction([&](cnb_transaction* t) {
              for (std::size_t i = from; i < from + updates; ++i) Site::set(t, changes[i].first, changes[i].second);
            });
        });
      },
      [&] {
        std::vector<std::pair<RecordId, std::string>> changes;
        for (std::size_t i = 0; i < updates * transactions; ++i) changes.emplace_back(any(theirs), opinionOf(++value));
        return timed([&] {
          for (std::size_t from = 0; from < changes.size(); from += updates) {
            raw.begin();
            for (std::size_t i = from; i < from + updates; ++i) raw.update(changes[i].first, changes[i].second);
            raw.commit();
          }
        });
      },
  });
  report.contest("update of one field ÷ raw, 100 a transaction", update[0], update[1], updates * transactions, 1.6);
}

}  // namespace cinnabar::bench
