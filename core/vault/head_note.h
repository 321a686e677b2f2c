// The newest log place of each vault, noted beside the keyring after every commit.
//
// An older page, an older file or a lost WAL pass every check that SQLCipher has. This note is what
// tells: a vault that lacks the entry noted here was put back. It is written without a sync, because an
// older note is harmless; a note that is missing or torn only means that peers have to tell.
#pragma once
#include <map>
#include <string>

#include "core/base/environment.h"
#include "core/base/ids.h"
#include "core/label/label.h"

namespace cinnabar {

struct NotedHead {
  std::int64_t arrival = 0;
  std::array<Byte, 16> mark{};  // of the entry's header
};

class HeadNote {
 public:
  HeadNote(Environment environment, std::string path);
  std::map<Level, NotedHead> read() const;  // empty if there is no usable note
  void write(const std::map<Level, NotedHead>& heads) const;

 private:
  Environment environment_;
  std::string path_;
};

}  // namespace cinnabar
