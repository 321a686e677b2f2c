// The office's part when an edit comes for a record that was moved meanwhile: it goes where the record is now, once.
#pragma once
#include "core/record/lives.h"
#include "core/record/withdrawal.h"

namespace cinnabar {

// Carries what came late to `vault`, as far as the present places of the records are open here. Each in transactions of
// its own. Does nothing at any other site.
void carryLate(Store& store, Vault& vault);

// Where two sites moved one record at once, the higher place wins: what was written at the lower one is carried there,
// the record is withdrawn from it, and a violation tells of it. Returns the one place, or nothing while word of a move
// is still under way.
std::optional<Life> onePlace(Store& store, const RecordId& record);

}  // namespace cinnabar
