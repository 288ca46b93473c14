/* asked.c - which unit, which days, which procedure: read from an address and written back. */
#include "cockpit/cockpit_priv.h"
#include "text/i18n.h"

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

/* -- what is wrong with it -- */

static void wrong_add(struct ctx *cx, struct json *list, const char *field, const char *rule,
                      struct str value)
{
    struct json *o = json_push(list, json_new_obj(cx->mem)), *args = json_new_obj(cx->mem);
    struct str key = str_fmt(cx->mem, "cockpit.wrong.%s%s%s", field, rule[0] ? "." : "", rule);
    json_put_str(cx->mem, args, "value", value);
    json_put_str(cx->mem, o, "field", str_from(field));
    json_put_str(cx->mem, o, "rule", rule[0] ? str_from(rule) : STR("unknown"));
    json_put_str(cx->mem, o, "message", msg_fill(cx, key, args));
    bool is_shown = strcmp(field, "level") != 0; /* no input of the form */
    json_put_str(cx->mem, o, "href", str_fmt(cx->mem, "#%s", is_shown ? field : "period"));
}

/* Were other days typed than those of the named period, or those the form came with? */
static bool is_custom(struct ctx *cx, struct req *rq)
{
    struct str id = req_str(rq, "period"), was = req_str(rq, "was");
    struct str from = req_str(rq, "from"), to = req_str(rq, "to");
    struct period p = period_of(cx, id);
    if (str_eq(id, STR("custom")))
        return true;
    if (!from.n && !to.n)
        return false;
    if (!was.n)
        was = str_fmt(cx->mem, "%.*s.%.*s", STR_ARG(day_iso(cx->mem, p.from)),
                      STR_ARG(day_iso(cx->mem, p.to - 1)));
    return !str_eq(was, str_fmt(cx->mem, "%.*s.%.*s", STR_ARG(from), STR_ARG(to)));
}

static bool day_read(struct ctx *cx, struct req *rq, const char *name, struct json *list,
                     int32_t *ret)
{
    struct str s = str_trim(req_str(rq, name));
    if (s.n && day_parse(s, ret))
        return true;
    wrong_add(cx, list, name, s.n ? "day" : "none", s);
    return false;
}

static void period_read(struct ctx *cx, struct req *rq, struct asked *a, struct json *list)
{
    struct str id = req_str(rq, "period");
    int32_t from, to;
    if (id.n && !period_is(id)) {
        wrong_add(cx, list, "period", "", id);
        return;
    }
    a->period = is_custom(cx, rq) ? STR("custom") : id.n ? id : STR("month");
    a->slice.period = period_of(cx, a->period);
    if (!str_eq(a->period, STR("custom")))
        return;
    bool has_from = day_read(cx, rq, "from", list, &from);
    if (!day_read(cx, rq, "to", list, &to) || !has_from)
        return;
    if (to < from)
        wrong_add(cx, list, "to", "order", STR(""));
    else
        a->slice.period = (struct period){from, to + 1};
}

/* Of a service, in force or not, or told by a node below. */
static enum rc is_procedure(struct ctx *cx, struct str code, bool *ret)
{
    const struct indicator *heads[HEADLINES_MAX];
    struct figure_rows rows;
    struct slice all = {.period = {0, day_of(cx->now_us) + 1}};
    *ret = pack_of_procedure(cx, code) != NULL;
    if (*ret || !headlines_of(cx, heads))
        return RC_OK;
    TRY(figure_rows(cx, heads[0], &all, BY_PROCEDURE, &rows));
    for (size_t i = 0; i < rows.n && !*ret; i++)
        *ret = str_eq(rows.v[i].key, code);
    return RC_OK;
}

/* Into *a, and into the list what is wrong: [{field, rule, message, href}]. */
static enum rc parts_read(struct ctx *cx, struct req *rq, struct asked *a, struct json *list)
{
    enum unit_kind kind;
    bool known = true;
    struct str level = req_str(rq, "level"), procedure = req_str(rq, "procedure");
    period_read(cx, rq, a, list);
    if (level.n && !unit_kind_parse(level, &kind))
        wrong_add(cx, list, "level", "", level);
    else
        a->level = level;
    if (procedure.n)
        TRY(is_procedure(cx, procedure, &known));
    if (!known)
        wrong_add(cx, list, "procedure", "", procedure);
    else
        a->procedure = procedure;
    a->slice.procedure = a->procedure;
    return RC_OK;
}

static enum rc unit_read(struct ctx *cx, struct req *rq, struct asked *a)
{
    struct str unit = req_str(rq, "unit");
    a->unit = unit.n ? unit_find(cx, unit) : unit_root(cx);
    if (unit.n && !a->unit)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    a->slice.unit = a->unit ? a->unit->id : (struct unit_id){0};
    return RC_OK;
}

