#include "core/record/reference.h"

#include "core/record/store.h"

namespace cinnabar {

bool References::mayReach(const RecordId& id, const Compartment& from) {
  auto known = known_.find(id);
  if (known == known_.end() || !known->second) {
    Compartment where;
    const bool there = store_.exists(id, &where);
    known = known_.insert_or_assign(id, there ? std::optional(where) : std::nullopt).first;
  }
  return known->second && dominates(from, *known->second);
}

}  // namespace cinnabar
