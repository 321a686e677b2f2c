/* Reading: schema, lists, SQL, searching, snapshots, observers. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "host.h"

static cnb_page page_of(const char* where, const char* order, int64_t limit, const char* after) {
  cnb_page page;
  memset(&page, 0, sizeof page);
  page.size = sizeof page;
  page.where = text(where);
  page.order = text(order);
  page.limit = limit;
  page.after = text(after);
  return page;
}

static void the_schema_needs_no_site(void) {
  cnb_buffer json = {NULL, 0};
  CHECK_STATUS(cnb_schema(NULL, &json), CNB_OK);
  CHECK(contains(&json, "\"entities\":[") && contains(&json, "\"name\":\"OrgUnit\"") && contains(&json, "\"hash\":\""));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_schema_entity(NULL, text("OrgUnit"), &json), CNB_OK);
  CHECK(contains(&json, "\"merge\":\"conflict\""));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_schema_entity(NULL, text("Planet"), &json), CNB_INVALID_INPUT);
}

static void a_host_brings_entities_of_its_own(void) {
  size_t length = 0;
  cnb_options own = options_of("clerk");
  cnb_buffer json = {NULL, 0};
  cnb_site* site = NULL;
  cnb_transaction* t = NULL;
  char *schema = read_file(HOST_SCHEMA, &length), id[64];
  own.host_schema.data = schema;
  own.host_schema.length = length;
  CHECK_STATUS(cnb_schema_entity(&own, text("Yak"), &json), CNB_OK);
  CHECK(contains(&json, "牦牛"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_verify(county, NULL), CNB_OK);
  copy_site(path_of("gar"), path_of("gar-with-yaks"));
  CHECK_STATUS(cnb_open(text(path_of("gar-with-yaks")), &own, &site), CNB_OK);
  CHECK_STATUS(cnb_begin(site, &t), CNB_OK);
  CHECK_STATUS(cnb_put(t, text("Yak"), text("{\"name\":\"黑子\",\"weight\":240}"), text(""), text(""), &json), CNB_OK);
  strcpy(id, member(&json, "id"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_commit(t), CNB_OK);
  CHECK_STATUS(cnb_sql(site, text("SELECT weight FROM Yak"), &json), CNB_OK);
  CHECK(contains(&json, "[[240]]"));
  cnb_buffer_free(&json);
  cnb_close(site);
  CHECK_STATUS(cnb_open(text(path_of("gar-with-yaks")), &own, &site), CNB_OK);
  CHECK_STATUS(cnb_get(site, text(id), &json), CNB_OK);
  CHECK(contains(&json, "黑子"));
  cnb_buffer_free(&json);
  cnb_close(site);
  /* Who does not bring it along would write a second copy of a record beside the first. */
  {
    const cnb_options without = options_of("clerk");
    CHECK_STATUS(cnb_open(text(path_of("gar-with-yaks")), &without, &site), CNB_NEWER_FORMAT);
    CHECK(strstr(cnb_error_last()->message, "Yak") != NULL);
  }
  own.host_schema.length = length / 2;
  CHECK_STATUS(cnb_schema(&own, &json), CNB_INVALID_INPUT);
  own.host_schema = text("not a schema");
  CHECK_STATUS(cnb_schema(&own, &json), CNB_INVALID_INPUT);
  free(schema);
}

static void pages_follow_each_other_without_gap_or_repeat(void) {
  cnb_buffer json = {NULL, 0};
  cnb_page page;
  char after[512] = "", code[16];
  int i, seen[7] = {0}, pages = 0;
  for (i = 0; i < 7; ++i) {
    sprintf(code, "page-%d", i);
    put_unit(county, code, "");
  }
  do {
    page = page_of("code LIKE 'page-%'", "-code", 3, after);
    CHECK_STATUS(cnb_list(county, text("OrgUnit"), &page, &json), CNB_OK);
    for (i = 0; i < 7; ++i) {
      sprintf(code, "\"page-%d\"", i);
      seen[i] += contains(&json, code);
    }
    {
      /* "next" is a JSON text that holds JSON: its quotes are escaped. */
      const char* next = strstr(json.data, "\"next\":\"");
      char* to = after;
      *to = '\0';
      if (next != NULL)
        for (next += 8; *next != '"'; ++next) {
          if (*next == '\\') ++next;
          *to++ = *next;
          *to = '\0';
        }
    }
    cnb_buffer_free(&json);
  } while (after[0] != '\0' && ++pages < 10);
  CHECK(pages == 2);
  for (i = 0; i < 7; ++i) CHECK(seen[i] == 1);
}

