// s14: SQL and conditions read the entities and nothing else, and no question stops the host.
#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/record/read_connection.h"
#include "core/search/index.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

struct Library : Prefecture {
  Library() : Prefecture({}) {
    for (int i = 0; i < 5; ++i)
      put("hq", "OrgUnit", {{"code", std::to_string(i)}, {"name", "办公室"}, {"level", "county"}}, "public");
    put("hq", "OrgUnit", {{"code", "s"}, {"name", "机要处"}, {"level", "county"}}, "机密");
    SearchIndex(office()).catchUpAll();
  }
  ReadConnection& reading() { return office().reading(); }
  Code answer(const std::string& statement) {
    try {
      reading().sql(statement, 1000);
    } catch (const Error& error) {
      BOOST_TEST_MESSAGE(statement.substr(0, 100) << ": " << error.what());
      return error.code();
    }
    return Code::internal;  // it was answered
  }
};

// On it a thousand steps take a second.
class SlowMachine : public TestClock {
 public:
  std::int64_t steady_ms() override { return time_ms_ += 1000; }

 private:
  std::int64_t time_ms_ = 0;
};

// Everything that is not the entities' views, by whatever name one may try.
const std::vector<std::string> forbidden = {
    "SELECT * FROM v0.OrgUnit",
    "SELECT * FROM v3.OrgUnit",
    "SELECT * FROM main.OrgUnit",
    "SELECT * FROM v0.meta",
    "SELECT * FROM meta",
    "SELECT * FROM v0.epoch_key",
    "SELECT * FROM epoch_key",
    "SELECT * FROM v0.log",
    "SELECT * FROM v0.spill",
    "SELECT * FROM v0.chunk",
    "SELECT * FROM v0.compartment",
    "SELECT * FROM v0.head",
    "SELECT * FROM v0.peer",
    "SELECT * FROM v0.series",
    "SELECT * FROM v0.violation",
    "SELECT * FROM v0._unknown",
    "SELECT * FROM v0.waiting",
    "SELECT * FROM v0.redo",
    "SELECT * FROM v0.taken",
    "SELECT (SELECT value FROM v0.meta LIMIT 1)",
    "SELECT 1 WHERE EXISTS(SELECT 1 FROM v3.log)",
    "SELECT * FROM OrgUnit, v0.meta",
    "SELECT * FROM OrgUnit UNION SELECT * FROM v0.OrgUnit",
    "WITH x AS (SELECT * FROM v0.epoch_key) SELECT * FROM x",
    "WITH RECURSIVE x AS (SELECT * FROM v0.log UNION SELECT * FROM x) SELECT * FROM x",
    "SELECT * FROM (SELECT * FROM (SELECT * FROM v0.meta))",
    "SELECT * FROM OrgUnit WHERE name IN (SELECT value FROM v0.meta)",
    "SELECT name FROM OrgUnit ORDER BY (SELECT count(*) FROM v3.log)",
    "SELECT max(name) OVER (ORDER BY (SELECT count(*) FROM v3.log)) FROM OrgUnit",
    "VALUES((SELECT count(*) FROM v0.meta))",
    "SELECT * FROM sqlite_schema",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM sqlite_temp_schema",
    "SELECT * FROM sqlite_temp_master",
    "SELECT * FROM v0.sqlite_schema",
    "SELECT * FROM temp.sqlite_schema",
    "SELECT * FROM sqlite_sequence",
    "SELECT * FROM v0.sqlite_stat1",
    "SELECT * FROM v0.fts_1",
    "SELECT * FROM fts_1",
    "SELECT * FROM v0.fts_1_data",
    "SELECT * FROM v0.fts_1_content",
    "SELECT * FROM v0.fts_1_docsize",
    "SELECT * FROM v0.fts_1_idx",
    "SELECT * FROM v0.fts_1_config",
    "SELECT * FROM v0.fts_9",
    "SELECT * FROM fts_1('办公')",
    "SELECT bm25(fts_1) FROM fts_1",
    "PRAGMA page_count",
    "PRAGMA v0.page_count",
    "PRAGMA table_list",
    "PRAGMA key='x'",
    "PRAGMA rekey='x'",
    "PRAGMA cipher_version",
    "PRAGMA database_list",
    "PRAGMA query_only=OFF",
    "PRAGMA writable_schema=ON",
    "PRAGMA trusted_schema=ON",
    "PRAGMA temp_store=FILE",
    "PRAGMA temp_store_directory='/tmp'",
    "SELECT * FROM pragma_page_count",
    "SELECT * FROM pragma_table_info('OrgUnit')",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM pragma_table_list",
    "SELECT * FROM pragma_freelist_count",
    "SELECT * FROM pragma_compile_options",
    "SELECT * FROM pragma_function_list",
    "SELECT * FROM pragma_index_list('OrgUnit')",
    "SELECT * FROM dbstat",
    "SELECT * FROM sqlite_dbpage",
    "SELECT * FROM sqlite_stmt",
    "SELECT * FROM bytecode('SELECT 1')",
    "SELECT * FROM tables_used('SELECT 1')",
    "SELECT * FROM generate_series(1, 10)",
    "SELECT * FROM json_tree('{}')",
    "SELECT * FROM fts5vocab",
    "SELECT * FROM carray(1)",
    "ATTACH ':memory:' AS x",
    "ATTACH '/etc/passwd' AS x",
    "DETACH v0",
    "VACUUM",
    "VACUUM INTO '/tmp/cinnabar-x'",
    "REINDEX",
    "ANALYZE",
    "BEGIN",
    "BEGIN IMMEDIATE",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT a",
    "RELEASE a",
    "DELETE FROM OrgUnit",
    "INSERT INTO OrgUnit(name) VALUES('x')",
    "UPDATE OrgUnit SET name='x'",
    "DELETE FROM v0.log",
    "INSERT INTO v0.meta VALUES('a','b')",
    "REPLACE INTO v0.meta VALUES('a','b')",
    "UPDATE v0.OrgUnit SET name='x' RETURNING name",
    "WITH x AS (SELECT 1) DELETE FROM v0.meta",
    "CREATE TABLE t(x)",
    "CREATE TEMP TABLE t(x)",
    "CREATE TEMP VIEW w AS SELECT * FROM v0.meta",
    "CREATE VIEW OrgUnit2 AS SELECT 1",
    "CREATE INDEX i ON OrgUnit(name)",
    "CREATE TEMP TRIGGER g INSTEAD OF INSERT ON OrgUnit BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE temp.f USING fts5(x)",
    "CREATE VIRTUAL TABLE temp.v USING fts5vocab('v0','fts_1','row')",
    "DROP VIEW OrgUnit",
    "DROP TABLE v0.meta",
    "ALTER TABLE v0.meta RENAME TO m",
    "EXPLAIN SELECT 1",
    "EXPLAIN QUERY PLAN SELECT * FROM OrgUnit",
    "SELECT load_extension('x')",
    "SELECT sqlite_version()",
    "SELECT sqlite_source_id()",
    "SELECT sqlite_compileoption_get(0)",
    "SELECT sqlite_compileoption_used('x')",
    "SELECT sqlite_offset(name) FROM OrgUnit",
    "SELECT randomblob(1000000000)",
    "SELECT zeroblob(1000000000)",
    "SELECT random()",
    "SELECT changes()",
    "SELECT total_changes()",
    "SELECT last_insert_rowid()",
    "SELECT likelihood(1, 0.5)",
    "SELECT unlikely(1)",
    "SELECT fts5_source_id()",
    "SELECT fts5(1)",
    "SELECT highlight(fts_1, 0, '', '') FROM fts_1",
    "SELECT spilled(0, x'0000000000000000', x'00', 1)",
    "SELECT spilled(3, name, id, 1) FROM OrgUnit",
    "SELECT readfile('/etc/passwd')",
    "SELECT writefile('x','y')",
    "SELECT edit('x')",
    "SELECT eval('SELECT 1')",
    "SELECT sqlcipher_export('v0')",
    "SELECT sqlite_log(1,'x')",
    "SELECT sqlite_rename_table(1,2,3,4,5,6,7)",
    "SELECT match('a', 'b')",
    "SELECT regexp('a','b')",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP VIEW OrgUnit",
    "",
    ";",
    "SELECT",
    "SELECT * FROM OrgUnit WHERE",
    "SELECT x'",
    "SELECT _c FROM OrgUnit",
    "SELECT _gone FROM OrgUnit",
    "SELECT _meta FROM OrgUnit",
    "SELECT _author FROM OrgUnit",
    "SELECT OrgUnit FROM OrgUnit",
    // Under an entity's own name.
    "WITH OrgUnit AS (SELECT * FROM v0.epoch_key) SELECT * FROM OrgUnit",
    "WITH OrgUnit AS (SELECT * FROM v3.OrgUnit) SELECT * FROM OrgUnit",
    "WITH OrgUnit AS MATERIALIZED (SELECT value FROM v0.meta) SELECT max(value) FROM OrgUnit",
    "WITH OrgUnit(x) AS (SELECT spilled(0,x'0100000000000000',x'00',1)) SELECT x FROM OrgUnit",
    "WITH OrgUnit AS (SELECT sqlite_version() AS v) SELECT v FROM OrgUnit",
    "WITH Post AS (WITH OrgUnit AS (SELECT * FROM v0.log) SELECT * FROM OrgUnit) SELECT * FROM Post",
    "SELECT * FROM (SELECT * FROM v0.meta) AS OrgUnit",
    "WITH OrgUnit(x) AS (SELECT randomblob(9)) SELECT x FROM OrgUnit",
    // Without a column of them.
    "SELECT count(*) FROM log",
    "SELECT count(*) FROM LOG",
    "SELECT 1 FROM epoch_key",
    "SELECT count(*) FROM v3.log",
    "SELECT count(*) FROM spill",
    "SELECT count(*) FROM sqlite_schema",
    "SELECT 1 FROM sqlite_temp_schema",
    "SELECT count(*) FROM fts_1",
    "SELECT count(*) FROM fts_1_data",
    "SELECT 1 FROM fts_9",
    "SELECT count(*) FROM pragma_table_list",
    "SELECT count(*) FROM pragma_freelist_count",
    "SELECT count(*) FROM dbstat",
    "SELECT count(*) FROM json_tree('[1]')",
    "SELECT count(*) FROM v0.OrgUnit",
    "WITH x AS (SELECT 1 FROM log) SELECT count(*) FROM x",
    "SELECT EXISTS(SELECT 1 FROM redo)",
    "SELECT (SELECT count(*) FROM compartment)",
    "SELECT count(*) FROM (SELECT 1 FROM peer)",
    "SELECT name FROM OrgUnit WHERE (SELECT count(*) FROM series)",
    "SELECT count(*) FROM OrgUnit, violation",
    "SELECT count(*) FROM [log]",
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sql, Library)

