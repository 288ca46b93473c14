/* fuzz_statement.c - any bytes as what comes from other nodes and from lists of figures: a
 * statement's months, cells and notes, periods and values. What is read prints back as it was. */
#include "fuzz/fuzz.h"

#include "declare/dataset.h"
#include "ledger/note.h"
#include "opendata/opendata.h"
#include "rollup/rollup_priv.h"
#include "target/entered.h"
#include "target/period.h"
#include "text/csv.h"

static void line_try(struct ctx *cx, struct str s)
{
    struct cell_line c, again;
    if (!cell_line_parse(s, &c))
        return;
    fuzz_must(c.channel >= 0 && c.bucket >= 0 && c.num <= STATEMENT_AMOUNT_MAX &&
              c.num >= -STATEMENT_AMOUNT_MAX);
    struct str text = cell_line_print(cx->mem, &c);
    fuzz_must(cell_line_parse(text, &again));
    fuzz_must(again.num == c.num && again.den == c.den && str_eq(again.procedure, c.procedure));
}

static void periods_try(struct ctx *cx, struct str s)
{
    static const enum dataset_time every[] = {TIME_MONTH, TIME_QUARTER, TIME_YEAR};
    struct month m;
    struct period p;
    struct data_period d;
    if (month_parse(cx->mem, s, &m))
        fuzz_must(str_eq(m.name, s) && m.from < m.to && month_now(day_start(m.from)) == m.n);
    if (period_parse(s, &p))
        fuzz_must(str_eq(period_id(cx->mem, p), s) && p.from < p.to &&
                  period_next(period_before(p)).from == p.from);
    for (size_t i = 0; i < sizeof every / sizeof *every; i++)
        if (data_period_parse(cx->mem, s, every[i], &d))
            fuzz_must(str_eq(d.name, s) && d.from < d.to);
}

static void value_try(struct str s)
{
    static const enum indicator_unit units[] = {IND_COUNT, IND_PERCENT, IND_DAYS, IND_VND};
    int64_t v, num, den;
    if (value_parse(s, LANG_VI, &v) != VALUE_READ && value_parse(s, LANG_EN, &v) != VALUE_READ)
        return;
    fuzz_must(v <= INT64_C(1000000000000000000) && v >= -INT64_C(1000000000000000000));
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct indicator ind = {.unit = units[i]};
        if (!value_split(&ind, v, &num, &den))
            continue;
        fuzz_must(den >= 0 && (den == 0 || units[i] != IND_COUNT));
    }
}

/* The key of the example in the documentation of golang.org/x/mod/sumdb/note, whose note is a
 * seed: nothing but that text is ever signed by it. */
#define EXAMPLE "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define EXAMPLE_TEXT                                                                           \
    "If you think cryptography is the answer to your problem,\n"                               \
    "then you don't know what your problem is.\n"

static void note_try(struct ctx *cx, struct str s)
{
    struct vkey vk, own;
    struct str text;
    struct checkpoint head;
    if (vkey_parse(cx->mem, s, &own))
        fuzz_must(str_eq(vkey_print(cx->mem, own.name, &own.key), str_trim(s)));
    fuzz_must(vkey_parse(cx->mem, STR(EXAMPLE), &vk));
    if (note_check(cx->mem, s, &vk, &text))
        fuzz_must(str_eq(text, STR(EXAMPLE_TEXT)));
    fuzz_must(!checkpoint_check(cx->mem, s, &vk, &head));
}

/* A list that people filled in: whatever its cells hold, none of them begins a formula. */
static void cells_try(struct ctx *cx, struct str s)
{
    struct buf *b = buf_new(cx->mem, 64u << 10);
    csv_cell(b, s);
    struct str out = buf_str(b);
    if (out.n && !b->over && s.p[0] != '-')
        fuzz_must(!strchr("=+@\t\r", out.p[0]) || out.p[0] == '\0');
}

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct str line, rest = in;
    log_level_set(LOG_ERROR);
    fuzz_must(crypt_start(cx) == RC_OK);
    note_try(cx, in);
    cells_try(cx, in);
    while (rest.p && rest.n) {
        rest = str_split(rest, '\n', &line);
        line_try(cx, line);
        periods_try(cx, line);
        value_try(line);
    }
}
