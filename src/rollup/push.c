/* push.c - sending statements to the node above, over HTTP, until it has accepted them. */
#include <curl/curl.h>

#include "app/app.h"
#include "gen/rollup_sql.h"
#include "rollup/rollup_priv.h"
#include "store/store.h"

enum {
    CONNECT_S = 5,
    WHOLE_S = 30,
    WAIT_MIN_MAX = 360,
    REPLY_BYTES = 64 << 10,
    MONTH_MEMORY = 256 << 20, /* STATEMENT_CELLS_MAX cells as JSON, twice */
};

/* -- one request -- */

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct buf *b = arg;
    buf_put(b, str_n(p, size * n));
    return size * n; /* what is over the bound is let go, not an error */
}

static void curl_end(void *arg)
{
    curl_easy_cleanup(arg);
}

static void headers_end(void *arg)
{
    curl_slist_free_all(arg);
}

static struct curl_slist *headers_make(struct ctx *cx)
{
    struct curl_slist *h = curl_slist_append(NULL, "Content-Type: application/json");
    if (h)
        arena_on_free(cx->mem, headers_end, h);
    return h ? curl_slist_append(h, "Expect:") : NULL;
}

static void options_set(CURL *c, const char *url, struct str file, struct curl_slist *headers,
                        struct buf *reply)
{
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, file.p);
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)file.n);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, reply);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)WHOLE_S);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L); /* this process has threads */
    curl_easy_setopt(c, CURLOPT_PROXY, "");    /* the node above is named, not a way to it */
}

/* "taken", or the title of a refusal; the peer's own words are cut short. */
static struct str answer_of(struct ctx *cx, long status, const struct buf *reply)
{
    struct json *o;
    struct str text = STR("");
    if (json_parse(cx, buf_str(reply), &o) == RC_OK && o->kind == JSON_OBJ) {
        text = json_str(o, "reason");
        text = text.n ? text : json_str(o, "outcome");
        text = text.n ? text : json_str(o, "title");
    }
    ctx_clear(cx);
    text = utf8_is(text) ? utf8_cut(text, ANSWER_MAX / 4) : STR("?");
    return str_fmt(cx->mem, "%ld %.*s", status, STR_ARG(text));
}

enum rc statement_post(struct ctx *cx, struct str file, long *status, struct str *answer)
{
    struct str base = cx->app->settings.rollup_parent;
    struct str url = str_fmt(cx->mem, "%.*s%sapi/v1/statements", STR_ARG(base),
                             str_ends(base, STR("/")) ? "" : "/");
    CURL *c = curl_easy_init();
    if (!c)
        return FAIL(cx, IO, "rollup_parent", "no client");
    arena_on_free(cx->mem, curl_end, c);
    struct curl_slist *headers = headers_make(cx);
    struct buf *reply = buf_new(cx->mem, REPLY_BYTES);
    options_set(c, url.p, file, headers, reply);
    CURLcode done = headers ? curl_easy_perform(c) : CURLE_OUT_OF_MEMORY;
    *status = 0;
    if (done != CURLE_OK) {
        *answer = str_dup(cx->mem, str_from(curl_easy_strerror(done)));
        return RC_OK;
    }
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, status);
    *answer = answer_of(cx, *status, reply);
    return RC_OK;
}

/* -- what is due -- */

/* Twice as long after each try that failed, at most six hours; at once when somebody asks. */
static bool is_due(const struct ctx *cx, const struct made_from_row *r, bool by_hand)
{
    if (by_hand)
        return r->done_us == 0;
    int64_t minutes = r->tries > 8 ? WAIT_MIN_MAX : (INT64_C(1) << r->tries);
    if (minutes > WAIT_MIN_MAX)
        minutes = WAIT_MIN_MAX;
    return r->done_us == 0 &&
           (r->tries == 0 || cx->now_us - r->tried_us >= minutes * MINUTE_US);
}

/* The node above has seen a longer ledger of ours and cannot place this one: over the ledger as it
 * is now it can. */
static enum rc made_again(struct ctx *cx, struct str period)
{
    struct statement_made made;
    TRY(statement_again(cx, period, &made));
    if (made.is_new)
        LOGI("statement period=%.*s revision=%lld made again", STR_ARG(period),
             (long long)made.revision);
    return db_commit(cx);
}

static enum rc post_one(struct ctx *cx, const struct made_from_row *r)
{
    struct str file, answer;
    long status;
    TRY(statement_file(cx, r->period, &file));
    TRY(statement_post(cx, file, &status, &answer));
    bool is_done = status >= 200 && status < 300;
    LOGI("statement period=%.*s revision=%lld answer=\"%.*s\"", STR_ARG(r->period),
         (long long)r->revision, STR_ARG(answer));
    TRY(db_begin(cx));
    TRY(sql_push_mark(cx, r->period, r->revision, cx->now_us, is_done ? cx->now_us : 0,
                      answer));
    TRY(db_commit(cx));
    return str_eq(answer, STR("422 behind")) ? made_again(cx, r->period) : RC_OK;
}

/* A statement has megabytes: what one takes is given back before the next. */
static enum rc send_one(struct ctx *cx, const struct made_from_row *r)
{
    struct arena *mem = cx->mem;
    cx->mem = arena_new(MONTH_MEMORY);
    enum rc rc = post_one(cx, r);
    db_rollback(cx);
    arena_free(cx->mem);
    cx->mem = mem;
    return rc;
}

/* -- all of it -- */