BOOST_AUTO_TEST_CASE(s14_whatever_is_tried_only_the_entities_are_read) {
  for (const std::string& statement : forbidden) {
    const Code code = answer(statement);
    BOOST_TEST((code == Code::refused || code == Code::invalidInput), statement << ": " << wordOf(code));
  }
  for (const char* allowed :
       {"SELECT count(*) FROM OrgUnit", "SELECT count(*) FROM orgunit",
        "WITH x AS (SELECT name FROM OrgUnit) SELECT count(*) FROM x", "SELECT count(*) FROM (SELECT 1 FROM OrgUnit)",
        "SELECT count(*) FROM temp.OrgUnit, json_each('[1]')",
        "SELECT count(DISTINCT a.id) FROM OrgUnit a JOIN OrgUnit b ON a.id>=b.id"})
    BOOST_TEST((answer(allowed) == Code::internal && reading().sql(allowed, 1).at("rows")[0][0] == 6), allowed);
}

BOOST_AUTO_TEST_CASE(s14_a_condition_reaches_no_further_than_a_statement) {
  for (const char* condition :
       {"1) UNION SELECT key, 1 FROM v0.epoch_key --", "1) --", "name IN (SELECT value FROM v0.meta)",
        "EXISTS(SELECT 1 FROM v3.log)", "1; DROP VIEW OrgUnit", "load_extension('x')", "randomblob(10)",
        "(SELECT count(*) FROM sqlite_schema)>0", "1) GROUP BY (SELECT value FROM v0.meta", "_c=1",
        "rowid=1 AND _meta IS NULL", "spilled(0,name,id,1)", "?5=1 OR ?9", "1 LIMIT 5", "(SELECT 1 FROM fts_1)",
        "1 ORDER BY 1"}) {
    Code code = Code::internal;
    try {
      const json page = reading().list("OrgUnit", {condition, "", 10, ""});
      // What is no more than a condition may be answered, but only with what the entity's view shows.
      for (const json& row : page.at("rows")) BOOST_TEST(row.at("entity") == "OrgUnit");
      BOOST_TEST((std::string(condition) == "?5=1 OR ?9" || std::string(condition) == "rowid=1 AND _meta IS NULL"),
                 condition);
    } catch (const Error& error) {
      code = error.code();
      BOOST_TEST((code == Code::refused || code == Code::invalidInput), condition << ": " << error.what());
    }
  }
}

