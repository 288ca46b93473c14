/* page_help.h - the whole program over the office of casework_help.h: every route is served, and
 * asked as one of its people. Rows say who asks for what and what must come of it. */
#ifndef TESTS_PAGE_HELP_H
#define TESTS_PAGE_HELP_H

#include "app/open.h"
#include "casework_help.h"
#include "gen/identity_sql.h"
#include "letter/letter.h"
#include "quality/quality.h"
#include "simulate/forecast.h"
#include "target/alert.h"
#include "web_help.h"

/* The modules that the desk does without, and the server. The clock is the real one. */
static struct desk *pages_open(const char *embedded, const char *folder)
{
    struct desk *k = desk_open_at(embedded, folder, time_now());
    struct app *app = &k->office.app;
    struct ctx *cx = as(k, "");
    cx->mem = app->mem;
    app->settings.access_log = 0;
    app->settings.argon2_ops = 1;
    app->settings.argon2_mem_kib = 8192;
    log_level_set(getenv("PAGES_SHOW") ? LOG_INFO : LOG_ERROR + 1);
    assert_int_equal(forecasts_open(cx, &app->forecasts), RC_OK);
    app->alerts = alert_watch_new(app->mem);
    assert_int_equal(quality_open(cx, &app->quality), RC_OK);
    assert_int_equal(letters_open(cx, &app->letters), RC_OK);
    assert_int_equal(app_templates(cx, app), RC_OK);
    ledger_subscribe(app->ledger, &letter_subscriber, 1);
    if (web_start(cx, app_routes, 0, &app->web) != RC_OK)
        fail_msg("web_start: %s", cx->err.detail);
    return k;
}

static inline int pages_end(void **state)
{
    struct desk *k = *state;
    web_stop(k->office.app.web);
    return desk_end(state);
}

