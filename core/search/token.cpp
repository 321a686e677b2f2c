#include "core/search/token.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "core/base/utf8.h"

namespace cinnabar {

namespace {

enum class CharacterClass { separator, letter, paired };

struct Block {
  char32_t first;
  char32_t last;
};

// Scripts that write no spaces between words: what is between the brackets of Unicode's CJK blocks and is no
// punctuation. 〇 and 々 are letters in a word like 二〇三〇.
constexpr std::array<Block, 15> pairedBlocks = {{
    {0x1100, 0x11FF},
    {0x2E80, 0x2FDF},
    {0x3005, 0x3007},
    {0x3021, 0x3029},
    {0x3041, 0x30FA},
    {0x30FC, 0x312F},
    {0x3130, 0x318F},
    {0x31A0, 0x31BF},
    {0x31F0, 0x31FF},
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFF66, 0xFF9F},
    {0x20000, 0x3FFFD},
}};

// Above ASCII everything is a letter but these: punctuation and symbols of Latin, Tibetan and CJK, arrows,
// boxes, dingbats, private use, pictographs. A Tibetan syllable is a word: its dot (U+0F0B) separates.
constexpr std::array<Block, 19> separatorBlocks = {{
    {0x80, 0xA9},     {0xAB, 0xB4},     {0xB6, 0xB9},     {0xBB, 0xBF},       {0xD7, 0xD7},
    {0xF7, 0xF7},     {0x0F01, 0x0F17}, {0x0F3A, 0x0F3D}, {0x2000, 0x214F},   {0x2190, 0x2BFF},
    {0x2E00, 0x2E7F}, {0x2FE0, 0x3004}, {0x3008, 0x33FF}, {0xD800, 0xF8FF},   {0xFE10, 0xFE1F},
    {0xFE30, 0xFE6F}, {0xFEFF, 0xFF65}, {0xFFA0, 0xFFFF}, {0x1F000, 0x1FAFF},
}};

template <std::size_t count>
bool isIn(const std::array<Block, count>& blocks, char32_t point) {
  const auto block = std::partition_point(blocks.begin(), blocks.end(), [&](const Block& b) { return b.last < point; });
  return block != blocks.end() && point >= block->first;
}

char32_t folded(char32_t point) {
  const bool fullWidth = point >= U'！' && point <= U'～';
  const char32_t half = fullWidth ? point - U'！' + U'!' : point;
  return half >= U'A' && half <= U'Z' ? half - U'A' + U'a' : half;
}

CharacterClass classOf(char32_t foldedPoint) {
  if (foldedPoint < 0x80) {
    const bool letter = (foldedPoint >= U'a' && foldedPoint <= U'z') || (foldedPoint >= U'0' && foldedPoint <= U'9');
    return letter ? CharacterClass::letter : CharacterClass::separator;
  }
  if (isIn(pairedBlocks, foldedPoint)) return CharacterClass::paired;
  return isIn(separatorBlocks, foldedPoint) ? CharacterClass::separator : CharacterClass::letter;
}

class Cutter {
 public:
  Cutter(std::string_view text, Purpose purpose, const TokenSink& sink) : text_(text), purpose_(purpose), sink_(sink) {}

  int run() {
    int result = 0;
    while (result == 0 && at_ < text_.size()) {
      switch (peek()) {
        case CharacterClass::separator: at_ += point_.size_bytes; break;
        case CharacterClass::letter: result = word(); break;
        case CharacterClass::paired: result = pairs(); break;
      }
    }
    return result;
  }

 private:
  // Reads the character at the cursor into `point_`.
  CharacterClass peek() {
    if (at_ == text_.size()) return CharacterClass::separator;
    point_ = codePointAt(text_, at_);
    return point_.valid ? classOf(folded(point_.value)) : CharacterClass::separator;
  }

  int word() {
    std::array<char, tokenMax_bytes> letters;
    std::size_t size_bytes = 0;
    const std::size_t begin = at_;
    while (peek() == CharacterClass::letter && size_bytes + point_.size_bytes <= letters.size()) {
      const char32_t letter = folded(point_.value);
      if (letter < 0x80) {
        letters[size_bytes++] = static_cast<char>(letter);
      } else {
        std::memcpy(letters.data() + size_bytes, text_.data() + at_, point_.size_bytes);
        size_bytes += point_.size_bytes;
      }
      at_ += point_.size_bytes;
    }
    return sink_({std::string_view(letters.data(), size_bytes), begin, at_, false, false});
  }

  int pairs() {
    std::size_t last = at_;
    at_ += point_.size_bytes;
    bool alone = true;
    while (peek() == CharacterClass::paired) {
      const std::size_t end = at_ + point_.size_bytes;
      if (const int result = sink_({text_.substr(last, end - last), last, end, false, false}); result != 0) {
        return result;
      }
      last = std::exchange(at_, end);
      alone = false;
    }
    if (!alone && purpose_ == Purpose::query) return 0;
    return sink_({text_.substr(last, at_ - last), last, at_, !alone, true});
  }

  std::string_view text_;
  Purpose purpose_;
  const TokenSink& sink_;
  std::size_t at_ = 0;
  CodePoint point_;
};

}  // namespace

int cut(std::string_view text, Purpose purpose, const TokenSink& sink) { return Cutter(text, purpose, sink).run(); }

}  // namespace cinnabar
