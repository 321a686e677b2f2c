#include "core/regulations/outline.h"

#include <unordered_map>
#include <utility>

#include "core/regulations/marker.h"

namespace cinnabar {

namespace {

void addParagraph(std::string& to, std::string_view paragraph) {
  if (!to.empty()) to += '\n';
  to += paragraph;
}

bool isChapter(MarkerKind kind) {
  return kind == MarkerKind::part || kind == MarkerKind::chapter || kind == MarkerKind::section;
}

// A heading without a number: what ends like a title (the rules of a section within a regulation), or what
// stands above the first of a new count (主任职责, then 第一条).
bool isHeading(const Line& line, const Line* next) {
  if (!looksLikeHeading(line.text)) return false;
  if (looksLikeTitle(line.text)) return true;
  const auto below = next ? markerOf(next->text) : std::nullopt;
  return below && below->ordinal == 1 && (below->kind == MarkerKind::article || below->kind == MarkerKind::ideograph);
}

class Outline {
 public:
  explicit Outline(ParsedRegulation& regulation) : regulation_(regulation) {}

  void addArticle(const Line& line, const Marker& marker) {
    const std::size_t depth = depthOf(marker);
    const std::size_t previous = depth < open_.size() ? open_[depth].ordinal : 0;
    open(depth, marker.kind, marker.ordinal != 0 ? marker.ordinal : previous + 1);
    const std::string_view words = line.text.substr(marker.size_bytes);
    const bool heading = words.empty() || looksLikeHeading(words);
    (heading ? current().heading : current().text) = line.text;
  }

  void addHeading(const Line& line) {
    open(0, MarkerKind::heading, topOrdinal_ + 1);
    current().heading = line.text;
  }

  void addParagraph(const Line& line) {
    cinnabar::addParagraph(regulation_.articles.empty() ? regulation_.body : current().text, line.text);
  }

  // The schema wants every article to have a text; a heading alone is one.
  void finish() {
    for (ParsedArticle& article : regulation_.articles) {
      if (article.text.empty()) article.text = std::exchange(article.heading, {});
    }
  }

 private:
  struct Open {
    MarkerKind kind;
    std::size_t ordinal;
    std::size_t index;
  };

  ParsedArticle& current() { return regulation_.articles.back(); }

  // How many of the open articles enclose what `marker` begins. A number that goes on from an open one is its
  // sibling, the innermost first; a 1 begins a new list as deep as the usual order of kinds allows, where
  // anything may stand below 第…条. 第…条 never encloses another, so the depth is bounded by the kinds.
  std::size_t depthOf(const Marker& marker) const {
    if (isChapter(marker.kind)) return depthOfChapter(marker.kind);
    const auto same = innermost([&](const Open& open) { return open.kind == marker.kind; });
    if (same && (marker.ordinal != 1 || marker.kind == MarkerKind::article)) {
      const auto before =
          innermost([&](const Open& open) { return open.kind == marker.kind && open.ordinal + 1 == marker.ordinal; });
      return before.value_or(*same);
    }
    std::size_t depth = open_.size();
    while (depth > 0 && open_[depth - 1].kind != MarkerKind::article && open_[depth - 1].kind >= marker.kind) {
      --depth;
    }
    return depth;
  }

  std::size_t depthOfChapter(MarkerKind kind) const {
    std::size_t depth = 0;
    while (depth < open_.size() && open_[depth].kind < kind) ++depth;
    return depth;
  }

  template <typename Wanted>
  std::optional<std::size_t> innermost(Wanted wanted) const {
    for (std::size_t depth = open_.size(); depth-- > 0;) {
      if (wanted(open_[depth])) return depth;
    }
    return std::nullopt;
  }

  void open(std::size_t depth, MarkerKind kind, std::size_t ordinal) {
    open_.resize(depth, Open{});
    ParsedArticle article;
    article.path = std::to_string(ordinal);
    if (depth > 0) {
      article.parent = open_.back().index;
      article.path = regulation_.articles[*article.parent].path + "-" + article.path;
    } else {
      topOrdinal_ = ordinal;
    }
    if (const std::size_t times = ++timesUsed_[article.path]; times > 1) article.path += "." + std::to_string(times);
    article.position = regulation_.articles.size() + 1;
    open_.push_back({kind, ordinal, regulation_.articles.size()});
    regulation_.articles.push_back(std::move(article));
  }

  ParsedRegulation& regulation_;
  std::vector<Open> open_;  // from the outermost
  std::size_t topOrdinal_ = 0;
  std::unordered_map<std::string, std::size_t> timesUsed_;
};

}  // namespace

void readOutline(std::span<const Line> lines, ParsedRegulation& regulation) {
  Outline outline(regulation);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line* next = i + 1 < lines.size() ? &lines[i + 1] : nullptr;
    if (const auto marker = markerOf(lines[i].text))
      outline.addArticle(lines[i], *marker);
    else if (isHeading(lines[i], next))
      outline.addHeading(lines[i]);
    else
      outline.addParagraph(lines[i]);
  }
  outline.finish();
}

}  // namespace cinnabar
