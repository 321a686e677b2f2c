// How far each vault and the keyring are, noted beside them after every commit.
//
// An older page, an older file or a lost WAL pass every check that SQLCipher has. This note is what
// tells: a vault that lacks the entry noted here, or has seen fewer changes of what is in no log (numbers of bundles,
// prekeys, the roster), was put back, and so was a keyring of a lower revision. It is written without a sync, because
// an older note is harmless; a note that is missing or torn only means that peers have to tell.
#pragma once
#include <map>
#include <string>

#include "core/base/environment.h"
#include "core/base/ids.h"
#include "core/label/label.h"

namespace cinnabar {

struct NotedVault {
  std::int64_t arrival = 0;     // of the newest log entry; 0: none
  std::array<Byte, 16> mark{};  // of that entry's header
  std::uint64_t revision = 0;
  std::uint32_t incarnation = 0;
};

struct Noted {
  std::uint64_t keyring = 0;  // its revision
  std::map<Level, NotedVault> vaults;
};

class SiteNote {
 public:
  SiteNote(Environment environment, const std::string& folder);
  Noted read() const;  // empty if there is no usable note
  void write(const Noted& noted) const;

 private:
  Environment environment_;
  std::string path_;
};

}  // namespace cinnabar
