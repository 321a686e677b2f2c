// When and how storage fails. One plan is shared by everything below the product: the databases' files
// (fault_vfs.h) and all others (fault_files.h), so that one number names one moment of a whole run.
#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "tests/fault/unsynced.h"

namespace cinnabar::test {

enum class Fault {
  shortWrite,   // half the bytes land, then an error; what has no bytes fails whole
  diskFull,     // nothing lands; a database hears SQLITE_FULL
  inputOutput,  // nothing lands; the error that fits the operation: write, read, sync, truncate, delete
  crash,        // the process dies: from here on everything fails and no byte reaches the disk
};

enum class Lasting { once, onwards };

// Counts operations that change files (write, truncate, sync, make, delete, rename, growing shared memory) apart
// from those that read. Thread-safe.
class FaultPlan {
 public:
  // The `index`-th changing or reading operation from now on, counted from 1. Replaces an earlier plan and
  // starts both counts at 0.
  void atWrite(std::uint64_t index, Fault fault, Lasting lasting = Lasting::once);
  void atRead(std::uint64_t index, Fault fault, Lasting lasting = Lasting::once);
  void crash();
  // No faults from here on; the machine runs again. Counts start at 0.
  void recover();
  // Crashes, and the files keep what was synced and some of the rest. Close everything that was opened, then
  // call this, then recover(). Throws std::logic_error if a database's file is still open.
  void powerCut(std::uint64_t seed);

  std::uint64_t writes() const;
  std::uint64_t reads() const;
  // Which operation failed first, in words; empty if none did.
  std::string fired() const;

  // For what carries the plan out. `what` is only for fired().
  std::optional<Fault> changing(const std::string& what);
  std::optional<Fault> reading(const std::string& what);
  bool crashed() const;
  Unsynced& unsynced() { return unsynced_; }
  void opened();
  void closed();

 private:
  struct Planned {
    std::uint64_t index = 0;  // 0: none
    Fault fault = Fault::crash;
    Lasting lasting = Lasting::once;
  };
  void plan(Planned write, Planned read);
  std::optional<Fault> count(std::uint64_t& counter, const Planned& planned, const std::string& what);

  mutable std::mutex mutex_;
  Planned write_;
  Planned read_;
  std::uint64_t writes_ = 0;
  std::uint64_t reads_ = 0;
  int open_ = 0;
  bool crashed_ = false;
  std::string fired_;
  Unsynced unsynced_;
};

}  // namespace cinnabar::test
