#include "core/vault/vault.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/vault/tables.h"

namespace cinnabar {
namespace {

constexpr std::uint64_t vaultFormat = 1;

Bytes numberBytes(std::uint64_t value) {
  Bytes out;
  Writer(out).number(value);
  return out;
}
std::uint64_t numberOf(const std::optional<Bytes>& bytes) { return bytes ? Reader(*bytes).number() : 0; }

Hash hashFrom(BytesView bytes) {
  Hash out{};
  if (bytes.size() != out.size()) throw Error(Code::damaged, "a head in the vault has the wrong length");
  std::memcpy(out.data(), bytes.data(), out.size());
  return out;
}

std::string circlesText(const Compartment& compartment) { return nlohmann::json(compartment.circles).dump(); }

DatabaseFile existingFile(const Environment& environment, const std::string& path, const SecretBytes& key) {
  if (!environment.files->exists(path))
    throw Error(Code::missingVault, path + " is not there: put the medium back, or restore a backup");
  return {path, &key, environment.files->vfs(), false};
}

}  // namespace

std::string vaultFileOf(const std::string& folder, Level level) {
  return folder + "/" + std::string(wordOf(level)) + ".vault";
}

void Vault::create(const Environment& environment, const std::string& path, const SecretBytes& key,
                   const VaultIdentity& identity, const Catalog& catalog) {
  if (environment.files->exists(path)) throw Error(Code::refused, path + " exists already");
  Database db({path, &key, environment.files->vfs(), true});
  db.run("BEGIN IMMEDIATE");
  createFixedTables(db);
  numberEntities(db, catalog);
  const auto put = [&](std::string_view name, BytesView value) {
    db.query("INSERT INTO meta VALUES(?1,?2)").with(name, value).run();
  };
  put("format", numberBytes(vaultFormat));
  put("group", identity.group.view());
  put("site", identity.site.view());
  put("office", identity.office.view());
  put("level", viewOf(wordOf(identity.level)));
  put("incarnation", numberBytes(1));
  put("schema", viewOf(catalog.hash()));
  put("secret/spill", SecretBytes::random(keySize, *environment.random).view());
  db.run("COMMIT");
}

Vault::Vault(const Environment& environment, const std::string& path, const SecretBytes& key, Level level,
             const VaultIdentity* expected, std::shared_ptr<const Catalog> catalog)
    : environment_(environment), catalog_(std::move(catalog)), db_(existingFile(environment, path, key)) {
  identity_.level = level;
  sqlite3_commit_hook(
      db_.raw(), [](void* vault) { return static_cast<const Vault*>(vault)->mayCommit() ? 0 : 1; }, this);
  readIdentity(expected);
  auto spillKey = meta("secret/spill");
  if (!spillKey || spillKey->size() != keySize)
    throw Error(Code::damaged, path + " lacks the key of its long values: restore it from a backup");
  const WipeAtEnd wipe(*spillKey);
  spillKey_ = SecretBytes::copy(*spillKey);
}

void Vault::readIdentity(const VaultIdentity* expected) {
  if (cinnabar::numberOf(meta("format")) > vaultFormat)
    throw Error(Code::newerFormat, "the vault was written by a later version: update the program");
  const auto word = std::string(wordOf(identity_.level));
  const auto id = [&](std::string_view name) {
    const auto found = meta(name);
    if (!found || found->size() != 16) throw Error(Code::damaged, "the " + word + " vault does not say whose it is");
    return *found;
  };
  identity_.group = *GroupId::of(id("group"));
  identity_.site = *SiteId::of(id("site"));
  identity_.office = *SiteId::of(id("office"));
  const auto level = meta("level");
  const bool sameSite =
      expected == nullptr ||
      (identity_.group == expected->group && identity_.site == expected->site && identity_.office == expected->office);
  if (!sameSite || !level || !sameBytes(*level, viewOf(word)))
    throw Error(Code::foreign,
                "the " + word + " vault belongs to another site or level: put this site's own file back");
}

bool Vault::outdated() {
  const auto known = meta("schema");
  return !known || !sameBytes(*known, viewOf(catalog_->hash()));
}

bool Vault::holdsTableOf(const EntityType& entity) {
  // Only what is there is remembered: another process may make the table at any time.
  if (tables_.contains(entity.tag)) return true;
  if (!tableExists(db_, "main", entity)) return false;
  tables_.insert(entity.tag);
  return true;
}

void Vault::makeTableOf(const EntityType& entity) {
  if (holdsTableOf(entity)) return;
  CNB_ASSERT(inTransaction_);
  createEntityTable(db_, entity);
  tables_.insert(entity.tag);
}

void Vault::begin() {
  CNB_ASSERT(!inTransaction_);
  db_.run("BEGIN IMMEDIATE");
  inTransaction_ = true;
  const std::int64_t version = db_.number("PRAGMA data_version");
  if (version != dataVersion_) forget();
  dataVersion_ = version;
}

void Vault::commit() {
  CNB_ASSERT(inTransaction_);
  if (revised_) {
    load();
    setMeta("revision", numberBytes(++revision_));
  }
  if (sqlite3_get_autocommit(db_.raw()) != 0)
    throw Error(Code::io, "storage ended the transaction after an error: nothing of it was written");
  committing_ = true;
  try {
    db_.run("COMMIT");
  } catch (...) {
    committing_ = false;
    throw;
  }
  committing_ = inTransaction_ = revised_ = false;
}

// After some errors SQLite rolls back by itself. What is then written as if the transaction were still open would be
// committed statement by statement.
bool Vault::mayCommit() const { return !inTransaction_ || committing_; }

void Vault::freeze() {
  db_.run("PRAGMA query_only=ON; BEGIN");
  db_.number("SELECT count(*) FROM meta");  // a read transaction begins with its first read
}

void Vault::rollback() {
  if (!inTransaction_) return;
  inTransaction_ = false;
  revised_ = false;
  forget();
  // SQLite may have rolled back by itself on a full disk; then this says so, which is no fault.
  sqlite3_exec(db_.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
}

std::optional<Bytes> Vault::meta(std::string_view key) {
  Query q = db_.query("SELECT value FROM meta WHERE key=?1");
  q.with(key);
  if (!q.step()) return std::nullopt;
  const BytesView value = q->blob(0);
  return Bytes(value.begin(), value.end());
}

void Vault::setMeta(std::string_view key, BytesView value) {
  db_.query("INSERT INTO meta VALUES(?1,?2) ON CONFLICT(key) DO UPDATE SET value=excluded.value")
      .with(key, value)
      .run();
  revise();
}

std::uint64_t Vault::revision() {
  load();
  return revision_;
}

void Vault::forget() {
  loaded_ = false;
  tables_.clear();
  withdrawals_.reset();
  authors_.clear();
  authorNumbers_.clear();
  compartments_.clear();
  compartmentNumbers_.clear();
  seen_.clear();
  compartmentKeys_.clear();
}

void Vault::load() {
  if (!inTransaction_ && held_ == 0) {
    const std::int64_t version = db_.number("PRAGMA data_version");
    if (version != dataVersion_) forget();
    dataVersion_ = version;
  }
  if (loaded_) return;
  // One state of the file, also while another handle commits. It may be newer than dataVersion_: then it is read again.
  db_.run("SAVEPOINT loading");
  try {
    readStates();
  } catch (...) {
    forget();
    db_.run("RELEASE loading");
    throw;
  }
  db_.run("RELEASE loading");
  loaded_ = true;
}

void Vault::readStates() {
  Query authors = db_.query("SELECT a,site,incarnation FROM author ORDER BY a");
  while (authors.step()) {
    const auto site = SiteId::of(authors->blob(1));
    if (!site || authors->integer(0) != static_cast<std::int64_t>(authors_.size()) + 1)
      throw Error(Code::damaged, "the table of authors is damaged");
    authors_.push_back({*site, static_cast<std::uint32_t>(authors->integer(2))});
    authorNumbers_.emplace(authors_.back(), static_cast<std::uint32_t>(authors_.size()));
  }
  self_ = {identity_.site, static_cast<std::uint32_t>(cinnabar::numberOf(meta("incarnation")))};
  revision_ = cinnabar::numberOf(meta("revision"));
  const auto own = authorNumbers_.find(self_);
  selfNumber_ = own == authorNumbers_.end() ? 0 : own->second;

  Query rows = db_.query("SELECT c,circles,seq,lamport,head,own_lamport,sum,indexed,own_at FROM compartment");
  while (rows.step()) {
    CompartmentState state;
    state.number = rows->integer(0);
    state.compartment = {identity_.level, nlohmann::json::parse(rows->text(1)).get<std::vector<std::string>>()};
    state.lamport = static_cast<Lamport>(rows->integer(3));
    state.own = {static_cast<Sequence>(rows->integer(2)),
                 static_cast<Lamport>(rows->integer(5)),
                 hashFrom(rows->blob(4)),
                 rows->integer(8),
                 0,
                 false};
    const BytesView sum = rows->blob(6);
    if (sum.size() != sizeof state.sum) throw Error(Code::damaged, "a digest in the vault has the wrong length");
    std::memcpy(&state.sum, sum.data(), sizeof state.sum);
    state.indexed = rows->integer(7);
    compartmentNumbers_.emplace(state.compartment, state.number);
    compartments_.emplace(state.number, std::move(state));
  }
  Query heads = db_.query("SELECT c,a,seq,lamport,hash,at,proven,forked FROM head");
  while (heads.step()) {
    const auto found = compartments_.find(heads->integer(0));
    if (found == compartments_.end()) throw Error(Code::damaged, "a head belongs to no compartment");
    found->second.heads[static_cast<std::uint32_t>(heads->integer(1))] = {static_cast<Sequence>(heads->integer(2)),
                                                                          static_cast<Lamport>(heads->integer(3)),
                                                                          hashFrom(heads->blob(4)),
                                                                          heads->integer(5),
                                                                          static_cast<Sequence>(heads->integer(6)),
                                                                          heads->integer(7) != 0};
  }
  for (auto& [number, state] : compartments_) {
    const Seen& seen = readSeen(number, selfNumber_);
    for (const auto& [author, head] : state.heads) {
      const auto at = seen.find(author);
      if (at == seen.end() || at->second < head.lamport) state.unseen.insert(author);
    }
  }
}

std::uint32_t Vault::numberOf(const Author& author) {
  load();
  if (const auto found = authorNumbers_.find(author); found != authorNumbers_.end()) return found->second;
  CNB_ASSERT(inTransaction_);
  const auto number = static_cast<std::uint32_t>(authors_.size()) + 1;
  db_.query("INSERT INTO author VALUES(?1,?2,?3)").with(number, author.site, author.incarnation).run();
  authors_.push_back(author);
  authorNumbers_.emplace(author, number);
  return number;
}

std::optional<std::uint32_t> Vault::knownNumberOf(const Author& author) {
  load();
  const auto found = authorNumbers_.find(author);
  return found == authorNumbers_.end() ? std::nullopt : std::optional(found->second);
}

// What a number stands for never changes: the file is asked only for one that is not known yet.
const Author& Vault::authorOf(std::uint32_t number) {
  if (number - 1 >= authors_.size()) load();
  if (number == 0 || number > authors_.size()) throw Error(Code::damaged, "a row names an author that is not there");
  return authors_[number - 1];
}

const Author& Vault::self() {
  load();
  return self_;
}

void Vault::takeNewIncarnation(std::uint32_t after) {
  load();
  const std::uint32_t last = std::max(self_.incarnation, after);
  if (last >= mostIncarnations)
    throw Error(Code::limit, "this site was put back too often: enrol it anew under another name");
  for (auto& [number, state] : compartments_) {
    if (state.own.sequence > 0) {
      const std::uint32_t old = numberOf(self_);
      state.heads[old] = state.own;
      saveHead(state, old);
      state.own = {};
      save(state);
    }
    // The new author has to name all that the old one had seen, or its writes would pass for concurrent ones.
    for (const auto& [author, head] : state.heads)
      if (head.sequence > 0) state.unseen.insert(author);
  }
  // Every peer has to be told how far this site is now, and the prekey that it has left.
  db_.run("UPDATE peer SET told=-1");
  setMeta("incarnation", numberBytes(last + 1ULL));
  self_.incarnation = last + 1;
  selfNumber_ = 0;
}

CompartmentState& Vault::stateOf(const Compartment& compartment) {
  if (CompartmentState* found = find(compartment)) return *found;
  CNB_ASSERT(inTransaction_ && compartment.level == identity_.level);
  CompartmentState state;
  state.compartment = compartment;
  const Hash zero{};
  const std::array<Byte, 16> sum{};
  db_.query(
         "INSERT INTO compartment(circles,seq,lamport,head,own_lamport,sum,indexed,own_at) VALUES(?1,0,0,?2,0,?3,0,0)")
      .with(circlesText(compartment), BytesView(zero), BytesView(sum))
      .run();
  state.number = sqlite3_last_insert_rowid(db_.raw());
  compartmentNumbers_.emplace(compartment, state.number);
  return compartments_.emplace(state.number, std::move(state)).first->second;
}

CompartmentState* Vault::find(const Compartment& compartment) {
  load();
  const auto found = compartmentNumbers_.find(compartment);
  return found == compartmentNumbers_.end() ? nullptr : &compartments_.at(found->second);
}

const Compartment& Vault::compartmentOf(CompartmentNumber number) {
  const auto known = compartments_.find(number);
  return known != compartments_.end() ? known->second.compartment : stateOf(number).compartment;
}

CompartmentState& Vault::stateOf(CompartmentNumber number) {
  load();
  const auto found = compartments_.find(number);
  if (found == compartments_.end()) throw Error(Code::damaged, "a row belongs to no compartment");
  return found->second;
}

std::vector<CompartmentState*> Vault::compartments() {
  load();
  std::vector<CompartmentState*> out;
  for (auto& [number, state] : compartments_) out.push_back(&state);
  return out;
}

void Vault::save(const CompartmentState& state) {
  CNB_ASSERT(inTransaction_);
  std::array<Byte, 16> sum;
  std::memcpy(sum.data(), &state.sum, sum.size());
  db_.query("UPDATE compartment SET seq=?2,lamport=?3,head=?4,own_lamport=?5,sum=?6,indexed=?7,own_at=?8 WHERE c=?1")
      .with(state.number, state.own.sequence, state.lamport, BytesView(state.own.hash), state.own.lamport,
            BytesView(sum), state.indexed, state.own.at)
      .run();
}

void Vault::saveHead(const CompartmentState& state, std::uint32_t author) {
  CNB_ASSERT(inTransaction_);
  const Head& head = state.heads.at(author);
  db_.query(
         "INSERT INTO head(c,a,seq,lamport,hash,at) VALUES(?1,?2,?3,?4,?5,?6) ON CONFLICT(c,a) DO UPDATE SET "
         "seq=excluded.seq,lamport=excluded.lamport,hash=excluded.hash,at=excluded.at")
      .with(state.number, author, head.sequence, head.lamport, BytesView(head.hash), head.at)
      .run();
}

const Vault::Seen& Vault::seenBy(CompartmentNumber number, std::uint32_t author) {
  load();
  return readSeen(number, author);
}

const Vault::Seen& Vault::readSeen(CompartmentNumber number, std::uint32_t author) {
  const auto [at, fresh] = seen_.try_emplace({number, author});
  if (fresh) {
    Query q = db_.query("SELECT b,lamport FROM seen WHERE c=?1 AND a=?2");
    q.with(number, author);
    while (q.step()) at->second[static_cast<std::uint32_t>(q->integer(0))] = static_cast<Lamport>(q->integer(1));
  }
  return at->second;
}

void Vault::raiseSeen(CompartmentNumber number, std::uint32_t author, std::uint32_t other, Lamport lamport) {
  seenBy(number, author);
  Lamport& seen = seen_[{number, author}][other];
  if (seen >= lamport) return;
  seen = lamport;
  db_.query("INSERT INTO seen VALUES(?1,?2,?3,?4) ON CONFLICT(c,a,b) DO UPDATE SET lamport=excluded.lamport")
      .with(number, author, other, lamport)
      .run();
}

bool Vault::knowsWithdrawals() {
  if (!withdrawals_) withdrawals_ = db_.number("SELECT EXISTS(SELECT 1 FROM withdrawal)") != 0;
  return *withdrawals_;
}

Arrival Vault::lastArrival() { return db_.number("SELECT max(arrival) FROM log"); }

}  // namespace cinnabar