BOOST_AUTO_TEST_CASE(s14_what_takes_too_long_over_long_texts_is_ended_though_its_steps_are_few) {
  Prefecture p({}, 1, [](Environment& e) { e.clock = std::make_shared<SlowMachine>(); });
  const auto ask = [&](int turns) {
    return p.office().reading().sql("WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM x LIMIT " +
                                        std::to_string(turns) + ") SELECT count(*) FROM x",
                                    1);
  };
  BOOST_TEST(ask(100).at("rows")[0][0] == 100);
  BOOST_CHECK_EXCEPTION(ask(1'000'000), Error, [](const Error& e) { return e.code() == Code::limit; });
  BOOST_TEST(ask(100).at("rows")[0][0] == 100);
}

BOOST_AUTO_TEST_CASE(s14_what_costs_too_much_is_ended_and_the_next_question_is_answered) {
  const auto before = sqlite3_memory_used();
  for (const char* statement : {"SELECT printf('%.*c', 1000000000, 'x')", "SELECT printf('%2000000000d', 1)",
                                "SELECT format('%*d', 999999999, 1)"}) {
    try {  // refused or cut
      BOOST_TEST(reading().sql(statement, 1).dump().size() < 20'000'000u);
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Code::limit), error.what());
    }
  }
  for (const char* statement :
       {"WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM x) SELECT count(*) FROM x",
        "WITH RECURSIVE x(n) AS (SELECT 1 UNION SELECT n+1 FROM x) SELECT max(n) FROM x",
        "WITH RECURSIVE x(n) AS (SELECT 'a' UNION ALL SELECT n||n FROM x) SELECT max(length(n)) FROM x",
        "WITH RECURSIVE x(n,t) AS (SELECT 1,printf('%1000000d',1) UNION ALL SELECT n+1,t FROM x LIMIT 100000) SELECT "
        "t||n FROM x ORDER BY 1",
        "WITH RECURSIVE x(n,t) AS (SELECT 1,printf('%1000000d',1) UNION ALL SELECT n+1,t FROM x LIMIT 100000) SELECT t "
        "FROM x",
        "WITH RECURSIVE x(n,t) AS (SELECT 1,printf('%1000000d',1) UNION ALL SELECT n+1,t FROM x LIMIT 1000) SELECT "
        "length(group_concat(t)) FROM x",
        "SELECT replace(printf('%.*c', 10000000, 'x'), 'x', printf('%.*c', 10000, 'y'))",
        "SELECT hex(printf('%.*c', 10000000, 'x'))",
        "SELECT count(*) FROM OrgUnit a, OrgUnit b, OrgUnit c, OrgUnit d, OrgUnit e, OrgUnit f, OrgUnit g, OrgUnit h, "
        "OrgUnit i, OrgUnit j, OrgUnit k, OrgUnit l",
        "SELECT json_group_array(printf('%1000000d', 1)) FROM OrgUnit a, OrgUnit b, OrgUnit c, OrgUnit d"}) {
    const Code code = answer(statement);
    BOOST_TEST((code == Code::limit || code == Code::invalidInput || code == Code::refused),
               statement << ": " << wordOf(code));
    BOOST_TEST((answer("SELECT count(*) FROM OrgUnit") == Code::internal));
  }
  BOOST_CHECK_THROW(
      reading().list(
          "OrgUnit",
          {"(WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM x) SELECT count(*) FROM x)", "", 5, ""}),
      Error);
  // The depth of an expression and of what lies in JSON is bounded, too.
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "NOT ";
  deep += "1";
  BOOST_TEST((answer("SELECT " + deep) != Code::internal));
  std::string list(50'000, '[');
  BOOST_TEST((answer("SELECT json('" + list + std::string(50'000, ']') + "')") != Code::internal));
  BOOST_TEST(sqlite3_memory_used() - before < (64 << 20));
  BOOST_TEST(reading().sql("SELECT printf('%.*c', 1000000, 'x')", 1).at("rows")[0][0].get<std::string>().size() ==
             1'000'000u);
}

BOOST_AUTO_TEST_SUITE_END()
