/* read.c - reading cells: folded months, days at the edges, and what was not folded yet. */
#include "measure/read.h"

#include <stdlib.h>

#include "app/app.h"
#include "base/keep.h"
#include "gen/measure_sql.h"
#include "measure/log.h"
#include "measure/owner.h"

enum { EARLIEST = -1000000 }; /* days; nothing was counted before */

/* Whole months first … past - 1, and the days that are missing or too many. */
struct span {
    int32_t from, to; /* to: INT32_MAX when it reaches beyond what was counted */
    int64_t first, past;
    struct {
        struct period p;
        int sign;
    } days[2];
    size_t ndays;
};

struct walk {
    const struct reading *r;
    struct str procedure; /* empty: all */
    int64_t channel;
    struct span span;
    struct forest forest;
    struct terms terms;
    struct holders holders;
    struct part part; /* what stays the same in the query that runs */
    bool detail;      /* cells are read, not sums of them */
    int sign;         /* -1: what is read is taken off */
    bool *moved;      /* ROWS_LIST: a merger moved something into or out of it */
    /* Which state of the folded tables is read; NULL: what is read may not be remembered. */
    const struct folded_at_row *state;
    struct memo_sum *into; /* not NULL: parts are added up here, not told */
    struct map *listed;    /* not NULL: here, by procedure or by day */
};

static int32_t month_start(int64_t month)
{
    return day_make((int)(month / 12), (int)(month % 12) + 1, 1);
}

static void days_add(struct span *s, int32_t from, int32_t to, int sign)
{
    if (from >= to)
        return;
    s->days[s->ndays].p = (struct period){from, to};
    s->days[s->ndays++].sign = sign;
}

/* A month that the period cuts: its days inside, or the whole of it without those outside,
 * whichever are fewer. */
static void first_cut(struct span *s, bool may_take_off)
{
    int64_t m = month_of(s->from);
    int32_t start = month_start(m), next = month_start(m + 1);
    bool whole = s->from == start || (may_take_off && s->from - start < next - s->from);
    s->first = whole ? m : m + 1;
    if (whole)
        days_add(s, start, s->from, -1);
    else
        days_add(s, s->from, next, 1);
}

static void last_cut(struct span *s, int32_t last, bool may_take_off)
{
    int64_t m = month_of(s->to);
    int32_t start = month_start(m), next = month_start(m + 1);
    int32_t end = next <= last ? next : last + 1; /* nothing was counted later */
    bool whole = s->to > start && may_take_off && end - s->to < s->to - start;
    s->past = whole ? m + 1 : m;
    if (whole)
        days_add(s, s->to, next, -1);
    else
        days_add(s, start, s->to, 1);
}

/* last: the last day of which anything can have been counted. may_take_off: every month that is
 * summed has its days, too. */
static struct span span_of(const struct reading *r, int32_t last, bool may_take_off)
{
    struct period p = r->slice->period;
    bool is_open = p.to == 0 || p.to > last;
    struct span s = {.from = p.from, .to = is_open ? INT32_MAX : p.to};
    if (r->ind->is_stock || p.from < EARLIEST) /* what stands at the end came or went before */
        s.from = INT32_MIN;
    if (s.to <= s.from)
        return s;
    s.past = INT32_MAX;
    if (s.from != INT32_MIN)
        first_cut(&s, may_take_off);
    if (!is_open)
        last_cut(&s, last, may_take_off);
    if (r->days || s.first >= s.past) {
        s.first = s.past = 0;
        s.ndays = 0;
        days_add(&s, s.from, s.to, 1);
    }
    return s;
}

/* -- one sum -- */

static bool is_asked(const struct walk *w, struct str procedure, int64_t channel)
{
    return (!w->procedure.n || str_eq(w->procedure, procedure)) &&
           (!w->channel || w->channel == channel);
}

/* A service that was withdrawn since counts where it was offered. */
static unsigned offered_by(struct ctx *cx, struct str procedure)
{
    const struct pack *p = pack_of_procedure(cx, procedure);
    return p ? p->offered_by : ~0u;
}

