/* The register of carriers, as a host keeps it. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "host.h"

static char unit_code[] = "carriers-unit";

static void put_fields(const char* entity, const char* fields) {
  cnb_transaction* t = NULL;
  CHECK_STATUS(cnb_begin(office, &t), CNB_OK);
  CHECK_STATUS(cnb_put(t, text(entity), text(fields), text(""), text(""), NULL), CNB_OK);
  CHECK_STATUS(cnb_commit(t), CNB_OK);
}

static void prepare(void) {
  static int done = 0;
  char unit[64], fields[256];
  const char* people[] = {"k1", "k2", "k3", "k4"};
  unsigned i;
  if (done) return;
  done = 1;
  strcpy(unit, put_unit(office, unit_code, ""));
  for (i = 0; i < sizeof people / sizeof *people; ++i) {
    snprintf(fields, sizeof fields, "{\"employeeNo\":\"%s\",\"name\":\"%s\",\"orgUnit\":\"%s\"}", people[i], people[i],
             unit);
    put_fields("Person", fields);
  }
}

static cnb_status act(const char* word, const char* details, cnb_buffer* json) {
  cnb_transaction* t = NULL;
  cnb_status status = cnb_begin(office, &t);
  if (status != CNB_OK) return status;
  status = cnb_carrier_act(t, text(word), text(details), json);
  if (status == CNB_OK) return cnb_commit(t);
  cnb_rollback(t);
  return status;
}

static const char make_two[] =
    "{\"by\":\"k1\",\"unit\":\"carriers-unit\",\"title\":\"文件\",\"medium\":\"paper\",\"label\":\"机密\","
    "\"distribution\":\"科室\",\"copies\":2}";

static void a_carrier_is_made_read_and_shown_with_its_life(void) {
  cnb_buffer json = {NULL, 0};
  char id[64], details[128];
  prepare();
  CHECK_STATUS(act("make", make_two, &json), CNB_OK);
  CHECK(contains(&json, "\"copy\":\"001\"") && contains(&json, "\"copy\":\"002\""));
  strcpy(id, member(&json, "id"));
  cnb_buffer_free(&json);
  snprintf(details, sizeof details, "{\"carrier\":\"%s\",\"by\":\"k2\"}", id);
  CHECK_STATUS(act("read", details, NULL), CNB_OK);
  CHECK_STATUS(cnb_carrier_show(office, text(id), &json), CNB_OK);
  CHECK(contains(&json, "\"state\":\"readOut\"") && contains(&json, "\"event\":\"read\""));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_carrier_report(office, text("leaving"), text("{\"person\":\"k1\"}"), &json), CNB_OK);
  CHECK(contains(&json, "\"blocked\":true") && contains(&json, id));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_carrier_report(office, text("out"), text(""), NULL), CNB_OK);
  CHECK_STATUS(cnb_carrier_report(office, text("passwords"), text(""), NULL), CNB_OK);
}

static void a_refused_act_names_rule_and_article_and_writes_nothing(void) {
  cnb_transaction* t = NULL;
  cnb_buffer json = {NULL, 0};
  prepare();
  CHECK_STATUS(cnb_begin(office, &t), CNB_OK);
  CHECK_STATUS(cnb_carrier_act(t, text("make"),
                               text("{\"by\":\"k1\",\"unit\":\"carriers-unit\",\"title\":\"x\",\"medium\":\"paper\","
                                    "\"label\":\"机密\"}"),
                               &json),
               CNB_REFUSED);
  CHECK(json.data == NULL);
  CHECK(strstr(cnb_error_last()->detail, "car-number") != NULL && strstr(cnb_error_last()->detail, "L2097") != NULL);
  CHECK_STATUS(cnb_carrier_act(t, text("make"), text(make_two), NULL), CNB_OK);
  CHECK_STATUS(cnb_commit(t), CNB_OK);
}

static void what_makes_no_sense_is_told(void) {
  prepare();
  CHECK_STATUS(act("fly", "{}", NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(act("make", "[]", NULL), CNB_INVALID_INPUT);
  CHECK_STATUS(act("make", "{", NULL), CNB_INVALID_INPUT);
  CHECK_STATUS(act("archive", "{\"carriers\":\"〔1999〕1号\",\"by\":\"k1\"}", NULL), CNB_NOT_FOUND);
  CHECK_STATUS(act("archive", "{\"carriers\":[1],\"by\":\"k1\"}", NULL), CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_carrier_act(NULL, text("make"), text("{}"), NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_carrier_show(NULL, text("x"), NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_carrier_show(office, text("nothing"), NULL), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_carrier_report(office, text("weather"), text(""), NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_carrier_report(office, text("leaving"), text("{\"person\":\"nobody\"}"), NULL), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_carrier_report(office, text("out"), text("{\"more\":1}"), NULL), CNB_INVALID_INPUT);
}

static void what_is_kept_and_held_back_is_told(void) {
  cnb_transaction* t = NULL;
  cnb_buffer json = {NULL, 0};
  char details[128];
  const char* id;
  prepare();
  id = put_unit(office, "kept", "");
  CHECK_STATUS(cnb_retention_due(office, text(""), text("2026-01-01"), &json), CNB_OK);
  CHECK(contains(&json, "\"records\":[]"));
  cnb_buffer_free(&json);
  snprintf(details, sizeof details, "{\"record\":\"%s\",\"by\":\"k1\",\"reason\":\"诉讼\"}", id);
  CHECK_STATUS(cnb_begin(office, &t), CNB_OK);
  CHECK_STATUS(cnb_retention_act(t, text("hold"), text(details), NULL), CNB_OK);
  CHECK_STATUS(cnb_retention_act(t, text("burn"), text("{}"), NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_retention_act(t, text("list"), text("{\"by\":\"k1\"}"), NULL), CNB_REFUSED);
  CHECK_STATUS(cnb_commit(t), CNB_OK);
  CHECK_STATUS(cnb_retention_due(office, text(id), text(""), &json), CNB_OK);
  CHECK(contains(&json, "\"due\":false") && !contains(&json, "\"holds\":[]"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_retention_due(office, text(""), text("tomorrow"), NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_retention_due(office, text("nothing"), text(""), NULL), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_retention_due(NULL, text(""), text(""), NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_retention_act(NULL, text("hold"), text("{}"), NULL), CNB_INVALID_ARGUMENT);
}

static cnb_status keep_in(cnb_site* site, const char* word, const char* details, cnb_buffer* json) {
  cnb_transaction* t = NULL;
  cnb_status status = cnb_begin(site, &t);
  if (status != CNB_OK) return status;
  status = cnb_retention_act(t, text(word), text(details), json);
  if (status == CNB_OK) return cnb_commit(t);
  cnb_rollback(t);
  return status;
}

/* As the person of that name, in a handle of his own. */
static cnb_status keep(const char* person, const char* word, const char* details, cnb_buffer* json) {
  const cnb_options options = options_of(person);
  cnb_site* site = NULL;
  cnb_status status = cnb_open(text(path_of("hq")), &options, &site);
  if (status != CNB_OK) return status;
  status = keep_in(site, word, details, json);
  cnb_close(site);
  return status;
}

