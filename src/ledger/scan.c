/* scan.c - walking a span of time, in bounded batches. */
#include "ledger/ledger_priv.h"

/* Concurrent turns take their instant before their place in the log. */
enum { SCAN_BATCH = 2048, SCAN_SLACK_MIN = 10, SCAN_SCRATCH_MAX = 16 << 20 };

struct scan {
    const struct ledger_scan *s;
    struct ledger *lg;
    struct ctx own; /* the caller's, with a scratch arena */
    int64_t seen;   /* last seq given to the caller */
    bool stop, is_past;
};

static enum rc time_at(struct ctx *cx, int64_t seq, int64_t *ret)
{
    struct event_time_row *row = NULL;
    TRY(sql_event_time(cx, seq, &row));
    if (!row)
        return FAIL(cx, CORRUPT, NULL, "no event %lld", (long long)seq);
    *ret = row->time_us;
    return RC_OK;
}

/* The first event at `us` or later. */
static enum rc seq_of_time(struct ctx *cx, int64_t size, int64_t us, int64_t *ret)
{
    int64_t low = 0, high = size, at;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        TRY(time_at(cx, mid, &at));
        if (at < us)
            low = mid + 1;
        else
            high = mid;
    }
    *ret = low;
    return RC_OK;
}

static bool is_wanted(struct scan *w, const struct event_by_seq_row *row)
{
    struct event head = {.seq = row->seq,
                         .time_us = row->time_us,
                         .kind = (enum event_kind)row->kind,
                         .unit = {row->unit},
                         .subject = row->subject};
    return !w->s->wants || w->s->wants(&w->own, &head, w->s->arg);
}

static enum rc scan_row(struct ctx *cx, const struct event_by_seq_row *row, void *arg)
{
    struct scan *w = arg;
    struct event *ev;
    if (w->stop || row->time_us < w->s->from_us)
        return RC_OK;
    if (row->time_us >= w->s->to_us) {
        w->is_past |= row->time_us - SCAN_SLACK_MIN * MINUTE_US >= w->s->to_us;
        return RC_OK;
    }
    if (!is_wanted(w, row))
        return RC_OK;
    enum rc rc = event_of_row(&w->own, w->lg, row, false, &ev);
    if (rc == RC_OK)
        rc = w->s->each(&w->own, ev, w->s->arg, &w->stop);
    if (rc != RC_OK)
        return ctx_fail(cx, rc, NULL, __FILE__, __LINE__, "%s", w->own.err.detail);
    w->seen = row->seq;
    return RC_OK;
}

static enum rc scan_begin(struct ctx *cx, const struct ledger_scan *s, struct scan *w,
                          int64_t *first, int64_t *size)
{
    struct ledger_head head;
    TRY(ledger_head_get(cx, &head));
    *size = head.size;
    *w = (struct scan){.s = s, .lg = ledger_of(cx), .own = *cx};
    w->own.mem = arena_child(cx->mem, SCAN_SCRATCH_MAX);
    *first = 0;
    if (s->from_us > INT64_MIN + SCAN_SLACK_MIN * MINUTE_US)
        TRY(seq_of_time(cx, head.size, s->from_us - SCAN_SLACK_MIN * MINUTE_US, first));
    if (s->after >= *first) /* a reader may name a place that will never be */
        *first = s->after < head.size ? s->after + 1 : head.size;
    return RC_OK;
}

enum rc ledger_scan(struct ctx *cx, const struct ledger_scan *s, int64_t *next)
{
    struct scan w;
    int64_t at, size;
    TRY(scan_begin(cx, s, &w, &at, &size));
    int64_t past = s->most < size - at ? at + s->most : size;
    for (; at < past && !w.stop && !w.is_past; at += SCAN_BATCH) {
        int64_t end = at + SCAN_BATCH < past ? at + SCAN_BATCH : past;
        TRY(sql_event_scan(cx, at, end, s->kinds[0], s->kinds[1], s->kinds[2], s->kinds[3],
                           s->kinds[4], s->kinds[5], scan_row, &w));
        arena_reset(w.own.mem);
    }
    *next = w.stop ? w.seen : !w.is_past && past < size ? past - 1 : -1;
    return RC_OK;
}
