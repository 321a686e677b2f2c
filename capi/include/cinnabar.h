/**
 * Cinnabar: an embeddable, encrypted, offline-first records core.
 *
 * Conventions, for every function:
 *  - Returns CNB_OK or a status; nothing was changed unless it says otherwise. Details of the last failure of
 *    this thread: cnb_error_last().
 *  - Texts are UTF-8 with a length (cnb_text); they are only read during the call.
 *  - Results come in a cnb_buffer that the library fills and the caller releases with cnb_buffer_free(); never
 *    with free(). On failure the buffer is empty. JSON results have the shapes of the command's contract.
 *  - Structs begin with `size`; set it to sizeof before the call. Members added later are then known to be absent.
 *  - A handle belongs to one thread at a time; different handles may be used by different threads at once.
 *  - Long calls report to cnb_options.progress, which may cancel: CNB_CANCELLED, nothing changed.
 *  - The library starts no thread, opens no socket, writes nothing to standard output or error, and reads no
 *    environment variable.
 */
#ifndef CINNABAR_H
#define CINNABAR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CNB_API __attribute__((visibility("default")))
#else
#define CNB_API
#endif

#define CNB_VERSION_MAJOR 0
#define CNB_VERSION_MINOR 1

typedef enum cnb_status {
  CNB_OK = 0,
  CNB_INVALID_ARGUMENT = 1, /* the call makes no sense */
  CNB_INVALID_INPUT = 2,    /* JSON, SQL or bytes that cannot be read */
  CNB_REFUSED = 3,          /* a rule of the schema, a label or a state machine forbids it */
  CNB_NOT_FOUND = 4,        /* not there, or not for you: never told apart */
  CNB_BAD_KEY = 5,          /* wrong passphrase, unknown person */
  CNB_DAMAGED = 6,          /* this site's own storage fails its checks */
  CNB_FORGED = 7,
  CNB_FOREIGN = 8,          /* of another group or site */
  CNB_MISDIRECTED = 9,      /* addressed to another site */
  CNB_ROLLED_BACK = 10,     /* storage is older than what was noted outside it */
  CNB_NEWER_FORMAT = 11,
  CNB_MISSING_VAULT = 12,
  CNB_DISK_FULL = 13,
  CNB_READ_ONLY = 14,
  CNB_IO = 15,
  CNB_BUSY = 16,
  CNB_LIMIT = 17,
  CNB_CANCELLED = 18,
  CNB_INTERNAL = 19
} cnb_status;

typedef struct cnb_text {
  const char* data; /* may be NULL when length is 0 */
  size_t length;    /* bytes */
} cnb_text;

typedef struct cnb_buffer {
  char* data;    /* ends with a NUL that is not counted, so that JSON can be used as a C string */
  size_t length; /* bytes */
} cnb_buffer;

typedef struct cnb_error {
  size_t size;
  cnb_status status;
  const char* code;    /* stable word, such as "notFound" */
  const char* message; /* what, where, what to do; never a key or a record's text */
  const char* detail;  /* JSON, or "" */
} cnb_error;

typedef struct cnb_site cnb_site;               /* an open site, unlocked by one person */
typedef struct cnb_transaction cnb_transaction; /* of one site; ends before the site is closed */

/* Returns non-zero to cancel. `done` and `total` count things of `what`; total 0: unknown. */
typedef int (*cnb_progress)(void* user, const char* what, uint64_t done, uint64_t total);
/* Gives a 32-byte key for a slot (an OS keystore, a token). Returns 0, or non-zero if it cannot. */
typedef int (*cnb_key_provider)(void* user, const uint8_t slot[16], uint8_t key[32]);
/* Takes bytes in order. Returns non-zero to cancel. */
typedef int (*cnb_sink)(void* user, const char* data, size_t length);
/* Told after a commit, on the committing thread, only of records that the handle may see. */
typedef void (*cnb_observer)(void* user, cnb_text record_id);

