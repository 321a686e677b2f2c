#include "core/vault/tables.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr std::size_t rowBudget_bytes = 7'000;  // of the 8,077 that a page keeps without overflow

constexpr std::string_view entityMetadata =
    "id BLOB NOT NULL, _c INTEGER NOT NULL, _origin INTEGER NOT NULL, _born INTEGER NOT NULL, "
    "_author INTEGER, _lamport INTEGER, _at INTEGER NOT NULL, _gone INTEGER, _meta, _period TEXT";
// A record that passes from one circle to another of its level lies in both until word of its leaving has come.
constexpr std::string_view entityKey = ", PRIMARY KEY(id, _c)";

std::set<std::string> columnsOf(Database& db, const std::string& table) {
  std::set<std::string> names;
  Query q = db.query("SELECT name FROM pragma_table_info(?1)");
  q.with(table);
  while (q.step()) names.emplace(q->text(0));
  return names;
}

std::string indexSql(const EntityType& entity, const std::vector<FieldNumber>& fields) {
  std::string name = "by_" + entity.name, columns;
  for (const FieldNumber number : fields) {
    const Field* field = entity.find(number);
    name += "_" + field->name;
    columns += identifier(field->name) + ",";
  }
  return "CREATE INDEX IF NOT EXISTS " + identifier(name) + " ON " + identifier(entity.name) + "(" + columns + "id)";
}

std::set<std::vector<FieldNumber>> indexesOf(const EntityType& entity) {
  std::set<std::vector<FieldNumber>> wanted(entity.indexes.begin(), entity.indexes.end());
  if (!entity.key.empty()) wanted.insert(entity.key);
  for (const Field& field : entity.fields)
    if (field.indexed) wanted.insert({field.number});
  // An index whose columns begin another is not needed beside it.
  for (auto it = wanted.begin(); it != wanted.end();) {
    const bool covered = std::any_of(wanted.begin(), wanted.end(), [&](const auto& other) {
      return other.size() > it->size() && std::equal(it->begin(), it->end(), other.begin());
    });
    it = covered ? wanted.erase(it) : std::next(it);
  }
  return wanted;
}

}  // namespace

