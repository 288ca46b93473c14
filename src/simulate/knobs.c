/* knobs.c - options as people write them, on the command line and in an address. */
#include "simulate/simulate_priv.h"

enum { STAFF_MAX = 100, FACTOR_MAX = 10 };

/* "specialist", or "fire.specialist" for another office. */
static bool who_parse(const struct sim_model *m, struct str s, struct sim_change *ret)
{
    enum role role;
    struct str duty = STR_NULL, name = s;
    size_t dot = str_find(s, '.', 0);
    if (dot < s.n) {
        duty = str_cut(s, 0, dot);
        name = str_cut(s, dot + 1, s.n);
    }
    if (!role_parse(name, &role))
        return false;
    ret->role = (unsigned char)role;
    for (size_t i = 1; duty.p && i < m->noffices; i++)
        if (str_eq(m->offices[i], duty))
            ret->office = (unsigned char)i;
    return !duty.p || ret->office > 0;
}

static bool count_parse(struct str s, int *ret)
{
    int64_t n;
    if (!s.n || s.p[0] == '-' || s.p[0] == '+' || !str_int(s, &n) || n > STAFF_MAX)
        return false;
    *ret = (int)n;
    return true;
}

/* "2026-12-01..2026-12-31" or one day. */
static bool days_parse(struct str s, struct sim_change *ret)
{
    struct str first;
    size_t dots = str_find(s, '.', 0);
    first = str_cut(s, 0, dots);
    if (!day_parse(first, &ret->from))
        return false;
    ret->to = ret->from;
    if (dots == s.n)
        return true;
    struct str last = str_cut(s, dots, s.n);
    return str_starts(last, STR("..")) && day_parse(str_cut(last, 2, last.n), &ret->to) &&
           ret->to >= ret->from;
}

static enum rc bad(struct ctx *cx, const char *option, struct str s)
{
    return FAIL(cx, INVALID, option,
                "`%.*s` is not understood; motcua simulate --help says how it is written",
                STR_ARG(str_cut(s, 0, 80)));
}

/* Parts of "a,b,c", each given to one(). */
static enum rc each_part(struct ctx *cx, const struct sim_model *m, struct str s,
                         const char *option, struct sim_knobs *k,
                         bool (*one)(const struct sim_model *m, struct str part,
                                     struct sim_knobs *k))
{
    struct str part;
    if (!s.n)
        return bad(cx, option, s);
    while (s.n) {
        s = str_split(s, ',', &part);
        if (!one(m, str_trim(part), k))
            return bad(cx, option, part);
    }
    return RC_OK;
}

static bool staff_one(const struct sim_model *m, struct str part, struct sim_knobs *k)
{
    struct str who, n = str_split(part, '=', &who);
    struct sim_change c = {0};
    if (k->nstaff == SIM_KNOBS_MAX || !who_parse(m, who, &c) || !count_parse(n, &c.n))
        return false;
    k->staff[k->nstaff++] = c;
    return true;
}

static bool absent_one(const struct sim_model *m, struct str part, struct sim_knobs *k)
{
    struct str head, who, days = str_split(part, ':', &head), n = str_split(head, '=', &who);
    struct sim_change c = {0};
    if (k->nabsent == SIM_KNOBS_MAX || !who_parse(m, who, &c) || !count_parse(n, &c.n) ||
        !days_parse(days, &c))
        return false;
    k->absent[k->nabsent++] = c;
    return true;
}

static bool surge_one(const struct sim_model *m, struct str part, struct sim_knobs *k)
{
    struct str head, days = str_split(part, ':', &head);
    struct sim_change c = {0};
    int64_t percent;
    if (k->nsurge == SIM_KNOBS_MAX || !str_ends(head, STR("%")) ||
        !str_int(str_cut(head, 0, head.n - 1), &percent) || !days_parse(days, &c))
        return false;
    c.factor = 1 + (double)percent / 100;
    k->surge[k->nsurge++] = c;
    (void)m;
    return c.factor >= 0 && c.factor <= FACTOR_MAX;
}

static bool holiday_one(const struct sim_model *m, struct str part, struct sim_knobs *k)
{
    int32_t day;
    (void)m;
    if (k->nholidays == SIM_KNOBS_MAX || !day_parse(part, &day))
        return false;
    k->holidays[k->nholidays++] = day;
    return true;
}

enum rc sim_staff_parse(struct ctx *cx, const struct sim_model *m, struct str s,
                        struct sim_knobs *k)
{
    return each_part(cx, m, s, "staff", k, staff_one);
}

enum rc sim_absent_parse(struct ctx *cx, const struct sim_model *m, struct str s,
                         struct sim_knobs *k)
{
    return each_part(cx, m, s, "absent", k, absent_one);
}

enum rc sim_surge_parse(struct ctx *cx, struct str s, struct sim_knobs *k)
{
    return each_part(cx, NULL, s, "surge", k, surge_one);
}

enum rc sim_holiday_parse(struct ctx *cx, struct str s, struct sim_knobs *k)
{
    return each_part(cx, NULL, s, "holiday", k, holiday_one);
}

enum rc sim_service_parse(struct ctx *cx, struct sim_model *m, struct str s)
{
    struct str part, name;
    while (s.n) {
        struct sim_time t;
        size_t found = 0;
        s = str_split(s, ',', &part);
        struct str spec = str_split(str_trim(part), '=', &name);
        if (!sim_time_parse(spec, &t))
            return bad(cx, "service", part);
        for (size_t i = 0; i < m->nclasses; i++) {
            const struct flow_state *st = flow_state_find(m->classes[i].pack->flow, name);
            if (!st)
                continue;
            struct sim_state *state = &m->classes[i].states[st->index];
            *(st->roles || !st->by_applicant ? &state->work : &state->wait) = t;
            state->span = (struct sim_time){0}; /* said whole */
            found++;
        }
        if (!found)
            return FAIL(cx, NOT_FOUND, "service", "no state `%.*s`", STR_ARG(name));
    }
    return RC_OK;
}
