/* scenario.c - plays the scenarios of a pack, each in an office of its own. */
#include "scenario/scenario_priv.h"

struct run {
    const struct pack_files *files;
    const struct ledger_subscriber *const *subs;
    FILE *out;
    struct scenario_report report;
};

/* Virtual time before the first `clock` line: a working Monday. */
static int64_t time_first(void)
{
    return day_start(day_make(2026, 6, 1)) + 9 * HOUR_US;
}

static void said(const struct run *r, const struct case_file *f, int line, struct str text)
{
    fprintf(r->out, "%.*s:%d: %.*s\n", STR_ARG(f->name), line, STR_ARG(text));
}

static bool steps_play(struct run *r, struct play *p, const struct case_block *b)
{
    for (size_t i = 0; i < b->nsteps; i++) {
        if (step_run(p, &b->steps[i]) == RC_OK)
            continue;
        fprintf(r->out, "FAIL %.*s\n", STR_ARG(b->name));
        said(r, p->file, b->steps[i].line, p->said);
        return false;
    }
    fprintf(r->out, "ok   %.*s\n", STR_ARG(b->name));
    return true;
}

/* The office opens at the scenario's first clock, so that nothing happens before it. */
static int64_t time_of(struct ctx *cx, const struct case_block *b)
{
    int64_t us;
    static const struct str clock = STR("clock ");
    struct str first = b->nsteps ? b->steps[0].parts[0] : STR("");
    if (str_starts(first, clock) &&
        time_parse(str_fmt(cx->mem, "%.*s:00+07:00", STR_ARG(str_skip(first, clock.n))), &us))
        return us;
    return time_first();
}

static void case_play(struct run *r, const struct case_file *f, const struct case_block *b)
{
    struct arena *mem = arena_new(CASE_MEMORY), *process = arena_new(CASE_MEMORY);
    struct ctx *cx = ctx_new(mem, NULL);
    struct play p = {.file = f, .mem = process, .now_us = time_of(cx, b), .is_nobody = true};
    bool ok = false;
    p.office.app.mem = process;
    if (office_open(cx, r->files, r->subs, p.now_us, &p.office) == RC_OK)
        ok = steps_play(r, &p, b);
    else
        said(r, f, b->line,
             str_fmt(mem, "no office: %s %s", rc_name(cx->err.rc), cx->err.detail));
    r->report.passed += ok;
    r->report.failed += !ok;
    arena_free(mem);
    office_close(&p.office);
    arena_free(process);
}

static enum rc file_play(struct ctx *cx, struct run *r, struct str name)
{
    struct case_file f;
    enum rc rc = case_parse(cx, name, pack_file(r->files, name), &f);
    if (rc != RC_OK && rc != RC_MALFORMED)
        return rc;
    if (rc == RC_MALFORMED) {
        fprintf(r->out, "FAIL %.*s: %s\n", STR_ARG(name), cx->err.detail);
        ctx_clear(cx);
        r->report.failed++;
        return RC_OK;
    }
    for (const struct case_block *b = f.cases; b; b = b->next)
        case_play(r, &f, b);
    return RC_OK;
}

enum rc scenario_run_all(struct ctx *cx, const struct pack_files *files,
                         const struct ledger_subscriber *const *subs, FILE *out,
                         struct scenario_report *ret)
{
    struct run r = {.files = files, .subs = subs, .out = out};
    struct str name;
    for (size_t i = 0; (name = pack_file_name(files, i)).p; i++)
        if (str_ends(name, STR(".case")))
            TRY(file_play(cx, &r, name));
    *ret = r.report;
    return RC_OK;
}
