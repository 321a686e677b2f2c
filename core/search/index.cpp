#include "core/search/index.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/log/seal.h"
#include "core/search/tokenizer.h"
#include "core/search/words.h"

namespace cinnabar {
namespace {

using nlohmann::json;

constexpr std::size_t batch = 2'000;
constexpr std::size_t longTail = 256;
constexpr int rowBits = 40;  // an FTS rowid: the entity's number in this vault, then the row's

std::string tableOf(const CompartmentState& state) { return "fts_" + std::to_string(state.number); }

bool exists(Vault& vault, const std::string& table) {
  Query q = vault.database().query("SELECT 1 FROM sqlite_schema WHERE name=?1");
  q.with(table);
  return q.step();
}

// FTS5 has a secure-delete of its own: without it a deleted word stays in the index.
void create(Vault& vault, const std::string& table) {
  vault.database().run(("CREATE VIRTUAL TABLE " + table +
                        " USING fts5(text, tokenize='cinnabar', prefix='1');"
                        "INSERT INTO " +
                        table + "(" + table + ", rank) VALUES('secure-delete', 1)")
                           .c_str());
}

std::int64_t entityNumber(Vault& vault, const EntityType& entity) {
  Query q = vault.database().query("SELECT n FROM entity WHERE tag=?1");
  q.with(entity.tag);
  if (!q.step()) throw Error(Code::damaged, "the vault does not know the entity " + entity.name);
  return q->integer(0);
}

const EntityType* entityOf(Vault& vault, std::int64_t number) {
  Query q = vault.database().query("SELECT tag FROM entity WHERE n=?1");
  q.with(number);
  return q.step() ? vault.catalog().findTag(static_cast<std::uint32_t>(q->integer(0))) : nullptr;
}

std::vector<RecordId> recordsOf(Vault& vault, const LogEntry& entry) {
  std::vector<RecordId> out;
  const Header header = decodeHeader(entry.sealed.header);
  const Opener opener(header, vault.compartmentKey(header.compartment, header.epoch));
  const auto items = splitItems(entry.sealed.items, header.items);
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!items[i].scrubbed) out.push_back(opener.open(items[i].bytes, i).record);
  return out;
}

}  // namespace

void forgetEntry(Vault& vault, const CompartmentState& state, const EntityType& entity, std::int64_t rowid) {
  const std::string table = tableOf(state);
  if (!exists(vault, table)) return;
  vault.database()
      .query("DELETE FROM " + table + " WHERE rowid=?1")
      .with(entityNumber(vault, entity) << rowBits | rowid)
      .run();
}

std::int64_t entriesWithoutRow(Vault& vault) {
  std::int64_t out = 0;
  const Vault::Steady steady(vault);
  for (const CompartmentState* state : vault.compartments()) {
    const std::string table = tableOf(*state);
    if (!exists(vault, table)) continue;
    out += vault.database().number(("SELECT count(*) FROM " + table).c_str());
    for (const EntityType& entity : vault.catalog().entities()) {
      if (!vault.holdsTableOf(entity)) continue;
      Query q = vault.database().query("SELECT count(*) FROM " + table + " f JOIN " + identifier(entity.name) +
                                       " e ON e.rowid=f.rowid-?1 WHERE f.rowid>=?1 AND f.rowid<?1+?2 AND e._c=?3");
      q.with(entityNumber(vault, entity) << rowBits, std::int64_t{1} << rowBits, state->number);
      q.step();
      out -= q->integer(0);
    }
  }
  return out;
}

std::string SearchIndex::textOf(Rows& rows, const Row& row) {
  std::string out;
  for (const Field& field : rows.entity()->fields) {
    if (!field.search) continue;
    const auto value = row.columns.find(field.number);
    if (value == row.columns.end()) continue;
    if (const auto* text = std::get_if<std::string>(&value->second)) {
      if (!out.empty()) out += '\n';
      out += *text;
    }
  }
  return out;
}

void SearchIndex::catchUpAll() {
  for (const Level level : store_.levels()) catchUp(store_.vault(level));
}

