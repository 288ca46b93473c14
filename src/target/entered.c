/* entered.c - entering a figure, verifying it, and reading both back. */
#include "target/target_priv.h"

#include "casework/casework.h"
#include "gen/target_sql.h"
#include "identity/identity.h"

enum { HISTORY_MAX = 50, BODY_MAX = UNIT_CODE_MAX };

/* -- what may be entered -- */

static int64_t power10(int exponent)
{
    int64_t v = 1;
    while (exponent-- > 0)
        v *= 10;
    return v;
}

static enum rc amount_check(struct ctx *cx, const struct indicator *ind, int64_t num,
                            int64_t den)
{
    bool is_plain = indicator_is_plain(ind);
    int64_t most = power10(is_plain ? ENTERED_AMOUNT_MAX_LOG10 : ENTERED_RATIO_MAX_LOG10);
    if (num < -most || num > most)
        return FAIL(cx, INVALID, "num", "beyond 10^%d",
                    is_plain ? ENTERED_AMOUNT_MAX_LOG10 : ENTERED_RATIO_MAX_LOG10);
    if (is_plain ? den != 0 : den < 1 || den > most)
        return FAIL(cx, INVALID, "den", "%lld", (long long)den);
    struct value_range r = indicator_range(cx, ind);
    if (!value_is_within(ind, &r, num, den))
        return FAIL(cx, INVALID, "num", "not within %lld and %lld hundredths",
                    (long long)r.least, (long long)r.most);
    return RC_OK;
}

static enum rc text_check(struct ctx *cx, const char *field, struct str s, bool is_needed)
{
    if (!utf8_is(s) || utf8_len(s) > ENTERED_TEXT_MAX)
        return FAIL(cx, INVALID, field, "over %d characters", ENTERED_TEXT_MAX);
    return is_needed && !str_trim(s).n ? FAIL(cx, INVALID, field, "needed") : RC_OK;
}

static bool body_is(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'))
            return false;
    }
    return s.n > 0 && s.n <= BODY_MAX;
}

static enum rc body_check(struct ctx *cx, const struct entered_new *e)
{
    if (!body_is(e->body))
        return FAIL(cx, INVALID, "body", "a code of capitals, digits and dots");
    if (unit_find(cx, e->body))
        return RC_OK;
    if (!e->body_name.n || !utf8_is(e->body_name) || utf8_len(e->body_name) > UNIT_NAME_MAX)
        return FAIL(cx, INVALID, "body_name", "1 to %d characters", UNIT_NAME_MAX);
    return RC_OK;
}

static enum rc period_check(struct ctx *cx, const struct period *p)
{
    if (period_span(*p) == SPAN_NONE)
        return FAIL(cx, INVALID, "period", "not a month, quarter, half or year");
    if (p->to > day_of(cx->now_us))
        return FAIL(cx, INVALID, "period", "it has not ended");
    return RC_OK;
}

static enum rc entry_check(struct ctx *cx, const struct entered_new *e)
{
    const struct indicator *ind = indicator_find(cx, e->indicator);
    if (!ind)
        return FAIL(cx, NOT_FOUND, "indicator", "no such indicator");
    if (!ind->is_entered && unit_find(cx, e->body))
        return FAIL(cx, STATE, "indicator", "its events give it");
    TRY(body_check(cx, e));
    TRY(period_check(cx, &e->period));
    TRY(amount_check(cx, ind, e->num, e->den));
    TRY(text_check(cx, "method", e->method, true));
    return text_check(cx, "note", e->note, !e->evidence); /* something shows it */
}

/* -- who may -- */

/* Bodies that are no unit here are the root's to speak for. */
static const struct unit *unit_for(struct ctx *cx, struct str body)
{
    const struct unit *u = unit_find(cx, body);
    return u ? u : unit_root(cx);
}

bool figure_may_enter(struct ctx *cx, struct str body)
{
    const struct unit *u = unit_for(cx, body);
    return !cx->who || (u && who_can(cx, cx->who, CAP_FIGURE_ENTER, u->id));
}

bool figure_may_verify(struct ctx *cx, struct str body)
{
    const struct unit *u = unit_for(cx, body);
    if (u && u->parent && unit_find(cx, body))
        u = u->parent;
    return !cx->who || (u && who_can(cx, cx->who, CAP_FIGURE_VERIFY, u->id));
}

bool figure_may_open(struct ctx *cx, struct str body)
{
    const struct unit *u = unit_for(cx, body);
    return cx->who && cx->who->account && u && who_can(cx, cx->who, CAP_FIGURES, u->id);
}

/* -- entering -- */

static struct event event_of(struct ctx *cx, enum event_kind kind, struct str body)
{
    const struct unit *u = unit_for(cx, body);
    struct event ev = {.kind = kind, .time_us = cx->now_us, .facts = json_new_obj(cx->mem)};
    if (cx->who)
        ev.actor = cx->who->subject;
    if (u)
        ev.unit = u->id;
    return ev;
}

