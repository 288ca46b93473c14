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

/* A copy in which the first `from` of one file is `to`; to NULL: the file is left out. */
static inline struct pack_files *edited(struct ctx *cx, const char *name, const char *from,
                                        const char *to)
{
    struct pack_files *f = good_files(cx), *copy = pack_files_new(cx->mem);
    bool done = false;
    for (size_t i = 0; i < f->n; i++) {
        struct str data = f->v[i].data;
        if (str_eq(f->v[i].name, str_from(name))) {
            const char *z = str_z(cx->mem, data), *at = from ? strstr(z, from) : z;
            assert_non_null(at);
            done = true;
            if (!to)
                continue;
            data = str_fmt(cx->mem, "%.*s%s%s", (int)(at - z), z, to,
                           at + (from ? strlen(from) : 0));
        }
        assert_int_equal(pack_files_add(cx, copy, f->v[i].name, data), RC_OK);
    }
    if (!done && to)
        assert_int_equal(pack_files_add(cx, copy, str_from(name), str_from(to)), RC_OK);
    pack_files_sort(copy);
    return copy;
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
