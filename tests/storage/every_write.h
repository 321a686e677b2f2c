// An act with a fault at its first write, then at its second, and so on to its end; an act of many writes at every
// fourth, with CINNABAR_FAULTS=N at every Nth.
#pragma once
#include <boost/test/unit_test.hpp>
#include <functional>

#include "core/base/error.h"
#include "sync/verify.h"
#include "tests/fault/fault_files.h"
#include "tests/storage/small_site.h"

namespace cinnabar::test {

// What is tried under a fault, and how its outcome is judged.
struct Act {
  std::function<void(const Opening&)> perform;
  // 0: nothing of it is there; 1: all of it. Anything else, or a throw, fails the test.
  std::function<int(const Opening&)> found;
};

// The same site on other files, or in another folder.
inline Opening onDisk(const Opening& o, std::shared_ptr<cinnabar::Files> files, std::string folder = {}) {
  Opening out;
  out.environment = o.environment;
  out.environment.files = std::move(files);
  out.folder = folder.empty() ? o.folder : std::move(folder);
  out.person = o.person;
  out.secret = secretOf();
  out.cost = o.cost;
  out.catalog = o.catalog;
  return out;
}

struct FaultyDisk {
  // Tries `act` on a copy of `site`'s files with the fault at its first write, then at its second, and so on to its
  // end; with a stride at every so-manieth, from `first` on. Returns at which write it ended.
  std::uint64_t everywhere(const Opening& sound, Fault fault, const Act& act, bool power = false,
                           std::uint64_t first = 1, std::uint64_t stride = 1) {
    const FolderContent before = contentOfFolder(sound.folder);
    // A plan of its own: what was left unsynced under another fault is not for this one's power cuts to take.
    const auto plan = std::make_shared<FaultPlan>();
    const auto files = std::make_shared<FaultyFiles>(plan, "faulty-product");
    const Opening faulty = onDisk(sound, files);
    for (std::uint64_t index = first;; index += stride) {
      plan->recover();
      plan->atWrite(index, fault, fault == Fault::crash ? Lasting::onwards : Lasting::once);
      bool acknowledged = false;
      try {
        act.perform(faulty);
        acknowledged = true;
      } catch (const Error& error) {
        const Code code = error.code();
        BOOST_TEST_CONTEXT(error.what())
        BOOST_TEST((code == Code::diskFull || code == Code::io || code == Code::readOnly || code == Code::busy ||
                    code == Code::damaged));
        if (fault == Fault::diskFull) BOOST_TEST_CONTEXT(error.what() << ", " << plan->fired())
        BOOST_TEST((code == Code::diskFull || code == Code::io));
      }
      const bool reached = !plan->fired().empty();
      const std::string where = plan->fired();
      if (power) plan->powerCut(index);
      plan->recover();
      BOOST_TEST_CONTEXT("write " << index << ": " << where) {
        const int found = act.found(sound);
        BOOST_TEST((found == 0 || found == 1));
        if (acknowledged) BOOST_TEST(found == 1);
        // It works again.
        if (found == 0) act.perform(sound);
        BOOST_TEST(act.found(sound) == 1);
      }
      setContentOfFolder(sound.folder, before);
      if (!reached) return index;
    }
  }

  // With a stride each fault has other writes than the one before.
  void tried(const Opening& site, const Act& act, std::uint64_t leastWrites, std::uint64_t stride = 1) {
    std::uint64_t first = 0;
    const auto next = [&] { return 1 + first++ % stride; };
    for (const Fault fault : {Fault::diskFull, Fault::inputOutput, Fault::shortWrite, Fault::crash})
      BOOST_TEST(everywhere(site, fault, act, false, next(), stride) > leastWrites);
    BOOST_TEST(everywhere(site, Fault::crash, act, true, next(), stride) > leastWrites);
  }
};

// For acts that write a hundred times.
inline std::uint64_t strideOfMany() { return numberFrom("CINNABAR_FAULTS", 4); }

inline bool clean(Store& store) {
  const nlohmann::json verdict = verifySite(store, {});
  if (!verdict.at("ok").get<bool>()) BOOST_TEST_MESSAGE(verdict.dump());
  return verdict.at("ok");
}

}  // namespace cinnabar::test
