#include "core/record/store.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/record/intent.h"
#include "core/record/json.h"
#include "core/record/origin.h"
#include "core/record/read_connection.h"
#include "core/record/relabel.h"
#include "core/record/transaction.h"
#include "core/record/unknown.h"
#include "core/search/tokenizer.h"

namespace cinnabar {
namespace {

using nlohmann::json;
constexpr std::size_t mostHeaders = 1024;

std::array<Byte, 16> markOf(BytesView header) {
  const Hash hash = hashOf("cinnabar noted", header);
  std::array<Byte, 16> out;
  std::memcpy(out.data(), hash.data(), out.size());
  return out;
}

}  // namespace

Store::Store(Environment environment, std::string folder, std::map<Level, SecretBytes> keys, Access access,
             std::shared_ptr<const Catalog> catalog, Rollback rollback, std::shared_ptr<FolderHold> hold)
    : environment_(std::move(environment)),
      folder_(std::move(folder)),
      hold_(hold ? std::move(hold) : environment_.files->hold(folder_)),
      access_(std::move(access)),
      catalog_(std::move(catalog)),
      note_(environment_, folder_) {
  openVaults(std::move(keys));
  checkNotes(rollback);
  replayIntents();
}

Store::~Store() = default;

void Store::openVaults(std::map<Level, SecretBytes>&& keys) {
  for (auto& [level, key] : keys) {
    if (level > access_.clearance) continue;
    const std::string path = vaultPath(level);
    if (level == Level::topSecret && !environment_.files->exists(path)) continue;  // its medium may be away
    Place place;
    place.vault =
        std::make_unique<Vault>(environment_, path, key, level, places_.empty() ? nullptr : &identity_, catalog_);
    place.key = std::move(key);
    if (places_.empty()) identity_ = place.vault->identity();
    registerTokenizer(place.vault->database().raw());
    if (place.vault->outdated()) upgrade(*place.vault);
    place.applier = std::make_unique<Applier>(*place.vault);
    places_.emplace(level, std::move(place));
  }
  if (places_.empty()) throw Error(Code::badKey, "this person's keys open no vault of the site");
}

void Store::checkNotes(Rollback rollback) {
  noted_ = note_.read();
  for (auto& [level, place] : places_) {
    const auto found = noted_.vaults.find(level);
    if (found == noted_.vaults.end()) continue;
    const NotedVault noted = found->second;
    const auto entry = noted.arrival == 0 ? std::nullopt : Log(*place.vault).header(noted.arrival);
    const bool hasEntry = noted.arrival == 0 || (entry && markOf(encodeHeader(*entry)) == noted.mark);
    if (hasEntry && place.vault->revision() >= noted.revision) continue;
    if (rollback == Rollback::refuse)
      throw Error(Code::rolledBack, "the " + std::string(wordOf(level)) +
                                        " vault is older than this site's last note of it: its file or its WAL was put "
                                        "back or lost; see `doctor`");
    place.vault->begin();
    place.vault->takeNewIncarnation(noted.incarnation);
    place.vault->commit();
    noteVault(level);
    note_.write(noted_);
  }
}

void Store::noteVault(Level level) {
  Vault& at = *places_.at(level).vault;  // not vault(): what is unfinished must not undo an acknowledgement
  NotedVault& noted = noted_.vaults[level] = {};
  const Arrival last = at.lastArrival();
  if (const auto header = Log(at).header(last)) {
    noted.arrival = last;
    noted.mark = markOf(encodeHeader(*header));
  }
  noted.revision = at.revision();
  noted.incarnation = at.self().incarnation;
}

std::uint64_t Store::knownKeyring() {
  std::uint64_t known = noted_.keyring;
  for (auto& [level, place] : places_)
    if (const auto kept = place.vault->meta("keyring")) known = std::max(known, Reader(*kept, "meta").number());
  return known;
}

void Store::rememberKeyring(std::uint64_t revision) {
  Bytes kept;
  Writer(kept).number(revision);
  noted_.keyring = revision;
  for (auto& [level, place] : places_) {
    place.vault->begin();
    try {
      place.vault->setMeta("keyring", kept);
      place.vault->commit();
    } catch (...) {
      place.vault->rollback();
      throw;
    }
    noteVault(level);
  }
  note_.write(noted_);
}

// What a crash left between the commits of several vaults is finished now. Where a level is not open,
// its part waits until somebody opens it.
void Store::replayIntents() {
  for (auto& [level, place] : places_) {
    for (Intent& intent : intentsOf(*place.vault)) {
      bool complete = true;
      std::map<Level, std::vector<std::pair<Compartment, Item>>> missing;
      std::set<Level> lowers;
      for (auto& change : intent.changes) {
        lowers.insert(change.first.level);
        if (!places_.contains(change.first.level)) {
          complete = false;
        } else if (!wasApplied(vault(change.first.level), intent.transaction)) {
          missing[change.first.level].push_back(std::move(change));
        }
      }
      for (auto& [lower, changes] : missing) {
        Transaction transaction(*this, intent.person);
        for (auto& [compartment, item] : changes) {
          recoverContent(transaction, compartment, item);
          transaction.write(compartment, std::move(item));
        }
        markApplied(vault(lower), intent.transaction);
        transaction.commit();
      }
      if (!complete || !clearIntent(*place.vault, intent.transaction)) continue;
      for (const Level lower : lowers) clearApplied(vault(lower), intent.transaction);
    }
  }
}

void Store::finishIntents() {
  if (!unfinished_) return;
  unfinished_ = false;
  try {
    replayIntents();
  } catch (...) {
    unfinished_ = true;
    throw;
  }
}

std::vector<Level> Store::levels() const {
  std::vector<Level> out;
  for (const auto& [level, place] : places_) out.push_back(level);
  return out;
}

Vault& Store::vault(Level level) {
  finishIntents();
  const auto found = places_.find(level);
  if (found == places_.end()) throw Error(Code::notFound, "no such record or label");
  return *found->second.vault;
}

std::vector<Vault*> Store::vaultsHolding(const EntityType& entity) {
  std::vector<Vault*> out;
  for (const Level level : levels())
    if (Vault& at = vault(level); at.holdsTableOf(entity)) out.push_back(&at);
  return out;
}

Applier& Store::applier(Level level) {
  vault(level);
  return *places_.at(level).applier;
}

const SecretBytes& Store::keyOf(Level level) {
  vault(level);
  return places_.at(level).key;
}

bool Store::sees(const Compartment& compartment) const {
  if (compartment.level > access_.clearance) return false;
  return !access_.circles || std::all_of(compartment.circles.begin(), compartment.circles.end(),
                                         [&](const std::string& c) { return access_.circles->contains(c); });
}

std::optional<Store::Found> Store::find(const RecordId& id) {
  finishIntents();
  const EntityType* entity = catalog_->findTag(entityTagOf(id));
  // The likeliest vault first: the one that had the last hit.
  std::vector<Level> order = levels();
  const auto likely = std::find(order.begin(), order.end(), hint_);
  if (likely != order.end()) std::rotate(order.begin(), likely, likely + 1);
  for (const Level level : order) {
    Place& place = places_.at(level);
    Rows& rows = place.applier->rowsOf(entity);
    Found found{place.vault.get(), &rows, {}};
    const auto seen = [&](CompartmentNumber c) { return sees(place.vault->compartmentOf(c)); };
    if (!rows.findSeen(id, seen, {}, found.row)) continue;
    hint_ = level;
    return found;
  }
  return std::nullopt;
}

bool Store::exists(const RecordId& id, Compartment* in) {
  const auto found = find(id);
  if (!found || !found->row.visible()) return false;
  if (in != nullptr) *in = found->vault->compartmentOf(found->row.compartment);
  return true;
}

Store::Found Store::findWhole(const RecordId& id) {
  finishIntents();
  const EntityType* entity = catalog_->findTag(entityTagOf(id));
  std::vector<Level> order = levels();
  const auto likely = std::find(order.begin(), order.end(), hint_);
  if (likely != order.end()) std::rotate(order.begin(), likely, likely + 1);
  if (entity != nullptr) {
    for (const Level level : order) {
      Place& place = places_.at(level);
      Rows& rows = place.applier->rowsOf(entity);
      Found found{place.vault.get(), &rows, {}};
      const auto seen = [&](CompartmentNumber c) { return sees(place.vault->compartmentOf(c)); };
      if (!rows.findSeen(id, seen, rows.allColumns(), found.row) || !found.row.visible()) continue;
      hint_ = level;
      return found;
    }
  }
  notThere(id);
}

void Store::notThere(const RecordId& id) {
  audit_.triedInVain(id);
  throw Error(Code::notFound, "no such record");
}

Store::Found Store::read(const RecordId& id) {
  Found found = findWhole(id);
  audit_.accessed(Act::read, found.vault->compartmentOf(found.row.compartment), id, found.rows->entity()->name);
  return found;
}

Record Store::get(const RecordId& id) {
  const Found found = read(id);
  return recordOf(*found.vault, *found.rows, found.row);
}

json Store::conflictsOf(const Found& found) {
  json out = json::array();
  for (const auto& [number, reg] : found.row.kept) {
    const Field* field = found.rows->field(number);
    if (field != nullptr && reg.operation == Operation::assign && inConflict(reg))
      out.push_back(found.row.id.text() + "." + field->name);
  }
  if (found.row.contested()) out.push_back(found.row.id.text() + "._deleted");
  return out;
}

std::unique_ptr<Store> Store::snapshot() {
  std::map<Level, SecretBytes> keys;
  for (const auto& [level, place] : places_) keys.emplace(level, place.key.clone());
  auto copy =
      std::make_unique<Store>(environment_, folder_, std::move(keys), access_, catalog_, Rollback::refuse, hold_);
  for (auto& [level, place] : copy->places_) place.vault->freeze();
  copy->reading().freeze();
  return copy;
}

const Header& Store::headerAt(Vault& vault, Arrival arrival) {
  if (drafting_ != nullptr)
    if (const Header* drafted = drafting_->drafted(vault.level(), arrival)) return *drafted;
  const auto key = std::pair(vault.level(), arrival);
  if (const auto known = headers_.find(key); known != headers_.end()) return known->second;
  auto header = Log(vault).header(arrival);
  if (!header) throw Error(Code::damaged, "the change log lacks an entry that a row names");
  if (headers_.size() >= mostHeaders) headers_.clear();
  return headers_.emplace(key, std::move(*header)).first->second;
}

Record Store::recordOf(Vault& vault, Rows& rows, const Row& row) {
  const EntityType& entity = *rows.entity();
  Record record;
  record.id = row.id;
  record.entity = entity.name;
  record.label.compartment = vault.compartmentOf(row.compartment);
  const auto period = row.columns.find(periodRegister);
  if (period != row.columns.end() && !isNull(period->second))
    record.label.period = parseStoredPeriod(std::get<std::string>(period->second));

  const std::string until = lastDayOf(record.label.period, classifiedOn(row));
  const Header& last = headerAt(vault, static_cast<Arrival>(row.at >> 14));
  json& out = record.document;
  out["id"] = row.id.text();
  out["entity"] = entity.name;
  out["label"] = {{"level", wordOf(record.label.compartment.level)},
                  {"circles", record.label.compartment.circles},
                  {"mark", markOf(record.label)},
                  {"until", until.empty() ? json() : json(until)}};
  const auto origin = originOf(row);
  out["site"] = siteName(origin ? origin->site : vault.authorOf(row.born.author).site);
  out["fields"] = jsonOf(entity, row.columns);
  const auto state = entity.stateField.empty() ? out["fields"].end() : out["fields"].find(entity.stateField);
  out["state"] = state == out["fields"].end() ? json() : *state;
  out["conflicts"] = conflictsOf({&vault, &rows, row});
  out["created"] = instantText(instantOf({createdMsOf(row.id), 0}));
  out["updated"] = {{"at", instantText(last.at)}, {"site", siteName(last.author.site)}, {"person", last.actor}};
  return record;
}

ReadConnection& Store::reading() {
  finishIntents();
  if (!reading_) reading_ = std::make_unique<ReadConnection>(*this);
  return *reading_;
}

// What a transaction has read of its own changesets is forgotten with it: after a rollback others bear their places.
void Store::drafting(const Transaction* transaction) {
  drafting_ = transaction;
  if (transaction == nullptr) headers_.clear();
}

std::unique_ptr<Transaction> Store::begin() { return std::make_unique<Transaction>(*this); }

void Store::committed(const std::vector<std::pair<Level, std::vector<RecordId>>>& changed) {
  for (const auto& [level, records] : changed) noteVault(level);
  note_.write(noted_);
  if (observers_.empty()) return;
  const auto observers = observers_;
  for (const auto& [level, records] : changed) {
    for (const RecordId& id : records) {
      const auto found = find(id);
      if (!found) continue;
      const Compartment compartment = found->vault->compartmentOf(found->row.compartment);
      for (const auto& [number, observer] : observers) observer(id, compartment);
    }
  }
}

std::uint64_t Store::observe(Observer observer) {
  observers_.emplace(nextObserver_, std::move(observer));
  return nextObserver_++;
}

std::string Store::siteName(const SiteId& site) {
  const auto known = siteNames_.find(site);
  if (known != siteNames_.end()) return known->second;
  const auto name = places_.begin()->second.vault->meta("name/" + site.text());
  if (!name) return site.text();
  return siteNames_[site] = std::string(textOf(*name));
}

}  // namespace cinnabar
