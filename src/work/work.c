/* work.c - lists of a unit's dossiers, what a day asks for, what was handed over. */
#include "gen/work_sql.h"
#include "store/store.h"
#include "text/i18n.h"
#include "work/work.h"

enum {
    LIST_QUIET_MIN = 10,
    GIVEN_MAX = 20,
    DUE_NONE = INT32_MAX /* in the table: what has no due day sorts last */
};

static const char *const names[INBOX_COUNT] = {
    [INBOX_MINE] = "mine",       [INBOX_FREE] = "free", [INBOX_UNIT] = "unit",
    [INBOX_LATE] = "late",       [INBOX_BACK] = "back", [INBOX_ASKED] = "asked",
    [INBOX_APOLOGY] = "apology", [INBOX_DONE] = "done"};

const char *inbox_name(enum inbox box)
{
    return names[box];
}

bool inbox_parse(struct str name, enum inbox *ret)
{
    for (int i = 0; i < INBOX_COUNT; i++)
        if (str_eq(name, str_from(names[i]))) {
            *ret = (enum inbox)i;
            return true;
        }
    return false;
}

/* -- a query as its parameters -- */

struct filter {
    int64_t holder, roles, late, from, to, back, running, mark;
    struct str procedure, like;
};

/* For LIKE: the folded text anywhere, with its own % _ \ shielded. */
static struct str like_of(struct ctx *cx, struct str text)
{
    enum { TEXT_MAX = 100 };
    text = text_fold(cx->mem, utf8_cut(str_trim(text), TEXT_MAX));
    if (!text.n)
        return STR("");
    struct buf *b = buf_new(cx->mem, text.n * 2 + 2);
    buf_putc(b, '%');
    for (size_t i = 0; i < text.n; i++) {
        if (strchr("%_\\", text.p[i]))
            buf_putc(b, '\\');
        buf_putc(b, text.p[i]);
    }
    buf_putc(b, '%');
    return buf_str(b);
}

static unsigned roles_in(const struct ctx *cx, struct unit_id unit)
{
    unsigned roles = 0;
    for (size_t i = 0; i < cx->who->ngrants; i++)
        if (cx->who->grants[i].unit.v == unit.v)
            roles |= 1u << cx->who->grants[i].role;
    return roles;
}

/* With any bound, what has no due day is left out. */
static struct filter filter_of(struct ctx *cx, const struct dossier_query *q)
{
    struct filter f = {.holder = -1,
                       .late = q->box == INBOX_LATE ? day_of(cx->now_us) : 0,
                       .from = q->due_from ? q->due_from : INT32_MIN,
                       .to = q->due_to     ? q->due_to
                             : q->due_from ? DUE_NONE - 1
                                           : DUE_NONE,
                       .back = q->box == INBOX_BACK,
                       .mark = q->box == INBOX_APOLOGY ? 1 << LATE_APOLOGY : 0,
                       .running = q->due_from || q->due_to,
                       .procedure = q->procedure.p ? q->procedure : STR(""),
                       .like = like_of(cx, q->text)};
    if (q->holder)
        f.holder = q->holder;
    if (q->box == INBOX_MINE)
        f.holder = cx->who->account;
    if (q->box == INBOX_FREE) {
        f.holder = 0;
        f.roles = roles_in(cx, q->unit);
    }
    return f;
}

static int64_t limit_of(size_t asked)
{
    return asked && asked < LIST_MAX ? (int64_t)asked : LIST_MAX;
}

/* -- lists -- */

/* A row is the dossier's id; the rest is asked for by key. */
static enum rc list_of(struct ctx *cx, const int64_t *ids, size_t n, struct dossier_list *ret)
{
    _Static_assert(sizeof(struct dossier_inbox_page_row) == sizeof *ids &&
                       sizeof(struct dossier_done_page_row) == sizeof *ids &&
                       sizeof(struct work_asked_page_row) == sizeof *ids,
                   "rows are ids");
    ret->v = arena_array(cx->mem, struct dossier *, n);
    ret->n = n;
    for (size_t i = 0; i < n; i++)
        TRY(dossier_by_id(cx, (struct dossier_id){ids[i]}, &ret->v[i]));
    return RC_OK;
}

static enum rc list_done(struct ctx *cx, const struct dossier_query *q,
                         struct dossier_list *ret)
{
    int64_t before = INT64_MAX, id = INT64_MAX;
    struct filter f = filter_of(cx, q);
    struct dossier_place_row *place = NULL;
    struct dossier_done_page_rows rows = {0};
    if (q->after)
        TRY(sql_dossier_place(cx, q->after, &place));
    if (place && place->finished_us != DB_NULL) {
        before = place->finished_us;
        id = q->after;
    }
    TRY(sql_dossier_done_page(cx, q->unit.v, f.holder, f.procedure, f.like, f.from, f.to,
                              before, id, limit_of(q->limit), &rows));
    return list_of(cx, rows.n ? &rows.v->id : NULL, rows.n, ret);
}

