// What speaks against a record as somebody wants it: all of it at once, so that it is put right at once.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/value.h"
#include "schema/catalog.h"

namespace cinnabar {

struct Breach {
  std::string field;    // its schema name, or what was given instead of one
  std::string title;    // 中文; empty for what is no field
  std::string rule;     // required, range, format, length, reference, transition, appendOnly, type …
  std::string article;  // the field's, else the entity's
  std::string message;  // never a value
  nlohmann::json value;
};

class Breaches {
 public:
  explicit Breaches(const EntityType& entity) : entity_(&entity) {}

  // `value`: what was given. It is shown shortened, and only to who gave it.
  void add(const Field& field, std::string_view rule, std::string message, const Value& value = {});
  // What could not even be read as a value of the field.
  void addUnreadable(const Field& field, std::string message, const nlohmann::json& given);
  void addUnknown(std::string_view name);

  bool empty() const { return all_.empty(); }
  bool names(const Field& field) const;
  nlohmann::json list() const;  // [{"entity","field","value","rule","article","message"}]
  // Throws refused, or invalidInput if something could not be read. The detail is the first one with the list of all
  // as its "errors".
  void throwIfAny() const;

 private:
  void keep(Breach breach);

  const EntityType* entity_;
  std::vector<Breach> all_;
  bool unreadable_ = false;
};

}  // namespace cinnabar
