// Words that a newer schema has and this site's does not. They are kept and shown as they came; whether a step from or
// to one is lawful can only be said once this site knows it.
#pragma once
#include <set>
#include <string>

#include "core/record/row.h"

namespace cinnabar {

// Of an enum: absent, or a word that the schema has.
bool knowsWord(const Field& field, const Value& value);
// Both states of a step are known; what leaves no state begins, which is always lawful.
bool canJudge(const Field& field, const Value& from, const Value& to);

// Record and field of the steps that were refused so far.
using RefusedSteps = std::set<std::pair<RecordId, std::string>>;
RefusedSteps refusedSteps(Vault& vault);

// After an upgrade, within its transaction: judges the steps of a record that could not be judged before, and those
// that the older schema refused. A state for which one of them changes what stands is made anew from the record's
// changes in the log, so that it is what a site has which knew the words from the beginning.
void judgeSteps(Vault& vault, Rows& rows, Row& row, const RefusedSteps& refused);

}  // namespace cinnabar
