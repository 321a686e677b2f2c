/**
 * Cinnabar: an embeddable, encrypted, offline-first records core.
 *
 * Conventions, which hold for every function unless it says otherwise:
 *  - Result. CNB_OK or a status; after any other status nothing was changed. What went wrong, for people and for
 *    programs: cnb_error_last(). Besides the statuses that a function names, every one may give
 *    CNB_INVALID_ARGUMENT (a handle, a place or a `size` is missing), CNB_LIMIT (too long, or out of memory) and
 *    CNB_INTERNAL (a fault of the library); every one with a site also CNB_DAMAGED, CNB_DISK_FULL, CNB_READ_ONLY,
 *    CNB_IO, CNB_BUSY.
 *  - Texts are UTF-8 with a length (cnb_text). They and all other arguments are only read during the call.
 *  - Results come in a cnb_buffer of the caller, whose former content is overwritten, not released. On success the
 *    caller releases it with cnb_buffer_free(), never with free(); otherwise it is empty. NULL: the result is not
 *    wanted. JSON results have the shapes of the command's contract; members may be added.
 *  - Structs that the caller fills begin with `size`: set it to sizeof. Members beyond it count as zero, so a host
 *    that was built with an older header works. NULL: all members zero.
 *  - Times are milliseconds since 1970 UTC in arguments, ISO 8601 texts in JSON. Lengths and sizes are bytes.
 *  - Threads. A site's handle, with its transaction, belongs to one thread at a time; different handles, also on one
 *    folder, may be used by different threads at once. Functions without a site may be called by any thread.
 *  - Callbacks run on the calling thread, during the call. They must not throw, and must not use the site's handle.
 *  - Long calls report to cnb_options.progress, which may cancel: CNB_CANCELLED.
 *  - The library starts no thread, opens no socket, writes nothing to standard output or error, and reads no
 *    environment variable. It marks the process as not dumpable, since keys are in its memory.
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
  CNB_FOREIGN = 8,      /* of another group or site */
  CNB_MISDIRECTED = 9,  /* addressed to another site */
  CNB_ROLLED_BACK = 10, /* storage is older than what was noted outside it */
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

typedef struct cnb_site cnb_site;               /* an open site, unlocked by one person; release with cnb_close */
typedef struct cnb_transaction cnb_transaction; /* of one site; release with cnb_commit or cnb_rollback */

/* Returns non-zero to cancel. `done` and `total` count things of `what`; total 0: unknown. */
typedef int (*cnb_progress)(void* user, const char* what, uint64_t done, uint64_t total);
/* Gives a 32-byte key for a slot (an OS keystore, a token); the library wipes it. Returns 0, or non-zero if it cannot.
   Also asked for slots that do not exist; the answer must depend on `slot` only. */
typedef int (*cnb_key_provider)(void* user, const uint8_t slot[16], uint8_t key[32]);
/* Takes bytes in order; they are only valid during the call. Returns non-zero to cancel. */
typedef int (*cnb_sink)(void* user, const char* data, size_t length);
/* Told after a commit, only of records that the handle may see; `record_id` is only valid during the call. */
typedef void (*cnb_observer)(void* user, cnb_text record_id);

typedef struct cnb_options {
  size_t size;
  cnb_text person;               /* empty: the only person of the site */
  cnb_text passphrase;           /* at least 8 characters; or a provider */
  cnb_key_provider key_provider; /* goes before the passphrase */
  void* key_user;
  cnb_text level;             /* open up to this level only; empty: the person's clearance */
  int64_t now_ms;             /* a fixed clock for tests and what-ifs, ms since 1970; 0: the machine's */
  int32_t now_offset_minutes; /* of that clock's place, east of Greenwich */
  cnb_text host_schema;       /* a compiled CodeGeneratorRequest with a host's own entities; empty: none */
  cnb_progress progress;      /* kept, with its user, by the site that is opened until it is closed */
  void* progress_user;
} cnb_options;

/** "0.1.0"; static, never NULL. */
CNB_API const char* cnb_version(void);
/**
 * The last failure of this thread; `status` is CNB_OK if there was none. Never NULL; cannot fail. Owned by the library
 * and valid until the thread's next failure. A call that succeeds leaves it as it is.
 */
CNB_API const cnb_error* cnb_error_last(void);
/** Wipes and releases what a call returned and empties the buffer. NULL and an empty one are allowed. Cannot fail. */
CNB_API void cnb_buffer_free(cnb_buffer* buffer);

/* ---- Sites and enrolment ------------------------------------------------------------------------- */

