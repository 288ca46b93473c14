/* ledger.h - the append-only, provable record of every change. See docs/internals/ledger.md.
 *
 * Every change is an event. A command checks, builds a struct event and calls ledger_append;
 * the subscribers (app/modules.c) then fold it into the projections within the same turn.
 * Nothing else writes projections: `motcua rebuild --check` replays the events through the
 * same subscribers and compares.
 *
 * Leaves hash as RFC 9162 (SHA-256(0x00 || entry)); tiles are C2SP tlog-tiles; each commit
 * group ends with a C2SP checkpoint signed with Ed25519; receipts are C2SP tlog-proof files.
 * An entry (JSON, RFC 8785) holds: v, seq, time, kind, unit code, a subject reference, pack,
 * and salted digests of `facts` and `secret`. No personal value, no account, nothing by which
 * two entries about one subject could be told to be so. */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "crypt/crypt.h"
#include "text/json.h"

struct store;

enum event_kind {
    EV_NONE = 0,
#define EVENT(id, name, subject, text) EV_##id,
#include "events.def"
#undef EVENT
    EV_COUNT
};
const char *event_name(enum event_kind k); /* "dossier.received" */
enum event_kind event_parse(struct str name);

struct event {
    int64_t seq;     /* leaf index, 0-based; set by ledger_append */
    int64_t time_us; /* 0: cx->now_us */
    enum event_kind kind;
    struct subject_id actor;  /* who acted; 0 = the system */
    struct subject_id behalf; /* for whom, when a helper or delegate acted */
    struct unit_id unit;      /* the agency concerned; 0 = none */
    int64_t subject; /* id of the dossier, account, record, … (events.def says which) */
    struct str pack; /* "id@version" or empty */
    struct str purpose, law; /* ground, where personal data was read */
    struct json *facts;      /* object, nothing personal: what is measured and folded */
    struct json *secret;     /* object or NULL: personal values, sealed under owner's key */
    struct subject_id owner; /* whose key; required with secret */
    struct event_by_seq_row *row; /* ledger_prepare's; NULL: printed and sealed by the append */
    /* The subject's own projection as the command has read it in this turn, or NULL: saves its
     * fold a look-up that would give the same. */
    const void *known;
};

struct ledger;
/* dir/keys holds the signing and node keys. origin: the log's name, e.g. "motcua.example/log". */
MUST_USE enum rc ledger_open(struct ctx *cx, struct store *st, struct str origin,
                             struct ledger **ret);
/* Functions below find the ledger in cx->app->ledger. A folder keeps the origin it was made
 * with. A store opened for reading needs no keys; secrets stay closed then. */

/* Folds an event into projections; runs inside the turn. ev->secret is NULL once its owner's
 * key is destroyed. Must depend on nothing but the event and its own projections. */
typedef enum rc ledger_apply_fn(struct ctx *cx, const struct event *ev);
struct ledger_subscriber {
    const char *name;
    ledger_apply_fn *apply;
    const char *const *tables; /* projections it owns, NULL-ended: what rebuild compares */
    /* Before and after a replay of cx's events into another store; may be NULL. */
    enum rc (*replay_begin)(struct ctx *cx, struct ctx *into), (*replay_end)(struct ctx *into);
};
/* How a unit's code is found, for entries: set once at start (a unit.added event itself may
 * find none). Without it entries carry no unit. */
typedef struct str ledger_unit_code_fn(struct ctx *cx, struct unit_id id);
void ledger_unit_codes(struct ledger *lg, ledger_unit_code_fn *code_of);
void ledger_subscribe(struct ledger *lg, const struct ledger_subscriber *subs, size_t n);
/* Prints and seals before the turn, while others write: for events that many are appended of at
 * once. Nothing of ev may change afterwards. GONE, NOT_FOUND: as ledger_append. */
MUST_USE enum rc ledger_prepare(struct ctx *cx, struct event *ev);
/* Appends within the turn (db_begin is called if needed) and runs the subscribers. After a
 * failure the turn must be rolled back. GONE: owner's key is destroyed. */
MUST_USE enum rc ledger_append(struct ctx *cx, struct event *ev);

/* -- reading back; a secret is NULL unless opened, and once its key is destroyed. Who opens one
 * (ledger_event_open, with_secret) has the ground to read it and has journalled that -- */
