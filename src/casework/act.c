/* act.c - what people press, and the moves that follow. */
#include "app/app.h"
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"
#include "identity/delegation.h"
#include "store/store.h"

/* -- who acts -- */

enum rc acted_in(struct ctx *cx, const struct dossier *d, uint64_t *ret)
{
    struct entry_acted_rows rows = {0};
    TRY(sql_entry_acted(cx, d->id.v, cx->who->subject.v, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct flow_state *s = flow_state_find(d->pack->flow, rows.v[i].from_state);
        if (s)
            *ret |= UINT64_C(1) << s->index;
    }
    return RC_OK;
}

/* Roles that cx->who has for others today, in the unit that acts. */
static enum rc delegated_roles(struct ctx *cx, const struct dossier *d, unsigned *roles)
{
    struct delegation_list list;
    TRY(delegations_for(cx, cx->who->account, d->at->id, d->pack->procedure, &list));
    for (size_t i = 0; i < list.n; i++)
        *roles |= 1u << list.v[i].role;
    return RC_OK;
}

/* The delegation without which the officer could not have acted; 0: their own role does. */
static enum rc delegation_used(struct ctx *cx, const struct dossier *d, int64_t *ret)
{
    struct delegation_list list;
    *ret = 0;
    for (int r = 0; r < ROLE_COUNT; r++)
        if ((d->state->roles & (1u << r)) && who_has_role(cx->who, (enum role)r, d->at->id))
            return RC_OK;
    TRY(delegations_for(cx, cx->who->account, d->at->id, d->pack->procedure, &list));
    for (size_t i = 0; i < list.n && !*ret; i++)
        if (d->state->roles & (1u << list.v[i].role))
            *ret = list.v[i].id;
    return RC_OK;
}

static enum rc actor_load(struct ctx *cx, const struct dossier *d, struct flow_actor *ret)
{
    *ret = (struct flow_actor){.is_system = !cx->who, .is_applicant = dossier_is_own(cx, d)};
    if (!cx->who)
        return RC_OK;
    bool may = dossier_is_officer(cx, d, CAP_CASE_ACT);
    for (int r = 0; r < ROLE_COUNT && may; r++)
        if (who_has_role(cx->who, (enum role)r, d->at->id))
            ret->roles |= 1u << r;
    if (may)
        TRY(delegated_roles(cx, d, &ret->roles));
    return d->state->not_by && ret->roles ? acted_in(cx, d, &ret->acted_in) : RC_OK;
}

static bool guard_reads(const struct expr *guard, struct str root)
{
    const struct str *name;
    for (size_t i = 0; guard && (name = expr_reads(guard, i)); i++)
        if (str_starts(*name, root) && (name->n == root.n || name->p[root.n] == '.'))
            return true;
    return false;
}

/* The answers in force and what other units said; a copy, GONE after erasure. */
static enum rc vars_of(struct ctx *cx, const struct dossier *d, const struct json *amended,
                       struct json **ret)
{
    struct json *answers = NULL;
    if (!amended)
        TRY(dossier_answers(cx, d, &answers));
    *ret = json_copy(cx->mem, amended ? amended : answers);
    return branches_vars(cx, d, *ret);
}

static enum rc guards_ask(struct ctx *cx, const struct dossier *d,
                          const struct flow_act *acts[FLOW_ACTS_MAX], size_t *n)
{
    struct json *answers = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        /* a guard that reads `act` can only be asked when it is pressed */
        bool ask = acts[i]->guard && !guard_reads(acts[i]->guard, STR("act"));
        enum rc rc = ask && !answers ? vars_of(cx, d, NULL, &answers) : RC_OK;
        if (rc != RC_OK && rc != RC_GONE)
            return rc;
        ctx_clear(cx);
        if (!ask || !answers || expr_is_true(cx, acts[i]->guard, answers))
            acts[kept++] = acts[i];
    }
    *n = kept;
    return RC_OK;
}

/* What leads out of an end has its term, counted from the day after. */
static bool term_is_over(const struct dossier *d, const struct flow_act *a, int64_t now_us)
{
    return a->within_cd && day_of(now_us) > day_of(d->entered_us) + a->within_cd;
}