/**
 * Makes the office's site in the folder `dir` (made if it is not there), with its first person cleared for all levels.
 * @param options   `person` and `passphrase` or `key_provider` become the first slot
 * @param site      the site's code, such as "hq": a-z, 0-9 and -, at most 64 bytes
 * @param title     its name in Chinese, at most 256 bytes; may be empty
 * @param root_key  receives the group's root key, 64 bytes as base64 text, to be kept apart and offline; NULL: it is
 * wiped
 * @param json      as cnb_describe
 * CNB_REFUSED: a site is there already, or the passphrase is too short. Costs one key derivation.
 */
CNB_API cnb_status cnb_office_create(cnb_text dir, const cnb_options* options, cnb_text site, cnb_text title,
                                     cnb_buffer* root_key, cnb_buffer* json);
/**
 * First step of joining: makes a folder with keys of its own and the request that a courier takes to the office.
 * @param request  some hundred bytes, public, signed
 * Errors and parameters as cnb_office_create.
 */
CNB_API cnb_status cnb_join_request(cnb_text dir, const cnb_options* options, cnb_text site, cnb_text title,
                                    cnb_buffer* request);
/**
 * Second, at the office: certifies the site and seals what it needs to its requester.
 * @param clearance  a level's word: the highest that the site may hold
 * @param circles    a JSON list of names; empty: none. A circle that is new is made
 * @param until      the last day of validity, an ISO date; empty: in ten years
 * CNB_FORGED: the request was changed. CNB_INVALID_INPUT: it is none, or the circles are not. CNB_REFUSED: not the
 * office, the name is another site's, or the person holds less than `clearance`. CNB_NEWER_FORMAT.
 */
CNB_API cnb_status cnb_join_approve(cnb_site* office, cnb_text request, cnb_text clearance, cnb_text circles,
                                    cnb_text until, cnb_buffer* grant);
/**
 * Third: the site opens its grant and makes its vaults. `options` as for cnb_join_request.
 * CNB_MISDIRECTED: the grant is for another's request. CNB_FORGED: it was changed or is not the office's.
 * CNB_REFUSED: no request waits here. CNB_BAD_KEY, CNB_INVALID_INPUT, CNB_NEWER_FORMAT. JSON as cnb_describe.
 */
CNB_API cnb_status cnb_join_accept(cnb_text dir, const cnb_options* options, cnb_text grant, cnb_buffer* json);

/**
 * Opens a site and finishes what a crash left. The caller owns `*site`; NULL on failure. All handles on one folder
 * are to be opened with the same host schema; without one that was used before: CNB_NEWER_FORMAT.
 * CNB_NOT_FOUND: no site there. CNB_BAD_KEY: wrong person or passphrase, never told apart. CNB_MISSING_VAULT,
 * CNB_DAMAGED, CNB_FOREIGN, CNB_ROLLED_BACK (see cnb_accept_rollback), CNB_NEWER_FORMAT. Costs one key derivation.
 */
CNB_API cnb_status cnb_open(cnb_text dir, const cnb_options* options, cnb_site** site);
/**
 * Closes a site and wipes its keys; NULL is allowed. Cannot fail. A transaction that is open is rolled back; its handle
 * then only serves to be released. What was written is indexed for searching first, so this may take a while.
 */
CNB_API void cnb_close(cnb_site* site);
/**
 * A second handle on the state of now, with the same clearance: what is written later is not seen by it. Independent
 * of the first one; release with cnb_close. Writing through it, and what needs the person's own keys: CNB_REFUSED.
 */
CNB_API cnb_status cnb_snapshot(cnb_site* site, cnb_site** snapshot);
/** {"site","siteId","group","person","title","clearance","office":bool,"levels":[…]}: those that are open. */
CNB_API cnb_status cnb_describe(cnb_site* site, cnb_buffer* json);
/** The roster: {"sites":[{"site","title","siteId","clearance","circles","until","office"}]}. Of a site's circles only
 * those that the handle's person belongs to as well. */
CNB_API cnb_status cnb_site_list(cnb_site* site, cnb_buffer* json);

/* ---- People -------------------------------------------------------------------------------------- */

/** {"persons":[{"person","clearance"}]}, by name. */
CNB_API cnb_status cnb_person_list(cnb_site* site, cnb_buffer* json);
/** A slot for a new person. CNB_REFUSED: the caller does not hold `clearance`, the name is taken, or the passphrase has
 *  under 8 characters. Costs one key derivation. */
CNB_API cnb_status cnb_person_add(cnb_site* site, cnb_text person, cnb_text passphrase, cnb_text clearance);
/** Changes a clearance. CNB_NOT_FOUND: no such person. CNB_REFUSED: above the caller's own, or above what somebody
 *  vouched for; or nobody would hold a vault's key any more. */
