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

inline constexpr std::string_view movedAtOnce = "concurrentRelabel";  // the violation's kind

inline constexpr std::size_t mostMoves = 256;

// The day from which the label's period counts, where it is not the day of creation.
inline constexpr FieldNumber sinceRegister = 0xF004;

// Two sites moved the record at once and the office had to choose. A part of the record's state, so that a later move
// takes it along: from then on a sum may count an edit twice, or not at all, and a person has to look.
inline bool wasMovedAtOnce(const Row& row) { return row.kept.contains(movesAtOnceRegister); }
// Lists that as a violation, in the place of what two moves that met in this compartment had noted here.
void noteMovedAtOnce(Vault& vault, const Row& row);

Value storedForm(const Origin& origin);
// Nothing for a value that is none.
std::optional<Origin> parseOrigin(const Value& value);
// Nothing for a record that was made in its compartment.
std::optional<Origin> originOf(const Row& row);
// ISO date; a record that was never classified by an act counts from its creation.
std::string classifiedOn(const Row& row);
inline bool isMovedIn(const Row& row) { return row.kept.contains(originRegister); }

}  // namespace cinnabar
