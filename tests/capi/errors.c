/* Each status from where a host would meet it, and what is said about it. CNB_INTERNAL has no way to it:
 * boundary_test.cpp. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "host.h"

static void an_error_has_a_code_a_message_and_details_for_programs(void) {
  const cnb_error* error;
  cnb_transaction* t = NULL;
  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  CHECK_STATUS(cnb_put(t, text("OrgUnit"), text("{\"code\":\"e\",\"name\":\"a\"}"), text(""), text(""), NULL),
               CNB_REFUSED);
  cnb_rollback(t);
  error = cnb_error_last();
  CHECK(error->size == sizeof *error && error->status == CNB_REFUSED && strcmp(error->code, "refused") == 0);
  CHECK(strstr(error->message, "OrgUnit") != NULL && strstr(error->message, "level") != NULL);
  CHECK(strstr(error->detail, "\"field\":\"level") != NULL && strstr(error->detail, "\"rule\":\"required\"") != NULL &&
        strstr(error->detail, "\"article\":\"L166") != NULL);
  /* A success leaves it as it is. */
  CHECK_STATUS(cnb_describe(county, NULL), CNB_OK);
  CHECK(cnb_error_last()->status == CNB_REFUSED);
}

/* s10 */
static void not_there_and_not_for_you_are_the_same_words(void) {
  cnb_options low = options_of("clerk");
  cnb_site* site = NULL;
  char hidden[64], seen[512];
  strcpy(hidden, put_unit(county, "hidden", "秘密★一年"));
  low.level = text("internal");
  CHECK_STATUS(cnb_open(text(path_of("gar")), &low, &site), CNB_OK);
  CHECK_STATUS(cnb_get(site, text(hidden), NULL), CNB_NOT_FOUND);
  snprintf(seen, sizeof seen, "%s|%s", cnb_error_last()->message, cnb_error_last()->detail);
  hidden[strlen(hidden) - 2] = hidden[strlen(hidden) - 2] == '2' ? '3' : '2';
  CHECK_STATUS(cnb_get(site, text(hidden), NULL), CNB_NOT_FOUND);
  {
    char other[512];
    snprintf(other, sizeof other, "%s|%s", cnb_error_last()->message, cnb_error_last()->detail);
    CHECK(strcmp(seen, other) == 0);
  }
  CHECK_STATUS(cnb_get(site, text("no id at all"), NULL), CNB_NOT_FOUND);
  cnb_close(site);
}

static void a_failed_call_empties_its_buffer(void) {
  cnb_buffer rubbish;
  memset(&rubbish, 0x5A, sizeof rubbish);
  CHECK_STATUS(cnb_get(county, text("x"), &rubbish), CNB_NOT_FOUND);
  CHECK(rubbish.data == NULL && rubbish.length == 0);
  cnb_buffer_free(&rubbish);
}

static cnb_status open_copy(const char* name) {
  cnb_options clerk = options_of("clerk");
  cnb_site* site = NULL;
  const cnb_status status = cnb_open(text(path_of(name)), &clerk, &site);
  cnb_close(site);
  return status;
}

static void storage_that_is_not_as_it_was_left_is_told_apart(void) {
  size_t length = 0;
  char *keyring, vault[1024], note[1024];
  CHECK_STATUS(open_copy("nothing-here"), CNB_NOT_FOUND);

  /* Checkpointed, so that a vault is one file. */
  CHECK_STATUS(cnb_verify(county, NULL), CNB_OK);
  copy_site(path_of("gar"), path_of("older"));
  put_unit(county, "newer", "内部");
  CHECK_STATUS(cnb_verify(county, NULL), CNB_OK);
  copy_site(path_of("gar"), path_of("copy"));
  CHECK_STATUS(open_copy("copy"), CNB_OK);

  snprintf(vault, sizeof vault, "%s", path_of("copy/internal.vault"));
  rename(vault, path_of("aside"));
  CHECK_STATUS(open_copy("copy"), CNB_MISSING_VAULT);
  copy_file(path_of("copy/public.vault"), vault);
  CHECK_STATUS(open_copy("copy"), CNB_DAMAGED); /* another key: its owner cannot be told */
  remove(path_of("copy/internal.vault-wal"));
  remove(path_of("copy/internal.vault-shm"));
  copy_file(path_of("older/internal.vault"), vault);
  CHECK_STATUS(open_copy("copy"), CNB_ROLLED_BACK);
  {
    cnb_options clerk = options_of("clerk");
    cnb_buffer json = {NULL, 0};
    CHECK_STATUS(cnb_doctor(text(path_of("copy")), &clerk, &json), CNB_OK);
    CHECK(contains(&json, "\"ok\":false"));
    cnb_buffer_free(&json);
    CHECK_STATUS(cnb_accept_rollback(text(path_of("copy")), &clerk), CNB_OK);
    CHECK_STATUS(open_copy("copy"), CNB_OK);
  }
  snprintf(note, sizeof note, "%s", path_of("copy/keyring"));
  keyring = read_file(note, &length);
  keyring[length / 2] ^= 1;
  write_file(note, keyring, length);
  CHECK_STATUS(open_copy("copy"), CNB_DAMAGED);
  free(keyring);
}