/* A sum of no unit goes to all rows in whose units the service is offered. */
static enum rc part_share(struct ctx *cx, const struct walk *w, struct part *p)
{
    unsigned kinds = offered_by(cx, p->procedure);
    for (size_t i = 0; i < w->holders.n; i++) {
        if (!(w->holders.v[i].kinds & kinds))
            continue;
        p->row = w->holders.v[i].row;
        TRY(w->r->each(cx, p, w->r->arg));
    }
    return RC_OK;
}

static enum rc listed_add(struct ctx *cx, const struct walk *w, const struct part *p)
{
    struct str day = {(const char *)&p->day, sizeof p->day};
    struct str name = w->r->days ? day : p->procedure;
    struct memo_sum *sum = map_get(w->listed, name);
    if (!sum) {
        sum = arena_new_of(cx->mem, struct memo_sum);
        map_set(w->listed, str_dup(cx->mem, name), sum);
    }
    sum->num += p->num;
    sum->den += p->den;
    return RC_OK;
}

static enum rc part_give(struct ctx *cx, const struct walk *w, struct part *p)
{
    if (w->listed)
        return listed_add(cx, w, p);
    if (w->into) {
        w->into->num += p->num;
        w->into->den += p->den;
        w->into->any = true;
        return RC_OK;
    }
    if (!p->row)
        return part_share(cx, w, p);
    if (!w->r->detail)
        p->procedure = STR("");
    return w->r->each(cx, p, w->r->arg);
}

static enum rc day_give(struct ctx *cx, const struct walk *w, int64_t day, struct part p)
{
    p.day = (int32_t)day;
    p.month = month_of(p.day);
    return part_give(cx, w, &p);
}

static enum rc procedure_each(struct ctx *cx, const struct procedure_months_row *r, void *arg)
{
    const struct walk *w = arg;
    struct part p = w->part;
    if (w->procedure.n && !str_eq(w->procedure, r->procedure))
        return RC_OK;
    p.day = INT32_MIN;
    p.month = -1;
    p.procedure = r->procedure;
    p.num = w->sign * r->num;
    p.den = w->sign * r->den;
    return part_give(cx, w, &p);
}

static enum rc day_each(struct ctx *cx, const struct read_days_row *r, void *arg)
{
    const struct walk *w = arg;
    struct part p = w->part;
    if (!is_asked(w, r->procedure, r->channel))
        return RC_OK;
    p.procedure = r->procedure;
    p.bucket = r->bucket;
    p.num = w->sign * r->num;
    p.den = w->sign * r->den;
    return day_give(cx, w, r->day, p);
}

static enum rc month_each(struct ctx *cx, const struct read_months_row *r, void *arg)
{
    const struct walk *w = arg;
    struct part p = w->part;
    if (!is_asked(w, r->procedure, r->channel))
        return RC_OK;
    p.day = INT32_MIN;
    p.month = r->month;
    p.procedure = r->procedure;
    p.bucket = r->bucket;
    p.num = r->num;
    p.den = r->den;
    return part_give(cx, w, &p);
}

static enum rc sum_each(struct ctx *cx, const struct sum_months_row *r, void *arg)
{
    const struct walk *w = arg;
    struct part p = w->part;
    if (r->num == DB_NULL) /* no rows */
        return RC_OK;
    p.day = INT32_MIN;
    p.month = -1;
    p.num = w->sign * r->num;
    p.den = w->sign * r->den;
    return part_give(cx, w, &p);
}

/* -- folded -- */

/* Only one number over another is wanted, or one a procedure: the database adds up. */
static bool is_plain(const struct walk *w)
{
    return !w->r->days && !w->r->buckets && w->r->by != BY_MONTH;
}

static enum rc own_days(struct ctx *cx, struct walk *w, int64_t unit, struct period d)
{
    struct str id = w->r->ind->id;
    if (is_plain(w) && (w->r->detail || !unit))
        return sql_procedure_days(cx, id, unit, d.from, d.to, w->channel, procedure_each, w);
    if (is_plain(w))
        return sql_sum_days_own(cx, id, unit, d.from, d.to, w->procedure, w->channel, sum_each,
                                w);
    return sql_read_days(cx, w->r->ind->id, unit, d.from, d.to, day_each, w);
}

/* Of one channel there are no sums: each unit's own days are read; in one go, where the database
 * may add up. */