/* The first month of which anything is known; later ones only, when that is too long ago. */
static enum rc first_month(struct ctx *cx, int64_t *ret)
{
    struct first_day_row day;
    struct first_period_row *period;
    struct month m;
    int64_t now = month_now(cx->now_us), first = now;
    TRY(sql_first_day(cx, &day));
    TRY(sql_first_period(cx, &period));
    if (day.day != DB_NULL)
        first = month_now(day_start((int32_t)day.day));
    if (period && month_parse(cx->mem, period->period, &m) && m.n < first)
        first = m.n;
    *ret = first < now - STATEMENT_MONTHS ? now - STATEMENT_MONTHS : first;
    return RC_OK;
}

static enum rc make_one(struct ctx *cx, struct str period)
{
    struct statement_made made;
    enum rc rc = statement_make(cx, period, &made);
    if (rc == RC_OK)
        return db_commit(cx);
    db_rollback(cx);
    if (rc == RC_NOT_FOUND) /* nothing was counted in it */
        return RC_OK;
    LOGE("statement period=%.*s rc=%s detail=\"%s\"", STR_ARG(period), rc_name(rc),
         cx->err.detail);
    return rc == RC_TOO_LARGE ? RC_OK : rc; /* the other months are stated all the same */
}

/* -- which months may have changed -- */

struct look { /* what figures stood at, before any was read */
    struct str unit;
    int64_t size, log_first, log_last, told, month;
};

static enum rc look_now(struct ctx *cx, struct look *ret)
{
    struct look_now_row row;
    struct ledger_head head;
    TRY(ledger_head_get(cx, &head));
    TRY(sql_look_now(cx, &row));
    *ret = (struct look){
        cx->app->settings.rollup_unit, head.size, row.log_first, row.log_last, row.told,
        month_now(cx->now_us)};
    return RC_OK;
}

/* Months back from the running one; `all`: what was folded meanwhile is not known by month. */
struct changed {
    int64_t now;
    bool all, back[STATEMENT_MONTHS + 1];
    progress_fn *progress;
    void *arg;
};

static void month_changed(struct changed *c, int64_t month)
{
    int64_t back = c->now - month;
    if (back > 0 && back <= STATEMENT_MONTHS)
        c->back[back] = true;
}

static enum rc log_month_each(struct ctx *cx, const struct log_months_row *r, void *arg)
{
    (void)cx;
    month_changed(arg, r->month);
    return RC_OK;
}

static enum rc told_period_each(struct ctx *cx, const struct told_periods_row *r, void *arg)
{
    struct month m;
    if (month_parse(cx->mem, r->period, &m))
        month_changed(arg, m.n);
    return RC_OK;
}

static enum rc changed_find(struct ctx *cx, const struct look *now, struct changed *c)
{
    struct look_get_row *was;
    TRY(sql_look_get(cx, &was));
    *c = (struct changed){.now = now->month, .all = true};
    if (!was || !str_eq(was->unit, now->unit.n ? now->unit : STR("")))
        return RC_OK;
    for (int64_t m = was->month; m < now->month; m++) /* over since */
        month_changed(c, m);
    c->all = was->log_first != now->log_first || now->log_first < 0;
    if (was->size == now->size)
        c->all = false;
    if (c->all || was->size == now->size)
        return RC_OK;
    TRY(sql_log_months(cx, was->log_last, log_month_each, c));
    return sql_told_periods(cx, was->told, told_period_each, c);
}

static enum rc look_keep(struct ctx *cx, const struct look *now)
{
    struct look_get_row *was;
    TRY(sql_look_get(cx, &was));
    if (was && was->size == now->size && was->month == now->month &&
        str_eq(was->unit, now->unit.n ? now->unit : STR("")))
        return RC_OK;
    TRY(db_begin(cx));
    TRY(sql_look_put(cx, now->unit.n ? now->unit : STR(""), now->size, now->log_first,
                     now->log_last, now->told, now->month));
    return db_commit(cx);
}

static bool is_changed(const struct changed *c, int64_t month)
{
    return c->all || c->back[c->now - month];
}

/* Each month in memory of its own: two years of them are more than a job has. */
static enum rc make_each(struct ctx *cx, int64_t first, const struct changed *c)
{
    struct arena *mem = cx->mem, *month = arena_new(MONTH_MEMORY);
    enum rc rc = RC_OK;
    cx->mem = month;
    for (int64_t n = first; n < c->now && rc == RC_OK; n++) {
        if (is_changed(c, n))
            rc = make_one(cx, month_at(month, n).name);
        if (rc == RC_OK)
            ctx_clear(cx);
        arena_reset(month);
        if (c->progress)
            c->progress(c->arg, n + 1 - first, c->now - first);
    }
    cx->mem = mem;
    arena_free(month);
    return rc;
}

static enum rc make_all(struct ctx *cx, int64_t first, progress_fn *progress, void *arg)
{
    struct look now;
    struct changed c;
    TRY(look_now(cx, &now));
    TRY(changed_find(cx, &now, &c));
    c.progress = progress;
    c.arg = arg;
    TRY(make_each(cx, first, &c));
    return look_keep(cx, &now);
}

static enum rc run(struct ctx *cx, bool by_hand, progress_fn *progress, void *arg)
{
    struct made_from_rows rows;
    int64_t first;
    if (!cx->app->settings.rollup_parent.n)
        return RC_OK;
    TRY(first_month(cx, &first));
    TRY(make_all(cx, first, progress, arg));
    TRY(sql_made_from(cx, month_at(cx->mem, first).name, &rows));
    for (size_t i = rows.n; i-- > 0;) /* the oldest first */
        if (is_due(cx, &rows.v[i], by_hand))
            TRY(send_one(cx, &rows.v[i]));
    return RC_OK;
}

enum rc rollup_tick(struct ctx *cx)
{
    return run(cx, false, NULL, NULL);
}

enum rc rollup_run(struct ctx *cx, progress_fn *progress, void *arg)
{
    return run(cx, true, progress, arg);
}
