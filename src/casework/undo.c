/* undo.c - taking back the last move before its notice leaves: what the row was, and again is. */
#include "app/app.h"
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"
#include "store/store.h"

/* -- the row before a move, kept in it while the move may be undone -- */

struct str was_print(struct arena *mem, const struct dossier *d)
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
    struct buf *b = buf_new(mem, JSON_BYTES_MAX);
    json_print(b, o);
    return buf_str(b);
}

static enum rc was_read(struct ctx *cx, struct dossier *d)
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
    return RC_OK;
}

static enum rc result_drop(struct ctx *cx, int64_t dossier, int64_t since)
{
    struct result_left_row left;
    TRY(sql_result_drop(cx, dossier, since));
    TRY(sql_result_left(cx, dossier, &left));
    return sql_dossier_result_set(cx, dossier, left.n > 0);
}

enum rc undone_fold(struct ctx *cx, const struct event *ev)
{
    struct dossier *d = NULL;
    int64_t undoes = json_int(ev->facts, "undoes", -1);
    TRY(dossier_get(cx, ev->subject, &d));
    TRY(was_read(cx, d));
    TRY(dossier_store(cx, d, ev->seq));
    TRY(sql_dossier_at(cx, d->id.v, d->at->id.v, DB_NULL, STR_NULL));
    TRY(sql_branches_unask(cx, d->id.v, undoes));
    TRY(sql_branches_reopen(cx, d->id.v, undoes));
    if (json_get(ev->facts, STR("since"))) /* a result that came with the move */
        TRY(result_drop(cx, d->id.v, json_int(ev->facts, "since", 0)));
    return sql_entry_undo(cx, d->id.v, undoes);
}

/* -- the command -- */

static bool undo_is_open(const struct ctx *cx, const struct dossier *d)
{
    return cx->who && cx->who->account && d->undo_us != TIME_NONE && cx->now_us < d->undo_us;
}

/* The move that d's last event is, by whoever asks; NULL: it is not. */
static enum rc last_move(struct ctx *cx, const struct dossier *d, struct event **ret)
{
    struct event *ev = NULL;
    *ret = NULL;
    TRY(ledger_event_get(cx, d->version, &ev));
    if (ev->kind == EV_DOSSIER_MOVED && ev->subject == d->id.v &&
        ev->actor.v == cx->who->subject.v)
        *ret = ev;
    return RC_OK;
}

enum rc dossier_undo_can(struct ctx *cx, const struct dossier *d, bool *ret)
{
    struct event *ev = NULL;
    if (undo_is_open(cx, d))
        TRY(last_move(cx, d, &ev));
    *ret = ev != NULL;
    return RC_OK;
}

/* Figures take back what they counted, on the day on which they did. */
static struct json *undo_facts(struct ctx *cx, const struct event *ev)
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
        return FAIL(cx, FORBIDDEN, "undo", "somebody else's, or something came since");
    struct event ev = dossier_event(cx, d, EV_DOSSIER_UNDONE);
    ev.facts = undo_facts(cx, last);
    TRY(ledger_append(cx, &ev));
    *ret = (struct dossier_ref){d->id, d->code, ev.seq};
    struct dossier *now = NULL;
    TRY(dossier_get(cx, d->id.v, &now));
    *d = *now;
    return RC_OK;
}
