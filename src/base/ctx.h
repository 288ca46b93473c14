/* ctx.h - what one unit of work carries: memory, time, language, who asks, what went wrong.
 * See docs/internals/base.md.
 *
 * One request (or job, or command) = one ctx = one arena = one transaction. A function that
 * can fail takes the ctx first, returns enum rc and puts its result last, in *ret, only on
 * success:
 *
 *     if (s.n > WARD_MAX)
 *         return FAIL(cx, INVALID, "ward", "length %zu", s.n);
 *     TRY(form_check(cx, form, body, &data));
 */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"

/* Return codes: errors.def gives each its HTTP status and its message key. */
enum rc {
    RC_OK = 0,
#define ERROR(name, status, text) RC_##name,
#include "errors.def"
#undef ERROR
    RC_COUNT
};

enum lang { LANG_VI, LANG_EN, LANG_COUNT };

struct app;      /* process state: app/app.h */
struct who;      /* who asks: identity/identity.h */
struct store_tx; /* the write turn held, if any: store/store.h */
struct db_conn;  /* this thread's reader connection */

enum { ERR_DETAIL_MAX = 240, ERR_FIELD_MAX = 96 };

/* The first cause of a failure. `field` names an input in the public contract and may be
 * shown; `detail` is for the log and is never shown. */
struct err {
    /* RC_OK: nothing failed, or the caller dealt with it (ctx_clear). */
    enum rc rc;
    /* Copies, not pointers: ctx_clear empties them. Cut at the limits above. */
    char field[ERR_FIELD_MAX];
    char detail[ERR_DETAIL_MAX];
    struct str source; /* what "column N" in detail counts in; empty when nothing does */
    const char *file;
    int line;
};

/* What a request cost; the access log and .case limits read it. */
struct cost {
    unsigned queries, writes;
};

struct ctx {
    /* What the unit of work makes. A caller may put another arena here for a while and must put
     * the first back, also on failure. */
    struct arena *mem;
    struct app *app;
    /* NULL: the system itself (a command, a job), to whom nothing is forbidden. Nobody who signed
     * in is a who without rights, not NULL. */
    const struct who *who;
    enum lang lang;
    /* UTC, microseconds. One instant for the whole unit of work; virtual in scenarios, the demo
     * and simulations. */
    int64_t now_us;
    uint64_t request;
    /* The write turn, from db_begin to db_commit or db_rollback; else NULL. */
    struct store_tx *tx;
    struct db_conn *conn;
    struct err err;
    struct cost cost;
};

/* A fresh ctx on mem, now, in Vietnamese, as the system. */
struct ctx *ctx_new(struct arena *mem, struct app *app);

/* Records the first cause and returns its code: a second FAIL on the way up changes nothing, so
 * the log names the place where it began. field may be NULL. detail goes to the log: no personal
 * values, no text of people longer than needed to find the line. */
#define FAIL(cx, code, field, ...)                                                             \
    (ctx_fail((cx), RC_##code, (field), __FILE__, __LINE__, __VA_ARGS__), RC_##code)
enum rc ctx_fail(struct ctx *cx, enum rc rc, const char *field, const char *file, int line,
                 const char *detail, ...) __attribute__((format(printf, 6, 7)));
/* Forgets the recorded cause: for a caller that handles the failure itself. */
void ctx_clear(struct ctx *cx);

/* Passes a failure up: the only macro that returns. */
#define TRY(call)                                                                              \
    do {                                                                                       \
        enum rc try_rc_ = (call);                                                              \
        if (try_rc_ != RC_OK)                                                                  \
            return try_rc_;                                                                    \
    } while (0)

const char *rc_name(enum rc rc);        /* "FORBIDDEN" */
const char *rc_text(enum rc rc);        /* English, for the log and the command line */
const char *rc_message_key(enum rc rc); /* "error.FORBIDDEN", a key of po/ */
int rc_status(enum rc rc);              /* HTTP status */

/* The log: one line per entry on standard error, logfmt. Never personal values. */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
void log_level_set(enum log_level least);
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#define LOGI(...) log_line(LOG_INFO, __VA_ARGS__)
#define LOGW(...) log_line(LOG_WARN, __VA_ARGS__)
#define LOGE(...) log_line(LOG_ERROR, __VA_ARGS__)

/* Ids are one-field structs, so that two kinds never mix. 0 = none. */
struct subject_id {
    int64_t v;
}; /* a person or organisation */
struct unit_id {
    int64_t v;
}; /* an agency or a part of one */
struct dossier_id {
    int64_t v;
};
struct file_id {
    int64_t v;
}; /* an attachment */

#endif