typedef struct cnb_options {
  size_t size;
  cnb_text person;               /* empty: the only person of the site */
  cnb_text passphrase;           /* at least 8 characters; or a provider */
  cnb_key_provider key_provider;
  void* key_user;
  cnb_text level;                /* open up to this level only; empty: the person's clearance */
  int64_t now_ms;                /* a fixed clock for tests and what-ifs, ms since 1970; 0: the machine's */
  int32_t now_offset_minutes;
  cnb_text host_schema;          /* a compiled CodeGeneratorRequest with a host's own entities; empty: none */
  cnb_progress progress;
  void* progress_user;
} cnb_options;

/** "0.1.0"; static. */
CNB_API const char* cnb_version(void);
/** The last failure of this thread; valid until its next call into the library. Never NULL. Cannot fail. */
CNB_API const cnb_error* cnb_error_last(void);
/** Wipes and releases what a call returned; an empty buffer is allowed. Cannot fail. */
CNB_API void cnb_buffer_free(cnb_buffer* buffer);

/* ---- Sites and enrolment ------------------------------------------------------------------------- */

/**
 * Makes the office's site in the folder `dir` (made if it is not there), with its first person cleared for all levels.
 * @param site      the site's code, such as "hq"
 * @param title     its name in Chinese; may be empty
 * @param root_key  receives the group's root key, 64 bytes base64 text, to be kept apart and offline; NULL: it is wiped
 * @param json      {"site","siteId","group","person"}
 * CNB_REFUSED if there is a site already or the passphrase is too short. Costs one key derivation.
 */
CNB_API cnb_status cnb_office_create(cnb_text dir, const cnb_options* options, cnb_text site, cnb_text title,
                                     cnb_buffer* root_key, cnb_buffer* json);
/** First step: makes a folder with keys of its own and the request that a courier takes to the office. */
CNB_API cnb_status cnb_join_request(cnb_text dir, const cnb_options* options, cnb_text site, cnb_text title,
                                    cnb_buffer* request);
/** Second, at the office: certifies the site up to `clearance`, for `circles` (a JSON list of names; empty: none), until
 *  an ISO date (empty: ten years). The grant is sealed to the requester. CNB_FORGED if the request was changed. */
CNB_API cnb_status cnb_join_approve(cnb_site* office, cnb_text request, cnb_text clearance, cnb_text circles,
                                    cnb_text until, cnb_buffer* grant);
/** Third: the site opens its grant and makes its vaults. JSON as cnb_office_create. CNB_MISDIRECTED for another's grant. */
CNB_API cnb_status cnb_join_accept(cnb_text dir, const cnb_options* options, cnb_text grant, cnb_buffer* json);

/** Opens a site. CNB_NOT_FOUND: no site there; CNB_BAD_KEY: the person or the passphrase is wrong; CNB_MISSING_VAULT,
 *  CNB_DAMAGED, CNB_FOREIGN, CNB_ROLLED_BACK, CNB_NEWER_FORMAT. Finishes what a crash left. */
CNB_API cnb_status cnb_open(cnb_text dir, const cnb_options* options, cnb_site** site);
/** Closes and wipes its keys; NULL is allowed. Open transactions are rolled back. Cannot fail. */
CNB_API void cnb_close(cnb_site* site);
/** A second handle on the state of now: what is written later is not seen by it. Writing through it: CNB_REFUSED. */
CNB_API cnb_status cnb_snapshot(cnb_site* site, cnb_site** snapshot);
/** {"site","siteId","group","person","clearance","office":bool,"levels":[…]} */
CNB_API cnb_status cnb_describe(cnb_site* site, cnb_buffer* json);
/** The roster: {"sites":[{"site","siteId","clearance","circles","until","office"}]}. */
CNB_API cnb_status cnb_site_list(cnb_site* site, cnb_buffer* json);

/* ---- People -------------------------------------------------------------------------------------- */

/** {"persons":[{"person","clearance"}]} */
CNB_API cnb_status cnb_person_list(cnb_site* site, cnb_buffer* json);
/** `secret`: passphrase or provider of the new person. The caller must hold every level given. */
CNB_API cnb_status cnb_person_add(cnb_site* site, cnb_text person, cnb_text passphrase, cnb_text clearance);
CNB_API cnb_status cnb_person_clear(cnb_site* site, cnb_text person, cnb_text clearance);
CNB_API cnb_status cnb_person_remove(cnb_site* site, cnb_text person);
/** Rewrites the slot of the person who opened the site. */
CNB_API cnb_status cnb_passphrase_change(cnb_site* site, cnb_text passphrase);

