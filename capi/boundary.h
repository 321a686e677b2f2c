// Where exceptions end and C begins: one translation for every function.
#pragma once
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <string>

#include "capi/include/cinnabar.h"
#include "core/base/error.h"
#include "core/record/transaction.h"
#include "sync/enrolment.h"
#include "sync/exchange.h"

struct cnb_site {
  std::unique_ptr<cinnabar::Store> store;
  cinnabar::Environment environment;
  cinnabar::Progress progress;
  std::optional<cinnabar::UnlockedPerson> person;  // not on a snapshot
  bool snapshot = false;
  bool wrote = false;
};

struct cnb_transaction {
  cnb_site* site = nullptr;
  std::unique_ptr<cinnabar::Transaction> transaction;
};

namespace cinnabar::capi {

void remember(cnb_status status, std::string code, std::string message, std::string detail);
cnb_status statusOf(Code code);

// Runs `body`; every exception becomes a status and the thread's last error.
template <class Body>
cnb_status guarded(Body body) noexcept {
  try {
    body();
    return CNB_OK;
  } catch (const Error& error) {
    remember(statusOf(error.code()), std::string(wordOf(error.code())), error.what(), error.detail());
    return statusOf(error.code());
  } catch (const SchemaError& error) {
    remember(CNB_INVALID_INPUT, "invalidInput", error.what(), {});
    return CNB_INVALID_INPUT;
  } catch (const std::bad_alloc&) {
    remember(CNB_LIMIT, "limit", "out of memory", {});
    return CNB_LIMIT;
  } catch (...) {
    remember(CNB_INTERNAL, "internal", "an unexpected failure inside the library", {});
    return CNB_INTERNAL;
  }
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
// The same, for what writes: refused on a snapshot.
Store& writableStoreOf(cnb_site* site);
Label labelOf(cnb_text mark, cnb_text circles, const EntityType& entity);
RecordId recordIdOf(cnb_text text);

// Fields that a caller's older header did not know are zero.
template <class Struct>
Struct known(const Struct* given) {
  Struct out{};
  if (given == nullptr) return out;
  if (given->size < sizeof(std::size_t) || given->size > 4096) throw Error(Code::invalidArgument, "a struct's size member is not set");
  std::memcpy(&out, given, std::min(given->size, sizeof(Struct)));
  return out;
}

}  // namespace cinnabar::capi
