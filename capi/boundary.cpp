#include "capi/boundary.h"

#include <kj/exception.h>
#include <sodium.h>
#include <sys/prctl.h>

#include <cstdlib>
#include <stdexcept>

#include "core/record/json.h"
#include "sync/clearing.h"

namespace cinnabar::capi {
namespace {

struct LastError {
  std::string code = "ok", message, detail;
  cnb_error error{sizeof(cnb_error), CNB_OK, "ok", "", ""};
};
thread_local LastError last;

class FixedClock : public Clock {
 public:
  FixedClock(Now now, std::shared_ptr<Clock> real) : now_(now), real_(std::move(real)) {}
  Now now() override { return now_; }
  std::int64_t steady_ms() override { return real_->steady_ms(); }

 private:
  Now now_;
  const std::shared_ptr<Clock> real_;
};

cnb_status remember(cnb_status status, std::string_view code, std::string_view message, std::string_view detail) {
  last.code = code;
  last.message = message;
  last.detail = detail;
  last.error = {sizeof(cnb_error), status, last.code.c_str(), last.message.c_str(), last.detail.c_str()};
  return status;
}

// The words of a library's own exception may quote what it was reading, so they are not passed on.
cnb_status rememberThrown() {
  try {
    throw;
  } catch (const Error& error) {
    return remember(statusOf(error.code()), wordOf(error.code()), error.what(), error.detail());
  } catch (const SchemaError& error) {
    return remember(CNB_INVALID_INPUT, wordOf(Code::invalidInput), error.what(), "");
  } catch (const std::bad_alloc&) {
    return remember(CNB_LIMIT, wordOf(Code::limit), "there is not enough memory for this", "");
  } catch (const std::length_error&) {
    return remember(CNB_LIMIT, wordOf(Code::limit), "this is too long to be held in memory", "");
  } catch (const nlohmann::json::exception&) {
    return remember(CNB_INTERNAL, wordOf(Code::internal), "JSON of an unexpected shape inside the library", "");
  } catch (const kj::Exception&) {
    return remember(CNB_INTERNAL, wordOf(Code::internal),
                    "a Cap'n Proto message of an unexpected shape inside the library", "");
  } catch (...) {
    return remember(CNB_INTERNAL, wordOf(Code::internal), "an unexpected failure inside the library", "");
  }
}

// Keys are in ordinary memory while SQLCipher has a vault open; no dump of the process may hold them.
void keepOutOfDumps() {
  static const bool done = [] {
    prctl(PR_SET_DUMPABLE, 0);
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace

cnb_status translated() noexcept {
  try {
    return rememberThrown();
  } catch (...) {
    // Not even the message could be kept. These words need no memory.
    last.error = {sizeof(cnb_error), CNB_LIMIT, "limit", "there is not enough memory for this", ""};
    return CNB_LIMIT;
  }
}

cnb_status statusOf(Code code) { return static_cast<cnb_status>(static_cast<int>(code) + 1); }

static_assert(static_cast<int>(Code::invalidArgument) + 1 == CNB_INVALID_ARGUMENT);
static_assert(static_cast<int>(Code::rolledBack) + 1 == CNB_ROLLED_BACK);
static_assert(static_cast<int>(Code::internal) + 1 == CNB_INTERNAL);

std::string_view viewOf(cnb_text text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.length);
}
std::string stringOf(cnb_text text) { return std::string(viewOf(text)); }

void give(cnb_buffer* buffer, std::string_view bytes) {
  if (buffer == nullptr) return;
  auto* data = static_cast<char*>(std::malloc(bytes.size() + 1));
  if (data == nullptr) throw std::bad_alloc();
  if (!bytes.empty()) std::memcpy(data, bytes.data(), bytes.size());
  data[bytes.size()] = '\0';
  buffer->data = data;
  buffer->length = bytes.size();
}

void give(cnb_buffer* buffer, const nlohmann::json& json) {
  give(buffer, std::string_view(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
}

Environment environmentOf(const cnb_options& options) {
  keepOutOfDumps();
  Environment environment = Environment::system();
  if (options.now_ms != 0)
    environment.clock =
        std::make_shared<FixedClock>(Now{options.now_ms, options.now_offset_minutes}, environment.clock);
  return environment;
}

std::shared_ptr<const Catalog> catalogOf(const cnb_options* options) {
  const cnb_options o = known(options);
  if (o.host_schema.length == 0) return Catalog::builtIn();
  return Catalog::withHostSchema(cinnabar::viewOf(viewOf(o.host_schema)));
}

Progress progressOf(const cnb_options& options) {
  if (options.progress == nullptr) return {};
  return
      [callback = options.progress, user = options.progress_user](
          const char* what, std::uint64_t done, std::uint64_t total) { return callback(user, what, done, total) == 0; };
}

Opening openingOf(cnb_text dir, const cnb_options* given) {
  const cnb_options o = known(given);
  Opening opening;
  opening.environment = environmentOf(o);
  opening.folder = stringOf(dir);
  if (opening.folder.empty()) throw Error(Code::invalidArgument, "the site's folder is missing");
  opening.person = stringOf(o.person);
  opening.secret.passphrase = SecretBytes::copy(cinnabar::viewOf(viewOf(o.passphrase)));
  if (o.key_provider != nullptr)
    opening.secret.provider = [callback = o.key_provider, user = o.key_user](BytesView slot) {
      SecretBytes key(keySize);
      if (slot.size() != 16 || callback(user, slot.data(), key.span().data()) != 0)
        throw Error(Code::badKey, "the key provider gave no key for this slot");
      return key;
    };
  if (o.level.length > 0) {
    opening.most = parseLevel(viewOf(o.level));
    if (!opening.most) throw Error(Code::invalidArgument, "there is no such level");
  }
  opening.catalog = catalogOf(given);
  return opening;
}

Store& storeOf(cnb_site* site) { return required(required(site).store.get()); }

Store& idleStoreOf(cnb_site* site) {
  if (required(site).open != nullptr)
    throw Error(Code::invalidArgument, "this site has an open transaction: commit it or roll it back first");
  return storeOf(site);
}

Store& writableStoreOf(cnb_site* site) {
  if (required(site).snapshot) throw Error(Code::refused, "a snapshot can only be read");
  return idleStoreOf(site);
}

// The person's own keys are kept here: the store has none but the vaults'.
UnlockedPerson& personOf(cnb_site& site) {
  if (!site.person) throw Error(Code::refused, "this handle was not opened by a person");
  return *site.person;
}

UnlockedPerson& unlocked(cnb_site* site) {
  writableStoreOf(site);
  return personOf(*site);
}

std::set<std::string> circlesOf(cnb_text text) {
  std::set<std::string> names;
  if (text.length == 0) return names;
  const nlohmann::json list = parseJson(viewOf(text));
  if (!list.is_array()) throw Error(Code::invalidInput, "circles are a JSON list of names");
  for (const auto& name : list) {
    if (!name.is_string()) throw Error(Code::invalidInput, "circles are a JSON list of names");
    names.insert(name.get<std::string>());
  }
  return names;
}

void clearUpAfter(Store& store) {
  try {
    clearUp(store);
  } catch (const Error&) {
    // Busy, or no room: the next exchange tries again.
  }
}

Label labelOf(cnb_text mark, cnb_text circles, const EntityType& entity) {
  Label label = parseMark(mark.length > 0 ? viewOf(mark) : std::string_view(entity.defaultLabel));
  label.compartment.circles = entity.defaultCircles;  // a mark names no circle, and so takes none away
  if (circles.length > 0) {
    const std::set<std::string> names = circlesOf(circles);
    label.compartment.circles.assign(names.begin(), names.end());
  }
  return label;
}

std::vector<std::string> warningsOf(cnb_text mark) {
  return mark.length > 0 ? markWarnings(viewOf(mark)) : std::vector<std::string>{};
}

RecordId recordIdOf(cnb_text text) {
  const auto id = RecordId::parse(viewOf(text));
  if (!id) throw Error(Code::notFound, "no such record");
  return *id;
}

}  // namespace cinnabar::capi

const char* cnb_version(void) { return "0.1.0"; }

const cnb_error* cnb_error_last(void) { return &cinnabar::capi::last.error; }

void cnb_buffer_free(cnb_buffer* buffer) {
  if (buffer == nullptr || buffer->data == nullptr) return;
  sodium_memzero(buffer->data, buffer->length);
  std::free(buffer->data);
  buffer->data = nullptr;
  buffer->length = 0;
}
