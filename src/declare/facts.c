/* facts.c - the names and types of the facts that events carry. */
#include "declare/facts.h"

static const struct fact {
    enum event_kind kind;
    const char *name;
    enum expr_type type;
} facts[] = {
#define FACT(event, name, type, text) {EV_##event, #name, T_##type},
#include "facts.def"
#undef FACT
};

enum { FACTS = sizeof facts / sizeof *facts };

const struct expr_scope *fact_scope(struct ctx *cx, enum event_kind kind)
{
    struct expr_scope *scope = NULL;
    for (size_t i = 0; i < FACTS; i++) {
        if (facts[i].kind != kind)
            continue;
        if (!scope) {
            scope = expr_scope_new(cx->mem);
            expr_scope_fold(scope);
        }
        expr_scope_add(scope, str_from(facts[i].name), facts[i].type);
    }
    return scope;
}

static const struct fact *fact_find(enum event_kind kind, struct str name)
{
    for (size_t i = 0; i < FACTS; i++)
        if (facts[i].kind == kind && str_eq(name, str_from(facts[i].name)))
            return &facts[i];
    return NULL;
}

bool fact_is_number(enum event_kind kind, struct str name)
{
    const struct fact *f = fact_find(kind, name);
    return f && f->type == T_INT;
}

bool fact_is_known(enum event_kind kind, struct str name)
{
    return fact_find(kind, name) != NULL;
}
