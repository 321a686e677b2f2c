#include "schema/number_form.h"

#include <algorithm>
#include <stdexcept>

namespace cinnabar {

NumberForm NumberForm::parse(const std::string& text) {
  NumberForm form;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '{') {
      const std::size_t end = std::min(text.find('{', at), text.size());
      form.pieces.push_back({Piece::Kind::literal, text.substr(at, end - at)});
      at = end;
      continue;
    }
    const std::size_t end = text.find('}', at);
    if (end == std::string::npos) throw std::invalid_argument("a brace is never closed");
    const std::string name = text.substr(at + 1, end - at - 1);
    form.pieces.push_back({name == "n"      ? Piece::Kind::n
                           : name == "year" ? Piece::Kind::year
                                            : Piece::Kind::field,
                           name});
    at = end + 1;
  }
  if (std::count_if(form.pieces.begin(), form.pieces.end(), [](const Piece& p) { return p.kind == Piece::Kind::n; }) !=
      1)
    throw std::invalid_argument("it needs one {n}");
  return form;
}

}  // namespace cinnabar
