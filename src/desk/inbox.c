/* inbox.c - what today asks of an officer; and a list of the unit: boxes, filters, pages. */
#include "desk/desk_priv.h"
#include "simulate/forecast.h"
#include "target/alert.h"
#include "target/target.h"

enum { TEXT_MAX = 100, LIKELY = 50 };

/* -- boxes -- */

/* Every tab shows how much is in it, under the same filter. */
static enum rc tabs_put(struct ctx *cx, const struct dossier_query *q, struct json *view)
{
    struct json *tabs = json_put(view, STR("tabs"), json_new_arr(cx->mem));
    for (int i = 0; i < INBOX_COUNT; i++) {
        int64_t total;
        struct dossier_query one = *q;
        one.box = (enum inbox)i;
        TRY(dossier_inbox_total(cx, &one, &total));
        bool is_rare = i == INBOX_ASKED || i == INBOX_APOLOGY;
        if (is_rare && !total && q->box != (enum inbox)i)
            continue; /* most units are never asked, and hardly ever late */
        struct json *t = json_push(tabs, json_new_obj(cx->mem));
        struct str key = str_fmt(cx->mem, "desk.box.%s", inbox_name((enum inbox)i));
        json_put_str(cx->mem, t, "label", msg_get(cx->lang, key));
        json_put_str(cx->mem, t, "href", list_path(cx, &one));
        json_put_str(cx->mem, t, "count", number_text(cx, total));
        json_put_bool(cx->mem, t, "is_more", total >= LIST_TOTAL_MAX);
        json_put_bool(cx->mem, t, "is_now", q->box == (enum inbox)i);
        json_put_bool(cx->mem, t, "is_alarm", i == INBOX_LATE && total > 0);
    }
    return RC_OK;
}

/* -- filters: what is chosen, and each with a way to drop it -- */

struct str service_name(struct ctx *cx, struct str procedure)
{
    size_t n;
    const struct pack *const *all = pack_all(cx, &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i]->procedure, procedure))
            return label_text(cx, all[i]->name);
    return procedure;
}

static void services_put(struct ctx *cx, const struct unit *u, struct str now,
                         struct json *view)
{
    size_t n;
    const struct pack *const *all = pack_all(cx, &n);
    struct json *list = json_put(view, STR("services"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++) {
        if (!all[i]->form || !pack_is_offered(all[i], u))
            continue;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "procedure", all[i]->procedure);
        json_put_str(cx->mem, o, "name", label_text(cx, all[i]->name));
        json_put_bool(cx->mem, o, "selected", str_eq(all[i]->procedure, now));
    }
}

static enum rc holders_put(struct ctx *cx, const struct dossier_query *q, struct json *view)
{
    struct officer_list all;
    TRY(officers_of(cx, q->unit, &all));
    struct json *list = json_put(view, STR("holders"), json_new_arr(cx->mem));
    officers_once_put(cx, &all, q->holder, 0, list);
    return RC_OK;
}

static void chip_put(struct ctx *cx, struct json *list, const char *key, struct str value,
                     const struct dossier_query *without)
{
    struct json *o = json_push(list, json_new_obj(cx->mem));
    struct json *args = json_new_obj(cx->mem);
    json_put_str(cx->mem, args, "value", value);
    json_put_str(cx->mem, o, "chip", msg_fill(cx, str_fmt(cx->mem, "desk.chip.%s", key), args));
    json_put_str(cx->mem, o, "href", list_path(cx, without));
}

