/* test_flow_property.c - random flows against reachability worked out plainly, and random walks
 * over the flows that we ship. */
#include "unit/harness.h"

#include "flow/flow.h"
#include "pack/pack.h"
#include "text/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GRAPHS = 300, WALKS = 400, STEPS_MAX = 400 };

static int pick(int n)
{
    return (int)(random() % n);
}

/* -- random graphs -- */

struct graph {
    int n;
    bool is_end[FLOW_STATES_MAX], by_timer[FLOW_STATES_MAX];
    bool to[FLOW_STATES_MAX][FLOW_STATES_MAX];
    int timer[FLOW_STATES_MAX];
};

static void graph_random(struct graph *g)
{
    *g = (struct graph){.n = 2 + pick(pick(10) ? 10 : FLOW_STATES_MAX - 1)};
    for (int i = 0; i < g->n; i++) {
        g->is_end[i] = i > 0 && pick(4) == 0;
        g->by_timer[i] = !g->is_end[i] && pick(4) == 0;
        g->timer[i] = pick(g->n);
        for (int k = 0, acts = 1 + pick(3); k < acts && !g->is_end[i]; k++)
            g->to[i][pick(g->n)] = true;
    }
    g->is_end[g->n - 1] = true;
    g->by_timer[g->n - 1] = false;
    memset(g->to[g->n - 1], 0, sizeof g->to[0]);
}

static struct str graph_yaml(struct arena *mem, const struct graph *g)
{
    struct buf *b = buf_new(mem, 1 << 20);
    buf_put(b,
            STR("flow: random\nstart: s0\nclocks: {legal: {budget: 3wd, start: s0}}\nacts:\n"));
    for (int i = 0; i < g->n; i++)
        buf_fmt(b, "  a%d: {vi: a, en: a}\n", i);
    buf_put(b, STR("states:\n"));
    for (int i = 0; i < g->n; i++) {
        buf_fmt(b, "  s%d:\n    name: {vi: s, en: s}\n", i);
        if (g->is_end[i]) {
            buf_put(b, STR("    status: 10\n    end: true\n"));
            continue;
        }
        buf_put(b, STR("    status: 4\n    by: [specialist]\n    on:\n"));
        for (int k = 0; k < g->n; k++)
            if (g->to[i][k])
                buf_fmt(b, "      a%d: {to: s%d, do: [receipt]}\n", k, k);
        if (g->by_timer[i])
            buf_fmt(b, "    after: {3cd: s%d}\n", g->timer[i]);
    }
    return buf_str(b);
}

/* Which from which, in any number of steps. */
static void closure(const struct graph *g, bool all[FLOW_STATES_MAX][FLOW_STATES_MAX])
{
    for (int i = 0; i < g->n; i++)
        for (int k = 0; k < g->n; k++)
            all[i][k] = i == k || g->to[i][k] || (g->by_timer[i] && g->timer[i] == k);
    for (int m = 0; m < g->n; m++)
        for (int i = 0; i < g->n; i++)
            for (int k = 0; k < g->n; k++)
                all[i][k] |= all[i][m] && all[m][k];
}

static const char *graph_fault(const struct graph *g)
{
    static bool all[FLOW_STATES_MAX][FLOW_STATES_MAX];
    closure(g, all);
    for (int i = 0; i < g->n; i++) {
        bool ends = false;
        if (!all[0][i])
            return "P032";
        for (int k = 0; k < g->n; k++)
            ends |= all[i][k] && g->is_end[k];
        if (!ends)
            return "P033";
    }
    return "";
}

static void graphs_are_judged(void **state)
{
    int counts[3] = {0};
    srandom(71);
    for (int i = 0; i < GRAPHS; i++) {
        struct arena *mem = arena_new(64 << 20);
        struct ctx *cx = ctx_new(mem, NULL);
        struct json *yaml = NULL;
        struct flow *f = NULL;
        struct graph g;
        graph_random(&g);
        const char *fault = graph_fault(&g);
        assert_int_equal(yaml_parse(cx, graph_yaml(mem, &g), &yaml), RC_OK);
        enum rc rc = flow_load(cx, yaml, NULL, &f);
        if (rc != (*fault ? RC_PACK : RC_OK) || strcmp(cx->err.field, fault) != 0)
            fail_msg("graph %d: %s, not %s: %s", i, cx->err.field, fault, cx->err.detail);
        counts[*fault ? fault[3] - '1' : 0]++;
        arena_free(mem);
    }
    /* all three outcomes were met often enough to mean something */
    assert_true(counts[0] > 10 && counts[1] > 10 && counts[2] > 10);
}

