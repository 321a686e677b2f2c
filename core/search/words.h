// What a user types to search: free words. Every word must occur; a word is a phrase.
#pragma once
#include <string>
#include <string_view>

namespace cinnabar {

// Any bytes, separated by white space. At most 1 KiB and 64 words; at least one character to search for.
// Otherwise these throw Code::invalidArgument.

// An FTS5 MATCH expression for a table with the tokenizer "cinnabar" (tokenizer.h): quoted phrases joined by
// AND. A word that ends in a single ideograph seeks it by prefix. Only folded letters enter the quotes, never
// FTS5 syntax.
std::string matchExpression(std::string_view words);

// What the expression would say about one indexed text, without an index: for what is not indexed yet.
bool matches(std::string_view text, std::string_view words);

}  // namespace cinnabar