CNB_API cnb_status cnb_person_clear(cnb_site* site, cnb_text person, cnb_text clearance);
/** CNB_NOT_FOUND; CNB_REFUSED for the last person, and while nobody else holds one of the vaults' keys. */
CNB_API cnb_status cnb_person_remove(cnb_site* site, cnb_text person);
/** Rewrites the slot of the person who opened the site. CNB_REFUSED: too short. Costs one key derivation. */
CNB_API cnb_status cnb_passphrase_change(cnb_site* site, cnb_text passphrase);

/* ---- Schema -------------------------------------------------------------------------------------- */

/** The whole catalogue, or one entity's part; of `options` only host_schema is used. Needs no site.
 *  CNB_INVALID_INPUT: an unknown entity, or a host schema that cannot be read or clashes. */
CNB_API cnb_status cnb_schema(const cnb_options* options, cnb_buffer* json);
CNB_API cnb_status cnb_schema_entity(const cnb_options* options, cnb_text entity, cnb_buffer* json);

/* ---- Writing ------------------------------------------------------------------------------------- */

/**
 * Begins a transaction; the caller owns the handle and ends it with cnb_commit or cnb_rollback. One at a time for a
 * site's handle: until then CNB_INVALID_ARGUMENT here and for all other calls that write, and for cnb_history and
 * cnb_verify. Reads of single records see what it wrote; lists, SQL and searches look for what was committed.
 * CNB_REFUSED on a snapshot.
 */
CNB_API cnb_status cnb_begin(cnb_site* site, cnb_transaction** transaction);
/** All or nothing, durable when it returns. Releases the handle in every case. CNB_BUSY (at the first change too):
 * another handle or process held a vault for longer than five seconds. */
CNB_API cnb_status cnb_commit(cnb_transaction* transaction);
/** Releases the handle; what it wrote never was. NULL is allowed. Cannot fail. */
CNB_API void cnb_rollback(cnb_transaction* transaction);

/**
 * A new record.
 * @param fields  a JSON object by field names; at most 16 MiB
 * @param label   a mark (秘密★十年), a level's word, or empty: the entity's default
 * @param circles a JSON list of names; empty: those that the entity is kept in, mostly none
 * @param json    {"id","conflicts","warnings"}; the warnings are of this change, and of how the mark is written
 * CNB_INVALID_INPUT: types, unknown names, a mark that cannot be read; CNB_REFUSED: rules; the error's detail names all
 * that speaks against the record, see cnb_validate. CNB_NOT_FOUND: this site or person holds no such label. The
 * transaction goes on after a failure.
 */
CNB_API cnb_status cnb_put(cnb_transaction* transaction, cnb_text entity, cnb_text fields, cnb_text label,
                           cnb_text circles, cnb_buffer* json);
/** Changes the fields given; null empties one. JSON and errors as cnb_put; CNB_NOT_FOUND: no such record. A label is no
 *  field: nothing here changes it. */
CNB_API cnb_status cnb_set(cnb_transaction* transaction, cnb_text id, cnb_text fields, cnb_buffer* json);
/**
 * What cnb_put, or with an `id` cnb_set, would say to these fields. Writes nothing and needs no transaction; with one
 * that is open it looks at what that wrote. A snapshot can be asked too.
 * @param entity  of a new record; with an `id` it may be empty
 * @param id      empty: a new record; then `label` and `circles` as for cnb_put, else both empty
 * @param json    {"errors":[{"entity","field","value","rule","article","message"}],"warnings":[…]}; no errors: it would
 *                be taken. `value` is what was given, shortened; null for a reference. The same list stands as "errors"
 *                in the detail of the error of a refused cnb_put or cnb_set
 *
 * CNB_INVALID_INPUT: no such entity, a mark that cannot be read, or no JSON object; CNB_NOT_FOUND: no such record (of
 * this entity), or this site or person holds no such label.
 */
CNB_API cnb_status cnb_validate(cnb_site* site, cnb_text entity, cnb_text id, cnb_text fields, cnb_text label,
                                cnb_text circles, cnb_buffer* json);
/** CNB_NOT_FOUND: no such record, or deleted already. CNB_REFUSED: its kind of record is never deleted. */
CNB_API cnb_status cnb_delete(cnb_transaction* transaction, cnb_text id);
/** cnb_put with a Cap'n Proto message (unpacked, with its segment table, at most 16 MiB) whose root is the entity's
 * struct. `message` needs no alignment. CNB_INVALID_INPUT: it is no such message. `id` receives the record's id in
 * bytes. */
CNB_API cnb_status cnb_put_message(cnb_transaction* transaction, cnb_text entity, const void* message, size_t length,
                                   cnb_text label, cnb_text circles, uint8_t id[16]);

