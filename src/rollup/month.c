/* month.c - months, and the lines that cells are written as. */
#include "app/app.h"
#include "rollup/rollup_priv.h"

enum { PROCEDURE_MAX = 40, CHANNEL_MAX = 9, BUCKET_MAX = 4096 };

struct month month_at(struct arena *mem, int64_t n)
{
    int year = (int)(n / 12), month = (int)(n % 12) + 1;
    int next = (int)((n + 1) / 12), after = (int)((n + 1) % 12) + 1;
    return (struct month){str_fmt(mem, "%04d-%02d", year, month), n, day_make(year, month, 1),
                          day_make(next, after, 1)};
}

int64_t month_now(int64_t us)
{
    return month_of(day_of(us));
}

bool month_parse(struct arena *mem, struct str name, struct month *ret)
{
    struct str year;
    struct str rest = str_split(name, '-', &year);
    int64_t y, m;
    if (!str_int(year, &y) || !rest.p || !str_int(rest, &m) || y < 1970 || y > 9999 || m < 1 ||
        m > 12)
        return false;
    *ret = month_at(mem, y * 12 + m - 1);
    return str_eq(ret->name, name); /* one spelling for each month */
}

int32_t month_deadline(const struct ctx *cx, const struct month *m)
{
    return m->to - 1 + (int32_t)cx->app->settings.rollup_days;
}

struct str cell_line_print(struct arena *mem, const struct cell_line *c)
{
    struct str procedure = c->procedure.n ? c->procedure : STR("-");
    return str_fmt(mem, "%.*s %lld %lld %lld %lld", STR_ARG(procedure), (long long)c->channel,
                   (long long)c->bucket, (long long)c->num, (long long)c->den);
}

static bool procedure_is(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !(c >= '0' && c <= '9') && c != '.' && c != '-')
            return false;
    }
    return s.n > 0 && s.n <= PROCEDURE_MAX;
}

static bool amount_is(int64_t n)
{
    return n >= -STATEMENT_AMOUNT_MAX && n <= STATEMENT_AMOUNT_MAX;
}

bool cell_line_parse(struct str s, struct cell_line *ret)
{
    struct str part[5];
    int64_t n[4];
    for (size_t i = 0; i < 5; i++) {
        if (!s.p)
            return false;
        s = str_split(s, ' ', &part[i]);
    }
    if (s.p || !procedure_is(part[0]))
        return false;
    for (size_t i = 0; i < 4; i++)
        if (!str_int(part[i + 1], &n[i]))
            return false;
    *ret = (struct cell_line){part[0], n[0], n[1], n[2], n[3]};
    if (str_eq(ret->procedure, STR("-")))
        ret->procedure = STR("");
    return n[0] >= 0 && n[0] <= CHANNEL_MAX && n[1] >= 0 && n[1] <= BUCKET_MAX &&
           amount_is(n[2]) && amount_is(n[3]);
}

struct str statement_text(struct arena *mem, struct str node, struct str period,
                          int64_t revision, const struct hash *digest)
{
    return str_fmt(mem, "motcua statement v1\n%.*s\n%.*s\n%lld\n%.*s\n", STR_ARG(node),
                   STR_ARG(period), (long long)revision, STR_ARG(hash_hex(mem, digest)));
}
