/* dossier.c - a dossier from its row; who may open it, and the journal of who did. */
#include "app/app.h"
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"
#include "store/store.h"

/* All queries of dossiers give the same columns in the same order (casework.sql). */
#define ROW(r) ((const struct dossier_by_id_row *)(const void *)(r))
_Static_assert(sizeof(struct dossier_by_id_row) == sizeof(struct dossier_by_code_row) &&
                   sizeof(struct dossier_by_id_row) == sizeof(struct dossier_by_track_row) &&
                   sizeof(struct dossier_by_id_row) ==
                       sizeof(struct dossier_of_applicant_row) &&
                   sizeof(struct dossier_by_id_row) == sizeof(struct dossier_running_row),
               "rows of dossiers differ");

enum { READ_QUIET_MIN = 10 }; /* one journal entry serves an officer this long */

static enum rc row_states(struct ctx *cx, const struct dossier_by_id_row *r, struct dossier *d)
{
    d->pack = pack_version(cx, r->pack);
    d->unit = unit_of(cx, (struct unit_id){r->unit});
    d->at = unit_of(cx, (struct unit_id){r->at_unit});
    if (!d->pack || !d->pack->flow || !d->unit || !d->at)
        return FAIL(cx, CORRUPT, NULL, "dossier %lld: unknown pack or unit", (long long)r->id);
    d->state = flow_state_find(d->pack->flow, r->state);
    if (!d->state)
        return FAIL(cx, CORRUPT, NULL, "dossier %lld: unknown state", (long long)r->id);
    entries_read(r->entries, d);
    clocks_read(r->clocks, d);
    return RC_OK;
}

static enum rc row_read(struct ctx *cx, const struct dossier_by_id_row *r, struct dossier **ret)
{
    struct dossier *d = arena_new_of(cx->mem, struct dossier);
    *d = (struct dossier){
        .id = {r->id},
        .code = r->code.p ? r->code : r->track,
        .track = r->track,
        .status = (enum status)r->status,
        .channel = (enum channel)r->channel,
        .applicant = {r->applicant},
        .applicant_name = r->applicant_name,
        .is_anonymous = r->is_anonymous != 0,
        .is_late = r->is_late != 0,
        .holder = r->holder,
        .submitted_us = r->submitted_us,
        .received_us = r->received_us,
        .ended_us = r->ended_us,
        .entered_us = r->entered_us,
        .finished_us = r->finished_us,
        .after_us = r->after_us,
        .due = r->due == DUE_NONE ? INT32_MIN : (int32_t)r->due,
        .promised = due_at(r->promised_us),
        .redated = (int)r->redated,
        .warned = (unsigned)r->warned,
        .warn_us = r->warn_us,
        .escalated = r->escalated,
        .supplements = (int)r->supplements,
        .rating = (int)r->rating,
        .has_result = r->has_result != 0,
        .answers_seq = r->answers_seq,
        .version = r->version,
        .undo_us = r->undo_us,
    };
    TRY(row_states(cx, r, d));
    *ret = d;
    return RC_OK;
}

enum rc dossier_get(struct ctx *cx, int64_t id, struct dossier **ret)
{
    struct dossier_by_id_row *row = NULL;
    TRY(sql_dossier_by_id(cx, id, &row));
    if (!row)
        return FAIL(cx, NOT_FOUND, "dossier", "no dossier %lld", (long long)id);
    return row_read(cx, row, ret);
}

enum rc dossier_by_id(struct ctx *cx, struct dossier_id id, struct dossier **ret)
{
    return dossier_get(cx, id.v, ret);
}

/* A code in the old form (000.05.01.H07-…) in the form that is stored. */
static struct str code_normal(struct ctx *cx, struct str typed)
{
    struct str unit, rest, code = str_trim(typed);
    char *p = arena_alloc(cx->mem, code.n + 1);
    for (size_t i = 0; i < code.n; i++)
        p[i] = code.p[i] >= 'a' && code.p[i] <= 'z' ? (char)(code.p[i] - 32) : code.p[i];
    code = str_n(p, code.n);
    rest = str_split(code, '-', &unit);
    struct str now = unit_code_from_old(cx->mem, unit);
    return now.p && rest.p ? str_fmt(cx->mem, "%.*s-%.*s", STR_ARG(now), STR_ARG(rest)) : code;
}