/**
 * How far a long work has come, such as a file that is being loaded: kept with this transaction, so that after a crash
 * what was written and the place are both there or neither. It stays at this site.
 * @param label  a mark or a level's word: the vault to keep it in; the one that the work writes to
 * @param name   what the work is known by, 1 to 256 bytes
 * @param place  at most 4 KiB; empty: there is none any more
 * CNB_NOT_FOUND: this site or person holds no such label. CNB_INVALID_INPUT: a mark that cannot be read.
 */
CNB_API cnb_status cnb_place_keep(cnb_transaction* transaction, cnb_text label, cnb_text name, cnb_text place);
/** The place that was kept and committed under this name, or an empty one. */
CNB_API cnb_status cnb_place(cnb_site* site, cnb_text name, cnb_buffer* place);

/* ---- Reading: CNB_NOT_FOUND is 'not there' as well as 'not for you' -------------------------------- */

/** {"id","entity","label":{"level","circles","mark","until"},"site","fields","state","conflicts","updated"} */
CNB_API cnb_status cnb_get(cnb_site* site, cnb_text id, cnb_buffer* json);
/** The record as a Cap'n Proto message of its entity's struct; aligned for reading in place. */
CNB_API cnb_status cnb_get_message(cnb_site* site, const uint8_t id[16], cnb_buffer* message);
/** {"id","entries":[{"at","site","person","fields","seq"}]}, oldest first. */
CNB_API cnb_status cnb_history(cnb_site* site, cnb_text id, cnb_buffer* json);

typedef struct cnb_page {
  size_t size;
  cnb_text where; /* an SQL condition over the entity's fields, or empty */
  cnb_text order; /* a field, "-field" for descending, or empty: by age */
  int64_t limit;  /* 0: 50; at most 100,000 */
  cnb_text after; /* the "next" of the page before, or empty */
} cnb_page;

/** {"rows":[record…],"next":cursor|null}. CNB_INVALID_INPUT: the entity, condition, order or cursor cannot be read;
 *  CNB_REFUSED: the condition reaches for more than the entities. CNB_CANCELLED. */
CNB_API cnb_status cnb_list(cnb_site* site, cnb_text entity, const cnb_page* page, cnb_buffer* json);
/** One read-only SQL statement over the entities as tables: {"columns","rows","next"}, at most 1,000,000 rows.
 *  id('…') and instant('…') give stored forms, text(x) the written one. CNB_INVALID_INPUT: it does not compile;
 *  CNB_REFUSED: it writes, or reaches for more than the entities; CNB_CANCELLED. */
CNB_API cnb_status cnb_sql(cnb_site* site, cnb_text statement, cnb_buffer* json);
/** Full text over all open vaults: {"rows":[record…],"next"}. All words must occur; at most 1 KiB and 64 words.
 *  `entity` may be empty; `limit` 0: 50, at most 1000; `after`: the "next" of the page before, or empty. */
CNB_API cnb_status cnb_find(cnb_site* site, cnb_text words, cnb_text entity, int64_t limit, cnb_text after,
                            cnb_buffer* json);
/** How a record is labelled:
 * {"id","level","chinese","circles","mark","period","until","marks","held","acts","disputes"}. `marks`: what is to
 * stand on it, older ones struck. Of each act whether it counts, and its flaw if it does not. */
CNB_API cnb_status cnb_label_show(cnb_site* site, cnb_text id, cnb_buffer* json);

/** Calls `observer` after each commit or import by this handle, once for each changed record that it may see. `number`
 *  is for cnb_unobserve; closing ends it too. */
CNB_API cnb_status cnb_observe(cnb_site* site, cnb_observer observer, void* user, uint64_t* number);
/** Ends an observation; a number that is none is allowed. */
CNB_API cnb_status cnb_unobserve(cnb_site* site, uint64_t number);

/* ---- The secrecy life of a record: transactions of their own, signed by the person who opened the site.
 *      CNB_REFUSED on a snapshot; the error's detail names rule and article --------------------------- */

typedef struct cnb_label_change {
  size_t size;
  cnb_text change; /* raise, lower, extend, shorten, widen, narrow, release, hold, unhold; empty: what the label asks */
  cnb_text mark;   /* the new mark or level; empty: as it is (for release, hold, unhold) */
  cnb_text circles;      /* a JSON list of names; empty: those it has */
  cnb_text basis;        /* of classifying and raising: the entry of the range, or the decision */
  cnb_text reason;       /* of every other change */
  cnb_text special_rule; /* by which a period passes its level's maximum, or is 长期; empty: none */
} cnb_label_change;

