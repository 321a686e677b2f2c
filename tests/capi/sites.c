/* Sites, people, handles, options. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "host.h"

static void the_version_is_that_of_the_header(void) {
  char expected[32] = "0.1.";
  CHECK(CNB_VERSION_MAJOR == 0 && CNB_VERSION_MINOR == 1);
  CHECK(strncmp(cnb_version(), expected, 4) == 0);
}

static void a_site_says_who_it_is_and_who_opened_it(void) {
  cnb_buffer json = {NULL, 0};
  CHECK_STATUS(cnb_describe(county, &json), CNB_OK);
  CHECK(json.data[json.length] == '\0' && strlen(json.data) == json.length);
  CHECK(strcmp(member(&json, "site"), "gar") == 0);
  CHECK(strcmp(member(&json, "person"), "clerk") == 0);
  CHECK(strcmp(member(&json, "clearance"), "confidential") == 0);
  CHECK(contains(&json, "\"office\":false"));
  CHECK(contains(&json, "\"levels\":[\"public\",\"internal\",\"confidential\"]"));
  cnb_buffer_free(&json);
  CHECK(json.data == NULL && json.length == 0);
  CHECK_STATUS(cnb_site_list(office, &json), CNB_OK);
  CHECK(contains(&json, "\"site\":\"gar\"") && contains(&json, "\"circles\":[\"road\"]") &&
        contains(&json, "2099-12-31"));
  cnb_buffer_free(&json);
}

static void the_root_key_is_given_once_and_in_base64(void) {
  cnb_options chief = options_of("chief");
  cnb_buffer root = {NULL, 0}, json = {NULL, 0};
  CHECK_STATUS(cnb_office_create(text(path_of("other-hq")), &chief, text("hq"), text(""), &root, &json), CNB_OK);
  CHECK(root.length == 88 &&
        strspn(root.data, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") == 88);
  CHECK(strcmp(member(&json, "site"), "hq") == 0 && member(&json, "group")[0] != '\0');
  cnb_buffer_free(&root);
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_office_create(text(path_of("other-hq")), &chief, text("hq"), text(""), &root, &json), CNB_REFUSED);
  CHECK(root.data == NULL && json.data == NULL);
}

static int one_key(void* user, const uint8_t slot[16], uint8_t key[32]) {
  unsigned i;
  (void)slot;
  for (i = 0; i < 32; ++i) key[i] = (uint8_t)(i + *(int*)user);
  return *(int*)user < 0;
}

static void a_key_provider_opens_what_it_made_and_nothing_else_does(void) {
  int which = 1;
  cnb_site* site = NULL;
  cnb_options token = options_of("chief");
  token.passphrase = text("");
  token.key_provider = one_key;
  token.key_user = &which;
  CHECK_STATUS(cnb_office_create(text(path_of("token")), &token, text("tok"), text(""), NULL, NULL), CNB_OK);
  CHECK_STATUS(cnb_open(text(path_of("token")), &token, &site), CNB_OK);
  cnb_close(site);
  which = 2;
  CHECK_STATUS(cnb_open(text(path_of("token")), &token, &site), CNB_BAD_KEY);
  CHECK(site == NULL);
  which = -1;
  CHECK_STATUS(cnb_open(text(path_of("token")), &token, &site), CNB_BAD_KEY);
  token = options_of("chief");
  CHECK_STATUS(cnb_open(text(path_of("token")), &token, &site), CNB_BAD_KEY);
}

static void options_of_an_older_host_are_taken_as_far_as_they_go(void) {
  /* Up to and with the passphrase: what comes after it is rubbish that must not be read. */
  cnb_options old = options_of("clerk");
  cnb_site* site = NULL;
  cnb_buffer json = {NULL, 0};
  old.size = offsetof(cnb_options, key_provider);
  memset((char*)&old + old.size, 0xAB, sizeof old - old.size);
  CHECK_STATUS(cnb_open(text(path_of("gar")), &old, &site), CNB_OK);
  CHECK_STATUS(cnb_describe(site, &json), CNB_OK);
  CHECK(contains(&json, "\"confidential\""));
  cnb_buffer_free(&json);
  cnb_close(site);
  old.size = 0;
  CHECK_STATUS(cnb_open(text(path_of("gar")), &old, &site), CNB_INVALID_ARGUMENT);
  old.size = 1 << 20;
  CHECK_STATUS(cnb_open(text(path_of("gar")), &old, &site), CNB_INVALID_ARGUMENT);
}

