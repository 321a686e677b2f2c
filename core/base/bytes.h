// Byte strings and their views.
#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cinnabar {

using Byte = std::uint8_t;
using Bytes = std::vector<Byte>;
using BytesView = std::span<const Byte>;

inline BytesView viewOf(std::string_view text) { return {reinterpret_cast<const Byte*>(text.data()), text.size()}; }
inline std::string_view textOf(BytesView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline void append(Bytes& to, BytesView bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }
inline bool sameBytes(BytesView a, BytesView b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

std::string hexOf(BytesView bytes);

// Lower-case Crockford base32 (no i, l, o, u), most significant bits first, so that text sorts as bytes do.
std::string base32Of(BytesView bytes);
// False if `text` is not the canonical form of exactly `out.size()` bytes.
bool fromBase32(std::string_view text, std::span<Byte> out);

}  // namespace cinnabar
