#include "core/search/words.h"

#include <algorithm>
#include <vector>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/search/token.h"

namespace cinnabar {

namespace {

constexpr std::size_t wordsMax_bytes = 1024;
constexpr std::size_t wordsMax = 64;

struct Phrase {
  std::vector<std::string> tokens;
  std::string letters;  // cut into the same tokens again; nothing in it means anything to FTS5 within quotes
  bool prefix = false;  // the last token seeks what begins with it
};

Phrase phraseOf(std::string_view word) {
  Phrase phrase;
  std::size_t reached_bytes = 0;
  cut(word, Purpose::query, [&](const Token& token) {
    const bool overlaps = !phrase.tokens.empty() && token.begin_bytes < reached_bytes;
    if (!overlaps && !phrase.tokens.empty()) phrase.letters += ' ';
    phrase.letters += overlaps ? token.text.substr(reached_bytes - token.begin_bytes) : token.text;
    phrase.tokens.emplace_back(token.text);
    phrase.prefix = token.lone;
    reached_bytes = token.end_bytes;
    return 0;
  });
  return phrase;
}

std::vector<std::string_view> separated(std::string_view words) {
  std::vector<std::string_view> found;
  bool inside = false;
  for (std::size_t at = 0; at < words.size();) {
    const CodePoint point = codePointAt(words, at);
    const bool white = isWhiteSpace(point.value);
    if (!white && !inside) found.push_back(words.substr(at, 0));
    if (!white) found.back() = {found.back().data(), found.back().size() + point.size_bytes};
    inside = !white;
    at += point.size_bytes;
  }
  return found;
}

// A word of nothing but punctuation says nothing and is left out.
std::vector<Phrase> phrasesOf(std::string_view words) {
  if (words.size() > wordsMax_bytes) {
    throw Error(Code::invalidArgument, "a search of more than 1024 bytes: use fewer words");
  }
  std::vector<Phrase> phrases;
  for (const std::string_view word : separated(words)) {
    if (Phrase phrase = phraseOf(word); !phrase.tokens.empty()) phrases.push_back(std::move(phrase));
    if (phrases.size() > wordsMax) throw Error(Code::invalidArgument, "a search of more than 64 words: use fewer");
  }
  if (phrases.empty()) throw Error(Code::invalidArgument, "nothing to search for: give at least one letter or digit");
  return phrases;
}

// What stands at one place of a text: a token, and at the end of a run its last character as well.
struct Place {
  std::string token;
  std::string lone;
};

std::vector<Place> placesOf(std::string_view text) {
  std::vector<Place> places;
  cut(text, Purpose::index, [&](const Token& token) {
    if (token.samePlace)
      places.back().lone = token.text;
    else
      places.push_back({std::string(token.text), {}});
    return 0;
  });
  return places;
}

bool standsAt(const Place& place, const std::string& token, bool prefix) {
  if (prefix) return place.token.starts_with(token) || place.lone == token;
  return place.token == token || place.lone == token;
}

bool occursIn(const std::vector<Place>& places, const Phrase& phrase) {
  const std::size_t last = phrase.tokens.size() - 1;
  for (std::size_t first = 0; first + last < places.size(); ++first) {
    std::size_t i = 0;
    while (i <= last && standsAt(places[first + i], phrase.tokens[i], phrase.prefix && i == last)) ++i;
    if (i > last) return true;
  }
  return false;
}

}  // namespace

std::string matchExpression(std::string_view words) {
  std::string expression;
  for (const Phrase& phrase : phrasesOf(words)) {
    if (!expression.empty()) expression += " AND ";
    expression += '"' + phrase.letters + '"';
    if (phrase.prefix) expression += '*';
  }
  return expression;
}

bool matches(std::string_view text, std::string_view words) {
  const std::vector<Phrase> phrases = phrasesOf(words);
  const std::vector<Place> places = placesOf(text);
  return std::all_of(phrases.begin(), phrases.end(), [&](const Phrase& phrase) { return occursIn(places, phrase); });
}

}  // namespace cinnabar
