#include "tests/fault/fault_files.h"

#include <algorithm>
#include <limits>

#include "core/base/error.h"

namespace cinnabar::test {
namespace {

[[noreturn]] void fail(Fault fault, const std::string& what) {
  throw Error(fault == Fault::diskFull ? Code::diskFull : Code::io, what + " failed as planned");
}

class FaultyAppender : public Appender {
 public:
  FaultyAppender(std::unique_ptr<Appender> system, std::shared_ptr<FaultPlan> plan, std::string path)
      : system_(std::move(system)), plan_(std::move(plan)), path_(std::move(path)) {}

  void append(BytesView bytes) override {
    const std::string what = "appending to " + path_;
    const auto fault = plan_->changing(what);
    if (!fault) return write(bytes);
    if (*fault == Fault::shortWrite) write(bytes.first(bytes.size() / 2));
    fail(*fault, what);
  }
  void sync() override {
    const std::string what = "syncing " + path_;
    if (const auto fault = plan_->changing(what)) fail(*fault, what);
    system_->sync();
    plan_->unsynced().synced(path_);
  }

 private:
  void write(BytesView bytes) {
    system_->append(bytes);
    plan_->unsynced().wrote(path_, written_bytes_, bytes, {}, written_bytes_);
    written_bytes_ += bytes.size();
  }

  std::unique_ptr<Appender> system_;
  std::shared_ptr<FaultPlan> plan_;
  std::string path_;
  std::uint64_t written_bytes_ = 0;
};

}  // namespace

FaultyFiles::FaultyFiles(std::shared_ptr<FaultPlan> plan, std::string vfsName)
    : plan_(std::move(plan)), system_(Environment::system().files), vfs_(std::move(vfsName), plan_) {}

void FaultyFiles::changes(const std::string& what) const {
  if (const auto fault = plan_->changing(what)) fail(*fault, what);
}

void FaultyFiles::reads(const std::string& what) const {
  if (const auto fault = plan_->reading(what)) fail(*fault, what);
}

void FaultyFiles::lives() const {
  if (plan_->crashed()) fail(Fault::crash, "looking at the disk");
}

Bytes FaultyFiles::contentOf(const std::string& path) const {
  return system_->exists(path) ? system_->read(path, std::numeric_limits<std::size_t>::max()) : Bytes();
}

Bytes FaultyFiles::read(const std::string& path, std::size_t most_bytes) {
  reads("reading " + path);
  return system_->read(path, most_bytes);
}

Bytes FaultyFiles::readPart(const std::string& path, std::uint64_t offset, std::size_t most_bytes) {
  reads("reading " + path);
  return system_->readPart(path, offset, most_bytes);
}

void FaultyFiles::replace(const std::string& path, BytesView bytes) {
  const std::string beside = path + ".new";
  try {
    const auto file = append(beside);
    file->append(bytes);
    file->sync();
  } catch (const Error&) {
    if (!plan_->crashed() && system_->exists(beside)) {
      plan_->unsynced().removed(beside, contentOf(beside));
      system_->remove(beside);
    }
    throw;
  }
  rename(beside, path);
}

void FaultyFiles::note(const std::string& path, BytesView bytes) {
  const std::string what = "noting in " + path;
  const auto fault = plan_->changing(what);
  if (!fault) return writeNote(path, bytes);
  if (*fault == Fault::shortWrite) {
    Bytes half = contentOf(path);
    half.resize(std::max(half.size(), bytes.size() / 2));
    std::copy_n(bytes.begin(), bytes.size() / 2, half.begin());
    writeNote(path, half);
  }
  fail(*fault, what);
}

// Written over in place, then cut to its length, as the system does.
void FaultyFiles::writeNote(const std::string& path, BytesView bytes) {
  const bool makes = !system_->exists(path);
  Bytes before = contentOf(path);
  system_->note(path, bytes);
  if (makes) plan_->unsynced().made(path);
  const std::size_t size_before = before.size();
  Bytes tail(before.begin() + static_cast<std::ptrdiff_t>(std::min(size_before, bytes.size())), before.end());
  before.resize(std::min(size_before, bytes.size()));
  plan_->unsynced().wrote(path, 0, bytes, std::move(before), size_before);
  if (!tail.empty()) plan_->unsynced().resized(path, bytes.size(), std::move(tail), size_before);
}

std::unique_ptr<Appender> FaultyFiles::append(const std::string& path) {
  changes("making " + path);
  const bool makes = !system_->exists(path);
  Bytes before = contentOf(path);
  auto file = system_->append(path);
  const std::size_t size_before = before.size();
  if (makes)
    plan_->unsynced().made(path);
  else
    plan_->unsynced().resized(path, 0, std::move(before), size_before);
  return std::make_unique<FaultyAppender>(std::move(file), plan_, path);
}

std::uint64_t FaultyFiles::size(const std::string& path) {
  reads("looking at " + path);
  return system_->size(path);
}

bool FaultyFiles::exists(const std::string& path) {
  lives();
  return system_->exists(path);
}

bool FaultyFiles::isFolder(const std::string& path) {
  lives();
  return system_->isFolder(path);
}

void FaultyFiles::remove(const std::string& path) {
  changes("removing " + path);
  if (!system_->exists(path)) return;
  Bytes content = contentOf(path);
  system_->remove(path);
  plan_->unsynced().removed(path, std::move(content));
}

void FaultyFiles::rename(const std::string& from, const std::string& to) {
  changes("renaming to " + to);
  system_->rename(from, to);
  plan_->unsynced().renamed(from, to);
}

void FaultyFiles::makeFolder(const std::string& path) {
  changes("making folder " + path);
  system_->makeFolder(path);
}

void FaultyFiles::removeFolder(const std::string& path) {
  changes("removing folder " + path);
  system_->removeFolder(path);
  plan_->unsynced().removedFolder(path);
}

std::vector<std::string> FaultyFiles::list(const std::string& folder) {
  reads("listing " + folder);
  return system_->list(folder);
}

void FaultyFiles::syncFile(const std::string& path) {
  changes("syncing " + path);
  system_->syncFile(path);
  plan_->unsynced().synced(path);
}

// Half of it may be zeros when it fails: what is overwritten is read by nobody any more.
void FaultyFiles::overwrite(const std::string& path) {
  const std::string what = "overwriting " + path;
  const auto fault = plan_->changing(what);
  if (fault && *fault != Fault::shortWrite) fail(*fault, what);
  if (fault) {
    Bytes half = contentOf(path);
    std::fill_n(half.begin(), half.size() / 2, Byte{0});
    writeNote(path, half);
    fail(*fault, what);
  }
  system_->overwrite(path);
  plan_->unsynced().synced(path);
}

// The kernel takes it from a dying process, too.
std::unique_ptr<FolderHold> FaultyFiles::hold(const std::string& folder) {
  lives();
  return system_->hold(folder);
}

}  // namespace cinnabar::test