static enum rc channel_days(struct ctx *cx, struct walk *w, const struct unit *u,
                            struct period d)
{
    TRY(own_days(cx, w, u->id.v, d));
    if (is_plain(w) && u->nchildren)
        return sql_channel_days_below(cx, w->r->ind->id, u->id.v, d.from, d.to, w->channel,
                                      procedure_each, w);
    for (size_t i = 0; i < u->nchildren; i++)
        TRY(channel_days(cx, w, u->children[i], d));
    return RC_OK;
}

static enum rc procedures_below(struct ctx *cx, struct walk *w, int64_t unit, struct period d)
{
    struct str id = w->r->ind->id;
    if (is_plain(w))
        return sql_procedure_days_below(cx, id, unit, d.from, d.to, procedure_each, w);
    return sql_read_days_below(cx, id, unit, d.from, d.to, day_each, w);
}

static enum rc below_days(struct ctx *cx, struct walk *w, int64_t unit, struct period d)
{
    if (is_plain(w))
        return sql_sum_days_below(cx, w->r->ind->id, unit, d.from, d.to, sum_each, w);
    return sql_read_sum_days(cx, w->r->ind->id, unit, d.from, d.to, day_each, w);
}

static enum rc term_days(struct ctx *cx, struct walk *w, const struct term *t, struct period d)
{
    bool has_below = !t->own && t->unit->nchildren;
    if (has_below && w->channel)
        return channel_days(cx, w, t->unit, d);
    if (has_below)
        TRY((w->detail ? procedures_below : below_days)(cx, w, t->unit->id.v, d));
    return own_days(cx, w, t->unit->id.v, d);
}

static enum rc months_read(struct ctx *cx, struct walk *w, int64_t unit, bool own, bool detail)
{
    const struct span *s = &w->span;
    if (s->first >= s->past)
        return RC_OK;
    struct str id = w->r->ind->id;
    w->sign = 1;
    if (is_plain(w) && (w->r->detail || !unit))
        return sql_procedure_months(cx, id, unit, s->first, s->past, own, w->channel,
                                    procedure_each, w);
    if (is_plain(w) && (own || detail))
        return sql_sum_months_own(cx, id, unit, s->first, s->past, own, w->procedure,
                                  w->channel, sum_each, w);
    if (is_plain(w))
        return sql_sum_months(cx, id, unit, s->first, s->past, sum_each, w);
    if (own || detail)
        return sql_read_months(cx, id, unit, s->first, s->past, own, month_each, w);
    return sql_read_sum_months(cx, id, unit, s->first, s->past, month_each, w);
}

static enum rc term_sum(struct ctx *cx, struct walk *w, const struct term *t)
{
    TRY(months_read(cx, w, t->unit->id.v, t->own, w->detail));
    for (size_t i = 0; i < w->span.ndays; i++) {
        w->sign = w->span.days[i].sign;
        TRY(term_days(cx, w, t, w->span.days[i].p));
    }
    return RC_OK;
}

/* Everything that a term's folded sum depends on. */
static struct memo_key term_key(const struct walk *w, const struct term *t)
{
    const struct span *s = &w->span;
    struct memo_key k = {{(intptr_t)w->r->ind, t->unit->id.v, w->state->log, w->state->told}};
    uint64_t signs = 0;
    for (size_t i = 0; i < s->ndays; i++) {
        struct period p = s->days[i].p;
        k.v[4 + i] = (int64_t)((uint64_t)(uint32_t)p.from << 32 | (uint32_t)p.to);
        signs = signs * 4 + (s->days[i].sign < 0 ? 1 : 2);
    }
    k.v[6] = (int64_t)(signs * 2 + t->own);
    k.v[7] = (int64_t)((uint64_t)s->first << 32 | (uint32_t)s->past);
    return k;
}

/* Between two folds a term's sum stays what it is: pages of many units ask for the same again. */
static enum rc term_recall(struct ctx *cx, struct walk *w, const struct term *t)
{
    struct memo *memo = cx->app->measure->memo;
    struct memo_key key = term_key(w, t);
    struct memo_sum sum = {0};
    if (!memo_get(memo, &key, &sum)) {
        w->into = &sum;
        enum rc rc = term_sum(cx, w, t);
        w->into = NULL;
        TRY(rc);
        memo_put(memo, &key, &sum);
    }
    if (!sum.any)
        return RC_OK;
    struct part p = w->part;
    p.day = INT32_MIN;
    p.month = -1;
    p.num = sum.num;
    p.den = sum.den;
    return part_give(cx, w, &p);
}

