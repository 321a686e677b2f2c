// A site's records: what a caller may see and change. The only way in from the layers above.
#pragma once
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "core/audit/audit.h"
#include "core/log/log.h"
#include "core/record/applier.h"
#include "core/record/record.h"
#include "core/vault/site_note.h"
#include "core/vault/vault.h"

namespace cinnabar {

class ReadConnection;
class Transaction;

// Who reads and writes through a store, and up to where. Fixed when the store is opened.
struct Access {
  std::string person;
  Level clearance = Level::open;
  std::optional<std::set<std::string>> circles;  // nothing: all that the site holds
};

enum class Rollback { refuse, accept };  // accept: go on as a new incarnation

// Not thread-safe; belongs to one thread at a time.
class Store {
 public:
  // Opens those vaults of `keys` that `access` clears. Throws missingVault, damaged, foreign, rolledBack,
  // newerFormat. The top-secret vault may be absent: then its records are simply not there. `hold` null: takes its own.
  Store(Environment environment, std::string folder, std::map<Level, SecretBytes> keys, Access access,
        std::shared_ptr<const Catalog> catalog, Rollback rollback = Rollback::refuse,
        std::shared_ptr<FolderHold> hold = nullptr);
  ~Store();

  const Access& access() const { return access_; }
  const Catalog& catalog() const { return *catalog_; }
  std::shared_ptr<const Catalog> sharedCatalog() const { return catalog_; }
  const Environment& environment() const { return environment_; }
  const std::string& folder() const { return folder_; }
  const std::shared_ptr<FolderHold>& hold() const { return hold_; }
  std::vector<Level> levels() const;                            // those open here, ascending
  std::vector<Vault*> vaultsHolding(const EntityType& entity);  // of those, where it has a table
  bool holds(Level level) const { return places_.contains(level); }
  const VaultIdentity& identity() const { return identity_; }

  Vault& vault(Level level);  // notFound if not open here
  Vault& lowest() { return vault(Level::open); }
  Applier& applier(Level level);
  Log log(Level level) { return Log(vault(level)); }
  const SecretBytes& keyOf(Level level);
  std::string vaultPath(Level level) const { return vaultFileOf(folder_, level); }

  bool sees(const Compartment& compartment) const;

  // Throws notFound: not there and not for you are the same answer after the same work. What is read here, and a
  // try in vain, is audited before anything is given.
  Record get(const RecordId& id);
  struct Found;
  Found read(const RecordId& id);
  bool exists(const RecordId& id, Compartment* in = nullptr);
  nlohmann::json history(const RecordId& id);
  nlohmann::json conflicts();
  nlohmann::json violations();
  struct Waiting {
    std::size_t conflicts = 0, violations = 0;
  };
  Waiting waiting();  // how many there are; shows none

  // One row's JSON; for lists and search.
  Record recordOf(Vault& vault, Rows& rows, const Row& row);
  // Where a record lies, as far as this store may see; null if nowhere.
  struct Found {
    Vault* vault = nullptr;
    Rows* rows = nullptr;
    Row row;
  };
  std::optional<Found> find(const RecordId& id);
  // With all columns; throws notFound. For the product's own use: only a try in vain is audited.
  Found findWhole(const RecordId& id);
  [[noreturn]] void notThere(const RecordId& id);
  nlohmann::json conflictsOf(const Found& found);

  // A store of its own on the state of now, that can only read.
  std::unique_ptr<Store> snapshot();

  ReadConnection& reading();  // lists and SQL

  std::unique_ptr<Transaction> begin();
  // The transaction whose changesets are not in the log yet; null when it ends.
  void drafting(const Transaction* transaction);
  // A transaction over several vaults that counts, of which a lower vault lacks its part: it is finished before
  // anything more is read or written through this store, or that throws what still stands in the way.
  void leaveUnfinished() { unfinished_ = true; }
  void finishIntents();
  // The newest revision of the keyring that this site has known; `rememberKeyring` writes it into every open vault and
  // the note, so that an older keyring put back is noticed.
  std::uint64_t knownKeyring();
  void rememberKeyring(std::uint64_t revision);
  // Called by who has committed: notes how far the vaults are, tells the observers.
  void committed(const std::vector<std::pair<Level, std::vector<RecordId>>>& changed);

  using Observer = std::function<void(const RecordId& id, const Compartment& compartment)>;
  std::uint64_t observe(Observer observer);
  bool observed() const { return !observers_.empty(); }
  void unobserve(std::uint64_t number) { observers_.erase(number); }

  Audit& audit() { return audit_; }

  // Names of sites by their id; the sync layer keeps them in the lowest vault.
  std::string siteName(const SiteId& site);

 private:
  struct Place {
    SecretBytes key;
    std::unique_ptr<Vault> vault;
    std::unique_ptr<Applier> applier;
  };
  nlohmann::json conflictsIn(std::vector<OnPage>& shown);
  nlohmann::json violationsIn(std::vector<OnPage>& shown);
  void openVaults(std::map<Level, SecretBytes>&& keys);
  void checkNotes(Rollback rollback);
  void noteVault(Level level);
  void replayIntents();
  const Header& headerAt(Vault& vault, Arrival arrival);

  Environment environment_;
  std::string folder_;
  std::shared_ptr<FolderHold> hold_;  // until all vaults are closed
  Access access_;
  std::shared_ptr<const Catalog> catalog_;
  VaultIdentity identity_;
  std::map<Level, Place> places_;
  SiteNote note_;
  Noted noted_;
  std::unique_ptr<ReadConnection> reading_;
  std::map<std::uint64_t, Observer> observers_;
  std::uint64_t nextObserver_ = 1;
  const Transaction* drafting_ = nullptr;
  std::map<std::pair<Level, Arrival>, Header> headers_;  // recently read; bounded
  std::map<SiteId, std::string> siteNames_;
  Level hint_ = Level::internal;
  bool unfinished_ = false;
  Audit audit_{*this};  // goes first: it writes what it has kept back
};

}  // namespace cinnabar
