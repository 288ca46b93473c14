/* staff.c - can the officers there are do what the flow asks, in every unit that offers it? */
#include "pack/staff.h"

#include "app/app.h"
#include "pack/pack_priv.h"

enum { STAFF_TRIES_MAX = 100000, STAFF_CODES_TOLD = 5 };

/* -- from the node -- */

static enum rc officers_read(struct ctx *cx, struct unit_id id, struct staff_unit *u)
{
    struct officer_list list;
    TRY(officers_of(cx, id, &list));
    struct staff_officer *v = arena_array(cx->mem, struct staff_officer, list.n + 1);
    u->officers = v;
    for (size_t i = 0; i < list.n; i++) {
        size_t k = 0;
        while (k < u->nofficers && v[k].account != list.v[i].account)
            k++;
        u->nofficers += k == u->nofficers;
        v[k].account = list.v[i].account;
        v[k].roles |= 1u << list.v[i].role;
    }
    return RC_OK;
}

/* The unit that does the duty, with its officers. */
static enum rc duty_read(struct ctx *cx, const struct unit *from, struct str duty,
                         struct staff_duty *ret)
{
    bool is_above = str_eq(duty, STR("superior"));
    const struct unit *at = is_above ? from->parent : unit_with_duty(cx, from, duty);
    *ret = (struct staff_duty){.duty = duty};
    if (!at)
        return RC_OK;
    struct staff_unit *u = arena_new_of(cx->mem, struct staff_unit);
    u->code = at->code;
    ret->unit = u;
    return officers_read(cx, at->id, u);
}

/* Every duty that the flow names. */
static size_t duties_of(struct ctx *cx, const struct flow *f, const struct str **ret)
{
    struct str *v = arena_array(cx->mem, struct str, f->nstates * (FLOW_BRANCHES_MAX + 1) + 1);
    size_t n = 0;
    for (size_t i = 0; i < f->nstates; i++) {
        const struct flow_state *s = &f->states[i];
        if (s->at.n)
            v[n++] = s->at;
        for (size_t k = 0; k < s->nbranches; k++)
            v[n++] = s->branches[k].duty;
    }
    *ret = v;
    return n;
}

static enum rc unit_read(struct ctx *cx, const struct flow *f, const struct unit *from,
                         struct staff_unit *u)
{
    const struct str *duties;
    *u = (struct staff_unit){.code = from->code, .offers = true};
    TRY(officers_read(cx, from->id, u));
    size_t n = duties_of(cx, f, &duties);
    struct staff_duty *v = arena_array(cx->mem, struct staff_duty, n + 1);
    u->duties = v;
    for (; u->nduties < n; u->nduties++)
        TRY(duty_read(cx, from, duties[u->nduties], &v[u->nduties]));
    return RC_OK;
}

enum rc staff_load(struct ctx *cx, const struct pack *p, struct staff *ret)
{
    size_t n;
    const struct unit *const *all = unit_all(cx, &n);
    struct staff_unit *v = arena_array(cx->mem, struct staff_unit, n + 1);
    int32_t today = day_of(cx->now_us);
    *ret = (struct staff){.units = v};
    for (size_t i = 0; i < n; i++)
        if (pack_is_offered(p, all[i]) && all[i]->from <= today && today < all[i]->to)
            TRY(unit_read(cx, p->flow, all[i], &v[ret->n++]));
    return RC_OK;
}

/* -- who can act -- */

/* The unit that acts in a state, seen from the one that offers the service. */
static const struct staff_unit *unit_at(const struct staff_unit *u, struct str at)
{
    if (!at.n)
        return u;
    for (size_t i = 0; i < u->nduties; i++)
        if (str_eq(u->duties[i].duty, at))
            return u->duties[i].unit;
    return NULL;
}

static size_t holders(const struct staff_unit *u, unsigned roles)
{
    size_t n = 0;
    for (size_t i = 0; u && i < u->nofficers; i++)
        n += (u->officers[i].roles & roles) != 0;
    return n;
}

/* Units for which something does not hold: the first few by code, and how many more. */
struct wanting {
    struct buf *codes;
    size_t n;
};

static void wanting_add(struct checker *c, struct wanting *w, struct str code)
{
    if (!w->codes)
        w->codes = buf_new(c->cx->mem, 400);
    if (w->n++ < STAFF_CODES_TOLD)
        buf_fmt(w->codes, "%s%.*s", w->codes->n ? ", " : "", STR_ARG(code));
}

static void wanting_tell(struct checker *c, const char *rule, const struct json *at,
                         struct str what, const struct wanting *w)
{
    if (!w->n)
        return;
    size_t more = w->n > STAFF_CODES_TOLD ? w->n - STAFF_CODES_TOLD : 0;
    struct str codes = buf_str(w->codes);
    finding_add(
        c, rule, line_of(at),
        more ? str_fmt(c->cx->mem, "`%.*s`: %.*s (+%zu)", STR_ARG(what), STR_ARG(codes), more)
             : str_fmt(c->cx->mem, "`%.*s`: %.*s", STR_ARG(what), STR_ARG(codes)));
}

