// What merging met and may not hide: each is a row that a person can query, with the full content.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/vault/vault.h"

namespace cinnabar {

struct Violation {
  std::array<Byte, 16> id{};
  CompartmentNumber compartment = 0;
  std::string kind;  // duplicateKey, brokenReference, refusedTransition, concurrentTransition, refusedWrite,
                     // unauthorisedAuthor, futureOperation, equivocation, outOfRange, wrongFormat, missingField,
                     // unknownWord, barredState, missingNeed, changedAppendOnly, rolledBack, auditCut,
                     // changedAfterDestruction, heldAndDestroyed, unlawfulAct; those of $prohibited and $clash
  RecordId record;   // zero: none
  std::string entity;
  std::string field;
  std::string rule;
  std::string detail;  // JSON
};

// What stands in a detail came from elsewhere and may not be UTF-8.
std::string detailText(const nlohmann::json& detail);

// What a violation of a kind said of a record's field does not hold any more.
void settle(Vault& vault, const std::string& kind, const RecordId& record, const std::string& field);

// The id follows from kind, record, field and `cause`, so that every site lists the same one, once.
void note(Vault& vault, Violation violation, BytesView cause);

// A change of a record whose author did not know that it was destroyed. Without content: that is gone.
void noteAfterDestruction(Vault& vault, CompartmentNumber compartment, const RecordId& record, const Dot& change);

// A site's storage went back to an older state; `shown` is what showed it.
void notePutBack(Vault& vault, const std::string& site, nlohmann::json shown);

}  // namespace cinnabar
