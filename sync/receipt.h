// A site's signed word that nothing of a withdrawn record is left in its files.
#pragma once
#include "core/record/withdrawal.h"
#include "sync/certificate.h"

namespace cinnabar {

struct Receipt {
  Compartment compartment;
  RecordId record;
  MoveId move;
  std::int64_t at = 0;  // an instant in stored form, by the site's own clock
  Signature signature{};
};

Bytes encode(const Receipt& receipt);
Receipt decodeReceipt(BytesView bytes);  // throws invalidInput
void signReceipt(Receipt& receipt, const GroupId& group, const SecretBytes& key);
bool verifyReceipt(const Receipt& receipt, const GroupId& group, const SigningKey& key);

// At the office: kept beside the withdrawal. Within a transaction of the vault.
void keepReceipt(Vault& vault, const SiteId& from, const Receipt& receipt);
// Those of `site` that it was not told of yet; telling marks them.
std::vector<Receipt> receiptsToConfirm(Vault& vault, const SiteId& site);
void confirmed(Vault& vault, const SiteId& site, const Receipt& receipt);

}  // namespace cinnabar
