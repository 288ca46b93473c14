/* measure_priv.h - what the files of measure/ share. See docs/internals/measure.md. */
#ifndef MEASURE_MEASURE_PRIV_H
#define MEASURE_MEASURE_PRIV_H

#include <stdatomic.h>

#include "declare/facts.h"
#include "measure/measure.h"
#include "store/store.h"

enum { SPECS_MAX = 4 * INDICATOR_SOURCES_MAX };

/* One thing counted: an event kind, a condition over its facts, how much it adds. */
struct spec {
    enum event_kind kind;
    const struct expr *when; /* NULL: always */
    struct str sum;          /* a fact to add instead of 1; empty: 1 */
    int sign;                /* -1: leaves a stock */
    bool is_den;
};
/* An indicator as declared, with its numerators and denominators. */
struct counted {
    struct indicator pub;
    bool any_procedure; /* false: only events of the indicator's own pack */
    struct spec specs[SPECS_MAX];
    size_t nspecs;
};
/* The indicators of one pack version; in force for events first <= seq < last. */
struct indicator_set {
    struct str pack;
    int64_t first, last;
    struct counted *v;
    size_t n;
};
/* One generation of declarations; a new one is made whenever a pack is published. */
struct measure {
    struct indicator_set *sets;
    size_t nsets;
    const struct indicator **all; /* of the versions in force now */
    size_t nall;
    atomic_uint_fast64_t *changes; /* shared by all reloads of the process */
};

/* Reads a pack's indicators.yaml. */
MUST_USE enum rc counted_load(struct ctx *cx, const struct pack *p, struct counted **ret,
                              size_t *n);
/* What the spec adds for an event that it takes. */
int64_t spec_amount(const struct spec *s, const struct json *facts);
/* The indicator's declaration in force for that event: NULL when its own pack counts other ones. */
const struct counted *counted_at(const struct measure *m, struct str id,
                                 const struct event *ev);
/* True when the indicator counts this event in any of its specs. */
bool counted_takes(struct ctx *cx, const struct counted *c, const struct event *ev);

/* -- spread.c: values in buckets, exact below 64, above in 32 steps a doubling -- */
enum { VALUE_BITS_MAX = 40 }; /* values are cut to 0 … 2^40 - 1 */
enum { BUCKETS_MAX = 64 + (VALUE_BITS_MAX - 6) * 32 };
int64_t bucket_of(int64_t value);
int64_t bucket_hundredths(int64_t bucket); /* its middle */
/* Nearest rank; DB_NULL when there are none. */
int64_t percentile_of(const int64_t n[BUCKETS_MAX], int64_t all, int percent);

/* -- wait.c -- */
/* A dossier's first end adds its days. */
MUST_USE enum rc wait_count(struct ctx *cx, const struct event *ev, int sign);

#endif