/** Proposes a change of a record's label; nothing changes until another person decides. The new label may be above the
 *  proposer. {"id":the act's,"change","warnings"}. CNB_REFUSED: no basis or reason, over the longest period, not the
 * deciding organ, a part is marked higher, or it is no such change; CNB_NOT_FOUND; CNB_INVALID_INPUT: the mark or the
 * circles.
 */
CNB_API cnb_status cnb_label_propose(cnb_site* site, cnb_text id, const cnb_label_change* change, cnb_buffer* json);
/** The other person's word. `id`: the act, or the record if one act is open. `approve` zero: refuses it. Approving
 * moves the record, its attachments and what was said of its secrecy, all or nothing; whoever is not cleared any more
 * loses it. {"id","approved"}. CNB_REFUSED: the same person, not the deciding organ, or decided already; CNB_NOT_FOUND:
 * no such record, or no such label here. */
CNB_API cnb_status cnb_label_decide(cnb_site* site, cnb_text id, int approve, cnb_text remark, cnb_buffer* json);

typedef struct cnb_label_dispute_step {
  size_t size;
  cnb_text question; /* not empty: raises a dispute */
  cnb_text held_as;  /* the higher level in question; empty: the present one */
  int submitted;     /* non-zero: it went to the bureau */
  cnb_text reply;    /* not empty: the bureau's answer */
} cnb_label_dispute_step;

/** One step of a dispute about a record's level: exactly one of question, submitted, reply. Raising it moves the record
 *  to the higher level at once. {"id":the dispute's}. CNB_REFUSED: not at this step; CNB_NOT_FOUND. */
CNB_API cnb_status cnb_label_dispute(cnb_site* site, cnb_text id, const cnb_label_dispute_step* step, cnb_buffer* json);
/** Marks a part of a record; the record rises to the join of its parts. {"id":the mark's,"warnings"}. Errors as
 * cnb_label_decide. */
CNB_API cnb_status cnb_label_portion(cnb_site* site, cnb_text id, cnb_text path, cnb_text mark, cnb_buffer* json);
/** What a compilation of these records (a JSON list of ids) must bear, and why:
 *  {"mark","level","circles","period","because":{"level","period"},"parts"}. Changes nothing. CNB_NOT_FOUND. */
CNB_API cnb_status cnb_label_join(cnb_site* site, cnb_text ids, cnb_buffer* json);
/** Records whose period is over by the office's time: {"officeTime","due":[…],"expired":[id…]}. `perform` non-zero, at
 * the office only (elsewhere CNB_REFUSED): those without a hold become internal, marked 解密. */
CNB_API cnb_status cnb_label_expire(cnb_site* site, int perform, cnb_buffer* json);
/** What was classified in a year, as far as this person may see: {"year","counts":[{"level","count"}]}. */
CNB_API cnb_status cnb_label_year(cnb_site* site, int32_t year, cnb_buffer* json);

/* ---- Audit ----------------------------------------------------------------------------------------- */

typedef struct cnb_audit_query {
  size_t size;
  cnb_text record;  /* a record's id, or empty: all */
  cnb_text person;  /* who opened the site then, or empty: all */
  int64_t from_ms;  /* since 1970 UTC; 0: from the beginning */
  int64_t until_ms; /* inclusive; 0: until now */
  int64_t limit;    /* 0: 100; at most 10,000 */
  cnb_text after;   /* the "next" of the page before, or empty */
} cnb_audit_query;

/** Who read, searched, printed, copied, exported or tried in vain, by time, as far as the handle is cleared:
 *  {"entries":[{"at","person","act","record","entity","count","detail","level","circles","place"}],"next"}. Audited are
 *  reads from confidential upwards and every try in vain; `act` is read, history, listed, found, queried, detached,
 *  exported, copied, printed, shown or triedInVain. Lists note the number of records, at topSecret each record. A read
 * of a topSecret record is noted before its content is given: if that fails, the read fails with the same status.
 * Below, up to 32 reads within a second are noted together, at the latest with the next commit or when the site is
 * closed. Snapshots note as well. Works on a snapshot. CNB_INVALID_INPUT: the cursor. */
CNB_API cnb_status cnb_audit(cnb_site* site, const cnb_audit_query* query, cnb_buffer* json);
/** A host notes what it did with a record: `act` is "printed" or "copied", `detail` (at most 256 bytes, may be empty)
 * says where to, never content. Durable when it returns. CNB_NOT_FOUND: no such record. */
CNB_API cnb_status cnb_audit_note(cnb_site* site, cnb_text record, cnb_text act, cnb_text detail);

/* ---- Classified carriers (涉密载体保密管理暂行规定) ------------------------------------------------- */

