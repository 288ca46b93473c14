/* apply.c - folds events into the tables: the only writer of casework's projections.
 *
 * What depends on the calendar or on chance (due day, timer, ids, codes) stands in the event;
 * what a published pack version says (states, effects) is read from it: it never changes. */
#include "casework/casework_priv.h"
#include "casework/migrate.h"
#include "gen/casework_sql.h"
#include "store/store.h"

static struct str words_of(struct ctx *cx, const struct event *ev)
{
    static const char *const kept[] = {"reason", "law", "items", "comment", "answer", "note"};
    struct json *w = NULL;
    for (size_t i = 0; ev->secret && i < sizeof kept / sizeof kept[0]; i++) {
        const struct json *v = json_get(ev->secret, str_from(kept[i]));
        if (!v)
            continue;
        w = w ? w : json_new_obj(cx->mem);
        json_put(w, str_from(kept[i]), json_copy(cx->mem, v));
    }
    if (!w)
        return STR_NULL;
    struct buf *b = buf_new(cx->mem, JSON_BYTES_MAX);
    json_print(b, w);
    return buf_str(b);
}

struct entry {
    struct str act, from, to;
    int64_t holder;
    bool told;
    struct json *detail; /* nothing personal */
    int64_t held_us;     /* the notice leaves so much later */
    int64_t unit;        /* that acted, when it is not the dossier's own */
    int64_t delegation;
};
static struct str detail_of(struct ctx *cx, const struct json *detail)
{
    if (!detail)
        return STR_NULL;
    struct buf *b = buf_new(cx->mem, JSON_BYTES_MAX);
    json_print(b, detail);
    return buf_str(b);
}

static const char *const of_dates[] = {"percent", "did",     "unit",    "day",
                                       "over",    "clock",   "due_old", "due_new",
                                       "cause",   "version", NULL};
static const char *const of_questions[] = {"asked", "from", "to", "due", "due_old", NULL};

static struct json *detail_pick(struct ctx *cx, const struct json *facts,
                                const char *const *keys)
{
    struct json *o = json_new_obj(cx->mem);
    for (; *keys; keys++) {
        const struct json *v = json_get(facts, str_from(*keys));
        if (v)
            json_put(o, str_from(*keys), json_copy(cx->mem, v));
    }
    return o;
}

static enum rc entry_add(struct ctx *cx, const struct event *ev, const struct entry *e)
{
    return sql_entry_insert(cx, ev->subject, ev->seq, ev->time_us,
                            str_from(event_name(ev->kind)), e->act, e->from, e->to, ev->actor.v,
                            e->holder ? e->holder : DB_NULL, e->told, words_of(cx, ev),
                            detail_of(cx, e->detail), e->unit,
                            e->told ? ev->time_us + e->held_us : DB_NULL, e->delegation);
}

static enum rc papers_add(struct ctx *cx, const struct event *ev, int64_t dossier)
{
    const struct json *names = json_get(ev->secret, STR("names"));
    size_t i = 0;
    JSON_EACH (json_get(ev->facts, STR("papers")), p) {
        const struct json *name = json_at(names, i++);
        TRY(sql_file_insert(cx, json_int(p, "id", 0), dossier, ev->seq, json_str(p, "document"),
                            name ? name->s : STR_NULL, json_str(p, "mime"),
                            json_str(p, "digest"), json_int(p, "size", 0)));
    }
    return RC_OK;
}

static enum rc pack_of(struct ctx *cx, const struct event *ev, const struct pack **ret)
{
    *ret = pack_version(cx, ev->pack);
    if (!*ret || !(*ret)->flow)
        return FAIL(cx, CORRUPT, NULL, "event %lld names an unknown pack", (long long)ev->seq);
    return RC_OK;
}

static int64_t due_row(int32_t due)
{
    return due == INT32_MIN ? DUE_NONE : due;
}

