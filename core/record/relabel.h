// Moving a record between compartments: its whole state appears under the new label, and leaves the old one.
// Who may order it, and why, is the business of core/secrecy.
#pragma once
#include "core/record/transaction.h"

namespace cinnabar {

// The record and its attachments, in a transaction that does nothing else before. Attachments under the record's
// own label follow it; others rise as far as the new label asks. Within one compartment only the period changes.
// `since`: ISO date from which the period counts; empty: as before.
// Throws notFound (no such record, or no such label here), refused (it refers to what the new label may not refer to).
void relabel(Transaction& transaction, const RecordId& id, const Label& to, const std::string& since = {});

// The one of its places that is meant, alone and without attachments: where a record stands in several.
void relabelAt(Transaction& transaction, const RecordId& id, const Compartment& from, const Label& to);

// What a crash left out between the commits of two vaults: the content of an attachment that `item` moves into
// `compartment`. For the replay of an intent; within a transaction of that vault.
void recoverContent(Transaction& transaction, const Compartment& compartment, const Item& item);

}  // namespace cinnabar