static bool state_has_act(const struct flow_state *s, struct str id)
{
    for (size_t i = 0; i < s->nacts; i++)
        if (str_eq(s->acts[i].id, id))
            return true;
    return false;
}

enum rc dossier_told_check(struct ctx *cx, const struct dossier *d, struct str act)
{
    const struct dossier *told = d;
    if (dossier_is_own(cx, d))
        TRY(dossier_as_told(cx, d, &told));
    if (state_has_act(d->state, act) && !state_has_act(told->state, act))
        return FAIL(cx, STATE, "act", "a state that the applicant was not told of yet");
    return RC_OK;
}

/* An applicant may press what is possible both now and as far as they are told. */
enum rc dossier_acts(struct ctx *cx, const struct dossier *d,
                     const struct flow_act *ret[FLOW_ACTS_MAX], size_t *n)
{
    struct flow_actor who;
    TRY(actor_load(cx, d, &who));
    const struct dossier *told = d;
    if (who.is_applicant)
        TRY(dossier_as_told(cx, d, &told));
    size_t all = flow_acts_of(d->state, &who, d->entries, ret);
    *n = 0;
    for (size_t i = 0; i < all; i++)
        if (!term_is_over(d, ret[i], cx->now_us) && state_has_act(told->state, ret[i]->id))
            ret[(*n)++] = ret[i];
    return guards_ask(cx, d, ret, n);
}

/* -- what an act brings -- */

/* An act on its way. */
struct acting {
    struct dossier *d;
    const struct act *a;
    const struct flow_act *fa;
    struct flow_actor who;
    struct json *answers; /* in force, when they were needed */
    struct json *amended; /* a supplement's full answers, or NULL */
    struct json *secret;  /* of the move */
    struct file_list files;
};

static const struct {
    const char *name;
    enum act_input bit;
} inputs[] = {{"reason", IN_REASON},   {"items", IN_ITEMS},   {"law", IN_LAW},
              {"comment", IN_COMMENT}, {"answer", IN_ANSWER}, {"result", IN_RESULT},
              {"rating", IN_RATING}};
enum { INPUTS = sizeof inputs / sizeof inputs[0], ITEMS_MAX = 50 };

static struct str input_text(const struct act *a, enum act_input bit)
{
    switch (bit) {
    case IN_REASON:
        return a->reason;
    case IN_LAW:
        return a->law;
    case IN_COMMENT:
        return a->comment;
    case IN_ANSWER:
        return a->answer;
    default:
        return STR_NULL;
    }
}

static bool input_given(const struct act *a, enum act_input bit)
{
    switch (bit) {
    case IN_ITEMS:
        return a->items && a->items->n;
    case IN_RESULT:
        return a->result != NULL;
    case IN_RATING:
        return a->rating != 0;
    default:
        return str_trim(input_text(a, bit)).n > 0;
    }
}

static bool input_fits(const struct act *a, enum act_input bit)
{
    struct str text = input_text(a, bit);
    if (bit == IN_RATING)
        return a->rating >= 1 && a->rating <= 3;
    if (bit == IN_ITEMS && a->items->n > ITEMS_MAX)
        return false;
    JSON_EACH (bit == IN_ITEMS ? a->items : NULL, item)
        if (item->kind != JSON_STR || !item->s.n || utf8_len(item->s) > NOTE_MAX)
            return false;
    return !text.n || (utf8_is(text) && utf8_len(text) <= NOTE_MAX);
}

/* An internal comment may stand beside every act; anything else must be asked for. */
static void inputs_check(struct ctx *cx, const struct acting *g, struct form_errors *errs)
{
    unsigned allowed = g->fa->need | g->fa->may | IN_COMMENT;
    for (size_t i = 0; i < INPUTS; i++) {
        bool given = input_given(g->a, inputs[i].bit);
        struct str field = str_from(inputs[i].name);
        if (!given && (g->fa->need & inputs[i].bit))
            errors_add(cx, errs, field, "required");
        else if (given && !(allowed & inputs[i].bit))
            errors_add(cx, errs, field, "undeclared");
        else if (given && !input_fits(g->a, inputs[i].bit))
            errors_add(cx, errs, field, "format");
    }
}

