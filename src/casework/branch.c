/* branch.c - what other units are asked: opening, answering, silence, the join. */
#include "app/app.h"
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"
#include "store/store.h"

/* -- which unit -- */

enum rc unit_at(struct ctx *cx, const struct dossier *d, struct str at, const struct unit **ret)
{
    const struct unit *u = d->unit;
    if (str_eq(at, STR("superior")))
        u = d->unit->parent;
    else if (at.n)
        u = unit_with_duty(cx, d->unit, at);
    if (!u)
        return FAIL(cx, STATE, "unit", "no unit does `%.*s` for %.*s", STR_ARG(at),
                    STR_ARG(d->unit->code));
    *ret = u;
    return RC_OK;
}

/* -- opening -- */

/* By the days on which the unit that is asked works. */
static struct due branch_due(struct ctx *cx, const struct unit *u, struct budget within)
{
    return calendar_due(calendar_for(cx, u), cx->now_us, within, NULL, 0, cx->now_us);
}

static enum rc ask_put(struct ctx *cx, const struct dossier *d, const struct flow_branch *b,
                       struct json *list)
{
    const struct unit *u = NULL;
    TRY(unit_at(cx, d, b->duty, &u));
    struct due due = branch_due(cx, u, b->within);
    struct json *o = json_push(list, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "branch", b->id);
    json_put_int(cx->mem, o, "unit", u->id.v);
    json_put_int(cx->mem, o, "due", due.day);
    json_put_int(cx->mem, o, "due_us", due.at_us);
    return RC_OK;
}

/* The answers, or NULL after erasure: then everybody is asked. */
static enum rc conditions_vars(struct ctx *cx, const struct dossier *d,
                               const struct flow_state *s, struct json **ret)
{
    bool asks = false;
    for (size_t i = 0; i < s->nbranches; i++)
        asks = asks || s->branches[i].when;
    if (!asks)
        return RC_OK;
    enum rc rc = dossier_answers(cx, d, ret);
    if (rc == RC_GONE)
        ctx_clear(cx);
    else
        TRY(rc);
    return *ret ? branches_vars(cx, d, *ret) : RC_OK;
}

enum rc branches_ask(struct ctx *cx, const struct dossier *d, const struct flow_state *to,
                     struct json *facts)
{
    struct json *vars = NULL;
    if (!to->nbranches)
        return RC_OK;
    TRY(conditions_vars(cx, d, to, &vars));
    struct json *list = json_put(facts, STR("branches"), json_new_arr(cx->mem));
    for (size_t i = 0; i < to->nbranches; i++)
        if (!vars || expr_is_true(cx, to->branches[i].when, vars))
            TRY(ask_put(cx, d, &to->branches[i], list));
    return RC_OK;
}

/* -- reading -- */

static enum rc row_read(struct ctx *cx, const struct dossier *d,
                        const struct branches_of_row *r, struct branch *b)
{
    *b = (struct branch){.state = flow_state_find(d->pack->flow, r->state),
                         .unit = unit_of(cx, (struct unit_id){r->unit}),
                         .roles = (unsigned)r->roles,
                         .seq = r->seq,
                         .opened_us = r->opened_us,
                         .due = (int32_t)r->due,
                         .due_us = r->due_us,
                         .is_open = r->is_open != 0,
                         .is_late = r->is_late || (r->is_open && cx->now_us >= r->due_us),
                         .is_escalated = r->is_escalated != 0,
                         .is_silent = r->is_silent != 0,
                         .outcome = r->outcome,
                         .closed_us = r->closed_us,
                         .closed_seq = r->closed_seq};
    b->fb = b->state ? flow_branch_find(b->state, r->branch) : NULL;
    if (!b->is_open && (!b->fb || !b->unit))
        return RC_OK; /* an earlier version's: the caller passes it over */
    if (!b->fb || !b->unit)
        return FAIL(cx, CORRUPT, NULL, "dossier %lld: unknown branch", (long long)d->id.v);
    return RC_OK;
}

