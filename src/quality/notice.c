/* notice.c - maintenance: announced a working day before, shown on every page. */
#include "app/app.h"
#include "calendar/calendar.h"
#include "gen/quality_sql.h"
#include "quality/quality_priv.h"
#include "store/store.h"
#include "text/i18n.h"

enum { BANNER_S = 10, BANNER_DAYS = 7, AHEAD_DAYS_MAX = 366, LISTED_MAX = 100 };

/* -- when it may be -- */

/* LAW: TT32/2017 11: at least one working day before. A working day is its office hours: told on
 * Friday at noon, it may begin on Monday at noon, and told on Saturday, on Monday evening. */
static bool is_told_in_time(struct ctx *cx, int64_t from_us)
{
    const struct calendar *cal = calendar_of(cx);
    int32_t day = calendar_next_working(cal, day_of(cx->now_us));
    int64_t whole = calendar_minutes(cal, day_start(day), day_start(day + 1));
    return calendar_minutes(cal, cx->now_us, from_us) >= whole;
}

int64_t maintenance_earliest(struct ctx *cx)
{
    int64_t low = cx->now_us / MINUTE_US, high = low + 60 * DAY_US / MINUTE_US;
    while (high - low > 1) { /* told in time at high, not at low */
        int64_t mid = low + (high - low) / 2;
        *(is_told_in_time(cx, mid * MINUTE_US) ? &high : &low) = mid;
    }
    return high * MINUTE_US;
}

static enum rc span_check(struct ctx *cx, const struct maintenance *m)
{
    if (m->to_us <= m->from_us)
        return FAIL(cx, INVALID, "to", "not later than from");
    if (m->to_us - m->from_us > MAINTENANCE_HOURS_MAX * HOUR_US)
        return FAIL(cx, INVALID, "to", "over %d hours", MAINTENANCE_HOURS_MAX);
    if (m->from_us > cx->now_us + AHEAD_DAYS_MAX * DAY_US)
        return FAIL(cx, INVALID, "from", "over a year ahead");
    if (!str_trim(m->reason_vi).n || utf8_len(m->reason_vi) > REASON_MAX ||
        utf8_len(m->reason_en) > REASON_MAX)
        return FAIL(cx, INVALID, "reason", "1 to %d characters", REASON_MAX);
    if (!is_told_in_time(cx, m->from_us))
        return FAIL(cx, STATE, "from", "less than one working day ahead");
    return RC_OK;
}

static enum rc others_check(struct ctx *cx, const struct maintenance *m)
{
    struct announced all;
    TRY(announced_from(cx, m->from_us, &all));
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].from < m->to_us && m->from_us < all.v[i].to)
            return FAIL(cx, STATE, "from", "over another one");
    return RC_OK;
}

enum rc maintenance_announce(struct ctx *cx, const struct maintenance *m, int64_t *seq)
{
    TRY(span_check(cx, m));
    TRY(db_begin(cx));
    TRY(others_check(cx, m));
    struct json *f = json_new_obj(cx->mem);
    json_put_int(cx->mem, f, "from", m->from_us);
    json_put_int(cx->mem, f, "to", m->to_us);
    struct json *reason = json_put(f, STR("reason"), json_new_obj(cx->mem));
    json_put_str(cx->mem, reason, "vi", str_trim(m->reason_vi));
    json_put_str(cx->mem, reason, "en", m->reason_en.n ? str_trim(m->reason_en) : STR(""));
    struct event ev = {.kind = EV_MAINTENANCE_ANNOUNCED, .facts = f};
    if (cx->who)
        ev.actor = cx->who->subject;
    TRY(ledger_append(cx, &ev));
    *seq = ev.seq;
    banners_forget(cx);
    return RC_OK;
}

enum rc maintenance_cancel(struct ctx *cx, int64_t seq)
{
    struct maintenance_from_row *row;
    TRY(db_begin(cx));
    TRY(sql_maintenance_find(cx, seq, &row));
    if (!row)
        return FAIL(cx, NOT_FOUND, "seq", "nothing was announced so");
    if (row->cancelled_us || row->from_us <= cx->now_us)
        return FAIL(cx, STATE, "seq", "cancelled before, or begun");
    struct json *f = json_new_obj(cx->mem);
    json_put_int(cx->mem, f, "announced", seq);
    struct event ev = {.kind = EV_MAINTENANCE_CANCELLED, .subject = seq, .facts = f};
    if (cx->who)
        ev.actor = cx->who->subject;
    banners_forget(cx);
    return ledger_append(cx, &ev);
}

/* -- looking -- */

enum rc announced_from(struct ctx *cx, int64_t from_us, struct announced *ret)
{
    struct maintenance_from_rows rows;
    TRY(sql_maintenance_from(cx, from_us, &rows));
    ret->v = arena_array(cx->mem, struct span_us, rows.n);
    ret->n = 0;
    for (size_t i = 0; i < rows.n; i++)
        if (!rows.v[i].cancelled_us)
            ret->v[ret->n++] = (struct span_us){rows.v[i].from_us, rows.v[i].to_us};
    return RC_OK;
}

static struct str reason_text(struct ctx *cx, const struct maintenance_from_row *r)
{
    return cx->lang == LANG_EN && r->reason_en.n ? r->reason_en : r->reason_vi;
}

static const char *state_of(struct ctx *cx, const struct maintenance_from_row *r)
{
    if (r->cancelled_us)
        return "cancelled";
    return cx->now_us < r->from_us ? "planned" : cx->now_us < r->to_us ? "running" : "over";
}

