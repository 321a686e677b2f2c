// A small site with rows of 10 bytes to 100 kB, an attachment and a conflict, whose files a test damages: what it
// answers when everything is well, and what it answers afterwards.
#pragma once
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "tests/builder/prefecture.h"

namespace cinnabar::test {

// What the environment's variable says, for longer runs.
inline std::uint64_t numberFrom(const char* name, std::uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

// Every file of a folder, by name, but the shared memory: that is rebuilt from the WAL.
using FolderContent = std::map<std::string, Bytes>;
FolderContent contentOfFolder(const std::string& folder);
// Makes the folder hold exactly these; touches only what differs.
void setContentOfFolder(const std::string& folder, const FolderContent& files);

// What one way of asking gave: an answer, or the code of a typed error.
struct Answer {
  nlohmann::json value;
  std::optional<Code> error;
};

class SmallSite {
 public:
  // The newest commits stand in the WAL only, as after a power cut.
  SmallSite();

  // Opens the site as it lies there and asks everything in every way: by id, list, SQL, search, history, attachment.
  // One failed way does not keep the others from being tried; that the site does not open is the one answer then.
  std::vector<Answer> answers() const;
  const std::vector<nlohmann::json>& right() const { return right_; }
  const FolderContent& files() const { return files_; }
  std::string folder() const { return prefecture_.folder("gar"); }
  Opening opening() const { return prefecture_.opening("gar"); }
  Prefecture& prefecture() { return prefecture_; }
  const std::vector<RecordId>& records() const { return records_; }

 private:
  Prefecture prefecture_;
  std::vector<RecordId> records_;
  RecordId attachment_;
  FolderContent files_;
  std::vector<nlohmann::json> right_;
};

// Nothing wrong was said: each answer is the right one or an error. Returns how many were errors, or -1 after the
// first wrong one.
int errorsIn(const std::vector<Answer>& answers, const std::vector<nlohmann::json>& right);

}  // namespace cinnabar::test