/**
 * One act in a carrier's life: its state moves along the declared machine and an entry stands in the register.
 * @param act      a word, with the members of `details`; a carrier is given by id or number, a person by id or employee
 *                 number, a unit by id or code; (…) may be left out:
 *   make            by, unit, title, medium, label or of (a record's id: its label), distribution (not below
 * confidential), (copies, holder, keeper, location, circles, mustReturn) copy            carrier, by, approvedBy,
 * (copies, holder, organ: for topSecret) send            carriers, fromUnit, toUnit, channel, sealed, (outside,
 * courier, envelope) receive         consignment or carriers, by, counted, (unit, location) read            carrier,
 * by, (place: for topSecret; purpose, supervisor) carry-out       carrier, bearer, destination, until, (approvedBy,
 * from, abroad, foreign, filed) bring-back      carrier, by, (location) hand-over       from, to, reason, (carriers:
 * all that are open; supervisor, unit) inventory       unit, by, checkedBy, found (list), (year) return carriers, by,
 * toUnit archive         carriers, by, (location) lose, find      carriers, by, remark destroy-list    carriers, by,
 * witness1, witness2, method; then destroy-approve (destruction, approvedBy), destroy-file (destruction, (at)), destroy
 * (destruction, witnesses)
 * @param details  a JSON object
 * @param json     {"warnings":[{"rule","article","message"}],…} and the ids of what the act made: carriers,
 * consignment, handover, permit, register, inventory, destruction, certificate; of an inventory held, found, missing
 * CNB_REFUSED: a rule, named in the error's detail with its article; CNB_NOT_FOUND: a carrier, person or unit;
 * CNB_INVALID_INPUT: a member that is missing, unknown or of the wrong kind; CNB_INVALID_ARGUMENT: no such act. The
 * transaction goes on after a failure, in which an act writes nothing.
 */
CNB_API cnb_status cnb_carrier_act(cnb_transaction* transaction, cnb_text act, cnb_text details, cnb_buffer* json);
/** A carrier's whole life, audited as read: {"carrier":record,"events":[…],"permits":[…],"readers":[…]}. `carrier`: id
 * or number. CNB_NOT_FOUND. */
CNB_API cnb_status cnb_carrier_show(cnb_site* site, cnb_text carrier, cnb_buffer* json);
/** {"report","rule","article","lines":[…]}. `report`: "leaving" (details: person): what he has to hand over, with
 * "blocked"; "out": permits, with "overdue"; "passwords" (details: (days), 90): devices whose password is due.
 * `details` may be empty. CNB_INVALID_ARGUMENT: no such report; CNB_NOT_FOUND, CNB_INVALID_INPUT. */
CNB_API cnb_status cnb_carrier_report(cnb_site* site, cnb_text report, cnb_text details, cnb_buffer* json);

/* ---- How long records are kept ----------------------------------------------------------------------- */

/** What may be destroyed on `date` (an ISO date; empty: today), or of one `record` how long it is kept (empty: all that
 * are due): {"date","records":[{"record","entity","label","retention","until","volumes","holds","due","article"}]}. A
 * record is kept as long as the longest of its archive volumes says, counted from the day the volume was closed;
 * "until": the last day, or null. CNB_NOT_FOUND: no such record. CNB_INVALID_ARGUMENT: no date. */
CNB_API cnb_status cnb_retention_due(cnb_site* site, cnb_text record, cnb_text date, cnb_buffer* json);
/** An act about what is kept; `details` is a JSON object of: hold: record, by, reason. lift: hold, by. list: by,
 * (records: all that are due). approve: list, by. refuse: list, by, reason. destroy: list, by. witness: list, by. A
 * person is given by id or employee number. JSON: the id of what the act made ("hold", "list" with its "records",
 * "certificates"), and "warnings".
 * Each step of a list is signed by the person who opened the handle: who lists does not decide, and who destroys and
 * who witnesses are two others, as Person records and as persons who have proven it. Refused, too, is a list that is
 * not what was signed. destroy is the signature of who destroys an approved list, at the office: {"list","state":
 * "signed","awaits":"witness"}; it may be given again where something was moved since. Only witness, from another
 * person's handle, destroys: the list's records and their attachments; refused as a whole while one of them is held
 * back. With the transaction's commit they are gone from the tables and the index; then log and pages are scrubbed, and
 * each certificate, a DisposalCertificate, becomes "certified". While another handle on the site reads an older state
 * it stays "pending"; the next exchange, or a writer's cnb_close, finishes it. Other sites do the same on import and
 * send a receipt (cnb_site_status). A list or certificate whose signatures do not count is a violation there
 * ("unlawfulAct"). CNB_REFUSED: a rule, named in the error's detail with its article; CNB_NOT_FOUND, CNB_INVALID_INPUT;
 * CNB_INVALID_ARGUMENT: no such act. */
