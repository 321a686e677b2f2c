// States that a record takes only once another, which names it, says what is needed: a classified meeting begins after
// its venue was checked.
#pragma once
#include <string>
#include <string_view>

#include "core/record/store.h"

namespace cinnabar {

// The first thing that is needed for `state` and not there, among what this store sees and the record dominates: what
// is above the record neither helps nor hinders it. `fields`: the record's, as they are to be. Null: nothing.
const Need* missingNeed(Store& store, const EntityType& entity, const RecordId& record, const Compartment& compartment,
                        const FieldValues& fields, std::string_view state);
// Throws refused with the rule, its article and what is needed.
void checkNeeds(Store& store, const EntityType& entity, const RecordId& record, const Compartment& compartment,
                const FieldValues& fields, std::string_view state);

// Of a change: throws refused if other records stand in the way of the state that it sets (bar.h), or one is needed.
void checkState(Store& store, const Store::Found& found, const FieldValues& wanted);

}  // namespace cinnabar
