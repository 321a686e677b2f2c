#include "core/base/bytes.h"

namespace cinnabar {
namespace {

constexpr std::string_view digits32 = "0123456789abcdefghjkmnpqrstvwxyz";

int digitOf(char c) {
  const auto at = digits32.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::string hexOf(BytesView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const Byte b : bytes) {
    out += digits[b >> 4];
    out += digits[b & 15];
  }
  return out;
}

// The first digit carries the bits that do not fill five, so that the length is fixed and the order kept.
std::string base32Of(BytesView bytes) {
  const std::size_t length = (bytes.size() * 8 + 4) / 5;
  std::string out(length, '0');
  std::uint32_t window = 0;
  int bits = 0;
  std::size_t at = length;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    window |= static_cast<std::uint32_t>(bytes[i]) << bits;
    bits += 8;
    while (bits >= 5) {
      out[--at] = digits32[window & 31];
      window >>= 5;
      bits -= 5;
    }
  }
  if (bits > 0) out[--at] = digits32[window & 31];
  return out;
}

bool fromBase32(std::string_view text, std::span<Byte> out) {
  if (text.size() != (out.size() * 8 + 4) / 5) return false;
  std::uint32_t window = 0;
  int bits = 0;
  std::size_t at = out.size();
  for (std::size_t i = text.size(); i-- > 0;) {
    const int digit = digitOf(text[i]);
    if (digit < 0) return false;
    window |= static_cast<std::uint32_t>(digit) << bits;
    bits += 5;
    if (bits >= 8 && at > 0) {
      out[--at] = static_cast<Byte>(window & 255);
      window >>= 8;
      bits -= 8;
    }
  }
  return at == 0 && window == 0;
}

}  // namespace cinnabar
