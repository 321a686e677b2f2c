// How a site comes to be: the office by founding, every other in three steps that a courier can carry.
#pragma once
#include <set>
#include <string>

#include "sync/certificate.h"
#include "sync/opening.h"

namespace cinnabar {

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

// Makes a circle's keys for every epoch there has been, at every level; at the office only, once.
void ensureCircle(Store& office, const std::string& circle);

}  // namespace cinnabar
