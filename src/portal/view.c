/* view.c - parts that the portal's views share. */
#include "measure/measure.h"
#include "portal/portal_priv.h"

struct json *view_titled(struct ctx *cx, struct str title, struct str back)
{
    struct json *v = json_new_obj(cx->mem);
    json_put_str(cx->mem, v, "title", title);
    if (back.p)
        json_put_str(cx->mem, v, "back", back);
    return v;
}

struct json *view_new(struct ctx *cx, const char *key, struct str back)
{
    return view_titled(cx, msg_get(cx->lang, str_from(key)), back);
}

static struct json *child_of(struct ctx *cx, struct json *view, struct str key, bool is_list)
{
    struct json *v = json_get(view, key);
    if (v)
        return v;
    return json_put(view, key, is_list ? json_new_arr(cx->mem) : json_new_obj(cx->mem));
}

void view_error(struct ctx *cx, struct json *view, const char *field, struct str text)
{
    struct json *list = child_of(cx, view, STR("errors"), true);
    struct json *e = json_push(list, json_new_obj(cx->mem));
    json_put_str(cx->mem, e, "href", str_fmt(cx->mem, "#%s", field));
    json_put_str(cx->mem, e, "message", text);
    json_put_str(cx->mem, child_of(cx, view, STR("err"), false), field, text);
    json_put_bool(cx->mem, view, "has_errors", true);
}

void view_error_key(struct ctx *cx, struct json *view, const char *field, const char *key)
{
    view_error(cx, view, field, msg_get(cx->lang, str_from(key)));
}

enum rc reply_refused(struct ctx *cx, struct req *rq, const char *tpl, struct json *view)
{
    enum { UNPROCESSABLE = 422 };
    return reply_page_status(cx, rq, UNPROCESSABLE, tpl, view);
}

struct str safe_path(struct str typed, struct str fallback)
{
    enum { PATH_MAX_SAFE = 1000 };
    if (!str_starts(typed, STR("/")) || typed.n > PATH_MAX_SAFE)
        return fallback;
    if (typed.n > 1 && (typed.p[1] == '/' || typed.p[1] == '\\'))
        return fallback;
    for (size_t i = 0; i < typed.n; i++) /* a header's value: printable ASCII only */
        if (typed.p[i] <= ' ' || (unsigned char)typed.p[i] >= 0x7f)
            return fallback;
    return typed;
}

struct str path_of(struct ctx *cx, const char *fmt, struct str a, struct str b)
{
    struct buf *out = buf_new(cx->mem, 1000);
    for (; *fmt; fmt++) {
        if (*fmt != '*') {
            buf_putc(out, *fmt);
            continue;
        }
        buf_put(out, a);
        a = b;
    }
    return buf_str(out);
}

bool is_signed_in(const struct ctx *cx)
{
    return cx->who && cx->who->account;
}

struct str size_text(struct ctx *cx, int64_t bytes)
{
    int64_t kb = (bytes + 1023) / 1024;
    return kb < 1024 ? str_fmt(cx->mem, "%lld KB", (long long)kb)
                     : str_fmt(cx->mem, "%lld MB", (long long)((kb + 1023) / 1024));
}

void fees_put(struct ctx *cx, const struct pack *p, const struct json *answers,
              struct json *view)
{
    struct json *list = json_put(view, STR("fees"), json_new_arr(cx->mem));
    int64_t sum = 0;
    bool has_open = false;
    for (size_t i = 0; i < p->nfees; i++) {
        const struct pack_fee *f = &p->fees[i];
        if (answers && !expr_is_true(cx, f->when, answers))
            continue;
        struct json *row = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, row, "about", label_text(cx, f->about));
        bool is_open = f->amount && !answers; /* nobody can say yet */
        int64_t vnd = is_open ? 0 : pack_fee_amount(cx, f, answers);
        json_put_str(cx->mem, row, "amount",
                     is_open ? msg_get(cx->lang, STR("portal.fee.by_answers"))
                             : money_text(cx, vnd));
        json_put_bool(cx->mem, row, "has_amount", is_open || vnd > 0);
        has_open = has_open || is_open;
        sum += vnd;
    }
    json_put_str(cx->mem, view, "fee_total", money_text(cx, sum));
    json_put_bool(cx->mem, view, "is_free", sum == 0 && !has_open);
}

struct str limit_text(struct ctx *cx, const struct pack *p)
{
    if (!p->flow || !p->flow->nclocks)
        return STR("");
    struct budget b = p->flow->clocks[0].budget;
    struct json *args = json_new_obj(cx->mem);
    json_put_int(cx->mem, args, "n", b.n);
    const char *key = b.n == 0        ? "portal.limit.same_day"
                      : b.unit == 'h' ? "portal.limit.wh"
                      : b.unit == 'c' ? "portal.limit.cd"
                                      : "portal.limit.wd";
    return msg_fill(cx, str_from(key), args);
}

bool wait_is_told(const struct wait *here, const struct wait *all)
{
    return here->n && (!here->is_small || all->is_small);
}

enum rc wait_put(struct ctx *cx, const struct pack *p, const struct unit *u, struct json *view)
{
    struct wait here = {0}, all;
    if (u)
        TRY(wait_get(cx, p->id, u->id, &here));
    TRY(wait_get(cx, p->id, (struct unit_id){0}, &all));
    if (!all.n)
        return RC_OK;
    struct json *o = json_put(view, STR("wait"), json_new_obj(cx->mem));
    bool same = here.n == all.n, told = wait_is_told(&here, &all);
    json_put_str(cx->mem, o, "wait_unit", u ? unit_name(cx, u) : STR(""));
    json_put_str(cx->mem, o, "here", told ? wait_text(cx, &here) : STR(""));
    json_put_str(cx->mem, o, "everywhere", same ? STR("") : wait_text(cx, &all));
    json_put_bool(cx->mem, o, "is_small", told ? here.is_small : all.is_small);
    return RC_OK;
}