static void chips_put(struct ctx *cx, const struct dossier_query *q, struct json *view)
{
    struct json *list = json_put(view, STR("chips"), json_new_arr(cx->mem));
    struct dossier_query text = *q, service = *q, from = *q, to = *q, holder = *q;
    text.text = service.procedure = STR("");
    from.due_from = to.due_to = 0;
    holder.holder = 0;
    if (q->text.n)
        chip_put(cx, list, "text", q->text, &text);
    if (q->procedure.n)
        chip_put(cx, list, "service", service_name(cx, q->procedure), &service);
    if (q->due_from)
        chip_put(cx, list, "from", day_text(cx->mem, q->due_from), &from);
    if (q->due_to)
        chip_put(cx, list, "to", day_text(cx->mem, q->due_to), &to);
    if (q->holder)
        JSON_EACH (json_get(view, STR("holders")), o)
            if (json_int(o, "account", 0) == q->holder)
                chip_put(cx, list, "holder", json_str(o, "officer"), &holder);
    json_put_bool(cx->mem, view, "is_filtered", list->n > 0);
}

static void typed_put(struct ctx *cx, const struct dossier_query *q, struct json *v)
{
    struct dossier_query bare = {.unit = q->unit, .box = q->box};
    json_put_str(cx->mem, v, "text", q->text);
    json_put_str(cx->mem, v, "box", str_from(inbox_name(q->box)));
    json_put_str(cx->mem, v, "from", q->due_from ? day_iso(cx->mem, q->due_from) : STR(""));
    json_put_str(cx->mem, v, "to", q->due_to ? day_iso(cx->mem, q->due_to) : STR(""));
    json_put_str(cx->mem, v, "list", list_text(cx, q));
    json_put_str(cx->mem, v, "clear_href", list_path(cx, &bare));
}

/* -- rows -- */

enum rc forecast_put(struct ctx *cx, const struct dossier *d, struct json *row)
{
    struct forecast f = {0};
    if (d->finished_us == TIME_NONE && !d->is_late)
        TRY(forecast_of(cx, d, &f));
    bool likely = f.is_known && f.likely_late >= LIKELY && !json_bool(row, "is_over");
    json_put_bool(cx->mem, row, "is_likely", likely);
    json_put_int(cx->mem, row, "likely", f.likely_late);
    return RC_OK;
}

/* -- what other units ask: in the rows, and below them what was answered lately -- */

static void opinions_put(struct ctx *cx, const struct opinion_list *all,
                         const struct dossier *d, struct json *row)
{
    struct json *list = json_put(row, STR("opinions"), json_new_arr(cx->mem));
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].d->id.v == d->id.v && all->v[i].b.is_open)
            json_push(list, branch_view(cx, all->v[i].d, &all->v[i].b));
    json_put_bool(cx->mem, row, "has_opinions", list->n > 0);
    json_put_str(cx->mem, row, "asked_by", unit_name(cx, d->unit));
}

static void answered_put(struct ctx *cx, const struct opinion_list *all, struct json *view)
{
    struct json *list = json_put(view, STR("answered"), json_new_arr(cx->mem));
    for (size_t i = 0; i < all->n; i++) {
        const struct opinion *o = &all->v[i];
        if (o->b.is_open)
            continue;
        struct json *r = json_push(list, branch_view(cx, o->d, &o->b));
        json_put_str(cx->mem, r, "code", dossier_handle(cx, o->d));
        json_put_str(cx->mem, r, "service", label_text(cx, o->d->pack->name));
        json_put_str(cx->mem, r, "asked_by", unit_name(cx, o->d->unit));
    }
    json_put_bool(cx->mem, view, "has_answered", list->n > 0);
}

static enum rc row_put(struct ctx *cx, const struct dossier *d, struct str list, bool checked,
                       struct json *rows)
{
    struct json *r = json_push(rows, dossier_row_view(cx, d));
    json_put_str(cx->mem, r, "channel_name",
                 msg_get(cx->lang, str_fmt(cx->mem, "desk.channel.%d", (int)d->channel)));
    json_put_str(cx->mem, r, "href", desk_path(cx, dossier_handle(cx, d), list, STR("")));
    json_put_bool(cx->mem, r, "checked", checked);
    return forecast_put(cx, d, r);
}

