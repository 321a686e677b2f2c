// Reads a compilation of regulations (规章制度汇编) from plain text into what becomes records.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cinnabar {

// A chapter, a numbered article or item, or a heading without a number inside a regulation.
struct ParsedArticle {
  // Numbers as the text gives them, from the outermost: "3-1-15" is 三、 (一) 第十五条. Unique in its
  // regulation: the second article with a number has ".2" behind it. What has no number counts on from its
  // neighbour.
  std::string path;
  std::string heading;       // with its number; empty if nothing but a heading stands there: then it is the text
  std::string text;          // with its number unless the heading has it; never empty; paragraphs by '\n'
  std::size_t position = 0;  // in the regulation, from 1
  std::optional<std::size_t> parent;  // index into the regulation's articles, always a smaller one
};

struct ParsedRegulation {
  std::string code;   // "001", "002", …; "000" is the front matter
  std::string title;  // broken lines joined
  std::string body;   // what stands above the first article; paragraphs by '\n'; may be empty
  std::vector<ParsedArticle> articles;
  std::size_t position = 0;  // equal to the code
  // Where in `body` the title stood, in bytes. Only the front matter has lines above its title.
  std::size_t titleAt_bytes = 0;
};

struct Compilation {
  std::vector<ParsedRegulation> regulations;
};

// What stands above the first regulation (site header, the compilation's title, table of contents) becomes
// the regulation "000", so that nothing of the text is lost. A pure function of its bytes. Throws
// Code::invalidInput for a text over 16 MiB or over 262,144 lines, for bytes that are not UTF-8 (naming the
// line), and if no regulation is found.
Compilation parseCompilation(std::string_view utf8);

// All the text of a compilation in its order, without white space: equal to withoutWhiteSpace(utf8) of
// line.h.
std::string textOf(const Compilation& compilation);

}  // namespace cinnabar