static enum rc clocks_save(struct ctx *cx, const struct dossier *d, int64_t seq)
{
    return sql_dossier_clocks_set(cx, d->id.v, clocks_print(cx->mem, d), due_row(d->due),
                                  d->promised.at_us, d->redated, d->warned, d->warn_us,
                                  d->escalated, d->after_us, clock_wake(d), d->is_late, seq);
}

static enum rc on_submitted(struct ctx *cx, const struct event *ev)
{
    const struct pack *p = NULL;
    TRY(pack_of(cx, ev, &p));
    struct dossier *d = arena_new_of(cx->mem, struct dossier);
    *d = (struct dossier){.id = {ev->subject}, .pack = p};
    clocks_clear(d);
    dossier_step(d, p->flow->start, ev->time_us);
    clocks_take(ev->facts, d);
    struct str name = json_str(ev->secret, "name");
    TRY(sql_dossier_insert(
        cx, ev->subject, ev->unit.v, json_str(ev->facts, "track"), p->ref, p->procedure,
        d->state->id, d->status, json_int(ev->facts, "channel", 0), ev->owner.v,
        json_bool(ev->facts, "anonymous"), name, name.p ? text_fold(cx->mem, name) : STR_NULL,
        d->state->roles, ev->time_us, d->clocks[0].start_us, entries_print(cx->mem, d),
        clocks_print(cx->mem, d), due_row(d->due), d->promised.at_us, d->warn_us, d->after_us,
        clock_wake(d), ev->seq, ev->unit.v, json_int(ev->facts, "fee_vnd", 0),
        json_int(ev->facts, "applicant_kind", 0), marks_take(ev->facts)));
    TRY(papers_add(cx, ev, ev->subject));
    struct entry e = {.act = STR("submitted"), .to = d->state->id, .told = true};
    return entry_add(cx, ev, &e);
}

static unsigned effects_of(const struct flow_state *from, struct str act)
{
    for (size_t i = 0; i < from->nacts; i++)
        if (str_eq(from->acts[i].id, act))
            return from->acts[i].effects;
    return 1u << EFFECT_notify; /* a timer's move: the applicant hears of it */
}

static enum rc answer_publish(struct ctx *cx, const struct event *ev, const struct dossier *d)
{
    struct str answer = json_str(ev->secret, "answer");
    if (!answer.p) { /* given in an earlier act */
        struct entry_answer_row *row = NULL;
        struct json *words = NULL;
        TRY(sql_entry_answer(cx, d->id.v, &row));
        if (row && row->words.p)
            TRY(json_parse(cx, row->words, &words));
        answer = json_str(words, "answer");
    }
    if (!answer.p)
        return RC_OK;
    return sql_answer_put(cx, d->id.v, ev->seq, d->unit->id.v, d->pack->ref, d->code,
                          ev->time_us, answer);
}

static enum rc effects_do(struct ctx *cx, const struct event *ev, unsigned effects,
                          const struct dossier *d)
{
    if (effects & (1u << EFFECT_publish))
        TRY(answer_publish(cx, ev, d));
    if (effects & (1u << EFFECT_unpublish))
        TRY(sql_answer_del(cx, d->id.v));
    return RC_OK;
}

/* -- the row before a move, kept in it while the move may be undone -- */

static struct str was_print(struct arena *mem, const struct dossier *d, int64_t version)
{
    struct json *o = json_new_obj(mem);
    json_put_str(mem, o, "state", d->state->id);
    json_put_int(mem, o, "at", d->at->id.v);
    json_put_int(mem, o, "holder", d->holder);
    json_put_int(mem, o, "entered", d->entered_us);
    json_put_int(mem, o, "finished", d->finished_us);
    json_put_int(mem, o, "ended", d->ended_us);
    json_put_str(mem, o, "clocks", clocks_print(mem, d));
    json_put_int(mem, o, "promised", d->promised.at_us);
    json_put_int(mem, o, "redated", d->redated);
    json_put_int(mem, o, "warned", d->warned);
    json_put_int(mem, o, "warn", d->warn_us);
    json_put_int(mem, o, "escalated", d->escalated);
    json_put_str(mem, o, "entries", entries_print(mem, d));
    json_put_int(mem, o, "due", d->due);
    json_put_int(mem, o, "after", d->after_us);
    json_put_bool(mem, o, "late", d->is_late);
    json_put_int(mem, o, "supplements", d->supplements);
    json_put_int(mem, o, "version", version);
    struct buf *b = buf_new(mem, JSON_BYTES_MAX);
    json_print(b, o);
    return buf_str(b);
}

