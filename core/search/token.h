// How a text is cut into what can be searched: the same cut for the index, for a query and for a text that is
// not indexed yet.
#pragma once
#include <cstddef>
#include <functional>
#include <string_view>

namespace cinnabar {

// A run of ideographs, kana or hangul, in an index, becomes its overlapping pairs, and its last character
// once more alone at the place of the last pair: so one character can be sought by prefix wherever it stands.
// In a query the last character stands alone only if it is the whole run: two characters are exactly one
// token.
enum class Purpose { index, query };

struct Token {
  std::string_view text;        // folded; valid until the sink returns
  std::size_t begin_bytes = 0;  // in the original
  std::size_t end_bytes = 0;
  bool samePlace = false;  // stands where the token before it stands
  bool lone = false;       // one character out of a run
};

// Anything but 0 ends the cutting.
using TokenSink = std::function<int(const Token&)>;

// Longer words are cut, in index and query alike; FTS5 would cut them off.
inline constexpr std::size_t tokenMax_bytes = 128;

// ASCII and full-width letters and digits become half-width lower case; punctuation, symbols, white space and
// bytes that are not UTF-8 separate. Never reads outside `text`. Returns what the sink returned last, or 0.
int cut(std::string_view text, Purpose purpose, const TokenSink& sink);

}  // namespace cinnabar