static enum rc comment_read(struct ctx *cx, const struct branches_of_row *r, struct branch *b)
{
    struct json *words = NULL;
    if (!r->words.p || b->is_silent || str_eq(r->outcome, STR("not_needed")))
        return RC_OK;
    TRY(json_parse(cx, r->words, &words));
    b->comment = json_str(words, "comment");
    return RC_OK;
}

enum rc dossier_branches(struct ctx *cx, const struct dossier *d, struct branch_list *ret)
{
    struct branches_of_rows rows = {0};
    TRY(sql_branches_of(cx, d->id.v, &rows));
    struct branch_list out = {arena_array(cx->mem, struct branch, rows.n), 0};
    for (size_t i = 0; i < rows.n; i++) {
        TRY(row_read(cx, d, &rows.v[i], &out.v[out.n]));
        if (!out.v[out.n].fb || !out.v[out.n].unit)
            continue;
        TRY(comment_read(cx, &rows.v[i], &out.v[out.n]));
        out.n++;
    }
    /* the last time that each state was entered: rows stand in order of seq */
    for (size_t i = 0; i < out.n; i++) {
        out.v[i].is_current = true;
        for (size_t k = i + 1; k < out.n; k++)
            if (out.v[k].state == out.v[i].state && out.v[k].seq != out.v[i].seq)
                out.v[i].is_current = false;
    }
    *ret = out;
    return RC_OK;
}

enum rc branches_vars(struct ctx *cx, const struct dossier *d, struct json *vars)
{
    struct branch_list all;
    TRY(dossier_branches(cx, d, &all));
    struct json *o = json_put(vars, STR("branch"), json_new_obj(cx->mem));
    for (size_t i = 0; i < all.n; i++) {
        const struct branch *b = &all.v[i];
        if (b->is_current && !b->is_open && !str_eq(b->outcome, STR("not_needed")))
            json_put_str(cx->mem, o, str_z(cx->mem, b->fb->id), b->outcome);
    }
    return RC_OK;
}

enum rc branch_unit_of(struct ctx *cx, const struct dossier *d, const struct unit **ret)
{
    struct branch_list all;
    *ret = NULL;
    if (!d->state->nbranches)
        return RC_OK;
    TRY(dossier_branches(cx, d, &all));
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].is_open && who_can(cx, cx->who, CAP_CASE_READ, all.v[i].unit->id)) {
            *ret = all.v[i].unit;
            return RC_OK;
        }
    return RC_OK;
}

/* -- the join -- */

static void current_count(const struct dossier *d, const struct branch_list *all,
                          size_t *opened, size_t *closed)
{
    *opened = *closed = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].is_current && all->v[i].state == d->state) {
            ++*opened;
            *closed += !all->v[i].is_open;
        }
}

enum rc join_if_met(struct ctx *cx, struct dossier *d, struct dossier_ref *ret)
{
    struct branch_list all;
    size_t opened, closed;
    if (!d->state->nbranches)
        return RC_OK;
    TRY(dossier_branches(cx, d, &all));
    current_count(d, &all, &opened, &closed);
    if (!flow_is_joined(d->state, opened, closed))
        return RC_OK;
    struct move m = {.to = d->state->join_to, .act = STR("join"), .is_systems = true};
    return move_append(cx, d, &m, ret);
}

/* -- answering -- */

static enum rc mine_find(struct ctx *cx, const struct dossier *d, struct str id,
                         const struct branch_list *all, const struct branch **ret)
{
    *ret = NULL;
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].is_open && str_eq(all->v[i].fb->id, id))
            *ret = &all->v[i];
    return *ret ? RC_OK : FAIL(cx, NOT_FOUND, "branch", "no open branch of that name");
}

/* One person does not speak for two of the units that are asked. */
static enum rc other_branch_check(struct ctx *cx, const struct dossier *d,
                                  const struct branch *b)
{
    struct branch_answered_rows rows = {0};
    TRY(sql_branch_answered(cx, d->id.v, b->seq, cx->who->subject.v, &rows));
    return rows.n ? FAIL(cx, FORBIDDEN, "branch", "answered for another unit already") : RC_OK;
}

