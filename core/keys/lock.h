// The lock of a slot: a secret opens a person's name and private keys.
#pragma once
#include "core/keys/slot.h"

namespace cinnabar {

// Throws refused for a passphrase of less than 8 code points.
void checkSecret(const SlotSecret& secret);

// Locks the person's keys anew: fresh salt, fresh nonce. Throws what checkSecret and the provider throw, and
// invalidArgument for a cost that no reader would bear.
void lock(Slot& slot, const UnlockedPerson& person, const SlotSecret& secret, KdfCost cost, Random& random);

// The person's name and keys, without clearance and vault keys. Throws badKey for a wrong secret, damaged if
// the secret is right and the sealed keys are not, limit if there is not the memory to check a passphrase.
UnlockedPerson unlockSlot(const Slot& slot, const SlotSecret& secret);

// A slot that no secret opens and that takes the time of one of the file's, always the same for one name.
Slot decoyFor(const std::string& person, const KeyringFile& file);

}  // namespace cinnabar