/* The sum of a procedure, or of a day, in a kept list; which it is stands behind. */
struct listed {
    int64_t num, den;
    size_t name;
};

static struct str listed_bytes(struct ctx *cx, const struct map *sums)
{
    enum { ALL_MAX = 1 << 20 };
    struct buf *b = buf_new(cx->mem, ALL_MAX);
    for (size_t i = 0; i < map_size(sums); i++) {
        struct str name;
        const struct memo_sum *sum = map_at(sums, i, &name);
        struct listed one = {sum->num, sum->den, name.n};
        buf_put(b, (struct str){(const char *)&one, sizeof one});
        buf_put(b, name);
    }
    return buf_str(b);
}

static enum rc listed_one(struct ctx *cx, const struct walk *w, const struct listed *one,
                          struct str name)
{
    struct part p = w->part;
    p.day = INT32_MIN;
    p.month = -1;
    p.num = one->num;
    p.den = one->den;
    if (w->r->days) {
        memcpy(&p.day, name.p, sizeof p.day);
        return day_give(cx, w, p.day, p);
    }
    p.procedure = name;
    return !w->procedure.n || str_eq(w->procedure, name) ? part_give(cx, w, &p) : RC_OK;
}

static enum rc listed_give(struct ctx *cx, const struct walk *w, struct str bytes)
{
    while (bytes.n) {
        struct listed one;
        memcpy(&one, bytes.p, sizeof one);
        struct str name = {bytes.p + sizeof one, one.name};
        bytes.p += sizeof one + one.name;
        bytes.n -= sizeof one + one.name;
        TRY(listed_one(cx, w, &one, name));
    }
    return RC_OK;
}

static uint64_t name_hash(struct str name) /* FNV-1a */
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ (uint8_t)name.p[i]) * UINT64_C(1099511628211);
    return h;
}

/* All procedures', whichever is asked for; the days of one are its own. */
static enum rc listed_sum(struct ctx *cx, struct walk *w, const struct term *t, struct str *ret)
{
    const struct reading *asked = w->r;
    struct str procedure = w->procedure;
    struct reading all = *asked;
    all.detail = true;
    if (!asked->days) {
        w->r = &all;
        w->procedure = STR("");
    }
    w->listed = map_new(cx->mem);
    enum rc rc = term_sum(cx, w, t);
    *ret = listed_bytes(cx, w->listed);
    w->listed = NULL;
    w->procedure = procedure;
    w->r = asked;
    return rc;
}

/* The same for a sum for each procedure, or that of one, or each of its days: read once
 * between two folds. */
static enum rc term_relist(struct ctx *cx, struct walk *w, const struct term *t)
{
    enum { DAYS = 128, SIGN_BITS = 8 };
    struct keep *keep = cx->app->measure->keep;
    struct memo_key key = term_key(w, t);
    if (w->r->days)
        key.v[6] |= (int64_t)(name_hash(w->procedure) << SIGN_BITS | DAYS);
    struct str bytes;
    if (!keep_get(keep, &key, cx->mem, &bytes)) {
        TRY(listed_sum(cx, w, t, &bytes));
        keep_put(keep, &key, bytes);
    }
    return listed_give(cx, w, bytes);
}

static enum rc term_read(struct ctx *cx, struct walk *w, const struct term *t)
{
    w->part = (struct part){.row = t->row};
    if (w->forest.apart)
        w->part.owner = unit_owner(t->unit, w->forest.day)->id.v;
    bool is_one = is_plain(w) && !w->detail; /* one number over another */
    bool is_days = w->r->days && !w->r->buckets && !w->r->detail && w->procedure.n;
    bool is_list =
        !w->channel && (is_days || (is_plain(w) && (w->r->detail || w->procedure.n)));
    if (is_list && w->state && !t->own && t->unit->nchildren)
        return term_relist(cx, w, t);
    return is_one && w->state ? term_recall(cx, w, t) : term_sum(cx, w, t);
}

