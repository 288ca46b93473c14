/* register.c - form 06: the book of what a unit received in a span of days. */
#include "gen/letter_sql.h"
#include "letter/letter_priv.h"
#include "store/store.h"

static enum rc span_check(struct ctx *cx, const struct register_span *s)
{
    if (cx->who && !who_can(cx, cx->who, CAP_CASE_READ, s->unit->id))
        return FAIL(cx, FORBIDDEN, "unit", "not an officer of the unit");
    if (s->to < s->from || s->to - s->from >= REGISTER_DAYS_MAX)
        return FAIL(cx, INVALID, "to", "1 to %d days", REGISTER_DAYS_MAX);
    return RC_OK;
}

static struct str redated_text(struct ctx *cx, const struct dossier *d)
{
    struct json *args = json_new_obj(cx->mem);
    json_put_str(cx->mem, args, "day", day_text(cx->mem, d->promised.day));
    return msg_fill(cx, STR("letter.note.redated"), args);
}

struct str register_note(struct ctx *cx, const struct dossier *d)
{
    const struct str all[] = {
        d->is_late ? msg_get(cx->lang, STR("letter.timely.over")) : STR(""),
        d->redated ? redated_text(cx, d) : STR(""),
        d->supplements ? msg_get(cx->lang, STR("letter.note.supplement")) : STR("")};
    struct buf *b = buf_new(cx->mem, JSON_BYTES_MAX);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].n)
            buf_fmt(b, "%s%.*s", buf_str(b).n ? "; " : "", STR_ARG(all[i]));
    return buf_str(b);
}

static enum rc person_put(struct ctx *cx, const struct dossier *d, struct json *o)
{
    struct subject s = {.birth = INT32_MIN};
    json_put_str(cx->mem, o, "applicant",
                 d->is_anonymous       ? msg_get(cx->lang, STR("letter.anonymous"))
                 : d->applicant_name.p ? d->applicant_name
                                       : STR("–"));
    enum rc rc = d->is_anonymous ? RC_OK : subject_get(cx, d->applicant, &s);
    ctx_clear(cx);
    json_put_str(cx->mem, o, "phone", rc == RC_OK ? s.phone : STR(""));
    return rc == RC_OK || rc == RC_GONE ? RC_OK : rc;
}

int32_t register_due(const struct dossier *d)
{
    return d->redated || d->promised.day == INT32_MIN ? d->due : d->promised.day;
}

static enum rc row_add(struct ctx *cx, const struct dossier *d, struct json *rows)
{
    struct json *o = json_push(rows, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "n", str_fmt(cx->mem, "%zu", rows->n));
    json_put_str(cx->mem, o, "code", d->code);
    json_put_str(cx->mem, o, "service", label_text(cx, d->pack->name));
    json_put_str(cx->mem, o, "received", time_text(cx->mem, d->received_us));
    if (d->due != INT32_MIN)
        json_put_str(cx->mem, o, "due", day_text(cx->mem, register_due(d)));
    if (d->finished_us != TIME_NONE)
        json_put_str(cx->mem, o, "ended", time_text(cx->mem, d->finished_us));
    json_put_str(cx->mem, o, "state", label_text(cx, d->state->name));
    json_put_str(cx->mem, o, "note", register_note(cx, d));
    return person_put(cx, d, o);
}

static enum rc rows_put(struct ctx *cx, const struct register_span *s, struct json *rows,
                        int64_t *last)
{
    struct register_rows_rows ids = {0};
    TRY(sql_register_rows(cx, s->unit->id.v, day_start(s->from), day_start(s->to + 1),
                          REGISTER_ROWS_MAX + 1, &ids));
    if (ids.n > REGISTER_ROWS_MAX)
        return FAIL(cx, TOO_LARGE, "to", "over %d dossiers", REGISTER_ROWS_MAX);
    for (size_t i = 0; i < ids.n; i++) {
        struct dossier *d = NULL;
        TRY(dossier_by_id(cx, (struct dossier_id){ids.v[i].id}, &d));
        TRY(row_add(cx, d, rows));
        *last = d->version > *last ? d->version : *last;
    }
    return RC_OK;
}

/* The book is dated by the last thing that it tells, so that it is the same until more happens. */
static enum rc date_put(struct ctx *cx, const struct register_span *s, struct letter *l)
{
    struct event *ev = NULL;
    l->time_us = day_start(s->to + 1) - SECOND_US;
    if (l->of < 0)
        return RC_OK;
    TRY(ledger_event_get(cx, l->of, &ev));
    l->time_us = ev->time_us;
    return RC_OK;
}

enum rc register_issue(struct ctx *cx, const struct register_span *s, struct letter *ret)
{
    struct letter l = {.form = form_id(LETTER_REGISTER), .of = -1, .seq = -1};
    TRY(span_check(cx, s));
    struct json *f = fields_new(cx, s->unit);
    TRY(rows_put(cx, s, json_get(f, STR("rows")), &l.of));
    TRY(date_put(cx, s, &l));
    l.name = form_name(cx, l.form, NULL);
    l.number = str_fmt(cx->mem, "%.*s/%.*s", STR_ARG(s->unit->code),
                       STR_ARG(form_symbol(LETTER_REGISTER)));
    json_put_str(cx->mem, f, "code", s->unit->code);
    json_put_str(cx->mem, f, "from", day_text(cx->mem, s->from));
    json_put_str(cx->mem, f, "to", day_text(cx->mem, s->to));
    json_put_str(cx->mem, f, "day", letter_day(cx, day_of(l.time_us)));
    json_put_str(cx->mem, f, "total", number_text(cx, (int64_t)json_get(f, STR("rows"))->n));
    struct draft_letter dl = {
        .l = &l, .code = s->unit->code, .text = {.form = form_template(cx, LETTER_REGISTER)}};
    TRY(letter_print(cx, &dl, f));
    *ret = l;
    struct event ev = {.unit = s->unit->id};
    return letter_record(cx, &ev, RECORD_EACH, ret); /* many persons' data leaves the house */
}
