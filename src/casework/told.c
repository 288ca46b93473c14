/* told.c - dates in words: why a day is due, what was promised before, what was warned of. */
#include "app/app.h"
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"

static struct str word(struct ctx *cx, const char *family, struct str one)
{
    return msg_get(cx->lang, str_fmt(cx->mem, "%s.%.*s", family, STR_ARG(one)));
}

static void day_put(struct ctx *cx, struct json *o, const char *key, int32_t day)
{
    json_put_str(cx->mem, o, key, day_iso(cx->mem, day));
    json_put_str(cx->mem, o, str_fmt(cx->mem, "%s_text", key).p, day_text(cx->mem, day));
}

/* -- one explained date, for people -- */

/* "3", or with hours the time counted that day: "3:30". */
static struct str count_text(struct ctx *cx, const struct json *d)
{
    int64_t n = json_int(d, "n", 0), minutes = json_int(d, "minutes", 0);
    if (minutes)
        return str_fmt(cx->mem, "%lld:%02lld", (long long)minutes / 60,
                       (long long)minutes % 60);
    return n ? str_fmt(cx->mem, "%lld", (long long)n) : STR("");
}

static void days_tell(struct ctx *cx, const struct json *days, int *off, int *paused)
{
    JSON_EACH (days, d) {
        int32_t day = 0;
        struct str kind = json_str(d, "kind");
        if (!day_parse(json_str(d, "day"), &day))
            continue;
        bool counts = json_get(d, STR("n")) != NULL;
        *paused += str_eq(kind, STR("pause"));
        *off += !counts && (str_eq(kind, STR("weekend")) || str_eq(kind, STR("holiday")) ||
                            str_eq(kind, STR("compensation")));
        json_put_str(cx->mem, d, "day_text", day_text(cx->mem, day));
        json_put_str(cx->mem, d, "weekday_text",
                     msg_get(cx->lang, str_fmt(cx->mem, "weekday.%d", day_weekday(day))));
        json_put_str(cx->mem, d, "kind_text", word(cx, "due.kind", kind));
        json_put_bool(cx->mem, d, "is_counted", counts);
        json_put_str(cx->mem, d, "number", count_text(cx, d));
        if (!json_get(d, STR("name")))
            json_put_str(cx->mem, d, "name", STR(""));
    }
}

struct str budget_text(struct ctx *cx, struct budget b)
{
    struct json *args = json_new_obj(cx->mem);
    json_put_int(cx->mem, args, "n", b.n);
    const char *key = b.n == 0        ? "due.budget.same_day"
                      : b.unit == 'h' ? "due.budget.wh"
                      : b.unit == 'c' ? "due.budget.cd"
                                      : "due.budget.wd";
    return msg_fill(cx, str_from(key), args);
}

void explain_tell(struct ctx *cx, struct budget b, struct json *explain)
{
    int off = 0, paused = 0;
    int32_t t0 = 0, due = 0;
    int64_t start = 0, end = 0;
    struct json *args = json_new_obj(cx->mem);
    days_tell(cx, json_get(explain, STR("days")), &off, &paused);
    bool has_t0 = day_parse(json_str(explain, "t0"), &t0);
    if (!time_parse(json_str(explain, "start"), &start) ||
        !day_parse(json_str(explain, "due"), &due) ||
        !time_parse(json_str(explain, "due_time"), &end))
        return;
    json_put_str(cx->mem, args, "start", time_text(cx->mem, start));
    json_put_str(cx->mem, args, "t0", has_t0 ? day_text(cx->mem, t0) : STR("—"));
    json_put_str(cx->mem, args, "due",
                 b.unit == 'h' ? time_text(cx->mem, end) : day_text(cx->mem, due));
    json_put_str(cx->mem, args, "budget", budget_text(cx, b));
    json_put_str(cx->mem, args, "cutoff", json_str(explain, "cutoff"));
    json_put_int(cx->mem, args, "off", off);
    json_put_int(cx->mem, args, "paused", paused);
    bool shifted = has_t0 && t0 != day_of(start);
    const char *key = b.unit == 'h' ? "due.say.hours"
                      : b.n == 0    ? "due.say.same_day"
                      : shifted     ? "due.say.shifted"
                                    : "due.say.plain";
    json_put_str(cx->mem, explain, "due_text", json_str(args, "due"));
    json_put_str(cx->mem, explain, "text", msg_fill(cx, str_from(key), args));
    json_put_bool(cx->mem, explain, "has_pause", paused > 0);
    if (paused)
        json_put_str(cx->mem, explain, "pause_text", msg_fill(cx, STR("due.say.paused"), args));
}

struct str standing_text(struct ctx *cx, bool anew, struct str due)
{
    struct json *args = json_new_obj(cx->mem);
    json_put_str(cx->mem, args, "due", due);
    return msg_fill(cx, anew ? STR("due.standing.anew") : STR("due.standing"), args);
}

/* -- what was told before -- */

