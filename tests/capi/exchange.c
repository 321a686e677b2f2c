/* Bundles, conflicts, the state of things, backups. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "host.h"

static void a_bundle_brings_records_to_the_other_side(void) {
  cnb_buffer json = {NULL, 0}, digest = {NULL, 0};
  char id[64], file[1024];
  strcpy(id, put_unit(office, "sent", ""));
  put_unit(office, "sent-internal", "内部");
  CHECK_STATUS(cnb_export(office, text("gar"), text(path_of("sent")), NULL, &json), CNB_OK);
  CHECK(contains(&json, "\"to\":\"gar\"") && contains(&json, "\"changes\":") && contains(&json, "\"carrier\":"));
  snprintf(file, sizeof file, "%s", member(&json, "file"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_inspect(text(file), &json), CNB_OK);
  CHECK(strcmp(member(&json, "from"), "hq") == 0 && strcmp(member(&json, "to"), "gar") == 0 &&
        contains(&json, "\"suite\":1"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_import(county, text(path_of("sent")), 1, &json), CNB_OK);
  CHECK(contains(&json, "\"dryRun\":true"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_get(county, text(id), NULL), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_import(county, text(path_of("sent")), 0, &json), CNB_OK);
  CHECK(contains(&json, "\"dryRun\":false"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_get(county, text(id), NULL), CNB_OK);
  CHECK_STATUS(cnb_import(office, text(file), 0, &json), CNB_MISDIRECTED);
  CHECK(json.data == NULL);
  CHECK_STATUS(cnb_site_status(county, &json), CNB_OK);
  CHECK(contains(&json, "\"contacts\":[{") && contains(&json, "\"vector\":{"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_digest(county, text("internal"), &digest), CNB_OK);
  CHECK(contains(&digest, "\"level\":\"internal\"") && !contains(&digest, "\"level\":\"public\""));
  cnb_buffer_free(&digest);
  CHECK_STATUS(cnb_digest(county, text("planet"), &digest), CNB_NOT_FOUND);
}

static void an_order_of_an_export_is_kept(void) {
  cnb_export_options only;
  cnb_buffer json = {NULL, 0};
  memset(&only, 0, sizeof only);
  only.size = sizeof only;
  put_unit(office, "only-public", "");
  put_unit(office, "only-internal", "内部");
  only.levels = text("[\"internal\"]");
  CHECK_STATUS(cnb_export(office, text("gar"), text(path_of("only")), &only, &json), CNB_OK);
  CHECK(contains(&json, "\"level\":\"internal\"") && !contains(&json, "\"level\":\"public\""));
  cnb_buffer_free(&json);
  /* Over the internet travels nothing but what is public. */
  only.levels = text("");
  only.channel = text("internet");
  put_unit(office, "internet", "内部");
  CHECK_STATUS(cnb_export(office, text("gar"), text(path_of("internet")), &only, &json), CNB_OK);
  CHECK(!contains(&json, "\"level\":\"internal\"") && !contains(&json, "\"level\":\"confidential\""));
  cnb_buffer_free(&json);
  only.channel = text("pigeon");
  CHECK_STATUS(cnb_export(office, text("gar"), text(path_of("only")), &only, &json), CNB_INVALID_ARGUMENT);
  only.channel = text("");
  only.levels = text("[\"planet\"]");
  CHECK_STATUS(cnb_export(office, text("gar"), text(path_of("only")), &only, &json), CNB_INVALID_ARGUMENT);
  only.levels = text("7");
  CHECK_STATUS(cnb_export(office, text("gar"), text(path_of("only")), &only, &json), CNB_INVALID_ARGUMENT);
  only.levels = text("[[");
  CHECK_STATUS(cnb_export(office, text("gar"), text(path_of("only")), &only, &json), CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_export(office, text("nowhere"), text(path_of("only")), NULL, &json), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_export(office, text("hq"), text(path_of("only")), NULL, &json), CNB_NOT_FOUND);
}

static int count_and_stop(void* user, const char* what, uint64_t done, uint64_t total) {
  int* const calls = user;
  (void)what;
  CHECK(done <= total || total == 0);
  return ++*calls > 1;
}

static void a_cancelled_import_changes_nothing_and_can_be_repeated(void) {
  cnb_options clerk = options_of("clerk");
  cnb_buffer before = {NULL, 0}, after = {NULL, 0};
  cnb_site* site = NULL;
  int calls = 0, i;
  char code[32];
  CHECK_STATUS(carry(office, "gar", county, "cancel-before"), CNB_OK);
  for (i = 0; i < 5; ++i) {
    sprintf(code, "cancel-%d", i);
    put_unit(office, code, "");
  }
  CHECK_STATUS(cnb_export(office, text("gar"), text(path_of("cancel")), NULL, NULL), CNB_OK);
  clerk.progress = count_and_stop;
  clerk.progress_user = &calls;
  CHECK_STATUS(cnb_open(text(path_of("gar")), &clerk, &site), CNB_OK);
  CHECK_STATUS(cnb_digest(site, text(""), &before), CNB_OK);
  CHECK_STATUS(cnb_import(site, text(path_of("cancel")), 0, NULL), CNB_CANCELLED);
  CHECK(strcmp(cnb_error_last()->code, "cancelled") == 0);
  CHECK(calls == 2);
  CHECK_STATUS(cnb_digest(site, text(""), &after), CNB_OK);
  CHECK(strcmp(before.data, after.data) == 0);
  cnb_buffer_free(&before);
  cnb_buffer_free(&after);
  CHECK_STATUS(cnb_verify(site, NULL), CNB_CANCELLED);
  CHECK_STATUS(cnb_backup(site, text(path_of("cancelled.bak")), NULL), CNB_CANCELLED);
  calls = 1;
  CHECK_STATUS(cnb_attach(site, text(put_unit(site, "cancel-attach", "")), text(path_of("photo.jpg")), text(""), NULL),
               CNB_CANCELLED);
  CHECK_STATUS(cnb_load_regulations(site, text("另一会议制度\n\n\n第一条 甲。\n\n\n第二条 乙。\n"), NULL),
               CNB_CANCELLED);
  cnb_close(site);
  CHECK_STATUS(cnb_import(county, text(path_of("cancel")), 0, NULL), CNB_OK);
  CHECK_STATUS(cnb_digest(county, text("public"), &after), CNB_OK);
  CHECK_STATUS(carry(county, "hq", office, "cancel-back"), CNB_OK);
  CHECK_STATUS(cnb_digest(office, text("public"), &before), CNB_OK);
  CHECK(strcmp(member(&before, "digest"), member(&after, "digest")) == 0);
  cnb_buffer_free(&before);
  cnb_buffer_free(&after);
}

