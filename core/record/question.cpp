#include "core/record/question.h"

#include <string_view>

namespace cinnabar {

// Whether a table that may not be read exists is not told either.
void explain(const Error& error, const std::string& what) {
  const std::string_view text(error.what());
  const auto says = [&](std::string_view words) { return text.find(words) != std::string_view::npos; };
  if (error.code() == Code::cancelled)
    throw Error(Code::limit, what + " takes more steps, memory or time than a question may: narrow it");
  if (says("not authorized") || says("prohibited") || says("no such table") || says("no such tokenizer"))
    throw Error(Code::refused, what + " may only read the entities: no other tables, pragmas, functions or writing");
  throw error;
}

}  // namespace cinnabar
