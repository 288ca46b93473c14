/* pack_help.h - the small sound pack of tests/packs/good, and copies with one thing changed. */
#ifndef TESTS_PACK_HELP_H
#define TESTS_PACK_HELP_H

#include "unit/harness.h"

#include "pack/pack_priv.h"

#include <string.h>

/* The folder beside this file's own. */
static inline struct str tests_dir(struct arena *mem, const char *below)
{
    const char *slash = strrchr(__FILE__, '/');
    return str_fmt(mem, "%.*s/../packs/%s", (int)(slash - __FILE__), __FILE__, below);
}

static inline struct pack_files *good_files(struct ctx *cx)
{
    struct pack_files *f = NULL;
    assert_int_equal(pack_files_read(cx, tests_dir(cx->mem, "good"), &f), RC_OK);
    return f;
}

/* text with the first `from` replaced; where `from` does not stand the test fails. */
static inline struct str replaced_in(struct arena *mem, struct str text, struct str from,
                                     struct str to)
{
    size_t at = 0;
    while (at + from.n <= text.n && memcmp(text.p + at, from.p, from.n) != 0)
        at++;
    if (at + from.n > text.n)
        fail_msg("it does not say\n%.*s", STR_ARG(from));
    return str_fmt(mem, "%.*s%.*s%.*s", (int)at, text.p, STR_ARG(to),
                   STR_ARG(str_skip(text, at + from.n)));
}

/* A copy of the files in which one has other text; STR_NULL: it is left out. New names are
 * added. */
static inline struct pack_files *files_with(struct ctx *cx, const struct pack_files *f,
                                            struct str name, struct str text)
{
    struct pack_files *copy = pack_files_new(cx->mem);
    for (size_t i = 0; i < f->n; i++)
        if (!str_eq(f->v[i].name, name))
            assert_int_equal(pack_files_add(cx, copy, f->v[i].name, f->v[i].data), RC_OK);
    if (text.p)
        assert_int_equal(pack_files_add(cx, copy, name, text), RC_OK);
    pack_files_sort(copy);
    return copy;
}

/* The same with the first `from` of that file replaced. */
static inline struct pack_files *files_edited(struct ctx *cx, const struct pack_files *f,
                                              const char *name, const char *from,
                                              const char *to)
{
    struct str was = pack_file(f, str_from(name));
    assert_non_null(was.p);
    return files_with(cx, f, str_from(name),
                      replaced_in(cx->mem, was, str_from(from), str_from(to)));
}

/* A copy in which the first `from` of one file is `to`; to NULL: the file is left out; from
 * NULL: `to` stands before what it says, or is all of a new one. */
static inline struct pack_files *edited(struct ctx *cx, const char *name, const char *from,
                                        const char *to)
{
    struct pack_files *f = good_files(cx);
    struct str was = pack_file(f, str_from(name));
    if (!to)
        return files_with(cx, f, str_from(name), STR_NULL);
    if (!was.p)
        return files_with(cx, f, str_from(name), str_from(to));
    return files_edited(cx, f, name, from ? from : "", to);
}

static inline void findings_tell(const struct pack_findings *found)
{
    for (size_t i = 0; i < found->n; i++)
        print_error("%.*s:%d: %.*s %.*s\n", STR_ARG(found->v[i].file), found->v[i].line,
                    STR_ARG(found->v[i].rule), STR_ARG(found->v[i].text_en));
}

static inline bool findings_have(const struct pack_findings *found, const char *rule)
{
    for (size_t i = 0; i < found->n; i++)
        if (str_eq(found->v[i].rule, str_from(rule)))
            return true;
    return false;
}

#endif
