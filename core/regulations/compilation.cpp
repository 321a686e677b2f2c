#include "core/regulations/compilation.h"

#include <algorithm>
#include <span>

#include "core/base/error.h"
#include "core/regulations/line.h"
#include "core/regulations/outline.h"
#include "core/regulations/titles.h"

namespace cinnabar {

namespace {

constexpr std::size_t compilationMax_bytes = 16u << 20;
constexpr std::size_t codeDigits = 3;

void number(ParsedRegulation& regulation, std::size_t position) {
  regulation.position = position;
  regulation.code = std::to_string(position);
  if (regulation.code.size() < codeDigits) regulation.code.insert(0, codeDigits - regulation.code.size(), '0');
}

// A web page has its own lines above the title, so the title is the first that calls itself a compilation.
std::size_t titleLineOf(std::span<const Line> front) {
  const auto named = std::find_if(front.begin(), front.end(), [](const Line& line) {
    return looksLikeHeading(line.text) && (line.text.ends_with("汇编") || line.text.ends_with("选编"));
  });
  return named == front.end() ? 0 : static_cast<std::size_t>(named - front.begin());
}

ParsedRegulation frontMatterOf(std::span<const Line> front) {
  ParsedRegulation matter;
  number(matter, 0);
  const std::size_t titleLine = titleLineOf(front);
  for (std::size_t i = 0; i < front.size(); ++i) {
    if (i == titleLine) {
      matter.title = front[i].text;
      matter.titleAt_bytes = matter.body.size();
      continue;
    }
    if (!matter.body.empty()) matter.body += '\n';
    matter.body += front[i].text;
  }
  return matter;
}

ParsedRegulation regulationOf(std::span<const Line> lines, TitleLines title, std::size_t end, std::size_t position) {
  ParsedRegulation regulation;
  number(regulation, position);
  for (std::size_t i = title.first; i < title.end; ++i) regulation.title += lines[i].text;
  readOutline(lines.subspan(title.end, end - title.end), regulation);
  return regulation;
}

}  // namespace

Compilation parseCompilation(std::string_view utf8) {
  if (utf8.size() > compilationMax_bytes) {
    throw Error(Code::invalidInput, "a compilation of " + std::to_string(utf8.size()) +
                                        " bytes: no more than 16 MiB at once, load it in parts");
  }
  const std::vector<Line> lines = linesOf(utf8);
  const std::vector<TitleLines> titles = titlesOf(lines);
  if (titles.empty()) {
    throw Error(Code::invalidInput,
                "no regulation found in " + std::to_string(lines.size()) +
                    " lines of text: titles stand in a table of contents (目录) or between blank lines");
  }

  Compilation compilation;
  const std::span<const Line> all(lines);
  if (titles.front().first > 0) {
    compilation.regulations.push_back(frontMatterOf(all.first(titles.front().first)));
  }
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const std::size_t end = i + 1 < titles.size() ? titles[i + 1].first : lines.size();
    compilation.regulations.push_back(regulationOf(all, titles[i], end, i + 1));
  }
  return compilation;
}

std::string textOf(const Compilation& compilation) {
  std::string text;
  for (const ParsedRegulation& regulation : compilation.regulations) {
    text += withoutWhiteSpace(regulation.body.substr(0, regulation.titleAt_bytes));
    text += withoutWhiteSpace(regulation.title);
    text += withoutWhiteSpace(regulation.body.substr(regulation.titleAt_bytes));
    for (const ParsedArticle& article : regulation.articles) {
      text += withoutWhiteSpace(article.heading);
      text += withoutWhiteSpace(article.text);
    }
  }
  return text;
}

}  // namespace cinnabar
