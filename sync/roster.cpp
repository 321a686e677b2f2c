#include "sync/roster.h"

#include <algorithm>

#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr std::size_t tagsAtOnce = 8;

CircleTag tagOf(const SecretBytes& circleKey, const SiteId& site) {
  const Hash hash = Hasher("cinnabar circle member", circleKey.view()).add(site.view()).finish();
  CircleTag tag;
  std::copy_n(hash.begin(), tag.size(), tag.begin());
  return tag;
}

// That of the first epoch at the lowest level, which every member has, whatever he is cleared for.
SecretBytes circleKeyOf(Vault& lowest, const std::string& circle) { return lowest.epochKey(circle, 1); }

std::vector<std::string> circlesKnown(Vault& lowest) {
  std::vector<std::string> out;
  Query q = lowest.database().query("SELECT circle FROM epoch_key WHERE epoch=1 AND circle<>''");
  while (q.step()) out.emplace_back(q->text(0));
  return out;
}

}  // namespace

Roster::Roster(Store& store) : store_(store) { reload(); }

void Roster::reload() {
  certificates_.clear();
  Vault& lowest = store_.lowest();
  const auto delegation = lowest.meta("delegation");
  if (!delegation) throw Error(Code::damaged, "the site has no roster");
  delegation_ = decodeDelegation(*delegation);
  if (!delegation_.valid() || delegation_.group() != store_.identity().group)
    throw Error(Code::damaged, "the roster is not of this site's group");
  Query q = lowest.database().query("SELECT value FROM meta WHERE key>='site/' AND key<'site0' ORDER BY key");
  while (q.step()) {
    certificates_.push_back(decodeCertificate(q->blob(0)));
    check(certificates_.back(), delegation_);
  }
  for (const std::string& circle : circlesKnown(lowest)) {
    const SecretBytes key = circleKeyOf(lowest, circle);
    for (Certificate& c : certificates_)
      if (std::binary_search(c.circleTags.begin(), c.circleTags.end(), tagOf(key, c.site))) c.circles.insert(circle);
  }
}

const Certificate& Roster::self() const {
  const Certificate* own = find(store_.identity().site);
  if (own == nullptr) throw Error(Code::damaged, "the roster does not know this site");
  return *own;
}

const Certificate* Roster::find(const SiteId& site) const {
  const auto found =
      std::find_if(certificates_.begin(), certificates_.end(), [&](const auto& c) { return c.site == site; });
  return found == certificates_.end() ? nullptr : &*found;
}

const Certificate* Roster::find(std::string_view name) const {
  const auto found =
      std::find_if(certificates_.begin(), certificates_.end(), [&](const auto& c) { return c.name == name; });
  return found == certificates_.end() ? nullptr : &*found;
}

std::vector<const Certificate*> Roster::all() const {
  std::vector<const Certificate*> out;
  for (const Certificate& c : certificates_) out.push_back(&c);
  return out;
}

std::uint64_t Roster::lastNumber() const {
  std::uint64_t last = 0;
  for (const Certificate& c : certificates_) last = std::max(last, c.number);
  return last;
}

bool Roster::keep(Vault& lowest, const Delegation& delegation, const Certificate& certificate) {
  check(certificate, delegation);
  const std::string key = "site/" + certificate.site.text();
  if (const auto known = lowest.meta(key); known && decodeCertificate(*known).number >= certificate.number)
    return false;
  lowest.setMeta(key, encode(certificate));
  lowest.setMeta("name/" + certificate.site.text(), viewOf(certificate.name));
  return true;
}

void Roster::stateCircles(Certificate& c, const std::set<std::string>& circles, Vault& lowest) {
  if (circles.size() > mostCircleTags)
    throw Error(Code::limit, "a site belongs to at most " + std::to_string(mostCircleTags) + " circles");
  c.circles = circles;
  c.circleTags.clear();
  for (const std::string& circle : circles)
    c.circleTags.push_back(tagOf(circleKeyOf(lowest, circle), siteIdOf(c.signingKey)));
  while (c.circleTags.empty() || c.circleTags.size() % tagsAtOnce != 0)
    lowest.random().fill(c.circleTags.emplace_back());
  std::sort(c.circleTags.begin(), c.circleTags.end());
}

void Roster::found(Vault& lowest, const Delegation& delegation) {
  if (!delegation.valid()) throw Error(Code::forged, "the delegation is not signed by its root");
  lowest.setMeta("delegation", encode(delegation));
}

