// An office's whole registers: records of every entity at every level, and what one of them, a page of one kind and a
// word in all of them cost as they grow.
#include <array>
#include <memory>

#include "core/base/error.h"
#include "tests/bench/group.h"
#include "tests/bench/site.h"
#include "tests/capi/any_record.h"

namespace cinnabar::bench {
namespace {

using nlohmann::json;
using test::AnyRecord;

constexpr std::size_t batch = 200;  // records of one entity in a transaction
constexpr std::array<const char*, 8> phrases = {"牧区道路维修", "防汛物资调拨", "会议纪要印发", "公文传阅登记",
                                                "车辆调度安排", "食堂采购验收", "档案移交清点", "值班信息报送"};
constexpr const char* rare = "雪灾";  // stands in every thousandth text

std::string textOf(std::uint64_t n) {
  return std::string(phrases[n % phrases.size()]) + (n % 1000 == 0 ? rare : "") + std::to_string(n);
}

// A page as the front-end of this entity asks for it: by its first declared index, of one state where that leads.
struct Asked {
  std::string entity, where, order;
};

Asked askedOf(const json& entity) {
  Asked out{entity.at("name"), "", "-"};
  if (entity.at("indexes").empty()) return out;
  const json& index = entity.at("indexes").front();
  if (index.size() == 2 && index.front() == entity.at("stateField"))
    out.where = index.front().get<std::string>() + "='" + entity.at("initial").front().get<std::string>() + "'";
  else if (index.size() != 1)
    return out;
  out.order = "-" + index.back().get<std::string>();
  return out;
}

// Fills a site evenly. What a key or a form allows only once is made once.
class Registers {
 public:
  explicit Registers(Site& site)
      : any_(
            site.schema(),
            [&site](const std::string& entity, const json& fields) {
              std::string id;
              site.transaction([&](cnb_transaction* t) { id = Site::putAny(t, entity, fields, "public"); });
              return id;
            },
            textOf) {
    for (const auto& [name, entity] : any_.entities()) {
      asked.push_back(askedOf(entity));
      growing_.push_back(&entity);
    }
  }

  void growTo(Site& site, std::size_t size) {
    while (made_ < size) {
      std::vector<const json*> still;
      const std::size_t share = std::clamp((size - made_) / growing_.size(), std::size_t{1}, batch);
      for (const json* entity : growing_)
        if (add(site, *entity, share)) still.push_back(entity);
      growing_ = std::move(still);
    }
  }

  std::vector<Asked> asked;
  std::vector<RecordId> known;  // one of a hundred
  std::size_t kinds() const { return growing_.size(); }

 private:
  bool add(Site& site, const json& entity, std::size_t count) {
    std::vector<json> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(any_.fieldsOf(entity));
    bool more = true;
    site.transaction([&](cnb_transaction* t) {
      for (std::size_t i = 0; i < count && more; ++i) try {
          const std::string id = Site::putAny(t, entity.at("name"), all[i]);
          if (++made_ % 100 == 0) known.push_back(*RecordId::parse(id));
        } catch (const Refused&) {
          more = false;
        }
    });
    return more;
  }

  AnyRecord any_;
  std::vector<const json*> growing_;
  std::size_t made_ = 0;
};

struct Costs {
  double read, page, slowestPage, common, rare;  // seconds each
  std::string slowest;
};

Costs costsAt(Site& site, const Registers& registers) {
  constexpr std::size_t reads = 1000;
  Costs out{};
  Times read, page, commons, rares;
  for (int i = 0; i < rounds; ++i) {
    read.push_back(timed([&] {
                     for (std::size_t k = 0; k < reads; ++k)
                       CNB_ASSERT(
                           site.readMessage(
                               registers.known[(k * 7919 + static_cast<std::size_t>(i)) % registers.known.size()]) > 0);
                   }) /
                   reads);
    commons.push_back(timed([&] { CNB_ASSERT(site.find("防汛", "") == 50); }));
    rares.push_back(timed([&] { CNB_ASSERT(site.find(rare, "") > 0); }));
  }
  for (const Asked& asked : registers.asked) {
    Times once;
    for (int i = 0; i < rounds; ++i)
      once.push_back(timed([&] { CNB_ASSERT(site.pageOf(asked.entity, asked.where, asked.order) > 0); }));
    page.push_back(median(once));
    if (page.back() > out.slowestPage) out.slowest = asked.entity;
    out.slowestPage = std::max(out.slowestPage, page.back());
  }
  out.read = median(read);
  out.page = median(page);
  out.common = median(commons);
  out.rare = median(rares);
  return out;
}

}  // namespace

void measureSpread(const Plan& plan, Report& report) {
  constexpr double bar_us = 10'000;
  const std::string folder = plan.folder + "/hq";
  Site::foundOffice(folder);
  auto site = std::make_unique<Site>(folder);
  Registers registers(*site);
  std::optional<Costs> first;
  for (std::size_t size = 10'000; size <= plan.most; size *= 10) {
    registers.growTo(*site, size);
    site.reset();  // indexes for search
    site = std::make_unique<Site>(folder);
    const Costs now = costsAt(*site, registers);
    if (!first) first = now;
    const std::string at = " with " + std::to_string(size) + " records over all entities";
    const auto tell = [&](const std::string& what, double Costs::*cost, std::optional<double> bar) {
      report.figure({what + at, now.*cost * 1e6, first.value().*cost * 1e6, {}, bar, "µs"});
    };
    tell("read by id", &Costs::read, bar_us);
    tell("page of 50, the middle entity,", &Costs::page, bar_us);
    tell("page of 50, " + now.slowest + ", the slowest,", &Costs::slowestPage, {});
    tell("find a word of two characters that is common", &Costs::common, bar_us);
    tell("find one that is rare", &Costs::rare, bar_us);
  }
  report.note(std::to_string(registers.kinds()) + " of " + std::to_string(registers.asked.size()) +
              " entities grew; a key or a form lets the others be made once.");
}

}  // namespace cinnabar::bench
