/* sources.c - what other registers give: declared with purpose and law, used, not asked again. */
#include "pack/pack_priv.h"

#include <string.h>

enum { READS_MAX = 10, READ_FIELDS_MAX = 40 };

/* -- pack.yaml: reads -- */

static enum rc read_law_check(struct checker *c, const struct json *v)
{
    struct str text;
    if (!v)
        return RC_OK;
    TRY(decl_keys_all(c->cx, v, "act! clause!", c->notes));
    CHECK(c, decl_text(c->cx, v, "act", &text));
    return decl_text(c->cx, v, "clause", &text);
}

static enum rc read_check(struct checker *c, const struct json *v)
{
    struct str name = STR_NULL;
    const struct json *label = NULL, *fields;
    TRY(decl_keys_all(c->cx, v, "register! purpose! law! fields!", c->notes));
    TRY(decl_text(c->cx, v, "register", &name));
    if (name.p)
        CHECK(c, decl_id(c->cx, name, json_get(v, STR("register"))));
    CHECK(c, decl_label(c->cx, v, "purpose", &label));
    CHECK(c, read_law_check(c, json_get(v, STR("law"))));
    TRY(decl_list(c->cx, v, "fields", READ_FIELDS_MAX, &fields));
    JSON_EACH (fields, f)
        if (f->kind != JSON_STR)
            CHECK(c, DECL_FAIL(c->cx, RULE_VALUE, f, "fields"));
    return RC_OK;
}

enum rc reads_check(struct checker *c)
{
    const struct json *list;
    TRY(decl_list(c->cx, c->yaml, "reads", READS_MAX, &list));
    JSON_EACH (list, v) {
        CHECK(c, read_check(c, v));
        JSON_EACH (list, other)
            if (other == v)
                break;
            else if (str_eq(json_str(other, "register"), json_str(v, "register")))
                CHECK(c, DECL_FAIL(c->cx, RULE_TWICE, v, "`%.*s`",
                                   STR_ARG(json_str(v, "register"))));
    }
    return RC_OK;
}

/* -- questions -- */

static bool reads_has(const struct checker *c, struct str source)
{
    struct str name, field = str_split(source, '.', &name);
    JSON_EACH (json_get(c->yaml, STR("reads")), v)
        JSON_EACH (json_get(v, STR("fields")), f)
            if (str_eq(json_str(v, "register"), name) && str_eq(f->s, field))
                return true;
    return false;
}

struct question {
    const struct json *yaml;
    struct str name, source;
    bool locked;
};
typedef void question_fn(struct checker *c, const struct question *q, void *with);

/* Every property of the form, whatever it is in. */
static void questions_each(struct checker *c, const struct json *object, question_fn *fn,
                           void *with)
{
    JSON_EACH (json_get(object, STR("properties")), v) {
        struct question q = {v, v->key, json_str(v, "source"), json_bool(v, "locked")};
        fn(c, &q, with);
        questions_each(c, v, fn, with);
        questions_each(c, json_get(v, STR("items")), fn, with);
    }
}

/* What the identity database or a register answers is not a person's to answer again. How to
 * reach somebody is: people choose that. */
static bool is_certain(struct str source)
{
    return source.n && !str_eq(source, STR("applicant.phone")) &&
           !str_eq(source, STR("applicant.email"));
}

/* applicant_name, requester_number …: known from the account when nothing else is said. */
static bool seems_known(struct str name)
{
    static const char *const who[] = {"applicant_", "requester_", "declarant_"};
    static const char *const what[] = {"name",      "full_name", "number", "birth",
                                       "birth_day", "birthday",  "phone",  "email"};
    for (size_t i = 0; i < sizeof who / sizeof *who; i++)
        for (size_t k = 0; k < sizeof what / sizeof *what; k++)
            if (str_starts(name, str_from(who[i])) &&
                str_eq(str_skip(name, strlen(who[i])), str_from(what[k])))
                return true;
    return false;
}

enum { SOURCES_MAX = 64 };
struct seen {
    struct str v[SOURCES_MAX];
    size_t n;
};

static void question_check(struct checker *c, const struct question *q, void *with)
{
    struct seen *seen = with;
    const struct json *at = json_get(q->yaml, STR("source"));
    if (!q->source.n && seems_known(q->name))
        name_add(c, "P119", q->yaml, q->name);
    if (!q->source.n)
        return;
    if (!str_starts(q->source, STR("applicant.")) && !reads_has(c, q->source))
        name_add(c, "P116", at, q->source);
    if (!is_certain(q->source))
        return;
    /* who may stay unnamed may also choose a name */
    if (!q->locked && !c->pack->anonymous)
        name_add(c, "P118", q->yaml, q->name);
    for (size_t i = 0; i < seen->n; i++)
        if (str_eq(seen->v[i], q->source))
            name_add(c, "P118", q->yaml, q->name);
    if (seen->n < SOURCES_MAX)
        seen->v[seen->n++] = q->source;
}

static void source_note(struct checker *c, const struct question *q, void *with)
{
    struct seen *seen = with;
    if (seen->n < SOURCES_MAX)
        seen->v[seen->n++] = q->source;
}

static bool is_used(const struct seen *seen, struct str name, struct str field)
{
    for (size_t i = 0; i < seen->n; i++) {
        struct str of, part = str_split(seen->v[i], '.', &of);
        if (str_eq(of, name) && str_eq(part, field))
            return true;
    }
    return false;
}

/* LAW: ND13/2023 3.4 - only what the purpose needs is read. */
static void reads_are_used(struct checker *c)
{
    struct seen seen = {.n = 0};
    questions_each(c, c->form_yaml, source_note, &seen);
    c->file = STR("pack.yaml");
    JSON_EACH (json_get(c->yaml, STR("reads")), v)
        JSON_EACH (json_get(v, STR("fields")), f)
            if (!is_used(&seen, json_str(v, "register"), f->s))
                name_add(c, "P117", f, f->s);
}

void questions_check(struct checker *c)
{
    struct seen seen = {.n = 0};
    c->file = json_str(c->yaml, "form");
    questions_each(c, c->form_yaml, question_check, &seen);
    reads_are_used(c);
}
