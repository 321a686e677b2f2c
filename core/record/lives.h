// Every place where a record stands in the vaults that are open: mostly one, two while word of a move is under way or
// when two sites moved it at once.
#pragma once
#include "core/record/origin.h"
#include "core/record/store.h"

namespace cinnabar {

struct Life {
  Vault* vault = nullptr;
  Rows* rows = nullptr;
  Row row;        // with all columns
  Origin origin;  // no moves: it was made there
  const Compartment& compartment() const { return vault->compartmentOf(row.compartment); }
};

// For keeping the site in order, not for readers: whatever the store's person may see.
std::vector<Life> livesOf(Store& store, const RecordId& id);
// In any compartment of the vaults that are open.
bool isDestroyed(Store& store, const RecordId& id);

}  // namespace cinnabar
