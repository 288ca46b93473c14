/* read.c - reading the folds: uptime and speed of a page, funnels of a form's versions. */
#include "app/app.h"
#include "base/map.h"
#include "gen/quality_sql.h"
#include "measure/measure_priv.h"
#include "quality/quality_priv.h"
#include "store/store.h"
#include "text/i18n.h"

/* -- looks that were not made -- */

static int64_t ceil_div(int64_t a, int64_t b)
{
    return a <= 0 ? 0 : (a + b - 1) / b;
}

/* How many of last + i × every, i from 1 to most, lie in [from, to). */
static int64_t looks_within(int64_t last, int64_t every, int64_t most, struct span_us s)
{
    int64_t low = ceil_div(s.from - last, every), high = ceil_div(s.to - last, every) - 1;
    low = low < 1 ? 1 : low;
    high = high > most ? most : high;
    return high >= low ? high - low + 1 : 0;
}

int64_t looks_missed(int64_t last, int64_t next, int64_t every, struct span_us within,
                     const struct span_us *announced, size_t n)
{
    if (every <= 0)
        return 0;
    int64_t most = ceil_div(next - every / 2 - last, every) - 1;
    int64_t sum = looks_within(last, every, most, within);
    for (size_t i = 0; sum > 0 && i < n; i++) {
        struct span_us s = announced[i];
        s.from = s.from < within.from ? within.from : s.from;
        s.to = s.to > within.to ? within.to : s.to;
        if (s.from < s.to)
            sum -= looks_within(last, every, most, s);
    }
    return sum > 0 ? sum : 0;
}

static enum rc missed_get(struct ctx *cx, struct span_us within, int64_t *ret)
{
    struct probe_gaps_rows gaps;
    struct announced times;
    *ret = 0;
    TRY(sql_probe_gaps(cx, within.from, within.to, &gaps));
    if (!gaps.n)
        return RC_OK;
    TRY(announced_from(cx, within.from, &times));
    for (size_t i = 0; i < gaps.n; i++)
        *ret += looks_missed(gaps.v[i].from_us, gaps.v[i].to_us, gaps.v[i].every_us, within,
                             times.v, times.n);
    return RC_OK;
}

/* -- uptime -- */

static enum rc bucket_each(struct ctx *cx, const struct probe_buckets_row *r, void *arg)
{
    int64_t *n = arg;
    if (r->bucket < 0 || r->bucket >= BUCKETS_MAX)
        return FAIL(cx, CORRUPT, "bucket", "%lld", (long long)r->bucket);
    n[r->bucket] += r->n;
    return RC_OK;
}

static enum rc speed_get(struct ctx *cx, struct str site, struct str page, struct str from,
                         struct str to, struct uptime *u)
{
    int64_t *n = arena_array(cx->mem, int64_t, BUCKETS_MAX), all = 0;
    TRY(sql_probe_buckets(cx, site, page, from, to, bucket_each, n));
    for (size_t i = 0; i < BUCKETS_MAX; i++)
        all += n[i];
    u->p50_us = percentile_of(n, all, 50); /* hundredths of a tenth of a millisecond */
    u->p95_us = percentile_of(n, all, 95);
    return RC_OK;
}

enum rc uptime_get(struct ctx *cx, struct str site, struct str page, int32_t from, int32_t to,
                   struct uptime *ret)
{
    struct probe_pages_row *seen;
    struct probe_sums_rows sums;
    struct str first = day_iso(cx->mem, from), last = day_iso(cx->mem, to);
    *ret = (struct uptime){.p50_us = DB_NULL, .p95_us = DB_NULL};
    TRY(sql_probe_page_find(cx, site, page, &seen));
    if (!seen)
        return RC_OK;
    /* A year up to now was added up already. */
    if (from == year_begin(cx) && to >= day_of(cx->now_us))
        first = last = str_cut(first, 0, 4);
    TRY(sql_probe_sums(cx, site, page, first, last, &sums));
    for (size_t i = 0; i < sums.n; i++) {
        ret->looks += sums.v[i].looks;
        ret->up += sums.v[i].up;
    }
    TRY(speed_get(cx, site, page, first, last, ret));
    struct span_us within = {day_start(from), day_start(to + 1)};
    if (within.from < seen->first_us)
        within.from = seen->first_us;
    int64_t missed = 0;
    if (!site.n && within.from < within.to)
        TRY(missed_get(cx, within, &missed));
    ret->looks += missed;
    return RC_OK;
}

