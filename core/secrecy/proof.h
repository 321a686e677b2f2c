// A person's signature under a step of a two-person act, with what another site needs to check it: which site vouches
// that this key is the person's. So that two persons are two everywhere (定密解密 三).
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/crypto.h"

namespace cinnabar {

struct Proof {
  SiteId site;
  std::string person;
  SigningKey key{};
  Signature vouched{};  // by the site: this is the person's key
  std::int64_t at = 0;  // an instant in stored form
  Signature signature{};
};

// Who signs here: borrowed for the length of the act.
struct Signer {
  GroupId group;
  SiteId site;
  std::string siteName;
  std::string person;
  const SigningPair& key;
  Signature vouched{};
};

Signature vouchFor(const GroupId& group, const SiteId& site, std::string_view person, const SigningKey& key,
                   const SecretBytes& siteKey);
Proof prove(const Signer& signer, BytesView statement, std::int64_t at);
// `siteKey`: what the roster says of the proof's site.
bool isSound(const Proof& proof, BytesView statement, const GroupId& group, const SigningKey& siteKey);
bool samePerson(const Proof& a, const Proof& b);

// What the roster says of a site's key; nothing for a site that it does not know.
using SiteKeys = std::function<std::optional<SigningKey>(const SiteId&)>;
// Why a proof as it stands in a field does not count, or "" if it does. `proof`: what was read.
std::string flawOfProof(std::string_view text, BytesView statement, const GroupId& group, const SiteKeys& keys,
                        Proof& proof);

// Lower-case base32: proofs are fields of records.
std::string textOf(const Proof& proof);
Proof parseProof(std::string_view text);  // throws invalidInput

}  // namespace cinnabar