CNB_API cnb_status cnb_retention_act(cnb_transaction* transaction, cnb_text act, cnb_text details, cnb_buffer* json);
/** Looks in this site's vaults for what a certificate says was destroyed; `certificate`: id of a DisposalCertificate.
 * {"ok","certificate","state","checks":[{"name","ok","detail"}]}: signatures, destruction, tables, index, log,
 * attachments, free pages. Reads every log whole. CNB_NOT_FOUND: no such certificate. */
CNB_API cnb_status cnb_retention_prove(cnb_site* site, cnb_text certificate, cnb_buffer* json);

/** What a record was that was destroyed while a hold stood here: a hold keeps the content sealed at its own site,
 * though the record is gone, and no receipt is given while it stands. {"record","entity","holds":[id…],"entries":[…as
 * cnb_history]}; audited as such. CNB_NOT_FOUND: nothing is kept here, or not for this person. */
CNB_API cnb_status cnb_retention_held(cnb_site* site, cnb_text record, cnb_buffer* json);
/** Crypto-erase: rebuilds the vaults that held a certified certificate's records under new keys (see cnb_rekey), and
 * the certificate's "done" becomes "keyDestroyed". The person of `options` is one of the two who signed it. `details`:
 * (backupsDestroyed: true, his word that every backup known is). Promised is that no key to the former files is left in
 * the folder and that every holder known is accounted for: slots get the new keys, other sites have given receipts,
 * backups are known. Not promised: copies of the folder that nobody registered, and what flash storage keeps.
 * {"certificate","done","levels","backups"}. CNB_REFUSED: not certified, another person, or something not accounted
 * for: the error's detail names "sites" and "backups"; CNB_NOT_FOUND; CNB_BUSY: the site is open, also by a handle of
 * this process; CNB_DAMAGED; CNB_CANCELLED. */
CNB_API cnb_status cnb_retention_erase(cnb_text dir, const cnb_options* options, cnb_text certificate, cnb_text details,
                                       cnb_buffer* json);

/* ---- Attachments and bulk: transactions of their own ------------------------------------------------ */

/** Adds the file at `path`, at most 4 GiB, to a record, sealed in chunks under the record's label; `name` empty: the
 * file's.
 *  {"id","record","name","bytes"}. CNB_NOT_FOUND: no such record or file. CNB_CANCELLED. */
CNB_API cnb_status cnb_attach(cnb_site* site, cnb_text record, cnb_text path, cnb_text name, cnb_buffer* json);
/** Gives an attachment's bytes to `sink`, each chunk verified before it is given. CNB_NOT_FOUND: no such attachment, or
 * its content has not arrived; CNB_DAMAGED: what was given so far is not to be used; CNB_CANCELLED: by the sink. */
CNB_API cnb_status cnb_detach(cnb_site* site, cnb_text attachment, cnb_sink sink, void* user);
/** A compilation of regulations, UTF-8 and at most 16 MiB, becomes Regulation and Article records, all or nothing:
 *  {"regulations","articles"}. CNB_REFUSED: they are there already. CNB_INVALID_INPUT, CNB_CANCELLED. */
CNB_API cnb_status cnb_load_regulations(cnb_site* site, cnb_text text, cnb_buffer* json);

/* ---- Courier bundles ----------------------------------------------------------------------------- */

typedef struct cnb_export_options {
  size_t size;
  cnb_text levels;    /* a JSON list of level words, or empty: all that the receiver may have */
  cnb_text channel;   /* internet, governmentNetwork, courier, dedicatedCourier; empty: courier */
  uint64_t max_bytes; /* of a bundle, before padding; 0: no limit */
} cnb_export_options;

/** Writes a bundle a level that has something to say for `to` into the folder:
 *  {"bundles":[{"file","number","to","level","bytes","changes","carrier"}]}. Bytes are synced before anything is
 * remembered as sent. CNB_NOT_FOUND: no such site is entitled to anything. CNB_CANCELLED: bundles that were finished
 * stay. */
CNB_API cnb_status cnb_export(cnb_site* site, cnb_text to, cnb_text folder, const cnb_export_options* options,
                              cnb_buffer* json);
/** Takes a bundle file, or all in a folder that are addressed here; `dry_run` non-zero: only says what it would do.
 *  {"bundles","applied","waiting","conflicts","violations","missing","dryRun"}. A bundle that cannot be applied changes
 *  nothing; the others of its folder are taken all the same, and then the call fails with its status. CNB_FORGED:
 * changed, cut, or not by whom it says; CNB_MISDIRECTED, CNB_FOREIGN, CNB_NEWER_FORMAT, CNB_BAD_KEY, CNB_NOT_FOUND (no
 * file), CNB_CANCELLED. */
