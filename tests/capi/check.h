/* Cases and checks for C99. A case is a function without parameters, listed in main.c. */
#ifndef CINNABAR_TESTS_CHECK_H
#define CINNABAR_TESTS_CHECK_H

void check(int holds, const char* expression, const char* file, int line);

/* Goes on after a failure, so that one run shows all. */
#define CHECK(expression) check((expression) ? 1 : 0, #expression, __FILE__, __LINE__)
#define CHECK_STATUS(call, status) check_status((int)(call), (int)(status), #call, __FILE__, __LINE__)

void check_status(int actual, int expected, const char* call, const char* file, int line);

typedef void (*test_case)(void);
typedef struct named_case {
  const char* name;
  test_case run;
} named_case;

extern const named_case site_cases[], record_cases[], reading_cases[], exchange_cases[], error_cases[], audit_cases[],
    carrier_cases[], thread_cases[];

#endif
