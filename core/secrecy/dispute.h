// A level that is unclear, 《定密解密工作暂行规定》十: to the bureau within ten days, an answer within thirty;
// meanwhile the record is handled at the higher of the levels in question.
#pragma once
#include <nlohmann/json.hpp>

#include "core/secrecy/act.h"

namespace cinnabar {

inline constexpr int submitWithin_days = 10;
inline constexpr int replyWithin_days = 30;

struct Dispute {
  RecordId subject;
  std::string question;
  Level heldAs = Level::internal;
};

// Moves the record to the higher level at once. Throws notFound if this person holds no such level.
RecordId raiseDispute(Store& store, const Signer& signer, const Dispute& dispute);
// Of the record's open dispute, or a dispute itself. Each throws refused unless the step before was taken.
RecordId submitDispute(Store& store, const Signer& signer, const RecordId& id);
RecordId replyDispute(Store& store, const Signer& signer, const RecordId& id, const std::string& reply);

// Each of a record's disputes with its deadlines: [{"id","question","heldAs","state","submitBy","replyBy"}].
nlohmann::json disputesOn(Store& store, const RecordId& subject);

// `days` after the date of an instant or date; ISO.
std::string daysAfter(const std::string& from, int days);

}  // namespace cinnabar
