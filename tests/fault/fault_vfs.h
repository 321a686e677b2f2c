// A file system for SQLite that fails as a plan says, wrapped around the system's own. It sits below the cipher:
// what passes through here are encrypted pages.
#pragma once
#include <sqlcipher/sqlite3.h>

#include <memory>
#include <string>

#include "tests/fault/fault_plan.h"

namespace cinnabar::test {

// Registered under `name` while it lives; every connection that uses it must be closed before it goes. Memory maps
// are refused, so that no read or write passes by. What connections share through "-shm" is memory and is not
// counted, only the growing of that file.
class FaultVfs {
 public:
  FaultVfs(std::string name, std::shared_ptr<FaultPlan> plan);
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  const char* name() const { return name_.c_str(); }
  FaultPlan& plan() const { return *plan_; }
  sqlite3_vfs* system() const { return system_; }

 private:
  std::string name_;
  std::shared_ptr<FaultPlan> plan_;
  sqlite3_vfs* system_;
  sqlite3_vfs methods_{};
};

}  // namespace cinnabar::test
