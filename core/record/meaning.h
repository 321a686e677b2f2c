// What a field means for merging, and what it shows of its register.
#pragma once
#include "core/record/register.h"
#include "schema/entity.h"

namespace cinnabar {

// What a field is for merging. For a field that the schema does not know there is none.
Operation operationOf(MergeClass merge);

// The value to show: by merge class, then by dot; for states the machine decides between concurrent ones.
Value shown(const Register& reg, const Field& field, const EntityType* entity, const AuthorAfter& after);

// The greater wins in a ratchet: an enum's place, a number, or the same reversed.
std::int64_t rankOf(const Field& field, const Value& value);

// The label's period: a register that every record has, though no entity declares it.
const Field& periodField();

// A list, set or growing text shows its elements in one column, as far as they can be told apart there.
bool holdsElements(Operation operation);
std::vector<std::string> elementsOf(const Field& field, const Value& column);  // damaged: the column is no list
Value columnOf(const Field& field, const std::vector<Element>& elements);

}  // namespace cinnabar
