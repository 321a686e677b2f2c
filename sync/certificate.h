// Who belongs to the group and may have what: statements signed under the office's root.
#pragma once
#include <optional>
#include <set>
#include <string>

#include "core/base/crypto.h"
#include "core/label/label.h"

namespace cinnabar {

// The offline root key signs one day-to-day key. The group's id is the root key's hash, so that nobody
// can replace the root without becoming another group.
struct Delegation {
  SigningKey root{};
  SigningKey delegate{};
  Signature signature{};

  GroupId group() const;
  bool valid() const;
};

struct Certificate {
  std::uint64_t number = 0;  // of the roster: grows with every certificate
  SiteId site;
  std::string name;  // the site's code, unique in the group
  std::string title;
  SigningKey signingKey{};  // site is its hash
  PublicKey sealingKey{};
  Level clearance = Level::open;
  std::set<std::string> circles;
  std::string validUntil;  // ISO date
  bool office = false;
  Signature signature{};  // by the delegate

  // The office belongs to every circle: it gives out their keys.
  bool entitles(const Compartment& compartment) const;
};

SiteId siteIdOf(const SigningKey& key);

Bytes encode(const Delegation& delegation);
Delegation decodeDelegation(BytesView bytes);
Bytes encode(const Certificate& certificate);  // with signature
Certificate decodeCertificate(BytesView bytes);
void signCertificate(Certificate& certificate, const GroupId& group, const SecretBytes& delegateKey);
// Site id, signature and names all hold together. Throws Error{forged}.
void check(const Certificate& certificate, const Delegation& delegation);

inline constexpr std::size_t longestSiteName_bytes = 64;
// Lower-case letters, digits and '-', because names stand on covers and in file names.
bool goodSiteName(std::string_view name);

}  // namespace cinnabar
