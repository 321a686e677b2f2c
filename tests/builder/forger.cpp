#include "tests/builder/forger.h"

#include "core/record/digest.h"

namespace cinnabar::test {
namespace {

SiteId siteOf(Store& store, const std::string& name) {
  const Roster roster(store);
  const Certificate* certificate = roster.find(name);
  CNB_ASSERT(certificate != nullptr);
  return certificate->site;
}

Bytes changesetPart(const SealedChangeset& sealed) {
  Bytes part;
  Writer w(part);
  w.bytes(sealed.header);
  w.bytes(sealed.items);
  return part;
}

}  // namespace

Chain Forger::chain(const Compartment& compartment, const std::string& of) {
  Store& store = p_[site_];
  Chain chain{compartment, {siteOf(store, of.empty() ? site_ : of), 1}, 0, 0, {}};
  Vault& vault = store.vault(compartment.level);
  const CompartmentState* state = vault.find(compartment);
  if (state == nullptr) return chain;
  const auto vector = versionVector(vault, *state);
  if (const auto head = vector.find(chain.author); head != vector.end()) {
    chain.sequence = head->second.sequence;
    chain.lamport = head->second.lamport;
    chain.hash = head->second.hash;
  }
  return chain;
}

PartContent Forger::change(Chain& chain, const std::vector<Item>& items, const Tweak& tweak, const Blemish& blemish) {
  Store& store = p_[site_];
  Vault& vault = store.vault(chain.compartment.level);
  Header header;
  header.compartment = chain.compartment;
  header.author = chain.author;
  header.sequence = chain.sequence + 1;
  header.lamport = chain.lamport + 1;
  header.at = 1'000'000;
  header.actor = "forger";
  header.epoch = 1;
  const SecretBytes key = vault.compartmentKey(chain.compartment, 1).clone();
  if (tweak) tweak(header);
  SealedChangeset sealed = Sealer::seal(header, items, key, *p_.environment.random);
  if (blemish) blemish(sealed);
  chain.sequence = header.sequence;
  chain.lamport = header.lamport;
  try {
    chain.hash = entryHash(chain.hash, sealed.header, splitItems(sealed.items, items.size()));
  } catch (const Error&) {
    // It cannot be split any more; nobody will get as far as its hash.
  }
  return {Part::changeset, changesetPart(sealed)};
}

PartContent Forger::head(const Chain& chain, const Hash& before) {
  Store& store = p_[site_];
  SignedHead head{chain.compartment, chain.author, chain.sequence, chain.hash, {}, before};
  signHead(head, store.identity().group, secrets::signing(store.lowest()).secretKey);
  return {Part::head, encode(head)};
}

PartContent Forger::trueHead(const Compartment& compartment, const std::string& of) {
  Store& store = p_[site_];
  Vault& vault = store.vault(compartment.level);
  const Chain last = chain(compartment, of);
  SignedHead head{compartment, last.author, last.sequence, last.hash, {}, {}};
  Query q = vault.database().query("SELECT signature FROM head WHERE c=?1 AND a=?2");
  q.with(vault.stateOf(compartment).number, vault.numberOf(last.author));
  CNB_ASSERT(q.step() && q->blob(0).size() == head.signature.size());
  std::memcpy(head.signature.data(), q->blob(0).data(), head.signature.size());
  return {Part::head, encode(head)};
}

std::vector<PartContent> Forger::trueChanges(const Compartment& compartment, const std::string& of, Sequence from) {
  Store& store = p_[site_];
  Vault& vault = store.vault(compartment.level);
  const Author author{siteOf(store, of), 1};
  std::vector<PartContent> out;
  Log(vault).scan(0, [&](LogEntry& entry) {
    if (vault.stateOf(entry.compartment).compartment == compartment && vault.authorOf(entry.author) == author &&
        entry.sequence >= from)
      out.push_back({Part::changeset, changesetPart(entry.sealed)});
    return true;
  });
  return out;
}

std::string Forger::bundle(const std::string& to, Level level, const std::vector<PartContent>& parts) {
  return bundle(to, level, parts, {});
}

std::string Forger::bundle(const std::string& to, Level level, const std::vector<PartContent>& parts,
                           const std::function<void(Cover&)>& tweak) {
  Store& store = p_[site_];
  const Roster roster(store);
  const Certificate* receiver = roster.find(to);
  CNB_ASSERT(receiver != nullptr);
  Cover cover;
  cover.number = ++number_;
  cover.level = level;
  cover.from = site_;
  cover.to = to;
  if (tweak) tweak(cover);
  const std::string path = p_.root() / ("forged-" + std::to_string(number_) + "-" + site_ + "-" + to + ".cnb");
  BundleWriter writer(store.environment(), path, cover, receiver->sealingKey,
                      secrets::shared(store.lowest(), store.identity().site, receiver->site),
                      secrets::signing(store.lowest()).secretKey);
  for (const PartContent& part : parts) writer.add(part.part, part.content);
  writer.finish();
  return path;
}

Item Forger::record(const std::string& entity, std::vector<Write> writes) {
  Store& store = p_[site_];
  const EntityType* type = store.catalog().find(entity);
  CNB_ASSERT(type != nullptr);
  Item item;
  item.record = makeRecordId(p_.environment.clock->now().ms, type->tag, *p_.environment.random);
  item.creates = true;
  item.writes = std::move(writes);
  return item;
}

Bytes acknowledgement(const Seen& seen) {
  Acknowledgement a;
  a.seen = seen;
  return encode(a);
}

}  // namespace cinnabar::test
