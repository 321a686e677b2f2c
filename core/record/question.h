// One question of a reader to the views: what it may cost, that it reaches nothing else, and how a failure is told.
#pragma once
#include <string>

#include "core/base/environment.h"
#include "core/base/error.h"
#include "core/vault/sqlite.h"

namespace cinnabar {

// What one statement may cost, in steps of SQLite's machine, in memory and in what it returns: a reader's
// question must not stop the host. Steps, so that the same question has the same answer on every machine; a step
// over texts of many megabytes takes long, so that time ends what steps would not.
inline constexpr int stepsBetweenLooks = 1000;
inline constexpr std::int64_t mostLooks = 200'000;
inline constexpr std::int64_t mostTime_ms = 60'000;
inline constexpr std::int64_t mostMemory_bytes = std::int64_t{256} << 20;
inline constexpr std::size_t mostResult_bytes = std::size_t{64} << 20;
inline constexpr int longestCell_bytes = 16 << 20;

class Budget {
 public:
  Budget(sqlite3* db, Clock& clock)
      : db_(db), clock_(clock), begin_ms_(clock.steady_ms()), memory_bytes_(sqlite3_memory_used()) {
    sqlite3_progress_handler(db, stepsBetweenLooks, &Budget::look, this);
  }
  ~Budget() { sqlite3_progress_handler(db_, 0, nullptr, nullptr); }
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  void returns(std::size_t size_bytes) {
    result_bytes_ += size_bytes;
    if (result_bytes_ > mostResult_bytes) throw Error(Code::limit, "the answer is too long: ask for less");
  }

 private:
  static int look(void* self) {
    auto& budget = *static_cast<Budget*>(self);
    return ++budget.looks_ > mostLooks || sqlite3_memory_used() - budget.memory_bytes_ > mostMemory_bytes ||
           budget.clock_.steady_ms() - budget.begin_ms_ > mostTime_ms;
  }
  sqlite3* db_;
  Clock& clock_;
  std::int64_t begin_ms_;
  std::int64_t memory_bytes_;
  std::int64_t looks_ = 0;
  std::size_t result_bytes_ = 0;
};

// While it stands, the authorizer lets nothing through but reading the views.
class Restricted {
 public:
  explicit Restricted(bool& flag) : flag_(flag) { flag_ = true; }
  ~Restricted() { flag_ = false; }

 private:
  bool& flag_;
};

// Throws `error` in the words that a reader may hear.
[[noreturn]] void explain(const Error& error, const std::string& what);

}  // namespace cinnabar