/* -- what officers call a dossier without a code -- */

/* An anonymous applicant's provisional code opens the dossier: whoever reads it on a desk could
 * act for them. Officers are given the dossier's own number instead, which opens nothing. */
enum { HANDLE_CHARS = 13 };
static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

struct str dossier_handle(struct ctx *cx, const struct dossier *d)
{
    bool hide = d->is_anonymous && str_eq(d->code, d->track) && !dossier_is_own(cx, d);
    if (!hide)
        return d->code;
    char text[HANDLE_CHARS];
    uint64_t id = (uint64_t)d->id.v;
    for (size_t i = HANDLE_CHARS; i-- > 0; id >>= 5)
        text[i] = letters[id & 31];
    return str_fmt(cx->mem, "K-%.*s", HANDLE_CHARS, text);
}

static bool handle_parse(struct str code, int64_t *ret)
{
    uint64_t id = 0;
    if (!str_starts(code, STR("K-")) || code.n != HANDLE_CHARS + 2)
        return false;
    for (size_t i = 2; i < code.n; i++) {
        const char *at = strchr(letters, code.p[i]);
        if (!at || !*at)
            return false;
        id = id << 5 | (uint64_t)(at - letters);
    }
    *ret = (int64_t)id;
    return *ret > 0;
}

enum { CODE_MAX = 64 };

enum rc dossier_find(struct ctx *cx, struct str code, struct dossier **ret)
{
    struct dossier_by_track_row *track = NULL;
    struct dossier_by_code_row *row = NULL;
    if (code.n > CODE_MAX)
        return FAIL(cx, NOT_FOUND, "code", "too long");
    code = code_normal(cx, code);
    int64_t id;
    if (handle_parse(code, &id))
        return dossier_get(cx, id, ret);
    if (str_starts(code, STR("T-")))
        TRY(sql_dossier_by_track(cx, code, &track));
    else
        TRY(sql_dossier_by_code(cx, code, &row));
    if (!track && !row)
        return FAIL(cx, NOT_FOUND, "code", "no such dossier");
    TRY(row_read(cx, track ? ROW(track) : ROW(row), ret));
    (*ret)->by_track = track != NULL;
    return RC_OK;
}

bool dossier_is_own(const struct ctx *cx, const struct dossier *d)
{
    if (!cx->who)
        return false;
    if (d->is_anonymous)
        return d->by_track && !cx->who->is_officer;
    return cx->who->account && cx->who->subject.v == d->applicant.v;
}

bool dossier_is_officer(struct ctx *cx, const struct dossier *d, enum cap cap)
{
    if (!cx->who || !cx->who->is_officer || dossier_is_own(cx, d))
        return false;
    /* its own unit goes on reading what another one decides */
    if (cap == CAP_CASE_READ && d->escalated && d->escalated == cx->who->account)
        return true; /* the superior who was named may read why */
    return who_can(cx, cx->who, cap, d->at->id) ||
           (cap == CAP_CASE_READ && who_can(cx, cx->who, cap, d->unit->id));
}

struct event dossier_event(struct ctx *cx, const struct dossier *d, enum event_kind kind)
{
    bool own = dossier_is_own(cx, d);
    struct event ev = {.kind = kind,
                       .time_us = cx->now_us,
                       .unit = d->unit->id,
                       .subject = d->id.v,
                       .pack = d->pack->ref,
                       .facts = json_new_obj(cx->mem),
                       .owner = d->applicant};
    ev.actor = own ? d->applicant : cx->who ? cx->who->subject : (struct subject_id){0};
    return ev;
}

enum rc dossier_version_check(struct ctx *cx, const struct dossier *d)
{
    struct dossier_version_row *row = NULL;
    TRY(sql_dossier_version(cx, d->id.v, &row));
    if (!row || row->version != d->version)
        return FAIL(cx, CONFLICT, "version", "dossier %lld moved on", (long long)d->id.v);
    return RC_OK;
}

/* -- the journal -- */

static enum rc refusal_append(struct ctx *cx, const struct dossier *d, enum rc rc)
{
    struct event ev = dossier_event(cx, d, EV_ACCESS_REFUSED);
    ev.subject = cx->who->account;
    ev.pack = STR_NULL;
    ev.owner = (struct subject_id){0};
    json_put_int(cx->mem, ev.facts, "subject", d->id.v);
    json_put_str(cx->mem, ev.facts, "route", STR("dossier"));
    json_put_str(cx->mem, ev.facts, "reason", str_from(rc_name(rc)));
    TRY(db_begin(cx));
    TRY(ledger_append(cx, &ev));
    return db_commit(cx);
}

