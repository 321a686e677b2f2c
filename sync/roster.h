// The verified certificates of the group, and this site's own secret keys. Both lie in the lowest vault,
// which every person of the site can open; nothing in them is above its level.
#pragma once
#include <optional>
#include <vector>

#include "core/record/store.h"
#include "sync/certificate.h"

namespace cinnabar {

class Roster {
 public:
  explicit Roster(Store& store);

  const Delegation& delegation() const { return delegation_; }
  const Certificate& self() const;
  bool isOffice() const { return self().office; }
  const Certificate* find(const SiteId& site) const;
  const Certificate* find(std::string_view name) const;
  std::vector<const Certificate*> all() const;
  std::uint64_t lastNumber() const;

  // Checks and keeps a certificate that is newer than the one known; within a transaction of the lowest
  // vault. Returns false if nothing was new. Throws forged, refused (a name that another site has).
  static bool keep(Vault& lowest, const Delegation& delegation, const Certificate& certificate);
  // States the circles of a certificate that is to be signed; the vault holds their keys. Throws limit, notFound.
  static void stateCircles(Certificate& certificate, const std::set<std::string>& circles, Vault& lowest);
  static void found(Vault& lowest, const Delegation& delegation);
  // Also once a circle's key came: it tells who belongs to it.
  void reload();

 private:
  Store& store_;
  Delegation delegation_;
  std::vector<Certificate> certificates_;
};

// The site's secrets; each is read when it is needed and wiped afterwards.
namespace secrets {

void keepIdentity(Vault& lowest, const SigningPair& signing, const BoxPair& sealing);
SigningPair signing(Vault& lowest);
BoxPair sealing(Vault& lowest);
void keepDelegateKey(Vault& lowest, const SecretBytes& key);  // at the office only
SecretBytes delegateKey(Vault& lowest);                       // throws refused elsewhere

// Shared with one site beforehand: mixed into every bundle's key, so that breaking the curve opens nothing.
void keepShared(Vault& lowest, const SiteId& with, const SecretBytes& secret);
void keepGroupSecret(Vault& lowest, const SecretBytes& secret);
SecretBytes groupSecret(Vault& lowest);
SecretBytes shared(Vault& lowest, const SiteId& self, const SiteId& with);

// One-time sealing keys: the present one is published in every bundle that this site writes; a new one is
// made once it was used; four are kept for bundles that are still under way, older ones are gone. Each
// level has its own, so that traffic above leaves no trace below.
PublicKey publishedPrekey(Vault& vault, Random& random);
std::optional<BoxPair> prekey(Vault& vault, const PublicKey& publicKey);
void usedPrekey(Vault& vault, const PublicKey& publicKey, Random& random);

}  // namespace secrets

}  // namespace cinnabar