static void a_level_opens_up_to_itself_only(void) {
  cnb_options low = options_of("clerk");
  cnb_site* site = NULL;
  cnb_buffer json = {NULL, 0};
  char id[64];
  strcpy(id, put_unit(county, "level-only", "秘密★一年"));
  low.level = text("internal");
  CHECK_STATUS(cnb_open(text(path_of("gar")), &low, &site), CNB_OK);
  CHECK_STATUS(cnb_get(site, text(id), &json), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_get(county, text(id), NULL), CNB_OK);
  cnb_close(site);
  low.level = text("sekret");
  CHECK_STATUS(cnb_open(text(path_of("gar")), &low, &site), CNB_INVALID_ARGUMENT);
}

static void the_clock_can_be_fixed(void) {
  cnb_options then = options_of("clerk");
  cnb_site* site = NULL;
  cnb_buffer json = {NULL, 0};
  then.now_ms = 1795392000000; /* 2026-11-23T08:00:00+08:00 */
  then.now_offset_minutes = 480;
  CHECK_STATUS(cnb_open(text(path_of("gar")), &then, &site), CNB_OK);
  CHECK_STATUS(cnb_get(site, text(put_unit(site, "then", "")), &json), CNB_OK);
  CHECK(contains(&json, "\"at\":\"2026-11-23T08:00:00+08:00\""));
  cnb_buffer_free(&json);
  cnb_close(site);
}

static void people_come_change_and_go(void) {
  cnb_buffer json = {NULL, 0};
  cnb_options novice = options_of("novice");
  cnb_site* site = NULL;
  CHECK_STATUS(cnb_person_add(county, text("novice"), text("短"), text("internal")), CNB_REFUSED);
  CHECK_STATUS(cnb_person_add(county, text("novice"), text("novice's words"), text("topSecret")), CNB_REFUSED);
  CHECK_STATUS(cnb_person_add(county, text("novice"), text("novice's words"), text("planet")), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_person_add(county, text("novice"), text("novice's words"), text("internal")), CNB_OK);
  CHECK_STATUS(cnb_person_add(county, text("novice"), text("novice's words"), text("internal")), CNB_REFUSED);
  CHECK_STATUS(cnb_person_list(county, &json), CNB_OK);
  CHECK(contains(&json, "\"clerk\"") && contains(&json, "\"novice\"") && contains(&json, "\"internal\""));
  cnb_buffer_free(&json);

  CHECK_STATUS(cnb_open(text(path_of("gar")), &novice, &site), CNB_BAD_KEY);
  novice.passphrase = text("novice's words");
  CHECK_STATUS(cnb_open(text(path_of("gar")), &novice, &site), CNB_OK);
  CHECK_STATUS(cnb_passphrase_change(site, text("short")), CNB_REFUSED);
  CHECK_STATUS(cnb_passphrase_change(site, text("other words")), CNB_OK);
  CHECK_STATUS(cnb_person_clear(site, text("clerk"), text("public")), CNB_REFUSED);
  cnb_close(site);
  CHECK_STATUS(cnb_open(text(path_of("gar")), &novice, &site), CNB_BAD_KEY);

  CHECK_STATUS(cnb_person_clear(county, text("novice"), text("public")), CNB_OK);
  CHECK_STATUS(cnb_person_clear(county, text("nobody"), text("public")), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_person_remove(county, text("novice")), CNB_OK);
  CHECK_STATUS(cnb_person_remove(county, text("novice")), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_person_remove(county, text("clerk")), CNB_REFUSED);
}

