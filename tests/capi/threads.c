/* The thread rule of the header: different handles, also on one folder, in different threads at once. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "host.h"

enum { writers = 2, readers = 2, puts_each = 25 };

/* Every call of a thread and how the first that failed did; checked when the thread is done. */
typedef struct work {
  pthread_t thread;
  pthread_barrier_t* start;
  atomic_int* writing;
  char dir[512];
  int number;
  int done;
  cnb_status failed;
  char said[256];
} work;

static int went_well(work* w, cnb_status status) {
  if (status == CNB_OK) return 1;
  if (w->failed == CNB_OK) {
    w->failed = status;
    snprintf(w->said, sizeof w->said, "%s", cnb_error_last()->message);
  }
  return 0;
}

static cnb_site* open_with_the_others(work* w) {
  cnb_options chief = options_of("chief");
  cnb_site* site = NULL;
  pthread_barrier_wait(w->start);
  return went_well(w, cnb_open(text(w->dir), &chief, &site)) ? site : NULL;
}

static void* put_one_after_the_other(void* user) {
  work* w = user;
  cnb_site* site = open_with_the_others(w);
  int i;
  for (i = 0; site != NULL && i < puts_each; ++i) {
    cnb_transaction* t = NULL;
    char fields[256];
    snprintf(fields, sizeof fields, "{\"code\":\"t%d-%d\",\"name\":\"并行办公室\",\"level\":\"county\"}", w->number, i);
    if (!went_well(w, cnb_begin(site, &t))) break;
    if (!went_well(w, cnb_put(t, text("OrgUnit"), text(fields), text("机密"), text(""), NULL))) {
      cnb_rollback(t);
      break;
    }
    if (!went_well(w, cnb_commit(t))) break;
    ++w->done;
  }
  atomic_fetch_sub(w->writing, 1);
  cnb_close(site);
  return NULL;
}

static void* look_until_they_are_done(void* user) {
  work* w = user;
  cnb_site* site = open_with_the_others(w);
  cnb_page page;
  memset(&page, 0, sizeof page);
  page.size = sizeof page;
  page.limit = 10;
  while (site != NULL) {
    const int last = atomic_load(w->writing) == 0;
    if (!went_well(w, cnb_list(site, text("OrgUnit"), &page, NULL)) ||
        !went_well(w, cnb_find(site, text("并行"), text(""), 0, text(""), NULL)) ||
        !went_well(w, cnb_sql(site, text("SELECT count(*) FROM OrgUnit"), NULL)))
      break;
    ++w->done;
    if (last) break;
  }
  cnb_close(site);
  return NULL;
}

static void handles_on_one_folder_serve_threads_at_once(void) {
  work all[writers + readers];
  pthread_barrier_t start;
  atomic_int writing;
  cnb_buffer json = {NULL, 0};
  char wanted[32];
  int i;
  memset(all, 0, sizeof all);
  atomic_init(&writing, writers);
  pthread_barrier_init(&start, NULL, writers + readers);
  for (i = 0; i < writers + readers; ++i) {
    all[i].start = &start;
    all[i].writing = &writing;
    all[i].number = i;
    snprintf(all[i].dir, sizeof all[i].dir, "%s", path_of("hq"));
  }
  for (i = 0; i < writers + readers; ++i)
    CHECK(pthread_create(&all[i].thread, NULL, i < writers ? put_one_after_the_other : look_until_they_are_done,
                         &all[i]) == 0);
  for (i = 0; i < writers + readers; ++i) CHECK(pthread_join(all[i].thread, NULL) == 0);
  pthread_barrier_destroy(&start);
  for (i = 0; i < writers + readers; ++i) {
    if (all[i].failed != CNB_OK) fprintf(stderr, "thread %d: %s\n", i, all[i].said);
    CHECK_STATUS(all[i].failed, CNB_OK);
    CHECK(i < writers ? all[i].done == puts_each : all[i].done > 0);
  }
  CHECK_STATUS(cnb_sql(office, text("SELECT count(DISTINCT code) FROM OrgUnit WHERE name='并行办公室'"), &json),
               CNB_OK);
  snprintf(wanted, sizeof wanted, "[%d]", writers * puts_each);
  CHECK(contains(&json, wanted));
  cnb_buffer_free(&json);
  CHECK_STATUS(cnb_verify(office, &json), CNB_OK);
  CHECK(!contains(&json, "\"ok\":false"));
  cnb_buffer_free(&json);
}

const named_case thread_cases[] = {
    {"handles_on_one_folder_serve_threads_at_once", handles_on_one_folder_serve_threads_at_once},
    {NULL, NULL},
};
