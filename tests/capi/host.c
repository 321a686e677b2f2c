#define _POSIX_C_SOURCE 200809L
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check.h"

cnb_site *office, *county;
static char folder[256];
static char kept[8][1024];
static int next_kept;

static char* keep(void) {
  next_kept = (next_kept + 1) % 8;
  return kept[next_kept];
}

cnb_text text(const char* s) {
  cnb_text out;
  out.data = s;
  out.length = strlen(s);
  return out;
}

const char* path_of(const char* name) {
  char* out = keep();
  snprintf(out, sizeof kept[0], "%s/%s", folder, name);
  return out;
}

cnb_options options_of(const char* person) {
  cnb_options out;
  memset(&out, 0, sizeof out);
  out.size = sizeof out;
  out.person = text(person);
  out.passphrase = text("朱砂 correct horse 1");
  return out;
}

const char* member(const cnb_buffer* json, const char* name) {
  char key[128];
  char* out = keep();
  const char *at, *end;
  out[0] = '\0';
  if (json->data == NULL) return out;
  snprintf(key, sizeof key, "\"%s\":\"", name);
  at = strstr(json->data, key);
  if (at == NULL) return out;
  at += strlen(key);
  end = strchr(at, '"');
  if (end == NULL || (size_t)(end - at) >= sizeof kept[0]) return out;
  memcpy(out, at, (size_t)(end - at));
  out[end - at] = '\0';
  return out;
}

int contains(const cnb_buffer* json, const char* part) {
  return json->data != NULL && strstr(json->data, part) != NULL;
}

const char* put_unit(cnb_site* site, const char* code, const char* label) {
  cnb_transaction* t = NULL;
  cnb_buffer json = {NULL, 0};
  char fields[256];
  const char* id;
  snprintf(fields, sizeof fields, "{\"code\":\"%s\",\"name\":\"办公室 %s\",\"level\":\"county\"}", code, code);
  CHECK_STATUS(cnb_begin(site, &t), CNB_OK);
  CHECK_STATUS(cnb_put(t, text("OrgUnit"), text(fields), text(label), text(""), &json), CNB_OK);
  CHECK_STATUS(cnb_commit(t), CNB_OK);
  id = member(&json, "id");
  CHECK(id[0] != '\0');
  cnb_buffer_free(&json);
  return id;
}

cnb_status set_fields(cnb_site* site, const char* id, const char* fields) {
  cnb_transaction* t = NULL;
  cnb_status status = cnb_begin(site, &t);
  if (status != CNB_OK) return status;
  status = cnb_set(t, text(id), text(fields), NULL);
  if (status == CNB_OK) return cnb_commit(t);
  cnb_rollback(t);
  return status;
}

cnb_status carry(cnb_site* from, const char* to_name, cnb_site* to, const char* stick) {
  cnb_export_options all;
  char way[1024];
  memset(&all, 0, sizeof all);
  all.size = sizeof all;
  all.channel = text("dedicatedCourier");
  snprintf(way, sizeof way, "%s", path_of(stick));
  CHECK_STATUS(cnb_export(from, text(to_name), text(way), &all, NULL), CNB_OK);
  return cnb_import(to, text(way), 0, NULL);
}

void write_file(const char* path, const void* data, size_t length) {
  FILE* file = fopen(path, "wb");
  CHECK(file != NULL && fwrite(data, 1, length, file) == length);
  if (file != NULL) fclose(file);
}

char* read_file(const char* path, size_t* length) {
  FILE* file = fopen(path, "rb");
  char* data = NULL;
  long size = 0;
  *length = 0;
  CHECK(file != NULL);
  if (file == NULL) return calloc(1, 1);
  fseek(file, 0, SEEK_END);
  size = ftell(file);
  rewind(file);
  data = malloc((size_t)size + 1);
  *length = fread(data, 1, (size_t)size, file);
  data[*length] = '\0';
  fclose(file);
  return data;
}

void copy_file(const char* from, const char* to) {
  size_t length = 0;
  char* data = read_file(from, &length);
  write_file(to, data, length);
  free(data);
}

static void run(const char* format, const char* a, const char* b) {
  char command[2600];
  snprintf(command, sizeof command, format, a, b);
  CHECK(system(command) == 0);
}

void copy_site(const char* from, const char* to) { run("cp -r '%s' '%s'", from, to); }

void host_begin(void) {
  cnb_options chief = options_of("chief"), clerk = options_of("clerk");
  cnb_buffer request = {NULL, 0}, grant = {NULL, 0}, made = {NULL, 0};
  char pattern[] = "/tmp/cinnabar-host-XXXXXX";
  snprintf(folder, sizeof folder, "%s", mkdtemp(pattern));
  CHECK_STATUS(cnb_office_create(text(path_of("hq")), &chief, text("hq"), text("行署"), NULL, &made), CNB_OK);
  CHECK_STATUS(cnb_open(text(path_of("hq")), &chief, &office), CNB_OK);
  CHECK_STATUS(cnb_join_request(text(path_of("gar")), &clerk, text("gar"), text("噶尔县"), &request), CNB_OK);
  CHECK_STATUS(cnb_join_approve(office, (cnb_text){request.data, request.length}, text("confidential"),
                                text("[\"road\"]"), text("2099-12-31"), &grant),
               CNB_OK);
  CHECK_STATUS(cnb_join_accept(text(path_of("gar")), &clerk, (cnb_text){grant.data, grant.length}, NULL), CNB_OK);
  CHECK_STATUS(cnb_open(text(path_of("gar")), &clerk, &county), CNB_OK);
  write_file(path_of("grant"), grant.data, grant.length);
  write_file(path_of("request"), request.data, request.length);
  cnb_buffer_free(&request);
  cnb_buffer_free(&grant);
  cnb_buffer_free(&made);
}

void host_end(void) {
  cnb_close(office);
  cnb_close(county);
  run("rm -r '%s'%s", folder, "");
}
