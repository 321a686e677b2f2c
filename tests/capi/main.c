/* The public header as a host in C meets it. Writes c_abi.xml into the working folder, as the other runners do. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "host.h"

static int checks, failures;

void check(int holds, const char* expression, const char* file, int line) {
  ++checks;
  if (holds) return;
  ++failures;
  fprintf(stderr, "%s:%d: does not hold: %s (last error: %s)\n", file, line, expression, cnb_error_last()->message);
}

void check_status(int actual, int expected, const char* call, const char* file, int line) {
  char seen[512];
  snprintf(seen, sizeof seen, "%s gives %d instead of %d", call, actual, expected);
  check(actual == expected, seen, file, line);
}

int main(int argc, char** argv) {
  const named_case* const groups[] = {site_cases,  record_cases, reading_cases, exchange_cases,
                                      error_cases, audit_cases,  carrier_cases, thread_cases};
  const char* const only = argc > 1 ? argv[1] : NULL;
  unsigned i;
  int run = 0, failed = 0;
  FILE* const report = fopen("c_abi.xml", "w");
  if (report == NULL) return 2;
  fprintf(report, "<testsuite name=\"c_abi\">\n");
  host_begin();
  for (i = 0; i < sizeof groups / sizeof *groups; ++i) {
    const named_case* one;
    for (one = groups[i]; one->name != NULL; ++one) {
      const int before = failures;
      if (only != NULL && strcmp(only, one->name) != 0) continue;
      one->run();
      ++run;
      if (failures != before) {
        ++failed;
        fprintf(stderr, "FAILED: %s\n", one->name);
      }
      fprintf(report, "<testcase name=\"%s\">%s</testcase>\n", one->name, failures != before ? "<failure/>" : "");
    }
  }
  host_end();
  fprintf(report, "</testsuite>\n");
  fclose(report);
  printf("%d passed, %d failed (%d checks)\n", run - failed, failed, checks);
  return failures != 0 || run == 0;
}
