#include "tests/fault/fault_vfs.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <new>
#include <stdexcept>

namespace cinnabar::test {
namespace {

// What SQLite allocates for an open file; the system's own file follows it in memory.
struct OpenFile {
  sqlite3_file base;
  FaultPlan* plan;
  std::string* path;  // empty: a temporary one, of which nothing outlives the process
};

OpenFile& mine(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
sqlite3_file* systems(sqlite3_file* file) { return reinterpret_cast<sqlite3_file*>(&mine(file) + 1); }
const sqlite3_io_methods& methodsOf(sqlite3_file* system) { return *system->pMethods; }

std::string words(const char* doing, sqlite3_file* file, sqlite3_int64 offset = -1) {
  std::string out = std::string(doing) + " " + (mine(file).path->empty() ? "a temporary file" : *mine(file).path);
  if (offset >= 0) out += " at " + std::to_string(offset);
  return out;
}

std::uint64_t sizeOf(sqlite3_file* system) {
  sqlite3_int64 size = 0;
  methodsOf(system).xFileSize(system, &size);
  return static_cast<std::uint64_t>(size);
}

// What is there of the `size` bytes from `offset` on.
Bytes existing(sqlite3_file* system, std::uint64_t offset, std::uint64_t size) {
  const std::uint64_t end = std::min(sizeOf(system), offset + size);
  Bytes out(end > offset ? end - offset : 0);
  if (!out.empty())
    methodsOf(system).xRead(system, out.data(), static_cast<int>(out.size()), static_cast<sqlite3_int64>(offset));
  return out;
}

int writeThrough(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  sqlite3_file* const system = systems(file);
  const auto from = static_cast<std::uint64_t>(offset);
  const auto length = static_cast<std::size_t>(size);
  const std::uint64_t size_before = sizeOf(system);
  Bytes before = existing(system, from, length);
  const int status = methodsOf(system).xWrite(system, bytes, size, offset);
  if (status == SQLITE_OK && !mine(file).path->empty())
    mine(file).plan->unsynced().wrote(*mine(file).path, from, {static_cast<const Byte*>(bytes), length},
                                      std::move(before), size_before);
  return status;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  const auto fault = mine(file).plan->changing(words("writing", file, offset));
  if (!fault) return writeThrough(file, bytes, size, offset);
  switch (*fault) {
    case Fault::shortWrite: writeThrough(file, bytes, size / 2, offset); return SQLITE_IOERR_WRITE;
    case Fault::diskFull: return SQLITE_FULL;
    case Fault::inputOutput: return SQLITE_IOERR_WRITE;
    case Fault::crash: break;
  }
  return SQLITE_IOERR;
}

int read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  if (const auto fault = mine(file).plan->reading(words("reading", file, offset)))
    return *fault == Fault::crash ? SQLITE_IOERR : SQLITE_IOERR_READ;
  return methodsOf(systems(file)).xRead(systems(file), bytes, size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (const auto fault = mine(file).plan->changing(words("truncating", file, size)))
    return *fault == Fault::crash ? SQLITE_IOERR : SQLITE_IOERR_TRUNCATE;
  sqlite3_file* const system = systems(file);
  const std::uint64_t size_before = sizeOf(system);
  const auto size_after = static_cast<std::uint64_t>(size);
  Bytes lost = existing(system, size_after, size_before > size_after ? size_before - size_after : 0);
  const int status = methodsOf(system).xTruncate(system, size);
  if (status == SQLITE_OK && !mine(file).path->empty())
    mine(file).plan->unsynced().resized(*mine(file).path, size_after, std::move(lost), size_before);
  return status;
}

int sync(sqlite3_file* file, int flags) {
  if (const auto fault = mine(file).plan->changing(words("syncing", file)))
    return *fault == Fault::crash ? SQLITE_IOERR : SQLITE_IOERR_FSYNC;
  const int status = methodsOf(systems(file)).xSync(systems(file), flags);
  if (status == SQLITE_OK && !mine(file).path->empty()) mine(file).plan->unsynced().synced(*mine(file).path);
  return status;
}

// Closing, unlocking and unmapping always succeed: a dying process does them too.
int close(sqlite3_file* file) {
  const int status = methodsOf(systems(file)).xClose(systems(file));
  mine(file).plan->closed();
  delete mine(file).path;
  return status;
}

int unlock(sqlite3_file* file, int lock) { return methodsOf(systems(file)).xUnlock(systems(file), lock); }

int lock(sqlite3_file* file, int wanted) {
  return mine(file).plan->crashed() ? SQLITE_IOERR : methodsOf(systems(file)).xLock(systems(file), wanted);
}

int fileSize(sqlite3_file* file, sqlite3_int64* size) {
  return mine(file).plan->crashed() ? SQLITE_IOERR : methodsOf(systems(file)).xFileSize(systems(file), size);
}

int checkReservedLock(sqlite3_file* file, int* held) {
  return mine(file).plan->crashed() ? SQLITE_IOERR : methodsOf(systems(file)).xCheckReservedLock(systems(file), held);
}

int fileControl(sqlite3_file* file, int request, void* argument) {
  return mine(file).plan->crashed() ? SQLITE_IOERR
                                    : methodsOf(systems(file)).xFileControl(systems(file), request, argument);
}

int sectorSize(sqlite3_file* file) { return methodsOf(systems(file)).xSectorSize(systems(file)); }

int deviceCharacteristics(sqlite3_file* file) { return methodsOf(systems(file)).xDeviceCharacteristics(systems(file)); }

int shmMap(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
  if (mine(file).plan->crashed()) return SQLITE_IOERR;
  if (extend != 0) {
    if (const auto fault = mine(file).plan->changing(words("growing the shared memory of", file)))
      return *fault == Fault::crash ? SQLITE_IOERR : SQLITE_IOERR_SHMSIZE;
  }
  return methodsOf(systems(file)).xShmMap(systems(file), region, size, extend, memory);
}

int shmLock(sqlite3_file* file, int offset, int count, int flags) {
  if ((flags & SQLITE_SHM_UNLOCK) == 0 && mine(file).plan->crashed()) return SQLITE_IOERR;
  return methodsOf(systems(file)).xShmLock(systems(file), offset, count, flags);
}

void shmBarrier(sqlite3_file* file) { methodsOf(systems(file)).xShmBarrier(systems(file)); }

int shmUnmap(sqlite3_file* file, int remove) {
  return methodsOf(systems(file)).xShmUnmap(systems(file), mine(file).plan->crashed() ? 0 : remove);
}

// Version 2: without xFetch, so that SQLite never maps a file.
constexpr sqlite3_io_methods fileMethods = {2,
                                            close,
                                            read,
                                            write,
                                            truncate,
                                            sync,
                                            fileSize,
                                            lock,
                                            unlock,
                                            checkReservedLock,
                                            fileControl,
                                            sectorSize,
                                            deviceCharacteristics,
                                            shmMap,
                                            shmLock,
                                            shmBarrier,
                                            shmUnmap,
                                            nullptr,
                                            nullptr};

FaultVfs& faulty(sqlite3_vfs* vfs) { return *static_cast<FaultVfs*>(vfs->pAppData); }
sqlite3_vfs* systems(sqlite3_vfs* vfs) { return faulty(vfs).system(); }

int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* flagsOut) {
  FaultPlan& plan = faulty(vfs).plan();
  const bool makes = (flags & SQLITE_OPEN_CREATE) != 0 && (name == nullptr || ::access(name, F_OK) != 0);
  const bool outlives = name != nullptr && (flags & SQLITE_OPEN_DELETEONCLOSE) == 0;
  file->pMethods = nullptr;
  if (plan.crashed()) return SQLITE_IOERR;
  if (makes) {
    if (const auto fault = plan.changing(std::string("making ") + (name == nullptr ? "a temporary file" : name)))
      return *fault == Fault::crash ? SQLITE_IOERR : SQLITE_CANTOPEN;
  }
  const int status = systems(vfs)->xOpen(systems(vfs), name, systems(file), flags, flagsOut);
  if (systems(file)->pMethods == nullptr) return status;
  mine(file).plan = &plan;
  mine(file).path = new std::string(outlives ? name : "");
  file->pMethods = &fileMethods;
  plan.opened();
  if (status == SQLITE_OK && makes && outlives) plan.unsynced().made(name);
  return status;
}

int remove(sqlite3_vfs* vfs, const char* name, int syncFolder) {
  FaultPlan& plan = faulty(vfs).plan();
  if (const auto fault = plan.changing(std::string("deleting ") + name))
    return *fault == Fault::crash ? SQLITE_IOERR : SQLITE_IOERR_DELETE;
  std::ifstream content(name, std::ios::binary);
  Bytes lost{std::istreambuf_iterator<char>(content), std::istreambuf_iterator<char>()};
  const int status = systems(vfs)->xDelete(systems(vfs), name, syncFolder);
  if (status != SQLITE_OK) return status;
  if (syncFolder != 0)
    plan.unsynced().synced(name);
  else
    plan.unsynced().removed(name, std::move(lost));
  return status;
}

int access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
  return faulty(vfs).plan().crashed() ? SQLITE_IOERR : systems(vfs)->xAccess(systems(vfs), name, flags, result);
}

int fullPathname(sqlite3_vfs* vfs, const char* name, int size, char* out) {
  return systems(vfs)->xFullPathname(systems(vfs), name, size, out);
}

int randomness(sqlite3_vfs* vfs, int size, char* out) { return systems(vfs)->xRandomness(systems(vfs), size, out); }
int sleep(sqlite3_vfs* vfs, int microseconds) { return systems(vfs)->xSleep(systems(vfs), microseconds); }
int currentTime(sqlite3_vfs* vfs, double* out) { return systems(vfs)->xCurrentTime(systems(vfs), out); }
int lastError(sqlite3_vfs* vfs, int size, char* out) { return systems(vfs)->xGetLastError(systems(vfs), size, out); }
int currentTimeInt64(sqlite3_vfs* vfs, sqlite3_int64* out) {
  return systems(vfs)->xCurrentTimeInt64(systems(vfs), out);
}

}  // namespace

FaultVfs::FaultVfs(std::string name, std::shared_ptr<FaultPlan> plan)
    : name_(std::move(name)), plan_(std::move(plan)), system_(sqlite3_vfs_find(nullptr)) {
  methods_.iVersion = 2;
  methods_.szOsFile = static_cast<int>(sizeof(OpenFile)) + system_->szOsFile;
  methods_.mxPathname = system_->mxPathname;
  methods_.zName = name_.c_str();
  methods_.pAppData = this;
  methods_.xOpen = open;
  methods_.xDelete = remove;
  methods_.xAccess = access;
  methods_.xFullPathname = fullPathname;
  methods_.xRandomness = randomness;
  methods_.xSleep = sleep;
  methods_.xCurrentTime = currentTime;
  methods_.xGetLastError = lastError;
  methods_.xCurrentTimeInt64 = currentTimeInt64;
  if (sqlite3_vfs_find(name_.c_str()) != nullptr) throw std::logic_error(name_ + " is registered already");
  if (sqlite3_vfs_register(&methods_, 0) != SQLITE_OK) throw std::bad_alloc();
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&methods_); }

}  // namespace cinnabar::test
