// How the numbers of a series are written: text with {year}, {n} and fields of the record, such as
// "{organMark}〔{year}〕{n}号". All but {n} tell one series from another.
#pragma once
#include <string>
#include <vector>

namespace cinnabar {

struct NumberForm {
  struct Piece {
    enum class Kind { literal, field, year, n };
    Kind kind = Kind::literal;
    std::string text;  // of a literal; a field's name
  };
  std::vector<Piece> pieces;

  // Throws std::invalid_argument unless there is exactly one {n} and every brace is closed.
  static NumberForm parse(const std::string& text);
};

}  // namespace cinnabar
