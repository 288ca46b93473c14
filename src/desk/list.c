/* list.c - where an officer stands in a list: kept in the address, read back, gone on with; and
 * dossiers of it taken together. */
#include "app/app.h"
#include "desk/desk_priv.h"
#include "http/http.h"

static int32_t day_or_none(struct str typed)
{
    int32_t day;
    return day_parse(typed, &day) ? day : 0;
}

static struct str day_or_empty(struct ctx *cx, int32_t day)
{
    return day ? day_iso(cx->mem, day) : STR("");
}

static int64_t number_of(struct str typed)
{
    int64_t n;
    return str_int(typed, &n) && n > 0 ? n : 0;
}

static enum inbox box_of(struct str typed)
{
    enum inbox box;
    return inbox_parse(typed, &box) ? box : INBOX_MINE;
}

struct dossier_query list_of_request(struct req *rq, const struct unit *u)
{
    return (struct dossier_query){.unit = u->id,
                                  .box = box_of(req_str(rq, "box")),
                                  .procedure = req_str(rq, "procedure"),
                                  .text = str_trim(req_str(rq, "text")),
                                  .holder = req_int(rq, "holder", 0),
                                  .due_from = day_or_none(req_str(rq, "from")),
                                  .due_to = day_or_none(req_str(rq, "to")),
                                  .after = req_int(rq, "after", 0)};
}

/* What a link of ours carried; anything else in it is passed over. */
bool list_read(struct ctx *cx, struct str text, struct dossier_query *ret)
{
    struct fields f = {0};
    if (!text.n || fields_parse(cx, text, &f) != RC_OK) {
        ctx_clear(cx);
        return false;
    }
    const struct unit *u = unit_find(cx, fields_find(&f, STR("unit")));
    if (!u || !who_can(cx, cx->who, CAP_CASE_READ, u->id))
        return false;
    *ret = (struct dossier_query){.unit = u->id,
                                  .box = box_of(fields_find(&f, STR("box"))),
                                  .procedure = fields_find(&f, STR("procedure")),
                                  .text = fields_find(&f, STR("text")),
                                  .holder = number_of(fields_find(&f, STR("holder"))),
                                  .due_from = day_or_none(fields_find(&f, STR("from"))),
                                  .due_to = day_or_none(fields_find(&f, STR("to")))};
    return true;
}

static void list_put(struct ctx *cx, struct buf *b, const struct dossier_query *q)
{
    query_put(b, "unit", unit_code_of(cx, q->unit));
    query_put(b, "box", str_from(inbox_name(q->box)));
    query_put(b, "procedure", q->procedure);
    query_put(b, "text", q->text);
    if (q->holder)
        query_put(b, "holder", str_fmt(cx->mem, "%lld", (long long)q->holder));
    query_put(b, "from", day_or_empty(cx, q->due_from));
    query_put(b, "to", day_or_empty(cx, q->due_to));
}

struct str list_text(struct ctx *cx, const struct dossier_query *q)
{
    struct buf *b = buf_new(cx->mem, DESK_LIST_MAX * 3);
    buf_putc(b, '?');
    size_t start = buf_str(b).n;
    list_put(cx, b, q);
    struct str all = buf_str(b);
    return all.n > start ? str_skip(all, start + 1) : STR("");
}

struct str list_path(struct ctx *cx, const struct dossier_query *q)
{
    struct buf *b = buf_new(cx->mem, DESK_LIST_MAX * 3);
    buf_put(b, STR("/desk/list"));
    list_put(cx, b, q);
    return buf_str(b);
}

struct str desk_path(struct ctx *cx, struct str code, struct str list, struct str did)
{
    struct buf *b = buf_new(cx->mem, DESK_LIST_MAX * 9);
    buf_fmt(b, "/desk/dossier/%.*s", STR_ARG(code));
    query_put(b, "list", list);
    query_put(b, "did", did);
    return buf_str(b);
}

/* Before the act: afterwards the dossier's own place in the list may be gone. */
enum rc next_find(struct ctx *cx, const struct dossier *d, struct str list, struct str *ret)
{
    struct dossier_query q;
    struct dossier *next = NULL;
    *ret = STR("");
    if (!list_read(cx, list, &q))
        return RC_OK;
    q.after = d->id.v;
    TRY(dossier_inbox_next(cx, &q, &next));
    if (next)
        *ret = dossier_handle(cx, next);
    return RC_OK;
}

enum rc next_go(struct ctx *cx, struct req *rq, const struct dossier *d, struct str list,
                struct str next)
{
    struct dossier_query q;
    struct str done = dossier_handle(cx, d);
    if (!list_read(cx, list, &q))
        return reply_redirect(cx, rq, desk_path(cx, done, STR(""), STR("")));
    if (next.n)
        return reply_redirect(cx, rq, desk_path(cx, next, list, done));
    struct buf *b = buf_new(cx->mem, DESK_LIST_MAX * 4);
    buf_put(b, list_path(cx, &q));
    query_put(b, "did", done);
    return reply_redirect(cx, rq, buf_str(b));
}

void undo_hint_put(struct ctx *cx, struct json *view)
{
    int64_t seconds = cx->app->settings.undo_s;
    json_put_str(cx->mem, view, "undo_s", seconds > 0 ? number_text(cx, seconds) : STR(""));
}

