// An office with papers in closed volumes, and the persons who decide what becomes of them: each has a record, and a
// slot of the office's keyring under the same name.
#pragma once
#include "tests/builder/prefecture.h"

namespace cinnabar::test {

struct Archive : Prefecture {
  Archive() : Archive(std::vector<County>{}) {}
  explicit Archive(const std::vector<County>& counties);

  RecordId paper(const std::string& label = "", const std::string& name = "文");
  RecordId volume(const std::vector<RecordId>& items, const std::string& retention, const std::string& closedOn,
                  const std::string& label = "");
  // Signed by `who`; by default the person that it names.
  nlohmann::json act(const std::string& word, const nlohmann::json& details, const std::string& site = "hq",
                     const std::string& who = "");
  // The rule by which the office refuses it, with nothing changed.
  std::string refused(const std::string& word, const nlohmann::json& details, const std::string& who = "");
  const UnlockedPerson& person(const std::string& name) const { return persons_.at(name); }
  bool due(const RecordId& record, const std::string& date);

  // A list of papers whose time is over, approved by the leader.
  std::string listed(const std::vector<RecordId>& papers);
  // The same, and one has signed for destroying it.
  std::string signedFor(const std::vector<RecordId>& papers);
  // And destroyed before another, with what that leaves to do; the one certificate of papers under one label.
  nlohmann::json destroyed(const std::vector<RecordId>& papers);
  std::string destroyAll(const std::vector<RecordId>& papers) { return destroyed(papers).at("certificates").at(0); }

 private:
  std::map<std::string, UnlockedPerson> persons_;
  int papers_ = 0;
};

}  // namespace cinnabar::test