enum rc maintenance_list(struct ctx *cx, struct json **ret)
{
    struct maintenance_from_rows rows;
    struct json *list = json_new_arr(cx->mem);
    TRY(sql_maintenance_from(cx, 0, &rows));
    for (size_t i = 0; i < rows.n && i < LISTED_MAX; i++) {
        const struct maintenance_from_row *r = &rows.v[i];
        struct json *o = json_push(list, json_new_obj(cx->mem));
        const char *state = state_of(cx, r);
        struct str key = str_fmt(cx->mem, "quality.maintenance.%s", state);
        json_put_int(cx->mem, o, "seq", r->seq);
        json_put_str(cx->mem, o, "from", time_iso(cx->mem, r->from_us));
        json_put_str(cx->mem, o, "to", time_iso(cx->mem, r->to_us));
        json_put_str(cx->mem, o, "from_text", time_text(cx->mem, r->from_us));
        json_put_str(cx->mem, o, "to_text", time_text(cx->mem, r->to_us));
        json_put_str(cx->mem, o, "reason", reason_text(cx, r));
        json_put_str(cx->mem, o, "announced", time_iso(cx->mem, r->announced_us));
        json_put_str(cx->mem, o, "announced_text", time_text(cx->mem, r->announced_us));
        json_put_str(cx->mem, o, "state", str_from(state));
        json_put_str(cx->mem, o, "state_text", msg_get(cx->lang, key));
        json_put_bool(cx->mem, o, "can_cancel", strcmp(state, "planned") == 0);
    }
    *ret = list;
    return RC_OK;
}

/* -- on every page -- */

static void words_make(struct ctx *cx, struct banners *b, size_t i,
                       const struct maintenance_from_row *r)
{
    enum lang was = cx->lang;
    for (enum lang l = 0; l < LANG_COUNT; l++) {
        struct json *args = json_new_obj(cx->mem);
        cx->lang = l;
        json_put_str(cx->mem, args, "from", time_text(cx->mem, r->from_us));
        json_put_str(cx->mem, args, "to", time_text(cx->mem, r->to_us));
        json_put_str(cx->mem, args, "reason", reason_text(cx, r));
        struct str s = msg_fill(cx, STR("quality.banner"), args);
        snprintf(b->words[i][l], sizeof b->words[i][l], "%.*s", STR_ARG(s));
    }
    cx->lang = was;
}

static enum rc banners_read(struct ctx *cx, struct banners *ret)
{
    struct maintenance_from_rows rows;
    TRY(sql_maintenance_from(cx, cx->now_us, &rows));
    ret->n = 0;
    for (size_t i = rows.n; i-- > 0 && ret->n < BANNERS_MAX;) { /* the next one first */
        const struct maintenance_from_row *r = &rows.v[i];
        if (r->cancelled_us || r->from_us > cx->now_us + BANNER_DAYS * DAY_US)
            continue;
        words_make(cx, ret, ret->n, r);
        ret->times[ret->n++] = (struct span_us){r->from_us, r->to_us};
    }
    return RC_OK;
}

void banners_forget(struct ctx *cx)
{
    struct quality *q = cx->app->quality;
    if (!q)
        return;
    pthread_mutex_lock(&q->lock);
    q->banners_us = 0;
    q->eager_us = time_monotonic() + BANNER_S * SECOND_US;
    pthread_mutex_unlock(&q->lock);
}

/* A query each BANNER_S seconds, by whoever comes. What stands is kept when it fails. */
static void banners_renew(struct ctx *cx, struct quality *q)
{
    struct banners *fresh = arena_new_of(cx->mem, struct banners);
    struct err was = cx->err;
    if (banners_read(cx, fresh) == RC_OK) {
        pthread_mutex_lock(&q->lock);
        q->shown = *fresh;
        pthread_mutex_unlock(&q->lock);
    } else {
        LOGW("what is announced could not be read: %s", cx->err.detail);
    }
    cx->err = was;
}

static bool banners_are_old(struct quality *q)
{
    int64_t now = time_monotonic();
    pthread_mutex_lock(&q->lock);
    bool is_old =
        !q->banners_us || now - q->banners_us > BANNER_S * SECOND_US || now < q->eager_us;
    if (is_old)
        q->banners_us = now;
    pthread_mutex_unlock(&q->lock);
    return is_old;
}

static size_t banners_count(struct quality *q)
{
    pthread_mutex_lock(&q->lock);
    size_t n = q->shown.n;
    pthread_mutex_unlock(&q->lock);
    return n;
}

void banner_put(struct ctx *cx, struct json *view)
{
    struct quality *q = cx->app->quality;
    if (!q)
        return;
    if (banners_are_old(q))
        banners_renew(cx, q);
    if (!banners_count(q))
        return;
    struct banners *b = arena_new_of(cx->mem, struct banners);
    pthread_mutex_lock(&q->lock);
    *b = q->shown;
    pthread_mutex_unlock(&q->lock);
    struct json *list = NULL;
    for (size_t i = 0; i < b->n; i++) {
        if (b->times[i].to <= cx->now_us)
            continue;
        if (!list)
            list = json_put(view, STR("maintenance_notices"), json_new_arr(cx->mem));
        json_push(list, json_new_str(cx->mem, str_from(b->words[i][cx->lang])));
    }
}
