// Lists: records of one entity, a page at a time.
#include "core/base/error.h"
#include "core/record/json.h"
#include "core/record/question.h"
#include "core/record/read_connection.h"
#include "core/record/store.h"

namespace cinnabar {
namespace {

using nlohmann::json;

// The last row of the page before: its id, and its value where the list has an order.
struct Cursor {
  bool given = false;
  RecordId id;
  json key;  // null: without a value
};

[[noreturn]] void refuseCursor() { throw Error(Code::invalidInput, "the cursor is not one that this list gave"); }

Cursor cursorOf(const std::string& after, bool ordered) {
  Cursor out;
  if (after.empty()) return out;
  const json read = json::parse(after, nullptr, false);
  if (!read.is_array() || read.size() != (ordered ? 2 : 1) || !read[0].is_string()) refuseCursor();
  const auto id = RecordId::parse(read[0].get_ref<const std::string&>());
  if (!id) refuseCursor();
  return {true, *id, ordered ? read[1] : json()};
}

// SQL for the least value that a field may have: SQLite takes IS NOT NULL for no range of an index.
std::string leastOf(const Field& field) {
  switch (field.type.kind) {
    case Kind::reference:
    case Kind::blob: return "x''";
    case Kind::boolean:
    case Kind::instant:
    case Kind::integer:
    case Kind::money:
    case Kind::minutes:
    case Kind::metres:
    case Kind::millilitres: return "(-9223372036854775807-1)";
    default: return "''";
  }
}

// What follows the cursor, as ranges that an index serves: a page costs the same wherever it lies. Without a value
// sorts first, as in SQLite, so that what has one and what has none are ranges of their own.
std::vector<std::string> rangesBehind(const Cursor& cursor, const Field* order, bool descending) {
  if (!cursor.given) return {""};
  const std::string than = descending ? "<" : ">";
  if (order == nullptr) return {" AND id" + than + "?2"};
  const std::string key = identifier(order->name);
  if (cursor.key.is_null()) {
    const std::string without = " AND " + key + " IS NULL AND id" + than + "?2";
    if (descending) return {without};
    return {without, " AND " + key + ">=" + leastOf(*order)};
  }
  const std::string with = " AND (" + key + ",id)" + than + "(?3,?2)";
  if (descending) return {with, " AND " + key + " IS NULL"};
  return {with};
}

void bindKey(Statement& statement, const Field& field, const json& key, std::string& text, Bytes& blob) {
  if (key.is_number_integer()) return statement.bind(3, key.get<std::int64_t>());
  if (!key.is_string()) refuseCursor();
  text = key.get<std::string>();
  if (field.type.kind != Kind::reference && field.type.kind != Kind::blob)
    return statement.bind(3, std::string_view(text));
  const auto reference = RecordId::parse(text);
  if (!reference) refuseCursor();
  blob.assign(reference->bytes.begin(), reference->bytes.end());
  statement.bind(3, BytesView(blob));
}

json keyIn(Statement& row) {
  switch (row.typeOf(2)) {
    case SQLITE_INTEGER: return row.integer(2);
    case SQLITE_TEXT: return row.text(2);
    case SQLITE_BLOB: return base32Of(row.blob(2));
    default: return nullptr;
  }
}

}  // namespace

// One page of a list, on its way from words to SQL.
struct ReadConnection::Listing {
  const EntityType* entity = nullptr;
  const Field* order = nullptr;  // null: by age
  bool descending = false;
  Cursor cursor;
  struct Range {
    std::string statement;  // ?1 how many rows, ?2 and ?3 the cursor
    bool bindsId = false, bindsKey = false;
  };
  std::vector<Range> ranges;

