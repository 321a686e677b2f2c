// A compilation as its lines that are not blank.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cinnabar {

struct Line {
  std::string_view text;   // without the white space at its ends; never empty; points into the input
  std::size_t number = 0;  // in the file, from 1
  std::size_t blanksAbove = 0;
  std::size_t blanksBelow = 0;
};

// Throws Code::invalidInput naming the line with bytes that are not UTF-8, or the line after the 262,144th of
// text.
std::vector<Line> linesOf(std::string_view utf8);

// How texts are compared where line breaks and spaces say nothing.
std::string withoutWhiteSpace(std::string_view utf8);

bool endsSentence(char32_t point);

// Short and without any sentence punctuation: what stands over a text, not in it.
bool looksLikeHeading(std::string_view text);

// A heading whose last word says that a regulation follows: 办法, 制度, 职责 …
bool looksLikeTitle(std::string_view text);

}  // namespace cinnabar
