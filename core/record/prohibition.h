// What the schema says a record may not be ($prohibited): such a one is kept, and stands among the violations for as
// long as it is so, at every site that knows it.
#pragma once
#include "core/record/row.h"

namespace cinnabar {

// After the row was written, within its transaction.
void checkProhibitions(Vault& vault, const EntityType& entity, const Row& row);

// Concurrent writes of a field that has a $clash: a violation for each two that stand beside each other, gone once one
// has superseded them.
void checkClash(Vault& vault, const EntityType& entity, const Field& field, const Row& row, const Register& before,
                const Register& now);

}  // namespace cinnabar
