#include "core/secrecy/proof.h"

#include "core/base/codec.h"
#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr std::uint64_t format = 1;
constexpr std::size_t longestPerson_bytes = 256;
constexpr std::size_t longestProof_text = 1024;

Bytes voucherBytes(const GroupId& group, const SiteId& site, std::string_view person, const SigningKey& key) {
  Bytes out;
  Writer w(out);
  w.id(group);
  w.id(site);
  w.text(person);
  w.raw(key);
  return out;
}

Bytes signedBytes(const GroupId& group, const Proof& proof, BytesView statement) {
  Bytes out = voucherBytes(group, proof.site, proof.person, proof.key);
  Writer w(out);
  w.signedNumber(proof.at);
  w.bytes(statement);
  return out;
}

template <class Array>
void readArray(Reader& in, Array& out) {
  std::memcpy(out.data(), in.raw(out.size()).data(), out.size());
}

}  // namespace

Signature vouchFor(const GroupId& group, const SiteId& site, std::string_view person, const SigningKey& key,
                   const SecretBytes& siteKey) {
  return sign("cinnabar person", voucherBytes(group, site, person, key), siteKey);
}

Proof prove(const Signer& signer, BytesView statement, std::int64_t at) {
  Proof proof{signer.site, signer.person, signer.key.publicKey, signer.vouched, at, {}};
  proof.signature = sign("cinnabar act", signedBytes(signer.group, proof, statement), signer.key.secretKey);
  return proof;
}

bool isSound(const Proof& proof, BytesView statement, const GroupId& group, const SigningKey& siteKey) {
  return verify("cinnabar person", voucherBytes(group, proof.site, proof.person, proof.key), proof.vouched, siteKey) &&
         verify("cinnabar act", signedBytes(group, proof, statement), proof.signature, proof.key);
}

// One key under two names is one person, and so is one name at one site with two keys.
bool samePerson(const Proof& a, const Proof& b) { return a.key == b.key || (a.site == b.site && a.person == b.person); }

std::string textOf(const Proof& proof) {
  Bytes out;
  Writer w(out);
  w.number(format);
  w.id(proof.site);
  w.text(proof.person);
  w.raw(proof.key);
  w.raw(proof.vouched);
  w.signedNumber(proof.at);
  w.raw(proof.signature);
  return base32Of(out);
}

Proof parseProof(std::string_view text) {
  if (text.empty() || text.size() > longestProof_text)
    throw Error(Code::invalidInput, "a signature of an act has 1 to 1024 characters");
  Bytes bytes(text.size() * 5 / 8);
  if (!fromBase32(text, bytes)) throw Error(Code::invalidInput, "a signature of an act is unreadable");
  Reader in(bytes, "signature of an act");
  if (in.number() != format) throw Error(Code::newerFormat, "a signature of an act is of a later format");
  Proof proof;
  proof.site = in.id<SiteId>();
  proof.person = in.text(longestPerson_bytes);
  readArray(in, proof.key);
  readArray(in, proof.vouched);
  proof.at = in.signedNumber();
  readArray(in, proof.signature);
  in.end();
  return proof;
}

std::string flawOfProof(std::string_view text, BytesView statement, const GroupId& group, const SiteKeys& keys,
                        Proof& proof) {
  if (text.empty()) return "it is not signed";
  try {
    proof = parseProof(text);
  } catch (const Error&) {
    return "a signature is unreadable";
  }
  const auto siteKey = keys(proof.site);
  if (!siteKey) return "it is signed at a site that the roster does not know";
  return isSound(proof, statement, group, *siteKey) ? "" : "a signature does not verify";
}

}  // namespace cinnabar