static void a_grant_serves_its_requester_once(void) {
  size_t length = 0;
  char *grant = read_file(path_of("grant"), &length), *request;
  cnb_options other = options_of("x");
  cnb_buffer made = {NULL, 0};
  CHECK_STATUS(cnb_join_accept(text(path_of("gar")), &other, (cnb_text){grant, length}, NULL), CNB_REFUSED);
  CHECK_STATUS(cnb_join_request(text(path_of("ritu")), &other, text("ritu"), text(""), &made), CNB_OK);
  CHECK_STATUS(cnb_join_accept(text(path_of("ritu")), &other, (cnb_text){grant, length}, NULL), CNB_MISDIRECTED);
  CHECK_STATUS(cnb_join_accept(text(path_of("ritu")), &other, text("no grant"), NULL), CNB_NEWER_FORMAT);
  CHECK_STATUS(cnb_join_approve(office, (cnb_text){made.data, made.length}, text("secret"), text("{}"), text(""), NULL),
               CNB_INVALID_INPUT);
  CHECK_STATUS(
      cnb_join_approve(office, (cnb_text){made.data, made.length}, text("secret"), text("[1]"), text(""), NULL),
      CNB_INVALID_INPUT);
  CHECK_STATUS(
      cnb_join_approve(office, (cnb_text){made.data, made.length}, text("secret"), text(""), text("2099-02-30"), NULL),
      CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_join_approve(county, (cnb_text){made.data, made.length}, text("internal"), text(""), text(""), NULL),
               CNB_REFUSED);
  made.data[made.length - 1] ^= 1;
  CHECK_STATUS(cnb_join_approve(office, (cnb_text){made.data, made.length}, text("secret"), text(""), text(""), NULL),
               CNB_FORGED);
  cnb_buffer_free(&made);
  /* The name is taken by another key. */
  CHECK_STATUS(cnb_join_request(text(path_of("twin")), &other, text("gar"), text(""), &made), CNB_OK);
  CHECK_STATUS(cnb_join_approve(office, (cnb_text){made.data, made.length}, text("secret"), text(""), text(""), NULL),
               CNB_REFUSED);
  cnb_buffer_free(&made);
  request = read_file(path_of("request"), &length);
  CHECK_STATUS(cnb_join_approve(office, (cnb_text){request, length - 1}, text("secret"), text(""), text(""), NULL),
               CNB_INVALID_INPUT);
  free(request);
  free(grant);
}

