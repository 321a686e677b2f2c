// A record as somebody wants it becomes the writes that lead there, and all that speaks against it. Nothing is
// written here: the same serves a transaction and whoever only asks.
#pragma once
#include "core/record/breach.h"
#include "core/record/reference.h"
#include "core/record/store.h"

namespace cinnabar {

// Who wants it: only the core itself writes what is computed.
enum class By { caller, core };

struct Change {
  explicit Change(const EntityType& entity, By by = By::caller) : by(by), breaches(entity) {}
  By by;
  Item item;
  Breaches breaches;
  std::vector<std::string> warnings;
};

// Fields by name; what cannot be read goes to `change.breaches`.
FieldValues readFields(const EntityType& entity, const nlohmann::json& fields, Change& change);

// What a new record is filled with that its author does not have to say: the state it begins in.
void fillIn(const EntityType& entity, FieldValues& values);

// Appends to `change` a new record with these values. `values` is consumed.
void create(Store& store, References& references, Vault& vault, const EntityType& entity, FieldValues& values,
            const Compartment& compartment, Change& change);

// The same for some fields of a record that was found with all its columns. What was wrong before and is not
// touched stays a warning: who corrects one field of a record that came from elsewhere is not held up by another.
void edit(Store& store, References& references, const Store::Found& found, const FieldValues& wanted, Change& change);

// The references among `values`, as of a record of the entity under another label.
void checkReferences(References& references, Vault& vault, const FieldValues& values, const Compartment& from,
                     const EntityType& entity, Change& change);

// What a transaction would say of it, without one: {"errors":[…],"warnings":[…]}. Throws notFound as it would.
nlohmann::json checkNew(Store& store, const EntityType& entity, const nlohmann::json& fields,
                        const Compartment& compartment);
nlohmann::json checkEdit(Store& store, const RecordId& id, const nlohmann::json& fields);

// Throws notFound if neither this site nor this person holds such a label, limit if it names too many circles.
void mustHold(const Store& store, const Compartment& compartment);

}  // namespace cinnabar
