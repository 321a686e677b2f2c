// How far a site's audit of a compartment is, as it signs it: what a peer keeps, so that an audit that was cut or
// written anew shows at the next contact.
#pragma once
#include "core/audit/audit.h"
#include "core/base/codec.h"

namespace cinnabar {

struct SignedAuditHead {
  Compartment compartment;
  Author author;
  AuditHead head;
  Signature signature{};
};

Bytes encode(const SignedAuditHead& head);
SignedAuditHead decodeSignedAuditHead(BytesView bytes);
void signAuditHead(SignedAuditHead& head, const GroupId& group, const SecretBytes& key);
bool verifyAuditHead(const SignedAuditHead& head, const GroupId& group, const SigningKey& key);

// The newest of another site, in the vault of its level; within a transaction.
std::optional<SignedAuditHead> keptAuditHead(Vault& vault, const SiteId& site, const Compartment& compartment);
std::vector<SignedAuditHead> keptAuditHeads(Vault& vault, const SiteId& site);
void keepAuditHead(Vault& vault, const SignedAuditHead& head);

// Both show that `now`, of the same life of the same site, does not go on from `kept`.
bool partsFrom(const SignedAuditHead& kept, const SignedAuditHead& now);
// A row among the violations: `site`'s audit lacks what stood at `kept`.
void noteAuditCut(Vault& vault, const SignedAuditHead& kept, const std::string& site);

}  // namespace cinnabar
