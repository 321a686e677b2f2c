#include "core/record/read_connection.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/record/json.h"
#include "core/record/question.h"
#include "core/record/store.h"
#include "core/vault/tables.h"

namespace cinnabar {
namespace {

using nlohmann::json;

// The functions that a reader may call: none that reveals a size of storage, a plan or a setting.
const std::set<std::string, std::less<>>& allowedFunctions() {
  static const std::set<std::string, std::less<>> names = {"abs",
                                                           "avg",
                                                           "coalesce",
                                                           "count",
                                                           "date",
                                                           "datetime",
                                                           "glob",
                                                           "group_concat",
                                                           "hex",
                                                           "id",
                                                           "ifnull",
                                                           "iif",
                                                           "instant",
                                                           "instr",
                                                           "json",
                                                           "json_array",
                                                           "json_array_length",
                                                           "json_each",
                                                           "json_extract",
                                                           "json_group_array",
                                                           "json_group_object",
                                                           "json_object",
                                                           "json_type",
                                                           "julianday",
                                                           "length",
                                                           "like",
                                                           "lower",
                                                           "ltrim",
                                                           "max",
                                                           "min",
                                                           "nullif",
                                                           "printf",
                                                           "format",
                                                           "quote",
                                                           "replace",
                                                           "round",
                                                           "row_number",
                                                           "rank",
                                                           "dense_rank",
                                                           "lag",
                                                           "lead",
                                                           "first_value",
                                                           "last_value",
                                                           "rtrim",
                                                           "sign",
                                                           "strftime",
                                                           "string_agg",
                                                           "substr",
                                                           "substring",
                                                           "sum",
                                                           "text",
                                                           "time",
                                                           "total",
                                                           "trim",
                                                           "typeof",
                                                           "unicode",
                                                           "upper",
                                                           "->",
                                                           "->>"};
  return names;
}

std::string inSmallLetters(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

std::string_view argument(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return text == nullptr ? std::string_view()
                         : std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

// id('…') gives the stored form of a record's id; text(x) the written form of an id or an instant.
void idFunction(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto id = RecordId::parse(argument(arguments[0]));
  if (id) sqlite3_result_blob(context, id->bytes.data(), 16, SQLITE_TRANSIENT);
}
void instantFunction(sqlite3_context* context, int, sqlite3_value** arguments) {
  const std::string given(argument(arguments[0]));
  const auto instant = parseInstant(isDate(given) ? given + "T00:00:00+08:00" : given);
  if (instant) sqlite3_result_int64(context, *instant);
}
void textFunction(sqlite3_context* context, int, sqlite3_value** arguments) {
  std::string out;
  if (sqlite3_value_type(arguments[0]) == SQLITE_BLOB && sqlite3_value_bytes(arguments[0]) == 16)
    out = base32Of({static_cast<const Byte*>(sqlite3_value_blob(arguments[0])), 16});
  else if (sqlite3_value_type(arguments[0]) == SQLITE_INTEGER)
    out = instantText(sqlite3_value_int64(arguments[0]));
  else
    out = std::string(argument(arguments[0]));
  sqlite3_result_text(context, out.data(), static_cast<int>(out.size()), SQLITE_TRANSIENT);
}

// spilled_…(level, value, id, field): the long value that left its row.
void spilledFunction(sqlite3_context* context, int, sqlite3_value** arguments) {
  auto* store = static_cast<Store*>(sqlite3_user_data(context));
  try {
    const auto level = static_cast<Level>(sqlite3_value_int(arguments[0]));
    Vault& vault = store->vault(level);
    const auto blob = [](sqlite3_value* v) {
      return BytesView(static_cast<const Byte*>(sqlite3_value_blob(v)),
                       static_cast<std::size_t>(sqlite3_value_bytes(v)));
    };
    const auto id = RecordId::of(blob(arguments[2]));
    if (!id) throw Error(Code::damaged, "a row has no id");
    const std::string value = readSpill(vault.database(), "main", vault.spillKey(), blob(arguments[1]), *id,
                                        static_cast<FieldNumber>(sqlite3_value_int(arguments[3])));
    sqlite3_result_text64(context, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } catch (const Error& error) {
    sqlite3_result_error(context, error.what(), -1);
    sqlite3_result_error_code(context, SQLITE_CORRUPT);
  }
}

}  // namespace

ReadConnection::ReadConnection(Store& store)
    : store_(store), db_({":memory:", nullptr, store.environment().files->vfs(), false}) {
  std::array<Byte, 16> secret;
  store_.environment().random->fill(secret);
  secret_ = hexOf(secret);
  for (const Level level : store_.levels()) db_.attach(store_.vaultPath(level), schemaOf(level), store_.keyOf(level));
  db_.run("PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON");
  sqlite3_limit(db_.raw(), SQLITE_LIMIT_LENGTH, longestCell_bytes);
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
  sqlite3_create_function_v2(db_.raw(), "id", 1, flags, nullptr, idFunction, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(db_.raw(), "instant", 1, flags, nullptr, instantFunction, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(db_.raw(), "text", 1, flags, nullptr, textFunction, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(db_.raw(), spilled().c_str(), 4, SQLITE_UTF8, &store_, spilledFunction, nullptr, nullptr,
                             nullptr);
  for (const Level level : store_.levels()) {
    Query tables = db_.query("SELECT lower(name) FROM " + schemaOf(level) + ".sqlite_schema");
    while (tables.step()) closed_.emplace(tables->text(0));
  }
  Query modules = db_.query("SELECT lower(name) FROM pragma_module_list");
  while (modules.step()) closed_.emplace(modules->text(0));
  closed_.erase("json_each");
  for (const EntityType& entity : store_.catalog().entities())
    closed_.erase(inSmallLetters(entity.name));  // the view hides it
  sqlite3_set_authorizer(db_.raw(), &ReadConnection::authorize, this);
}

// Which compartments the reader may see: a list of numbers, or everything if there is nothing to hide.
std::string ReadConnection::visibleCompartments(const std::string& schema) {
  Vault& vault = store_.vault(static_cast<Level>(schema[1] - '0'));
  std::string visible;
  bool hidden = false;
  for (const CompartmentState* state : vault.compartments()) {
    if (store_.sees(state->compartment))
      visible += (visible.empty() ? "" : ",") + std::to_string(state->number);
    else
      hidden = true;
  }
  // Compartments of circles that come later must not appear either.
  if (!hidden && !store_.access().circles) return "";
  return " AND _c IN (" + visible + ")";
}

// A view for every entity that `sql` may mean. A name in a string makes one too many, which does no harm.
void ReadConnection::prepareViews(const std::string& sql) {
  std::set<std::string> words;
  std::string word;
  for (const char c : sql + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_')
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!word.empty())
      words.insert(std::exchange(word, {}));
  }
  for (const EntityType& entity : store_.catalog().entities()) {
    if (words.contains(inSmallLetters(entity.name))) prepareView(entity);
  }
}

// Made at first use, since a reader looks at few of the entities; made anew when a vault got its table of the
// entity, or the reader another view of the compartments. Without any table it is empty, which looks the same.
void ReadConnection::prepareView(const EntityType& entity) {
  std::vector<std::pair<Level, std::string>> parts;  // where there is a table, and what may be seen of it
  std::string over;
  for (const Level level : store_.levels()) {
    if (!tableExists(db_, schemaOf(level), entity)) continue;
    parts.emplace_back(level, visibleCompartments(schemaOf(level)));
    over += schemaOf(level) + parts.back().second + ";";
  }
  const auto made = views_.find(entity.name);
  if (made != views_.end() && made->second == over) return;

  std::string sql;
  for (const auto& [level, visible] : parts) {
    const std::string number = std::to_string(static_cast<int>(level));
    sql += (sql.empty() ? "" : " UNION ALL ") + std::string("SELECT id,") + number + " AS _level";
    for (const Field& field : entity.fields) {
      const std::string name = identifier(field.name);
      if (maySpill(field))
        sql += ",CASE typeof(" + name + ") WHEN 'blob' THEN " + spilled() + "(" + number + "," + name + ",id," +
               std::to_string(field.number) + ") ELSE " + name + " END AS " + name;
      else
        sql += "," + name;
    }
    sql += " FROM " + schemaOf(level) + "." + identifier(entity.name) + " WHERE _gone IS NULL" + visible;
  }
  if (sql.empty()) {
    sql = "SELECT NULL AS id,NULL AS _level";
    for (const Field& field : entity.fields) sql += ",NULL AS " + identifier(field.name);
    sql += " WHERE 0";
  }
  db_.dropStatements();
  db_.run(("DROP VIEW IF EXISTS temp." + identifier(entity.name) + ";CREATE TEMP VIEW " + identifier(entity.name) +
           " AS " + sql)
              .c_str());
  views_[entity.name] = std::move(over);
}

// SQLite tells in which view something is read, but takes a common table expression's name for a view's: so that
// proves nothing. What only our views may reach bears a name that nobody else knows: the attached vaults and the
// function that fetches long values.
std::string ReadConnection::schemaOf(Level level) const {
  return "v" + std::to_string(static_cast<int>(level)) + "_" + secret_;
}
std::string ReadConnection::spilled() const { return "spilled_" + secret_; }

// A reference to a table without any of its columns, such as in count(*), comes with its database only if the
// statement names one; a common table expression or a subquery has none either. So the name has to tell.
bool ReadConnection::closed(const char* table) const {
  const std::string name = inSmallLetters(table);
  return closed_.contains(name) || name.starts_with("fts_") || name.starts_with("sqlite_") ||
         name.starts_with("pragma_");
}

int ReadConnection::authorize(void* self, int action, const char* a, const char* b, const char* database, const char*) {
  auto& connection = *static_cast<ReadConnection*>(self);
  if (!connection.restricted_) return SQLITE_OK;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_FUNCTION:
      return b != nullptr && (allowedFunctions().contains(std::string_view(b)) || b == connection.spilled())
                 ? SQLITE_OK
                 : SQLITE_DENY;
    case SQLITE_READ:
      if (a != nullptr && connection.views_.contains(a) &&
          (database == nullptr || std::strcmp(database, "temp") == 0 ||
           std::string_view(database).ends_with(connection.secret_))) {
        const auto level = static_cast<Level>(database != nullptr && database[0] == 'v' ? database[1] - '0' : 0);
        if (Audit::covers(level)) connection.reached_.emplace(level, a);
        return SQLITE_OK;
      }
      if (a != nullptr && std::strcmp(a, "json_each") == 0) return SQLITE_OK;
      if (database == nullptr || database[0] == '\0')
        return a != nullptr && connection.closed(a) ? SQLITE_DENY : SQLITE_OK;
      return SQLITE_DENY;
    default: return SQLITE_DENY;
  }
}

json ReadConnection::cellOf(Statement& statement, int column) {
  const char* declared = sqlite3_column_decltype(statement.raw(), column);
  const std::string_view type = declared == nullptr ? "" : declared;
  switch (statement.typeOf(column)) {
    case SQLITE_INTEGER: {
      const std::int64_t value = statement.integer(column);
      if (type == "INTEGER_BOOL") return value != 0;
      if (type == "INTEGER_INSTANT") return instantText(value);
      return value;
    }
    case SQLITE_FLOAT: return sqlite3_column_double(statement.raw(), column);
    case SQLITE_TEXT: {
      if (type == "TEXT_JSON") {
        json list = json::parse(statement.text(column), nullptr, false);
        if (!list.is_discarded()) return list;
      }
      return statement.text(column);
    }
    case SQLITE_BLOB: {
      const BytesView blob = statement.blob(column);
      return blob.size() == 16 ? base32Of(blob) : hexOf(blob);
    }
    default: return nullptr;
  }
}

void ReadConnection::freeze() {
  db_.run("BEGIN");
  for (const Level level : store_.levels()) db_.number("SELECT count(*) FROM " + schemaOf(level) + ".meta");
}

json ReadConnection::sql(const std::string& text, std::int64_t mostRows) {
  prepareViews(text);
  const Restricted restricted(restricted_);
  reached_.clear();
  json columns = json::array(), rows = json::array();
  try {
    Budget budget(db_.raw(), *store_.environment().clock);
    Statement statement(db_.raw(), text);
    if (sqlite3_stmt_isexplain(statement.raw()) != 0) throw Error(Code::refused, "SQL may not ask for query plans");
    if (sqlite3_stmt_readonly(statement.raw()) == 0) throw Error(Code::refused, "SQL may only read");
    store_.audit().queried(reached_);
    for (int i = 0; i < statement.columns(); ++i) columns.push_back(sqlite3_column_name(statement.raw(), i));
    while (statement.step()) {
      if (static_cast<std::int64_t>(rows.size()) >= mostRows)
        throw Error(Code::limit, "more than " + std::to_string(mostRows) + " rows: add a LIMIT");
      json row = json::array();
      for (int i = 0; i < statement.columns(); ++i) {
        const int type = statement.typeOf(i);
        const bool longish = type == SQLITE_TEXT || type == SQLITE_BLOB;  // a number would be turned into text
        budget.returns(sizeof(json) +
                       (longish ? static_cast<std::size_t>(sqlite3_column_bytes(statement.raw(), i)) : 0));
        row.push_back(cellOf(statement, i));
      }
      rows.push_back(std::move(row));
    }
  } catch (const Error& error) {
    explain(error, "SQL");
  }
  return {{"columns", std::move(columns)}, {"rows", std::move(rows)}, {"next", nullptr}};
}

}  // namespace cinnabar
