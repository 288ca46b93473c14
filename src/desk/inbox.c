/* inbox.c - what waits in one's unit, by what is due first. */
#include "desk/desk_priv.h"

enum { PAGE_ROWS = 50, TEXT_MAX = 100 };

static enum inbox box_of(struct str typed)
{
    enum inbox box;
    return inbox_parse(typed, &box) ? box : INBOX_MINE;
}

/* The address of a list; keeps the filter. */
static struct str inbox_path(struct ctx *cx, const struct dossier_query *q, enum inbox box,
                             int64_t after)
{
    struct buf *b = buf_new(cx->mem, 2000);
    buf_put(b, STR("/desk"));
    query_put(b, "unit", unit_code_of(cx, q->unit));
    query_put(b, "box", str_from(inbox_name(box)));
    query_put(b, "procedure", q->procedure);
    query_put(b, "text", q->text);
    if (after)
        query_put(b, "after", str_fmt(cx->mem, "%lld", (long long)after));
    return buf_str(b);
}

/* Every tab shows how much is in it, under the same filter. */
static enum rc tabs_put(struct ctx *cx, const struct dossier_query *q, struct json *view)
{
    struct json *tabs = json_put(view, STR("tabs"), json_new_arr(cx->mem));
    for (int i = 0; i < INBOX_COUNT; i++) {
        int64_t total;
        struct dossier_query one = *q;
        one.box = (enum inbox)i;
        TRY(dossier_inbox_total(cx, &one, &total));
        struct json *t = json_push(tabs, json_new_obj(cx->mem));
        struct str key = str_fmt(cx->mem, "desk.box.%s", inbox_name((enum inbox)i));
        json_put_str(cx->mem, t, "label", msg_get(cx->lang, key));
        json_put_str(cx->mem, t, "href", inbox_path(cx, q, (enum inbox)i, 0));
        json_put_str(cx->mem, t, "count", number_text(cx, total));
        json_put_bool(cx->mem, t, "is_more", total >= LIST_TOTAL_MAX);
        json_put_bool(cx->mem, t, "is_now", q->box == (enum inbox)i);
        json_put_bool(cx->mem, t, "is_alarm", i == INBOX_LATE && total > 0);
    }
    return RC_OK;
}

static void row_put(struct ctx *cx, const struct dossier *d, struct json *rows)
{
    struct json *r = json_push(rows, dossier_row_view(cx, d));
    json_put_str(cx->mem, r, "channel_name",
                 msg_get(cx->lang, str_fmt(cx->mem, "desk.channel.%d", (int)d->channel)));
}

static enum rc rows_put(struct ctx *cx, const struct dossier_query *q, struct json *view)
{
    struct dossier_list list;
    TRY(dossier_inbox(cx, q, &list));
    struct json *rows = json_put(view, STR("rows"), json_new_arr(cx->mem));
    for (size_t i = 0; i < list.n; i++)
        row_put(cx, list.v[i], rows);
    json_put_bool(cx->mem, view, "has_rows", list.n > 0);
    json_put_str(cx->mem, view, "total", number_text(cx, list.total));
    if (list.n == PAGE_ROWS)
        json_put_str(cx->mem, view, "next_href",
                     inbox_path(cx, q, q->box, list.v[list.n - 1]->id.v));
    if (q->after)
        json_put_str(cx->mem, view, "first_href", inbox_path(cx, q, q->box, 0));
    return RC_OK;
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

static void may_put(struct ctx *cx, const struct unit *u, struct json *view)
{
    json_put_bool(cx->mem, view, "can_intake",
                  u && who_can(cx, cx->who, CAP_CASE_INTAKE, u->id));
    json_put_bool(cx->mem, view, "can_figures",
                  who_can(cx, cx->who, CAP_FIGURES, (struct unit_id){0}));
}

static enum rc get_inbox(struct ctx *cx, struct req *rq)
{
    const struct unit *u;
    struct json *v = desk_view(cx, "desk.title", STR_NULL);
    TRY(desk_unit(cx, rq, CAP_CASE_READ, &u));
    may_put(cx, u, v);
    if (!u)
        return reply_page(cx, rq, "desk/none", v);
    struct dossier_query q = {.unit = u->id,
                              .box = box_of(req_str(rq, "box")),
                              .procedure = req_str(rq, "procedure"),
                              .text = str_trim(req_str(rq, "text")),
                              .after = req_int(rq, "after", 0),
                              .limit = PAGE_ROWS};
    desk_units_put(cx, CAP_CASE_READ, u, v);
    services_put(cx, u, q.procedure, v);
    json_put_str(cx->mem, v, "text", q.text);
    json_put_str(cx->mem, v, "box", str_from(inbox_name(q.box)));
    json_put_bool(cx->mem, v, "is_done", q.box == INBOX_DONE);
    json_put_bool(cx->mem, v, "is_filtered", q.text.n || q.procedure.n);
    TRY(tabs_put(cx, &q, v));
    TRY(rows_put(cx, &q, v));
    return reply_page(cx, rq, "desk/inbox", v);
}

static const struct param inbox_params[] = {
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "code of one's unit"},
    {"box", IN_QUERY, P_CODE, false, 1, 10, "mine free unit late back done"},
    {"procedure", IN_QUERY, P_CODE, false, 1, 40, "only this procedure code"},
    {"text", IN_QUERY, P_TEXT, false, 0, TEXT_MAX, "code or the applicant's name"},
    {"after", IN_QUERY, P_INT, false, 0, INT64_MAX, "id of the last row seen"},
    {0},
};

const struct route desk_inbox_routes[] = {
    {GET, "/desk", get_inbox, CAP_DESK, ROUTE_JOURNALS | ROUTE_NO_STORE, inbox_params, "desk",
     "Inbox of one's unit", NULL},
    {0},
};