  std::string key() const { return order == nullptr ? "" : identifier(order->name); }
};

ReadConnection::Listing ReadConnection::listing(const std::string& name, const Page& page) {
  Listing out;
  out.entity = store_.catalog().find(name);
  if (out.entity == nullptr) throw Error(Code::invalidInput, "there is no entity '" + name + "': see `schema list`");
  out.descending = page.order.starts_with('-');
  const std::string order = out.descending ? page.order.substr(1) : page.order;
  if (!order.empty()) out.order = out.entity->find(order);
  if (!order.empty() && out.order == nullptr)
    throw Error(Code::invalidInput, name + " has no field '" + order + "' to order by");
  if (page.limit < 1 || page.limit > 100'000) throw Error(Code::invalidArgument, "a page has 1 to 100000 rows");
  if (page.where.find(';') != std::string::npos) throw Error(Code::refused, "a condition is one SQL expression");
  out.cursor = cursorOf(page.after, out.order != nullptr);

  const std::string key = out.key(), direction = out.descending ? " DESC" : "";
  const std::string from = "SELECT id,_level" + (key.empty() ? "" : "," + key) + " FROM temp." + identifier(name) +
                           " WHERE 1" + (page.where.empty() ? "" : " AND (" + page.where + "\n)");
  const std::string by = " ORDER BY " + (key.empty() ? "" : key + direction + ",") + "id" + direction + " LIMIT ?1";
  for (const std::string& range : rangesBehind(out.cursor, out.order, out.descending))
    out.ranges.push_back(
        {from + range + by, range.find("?2") != std::string::npos, range.find("?3") != std::string::npos});
  prepareView(*out.entity);
  prepareViews(page.where);
  return out;
}

std::vector<std::string> ReadConnection::plansOf(const std::string& name, const Page& page) {
  std::vector<std::string> out;
  const Listing wanted = listing(name, page);
  for (const Listing::Range& range : wanted.ranges) {
    Query q = db_.query("EXPLAIN QUERY PLAN " + range.statement);
    while (q.step()) out.emplace_back(q->text(3));
  }
  return out;
}

std::vector<ReadConnection::Hit> ReadConnection::hitsOf(const Listing& listing, std::int64_t most) {
  std::vector<Hit> hits;
  try {
    const Restricted restricted(restricted_);
    const Budget budget(db_.raw(), *store_.environment().clock);
    for (const Listing::Range& range : listing.ranges) {
      const std::int64_t left = most - static_cast<std::int64_t>(hits.size());
      if (left <= 0) break;
      reached_.clear();
      Query q = db_.query(range.statement);
      if (!reached_.empty()) reachedBy_[range.statement] = reached_;
      std::string text;
      Bytes blob;
      q->bind(1, left);
      if (range.bindsId) q->bind(2, listing.cursor.id.view());
      if (range.bindsKey) bindKey(*q, *listing.order, listing.cursor.key, text, blob);
      while (q.step()) {
        const auto hit = RecordId::of(q->blob(0));
        if (!hit) throw Error(Code::damaged, "a row of " + listing.entity->name + " has no id");
        hits.push_back({*hit, static_cast<Level>(q->integer(1)), listing.order == nullptr ? json() : keyIn(*q)});
      }
    }
  } catch (const Error& error) {
    explain(error, "a condition");
  }
  return hits;
}

// A condition looks at rows that it does not show, of other entities too; that is a question like any other.
void ReadConnection::noteCondition(const Listing& listing, const std::vector<OnPage>& shown) {
  for (const Listing::Range& range : listing.ranges) {
    const auto known = reachedBy_.find(range.statement);
    if (known == reachedBy_.end()) continue;
    Reached unseen = known->second;
    for (const OnPage& one : shown) unseen.erase({one.compartment.level, listing.entity->name});
    return store_.audit().queried(unseen);  // the ranges of a list ask the same
  }
}

json ReadConnection::list(const std::string& name, const Page& page) {
  const Listing wanted = listing(name, page);
  std::vector<Hit> hits = hitsOf(wanted, page.limit + 1);
  json next;
  if (static_cast<std::int64_t>(hits.size()) > page.limit) {
    hits.pop_back();
    next = json::array({hits.back().id.text()});
    if (wanted.order != nullptr) next.push_back(hits.back().key);
  }
  json rows = json::array();
  std::vector<OnPage> shown;
  for (const Hit& hit : hits) {
    Vault& vault = store_.vault(hit.level);
    Rows& table = store_.applier(hit.level).rowsOf(wanted.entity);
    Row row;
    const auto seen = [&](CompartmentNumber c) { return store_.sees(vault.compartmentOf(c)); };
    if (!table.findSeen(hit.id, seen, table.allColumns(), row)) continue;
    rows.push_back(store_.recordOf(vault, table, row).document);
    if (Audit::covers(hit.level)) shown.push_back({vault.compartmentOf(row.compartment), row.id});
  }
  store_.audit().accessedPage(Act::listed, name, shown);
  if (!page.where.empty()) noteCondition(wanted, shown);
  return {{"rows", std::move(rows)}, {"next", next.is_null() ? next : json(next.dump())}};
}

}  // namespace cinnabar