/* ---- Schema -------------------------------------------------------------------------------------- */

/** The whole catalogue, or one entity's part. Needs no site. CNB_INVALID_INPUT for an unknown entity. */
CNB_API cnb_status cnb_schema(const cnb_options* options, cnb_buffer* json);
CNB_API cnb_status cnb_schema_entity(const cnb_options* options, cnb_text entity, cnb_buffer* json);

/* ---- Writing ------------------------------------------------------------------------------------- */

/** One at a time per site. CNB_BUSY only when another process holds a vault for longer than five seconds. */
CNB_API cnb_status cnb_begin(cnb_site* site, cnb_transaction** transaction);
/** All or nothing, durable when it returns. Releases the handle in every case. */
CNB_API cnb_status cnb_commit(cnb_transaction* transaction);
/** Releases the handle; what it wrote never was. Cannot fail. */
CNB_API void cnb_rollback(cnb_transaction* transaction);

/**
 * A new record.
 * @param fields  a JSON object by field names
 * @param label   a mark (秘密★十年), a level's word, or empty: the entity's default
 * @param circles a JSON list of names; empty: those that the entity is kept in, mostly none
 * @param json    {"id","conflicts","warnings"}
 * CNB_INVALID_INPUT: types, unknown names; CNB_REFUSED: a rule, named in the error's detail with its article;
 * CNB_NOT_FOUND: this site or person holds no such label.
 */
CNB_API cnb_status cnb_put(cnb_transaction* transaction, cnb_text entity, cnb_text fields, cnb_text label,
                           cnb_text circles, cnb_buffer* json);
/** Changes some fields: {"id","conflicts","warnings"}. */
CNB_API cnb_status cnb_set(cnb_transaction* transaction, cnb_text id, cnb_text fields, cnb_buffer* json);
CNB_API cnb_status cnb_delete(cnb_transaction* transaction, cnb_text id);
/** The same with a Cap'n Proto message (unpacked, one segment table) whose root is the entity's struct. */
CNB_API cnb_status cnb_put_message(cnb_transaction* transaction, cnb_text entity, const void* message, size_t length,
                                   cnb_text label, cnb_text circles, uint8_t id[16]);

/* ---- Reading ------------------------------------------------------------------------------------- */

CNB_API cnb_status cnb_get(cnb_site* site, cnb_text id, cnb_buffer* json);
/** The record as a Cap'n Proto message of its entity's struct. */
CNB_API cnb_status cnb_get_message(cnb_site* site, const uint8_t id[16], cnb_buffer* message);
CNB_API cnb_status cnb_history(cnb_site* site, cnb_text id, cnb_buffer* json);

typedef struct cnb_page {
  size_t size;
  cnb_text where; /* an SQL condition over the entity's fields, or empty */
  cnb_text order; /* a field, "-field" for descending, or empty: by age */
  int64_t limit;  /* 0: 50 */
  cnb_text after; /* the "next" of the page before, or empty */
} cnb_page;

/** {"rows":[record…],"next":cursor|null} */
CNB_API cnb_status cnb_list(cnb_site* site, cnb_text entity, const cnb_page* page, cnb_buffer* json);
/** Read-only SQL over the entities as tables: {"columns","rows","next"}. id('…') and instant('…') give stored forms. */
CNB_API cnb_status cnb_sql(cnb_site* site, cnb_text statement, cnb_buffer* json);
/** Full text over all open vaults: {"rows":[record…],"next"}. `entity` may be empty. */
CNB_API cnb_status cnb_find(cnb_site* site, cnb_text words, cnb_text entity, int64_t limit, cnb_text after,
                            cnb_buffer* json);
/** How a record is labelled: {"id","level","chinese","circles","mark","period","until"}. */
CNB_API cnb_status cnb_label_show(cnb_site* site, cnb_text id, cnb_buffer* json);

