/* What a host has at hand: an office and a county that joined it, open, in a folder that goes at the end. */
#ifndef CINNABAR_TESTS_HOST_H
#define CINNABAR_TESTS_HOST_H

#include <cinnabar.h>

extern cnb_site *office, *county;

void host_begin(void);
void host_end(void);

cnb_text text(const char* s);
/* A path below the host's folder; valid until the eighth next call. */
const char* path_of(const char* name);
cnb_options options_of(const char* person);

/* The first text value of a member, copied; "" if there is none. Valid until the eighth next call. */
const char* member(const cnb_buffer* json, const char* name);
int contains(const cnb_buffer* json, const char* part);

/* A unit with this code, committed; its id. */
const char* put_unit(cnb_site* site, const char* code, const char* label);
cnb_status set_fields(cnb_site* site, const char* id, const char* fields);
/* Everything that `from` has for `to`, carried in a folder of this name; the status of the import. */
cnb_status carry(cnb_site* from, const char* to_name, cnb_site* to, const char* stick);

void write_file(const char* path, const void* data, size_t length);
/* Contents with a NUL behind; the caller frees. */
char* read_file(const char* path, size_t* length);
void copy_file(const char* from, const char* to);
void copy_site(const char* from, const char* to);

#endif
