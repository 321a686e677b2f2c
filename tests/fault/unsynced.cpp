#include "tests/fault/unsynced.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <random>
#include <system_error>

namespace cinnabar::test {
namespace {

class RawFile {
 public:
  explicit RawFile(const std::string& path)
      : path_(path), number_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (number_ < 0) fail();
  }
  ~RawFile() { ::close(number_); }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  void write(std::uint64_t offset, BytesView bytes) const {
    if (::pwrite(number_, bytes.data(), bytes.size(), static_cast<off_t>(offset)) != static_cast<ssize_t>(bytes.size()))
      fail();
  }
  void resize(std::uint64_t size_bytes) const {
    if (::ftruncate(number_, static_cast<off_t>(size_bytes)) != 0) fail();
  }

 private:
  [[noreturn]] void fail() const { throw std::system_error(errno, std::generic_category(), path_); }
  std::string path_;
  int number_;
};

}  // namespace

std::string spellingOf(const std::string& path) {
  return std::filesystem::weakly_canonical(std::filesystem::absolute(path)).string();
}

// How lucky a file is differs from cut to cut, so that all, none and a mixture happen often.
class Unsynced::Luck {
 public:
  explicit Luck(std::uint64_t seed) : random_(seed), sector_bytes_(random_() % 2 == 0 ? 512 : 4096) {}
  void newFile() {
    static constexpr std::uint64_t chances_percent[] = {0, 15, 50, 85, 100};
    chance_percent_ = chances_percent[random_() % std::size(chances_percent)];
  }
  bool lands() { return random_() % 100 < chance_percent_; }
  std::uint64_t sector_bytes() const { return sector_bytes_; }

 private:
  std::mt19937_64 random_;
  std::uint64_t sector_bytes_;
  std::uint64_t chance_percent_ = 0;
};

void Unsynced::add(const std::string& path, Change change) {
  const std::lock_guard lock(mutex_);
  changes_[spellingOf(path)].push_back(std::move(change));
}

void Unsynced::made(const std::string& path) { add(path, {Kind::made, 0, {}, {}, 0}); }

void Unsynced::wrote(const std::string& path, std::uint64_t offset, BytesView after, Bytes before,
                     std::uint64_t size_before) {
  add(path, {Kind::wrote, offset, std::move(before), Bytes(after.begin(), after.end()), size_before});
}

void Unsynced::resized(const std::string& path, std::uint64_t size_after, Bytes before, std::uint64_t size_before) {
  add(path, {Kind::resized, size_after, std::move(before), {}, size_before});
}

void Unsynced::removed(const std::string& path, Bytes content) {
  const std::uint64_t size = content.size();
  add(path, {Kind::removed, 0, std::move(content), {}, size});
}

void Unsynced::renamed(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  const std::string target = spellingOf(to), source = spellingOf(from);
  changes_.erase(target);
  std::vector<std::string> names;
  for (const auto& [name, changes] : changes_)
    if (name == source || name.starts_with(source + "/")) names.push_back(name);
  for (const std::string& name : names) {
    auto moved = changes_.extract(name);
    moved.key() = target + name.substr(source.size());
    changes_.insert(std::move(moved));
  }
}

void Unsynced::removedFolder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  std::erase_if(changes_, [within = spellingOf(path) + "/"](const auto& at) { return at.first.starts_with(within); });
}

void Unsynced::synced(const std::string& path) {
  const std::lock_guard lock(mutex_);
  changes_.erase(spellingOf(path));
}

bool Unsynced::holds(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return changes_.contains(spellingOf(path));
}

void Unsynced::powerCut(std::uint64_t seed) {
  const std::lock_guard lock(mutex_);
  Luck luck(seed);
  for (const auto& [path, changes] : changes_) {
    luck.newFile();
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) undo(path, *change);
    for (const Change& change : changes)
      if (!land(path, change, luck)) break;
  }
  changes_.clear();
}

void Unsynced::undo(const std::string& path, const Change& change) {
  if (change.kind == Kind::made) {
    std::filesystem::remove(path);
    return;
  }
  const RawFile file(path);
  const std::uint64_t offset = change.kind == Kind::removed ? 0 : change.offset;
  file.resize(change.size_before);
  file.write(offset, change.before);
}

// False: a name's change was lost, and with it all that came after under that name.
bool Unsynced::land(const std::string& path, const Change& change, Luck& luck) {
  switch (change.kind) {
    case Kind::made:
      if (!luck.lands()) return false;
      RawFile(path).resize(0);
      return true;
    case Kind::removed:
      if (!luck.lands()) return false;
      std::filesystem::remove(path);
      return true;
    case Kind::resized:
      if (luck.lands()) RawFile(path).resize(change.offset);
      return true;
    case Kind::wrote: break;
  }
  const std::uint64_t end = change.offset + change.after.size();
  for (std::uint64_t at = change.offset; at < end;) {
    const std::uint64_t next = std::min(end, (at / luck.sector_bytes() + 1) * luck.sector_bytes());
    if (luck.lands()) RawFile(path).write(at, BytesView(change.after).subspan(at - change.offset, next - at));
    at = next;
  }
  return true;
}

}  // namespace cinnabar::test