/** Calls `observer` after each commit or import, once a changed record that this handle may see. */
CNB_API cnb_status cnb_observe(cnb_site* site, cnb_observer observer, void* user, uint64_t* number);
CNB_API cnb_status cnb_unobserve(cnb_site* site, uint64_t number);

/* ---- Attachments and bulk ------------------------------------------------------------------------ */

/** Adds a file to a record, sealed in chunks under the record's label: {"id","record","name","bytes"}. */
CNB_API cnb_status cnb_attach(cnb_site* site, cnb_text record, cnb_text path, cnb_text name, cnb_buffer* json);
/** Gives an attachment's bytes, each chunk verified before it is given. */
CNB_API cnb_status cnb_detach(cnb_site* site, cnb_text attachment, cnb_sink sink, void* user);
/** A compilation of regulations becomes Regulation and Article records: {"regulations","articles"}. All or nothing. */
CNB_API cnb_status cnb_load_regulations(cnb_site* site, cnb_text text, cnb_buffer* json);

/* ---- Courier bundles ----------------------------------------------------------------------------- */

typedef struct cnb_export_options {
  size_t size;
  cnb_text levels;    /* a JSON list of level words, or empty: all that the receiver may have */
  cnb_text channel;   /* internet, governmentNetwork, courier, dedicatedCourier; empty: courier */
  uint64_t max_bytes; /* of a bundle, before padding; 0: no limit */
} cnb_export_options;

/** Writes a bundle a level that has something to say for `to` into the folder: {"bundles":[…]}. Bytes are synced before
 *  anything is remembered as sent. CNB_NOT_FOUND if no such site is entitled to anything. */
CNB_API cnb_status cnb_export(cnb_site* site, cnb_text to, cnb_text folder, const cnb_export_options* options,
                              cnb_buffer* json);
/** Takes a bundle file, or all in a folder that are addressed here. A bundle that cannot be applied changes nothing; the
 *  others of its folder are taken all the same, and then the call fails with its status.
 *  {"bundles","applied","waiting","conflicts","violations","missing","dryRun"} */
CNB_API cnb_status cnb_import(cnb_site* site, cnb_text path, int dry_run, cnb_buffer* json);
/** What the cover shows; needs no key: {"number","level","from","to","bytes","suite"}. */
CNB_API cnb_status cnb_inspect(cnb_text path, cnb_buffer* json);

/* ---- What needs a person, and the state of things ------------------------------------------------ */

CNB_API cnb_status cnb_conflicts(cnb_site* site, cnb_buffer* json);
/** Settles a conflict for everyone: the `pick`th of its values (from 0), or `value` (JSON) if it is not empty. */
CNB_API cnb_status cnb_resolve(cnb_site* site, cnb_text conflict, int64_t pick, cnb_text value, cnb_buffer* json);
CNB_API cnb_status cnb_violations(cnb_site* site, cnb_buffer* json);
CNB_API cnb_status cnb_site_status(cnb_site* site, cnb_buffer* json);
/** `compartment`: a level's word, with circles after '+' ("secret+road"), or empty: all. */
CNB_API cnb_status cnb_digest(cnb_site* site, cnb_text compartment, cnb_buffer* json);
/** Pages, chains, items, rows, blobs and digests, recomputed: {"ok","checks":[{"name","ok","detail"}]}. */
CNB_API cnb_status cnb_verify(cnb_site* site, cnb_buffer* json);
/** What is wrong with a site and what to do: {"ok","findings":[{"what","todo"}]}. Never changes anything. */
CNB_API cnb_status cnb_doctor(cnb_text dir, const cnb_options* options, cnb_buffer* json);
/** After CNB_ROLLED_BACK: goes on with the older storage as a new incarnation; peers give back what they have. */
CNB_API cnb_status cnb_accept_rollback(cnb_text dir, const cnb_options* options);
/** One file, as closed as the site, verified before it gets its name. */
CNB_API cnb_status cnb_backup(cnb_site* site, cnb_text path, cnb_buffer* json);
/** Into a folder where no site is. The site takes a new incarnation, so that nothing it wrote before can fork. */
CNB_API cnb_status cnb_restore(cnb_text path, cnb_text dir, const cnb_options* options, cnb_buffer* json);

#ifdef __cplusplus
}
#endif
#endif
