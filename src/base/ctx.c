/* ctx.c - failures and the log. */
#include "base/ctx.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *key, *text;
    int status;
} errors[RC_COUNT] = {
    {"OK", "error.OK", "done", 200},
#define ERROR(name, status, text) {#name, "error." #name, text, status},
#include "errors.def"
#undef ERROR
};

struct ctx *ctx_new(struct arena *mem, struct app *app)
{
    struct ctx *cx = arena_new_of(mem, struct ctx);
    *cx = (struct ctx){.mem = mem, .app = app, .now_us = time_now()};
    return cx;
}

enum rc ctx_fail(struct ctx *cx, enum rc rc, const char *field, const char *file, int line,
                 const char *detail, ...)
{
    if (cx->err.rc != RC_OK)
        return rc;
    cx->err.rc = rc;
    cx->err.file = file;
    cx->err.line = line;
    snprintf(cx->err.field, sizeof cx->err.field, "%s", field ? field : "");
    va_list ap;
    va_start(ap, detail);
    vsnprintf(cx->err.detail, sizeof cx->err.detail, detail, ap);
    va_end(ap);
    return rc;
}

void ctx_clear(struct ctx *cx)
{
    memset(&cx->err, 0, sizeof cx->err);
}

const char *rc_name(enum rc rc)
{
    return errors[rc].name;
}

const char *rc_text(enum rc rc)
{
    return errors[rc].text;
}

const char *rc_message_key(enum rc rc)
{
    return errors[rc].key;
}

int rc_status(enum rc rc)
{
    return errors[rc].status;
}

static enum log_level log_least = LOG_INFO; /* set once at start, before any thread */

void log_level_set(enum log_level least)
{
    log_least = least;
}

void log_line(enum log_level level, const char *fmt, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if (level < log_least)
        return;
    char line[1024];
    struct civil c = civil_of(time_now());
    int n = snprintf(line, sizeof line, "%04d-%02d-%02dT%02d:%02d:%02d+07:00 %s ", c.year,
                     c.month, c.day, c.hour, c.minute, c.second, names[level]);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line + n, sizeof line - (size_t)n, fmt, ap);
    va_end(ap);
    for (char *p = line; *p; p++) /* one entry stays one line, whatever it quotes */
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            *p = ' ';
    fprintf(stderr, "%s\n", line);
}
