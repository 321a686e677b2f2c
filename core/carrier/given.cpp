#include "core/carrier/given.h"

#include "core/base/error.h"
#include "core/base/instant.h"

namespace cinnabar::carrier {

Given::Given(Book& book, const json& details) : book_(book), details_(details) {
  if (!details.is_object()) throw Error(Code::invalidInput, "an act is described by a JSON object");
}

void Given::fail(const char* name, const char* expected) {
  throw Error(Code::invalidInput, std::string("'") + name + "' is to be " + expected);
}

const json* Given::member(const char* name) {
  asked_.insert(name);
  const auto found = details_.find(name);
  return found == details_.end() || found->is_null() ? nullptr : &*found;
}

bool Given::has(const char* name) { return member(name) != nullptr; }

std::string Given::text(const char* name) {
  const json* found = member(name);
  if (found == nullptr || !found->is_string() || found->get_ref<const std::string&>().empty())
    fail(name, "given as text");
  return found->get<std::string>();
}

std::string Given::textOr(const char* name, std::string otherwise) {
  return has(name) ? text(name) : std::move(otherwise);
}

bool Given::flag(const char* name) {
  const json* found = member(name);
  if (found == nullptr) return false;
  if (!found->is_boolean()) fail(name, "true or false");
  return found->get<bool>();
}

std::int64_t Given::numberOr(const char* name, std::int64_t otherwise, std::int64_t least, std::int64_t most) {
  const json* found = member(name);
  if (found == nullptr) return otherwise;
  if (!found->is_number_integer() || *found < least || *found > most)
    fail(name, ("a whole number from " + std::to_string(least) + " to " + std::to_string(most)).c_str());
  return found->get<std::int64_t>();
}

std::optional<RecordId> Given::personIfAny(const char* name) {
  return has(name) ? std::optional(person(name)) : std::nullopt;
}

std::optional<RecordId> Given::unitIfAny(const char* name) {
  return has(name) ? std::optional(unit(name)) : std::nullopt;
}

std::vector<std::string> Given::texts(const char* name) {
  const json* found = member(name);
  if (found == nullptr) fail(name, "given");
  std::vector<std::string> out;
  const json list = found->is_array() ? *found : json::array({*found});
  if (list.size() > mostCarriers) fail(name, "a list of at most 10000");
  for (const json& one : list) {
    if (!one.is_string()) fail(name, "a text or a list of texts");
    out.push_back(one.get<std::string>());
  }
  return out;
}

std::vector<Carrier> Given::carriers(const char* name) {
  std::vector<Carrier> out;
  std::set<RecordId> seen;
  for (const std::string& one : texts(name)) {
    Carrier carrier = book_.carrier(one);
    if (seen.insert(carrier.id).second) out.push_back(std::move(carrier));
  }
  if (out.empty()) fail(name, "at least one carrier");
  sortByLevel(out);
  return out;
}

std::string Given::instantOr(const char* name, const std::string& otherwise) {
  if (!has(name)) return otherwise;
  std::string given = text(name);
  if (!parseInstant(given)) fail(name, "an instant like 2026-11-23T08:00:00+08:00");
  return given;
}

void Given::end() const {
  for (const auto& [name, value] : details_.items())
    if (!asked_.contains(name)) throw Error(Code::invalidInput, "this act knows no '" + name.substr(0, 64) + "'");
}

}  // namespace cinnabar::carrier