static struct str clock_name(struct ctx *cx, struct str id)
{
    struct str key = str_fmt(cx->mem, "due.clock.%.*s", STR_ARG(id));
    struct str text = msg_get(cx->lang, key);
    return str_eq(text, key) ? id : text;
}

static struct json *redating_args(struct ctx *cx, const struct json *detail)
{
    struct json *o = json_new_obj(cx->mem);
    day_put(cx, o, "due_old", (int32_t)json_int(detail, "due_old", 0));
    day_put(cx, o, "due_new", (int32_t)json_int(detail, "due_new", 0));
    json_put_str(cx->mem, o, "cause", json_str(detail, "cause"));
    json_put_str(cx->mem, o, "cause_text", word(cx, "due.cause", json_str(detail, "cause")));
    json_put_str(cx->mem, o, "clock", json_str(detail, "clock"));
    /* an apology moves what is promised and never the law's day */
    bool promised = str_eq(json_str(detail, "cause"), STR("apology"));
    json_put_str(cx->mem, o, "clock_text",
                 clock_name(cx, promised ? STR("promised") : json_str(detail, "clock")));
    return o;
}

/* The flow whose clocks that event counted: the version that the dossier had then. */
static const struct flow *flow_then(struct ctx *cx, const struct dossier *d,
                                    const struct event *ev)
{
    const struct json *to =
        ev->kind == EV_DOSSIER_MIGRATED ? json_get(ev->facts, STR("to")) : NULL;
    const struct pack *p = pack_version(cx, to ? to->s : ev->pack);
    return p && p->flow ? p->flow : d->pack->flow;
}

/* The office's promise where the flow makes one, else the law's day, as that event counted them. */
static bool due_then(const struct flow *f, const struct json *facts, int32_t *ret)
{
    size_t told = 0;
    for (size_t i = 0; i < f->nclocks; i++)
        if (str_eq(f->clocks[i].id, STR("promise")))
            told = i;
    const struct json *end = json_at(json_get(facts, STR("ends")), told);
    int64_t day =
        end && end->kind == JSON_INT ? due_at(end->i).day : json_int(facts, "due", INT32_MIN);
    *ret = (int32_t)day;
    return day != INT32_MIN;
}

enum rc due_said(struct ctx *cx, const struct dossier *d, int64_t seq, struct str *ret)
{
    struct event *ev = NULL;
    int32_t day = d->due;
    TRY(ledger_event_get(cx, seq, &ev));
    bool is_known = due_then(flow_then(cx, d, ev), ev->facts, &day) || d->due != INT32_MIN;
    *ret = is_known ? day_text(cx->mem, day == INT32_MIN ? d->due : day) : STR("—");
    return RC_OK;
}

/* A day that was told and no longer holds: by an apology, another calendar, another version. */
static bool is_redating(struct str kind)
{
    enum event_kind k = event_parse(kind);
    return k == EV_DOSSIER_REDATED || k == EV_DOSSIER_MIGRATED;
}

enum rc detail_put(struct ctx *cx, struct str kind, struct str detail, struct json *o)
{
    struct json *v = NULL;
    if (!detail.p)
        return RC_OK;
    TRY(json_parse(cx, detail, &v));
    if (is_redating(kind)) {
        struct json *args = redating_args(cx, v);
        bool is_date = !str_eq(json_str(v, "clock"), STR("warning"));
        json_put_str(cx->mem, o, "detail",
                     msg_fill(cx, is_date ? STR("due.redated") : STR("due.reminded"), args));
        JSON_EACH (args, a)
            json_put(o, a->key, json_copy(cx->mem, a));
    }
    if (event_parse(kind) != EV_DOSSIER_WARNED)
        return RC_OK;
    struct buf *b = buf_new(cx->mem, JSON_BYTES_MAX);
    JSON_EACH (json_get(v, STR("did")), did) {
        if (buf_str(b).n)
            buf_put(b, STR("; "));
        buf_put(b, word(cx, "due.did", did->s));
    }
    json_put_str(cx->mem, o, "detail", buf_str(b));
    return RC_OK;
}

/* A day promised anew by an apology has no clock: it stands beside the law's. */
static bool is_of_clock(const struct json *c, const struct json *first, struct str clock)
{
    return str_eq(json_str(c, "id"), clock) || (c == first && str_eq(clock, STR("promised")));
}