static void a_bundle_of_another_group_is_foreign_and_a_changed_one_is_forged(void) {
  cnb_options chief = options_of("chief"), clerk = options_of("clerk");
  cnb_site* stranger = NULL;
  cnb_buffer request = {NULL, 0}, grant = {NULL, 0}, json = {NULL, 0};
  char file[1024];
  size_t length = 0;
  char* bytes;
  /* An office of another name, so that its bundles are addressed to "gar" by a site that ours does not know. */
  CHECK_STATUS(cnb_office_create(text(path_of("far-hq")), &chief, text("far"), text(""), NULL, NULL), CNB_OK);
  CHECK_STATUS(cnb_open(text(path_of("far-hq")), &chief, &stranger), CNB_OK);
  CHECK_STATUS(cnb_join_request(text(path_of("far-gar")), &clerk, text("gar"), text(""), &request), CNB_OK);
  CHECK_STATUS(
      cnb_join_approve(stranger, (cnb_text){request.data, request.length}, text("public"), text(""), text(""), &grant),
      CNB_OK);
  put_unit(stranger, "far", "");
  CHECK_STATUS(cnb_export(stranger, text("gar"), text(path_of("far-stick")), NULL, &json), CNB_OK);
  snprintf(file, sizeof file, "%s", member(&json, "file"));
  CHECK_STATUS(cnb_import(county, text(file), 0, NULL), CNB_FOREIGN);
  bytes = read_file(file, &length);
  CHECK_STATUS(cnb_inspect(text(path_of("far-stick/none.cnb")), NULL), CNB_NOT_FOUND);
  write_file(path_of("noise.cnb"), "noise, and nothing but noise", 28);
  CHECK_STATUS(cnb_inspect(text(path_of("noise.cnb")), NULL), CNB_FORGED);
  CHECK_STATUS(cnb_import(county, text(path_of("noise.cnb")), 0, NULL), CNB_FORGED);
  bytes[4] = 9; /* the suite */
  write_file(path_of("later.cnb"), bytes, length);
  CHECK_STATUS(cnb_inspect(text(path_of("later.cnb")), NULL), CNB_NEWER_FORMAT);
  free(bytes);
  cnb_close(stranger);
  cnb_buffer_free(&request);
  cnb_buffer_free(&grant);
  cnb_buffer_free(&json);
}

static void too_long_is_a_limit(void) {
  const size_t length = (16u << 20) + 1;
  char* spaces = malloc(length);
  cnb_transaction* t = NULL;
  memset(spaces, ' ', length);
  CHECK_STATUS(cnb_begin(county, &t), CNB_OK);
  {
    const cnb_status status = cnb_put(t, text("OrgUnit"), (cnb_text){spaces, length}, text(""), text(""), NULL);
    CHECK(status == CNB_LIMIT || status == CNB_INVALID_INPUT);
  }
  cnb_rollback(t);
  CHECK_STATUS(
      cnb_sql(county,
              text("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<1000001) SELECT n FROM c"),
              NULL),
      CNB_LIMIT);
  free(spaces);
}