bool SearchIndex::tailIsLong(Vault& vault) {
  Arrival indexed = vault.lastArrival();
  for (const CompartmentState* state : vault.compartments()) indexed = std::min(indexed, state->indexed);
  std::size_t records = 0;
  for (Arrival at = vault.lastArrival(); at > indexed && records < longTail; --at)
    if (const auto header = Log(vault).header(at)) records += header->items;
  return records >= longTail;
}

void SearchIndex::catchUpIfLong() {
  try {
    for (const Level level : store_.levels())
      if (tailIsLong(store_.vault(level))) catchUp(store_.vault(level));
  } catch (const Error& error) {
    if (error.code() != Code::busy) throw;
  }
}

void SearchIndex::catchUp(Vault& vault) {
  for (bool more = true; more;) {
    more = false;
    Arrival from = vault.lastArrival();
    for (const CompartmentState* state : vault.compartments()) from = std::min(from, state->indexed);
    if (from >= vault.lastArrival()) return;
    vault.begin();
    try {
      std::map<CompartmentNumber, std::set<RecordId>> changed;
      std::size_t count = 0;
      Arrival reached = from;
      Log(vault).scan(from, [&](LogEntry& entry) {
        if (count >= batch) return !(more = true);
        for (const RecordId& id : recordsOf(vault, entry)) {
          changed[entry.compartment].insert(id);
          ++count;
        }
        reached = entry.arrival;
        return true;
      });
      for (CompartmentState* state : vault.compartments()) {
        const std::string table = tableOf(*state);
        if (changed.contains(state->number) && !exists(vault, table)) create(vault, table);
        for (const RecordId& id : changed[state->number]) {
          const EntityType* entity = vault.catalog().findTag(entityTagOf(id));
          if (entity == nullptr) continue;
          Rows& rows = store_.applier(vault.level()).rowsOf(entity);
          Row row;
          if (!rows.find(id, state->number, rows.allColumns(), row)) continue;
          forgetEntry(vault, *state, *entity, row.rowid);
          const std::int64_t rowid = entityNumber(vault, *entity) << rowBits | row.rowid;
          const std::string text = textOf(rows, row);
          if (row.visible() && !text.empty())
            vault.database().query("INSERT INTO " + table + "(rowid,text) VALUES(?1,?2)").with(rowid, text).run();
        }
        state->indexed = std::max(state->indexed, reached);
        vault.save(*state);
      }
      vault.commit();
    } catch (...) {
      vault.rollback();
      throw;
    }
  }
}

std::vector<RecordId> SearchIndex::tailOf(Vault& vault, const CompartmentState& state) {
  std::set<RecordId> records;
  Log(vault).scan(state.indexed, [&](LogEntry& entry) {
    if (entry.compartment == state.number)
      for (const RecordId& id : recordsOf(vault, entry)) records.insert(id);
    return true;
  });
  return {records.rbegin(), records.rend()};  // ids sort by age
}

// Order: what is not indexed yet, newest first; then each compartment's hits, newest first. The cursor names
// the stage and the last record in it, so that a page costs the same wherever it lies, and nothing that counts what
// the reader does not see.
json SearchIndex::find(std::string_view words, std::string_view entityName, std::int64_t limit,
                       std::string_view after) {
  std::vector<OnPage> shown;
  json page = pageOf(words, entityName, limit, after, shown);
  store_.audit().accessedPage(Act::found, entityName, shown);
  return page;
}

