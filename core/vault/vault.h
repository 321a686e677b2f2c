// One level's file: its connection for writing, its authors, compartments, heads and epoch keys.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/base/environment.h"
#include "core/label/label.h"
#include "core/log/changeset.h"
#include "core/vault/sqlite.h"
#include "schema/catalog.h"

namespace cinnabar {

using CompartmentNumber = std::int64_t;
using Sum = unsigned __int128;  // of keyed hashes, modulo 2^128: order does not matter
using Arrival = std::int64_t;   // of a changeset in a vault, from 1

// How far an author's changesets have been applied in a compartment.
struct Head {
  Sequence sequence = 0;
  Lamport lamport = 0;
  Hash hash{};
  Arrival at = 0;       // where its last entry lies in this vault's log; 0: none
  Sequence proven = 0;  // the last of them that bears its author's signature
  bool forked = false;  // its author signed two chains: nothing more of him is taken here
};

struct CompartmentState {
  CompartmentNumber number = 0;
  Compartment compartment;
  Head own;             // of this site's present incarnation
  Lamport lamport = 0;  // the greatest seen
  Sum sum = 0;
  Arrival indexed = 0;                  // full text covers the log up to here
  std::map<std::uint32_t, Head> heads;  // of all other authors
  std::set<std::uint32_t> unseen;       // authors whose news this site's next changeset has to name as seen
};

struct VaultIdentity {
  GroupId group;
  SiteId site;
  SiteId office;  // the founding site, which owns what the schema says the office owns
  Level level = Level::open;
  bool ofOffice() const { return site == office; }
};

std::string vaultFileOf(const std::string& folder, Level level);

// Not thread-safe. Only one transaction at a time; caches follow the file, also when another process writes.
class Vault {
 public:
  // Makes the file with its fixed tables. Throws refused if it exists.
  static void create(const Environment& environment, const std::string& path, const SecretBytes& key,
                     const VaultIdentity& identity, const Catalog& catalog);

  // Throws missingVault, damaged, foreign (another level, or not of the site of `expected`), newerFormat.
  // `expected` null: the first vault of a site, which says whose it is.
  Vault(const Environment& environment, const std::string& path, const SecretBytes& key, Level level,
        const VaultIdentity* expected, std::shared_ptr<const Catalog> catalog);

  Level level() const { return identity_.level; }
  const VaultIdentity& identity() const { return identity_; }
  Database& database() { return db_; }
  const Catalog& catalog() const { return *catalog_; }

  void begin();  // takes the writer's lock; throws busy
  // Throws io if storage has ended the transaction by itself. In between nothing else commits anything.
  void commit();
  void rollback();  // also forgets what was cached
  bool inTransaction() const { return inTransaction_; }
  void freeze();  // from here on reads see the state of now, and nothing can be written

  // The file's tables are of another schema than the catalogue: see core/record/unknown.h.
  bool outdated();

  // The table of an entity comes with its first record.
  bool holdsTableOf(const EntityType& entity);
  void makeTableOf(const EntityType& entity);  // in a transaction; nothing if it is there

  std::optional<Bytes> meta(std::string_view key);
  void setMeta(std::string_view key, BytesView value);
  // How many commits changed what is in no log: bundles' numbers, prekeys, the roster. A copy of the file that was put
  // back has fewer. `revise` is for who writes such a thing past setMeta and putEpochKey.
  std::uint64_t revision();
  void revise() { revised_ = true; }

  // Authors are numbered per vault, so that a dot in a row is a few bytes.
  std::uint32_t numberOf(const Author& author);
  std::optional<std::uint32_t> knownNumberOf(const Author& author);  // never makes one
  const Author& authorOf(std::uint32_t number);
  const Author& self();
  // A site that was restored or whose storage was put back never reuses a number: it becomes a new author.
  // `after`: an incarnation that is known to have been, though this file may not know. Throws limit after
  // mostIncarnations.
  void takeNewIncarnation(std::uint32_t after = 0);