MUST_USE enum rc ledger_event_get(struct ctx *cx, int64_t seq, struct event **ret);
MUST_USE enum rc ledger_event_open(struct ctx *cx, int64_t seq, struct event **ret);
struct event_list {
    struct event **v;
    size_t n;
};
/* All of one subject, oldest first: kinds first … last whose subject table is that of `first`. */
MUST_USE enum rc ledger_events_of(struct ctx *cx, enum event_kind first, enum event_kind last,
                                  int64_t subject, bool with_secret, struct event_list *ret);
/* A walk over the events of some kinds in a span of time, oldest first; with facts, without
 * secrets. Events of one kind stand in order of time, but for the moments of concurrent turns. */
struct ledger_scan {
    enum event_kind kinds[6]; /* EV_NONE: no further one */
    int64_t from_us, to_us;   /* to exclusive */
    int64_t after;            /* only events behind this seq; -1: from the start */
    int64_t most;             /* entries of the ledger looked at */
    /* NULL: all. head: kind, unit, subject, time_us, seq; what it refuses is read no further. */
    bool (*wants)(struct ctx *cx, const struct event *head, void *arg);
    /* ev and cx->mem last until it returns; *stop ends the walk after it. */
    enum rc (*each)(struct ctx *cx, const struct event *ev, void *arg, bool *stop);
    void *arg;
};
/* *next: where a further walk goes on (its `after`), -1 when the span was walked to its end. */
MUST_USE enum rc ledger_scan(struct ctx *cx, const struct ledger_scan *s, int64_t *next);
/* fn runs after each commit that made the log longer, on the committer's thread: it must be
 * quick and take no turn. Set once at start. */
void ledger_on_durable(struct ledger *lg, void (*fn)(void *arg), void *arg);

/* -- proofs -- */
struct ledger_head {
    int64_t size;
    struct hash root;
    struct str note; /* the signed checkpoint */
};
/* The last durable head. */
MUST_USE enum rc ledger_head_get(struct ctx *cx, struct ledger_head *ret);
MUST_USE enum rc ledger_checkpoint_get(struct ctx *cx, int64_t size, struct str *ret);
struct str ledger_vkey(struct ctx *cx); /* C2SP note verifier key line */
struct str ledger_origin(struct ctx *cx);
/* A .tlog-proof for the event, under the last durable head (so: after the commit). Its extra
 * line carries the entry, so that the file alone suffices. */
MUST_USE enum rc ledger_receipt(struct ctx *cx, int64_t seq, struct str *ret);
/* A tile as tlog-tiles serves it; level -1 is an entry bundle. NOT_FOUND beyond the head. */
MUST_USE enum rc ledger_tile(struct ctx *cx, int level, int64_t index, int width,
                             struct str *ret);

/* -- keys of persons -- */
MUST_USE enum rc ledger_key_new(struct ctx *cx, struct subject_id who);
MUST_USE enum rc ledger_key_destroy(struct ctx *cx, struct subject_id who);
/* Seals and opens values outside events (drafts, attachments' names) under a person's key. */
MUST_USE enum rc ledger_seal(struct ctx *cx, struct subject_id who, struct str plain,
                             struct str *ret);
MUST_USE enum rc ledger_unseal(struct ctx *cx, struct subject_id who, struct str box,
                               struct str *ret);

/* -- offline -- */
typedef void progress_fn(void *arg, int64_t done, int64_t all);
/* Recomputes every leaf, node and signature of an opened store. *faults counts what differs,
 * each told through say(arg, text). */
MUST_USE enum rc ledger_verify(struct ctx *cx, progress_fn *progress, void *parg,
                               void (*say)(void *arg, struct str text), void *arg,
                               int64_t *faults);
/* Verifies a .tlog-proof against a vkey; *entry gets the proven entry. PROOF when it fails. */
MUST_USE enum rc receipt_verify(struct ctx *cx, struct str proof, struct str vkey,
                                struct str *entry);
/* Replays every event into the scratch store of `into`, without rows yet; commits its turn. */
MUST_USE enum rc ledger_replay(struct ctx *cx, struct ctx *into, progress_fn *p, void *arg);
bool ledger_is_replay(struct ctx *cx); /* then earlier events cannot be read */

#endif
