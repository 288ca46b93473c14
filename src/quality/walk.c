/* walk.c - how drafts go through forms: counters in memory, written down as one event at a time.
 *
 * A counter is a line "day kind pack page what". Kinds: b begun, r reached a page, e came back
 * with errors, f a field was refused, t seconds on a page (what: measure's bucket). */
#include "app/app.h"
#include "base/map.h"
#include "measure/measure_priv.h"
#include "quality/quality_priv.h"
#include "store/store.h"

enum { FIELD_MAX = 200 };

/* -- pages seen: a text of hexadecimal digits, four pages each -- */

bool seen_mark(struct arena *mem, struct str *seen, size_t index)
{
    static const char digits[] = "0123456789abcdef";
    size_t at = index / 4, n = seen->n > at ? seen->n : at + 1;
    if (index >= FORM_PAGES_MAX + 1)
        return false;
    char *p = arena_alloc(mem, n + 1);
    memset(p, '0', n);
    if (seen->n)
        memcpy(p, seen->p, seen->n);
    const char *digit = p[at] ? strchr(digits, p[at]) : NULL;
    unsigned bits = digit ? (unsigned)(digit - digits) : 0, bit = 1u << (index % 4);
    p[at] = digits[bits | bit];
    *seen = str_n(p, n);
    return !(bits & bit);
}

/* -- counting -- */

static void walk_one(struct ctx *cx, char kind, const struct pack *p, struct str page,
                     struct str what)
{
    struct quality *q = cx->app->quality;
    if (!q)
        return;
    struct str line = str_fmt(cx->mem, "%d %c %.*s %.*s %.*s", (int)day_of(cx->now_us), kind,
                              STR_ARG(p->ref), STR_ARG(page), STR_ARG(what));
    pthread_mutex_lock(&q->lock);
    int64_t *n = map_get(q->counts, line);
    if (!n && map_size(q->counts) < WALK_KEYS_MAX) {
        n = arena_new_of(q->mem, int64_t);
        map_set(q->counts, str_dup(q->mem, line), n);
    }
    if (n)
        ++*n;
    else
        q->lost++;
    pthread_mutex_unlock(&q->lock);
}

void walk_begun(struct ctx *cx, const struct pack *p)
{
    walk_one(cx, 'b', p, STR("-"), STR("-"));
}

void walk_reached(struct ctx *cx, const struct pack *p, struct str page, struct str before,
                  int64_t spent_us)
{
    walk_one(cx, 'r', p, page, STR("-"));
    if (spent_us < 0 || spent_us > SPENT_MAX_US || !before.n) /* a pause is no time on a page */
        return;
    struct str bucket =
        str_fmt(cx->mem, "%lld", (long long)bucket_of((spent_us + SECOND_US / 2) / SECOND_US));
    walk_one(cx, 't', p, before, bucket);
}

/* "children.2.name" -> "children.name": whose child it is tells nothing of the form. */
static struct str field_plain(struct arena *mem, struct str path)
{
    struct buf *b = buf_new(mem, FIELD_MAX);
    while (path.p) {
        struct str part;
        int64_t n;
        path = str_split(path, '.', &part);
        if (str_int(part, &n))
            continue;
        if (b->n)
            buf_putc(b, '.');
        buf_put(b, part);
    }
    return buf_str(b);
}

void walk_refused(struct ctx *cx, const struct pack *p, struct str page,
                  const struct form_errors *errs)
{
    walk_one(cx, 'e', p, page, STR("-"));
    for (size_t i = 0; i < errs->n; i++) {
        struct str field = field_plain(cx->mem, errs->v[i].field);
        if (form_has_field(p->form, field))
            walk_one(cx, 'f', p, page, field);
    }
}

/* -- writing down -- */

struct json *walk_take(struct ctx *cx, struct quality *q, int64_t *lost)
{
    struct json *rows = json_new_arr(cx->mem);
    pthread_mutex_lock(&q->lock);
    for (size_t i = 0; i < map_size(q->counts); i++) {
        struct str line;
        const int64_t *n = map_at(q->counts, i, &line);
        json_push(rows, json_new_str(cx->mem, str_fmt(cx->mem, "%.*s %lld", STR_ARG(line),
                                                      (long long)*n)));
    }
    *lost = q->lost;
    q->lost = 0;
    arena_reset(q->mem);
    q->counts = map_new(q->mem);
    pthread_mutex_unlock(&q->lock);
    return rows;
}

enum rc quality_flush(struct ctx *cx)
{
    int64_t lost;
    if (!cx->app->quality)
        return RC_OK;
    struct json *rows = walk_take(cx, cx->app->quality, &lost);
    if (!rows->n)
        return RC_OK;
    struct json *f = json_new_obj(cx->mem);
    json_put(f, STR("rows"), rows);
    json_put_int(cx->mem, f, "lost", lost);
    struct event ev = {.kind = EV_FORM_WALKED, .facts = f};
    TRY(db_begin(cx));
    TRY(ledger_append(cx, &ev));
    return db_commit(cx);
}

/* -- small numbers -- */

void small_hide(int64_t *v, size_t n, int64_t k)
{
    size_t hidden = 0, least = n;
    for (size_t i = 0; i < n; i++) {
        if (v[i] > 0 && v[i] < k)
            v[i] = -1;
        hidden += v[i] < 0;
    }
    for (size_t i = 0; i < n; i++)
        if (v[i] > 0 && (least == n || v[i] < v[least]))
            least = i;
    if (hidden == 1 && least < n)
        v[least] = -1;
}
