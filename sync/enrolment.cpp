#include "sync/enrolment.h"

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/record/transaction.h"
#include "sync/peer.h"
#include "sync/roster.h"

namespace cinnabar {
namespace {

constexpr std::uint64_t format = 1;
constexpr std::size_t longestGrant_bytes = std::size_t{4} << 20;
constexpr std::size_t pendingLimit_bytes = 4096;

void mustBeNew(const Opening& o) {
  o.environment.files->makeFolder(o.folder);
  if (o.environment.files->exists(keyringFileOf(o.folder)))
    throw Error(Code::refused, o.folder + " holds a site already");
}

void checkName(const SiteName& name) {
  if (!goodSiteName(name.name))
    throw Error(Code::invalidArgument, "a site's name has lower-case letters, digits and '-' only, at most 64");
}

struct Request {
  SiteName name;
  SigningKey signingKey{};
  PublicKey sealingKey{};
};

Bytes encodeRequest(const Request& r, const SecretBytes& signingKey) {
  Bytes out;
  Writer w(out);
  w.number(format);
  w.text(r.name.name);
  w.text(r.name.title);
  w.raw(r.signingKey);
  w.raw(r.sealingKey);
  const Signature signature = sign("cinnabar request", out, signingKey);
  w.raw(signature);
  return out;
}

Request decodeRequest(BytesView bytes) {
  Reader in(bytes, "request");
  if (in.number() != format) throw Error(Code::newerFormat, "the request is of a later format: update the program");
  Request r;
  r.name.name = in.text(longestSiteName_bytes);
  r.name.title = in.text(256);
  std::memcpy(r.signingKey.data(), in.raw(r.signingKey.size()).data(), r.signingKey.size());
  std::memcpy(r.sealingKey.data(), in.raw(r.sealingKey.size()).data(), r.sealingKey.size());
  const BytesView body = bytes.first(bytes.size() - in.left());
  Signature signature;
  std::memcpy(signature.data(), in.raw(signature.size()).data(), signature.size());
  in.end();
  if (!verify("cinnabar request", body, signature, r.signingKey))
    throw Error(Code::forged, "the request was changed on its way");
  if (!goodSiteName(r.name.name)) in.fail("the site's name is not one");
  return r;
}

// What a grant gives, inside its seal.
struct Grant {
  Delegation delegation;
  std::vector<Certificate> roster;
  SiteId office;
  SecretBytes shared, group;
  struct Key {
    Level level;
    std::string circle;
    std::uint32_t epoch;
    SecretBytes key;
  };
  std::vector<Key> keys;
};

Bytes encodeGrant(const Grant& g) {
  Bytes out;
  out.reserve(longestGrant_bytes / 16);  // so that growing leaves no copies of keys behind
  Writer w(out);
  w.number(format);
  w.bytes(encode(g.delegation));
  w.number(g.roster.size());
  for (const Certificate& c : g.roster) w.bytes(encode(c));
  w.id(g.office);
  w.raw(g.shared.view());
  w.raw(g.group.view());
  w.number(g.keys.size());
  for (const Grant::Key& k : g.keys) {
    w.number(static_cast<std::uint64_t>(k.level));
    w.text(k.circle);
    w.number(k.epoch);
    w.raw(k.key.view());
  }
  return out;
}

Grant decodeGrant(BytesView bytes) {
  Reader in(bytes, "grant");
  if (in.number() != format) throw Error(Code::newerFormat, "the grant is of a later format: update the program");
  Grant g;
  g.delegation = decodeDelegation(in.bytes(1024));
  const std::size_t sites = in.count();
  for (std::size_t i = 0; i < sites; ++i) g.roster.push_back(decodeCertificate(in.bytes(65'536)));
  g.office = in.id<SiteId>();
  g.shared = SecretBytes::copy(in.raw(keySize));
  g.group = SecretBytes::copy(in.raw(keySize));
  const std::size_t keys = in.count();
  for (std::size_t i = 0; i < keys; ++i) {
    const auto level = static_cast<Level>(in.numberUpTo(allLevels.size() - 1));
    std::string circle(in.text(256));
    const auto epoch = static_cast<std::uint32_t>(in.numberUpTo(UINT32_MAX));
    g.keys.push_back({level, std::move(circle), epoch, SecretBytes::copy(in.raw(keySize))});
  }
  in.end();
  return g;
}

// Brings a vault to life with what its site must know of the group.
void furnish(Vault& vault, const Grant& grant, const SiteName& name) {
  within(vault, [&] {
    for (const Grant::Key& key : grant.keys)
      if (key.level == vault.level()) vault.putEpochKey(key.circle, key.epoch, key.key.view());
    if (vault.level() == Level::open) {
      Roster::found(vault, grant.delegation);
      for (const Certificate& c : grant.roster) Roster::keep(vault, grant.delegation, c);
      vault.setMeta("name", viewOf(name.name));
    }
  });
}

}  // namespace

SecretBytes foundOffice(const Opening& o, const SiteName& name) {
  checkName(name);
  if (o.person.empty()) throw Error(Code::invalidArgument, "the first person needs a name");
  mustBeNew(o);
  Random& random = *o.environment.random;
  SigningPair root = SigningPair::make(random);
  const SigningPair delegate = SigningPair::make(random), own = SigningPair::make(random);
  const BoxPair sealing = BoxPair::make(random);

  Grant grant;
  grant.delegation.root = root.publicKey;
  grant.delegation.delegate = delegate.publicKey;
  grant.delegation.signature = sign("cinnabar delegation", delegate.publicKey, root.secretKey);
  Certificate certificate;
  certificate.number = 1;
  certificate.name = name.name;
  certificate.title = name.title;
  certificate.signingKey = own.publicKey;
  certificate.sealingKey = sealing.publicKey;
  certificate.clearance = Level::topSecret;
  certificate.validUntil = "9999-12-31";
  certificate.office = true;
  signCertificate(certificate, grant.delegation.group(), delegate.secretKey);
  grant.office = certificate.site;
  grant.group = SecretBytes::random(keySize, random);
  grant.roster.push_back(certificate);

  std::map<Level, SecretBytes> keys;
  for (const Level level : allLevels) {
    keys.emplace(level, SecretBytes::random(keySize, random));
    grant.keys.push_back({level, "", 1, SecretBytes::random(keySize, random)});
  }
  const VaultIdentity identity{grant.delegation.group(), certificate.site, certificate.site, Level::open};
  const auto make = [&](Level level) {
    VaultIdentity at = identity;
    at.level = level;
    Vault::create(o.environment, vaultFileOf(o.folder, level), keys.at(level), at, *o.catalog);
    Vault vault(o.environment, vaultFileOf(o.folder, level), keys.at(level), level, &identity, o.catalog);
    furnish(vault, grant, name);
    if (level != Level::open) return;
    vault.begin();
    secrets::keepIdentity(vault, own, sealing);
    secrets::keepDelegateKey(vault, delegate.secretKey);
    secrets::keepGroupSecret(vault, grant.group);
    vault.commit();
  };
  for (const Level level : allLevels) make(level);
  // The keyring comes last: without it the folder is no site, and founding can be tried again elsewhere.
  Keyring::create(o.environment, keyringFileOf(o.folder), o.person, o.secret, Level::topSecret, cloneKeys(keys),
                  o.cost);
  return std::move(root.secretKey);
}

Bytes requestToJoin(const Opening& o, const SiteName& name) {
  checkName(name);
  if (o.person.empty()) throw Error(Code::invalidArgument, "the first person needs a name");
  mustBeNew(o);
  Random& random = *o.environment.random;
  const SigningPair signing = SigningPair::make(random);
  const BoxPair sealing = BoxPair::make(random);
  std::map<Level, SecretBytes> keys;
  keys.emplace(Level::open, SecretBytes::random(keySize, random));
  Bytes pending;
  const WipeAtEnd wipe(pending);
  pending.reserve(pendingLimit_bytes);
  Writer w(pending);
  w.text(name.name);
  w.text(name.title);
  w.raw(signing.secretKey.view());
  w.raw(sealing.secretKey.view());
  o.environment.files->replace(pendingFileOf(o.folder),
                               sealValue(pending, viewOf("cinnabar pending"), keys.at(Level::open).view(), random));
  Keyring::create(o.environment, keyringFileOf(o.folder), o.person, o.secret, Level::topSecret, std::move(keys),
                  o.cost);
  return encodeRequest({name, signing.publicKey, sealing.publicKey}, signing.secretKey);
}

Bytes admit(Store& office, BytesView bytes, const Admission& admission) {
  const Request request = decodeRequest(bytes);
  Vault& lowest = office.lowest();
  const SecretBytes delegateKey = secrets::delegateKey(lowest);
  Roster roster(office);
  const Certificate* same = roster.find(request.name.name);
  if (same != nullptr && same->site != siteIdOf(request.signingKey))
    throw Error(Code::refused, "there is another site named '" + request.name.name + "'");
  for (const Level level : allLevels)
    if (level <= admission.clearance && !office.holds(level))
      throw Error(Code::refused, "only who holds " + std::string(wordOf(level)) + " can admit a site to it");
  for (const std::string& circle : admission.circles) ensureCircle(office, circle);

  Certificate certificate;
  certificate.number = roster.lastNumber() + 1;
  certificate.name = request.name.name;
  certificate.title = request.name.title;
  certificate.signingKey = request.signingKey;
  certificate.sealingKey = request.sealingKey;
  certificate.clearance = admission.clearance;
  certificate.validUntil = admission.validUntil;
  Roster::stateCircles(certificate, admission.circles, lowest);
  signCertificate(certificate, office.identity().group, delegateKey);

  Grant grant;
  grant.delegation = roster.delegation();
  for (const Certificate* c : roster.all()) grant.roster.push_back(*c);
  grant.roster.push_back(certificate);
  grant.office = office.identity().office;
  grant.shared = SecretBytes::random(keySize, *office.environment().random);
  grant.group = secrets::groupSecret(lowest);
  for (const Level level : allLevels) {
    if (level > admission.clearance) break;
    Vault& vault = office.vault(level);
    for (std::uint32_t epoch = 1; epoch <= vault.currentEpoch(); ++epoch) {
      grant.keys.push_back({level, "", epoch, vault.epochKey("", epoch)});
      for (const std::string& circle : admission.circles)
        grant.keys.push_back({level, circle, epoch, vault.epochKey(circle, epoch)});
    }
  }
  for (const Level level : allLevels) {
    if (level > admission.clearance) break;
    Vault& vault = office.vault(level);
    within(vault, [&] {
      if (level == Level::open) {
        Roster::keep(vault, roster.delegation(), certificate);
        secrets::keepShared(vault, certificate.site, grant.shared);
      }
      // The grant itself brings roster and keys; no bundle has to repeat them.
      Peer peer;
      peer.site = certificate.site;
      peer.roster = certificate.number;
      for (const Grant::Key& key : grant.keys) peer.keys += key.level == level ? 1 : 0;
      peer.save(vault);
    });
    office.committed({{level, {}}});
  }
  Bytes plain = encodeGrant(grant);
  const WipeAtEnd wipe(plain);
  Bytes out;
  Writer w(out);
  w.number(format);
  w.id(certificate.site);
  w.bytes(boxSeal(plain, request.sealingKey));
  const Signature signature = sign("cinnabar grant", out, delegateKey);
  w.raw(signature);
  return out;
}

void acceptGrant(const Opening& o, BytesView bytes) {
  Files& files = *o.environment.files;
  if (!files.exists(pendingFileOf(o.folder)))
    throw Error(Code::refused, o.folder + " has no request that waits for a grant");
  Keyring keyring(o.environment, keyringFileOf(o.folder));
  UnlockedPerson person = keyring.unlock(o.person, o.secret);
  const SecretBytes& lowestKey = person.vaultKeys.at(Level::open);
  Bytes pending =
      openValue(files.read(pendingFileOf(o.folder), pendingLimit_bytes), viewOf("cinnabar pending"), lowestKey.view());
  const WipeAtEnd wipe(pending);
  Reader kept(pending, "request");
  SiteName name;
  name.name = kept.text();
  name.title = kept.text();
  SigningPair signing{{}, SecretBytes::copy(kept.raw(crypto_sign_SECRETKEYBYTES))};
  crypto_sign_ed25519_sk_to_pk(signing.publicKey.data(), signing.secretKey.data());
  BoxPair sealing{{}, SecretBytes::copy(kept.raw(crypto_box_SECRETKEYBYTES))};
  crypto_scalarmult_base(sealing.publicKey.data(), sealing.secretKey.data());

  if (bytes.size() > longestGrant_bytes) throw Error(Code::limit, "the grant is too long");
  Reader in(bytes, "grant");
  if (in.number() != format) throw Error(Code::newerFormat, "the grant is of a later format: update the program");
  const SiteId to = in.id<SiteId>();
  const BytesView sealed = in.bytes();
  const BytesView body = bytes.first(bytes.size() - in.left());
  Signature signature;
  std::memcpy(signature.data(), in.raw(signature.size()).data(), signature.size());
  in.end();
  if (to != siteIdOf(signing.publicKey)) throw Error(Code::misdirected, "the grant is for another site's request");
  SecretBytes plain;
  try {
    plain = boxOpen(sealed, sealing);
  } catch (const Error&) {
    throw Error(Code::forged, "the grant was changed on its way");
  }
  const Grant grant = decodeGrant(plain.view());
  if (!grant.delegation.valid() || !verify("cinnabar grant", body, signature, grant.delegation.delegate))
    throw Error(Code::forged, "the grant is not signed by the office");
  const Certificate* own = nullptr;
  for (const Certificate& c : grant.roster) {
    check(c, grant.delegation);
    if (c.site == to) own = &c;
  }
  if (own == nullptr) throw Error(Code::forged, "the grant holds no certificate for this site");

  const VaultIdentity identity{grant.delegation.group(), to, grant.office, Level::open};
  for (const Level level : allLevels) {
    if (level > own->clearance) break;
    const std::string path = vaultFileOf(o.folder, level);
    // An earlier attempt that was interrupted leaves files that nothing refers to yet.
    for (const char* suffix : {"", "-wal", "-shm"}) files.remove(path + suffix);
    if (!person.vaultKeys.contains(level)) {
      const SecretBytes key = SecretBytes::random(keySize, *o.environment.random);
      keyring.addVaultKey(person, level, key);
    }
    VaultIdentity at = identity;
    at.level = level;
    Vault::create(o.environment, path, person.vaultKeys.at(level), at, *o.catalog);
    Vault vault(o.environment, path, person.vaultKeys.at(level), level, &identity, o.catalog);
    furnish(vault, grant, name);
    if (level != Level::open) continue;
    vault.begin();
    secrets::keepIdentity(vault, signing, sealing);
    secrets::keepShared(vault, grant.office, grant.shared);
    secrets::keepGroupSecret(vault, grant.group);
    vault.commit();
  }
  if (own->clearance < Level::topSecret) keyring.clear(person, person.name, own->clearance);
  files.remove(pendingFileOf(o.folder));
}

void ensureCircle(Store& office, const std::string& circle) {
  if (circle.empty() || circle.size() > 256)
    throw Error(Code::invalidArgument, "a circle has a name of 1 to 256 bytes");
  secrets::delegateKey(office.lowest());
  Random& random = *office.environment().random;
  for (const Level level : office.levels()) {
    Vault& vault = office.vault(level);
    if (vault.holdsCircle(circle, 1)) continue;
    within(vault, [&] {
      for (std::uint32_t epoch = 1; epoch <= vault.currentEpoch(); ++epoch)
        vault.putEpochKey(circle, epoch, SecretBytes::random(keySize, random).view());
    });
    office.committed({{level, {}}});
  }
}

}  // namespace cinnabar
