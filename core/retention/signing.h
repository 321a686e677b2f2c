// What the persons of a disposal sign, each at the handle that he opened, and why that does not count (日常文稿办理制度
// 四(五)): who lists, who approves or refuses, who destroys, who witnesses.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/record/store.h"
#include "core/secrecy/proof.h"

namespace cinnabar::retention {

// Who signs now, and by whose keys the signatures before his are checked.
struct Persons {
  const Signer& signer;
  const SiteKeys& keys;
};

// follow: the office's own word, without a person, on what comes after a destruction (sync/destroying.h).
enum class Step : std::uint8_t { list, approve, refuse, destroy, witness, follow };

struct Declaration {
  Step step = Step::list;
  std::string list;                 // its mark
  std::vector<RecordId> records;    // in any order
  RecordId person;                  // the Person record; zero: none
  std::vector<std::string> before;  // the signatures that lie before who signs, in their order
};
Bytes statementOf(const Declaration& declaration);

// A list's id, hashed: a certificate may lie below its list and then does not name it.
std::string markOf(const RecordId& list);

// The step of the lister, or of who decides on the list, as its fields say.
Declaration declarationOnList(Step step, const RecordId& list, const nlohmann::json& fields);

// What is destroyed under one label, which has a certificate of its own: its readers may know of no other records.
struct Part {
  std::string list;  // its mark
  std::vector<RecordId> records;
  std::string listing, decision, destruction, witnessing;  // signatures, as far as there are any
};
Part partOf(const nlohmann::json& certificate);
nlohmann::json fieldsOf(const Part& part);  // but its records
Declaration declarationOnPart(Step step, const Part& part, const RecordId& person);

// Signs. Throws refused if one of `others` is by the same proven person: naming two persons makes none of them two.
std::string signedBy(const Persons& persons, Store& store, const Declaration& declaration,
                     const std::vector<std::string>& others);

// Why a list or a certificate does not count, or "" if it does. Follows from its fields and the roster alone: everybody
// who may read it comes to the same answer, also without the list that a certificate is of.
std::string flawOfList(const VaultIdentity& at, const SiteKeys& keys, const RecordId& id, const nlohmann::json& fields);
std::string flawOfCertificate(const VaultIdentity& at, const SiteKeys& keys, const nlohmann::json& fields);

}  // namespace cinnabar::retention