enum rc dossier_store(struct ctx *cx, const struct dossier *d, int64_t seq, struct str was)
{
    return sql_dossier_store(cx, d->id.v, d->state->id, d->status, d->holder, d->state->roles,
                             d->entered_us, d->clocks[0].start_us, d->finished_us, d->ended_us,
                             d->finished_us == TIME_NONE, pauses_print(cx->mem, &d->clocks[0]),
                             entries_print(cx->mem, d), clocks_print(cx->mem, d),
                             due_row(d->due), d->promised.at_us, d->redated, d->warned,
                             d->warn_us, d->escalated, d->after_us, clock_wake(d), d->is_late,
                             d->supplements, seq, d->at->id.v, d->undo_us, was);
}

int64_t undo_until(const struct event *ev)
{
    int64_t seconds = json_int(ev->facts, "undo", 0);
    return seconds ? ev->time_us + seconds * SECOND_US : TIME_NONE;
}

/* Whom the new state asks; branches of the state that was left are needed no more. */
static enum rc branches_fold(struct ctx *cx, const struct event *ev, const struct dossier *d,
                             const struct flow_state *from)
{
    if (from->nbranches)
        TRY(sql_branches_end(cx, d->id.v, ev->seq, ev->time_us));
    return branches_fold_opened(cx, ev, d->state);
}

static enum rc dossier_known(struct ctx *cx, const struct event *ev, struct dossier **ret)
{
    if (!ev->known)
        return dossier_get(cx, ev->subject, ret);
    *ret = arena_new_of(cx->mem, struct dossier);
    **ret = *(const struct dossier *)ev->known;
    return RC_OK;
}

static enum rc on_moved(struct ctx *cx, const struct event *ev)
{
    struct dossier *d = NULL;
    TRY(dossier_known(cx, ev, &d));
    struct str act = json_str(ev->facts, "act"), code = json_str(ev->facts, "code");
    const struct flow_state *from = d->state;
    const struct flow_state *to = flow_state_find(d->pack->flow, json_str(ev->facts, "to"));
    if (!to)
        return FAIL(cx, CORRUPT, NULL, "event %lld: unknown state", (long long)ev->seq);
    /* a file that came with the act is no part of what was before */
    struct str was = STR_NULL;
    if (undo_until(ev) != TIME_NONE)
        was = was_print(cx->mem, d, json_int(ev->facts, "since", d->version));
    unsigned effects = effects_of(from, act);
    struct entry e = {.act = act,
                      .from = from->id,
                      .to = to->id,
                      .holder = json_int(ev->facts, "account", 0),
                      .told = (effects >> EFFECT_notify) & 1,
                      .held_us = json_int(ev->facts, "undo", 0) * SECOND_US,
                      .unit = d->at == d->unit ? 0 : d->at->id.v,
                      .delegation = json_int(ev->facts, "delegation", 0)};
    dossier_step(d, to, ev->time_us);
    if (json_bool(ev->facts, "paid"))
        TRY(sql_dossier_mark(cx, d->id.v, MARK_PAID));
    clocks_take(ev->facts, d);
    d->holder = json_int(ev->facts, "holder", 0);
    if (code.p) {
        d->code = code;
        TRY(sql_counter_add(cx, d->unit->id.v, day_of(ev->time_us)));
        TRY(sql_dossier_receive(cx, d->id.v, code, ev->time_us));
    }
    d->at = unit_of(cx, (struct unit_id){json_int(ev->facts, "at", d->unit->id.v)});
    d->undo_us = undo_until(ev);
    TRY(dossier_store(cx, d, ev->seq, was));
    TRY(branches_fold(cx, ev, d, from));
    TRY(entry_add(cx, ev, &e));
    return effects_do(cx, ev, effects, d);
}

