/* spread.c - distributions: counts in buckets that can be added, and percentiles of them.
 *
 * A bucket is at most 1/32 of the values in it wide, so its middle is within 1/64 of each. */
#include "measure/read.h"

enum { EXACT = 64, STEPS = 32, STEP_BITS = 5 };
_Static_assert(BUCKETS_MAX == EXACT + (VALUE_BITS_MAX - STEP_BITS - 1) * STEPS, "");

static int top_bit(int64_t v)
{
    int n = 0;
    while (v >>= 1)
        n++;
    return n;
}

int64_t bucket_of(int64_t value)
{
    int64_t most = (INT64_C(1) << VALUE_BITS_MAX) - 1;
    int64_t v = value < 0 ? 0 : value > most ? most : value;
    if (v < EXACT)
        return v;
    int top = top_bit(v);
    return EXACT + (top - STEP_BITS - 1) * STEPS + ((v >> (top - STEP_BITS)) & (STEPS - 1));
}

/* The first and the last value in it. */
static struct spread_bar bar_of(int64_t bucket)
{
    if (bucket < EXACT)
        return (struct spread_bar){bucket, bucket, 0};
    int64_t at = bucket - EXACT, width = INT64_C(1) << (at / STEPS + 1);
    int64_t low = (STEPS + at % STEPS) * width;
    return (struct spread_bar){low, low + width - 1, 0};
}

int64_t bucket_hundredths(int64_t bucket)
{
    struct spread_bar b = bar_of(bucket);
    return (b.from + b.to) * 50;
}

int64_t percentile_of(const int64_t n[BUCKETS_MAX], int64_t all, int percent)
{
    int64_t need = (all * percent + 99) / 100, seen = 0;
    for (int64_t i = 0; all > 0 && i < BUCKETS_MAX; i++) {
        seen += n[i];
        if (seen >= need)
            return bucket_hundredths(i);
    }
    return DB_NULL;
}

struct counts {
    int64_t n[BUCKETS_MAX], all;
};

static enum rc part_count(struct ctx *cx, const struct part *p, void *arg)
{
    struct counts *c = arg;
    if (p->bucket < 0 || p->bucket >= BUCKETS_MAX)
        return FAIL(cx, CORRUPT, "bucket", "%lld", (long long)p->bucket);
    c->n[p->bucket] += p->den;
    c->all += p->den;
    return RC_OK;
}

static enum rc counts_read(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                           struct counts **ret)
{
    struct counts *c = arena_new_of(cx->mem, struct counts);
    struct reading r = {.ind = ind, .slice = s, .buckets = true, .each = part_count, .arg = c};
    if (!ind->is_distribution)
        return FAIL(cx, STATE, "indicator", "not a distribution");
    TRY(cells_read(cx, &r));
    *ret = c;
    return RC_OK;
}

enum rc figure_percentile(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                          int percent, int64_t *hundredths)
{
    struct counts *c;
    TRY(counts_read(cx, ind, s, &c));
    *hundredths = percentile_of(c->n, c->all, percent);
    return RC_OK;
}

enum rc figure_spread(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                      struct spread *ret)
{
    struct counts *c;
    TRY(counts_read(cx, ind, s, &c));
    struct spread sp = {arena_array(cx->mem, struct spread_bar, BUCKETS_MAX), 0, c->all};
    for (int64_t i = 0; i < BUCKETS_MAX; i++) {
        if (c->n[i] == 0)
            continue;
        sp.v[sp.n] = bar_of(i);
        sp.v[sp.n++].count = c->n[i];
    }
    *ret = sp;
    return RC_OK;
}
