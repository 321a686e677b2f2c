#include "sync/remains.h"

#include <set>

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/log/seal.h"
#include "core/record/json.h"
#include "core/record/lives.h"
#include "core/record/withdrawal.h"
#include "core/retention/destruction.h"
#include "core/search/index.h"
#include "core/vault/free_pages.h"
#include "sync/disposing.h"

namespace cinnabar {
namespace {

using nlohmann::json;

struct Looking {
  Store& store;
  std::set<RecordId> records;
};

json verdict(const std::string& name, std::size_t found, const std::string& what) {
  return {{"name", name}, {"ok", found == 0}, {"detail", std::to_string(found) + " " + what}};
}

json lookInTables(Looking& l) {
  std::size_t found = 0;
  for (const RecordId& record : l.records) found += livesOf(l.store, record).size();
  return verdict("tables", found, "records are still there");
}

// What was said to be destroyed and of which no word has come here, or whose log is not scrubbed yet.
json lookForWhatIsOpen(Looking& l) {
  std::size_t open = 0;
  for (const RecordId& record : l.records) {
    bool left = false;
    for (const Level level : l.store.levels()) left = left || leavesAnything(l.store.vault(level), record);
    if (left || !isDestroyed(l.store, record)) ++open;
  }
  return verdict("destruction", open, "records are not done with");
}

json lookInIndex(Looking& l) {
  std::int64_t found = 0;
  for (const Level level : l.store.levels()) found += entriesWithoutRow(l.store.vault(level));
  return verdict("index", static_cast<std::size_t>(found), "entries belong to no record");
}

// An end and a withdrawal have no content.
bool tells(const Looking& l, const Item& item) {
  return item.kind != ItemKind::destroy && item.kind != ItemKind::withdraw && l.records.contains(item.record);
}

std::size_t changesIn(const Looking& l, Vault& vault, const Bytes& headerBytes, const Bytes& sealed,
                      std::set<RecordId>& promised) {
  const Header header = decodeHeader(headerBytes);
  if (!vault.holdsKey(header.compartment, header.epoch)) return 0;
  const Opener opener(header, vault.compartmentKey(header.compartment, header.epoch));
  const std::vector<SealedItem> items = splitItems(sealed, header.items);
  std::size_t found = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].scrubbed) continue;
    const Item item = opener.open(items[i].bytes, i);
    if (tells(l, item)) ++found;
    if (const auto content = promisedContent(vault.catalog(), item)) promised.insert(content->blob);
  }
  return found;
}

// Pieces of attachments that neither a record nor a change in the log names.
std::size_t piecesOfNobody(Vault& vault, const std::set<RecordId>& promised) {
  std::set<RecordId> held = promised;
  if (const EntityType* entity = vault.catalog().find("Attachment"); entity != nullptr && vault.holdsTableOf(*entity)) {
    Query q = vault.database().query("SELECT content FROM Attachment");
    while (q.step())
      if (const auto id = RecordId::of(q->blob(0))) held.insert(*id);
  }
  std::size_t found = 0;
  Query q = vault.database().query("SELECT blob,count(*) FROM chunk WHERE arrival>0 GROUP BY blob");
  while (q.step())
    if (const auto id = RecordId::of(q->blob(0)); !id || !held.contains(*id))
      found += static_cast<std::size_t>(q->integer(1));
  return found;
}

void lookInLogs(Looking& l, json& checks) {
  std::size_t changes = 0, pieces = 0;
  for (const Level level : l.store.levels()) {
    Vault& vault = l.store.vault(level);
    std::set<RecordId> promised;
    Log(vault).scan(0, [&](LogEntry& entry) {
      changes += changesIn(l, vault, entry.sealed.header, entry.sealed.items, promised);
      return true;
    });
    Query q = vault.database().query("SELECT header,items FROM waiting");
    while (q.step())
      changes += changesIn(l, vault, Bytes(q->blob(0).begin(), q->blob(0).end()),
                           Bytes(q->blob(1).begin(), q->blob(1).end()), promised);
    pieces += piecesOfNobody(vault, promised);
  }
  checks.push_back(verdict("log", changes, "changes can still be read"));
  checks.push_back(verdict("attachments", pieces, "pieces belong to no record"));
}

json lookInFreePages(Looking& l) {
  std::size_t all = 0, filled = 0, passed = 0;
  for (const Level level : l.store.levels()) {
    const auto pages = freePagesOf(l.store.vault(level));
    if (!pages) {
      ++passed;
      continue;
    }
    all += pages->all;
    filled += pages->filled;
  }
  json out = verdict("free pages", filled, "of " + std::to_string(all) + " hold anything but zeros");
  // Not looked through is not proven.
  if (passed > 0) {
    out["ok"] = false;
    out["detail"] = std::to_string(passed) + " vaults are too long to be looked through: `compact` leaves no free page";
  }
  return out;
}

json lookAtSignatures(Looking& l, const json& fields) {
  const std::string flaw = flawOfCertificate(l.store, fields);
  if (!flaw.empty()) return {{"name", "signatures"}, {"ok", false}, {"detail", flaw}};
  if (fields.contains("followUp"))
    return {
        {"name", "signatures"}, {"ok", true}, {"detail", "by the office itself, after a destruction by two persons"}};
  const auto who = [&](const char* field) { return parseProof(fields.at(field).get<std::string>()).person; };
  return {{"name", "signatures"},
          {"ok", true},
          {"detail", "destroyed by " + who("destruction") + ", witnessed by " + who("witnessing")}};
}

}  // namespace

json proveDestroyed(Store& store, const RecordId& id) {
  const Record certificate = store.get(id);
  if (certificate.entity != "DisposalCertificate") throw Error(Code::notFound, "no such certificate");
  const json& fields = certificate.document.at("fields");
  Looking l{store, {}};
  for (const RecordId& record : retention::recordsNamed(fields.value("records", json::array())))
    l.records.insert(record);
  json checks = json::array({lookAtSignatures(l, fields), lookForWhatIsOpen(l), lookInTables(l), lookInIndex(l)});
  lookInLogs(l, checks);
  checks.push_back(lookInFreePages(l));
  bool ok = true;
  for (const json& check : checks) ok = ok && check.at("ok").get<bool>();
  return {{"ok", ok}, {"certificate", id.text()}, {"state", fields.value("state", "")}, {"checks", std::move(checks)}};
}

}  // namespace cinnabar
