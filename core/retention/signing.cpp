#include "core/retention/signing.h"

#include <algorithm>

#include "core/base/codec.h"
#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/carrier/articles.h"
#include "core/retention/destruction.h"

namespace cinnabar::retention {
namespace {

using nlohmann::json;

std::string textIn(const json& fields, const char* name) { return fields.value(name, std::string()); }

RecordId idIn(const json& fields, const char* name) {
  return RecordId::parse(textIn(fields, name)).value_or(RecordId{});
}

// A decision stands in the state; what was approved stays approved when it goes on.
Step decisionIn(const json& fields) { return textIn(fields, "state") == "refused" ? Step::refuse : Step::approve; }

// Those that stand on the ground of others' statements, which a reader of this one may not be able to check: whoever
// signed after them has signed them, too.
std::string flawOfTwo(const Part& part, const Proof& destroyer, const Proof& witness) {
  Proof lister, approver;
  try {
    lister = parseProof(part.listing);
    approver = parseProof(part.decision);
  } catch (const Error&) {
    return "a signature is unreadable";
  }
  if (samePerson(lister, approver)) return "one person listed and approved it";
  if (samePerson(destroyer, witness)) return "one person destroyed and witnessed it";
  if (samePerson(lister, destroyer) || samePerson(lister, witness)) return "who listed it destroyed it";
  return "";
}

}  // namespace

Bytes statementOf(const Declaration& declaration) {
  std::vector<RecordId> records = declaration.records;
  std::sort(records.begin(), records.end());
  Bytes out;
  Writer w(out);
  w.text("cinnabar disposal");
  w.number(static_cast<std::uint64_t>(declaration.step));
  w.text(declaration.list);
  w.number(records.size());
  for (const RecordId& record : records) w.id(record);
  w.id(declaration.person);
  w.number(declaration.before.size());
  for (const std::string& signature : declaration.before) w.text(signature);
  return out;
}

std::string markOf(const RecordId& list) { return hexOf(BytesView(hashOf("cinnabar disposal list", list.view()))); }

Declaration declarationOnList(Step step, const RecordId& list, const json& fields) {
  Declaration out{step, markOf(list), {}, idIn(fields, step == Step::list ? "listedBy" : "approvedBy"), {}};
  for (const json& record : fields.value("records", json::array()))
    if (const auto id = RecordId::parse(record.is_string() ? record.get<std::string>() : ""))
      out.records.push_back(*id);
  if (step != Step::list) out.before = {textIn(fields, "listing")};
  return out;
}

Part partOf(const json& certificate) {
  return {textIn(certificate, "listMark"),    recordsNamed(certificate.value("records", json::array())),
          textIn(certificate, "listing"),     textIn(certificate, "decision"),
          textIn(certificate, "destruction"), textIn(certificate, "witnessing")};
}

json fieldsOf(const Part& part) {
  return {{"listMark", part.list},
          {"listing", part.listing},
          {"decision", part.decision},
          {"destruction", part.destruction},
          {"witnessing", part.witnessing}};
}

Declaration declarationOnPart(Step step, const Part& part, const RecordId& person) {
  Declaration out{step, part.list, part.records, person, {part.listing, part.decision}};
  if (step != Step::destroy) out.before.push_back(part.destruction);
  if (step == Step::follow) out.before.push_back(part.witnessing);
  return out;
}

std::string signedBy(const Persons& persons, Store& store, const Declaration& declaration,
                     const std::vector<std::string>& others) {
  const Proof proof = prove(persons.signer, statementOf(declaration), instantOf(store.environment().clock->now()));
  for (const std::string& other : others)
    if (samePerson(proof, parseProof(other)))
      carrier::refuse(twoRule, twoArticle,
                      persons.signer.person + " has signed for this list before: it takes another person");
  return textOf(proof);
}

std::string flawOfList(const VaultIdentity& at, const SiteKeys& keys, const RecordId& id, const json& fields) {
  Proof lister, decider;
  std::string flaw = flawOfProof(textIn(fields, "listing"), statementOf(declarationOnList(Step::list, id, fields)),
                                 at.group, keys, lister);
  if (!flaw.empty() || textIn(fields, "state") == "listed") return flaw;
  flaw = flawOfProof(textIn(fields, "decision"), statementOf(declarationOnList(decisionIn(fields), id, fields)),
                     at.group, keys, decider);
  if (!flaw.empty()) return flaw;
  return samePerson(lister, decider) ? "one person listed and decided it" : "";
}

std::string flawOfCertificate(const VaultIdentity& at, const SiteKeys& keys, const json& fields) {
  const Part part = partOf(fields);
  if (part.records.size() != fields.value("records", json::array()).size()) return "it names what is no record";
  if (fields.contains("list") && markOf(idIn(fields, "list")) != part.list) return "it is of another list than it says";
  const auto flawOf = [&](const char* signature, Step step, const RecordId& person, Proof& proof) {
    return flawOfProof(textIn(fields, signature), statementOf(declarationOnPart(step, part, person)), at.group, keys,
                       proof);
  };
  if (fields.contains("followUp")) {
    Proof office;
    std::string flaw = flawOf("followUp", Step::follow, {}, office);
    if (!flaw.empty()) return flaw;
    return office.site == at.office && office.key == keys(at.office) ? "" : "only the office follows up by itself";
  }
  Proof destroyer, witness;
  std::string flaw = flawOf("destruction", Step::destroy, idIn(fields, "destroyedBy"), destroyer);
  if (flaw.empty()) flaw = flawOf("witnessing", Step::witness, idIn(fields, "witness"), witness);
  return flaw.empty() ? flawOfTwo(part, destroyer, witness) : flaw;
}

}  // namespace cinnabar::retention
