// The directory within the keyring, and who vouches for it.
//
// Everybody holds the lowest vault key, and a box proves no sender. So that a clerk who can write the file
// does not have a higher key sealed to himself (by raising his clearance, or by putting his box key into
// another's slot), each share bears a voucher: a tag under that level's own vault key over what is claimed.
#pragma once
#include "core/keys/slot.h"

namespace cinnabar {

void sealEntry(Slot& slot, const PersonEntry& entry, const SecretBytes& lowest, Random& random);
// Throws damaged.
PersonEntry openEntry(const Slot& slot, const SecretBytes& lowest);

// Gives the slot its share of `level`: the key if the entry is cleared for it, the voucher in any case.
void share(Slot& slot, const PersonEntry& entry, Level level, const SecretBytes& key);

enum class Vouched { yes, no, falsely };
// Whether somebody who held the highest vault key up to `level`, of those that `held` has, made this slot what
// the entry says. `no`: nobody claims so.
Vouched vouchedAt(const Slot& slot, const PersonEntry& entry, Level level, const VaultKeys& held);

}  // namespace cinnabar