static enum rc rows_put(struct ctx *cx, struct req *rq, const struct dossier_query *q,
                        struct json *view)
{
    struct dossier_list list;
    struct opinion_list asked = {0};
    int64_t seen = req_int(rq, "seen", 0);
    TRY(dossier_inbox(cx, q, &list));
    if (q->box == INBOX_ASKED)
        TRY(branches_asked(cx, q->unit, &asked));
    struct json *rows = json_put(view, STR("rows"), json_new_arr(cx->mem));
    struct str text = list_text(cx, q);
    for (size_t i = 0; i < list.n; i++) {
        TRY(row_put(cx, list.v[i], text, req_bool(rq, "all"), rows));
        opinions_put(cx, &asked, list.v[i], rows->last);
    }
    answered_put(cx, &asked, view);
    json_put_bool(cx->mem, view, "has_rows", list.n > 0);
    json_put_str(cx->mem, view, "total", number_text(cx, list.total));
    json_put_str(cx->mem, view, "first_row", number_text(cx, seen + 1));
    json_put_str(cx->mem, view, "last_row", number_text(cx, seen + (int64_t)list.n));
    json_put_str(cx->mem, view, "all_href",
                 str_fmt(cx->mem, "%.*s&all=1", STR_ARG(list_path(cx, q))));
    if (list.n == DESK_ROWS && seen + DESK_ROWS < list.total)
        json_put_str(cx->mem, view, "next_href",
                     str_fmt(cx->mem, "%.*s&after=%lld&seen=%lld", STR_ARG(list_path(cx, q)),
                             (long long)list.v[list.n - 1]->id.v,
                             (long long)(seen + DESK_ROWS)));
    if (q->after)
        json_put_str(cx->mem, view, "first_href", list_path(cx, q));
    return RC_OK;
}

static enum rc get_list(struct ctx *cx, struct req *rq)
{
    const struct unit *u;
    struct json *v = desk_view(cx, "desk.title", STR_NULL);
    TRY(desk_unit(cx, rq, CAP_CASE_READ, &u));
    desk_may_put(cx, u, v);
    if (!u)
        return reply_page(cx, rq, "desk/none", v);
    struct dossier_query q = list_of_request(rq, u);
    q.limit = DESK_ROWS;
    json_put_str(cx->mem, v, "back", str_fmt(cx->mem, "/desk?unit=%.*s", STR_ARG(u->code)));
    json_put_str(cx->mem, v, "here", STR("/desk/list"));
    desk_units_put(cx, CAP_CASE_READ, u, v);
    services_put(cx, u, q.procedure, v);
    TRY(holders_put(cx, &q, v));
    typed_put(cx, &q, v);
    chips_put(cx, &q, v);
    TRY(tabs_put(cx, &q, v));
    TRY(rows_put(cx, rq, &q, v));
    TRY(did_put(cx, req_str(rq, "did"), v));
    json_put_bool(cx->mem, v, "can_pick", q.box != INBOX_DONE && q.box != INBOX_ASKED);
    return reply_page(cx, rq, "desk/inbox", v);
}

static const struct param list_params[] = {
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "code of one's unit"},
    {"box", IN_QUERY, P_CODE, false, 1, 10, "mine free unit late back asked apology done"},
    {"procedure", IN_QUERY, P_CODE, false, 1, 40, "only this procedure code"},
    {"text", IN_QUERY, P_TEXT, false, 0, TEXT_MAX, "code or the applicant's name"},
    {"holder", IN_QUERY, P_INT, false, 1, INT64_MAX, "account of the officer who holds it"},
    {"from", IN_QUERY, P_DATE, false, 0, 0, "due on this day or later"},
    {"to", IN_QUERY, P_DATE, false, 0, 0, "due on this day or before"},
    {"after", IN_QUERY, P_INT, false, 0, INT64_MAX, "id of the last row seen"},
    {"seen", IN_QUERY, P_INT, false, 0, LIST_TOTAL_MAX, "rows on the pages before"},
    {"all", IN_QUERY, P_BOOL, false, 0, 0, "every row of the page is checked"},
    PARAM_DID,
    {0},
};

