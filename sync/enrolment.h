// How a site comes to be: the office by founding, every other in three steps that a courier can carry.
#pragma once
#include <memory>
#include <set>
#include <string>

#include "core/keys/keyring.h"
#include "core/record/store.h"
#include "sync/certificate.h"

namespace cinnabar {

// A site's folder and who opens it.
struct Opening {
  Environment environment;
  std::string folder;
  std::string person;  // empty: the only one
  SlotSecret secret;
  std::optional<Level> most;  // open up to here only
  KdfCost cost = KdfCost::moderate();
  std::shared_ptr<const Catalog> catalog;
};

struct SiteName {
  std::string name;
  std::string title;
};

// Makes the office: root, delegate, first epoch keys, vaults of all levels, first person. Returns the root
// key, to be kept apart from every machine; the site itself does not keep it.
SecretBytes foundOffice(const Opening& opening, const SiteName& name);

// First step: keys of its own and a request that nobody can change on its way. The folder is no site yet.
Bytes requestToJoin(const Opening& opening, const SiteName& name);

struct Admission {
  Level clearance = Level::open;
  std::set<std::string> circles;
  std::string validUntil;  // ISO date
};
// Second, at the office. The grant is sealed to the requester and signed by the office.
Bytes admit(Store& office, BytesView request, const Admission& admission);

// Third: makes the vaults that the grant entitles to. Throws misdirected, forged.
void acceptGrant(const Opening& opening, BytesView grant);

// `person`, if given, receives the unlocked person, for changing the keyring later.
std::unique_ptr<Store> openSite(const Opening& opening, Rollback rollback = Rollback::refuse,
                                std::optional<UnlockedPerson>* person = nullptr);
std::string keyringFileOf(const std::string& folder);
bool isSite(const Environment& environment, const std::string& folder);

// Makes a circle's keys for every epoch there has been, at every level; at the office only, once.
void ensureCircle(Store& office, const std::string& circle);

}  // namespace cinnabar
