/* fields.c - words for fields: days and moments as offices write them, the steps of a slip. */
#include "letter/letter_priv.h"

static struct str two(struct ctx *cx, int n)
{
    return str_fmt(cx->mem, "%02d", n);
}

static struct json *civil_args(struct ctx *cx, const struct civil *c)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "hour", two(cx, c->hour));
    json_put_str(cx->mem, o, "minute", two(cx, c->minute));
    json_put_str(cx->mem, o, "day", two(cx, c->day));
    json_put_str(cx->mem, o, "month", two(cx, c->month));
    json_put_str(cx->mem, o, "year", str_fmt(cx->mem, "%d", c->year));
    return o;
}

/* LAW: ND30/2020 annex I - days below 10 and months 1, 2 take a leading 0; all months do here. */
struct str letter_day(struct ctx *cx, int32_t day)
{
    struct civil c = civil_of_day(day);
    return msg_fill(cx, STR("letter.day"), civil_args(cx, &c));
}

struct str letter_moment(struct ctx *cx, int64_t at_us)
{
    struct civil c = civil_of(at_us);
    return msg_fill(cx, STR("letter.moment"), civil_args(cx, &c));
}

struct str roles_text(struct ctx *cx, unsigned roles)
{
    enum { ROLES_TEXT_MAX = 1000 };
    struct buf *b = buf_new(cx->mem, ROLES_TEXT_MAX);
    for (int r = 0; r < ROLE_COUNT; r++) {
        if (!(roles & (1u << r)))
            continue;
        if (buf_str(b).n)
            buf_put(b, STR(", "));
        buf_put(b, role_label(cx, (enum role)r));
    }
    return buf_str(b);
}

struct json *fields_new(struct ctx *cx, const struct unit *u)
{
    static const char *const names[] = {
#define LETTER_FIELD(name, text) #name,
#include "letter_fields.def"
    };
    static const char *const lists[] = {"papers", "items", "steps", "rows"};
    struct json *f = json_new_obj(cx->mem);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        json_put_str(cx->mem, f, names[i], STR(""));
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        json_put(f, str_from(lists[i]), json_new_arr(cx->mem));
    json_put_str(cx->mem, f, "unit", unit_name(cx, u));
    if (u->parent)
        json_put_str(cx->mem, f, "superior", unit_name(cx, u->parent));
    return f;
}

/* -- the control slip -- */

static struct str step_result(struct ctx *cx, const struct tale *t, const struct event *ev)
{
    struct str act = json_str(ev->facts, "act");
    const struct flow *f = t->d->pack->flow;
    const struct flow_state *from = flow_state_find(f, json_str(ev->facts, "from"));
    const struct flow_state *to = flow_state_find(f, json_str(ev->facts, "to"));
    struct str did = msg_get(cx->lang, STR("timeline.dossier.moved"));
    for (size_t i = 0; from && i < from->nacts; i++)
        if (str_eq(from->acts[i].id, act))
            did = label_text(cx, from->acts[i].label);
    if (!to)
        return did;
    struct str led = label_text(cx, to->name);
    return str_fmt(cx->mem, "%.*s → %.*s", STR_ARG(did), STR_ARG(led));
}

static struct str actor_name(struct ctx *cx, const struct tale *t, const struct event *ev)
{
    struct subject s;
    if (!ev->actor.v)
        return msg_get(cx->lang, STR("casework.by.system"));
    if (ev->actor.v == t->d->applicant.v)
        return msg_get(cx->lang, STR("casework.by.applicant"));
    bool known = subject_get(cx, ev->actor, &s) == RC_OK;
    ctx_clear(cx);
    return known ? s.name : STR("");
}

static void step_add(struct ctx *cx, const struct tale *t, const struct event *ev,
                     int64_t got_us, struct json *list)
{
    struct json *o = json_push(list, json_new_obj(cx->mem));
    const struct flow_state *from =
        flow_state_find(t->d->pack->flow, json_str(ev->facts, "from"));
    const struct unit *u = unit_of(cx, ev->unit);
    struct str who = from && from->roles ? roles_text(cx, from->roles)
                     : from && from->by_applicant
                         ? msg_get(cx->lang, STR("casework.holder.applicant"))
                         : msg_get(cx->lang, STR("casework.holder.system"));
    if (from && from->roles && u)
        who = str_fmt(cx->mem, "%.*s – %.*s", STR_ARG(who), STR_ARG(unit_name(cx, u)));
    json_put_str(cx->mem, o, "n", str_fmt(cx->mem, "%zu", list->n));
    json_put_str(cx->mem, o, "who", who);
    json_put_str(cx->mem, o, "officer", actor_name(cx, t, ev));
    json_put_str(cx->mem, o, "got", time_text(cx->mem, got_us));
    json_put_str(cx->mem, o, "gave", time_text(cx->mem, ev->time_us));
    json_put_str(cx->mem, o, "result", step_result(cx, t, ev));
    json_put_str(cx->mem, o, "timely",
                 msg_get(cx->lang, json_bool(ev->facts, "late") ? STR("letter.timely.over")
                                                                : STR("letter.timely.within")));
}

/* Each state that was left is a row: who had it, from when to when, and what came of it. */
enum rc steps_put(struct ctx *cx, const struct tale *t, const struct cause *c,
                  struct json *fields)
{
    struct json *list = json_get(fields, STR("steps"));
    int64_t got = t->filed->time_us;
    for (size_t i = 0; i < t->evs.n && t->evs.v[i]->seq <= c->ev->seq; i++) {
        const struct event *ev = t->evs.v[i];
        if (ev->kind != EV_DOSSIER_MOVED)
            continue;
        step_add(cx, t, ev, got, list);
        got = ev->time_us;
    }
    return RC_OK;
}
