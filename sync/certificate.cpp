#include "sync/certificate.h"

#include <algorithm>

#include "core/base/codec.h"
#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr std::uint64_t delegationFormat = 1, certificateFormat = 2;

template <class Id>
Id idOf(std::string_view purpose, const SigningKey& key) {
  const Hash hash = hashOf(purpose, key);
  return *Id::of(BytesView(hash).first(16));
}

void writeBody(Writer& w, const Certificate& c) {
  w.number(certificateFormat);
  w.number(c.number);
  w.text(c.name);
  w.text(c.title);
  w.raw(c.signingKey);
  w.raw(c.sealingKey);
  w.number(static_cast<std::uint64_t>(c.clearance));
  w.number(c.circleTags.size());
  for (const CircleTag& tag : c.circleTags) w.raw(tag);
  w.text(c.validUntil);
  w.number(c.office ? 1 : 0);
}

Bytes signedBytes(const Certificate& c, const GroupId& group) {
  Bytes out;
  Writer w(out);
  w.id(group);
  writeBody(w, c);
  return out;
}

template <class Array>
void readArray(Reader& in, Array& out) {
  std::memcpy(out.data(), in.raw(out.size()).data(), out.size());
}

}  // namespace

SiteId siteIdOf(const SigningKey& key) { return idOf<SiteId>("cinnabar site", key); }

GroupId Delegation::group() const { return idOf<GroupId>("cinnabar group", root); }

bool Delegation::valid() const { return verify("cinnabar delegation", delegate, signature, root); }

bool Certificate::entitles(const Compartment& c) const {
  return clearance >= c.level && (office || std::all_of(c.circles.begin(), c.circles.end(),
                                                        [&](const std::string& x) { return circles.contains(x); }));
}

Bytes encode(const Delegation& d) {
  Bytes out;
  Writer w(out);
  w.number(delegationFormat);
  w.raw(d.root);
  w.raw(d.delegate);
  w.raw(d.signature);
  return out;
}

Delegation decodeDelegation(BytesView bytes) {
  Reader in(bytes, "delegation");
  if (in.number() != delegationFormat)
    throw Error(Code::newerFormat, "a delegation is of a later format: update the program");
  Delegation d;
  readArray(in, d.root);
  readArray(in, d.delegate);
  readArray(in, d.signature);
  in.end();
  return d;
}

Bytes encode(const Certificate& c) {
  Bytes out;
  Writer w(out);
  writeBody(w, c);
  w.raw(c.signature);
  return out;
}

Certificate decodeCertificate(BytesView bytes) {
  Reader in(bytes, "certificate");
  if (in.number() != certificateFormat)
    throw Error(Code::newerFormat, "a certificate is of a later format: update the program");
  Certificate c;
  c.number = in.number();
  c.name = in.text(longestSiteName_bytes);
  c.title = in.text(256);
  readArray(in, c.signingKey);
  readArray(in, c.sealingKey);
  c.clearance = static_cast<Level>(in.numberUpTo(allLevels.size() - 1));
  c.circleTags.resize(in.numberUpTo(mostCircleTags));
  for (std::size_t i = 0; i < c.circleTags.size(); ++i) {
    readArray(in, c.circleTags[i]);
    if (i > 0 && c.circleTags[i] <= c.circleTags[i - 1]) in.fail("circles out of order");
  }
  c.validUntil = in.text(10);
  c.office = in.numberUpTo(1) == 1;
  readArray(in, c.signature);
  in.end();
  c.site = siteIdOf(c.signingKey);
  if (!goodSiteName(c.name)) in.fail("a site's name is not one");
  return c;
}

void signCertificate(Certificate& c, const GroupId& group, const SecretBytes& delegateKey) {
  c.site = siteIdOf(c.signingKey);
  c.signature = sign("cinnabar certificate", signedBytes(c, group), delegateKey);
}

void check(const Certificate& c, const Delegation& delegation) {
  if (!verify("cinnabar certificate", signedBytes(c, delegation.group()), c.signature, delegation.delegate))
    throw Error(Code::forged, "the certificate of '" + c.name + "' is not signed by the office");
}

bool goodSiteName(std::string_view name) {
  return !name.empty() && name.size() <= longestSiteName_bytes && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace cinnabar
