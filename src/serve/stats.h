/* stats.h - counters of answers and the access log. See docs/internals/serve.md.
 *
 * Any thread may call these. Counters begin at zero with the process and only rise; they are
 * read one by one, so that a scrape may see an answer counted and its bytes not yet. The log
 * goes to standard error in blocks of up to 64 KiB; lines are cut at 511 bytes, and those that
 * standard error does not take are lost: an answer never waits for its line. */
#ifndef SERVE_STATS_H
#define SERVE_STATS_H

#include "base/arena.h"
#include "base/buf.h"

struct stats;

/* One answered request. Nothing in it is personal: the path is the route's pattern. */
struct stats_entry {
    uint64_t request;
    const char *method, *path;
    int status;
    int64_t us, wait_us;      /* microseconds: in all; until it stood in a worker's queue */
    size_t bytes, mem;        /* sent; taken from the request's arena */
    unsigned queries, writes; /* statements run, of them those that change rows */
    bool is_aborted;          /* the client went away before the end */
};

struct stats *stats_new(struct arena *mem, bool log_access);
void stats_add(struct stats *s, const struct stats_entry *e);
void stats_refused(struct stats *s); /* 503 for want of a place */
/* Writes the access log's lines gathered so far; called a few times a second. */
void stats_flush(struct stats *s);
/* Prometheus text format 0.0.4. */
void stats_print(struct buf *b, const struct stats *s);
/* type: "gauge" or "counter"; name without the "motcua_" before it. */
void stats_value(struct buf *b, const char *name, const char *type, long long value);

#endif
