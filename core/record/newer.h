// Words that a newer schema has and this site's does not. They are kept and shown as they came; whether a step from or
// to one is lawful can only be said once this site knows it.
#pragma once
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/record/row.h"

namespace cinnabar {

// Of an enum: absent, or a word that the schema has.
bool knowsWord(const Field& field, const Value& value);
// Both states of a step are known; what leaves no state begins, which is always lawful.
bool canJudge(const Field& field, const Value& from, const Value& to);

// What each author of a vault's log had seen when it wrote. One pass over the log, with the first question.
class SeenByAuthors {
 public:
  explicit SeenByAuthors(Vault& vault) : vault_(vault) {}
  // Whether `author`, writing its change `at`, had seen `dot`.
  bool covers(CompartmentNumber compartment, std::uint32_t author, Lamport at, const LocalDot& dot);

 private:
  using Ascending = std::vector<std::pair<Lamport, Lamport>>;  // the author's own number, what it had seen by then
  Vault& vault_;
  bool read_ = false;
  std::map<std::tuple<CompartmentNumber, std::uint32_t, std::uint32_t>, Ascending> seen_;  // by author and whom it saw
};

// After an upgrade, within its transaction: judges the steps of records that could not be judged before, and those that
// the older schema refused and this one allows. A state for which one of them changes what stands is made anew from the
// record's changes in the log, so that it is what a site has which knew the words from the beginning.
class StepJudge {
 public:
  explicit StepJudge(Vault& vault);
  // A row that was read with all columns.
  void judge(Rows& rows, Row& row);

 private:
  bool judge(Rows& rows, Row& row, const Field& field);

  Vault& vault_;
  std::set<std::pair<RecordId, std::string>> lawfulNow_;  // record and field of steps that had been refused
  SeenByAuthors seen_;
};

}  // namespace cinnabar
