// Valid fields of a record of any entity, from nothing but the schema's JSON: a new entity needs no word here.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace cinnabar::test {

class AnyRecord {
 public:
  // Puts a record that every record may refer to, and returns its id.
  using Put = std::function<std::string(const std::string& entity, const nlohmann::json& fields)>;

  // What stands in the nth text that has no form; no two alike, or keys would be.
  using Text = std::function<std::string(std::uint64_t n)>;

  AnyRecord(const nlohmann::json& schema, Put put, Text text);
  const std::map<std::string, nlohmann::json>& entities() const { return entities_; }

  // All fields that a person fills; what they refer to is put first.
  nlohmann::json fieldsOf(const nlohmann::json& entity, bool onlyRequired = false);

 private:
  nlohmann::json valueOf(const nlohmann::json& field, const nlohmann::json& type);
  std::string referred(const std::string& target);

  Put put_;
  Text text_;
  std::map<std::string, nlohmann::json> entities_;
  std::map<std::string, std::string> referred_;
  std::uint64_t count_ = 0;
};

}  // namespace cinnabar::test
