// A write that came from elsewhere and does not count: kept as a violation, with its full content.
#pragma once
#include "core/record/violation.h"

namespace cinnabar {

struct Refusal {
  std::string kind;  // refusedTransition, refusedWrite, …
  RecordId record;
  const Write& write;
  const EntityType* entity;  // null: unknown
  CompartmentNumber compartment;
  Dot dot;
};

// The same row for the same write, whenever and wherever it is judged.
void note(Vault& vault, const Refusal& refusal);

}  // namespace cinnabar
