/* Who read what, as a host asks and tells. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "host.h"

static cnb_audit_query about(const char* record, int64_t limit, const char* after) {
  cnb_audit_query query;
  memset(&query, 0, sizeof query);
  query.size = sizeof query;
  query.record = text(record);
  query.limit = limit;
  query.after = text(after);
  return query;
}

static void a_read_of_a_secret_record_is_asked_for_by_record(void) {
  cnb_buffer json = {NULL, 0};
  cnb_audit_query query;
  char id[64], wanted[128];
  strcpy(id, put_unit(office, "audit-1", "机密"));
  CHECK_STATUS(cnb_get(office, text(id), NULL), CNB_OK);
  CHECK_STATUS(cnb_audit_note(office, text(id), text("printed"), text("一份")), CNB_OK);
  query = about(id, 0, "");
  CHECK_STATUS(cnb_audit(office, &query, &json), CNB_OK);
  snprintf(wanted, sizeof wanted, "\"record\":\"%s\"", id);
  CHECK(contains(&json, wanted) && contains(&json, "\"act\":\"read\"") && contains(&json, "\"act\":\"printed\""));
  CHECK(contains(&json, "一份") && !contains(&json, "办公室"));
  cnb_buffer_free(&json);
  query = about(id, 1, "");
  CHECK_STATUS(cnb_audit(office, &query, &json), CNB_OK);
  CHECK(contains(&json, "\"act\":\"read\"") && !contains(&json, "\"act\":\"printed\""));
  CHECK(!contains(&json, "\"next\":null"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_verify(office, &json), CNB_OK);
  CHECK(contains(&json, "\"audit secret\"") && !contains(&json, "\"ok\":false"));
  cnb_buffer_free(&json);
}

static void a_host_notes_only_printing_and_copying_of_what_is_there(void) {
  char id[64];
  strcpy(id, put_unit(office, "audit-2", ""));
  CHECK_STATUS(cnb_audit_note(office, text(id), text("copied"), text("")), CNB_OK);
  CHECK_STATUS(cnb_audit_note(office, text(id), text("read"), text("")), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_audit_note(office, text(id), text(""), text("")), CNB_INVALID_ARGUMENT);
  id[20] = id[20] == '0' ? '1' : '0';
  CHECK_STATUS(cnb_audit_note(office, text(id), text("copied"), text("")), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_audit_note(NULL, text(id), text("copied"), text("")), CNB_INVALID_ARGUMENT);
}

static void a_question_to_the_audit_has_limits(void) {
  cnb_audit_query query = about("", 10001, "");
  CHECK_STATUS(cnb_audit(office, &query, NULL), CNB_INVALID_ARGUMENT);
  query = about("", -1, "");
  CHECK_STATUS(cnb_audit(office, &query, NULL), CNB_INVALID_ARGUMENT);
  query = about("", 0, "[1,2]");
  CHECK_STATUS(cnb_audit(office, &query, NULL), CNB_INVALID_INPUT);
  query.size = 3;
  CHECK_STATUS(cnb_audit(office, &query, NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_audit(NULL, NULL, NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_audit(office, NULL, NULL), CNB_OK);
}

const named_case audit_cases[] = {
    {"a_read_of_a_secret_record_is_asked_for_by_record", a_read_of_a_secret_record_is_asked_for_by_record},
    {"a_host_notes_only_printing_and_copying_of_what_is_there",
     a_host_notes_only_printing_and_copying_of_what_is_there},
    {"a_question_to_the_audit_has_limits", a_question_to_the_audit_has_limits},
    {NULL, NULL}};
