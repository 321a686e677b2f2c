/* Writing: transactions, fields, messages, labels, attachments. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "host.h"

static void what_was_put_is_got_set_deleted_and_its_history_told(void) {
  cnb_buffer json = {NULL, 0};
  cnb_transaction* t = NULL;
  char id[64];
  strcpy(id, put_unit(county, "life", ""));
  CHECK_STATUS(cnb_get(county, text(id), &json), CNB_OK);
  CHECK(contains(&json, "\"entity\":\"OrgUnit\"") && contains(&json, "\"code\":\"life\"") &&
        contains(&json, "办公室 life"));
  CHECK(contains(&json, "\"level\":\"public\"") && contains(&json, "\"site\":\"gar\"") &&
        contains(&json, "\"person\":\"clerk\""));
  cnb_buffer_free(&json);
  CHECK_STATUS(set_fields(county, id, "{\"shortName\":\"办\",\"leaderPosts\":3}"), CNB_OK);
  CHECK_STATUS(set_fields(county, id, "{\"leaderPosts\":null}"), CNB_OK);
  CHECK_STATUS(cnb_get(county, text(id), &json), CNB_OK);
  CHECK(contains(&json, "\"shortName\":\"办\"") && !contains(&json, "leaderPosts"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_history(county, text(id), &json), CNB_OK);
  CHECK(contains(&json, "\"leaderPosts\":3") && contains(&json, "\"seq\":"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  CHECK_STATUS(cnb_delete(t, text(id)), CNB_OK);
  CHECK_STATUS(cnb_delete(t, text(id)), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_commit(t), CNB_OK);
  CHECK_STATUS(cnb_get(county, text(id), &json), CNB_NOT_FOUND);
  CHECK(json.data == NULL);
}

static void a_rollback_leaves_nothing(void) {
  cnb_transaction* t = NULL;
  cnb_buffer before = {NULL, 0}, after = {NULL, 0}, json = {NULL, 0};
  char id[64], made[64];
  strcpy(id, put_unit(county, "rollback", ""));
  CHECK_STATUS(cnb_digest(county, text(""), &before), CNB_OK);
  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  CHECK_STATUS(cnb_set(t, text(id), text("{\"name\":\"never\"}"), NULL), CNB_OK);
  CHECK_STATUS(cnb_put(t, text("OrgUnit"), text("{\"code\":\"never\",\"name\":\"a\",\"level\":\"county\"}"),
                       text("秘密★一年"), text(""), &json),
               CNB_OK);
  strcpy(made, member(&json, "id"));
  cnb_buffer_free(&json);
  /* What the transaction wrote is there for reads of single records until then. */
  CHECK_STATUS(cnb_get(county, text(made), NULL), CNB_OK);
  cnb_rollback(t);
  CHECK_STATUS(cnb_get(county, text(made), NULL), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_get(county, text(id), &json), CNB_OK);
  CHECK(!contains(&json, "never"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_digest(county, text(""), &after), CNB_OK);
  CHECK(strcmp(before.data, after.data) == 0);
  cnb_buffer_free(&before);
  cnb_buffer_free(&after);
}