static struct json *inputs_json(struct ctx *cx, const struct act *a)
{
    struct json *o = json_new_obj(cx->mem);
    for (size_t i = 0; i < INPUTS; i++) {
        struct str text = str_trim(input_text(a, inputs[i].bit));
        if (text.n)
            json_put_str(cx->mem, o, inputs[i].name, text);
    }
    if (a->items && a->items->n)
        json_put(o, STR("items"), json_copy(cx->mem, a->items));
    return o;
}

/* Answers, `branch` and `act`, as guards name them. Only asked for when the act has a guard. */
static enum rc guard_check(struct ctx *cx, struct acting *g)
{
    if (!g->fa->guard)
        return RC_OK;
    struct json *vars = NULL;
    TRY(vars_of(cx, g->d, g->amended, &vars));
    struct json *act = json_put(vars, STR("act"), json_copy(cx->mem, g->secret));
    json_put_bool(cx->mem, act, "result", g->a->result != NULL);
    if (g->a->rating)
        json_put_int(cx->mem, act, "rating", g->a->rating);
    if (expr_is_true(cx, g->fa->guard, vars))
        return RC_OK;
    return FAIL(cx, STATE, "act", "%.*s: its condition is not met", STR_ARG(g->a->id));
}

/* -- a supplement: changed answers and further papers -- */

static bool files_answer(const struct acting *g)
{
    for (size_t i = 0; i < g->files.n; i++)
        if (form_file_find(g->d->pack->form, g->files.v[i].document) >= 0)
            return true;
    return false;
}

static enum rc answers_amend(struct ctx *cx, struct acting *g, struct form_errors *errs)
{
    struct form_errors found = {0};
    if ((!g->a->answers || !g->a->answers->n) && !files_answer(g))
        return RC_OK;
    TRY(dossier_answers(cx, g->d, &g->answers));
    g->amended = json_copy(cx->mem, g->answers);
    JSON_EACH (g->a->answers, v) {
        if (!flow_field_is_open(g->d->state, v->key))
            errors_add(cx, errs, v->key, "locked");
        else if (v->kind == JSON_NULL)
            json_del(g->amended, v->key);
        else
            json_put(g->amended, v->key, json_copy(cx->mem, v));
    }
    TRY(file_answers_amend(cx, g->d, &g->files, g->amended, errs));
    form_keep_locked(cx, g->d->pack->form, g->answers, g->amended);
    enum rc rc = form_check(cx, g->d->pack->form, g->amended, &found);
    if (rc != RC_OK && rc != RC_INVALID)
        return rc;
    ctx_clear(cx);
    struct form_error *all = arena_array(cx->mem, struct form_error, errs->n + found.n);
    if (errs->n)
        memcpy(all, errs->v, errs->n * sizeof *all);
    if (found.n)
        memcpy(all + errs->n, found.v, found.n * sizeof *all);
    *errs = (struct form_errors){all, errs->n + found.n};
    return RC_OK;
}

/* The dossier's papers stay: what is sent now comes beside them. */
static enum rc supplement_check(struct ctx *cx, struct acting *g, struct form_errors *errs)
{
    bool sent = (g->a->answers && g->a->answers->n) || (g->a->files && g->a->files->n);
    if (!sent)
        return RC_OK;
    if (!g->who.is_applicant || !g->d->state->by_applicant)
        return FAIL(cx, FORBIDDEN, "answers", "not the applicant's turn");
    if (g->a->files)
        g->files = *g->a->files;
    TRY(answers_amend(cx, g, errs));
    papers_check(cx, g->d->pack, g->amended, &g->files, errs, false);
    return RC_OK;
}

/* -- events -- */

enum rc filed_append(struct ctx *cx, struct dossier *d, const struct file_list *files)
{
    if (!files->n)
        return RC_OK;
    struct event ev = dossier_event(cx, d, EV_DOSSIER_FILED);
    ev.secret = json_new_obj(cx->mem);
    papers_facts(cx, files, ev.facts, ev.secret);
    marks_facts(cx, marks_of(files), ev.facts);
    TRY(ledger_append(cx, &ev));
    d->version = ev.seq;
    return RC_OK;
}

