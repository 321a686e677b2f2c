// What annotations.capnp demands of an entity once its fields are read. All throw SchemaError, naming what and where.
#pragma once
#include "schema/catalog.h"

namespace cinnabar {

void checkField(const EntityType& entity, const Field& field);
// Also finds the record's own state among several, and to which each step of a machine belongs.
void checkMachines(EntityType& entity);
// Also finds the states before a number is given. O(states × transitions).
void checkNumbering(EntityType& entity);

}  // namespace cinnabar