static enum rc branch_actor(struct ctx *cx, const struct dossier *d, const struct branch *b,
                            struct flow_actor *ret)
{
    *ret = (struct flow_actor){0};
    bool may = cx->who && cx->who->is_officer && !dossier_is_own(cx, d) &&
               who_can(cx, cx->who, CAP_CASE_ACT, b->unit->id);
    if (!may)
        return FAIL(cx, FORBIDDEN, "branch", "another unit is asked");
    for (int r = 0; r < ROLE_COUNT; r++)
        if (who_has_role(cx->who, (enum role)r, b->unit->id))
            ret->roles |= 1u << r;
    TRY(acted_in(cx, d, &ret->acted_in));
    ret->acted_in &= ~(UINT64_C(1) << b->state->index); /* its own branch is asked below */
    return RC_OK;
}

enum rc branch_check(struct ctx *cx, const struct dossier *d, const struct branch *b)
{
    struct flow_actor who;
    struct flow_branch now = *b->fb;
    now.roles = b->roles; /* an escalation asks the leader */
    TRY(branch_actor(cx, d, b, &who));
    TRY(flow_branch_check(cx, b->state, &now, &who));
    return other_branch_check(cx, d, b);
}

static enum rc answer_check(struct ctx *cx, const struct answer *a)
{
    bool refuses = str_eq(a->outcome, STR("refuse"));
    struct str comment = str_trim(a->comment);
    if (!refuses && !str_eq(a->outcome, STR("agree")))
        return FAIL(cx, INVALID, "outcome", "agree or refuse");
    if (refuses && !comment.n)
        return FAIL(cx, INVALID, "comment", "a refusal says why");
    if (!utf8_is(comment) || utf8_len(comment) > NOTE_MAX)
        return FAIL(cx, INVALID, "comment", "at most %d characters", NOTE_MAX);
    return RC_OK;
}

static enum rc answered_append(struct ctx *cx, struct dossier *d, const struct branch *b,
                               const struct answer *a, struct dossier_ref *ret)
{
    struct arena *mem = cx->mem;
    struct event ev = dossier_event(cx, d, EV_BRANCH_ANSWERED);
    const struct calendar *cal = calendar_for(cx, b->unit);
    ev.unit = b->unit->id;
    json_put_str(mem, ev.facts, "procedure", d->pack->procedure);
    json_put_str(mem, ev.facts, "pack", d->pack->id);
    json_put_int(mem, ev.facts, "channel", d->channel);
    json_put_str(mem, ev.facts, "branch", b->fb->id);
    json_put_str(mem, ev.facts, "duty", b->fb->duty);
    json_put_str(mem, ev.facts, "state", b->state->id);
    json_put_int(mem, ev.facts, "asked", b->seq);
    json_put_str(mem, ev.facts, "outcome", a->outcome);
    json_put_bool(mem, ev.facts, "silent", !cx->who);
    json_put_bool(mem, ev.facts, "late", b->is_late);
    if (day_of(cx->now_us) < b->due)
        json_put_bool(mem, ev.facts, "early", true);
    json_put_int(mem, ev.facts, "days",
                 calendar_count(cal, calendar_t0(cal, b->opened_us), day_of(cx->now_us)));
    if (str_trim(a->comment).n) {
        ev.secret = json_new_obj(mem);
        json_put_str(mem, ev.secret, "comment", str_trim(a->comment));
    }
    TRY(ledger_append(cx, &ev));
    d->version = ev.seq;
    *ret = (struct dossier_ref){d->id, d->code, ev.seq};
    return join_if_met(cx, d, ret);
}

