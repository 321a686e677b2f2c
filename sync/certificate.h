// Who belongs to the group and may have what: statements signed under the office's root.
#pragma once
#include <array>
#include <set>
#include <string>
#include <vector>

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

// That a site belongs to a circle, for who holds the circle's key; noise for anybody else, who learns no name, and not
// whether two sites share one.
using CircleTag = std::array<Byte, 16>;
inline constexpr std::size_t mostCircleTags = 256;

struct Certificate {
  std::uint64_t number = 0;  // of the roster: grows with every certificate
  SiteId site;
  std::string name;  // the site's code, unique in the group
  std::string title;
  SigningKey signingKey{};  // site is its hash
  PublicKey sealingKey{};
  Level clearance = Level::open;
  std::vector<CircleTag> circleTags;  // ordered; filled up with noise, so that their number tells little
  std::string validUntil;             // ISO date
  bool office = false;
  Signature signature{};  // by the delegate

  // Not stated: those of its circles that are known where it is read (Roster).
  std::set<std::string> circles;

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
