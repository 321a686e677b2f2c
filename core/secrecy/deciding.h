// Taking an act of a record's secrecy life: one person proposes it, another decides. Deciding moves the record.
#pragma once
#include "core/secrecy/act.h"

namespace cinnabar {

struct Proposal {
  RecordId subject;
  std::optional<LabelChange> change;  // nothing: what leads from the present label to `to`
  std::optional<Label> to;            // nothing: release, hold and unhold need none
  std::string basis;                  // what is classified or raised: the entry of the range, or the decision
  std::string reason;                 // of every other change
  std::string specialRule;            // by which a period passes its level's maximum, or is 长期
};

// A proposal, as a record of its own. Throws refused, naming the rule and its article, notFound.
RecordId propose(Store& store, const Signer& signer, const Proposal& proposal);

// The other person's word on an act, or on the one open act of a record; approving moves the record with all that was
// said of its secrecy, all or nothing. Throws refused (the same person, not the deciding organ, decided already),
// notFound (no such act, or no such label here). Returns the act.
RecordId decide(Store& store, const Signer& signer, const RecordId& act, Verdict verdict, const std::string& reason);

// A record whose period is over, by the office: to internal, marked 解密.
void expire(Store& store, const Signer& office, const RecordId& subject);

}  // namespace cinnabar
