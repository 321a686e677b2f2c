// The C ABI as the command uses it: results as JSON, failures as exceptions with the exit status.
#pragma once
#include <cinnabar.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace command {

using nlohmann::json;

// What goes wrong ends here: the exit status and the one line that a person reads.
struct Failure : std::runtime_error {
  Failure(int status, std::string code, const std::string& message, json detail = nullptr)
      : std::runtime_error(message), status(status), code(std::move(code)), detail(std::move(detail)) {}
  int status;
  std::string code;
  json detail;
};

[[noreturn]] void failUsage(const std::string& message);
void check(cnb_status status);  // throws Failure

inline cnb_text text(const std::string& s) { return {s.data(), s.size()}; }

class Buffer {
 public:
  ~Buffer() { cnb_buffer_free(&buffer_); }
  cnb_buffer* out() { return &buffer_; }
  std::string bytes() const { return {buffer_.data == nullptr ? "" : buffer_.data, buffer_.length}; }
  json document() const { return json::parse(bytes()); }

 private:
  cnb_buffer buffer_{};
};

// call(cnb_get, site, id): the last parameter of the function is the result.
template <class Function, class... Arguments>
json call(Function function, Arguments... arguments) {
  Buffer buffer;
  check(function(arguments..., buffer.out()));
  return buffer.document();
}

}  // namespace command