static enum rc amended_append(struct ctx *cx, struct acting *g)
{
    if (!g->amended)
        return RC_OK;
    struct event ev = dossier_event(cx, g->d, EV_DOSSIER_AMENDED);
    ev.secret = json_new_obj(cx->mem);
    json_put(ev.secret, STR("answers"), g->amended);
    TRY(ledger_append(cx, &ev));
    g->d->version = g->d->answers_seq = ev.seq;
    return RC_OK;
}

static enum rc result_append(struct ctx *cx, struct acting *g)
{
    if (!g->a->result)
        return RC_OK;
    struct file f = *g->a->result;
    f.document = STR("result");
    g->d->has_result = true;
    return filed_append(cx, g->d, &(struct file_list){&f, 1});
}

static enum rc rating_append(struct ctx *cx, struct dossier *d, int score, struct str words)
{
    bool complained;
    struct event ev = dossier_event(cx, d, EV_DOSSIER_RATED);
    json_put_str(cx->mem, ev.facts, "procedure", d->pack->procedure);
    json_put_str(cx->mem, ev.facts, "pack", d->pack->id);
    json_put_int(cx->mem, ev.facts, "channel", d->channel);
    json_put_int(cx->mem, ev.facts, "score", score);
    TRY(complained_get(cx, d, &complained));
    if (complained)
        json_put_bool(cx->mem, ev.facts, "complained", true);
    if (words.n) {
        ev.secret = json_new_obj(cx->mem);
        json_put_str(cx->mem, ev.secret, "note", words);
    }
    TRY(ledger_append(cx, &ev));
    d->rating = score;
    d->version = ev.seq;
    return RC_OK;
}

/* LAW: TT01/2018, QD20/2020 - unit, reception day, and the number of that day. Above 9,999 a
 * day the field widens: the law knows no other way. */
static enum rc code_next(struct ctx *cx, const struct dossier *d, struct str *ret)
{
    struct counter_of_row *row = NULL;
    int32_t day = day_of(cx->now_us);
    struct civil c = civil_of_day(day);
    TRY(sql_counter_of(cx, d->unit->id.v, day, &row));
    *ret = str_fmt(cx->mem, "%.*s-%02d%02d%02d-%04lld", STR_ARG(d->unit->code), c.year % 100,
                   c.month, c.day, (long long)(row ? row->last + 1 : 1));
    return RC_OK;
}

/* Whoever did the work in a state before gets it back; who may go on keeps it. */
static enum rc holder_next(struct ctx *cx, const struct dossier *d, const struct flow_state *to,
                           unsigned roles, int64_t *ret)
{
    struct entry_holder_row *row = NULL;
    *ret = 0;
    if (!to->roles || to->is_end)
        return RC_OK;
    if (d->entries[to->index])
        TRY(sql_entry_holder(cx, d->id.v, to->id, &row));
    if (row)
        *ret = row->holder;
    else if (cx->who && (to->roles & roles) && !to->not_by && str_eq(to->at, d->state->at))
        *ret = cx->who->account;
    return RC_OK;
}

static void move_facts(struct ctx *cx, const struct dossier *was, const struct dossier *d,
                       const struct move *m, struct json *f)
{
    struct arena *mem = cx->mem;
    json_put_str(mem, f, "act", m->act);
    json_put_str(mem, f, "from", was->state->id);
    json_put_str(mem, f, "to", d->state->id);
    json_put_int(mem, f, "status_from", was->status);
    json_put_int(mem, f, "status", d->status);
    json_put_str(mem, f, "procedure", d->pack->procedure);
    json_put_str(mem, f, "pack", d->pack->id);
    json_put_int(mem, f, "channel", d->channel);
    json_put_bool(mem, f, "first_receipt",
                  was->received_us == TIME_NONE && d->received_us != TIME_NONE);
    json_put_bool(mem, f, "ended", !clock_ever_ended(was) && d->finished_us != TIME_NONE);
    json_put_bool(mem, f, "late", d->is_late);
    json_put_int(mem, f, "days", clock_used(cx, d, cx->now_us));
    json_put_int(mem, f, "supplements", d->supplements);
    json_put_bool(mem, f, "has_result", d->has_result);
    json_put_bool(mem, f, "paper", d->pack->gives_paper);
    clocks_facts(cx, d, f);
    if (d->holder)
        json_put_int(mem, f, "holder", d->holder);
    if (cx->who && m->roles)
        json_put_int(mem, f, "account", cx->who->account);
    if (m->delegation)
        json_put_int(mem, f, "delegation", m->delegation);
    if (d->at != d->unit)
        json_put_int(mem, f, "at", d->at->id.v);
    if (was->received_us == TIME_NONE && d->received_us != TIME_NONE)
        json_put_str(mem, f, "code", d->code);
}

