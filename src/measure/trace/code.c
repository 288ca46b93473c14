/* code.c - traces of a block as bytes, and back. */
#include "measure/trace/trace.h"

enum { SEVEN = 7, MORE = 128, PROCEDURES = 8192, TAG_PROCEDURE = 3, BYTE = 8 };
enum { KEY_DAY = 1, KEY_SIGN = 1, KEY_SUBJECT = 8, KEY_SEQ = 4 }; /* bits of the first number */

uint16_t trace_tag(struct str procedure, int64_t channel)
{
    uint32_t h = 2166136261; /* FNV-1a: the same in every process */
    for (size_t i = 0; i < procedure.n; i++)
        h = (h ^ (uint8_t)procedure.p[i]) * 16777619;
    h ^= h >> 16;
    return (uint16_t)((h % PROCEDURES) << TAG_PROCEDURE |
                      ((uint64_t)channel & TRACE_TAG_CHANNELS));
}

/* -- to bytes -- */

static char *number_put(char *to, uint64_t n)
{
    for (; n >= MORE; n >>= SEVEN)
        *to++ = (char)(n | MORE);
    *to++ = (char)n;
    return to;
}

static char *step_put(char *to, int64_t from, int64_t at)
{
    uint64_t step = (uint64_t)at - (uint64_t)from;
    return number_put(to, at < from ? ~(step << 1) : step << 1);
}

static char *trace_put(char *to, const struct trace *t, const struct trace *before)
{
    uint64_t sign = t->sign < 0 ? 2 : (uint64_t)t->sign;
    to = number_put(to, (uint64_t)(t->seq - before->seq) << KEY_SEQ |
                            (t->subject ? KEY_SUBJECT : 0u) | sign << KEY_SIGN |
                            (t->day != before->day ? KEY_DAY : 0u));
    *to++ = (char)t->tag;
    *to++ = (char)(t->tag >> BYTE);
    to = step_put(to, before->unit, t->unit);
    if (t->day != before->day)
        to = step_put(to, before->day, t->day);
    return t->subject ? step_put(to, before->subject, t->subject) : to;
}

struct str traces_code(char *bytes, const struct trace *v, size_t n)
{
    char *to = bytes;
    struct trace start = {.seq = n ? v[0].seq / TRACE_EVENTS * TRACE_EVENTS : 0};
    for (size_t i = 0; i < n; i++)
        to = trace_put(to, &v[i], i ? &v[i - 1] : &start);
    return (struct str){bytes, (size_t)(to - bytes)};
}

/* -- and back -- */

/* Reading past the end gives zeros and is seen at the end, by `over`. */
struct reader {
    const uint8_t *at, *end;
    bool over;
};

static uint8_t byte_take(struct reader *r)
{
    r->over |= r->at == r->end;
    return r->over ? 0 : *r->at++;
}

static uint64_t number_take(struct reader *r)
{
    uint64_t n = 0;
    for (unsigned shift = 0; shift < 64; shift += SEVEN) {
        uint8_t b = byte_take(r);
        n |= (uint64_t)(b & (MORE - 1)) << shift;
        if (b < MORE)
            return n;
    }
    r->over = true;
    return 0;
}

static int64_t step_take(struct reader *r, int64_t from)
{
    uint64_t n = number_take(r);
    return (int64_t)((uint64_t)from + (n & 1 ? ~(n >> 1) : n >> 1));
}

static void trace_take(struct reader *r, struct trace *t, const struct trace *before)
{
    static const int8_t signs[] = {0, 1, -1, 0};
    uint64_t key = number_take(r);
    *t = (struct trace){.seq = before->seq + (int64_t)(key >> KEY_SEQ), .day = before->day};
    t->sign = signs[key >> KEY_SIGN & 3];
    t->tag = byte_take(r);
    t->tag |= (uint16_t)(byte_take(r) << BYTE);
    t->unit = step_take(r, before->unit);
    if (key & KEY_DAY)
        t->day = (int32_t)step_take(r, before->day);
    if (key & KEY_SUBJECT)
        t->subject = step_take(r, before->subject);
}

enum rc traces_decode(struct ctx *cx, struct str bytes, int64_t block, struct trace *v,
                      size_t n)
{
    struct reader r = {(const uint8_t *)bytes.p, (const uint8_t *)bytes.p + bytes.n, false};
    struct trace start = {.seq = block * TRACE_EVENTS};
    int64_t past = start.seq + TRACE_EVENTS;
    for (size_t i = 0; i < n && !r.over; i++) {
        const struct trace *before = i ? &v[i - 1] : &start;
        trace_take(&r, &v[i], before);
        r.over |= v[i].seq < before->seq || v[i].seq >= past;
    }
    if (r.over || r.at != r.end)
        return FAIL(cx, CORRUPT, "traces", "block %lld: not %zu traces", (long long)block, n);
    return RC_OK;
}

/* -- ids -- */

/* Open addressing in a table at most half full; 0: a free place. */
struct numbers {
    struct arena *mem;
    int64_t *v;
    size_t n, mask;
};

struct numbers *numbers_new(struct arena *mem)
{
    enum { AT_FIRST = 64 };
    struct numbers *s = arena_new_of(mem, struct numbers);
    *s = (struct numbers){mem, arena_array(mem, int64_t, AT_FIRST), 0, AT_FIRST - 1};
    return s;
}

/* Where it is, or would be. */
static size_t place_of(const struct numbers *s, int64_t id)
{
    enum { HIGH = 32 };
    uint64_t h = (uint64_t)id * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(h >> HIGH) & s->mask;
    while (s->v[at] && s->v[at] != id)
        at = (at + 1) & s->mask;
    return at;
}

static void numbers_grow(struct numbers *s)
{
    int64_t *old = s->v;
    size_t room = s->mask + 1;
    s->v = arena_array(s->mem, int64_t, 2 * room);
    s->mask = 2 * room - 1;
    for (size_t i = 0; i < room; i++)
        if (old[i])
            s->v[place_of(s, old[i])] = old[i];
}

bool numbers_have(const struct numbers *s, int64_t id)
{
    return s->v[place_of(s, id)] != 0;
}

bool numbers_add(struct numbers *s, int64_t id)
{
    if (numbers_have(s, id))
        return false;
    if (2 * ++s->n > s->mask)
        numbers_grow(s);
    s->v[place_of(s, id)] = id;
    return true;
}