json SearchIndex::pageOf(std::string_view words, std::string_view entityName, std::int64_t limit,
                         std::string_view after, std::vector<OnPage>& shown) {
  if (limit < 1 || limit > 1000) throw Error(Code::invalidArgument, "a page of search has 1 to 1000 rows");
  const EntityType* wanted = entityName.empty() ? nullptr : store_.catalog().find(entityName);
  if (!entityName.empty() && wanted == nullptr)
    throw Error(Code::invalidInput, "there is no entity '" + std::string(entityName) + "': see `schema list`");
  const std::string expression = matchExpression(words);
  json cursor = after.empty() ? json() : json::parse(after, nullptr, false);
  const auto noCursor = [] { return Error(Code::invalidInput, "the cursor is not one that this search gave"); };
  std::optional<RecordId> last;
  if (!after.empty()) {
    if (!cursor.is_array() || cursor.size() != 4 || !cursor[0].is_number_integer() || !cursor[1].is_number_integer() ||
        !cursor[2].is_string() || !cursor[3].is_boolean())
      throw noCursor();
    last = RecordId::parse(cursor[2].get<std::string>());
    if (!last) throw noCursor();
  }

  json rows = json::array();
  json next;
  const auto full = [&] { return static_cast<std::int64_t>(rows.size()) >= limit; };
  for (const Level level : store_.levels()) {
    Vault& vault = store_.vault(level);
    std::int64_t seen = 0;
    const Vault::Steady steady(vault);
    for (const CompartmentState* state : vault.compartments()) {
      if (!store_.sees(state->compartment)) continue;
      const auto stage = std::pair<std::int64_t, std::int64_t>(static_cast<std::int64_t>(level), seen++);
      if (!cursor.is_null() && stage < std::pair(cursor[0].get<std::int64_t>(), cursor[1].get<std::int64_t>()))
        continue;
      const bool resumed =
          !cursor.is_null() && stage == std::pair(cursor[0].get<std::int64_t>(), cursor[1].get<std::int64_t>());
      const bool inTail = !resumed || !cursor[3].get<bool>();
      const auto past = resumed && inTail ? last : std::nullopt;
      const std::vector<RecordId> tail = tailOf(vault, *state);
      if (inTail)
        for (const RecordId& id : tail) {
          if (past && id >= *past) continue;
          const EntityType* entity = vault.catalog().findTag(entityTagOf(id));
          if (entity == nullptr || (wanted != nullptr && entity != wanted)) continue;
          Rows& table = store_.applier(level).rowsOf(entity);
          Row row;
          if (!table.find(id, state->number, table.allColumns(), row) || !row.visible() ||
              !matches(textOf(table, row), words))
            continue;
          if (full()) return {{"rows", std::move(rows)}, {"next", next.dump()}};
          rows.push_back(store_.recordOf(vault, table, row).document);
          shown.push_back({state->compartment, row.id});
          next = {stage.first, stage.second, id.text(), false};
        }
      const std::string table = tableOf(*state);
      if (!exists(vault, table)) continue;
      const std::set<RecordId> stale(tail.begin(), tail.end());
      std::int64_t below = INT64_MAX;
      if (resumed && !inTail) {
        const EntityType* entity = vault.catalog().findTag(entityTagOf(*last));
        Row row;
        if (entity == nullptr || !store_.applier(level).rowsOf(entity).find(*last, state->number, {}, row))
          throw noCursor();
        below = entityNumber(vault, *entity) << rowBits | row.rowid;
      }
      std::int64_t least = 0;
      if (wanted != nullptr) {
        const std::int64_t n = entityNumber(vault, *wanted);
        least = n << rowBits;
        below = std::min(below, (n + 1) << rowBits);
      }
      const auto hits = vault.database().prepare("SELECT rowid FROM " + table + " WHERE " + table +
                                                 " MATCH ?1 AND rowid<?2 AND rowid>=?3 ORDER BY rowid DESC");
      hits->bind(1, std::string_view(expression));
      hits->bind(2, below);
      hits->bind(3, least);
      while (hits->step()) {
        const std::int64_t rowid = hits->integer(0);
        const EntityType* entity = entityOf(vault, rowid >> rowBits);
        if (entity == nullptr) continue;
        Rows& source = store_.applier(level).rowsOf(entity);
        Row row;
        if (!source.findByRowid(rowid & ((std::int64_t{1} << rowBits) - 1), source.allColumns(), row)) continue;
        if (stale.contains(row.id) || !row.visible()) continue;
        if (full()) return {{"rows", std::move(rows)}, {"next", next.dump()}};
        rows.push_back(store_.recordOf(vault, source, row).document);
        shown.push_back({state->compartment, row.id});
        next = {stage.first, stage.second, row.id.text(), true};
      }
    }
  }
  return {{"rows", std::move(rows)}, {"next", nullptr}};
}

}  // namespace cinnabar
