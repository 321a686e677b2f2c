// A member that has turned, with every key that its site really holds: what it sends is refused with nothing
// changed, or stays as a violation; and it can never stop others from taking each other's changes.
#pragma once
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "tests/builder/forger.h"

namespace cinnabar::test {

inline const Compartment internal{Level::internal, {}};

// Every file of a site but what only belongs to its open connections.
std::map<std::string, std::string> bytesOf(const std::string& folder);
bool forgedOr(Code code, std::initializer_list<Code> others = {});

// Gar has turned; Ritu and Zhada have not.
struct Turned : Prefecture {
  Turned();

  // The code of the refusal, after which not a byte of the site has changed.
  Code refusal(const std::string& site, const std::string& file);
  void take(const std::string& site, const std::string& file);
  std::size_t violationsOf(const std::string& site, const std::string& kind);
  // Everything can still be read, and what an honest site writes reaches every other.
  void mustGoOn();

  FieldNumber field(const char* entity, const char* name);
  std::vector<Write> cardWrites();

  RecordId unit, card;
  Forger gar{*this, "gar"};
};

}  // namespace cinnabar::test