enum rc was_read(struct ctx *cx, struct dossier *d, int64_t *version)
{
    struct dossier_was_row *row = NULL;
    struct json *o = NULL;
    TRY(sql_dossier_was(cx, d->id.v, &row));
    if (!row || !row->was.p)
        return FAIL(cx, CORRUPT, NULL, "dossier %lld: nothing to undo", (long long)d->id.v);
    TRY(json_parse(cx, row->was, &o));
    d->state = flow_state_find(d->pack->flow, json_str(o, "state"));
    d->at = unit_of(cx, (struct unit_id){json_int(o, "at", 0)});
    if (!d->state || !d->at)
        return FAIL(cx, CORRUPT, NULL, "dossier %lld: was nowhere", (long long)d->id.v);
    d->status = d->state->status;
    d->holder = json_int(o, "holder", 0);
    d->entered_us = json_int(o, "entered", TIME_NONE);
    d->finished_us = json_int(o, "finished", TIME_NONE);
    d->ended_us = json_int(o, "ended", TIME_NONE);
    d->due = (int32_t)json_int(o, "due", INT32_MIN);
    d->after_us = json_int(o, "after", TIME_NONE);
    d->is_late = json_bool(o, "late");
    d->supplements = (int)json_int(o, "supplements", 0);
    memset(d->entries, 0, sizeof d->entries);
    entries_read(json_str(o, "entries"), d);
    clocks_read(json_str(o, "clocks"), d);
    d->promised = due_at(json_int(o, "promised", TIME_NONE));
    d->redated = (int)json_int(o, "redated", 0);
    d->warned = (unsigned)json_int(o, "warned", 0);
    d->warn_us = json_int(o, "warn", TIME_NONE);
    d->escalated = json_int(o, "escalated", 0);
    *version = json_int(o, "version", d->version);
    return RC_OK;
}

static enum rc result_drop(struct ctx *cx, int64_t dossier, int64_t since)
{
    struct result_left_row left;
    TRY(sql_result_drop(cx, dossier, since));
    TRY(sql_result_left(cx, dossier, &left));
    return sql_dossier_result_set(cx, dossier, left.n > 0);
}

static enum rc undone_fold(struct ctx *cx, const struct event *ev)
{
    struct dossier *d = NULL;
    int64_t undoes = json_int(ev->facts, "undoes", -1), version;
    TRY(dossier_get(cx, ev->subject, &d));
    TRY(was_read(cx, d, &version));
    d->undo_us = TIME_NONE;
    TRY(dossier_store(cx, d, ev->seq, STR_NULL));
    TRY(sql_branches_unask(cx, d->id.v, undoes));
    TRY(sql_branches_reopen(cx, d->id.v, undoes));
    if (json_get(ev->facts, STR("since"))) /* a result that came with the move */
        TRY(result_drop(cx, d->id.v, json_int(ev->facts, "since", 0)));
    return sql_entry_undo(cx, d->id.v, undoes);
}

static enum rc on_migrated(struct ctx *cx, const struct event *ev)
{
    struct dossier *d = NULL, *next = arena_new_of(cx->mem, struct dossier);
    const struct pack *to = pack_version(cx, json_str(ev->facts, "to"));
    TRY(dossier_get(cx, ev->subject, &d));
    const struct json *map = json_get(ev->facts, STR("map"));
    if (!to || !to->flow || !dossier_rebase(d, to, map, next))
        return FAIL(cx, CORRUPT, NULL, "event %lld: unknown version", (long long)ev->seq);
    clocks_take(ev->facts, next);
    TRY(sql_dossier_pack_set(cx, d->id.v, to->ref));
    next->undo_us = TIME_NONE;
    TRY(dossier_store(cx, next, ev->seq, STR_NULL));
    JSON_EACH (map, v)
        TRY(sql_branch_state_set(cx, d->id.v, v->key, v->s));
    struct entry e = {.told = json_bool(ev->facts, "told")};
    if (json_get(ev->facts, STR("due_old"))) /* events of the first versions lack it */
        e.detail = detail_pick(cx, ev->facts, of_dates);
    return entry_add(cx, ev, &e);
}