static enum rc was_put(struct ctx *cx, const struct dossier *d, struct json *clocks)
{
    struct entries_of_rows rows = {0};
    TRY(sql_entries_of(cx, d->id.v, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct json *v = NULL, *words = NULL;
        if (!is_redating(rows.v[i].kind) || !rows.v[i].detail.p)
            continue;
        TRY(json_parse(cx, rows.v[i].detail, &v));
        if (rows.v[i].words.p)
            TRY(json_parse(cx, rows.v[i].words, &words));
        struct json *was = redating_args(cx, v);
        json_put_str(cx->mem, was, "time", time_iso(cx->mem, rows.v[i].time_us));
        json_put_str(cx->mem, was, "time_text", time_text(cx->mem, rows.v[i].time_us));
        json_put_str(cx->mem, was, "reason",
                     json_get(words, STR("reason")) ? json_str(words, "reason") : STR(""));
        JSON_EACH (clocks, c)
            if (is_of_clock(c, clocks->first, json_str(v, "clock")))
                json_push(json_get(c, STR("was")), was);
    }
    return RC_OK;
}

static enum rc run_tell(struct ctx *cx, const struct dossier *d, size_t i, struct json *list)
{
    const struct flow_clock *fc = &d->pack->flow->clocks[i];
    const struct clock_run *c = &d->clocks[i];
    struct json *o = json_push(list, json_new_obj(cx->mem)), *explain = NULL;
    int64_t now = c->stop_us == TIME_NONE ? cx->now_us : c->stop_us;
    struct budget b = flow_clock_budget(fc, d->entries);
    struct due_question q = clock_question(d, i, now);
    bool open = c->npauses && c->pauses[c->npauses - 1].to_us == TIME_NONE;
    TRY(calendar_explain(cx, calendar_for(cx, d->unit), &q, &explain));
    explain_tell(cx, b, explain);
    json_put_str(cx->mem, o, "id", fc->id);
    json_put_str(cx->mem, o, "name", clock_name(cx, fc->id));
    json_put_str(cx->mem, o, "start", time_iso(cx->mem, c->start_us));
    json_put_str(cx->mem, o, "due", json_str(explain, "due"));
    json_put_str(cx->mem, o, "due_time", json_str(explain, "due_time"));
    json_put_bool(cx->mem, o, "stopped", c->stop_us != TIME_NONE);
    bool paused = open && c->stop_us == TIME_NONE;
    json_put_bool(cx->mem, o, "paused", paused);
    json_put_bool(cx->mem, o, "begins_anew", clock_begins_anew(d, i));
    if (paused)
        json_put_str(cx->mem, o, "standing_text",
                     standing_text(cx, clock_begins_anew(d, i), json_str(explain, "due_text")));
    json_put_bool(cx->mem, o, "late", c->is_late || run_is_over(c, cx->now_us));
    json_put(o, STR("explain"), explain);
    json_put(o, STR("was"), json_new_arr(cx->mem));
    return RC_OK;
}

enum rc dossier_due_explain(struct ctx *cx, const struct dossier *d, struct json **ret)
{
    struct json *o = json_new_obj(cx->mem);
    if (dossier_is_own(cx, d))
        TRY(dossier_as_told(cx, d, &d));
    json_put_str(cx->mem, o, "code", d->code);
    if (d->promised.day != INT32_MIN)
        day_put(cx, o, "promised", d->promised.day);
    json_put_bool(cx->mem, o, "redated", d->redated != 0);
    struct json *list = json_put(o, STR("clocks"), json_new_arr(cx->mem));
    for (size_t i = 0; i < d->pack->flow->nclocks; i++)
        if (d->clocks[i].start_us != TIME_NONE)
            TRY(run_tell(cx, d, i, list));
    TRY(was_put(cx, d, list));
    *ret = o;
    return RC_OK;
}

/* -- in lists and beside the due day -- */

static int percent_warned(const struct dossier *d)
{
    const struct flow_late *late = &d->pack->flow->late;
    int most = 0;
    for (size_t i = 0; i < late->n; i++)
        if ((d->warned & (1u << i)) && late->percent[i] > most)
            most = late->percent[i];
    return most;
}

void late_put(struct ctx *cx, const struct dossier *d, struct json *o)
{
    bool open = d->finished_us == TIME_NONE && d->clocks[0].start_us != TIME_NONE;
    int percent = open ? percent_warned(d) : 0;
    struct json *args = json_new_obj(cx->mem);
    json_put_int(cx->mem, args, "percent", percent);
    json_put_int(cx->mem, o, "warned", percent);
    json_put_bool(cx->mem, o, "is_warned", percent > 0);
    json_put_str(cx->mem, o, "warned_text",
                 percent ? msg_fill(cx, STR("due.warned"), args) : STR(""));
    json_put_bool(cx->mem, o, "is_escalated", open && d->escalated != 0);
    json_put_bool(cx->mem, o, "is_escalated_to_me",
                  open && cx->who && d->escalated && d->escalated == cx->who->account);
    json_put_bool(cx->mem, o, "is_redated", d->redated != 0);
    json_put_bool(cx->mem, o, "has_apology_draft",
                  open && !d->redated && (d->warned & (1u << LATE_APOLOGY)));
    if (d->promised.day != INT32_MIN)
        day_put(cx, o, "promised", d->promised.day);
    /* beside the law's day, unless it is that or moves with each day of waiting */
    json_put_bool(cx->mem, o, "has_promise",
                  d->promised.day != INT32_MIN && d->due != INT32_MIN && !d->redated &&
                      d->promised.day != d->due && !clock_is_paused(d));
}