int32_t year_begin(const struct ctx *cx)
{
    return day_make(civil_of(cx->now_us).year, 1, 1);
}

/* -- funnels -- */

bool may_see_small(struct ctx *cx)
{
    const struct unit *root = unit_root(cx);
    return root && cx->who && who_can(cx, cx->who, CAP_FIGURES, root->id);
}

struct times {
    struct map *pages; /* page -> int64_t[BUCKETS_MAX] */
};

static enum rc time_each(struct ctx *cx, const struct form_times_row *r, void *arg)
{
    struct times *t = arg;
    int64_t *n = map_get(t->pages, r->page);
    if (r->bucket < 0 || r->bucket >= BUCKETS_MAX)
        return FAIL(cx, CORRUPT, "bucket", "%lld", (long long)r->bucket);
    if (!n) {
        n = arena_array(cx->mem, int64_t, BUCKETS_MAX);
        map_set(t->pages, str_dup(cx->mem, r->page), n);
    }
    n[r->bucket] += r->n;
    return RC_OK;
}

/* Whole seconds; none when so few went through that one could be recognised. */
static int64_t half_of(const struct times *t, struct str page, int64_t least)
{
    const int64_t *n = map_get(t->pages, page);
    int64_t all = 0;
    for (size_t i = 0; n && i < BUCKETS_MAX; i++)
        all += n[i];
    return n && all >= least ? (percentile_of(n, all, 50) + 50) / 100 : DB_NULL;
}

static const struct form_pages_row *page_row(const struct form_pages_rows *rows,
                                             struct str page)
{
    for (size_t i = 0; i < rows->n; i++)
        if (str_eq(rows->v[i].page, page))
            return &rows->v[i];
    return NULL;
}

/* In the form's order, those with something counted; behind them papers and the check. Who gave
 * up before saving anything stood at the first page. */
static enum rc pages_get(struct ctx *cx, const struct form *form, int32_t from,
                         struct funnel *f)
{
    struct form_pages_rows rows;
    struct times t = {map_new(cx->mem)};
    TRY(sql_form_pages(cx, f->ref, from, &rows));
    TRY(sql_form_times(cx, f->ref, civil_of_day(from).year, time_each, &t));
    const struct form_pages_row *none = page_row(&rows, STR(""));
    f->pages = arena_array(cx->mem, struct funnel_page, FORM_PAGES_MAX + 1);
    for (size_t i = 0; i <= FORM_PAGES_MAX; i++) {
        struct str id = form_page_at(form, i);
        bool is_end = !id.n;
        const struct form_pages_row *r = page_row(&rows, is_end ? STR(WALK_END) : id);
        struct funnel_page p = {.page = is_end ? STR(WALK_END) : id, .half_s = DB_NULL};
        p.title = is_end ? msg_get(cx->lang, STR("quality.funnel.end"))
                         : form_page_title(cx, form, id);
        p.reached = (r ? r->reached : 0) + (i == 0 ? f->begun : 0);
        p.refused = r ? r->refused : 0;
        p.abandoned = (r ? r->abandoned : 0) + (i == 0 && none ? none->abandoned : 0);
        p.half_s = half_of(&t, p.page, cx->app->settings.small_number);
        if (p.reached || p.refused || p.abandoned)
            f->pages[f->npages++] = p;
        if (is_end)
            break;
    }
    return RC_OK;
}

static void fields_hide(struct ctx *cx, struct funnel *f)
{
    int64_t *v = arena_array(cx->mem, int64_t, f->nfields + 1);
    for (size_t i = 0; i < f->nfields; i++)
        v[i] = f->fields[i].refused;
    small_hide(v, f->nfields, cx->app->settings.small_number);
    for (size_t i = 0; i < f->nfields; i++)
        f->fields[i].refused = v[i];
}

