// What a compilation, a quotation or a document with marked parts must bear, 《定密解密工作暂行规定》八、九: the
// highest level and the longest period of what is in it. And how many were classified in a year, 十八.
#pragma once
#include <nlohmann/json.hpp>

#include "core/secrecy/act.h"

namespace cinnabar {

// {"mark","level","circles","because":{"level":[id…],"period":[id…]},"parts":[{"id","mark"}]}. Throws notFound.
nlohmann::json explainJoin(Store& store, const std::vector<RecordId>& parts);

// Marks a part of a record; the record rises to the join of its parts, which keep their own marks. Returns the mark's
// id.
RecordId markPortion(Store& store, const Signer& signer, const RecordId& subject, const std::string& path,
                     const Label& label);

// {"year","counts":[{"level","count"}]}: what was classified in that year, as far as this person may see.
nlohmann::json yearOf(Store& store, int year);

}  // namespace cinnabar