static void a_page_that_makes_no_sense_is_an_error(void) {
  cnb_page page = page_of("", "", -1, "");
  cnb_buffer json = {NULL, 0};
  CHECK_STATUS(cnb_list(county, text("OrgUnit"), &page, &json), CNB_INVALID_ARGUMENT);
  page = page_of("", "", 100001, "");
  CHECK_STATUS(cnb_list(county, text("OrgUnit"), &page, &json), CNB_INVALID_ARGUMENT);
  page = page_of("", "", 1, "somewhere");
  CHECK_STATUS(cnb_list(county, text("OrgUnit"), &page, &json), CNB_INVALID_INPUT);
  page = page_of("", "planet", 1, "");
  CHECK_STATUS(cnb_list(county, text("OrgUnit"), &page, &json), CNB_INVALID_INPUT);
  page = page_of("planet = 1", "", 1, "");
  CHECK_STATUS(cnb_list(county, text("OrgUnit"), &page, &json), CNB_INVALID_INPUT);
  page = page_of("1; DELETE FROM OrgUnit", "", 1, "");
  CHECK_STATUS(cnb_list(county, text("OrgUnit"), &page, &json), CNB_REFUSED);
  page = page_of("EXISTS (SELECT name FROM sqlite_schema)", "", 1, "");
  CHECK_STATUS(cnb_list(county, text("OrgUnit"), &page, &json), CNB_REFUSED);
  CHECK_STATUS(cnb_list(county, text("Planet"), NULL, &json), CNB_INVALID_INPUT);
  /* An older host's page: what it did not know is not read. */
  page = page_of("", "", 2, "");
  page.size = offsetof(cnb_page, limit);
  page.limit = -77;
  CHECK_STATUS(cnb_list(county, text("OrgUnit"), &page, &json), CNB_OK);
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_list(county, text("OrgUnit"), NULL, &json), CNB_OK);
  cnb_buffer_free(&json);
}

static void sql_reads_the_entities_and_nothing_else(void) {
  static const char* const refused[] = {"DELETE FROM OrgUnit",
                                        "UPDATE OrgUnit SET name='x'",
                                        "CREATE TABLE t(a)",
                                        "PRAGMA cipher_settings",
                                        "ATTACH 'x' AS y",
                                        "SELECT * FROM sqlite_schema",
                                        "SELECT * FROM v0.meta",
                                        "SELECT * FROM v1.OrgUnit",
                                        "EXPLAIN QUERY PLAN SELECT 1 FROM OrgUnit",
                                        "SELECT load_extension('x')",
                                        "SELECT zeroblob(10)",
                                        "SELECT randomblob(9)",
                                        "SELECT sqlite_version()",
                                        "SELECT * FROM pragma_page_count",
                                        "SELECT * FROM dbstat",
                                        "VACUUM",
                                        "BEGIN",
                                        "SELECT spilled(0,x'00',x'00',1)"};
  cnb_buffer json = {NULL, 0};
  unsigned i;
  CHECK_STATUS(cnb_sql(county, text("SELECT 1 AS one, 'zwei', NULL, 2.5"), &json), CNB_OK);
  CHECK(contains(&json, "\"columns\":[\"one\"") && contains(&json, "[[1,\"zwei\",null,2.5]]"));
  cnb_buffer_free(&json);
  for (i = 0; i < sizeof refused / sizeof *refused; ++i) {
    const cnb_status status = cnb_sql(county, text(refused[i]), &json);
    if (status != CNB_REFUSED && status != CNB_INVALID_INPUT)
      check_status(status, CNB_REFUSED, refused[i], __FILE__, __LINE__);
    CHECK(json.data == NULL);
  }
  CHECK_STATUS(cnb_sql(county, text("SELEKT 1"), &json), CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_sql(county, text(""), &json), CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_sql(county, text("SELECT 1; SELECT 2"), &json), CNB_INVALID_INPUT);
}

