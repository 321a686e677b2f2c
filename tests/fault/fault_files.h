// The files of an environment, failing as a plan says: those that are not databases here, databases through the
// VFS of the same plan.
#pragma once
#include <memory>
#include <string>

#include "core/base/environment.h"
#include "tests/fault/fault_vfs.h"

namespace cinnabar::test {

// Wraps the system's files. `replace` goes in the steps that the system's takes (make, write, sync, rename), so
// that a fault can stand between any two of them. Thread-safe as far as the wrapped one is.
class FaultyFiles : public Files {
 public:
  // `vfsName` must not be registered yet.
  FaultyFiles(std::shared_ptr<FaultPlan> plan, std::string vfsName);

  Bytes read(const std::string& path, std::size_t most_bytes) override;
  Bytes readPart(const std::string& path, std::uint64_t offset, std::size_t most_bytes) override;
  void replace(const std::string& path, BytesView bytes) override;
  void note(const std::string& path, BytesView bytes) override;
  std::unique_ptr<Appender> append(const std::string& path) override;
  std::uint64_t size(const std::string& path) override;
  bool exists(const std::string& path) override;
  bool isFolder(const std::string& path) override;
  void remove(const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override;
  void makeFolder(const std::string& path) override;
  void removeFolder(const std::string& path) override;
  std::vector<std::string> list(const std::string& folder) override;
  void syncFile(const std::string& path) override;
  void overwrite(const std::string& path) override;
  std::unique_ptr<FolderHold> hold(const std::string& folder) override;
  const char* vfs() const override { return vfs_.name(); }

  FaultPlan& plan() const { return *plan_; }

 private:
  void changes(const std::string& what) const;
  void reads(const std::string& what) const;
  void lives() const;
  Bytes contentOf(const std::string& path) const;
  void writeNote(const std::string& path, BytesView bytes);

  std::shared_ptr<FaultPlan> plan_;
  std::shared_ptr<Files> system_;
  FaultVfs vfs_;
};

}  // namespace cinnabar::test