static struct str roles_text(struct ctx *cx, unsigned roles)
{
    struct buf *b = buf_new(cx->mem, 200);
    for (int r = 0; r < ROLE_COUNT; r++)
        if (roles & (1u << r))
            buf_fmt(b, "%s%s", b->n ? "|" : "", role_name((enum role)r));
    return buf_str(b);
}

/* A unit where nobody has a role of this flow has not begun with the service. */
static bool is_staffed(const struct flow *f, const struct staff_unit *u)
{
    unsigned roles = 0;
    for (size_t i = 0; i < f->nstates; i++)
        roles |= f->states[i].roles;
    return holders(u, roles) > 0;
}

static void roles_check(struct checker *c, const struct staff *staff,
                        const struct flow_state *s)
{
    struct wanting none = {0}, one = {0};
    const struct json *at = json_get(state_yaml(c, s), STR("by"));
    for (size_t i = 0; i < staff->n; i++) {
        const struct staff_unit *u = &staff->units[i], *acts = unit_at(u, s->at);
        size_t n = holders(acts, s->roles);
        if (!u->offers || !is_staffed(c->pack->flow, u))
            continue;
        if (n == 0)
            wanting_add(c, &none, u->code);
        else if (n == 1)
            wanting_add(c, &one, u->code);
    }
    struct str roles = roles_text(c->cx, s->roles);
    wanting_tell(c, s->at.n ? "P103" : "P100", at, roles, &none);
    wanting_tell(c, "P101", at, roles, &one);
}

static void branches_check(struct checker *c, const struct staff *staff,
                           const struct flow_state *s)
{
    for (size_t k = 0; k < s->nbranches; k++) {
        const struct flow_branch *b = &s->branches[k];
        struct wanting none = {0};
        for (size_t i = 0; i < staff->n; i++)
            if (staff->units[i].offers && is_staffed(c->pack->flow, &staff->units[i]) &&
                !holders(unit_at(&staff->units[i], b->duty), b->roles))
                wanting_add(c, &none, staff->units[i].code);
        wanting_tell(c, "P103", json_get(json_get(state_yaml(c, s), STR("fork")), b->id), b->id,
                     &none);
    }
}

/* -- separation of duties: somebody for each step, nobody for two that exclude each other -- */

struct seats {
    const struct flow *flow;
    const struct staff_unit *unit;
    const struct flow_state *v[FLOW_STATES_MAX];
    int64_t taken[FLOW_STATES_MAX]; /* account, by place in v */
    size_t n;
    unsigned tries;
};

static bool excludes(const struct flow_state *a, const struct flow_state *b)
{
    return ((a->not_by >> b->index) | (b->not_by >> a->index)) & 1;
}

static bool may_sit(const struct seats *t, size_t at, const struct staff_officer *o)
{
    if (!(o->roles & t->v[at]->roles))
        return false;
    for (size_t i = 0; i < at; i++)
        if (t->taken[i] == o->account && excludes(t->v[at], t->v[i]))
            return false;
    return true;
}

static bool seats_fill(struct seats *t, size_t at)
{
    if (at == t->n || t->tries++ > STAFF_TRIES_MAX)
        return true;
    const struct staff_unit *u = unit_at(t->unit, t->v[at]->at);
    for (size_t i = 0; i < u->nofficers; i++)
        if (may_sit(t, at, &u->officers[i])) {
            t->taken[at] = u->officers[i].account;
            if (seats_fill(t, at + 1))
                return true;
        }
    return false;
}

/* The states that s excludes, and s: can they be done by the officers of u? What has nobody at
 * all is told as such. */
static bool can_separate(const struct flow *f, const struct staff_unit *u,
                         const struct flow_state *s)
{
    struct seats t = {.flow = f, .unit = u};
    for (size_t i = 0; i < f->nstates; i++) {
        const struct flow_state *other = &f->states[i];
        bool concerned = other == s || ((s->not_by >> i) & 1);
        if (!concerned || !other->roles)
            continue;
        if (!holders(unit_at(u, other->at), other->roles))
            return true;
        t.v[t.n++] = other;
    }
    return seats_fill(&t, 0);
}

static void separation_check(struct checker *c, const struct staff *staff,
                             const struct flow_state *s)
{
    struct wanting none = {0};
    for (size_t i = 0; i < staff->n; i++)
        if (staff->units[i].offers && !can_separate(c->pack->flow, &staff->units[i], s))
            wanting_add(c, &none, staff->units[i].code);
    wanting_tell(c, "P102", json_get(state_yaml(c, s), STR("not_by")), s->id, &none);
}

void staff_check(struct checker *c, const struct staff *staff)
{
    const struct flow *f = c->pack->flow;
    struct wanting unstaffed = {0};
    c->file = json_str(c->yaml, "flow");
    for (size_t i = 0; i < staff->n; i++)
        if (staff->units[i].offers && !is_staffed(f, &staff->units[i]))
            wanting_add(c, &unstaffed, staff->units[i].code);
    for (size_t i = 0; i < f->nstates; i++) {
        const struct flow_state *s = &f->states[i];
        if (s->roles && !s->is_end)
            roles_check(c, staff, s);
        branches_check(c, staff, s);
        if (s->not_by)
            separation_check(c, staff, s);
    }
    c->file = STR("pack.yaml");
    wanting_tell(c, "P131", json_get(c->yaml, STR("offered_by")), c->pack->id, &unstaffed);
}
