// The one error path: thrown inside, translated once at the C boundary.
#pragma once
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cinnabar {

// Few, stable, and mapped one to one to cnb_status and to the command's exit status.
enum class Code {
  invalidArgument,  // the caller's words make no sense (wrong usage)
  invalidInput,     // bytes or JSON that cannot be read as what they should be
  refused,          // a rule of the schema, a label or the state machine forbids it
  notFound,         // not there, or not for you: never told apart
  badKey,           // wrong passphrase, unknown person, unusable key
  damaged,          // our own storage fails its checks
  forged,           // a signature, commitment or tag does not verify
  foreign,          // of another group or another site
  misdirected,      // addressed to somebody else
  rolledBack,       // storage is older than what was noted outside it
  newerFormat,      // written by a later version
  missingVault,     // a level's file is not there
  diskFull,
  readOnly,
  io,
  busy,   // another writer holds the vault
  limit,  // a stated limit would be passed
  cancelled,
  internal,  // a broken invariant: a fault of ours
};

// Lower camel case, as the JSON of an error shows it.
std::string_view wordOf(Code code);

class Error : public std::runtime_error {
 public:
  // `what` names what, where, and what to do; never a key, a passphrase or a record's text.
  Error(Code code, const std::string& what, std::string detail = {})
      : std::runtime_error(what), code_(code), detail_(std::make_shared<const std::string>(std::move(detail))) {}
  Code code() const noexcept { return code_; }
  // A JSON document for programs, or empty.
  const std::string& detail() const noexcept { return *detail_; }

 private:
  Code code_;
  std::shared_ptr<const std::string> detail_;  // shared, since copying what is thrown may not throw
};

[[noreturn]] void assertionFailed(const char* expression, const char* file, int line);

}  // namespace cinnabar

// Holds in release builds too: what it guards is worth more than a nanosecond.
#define CNB_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::cinnabar::assertionFailed(#expression, __FILE__, __LINE__))
