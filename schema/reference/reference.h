// What is written from the schema for those who do not read Cap'n Proto: constants for C, and a reference
// of all entities in both languages for clerks and programmers.
#pragma once
#include <string>

#include "schema/catalog.h"

namespace cinnabar {

// The text of cinnabar_names.h: C99, no dependencies.
std::string namesHeader(const Catalog& catalog);

std::string markdownReference(const Catalog& catalog);
std::string htmlReference(const Catalog& catalog);

// A field's type in words, the same in both references: "text", "ref Person", "list of date", "money (fen)".
std::string typeInWords(const ValueType& type);
// Everything else that a reader of one field wants to know, in words; may be empty.
std::string marksInWords(const Field& field);
// "a, b → c (who; article)", one for each target and condition, sources joined.
std::vector<std::string> stepsInWords(const EntityType& entity);

}  // namespace cinnabar