static void add_persons(void) {
  const char* people[] = {"k2", "k3", "k4"};
  unsigned i;
  for (i = 0; i < sizeof people / sizeof *people; ++i)
    CHECK_STATUS(cnb_person_add(office, text(people[i]), options_of(people[i]).passphrase, text("topSecret")), CNB_OK);
}

static void records_of_an_approved_list_are_destroyed_and_proven_to_be_gone(void) {
  cnb_buffer json = {NULL, 0};
  char record[64], list[64], certificate[27], details[512];
  const char* at;
  prepare();
  strcpy(record, put_unit(office, "doomed", ""));
  snprintf(
      details, sizeof details,
      "{\"year\":2000,\"title\":\"v\",\"items\":[\"%s\"],\"retention\":\"threeYears\",\"closedOn\":\"2000-01-01\"}",
      record);
  put_fields("ArchiveVolume", details);
  add_persons();
  snprintf(details, sizeof details, "{\"by\":\"k1\",\"records\":[\"%s\"]}", record);
  CHECK_STATUS(keep_in(office, "list", details, &json), CNB_OK);
  strcpy(list, member(&json, "list"));
  cnb_buffer_free(&json);
  CHECK_STATUS(set_fields(office, list, "{\"state\":\"approved\"}"), CNB_REFUSED);
  CHECK_STATUS(set_fields(office, list, "{\"decision\":\"0\"}"), CNB_REFUSED);
  snprintf(details, sizeof details, "{\"list\":\"%s\",\"by\":\"k2\"}", list);
  CHECK_STATUS(keep_in(office, "approve", details, NULL), CNB_REFUSED); /* who listed names another */
  CHECK_STATUS(keep("k2", "approve", details, NULL), CNB_OK);
  snprintf(details, sizeof details, "{\"list\":\"%s\",\"by\":\"k3\"}", list);
  CHECK_STATUS(keep("k3", "witness", details, NULL), CNB_REFUSED); /* nobody has signed for it */
  CHECK_STATUS(keep("k3", "destroy", details, &json), CNB_OK);
  CHECK(contains(&json, "\"state\":\"signed\"") && contains(&json, "\"awaits\":\"witness\""));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_get(office, text(record), NULL), CNB_OK);
  snprintf(details, sizeof details, "{\"list\":\"%s\",\"by\":\"k4\"}", list);
  CHECK_STATUS(keep("k3", "witness", details, &json), CNB_REFUSED);
  CHECK(json.data == NULL);
  CHECK(strstr(cnb_error_last()->detail, "doc-destroy-two-persons") != NULL);
  CHECK_STATUS(keep("k4", "witness", details, &json), CNB_OK);
  at = json.data == NULL ? NULL : strstr(json.data, "\"certificates\":[\"");
  CHECK(at != NULL);
  if (at == NULL) return;
  memcpy(certificate, at + strlen("\"certificates\":[\""), 26);
  certificate[26] = '\0';
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_get(office, text(record), NULL), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_get(office, text(certificate), &json), CNB_OK);
  CHECK(contains(&json, "\"state\":\"certified\"") && contains(&json, record));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_retention_prove(office, text(certificate), &json), CNB_OK);
  CHECK(contains(&json, "\"ok\":true") && contains(&json, "destroyed by k3, witnessed by k4"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_retention_prove(office, text(list), NULL), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_retention_prove(NULL, text(list), NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_retention_held(office, text(record), NULL), CNB_NOT_FOUND);
  {
    const cnb_options options = options_of("clerk");
    CHECK_STATUS(cnb_retention_erase(text(path_of("nowhere")), &options, text(certificate), text("{\"by\":1}"), NULL),
                 CNB_INVALID_INPUT);
  }
}

const named_case carrier_cases[] = {
    {"records_of_an_approved_list_are_destroyed_and_proven_to_be_gone",
     records_of_an_approved_list_are_destroyed_and_proven_to_be_gone},
    {"what_is_kept_and_held_back_is_told", what_is_kept_and_held_back_is_told},
    {"a_carrier_is_made_read_and_shown_with_its_life", a_carrier_is_made_read_and_shown_with_its_life},
    {"a_refused_act_names_rule_and_article_and_writes_nothing",
     a_refused_act_names_rule_and_article_and_writes_nothing},
    {"what_makes_no_sense_is_told", what_makes_no_sense_is_told},
    {NULL, NULL}};