enum rc did_put(struct ctx *cx, struct str code, struct json *view)
{
    struct dossier *d = NULL;
    bool undo = false;
    if (!code.n)
        return RC_OK;
    enum rc rc = dossier_find(cx, code, &d);
    if (rc != RC_OK || !who_can(cx, cx->who, CAP_CASE_READ, d->at->id)) {
        ctx_clear(cx);
        return rc == RC_OK || rc == RC_NOT_FOUND ? RC_OK : rc;
    }
    TRY(dossier_undo_can(cx, d, &undo));
    struct json *o = json_put(view, STR("did"), json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "did_code", dossier_handle(cx, d));
    json_put_str(cx->mem, o, "did_state", label_text(cx, d->state->name));
    json_put_bool(cx->mem, o, "did_undo", undo);
    undo_hint_put(cx, o);
    json_put_int(cx->mem, o, "did_version", d->version);
    return RC_OK;
}

/* -- dossiers taken together -- */

static enum rc pick_one(struct ctx *cx, struct str text, struct dossier **ret)
{
    struct str code;
    int64_t version = 0;
    struct str rest = str_split(text, ' ', &code);
    enum rc rc = dossier_find(cx, code, ret);
    if (rc == RC_NOT_FOUND)
        *ret = NULL;
    else if (rc != RC_OK)
        return rc;
    ctx_clear(cx);
    if (*ret && !who_can(cx, cx->who, CAP_CASE_READ, (*ret)->at->id))
        *ret = NULL;
    if (*ret && rest.p && (!str_int(rest, &version) || version != (*ret)->version))
        (*ret)->version = -1; /* moved on since it was shown */
    return RC_OK;
}

enum rc picks_read(struct ctx *cx, const struct json *texts, struct picks *ret)
{
    size_t n = texts ? texts->n : 0;
    *ret = (struct picks){arena_array(cx->mem, struct dossier *, n + 1), 0};
    JSON_EACH (texts, t) {
        struct dossier *d = NULL;
        TRY(pick_one(cx, t->s, &d));
        for (size_t i = 0; d && i < ret->n; i++)
            if (ret->v[i]->id.v == d->id.v)
                d = NULL;
        if (d && ret->n < DESK_PICKS)
            ret->v[ret->n++] = d;
    }
    return RC_OK;
}

void picks_put(struct ctx *cx, const struct picks *p, struct json *view)
{
    struct json *list = json_put(view, STR("picks"), json_new_arr(cx->mem));
    for (size_t i = 0; i < p->n; i++) {
        const struct dossier *d = p->v[i];
        const struct json *row = dossier_row_view(cx, d);
        struct json *o = json_push(list, json_new_obj(cx->mem));
        struct str code = dossier_handle(cx, d);
        json_put_str(cx->mem, o, "code", code);
        json_put_str(cx->mem, o, "service", json_str(row, "name"));
        json_put_str(cx->mem, o, "state_name", json_str(row, "state_name"));
        json_put_str(cx->mem, o, "due_text",
                     json_get(row, STR("due_text")) ? json_str(row, "due_text") : STR(""));
        json_put_str(cx->mem, o, "days_text",
                     json_get(row, STR("days_text")) ? json_str(row, "days_text") : STR(""));
        json_put_bool(cx->mem, o, "is_over", json_bool(row, "is_over"));
        json_put_str(cx->mem, o, "item",
                     str_fmt(cx->mem, "%.*s %lld", STR_ARG(code), (long long)d->version));
    }
    json_put_bool(cx->mem, view, "has_picks", p->n > 0);
    json_put_str(cx->mem, view, "n_picks", number_text(cx, (int64_t)p->n));
}

/* What a clerk can do about it; the program's general words where there are no better. */
static struct str result_text(struct ctx *cx, enum rc rc, struct str field)
{
    struct str key = str_fmt(cx->mem, "desk.result.%s", rc_name(rc));
    struct json *args = json_new_obj(cx->mem);
    struct str input = str_fmt(cx->mem, "input.%.*s", STR_ARG(field));
    if (rc == RC_INVALID && field.n && msg_has(input)) {
        json_put_str(cx->mem, args, "input", msg_get(cx->lang, input));
        return msg_fill(cx, STR("desk.result.missing"), args);
    }
    if (!msg_has(key))
        key = str_fmt(cx->mem, "error.%s", rc_name(rc));
    return msg_get(cx->lang, key);
}

void result_put(struct ctx *cx, struct json *view, struct str code, enum rc rc,
                struct str field)
{
    struct json *list = json_get(view, STR("results"));
    if (!list)
        list = json_put(view, STR("results"), json_new_arr(cx->mem));
    struct json *o = json_push(list, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "code", code);
    json_put_bool(cx->mem, o, "is_ok", rc == RC_OK);
    json_put_str(cx->mem, o, "result", result_text(cx, rc, field));
    json_put_int(cx->mem, view, "n_ok", json_int(view, "n_ok", 0) + (rc == RC_OK));
    json_put_int(cx->mem, view, "n_all", (int64_t)list->n);
    json_put_bool(cx->mem, view, "is_whole",
                  json_int(view, "n_ok", 0) == json_int(view, "n_all", 0));
}