enum rc dossier_answer(struct ctx *cx, struct dossier *d, const struct answer *a,
                       struct dossier_ref *ret)
{
    struct branch_list all;
    const struct branch *b;
    if (a->version && a->version != d->version)
        return FAIL(cx, CONFLICT, "version", "the dossier moved on");
    TRY(dossier_branches(cx, d, &all));
    TRY(mine_find(cx, d, a->branch, &all, &b));
    TRY(branch_check(cx, d, b));
    TRY(answer_check(cx, a));
    TRY(db_begin(cx));
    TRY(dossier_version_check(cx, d));
    if (a->file) {
        struct file f = *a->file;
        f.document = STR("opinion");
        TRY(filed_append(cx, d, &(struct file_list){&f, 1}));
    }
    return answered_append(cx, d, b, a, ret);
}

/* -- in words -- */

static struct str outcome_of(const struct branch *b)
{
    return b->is_open ? STR("open") : b->outcome;
}

static void when_put(struct ctx *cx, struct json *o, const char *key, int64_t us)
{
    struct arena *mem = cx->mem;
    bool is_known = us != TIME_NONE;
    json_put_str(mem, o, key, is_known ? time_iso(mem, us) : STR(""));
    json_put_str(mem, o, str_fmt(mem, "%s_text", key).p,
                 is_known ? time_text(mem, us) : STR(""));
}

struct json *branch_view(struct ctx *cx, const struct dossier *d, const struct branch *b)
{
    struct arena *mem = cx->mem;
    struct json *o = json_new_obj(mem);
    struct str outcome = outcome_of(b);
    bool by_leader = b->is_escalated && str_eq(outcome, STR("open"));
    bool by_silence = b->is_silent && !str_eq(outcome, STR("silent"));
    struct str key = str_fmt(mem, "branch.%.*s%s", STR_ARG(outcome),
                             by_leader    ? ".escalated"
                             : by_silence ? ".silent"
                                          : "");
    json_put_str(mem, o, "id", b->fb->id);
    json_put_str(mem, o, "name", label_text(cx, b->fb->name));
    json_put_str(mem, o, "unit", unit_name(cx, b->unit));
    json_put_str(mem, o, "unit_code", b->unit->code);
    json_put_str(mem, o, "outcome", outcome);
    json_put_str(mem, o, "outcome_text", msg_get(cx->lang, key));
    json_put_bool(mem, o, "is_open", b->is_open);
    json_put_bool(mem, o, "is_late", b->is_late);
    json_put_bool(mem, o, "is_over",
                  b->is_late && !(b->is_open && b->is_escalated && cx->now_us < b->due_us));
    json_put_bool(mem, o, "is_silent", b->is_silent);
    json_put_bool(mem, o, "is_escalated", b->is_escalated);
    json_put_bool(mem, o, "is_current", b->is_current);
    when_put(cx, o, "opened", b->opened_us);
    json_put_str(mem, o, "due", day_iso(mem, b->due));
    json_put_str(mem, o, "due_text", day_text(mem, b->due));
    when_put(cx, o, "closed", b->closed_us);
    json_put_str(mem, o, "comment", b->comment.p ? b->comment : STR(""));
    bool can =
        d && b->is_open && cx->who && cx->who->is_officer && branch_check(cx, d, b) == RC_OK;
    if (!can)
        ctx_clear(cx);
    json_put_bool(mem, o, "can_answer", can);
    return o;
}

enum rc branches_put(struct ctx *cx, const struct dossier *d, const struct branch_list *all,
                     struct json *o)
{
    bool can_undo = false;
    struct json *list = json_put(o, STR("branches"), json_new_arr(cx->mem));
    for (size_t i = 0; i < all->n; i++)
        json_push(list, branch_view(cx, d, &all->v[i]));
    TRY(dossier_undo_can(cx, d, &can_undo));
    json_put_bool(cx->mem, o, "has_branches", all->n > 0);
    json_put_bool(cx->mem, o, "can_undo", can_undo);
    return RC_OK;
}

enum rc branch_as_asked(struct ctx *cx, struct str detail, struct branch *b)
{
    struct json *v = NULL;
    const struct unit *from;
    if (!b->is_escalated || !detail.p)
        return RC_OK;
    TRY(json_parse(cx, detail, &v));
    from = unit_find(cx, json_str(v, "from"));
    b->unit = from ? from : b->unit;
    b->due = (int32_t)json_int(v, "due_old", b->due);
    return RC_OK;
}

