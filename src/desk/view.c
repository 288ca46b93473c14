/* view.c - parts that the desk's views share. */
#include "desk/desk_priv.h"

enum { FORBIDDEN_STATUS = 403, LINES_MAX = 50 };

struct json *desk_view(struct ctx *cx, const char *key, struct str back)
{
    struct json *v = json_new_obj(cx->mem);
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, str_from(key)));
    json_put_bool(cx->mem, v, "at_desk", true);
    if (back.p)
        json_put_str(cx->mem, v, "back", back);
    return v;
}

/* The page names the dossier's unit, so that the officer knows whom to ask; nothing else. */
static enum rc forbidden_page(struct ctx *cx, struct req *rq, struct str code)
{
    struct dossier *d;
    TRY(dossier_find(cx, code, &d));
    struct json *v = desk_view(cx, "desk.forbidden.title", STR("/desk"));
    json_put_str(cx->mem, v, "code", dossier_handle(cx, d));
    json_put_str(cx->mem, v, "unit", unit_name(cx, d->unit));
    json_put_str(cx->mem, v, "now", time_text(cx->mem, cx->now_us));
    return reply_page_status(cx, rq, FORBIDDEN_STATUS, "desk/forbidden", v);
}

enum rc desk_open(struct ctx *cx, struct req *rq, struct dossier **ret)
{
    struct str code = req_str(rq, "code");
    *ret = NULL;
    enum rc rc = dossier_open(cx, code, ret);
    bool is_own = rc == RC_OK && (*ret)->applicant.v == cx->who->subject.v;
    if (rc == RC_OK && !is_own)
        return RC_OK;
    if (rc == RC_OK) /* an officer's own dossier: read on the citizens' pages */
        return FAIL(cx, FORBIDDEN, "code", "not a dossier of one's unit");
    if (rc != RC_FORBIDDEN)
        return rc;
    ctx_clear(cx);
    *ret = NULL;
    return forbidden_page(cx, rq, code);
}

enum rc desk_unit(struct ctx *cx, struct req *rq, enum cap need, const struct unit **ret)
{
    struct str code = req_str(rq, "unit");
    const struct unit *u = code.n ? unit_find(cx, code) : NULL;
    if (code.n && !u)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    if (u && !who_can(cx, cx->who, need, u->id))
        return FAIL(cx, FORBIDDEN, "unit", "not an officer of the unit");
    for (size_t i = 0; !u && i < cx->who->ngrants; i++)
        if (who_can(cx, cx->who, need, cx->who->grants[i].unit))
            u = unit_of(cx, cx->who->grants[i].unit);
    *ret = u;
    return RC_OK;
}

static bool is_listed(const struct json *list, struct str code)
{
    JSON_EACH (list, o)
        if (str_eq(json_str(o, "code"), code))
            return true;
    return false;
}

void desk_units_put(struct ctx *cx, enum cap need, const struct unit *now, struct json *view)
{
    struct json *list = json_put(view, STR("units"), json_new_arr(cx->mem));
    for (size_t i = 0; i < cx->who->ngrants; i++) {
        const struct unit *u = unit_of(cx, cx->who->grants[i].unit);
        if (!u || !who_can(cx, cx->who, need, u->id) || is_listed(list, u->code))
            continue;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "code", u->code);
        json_put_str(cx->mem, o, "name", unit_name(cx, u));
        json_put_bool(cx->mem, o, "selected", u == now);
    }
    json_put_bool(cx->mem, view, "has_units", list->n > 1);
    json_put_str(cx->mem, view, "unit", unit_name(cx, now));
    json_put_str(cx->mem, view, "unit_code", now->code);
}

void desk_may_put(struct ctx *cx, const struct unit *u, struct json *view)
{
    json_put_bool(cx->mem, view, "can_intake",
                  u && who_can(cx, cx->who, CAP_CASE_INTAKE, u->id));
    json_put_bool(cx->mem, view, "can_act", u && who_can(cx, cx->who, CAP_CASE_ACT, u->id));
    json_put_bool(cx->mem, view, "can_figures",
                  who_can(cx, cx->who, CAP_FIGURES, (struct unit_id){0}));
}

void officers_once_put(struct ctx *cx, const struct officer_list *all, int64_t selected,
                       int64_t without, struct json *list)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct officer *o = &all->v[i];
        bool seen = o->account == without;
        for (size_t j = 0; j < i; j++)
            seen |= all->v[j].account == o->account;
        if (seen)
            continue;
        struct json *row = json_push(list, json_new_obj(cx->mem));
        json_put_int(cx->mem, row, "account", o->account);
        json_put_str(cx->mem, row, "officer", o->name);
        json_put_str(cx->mem, row, "role", role_label(cx, o->role));
        json_put_bool(cx->mem, row, "selected", o->account == selected);
    }
}

void query_put(struct buf *b, const char *name, struct str value)
{
    if (!value.n)
        return;
    bool is_first = str_find(buf_str(b), '?', 0) == b->n;
    buf_fmt(b, "%s%s=", is_first ? "?" : "&", name);
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '.' ||
            c == '-')
            buf_putc(b, (char)c);
        else
            buf_fmt(b, "%%%02X", c);
    }
}

void error_push(struct ctx *cx, struct json *list, struct str id, struct str message)
{
    struct json *e = json_push(list, json_new_obj(cx->mem));
    json_put_str(cx->mem, e, "id", id);
    json_put_str(cx->mem, e, "message", message);
    json_put_bool(cx->mem, e, "is_here", true);
}

struct json *lines_of(struct ctx *cx, struct str text)
{
    struct json *list = json_new_arr(cx->mem);
    struct str line;
    while (text.n && list->n < LINES_MAX) {
        text = str_split(text, '\n', &line);
        line = str_trim(line);
        if (line.n)
            json_push(list, json_new_str(cx->mem, line));
    }
    return list;
}