static void words_are_found_before_and_after_they_are_indexed(void) {
  cnb_buffer json = {NULL, 0};
  cnb_options clerk = options_of("clerk");
  cnb_site* site = NULL;
  char id[64], fields[128];
  strcpy(id, put_unit(county, "find", ""));
  snprintf(fields, sizeof fields, "{\"duties\":\"负责牧区防雪灾值班\"}");
  CHECK_STATUS(set_fields(county, id, fields), CNB_OK);
  CHECK_STATUS(cnb_find(county, text("雪灾 值班"), text(""), 0, text(""), &json), CNB_OK);
  CHECK(contains(&json, id));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_open(text(path_of("gar")), &clerk, &site), CNB_OK);
  put_unit(site, "find-2", ""); /* so that closing indexes */
  cnb_close(site);
  CHECK_STATUS(cnb_find(county, text("雪灾"), text("OrgUnit"), 5, text(""), &json), CNB_OK);
  CHECK(contains(&json, id));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_find(county, text("雪灾"), text("Article"), 0, text(""), &json), CNB_OK);
  CHECK(!contains(&json, id));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_find(county, text("雪灾 没有的词"), text(""), 0, text(""), &json), CNB_OK);
  CHECK(contains(&json, "\"rows\":[]"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_find(county, text("…"), text(""), 0, text(""), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_find(county, text("雪"), text("Planet"), 0, text(""), &json), CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_find(county, text("雪"), text(""), 1001, text(""), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_find(county, text("雪"), text(""), 0, text("[[[["), &json), CNB_INVALID_INPUT);
}

static void a_snapshot_stays_as_it_was_and_cannot_write(void) {
  cnb_site *snapshot = NULL, *site = NULL;
  cnb_buffer json = {NULL, 0};
  cnb_transaction* t = NULL;
  cnb_options clerk = options_of("clerk");
  cnb_page page = page_of("code IN ('snap','snap-2')", "", 0, "");
  char id[64], later[64];
  strcpy(id, put_unit(county, "snap", ""));
  CHECK_STATUS(cnb_open(text(path_of("gar")), &clerk, &site), CNB_OK);
  CHECK_STATUS(cnb_snapshot(site, &snapshot), CNB_OK);
  cnb_close(site); /* it stands by itself */
  CHECK_STATUS(set_fields(county, id, "{\"name\":\"later\"}"), CNB_OK);
  strcpy(later, put_unit(county, "snap-2", ""));
  CHECK_STATUS(cnb_get(snapshot, text(id), &json), CNB_OK);
  CHECK(contains(&json, "办公室 snap") && !contains(&json, "later"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_get(snapshot, text(later), &json), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_list(snapshot, text("OrgUnit"), &page, &json), CNB_OK);
  CHECK(contains(&json, id) && !contains(&json, later) && !contains(&json, "\"later\""));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_sql(snapshot, text("SELECT count(*) FROM OrgUnit WHERE code LIKE 'snap%'"), &json), CNB_OK);
  CHECK(contains(&json, "[[1]]"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_find(snapshot, text("later"), text(""), 0, text(""), &json), CNB_OK);
  CHECK(contains(&json, "\"rows\":[]"));
  cnb_buffer_free(&json);

  CHECK_STATUS(cnb_begin(snapshot, &t), CNB_REFUSED);
  CHECK(t == NULL);
  CHECK_STATUS(cnb_attach(snapshot, text(id), text(path_of("empty")), text(""), NULL), CNB_REFUSED);
  CHECK_STATUS(cnb_load_regulations(snapshot, text("办法\n"), NULL), CNB_REFUSED);
  CHECK_STATUS(cnb_export(snapshot, text("hq"), text(path_of("snap-stick")), NULL, NULL), CNB_REFUSED);
  CHECK_STATUS(cnb_import(snapshot, text(path_of("snap-stick")), 0, NULL), CNB_REFUSED);
  CHECK_STATUS(cnb_resolve(snapshot, text("x"), 0, text(""), NULL), CNB_REFUSED);
  CHECK_STATUS(cnb_person_add(snapshot, text("x"), text("12345678"), text("public")), CNB_REFUSED);
  CHECK_STATUS(cnb_person_list(snapshot, NULL), CNB_REFUSED);
  CHECK_STATUS(cnb_passphrase_change(snapshot, text("12345678")), CNB_REFUSED);
  CHECK_STATUS(cnb_backup(snapshot, text(path_of("snap.bak")), NULL), CNB_REFUSED);
  cnb_close(snapshot);
}

struct heard {
  int calls;
  char last[64];
  int committed;
};

static void hear(void* user, cnb_text record_id) {
  struct heard* heard = user;
  ++heard->calls;
  snprintf(heard->last, sizeof heard->last, "%.*s", (int)record_id.length, record_id.data);
}

static void an_observer_is_told_after_the_commit_and_not_before(void) {
  struct heard heard = {0, "", 0};
  cnb_transaction* t = NULL;
  uint64_t number = 0;
  char id[64];
  CHECK_STATUS(cnb_observe(county, hear, &heard, &number), CNB_OK);
  strcpy(id, put_unit(county, "observed", ""));
  CHECK(heard.calls == 1 && strcmp(heard.last, id) == 0);
  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  CHECK_STATUS(cnb_set(t, text(id), text("{\"name\":\"b\"}"), NULL), CNB_OK);
  CHECK(heard.calls == 1);
  CHECK_STATUS(cnb_commit(t), CNB_OK);
  CHECK(heard.calls == 2);
  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  CHECK_STATUS(cnb_set(t, text(id), text("{\"name\":\"c\"}"), NULL), CNB_OK);
  cnb_rollback(t);
  CHECK(heard.calls == 2);
  CHECK_STATUS(cnb_unobserve(county, number), CNB_OK);
  put_unit(county, "unobserved", "");
  CHECK(heard.calls == 2);
}

/* s15: a handle opened at a lower level takes bundles, and is told of what is at its level only. */
static void s15_an_observer_is_not_told_of_what_its_handle_may_not_see(void) {
  struct heard heard = {0, "", 0};
  cnb_options low = options_of("clerk");
  cnb_site* site = NULL;
  uint64_t number = 0;
  char seen[64];
  low.level = text("internal");
  CHECK_STATUS(carry(office, "gar", county, "s15-before"), CNB_OK);
  strcpy(seen, put_unit(office, "s15-low", ""));
  put_unit(office, "s15-high", "秘密★一年");
  CHECK_STATUS(cnb_open(text(path_of("gar")), &low, &site), CNB_OK);
  CHECK_STATUS(cnb_observe(site, hear, &heard, &number), CNB_OK);
  carry(office, "gar", site, "s15"); /* the confidential bundle cannot be taken by this handle */
  CHECK(heard.calls == 1 && strcmp(heard.last, seen) == 0);
  cnb_close(site);
}

const named_case reading_cases[] = {
    {"the_schema_needs_no_site", the_schema_needs_no_site},
    {"a_host_brings_entities_of_its_own", a_host_brings_entities_of_its_own},
    {"pages_follow_each_other_without_gap_or_repeat", pages_follow_each_other_without_gap_or_repeat},
    {"a_page_that_makes_no_sense_is_an_error", a_page_that_makes_no_sense_is_an_error},
    {"sql_reads_the_entities_and_nothing_else", sql_reads_the_entities_and_nothing_else},
    {"words_are_found_before_and_after_they_are_indexed", words_are_found_before_and_after_they_are_indexed},
    {"a_snapshot_stays_as_it_was_and_cannot_write", a_snapshot_stays_as_it_was_and_cannot_write},
    {"an_observer_is_told_after_the_commit_and_not_before", an_observer_is_told_after_the_commit_and_not_before},
    {"s15_an_observer_is_not_told_of_what_its_handle_may_not_see",
     s15_an_observer_is_not_told_of_what_its_handle_may_not_see},
    {NULL, NULL}};
