#include "session.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>

#include "input.h"

namespace command {
namespace {

int onProgress(void*, const char* what, std::uint64_t done, std::uint64_t total) {
  showProgress(what, done, total);
  return isInterrupted() ? 1 : 0;
}

int exitStatusOf(cnb_status status) {
  switch (status) {
    case CNB_INVALID_ARGUMENT: return 2;
    case CNB_NOT_FOUND: return 3;
    case CNB_BAD_KEY: return 4;
    case CNB_DAMAGED:
    case CNB_FORGED:
    case CNB_FOREIGN:
    case CNB_MISDIRECTED:
    case CNB_ROLLED_BACK:
    case CNB_NEWER_FORMAT:
    case CNB_MISSING_VAULT: return 5;
    default: return 1;
  }
}

std::string firstLineOf(const std::string& path) {
  std::string all = readFile(path);
  std::string line = all.substr(0, all.find_first_of("\r\n"));
  wipe(all);
  return line;
}

}  // namespace

void showProgress(const char* what, std::uint64_t done, std::uint64_t total) {
  static std::time_t shown = 0;
  const std::time_t now = std::time(nullptr);
  if (isatty(STDERR_FILENO) == 0 || now == shown) return;
  shown = now;
  if (total > 0)
    std::fprintf(stderr, "\r%s %3llu %%\033[K\r", what, static_cast<unsigned long long>(done * 100 / total));
  else
    std::fprintf(stderr, "\r%s %llu\033[K\r", what, static_cast<unsigned long long>(done));
}

Instant instantFrom(const std::string& given, const std::string& option) {
  std::tm t{};
  int hours = 0, minutes = 0;
  char sign = '+', rest = 0;
  const int read = std::sscanf(given.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%c%2d:%2d%c", &t.tm_year, &t.tm_mon, &t.tm_mday,
                               &t.tm_hour, &t.tm_min, &t.tm_sec, &sign, &hours, &minutes, &rest);
  const bool zulu = read == 7 && sign == 'Z';
  const bool isTime = t.tm_mon >= 1 && t.tm_mon <= 12 && t.tm_mday >= 1 && t.tm_mday <= 31 && t.tm_hour < 24 &&
                      t.tm_min < 60 && t.tm_sec < 60 && hours <= 23 && minutes < 60;
  if (!isTime || (!zulu && !(read == 9 && (sign == '+' || sign == '-'))))
    failUsage(option + " is an instant like 2026-11-23T08:00:00+08:00");
  t.tm_year -= 1900;
  t.tm_mon -= 1;
  const int offset = zulu ? 0 : (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
  return {(static_cast<std::int64_t>(timegm(&t)) - offset * 60) * 1000, offset};
}

std::int64_t momentFrom(const std::string& given, const std::string& option, DayEdge edge) {
  const bool day = given.size() == 10;
  if (!day) return instantFrom(given, option).ms;
  const std::int64_t begin_ms = instantFrom(given + "T00:00:00+08:00", option).ms;
  return edge == DayEdge::begins ? begin_ms : begin_ms + 86'400'000 - 1;
}

void failUsage(const std::string& message) { throw Failure(2, "usage", message); }

void check(cnb_status status) {
  if (status == CNB_OK) return;
  const cnb_error* error = cnb_error_last();
  json detail = json::parse(error->detail, nullptr, false);
  throw Failure(exitStatusOf(status), error->code, error->message, detail.is_discarded() ? json() : detail);
}

Session::~Session() {
  close();
  wipe(passphrase_);
}

void Session::close() {
  if (!inShell) cnb_close(site_);
  site_ = nullptr;
}

const std::string& Session::passphrase() {
  if (!passphrase_.empty()) return passphrase_;
  if (!settings_.passphraseFile.empty())
    passphrase_ = firstLineOf(settings_.passphraseFile);
  else if (const char* variable = std::getenv("CINNABAR_PASSPHRASE"))
    passphrase_ = variable;
  else
    passphrase_ = askTerminal("passphrase: ");
  return passphrase_;
}

cnb_options Session::options(bool withSecret) {
  watchForInterrupt();
  cnb_options out{};
  out.size = sizeof out;
  out.person = text(settings_.person);
  if (withSecret) out.passphrase = text(passphrase());
  out.level = text(settings_.level);
  if (!settings_.now.empty()) {
    const Instant now = instantFrom(settings_.now, "--now");
    out.now_ms = now.ms;
    out.now_offset_minutes = now.offsetMinutes;
  }
  if (!settings_.hostSchema.empty() && hostSchema_.empty()) hostSchema_ = readFile(settings_.hostSchema);
  out.host_schema = text(hostSchema_);
  out.progress = onProgress;
  return out;
}

json Session::schemaOf(const std::string& entity) {
  const cnb_options given = options(false);
  return call(cnb_schema_entity, &given, text(entity));
}

cnb_site* Session::open(const std::string& folder) {
  if (site_ != nullptr) return site_;
  const cnb_options given = options();
  check(cnb_open(text(folder), &given, &site_));
  return site_;
}

std::string readNewPassphrase(const std::string& file) {
  if (!file.empty()) return firstLineOf(file);
  if (const char* variable = std::getenv("CINNABAR_NEW_PASSPHRASE")) return variable;
  return askTerminal("new passphrase: ");
}

std::string readFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Failure(1, "io", "cannot read " + path + ": " + std::strerror(errno));
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void writeFile(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw Failure(1, "io", "cannot write " + path + ": " + std::strerror(errno));
}

}  // namespace command
