// May one record refer to another?
#pragma once
#include <optional>
#include <unordered_map>

#include "core/base/ids.h"
#include "core/label/label.h"

namespace cinnabar {

class Store;

// Remembers where the records lie that were referred to: many records of one transaction refer to the same few.
class References {
 public:
  explicit References(Store& store) : store_(store) {}
  // A record refers only to what it dominates, and the answer does not tell whether a higher record is there.
  bool mayReach(const RecordId& id, const Compartment& from);

 private:
  Store& store_;
  std::unordered_map<RecordId, std::optional<Compartment>> known_;  // nothing: nowhere
};

}  // namespace cinnabar
