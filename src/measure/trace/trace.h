/* trace.h - which events an indicator counted: what the dossiers behind a figure are found by.
 * See docs/internals/measure.md.
 *
 * A trace is one event in one indicator. Those of a block of the ledger's events stand together in
 * one row of `cell_trace`, some eight bytes each, in order of events; a fold writes each of its
 * rows once. What is younger than the last fold is in the log (log.h). A move that was taken back
 * leaves none. Traces say where to look: whoever shows an event judges it again by its facts.
 *
 * In bytes, each number seven bits at a time, lowest first: events since the trace before (of the
 * first: since the block's start) * 16 + has a subject * 8 + sign * 2 + another day; the tag, two
 * bytes; the unit; on another day the day; the subject. These three as the difference from the
 * trace before, twice; when it is below zero one less than twice as much above. */
#ifndef MEASURE_TRACE_H
#define MEASURE_TRACE_H

#include "base/map.h"
#include "measure/owner.h"

enum { TRACE_EVENTS = 16384 };   /* of the ledger in a block */
enum { TRACE_BYTES_MAX = 43 };   /* of one */
enum { TRACE_TAG_CHANNELS = 7 }; /* the bits of a tag that tell the channel */

struct trace {
    int64_t seq, subject; /* subject: the dossier of a stock; else 0 */
    int64_t unit;         /* that acted; 0: nobody */
    int32_t day;          /* civil */
    uint16_t tag;         /* trace_tag: what it says it may say of others, too */
    int8_t sign;          /* of what it added above the line: 1, 0, -1 */
};
/* Procedures share a tag with one in 8192 others, channels with every eighth. */
uint16_t trace_tag(struct str procedure, int64_t channel);

/* -- rows of the table: code.c -- */
/* v in order of events, all of block v[0].seq / TRACE_EVENTS, none twice. bytes: room for n times
 * TRACE_BYTES_MAX. */
struct str traces_code(char *bytes, const struct trace *v, size_t n);
/* Exactly n of them. CORRUPT: the bytes are not that. */
MUST_USE enum rc traces_decode(struct ctx *cx, struct str bytes, int64_t block, struct trace *v,
                               size_t n);

/* -- on their way into the table: write.c -- */
struct traces;
struct traces *traces_new(struct arena *mem);
/* indicator: a number of the caller's. The same event again is joined to it. */
void traces_add(struct traces *t, size_t indicator, const struct trace *one);
/* It is counted no more, whether it stands in the table or was added here. */
void traces_drop(struct traces *t, size_t indicator, int64_t seq);
/* Only for subscribers of the ledger. names: the indicator of each number is its key there. The
 * rows are the same in whatever portions they were written. */
MUST_USE enum rc traces_write(struct ctx *cx, struct traces *t, const struct map *names);

/* -- sets of ids, told apart without a look-up in the database: code.c -- */
struct numbers;
struct numbers *numbers_new(struct arena *mem);
/* False: it was in it. id: not 0. No limit of its own: 16 to 32 bytes each, and as much again for
 * the tables that it grew out of. */
bool numbers_add(struct numbers *s, int64_t id);
bool numbers_have(const struct numbers *s, int64_t id);

/* -- reading: walk.c -- */
/* cx->mem is the walk's caller's. *stop ends the walk after it. */
typedef enum rc trace_fn(struct ctx *cx, const struct trace *t, void *arg, bool *stop);
struct trace_walk {
    const struct indicator *ind;
    const struct forest *forest; /* only units in it, and nobody's */
    int32_t from, to;            /* civil days, to exclusive */
    uint16_t tag, mask;          /* only those whose tag is the same in these bits */
    bool back;                   /* the youngest first */
    int64_t after;               /* forwards: only younger ones than this; -1: all */
    int64_t most; /* traces looked at, of whatever unit and day, by whole blocks */
    trace_fn *each;
    void *arg;
};
/* The caller holds a query open, so that no fold comes between table and log. *rest: -1; or, when
 * `most` ended it, the event behind which it would have gone on (back: before which). */
MUST_USE enum rc trace_walk(struct ctx *cx, const struct trace_walk *w, int64_t *rest);

#endif
