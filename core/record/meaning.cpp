#include "core/record/meaning.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace cinnabar {

// Elements travel as JSON texts, since a set may hold numbers, ids or structures alike. A text that only
// grows shows its elements as lines.
std::vector<std::string> elementsOf(const Field& field, const Value& column) {
  std::vector<std::string> out;
  const auto* text = std::get_if<std::string>(&column);
  if (text == nullptr) return out;
  if (field.type.kind == Kind::text) return {nlohmann::json(*text).dump()};
  const auto list = nlohmann::json::parse(*text, nullptr, false);
  if (!list.is_array()) throw Error(Code::damaged, "a list in a row is unreadable");
  for (const auto& element : list) out.push_back(element.dump());
  return out;
}
Value columnOf(const Field& field, const std::vector<Element>& elements) {
  if (elements.empty()) return {};
  if (field.type.kind == Kind::text) {
    std::string lines;
    for (const Element& e : elements) {
      const auto line = nlohmann::json::parse(std::get<std::string>(e.value), nullptr, false);
      if (!lines.empty()) lines += '\n';
      if (line.is_string()) lines += line.get<std::string>();
    }
    return lines;
  }
  std::string out = "[";
  for (const Element& e : elements) {
    if (out.size() > 1) out += ',';
    out += std::get<std::string>(e.value);
  }
  return out + "]";
}

bool holdsElements(Operation operation) { return operation == Operation::add || operation == Operation::append; }

namespace {

int placeOfState(const Field& field, const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return -1;
  const auto at = std::find(field.type.values.begin(), field.type.values.end(), *text);
  return at == field.type.values.end() ? -1 : static_cast<int>(at - field.type.values.begin());
}

// True if the machine leads from one state to the other. O(transitions).
bool reachable(const EntityType& entity, const Field& field, const std::string& from, const std::string& to) {
  std::vector<std::string_view> open = {from}, seen;
  while (!open.empty()) {
    const std::string_view at = open.back();
    open.pop_back();
    if (std::find(seen.begin(), seen.end(), at) != seen.end()) continue;
    seen.push_back(at);
    for (const Transition& t : entity.transitions) {
      if (t.field != field.name || t.from != at) continue;
      if (t.to == to) return true;
      open.push_back(t.to);
    }
  }
  return false;
}

// Of concurrent states the one that the other leads to; where neither or both, the later declared.
bool furtherThan(const EntityType& entity, const Field& field, const Value& a, const Value& b) {
  const auto* from = std::get_if<std::string>(&b);
  const auto* to = std::get_if<std::string>(&a);
  if (from == nullptr || to == nullptr) return from == nullptr && to != nullptr;
  const bool forward = reachable(entity, field, *from, *to), backward = reachable(entity, field, *to, *from);
  if (forward != backward) return forward;
  return std::pair(placeOfState(field, a), *to) > std::pair(placeOfState(field, b), *from);
}

}  // namespace

Operation operationOf(MergeClass merge) {
  switch (merge) {
    case MergeClass::lastWriter:
    case MergeClass::owner: return Operation::set;
    case MergeClass::conflict: return Operation::assign;
    case MergeClass::ratchet: return Operation::raise;
    case MergeClass::counter: return Operation::increment;
    case MergeClass::addWins: return Operation::add;
    case MergeClass::appendOnly: return Operation::append;
    case MergeClass::state: return Operation::transition;
  }
  return Operation::set;
}

std::int64_t rankOf(const Field& field, const Value& value) {
  std::int64_t rank = 0;
  if (const auto* number = std::get_if<std::int64_t>(&value)) rank = *number;
  if (field.type.kind == Kind::instant) rank >>= 12;  // the moment, not how it was written
  if (const auto* text = std::get_if<std::string>(&value); text != nullptr && field.type.kind == Kind::date)
    for (const char c : *text)
      if (c >= '0' && c <= '9') rank = rank * 10 + (c - '0');  // 2026-11-23: 20261123
  if (field.type.kind == Kind::enumeration) rank = placeOfState(field, value);
  return field.earliest ? -rank : rank;
}

Value shown(const Register& reg, const Field& field, const EntityType* entity, const AuthorAfter& after) {
  switch (reg.operation) {
    case Operation::increment: return reg.sum;
    case Operation::add:
    case Operation::remove:
    case Operation::append: return columnOf(field, reg.elements);
    case Operation::transition: {
      if (reg.siblings.empty()) return {};
      const Sibling* best = &reg.siblings.front();
      for (const Sibling& s : reg.siblings) {
        if (s.value == best->value) continue;
        if (entity != nullptr ? furtherThan(*entity, field, s.value, best->value) : laterThan(s.dot, best->dot, after))
          best = &s;
      }
      return best->value;
    }
    default: {
      const Sibling* best = latest(reg, after);
      return best == nullptr ? Value{} : best->value;
    }
  }
}

const Field& periodField() {
  static const Field field = [] {
    Field f;
    f.number = periodRegister;
    f.name = "_period";
    f.title = "保密期限";
    return f;
  }();
  return field;
}

}  // namespace cinnabar
