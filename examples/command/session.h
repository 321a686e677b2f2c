// What the command line says of person, passphrase, clock and output; and an open site.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "library.h"

namespace command {

struct Settings {
  std::string passphraseFile, person, level, now, hostSchema;
  bool asJson = false, asLines = false;
};

// Reads the passphrase when it is first needed, and wipes it at the end.
class Session {
 public:
  explicit Session(const Settings& settings) : settings_(settings) {}
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const Settings& settings() const { return settings_; }
  cnb_options options(bool withSecret = true);
  json schemaOf(const std::string& entity);
  cnb_site* open(const std::string& folder);  // kept open until the session ends
  void close();
  // The one site of a shell, instead of a folder.
  void use(cnb_site* site) { site_ = site; }
  bool inShell = false;

 private:
  const std::string& passphrase();
  Settings settings_;
  std::string passphrase_, hostSchema_;
  cnb_site* site_ = nullptr;
};

struct Instant {
  std::int64_t ms = 0;
  std::int32_t offsetMinutes = 0;
};
// 2026-11-23T08:00:00+08:00; fails as wrong usage of `option`.
Instant instantFrom(const std::string& given, const std::string& option);
// The same, or a date at the office's place: its first millisecond or its last.
enum class DayEdge { begins, ends };
std::int64_t momentFrom(const std::string& given, const std::string& option, DayEdge edge);

// What a progress callback shows on a terminal.
void showProgress(const char* what, std::uint64_t done, std::uint64_t total);

std::string readNewPassphrase(const std::string& file);
std::string readFile(const std::string& path);
void writeFile(const std::string& path, const std::string& bytes);

}  // namespace command
