/* day.c - the start page: in words, what today asks of an officer. */
#include "desk/desk_priv.h"

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
                         asked = mine;
    over.due_to = today - 1;
    due.due_from = due.due_to = today;
    week.due_from = today + 1;
    week.due_to = today + SUNDAY - day_weekday(today);
    back.box = INBOX_BACK;
    free.box = INBOX_FREE;
    asked.box = INBOX_ASKED;
    const struct line lines[] = {
        {"over", d->mine.over, d->unit.over, over, true},
        {"today", d->mine.today, d->unit.today, due, false},
        {"week", d->mine.week, d->unit.week, week, false},
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

static enum rc get_day(struct ctx *cx, struct req *rq)
{
    const struct unit *u;
    struct work_day day;
    struct json *v = desk_view(cx, "desk.day.title", STR_NULL);
    TRY(desk_unit(cx, rq, CAP_CASE_READ, &u));
    desk_may_put(cx, u, v);
    if (!u)
        return reply_page(cx, rq, "desk/none", v);
    desk_units_put(cx, CAP_CASE_READ, u, v);
    TRY(work_day_get(cx, u->id, &day));
    lead_put(cx, &day, v);
    lines_put(cx, u, &day, v);
    TRY(given_put(cx, v));
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
