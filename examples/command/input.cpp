#include "input.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "library.h"

namespace command {
namespace {

volatile std::sig_atomic_t interrupted = 0;

// Read ahead, and not yet given out as a line.
std::string pending;

// An interrupt between looking at the flag and waiting would be slept over; held back, it can only end the waiting.
class InterruptHeldBack {
 public:
  InterruptHeldBack() {
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupt, &before_);
  }
  ~InterruptHeldBack() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  InterruptHeldBack(const InterruptHeldBack&) = delete;
  InterruptHeldBack& operator=(const InterruptHeldBack&) = delete;

  void waitForInput() const {
    throwIfInterrupted();
    pollfd input{STDIN_FILENO, POLLIN, 0};
    while (ppoll(&input, 1, nullptr, &before_) < 0) {
      throwIfInterrupted();
      if (errno != EINTR)
        throw Failure(1, "io", std::string("the input cannot be waited for: ") + std::strerror(errno));
    }
  }

 private:
  sigset_t before_{};
};

// False at the end of the input.
bool readMore() {
  std::array<char, 65536> part;
  ssize_t got;
  {
    const InterruptHeldBack held;
    held.waitForInput();
    got = read(STDIN_FILENO, part.data(), part.size());
  }
  if (got < 0) throw Failure(1, "io", std::string("the input cannot be read: ") + std::strerror(errno));
  pending.append(part.data(), static_cast<std::size_t>(got));
  explicit_bzero(part.data(), static_cast<std::size_t>(got));
  return got > 0;
}

class EchoOff {
 public:
  // What was typed before the question is dropped.
  EchoOff() {
    tcgetattr(STDIN_FILENO, &before_);
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~EchoOff() {
    tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
    std::fputs("\n", stderr);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  termios before_{};
};

}  // namespace

bool readInputLine(std::string& line) {
  std::size_t searched = 0, end;
  while ((end = pending.find('\n', searched)) == std::string::npos) {
    searched = pending.size();
    if (readMore()) continue;
    if (pending.empty()) return false;
    line = pending;
    wipe(pending);
    return true;
  }
  line = pending.substr(0, end);
  explicit_bzero(pending.data(), end);
  pending.erase(0, end + 1);
  return true;
}

std::string askTerminal(const char* prompt) {
  if (isatty(STDIN_FILENO) == 0)
    throw Failure(4, "badKey", "no passphrase: give --passphrase-file, CINNABAR_PASSPHRASE, or a terminal");
  const EchoOff quiet;
  std::fputs(prompt, stderr);
  std::string line;
  readInputLine(line);
  return line;
}

// Without SA_RESTART, so that other waiting ends as well.
void watchForInterrupt() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
}

bool isInterrupted() { return interrupted != 0; }

void throwIfInterrupted() {
  if (isInterrupted()) throw Failure(1, "cancelled", "it was interrupted");
}

void forgetInterrupt() { interrupted = 0; }

void wipe(std::string& text) {
  explicit_bzero(text.data(), text.size());
  text.clear();
}

}  // namespace command