/* What belongs to no unit: cells of unit 0. */
static enum rc nobodys_read(struct ctx *cx, struct walk *w)
{
    w->part = (struct part){0};
    TRY(months_read(cx, w, 0, true, true));
    for (size_t i = 0; i < w->span.ndays; i++) {
        w->sign = w->span.days[i].sign;
        TRY(own_days(cx, w, 0, w->span.days[i].p));
    }
    return RC_OK;
}

/* -- a list of units -- */

static int unit_cmp(const void *a, const void *b)
{
    const struct unit *x = *(const struct unit *const *)a, *y = *(const struct unit *const *)b;
    return (x > y) - (x < y);
}

size_t reading_place(const struct reading *r, const struct unit *u)
{
    const struct unit *const *at = bsearch(&u, r->units, r->nunits, sizeof *at, unit_cmp);
    return at ? (size_t)(at - r->units) : r->nunits;
}

/* What happened in a unit belongs to all of the list that it lies in. */
static enum rc list_give(struct ctx *cx, const struct walk *w, const struct unit *u,
                         struct part *p)
{
    for (; u; u = u->parent) {
        size_t at = reading_place(w->r, u);
        if (at == w->r->nunits || w->moved[at])
            continue;
        p->row = u;
        TRY(w->r->each(cx, p, w->r->arg));
    }
    return RC_OK;
}

static void moved_mark(const struct reading *r, const struct unit *u, bool *moved)
{
    for (; u; u = u->parent) {
        size_t at = reading_place(r, u);
        if (at < r->nunits)
            moved[at] = true;
    }
}

/* Folded sums are those of the units as they acted: where a merger led out or in, cells are read
 * apart, a unit of the list at a time. */
static bool *moved_find(struct ctx *cx, const struct reading *r, int32_t day)
{
    size_t n;
    const struct unit *const *all = unit_all(cx, &n);
    bool *moved = arena_array(cx->mem, bool, r->nunits + 1);
    for (size_t i = 0; i < n; i++) {
        const struct unit *owner = unit_owner(all[i], day);
        if (owner == all[i])
            continue;
        moved_mark(r, all[i], moved);
        moved_mark(r, owner, moved);
    }
    return moved;
}

static struct terms list_terms(struct ctx *cx, const struct reading *r, const bool *moved)
{
    struct terms t = {arena_array(cx->mem, struct term, r->nunits + 1), 0};
    for (size_t i = 0; i < r->nunits; i++)
        if (!moved[i])
            t.v[t.n++] = (struct term){r->units[i], r->units[i], false};
    return t;
}

/* What belongs to nobody is counted in each unit of the list that offers it, or has one below
 * that does. */
static struct holders list_holders(struct ctx *cx, const struct walk *w, int32_t day)
{
    size_t n;
    const struct reading *r = w->r;
    const struct unit *const *all = unit_all(cx, &n);
    struct holders h = {arena_array(cx->mem, struct holder, r->nunits + 1), r->nunits};
    for (size_t i = 0; i < r->nunits; i++)
        h.v[i].row = r->units[i];
    for (size_t i = 0; i < n; i++)
        for (const struct unit *u = all[i]; unit_stands(all[i], day) && u; u = u->parent) {
            size_t at = reading_place(r, u);
            if (at < r->nunits && !w->moved[at])
                h.v[at].kinds |= 1u << all[i]->kind;
        }
    return h;
}

struct as_row { /* one of the list, read alone */
    const struct reading *r;
    const struct unit *row;
};

static enum rc as_row_give(struct ctx *cx, const struct part *p, void *arg)
{
    const struct as_row *a = arg;
    struct part one = *p;
    one.row = a->row;
    return a->r->each(cx, &one, a->r->arg);
}

static enum rc moved_read(struct ctx *cx, const struct reading *r, const bool *moved)
{
    for (size_t i = 0; i < r->nunits; i++) {
        struct slice s = *r->slice;
        struct as_row as = {r, r->units[i]};
        struct reading one = {
            .ind = r->ind, .slice = &s, .by = r->by, .each = as_row_give, .arg = &as};
        s.unit = r->units[i]->id;
        if (moved[i])
            TRY(cells_read(cx, &one));
    }
    return RC_OK;
}

/* -- not folded yet, and late -- */