/* A session of that person (see `as`), made beside the password that nobody here has. */
static struct str token_of(struct desk *k, const char *person)
{
    struct ctx *cx = as(k, person);
    if (!cx->who || !cx->who->account)
        return STR("");
    struct str token = random_token(k->mem, 32);
    struct hash h = hash_of(token);
    uint8_t csrf[32] = {7};
    cx->now_us = time_now();
    assert_int_equal(db_begin(cx), RC_OK);
    assert_int_equal(sql_session_insert(cx, str_n((char *)h.b, HASH_BYTES), cx->who->account,
                                        str_n((char *)csrf, sizeof csrf), cx->now_us),
                     RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return token;
}

struct asking {
    const char *who;  /* "" or NULL: nobody; "=a=b": whoever has that cookie */
    const char *path; /* {0} {1} …: what the test has in that place, here and below */
    const char *body; /* NULL: GET; "{": JSON; "--b": parts with that boundary; else a form */
    int status;
    const char *has;  /* stands in the answer, after "!" does not; NULL: whatever */
    const char *keep; /* "1/draft/": the word behind "/draft/" into place 1 */
};
enum { PLACES = 10, KEPT_MAX = 200 };

enum { TOKENS_MAX = 24 };
struct session_of {
    const char *who;
    struct str token;
};

/* One session a person and test. */
static struct str session_for(struct desk *k, struct session_of *all, const char *who)
{
    size_t i = 0;
    while (i < TOKENS_MAX - 1 && all[i].who && strcmp(all[i].who, who) != 0)
        i++;
    if (!all[i].who)
        all[i] = (struct session_of){who, token_of(k, who)};
    return all[i].token;
}

static struct str filled_in(struct arena *mem, const char *text, const struct str *with,
                            size_t n)
{
    struct buf *b = buf_new(mem, 1 << 16);
    for (const char *p = text; *p; p++) {
        if (*p == '{' && p[1] >= '0' && p[1] <= '9' && p[2] == '}' &&
            (size_t)(p[1] - '0') < n) {
            buf_put(b, with[p[1] - '0']);
            p += 2;
        } else {
            buf_putc(b, *p);
        }
    }
    return buf_str(b);
}

static const char *type_of(const char *body)
{
    if (strncmp(body, "--b", 3) == 0)
        return "multipart/form-data; boundary=b";
    bool is_json = body[0] == '{' && !(body[1] >= '0' && body[1] <= '9' && body[2] == '}');
    return is_json ? "application/json" : "application/x-www-form-urlencoded";
}

/* The word behind a text of the answer, for the rows below. */
static void word_keep(struct desk *k, const char *keep, struct str answer, struct str *with)
{
    const char *at = memmem(answer.p, answer.n, keep + 1, strlen(keep + 1));
    if (!at) {
        print_error("no \"%s\" to keep\n", keep + 1);
        return;
    }
    at += strlen(keep + 1);
    size_t n = 0, left = (size_t)(answer.p + answer.n - at);
    while (n < left && n < KEPT_MAX && !strchr("\r\n \"'<>/?&,};", at[n]))
        n++;
    with[keep[0] - '0'] = str_dup(k->mem, str_n(at, n));
}

static inline struct str asked(struct desk *k, struct session_of *all, const struct asking *a,
                               const struct str *with, size_t n)
{
    struct arena *mem = k->mem;
    struct str path = filled_in(mem, a->path, with, n), as = STR("");
    if (a->who && a->who[0] == '=')
        as = str_fmt(mem, "Cookie: %.*s\r\n", STR_ARG(filled_in(mem, a->who + 1, with, n)));
    else if (a->who && *a->who)
        as = str_fmt(mem, "Authorization: Bearer %.*s\r\n",
                     STR_ARG(session_for(k, all, a->who)));
    struct str head = str_fmt(mem, "%s %.*s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%.*s",
                              a->body ? "POST" : "GET", STR_ARG(path), STR_ARG(as));
    if (!a->body)
        return ask_n(mem, k->office.app.web, str_join(mem, head, STR("\r\n")));
    struct str body = filled_in(mem, a->body, with, n);
    struct str more = str_fmt(mem, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                              type_of(a->body), body.n);
    return ask_n(mem, k->office.app.web, str_join(mem, str_join(mem, head, more), body));
}

/* Every row, in order; says each one that does not hold. */
static inline void rows_ask(struct desk *k, const struct asking *rows, size_t nrows,
                            struct str with[PLACES])
{
    const size_t n = PLACES;
    struct session_of all[TOKENS_MAX] = {{0}};
    size_t bad = 0;
    for (size_t i = 0; i < nrows; i++) {
        const struct asking *a = &rows[i];
        struct str answer = asked(k, all, a, with, n);
        struct str wanted = a->has ? filled_in(k->mem, a->has, with, n) : STR("");
        bool is_unwanted = str_starts(wanted, STR("!"));
        bool has = !wanted.n || str_has(answer, str_skip(wanted, is_unwanted)) != is_unwanted;
        if (a->keep && status_of(answer) == a->status)
            word_keep(k, str_z(k->mem, filled_in(k->mem, a->keep, with, n)), answer, with);
        if (status_of(answer) == a->status && has)
            continue;
        bad++;
        print_error("row %zu: %s %s as %s: %d, not %d%s%s\n", i, a->body ? "POST" : "GET",
                    a->path, a->who && *a->who ? a->who : "nobody", status_of(answer),
                    a->status, has ? "" : " without ", has ? "" : a->has);
        if (status_of(answer) >= 500 || getenv("PAGES_SHOW"))
            fprintf(stderr, "%.*s\n", STR_ARG(answer));
    }
    assert_int_equal(bad, 0);
}

/* Parts of a multipart body whose boundary is "b". */
#define TEXT_PART(field, text)                                                                 \
    "--b\r\nContent-Disposition: form-data; name=\"" field "\"\r\n\r\n" text "\r\n"
#define FILE_PART(field, name, bytes)                                                          \
    "--b\r\nContent-Disposition: form-data; name=\"" field "\"; filename=\"" name              \
    "\"\r\n\r\n" bytes "\r\n"

#endif
