#include "sync/verify.h"

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/log/seal.h"
#include "core/record/withdrawal.h"
#include "core/search/tokenizer.h"
#include "sync/merger.h"

namespace cinnabar {
namespace {

using nlohmann::json;

class Verdict {
 public:
  // Runs one check; it fails by throwing. What it returns is told as detail.
  template <class Check>
  void run(const std::string& name, Check check) {
    json entry = {{"name", name}, {"ok", true}, {"detail", ""}};
    try {
      entry["detail"] = check();
    } catch (const Error& error) {
      // What only stops a check says nothing of the site: whoever hears 'damaged' for a full disk would restore what is
      // whole.
      if (error.code() != Code::damaged && error.code() != Code::forged && error.code() != Code::invalidInput &&
          error.code() != Code::notFound)
        throw;
      entry["ok"] = false;
      entry["detail"] = error.what();
      ok_ = false;
    }
    checks_.push_back(std::move(entry));
  }
  json document() { return {{"ok", ok_}, {"checks", std::move(checks_)}}; }

 private:
  bool ok_ = true;
  json checks_ = json::array();
};

[[noreturn]] void fail(const std::string& why) { throw Error(Code::damaged, why); }

// A fresh connection each: a warm cache would hide what the disk says.
std::string checkPages(Store& store, Level level) {
  Database db({store.vaultPath(level), &store.keyOf(level), store.environment().files->vfs(), false});
  registerTokenizer(db.raw());
  // The page check looks at the file, past the WAL that may cover a half-done checkpoint.
  Query checkpoint = db.query("PRAGMA wal_checkpoint(TRUNCATE)");
  checkpoint.run();
  Query cipher = db.query("PRAGMA cipher_integrity_check");
  if (cipher.step()) fail("a page fails its authentication: " + std::string(cipher->text(0)));
  Query structure = db.query("PRAGMA integrity_check(5)");
  while (structure.step())
    if (structure->text(0) != "ok") fail("the tables do not hold together: " + std::string(structure->text(0)));
  return std::to_string(db.number("PRAGMA page_count")) + " pages";
}

std::string checkLog(Vault& vault, const Progress& progress) {
  std::map<std::pair<CompartmentNumber, std::uint32_t>, Head> chains;
  std::size_t entries = 0, items = 0;
  const Arrival end = vault.lastArrival();
  Log(vault).scan(0, [&](LogEntry& entry) {
    report(progress, "verify", static_cast<std::uint64_t>(entry.arrival), static_cast<std::uint64_t>(end));
    const Header header = decodeHeader(entry.sealed.header);
    Head& head = chains[{entry.compartment, entry.author}];
    if (header.sequence != head.sequence + 1 || header.sequence != entry.sequence || header.lamport != entry.lamport ||
        entry.before != head.at || header.author != vault.authorOf(entry.author) ||
        header.compartment != vault.compartmentOf(entry.compartment))
      fail("entry " + std::to_string(entry.arrival) + " of the log is not the one that follows");
    const auto sealed = splitItems(entry.sealed.items, header.items);
    head = {header.sequence, header.lamport, entryHash(head.hash, entry.sealed.header, sealed), entry.arrival};
    if (head.hash != entry.chain) fail("entry " + std::to_string(entry.arrival) + " of the log breaks its chain");
    const Opener opener(header, vault.compartmentKey(header.compartment, header.epoch));
    for (std::size_t i = 0; i < sealed.size(); ++i)
      if (!sealed[i].scrubbed) opener.open(sealed[i].bytes, i);
    ++entries;
    items += sealed.size();
    return true;
  });
  const Vault::Steady steady(vault);
  for (const CompartmentState* state : vault.compartments()) {
    const auto same = [&](const Author& author, const Head& known) {
      const auto found = chains.find({state->number, vault.numberOf(author)});
      const Head none{};
      const Head& last = found == chains.end() ? none : found->second;
      if (last.sequence != known.sequence || last.at != known.at || last.hash != known.hash)
        fail("the log ends elsewhere than its head says");
    };
    if (state->own.sequence > 0) same(vault.self(), state->own);
    for (const auto& [author, head] : state->heads) same(vault.authorOf(author), head);
  }
  return std::to_string(entries) + " changesets, " + std::to_string(items) + " changes";
}

std::string checkSignatures(Store& store, const Roster& roster, Vault& vault) {
  std::size_t count = 0;
  Query q = vault.database().query(
      "SELECT c,a,proven,CASE WHEN proven=seq THEN hash ELSE"
      " (SELECT chain FROM log WHERE log.c=head.c AND log.a=head.a AND log.seq=head.proven) END,signature FROM head"
      " WHERE seq>0 AND NOT (proven=0 AND EXISTS(SELECT 1 FROM waiting_head w WHERE w.c=head.c AND w.a=head.a))");
  while (q.step()) {
    SignedHead head;
    head.compartment = vault.compartmentOf(q->integer(0));
    head.author = vault.authorOf(static_cast<std::uint32_t>(q->integer(1)));
    head.sequence = static_cast<Sequence>(q->integer(2));
    if (head.author.site == store.identity().site) continue;
    const Certificate* certificate = roster.find(head.author.site);
    if (certificate == nullptr) fail("changes of a site that the roster does not know");
    if (q->blob(3).size() != head.hash.size() || q->blob(4).size() != head.signature.size())
      fail("the signature of '" + certificate->name + "' is missing");
    std::memcpy(head.hash.data(), q->blob(3).data(), head.hash.size());
    std::memcpy(head.signature.data(), q->blob(4).data(), head.signature.size());
    if (!verifyHead(head, store.identity().group, certificate->signingKey))
      fail("the signature of '" + certificate->name + "' does not verify");
    ++count;
  }
  return std::to_string(count) + " signed heads";
}

// The digest was kept write by write; here it is made anew from what the rows say.
std::string checkRows(Store& store, Vault& vault) {
  std::map<CompartmentNumber, Sum> sums;
  std::size_t count = 0;
  Applier& applier = store.applier(vault.level());
  const auto add = [&](const EntityType* entity, const std::string& table) {
    Rows& rows = applier.rowsOf(entity);
    const auto ids = vault.database().prepare("SELECT id,_c FROM " + identifier(table));
    while (ids->step()) {
      const auto id = RecordId::of(ids->blob(0));
      Row row;
      if (!id || !rows.find(*id, ids->integer(1), rows.allColumns(), row))
        fail("a row of " + table + " is not found by its id");
      sums[row.compartment] += applier.digest().ofRow(vault.stateOf(row.compartment), rows, row);
      ++count;
    }
  };
  for (const EntityType& entity : vault.catalog().entities())
    if (vault.holdsTableOf(entity)) add(&entity, entity.name);
  add(nullptr, "_unknown");
  for (const Tombstone& stone : tombstonesOf(vault))
    sums[stone.compartment] += applier.digest().ofTombstone(vault.stateOf(stone.compartment), stone);
  for (const CompartmentState* state : vault.compartments())
    if (sums[state->number] != state->sum) fail("the records differ from the digest that was kept of them");
  return std::to_string(count) + " records";
}

}  // namespace

json verifyVault(Store& store, const Roster& roster, Level level, const Progress& progress) {
  Verdict verdict;
  const std::string word(wordOf(level));
  Vault& vault = store.vault(level);
  verdict.run("pages " + word, [&] { return checkPages(store, level); });
  verdict.run("log " + word, [&] { return checkLog(vault, progress); });
  verdict.run("signatures " + word, [&] { return checkSignatures(store, roster, vault); });
  verdict.run("records " + word, [&] { return checkRows(store, vault); });
  verdict.run("attachments " + word, [&] { return checkBlobs(store, level); });
  return verdict.document();
}

json verifySite(Store& store, const Progress& progress) {
  json out = {{"ok", true}, {"checks", json::array()}};
  const Roster roster(store);
  for (const Level level : store.levels()) {
    Verdict audit;
    audit.run("audit " + std::string(wordOf(level)), [&] { return store.audit().check(level); });
    for (const json& of : {verifyVault(store, roster, level, progress), audit.document()}) {
      if (!of.at("ok").get<bool>()) out["ok"] = false;
      for (const json& check : of.at("checks")) out["checks"].push_back(check);
    }
  }
  return out;
}

}  // namespace cinnabar