static enum rc on_answered(struct ctx *cx, const struct event *ev)
{
    struct entry e = {.act = json_str(ev->facts, "branch"),
                      .from = json_str(ev->facts, "state"),
                      .unit = ev->unit.v};
    TRY(branch_fold_answered(cx, ev));
    return entry_add(cx, ev, &e);
}

static enum rc on_escalated(struct ctx *cx, const struct event *ev)
{
    TRY(branch_fold_escalated(cx, ev));
    struct entry e = {.act = json_str(ev->facts, "branch"), .unit = ev->unit.v};
    if (json_get(ev->facts, STR("due_old"))) /* events of the first versions lack it */
        e.detail = detail_pick(cx, ev->facts, of_questions);
    return entry_add(cx, ev, &e);
}

static enum rc on_undone(struct ctx *cx, const struct event *ev)
{
    TRY(undone_fold(cx, ev));
    return entry_add(cx, ev, &(struct entry){0});
}

static enum rc on_assigned(struct ctx *cx, const struct event *ev)
{
    struct entry e = {.holder = json_int(ev->facts, "holder", 0)};
    TRY(sql_dossier_give(cx, ev->subject, e.holder, ev->seq));
    return entry_add(cx, ev, &e);
}

static enum rc on_noted(struct ctx *cx, const struct event *ev)
{
    TRY(sql_dossier_touch(cx, ev->subject, 0, ev->seq));
    return entry_add(cx, ev, &(struct entry){0});
}

static enum rc on_filed(struct ctx *cx, const struct event *ev)
{
    const struct json *first = json_at(json_get(ev->facts, STR("papers")), 0);
    bool result = str_eq(json_str(first, "document"), STR("result"));
    TRY(papers_add(cx, ev, ev->subject));
    if (marks_take(ev->facts))
        TRY(sql_dossier_mark(cx, ev->subject, marks_take(ev->facts)));
    TRY(sql_dossier_touch(cx, ev->subject, result, ev->seq));
    return entry_add(cx, ev, &(struct entry){.act = json_str(first, "document")});
}

static enum rc on_amended(struct ctx *cx, const struct event *ev)
{
    TRY(sql_dossier_amend(cx, ev->subject, ev->seq));
    return entry_add(cx, ev, &(struct entry){0});
}

static enum rc on_rated(struct ctx *cx, const struct event *ev)
{
    TRY(sql_dossier_rating_set(cx, ev->subject, json_int(ev->facts, "score", 0), ev->seq));
    return entry_add(cx, ev, &(struct entry){0});
}

static bool did(const struct json *facts, const char *what)
{
    JSON_EACH (json_get(facts, STR("did")), v)
        if (str_eq(v->s, str_from(what)))
            return true;
    return false;
}

static enum rc on_warned(struct ctx *cx, const struct event *ev)
{
    struct dossier *d = NULL;
    bool over = json_bool(ev->facts, "over"), told = did(ev->facts, "notify");
    TRY(dossier_get(cx, ev->subject, &d));
    d->warned |= (unsigned)json_int(ev->facts, "marks", 0);
    d->warn_us = json_int(ev->facts, "warn", TIME_NONE);
    d->is_late = d->clocks[0].is_late = d->is_late || over;
    if (did(ev->facts, "escalate"))
        d->escalated = json_int(ev->facts, "account", 0);
    TRY(clocks_save(cx, d, ev->seq));
    struct entry e = {.act = over ? STR("late") : STR("warned"),
                      .told = told,
                      .detail = detail_pick(cx, ev->facts, of_dates)};
    return entry_add(cx, ev, &e);
}

