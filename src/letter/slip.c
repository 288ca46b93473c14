/* slip.c - form 05, the control slip: who had the dossier, and which units were asked. */
#include "letter/letter_priv.h"

/* -- steps -- */

static struct str step_result(struct ctx *cx, const struct tale *t, const struct event *ev)
{
    struct str act = json_str(ev->facts, "act");
    const struct flow *f = t->d->pack->flow;
    const struct flow_state *from = flow_state_find(f, json_str(ev->facts, "from"));
    const struct flow_state *to = flow_state_find(f, json_str(ev->facts, "to"));
    bool joined = str_eq(act, STR("join"));
    struct str did =
        msg_get(cx->lang, joined ? STR("timeline.join") : STR("timeline.dossier.moved"));
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
    bool by_units = from && from->nbranches && !ev->actor.v;
    struct str who = by_units              ? msg_get(cx->lang, STR("casework.holder.asked"))
                     : from && from->roles ? roles_text(cx, from->roles)
                     : from && from->by_applicant
                         ? msg_get(cx->lang, STR("casework.holder.applicant"))
                         : msg_get(cx->lang, STR("casework.holder.system"));
    if (from && from->roles && u && !by_units)
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

/* -- other units that were asked: of the events alone, so that later ones change nothing -- */

/* What became of one branch up to the slip's event. */
struct asked {
    const struct event *move; /* that asked */
    const struct event *end;  /* an answer, or the move that left; NULL: not yet */
    struct unit_id unit;      /* the last that was asked */
    int64_t due, due_us;
    bool is_escalated; /* nobody answered by the first due day: the leader is asked */
};

static bool is_about(const struct event *ev, enum event_kind kind, const struct asked *a,
                     struct str branch)
{
    return ev->kind == kind && json_int(ev->facts, "asked", -1) == a->move->seq &&
           str_eq(json_str(ev->facts, "branch"), branch);
}

static struct asked asked_follow(const struct tale *t, const struct cause *c, size_t at,
                                 const struct json *b)
{
    struct asked a = {.move = t->evs.v[at],
                      .unit = {json_int(b, "unit", 0)},
                      .due = json_int(b, "due", 0),
                      .due_us = json_int(b, "due_us", 0)};
    struct str id = json_str(b, "branch");
    for (size_t i = at + 1; i < t->evs.n && t->evs.v[i]->seq <= c->ev->seq && !a.end; i++) {
        const struct event *ev = t->evs.v[i];
        if (is_about(ev, EV_BRANCH_ESCALATED, &a, id)) {
            a.unit.v = json_int(ev->facts, "to", a.unit.v);
            a.due = json_int(ev->facts, "due", a.due);
            a.due_us = json_int(ev->facts, "due_us", a.due_us);
            a.is_escalated = true;
        }
        if (is_about(ev, EV_BRANCH_ANSWERED, &a, id) ||
            (ev->kind == EV_DOSSIER_MOVED && !is_undone(t, ev)))
            a.end = ev;
    }
    return a;
}

static bool is_late(const struct asked *a, const struct cause *c)
{
    if (a->end && a->end->kind == EV_BRANCH_ANSWERED)
        return json_bool(a->end->facts, "late");
    return a->is_escalated || (a->end ? a->end : c->ev)->time_us >= a->due_us;
}

static struct str outcome_text(struct ctx *cx, const struct asked *a)
{
    if (!a->end)
        return msg_get(cx->lang,
                       a->is_escalated ? STR("branch.open.escalated") : STR("branch.open"));
    if (a->end->kind != EV_BRANCH_ANSWERED)
        return msg_get(cx->lang, STR("branch.not_needed"));
    struct str outcome = json_str(a->end->facts, "outcome");
    bool silent = json_bool(a->end->facts, "silent") && !str_eq(outcome, STR("silent"));
    return msg_get(
        cx->lang, str_fmt(cx->mem, "branch.%.*s%s", STR_ARG(outcome), silent ? ".silent" : ""));
}

static void asked_add(struct ctx *cx, const struct tale *t, const struct cause *c,
                      const struct asked *a, struct str id, struct json *list)
{
    struct json *o = json_push(list, json_new_obj(cx->mem));
    const struct unit *u = unit_of(cx, a->unit);
    const struct flow_state *s =
        flow_state_find(t->d->pack->flow, json_str(a->move->facts, "to"));
    const struct flow_branch *b = s ? flow_branch_find(s, id) : NULL;
    json_put_str(cx->mem, o, "n", str_fmt(cx->mem, "%zu", list->n));
    json_put_str(cx->mem, o, "who", u ? unit_name(cx, u) : STR(""));
    json_put_str(cx->mem, o, "what", b ? label_text(cx, b->name) : id);
    json_put_str(cx->mem, o, "asked", time_text(cx->mem, a->move->time_us));
    json_put_str(cx->mem, o, "due", day_text(cx->mem, (int32_t)a->due));
    json_put_str(cx->mem, o, "answered",
                 a->end ? time_text(cx->mem, a->end->time_us) : STR("–"));
    json_put_str(cx->mem, o, "outcome", outcome_text(cx, a));
    json_put_str(cx->mem, o, "timely",
                 msg_get(cx->lang, is_late(a, c) ? STR("letter.timely.over")
                                                 : STR("letter.timely.within")));
}

static void branches_put(struct ctx *cx, const struct tale *t, const struct cause *c,
                         struct json *list)
{
    for (size_t i = 0; i < t->evs.n && t->evs.v[i]->seq <= c->ev->seq; i++) {
        if (t->evs.v[i]->kind != EV_DOSSIER_MOVED || is_undone(t, t->evs.v[i]))
            continue;
        JSON_EACH (json_get(t->evs.v[i]->facts, STR("branches")), b) {
            struct asked a = asked_follow(t, c, i, b);
            asked_add(cx, t, c, &a, json_str(b, "branch"), list);
        }
    }
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
    branches_put(cx, t, c, json_get(fields, STR("branches")));
    return RC_OK;
}
