#include "core/base/environment.h"

#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>

#include "core/base/error.h"

namespace cinnabar {
namespace {

[[noreturn]] void throwErrno(const std::string& doing, const std::string& path) {
  const int number = errno;
  Code code = Code::io;
  if (number == ENOENT || number == ENOTDIR) code = Code::notFound;
  if (number == ENOSPC || number == EDQUOT) code = Code::diskFull;
  if (number == EROFS || number == EACCES || number == EPERM) code = Code::readOnly;
  throw Error(code, doing + " " + path + ": " + std::strerror(number));
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags, mode_t mode = 0600)
      : path_(path), number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (number_ < 0) throwErrno("cannot open", path);
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void write(BytesView bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::write(number_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throwErrno("cannot write", path_);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
  }
  int number() const { return number_; }
  void sync() const {
    if (::fsync(number_) != 0) throwErrno("cannot sync", path_);
  }
  void truncate(std::size_t size_bytes) const {
    if (::ftruncate(number_, static_cast<off_t>(size_bytes)) != 0) throwErrno("cannot cut", path_);
  }
  Bytes readAt(std::uint64_t offset, std::size_t most_bytes) const {
    Bytes out(most_bytes);
    std::size_t have = 0;
    while (have < most_bytes) {
      const ssize_t n = ::pread(number_, out.data() + have, most_bytes - have, static_cast<off_t>(offset + have));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throwErrno("cannot read", path_);
      if (n == 0) break;
      have += static_cast<std::size_t>(n);
    }
    out.resize(have);
    return out;
  }
  Bytes readAll(std::size_t most_bytes) const {
    Bytes out;
    Byte buffer[65536];
    for (;;) {
      const ssize_t n = ::read(number_, buffer, sizeof buffer);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throwErrno("cannot read", path_);
      if (n == 0) return out;
      if (out.size() + static_cast<std::size_t>(n) > most_bytes)
        throw Error(Code::limit, path_ + " is longer than " + std::to_string(most_bytes) + " bytes");
      out.insert(out.end(), buffer, buffer + n);
    }
  }

 private:
  std::string path_;
  int number_;
};

std::string folderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

class SystemClock : public Clock {
 public:
  Now now() override {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
    const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
    std::tm local{};
    localtime_r(&seconds, &local);
    return {ms, static_cast<int>(local.tm_gmtoff / 60)};
  }
  std::int64_t steady_ms() override {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  }
};

class SystemRandom : public Random {
 public:
  void fill(std::span<Byte> out) override { randombytes_buf(out.data(), out.size()); }
};

class SystemAppender : public Appender {
 public:
  explicit SystemAppender(const std::string& path) : file_(path, O_WRONLY | O_CREAT | O_TRUNC) {}
  void append(BytesView bytes) override { file_.write(bytes); }
  void sync() override { file_.sync(); }

 private:
  Descriptor file_;
};

// An advisory lock on the folder itself: it goes with the process, and leaves no file behind.
class SystemHold : public FolderHold {
 public:
  explicit SystemHold(const std::string& folder) : path_(folder), folder_(folder, O_RDONLY | O_DIRECTORY) { share(); }
  void share() override { lock(LOCK_SH); }
  void alone() override { lock(LOCK_EX); }

 private:
  void lock(int kind) {
    while (::flock(folder_.number(), kind | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) throwErrno("cannot hold", path_);
      throw Error(Code::busy, kind == LOCK_EX ? path_ + " is open elsewhere: close it there first"
                                              : "the files of " + path_ + " are being exchanged: try again later");
    }
  }
  std::string path_;
  Descriptor folder_;
};

class SystemFiles : public Files {
 public:
  Bytes read(const std::string& path, std::size_t most_bytes) override {
    return Descriptor(path, O_RDONLY).readAll(most_bytes);
  }
  Bytes readPart(const std::string& path, std::uint64_t offset, std::size_t most_bytes) override {
    return Descriptor(path, O_RDONLY).readAt(offset, most_bytes);
  }
  void replace(const std::string& path, BytesView bytes) override {
    const std::string beside = path + ".new";
    try {
      const Descriptor file(beside, O_WRONLY | O_CREAT | O_TRUNC);
      file.write(bytes);
      file.sync();
    } catch (const Error&) {
      ::unlink(beside.c_str());
      throw;
    }
    rename(beside, path);
  }
  void note(const std::string& path, BytesView bytes) override {
    const Descriptor file(path, O_WRONLY | O_CREAT);
    file.write(bytes);
    file.truncate(bytes.size());
  }
  std::unique_ptr<Appender> append(const std::string& path) override { return std::make_unique<SystemAppender>(path); }
  std::uint64_t size(const std::string& path) override {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) throwErrno("cannot look at", path);
    return static_cast<std::uint64_t>(status.st_size);
  }
  bool exists(const std::string& path) override { return ::access(path.c_str(), F_OK) == 0; }
  bool isFolder(const std::string& path) override {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  }
  void remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) throwErrno("cannot remove", path);
  }
  void rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) throwErrno("cannot rename to", to);
    Descriptor(folderOf(to), O_RDONLY | O_DIRECTORY).sync();
  }
  void makeFolder(const std::string& path) override {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) throwErrno("cannot make folder", path);
  }
  void removeFolder(const std::string& path) override {
    if (::rmdir(path.c_str()) != 0) throwErrno("cannot remove folder", path);
  }
  std::vector<std::string> list(const std::string& folder) override {
    DIR* open = ::opendir(folder.c_str());
    if (open == nullptr) throwErrno("cannot list", folder);
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(open)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    ::closedir(open);
    std::sort(names.begin(), names.end());
    return names;
  }
  void syncFile(const std::string& path) override { Descriptor(path, O_RDONLY).sync(); }
  void overwrite(const std::string& path) override {
    const Bytes zeros(std::size_t{1} << 20);
    std::uint64_t left = size(path);
    const Descriptor file(path, O_WRONLY);
    for (; left > 0; left -= std::min<std::uint64_t>(left, zeros.size()))
      file.write(BytesView(zeros).first(static_cast<std::size_t>(std::min<std::uint64_t>(left, zeros.size()))));
    file.sync();
  }
  std::unique_ptr<FolderHold> hold(const std::string& folder) override { return std::make_unique<SystemHold>(folder); }
  const char* vfs() const override { return nullptr; }
};

}  // namespace

Environment Environment::system() {
  if (sodium_init() < 0) throw Error(Code::internal, "libsodium cannot start on this machine");
  return {std::make_shared<SystemClock>(), std::make_shared<SystemRandom>(), std::make_shared<SystemFiles>()};
}

}  // namespace cinnabar