/* A promise that was made is not unmade: the old date stays in the entry. */
static enum rc on_redated(struct ctx *cx, const struct event *ev)
{
    struct dossier *d = NULL;
    TRY(dossier_known(cx, ev, &d));
    if (str_eq(json_str(ev->facts, "cause"), STR("apology"))) {
        d->redated = 1;
    } else {
        clocks_take(ev->facts, d);
    }
    if (json_get(ev->facts, STR("promised")))
        d->promised = due_at(json_int(ev->facts, "promised", TIME_NONE));
    TRY(clocks_save(cx, d, ev->seq));
    struct entry e = {.act = STR("redated"),
                      .told = json_bool(ev->facts, "told"),
                      .detail = detail_pick(cx, ev->facts, of_dates)};
    return entry_add(cx, ev, &e);
}

/* The time ran out: told once, and the dossier stays late. */
static enum rc on_notice(struct ctx *cx, const struct event *ev)
{
    struct dossier *d = NULL;
    TRY(dossier_get(cx, ev->subject, &d));
    d->is_late = true;
    TRY(sql_dossier_late_set(cx, ev->subject, clock_wake(d), ev->seq));
    struct entry e = {.act = json_str(ev->facts, "template"),
                      .told = (d->pack->flow->late.effects >> EFFECT_notify) & 1};
    return entry_add(cx, ev, &e);
}

static enum rc on_read(struct ctx *cx, const struct event *ev)
{
    if (json_str(ev->facts, "list").p) /* of a unit's dossiers: nobody's in particular */
        return RC_OK;
    if (!ev->subject) /* of a person for whom there is no dossier yet */
        return sql_look_add(cx, ev->seq, 0, json_int(ev->facts, "person", 0), ev->unit.v,
                            ev->time_us, ev->purpose, ev->law);
    TRY(sql_read_put(cx, ev->subject, ev->actor.v, ev->time_us));
    return sql_look_at(cx, ev->seq, ev->subject, ev->unit.v, ev->time_us, ev->purpose, ev->law);
}

/* LAW: Luật 91/2025/QH15 - after erasure the plain copies are gone too. Papers that no row names
 * any more are removed from the disk by casework_sweep within a day or two; the answer on the
 * public page goes with them, for nobody can tell any more what it was about. */
static enum rc on_erased(struct ctx *cx, const struct event *ev)
{
    TRY(sql_draft_files_purge(cx, ev->subject)); /* drafts are no projection, but theirs */
    TRY(sql_draft_purge(cx, ev->subject));
    TRY(sql_answer_purge(cx, ev->subject));
    TRY(sql_entry_purge(cx, ev->subject));
    TRY(sql_file_purge(cx, ev->subject));
    return sql_dossier_purge(cx, ev->subject);
}

static enum rc casework_apply(struct ctx *cx, const struct event *ev)
{
    static ledger_apply_fn *const on[EV_COUNT] = {
        [EV_DOSSIER_SUBMITTED] = on_submitted,
        [EV_DOSSIER_MOVED] = on_moved,
        [EV_DOSSIER_ASSIGNED] = on_assigned,
        [EV_DOSSIER_NOTED] = on_noted,
        [EV_DOSSIER_FILED] = on_filed,
        [EV_DOSSIER_AMENDED] = on_amended,
        [EV_DOSSIER_RATED] = on_rated,
        [EV_NOTICE_SENT] = on_notice,
        [EV_DOSSIER_WARNED] = on_warned,
        [EV_DOSSIER_REDATED] = on_redated,
        [EV_DATA_READ] = on_read,
        [EV_BRANCH_ANSWERED] = on_answered,
        [EV_BRANCH_ESCALATED] = on_escalated,
        [EV_DOSSIER_UNDONE] = on_undone,
        [EV_DOSSIER_MIGRATED] = on_migrated,
        [EV_SUBJECT_ERASED] = on_erased,
    };
    return ev->kind < EV_COUNT && on[ev->kind] ? on[ev->kind](cx, ev) : RC_OK;
}

static const char *const tables[] = {
    "dossier",      "dossier_entry", "dossier_file", "counter",        "public_answer",
    "dossier_read", "dossier_look",  "list_read",    "dossier_branch", NULL};
const struct ledger_subscriber casework_subscriber = {"casework", casework_apply, tables};