bool asked_is_incomplete(const struct asked *a)
{
    return a->stated.cut && a->stated.cut->n > 0;
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
    struct json *list = json_new_arr(cx->mem);
    TRY(unit_read(cx, rq, &a));
    TRY(parts_read(cx, rq, &a, list));
    if (list->n) {
        reply_errors(rq, list);
        return FAIL(cx, INVALID, str_z(cx->mem, json_str(list->first, "field")), "%.*s",
                    STR_ARG(json_str(list->first, "rule")));
    }
    TRY(statements_of(cx, a.unit, a.slice.period.from, a.slice.period.to, &a.stated));
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
    json_put_str(cx->mem, view, "was",
                 str_fmt(cx->mem, "%.*s.%.*s", STR_ARG(json_str(view, "from")),
                         STR_ARG(json_str(view, "to"))));
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

/* -- what nodes below said of it -- */

static void line_put(struct ctx *cx, struct json *lines, const char *key, const char *name,
                     struct str value)
{
    struct json *args = json_new_obj(cx->mem);
    json_put_str(cx->mem, args, name, value);
    json_push(lines, json_new_str(cx->mem, msg_fill(cx, str_from(key), args)));
}

static void names_line(struct ctx *cx, struct json *lines, const char *key,
                       const struct json *list, size_t n)
{
    if (n)
        line_put(cx, lines, key, "names", stated_names(cx, list, n));
}

static struct str months_text(struct ctx *cx, const struct json *cut)
{
    struct buf *b = buf_new(cx->mem, PATH_MAX_LEN);
    JSON_EACH (cut, m) {
        buf_put(b, m == cut->first ? STR("") : STR(", "));
        buf_put(b, when_text(cx, m->s));
    }
    return buf_str(b);
}

/* {stated: [sentences], has_stated, holds_stated, is_incomplete} */
static void stated_put(struct ctx *cx, const struct asked *a, struct json *view)
{
    const struct stated *s = &a->stated;
    struct json *lines = json_put(view, STR("stated"), json_new_arr(cx->mem));
    bool is_cut = asked_is_incomplete(a);
    json_put_bool(cx->mem, view, "is_incomplete", is_cut);
    json_put_bool(cx->mem, view, "holds_stated", s->taken > 0 || is_cut);
    if (s->taken)
        line_put(cx, lines, "cockpit.stated", "n", number_text(cx, (int64_t)s->taken));
    else if (s->nmissing || s->nwaiting)
        line_put(cx, lines, "cockpit.stated.none", "n", STR("0"));
    names_line(cx, lines, "cockpit.stated.missing", s->missing, s->nmissing);
    names_line(cx, lines, "cockpit.stated.waiting", s->waiting, s->nwaiting);
    names_line(cx, lines, "cockpit.stated.late", s->late, s->nlate);
    if (is_cut)
        line_put(cx, lines, "cockpit.stated.cut", "months", months_text(cx, s->cut));
    json_put_bool(cx->mem, view, "has_stated", lines->n > 0);
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
    stated_put(cx, a, view);
}

/* -- the form again, as it was typed -- */

static void typed_put(struct ctx *cx, struct req *rq, const struct json *errors,
                      struct json *view)
{
    struct str from = req_str(rq, "from"), to = req_str(rq, "to");
    json_put_str(cx->mem, view, "from", from.p ? from : STR(""));
    json_put_str(cx->mem, view, "to", to.p ? to : STR(""));
    JSON_EACH (errors, e) {
        struct str name = str_join(cx->mem, STR("wrong_"), json_str(e, "field"));
        json_put_str(cx->mem, view, str_z(cx->mem, name), json_str(e, "message"));
    }
    json_put(view, STR("errors"), json_copy(cx->mem, errors));
    json_put_bool(cx->mem, view, "has_errors", true);
}

enum rc page_or_wrong(struct ctx *cx, struct req *rq, route_fn *page)
{
    struct asked a = {.period = STR("custom")};
    struct json *errors = json_new_arr(cx->mem), *v = json_new_obj(cx->mem);
    enum rc rc = page(cx, rq);
    if (rc != RC_INVALID)
        return rc;
    TRY(unit_read(cx, rq, &a));
    TRY(parts_read(cx, rq, &a, errors));
    if (!errors->n)
        return rc;
    ctx_clear(cx);
    a.slice.period = period_of(cx, a.period);
    asked_put(cx, &a, str_z(cx->mem, req_path(rq)), v);
    typed_put(cx, rq, errors, v);
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("cockpit.wrong")));
    return reply_page_status(cx, rq, 422, "cockpit/wrong", v);
}
