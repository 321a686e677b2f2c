// What a power cut could still take: for every file, the changes since it was last synced.
//
// The model: a change counts as safe once its file was synced. Until then each 512- or 4096-byte sector that a
// write touches lands or not by itself, so writes can be torn, reordered and lost; making, cutting and removing
// a file land or not as a whole. Syncing a new file also makes its name safe, as journalling file systems do.
// Not modelled: a disk that lies about a sync, and one that damages sectors nobody wrote to.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace cinnabar::test {

// One spelling for the same file, however it was named.
std::string spellingOf(const std::string& path);

// Thread-safe. The changes themselves are made by whoever tells of them.
class Unsynced {
 public:
  void made(const std::string& path);
  // `before`: what was there of the bytes written over, shorter where the file ended.
  void wrote(const std::string& path, std::uint64_t offset, BytesView after, Bytes before, std::uint64_t size_before);
  // `before`: what was cut off, empty if the file grew.
  void resized(const std::string& path, std::uint64_t size_after, Bytes before, std::uint64_t size_before);
  void removed(const std::string& path, Bytes content);
  // The rename itself is safe; what was unsynced in the file, or in the files of the folder, goes with it.
  void renamed(const std::string& from, const std::string& to);
  // Safe as well: what was in it is gone.
  void removedFolder(const std::string& path);
  // Everything done to `path` so far is on the disk, its removal included.
  void synced(const std::string& path);
  bool holds(const std::string& path) const;

  // Puts every file back to what was synced, then lets a part of the rest land as `seed` says, and forgets all.
  // No file may be open. Throws std::system_error.
  void powerCut(std::uint64_t seed);

 private:
  enum class Kind { made, wrote, resized, removed };
  struct Change {
    Kind kind;
    std::uint64_t offset = 0;  // resized: the new size
    Bytes before;
    Bytes after;
    std::uint64_t size_before = 0;
  };
  class Luck;

  void add(const std::string& path, Change change);
  static void undo(const std::string& path, const Change& change);
  static bool land(const std::string& path, const Change& change, Luck& luck);

  mutable std::mutex mutex_;
  std::map<std::string, std::vector<Change>> changes_;
};

}  // namespace cinnabar::test
