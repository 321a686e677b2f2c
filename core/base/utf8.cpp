#include "core/base/utf8.h"

#include "core/base/error.h"

namespace cinnabar {

namespace {

struct Form {
  std::size_t size_bytes;
  char32_t bits;
  char32_t least;  // anything smaller has a shorter form and is refused
};

bool formOf(unsigned char lead, Form& form) {
  if (lead < 0x80)
    form = {1, lead, 0};
  else if (lead >= 0xC2 && lead <= 0xDF)
    form = {2, lead & 0x1Fu, 0x80};
  else if (lead >= 0xE0 && lead <= 0xEF)
    form = {3, lead & 0x0Fu, 0x800};
  else if (lead >= 0xF0 && lead <= 0xF4)
    form = {4, lead & 0x07u, 0x10000};
  else
    return false;
  return true;
}

}  // namespace

CodePoint codePointAt(std::string_view text, std::size_t at) {
  CNB_ASSERT(at < text.size());
  Form form{};
  if (!formOf(static_cast<unsigned char>(text[at]), form) || text.size() - at < form.size_bytes) return {};
  char32_t value = form.bits;
  for (std::size_t i = 1; i < form.size_bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xC0) != 0x80) return {};
    value = value << 6 | (byte & 0x3Fu);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < form.least || value > 0x10FFFF || surrogate) return {};
  return {value, form.size_bytes, true};
}

bool isUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    if (byte(0) < 0x80) {
      ++at;
      continue;
    }
    // Most of Chinese: three bytes, and no lead byte whose second is restricted.
    if (byte(0) >= 0xE1 && byte(0) <= 0xEC && text.size() - at >= 3 && (byte(1) & 0xC0) == 0x80 &&
        (byte(2) & 0xC0) == 0x80) {
      at += 3;
      continue;
    }
    const CodePoint point = codePointAt(text, at);
    if (!point.valid) return false;
    at += point.size_bytes;
  }
  return true;
}

bool isWhiteSpace(char32_t point) {
  return (point >= 0x09 && point <= 0x0D) || point == 0x20 || point == 0x85 || point == 0xA0 ||
         (point >= 0x2000 && point <= 0x200B) || point == 0x2028 || point == 0x2029 || point == 0x202F ||
         point == 0x205F || point == 0x3000 || point == 0xFEFF;
}

}  // namespace cinnabar