static enum rc open_each(struct ctx *cx, const struct log_row *r, void *arg)
{
    const struct walk *w = arg;
    struct part p = {.bucket = r->bucket, .num = r->num, .den = r->den};
    if (r->day < w->span.from || r->day >= w->span.to || !is_asked(w, r->procedure, r->channel))
        return RC_OK;
    const struct unit *u = unit_of(cx, (struct unit_id){r->unit});
    p.procedure = r->procedure;
    if (w->moved && !r->unit)
        return part_share(cx, w, &p);
    if (w->moved)
        return list_give(cx, w, u, &p);
    p.row = u ? forest_row(&w->forest, u) : NULL;
    if (!p.row && (r->unit || !w->holders.n))
        return RC_OK;
    if (u && w->forest.apart)
        p.owner = unit_owner(u, w->forest.day)->id.v;
    return day_give(cx, w, r->day, p);
}

/* Did it come after the end of what it is shown in? */
static bool is_late(const struct walk *w, const struct read_late_row *r)
{
    if (w->r->by == BY_DAY)
        return true;
    if (w->r->by == BY_MONTH)
        return month_of((int32_t)r->seen) > month_of((int32_t)r->day);
    return r->seen >= w->span.to;
}

static enum rc late_each(struct ctx *cx, const struct read_late_row *r, void *arg)
{
    const struct walk *w = arg;
    const struct unit *u = unit_of(cx, (struct unit_id){r->unit});
    struct part p = {.late = r->events, .procedure = r->procedure};
    if (!is_asked(w, r->procedure, r->channel) || !is_late(w, r))
        return RC_OK;
    if (w->moved)
        return list_give(cx, w, u, &p);
    p.row = u ? forest_row(&w->forest, u) : NULL;
    if (!p.row)
        return RC_OK;
    return day_give(cx, w, r->day, p);
}

static enum rc walk_all(struct ctx *cx, struct walk *w)
{
    struct str id = w->r->ind->id;
    if (w->span.to <= w->span.from)
        return RC_OK;
    for (size_t i = 0; i < w->terms.n; i++)
        TRY(term_read(cx, w, &w->terms.v[i]));
    if (counted_of(w->r->ind)->of_nobody)
        TRY(nobodys_read(cx, w));
    TRY(log_read(cx, id, open_each, w));
    return sql_read_late(cx, id, w->span.from, w->span.to, late_each, w);
}

/* While this row is open the connection sees one state: a fold between two queries would show
 * the same events twice, or not at all. */
static enum rc held_each(struct ctx *cx, const struct clock_held_row *r, void *arg)
{
    struct walk *w = arg;
    const struct reading *rd = w->r;
    const struct unit *u = unit_of(cx, rd->slice->unit);
    int32_t today = day_of(cx->now_us), last = r->day > today ? (int32_t)r->day : today;
    struct folded_at_row at;
    TRY(sql_folded_at(cx, &at));
    if (!db_is_writing(cx)) /* a turn is nobody else's */
        w->state = &at;
    w->span = span_of(rd, last, at.told < 0);
    int32_t day = w->span.to == INT32_MAX ? last : w->span.to - 1;
    if (rd->rows == ROWS_LIST) {
        w->moved = moved_find(cx, rd, day);
        w->terms = list_terms(cx, rd, w->moved);
        if (counted_of(rd->ind)->of_nobody)
            w->holders = list_holders(cx, w, day);
        TRY(walk_all(cx, w));
        return moved_read(cx, rd, w->moved);
    }
    w->forest = forest_on(cx, u, rd->rows, day);
    w->forest.apart |= rd->apart;
    w->terms = forest_terms(cx, &w->forest);
    if (counted_of(rd->ind)->of_nobody)
        w->holders = forest_holders(cx, &w->forest);
    return walk_all(cx, w);
}

enum rc cells_read(struct ctx *cx, const struct reading *r)
{
    struct str procedure = r->slice->procedure;
    struct walk w = {.r = r,
                     .procedure = procedure.n ? procedure : STR(""), /* not NULL */
                     .channel = r->slice->channel};
    if (r->slice->unit.v && !unit_of(cx, r->slice->unit)) /* an unknown unit is not everybody */
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    w.detail = r->detail || w.procedure.n || w.channel;
    return sql_clock_held(cx, held_each, &w);
}