static enum rc list_open(struct ctx *cx, const struct dossier_query *q,
                         struct dossier_list *ret)
{
    struct filter f = filter_of(cx, q);
    struct dossier_place_row *place = NULL;
    struct dossier_inbox_page_rows rows = {0};
    if (q->after)
        TRY(sql_dossier_place(cx, q->after, &place));
    TRY(sql_dossier_inbox_page(cx, q->unit.v, f.holder, f.roles, f.procedure, f.like, f.late,
                               f.from, f.to, f.back, place ? place->due : INT32_MIN,
                               place ? q->after : 0, limit_of(q->limit), f.running, f.mark,
                               &rows));
    return list_of(cx, rows.n ? &rows.v->id : NULL, rows.n, ret);
}

static enum rc list_asked(struct ctx *cx, const struct dossier_query *q,
                          struct dossier_list *ret)
{
    struct filter f = filter_of(cx, q);
    struct work_asked_place_row *place = NULL;
    struct work_asked_page_rows rows = {0};
    if (q->after)
        TRY(sql_work_asked_place(cx, q->unit.v, q->after, &place));
    TRY(sql_work_asked_page(cx, q->unit.v, f.procedure, f.like, place ? place->due : INT32_MIN,
                            place ? q->after : 0, limit_of(q->limit), &rows));
    return list_of(cx, rows.n ? &rows.v->id : NULL, rows.n, ret);
}

static enum rc list_get(struct ctx *cx, const struct dossier_query *q, struct dossier_list *ret)
{
    if (q->box == INBOX_ASKED)
        return list_asked(cx, q, ret);
    return q->box == INBOX_DONE ? list_done(cx, q, ret) : list_open(cx, q, ret);
}

static enum rc reader_check(struct ctx *cx, struct unit_id unit)
{
    if (!cx->who || !who_can(cx, cx->who, CAP_CASE_READ, unit))
        return FAIL(cx, FORBIDDEN, "unit", "not an officer of the unit");
    return RC_OK;
}

/* LAW: TT01/2018 9 - the register of dossiers (form 06) is what names applicants beside their
 * dossiers; a list is such a look into it. No person is named in the entry: who was on the list
 * at that time, the ledger can say again. */
static enum rc list_journal(struct ctx *cx, const struct dossier_query *q)
{
    struct list_read_of_row *last = NULL;
    TRY(sql_list_read_of(cx, q->unit.v, cx->who->subject.v, &last));
    if (last && cx->now_us - last->read_us < LIST_QUIET_MIN * MINUTE_US)
        return RC_OK;
    struct event ev = {.kind = EV_DATA_READ,
                       .actor = cx->who->subject,
                       .unit = q->unit,
                       .purpose = STR("list of the unit's dossiers"),
                       .law = STR("Thông tư 01/2018/TT-VPCP, Điều 9"),
                       .facts = json_new_obj(cx->mem)};
    json_put_str(cx->mem, ev.facts, "list", str_from(inbox_name(q->box)));
    json_put_bool(cx->mem, ev.facts, "search", q->text.n > 0);
    TRY(db_begin(cx));
    return ledger_append(cx, &ev);
}

enum rc dossier_inbox(struct ctx *cx, const struct dossier_query *q, struct dossier_list *ret)
{
    TRY(reader_check(cx, q->unit));
    TRY(list_journal(cx, q));
    TRY(list_get(cx, q, ret));
    return dossier_inbox_total(cx, q, &ret->total);
}

enum rc dossier_inbox_total(struct ctx *cx, const struct dossier_query *q, int64_t *ret)
{
    struct dossier_inbox_count_row open = {0};
    struct dossier_done_count_row done = {0};
    struct work_asked_count_row asked = {0};
    TRY(reader_check(cx, q->unit));
    struct filter f = filter_of(cx, q);
    if (q->box == INBOX_DONE)
        TRY(sql_dossier_done_count(cx, q->unit.v, f.holder, f.procedure, f.like, f.from, f.to,
                                   LIST_TOTAL_MAX, &done));
    else if (q->box == INBOX_ASKED)
        TRY(sql_work_asked_count(cx, q->unit.v, f.procedure, f.like, LIST_TOTAL_MAX, &asked));
    else
        TRY(sql_dossier_inbox_count(cx, q->unit.v, f.holder, f.roles, f.procedure, f.like,
                                    f.late, f.from, f.to, f.back, LIST_TOTAL_MAX, f.running,
                                    f.mark, &open));
    *ret = open.total + done.total + asked.total;
    return RC_OK;
}