static void a_conflict_is_shown_and_settled_for_both(void) {
  cnb_buffer json = {NULL, 0};
  char id[64], conflict[128];
  strcpy(id, put_unit(office, "contested", ""));
  CHECK_STATUS(carry(office, "gar", county, "k1"), CNB_OK);
  CHECK_STATUS(set_fields(office, id, "{\"name\":\"署\"}"), CNB_OK);
  CHECK_STATUS(set_fields(county, id, "{\"name\":\"县\"}"), CNB_OK);
  CHECK_STATUS(carry(county, "hq", office, "k2"), CNB_OK);
  CHECK_STATUS(cnb_conflicts(office, &json), CNB_OK);
  CHECK(contains(&json, "\"署\"") && contains(&json, "\"县\"") && contains(&json, "\"field\":\"name\""));
  strcpy(conflict, member(&json, "id"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_resolve(office, text(conflict), 2, text(""), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_resolve(office, text(conflict), -1, text(""), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_resolve(office, text(conflict), 0, text("\"broken"), &json), CNB_INVALID_INPUT);
  CHECK_STATUS(cnb_resolve(office, text("none.name"), 0, text(""), &json), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_resolve(office, text(conflict), 0, text("\"署县\""), &json), CNB_OK);
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_resolve(office, text(conflict), 0, text(""), &json), CNB_NOT_FOUND);
  CHECK_STATUS(carry(office, "gar", county, "k3"), CNB_OK);
  CHECK_STATUS(cnb_get(county, text(id), &json), CNB_OK);
  CHECK(contains(&json, "署县"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_violations(county, &json), CNB_OK);
  CHECK(contains(&json, "\"violations\":["));
  cnb_buffer_free(&json);
}

static void a_site_verifies_and_is_restored_from_its_backup(void) {
  cnb_options clerk = options_of("clerk");
  cnb_buffer json = {NULL, 0}, digest = {NULL, 0}, again = {NULL, 0};
  cnb_site* site = NULL;
  size_t length = 0;
  char* bytes;
  CHECK_STATUS(cnb_verify(county, &json), CNB_OK);
  CHECK(contains(&json, "\"ok\":true") && !contains(&json, "\"ok\":false"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_doctor(text(path_of("gar")), &clerk, &json), CNB_OK);
  CHECK(contains(&json, "\"ok\":true"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_backup(county, text(path_of("gar.bak")), &json), CNB_OK);
  CHECK(contains(&json, "\"bytes\":"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_backup(county, text(path_of("gar.bak")), NULL), CNB_REFUSED);
  CHECK_STATUS(cnb_restore(text(path_of("gar.bak")), text(path_of("gar")), &clerk, NULL), CNB_REFUSED);
  CHECK_STATUS(cnb_restore(text(path_of("gar.bak")), text(path_of("restored")), &clerk, NULL), CNB_OK);
  CHECK_STATUS(cnb_open(text(path_of("restored")), &clerk, &site), CNB_OK);
  CHECK_STATUS(cnb_digest(county, text(""), &digest), CNB_OK);
  CHECK_STATUS(cnb_digest(site, text(""), &again), CNB_OK);
  CHECK(strcmp(digest.data, again.data) == 0);
  cnb_buffer_free(&digest);
  cnb_buffer_free(&again);
  cnb_close(site);
  bytes = read_file(path_of("gar.bak"), &length);
  bytes[length / 2] ^= 4;
  write_file(path_of("changed.bak"), bytes, length);
  write_file(path_of("cut.bak"), bytes, 20);
  free(bytes);
  CHECK_STATUS(cnb_restore(text(path_of("changed.bak")), text(path_of("nowhere")), &clerk, NULL), CNB_FORGED);
  CHECK_STATUS(cnb_restore(text(path_of("cut.bak")), text(path_of("nowhere")), &clerk, NULL), CNB_FORGED);
  CHECK_STATUS(cnb_open(text(path_of("nowhere")), &clerk, &site), CNB_NOT_FOUND);
}

const named_case exchange_cases[] = {
    {"a_bundle_brings_records_to_the_other_side", a_bundle_brings_records_to_the_other_side},
    {"an_order_of_an_export_is_kept", an_order_of_an_export_is_kept},
    {"a_cancelled_import_changes_nothing_and_can_be_repeated", a_cancelled_import_changes_nothing_and_can_be_repeated},
    {"a_conflict_is_shown_and_settled_for_both", a_conflict_is_shown_and_settled_for_both},
    {"a_site_verifies_and_is_restored_from_its_backup", a_site_verifies_and_is_restored_from_its_backup},
    {NULL, NULL}};
