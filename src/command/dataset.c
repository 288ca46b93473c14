/* dataset.c - commands for open data: dataset list, check, release. */
#include "app/cli.h"

#include "app/open.h"
#include "opendata/opendata.h"
#include "text/i18n.h"

static const struct option_def list_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc list_run(struct ctx *cx, const struct args *a, int *ret)
{
    TRY(data_open(cx, a, STORE_READ));
    struct offers all = offers_all(cx);
    struct json *out = json_new_arr(cx->mem), *releases;
    for (size_t i = 0; i < all.n; i++) {
        const struct offer *o = &all.v[i];
        TRY(dataset_releases(cx, o->id, &releases));
        struct str last = releases->n ? json_str(releases->first, "period") : STR("-");
        struct json *row = json_push(out, json_new_obj(cx->mem));
        json_put_str(cx->mem, row, "id", o->id);
        json_put_str(cx->mem, row, "last", last);
        json_put_int(cx->mem, row, "releases", (int64_t)releases->n);
        if (!arg_has(a, "--json"))
            printf("%-32.*s %-9.*s %3zu releases, every %s, k %lld  %.*s\n", STR_ARG(o->id),
                   STR_ARG(last), releases->n, time_name(o->d->every), (long long)o->d->k,
                   STR_ARG(label_text(cx, o->d->title)));
    }
    if (arg_has(a, "--json"))
        print_json(cx, out);
    return RC_OK;
}

/* -- check and release -- */

static const struct option_def release_options[] = {
    {"dataset", OPT_TEXT, false, "ID", "only this one (default: all)"},
    {"--period", OPT_TEXT, false, "P", "2026, 2026-Q1 or 2026-03 (default: the last one over)"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static void release_print(struct ctx *cx, const struct offer *o, const struct data_period *s,
                          const struct release *r, bool is_dry)
{
    const struct anonymity *f = &r->found;
    printf("%.*s %.*s: ", STR_ARG(o->id), STR_ARG(s->name));
    switch (r->outcome) {
    case RELEASE_DONE:
        printf("%s, %lld rows, the smallest for %lld dossiers, sha256 %.*s\n",
               is_dry ? "could be released" : "released", (long long)f->nrows,
               (long long)f->smallest, STR_ARG(r->digest));
        break;
    case RELEASE_SAME:
        printf("revision %lld has the same content\n", (long long)r->revision);
        break;
    case RELEASE_HELD:
        printf("not yet: taken from an earlier revision it tells of fewer than %lld dossiers\n",
               (long long)f->k);
        break;
    case RELEASE_EMPTY:
        printf("nothing happened in it\n");
        break;
    case RELEASE_UNKNOWN:
        printf("refused: a column is no longer counted\n");
        break;
    case RELEASE_REFUSED:
        printf("refused: %lld of %lld rows stand for fewer than %lld dossiers\n",
               (long long)f->under, (long long)f->nrows, (long long)f->k);
        for (size_t i = 0; i < f->ncoarser; i++)
            printf("  enough: %.*s\n", STR_ARG(coarser_text(cx, &o->d->grain, &f->coarser[i])));
        break;
    }
}

static enum rc span_asked(struct ctx *cx, const struct args *a, const struct offer *o,
                          struct data_period *ret)
{
    struct str name = arg_str(a, "--period");
    struct data_period now = data_period_of(cx->mem, day_of(cx->now_us), o->d->every);
    *ret = data_period_of(cx->mem, now.from - 1, o->d->every);
    if (name.p && !data_period_parse(cx->mem, name, o->d->every, ret))
        return FAIL(cx, USAGE, "--period", "%.*s is no %s", STR_ARG(name),
                    time_name(o->d->every));
    return RC_OK;
}

/* Of all datasets, only those that have such a period. */
static bool is_of(struct ctx *cx, const struct args *a, const struct offer *o)
{
    struct data_period s;
    struct str name = arg_str(a, "--period");
    return !name.p || data_period_parse(cx->mem, name, o->d->every, &s);
}

static enum rc releases_run(struct ctx *cx, const struct args *a, bool is_dry, int *ret)
{
    struct str id = arg_str(a, "dataset");
    TRY(data_open(cx, a, is_dry ? STORE_READ : STORE_WRITE));
    struct offers all = offers_all(cx);
    bool is_found = false;
    for (size_t i = 0; i < all.n; i++) {
        struct data_period s;
        struct release r;
        if (id.p && !str_eq(id, all.v[i].id))
            continue;
        is_found = true;
        if (!id.p && !is_of(cx, a, &all.v[i]))
            continue;
        TRY(span_asked(cx, a, &all.v[i], &s));
        TRY(dataset_release(cx, &all.v[i], &s, is_dry, &r));
        TRY(db_commit(cx));
        release_print(cx, &all.v[i], &s, &r, is_dry);
        if (r.outcome == RELEASE_REFUSED || r.outcome == RELEASE_UNKNOWN)
            *ret = EXIT_FAULT;
    }
    if (id.p && !is_found)
        return FAIL(cx, NOT_FOUND, "dataset", "no dataset %.*s", STR_ARG(id));
    return RC_OK;
}

static enum rc check_run(struct ctx *cx, const struct args *a, int *ret)
{
    return releases_run(cx, a, true, ret);
}

static enum rc release_run(struct ctx *cx, const struct args *a, int *ret)
{
    return releases_run(cx, a, false, ret);
}

const struct command dataset_commands[] = {
    {"dataset list", "what a node gives out as open data", list_options, list_run},
    {"dataset check", "would a period tell of too few? says what would be enough",
     release_options, check_run},
    {"dataset release", "give out a period now", release_options, release_run},
    {0},
};
