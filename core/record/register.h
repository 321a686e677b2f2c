// A field's replicated register: pure merging, no storage. A write supersedes exactly what its author
// had seen; what it had not seen stays beside it or is decided by dots, never by a clock.
#pragma once
#include <functional>
#include <vector>

#include "core/log/changeset.h"

namespace cinnabar {

// A dot with the author as the vault numbers it. Order of numbers means nothing: winners are decided
// by the authors themselves, see AuthorOrder.
struct LocalDot {
  std::uint32_t author = 0;
  Lamport lamport = 0;
  auto operator<=>(const LocalDot&) const = default;
};

// Had the author of the write that is being applied seen this dot?
using Covers = std::function<bool(const LocalDot&)>;
// True if the first author comes after the second in the order of their identities.
using AuthorAfter = std::function<bool(std::uint32_t, std::uint32_t)>;

struct Sibling {
  LocalDot dot;
  Value value;
  Value auxiliary;
};

struct Addition {
  LocalDot dot;
  std::uint32_t place = 0;  // among its item's additions, so that the order given is the order kept
  auto operator<=>(const Addition&) const = default;
};

struct Element {
  Value value;
  std::vector<Addition> additions;  // those that nobody removed; never empty; sorted
};

struct Register {
  Operation operation = Operation::set;  // set, assign, raise, increment, add (also for remove), append, transition
  std::vector<Sibling> siblings;         // set, raise: at most one; assign, transition: the maximal ones, sorted by dot
  std::int64_t sum = 0;                  // increment
  std::vector<Element> elements;         // add: ordered by earliest addition; append: likewise
};

// The operation that stands for a register's kind: remove belongs to add.
Operation kindOf(Operation operation);

// The register's kind must be the write's.
void apply(Register& reg, const Write& write, const LocalDot& dot, std::uint32_t place, const Covers& covers,
           const AuthorAfter& after);

bool laterThan(const LocalDot& a, const LocalDot& b, const AuthorAfter& after);

// The latest by dot; for set, assign, raise. Null if the register is empty.
const Sibling* latest(const Register& reg, const AuthorAfter& after);

// More than one distinct value stands.
bool inConflict(const Register& reg);

}  // namespace cinnabar
