#include "core/regulations/titles.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/base/utf8.h"
#include "core/regulations/marker.h"

namespace cinnabar {

namespace {

constexpr std::size_t titleMaxLines = 4;
constexpr std::size_t tableMaxLines = 4096;
// Longer joined lines are prose; also keeps the comparison linear in the text.
constexpr std::size_t titleMax_bytes = 400;

std::string joined(std::span<const Line> lines, TitleLines run) {
  std::string dense;
  for (std::size_t i = run.first; i < run.end; ++i) dense += withoutWhiteSpace(lines[i].text);
  return dense;
}

bool fitsTitle(std::span<const Line> lines, TitleLines run) {
  std::size_t size_bytes = 0;
  for (std::size_t i = run.first; i < run.end; ++i) size_bytes += lines[i].text.size();
  return size_bytes <= titleMax_bytes;
}

bool endsLikeSentence(std::string_view text) {
  char32_t last = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = codePointAt(text, at);
    last = point.value;
    at += point.size_bytes;
  }
  return endsSentence(last);
}

// The titles that a table of contents names. The table does not say where one of its titles ends and the next
// begins, so every run of its lines may be one; a line is used once.
class Contents {
 public:
  Contents(std::span<const Line> lines, TitleLines table) : lines_(lines), used_(table.end) {
    for (std::size_t first = table.first; first < table.end; ++first) {
      for (std::size_t end = first + 1; end <= std::min(first + titleMaxLines, table.end); ++end) {
        const TitleLines run{first, end};
        if (fitsTitle(lines, run)) runs_[joined(lines, run)].push_back(run);
      }
    }
  }

  // The longest title that begins at line `first` and that unused lines above `before` name.
  std::optional<TitleLines> titleAt(std::size_t first, std::size_t before) {
    for (std::size_t end = std::min(first + titleMaxLines, lines_.size()); end > first; --end) {
      if (const auto run = namedBy({first, end}); run && run->end <= before) return TitleLines{first, end};
    }
    return std::nullopt;
  }

  void use(TitleLines title) {
    const auto run = namedBy(title);
    for (std::size_t i = run->first; i < run->end; ++i) used_[i] = true;
  }

 private:
  // The first unused run. Used ones are forgotten on the way, which keeps many equal lines from costing their
  // square.
  std::optional<TitleLines> namedBy(TitleLines title) {
    if (!fitsTitle(lines_, title)) return std::nullopt;
    const auto found = runs_.find(joined(lines_, title));
    if (found == runs_.end()) return std::nullopt;
    std::deque<TitleLines>& runs = found->second;
    while (!runs.empty() && isUsed(runs.front())) runs.pop_front();
    return runs.empty() ? std::nullopt : std::optional(runs.front());
  }

  bool isUsed(TitleLines run) const {
    return std::any_of(used_.begin() + static_cast<std::ptrdiff_t>(run.first),
                       used_.begin() + static_cast<std::ptrdiff_t>(run.end), [](bool used) { return used; });
  }

  std::span<const Line> lines_;
  std::unordered_map<std::string, std::deque<TitleLines>> runs_;
  std::vector<bool> used_;
};

// The table ends where its first title appears again. Only the last repetition above the first sentence can
// be it: pieces of broken titles ("暂行规定") repeat within the table itself.
std::optional<TitleLines> tableOfContents(std::span<const Line> lines) {
  const auto word = std::find_if(lines.begin(), lines.end(), [](const Line& line) {
    const std::string dense = line.text.size() < 32 ? withoutWhiteSpace(line.text) : std::string{};
    return dense == "目录" || dense == "目次";
  });
  if (word == lines.end()) return std::nullopt;
  const auto sentence = std::find_if(word, lines.end(), [](const Line& line) { return endsLikeSentence(line.text); });
  const auto first = static_cast<std::size_t>(word - lines.begin()) + 1;
  const auto above = std::min(static_cast<std::size_t>(sentence - lines.begin()), first + tableMaxLines);
  Contents contents(lines, {first, above});
  for (std::size_t at = above; at-- > first;) {
    std::optional<TitleLines> title = contents.titleAt(at, at);
    if (!title) continue;
    for (std::size_t up = at; up-- > first && at - up < titleMaxLines;) {
      const auto longer = contents.titleAt(up, up);
      if (longer && longer->end >= title->end) title = longer;
    }
    return TitleLines{first, title->first};
  }
  return std::nullopt;
}

std::optional<TitleLines> setOffTitleAt(std::span<const Line> lines, std::size_t first, std::size_t blanks) {
  const auto opens = [&](std::size_t i) { return i == 0 || lines[i].blanksAbove >= blanks; };
  const auto closes = [&](std::size_t i) { return i + 1 < lines.size() && lines[i].blanksBelow >= blanks; };
  if (!opens(first)) return std::nullopt;
  for (std::size_t i = first; i < std::min(first + titleMaxLines, lines.size()); ++i) {
    if (!looksLikeHeading(lines[i].text) || markerOf(lines[i].text)) return std::nullopt;
    if (!closes(i)) continue;
    if (!looksLikeTitle(lines[i].text)) return std::nullopt;
    return TitleLines{first, i + 1};
  }
  return std::nullopt;
}

std::vector<TitleLines> setOffTitles(std::span<const Line> lines, std::size_t blanks) {
  std::vector<TitleLines> titles;
  for (std::size_t at = 0; at < lines.size();) {
    const auto title = setOffTitleAt(lines, at, blanks);
    if (title) titles.push_back(*title);
    at = title ? title->end : at + 1;
  }
  return titles;
}

}  // namespace

std::vector<TitleLines> titlesOf(std::span<const Line> lines) {
  const auto table = tableOfContents(lines);
  if (!table) {
    std::vector<TitleLines> titles = setOffTitles(lines, 2);
    return titles.empty() ? setOffTitles(lines, 1) : titles;
  }
  Contents contents(lines, *table);
  std::vector<TitleLines> titles;
  for (std::size_t at = table->end; at < lines.size();) {
    auto title = contents.titleAt(at, table->end);
    if (title)
      contents.use(*title);
    else
      title = setOffTitleAt(lines, at, 2);
    if (title) titles.push_back(*title);
    at = title ? title->end : at + 1;
  }
  return titles;
}

}  // namespace cinnabar
