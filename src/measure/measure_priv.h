/* measure_priv.h - what the files of measure/ share. See docs/internals/measure.md. */
#ifndef MEASURE_MEASURE_PRIV_H
#define MEASURE_MEASURE_PRIV_H

#include <stdatomic.h>

#include "declare/facts.h"
#include "base/map.h"
#include "measure/measure.h"
#include "store/store.h"

enum { ROWS_OF_EVENT = 4096 }; /* ids of `cell` that an event has for itself */
enum { SPECS_MAX = 4 * INDICATOR_SOURCES_MAX };
enum { SCAN_KINDS_MAX = sizeof(((struct ledger_scan *)0)->kinds) / sizeof(enum event_kind) };

/* One thing counted: an event kind, a condition over its facts, how much it adds. */
struct spec {
    enum event_kind kind;
    const struct expr *when; /* NULL: always */
    size_t cond;             /* its number among the conditions over that kind */
    uint64_t guard;          /* the bit of a fact without which it does not hold; 0: none */
    struct str sum;          /* a fact to add instead of 1; empty: 1 */
    int sign;                /* -1: leaves a stock */
    bool is_den;
};
/* An indicator as declared, with its numerators and denominators. */
struct counted {
    struct indicator pub;
    bool any_procedure; /* false: only events of the indicator's own pack */
    bool of_nobody;     /* counts what belongs to no unit: published services */
    int64_t since;      /* the first event it counts */
    struct spec specs[SPECS_MAX];
    size_t nspecs;
};
/* The indicators of one pack version, published by event `first`; they count up to `last`. */
struct indicator_set {
    struct str ref, pack;
    int64_t first, last; /* last exclusive */
    struct counted *v;
    size_t n;
};
/* What may count events of one kind. */
struct taker {
    const struct indicator_set *set;
    const struct counted *c;
};
enum { GUARDS_MAX = 64 };
struct takers {
    struct taker *v;
    size_t n, nconds;
    struct str guards[GUARDS_MAX]; /* facts that are looked at once an event */
    size_t nguards;
};
/* One generation of declarations; a new one is made whenever a pack is published. */
struct log_cache;
struct memo;
struct keep;
struct lately;
struct held;
struct young;
/* The last day that the ledger knows after event seq. Only inside a turn. */
struct clock {
    int64_t seq;
    int32_t day;
    bool is_known; /* false: the table has to be asked */
};
struct measure {
    struct indicator_set *sets;
    size_t nsets;
    struct takers takers[EV_COUNT];
    const struct indicator **all; /* of the versions in force now */
    size_t nall;
    struct map *by_id;             /* the same */
    atomic_uint_fast64_t *changes; /* these seven: shared by all reloads of the process */
    struct log_cache *log;
    struct memo *memo; /* sums of the folded tables that were read before */
    struct keep *keep; /* those of procedures */
    struct lately *lately;
    struct held *held;
    struct young *young;
    struct clock *clock;
};

/* -- declare.c -- */
/* Reads a pack's indicators.yaml. */
MUST_USE enum rc counted_load(struct ctx *cx, const struct pack *p, struct counted **ret,
                              size_t *n);
/* What the spec adds for an event that it takes. */
int64_t spec_amount(const struct spec *s, const struct json *facts);
/* The kinds of events that it counts, one fewer than fit; the rest stays as it is. */
size_t counted_kinds(const struct counted *c, enum event_kind kinds[SCAN_KINDS_MAX]);
/* True when the indicator counts this event in any of its specs. */
bool counted_takes(struct ctx *cx, const struct counted *c, const struct event *ev);

/* -- sets.c -- */
/* The indicator's declaration in force for that event: NULL when its own pack counts other ones. */
const struct counted *counted_at(const struct measure *m, struct str id,
                                 const struct event *ev);
const struct counted *counted_of(const struct indicator *ind);

/* -- cell.c -- */
/* One event being counted: its day and the ledger's, and which conditions are known to hold. */
struct count {
    const struct event *ev;
    int sign;           /* -1: what it counted is taken off */
    int32_t day, clock; /* day < clock: it changes a day that had ended */
    uint8_t *known;
    uint64_t guards;    /* those that are true */
    int64_t row;        /* the id of its next row in the log */
    bool untraced;      /* it was taken back since: it stands behind no figure */
    struct tally *into; /* not NULL: there, and not into the log */
};
/* at: the event that changes the cells now; in a move taken back and in a backfill, not ev. */
struct count count_begin(struct ctx *cx, const struct event *ev, int64_t at, int sign,
                         int32_t clock);
MUST_USE enum rc count_one(struct ctx *cx, struct count *k, const struct counted *c);
/* Is the event in the taker's time, and of its pack? */
bool counted_in(const struct taker *t, const struct event *ev, struct str pack);
/* The move that a dossier.undone took back. */
struct event event_undone(const struct event *ev);

/* -- backfill.c -- */
MUST_USE enum rc backfill_apply(struct ctx *cx, const struct event *ev);

/* -- spread.c: values in buckets, exact below 64, above in 32 steps a doubling -- */
enum { VALUE_BITS_MAX = 40 }; /* values are cut to 0 … 2^40 - 1 */
enum { BUCKETS_MAX = 64 + (VALUE_BITS_MAX - 6) * 32 };
int64_t bucket_of(int64_t value);
int64_t bucket_hundredths(int64_t bucket); /* its middle */
/* Nearest rank; DB_NULL when there are none. */
int64_t percentile_of(const int64_t n[BUCKETS_MAX], int64_t all, int percent);

/* A dossier's first end adds its days. */
MUST_USE enum rc wait_count(struct ctx *cx, const struct event *ev, int sign);

#endif
