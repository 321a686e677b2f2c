#include "core/regulations/marker.h"

#include "core/base/utf8.h"

namespace cinnabar {

namespace {

constexpr std::size_t ordinalMax = 9999;
constexpr std::size_t digitsMax = 3;  // four would take years for numbers

// Walks over the beginning of a line; past the end every point is 0.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  char32_t peek() const { return at_ < text_.size() ? codePointAt(text_, at_).value : 0; }
  void skip() { at_ += codePointAt(text_, at_).size_bytes; }
  bool take(std::u32string_view anyOf) {
    if (peek() == 0 || anyOf.find(peek()) == std::u32string_view::npos) return false;
    skip();
    return true;
  }
  std::size_t taken_bytes() const { return at_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<std::size_t> digitOf(char32_t point) {
  if (point >= U'0' && point <= U'9') return point - U'0';
  if (point >= U'０' && point <= U'９') return point - U'０';
  return std::nullopt;
}

std::optional<std::size_t> digits(Cursor& cursor) {
  std::size_t value = 0;
  std::size_t count = 0;
  for (; digitOf(cursor.peek()); cursor.skip(), ++count) {
    if (count == digitsMax) return std::nullopt;
    value = value * 10 + *digitOf(cursor.peek());
  }
  return count > 0 ? std::optional(value) : std::nullopt;
}

std::optional<std::size_t> unitOf(char32_t point) {
  if (point == U'十') return 10;
  if (point == U'百') return 100;
  if (point == U'千') return 1000;
  return std::nullopt;
}

std::optional<std::size_t> ideographDigitOf(char32_t point) {
  constexpr std::u32string_view ideographs = U"〇一二三四五六七八九";
  if (point == U'零') return 0;
  if (point == U'两') return 2;
  const std::size_t value = ideographs.find(point);
  return value == std::u32string_view::npos ? std::nullopt : std::optional(value);
}

std::optional<std::size_t> ideographs(Cursor& cursor) {
  std::size_t total = 0;
  std::size_t digit = 0;
  bool any = false;
  for (;; any = true, cursor.skip()) {
    if (const auto unit = unitOf(cursor.peek())) {
      total += (digit == 0 ? 1 : digit) * *unit;
      digit = 0;
    } else if (const auto next = ideographDigitOf(cursor.peek())) {
      digit = digit * 10 + *next;
    } else {
      break;
    }
    if (total + digit > ordinalMax) return std::nullopt;
  }
  return any ? std::optional(total + digit) : std::nullopt;
}

std::optional<std::size_t> anyNumber(Cursor& cursor) {
  return digitOf(cursor.peek()) ? digits(cursor) : ideographs(cursor);
}

std::optional<MarkerKind> kindOfUnit(char32_t unit) {
  switch (unit) {
    case U'编': return MarkerKind::part;
    case U'章': return MarkerKind::chapter;
    case U'节': return MarkerKind::section;
    case U'条': return MarkerKind::article;
    default: return std::nullopt;
  }
}

// 第十二条. Clerks lose the 第 now and then; what is left is a marker only if a space follows.
std::optional<Marker> numberedUnit(std::string_view text) {
  Cursor cursor(text);
  const bool complete = cursor.take(U"第");
  while (complete && isWhiteSpace(cursor.peek())) cursor.skip();
  const auto ordinal = anyNumber(cursor);
  while (complete && isWhiteSpace(cursor.peek())) cursor.skip();
  const auto kind = kindOfUnit(cursor.peek());
  if (!ordinal || !kind) return std::nullopt;
  cursor.skip();
  if (!complete && !isWhiteSpace(cursor.peek())) return std::nullopt;
  return Marker{*kind, *ordinal, cursor.taken_bytes()};
}

std::optional<Marker> ideographWithStop(std::string_view text) {
  Cursor cursor(text);
  const auto ordinal = ideographs(cursor);
  if (!cursor.take(U"、")) return std::nullopt;
  return Marker{MarkerKind::ideograph, ordinal.value_or(0), cursor.taken_bytes()};
}

std::optional<Marker> inBrackets(std::string_view text) {
  Cursor cursor(text);
  if (!cursor.take(U"(（")) return std::nullopt;
  const bool arabic = digitOf(cursor.peek()).has_value();
  const auto ordinal = anyNumber(cursor);
  if (!cursor.take(U")）")) return std::nullopt;
  const MarkerKind kind = arabic ? MarkerKind::digitsInBrackets : MarkerKind::ideographInBrackets;
  return Marker{kind, ordinal.value_or(0), cursor.taken_bytes()};
}

std::optional<Marker> digitsWithStop(std::string_view text) {
  Cursor cursor(text);
  const auto ordinal = digits(cursor);
  if (!ordinal) return std::nullopt;
  if (cursor.take(U")）")) return Marker{MarkerKind::digitsInBrackets, *ordinal, cursor.taken_bytes()};
  if (!cursor.take(U".．、") || digitOf(cursor.peek())) return std::nullopt;
  return Marker{MarkerKind::digits, *ordinal, cursor.taken_bytes()};
}

std::optional<Marker> circled(std::string_view text) {
  Cursor cursor(text);
  const char32_t point = cursor.peek();
  if (point < U'①' || point > U'⑳') return std::nullopt;
  cursor.skip();
  return Marker{MarkerKind::circled, static_cast<std::size_t>(point - U'①') + 1, cursor.taken_bytes()};
}

}  // namespace

std::optional<Marker> markerOf(std::string_view text) {
  for (const auto read : {numberedUnit, ideographWithStop, inBrackets, digitsWithStop, circled}) {
    if (const auto marker = read(text)) return marker;
  }
  return std::nullopt;
}

}  // namespace cinnabar
