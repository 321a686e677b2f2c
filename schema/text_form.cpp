#include "schema/text_form.h"

#include <kj/encoding.h>

#include <stdexcept>

namespace cinnabar {
namespace {

kj::EncodingResult<kj::Array<wchar_t>> charactersOf(std::string_view utf8) {
  return kj::encodeWideString(kj::arrayPtr(utf8.data(), utf8.size()));
}

std::wregex compiled(const std::string& pattern) {
  if (pattern.size() > TextForm::longest_bytes) throw std::invalid_argument("it is too long");
  const auto characters = charactersOf(pattern);
  if (characters.hadErrors) throw std::invalid_argument("it is no UTF-8");
  try {
    return std::wregex(characters.begin(), characters.size());
  } catch (const std::regex_error&) {
    throw std::invalid_argument("it is no regular expression");
  }
}

}  // namespace

TextForm::TextForm(const std::string& pattern) : expression_(compiled(pattern)) {}

bool TextForm::matches(std::string_view utf8) const {
  if (utf8.size() > longest_bytes) return false;
  const auto characters = charactersOf(utf8);
  return !characters.hadErrors && std::regex_match(characters.begin(), characters.end(), expression_);
}

}  // namespace cinnabar