  CompartmentState& stateOf(const Compartment& compartment);  // makes it on first use
  CompartmentState* find(const Compartment& compartment);     // null if never used
  CompartmentState& stateOf(CompartmentNumber number);
  const Compartment& compartmentOf(CompartmentNumber number);
  std::vector<CompartmentState*> compartments();
  // While it lives, states stay where they are and as they are, though another handle commits; for whoever goes
  // through them outside a transaction. Not across begin().
  class Steady {
   public:
    explicit Steady(Vault& vault) : vault_(vault) { ++vault_.held_; }
    ~Steady() { --vault_.held_; }
    Steady(const Steady&) = delete;
    Steady& operator=(const Steady&) = delete;

   private:
    Vault& vault_;
  };
  void save(const CompartmentState& state);
  void saveHead(const CompartmentState& state, std::uint32_t author);

  // What `author` had seen of others in a compartment, as far as its applied changesets tell.
  using Seen = std::unordered_map<std::uint32_t, Lamport>;
  const Seen& seenBy(CompartmentNumber number, std::uint32_t author);
  void raiseSeen(CompartmentNumber number, std::uint32_t author, std::uint32_t other, Lamport lamport);
  Arrival lastArrival();
  // Whether a record ever left a compartment of this vault: mostly none did, and nobody has to look.
  bool knowsWithdrawals();
  void noteWithdrawals() { withdrawals_ = true; }

  std::uint32_t currentEpoch();                                                   // 0: no key yet
  std::int64_t epochKeys();                                                       // how many are held
  void putEpochKey(std::string_view circle, std::uint32_t epoch, BytesView key);  // circle "": the level's
  bool holdsCircle(std::string_view circle, std::uint32_t epoch);
  bool holdsKey(const Compartment& compartment, std::uint32_t epoch);
  // Throws notFound if this site holds no such key.
  const SecretBytes& compartmentKey(const Compartment& compartment, std::uint32_t epoch);
  SecretBytes digestKey(const Compartment& compartment);
  SecretBytes epochKey(std::string_view circle, std::uint32_t epoch);

  // For values that leave their row; independent of epochs, of this file only. A value of its own, so that a new key of
  // the vault leaves them as they are.
  const SecretBytes& spillKey() const { return spillKey_; }
  Random& random() { return *environment_.random; }
  Files& files() { return *environment_.files; }

 private:
  void readIdentity(const VaultIdentity* expected);
  void load();
  void readStates();
  const Seen& readSeen(CompartmentNumber number, std::uint32_t author);
  void forget();
  bool mayCommit() const;

  Environment environment_;
  VaultIdentity identity_;
  std::shared_ptr<const Catalog> catalog_;
  Database db_;
  SecretBytes spillKey_;
  bool inTransaction_ = false;
  bool committing_ = false;
  bool revised_ = false;
  bool loaded_ = false;
  int held_ = 0;
  std::uint64_t revision_ = 0;
  std::unordered_set<std::uint32_t> tables_;  // those known to be there, by entity tag
  std::int64_t dataVersion_ = -1;
  std::optional<bool> withdrawals_;
  std::uint32_t selfNumber_ = 0;
  Author self_;
  std::vector<Author> authors_;  // by number - 1
  std::map<Author, std::uint32_t> authorNumbers_;
  std::map<CompartmentNumber, CompartmentState> compartments_;
  std::map<Compartment, CompartmentNumber> compartmentNumbers_;
  std::map<std::pair<CompartmentNumber, std::uint32_t>, Seen> seen_;
  std::map<std::pair<Compartment, std::uint32_t>, SecretBytes> compartmentKeys_;
};

// One transaction for `work`: all of it or, if it throws, nothing.
template <class Work>
void within(Vault& vault, Work work) {
  vault.begin();
  try {
    work();
    vault.commit();
  } catch (...) {
    vault.rollback();
    throw;
  }
}

}  // namespace cinnabar
