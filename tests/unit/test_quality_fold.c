/* test_quality_fold.c - looks, gaps, maintenance and walks through forms, folded and read. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "base/map.h"
#include "calendar/calendar.h"
#include "casework_help.h"
#include "quality/quality_priv.h"

#define AT(d, h, m) (day_start(day_make(2026, 6, d)) + (h)*HOUR_US + (m)*MINUTE_US)

static int begin_with(void **state, const char *pack)
{
    struct desk *k = desk_open(pack);
    assert_int_equal(quality_open(as(k, ""), &k->office.app.quality), RC_OK);
    *state = k;
    return 0;
}

static int begin(void **state)
{
    return begin_with(state, NULL);
}

static int begin_petition(void **state)
{
    return begin_with(state, "petition");
}

#define QUALITY(f) cmocka_unit_test_setup_teardown(f, begin, desk_end)

/* -- looks -- */

/* A round each 5 minutes, as the job would append it: lines of this node's pages. */
static void round_at(struct desk *k, int64_t us, const char *pages)
{
    struct ctx *cx = as(k, "");
    struct json *f = json_new_obj(cx->mem), *sites;
    struct announced times;
    bool is_announced = false;
    cx->now_us = us;
    assert_int_equal(json_parse(cx, str_fmt(cx->mem, "{\"-\":%s}", pages), &sites), RC_OK);
    assert_int_equal(announced_from(cx, us, &times), RC_OK);
    for (size_t i = 0; i < times.n; i++)
        is_announced = is_announced || (us >= times.v[i].from && us < times.v[i].to);
    json_put_int(cx->mem, f, "every", 300);
    json_put_bool(cx->mem, f, "announced", is_announced);
    json_put(f, STR("sites"), sites);
    struct event ev = {.kind = EV_PORTAL_PROBED, .facts = f};
    assert_int_equal(ledger_append(cx, &ev), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    k->now_us = us;
}

static struct uptime uptime_on(struct desk *k, const char *page, int from, int to)
{
    struct uptime u;
    assert_int_equal(uptime_get(as(k, ""), STR(""), str_from(page), day_make(2026, 6, from),
                                day_make(2026, 6, to), &u),
                     RC_OK);
    return u;
}

static void looks_add_up(void **state)
{
    struct desk *k = *state;
    round_at(k, AT(1, 10, 0), "[\"/ 200 10\",\"/a 200 50\"]");
    round_at(k, AT(1, 10, 5), "[\"/ 200 20\",\"/a 500 60\"]");
    round_at(k, AT(1, 10, 10), "[\"/ 303 30\",\"/a 0 0\"]");
    struct uptime u = uptime_on(k, "/", 1, 1);
    assert_int_equal(u.looks, 3);
    assert_int_equal(u.up, 3);        /* being sent elsewhere is an answer */
    assert_int_equal(u.p50_us, 2000); /* 20 tenths of a millisecond */
    assert_int_equal(u.p95_us, 3000);
    u = uptime_on(k, "/a", 1, 1);
    assert_int_equal(u.looks, 3);
    assert_int_equal(u.up, 1);
    assert_int_equal(u.p50_us, 5000); /* what did not answer took no time */
    u = uptime_on(k, "/never", 1, 1);
    assert_int_equal(u.looks, 0);
    assert_true(u.p50_us == DB_NULL);
    u = uptime_on(k, "/", 2, 2);
    assert_int_equal(u.looks, 0);
}

static void a_day_is_of_viet_nam(void **state)
{
    struct desk *k = *state;
    round_at(k, AT(1, 23, 55), "[\"/ 200 1\"]");
    round_at(k, AT(2, 0, 0), "[\"/ 200 1\"]");
    assert_int_equal(uptime_on(k, "/", 1, 1).looks, 1);
    assert_int_equal(uptime_on(k, "/", 2, 2).looks, 1);
    assert_int_equal(uptime_on(k, "/", 1, 2).looks, 2);
}

/* Down from 10:00 to 10:30: 10:05 … 10:25 were missed. */
static void a_gap_counts_as_down(void **state)
{
    struct desk *k = *state;
    round_at(k, AT(1, 10, 0), "[\"/ 200 1\"]");
    round_at(k, AT(1, 10, 30), "[\"/ 200 1\",\"/new 200 1\"]");
    struct uptime u = uptime_on(k, "/", 1, 1);
    assert_int_equal(u.looks, 2 + 5);
    assert_int_equal(u.up, 2);
    u = uptime_on(k, "/new", 1, 1); /* it was not there yet */
    assert_int_equal(u.looks, 1);
    round_at(k, AT(1, 10, 37), "[\"/ 200 1\"]"); /* late, but no gap */
    assert_int_equal(uptime_on(k, "/", 1, 1).looks, 8);
}

/* Looks are asked for every 300 seconds, then every 5: while nobody looked, the longer counts. */
static void another_interval_missed_nothing(void **state)
{
    struct desk *k = *state;
    struct str nobody = STR("http://127.0.0.1:1");
    const char *page = str_z(k->mem, service_page(as(k, ""), k->office.pack, ""));
    k->office.app.settings.quality_probe_s = 300;
    k->now_us = AT(1, 10, 0);
    assert_int_equal(probe_round(as(k, ""), nobody), RC_OK);
    k->office.app.settings.quality_probe_s = 5;
    k->now_us = AT(1, 10, 10);
    assert_int_equal(probe_round(as(k, ""), nobody), RC_OK);
    assert_int_equal(uptime_on(k, page, 1, 1).looks, 2 + 1); /* 10:05 */
    k->now_us = AT(1, 10, 11);
    assert_int_equal(probe_round(as(k, ""), nobody), RC_OK);
    assert_int_equal(uptime_on(k, page, 1, 1).looks, 3 + 1 + 11); /* of one minute, each 5 s */
}

static void a_gap_over_midnight_belongs_to_both_days(void **state)
{
    struct desk *k = *state;
    round_at(k, AT(1, 23, 40), "[\"/ 200 1\"]");
    round_at(k, AT(2, 0, 20), "[\"/ 200 1\"]");
    assert_int_equal(uptime_on(k, "/", 1, 1).looks, 1 + 3); /* 23:45 23:50 23:55 */
    assert_int_equal(uptime_on(k, "/", 2, 2).looks, 1 + 4); /* 00:00 … 00:15 */
    assert_int_equal(uptime_on(k, "/", 1, 2).looks, 9);
}

static void a_year_is_added_up_already(void **state)
{
    struct desk *k = *state;
    struct uptime u;
    for (int d = 1; d <= 3; d++) {
        round_at(k, AT(d, 10, 0), "[\"/ 200 10\"]");
        round_at(k, AT(d, 10, 5), "[\"/ 500 10\"]");
    }
    struct ctx *cx = as(k, "");
    assert_int_equal(uptime_get(cx, STR(""), STR("/"), year_begin(cx), day_of(cx->now_us), &u),
                     RC_OK);
    assert_int_equal(u.up, 3);
    struct uptime days = uptime_on(k, "/", 1, 3);
    assert_int_equal(u.looks, days.looks);
    assert_int_equal(u.up, days.up);
    assert_int_equal(u.p95_us, days.p95_us);
}

static void a_look_that_cannot_be_read_is_refused(void **state)
{
    struct desk *k = *state;
    static const char *const bad[] = {"[\"/\"]", "[\"/ 200\"]", "[\"/ ok 1\"]", "[\"/ 200 x\"]",
                                      "[\"\"]"};
    for (size_t i = 0; i < ROWS(bad); i++) {
        struct ctx *cx = as(k, "");
        struct json *f = json_new_obj(cx->mem), *sites;
        assert_int_equal(json_parse(cx, str_fmt(cx->mem, "{\"-\":%s}", bad[i]), &sites), RC_OK);
        json_put_int(cx->mem, f, "every", 300);
        json_put(f, STR("sites"), sites);
        struct event ev = {.kind = EV_PORTAL_PROBED, .facts = f};
        assert_int_equal(ledger_append(cx, &ev), RC_CORRUPT);
        db_rollback(cx);
    }
}

/* -- maintenance -- */

static enum rc announce_as(struct desk *k, int64_t from, int64_t to, const char *reason,
                           int64_t *seq)
{
    struct ctx *cx = as(k, "");
    struct maintenance m = {.from_us = from, .to_us = to, .reason_vi = str_from(reason)};
    enum rc rc = maintenance_announce(cx, &m, seq);
    if (rc == RC_OK)
        assert_int_equal(db_commit(cx), RC_OK);
    else
        db_rollback(cx);
    return rc;
}

/* 1 June 2026 is a Monday; an office day is 07:30-11:30 and 13:30-17:00. */
static void a_working_day_lies_between(void **state)
{
    struct desk *k = *state;
    static const struct {
        int day, hour, minute; /* now */
        int from_day, from_hour, from_minute;
        enum rc rc;
    } rows[] = {
        {1, 9, 0, 1, 10, 0, RC_STATE},  /* the same day */
        {1, 9, 0, 1, 23, 0, RC_STATE},  /* its evening */
        {1, 9, 0, 2, 8, 59, RC_STATE},  /* a minute too early */
        {1, 9, 0, 2, 9, 0, RC_OK},      /* the same minute of the next */
        {1, 7, 0, 1, 16, 59, RC_STATE}, /* told before the office opens */
        {1, 7, 0, 1, 17, 0, RC_OK},     /* a whole working day passes */
        {1, 20, 0, 2, 16, 59, RC_STATE}, {1, 20, 0, 2, 17, 0, RC_OK},
        {5, 12, 0, 6, 20, 0, RC_STATE}, /* Friday noon for Saturday */
        {5, 12, 0, 8, 11, 29, RC_STATE}, {5, 12, 0, 8, 12, 0, RC_OK}, /* for Monday noon */
        {6, 10, 0, 8, 16, 59, RC_STATE}, /* Saturday for Monday's office day */
        {6, 10, 0, 8, 17, 0, RC_OK},     {3, 9, 0, 2, 9, 0, RC_STATE}, /* the past */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t seq, from = AT(rows[i].from_day, rows[i].from_hour, rows[i].from_minute);
        k->now_us = AT(rows[i].day, rows[i].hour, rows[i].minute);
        enum rc rc = announce_as(k, from, from + HOUR_US, "Nâng cấp", &seq);
        if (rc != rows[i].rc)
            fail_msg("row %zu: %s", i, rc_name(rc));
        if (rc != RC_OK)
            continue;
        struct ctx *cx = as(k, "");
        assert_true(maintenance_earliest(cx) <= from);
        assert_int_equal(maintenance_cancel(cx, seq), RC_OK);
        assert_int_equal(db_commit(cx), RC_OK);
    }
}

static void what_is_announced_has_limits(void **state)
{
    struct desk *k = *state;
    int64_t seq, at = AT(10, 20, 0);
    struct ctx *cx = as(k, "");
    const char *text = str_fmt(cx->mem, "%0*d", REASON_MAX, 0).p;
    const char *long_text = str_fmt(cx->mem, "%0*d", REASON_MAX + 1, 0).p;
    assert_int_equal(announce_as(k, at, at, "a", &seq), RC_INVALID);
    assert_int_equal(announce_as(k, at, at - 1, "a", &seq), RC_INVALID);
    assert_int_equal(announce_as(k, at, at + 72 * HOUR_US + 1, "a", &seq), RC_INVALID);
    assert_int_equal(announce_as(k, at + 400 * DAY_US, at + 401 * DAY_US, "a", &seq),
                     RC_INVALID);
    assert_int_equal(announce_as(k, at, at + HOUR_US, "", &seq), RC_INVALID);
    assert_int_equal(announce_as(k, at, at + HOUR_US, "  ", &seq), RC_INVALID);
    assert_int_equal(announce_as(k, at, at + HOUR_US, long_text, &seq), RC_INVALID);
    assert_int_equal(announce_as(k, at, at + 72 * HOUR_US, text, &seq), RC_OK);
    assert_int_equal(announce_as(k, at + HOUR_US, at + 2 * HOUR_US, "a", &seq), RC_STATE);
    assert_int_equal(announce_as(k, at - HOUR_US, at, "a", &seq), RC_OK); /* right before */
    assert_int_equal(announce_as(k, at + 72 * HOUR_US, at + 73 * HOUR_US, "a", &seq), RC_OK);
}

static void it_is_taken_back_before_it_begins(void **state)
{
    struct desk *k = *state;
    int64_t seq, at = AT(10, 20, 0);
    struct ctx *cx = as(k, "");
    assert_int_equal(announce_as(k, at, at + HOUR_US, "a", &seq), RC_OK);
    assert_int_equal(maintenance_cancel(cx, seq + 1), RC_NOT_FOUND);
    db_rollback(cx);
    k->now_us = at;
    cx = as(k, "");
    assert_int_equal(maintenance_cancel(cx, seq), RC_STATE); /* begun */
    db_rollback(cx);
    k->now_us = at - 1;
    cx = as(k, "");
    assert_int_equal(maintenance_cancel(cx, seq), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    cx = as(k, "");
    assert_int_equal(maintenance_cancel(cx, seq), RC_STATE); /* taken back before */
    db_rollback(cx);
}

static struct str state_at(struct desk *k, int64_t us)
{
    struct json *list;
    struct ctx *cx = as(k, "");
    cx->now_us = us;
    assert_int_equal(maintenance_list(cx, &list), RC_OK);
    return json_str(list->first, "state");
}

static void its_state_follows_the_clock(void **state)
{
    struct desk *k = *state;
    int64_t seq, at = AT(10, 20, 0);
    assert_int_equal(announce_as(k, at, at + HOUR_US, "a", &seq), RC_OK);
    assert_str(state_at(k, at - 1), "planned");
    assert_str(state_at(k, at), "running");
    assert_str(state_at(k, at + HOUR_US - 1), "running");
    assert_str(state_at(k, at + HOUR_US), "over");
}

static size_t banners(struct desk *k, int64_t us, enum lang lang, struct str *first)
{
    struct ctx *cx = as(k, "");
    struct json *view = json_new_obj(cx->mem);
    cx->now_us = us;
    cx->lang = lang;
    banners_forget(cx);
    banner_put(cx, view);
    const struct json *list = json_get(view, STR("maintenance_notices"));
    *first = list ? list->first->s : STR("");
    return list ? list->n : 0;
}

static void every_page_says_so_beforehand(void **state)
{
    struct desk *k = *state;
    struct str text;
    int64_t seq, at = AT(20, 20, 0);
    assert_int_equal(banners(k, at, LANG_VI, &text), 0);
    assert_int_equal(announce_as(k, at, at + HOUR_US, "Nâng cấp", &seq), RC_OK);
    assert_int_equal(banners(k, at - 7 * DAY_US - 1, LANG_VI, &text),
                     0); /* too early to tell */
    assert_int_equal(banners(k, at - 7 * DAY_US, LANG_VI, &text), 1);
    assert_true(str_has(text, STR("20:00 20/06/2026")) && str_has(text, STR("Nâng cấp")));
    assert_int_equal(banners(k, at, LANG_EN, &text), 1);
    assert_true(str_has(text, STR("down for maintenance from 20:00 20/06/2026")));
    assert_int_equal(banners(k, at + HOUR_US - 1, LANG_VI, &text), 1);
    assert_int_equal(banners(k, at + HOUR_US, LANG_VI, &text), 0);
}

static size_t notices_seen(struct ctx *cx)
{
    struct json *view = json_new_obj(cx->mem);
    banner_put(cx, view);
    const struct json *list = json_get(view, STR("maintenance_notices"));
    return list ? list->n : 0;
}

/* Somebody looks while it is announced and not yet committed: the next page says so. */
static void looked_at_too_early(void **state)
{
    struct desk *k = *state;
    int64_t seq, at = AT(20, 20, 0);
    struct ctx *cx = as(k, "");
    struct ctx *other = ctx_new(arena_new(8 << 20), &k->office.app);
    struct maintenance m = {.from_us = at, .to_us = at + HOUR_US, .reason_vi = STR("Nâng cấp")};
    assert_int_equal(db_attach(other, k->office.app.store), RC_OK);
    other->now_us = at;
    assert_int_equal(notices_seen(other), 0);
    assert_int_equal(maintenance_announce(cx, &m, &seq), RC_OK);
    assert_int_equal(notices_seen(other), 0);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(notices_seen(other), 1);
    arena_free(other->mem);
}

/* A page that ends for want of memory keeps nobody else waiting: whichever page of its arena is
 * the one that is not there, the lock is free afterwards. */
static void a_page_without_memory_holds_no_lock(void **state)
{
    struct desk *k = *state;
    struct quality *q = k->office.app.quality;
    int64_t seq, at = AT(20, 20, 0);
    unsigned ended = 0;
    assert_int_equal(announce_as(k, at, at + HOUR_US, "Nâng cấp", &seq), RC_OK);
    for (volatile unsigned n = 1, left = 0; !left; n++) {
        struct arena *mem = arena_new(1 << 20);
        struct ctx *cx = ctx_new(mem, &k->office.app);
        struct json *view = json_new_obj(mem);
        jmp_buf full;
        cx->now_us = at;
        assert_int_equal(db_attach(cx, k->office.app.store), RC_OK);
        banners_forget(cx);
        if (setjmp(full) == 0) {
            arena_escape_set(mem, &full);
            arena_fail_page(n);
            banner_put(cx, view);
        } else {
            ended++;
        }
        left = arena_fail_page(0);
        assert_int_equal(pthread_mutex_trylock(&q->lock), 0);
        pthread_mutex_unlock(&q->lock);
        arena_free(mem);
    }
    assert_true(ended > 0);
}

/* 20:00-21:00 is announced: a look then, and looks missed then, count nowhere. */
static void announced_times_are_not_down(void **state)
{
    struct desk *k = *state;
    int64_t seq;
    assert_int_equal(announce_as(k, AT(4, 20, 0), AT(4, 21, 0), "a", &seq), RC_OK);
    round_at(k, AT(4, 19, 50), "[\"/ 200 1\"]");
    round_at(k, AT(4, 19, 55), "[\"/ 200 1\"]");
    round_at(k, AT(4, 20, 0), "[\"/ 500 1\"]");
    assert_int_equal(uptime_on(k, "/", 4, 4).looks, 2);
    round_at(k, AT(4, 21, 15), "[\"/ 200 1\"]"); /* 20:05 … 21:10 missed, 21:00 … 21:10 ours */
    struct uptime u = uptime_on(k, "/", 4, 4);
    assert_int_equal(u.looks, 3 + 3);
    assert_int_equal(u.up, 3);
}

/* -- forms -- */

static struct form_errors errors_of(const char *a, const char *b)
{
    static struct form_error v[2];
    v[0] = (struct form_error){.field = str_from(a), .rule = STR("required")};
    v[1] = (struct form_error){.field = str_from(b ? b : ""), .rule = STR("required")};
    return (struct form_errors){v, b ? 2 : 1};
}

static struct funnel funnel_of(struct desk *k, bool is_open)
{
    struct funnels fs;
    struct ctx *cx = as(k, "");
    assert_int_equal(quality_flush(cx), RC_OK);
    assert_int_equal(funnels_get(cx, k->office.pack, year_begin(cx), is_open, &fs), RC_OK);
    assert_int_equal(fs.n, 1);
    return fs.v[0];
}

static const struct funnel_page *page_of_funnel(const struct funnel *f, const char *page)
{
    for (size_t i = 0; i < f->npages; i++)
        if (str_eq(f->pages[i].page, str_from(page)))
            return &f->pages[i];
    fail_msg("no page %s", page);
    return NULL;
}

static int64_t refused_of(const struct funnel *f, const char *field)
{
    for (size_t i = 0; i < f->nfields; i++)
        if (str_eq(f->fields[i].field, str_from(field)))
            return f->fields[i].refused;
    fail_msg("no field %s", field);
    return 0;
}

static void funnels_sum(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    const struct pack *p = k->office.pack;
    struct str first = form_page_at(p->form, 0), second = form_page_at(p->form, 1);
    struct form_errors errs = errors_of("size", NULL);
    for (int i = 0; i < 7; i++)
        walk_begun(cx, p);
    for (int i = 0; i < 5; i++)
        walk_reached(cx, p, second, first, (10 + i) * SECOND_US);
    walk_reached(cx, p, STR(WALK_END), second, 31 * MINUTE_US); /* a pause, no time on a page */
    walk_refused(cx, p, first, &errs);
    assert_int_equal(quality_flush(as(k, "")), RC_OK);
    for (int i = 0; i < 2; i++)
        walk_begun(cx, p); /* counts of two flushes add up */
    struct funnel f = funnel_of(k, true);
    assert_int_equal(f.begun, 9);
    assert_int_equal(f.npages, 3);
    const struct funnel_page *page = page_of_funnel(&f, str_z(k->mem, first));
    assert_int_equal(page->reached, 9); /* who began is at the first page */
    assert_int_equal(page->refused, 1);
    assert_int_equal(page->half_s, 12); /* of 10 11 12 13 14 */
    page = page_of_funnel(&f, str_z(k->mem, second));
    assert_int_equal(page->reached, 5);
    assert_true(page->half_s == DB_NULL);
    assert_int_equal(page_of_funnel(&f, WALK_END)->reached, 1);
    assert_int_equal(f.nfields, 1);
    assert_int_equal(f.fields[0].refused, 1);
    assert_int_equal(journal_count(k, EV_FORM_WALKED, 0), 2);
}

static void nothing_counted_is_no_event(void **state)
{
    struct desk *k = *state;
    assert_int_equal(quality_flush(as(k, "")), RC_OK);
    assert_int_equal(journal_count(k, EV_FORM_WALKED, 0), 0);
}

static void few_refusals_are_hidden(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct form_errors errs = errors_of("size", NULL), other = errors_of("place", NULL);
    for (int i = 0; i < 6; i++)
        walk_refused(cx, k->office.pack, STR("size"), &errs);
    for (int i = 0; i < 4; i++)
        walk_refused(cx, k->office.pack, STR("place"), &other);
    struct funnel f = funnel_of(k, false);
    assert_int_equal(f.nfields, 2);
    assert_int_equal(f.fields[0].refused, -1); /* 6, since the 4 would be the rest of a sum */
    assert_int_equal(f.fields[1].refused, -1);
    assert_int_equal(page_of_funnel(&f, "size")->refused, -1); /* a page may be one question */
    assert_int_equal(page_of_funnel(&f, "place")->refused, -1);
    f = funnel_of(k, true);
    assert_int_equal(page_of_funnel(&f, "place")->refused, 4);
    assert_int_equal(f.fields[0].refused, 6);
    assert_int_equal(f.fields[1].refused, 4);
    for (int i = 0; i < 1; i++)
        walk_refused(cx, k->office.pack, STR("place"), &other);
    f = funnel_of(k, false);
    assert_int_equal(f.fields[0].refused, 6);
    assert_int_equal(f.fields[1].refused, 5);
}

static void refused_at(struct desk *k, const char *page, const char *field, int times)
{
    struct form_errors errs = errors_of(field, NULL);
    for (int i = 0; i < times; i++)
        walk_refused(as(k, ""), k->office.pack, str_from(page), &errs);
}

/* A page of one question tells the question, and the rest of a page the other one. */
static void what_is_hidden_is_no_rest(void **state)
{
    static const struct {
        const char *page, *field;
        int64_t open, shown;
    } rows[] = {{"subject", "subject", 3, -1},
                {"place", "place", 12, 12},
                {"contact", "reporter_phone", 10, -1},
                {"contact", "reporter_email", 9, -1}};
    static const struct {
        const char *page;
        int64_t open, shown;
    } pages[] = {{"subject", 3, -1}, {"place", 12, 12}, {"contact", 19, -1}};
    struct desk *k = *state;
    for (size_t i = 0; i < ROWS(rows); i++)
        refused_at(k, rows[i].page, rows[i].field, (int)rows[i].open);
    for (int is_open = 0; is_open < 2; is_open++) {
        struct funnel f = funnel_of(k, is_open);
        assert_int_equal(f.nfields, ROWS(rows));
        for (size_t i = 0; i < ROWS(pages); i++)
            assert_int_equal(page_of_funnel(&f, pages[i].page)->refused,
                             is_open ? pages[i].open : pages[i].shown);
        for (size_t i = 0; i < ROWS(rows); i++)
            assert_int_equal(refused_of(&f, rows[i].field),
                             is_open ? rows[i].open : rows[i].shown);
    }
}

/* What is no question of the form comes from whoever posts: it is counted nowhere. */
static void unknown_fields_are_not_counted(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct form_errors errs = errors_of("no such field", "size");
    walk_refused(cx, k->office.pack, STR("size"), &errs);
    struct funnel f = funnel_of(k, true);
    assert_int_equal(f.nfields, 1);
    assert_str(f.fields[0].field, "size");
}

static void counters_have_a_ceiling(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    int64_t lost;
    for (int i = 0; i < WALK_KEYS_MAX + 3; i++)
        walk_reached(cx, k->office.pack, str_fmt(cx->mem, "p%d", i), STR(""), -1);
    struct json *rows = walk_take(cx, k->office.app.quality, &lost);
    assert_int_equal(rows->n, WALK_KEYS_MAX);
    assert_int_equal(lost, 3);
    rows = walk_take(cx, k->office.app.quality, &lost);
    assert_int_equal(rows->n, 0);
    assert_int_equal(lost, 0);
}

static void what_is_filed_completes(void **state)
{
    struct desk *k = *state;
    walk_begun(as(k, ""), k->office.pack);
    filed(k);
    struct funnel f = funnel_of(k, true);
    assert_int_equal(f.begun, 1);
    assert_int_equal(f.filed, 1);
    assert_int_equal(f.whole, 1); /* nobody saw it on a page before */
    assert_int_equal(f.abandoned, 0);
}

/* -- what is published -- */

static void a_service_is_published(void **state)
{
    struct desk *k = *state;
    struct json *v, *one;
    filed(k);
    struct ctx *cx = as(k, "");
    assert_int_equal(quality_list(cx, &v), RC_OK);
    const struct json *s = json_get(v, STR("services"))->first;
    assert_non_null(s);
    assert_str(json_str(v, "since"), "2026-01-01");
    assert_true(json_int(v, "seq", 0) > 0);
    assert_str(json_str(json_get(s, STR("clicks")), "text"), "—"); /* not crawled yet */
    assert_false(json_bool(json_get(s, STR("clicks")), "is_missed"));
    assert_str(json_str(json_get(s, STR("uptime")), "text"), "—");
    assert_str(json_str(json_get(s, STR("completion")), "value"), "100.00");
    assert_int_equal(quality_one(cx, json_str(s, "procedure"), &one), RC_OK);
    assert_int_equal(json_get(one, STR("days"))->n, 0);
    assert_int_equal(quality_one(cx, STR("no-such"), &one), RC_NOT_FOUND);
}

static void crawled(struct desk *k, const char *clicks)
{
    struct ctx *cx = as(k, "");
    struct json *f;
    struct str text = str_fmt(cx->mem,
                              "{\"clicks\":%s,\"broken\":[{\"target\":\"/x\",\"anchor\":\"\","
                              "\"reason\":\"status\",\"status\":404,\"where\":[\"/\"],"
                              "\"count\":1}],\"nbroken\":1,\"pages\":9,\"links\":20}",
                              clicks);
    assert_int_equal(json_parse(cx, text, &f), RC_OK);
    struct event ev = {.kind = EV_PORTAL_CRAWLED, .facts = f};
    assert_int_equal(ledger_append(cx, &ev), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

static void distance_is_judged(void **state)
{
    struct desk *k = *state;
    static const struct {
        const char *clicks, *text;
        bool is_missed;
    } rows[] = {{"3", "3", false}, {"4", "4", true}, {NULL, "không tới được", true}};
    struct ctx *cx = as(k, "");
    struct json *v;
    assert_int_equal(quality_links(cx, &v), RC_OK);
    assert_null(v->first);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str map = rows[i].clicks
                             ? str_fmt(cx->mem, "{\"%.*s\":%s}",
                                       STR_ARG(k->office.pack->procedure), rows[i].clicks)
                             : STR("{}");
        crawled(k, str_z(cx->mem, map));
        assert_int_equal(quality_list(as(k, ""), &v), RC_OK);
        const struct json *c = json_get(json_get(v, STR("services"))->first, STR("clicks"));
        assert_str(json_str(c, "text"), rows[i].text);
        assert_int_equal(json_bool(c, "is_missed"), rows[i].is_missed);
    }
    assert_int_equal(quality_links(as(k, ""), &v), RC_OK); /* the last one */
    assert_int_equal(json_int(v, "nbroken", 0), 1);
    assert_str(json_str(json_get(v, STR("broken"))->first, "reason_text"), "Trang trả lời lỗi");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUALITY(looks_add_up),
        QUALITY(a_day_is_of_viet_nam),
        QUALITY(a_gap_counts_as_down),
        QUALITY(another_interval_missed_nothing),
        QUALITY(a_gap_over_midnight_belongs_to_both_days),
        QUALITY(a_year_is_added_up_already),
        QUALITY(a_look_that_cannot_be_read_is_refused),
        QUALITY(a_working_day_lies_between),
        QUALITY(what_is_announced_has_limits),
        QUALITY(it_is_taken_back_before_it_begins),
        QUALITY(its_state_follows_the_clock),
        QUALITY(every_page_says_so_beforehand),
        QUALITY(looked_at_too_early),
        QUALITY(a_page_without_memory_holds_no_lock),
        QUALITY(announced_times_are_not_down),
        QUALITY(funnels_sum),
        QUALITY(nothing_counted_is_no_event),
        QUALITY(few_refusals_are_hidden),
        cmocka_unit_test_setup_teardown(what_is_hidden_is_no_rest, begin_petition, desk_end),
        QUALITY(unknown_fields_are_not_counted),
        QUALITY(counters_have_a_ceiling),
        QUALITY(what_is_filed_completes),
        QUALITY(a_service_is_published),
        QUALITY(distance_is_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