const struct route desk_inbox_routes[] = {
    {GET, "/desk/list", get_list, CAP_DESK, ROUTE_JOURNALS | ROUTE_NO_STORE, list_params,
     "desk", "A list of one's unit", NULL},
    {0},
};

/* -- the start page: in words, what today asks of an officer -- */

enum { GIVEN_DAYS = 3, SUNDAY = 6 };

/* -- lines: a number of dossiers and the list that shows them -- */

struct line {
    const char *key; /* desk.day.KEY: "{n} dossiers …" */
    int64_t n, all;  /* one's own; the unit's, -1 when it says nothing */
    struct dossier_query q;
    bool is_alarm;
};

static void line_put(struct ctx *cx, const struct line *l, struct json *list)
{
    if (l->n <= 0 && l->all <= 0)
        return;
    struct json *o = json_push(list, json_new_obj(cx->mem));
    struct json *args = json_new_obj(cx->mem);
    struct dossier_query whole = l->q;
    whole.holder = 0;
    if (l->q.box == INBOX_MINE)
        whole.box = INBOX_UNIT;
    json_put_str(cx->mem, args, "n", number_text(cx, l->n));
    json_put_str(cx->mem, o, "text",
                 msg_fill(cx, str_fmt(cx->mem, "desk.day.%s", l->key), args));
    json_put_str(cx->mem, o, "href", list_path(cx, &l->q));
    json_put_bool(cx->mem, o, "is_alarm", l->is_alarm && l->n > 0);
    json_put_bool(cx->mem, o, "has_own", l->n > 0);
    json_put_bool(cx->mem, o, "has_all", l->all > l->n);
    json_put_str(cx->mem, args, "n", number_text(cx, l->all));
    json_put_str(cx->mem, o, "all_text",
                 msg_fill(cx, str_fmt(cx->mem, "desk.day.%s.all", l->key), args));
    json_put_str(cx->mem, o, "all_href", list_path(cx, &whole));
}

static void lines_put(struct ctx *cx, const struct unit *u, const struct work_day *d,
                      struct json *view)
{
    int32_t today = day_of(cx->now_us);
    struct dossier_query mine = {.unit = u->id, .box = INBOX_MINE};
    struct dossier_query over = mine, due = mine, week = mine, back = mine, free = mine,
                         asked = mine, apology = mine;
    over.due_to = today - 1;
    due.due_from = due.due_to = today;
    week.due_from = today + 1;
    week.due_to = today + SUNDAY - day_weekday(today);
    back.box = INBOX_BACK;
    free.box = INBOX_FREE;
    asked.box = INBOX_ASKED;
    apology.box = INBOX_APOLOGY;
    apology.holder = cx->who->account;
    const struct line lines[] = {
        {"over", d->mine.over, d->unit.over, over, true},
        {"today", d->mine.today, d->unit.today, due, false},
        {"week", d->mine.week, d->unit.week, week, false},
        {"apology", d->mine.apologies, d->unit.apologies, apology, true},
        {"back", d->unit.back, -1, back, false},
        {"asked", d->asked, -1, asked, false},
        {"free", d->free, -1, free, false},
        {"waiting", d->mine.waiting, -1, mine, false},
    };
    struct json *list = json_put(view, STR("lines"), json_new_arr(cx->mem));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        line_put(cx, &lines[i], list);
    json_put_bool(cx->mem, view, "has_lines", list->n > 0);
}

