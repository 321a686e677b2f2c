// UTF-8 read one code point at a time, without ever looking past the end.
#pragma once
#include <cstddef>
#include <string_view>

namespace cinnabar {

struct CodePoint {
  char32_t value = 0xFFFD;
  std::size_t size_bytes = 1;
  // False for a byte that begins no well-formed sequence (overlong and surrogate forms included);
  // then the size is one byte and the value U+FFFD, so that a reader can go on behind it.
  bool valid = false;
};

// The code point that begins at byte `at` < text.size().
CodePoint codePointAt(std::string_view text, std::size_t at);

bool isUtf8(std::string_view text);

// Spaces of every width, line ends, zero-width spaces and the byte order mark.
bool isWhiteSpace(char32_t point);

}  // namespace cinnabar