static void a_refused_change_leaves_the_transaction_usable_and_unchanged(void) {
  cnb_transaction* t = NULL;
  cnb_buffer json = {NULL, 0};
  char id[64];
  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  CHECK_STATUS(cnb_put(t, text("OrgUnit"), text("{\"code\":\"half\",\"name\":\"a\"}"), text(""), text(""), &json),
               CNB_REFUSED);
  CHECK(json.data == NULL);
  CHECK_STATUS(cnb_put(t, text("OrgUnit"), text("{\"code\":\"half\",\"name\":\"a\",\"level\":\"county\"}"), text(""),
                       text(""), &json),
               CNB_OK);
  strcpy(id, member(&json, "id"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_set(t, text(id), text("{\"shortName\":\"good\",\"level\":\"planet\"}"), NULL), CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_commit(t), CNB_OK);
  CHECK_STATUS(cnb_get(county, text(id), &json), CNB_OK);
  CHECK(!contains(&json, "good"));
  cnb_buffer_free(&json);
}

static void a_message_comes_back_as_the_same_message(void) {
  cnb_transaction* t = NULL;
  cnb_buffer message = {NULL, 0}, again = {NULL, 0}, json = {NULL, 0};
  uint8_t id[16];
  char *copy, *at;
  size_t i;
  cnb_buffer rows = {NULL, 0};
  put_unit(county, "message-a", "");
  CHECK_STATUS(cnb_sql(county, text("SELECT hex(id) FROM OrgUnit WHERE code='message-a'"), &rows), CNB_OK);
  at = strstr(rows.data, "[[\"");
  CHECK(at != NULL);
  for (i = 0; i < 16; ++i) {
    char two[3] = {at[3 + 2 * i], at[4 + 2 * i], 0};
    id[i] = (uint8_t)strtoul(two, NULL, 16);
  }
  cnb_buffer_free(&rows);
  CHECK_STATUS(cnb_get_message(county, id, &message), CNB_OK);
  CHECK(message.length % 8 == 0);

  /* Another code, and not aligned. */
  copy = malloc(message.length + 1);
  memcpy(copy + 1, message.data, message.length);
  for (i = 1; i + 9 <= message.length; ++i)
    if (memcmp(copy + i, "message-a", 9) == 0) copy[i + 8] = 'b';
  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  CHECK_STATUS(cnb_put_message(t, text("OrgUnit"), copy + 1, message.length, text(""), text(""), id), CNB_OK);
  CHECK_STATUS(cnb_put_message(t, text("OrgUnit"), copy + 1, message.length - 8, text(""), text(""), id),
               CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_put_message(t, text("OrgUnit"), copy + 1, 3, text(""), text(""), id), CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_put_message(t, text("OrgUnit"), NULL, 0, text(""), text(""), id), CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_put_message(t, text("OrgUnit"), copy + 1, message.length, text(""), text(""), NULL),
               CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_commit(t), CNB_OK);
  CHECK_STATUS(cnb_get_message(county, id, &again), CNB_OK);
  CHECK(again.length == message.length && memcmp(again.data, copy + 1, again.length) == 0);
  CHECK_STATUS(cnb_list(county, text("OrgUnit"),
                        &(cnb_page){sizeof(cnb_page), text("code='message-b'"), text(""), 0, text("")}, &json),
               CNB_OK);
  CHECK(contains(&json, "办公室 message-b"));
  id[15] ^= 1;
  CHECK_STATUS(cnb_get_message(county, id, NULL), CNB_NOT_FOUND);
  cnb_buffer_free(&json);
  cnb_buffer_free(&message);
  cnb_buffer_free(&again);
  free(copy);
}

static void who_asks_before_writing_hears_all_that_is_wrong(void) {
  cnb_buffer asked = {NULL, 0}, id = {NULL, 0};
  cnb_site* snapshot = NULL;
  char unit[64];
  CHECK_STATUS(cnb_validate(county, text("OrgUnit"), text(""), text("{\"code\":7,\"level\":\"county\"}"), text(""),
                            text(""), &asked),
               CNB_OK);
  CHECK(contains(&asked, "\"field\":\"code\"") && contains(&asked, "\"rule\":\"type\""));
  CHECK(contains(&asked, "\"field\":\"name\"") && contains(&asked, "\"rule\":\"required\""));
  cnb_buffer_free(&asked);
  strcpy(unit, put_unit(county, "asked", ""));
  CHECK_STATUS(cnb_snapshot(county, &snapshot), CNB_OK);
  CHECK_STATUS(
      cnb_validate(snapshot, text(""), text(unit), text("{\"name\":null,\"nothing\":1}"), text(""), text(""), &asked),
      CNB_OK);
  cnb_close(snapshot);
  CHECK(contains(&asked, "\"rule\":\"required\"") && contains(&asked, "\"rule\":\"unknownField\""));
  cnb_buffer_free(&asked);
  CHECK_STATUS(cnb_validate(county, text(""), text(unit), text("{\"name\":\"新\"}"), text("内部"), text(""), &asked),
               CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_validate(county, text("Person"), text(unit), text("{}"), text(""), text(""), &asked), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_validate(county, text("OrgUnit"), text(""), text("{}"), text("绝密"), text(""), &asked),
               CNB_NOT_FOUND);
  CHECK_STATUS(cnb_validate(county, text("Nothing"), text(""), text("{}"), text(""), text(""), &asked),
               CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_validate(county, text("OrgUnit"), text(""), text("[]"), text(""), text(""), &asked),
               CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_sql(county, text("SELECT count(*) FROM OrgUnit WHERE code='asked'"), &id), CNB_OK);
  CHECK(contains(&id, "[[1]]"));
  cnb_buffer_free(&id);
}

static void a_place_is_kept_with_what_was_written_or_not_at_all(void) {
  cnb_transaction* t = NULL;
  cnb_buffer place = {NULL, 0};
  char name[300];
  CHECK_STATUS(cnb_place(county, text("work"), &place), CNB_OK);
  CHECK(place.length == 0);
  cnb_buffer_free(&place);
  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  CHECK_STATUS(cnb_place_keep(t, text("内部"), text("work"), text("line 7")), CNB_OK);
  cnb_rollback(t);
  CHECK_STATUS(cnb_place(county, text("work"), &place), CNB_OK);
  CHECK(place.length == 0);
  cnb_buffer_free(&place);
  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  CHECK_STATUS(cnb_place_keep(t, text("内部"), text("work"), text("line 8")), CNB_OK);
  CHECK_STATUS(cnb_place_keep(t, text("绝密"), text("work"), text("x")), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_place_keep(t, text("内部"), text(""), text("x")), CNB_LIMIT);
  memset(name, 'n', sizeof name);
  CHECK_STATUS(cnb_place_keep(t, text("内部"), (cnb_text){name, 257}, text("x")), CNB_LIMIT);
  CHECK_STATUS(cnb_commit(t), CNB_OK);
  CHECK_STATUS(cnb_place(county, text("work"), &place), CNB_OK);
  CHECK(place.length == 6 && strcmp(place.data, "line 8") == 0);
  cnb_buffer_free(&place);
  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  CHECK_STATUS(cnb_place_keep(t, text("内部"), text("work"), text("")), CNB_OK);
  CHECK_STATUS(cnb_commit(t), CNB_OK);
  CHECK_STATUS(cnb_place(county, text("work"), &place), CNB_OK);
  CHECK(place.length == 0);
  cnb_buffer_free(&place);
}

/* s18: no host can forge a label or strip one. */
static void s18_a_label_can_be_neither_forged_nor_stripped(void) {
  static const char* const tricks[] = {"{\"label\":\"public\"}", "{\"label\":{\"level\":\"public\"}}",
                                       "{\"_level\":0}",         "{\"_c\":1}",
                                       "{\"circles\":[]}",       "{\"mark\":\"\"}",
                                       "{\"period\":\"1y\"}",    "{\"until\":null}",
                                       "{\"_period\":null}",     "{\"61442\":null}",
                                       "{\"site\":\"hq\"}",      "{\"updated\":{}}",
                                       "{\"id\":\"x\"}"};
  static const char* const marks[] = {"秘密★十一年", "秘密★99年", "机密★21年",  "绝密★31年",
                                      "公开★一年",   "秘密★0年",  "秘密★13月年"};
  cnb_transaction* t = NULL;
  cnb_buffer before = {NULL, 0}, after = {NULL, 0}, json = {NULL, 0};
  char id[64];
  unsigned i;
  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  CHECK_STATUS(cnb_put(t, text("OrgUnit"), text("{\"code\":\"s18\",\"name\":\"a\",\"level\":\"county\"}"),
                       text("秘密★两年"), text("[\"road\"]"), &json),
               CNB_OK);
  CHECK_STATUS(cnb_commit(t), CNB_OK);
  strcpy(id, member(&json, "id"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_label_show(county, text(id), &before), CNB_OK);
  CHECK(contains(&before, "\"level\":\"confidential\"") && contains(&before, "\"mark\":\"秘密★二年\"") &&
        contains(&before, "[\"road\"]"));
  CHECK(contains(&before, "\"chinese\":\"秘密\"") && contains(&before, "\"period\":\"2y\"") &&
        member(&before, "until")[0] == '2');
  for (i = 0; i < sizeof tricks / sizeof *tricks; ++i)
    CHECK_STATUS(set_fields(county, id, tricks[i]), CNB_INVALID_INPUT);

  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  for (i = 0; i < sizeof marks / sizeof *marks; ++i) {
    const cnb_status status = cnb_put(t, text("OrgUnit"), text("{\"code\":\"m\",\"name\":\"a\",\"level\":\"county\"}"),
                                      text(marks[i]), text(""), NULL);
    CHECK(status == CNB_REFUSED || status == CNB_INVALID_INPUT);
  }
  /* Above the person, and a circle that the site is not in: as if there were no such label. */
  CHECK_STATUS(cnb_put(t, text("OrgUnit"), text("{\"code\":\"m\",\"name\":\"a\",\"level\":\"county\"}"),
                       text("机密★一年"), text(""), NULL),
               CNB_NOT_FOUND);
  CHECK_STATUS(cnb_put(t, text("OrgUnit"), text("{\"code\":\"m\",\"name\":\"a\",\"level\":\"county\"}"),
                       text("秘密★一年"), text("[\"mine\"]"), NULL),
               CNB_NOT_FOUND);
  CHECK_STATUS(cnb_put(t, text("OrgUnit"), text("{\"code\":\"m\",\"name\":\"a\",\"level\":\"county\"}"),
                       text("秘密★一年"), text("\"road\""), NULL),
               CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_put(t, text("OrgUnit"), text("{\"code\":\"m\",\"name\":\"a\",\"level\":\"county\"}"),
                       text("秘密★一年"), text("[7]"), NULL),
               CNB_INVALID_INPUT);
  cnb_rollback(t);
  CHECK_STATUS(cnb_label_show(county, text(id), &after), CNB_OK);
  CHECK(strcmp(before.data, after.data) == 0);
  cnb_buffer_free(&before);
  cnb_buffer_free(&after);
}

static void a_lower_record_cannot_point_up_and_is_not_told_whether_there_is_something(void) {
  char high[64], low[64], fields[160], refused[256];
  strcpy(high, put_unit(county, "high", "秘密★一年"));
  strcpy(low, put_unit(county, "low", ""));
  snprintf(fields, sizeof fields, "{\"parent\":\"%s\"}", high);
  CHECK_STATUS(set_fields(county, low, fields), CNB_REFUSED);
  snprintf(refused, sizeof refused, "%s", cnb_error_last()->message);
  high[strlen(high) - 2] = high[strlen(high) - 2] == '2' ? '3' : '2'; /* nobody's */
  snprintf(fields, sizeof fields, "{\"parent\":\"%s\"}", high);
  CHECK_STATUS(set_fields(county, low, fields), CNB_REFUSED);
  CHECK(strcmp(refused, cnb_error_last()->message) == 0);
}

struct taken {
  char* data;
  size_t length, most;
  int calls;
};

static int take(void* user, const char* data, size_t length) {
  struct taken* taken = user;
  ++taken->calls;
  if (taken->length + length > taken->most) return 1;
  if (length > 0) memcpy(taken->data + taken->length, data, length);
  taken->length += length;
  return 0;
}

static void an_attachment_comes_back_through_the_sink_which_may_stop_it(void) {
  const size_t length = 200001;
  char* content = malloc(length);
  struct taken taken = {NULL, 0, 1 << 20, 0};
  cnb_buffer json = {NULL, 0};
  char unit[64], id[64];
  size_t i;
  for (i = 0; i < length; ++i) content[i] = (char)(i * 7 + i / 251);
  write_file(path_of("photo.jpg"), content, length);
  strcpy(unit, put_unit(county, "attached", "秘密★一年"));
  CHECK_STATUS(cnb_attach(county, text(unit), text(path_of("photo.jpg")), text(""), &json), CNB_OK);
  CHECK(contains(&json, "\"bytes\":200001") && strcmp(member(&json, "name"), "photo.jpg") == 0);
  strcpy(id, member(&json, "id"));
  cnb_buffer_free(&json);
  taken.data = malloc(taken.most);
  CHECK_STATUS(cnb_detach(county, text(id), take, &taken), CNB_OK);
  CHECK(taken.length == length && memcmp(taken.data, content, length) == 0 && taken.calls > 1);
  taken.length = 0;
  taken.most = 70000;
  taken.calls = 0;
  CHECK_STATUS(cnb_detach(county, text(id), take, &taken), CNB_CANCELLED);
  CHECK(taken.calls == 2);
  /* It has its record's label. */
  CHECK_STATUS(cnb_label_show(county, text(id), &json), CNB_OK);
  CHECK(contains(&json, "秘密★一年"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_detach(county, text(unit), take, &taken), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_attach(county, text(unit), text(path_of("no-such-file")), text(""), &json), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_attach(county, text("nothing"), text(path_of("photo.jpg")), text(""), &json), CNB_NOT_FOUND);
  free(content);
  free(taken.data);
}

static void an_empty_file_is_an_attachment_too(void) {
  struct taken taken = {NULL, 0, 0, 0};
  cnb_buffer json = {NULL, 0};
  char unit[64], id[64];
  strcpy(unit, put_unit(county, "attached-nothing", ""));
  write_file(path_of("empty"), "", 0);
  CHECK_STATUS(cnb_attach(county, text(unit), text(path_of("empty")), text("空.txt"), &json), CNB_OK);
  strcpy(id, member(&json, "id"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_detach(county, text(id), take, &taken), CNB_OK);
  CHECK(taken.length == 0);
}

static const char compilation[] =
    "会议制度\n\n\n第一条 会议由办公室召集。\n\n第二条 会议记录存档三年。\n\n\n公文处理办法\n\n\n第一条 "
    "收文当日登记。\n";

static void a_compilation_becomes_articles_that_are_found(void) {
  cnb_buffer json = {NULL, 0};
  CHECK_STATUS(cnb_load_regulations(county, text(compilation), &json), CNB_OK);
  CHECK(contains(&json, "\"articles\":3"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_find(county, text("存档"), text("Article"), 0, text(""), &json), CNB_OK);
  CHECK(contains(&json, "会议记录存档三年"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_load_regulations(county, text(compilation), &json), CNB_REFUSED);
  CHECK_STATUS(cnb_load_regulations(county, text("\xff\xfe"), &json), CNB_INVALID_INPUT);
}

const named_case record_cases[] = {
    {"what_was_put_is_got_set_deleted_and_its_history_told", what_was_put_is_got_set_deleted_and_its_history_told},
    {"a_rollback_leaves_nothing", a_rollback_leaves_nothing},
    {"a_refused_change_leaves_the_transaction_usable_and_unchanged",
     a_refused_change_leaves_the_transaction_usable_and_unchanged},
    {"who_asks_before_writing_hears_all_that_is_wrong", who_asks_before_writing_hears_all_that_is_wrong},
    {"a_place_is_kept_with_what_was_written_or_not_at_all", a_place_is_kept_with_what_was_written_or_not_at_all},
    {"a_message_comes_back_as_the_same_message", a_message_comes_back_as_the_same_message},
    {"s18_a_label_can_be_neither_forged_nor_stripped", s18_a_label_can_be_neither_forged_nor_stripped},
    {"a_lower_record_cannot_point_up_and_is_not_told_whether_there_is_something",
     a_lower_record_cannot_point_up_and_is_not_told_whether_there_is_something},
    {"an_attachment_comes_back_through_the_sink_which_may_stop_it",
     an_attachment_comes_back_through_the_sink_which_may_stop_it},
    {"an_empty_file_is_an_attachment_too", an_empty_file_is_an_attachment_too},
    {"a_compilation_becomes_articles_that_are_found", a_compilation_becomes_articles_that_are_found},
    {NULL, NULL}};