enum rc branch_escalated_text(struct ctx *cx, const struct branch *b, struct str detail,
                              struct str *ret)
{
    struct json *v = NULL, *args = json_new_obj(cx->mem);
    TRY(json_parse(cx, detail, &v));
    const struct unit *to = unit_of(cx, (struct unit_id){json_int(v, "to", 0)});
    json_put_str(cx->mem, args, "name", label_text(cx, b->fb->name));
    json_put_str(cx->mem, args, "unit", unit_name(cx, to ? to : b->unit));
    json_put_str(cx->mem, args, "old", day_text(cx->mem, (int32_t)json_int(v, "due_old", 0)));
    json_put_str(cx->mem, args, "due", day_text(cx->mem, (int32_t)json_int(v, "due", 0)));
    *ret = msg_fill(cx, STR("timeline.escalated"), args);
    return RC_OK;
}

static enum rc asked_find(struct ctx *cx, const struct branches_asked_row *r,
                          struct opinion_list *out)
{
    struct branch_list all;
    struct opinion *a = &out->v[out->n];
    TRY(dossier_get(cx, r->dossier, &a->d));
    TRY(dossier_branches(cx, a->d, &all));
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].seq == r->seq && str_eq(all.v[i].fb->id, r->branch)) {
            a->b = all.v[i];
            out->n++;
            return RC_OK;
        }
    return RC_OK;
}

enum rc branches_asked(struct ctx *cx, struct unit_id unit, struct opinion_list *ret)
{
    enum { SHOWN_DAYS = 7 };
    struct branches_asked_rows rows = {0};
    if (!cx->who || !who_can(cx, cx->who, CAP_CASE_READ, unit))
        return FAIL(cx, FORBIDDEN, "unit", "not an officer of the unit");
    TRY(sql_branches_asked(cx, unit.v, cx->now_us - SHOWN_DAYS * DAY_US, ASKED_MAX, &rows));
    struct opinion_list out = {arena_array(cx->mem, struct opinion, rows.n + 1), 0};
    for (size_t i = 0; i < rows.n; i++)
        TRY(asked_find(cx, &rows.v[i], &out));
    *ret = out;
    return RC_OK;
}

/* -- silence -- */

static enum rc has_leader(struct ctx *cx, const struct unit *u, bool *ret)
{
    struct officer_list list;
    *ret = false;
    TRY(officers_of(cx, u->id, &list));
    for (size_t i = 0; i < list.n; i++)
        *ret = *ret || list.v[i].role == ROLE_leader;
    return RC_OK;
}

/* Whose leader is asked when the unit stayed silent: its own, unless it was the leader who did;
 * else the unit's above. NULL: nobody. */
static enum rc escalation_unit(struct ctx *cx, const struct branch *b, const struct unit **ret)
{
    bool own = false;
    if (!(b->roles & (1u << ROLE_leader)))
        TRY(has_leader(cx, b->unit, &own));
    *ret = own ? b->unit : b->unit->parent;
    return RC_OK;
}

static enum rc escalated_append(struct ctx *cx, struct dossier *d, const struct branch *b,
                                const struct unit *to)
{
    struct due due = branch_due(cx, to, b->fb->within);
    struct event ev = dossier_event(cx, d, EV_BRANCH_ESCALATED);
    ev.unit = b->unit->id;
    json_put_str(cx->mem, ev.facts, "branch", b->fb->id);
    json_put_int(cx->mem, ev.facts, "asked", b->seq);
    json_put_str(cx->mem, ev.facts, "from", b->unit->code);
    json_put_int(cx->mem, ev.facts, "to", to->id.v);
    json_put_int(cx->mem, ev.facts, "due", due.day);
    json_put_int(cx->mem, ev.facts, "due_us", due.at_us);
    json_put_int(cx->mem, ev.facts, "due_old", b->due);
    TRY(ledger_append(cx, &ev));
    d->version = ev.seq;
    return RC_OK;
}