/* An officer's act may be taken back for a while, unless somebody relies on it already. */
static void undo_facts(struct ctx *cx, const struct move *m, struct json *f)
{
    static const unsigned firm = 1u << EFFECT_receipt | 1u << EFFECT_handover |
                                 1u << EFFECT_publish | 1u << EFFECT_unpublish;
    int64_t seconds = cx->app->settings.undo_s;
    if (!m->fa || !m->roles || !seconds || (m->fa->effects & firm))
        return;
    json_put_int(cx->mem, f, "undo", seconds);
    if (m->since)
        json_put_int(cx->mem, f, "since", m->since);
}

enum rc move_append(struct ctx *cx, struct dossier *d, const struct move *m,
                    struct dossier_ref *ret)
{
    struct dossier next = *d;
    struct event ev = dossier_event(cx, d, EV_DOSSIER_MOVED);
    if (m->is_systems)
        ev.actor = (struct subject_id){0};
    TRY(unit_at(cx, d, m->to->at, &next.at));
    TRY(holder_next(cx, d, m->to, m->roles, &next.holder));
    dossier_step(&next, m->to, cx->now_us);
    next.after_us = TIME_NONE;
    clocks_count(cx, &next, cx->now_us);
    bool receipt = m->fa && (m->fa->effects & (1u << EFFECT_receipt));
    if (receipt && next.received_us == TIME_NONE) {
        TRY(code_next(cx, d, &next.code));
        next.received_us = cx->now_us;
    }
    move_facts(cx, d, &next, m, ev.facts);
    TRY(counted_facts(cx, d, &next, m, ev.facts));
    undo_facts(cx, m, ev.facts);
    TRY(branches_ask(cx, d, m->to, ev.facts));
    if (m->secret && m->secret->n)
        ev.secret = m->secret;
    ev.known = d;
    TRY(ledger_append(cx, &ev));
    next.version = ev.seq;
    next.undo_us = undo_until(&ev);
    *d = next;
    *ret = (struct dossier_ref){d->id, d->code, ev.seq};
    return join_if_met(cx, d, ret); /* when nobody had to be asked */
}

/* -- commands -- */

static enum rc act_check(struct ctx *cx, struct acting *g, struct form_errors *errs)
{
    TRY(actor_load(cx, g->d, &g->who));
    TRY(flow_act_get(cx, g->d->state, g->a->id, &g->who, g->d->entries, &g->fa));
    if (term_is_over(g->d, g->fa, cx->now_us))
        return FAIL(cx, STATE, "act", "%.*s: the term is over", STR_ARG(g->a->id));
    inputs_check(cx, g, errs);
    g->secret = inputs_json(cx, g->a);
    TRY(supplement_check(cx, g, errs));
    if (errs->n)
        return FAIL(cx, INVALID, str_z(cx->mem, errs->v[0].field), "%zu errors, first: %.*s",
                    errs->n, STR_ARG(errs->v[0].rule));
    return guard_check(cx, g);
}

enum rc dossier_act(struct ctx *cx, struct dossier *d, const struct act *a,
                    struct form_errors *errs, struct dossier_ref *ret)
{
    struct acting g = {.d = d, .a = a};
    if (a->version && a->version != d->version)
        return FAIL(cx, CONFLICT, "version", "the dossier moved on");
    int64_t was = d->version;
    TRY(act_check(cx, &g, errs));
    TRY(db_begin(cx));
    TRY(dossier_version_check(cx, d));
    TRY(amended_append(cx, &g));
    TRY(filed_append(cx, d, &g.files));
    TRY(result_append(cx, &g));
    struct move m = {.fa = g.fa,
                     .to = g.fa->to,
                     .act = g.fa->id,
                     .roles = g.fa->is_applicants ? 0 : g.who.roles,
                     .secret = g.secret,
                     .is_paid = a->is_paid,
                     .since = a->result ? was : 0};
    if (m.roles)
        TRY(delegation_used(cx, d, &m.delegation));
    TRY(move_append(cx, d, &m, ret));
    return a->rating && !d->rating ? rating_append(cx, d, a->rating, STR_NULL) : RC_OK;
}