static void evidence_put(struct ctx *cx, struct json *f, const struct file *file)
{
    json_put_str(cx->mem, f, "file", hash_hex(cx->mem, &file->digest));
    json_put_str(cx->mem, f, "file_name", file->name);
    json_put_str(cx->mem, f, "mime", file->mime);
    json_put_int(cx->mem, f, "size", file->size);
}

static void entry_put(struct ctx *cx, const struct entered_new *e, struct json *f)
{
    json_put_str(cx->mem, f, "indicator", e->indicator);
    json_put_str(cx->mem, f, "body", e->body);
    if (!unit_find(cx, e->body))
        json_put_str(cx->mem, f, "body_name", e->body_name);
    json_put_str(cx->mem, f, "period", period_id(cx->mem, e->period));
    json_put_int(cx->mem, f, "num", e->num);
    json_put_int(cx->mem, f, "den", e->den);
    if (e->method.n)
        json_put_str(cx->mem, f, "method", e->method);
    if (e->note.n)
        json_put_str(cx->mem, f, "note", e->note);
    if (e->evidence)
        evidence_put(cx, f, e->evidence);
}

enum rc figure_enter(struct ctx *cx, const struct entered_new *e, int64_t *seq)
{
    struct entered_list was;
    TRY(entry_check(cx, e));
    if (!figure_may_enter(cx, e->body))
        return FAIL(cx, FORBIDDEN, "body", "not the body's to enter");
    TRY(db_begin(cx));
    TRY(entered_history(cx, e->indicator, e->body, e->period, &was));
    TRY(text_check(cx, "note", e->note, was.n > 0)); /* a correction says why */
    struct event ev = event_of(cx, EV_FIGURE_ENTERED, e->body);
    entry_put(cx, e, ev.facts);
    TRY(ledger_append(cx, &ev));
    if (seq)
        *seq = ev.seq;
    return RC_OK;
}

/* -- verifying -- */

enum rc entered_by_get(struct ctx *cx, const struct entered_value *v, struct entered_by *ret)
{
    struct event *ev;
    TRY(ledger_event_get(cx, v->seq, &ev));
    *ret = (struct entered_by){ev->actor, ev->unit};
    return RC_OK;
}

bool entered_is_own(const struct ctx *cx, const struct entered_by *by)
{
    return cx->who && by->actor.v && by->actor.v == cx->who->subject.v;
}

/* Whoever entered it may be right, and cannot be the one who says so. */
static enum rc other_check(struct ctx *cx, const struct entered *e)
{
    struct entered_by by;
    TRY(entered_by_get(cx, &e->self, &by));
    return entered_is_own(cx, &by) ? FAIL(cx, FORBIDDEN, "entry", "entered by the same person")
                                   : RC_OK;
}

static enum rc verify_check(struct ctx *cx, const struct verified_new *v,
                            const struct entered *e)
{
    const struct indicator *ind = indicator_find(cx, e->indicator);
    struct entered_list all;
    if (!ind)
        return FAIL(cx, NOT_FOUND, "indicator", "no longer declared");
    if (!figure_may_verify(cx, e->body))
        return FAIL(cx, FORBIDDEN, "body", "no authority above the body");
    TRY(other_check(cx, e));
    TRY(entered_history(cx, e->indicator, e->body, e->period, &all));
    if (all.v[0].self.seq != v->seq)
        return FAIL(cx, CONFLICT, "entry", "corrected meanwhile");
    TRY(amount_check(cx, ind, v->num, v->den));
    const struct entered_value *first = e->verified.is_given ? &e->verified : &e->self;
    bool differs = v->num != first->num || v->den != first->den;
    if (e->verified.is_given && !differs)
        return FAIL(cx, STATE, "entry", "verified already, with that value");
    return text_check(cx, "note", v->note, differs);
}

enum rc figure_verify(struct ctx *cx, const struct verified_new *v)
{
    struct entered e;
    TRY(db_begin(cx));
    TRY(entered_by_seq(cx, v->seq, &e));
    TRY(verify_check(cx, v, &e));
    struct event ev = event_of(cx, EV_FIGURE_VERIFIED, e.body);
    ev.subject = v->seq;
    json_put_int(cx->mem, ev.facts, "num", v->num);
    json_put_int(cx->mem, ev.facts, "den", v->den);
    if (v->note.n)
        json_put_str(cx->mem, ev.facts, "note", v->note);
    return ledger_append(cx, &ev);
}

/* -- folding -- */

static struct str text_of(const struct json *facts, const char *key)
{
    struct str s = json_str(facts, key);
    return s.p ? s : STR("");
}

enum rc entered_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    struct period p;
    if (!period_parse(json_str(f, "period"), &p))
        return FAIL(cx, CORRUPT, "period", "event %lld", (long long)ev->seq);
    return sql_entered_put(cx, ev->seq, text_of(f, "indicator"), text_of(f, "body"),
                           text_of(f, "body_name"), p.from, p.to, json_int(f, "num", 0),
                           json_int(f, "den", 0), ev->time_us, text_of(f, "method"),
                           text_of(f, "note"), text_of(f, "file"), text_of(f, "file_name"),
                           text_of(f, "mime"), json_int(f, "size", 0));
}

