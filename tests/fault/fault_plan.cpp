#include "tests/fault/fault_plan.h"

#include <stdexcept>

namespace cinnabar::test {

void FaultPlan::plan(Planned write, Planned read) {
  const std::lock_guard lock(mutex_);
  write_ = write;
  read_ = read;
  writes_ = reads_ = 0;
  fired_.clear();
}

void FaultPlan::atWrite(std::uint64_t index, Fault fault, Lasting lasting) { plan({index, fault, lasting}, {}); }

void FaultPlan::atRead(std::uint64_t index, Fault fault, Lasting lasting) { plan({}, {index, fault, lasting}); }

void FaultPlan::crash() {
  const std::lock_guard lock(mutex_);
  crashed_ = true;
}

void FaultPlan::recover() {
  plan({}, {});
  const std::lock_guard lock(mutex_);
  crashed_ = false;
}

void FaultPlan::powerCut(std::uint64_t seed) {
  crash();
  {
    const std::lock_guard lock(mutex_);
    if (open_ != 0) throw std::logic_error("close every database before the power cut");
  }
  unsynced_.powerCut(seed);
}

std::uint64_t FaultPlan::writes() const {
  const std::lock_guard lock(mutex_);
  return writes_;
}

std::uint64_t FaultPlan::reads() const {
  const std::lock_guard lock(mutex_);
  return reads_;
}

std::string FaultPlan::fired() const {
  const std::lock_guard lock(mutex_);
  return fired_;
}

bool FaultPlan::crashed() const {
  const std::lock_guard lock(mutex_);
  return crashed_;
}

std::optional<Fault> FaultPlan::changing(const std::string& what) { return count(writes_, write_, what); }

std::optional<Fault> FaultPlan::reading(const std::string& what) { return count(reads_, read_, what); }

std::optional<Fault> FaultPlan::count(std::uint64_t& counter, const Planned& planned, const std::string& what) {
  const std::lock_guard lock(mutex_);
  if (crashed_) return Fault::crash;
  ++counter;
  const bool now =
      planned.index != 0 && (planned.lasting == Lasting::once ? counter == planned.index : counter >= planned.index);
  if (!now) return std::nullopt;
  if (fired_.empty()) fired_ = what;
  if (planned.fault == Fault::crash) crashed_ = true;
  return planned.fault;
}

void FaultPlan::opened() {
  const std::lock_guard lock(mutex_);
  ++open_;
}

void FaultPlan::closed() {
  const std::lock_guard lock(mutex_);
  --open_;
}

}  // namespace cinnabar::test
