/* spread.c - distributions: counts in buckets that can be added, and percentiles of them.
 *
 * A bucket is at most 1/32 of the values in it wide, so its middle is within 1/64 of each. */
#include "measure/measure_priv.h"

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

int64_t bucket_hundredths(int64_t bucket)
{
    if (bucket < EXACT)
        return bucket * 100;
    int64_t at = bucket - EXACT, width = INT64_C(1) << (at / STEPS + 1);
    int64_t low = (STEPS + at % STEPS) * width;
    return (2 * low + width - 1) * 50;
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
