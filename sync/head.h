// The end of an author's chain, as he signs it: what proves his changes to everybody else.
#pragma once
#include "core/base/codec.h"
#include "core/base/crypto.h"
#include "core/label/label.h"

namespace cinnabar {

// What an author signs: that its chain in a compartment ends so.
struct SignedHead {
  Compartment compartment;
  Author author;
  Sequence sequence = 0;
  Hash hash{};
  Signature signature{};
  // Not signed: the chain's hash before the first of the author's changes in this bundle. With the changes it
  // gives the signed hash, so nobody can invent it; where it is not ours, the author signed two chains.
  Hash before{};
};

Bytes encode(const SignedHead& head);
SignedHead decodeSignedHead(BytesView bytes);
void signHead(SignedHead& head, const GroupId& group, const SecretBytes& key);
bool verifyHead(const SignedHead& head, const GroupId& group, const SigningKey& key);

}  // namespace cinnabar