static enum rc assignee_check(struct ctx *cx, const struct dossier *d, int64_t account)
{
    struct officer_list list = {0};
    TRY(officers_of(cx, d->at->id, &list));
    for (size_t i = 0; i < list.n; i++)
        if (list.v[i].account == account && (d->state->roles & (1u << list.v[i].role)))
            return RC_OK;
    return FAIL(cx, INVALID, "account", "cannot act in this state");
}

/* Whose work it is may hand it on, and says why; a leader may give anybody's. */
static enum rc give_check(struct ctx *cx, const struct dossier *d, int64_t account,
                          struct str reason)
{
    bool may = dossier_is_officer(cx, d, CAP_CASE_ASSIGN);
    bool takes = cx->who && account == cx->who->account && !d->holder;
    bool own = cx->who && d->holder && d->holder == cx->who->account;
    if (!may && !((takes || own) && dossier_is_officer(cx, d, CAP_CASE_ACT)))
        return FAIL(cx, FORBIDDEN, "account", "may not assign");
    if (!may && own && !reason.n)
        return FAIL(cx, INVALID, "reason", "handing on asks for a reason");
    if (!utf8_is(reason) || utf8_len(reason) > NOTE_MAX)
        return FAIL(cx, INVALID, "reason", "at most %d characters", NOTE_MAX);
    if (d->ended_us != TIME_NONE)
        return FAIL(cx, STATE, "account", "the dossier has ended");
    return assignee_check(cx, d, account);
}

static enum rc given_append(struct ctx *cx, struct dossier *d, int64_t account,
                            struct str reason)
{
    struct event ev = dossier_event(cx, d, EV_DOSSIER_ASSIGNED);
    json_put_int(cx->mem, ev.facts, "holder", account);
    if (d->holder)
        json_put_int(cx->mem, ev.facts, "from", d->holder);
    if (reason.n) {
        ev.secret = json_new_obj(cx->mem);
        json_put_str(cx->mem, ev.secret, "reason", reason);
    }
    TRY(ledger_append(cx, &ev));
    d->holder = account;
    d->version = ev.seq;
    return RC_OK;
}

enum rc dossier_give(struct ctx *cx, struct dossier *d, int64_t account, struct str reason)
{
    reason = str_trim(reason);
    TRY(give_check(cx, d, account, reason));
    TRY(db_begin(cx));
    TRY(dossier_version_check(cx, d));
    return given_append(cx, d, account, reason);
}

static bool is_about_one(enum rc rc)
{
    return rc == RC_FORBIDDEN || rc == RC_INVALID || rc == RC_STATE || rc == RC_CONFLICT;
}

/* Everything that can be refused is refused before the entry: the turn stays whole. */
enum rc dossiers_give(struct ctx *cx, const struct dossier_list *list, int64_t account,
                      struct str reason, enum rc *rc)
{
    reason = str_trim(reason);
    if (list->n > GIVE_MAX)
        return FAIL(cx, INVALID, "code", "more than %d at once", GIVE_MAX);
    TRY(db_begin(cx));
    for (size_t i = 0; i < list->n; i++) {
        rc[i] = give_check(cx, list->v[i], account, reason);
        if (rc[i] == RC_OK)
            rc[i] = dossier_version_check(cx, list->v[i]);
        if (rc[i] != RC_OK && !is_about_one(rc[i]))
            return rc[i];
        if (rc[i] == RC_OK)
            TRY(given_append(cx, list->v[i], account, reason));
        ctx_clear(cx);
    }
    return RC_OK;
}

