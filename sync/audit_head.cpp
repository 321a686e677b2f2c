#include "sync/audit_head.h"

#include "core/log/changeset.h"
#include "core/record/violation.h"

namespace cinnabar {
namespace {

constexpr std::string_view prefix = "auditHead/";

Bytes signedBytes(const SignedAuditHead& head, const GroupId& group) {
  Bytes out;
  Writer w(out);
  w.id(group);
  writeCompartment(w, head.compartment);
  w.author(head.author);
  w.number(head.head.place);
  w.raw(head.head.hash);
  return out;
}

std::string keyOf(const SiteId& site, const Compartment& compartment) {
  return std::string(prefix) + site.text() + "/" + circlesTextOf(compartment);
}

}  // namespace

Bytes encode(const SignedAuditHead& head) {
  Bytes out;
  Writer w(out);
  writeCompartment(w, head.compartment);
  w.author(head.author);
  w.number(head.head.place);
  w.raw(head.head.hash);
  w.raw(head.signature);
  return out;
}

SignedAuditHead decodeSignedAuditHead(BytesView bytes) {
  Reader in(bytes, "audit head");
  SignedAuditHead out;
  out.compartment = readCompartment(in);
  out.author = in.author();
  out.head.place = in.numberUpTo(INT64_MAX);
  std::memcpy(out.head.hash.data(), in.raw(out.head.hash.size()).data(), out.head.hash.size());
  std::memcpy(out.signature.data(), in.raw(out.signature.size()).data(), out.signature.size());
  in.end();
  return out;
}

void signAuditHead(SignedAuditHead& head, const GroupId& group, const SecretBytes& key) {
  head.signature = sign("cinnabar audit head", signedBytes(head, group), key);
}

bool verifyAuditHead(const SignedAuditHead& head, const GroupId& group, const SigningKey& key) {
  return verify("cinnabar audit head", signedBytes(head, group), head.signature, key);
}

std::optional<SignedAuditHead> keptAuditHead(Vault& vault, const SiteId& site, const Compartment& compartment) {
  const auto kept = vault.meta(keyOf(site, compartment));
  if (!kept) return std::nullopt;
  return decodeSignedAuditHead(*kept);
}

std::vector<SignedAuditHead> keptAuditHeads(Vault& vault, const SiteId& site) {
  std::vector<SignedAuditHead> out;
  const std::string from = std::string(prefix) + site.text() + "/", to = std::string(prefix) + site.text() + "0";
  Query q = vault.database().query("SELECT value FROM meta WHERE key>?1 AND key<?2 ORDER BY key");
  q.with(from, to);
  while (q.step()) out.push_back(decodeSignedAuditHead(q->blob(0)));
  return out;
}

void keepAuditHead(Vault& vault, const SignedAuditHead& head) {
  vault.setMeta(keyOf(head.author.site, head.compartment), encode(head));
}

bool partsFrom(const SignedAuditHead& kept, const SignedAuditHead& now) {
  if (kept.author != now.author || kept.compartment != now.compartment) return false;
  return now.head.place < kept.head.place || (now.head.place == kept.head.place && now.head.hash != kept.head.hash);
}

void noteAuditCut(Vault& vault, const SignedAuditHead& kept, const std::string& site) {
  Violation v;
  v.compartment = vault.stateOf(kept.compartment).number;
  v.kind = "auditCut";
  v.rule = "an audit only grows";
  v.detail = detailText({{"site", site}, {"place", kept.head.place}});
  note(vault, std::move(v), encode(kept));
}

}  // namespace cinnabar