void createFixedTables(Database& db) {
  db.run(
      "CREATE TABLE meta(key TEXT PRIMARY KEY NOT NULL, value BLOB) WITHOUT ROWID;"
      "CREATE TABLE author(a INTEGER PRIMARY KEY, site BLOB NOT NULL, incarnation INTEGER NOT NULL,"
      " UNIQUE(site, incarnation));"
      "CREATE TABLE compartment(c INTEGER PRIMARY KEY, circles TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL,"
      " lamport INTEGER NOT NULL, head BLOB NOT NULL, own_lamport INTEGER NOT NULL, sum BLOB NOT NULL,"
      " indexed INTEGER NOT NULL, own_at INTEGER NOT NULL);"
      "CREATE TABLE epoch_key(circle TEXT NOT NULL, epoch INTEGER NOT NULL, key BLOB NOT NULL,"
      " PRIMARY KEY(circle, epoch)) WITHOUT ROWID;"
      "CREATE TABLE head(c INTEGER NOT NULL, a INTEGER NOT NULL, seq INTEGER NOT NULL, lamport INTEGER NOT NULL,"
      " hash BLOB NOT NULL, at INTEGER NOT NULL, signature BLOB, proven INTEGER NOT NULL DEFAULT 0, forked INTEGER NOT "
      "NULL DEFAULT 0,"
      " PRIMARY KEY(c, a)) WITHOUT ROWID;"
      "CREATE TABLE seen(c INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL, lamport INTEGER NOT NULL,"
      " PRIMARY KEY(c, a, b)) WITHOUT ROWID;"
      "CREATE TABLE log(arrival INTEGER PRIMARY KEY, c INTEGER NOT NULL, a INTEGER NOT NULL, seq INTEGER NOT NULL,"
      " lamport INTEGER NOT NULL, before INTEGER NOT NULL, chain BLOB NOT NULL, header BLOB NOT NULL,"
      " items BLOB NOT NULL, prevs BLOB NOT NULL);"
      "CREATE TABLE waiting(id INTEGER PRIMARY KEY, c INTEGER NOT NULL, a INTEGER NOT NULL, seq INTEGER NOT NULL,"
      " header BLOB NOT NULL, items BLOB NOT NULL, mark BLOB NOT NULL, UNIQUE(c, a, seq));"
      "CREATE TABLE waiting_head(c INTEGER NOT NULL, a INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL,"
      " signature BLOB NOT NULL, PRIMARY KEY(c, a, seq)) WITHOUT ROWID;"
      "CREATE TABLE peer(site BLOB PRIMARY KEY NOT NULL, number INTEGER NOT NULL, received INTEGER NOT NULL,"
      " acked INTEGER NOT NULL, seen BLOB, told INTEGER NOT NULL, roster INTEGER NOT NULL, keys INTEGER NOT NULL, "
      "prekey BLOB,"
      " at INTEGER, cover BLOB, lacks BLOB) WITHOUT ROWID;"
      "CREATE TABLE taken(site BLOB NOT NULL, number INTEGER NOT NULL, mark BLOB NOT NULL,"
      " PRIMARY KEY(site, number)) WITHOUT ROWID;"
      "CREATE TABLE conflict(record BLOB NOT NULL, field INTEGER NOT NULL, c INTEGER NOT NULL,"
      " PRIMARY KEY(record, field, c)) WITHOUT ROWID;"
      "CREATE TABLE violation(id BLOB PRIMARY KEY NOT NULL, c INTEGER NOT NULL, kind TEXT NOT NULL, record BLOB,"
      " field TEXT, rule TEXT, detail TEXT NOT NULL);"
      "CREATE INDEX violation_by_record ON violation(record, kind);"
      "CREATE INDEX violation_by_kind ON violation(kind);"
      "CREATE TABLE spill(id INTEGER PRIMARY KEY, value BLOB NOT NULL);"
      "CREATE TABLE chunk(id INTEGER PRIMARY KEY, blob BLOB NOT NULL, place INTEGER NOT NULL, c INTEGER NOT NULL,"
      " a INTEGER NOT NULL, arrival INTEGER NOT NULL, value BLOB NOT NULL, UNIQUE(blob, place, a));"
      "CREATE INDEX chunk_by_arrival ON chunk(arrival);"
      "CREATE TABLE lacking(c INTEGER NOT NULL, a INTEGER NOT NULL, seq INTEGER NOT NULL, blob BLOB NOT NULL,"
      " at INTEGER NOT NULL, PRIMARY KEY(c, a, seq, blob)) WITHOUT ROWID;"
      "CREATE TABLE redo(txid BLOB PRIMARY KEY NOT NULL, intent BLOB NOT NULL) WITHOUT ROWID;"
      "CREATE TABLE applied(txid BLOB PRIMARY KEY NOT NULL) WITHOUT ROWID;"
      "CREATE TABLE entity(n INTEGER PRIMARY KEY, tag INTEGER NOT NULL UNIQUE);"
      "CREATE TABLE series(name TEXT PRIMARY KEY NOT NULL, next INTEGER NOT NULL) WITHOUT ROWID;");
  db.run(
      ("CREATE TABLE " + std::string(unknownTable) + "(" + std::string(entityMetadata) + std::string(entityKey) + ")")
          .c_str());
  createTablesOfLeaving(db);
}

void createTablesOfLeaving(Database& db) {
  db.run(
      "CREATE TABLE IF NOT EXISTS tombstone(record BLOB NOT NULL, c INTEGER NOT NULL, a INTEGER NOT NULL,"
      " lamport INTEGER NOT NULL, PRIMARY KEY(record, c)) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS withdrawal(record BLOB NOT NULL, c INTEGER NOT NULL, move BLOB NOT NULL,"
      " a INTEGER NOT NULL, lamport INTEGER NOT NULL, arrival INTEGER NOT NULL, standing BLOB NOT NULL,"
      " state INTEGER NOT NULL, PRIMARY KEY(record, c, move)) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS late(record BLOB NOT NULL, c INTEGER NOT NULL, place INTEGER NOT NULL,"
      " move BLOB NOT NULL, PRIMARY KEY(record, c, place, move)) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS scrub(record BLOB NOT NULL, c INTEGER NOT NULL, place INTEGER NOT NULL,"
      " move BLOB NOT NULL, PRIMARY KEY(record, c, place)) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS receipt(record BLOB NOT NULL, c INTEGER NOT NULL, move BLOB NOT NULL,"
      " site BLOB NOT NULL, at INTEGER NOT NULL, signature BLOB NOT NULL, told INTEGER NOT NULL,"
      " PRIMARY KEY(record, c, move, site)) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS carried(mark BLOB PRIMARY KEY NOT NULL) WITHOUT ROWID;");
}