static enum rc silence_take(struct ctx *cx, struct dossier *d, const struct branch *b)
{
    static const char *const outcomes[] = {"agree", "refuse", "silent"};
    const struct unit *above = NULL;
    struct dossier_ref ref;
    if (b->fb->silence == SILENCE_ESCALATE && !b->is_escalated)
        TRY(escalation_unit(cx, b, &above));
    if (above)
        return escalated_append(cx, d, b, above);
    struct answer a = {.outcome = str_from(outcomes[b->fb->silence])};
    return answered_append(cx, d, b, &a, &ref);
}

static enum rc silences_take(struct ctx *cx, int64_t dossier)
{
    struct dossier *d = NULL;
    TRY(dossier_get(cx, dossier, &d));
    for (size_t round = 0; round < FLOW_BRANCHES_MAX; round++) {
        struct branch_list all;
        const struct branch *over = NULL;
        TRY(dossier_branches(cx, d, &all));
        for (size_t i = 0; i < all.n && !over; i++)
            if (all.v[i].is_open && all.v[i].due_us <= cx->now_us)
                over = &all.v[i];
        if (!over)
            return RC_OK;
        TRY(silence_take(cx, d, over));
    }
    return RC_OK;
}

/* A turn and a commit of its own: a dossier that cannot go on holds up no other. */
static enum rc silences_take_apart(struct ctx *cx, int64_t dossier, size_t *done)
{
    TRY(db_begin(cx));
    enum rc rc = silences_take(cx, dossier);
    if (rc == RC_OK) {
        ++*done;
        return db_commit(cx);
    }
    LOGE("branch dossier=%lld rc=%s detail=\"%s\"", (long long)dossier, rc_name(rc),
         cx->err.detail);
    db_rollback(cx);
    ctx_clear(cx);
    return RC_OK;
}

enum rc branch_timers(struct ctx *cx, size_t most, size_t *done)
{
    struct branch_wake_rows rows = {0};
    TRY(sql_branch_wake(cx, cx->now_us, (int64_t)most, &rows));
    if (!db_is_writing(cx)) {
        for (size_t i = 0; i < rows.n; i++)
            TRY(silences_take_apart(cx, rows.v[i].dossier, done));
        return RC_OK;
    }
    for (size_t i = 0; i < rows.n; i++, ++*done)
        TRY(silences_take(cx, rows.v[i].dossier));
    return RC_OK;
}

/* -- the fold -- */

enum rc branches_fold_opened(struct ctx *cx, const struct event *ev,
                             const struct flow_state *to)
{
    JSON_EACH (json_get(ev->facts, STR("branches")), o) {
        const struct flow_branch *b = flow_branch_find(to, json_str(o, "branch"));
        if (!b)
            return FAIL(cx, CORRUPT, NULL, "event %lld: unknown branch", (long long)ev->seq);
        TRY(sql_branch_insert(cx, ev->subject, ev->seq, b->id, to->id, json_int(o, "unit", 0),
                              b->roles, ev->time_us, json_int(o, "due", 0),
                              json_int(o, "due_us", 0)));
    }
    return RC_OK;
}

enum rc branch_fold_answered(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    TRY(sql_branch_close(cx, ev->subject, json_int(f, "asked", 0), json_str(f, "branch"),
                         json_str(f, "outcome"), json_bool(f, "late"), json_bool(f, "silent"),
                         ev->seq, ev->time_us));
    return sql_dossier_touch(cx, ev->subject, 0, ev->seq);
}

enum rc branch_fold_escalated(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    TRY(sql_branch_escalate(cx, ev->subject, json_int(f, "asked", 0), json_str(f, "branch"),
                            json_int(f, "to", 0), 1u << ROLE_leader, json_int(f, "due", 0),
                            json_int(f, "due_us", 0)));
    return sql_dossier_touch(cx, ev->subject, 0, ev->seq);
}
