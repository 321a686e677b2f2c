// The records of an approved list are destroyed, by two persons of whom neither made the list (日常文稿办理制度
// 四(五)), and a certificate stays. The office alone does it: its word reaches every site that has the record.
//
// One signs, which destroys nothing; the other witnesses, which does. That ends the records' lives and leaves a
// certificate that is pending. It becomes certified once nothing is left in any page or log of the site: see
// sync/destroying.h.
#pragma once
#include "core/carrier/given.h"
#include "core/retention/signing.h"

namespace cinnabar::retention {

inline constexpr std::string_view keepRule = "doc-retention", keepArticle = "二十五、二十六 L464–466";
inline constexpr std::string_view twoRule = "doc-destroy-two-persons", twoArticle = "四(五) L484";
inline constexpr std::size_t mostDestroyed = 10'000;  // of one list, attachments included

void mustBeDue(carrier::Book& book, const RecordId& record);  // throws refused
// Throws refused if the signatures of a list are not of what stands in it.
void mustCount(carrier::Book& book, const Persons& persons, const RecordId& list, const nlohmann::json& fields);

// Both are refused as a whole, with the record named, if one of them is held back or not due any more: two persons
// approved this list, not a part of it.
void signDestruction(carrier::Book& book, carrier::Given& given, const Persons& persons);
// Refused unless what is there now is what was signed, label by label.
void destroyWitnessed(Transaction& transaction, carrier::Book& book, carrier::Given& given, const Persons& persons);

// Where a record stands that is to be destroyed, and what stays of it on the certificate.
struct Doomed {
  RecordId record;
  Compartment compartment;
  std::string entity;
  std::size_t changes = 0;
  Hash hash{};  // of the hashes that stay in the log in the place of its changes
};
// Every place of a record and of its attachments in the vaults that are open.
std::vector<Doomed> placesOf(Store& store, const RecordId& record);
// What is said of all these lies under it.
Compartment labelOfWhole(Store& store, const RecordId& record);
std::vector<RecordId> recordsOf(const std::vector<Doomed>& doomed);

// Those that a certificate names in its field `records`.
std::vector<RecordId> recordsNamed(const nlohmann::json& records);

// Writes the certificate of records that lie under one label, and ends them. `more`: who and when, with signatures.
RecordId certify(Transaction& transaction, carrier::Book& book, const std::vector<Doomed>& doomed, nlohmann::json more);
// A certificate's label: that of its records, which no register lies below.
inline Compartment labelOfCertificate(const Compartment& of) { return join(of, {Level::internal, {}}); }

}  // namespace cinnabar::retention