/* One more state, act or clock than a flow may have; exactly as many as it may. */
static void ceilings(void **state)
{
    for (int more = 0; more <= 1; more++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct buf *b = buf_new(cx->mem, 1 << 20);
        struct json *yaml = NULL;
        struct flow *f = NULL;
        int n = FLOW_STATES_MAX + more;
        buf_put(b, STR("flow: long\nstart: s0\nclocks: {c: {budget: 1wd, start: s0}}\n"
                       "acts: {go: {vi: a, en: a}}\nstates:\n"));
        for (int i = 0; i < n - 1; i++)
            buf_fmt(b,
                    "  s%d: {name: {vi: s, en: s}, status: 4, by: [leader], on: {go: {to: s%d, "
                    "do: [receipt]}}}\n",
                    i, i + 1);
        buf_fmt(b, "  s%d: {name: {vi: s, en: s}, status: 10, end: true}\n", n - 1);
        assert_int_equal(yaml_parse(cx, buf_str(b), &yaml), RC_OK);
        assert_int_equal(flow_load(cx, yaml, NULL, &f), more ? RC_PACK : RC_OK);
        assert_string_equal(cx->err.field, more ? "P047" : "");
    }
    for (int more = 0; more <= 1; more++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct buf *b = buf_new(cx->mem, 1 << 20);
        struct json *yaml = NULL;
        struct flow *f = NULL;
        int n = FLOW_ACTS_MAX + more;
        buf_put(b, STR("flow: wide\nstart: s\nclocks: {c: {budget: 1wd, start: s}}\nacts:\n"));
        for (int i = 0; i < n; i++)
            buf_fmt(b, "  a%d: {vi: a, en: a}\n", i);
        buf_put(b, STR("states:\n  s:\n    name: {vi: s, en: s}\n    status: 4\n"
                       "    by: [leader]\n    on:\n"));
        for (int i = 0; i < n; i++)
            buf_fmt(b, "      a%d: {to: e, do: [receipt]}\n", i);
        buf_put(b, STR("  e: {name: {vi: s, en: s}, status: 10, end: true}\n"));
        assert_int_equal(yaml_parse(cx, buf_str(b), &yaml), RC_OK);
        assert_int_equal(flow_load(cx, yaml, NULL, &f), more ? RC_PACK : RC_OK);
        assert_string_equal(cx->err.field, more ? "P047" : "");
    }
}

/* -- walks over what we ship -- */

static struct flow_actor actor_random(const struct flow *f)
{
    struct flow_actor who = {.roles = (unsigned)random() & ((1u << ROLE_COUNT) - 1)};
    int kind = pick(4);
    if (kind == 1)
        who = (struct flow_actor){.is_applicant = true};
    else if (kind == 2)
        who = (struct flow_actor){.is_system = true};
    else if (kind == 3)
        who.roles = 0;
    for (size_t i = 0; i < f->nstates && pick(2); i++)
        who.acted_in |= (uint64_t)pick(2) << i;
    return who;
}

/* What flow.h says of one act, without a guard. */
static enum rc verdict(const struct flow_state *s, const struct flow_act *a,
                       const struct flow_actor *who, const unsigned *entries)
{
    bool may = (s->roles & who->roles) || (s->by_applicant && who->is_applicant) ||
               (s->by_system && who->is_system);
    may = a->is_applicants ? who->is_applicant : may && !(s->not_by & who->acted_in);
    if (!may)
        return RC_FORBIDDEN;
    return a->to->at_most && entries[a->to->index] >= (unsigned)a->to->at_most ? RC_STATE
                                                                               : RC_OK;
}

static void acts_agree(struct ctx *cx, const struct flow *f, const struct flow_state *s,
                       const unsigned *entries)
{
    struct flow_actor who = actor_random(f);
    const struct flow_act *may[FLOW_ACTS_MAX], *got;
    size_t n = flow_acts_of(s, &who, entries, may), expected = 0;
    for (size_t i = 0; i < s->nacts; i++) {
        enum rc want = verdict(s, &s->acts[i], &who, entries);
        enum rc rc = flow_act_get(cx, s, s->acts[i].id, &who, entries, &got);
        if (rc != want)
            fail_msg("%.*s %.*s: %s, not %s", STR_ARG(s->id), STR_ARG(s->acts[i].id),
                     rc_name(rc), rc_name(want));
        if (rc == RC_OK) {
            assert_ptr_equal(got, &s->acts[i]);
            assert_true(expected < n && may[expected] == got);
            expected++;
        }
        ctx_clear(cx);
    }
    assert_int_equal(n, expected);
    assert_int_equal(flow_act_get(cx, s, STR("no-such"), &who, entries, &got), RC_NOT_FOUND);
    ctx_clear(cx);
}

/* Whatever people press, an end comes, and no state is entered more often than it may be. */
static void walk(struct ctx *cx, const struct flow *f)
{
    unsigned entries[FLOW_STATES_MAX] = {0};
    const struct flow_state *s = f->start;
    entries[s->index]++;
    for (int i = 0; i < STEPS_MAX && !s->is_end; i++) {
        const struct flow_state *next[FLOW_ACTS_MAX + 2];
        size_t n = 0;
        acts_agree(cx, f, s, entries);
        for (size_t k = 0; k < s->nacts; k++)
            if (!s->acts[k].to->at_most ||
                entries[s->acts[k].to->index] < (unsigned)s->acts[k].to->at_most)
                next[n++] = s->acts[k].to;
        if (s->after_to)
            next[n++] = s->after_to;
        if (s->join_to)
            next[n++] = s->join_to;
        assert_true(n > 0);
        s = next[pick((int)n)];
        entries[s->index]++;
        assert_true(!s->at_most || entries[s->index] <= (unsigned)s->at_most);
    }
    assert_true(s->is_end && !s->after_to && !s->pauses);
    for (size_t k = 0; k < s->nacts; k++) /* only an appeal, for a time, leads on */
        assert_true(s->acts[k].within_cd > 0);
}

static void walks_end(void **state)
{
    struct str ids[40];
    struct ctx *cx = ctx_new(*state, NULL);
    size_t n = pack_embedded(cx, ids, ROWS(ids));
    srandom(72);
    for (size_t i = 0; i < n; i++) {
        struct pack_files *files = NULL;
        struct pack_findings found;
        struct pack *p = NULL;
        assert_int_equal(pack_files_embedded(cx, ids[i], &files), RC_OK);
        assert_int_equal(pack_check(cx, files, &found, &p), RC_OK);
        for (int k = 0; p->flow && k < WALKS; k++)
            walk(cx, p->flow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(graphs_are_judged), UNIT(ceilings),
                                       UNIT(walks_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
