// Everything that is not a function of its arguments: clock, randomness, files. Injected, so that a
// whole prefecture runs from one seed and a fault can be put at any read or write.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace cinnabar {

struct Now {
  std::int64_t ms = 0;    // since 1970 UTC
  int offsetMinutes = 0;  // of the place
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Now now() = 0;
  // For how long a piece of work takes, never for what is kept: only grows. Stands still where nothing is measured.
  virtual std::int64_t steady_ms() { return 0; }
};

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<Byte> out) = 0;
};

// Grows one new file. Throws diskFull, readOnly, io.
class Appender {
 public:
  virtual ~Appender() = default;
  virtual void append(BytesView bytes) = 0;
  virtual void sync() = 0;
};

// Holds a folder against other programs, and other handles of this one, for as long as it lives.
class FolderHold {
 public:
  virtual ~FolderHold() = default;
  // Shared by those who use what is in the folder; alone for who exchanges its files. Throws busy if others stand in
  // the way, and then holds it as before, or not at all.
  virtual void share() = 0;
  virtual void alone() = 0;
};

// Whole files, for what is not a database: keyring, notes, bundles. All throw Error{io, diskFull,
// readOnly, notFound} that name the path.
class Files {
 public:
  virtual ~Files() = default;
  // Throws Code::limit if longer than `most_bytes`.
  virtual Bytes read(const std::string& path, std::size_t most_bytes) = 0;
  // What there is from `offset` on, at most `most_bytes`.
  virtual Bytes readPart(const std::string& path, std::uint64_t offset, std::size_t most_bytes) = 0;
  // All or nothing: written beside, synced, renamed, the folder synced.
  virtual void replace(const std::string& path, BytesView bytes) = 0;
  // In place and not synced: for notes of which an older one is harmless.
  virtual void note(const std::string& path, BytesView bytes) = 0;
  // A new or emptied file that grows.
  virtual std::unique_ptr<Appender> append(const std::string& path) = 0;
  virtual std::uint64_t size(const std::string& path) = 0;
  virtual bool exists(const std::string& path) = 0;
  virtual bool isFolder(const std::string& path) = 0;
  virtual void remove(const std::string& path) = 0;
  virtual void rename(const std::string& from, const std::string& to) = 0;
  virtual void makeFolder(const std::string& path) = 0;
  virtual void removeFolder(const std::string& path) = 0;
  virtual std::vector<std::string> list(const std::string& folder) = 0;
  virtual void syncFile(const std::string& path) = 0;  // a folder's names, too
  // Zeros over all that a file holds, synced. Where storage writes elsewhere than it is told (flash, copy on write) the
  // old bytes stay somewhere.
  virtual void overwrite(const std::string& path) = 0;
  // Shared. Throws busy while somebody holds the folder alone.
  virtual std::unique_ptr<FolderHold> hold(const std::string& folder) = 0;
  // The SQLite VFS below the cipher; null: the system's own.
  virtual const char* vfs() const = 0;
};

struct Environment {
  std::shared_ptr<Clock> clock;
  std::shared_ptr<Random> random;
  std::shared_ptr<Files> files;

  // The machine's own clock, libsodium's generator, the file system.
  static Environment system();
};

}  // namespace cinnabar
