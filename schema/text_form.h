// What a text has to look like: a regular expression over characters, not bytes, that matches the whole.
#pragma once
#include <regex>
#include <string>
#include <string_view>

namespace cinnabar {

class TextForm {
 public:
  // Longer texts have no form: matching costs stack with every character.
  static constexpr std::size_t longest_bytes = 256;

  // ECMAScript. Throws std::invalid_argument for what is no expression or longer than a text may be.
  explicit TextForm(const std::string& pattern);
  bool matches(std::string_view utf8) const;

 private:
  std::wregex expression_;
};

}  // namespace cinnabar