enum rc dossier_note(struct ctx *cx, struct dossier *d, struct str text)
{
    text = str_trim(text);
    if (!dossier_is_officer(cx, d, CAP_CASE_READ))
        return FAIL(cx, FORBIDDEN, "note", "not an officer of the unit");
    if (!text.n || !utf8_is(text) || utf8_len(text) > NOTE_MAX)
        return FAIL(cx, INVALID, "note", "1 to %d characters", NOTE_MAX);
    struct event ev = dossier_event(cx, d, EV_DOSSIER_NOTED);
    ev.secret = json_new_obj(cx->mem);
    json_put_str(cx->mem, ev.secret, "note", text);
    TRY(ledger_append(cx, &ev));
    d->version = ev.seq;
    return RC_OK;
}

enum rc dossier_rate(struct ctx *cx, struct dossier *d, int score, struct str words)
{
    if (!dossier_is_own(cx, d))
        return FAIL(cx, FORBIDDEN, "score", "only the applicant rates");
    if (d->finished_us == TIME_NONE)
        return FAIL(cx, STATE, "score", "not finished");
    if (score < 1 || score > 3)
        return FAIL(cx, INVALID, "score", "1 to 3");
    if (!utf8_is(words) || utf8_len(words) > NOTE_MAX)
        return FAIL(cx, INVALID, "words", "at most %d characters", NOTE_MAX);
    TRY(db_begin(cx));
    TRY(dossier_version_check(cx, d));
    if (d->rating)
        return FAIL(cx, DUPLICATE, "score", "rated already");
    return rating_append(cx, d, score, str_trim(words));
}

/* The state's own timer moves it. */
enum rc timer_move(struct ctx *cx, struct dossier *d)
{
    struct dossier_ref ref;
    struct move m = {.to = d->state->after_to, .act = STR("after")};
    return move_append(cx, d, &m, &ref);
}

/* -- undoing -- */

static bool undo_is_open(const struct ctx *cx, const struct dossier *d)
{
    return cx->who && cx->who->account && d->undo_us != TIME_NONE && cx->now_us < d->undo_us;
}

/* The move that d's last event is, whoever made it; NULL: something came since. */
static enum rc last_move(struct ctx *cx, const struct dossier *d, struct event **ret)
{
    struct event *ev = NULL;
    TRY(ledger_event_get(cx, d->version, &ev));
    *ret = ev->kind == EV_DOSSIER_MOVED && ev->subject == d->id.v ? ev : NULL;
    return RC_OK;
}

static bool is_mine(const struct ctx *cx, const struct event *ev)
{
    return ev->actor.v == cx->who->subject.v;
}

enum rc dossier_undo_can(struct ctx *cx, const struct dossier *d, bool *ret)
{
    struct event *ev = NULL;
    if (undo_is_open(cx, d))
        TRY(last_move(cx, d, &ev));
    *ret = ev && is_mine(cx, ev);
    return RC_OK;
}

/* Figures take back what they counted, on the day on which they did. */
static struct json *undone_facts(struct ctx *cx, const struct event *ev)
{
    struct json *f = json_new_obj(cx->mem);
    json_put_int(cx->mem, f, "undoes", ev->seq);
    json_put_int(cx->mem, f, "time_us", ev->time_us);
    if (json_get(ev->facts, STR("since")))
        json_put_int(cx->mem, f, "since", json_int(ev->facts, "since", 0));
    json_put(f, STR("was"), json_copy(cx->mem, ev->facts));
    return f;
}

enum rc dossier_undo(struct ctx *cx, struct dossier *d, struct dossier_ref *ret)
{
    struct event *last = NULL;
    if (!undo_is_open(cx, d))
        return FAIL(cx, STATE, "undo", "too late, or not possible");
    TRY(db_begin(cx));
    TRY(dossier_version_check(cx, d));
    TRY(last_move(cx, d, &last));
    if (!last)
        return FAIL(cx, STATE, "undo", "something came since");
    if (!is_mine(cx, last))
        return FAIL(cx, FORBIDDEN, "undo", "somebody else's");
    struct event ev = dossier_event(cx, d, EV_DOSSIER_UNDONE);
    ev.facts = undone_facts(cx, last);
    TRY(ledger_append(cx, &ev));
    *ret = (struct dossier_ref){d->id, d->code, ev.seq};
    struct dossier *now = NULL;
    TRY(dossier_get(cx, d->id.v, &now));
    *d = *now;
    return RC_OK;
}