enum rc dossier_inbox_next(struct ctx *cx, const struct dossier_query *q, struct dossier **ret)
{
    struct dossier_list list = {0};
    struct dossier_query one = *q;
    *ret = NULL;
    TRY(reader_check(cx, q->unit));
    one.limit = 1;
    TRY(list_get(cx, &one, &list));
    if (!list.n && q->after) {
        one.after = 0;
        TRY(list_get(cx, &one, &list));
    }
    if (list.n && list.v[0]->id.v != q->after)
        *ret = list.v[0];
    return RC_OK;
}

/* -- the day -- */

enum rc work_day_get(struct ctx *cx, struct unit_id unit, struct work_day *ret)
{
    enum { SUNDAY = 6 };
    struct work_day_row r = {0};
    TRY(reader_check(cx, unit));
    int32_t today = day_of(cx->now_us);
    TRY(sql_work_day(cx, unit.v, cx->who->account, roles_in(cx, unit), today,
                     today + SUNDAY - day_weekday(today), LIST_TOTAL_MAX, 1 << LATE_APOLOGY,
                     &r));
    ret->unit = (struct work_count){r.over, r.today, r.week, r.waiting, r.back, r.apologies};
    ret->free = r.free;
    TRY(dossier_inbox_total(cx, &(struct dossier_query){.unit = unit, .box = INBOX_ASKED},
                            &ret->asked));
    ret->mine = (struct work_count){r.my_over,    r.my_today, r.my_week,
                                    r.my_waiting, r.my_back,  r.my_apologies};
    return RC_OK;
}

/* -- who holds what -- */

static enum rc given_view(struct ctx *cx, const struct work_to_row *r, struct json *o)
{
    struct dossier *d = NULL;
    struct subject by;
    struct officer_list officers = {0};
    struct json *words = NULL;
    TRY(dossier_by_id(cx, (struct dossier_id){r->dossier}, &d));
    TRY(officers_of(cx, d->unit->id, &officers));
    if (r->words.p)
        TRY(json_parse(cx, r->words, &words));
    bool known = subject_get(cx, (struct subject_id){r->actor}, &by) == RC_OK;
    ctx_clear(cx);
    json_put_str(cx->mem, o, "code", dossier_handle(cx, d));
    json_put_str(cx->mem, o, "name", label_text(cx, d->pack->name));
    json_put_str(cx->mem, o, "time_text", time_text(cx->mem, r->time_us));
    json_put_str(cx->mem, o, "by", known ? by.name : STR("—"));
    json_put_str(cx->mem, o, "to", STR("—"));
    for (size_t i = 0; i < officers.n; i++)
        if (officers.v[i].account == r->holder)
            json_put_str(cx->mem, o, "to", officers.v[i].name);
    struct str reason = json_str(words, "reason");
    json_put_str(cx->mem, o, "reason", reason.p ? reason : STR(""));
    return RC_OK;
}

enum rc work_given(struct ctx *cx, bool by_me, int64_t since_us, struct json **ret)
{
    struct work_to_rows to = {0};
    struct work_by_rows by = {0};
    struct json *list = json_new_arr(cx->mem);
    int64_t account = cx->who->account, me = cx->who->subject.v;
    if (by_me)
        TRY(sql_work_by(cx, account, since_us, me, GIVEN_MAX, &by));
    else
        TRY(sql_work_to(cx, account, since_us, me, GIVEN_MAX, &to));
    for (size_t i = 0; i < to.n; i++)
        TRY(given_view(cx, &to.v[i], json_push(list, json_new_obj(cx->mem))));
    for (size_t i = 0; i < by.n; i++) {
        const struct work_by_row *r = &by.v[i];
        const struct work_to_row same = {r->dossier, r->time_us, r->actor, r->holder, r->words};
        TRY(given_view(cx, &same, json_push(list, json_new_obj(cx->mem))));
    }
    *ret = list;
    return RC_OK;
}

/* -- the journal's fold -- */

static enum rc work_apply(struct ctx *cx, const struct event *ev)
{
    if (ev->kind != EV_DATA_READ || !json_str(ev->facts, "list").p)
        return RC_OK;
    return sql_list_read_put(cx, ev->unit.v, ev->actor.v, ev->time_us);
}

static const char *const tables[] = {"list_read", NULL};
const struct ledger_subscriber work_subscriber = {"work", work_apply, tables};
