/* digit.c - DIGIT's workflow configuration: BusinessServices with states and actions. */
#include "import/import_priv.h"

enum { STATES_MAX = 200 };

/* One service, or the first of several as they are posted. */
static const struct json *service_of(struct draft *d, const struct json *v)
{
    const struct json *list = json_get(v, STR("BusinessServices"));
    if (!list && v->kind == JSON_ARR)
        list = v;
    if (list && list->n > 1)
        note_add(d, (int)list->first->next->line,
                 json_str(list->first->next, "businessService"), "more_services", STR(""));
    return list ? list->first : v;
}

static struct str name_of(const struct json *state)
{
    struct str name = json_str(state, "state");
    return name.n ? name : json_str(state, "applicationStatus");
}

/* "PENDING_APPROVAL" -> "Pending approval" */
static struct str words(struct ctx *cx, struct str s)
{
    char *p = (char *)str_lower(cx->mem, s).p;
    struct str out = str_dup(cx->mem, str_n(p, s.n));
    p = (char *)out.p;
    for (size_t i = 0; i < out.n; i++) {
        p[i] = p[i] == '_' || p[i] == '-' ? ' ' : p[i];
        if (i == 0 && p[i] >= 'a' && p[i] <= 'z')
            p[i] = (char)(p[i] - 'a' + 'A');
    }
    return out;
}

/* Elapsed milliseconds as a time of ours: whole days are working days. */
static struct str span(struct ctx *cx, int64_t ms)
{
    enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS, DAYS_MAX = 3650 };
    if (ms <= 0)
        return STR("");
    int64_t days = (ms + DAY_MS - 1) / DAY_MS, hours = (ms + HOUR_MS - 1) / HOUR_MS;
    if (hours < 24)
        return str_fmt(cx->mem, "%lldwh", (long long)hours);
    return str_fmt(cx->mem, "%lldwd", (long long)(days > DAYS_MAX ? DAYS_MAX : days));
}

static bool state_at(const struct draft *d, struct str name, size_t *ret)
{
    for (size_t i = 0; i < d->nstates; i++)
        if (str_eq(d->states[i].source, name)) {
            *ret = i;
            return true;
        }
    return false;
}

static void action_read(struct draft *d, struct draft_state *s, const struct json *v)
{
    struct str action = json_str(v, "action"), next = json_str(v, "nextState");
    size_t to = 0;
    const struct json *active = json_get(v, STR("active"));
    if (active && active->kind == JSON_BOOL && !active->i) {
        note_add(d, (int)v->line, action, "not_active", STR(""));
        return;
    }
    bool known = state_at(d, next, &to);
    struct draft_act *a = act_add(d, s, words(d->cx, action), to);
    if (a && !known) {
        a->to_name = slug(d->cx, next, '_');
        note_add(d, (int)v->line, action, "no_target", next);
    }
    const struct json *roles = json_get(v, STR("roles"));
    JSON_EACH (roles, r)
        if (r->kind == JSON_STR)
            by_add(s, role_of(d, (int)v->line, r->s));
    if (!roles || !roles->n)
        note_add(d, (int)v->line, action, "no_role", STR(""));
}

/* The state in which nothing exists yet: what it leads to is where a filed dossier begins. */
static void beginning_read(struct draft *d, const struct json *v)
{
    const struct json *actions = json_get(v, STR("actions"));
    size_t n = 0;
    JSON_EACH (actions, a)
        if (state_at(d, json_str(a, "nextState"), &d->start) && n++)
            note_add(d, (int)a->line, json_str(a, "action"), "more_starts",
                     json_str(a, "nextState"));
    if (actions && actions->first)
        (void)state_at(d, json_str(actions->first, "nextState"), &d->start);
}

static enum rc states_read(struct draft *d, const struct json *states)
{
    JSON_EACH (states, v) {
        struct draft_state *s;
        if (v->kind != JSON_OBJ || !name_of(v).n)
            continue;
        TRY(state_add(d, name_of(v), words(d->cx, name_of(v)), (int)v->line, &s));
        s->is_end = json_bool(v, "isTerminateState");
        s->within = span(d->cx, json_int(v, "sla", 0));
        if (json_bool(v, "docUploadRequired"))
            note_add(d, s->line, s->source, "documents", STR(""));
        if (json_bool(v, "isStartState"))
            d->start = d->nstates - 1;
    }
    return RC_OK;
}

enum rc digit_read(struct draft *d, struct str text)
{
    struct json *all;
    TRY(json_parse(d->cx, text, &all));
    const struct json *v = service_of(d, all);
    const struct json *states = json_get(v, STR("states"));
    if (!v || v->kind != JSON_OBJ || !states || states->kind != JSON_ARR)
        return FAIL(d->cx, MALFORMED, "file", "no BusinessServices with states");
    if (states->n > STATES_MAX)
        return FAIL(d->cx, TOO_LARGE, "file", "more than %d states", STATES_MAX);
    d->name = json_str(v, "businessService");
    d->id = slug(d->cx, d->name, '-');
    d->budget = span(d->cx, json_int(v, "businessServiceSla", 0));
    TRY(states_read(d, states));
    size_t i = 0;
    JSON_EACH (states, s) {
        if (s->kind != JSON_OBJ)
            continue;
        if (!name_of(s).n) {
            beginning_read(d, s);
            continue;
        }
        JSON_EACH (json_get(s, STR("actions")), a)
            action_read(d, &d->states[i], a);
        i++;
    }
    return RC_OK;
}
