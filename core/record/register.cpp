#include "core/record/register.h"

#include <algorithm>

#include "core/base/error.h"

namespace cinnabar {
namespace {

void keepOnly(Register& reg, Sibling&& winner) {
  reg.siblings.clear();
  reg.siblings.push_back(std::move(winner));
}

void keepLatest(Register& reg, Sibling&& candidate, const AuthorAfter& after) {
  if (reg.siblings.empty() || laterThan(candidate.dot, reg.siblings.front().dot, after))
    keepOnly(reg, std::move(candidate));
}

void keepGreatest(Register& reg, Sibling&& candidate) {
  const auto rank = [](const Sibling& s) {
    const auto* number = std::get_if<std::int64_t>(&s.auxiliary);
    return number == nullptr ? INT64_MIN : *number;
  };
  // Equal ranks with different values come only from a faulty peer; the value decides, so that all agree.
  if (reg.siblings.empty() ||
      std::pair(rank(candidate), candidate.value) > std::pair(rank(reg.siblings.front()), reg.siblings.front().value))
    keepOnly(reg, std::move(candidate));
}

void keepMaximal(Register& reg, Sibling&& candidate, const Covers& covers) {
  std::erase_if(reg.siblings, [&](const Sibling& s) { return covers(s.dot); });
  const auto at = std::lower_bound(reg.siblings.begin(), reg.siblings.end(), candidate,
                                   [](const Sibling& a, const Sibling& b) { return a.dot < b.dot; });
  reg.siblings.insert(at, std::move(candidate));
}

bool before(const Addition& a, const Addition& b, const AuthorAfter& after) {
  return a.dot == b.dot ? a.place < b.place : laterThan(b.dot, a.dot, after);
}

const Addition& earliestOf(const Element& element, const AuthorAfter& after) {
  return *std::min_element(element.additions.begin(), element.additions.end(),
                           [&](const Addition& a, const Addition& b) { return before(a, b, after); });
}

void sortElements(Register& reg, const AuthorAfter& after) {
  std::sort(reg.elements.begin(), reg.elements.end(), [&](const Element& a, const Element& b) {
    return before(earliestOf(a, after), earliestOf(b, after), after);
  });
}

void addElement(Register& reg, const Value& value, const Addition& addition, const AuthorAfter& after) {
  const auto same =
      std::find_if(reg.elements.begin(), reg.elements.end(), [&](const Element& e) { return e.value == value; });
  if (same == reg.elements.end()) {
    reg.elements.push_back({value, {addition}});
  } else {
    const auto at = std::lower_bound(same->additions.begin(), same->additions.end(), addition);
    if (at == same->additions.end() || *at != addition) same->additions.insert(at, addition);
  }
  sortElements(reg, after);
}

void removeElement(Register& reg, const Value& value, const Covers& covers, const AuthorAfter& after) {
  for (Element& element : reg.elements)
    if (element.value == value) std::erase_if(element.additions, [&](const Addition& a) { return covers(a.dot); });
  std::erase_if(reg.elements, [](const Element& e) { return e.additions.empty(); });
  sortElements(reg, after);
}

}  // namespace

Operation kindOf(Operation operation) { return operation == Operation::remove ? Operation::add : operation; }

bool laterThan(const LocalDot& a, const LocalDot& b, const AuthorAfter& after) {
  return a.lamport != b.lamport ? a.lamport > b.lamport : a.author != b.author && after(a.author, b.author);
}

void apply(Register& reg, const Write& write, const LocalDot& dot, std::uint32_t place, const Covers& covers,
           const AuthorAfter& after) {
  CNB_ASSERT(kindOf(write.operation) == reg.operation);
  switch (write.operation) {
    case Operation::set: return keepLatest(reg, {dot, write.value, {}}, after);
    case Operation::raise: return keepGreatest(reg, {dot, write.value, write.auxiliary});
    case Operation::assign:
    case Operation::transition: return keepMaximal(reg, {dot, write.value, write.auxiliary}, covers);
    case Operation::increment:
      // Wraps instead of overflowing: the same result at every site, whatever a peer sends.
      if (const auto* by = std::get_if<std::int64_t>(&write.value))
        reg.sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(reg.sum) + static_cast<std::uint64_t>(*by));
      return;
    case Operation::add: return addElement(reg, write.value, {dot, place}, after);
    case Operation::remove: return removeElement(reg, write.value, covers, after);
    case Operation::append: reg.elements.push_back({write.value, {{dot, place}}}); return sortElements(reg, after);
  }
}

const Sibling* latest(const Register& reg, const AuthorAfter& after) {
  const Sibling* best = nullptr;
  for (const Sibling& s : reg.siblings)
    if (best == nullptr || laterThan(s.dot, best->dot, after)) best = &s;
  return best;
}

bool inConflict(const Register& reg) {
  return std::any_of(reg.siblings.begin(), reg.siblings.end(),
                     [&](const Sibling& s) { return s.value != reg.siblings.front().value; });
}

}  // namespace cinnabar