static void a_wrong_use_of_a_handle_is_an_error_and_no_crash(void) {
  cnb_buffer json = {NULL, 0};
  cnb_site* site = NULL;
  cnb_transaction* t = NULL;
  cnb_options clerk = options_of("clerk");
  uint8_t id[16] = {0};
  cnb_close(NULL);
  cnb_rollback(NULL);
  cnb_buffer_free(NULL);
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_describe(NULL, &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_site_list(NULL, &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_snapshot(NULL, &site), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_snapshot(county, NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_open(text(path_of("gar")), &clerk, NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_open(text(""), &clerk, &site), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_person_list(NULL, &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_person_add(NULL, text("x"), text("12345678"), text("internal")), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_person_clear(NULL, text("x"), text("internal")), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_person_remove(NULL, text("x")), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_passphrase_change(NULL, text("12345678")), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_begin(NULL, &t), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_begin(county, NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_commit(NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_put(NULL, text("OrgUnit"), text("{}"), text(""), text(""), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_put_message(NULL, text("OrgUnit"), "", 0, text(""), text(""), id), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_get_message(county, NULL, &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_get_message(NULL, id, &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_get(NULL, text("x"), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_history(NULL, text("x"), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_list(NULL, text("OrgUnit"), NULL, &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_sql(NULL, text("SELECT 1"), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_find(NULL, text("x"), text(""), 0, text(""), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_label_show(NULL, text("x"), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_observe(NULL, NULL, NULL, NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_observe(county, NULL, NULL, NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_unobserve(NULL, 1), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_unobserve(county, 999), CNB_OK);
  CHECK_STATUS(cnb_attach(NULL, text("x"), text("y"), text(""), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_detach(NULL, text("x"), NULL, NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_detach(county, text("x"), NULL, NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_load_regulations(NULL, text("x"), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_export(NULL, text("x"), text("y"), NULL, &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_import(NULL, text("x"), 0, &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_conflicts(NULL, &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_resolve(NULL, text("x"), 0, text(""), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_violations(NULL, &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_site_status(NULL, &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_digest(NULL, text(""), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_verify(NULL, &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_backup(NULL, text("x"), &json), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_join_approve(NULL, text("x"), text("internal"), text(""), text(""), &json), CNB_INVALID_ARGUMENT);
  CHECK(site == NULL && t == NULL && json.data == NULL);
}

static void closing_ends_an_open_transaction_whose_handle_is_then_only_released(void) {
  cnb_options clerk = options_of("clerk");
  cnb_site* site = NULL;
  cnb_transaction *t = NULL, *second = NULL;
  cnb_buffer json = {NULL, 0};
  char id[64];
  CHECK_STATUS(cnb_open(text(path_of("gar")), &clerk, &site), CNB_OK);
  CHECK_STATUS(cnb_begin(site, &t), CNB_OK);
  CHECK_STATUS(cnb_put(t, text("OrgUnit"), text("{\"code\":\"lost\",\"name\":\"a\",\"level\":\"county\"}"), text(""),
                       text(""), &json),
               CNB_OK);
  strcpy(id, member(&json, "id"));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_begin(site, &second), CNB_INVALID_ARGUMENT);
  CHECK(second == NULL);
  CHECK_STATUS(cnb_backup(site, text(path_of("x.bak")), NULL), CNB_INVALID_ARGUMENT);
  cnb_close(site);
  CHECK_STATUS(cnb_delete(t, text(id)), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_commit(t), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_get(county, text(id), NULL), CNB_NOT_FOUND);
}

static void two_handles_on_one_folder_see_each_others_commits(void) {
  cnb_options clerk = options_of("clerk");
  cnb_site* second = NULL;
  char id[64];
  CHECK_STATUS(cnb_open(text(path_of("gar")), &clerk, &second), CNB_OK);
  strcpy(id, put_unit(second, "other-handle", ""));
  CHECK_STATUS(cnb_get(county, text(id), NULL), CNB_OK);
  CHECK_STATUS(set_fields(county, id, "{\"name\":\"乙\"}"), CNB_OK);
  CHECK_STATUS(set_fields(second, id, "{\"name\":\"丙\"}"), CNB_OK);
  cnb_close(second);
}

static void a_site_gets_new_keys_and_room_back_while_nobody_has_it_open(void) {
  cnb_options clerk = options_of("clerk");
  cnb_buffer json = {NULL, 0};
  cnb_site* site = NULL;
  copy_site(path_of("gar"), path_of("renewed"));
  CHECK_STATUS(cnb_open(text(path_of("renewed")), &clerk, &site), CNB_OK);
  CHECK_STATUS(cnb_rekey(text(path_of("renewed")), &clerk, text(""), &json), CNB_BUSY);
  CHECK(json.data == NULL);
  CHECK_STATUS(cnb_compact(text(path_of("renewed")), &clerk, NULL), CNB_BUSY);
  cnb_close(site);
  CHECK_STATUS(cnb_rekey(text(path_of("renewed")), &clerk, text("[\"internal\"]"), &json), CNB_OK);
  CHECK(contains(&json, "\"internal\"") && contains(&json, "bytesAfter") && !contains(&json, "\"public\""));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_rekey(text(path_of("renewed")), &clerk, text(""), NULL), CNB_OK);
  CHECK_STATUS(cnb_compact(text(path_of("renewed")), &clerk, &json), CNB_OK);
  CHECK(contains(&json, "\"public\""));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_rekey(text(path_of("renewed")), &clerk, text("[\"none\"]"), NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_rekey(text(path_of("renewed")), &clerk, text("{}"), NULL), CNB_INVALID_ARGUMENT);
  CHECK_STATUS(cnb_rekey(text(path_of("nowhere")), &clerk, text(""), NULL), CNB_NOT_FOUND);
  CHECK_STATUS(cnb_open(text(path_of("renewed")), &clerk, &site), CNB_OK);
  CHECK_STATUS(cnb_verify(site, &json), CNB_OK);
  CHECK(contains(&json, "\"ok\":true"));
  cnb_buffer_free(&json);
  cnb_close(site);
}

const named_case site_cases[] = {
    {"the_version_is_that_of_the_header", the_version_is_that_of_the_header},
    {"a_site_says_who_it_is_and_who_opened_it", a_site_says_who_it_is_and_who_opened_it},
    {"the_root_key_is_given_once_and_in_base64", the_root_key_is_given_once_and_in_base64},
    {"a_key_provider_opens_what_it_made_and_nothing_else_does",
     a_key_provider_opens_what_it_made_and_nothing_else_does},
    {"options_of_an_older_host_are_taken_as_far_as_they_go", options_of_an_older_host_are_taken_as_far_as_they_go},
    {"a_level_opens_up_to_itself_only", a_level_opens_up_to_itself_only},
    {"the_clock_can_be_fixed", the_clock_can_be_fixed},
    {"people_come_change_and_go", people_come_change_and_go},
    {"a_grant_serves_its_requester_once", a_grant_serves_its_requester_once},
    {"a_wrong_use_of_a_handle_is_an_error_and_no_crash", a_wrong_use_of_a_handle_is_an_error_and_no_crash},
    {"closing_ends_an_open_transaction_whose_handle_is_then_only_released",
     closing_ends_an_open_transaction_whose_handle_is_then_only_released},
    {"two_handles_on_one_folder_see_each_others_commits", two_handles_on_one_folder_see_each_others_commits},
    {"a_site_gets_new_keys_and_room_back_while_nobody_has_it_open",
     a_site_gets_new_keys_and_room_back_while_nobody_has_it_open},
    {NULL, NULL}};
