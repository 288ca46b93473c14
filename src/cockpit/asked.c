/* asked.c - which unit, which days, which procedure: read from an address and written back. */
#include "cockpit/cockpit_priv.h"

static const char *const periods[] = {"month", "last", "year", "custom"};
enum { PERIODS = sizeof periods / sizeof *periods, PATH_MAX_LEN = 2000 };

static struct period period_of(struct ctx *cx, struct str id)
{
    struct civil now = civil_of(cx->now_us);
    int32_t this_month = day_make(now.year, now.month, 1), today = day_of(cx->now_us);
    bool is_january = now.month == 1;
    if (str_eq(id, STR("last")))
        return (struct period){
            day_make(now.year - is_january, is_january ? 12 : now.month - 1, 1), this_month};
    if (str_eq(id, STR("year")))
        return (struct period){day_make(now.year, 1, 1), today + 1};
    return (struct period){this_month, today + 1};
}

static bool period_is(struct str id)
{
    for (size_t i = 0; i < PERIODS; i++)
        if (str_eq(id, str_from(periods[i])))
            return true;
    return false;
}

static enum rc period_read(struct ctx *cx, struct req *rq, struct asked *a)
{
    int32_t from, to;
    struct str id = req_str(rq, "period");
    a->period = period_is(id) ? id : STR("month");
    a->slice.period = period_of(cx, a->period);
    if (!str_eq(a->period, STR("custom")))
        return RC_OK;
    if (day_parse(req_str(rq, "from"), &from))
        a->slice.period.from = from;
    if (day_parse(req_str(rq, "to"), &to))
        a->slice.period.to = to + 1;
    if (a->slice.period.to <= a->slice.period.from)
        a->slice.period.to = a->slice.period.from + 1;
    return RC_OK;
}

/* Nothing came in in the period: the last year before it in which something did. */
static enum rc newest_find(struct ctx *cx, struct asked *a)
{
    const struct indicator *heads[HEADLINES_MAX];
    struct figure_rows rows;
    struct slice s = a->slice;
    struct figure f;
    int64_t year;
    struct str head;
    if (!headlines_of(cx, heads))
        return RC_OK;
    TRY(figure_get(cx, heads[0], &s, &f));
    s.period = (struct period){0, a->slice.period.from};
    if (f.num || f.den || s.period.to <= 0)
        return RC_OK;
    TRY(figure_rows(cx, heads[0], &s, BY_MONTH, &rows));
    if (rows.n)
        str_split(rows.v[rows.n - 1].key, '-', &head);
    if (rows.n && str_int(head, &year))
        a->newest = (int)year;
    return RC_OK;
}

enum rc asked_read(struct ctx *cx, struct req *rq, struct asked *ret)
{
    struct asked a = {0};
    struct str unit = req_str(rq, "unit");
    a.unit = unit.n ? unit_find(cx, unit) : unit_root(cx);
    if (unit.n && !a.unit)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    a.procedure = req_str(rq, "procedure");
    a.level = req_str(rq, "level");
    a.slice.unit = a.unit ? a.unit->id : (struct unit_id){0};
    a.slice.procedure = a.procedure;
    TRY(period_read(cx, rq, &a));
    TRY(newest_find(cx, &a));
    *ret = a;
    return RC_OK;
}

static void path_put(struct buf *b, const char *name, struct str value)
{
    if (!value.n)
        return;
    buf_fmt(b, "%s%s=%.*s", str_find(buf_str(b), '?', 0) == b->n ? "?" : "&", name,
            STR_ARG(value));
}

struct str asked_path(struct ctx *cx, const struct asked *a, const char *page,
                      const struct unit *unit)
{
    struct buf *b = buf_new(cx->mem, PATH_MAX_LEN);
    const struct unit *u = unit ? unit : a->unit;
    buf_put(b, str_from(page));
    if (u)
        path_put(b, "unit", u->code);
    path_put(b, "period", a->period);
    if (str_eq(a->period, STR("custom"))) {
        path_put(b, "from", day_iso(cx->mem, a->slice.period.from));
        path_put(b, "to", day_iso(cx->mem, a->slice.period.to - 1));
    }
    path_put(b, "procedure", a->procedure);
    path_put(b, "level", a->level);
    return buf_str(b);
}