namespace secrets {
namespace {

constexpr std::size_t keptPrekeys = 4;

SecretBytes secretMeta(Vault& vault, std::string_view key, std::size_t size, Code missing) {
  auto value = vault.meta(key);
  if (!value || value->size() != size) throw Error(missing, "the site lacks a secret key");
  const WipeAtEnd wipe(*value);
  return SecretBytes::copy(*value);
}

std::vector<BoxPair> prekeys(Vault& lowest) {
  std::vector<BoxPair> out;
  auto stored = lowest.meta("secret/prekeys");
  if (!stored) return out;
  const WipeAtEnd wipe(*stored);
  if (stored->size() % 64 != 0) throw Error(Code::damaged, "the site's prekeys are damaged");
  for (std::size_t at = 0; at < stored->size(); at += 64) {
    BoxPair pair;
    std::memcpy(pair.publicKey.data(), stored->data() + at, 32);
    pair.secretKey = SecretBytes::copy(BytesView(*stored).subspan(at + 32, 32));
    out.push_back(std::move(pair));
  }
  return out;
}

void keepPrekeys(Vault& lowest, const std::vector<BoxPair>& pairs) {
  Bytes out;
  const WipeAtEnd wipe(out);
  out.reserve(pairs.size() * 64);
  const std::size_t first = pairs.size() > keptPrekeys ? pairs.size() - keptPrekeys : 0;
  for (std::size_t i = first; i < pairs.size(); ++i) {
    append(out, pairs[i].publicKey);
    append(out, pairs[i].secretKey.view());
  }
  lowest.setMeta("secret/prekeys", out);
}

}  // namespace

void keepIdentity(Vault& lowest, const SigningPair& signing, const BoxPair& sealing) {
  lowest.setMeta("secret/signing", signing.secretKey.view());
  lowest.setMeta("secret/sealing", sealing.secretKey.view());
}

SigningPair signing(Vault& lowest) {
  SigningPair pair{{}, secretMeta(lowest, "secret/signing", crypto_sign_SECRETKEYBYTES, Code::damaged)};
  crypto_sign_ed25519_sk_to_pk(pair.publicKey.data(), pair.secretKey.data());
  return pair;
}

BoxPair sealing(Vault& lowest) {
  BoxPair pair{{}, secretMeta(lowest, "secret/sealing", crypto_box_SECRETKEYBYTES, Code::damaged)};
  crypto_scalarmult_base(pair.publicKey.data(), pair.secretKey.data());
  return pair;
}

void keepDelegateKey(Vault& lowest, const SecretBytes& key) { lowest.setMeta("secret/delegate", key.view()); }

SecretBytes delegateKey(Vault& lowest) {
  if (!lowest.meta("secret/delegate")) throw Error(Code::refused, "only the office can do this");
  return secretMeta(lowest, "secret/delegate", crypto_sign_SECRETKEYBYTES, Code::damaged);
}

void keepShared(Vault& lowest, const SiteId& with, const SecretBytes& secret) {
  lowest.setMeta("secret/shared/" + with.text(), secret.view());
}

void keepGroupSecret(Vault& lowest, const SecretBytes& secret) { lowest.setMeta("secret/group", secret.view()); }

SecretBytes groupSecret(Vault& lowest) { return secretMeta(lowest, "secret/group", keySize, Code::damaged); }

// Two sites that the office did not introduce to each other share what the group shares.
SecretBytes shared(Vault& lowest, const SiteId& self, const SiteId& with) {
  const std::string key = "secret/shared/" + with.text();
  if (lowest.meta(key)) return secretMeta(lowest, key, keySize, Code::damaged);
  Bytes pair;
  Writer w(pair);
  w.id(std::min(self, with));
  w.id(std::max(self, with));
  return deriveKey(groupSecret(lowest), "cinnabar pair", pair);
}

PublicKey publishedPrekey(Vault& lowest, Random& random) {
  std::vector<BoxPair> pairs = prekeys(lowest);
  if (pairs.empty()) {
    pairs.push_back(BoxPair::make(random));
    keepPrekeys(lowest, pairs);
  }
  return pairs.back().publicKey;
}

std::optional<BoxPair> prekey(Vault& lowest, const PublicKey& publicKey) {
  for (BoxPair& pair : prekeys(lowest))
    if (pair.publicKey == publicKey) return std::move(pair);
  return std::nullopt;
}

void usedPrekey(Vault& lowest, const PublicKey& publicKey, Random& random) {
  std::vector<BoxPair> pairs = prekeys(lowest);
  if (pairs.empty() || pairs.back().publicKey != publicKey) return;
  pairs.push_back(BoxPair::make(random));
  keepPrekeys(lowest, pairs);
}

}  // namespace secrets

}  // namespace cinnabar
