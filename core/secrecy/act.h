// The acts of a record's secrecy life, 《定密解密工作暂行规定》, as their records say: each stands as a Classification
// record under the record's own label. How they are taken: deciding.h.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/record/transaction.h"
#include "core/secrecy/proof.h"

namespace cinnabar {

enum class LabelChange : std::uint8_t {
  classify,
  raise,
  lower,
  extend,
  shorten,
  widen,
  narrow,
  release,
  hold,  // a special requirement: the record does not expire
  unhold,
  expire,  // by itself, on the office's time
};
std::string_view wordOf(LabelChange change);
std::optional<LabelChange> parseChange(std::string_view word);

// One act as its record says.
struct LabelAct {
  RecordId id;
  RecordId subject;
  LabelChange change = LabelChange::classify;
  Label to;
  std::string basis, reason, specialRule, state, organ, oldMark, effectiveAt;
  std::string proposal, decision;  // proofs
};

// Acts on a record that this store may see, oldest first.
std::vector<LabelAct> actsOn(Store& store, const RecordId& subject);
LabelAct actOf(const RecordId& id, const nlohmann::json& fields);

// What each signature is of.
Bytes statementOf(const LabelAct& act);
enum class Verdict : std::uint8_t { approve, refuse };
Bytes statementOf(const LabelAct& act, Verdict verdict);

// The fields of a record that is there, as itemOf.
void rewrite(Transaction& transaction, const RecordId& id, const EntityType& entity, const nlohmann::json& fields,
             const std::string& stateBefore);

// Records about the record's secrecy, which lie under its label and move with it.
std::vector<RecordId> companionsOf(Store& store, const RecordId& subject);
// Moves a record and its companions.
void relabelWhole(Transaction& transaction, const RecordId& subject, const Label& to, const std::string& since);

// A new record of an entity as the core itself makes it: computed fields included, nothing required.
Item itemOf(Store& store, const EntityType& entity, const nlohmann::json& fields);

// Records of an entity that point to `target` and that this store may see, oldest first.
std::vector<RecordId> pointing(Store& store, const char* entity, const char* field, const RecordId& target);
const EntityType& entityNamed(Store& store, const char* name);
[[noreturn]] void refuseAct(const std::string& why, const char* rule, const char* article);

// A label whose period, from `day` on, is longer than its level allows without a special rule (定密解密 四).
bool isBeyondMaximum(const Label& to, const std::string& day);

// Whether an act's change is in force.
bool isStanding(const LabelAct& act);
// A special requirement stands, so that nothing expires.
bool isHeld(const std::vector<LabelAct>& acts);
// 机密★十年 with what became of it: the old mark struck, 解密 beside it.
nlohmann::json marksOf(const std::vector<LabelAct>& acts, const Label& now);

}  // namespace cinnabar