static bool has_hidden_field(const struct funnel *f, struct str page)
{
    for (size_t i = 0; i < f->nfields; i++)
        if (f->fields[i].refused < 0 && str_eq(f->fields[i].page, page))
            return true;
    return false;
}

static void pages_hide(struct ctx *cx, struct funnel *f)
{
    int64_t *v = arena_array(cx->mem, int64_t, f->npages + 1);
    for (size_t i = 0; i < f->npages; i++)
        v[i] = has_hidden_field(f, f->pages[i].page) ? -1 : f->pages[i].refused;
    small_hide(v, f->npages, cx->app->settings.small_number);
    for (size_t i = 0; i < f->npages; i++)
        f->pages[i].refused = v[i];
}

/* A page with one question is refused as often as it, and of several one is the page less the
 * others: whatever is hidden of a question is hidden of its page, and then of all there. */
static void funnel_hide(struct ctx *cx, struct funnel *f)
{
    fields_hide(cx, f);
    pages_hide(cx, f);
    for (size_t i = 0; i < f->npages; i++)
        for (size_t k = 0; f->pages[i].refused < 0 && k < f->nfields; k++)
            if (str_eq(f->fields[k].page, f->pages[i].page))
                f->fields[k].refused = -1;
}

static enum rc fields_get(struct ctx *cx, const struct form *form, int32_t from,
                          struct funnel *f)
{
    struct form_fields_rows rows;
    TRY(sql_form_fields(cx, f->ref, from, &rows));
    f->fields = arena_array(cx->mem, struct funnel_field, rows.n);
    f->nfields = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        f->fields[i] =
            (struct funnel_field){.page = rows.v[i].page,
                                  .field = rows.v[i].field,
                                  .title = form_field_title(cx, form, rows.v[i].field),
                                  .refused = rows.v[i].refused};
    return RC_OK;
}

enum rc funnels_get(struct ctx *cx, const struct pack *p, int32_t from, bool is_open,
                    struct funnels *ret)
{
    struct form_versions_rows rows;
    struct str low = str_fmt(cx->mem, "%.*s@", STR_ARG(p->id));
    struct str high = str_fmt(cx->mem, "%.*sA", STR_ARG(p->id)); /* the character behind '@' */
    TRY(sql_form_versions(cx, low, high, from, &rows));
    *ret = (struct funnels){arena_array(cx->mem, struct funnel, rows.n), 0};
    for (size_t i = rows.n; i-- > 0;) {
        const struct pack *version = pack_version(cx, rows.v[i].pack);
        if (!version || !version->form)
            continue;
        struct funnel *f = &ret->v[ret->n++];
        *f = (struct funnel){.ref = version->ref,
                             .begun = rows.v[i].begun,
                             .filed = rows.v[i].filed,
                             .whole = rows.v[i].whole,
                             .abandoned = rows.v[i].abandoned};
        TRY(pages_get(cx, version->form, from, f));
        TRY(fields_get(cx, version->form, from, f));
        if (!is_open)
            funnel_hide(cx, f);
    }
    return RC_OK;
}

/* Fields of one day are hidden together: their sum may be told. */
enum rc field_days_get(struct ctx *cx, struct str ref, int32_t from, bool is_open,
                       struct field_day **ret, size_t *n)
{
    struct form_field_days_rows rows;
    TRY(sql_form_field_days(cx, ref, from, &rows));
    int64_t *v = arena_array(cx->mem, int64_t, rows.n + 1);
    *ret = arena_array(cx->mem, struct field_day, rows.n);
    *n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        v[i] = rows.v[i].refused;
    for (size_t i = 0, end; !is_open && i < rows.n; i = end) {
        for (end = i; end < rows.n && rows.v[end].day == rows.v[i].day;)
            end++;
        small_hide(v + i, end - i, cx->app->settings.small_number);
    }
    for (size_t i = 0; i < rows.n; i++)
        (*ret)[i] =
            (struct field_day){(int32_t)rows.v[i].day, rows.v[i].page, rows.v[i].field, v[i]};
    return RC_OK;
}