/* The failure that follows rolls the caller's turn back, so the entry has a turn of its own,
 * durable before the refusal is answered. That it cannot be written changes no refusal. */
static void refusal_journal(struct ctx *cx, const struct dossier *d, enum rc rc)
{
    if (!cx->who || !cx->who->account)
        return; /* nobody: nothing to tell apart, and no ledger to fill from outside */
    db_rollback(cx);
    struct ctx *own = ctx_new(cx->mem, cx->app);
    own->who = cx->who;
    own->now_us = cx->now_us;
    own->request = cx->request;
    if (refusal_append(own, d, rc) != RC_OK) {
        db_rollback(own);
        LOGE("journal: refusal not written: %s", own->err.detail);
    }
}

static struct str pack_law(struct ctx *cx, const struct pack *p)
{
    const struct json *law = json_at(json_get(p->yaml, STR("law")), 0);
    struct str act = json_str(law, "act"), clause = json_str(law, "clause");
    return clause.n ? str_fmt(cx->mem, "%.*s, %.*s", STR_ARG(act), STR_ARG(clause)) : act;
}

static enum rc reading_journal(struct ctx *cx, const struct dossier *d, struct unit_id unit)
{
    struct read_of_row *last = NULL;
    TRY(sql_read_of(cx, d->id.v, cx->who->subject.v, &last));
    if (last && cx->now_us - last->read_us < READ_QUIET_MIN * MINUTE_US)
        return RC_OK;
    struct str purpose = str_fmt(cx->mem, "procedure %.*s", STR_ARG(d->pack->procedure));
    TRY(db_begin(cx));
    return read_journal(cx, d->id, unit, purpose, pack_law(cx, d->pack));
}

enum rc person_journal(struct ctx *cx, const struct pack *p, const struct unit *u,
                       struct subject_id person)
{
    struct event ev = {.kind = EV_DATA_READ,
                       .actor = cx->who->subject,
                       .unit = u->id,
                       .pack = p->ref,
                       .purpose = str_fmt(cx->mem, "procedure %.*s", STR_ARG(p->procedure)),
                       .law = pack_law(cx, p),
                       .facts = json_new_obj(cx->mem)};
    json_put_int(cx->mem, ev.facts, "person", person.v);
    return ledger_append(cx, &ev);
}

/* Officers who act, whose unit's dossier it is, or who are asked about it. */
static enum rc officer_open(struct ctx *cx, struct dossier *d, enum rc *refused)
{
    const struct unit *u = NULL;
    if (!cx->who->is_officer) {
        *refused = RC_NOT_FOUND;
        return RC_OK;
    }
    if (dossier_is_officer(cx, d, CAP_CASE_READ))
        u = who_can(cx, cx->who, CAP_CASE_READ, d->at->id) ? d->at : d->unit;
    else
        TRY(branch_unit_of(cx, d, &u));
    d->is_asked = u && !dossier_is_officer(cx, d, CAP_CASE_READ);
    *refused = u ? RC_OK : RC_FORBIDDEN;
    return u ? reading_journal(cx, d, u->id) : RC_OK;
}

enum rc dossier_open(struct ctx *cx, struct str code, struct dossier **ret)
{
    struct dossier *d = NULL;
    TRY(dossier_find(cx, code, &d));
    enum rc refused = RC_OK;
    if (cx->who && !dossier_is_own(cx, d))
        TRY(officer_open(cx, d, &refused));
    if (refused != RC_OK) {
        refusal_journal(cx, d, refused);
        return ctx_fail(cx, refused, "code", __FILE__, __LINE__, "dossier %lld is not theirs",
                        (long long)d->id.v);
    }
    *ret = d;
    return RC_OK;
}

/* -- what hangs on it -- */

enum rc dossier_answers(struct ctx *cx, const struct dossier *d, struct json **ret)
{
    struct event *ev = NULL;
    TRY(ledger_event_open(cx, d->answers_seq, &ev));
    if (ev->subject != d->id.v)
        return FAIL(cx, CORRUPT, NULL, "dossier %lld: no answers", (long long)d->id.v);
    *ret = json_get(ev->secret, STR("answers"));
    return *ret ? RC_OK : FAIL(cx, GONE, "answers", "dossier %lld: erased", (long long)d->id.v);
}

