// Where exceptions end and C begins: one translation for every function.
#pragma once
#include <initializer_list>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "capi/include/cinnabar.h"
#include "core/base/error.h"
#include "core/record/transaction.h"
#include "sync/enrolment.h"
#include "sync/exchange.h"

struct cnb_transaction;

struct cnb_site {
  std::unique_ptr<cinnabar::Store> store;
  cinnabar::Environment environment;
  cinnabar::Progress progress;
  std::optional<cinnabar::UnlockedPerson> person;  // not on a snapshot
  bool snapshot = false;
  bool wrote = false;
  cnb_transaction* open = nullptr;
};

// Outlives its site only as an empty handle, which can still be released.
struct cnb_transaction {
  ~cnb_transaction() {
    if (site != nullptr) site->open = nullptr;
  }
  cnb_site* site = nullptr;
  std::unique_ptr<cinnabar::Transaction> transaction;
  bool clears = false;  // what it wrote leaves something to be scrubbed
};

namespace cinnabar::capi {

cnb_status statusOf(Code code);

// After what was written stands: whatever becomes of the clearing-up, it is tried again with the next exchange.
void clearUpAfter(Store& store);

// Within a catch block: what was thrown, as a status and as the thread's last error. Whatever it is: an exception
// that came out of a C function would end the host.
cnb_status translated() noexcept;

// Runs `body`; what it throws becomes a status, and the results that it was to fill are empty then.
template <class Body>
cnb_status guarded(std::initializer_list<cnb_buffer*> results, Body body) noexcept {
  for (cnb_buffer* result : results)
    if (result != nullptr) *result = {nullptr, 0};
  try {
    body();
    return CNB_OK;
  } catch (...) {
    for (cnb_buffer* result : results) cnb_buffer_free(result);
    return translated();
  }
}

template <class Body>
cnb_status guarded(Body body) noexcept {
  return guarded({}, std::move(body));
}

std::string_view viewOf(cnb_text text);
std::string stringOf(cnb_text text);
template <class Handle>
Handle& required(Handle* handle) {
  if (handle == nullptr) throw Error(Code::invalidArgument, "a handle or a result's place is missing");
  return *handle;
}
// Fills a result; also wiped by cnb_buffer_free, since it may hold a key.
void give(cnb_buffer* buffer, std::string_view bytes);
void give(cnb_buffer* buffer, const nlohmann::json& json);

Environment environmentOf(const cnb_options& options);
std::shared_ptr<const Catalog> catalogOf(const cnb_options* options);
Opening openingOf(cnb_text dir, const cnb_options* options);
Progress progressOf(const cnb_options& options);

Store& storeOf(cnb_site* site);
// The same, for what needs a transaction of its own or looks at the files.
Store& idleStoreOf(cnb_site* site);
// The same, for what writes: refused on a snapshot.
Store& writableStoreOf(cnb_site* site);
// The person who opened the site, for what takes his own keys. Throws refused on a snapshot.
UnlockedPerson& personOf(cnb_site& site);
UnlockedPerson& unlocked(cnb_site* site);        // the same, between transactions
std::set<std::string> circlesOf(cnb_text list);  // a JSON list of names, or nothing
Label labelOf(cnb_text mark, cnb_text circles, const EntityType& entity);
std::vector<std::string> warningsOf(cnb_text mark);  // of one that can be read
RecordId recordIdOf(cnb_text text);

// Fields that a caller's older header did not know are zero.
template <class Struct>
Struct known(const Struct* given) {
  Struct out{};
  if (given == nullptr) return out;
  if (given->size < sizeof(std::size_t) || given->size > 4096)
    throw Error(Code::invalidArgument, "a struct's size member is not set");
  std::memcpy(&out, given, std::min(given->size, sizeof(Struct)));
  return out;
}

}  // namespace cinnabar::capi