CNB_API cnb_status cnb_import(cnb_site* site, cnb_text path, int dry_run, cnb_buffer* json);
/** What the cover shows; needs no key and proves nothing: {"number","level","from","to","bytes","suite"}.
 *  CNB_FORGED: it is no bundle; CNB_NEWER_FORMAT; CNB_NOT_FOUND: no such file. */
CNB_API cnb_status cnb_inspect(cnb_text path, cnb_buffer* json);

/* ---- What needs a person, and the state of things ------------------------------------------------ */

/** {"conflicts":[{"id","record","entity","field","values":[{"value","site","person","at"}]}]} */
CNB_API cnb_status cnb_conflicts(cnb_site* site, cnb_buffer* json);
/** Settles a conflict for everyone: the `pick`th of its values (from 0), or `value` (JSON) if it is not empty.
 *  JSON as cnb_set. CNB_NOT_FOUND: no such conflict; CNB_INVALID_ARGUMENT: it has no such value. */
CNB_API cnb_status cnb_resolve(cnb_site* site, cnb_text conflict, int64_t pick, cnb_text value, cnb_buffer* json);
/** {"violations":[{"id","kind","record","entity","field","rule","detail"}]} */
CNB_API cnb_status cnb_violations(cnb_site* site, cnb_buffer* json);
/** {"site",…,"compartments":[{"level","circles","digest","vector":{site:seq},"waiting"}],"contacts":[{"site","at",…}],
 *  "withdrawals":[{"record","level","circles","since","open":[site…]}]}: at the office, who has not yet given his
 * receipt for a record that was withdrawn. */
CNB_API cnb_status cnb_site_status(cnb_site* site, cnb_buffer* json);
/** {"compartments":[{"level","circles","digest","changes"}]}: equal at sites that know the same. `compartment`: a
 * level's word, with circles after '+' ("secret+road"), or empty: all. CNB_NOT_FOUND: the site holds no such
 * compartment. */
CNB_API cnb_status cnb_digest(cnb_site* site, cnb_text compartment, cnb_buffer* json);
/** Pages, chains, items, rows, blobs and digests, recomputed: {"ok","checks":[{"name","ok","detail"}]}. Damage that it
 * finds is an answer, not a failure. CNB_CANCELLED. */
CNB_API cnb_status cnb_verify(cnb_site* site, cnb_buffer* json);
/** What is wrong with a site and what to do: {"ok","findings":[{"what","todo"}]}. Never changes anything. CNB_BAD_KEY.
 */
CNB_API cnb_status cnb_doctor(cnb_text dir, const cnb_options* options, cnb_buffer* json);
/** After CNB_ROLLED_BACK: goes on with the older storage as a new incarnation; peers give back what they have. */
CNB_API cnb_status cnb_accept_rollback(cnb_text dir, const cnb_options* options);
/** One new file, as closed as the site, verified before it gets its name: {"file","bytes"}. CNB_REFUSED: the file
 * exists; CNB_DAMAGED: the site fails its checks (they are the error's detail); CNB_CANCELLED. */
CNB_API cnb_status cnb_backup(cnb_site* site, cnb_text path, cnb_buffer* json);
/** Into a folder where no site is: {"restored"}. The site takes a new incarnation, so that nothing it wrote before can
 * fork. CNB_FORGED: the file was changed or cut; CNB_REFUSED: a site is there; CNB_BAD_KEY: a slot of the backup's time
 * opens it. */
CNB_API cnb_status cnb_restore(cnb_text path, cnb_text dir, const cnb_options* options, cnb_buffer* json);
/** New vault keys for everybody who holds the old ones: each vault is rebuilt under its new key, verified, and put in
 * place of the old one, which is overwritten. `levels`: a JSON list of level words, or empty: all that the person
 * holds.
 * {"levels":[{"level","bytesBefore","bytesAfter"}]}. All or nothing, also in a crash: the next cnb_open settles it.
 * Needs free room for all that is rebuilt. An older backup still opens with a slot of its time, under the old keys;
 * what flash storage keeps of the overwritten bytes, nobody can promise. CNB_BUSY: the site is open elsewhere, also by
 * a handle of this process; CNB_NOT_FOUND: a level that the person does not hold; CNB_DAMAGED: the site fails its
 * checks; CNB_CANCELLED. */
CNB_API cnb_status cnb_rekey(cnb_text dir, const cnb_options* options, cnb_text levels, cnb_buffer* json);
/** Rebuilds every vault that the person holds under its own key, to give back the room of what was removed. JSON and
 * statuses as cnb_rekey. */
CNB_API cnb_status cnb_compact(cnb_text dir, const cnb_options* options, cnb_buffer* json);

#ifdef __cplusplus
}
#endif
#endif
