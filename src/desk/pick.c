/* pick.c - dossiers that an officer takes together: which ones, and what became of each. */
#include "desk/desk_priv.h"

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
