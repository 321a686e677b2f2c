// A record's state that other records speak against, met only after merging: each site did what was lawful where it
// was. A person left here while a carrier was handed to him there.
#pragma once
#include <map>
#include <set>

#include "core/record/standing.h"

namespace cinnabar {

inline constexpr std::string_view barredState =
    "barredState";  // bar.h; told of the state, and of what stands in its way
inline constexpr std::string_view missingNeedOf = "missingNeed";  // need.h

// By entity's tag, the registers whose change may bring this about.
std::map<std::uint32_t, std::set<FieldNumber>> registersOfStates(const Catalog& catalog);

// Notes those of `records`, which came into `vault`, that may be so. Within its transaction.
void noteStates(Store& store, Vault& vault, const std::set<RecordId>& records);

// As stillStands, of these two kinds.
bool isSpokenAgainst(Store& store, std::string_view kind, const RecordId& record, nlohmann::json& detail);

}  // namespace cinnabar