struct slice asked_before(const struct asked *a)
{
    struct slice s = a->slice;
    s.period.from = a->slice.period.from - (a->slice.period.to - a->slice.period.from);
    s.period.to = a->slice.period.from;
    return s;
}

static void crumbs_put(struct ctx *cx, const struct asked *a, const char *page,
                       struct json *view)
{
    const struct unit *up[UNIT_DEPTH_MAX];
    size_t n = 0;
    for (const struct unit *u = a->unit; u && n < UNIT_DEPTH_MAX; u = u->parent)
        up[n++] = u;
    struct json *list = json_put(view, STR("crumbs"), json_new_arr(cx->mem));
    while (n-- > 0) {
        struct json *c = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, c, "label", unit_name(cx, up[n]));
        json_put_str(cx->mem, c, "href", asked_path(cx, a, page, up[n]));
        json_put_bool(cx->mem, c, "is_last", n == 0);
    }
}

static void periods_put(struct ctx *cx, const struct asked *a, struct json *view)
{
    struct json *list = json_put(view, STR("periods"), json_new_arr(cx->mem));
    for (size_t i = 0; i < PERIODS; i++) {
        struct str id = str_from(periods[i]);
        struct json *p = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, p, "id", id);
        json_put_str(cx->mem, p, "label",
                     msg_get(cx->lang, str_fmt(cx->mem, "cockpit.period.%s", periods[i])));
        json_put_bool(cx->mem, p, "selected", str_eq(id, a->period));
    }
    json_put_str(cx->mem, view, "from", day_iso(cx->mem, a->slice.period.from));
    json_put_str(cx->mem, view, "to", day_iso(cx->mem, a->slice.period.to - 1));
    json_put_str(cx->mem, view, "from_text", day_text(cx->mem, a->slice.period.from));
    json_put_str(cx->mem, view, "to_text", day_text(cx->mem, a->slice.period.to - 1));
}

static void procedures_put(struct ctx *cx, const struct asked *a, struct json *view)
{
    size_t n;
    const struct pack *const *all = pack_all(cx, &n);
    struct json *list = json_put(view, STR("procedures"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++) {
        if (!all[i]->form)
            continue;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "code", all[i]->procedure);
        json_put_str(cx->mem, o, "label", label_text(cx, all[i]->name));
        json_put_bool(cx->mem, o, "selected", str_eq(all[i]->procedure, a->procedure));
    }
}

static void newest_put(struct ctx *cx, const struct asked *a, const char *page,
                       struct json *view)
{
    struct asked then = *a;
    json_put_bool(cx->mem, view, "has_newest", a->newest > 0);
    if (!a->newest)
        return;
    then.period = STR("custom");
    then.slice.period =
        (struct period){day_make(a->newest, 1, 1), day_make(a->newest + 1, 1, 1)};
    json_put_int(cx->mem, view, "newest", a->newest);
    json_put_str(cx->mem, view, "newest_href", asked_path(cx, &then, page, NULL));
}

void asked_put(struct ctx *cx, const struct asked *a, const char *page, struct json *view)
{
    json_put_bool(cx->mem, view, "at_figures", true);
    json_put_str(cx->mem, view, "page", str_from(page));
    json_put_str(cx->mem, view, "self", asked_path(cx, a, page, NULL));
    json_put_str(cx->mem, view, "unit", a->unit ? unit_name(cx, a->unit) : STR("-"));
    json_put_str(cx->mem, view, "unit_code", a->unit ? a->unit->code : STR(""));
    json_put_str(cx->mem, view, "level", a->level);
    crumbs_put(cx, a, page, view);
    periods_put(cx, a, view);
    procedures_put(cx, a, view);
    newest_put(cx, a, page, view);
}
