/* scenario_help.h - plays the scenarios of a pack we ship and asks what they have tried: every
 * step of its flow taken, every refusal that the flow can give met at least once. */
#ifndef TESTS_SCENARIO_HELP_H
#define TESTS_SCENARIO_HELP_H

#include "unit/harness.h"

#include "casework/casework.h"
#include "identity/identity.h"
#include "measure/measure.h"
#include "scenario/scenario_priv.h"

enum { STEPS_MAX = 400 };

/* A subscriber has no argument of its own: what was seen stands here. */
static struct {
    struct str from[STEPS_MAX], act[STEPS_MAX];
    size_t n;
    struct arena *mem;
} seen;

static bool seen_has(struct str from, struct str act)
{
    for (size_t i = 0; i < seen.n; i++)
        if (str_eq(seen.from[i], from) && str_eq(seen.act[i], act))
            return true;
    return false;
}

static enum rc seen_apply(struct ctx *cx, const struct event *ev)
{
    struct str from = json_str(ev->facts, "from"), act = json_str(ev->facts, "act");
    if (ev->kind != EV_DOSSIER_MOVED || seen_has(from, act))
        return RC_OK;
    assert_true(seen.n < STEPS_MAX);
    seen.from[seen.n] = str_dup(seen.mem, from);
    seen.act[seen.n++] = str_dup(seen.mem, act);
    return RC_OK;
}

static const char *const no_tables[] = {NULL};
static const struct ledger_subscriber seen_subscriber = {"seen", seen_apply, no_tables};
static const struct ledger_subscriber *const played_subs[] = {
    &unit_subscriber,    &identity_subscriber, &casework_subscriber,
    &measure_subscriber, &seen_subscriber,     NULL};

/* -- what was refused -- */

struct refusal {
    struct str act, code, field;
    struct refusal *next;
};

static struct refusal *refusals_of(struct ctx *cx, const struct pack_files *files)
{
    struct refusal *all = NULL;
    struct str name;
    for (size_t i = 0; (name = pack_file_name(files, i)).p; i++) {
        struct case_file f;
        if (!str_ends(name, STR(".case")))
            continue;
        assert_int_equal(case_parse(cx, name, pack_file(files, name), &f), RC_OK);
        for (const struct case_block *b = f.cases; b; b = b->next)
            for (size_t k = 0; k < b->nsteps; k++) {
                const struct case_step *s = &b->steps[k];
                if (!s->refused.n || !str_starts(s->parts[0], STR("act ")))
                    continue;
                struct refusal *r = arena_new_of(cx->mem, struct refusal);
                *r = (struct refusal){str_skip(s->parts[0], 4), s->refused, s->field, all};
                all = r;
            }
    }
    return all;
}

static bool was_refused(const struct refusal *r, struct str act, const char *code,
                        const char *field)
{
    for (; r; r = r->next)
        if (str_eq(r->act, act) && str_eq(r->code, str_from(code)) &&
            (!*field || str_eq(r->field, str_from(field))))
            return true;
    return false;
}

/* -- what the flow could do, against what was tried -- */

static int act_untried(const struct flow_state *s, const struct flow_act *a,
                       const struct refusal *r)
{
    static const char *const inputs[] = {"reason", "items",  "law",   "comment",
                                         "answer", "result", "rating"};
    int missing = 0;
#define TRIED(yes, what)                                                                       \
    if (!(yes)) {                                                                              \
        print_error("%.*s: %.*s: no scenario: %s\n", STR_ARG(s->id), STR_ARG(a->id), (what));  \
        missing++;                                                                             \
    }
    TRIED(seen_has(s->id, a->id), "takes this step");
    TRIED(was_refused(r, a->id, "FORBIDDEN", "") || was_refused(r, a->id, "NOT_FOUND", ""),
          "sees it refused to the wrong person");
    TRIED(was_refused(r, a->id, "NOT_FOUND", ""), "sees it refused in another state");
    for (size_t i = 0; i < ROWS(inputs); i++)
        TRIED(!(a->need & (1u << i)) || was_refused(r, a->id, "INVALID", inputs[i]), inputs[i]);
    TRIED(!a->guard || was_refused(r, a->id, "STATE", ""), "sees its condition refuse");
    return missing;
}

static int state_untried(const struct flow *f, const struct flow_state *s,
                         const struct refusal *r)
{
    int missing = 0;
    bool bounded = s->at_most == 0;
    for (size_t i = 0; i < s->nacts; i++)
        missing += act_untried(s, &s->acts[i], r);
    if (s->after_to && !seen_has(s->id, STR("after"))) {
        print_error("%.*s: no scenario waits for its timer\n", STR_ARG(s->id));
        missing++;
    }
    for (size_t i = 0; i < f->nstates; i++)
        for (size_t k = 0; k < f->states[i].nacts; k++)
            if (f->states[i].acts[k].to == s)
                bounded |= was_refused(r, f->states[i].acts[k].id, "STATE", "");
    if (!bounded) {
        print_error("%.*s: no scenario enters once too often\n", STR_ARG(s->id));
        missing++;
    }
    return missing;
}

/* Plays them all; none may fail and nothing of the flow may stay untried. */
static inline void pack_played(void **state, const char *id, int at_least)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct pack_files *files = NULL;
    struct pack_findings found = {0};
    struct pack *p = NULL;
    struct scenario_report report = {0};
    int missing = 0;
    seen.n = 0;
    seen.mem = *state;
    log_level_set(LOG_WARN);
    assert_int_equal(crypt_start(cx), RC_OK);
    assert_int_equal(pack_files_embedded(cx, str_from(id), &files), RC_OK);
    assert_int_equal(pack_check(cx, files, &found, &p), RC_OK);
    assert_int_equal(scenario_run_all(cx, files, played_subs, stderr, &report), RC_OK);
    assert_int_equal(report.failed, 0);
    assert_true(report.passed >= at_least);
    const struct refusal *r = refusals_of(cx, files);
    for (size_t i = 0; i < p->flow->nstates; i++)
        missing += state_untried(p->flow, &p->flow->states[i], r);
    assert_int_equal(missing, 0);
}

#endif