/* "Monday 23/11/2026: …": one sentence that can be read out. */
static void lead_put(struct ctx *cx, const struct work_day *d, struct json *view)
{
    int32_t today = day_of(cx->now_us);
    struct json *args = json_new_obj(cx->mem);
    struct str weekday = str_fmt(cx->mem, "weekday.%d", day_weekday(today));
    json_put_str(cx->mem, args, "weekday", msg_get(cx->lang, weekday));
    json_put_str(cx->mem, args, "day", day_text(cx->mem, today));
    json_put_str(cx->mem, args, "waiting", number_text(cx, d->mine.waiting));
    json_put_str(cx->mem, args, "over", number_text(cx, d->mine.over));
    json_put_str(cx->mem, args, "today", number_text(cx, d->mine.today));
    bool calm = !d->mine.over && !d->mine.today;
    json_put_str(cx->mem, view, "lead",
                 msg_fill(cx, calm ? STR("desk.day.lead.calm") : STR("desk.day.lead"), args));
}

static enum rc given_put(struct ctx *cx, struct json *view)
{
    struct json *to, *by;
    int64_t since = cx->now_us - GIVEN_DAYS * DAY_US;
    TRY(work_given(cx, false, since, &to));
    TRY(work_given(cx, true, since, &by));
    json_put_bool(cx->mem, view, "has_given", to->n > 0);
    json_put_bool(cx->mem, view, "has_gave", by->n > 0);
    json_put(view, STR("given"), to);
    json_put(view, STR("gave"), by);
    return RC_OK;
}

/* Leaders read first what rings in their unit and below it. */
static enum rc alerts_put(struct ctx *cx, const struct unit *u, struct json *view)
{
    struct alert_list all = {0};
    struct json *args = json_new_obj(cx->mem);
    if (!who_can(cx, cx->who, CAP_FIGURES, u->id))
        return RC_OK;
    TRY(alerts_find(cx, u->id, true, &all));
    json_put_str(cx->mem, args, "n", number_text(cx, (int64_t)all.n));
    json_put_str(cx->mem, view, "alerts",
                 all.n ? msg_fill(cx, STR("desk.day.alerts"), args) : STR(""));
    return RC_OK;
}

/* Whoever may enter them is told which figures of the unit and below are overdue. */
static enum rc owed_put(struct ctx *cx, const struct unit *u, struct json *view)
{
    struct owed_list all;
    struct json *args = json_new_obj(cx->mem);
    int64_t late = 0;
    if (!who_can(cx, cx->who, CAP_FIGURE_ENTER, u->id))
        return RC_OK;
    TRY(target_owed(cx, u->id, &all));
    for (size_t i = 0; i < all.n; i++)
        late += all.v[i].is_overdue;
    json_put_str(cx->mem, args, "n", number_text(cx, late));
    json_put_str(cx->mem, view, "owed",
                 late ? msg_fill(cx, STR("desk.day.owed"), args) : STR(""));
    return RC_OK;
}

static enum rc get_day(struct ctx *cx, struct req *rq)
{
    const struct unit *u;
    struct work_day day;
    struct json *v = desk_view(cx, "desk.day.title", STR_NULL);
    TRY(desk_unit(cx, rq, CAP_CASE_READ, &u));
    desk_may_put(cx, u, v);
    if (!u)
        return reply_page(cx, rq, "desk/none", v);
    json_put_str(cx->mem, v, "here", STR("/desk"));
    desk_units_put(cx, CAP_CASE_READ, u, v);
    TRY(work_day_get(cx, u->id, &day));
    lead_put(cx, &day, v);
    lines_put(cx, u, &day, v);
    TRY(given_put(cx, v));
    TRY(alerts_put(cx, u, v));
    TRY(owed_put(cx, u, v));
    json_put_str(cx->mem, v, "list_href",
                 list_path(cx, &(struct dossier_query){.unit = u->id, .box = INBOX_UNIT}));
    json_put_str(cx->mem, v, "late_href",
                 list_path(cx, &(struct dossier_query){.unit = u->id, .box = INBOX_LATE}));
    return reply_page(cx, rq, "desk/day", v);
}

static const struct param day_params[] = {
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "code of one's unit"},
    {0},
};

const struct route desk_day_routes[] = {
    {GET, "/desk", get_day, CAP_DESK, ROUTE_NO_STORE, day_params, "desk", "What today asks for",
     NULL},
    {0},
};