enum rc verified_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    return sql_entered_verify(cx, ev->subject, ev->seq, json_int(f, "num", 0),
                              json_int(f, "den", 0), ev->time_us, text_of(f, "note"));
}

/* -- reading -- */

static struct entered entered_of(const struct entered_by_seq_row *r)
{
    bool is_verified = r->verified_seq != DB_NULL;
    struct entered e = {.indicator = r->indicator,
                        .body = r->body,
                        .body_name = r->body_name,
                        .period = {(int32_t)r->first, (int32_t)r->last},
                        .self = {true, r->num, r->den, r->seq, r->time_us},
                        .method = r->method,
                        .note = r->note,
                        .file = r->file,
                        .file_name = r->file_name,
                        .mime = r->mime,
                        .size = r->size};
    if (is_verified) {
        e.verified = (struct entered_value){true, r->verified_num, r->verified_den,
                                            r->verified_seq, r->verified_us};
        e.verified_note = r->verified_note;
    }
    return e;
}

/* A correction does not undo what was verified before it: both are shown. */
static enum rc verified_find(struct ctx *cx, struct entered *e)
{
    struct entered_by_seq_row *row = NULL;
    if (e->verified.is_given)
        return RC_OK;
    TRY(sql_entered_verified(cx, e->indicator, e->body, e->period.from, e->period.to, &row));
    if (row) {
        struct entered was = entered_of(row);
        e->verified = was.verified;
        e->verified_note = was.verified_note;
    }
    return RC_OK;
}

/* Latest first in rows, oldest first in *ret. */
static enum rc latest_read(struct ctx *cx, struct str indicator, struct str body,
                           struct period p, size_t most, struct entered_list *ret)
{
    struct entered_latest_rows rows = {0};
    TRY(sql_entered_latest(cx, indicator, body, p.from, p.to, (int64_t)most, &rows));
    struct entered *v = arena_array(cx->mem, struct entered, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        v[rows.n - 1 - i] = entered_of(&rows.v[i]);
        TRY(verified_find(cx, &v[rows.n - 1 - i]));
    }
    *ret = (struct entered_list){v, rows.n};
    return RC_OK;
}

enum rc entered_series(struct ctx *cx, struct str indicator, struct str body,
                       struct period period, struct entered_list *ret)
{
    return latest_read(cx, indicator, body, period, ENTERED_MAX, ret);
}

enum rc entered_get(struct ctx *cx, struct str indicator, struct str body, struct period period,
                    struct entered *ret)
{
    struct entered_list list;
    TRY(latest_read(cx, indicator, body, period, 1, &list));
    *ret = list.n ? list.v[0] : (struct entered){.indicator = indicator, .body = body};
    return RC_OK;
}

static enum rc body_each(struct ctx *cx, const struct entered_bodies_row *r, void *arg)
{
    struct map *bodies = arg;
    map_set(bodies, str_dup(cx->mem, r->body), bodies);
    return RC_OK;
}

enum rc entered_bodies(struct ctx *cx, struct str indicator, struct period period,
                       struct map *bodies)
{
    return sql_entered_bodies(cx, indicator, period.from, period.to, body_each, bodies);
}

enum rc entered_history(struct ctx *cx, struct str indicator, struct str body,
                        struct period period, struct entered_list *ret)
{
    struct entered_all_rows rows = {0};
    TRY(sql_entered_all(cx, indicator, body, period.from, period.to, HISTORY_MAX, &rows));
    struct entered *v = arena_array(cx->mem, struct entered, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        v[i] = entered_of(&rows.v[i]);
    *ret = (struct entered_list){v, rows.n};
    return RC_OK;
}

enum rc entered_by_seq(struct ctx *cx, int64_t seq, struct entered *ret)
{
    struct entered_by_seq_row *row = NULL;
    TRY(sql_entered_by_seq(cx, seq, &row));
    if (!row)
        return FAIL(cx, NOT_FOUND, "entry", "no entry %lld", (long long)seq);
    *ret = entered_of(row);
    return RC_OK;
}

/* LAW: Luật 91/2025/QH15 - personal data is looked at for a purpose, and that is told. */
enum rc evidence_journal(struct ctx *cx, const struct entered *e)
{
    const struct unit *u = unit_find(cx, e->body);
    u = u ? u : unit_root(cx);
    struct event ev = {.kind = EV_EVIDENCE_READ,
                       .actor = cx->who->subject,
                       .unit = u ? u->id : (struct unit_id){0},
                       .subject = e->self.seq,
                       .purpose = STR("evidence of an entered figure"),
                       .law = STR("Luật 91/2025/QH15"),
                       .facts = json_new_obj(cx->mem)};
    TRY(db_begin(cx));
    return ledger_append(cx, &ev);
}
