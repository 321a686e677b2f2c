#include "tests/capi/any_record.h"

#include <algorithm>
#include <cstdlib>

namespace cinnabar::test {
namespace {

using nlohmann::json;

// A text that a form matches, for the part of regular expressions that forms are written in
class Sample {
 public:
  static std::string of(const std::string& form) { return Sample(form).alternatives(); }

 private:
  explicit Sample(const std::string& form) : form_(form) {}
  bool more() const { return at_ < form_.size(); }

  std::string alternatives() {  // takes the first, passes over the others
    std::string first = sequence();
    while (more() && form_[at_] == '|') ++at_, sequence();
    return first;
  }
  std::string sequence() {
    std::string out;
    while (more() && form_[at_] != '|' && form_[at_] != ')') out += repeated(atom());
    return out;
  }
  std::string atom() {
    const char c = form_[at_++];
    if (c == '(') {
      std::string inner = alternatives();
      ++at_;
      return inner;
    }
    if (c == '[') {
      const std::size_t end = form_.find(']', at_);
      const std::string one = form_[at_] == '^' ? "甲" : form_.substr(at_, 1);
      at_ = end + 1;
      return one;
    }
    if (c == '\\') return form_[at_++] == 'd' ? "0" : form_.substr(at_ - 1, 1);
    if (c == '.') return "x";
    std::string character(1, c);
    while (more() && (static_cast<unsigned char>(form_[at_]) & 0xC0) == 0x80) character += form_[at_++];
    return character;
  }
  std::string repeated(const std::string& atom) {
    if (!more()) return atom;
    if (form_[at_] == '+') return ++at_, atom;
    if (form_[at_] == '*' || form_[at_] == '?') return ++at_, "";
    if (form_[at_] != '{') return atom;
    const int count = std::atoi(form_.c_str() + at_ + 1);
    at_ = form_.find('}', at_) + 1;
    std::string out;
    for (int i = 0; i < count; ++i) out += atom;
    return out;
  }

  const std::string& form_;
  std::size_t at_ = 0;
};

}  // namespace

AnyRecord::AnyRecord(const json& schema, Put put, Text text) : put_(std::move(put)), text_(std::move(text)) {
  for (const json& entity : schema.at("entities")) entities_[entity.at("name")] = entity;
}

json AnyRecord::fieldsOf(const json& entity, bool onlyRequired) {
  json out = json::object();
  for (const json& field : entity.at("fields")) {
    if (field.at("computed") == true || field.contains("common") || field.contains("numbered")) continue;
    if (field.at("name") == entity.at("stateField") || (onlyRequired && field.at("required") == false)) continue;
    out[field.at("name").get<std::string>()] = valueOf(field, field);
  }
  return out;
}

json AnyRecord::valueOf(const json& field, const json& type) {
  const std::string kind = type.at("type");
  if (kind == "text" && field.contains("format")) return Sample::of(field.at("format"));
  if (kind == "text") return text_(++count_);
  if (kind == "bool") return true;
  if (kind == "date") return "2026-11-23";
  if (kind == "instant") return "2026-11-23T08:00:00+08:00";
  if (kind == "enum") return type.at("values").front();
  if (kind == "ref") return referred(type.at("target"));
  if (kind == "blob") return std::string(26, '0');
  if (kind == "list") return json::array({valueOf(field, type.at("item"))});
  if (kind == "struct") {
    json out = json::object();
    for (const json& member : type.at("fields")) out[member.at("name").get<std::string>()] = valueOf(field, member);
    return out;
  }
  return std::max<std::int64_t>(field.value("least", std::int64_t{1}), 1);
}

std::string AnyRecord::referred(const std::string& target) {
  const json& entity = entities_.at(target == "any" ? "OrgUnit" : target);
  const std::string name = entity.at("name");
  if (const auto known = referred_.find(name); known != referred_.end()) return known->second;
  return referred_[name] = put_(name, fieldsOf(entity, true));
}

}  // namespace cinnabar::test
