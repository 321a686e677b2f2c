// The numbers that stand before chapters, articles and items: 第一章, 第十二条, 一、, （一）, 1., (1), ①.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace cinnabar {

// In the order in which they usually nest. 第…条 floats: it also stands below 一、 and （一）.
enum class MarkerKind {
  part,
  chapter,
  section,
  heading,
  ideograph,
  ideographInBrackets,
  article,
  digits,
  digitsInBrackets,
  circled
};

struct Marker {
  MarkerKind kind = MarkerKind::article;
  std::size_t ordinal = 0;  // 0: the number itself is missing, as in "()" or "、"
  std::size_t size_bytes = 0;
};

// The marker at the beginning of `text`, if there is one. Digits may be full-width, brackets and stops of
// either width. A decimal number (3.5) and a year are no markers.
std::optional<Marker> markerOf(std::string_view text);

}  // namespace cinnabar
