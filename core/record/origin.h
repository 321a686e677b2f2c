// Where a record that was moved here comes from: who made it, whatever moved it since, and the marks of its moves.
// Kept in the originRegister of its row, so that it merges, travels and counts in the digest like any other value.
#pragma once
#include <optional>
#include <vector>

#include "core/record/row.h"

namespace cinnabar {

struct Origin {
  SiteId site;                // that made the record: what only the owner may write is still his
  std::vector<MoveId> moves;  // oldest first; random, so that they name no compartment
};

inline constexpr std::size_t mostMoves = 256;

// The day from which the label's period counts, where it is not the day of creation.
inline constexpr FieldNumber sinceRegister = 0xF004;

Value storedForm(const Origin& origin);
// Nothing for a value that is none.
std::optional<Origin> parseOrigin(const Value& value);
// Nothing for a record that was made in its compartment.
std::optional<Origin> originOf(const Row& row);
// ISO date; a record that was never classified by an act counts from its creation.
std::string classifiedOn(const Row& row);
inline bool isMovedIn(const Row& row) { return row.kept.contains(originRegister); }

}  // namespace cinnabar
