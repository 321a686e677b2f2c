#include "core/regulations/line.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/utf8.h"

namespace cinnabar {

namespace {

constexpr std::size_t headingMaxPoints = 40;
constexpr std::size_t linesMax = 1 << 18;

constexpr std::array<std::string_view, 24> titleEndings = {
    "规定", "办法", "制度", "细则", "规范", "职责", "意见", "流程", "措施", "规则", "方案", "标准",
    "条例", "守则", "须知", "章程", "程序", "规程", "准则", "公约", "预案", "要求", "通知", "决定"};

std::string_view trimmed(std::string_view line, std::size_t number) {
  std::size_t begin = line.size();
  std::size_t end = 0;
  for (std::size_t at = 0; at < line.size();) {
    const CodePoint point = codePointAt(line, at);
    if (!point.valid) {
      throw Error(Code::invalidInput, "line " + std::to_string(number) + ", byte " + std::to_string(at + 1) +
                                          " is not UTF-8: save the compilation as UTF-8 and load it again");
    }
    if (!isWhiteSpace(point.value)) {
      begin = std::min(begin, at);
      end = at + point.size_bytes;
    }
    at += point.size_bytes;
  }
  return end == 0 ? std::string_view{} : line.substr(begin, end - begin);
}

}  // namespace

std::vector<Line> linesOf(std::string_view utf8) {
  std::vector<Line> lines;
  std::size_t blanks = 0;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < utf8.size();) {
    const std::size_t end = std::min(utf8.find('\n', begin), utf8.size());
    const std::string_view text = trimmed(utf8.substr(begin, end - begin), ++number);
    begin = end + 1;
    if (text.empty()) {
      ++blanks;
      continue;
    }
    if (lines.size() == linesMax) {
      throw Error(Code::invalidInput, "line " + std::to_string(number) + ": more than " + std::to_string(linesMax) +
                                          " lines of text: load it in parts");
    }
    if (!lines.empty()) lines.back().blanksBelow = blanks;
    lines.push_back({text, number, blanks, 0});
    blanks = 0;
  }
  if (!lines.empty()) lines.back().blanksBelow = blanks;
  return lines;
}

std::string withoutWhiteSpace(std::string_view utf8) {
  std::string dense;
  for (std::size_t at = 0; at < utf8.size();) {
    const CodePoint point = codePointAt(utf8, at);
    if (!isWhiteSpace(point.value)) dense.append(utf8.substr(at, point.size_bytes));
    at += point.size_bytes;
  }
  return dense;
}

bool endsSentence(char32_t point) {
  constexpr std::u32string_view marks = U"。．.;；:：,，!！?？…";
  return marks.find(point) != std::u32string_view::npos;
}

bool looksLikeHeading(std::string_view text) {
  std::size_t points = 0;
  for (std::size_t at = 0; at < text.size(); ++points) {
    const CodePoint point = codePointAt(text, at);
    if (endsSentence(point.value)) return false;
    at += point.size_bytes;
  }
  return points > 0 && points <= headingMaxPoints;
}

bool looksLikeTitle(std::string_view text) {
  return looksLikeHeading(text) && std::any_of(titleEndings.begin(), titleEndings.end(),
                                               [&](std::string_view ending) { return text.ends_with(ending); });
}

}  // namespace cinnabar