void numberEntities(Database& db, const Catalog& catalog) {
  for (const EntityType& entity : catalog.entities())
    db.query("INSERT OR IGNORE INTO entity(tag) VALUES(?1)").with(entity.tag).run();
}

bool tableExists(Database& db, std::string_view schema, const EntityType& entity) {
  Query q = db.query("SELECT 1 FROM " + std::string(schema) + ".sqlite_master WHERE type='table' AND name=?1");
  q.with(entity.name);
  return q.step();
}

void createEntityTable(Database& db, const EntityType& entity) {
  std::string sql = "CREATE TABLE " + identifier(entity.name) + "(" + std::string(entityMetadata);
  for (const Field& field : entity.fields)
    sql += ", " + identifier(field.name) + " " + std::string(declaredType(field));
  db.run((sql + std::string(entityKey) + ")").c_str());
  for (const auto& fields : indexesOf(entity)) db.run(indexSql(entity, fields).c_str());
}

void extendEntityTable(Database& db, const EntityType& entity) {
  const std::set<std::string> have = columnsOf(db, entity.name);
  for (const Field& field : entity.fields)
    if (!have.contains(field.name))
      db.run(("ALTER TABLE " + identifier(entity.name) + " ADD COLUMN " + identifier(field.name) + " " +
              std::string(declaredType(field)))
                 .c_str());
  for (const auto& fields : indexesOf(entity)) db.run(indexSql(entity, fields).c_str());
}

void refuseLaterSchema(Database& db, const Catalog& catalog) {
  std::set<std::string> metadata = columnsOf(db, std::string(unknownTable));
  std::vector<std::string> tables;
  {
    // An entity's table is told by what every one begins with.
    Query q = db.query("SELECT name FROM sqlite_schema WHERE type='table' AND name<>?1 AND instr(sql,?2)>0");
    q.with(unknownTable, entityMetadata);
    while (q.step()) tables.emplace_back(q->text(0));
  }
  const auto refuse = [](const std::string& what) {
    throw Error(Code::newerFormat, "this site holds '" + what +
                                       "', which is in no schema that was given: open it with the program or "
                                       "the host schema that wrote it");
  };
  for (const std::string& table : tables) {
    const EntityType* entity = catalog.find(table);
    if (entity == nullptr) refuse(table);
    for (const std::string& column : columnsOf(db, table))
      if (!metadata.contains(column) && entity->find(column) == nullptr) refuse(table + "." + column);
  }
}

std::string_view declaredType(const Field& field) {
  switch (field.type.kind) {
    case Kind::text: return "TEXT";
    case Kind::label: return "TEXT";
    case Kind::enumeration: return "TEXT_ENUM";
    case Kind::date: return "TEXT_DATE";
    case Kind::list:
    case Kind::structure: return "TEXT_JSON";
    case Kind::boolean: return "INTEGER_BOOL";
    case Kind::instant: return "INTEGER_INSTANT";
    case Kind::reference:
    case Kind::blob: return "BLOB_ID";
    case Kind::integer:
    case Kind::money:
    case Kind::minutes:
    case Kind::metres:
    case Kind::millilitres: return "INTEGER";
  }
  return "";
}

bool maySpill(const Field& field) {
  const Kind kind = field.type.kind;
  return !field.inIndex && (kind == Kind::text || kind == Kind::list || kind == Kind::structure);
}

// Fixed-size fields take at most 17 bytes, indexed texts at most 500; what remains is shared by the
// texts that can leave, and by _meta.
std::size_t longestInRow_bytes(const EntityType& entity) {
  std::size_t fixed = 0, texts = 1;
  for (const Field& field : entity.fields) {
    if (maySpill(field))
      ++texts;
    else
      fixed += field.type.kind == Kind::text ? longestIndexedText_bytes : 40;
  }
  return std::max<std::size_t>(64, (rowBudget_bytes - std::min(fixed, rowBudget_bytes / 2)) / texts);
}

}  // namespace cinnabar