static void a_full_disk_is_told_and_leaves_nothing(void) {
  /* The bundle's part file is a device that is always full. */
  char part[1024];
  cnb_buffer json = {NULL, 0};
  put_unit(office, "full", "");
  CHECK_STATUS(cnb_export(office, text("gar"), text(path_of("room")), NULL, &json), CNB_OK);
  {
    const char* slash = strrchr(member(&json, "file"), '/');
    long number = 0;
    char rest[256] = "";
    CHECK(slash != NULL && sscanf(slash + 1, "%ld-%255s", &number, rest) == 2);
    snprintf(part, sizeof part, "%s/%ld-%s.part", path_of("full"), number + 1, rest);
  }
  cnb_buffer_free(&json);
  put_unit(office, "full-2", "");
  {
    char make[2048];
    snprintf(make, sizeof make, "mkdir '%s' && ln -s /dev/full '%s'", path_of("full"), part);
    CHECK(system(make) == 0);
  }
  CHECK_STATUS(cnb_export(office, text("gar"), text(path_of("full")), NULL, &json), CNB_DISK_FULL);
  CHECK(json.data == NULL);
  CHECK_STATUS(cnb_export(office, text("gar"), text(path_of("room-2")), NULL, NULL), CNB_OK);
}

static void a_place_that_cannot_be_written_is_told(void) {
  cnb_status status = cnb_export(office, text("gar"), text("/proc/cinnabar"), NULL, NULL);
  CHECK(status == CNB_NOT_FOUND || status == CNB_READ_ONLY || status == CNB_IO);
  status = cnb_export(office, text("gar"), text("/sys/cinnabar"), NULL, NULL);
  CHECK(status == CNB_READ_ONLY || status == CNB_IO);
  write_file(path_of("no-folder"), "x", 1);
  put_unit(office, "io", "");
  status = cnb_backup(office, text(path_of("no-folder/x.bak")), NULL);
  CHECK(status == CNB_NOT_FOUND || status == CNB_IO);
  CHECK_STATUS(cnb_attach(office, text(put_unit(office, "io-2", "")), text("/proc/self/mem"), text(""), NULL), CNB_IO);
}

static void another_process_that_holds_a_vault_makes_us_busy(void) {
  int ready[2], done[2], status = 0;
  char byte = 0;
  pid_t other;
  char id[64];
  strcpy(id, put_unit(county, "busy", ""));
  CHECK(pipe(ready) == 0 && pipe(done) == 0);
  other = fork();
  if (other == 0) {
    cnb_options clerk = options_of("clerk");
    cnb_site* site = NULL;
    cnb_transaction* t = NULL;
    int good = cnb_open(text(path_of("gar")), &clerk, &site) == CNB_OK && cnb_begin(site, &t) == CNB_OK &&
               cnb_set(t, text(id), text("{\"name\":\"theirs\"}"), NULL) == CNB_OK;
    if (write(ready[1], "r", 1) != 1 || read(done[0], &byte, 1) != 1) good = 0;
    cnb_rollback(t);
    _exit(good ? 0 : 1);
  }
  CHECK(read(ready[0], &byte, 1) == 1);
  CHECK_STATUS(set_fields(county, id, "{\"name\":\"ours\"}"), CNB_BUSY);
  CHECK_STATUS(cnb_get(county, text(id), NULL), CNB_OK); /* a reader does not wait */
  CHECK(write(done[1], "d", 1) == 1);
  CHECK(waitpid(other, &status, 0) == other && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  CHECK_STATUS(set_fields(county, id, "{\"name\":\"ours\"}"), CNB_OK);
}

const named_case error_cases[] = {
    {"an_error_has_a_code_a_message_and_details_for_programs", an_error_has_a_code_a_message_and_details_for_programs},
    {"not_there_and_not_for_you_are_the_same_words", not_there_and_not_for_you_are_the_same_words},
    {"a_failed_call_empties_its_buffer", a_failed_call_empties_its_buffer},
    {"storage_that_is_not_as_it_was_left_is_told_apart", storage_that_is_not_as_it_was_left_is_told_apart},
    {"a_bundle_of_another_group_is_foreign_and_a_changed_one_is_forged",
     a_bundle_of_another_group_is_foreign_and_a_changed_one_is_forged},
    {"too_long_is_a_limit", too_long_is_a_limit},
    {"a_full_disk_is_told_and_leaves_nothing", a_full_disk_is_told_and_leaves_nothing},
    {"a_place_that_cannot_be_written_is_told", a_place_that_cannot_be_written_is_told},
    {"another_process_that_holds_a_vault_makes_us_busy", another_process_that_holds_a_vault_makes_us_busy},
    {NULL, NULL}};
