#include "core/audit/trail.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr std::string_view columns = "place,at,act,person,record,entity,count,detail,chain";

Hash hashFrom(BytesView bytes) {
  Hash out{};
  if (bytes.size() != out.size()) throw Error(Code::damaged, "an audit entry has no hash");
  std::memcpy(out.data(), bytes.data(), out.size());
  return out;
}

// A transaction of one file that goes with its scope unless it was committed.
class Writing {
 public:
  explicit Writing(Database& db) : db_(db) { db_.run("BEGIN IMMEDIATE"); }
  ~Writing() {
    if (!done_) sqlite3_exec(db_.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;
  void commit() {
    db_.run("COMMIT");
    done_ = true;
  }

 private:
  Database& db_;
  bool done_ = false;
};

}  // namespace

bool isAuditFile(std::string_view name) {
  return std::any_of(allLevels.begin(), allLevels.end(),
                     [&](Level level) { return name == std::string(wordOf(level)) + ".audit"; });
}

std::string auditFileOf(const std::string& folder, Level level) {
  return folder + "/" + std::string(wordOf(level)) + ".audit";
}

std::string circlesTextOf(const Compartment& compartment) { return nlohmann::json(compartment.circles).dump(); }

Trail::Trail(const Environment& environment, const std::string& path, const SecretBytes& key, Level level)
    : level_(level), db_({path, &key, environment.files->vfs(), !environment.files->exists(path)}) {
  if (db_.number("SELECT count(*) FROM sqlite_schema WHERE name='entry'") > 0) return;
  Writing writing(db_);
  db_.run(
      "CREATE TABLE IF NOT EXISTS compartment(c INTEGER PRIMARY KEY, circles TEXT NOT NULL UNIQUE);"
      "CREATE TABLE IF NOT EXISTS entry(c INTEGER NOT NULL, place INTEGER NOT NULL, at INTEGER NOT NULL,"
      " act INTEGER NOT NULL, person TEXT NOT NULL, record BLOB, entity TEXT NOT NULL, count INTEGER NOT NULL,"
      " detail TEXT NOT NULL, chain BLOB NOT NULL, PRIMARY KEY(c, place)) WITHOUT ROWID;"
      "CREATE INDEX IF NOT EXISTS entry_by_time ON entry(at);"
      "CREATE INDEX IF NOT EXISTS entry_by_record ON entry(record, at) WHERE record IS NOT NULL;");
  writing.commit();
}

std::int64_t Trail::numberOf(const Compartment& compartment) {
  const std::string circles = circlesTextOf(compartment);
  db_.query("INSERT OR IGNORE INTO compartment(circles) VALUES(?1)").with(circles).run();
  Query q = db_.query("SELECT c FROM compartment WHERE circles=?1");
  q.with(circles);
  q.step();
  return q->integer(0);
}

void Trail::append(std::vector<AuditEntry>& entries) {
  Writing writing(db_);
  std::map<Compartment, AuditHead> heads;
  for (AuditEntry& entry : entries) {
    CNB_ASSERT(entry.compartment.level == level_ && entry.detail.size() <= longestDetail_bytes);
    const auto [head, fresh] = heads.try_emplace(entry.compartment);
    if (fresh) head->second = headOf(entry.compartment);
    entry.place = ++head->second.place;
    head->second.hash = chained(head->second.hash, entry);
    const std::int64_t c = numberOf(entry.compartment);
    Query q = db_.query("INSERT INTO entry VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)");
    q.with(c, entry.place, entry.at, entry.act, entry.person, entry.record, entry.entity, entry.count, entry.detail,
           BytesView(head->second.hash));
    if (entry.record.isZero()) q->bindNull(6);
    q.run();
  }
  writing.commit();
}

AuditHead Trail::headOf(const Compartment& compartment) {
  Query q = db_.query(
      "SELECT place,chain FROM entry WHERE c=(SELECT c FROM compartment WHERE circles=?1) ORDER BY place DESC LIMIT 1");
  const std::string circles = circlesTextOf(compartment);
  q.with(circles);
  if (!q.step()) return {};
  return {static_cast<std::uint64_t>(q->integer(0)), hashFrom(q->blob(1))};
}

std::vector<std::pair<Compartment, AuditHead>> Trail::heads() {
  std::vector<std::pair<Compartment, AuditHead>> out;
  const auto all = db_.prepare("SELECT circles FROM compartment ORDER BY circles");
  while (all->step()) {
    Compartment compartment{level_, nlohmann::json::parse(all->text(0)).get<std::vector<std::string>>()};
    const AuditHead head = headOf(compartment);
    out.emplace_back(std::move(compartment), head);
  }
  return out;
}

bool Trail::contains(const Compartment& compartment, const AuditHead& head) {
  if (head.place == 0) return true;
  Query q = db_.query("SELECT chain FROM entry WHERE c=(SELECT c FROM compartment WHERE circles=?1) AND place=?2");
  const std::string circles = circlesTextOf(compartment);
  q.with(circles, head.place);
  return q.step() && sameBytes(q->blob(0), head.hash);
}

AuditEntry Trail::entryFrom(Statement& row, const Compartment& compartment) const {
  AuditEntry entry;
  entry.compartment = compartment;
  entry.place = static_cast<std::uint64_t>(row.integer(0));
  entry.at = row.integer(1);
  entry.act = static_cast<Act>(row.integer(2));
  entry.person = row.text(3);
  if (!row.isNull(4)) {
    const auto record = RecordId::of(row.blob(4));
    if (!record) throw Error(Code::damaged, "an audit entry names no record");
    entry.record = *record;
  }
  entry.entity = row.text(5);
  entry.count = row.integer(6);
  entry.detail = row.text(7);
  return entry;
}

std::vector<AuditEntry> Trail::page(const AuditQuestion& question, const Visible& visible) {
  std::map<std::int64_t, Compartment> open;
  {
    Query all = db_.query("SELECT c,circles FROM compartment");
    while (all.step()) {
      Compartment compartment{level_, nlohmann::json::parse(all->text(1)).get<std::vector<std::string>>()};
      if (visible(compartment)) open.emplace(all->integer(0), std::move(compartment));
    }
  }
  std::string numbers;
  for (const auto& [c, compartment] : open) numbers += (numbers.empty() ? "" : ",") + std::to_string(c);
  std::string sql = "SELECT " + std::string(columns) +
                    ",e.c FROM entry e JOIN compartment k ON k.c=e.c WHERE e.c IN (" + numbers +
                    ") AND at>=?1 AND at<=?2";
  if (!question.person.empty()) sql += " AND person=?3";
  if (question.record) sql += " AND record=?4";
  // The cursor's own level goes on within the instant, higher ones have it still before them.
  if (question.after && question.after->level == level_)
    sql += " AND (at,circles,place)>(?5,?6,?7)";
  else if (question.after)
    sql += question.after->level < level_ ? " AND at>=?5" : " AND at>?5";
  sql += " ORDER BY at,circles,place LIMIT ?8";

  constexpr std::int64_t most_ms = INT64_MAX >> 12;
  const std::int64_t from_ms = std::max(question.from_ms, -most_ms), until_ms = std::min(question.until_ms, most_ms);
  std::vector<AuditEntry> out;
  Query q = db_.query(sql);
  q->bind(1, from_ms * 4096);
  q->bind(2, until_ms * 4096 + 4095);
  if (!question.person.empty()) q->bind(3, std::string_view(question.person));
  if (question.record) q->bind(4, question.record->view());
  if (question.after) q->bind(5, question.after->at);
  if (question.after && question.after->level == level_) {
    q->bind(6, std::string_view(question.after->circles));
    q->bind(7, static_cast<std::int64_t>(question.after->place));
  }
  q->bind(8, static_cast<std::int64_t>(question.limit) + 1);
  while (q.step()) out.push_back(entryFrom(*q, open.at(q->integer(9))));
  return out;
}

std::size_t Trail::check() {
  std::size_t count = 0;
  std::map<std::int64_t, std::pair<Compartment, AuditHead>> chains;
  {
    Query all = db_.query("SELECT c,circles FROM compartment");
    while (all.step())
      chains[all->integer(0)].first = {level_, nlohmann::json::parse(all->text(1)).get<std::vector<std::string>>()};
  }
  const auto rows = db_.prepare("SELECT " + std::string(columns) + ",c FROM entry ORDER BY c,place");
  while (rows->step()) {
    const auto chain = chains.find(rows->integer(9));
    if (chain == chains.end()) throw Error(Code::damaged, "an audit entry belongs to no compartment");
    auto& [compartment, head] = chain->second;
    const AuditEntry entry = entryFrom(*rows, compartment);
    if (entry.place != head.place + 1)
      throw Error(Code::damaged, "the audit lacks entry " + std::to_string(head.place + 1));
    head = {entry.place, chained(head.hash, entry)};
    if (head.hash != hashFrom(rows->blob(8)))
      throw Error(Code::damaged, "entry " + std::to_string(entry.place) + " of the audit was changed");
    ++count;
  }
  return count;
}

void Trail::copyTo(const std::string& path) {
  Query q = db_.query("VACUUM INTO ?1");
  q.with(path);
  q.run();
}

}  // namespace cinnabar
