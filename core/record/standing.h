// Violations that stand as long as a record is as it is: what arrived is kept and shown, and a row says where to
// look. Whether it still holds is read from the record, so that it is the same wherever the same is known, whatever
// the order in which it came, and is not listed any more once somebody has put it right.
#pragma once
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/log/changeset.h"
#include "core/record/row.h"

namespace cinnabar {

class Store;

// After a write that came from elsewhere: the value that the field shows breaks what the schema demands of it.
void noteIfUnmet(Vault& vault, const EntityType& entity, const Field& field, const Row& row, const Value& shown);
// After a record came: what it should have had from its beginning.
void noteIfIncomplete(Vault& vault, const EntityType& entity, const Row& row, const Item& item);
// After a write that came from elsewhere: a field that a record must have is shown empty.
void noteIfEmptied(Vault& vault, const EntityType& entity, const Field& field, const Row& row);

// After a write that came from elsewhere: the field shows a word that only a newer schema has.
void noteUnknownWord(Vault& vault, const EntityType& entity, const Field& field, const Row& row);

// Of a row of violations: false if it was of one of these kinds and does not hold any more. Brings `detail` up to date.
bool stillStands(Store& store, std::string_view kind, const RecordId& record, std::string_view field,
                 nlohmann::json& detail);

}  // namespace cinnabar