enum rc dossier_as_told(struct ctx *cx, const struct dossier *d, const struct dossier **ret)
{
    *ret = d;
    if (d->told_seq || d->undo_us == TIME_NONE || cx->now_us >= d->undo_us)
        return RC_OK;
    struct dossier *was = arena_new_of(cx->mem, struct dossier);
    *was = *d;
    TRY(was_read(cx, was, &was->told_seq));
    *ret = was;
    return RC_OK;
}

/* What offices write to each other is between them, and what came with a move that may still be
 * taken back is not told yet. */
static enum rc files_hide(struct ctx *cx, const struct dossier *d, struct file_list *files)
{
    size_t kept = 0;
    TRY(dossier_as_told(cx, d, &d));
    for (size_t i = 0; i < files->n; i++) {
        bool is_told = !d->told_seq || files->v[i].seq <= d->told_seq;
        if (is_told && !str_eq(files->v[i].document, STR("opinion")))
            files->v[kept++] = files->v[i];
    }
    files->n = kept;
    return RC_OK;
}

enum rc dossier_files(struct ctx *cx, const struct dossier *d, struct file_list *ret)
{
    struct files_of_rows rows = {0};
    TRY(sql_files_of(cx, d->id.v, &rows));
    struct file_list out = {arena_array(cx->mem, struct file, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct files_of_row *r = &rows.v[i];
        out.v[i] = (struct file){.id = {r->id},
                                 .document = r->document,
                                 .name = r->name,
                                 .mime = r->mime,
                                 .seq = r->seq,
                                 .size = r->size,
                                 .path = file_path(cx, r->digest)};
        if (!hash_parse(r->digest, &out.v[i].digest))
            return FAIL(cx, CORRUPT, NULL, "file %lld: digest", (long long)r->id);
    }
    if (dossier_is_own(cx, d))
        TRY(files_hide(cx, d, &out));
    *ret = out;
    return RC_OK;
}

int32_t dossier_days_left(struct ctx *cx, const struct dossier *d)
{
    if (d->due == INT32_MIN)
        return 0;
    int64_t at = d->finished_us != TIME_NONE ? d->finished_us : cx->now_us;
    return calendar_count(calendar_for(cx, d->unit), day_of(at), due_now(cx, d));
}

/* -- lists -- */

static enum rc list_of(struct ctx *cx, const void *rows, size_t n, struct dossier_list *ret)
{
    const struct dossier_by_id_row *v = ROW(rows);
    struct dossier **out = arena_array(cx->mem, struct dossier *, n);
    for (size_t i = 0; i < n; i++)
        TRY(row_read(cx, &v[i], &out[i]));
    ret->v = out;
    ret->n = n;
    return RC_OK;
}

enum rc dossiers_of(struct ctx *cx, struct subject_id who, struct dossier_list *ret)
{
    struct dossier_of_applicant_rows rows = {0};
    TRY(sql_dossier_of_applicant(cx, who.v, LIST_MAX, &rows));
    ret->total = (int64_t)rows.n;
    TRY(list_of(cx, rows.v, rows.n, ret));
    for (size_t i = 0; i < ret->n; i++) {
        const struct dossier *told;
        TRY(dossier_as_told(cx, ret->v[i], &told));
        *ret->v[i] = *told;
    }
    return RC_OK;
}

enum rc dossiers_running(struct ctx *cx, int64_t after, size_t most, struct dossier_list *ret,
                         int64_t *broken)
{
    struct dossier_running_rows rows = {0};
    TRY(sql_dossier_running(cx, after, (int64_t)most, &rows));
    struct dossier **out = arena_array(cx->mem, struct dossier *, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        if (row_read(cx, ROW(&rows.v[i]), &out[i]) == RC_OK)
            continue;
        LOGE("recompute dossier=%lld detail=\"%s\"", (long long)rows.v[i].id, cx->err.detail);
        ctx_clear(cx);
        ++*broken;
    }
    *ret = (struct dossier_list){out, rows.n, rows.n ? rows.v[rows.n - 1].id : after};
    return RC_OK;
}
