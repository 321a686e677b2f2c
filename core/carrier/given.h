// What a caller gives for an act: a JSON object, each member of the expected kind, none left over.
#pragma once
#include <set>

#include "core/carrier/book.h"

namespace cinnabar::carrier {

inline constexpr std::size_t mostCarriers = 10'000;  // of one act

class Given {
 public:
  Given(Book& book, const json& details);

  bool has(const char* name);
  std::string text(const char* name);  // throws invalidInput if it is missing
  std::string textOr(const char* name, std::string otherwise);
  bool flag(const char* name);  // absent: false
  std::int64_t numberOr(const char* name, std::int64_t otherwise, std::int64_t least, std::int64_t most);
  RecordId person(const char* name) { return book_.named("Person", text(name)); }
  RecordId unit(const char* name) { return book_.named("OrgUnit", text(name)); }
  std::optional<RecordId> personIfAny(const char* name);
  std::optional<RecordId> unitIfAny(const char* name);
  // One text or a list of them, each once, lower levels first.
  std::vector<Carrier> carriers(const char* name);
  std::vector<std::string> texts(const char* name);
  std::string instantOr(const char* name, const std::string& otherwise);
  // Throws invalidInput for a member that no one asked for.
  void end() const;

 private:
  const json* member(const char* name);
  [[noreturn]] static void fail(const char* name, const char* expected);
  Book& book_;
  const json& details_;
  std::set<std::string> asked_;
};

}  // namespace cinnabar::carrier
