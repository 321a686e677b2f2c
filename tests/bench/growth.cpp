// Whether a put, a read, a page and a search cost the same in a large vault as in a small one.
#include <memory>

#include "core/base/error.h"
#include "tests/bench/group.h"
#include "tests/bench/site.h"

namespace cinnabar::bench {
namespace {

struct Costs {
  double put, read, page, find;  // seconds each
};

// `known`: records from all over the vault, read one after the other.
Costs costsAt(Site& site, Documents& documents, const std::vector<RecordId>& known) {
  constexpr std::size_t rows = 100;
  Times puts, reads, pages, finds;
  for (int i = 0; i < 4 * rounds; ++i) {
    std::vector<Bytes> messages;
    for (const Document& document : documents.next(rows)) messages.push_back(messageOf(document));
    reads.push_back(timed([&] {
                      for (std::size_t k = 0; k < rows; ++k)
                        CNB_ASSERT(site.readMessage(known[(k * 7919 + static_cast<std::size_t>(i)) % known.size()]) >
                                   0);
                    }) /
                    rows);
    pages.push_back(timed([&] { CNB_ASSERT(site.page() > 0); }));
    finds.push_back(timed([&] { CNB_ASSERT(site.find("防汛牧区", documentType().name) > 0); }));
    puts.push_back(timed([&] {
                     site.transaction([&](cnb_transaction* t) {
                       for (const Bytes& message : messages) Site::put(t, message);
                     });
                   }) /
                   rows);
  }
  return {median(puts), median(reads), median(pages), median(finds)};
}

}  // namespace

void measureGrowth(const Plan& plan, Report& report) {
  const std::string folder = plan.folder + "/hq";
  Site::foundOffice(folder);
  auto site = std::make_unique<Site>(folder);
  Documents documents(site->makeReferences());
  std::optional<Costs> first;
  std::vector<RecordId> known;
  std::size_t have = 0, made = 0;
  for (std::size_t size = 10'000; size <= plan.most; size *= 10) {
    for (; have < size; have += 10'000)
      site->transaction([&](cnb_transaction* t) {
        for (const Document& document : documents.next(10'000)) {
          const RecordId id = Site::put(t, messageOf(document));
          if (++made % 100 == 0) known.push_back(id);
        }
      });
    site.reset();  // indexes for search
    site = std::make_unique<Site>(folder);
    const Costs now = costsAt(*site, documents, known);
    if (!first) first = now;
    const std::string at = " with " + std::to_string(size) + " records";
    report.figure({"put, 100 a transaction," + at, now.put * 1e6, first->put * 1e6, now.put / first->put, {}, "µs"});
    report.figure(
        {"read by id, all over the vault," + at, now.read * 1e6, first->read * 1e6, now.read / first->read, {}, "µs"});
    report.figure({"page of 50 in an order" + at, now.page * 1e6, first->page * 1e6, now.page / first->page, {}, "µs"});
    report.figure({"find, 50 hits" + at, now.find * 1e6, first->find * 1e6, now.find / first->find, {}, "µs"});
  }
}

}  // namespace cinnabar::bench
