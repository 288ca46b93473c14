/* tpl_priv.h - a compiled template: a flat row of operations. See docs/internals/page.md.
 *
 * Made once at start, in app->mem, and read by any thread without locks. Sections are jumps:
 * `end` is where what follows begins, so rendering needs no tree and no recursion but for
 * partials. Partials refer to each other by pointer and may do so in a circle; depth is bounded
 * when it is rendered. */
#ifndef TEXT_TPL_PRIV_H
#define TEXT_TPL_PRIV_H

#include "base/map.h"
#include "page/tpl.h"

enum {
    TPL_NEST_MAX = 32,    /* sections within sections, in one template */
    TPL_PARTIAL_MAX = 16, /* partials within partials, also when one calls itself */
    TPL_STACK_MAX = 64    /* sections open at once while rendering */
};

enum op_kind {
    OP_TEXT,      /* text: as it is, escaped already where it must be */
    OP_VALUE,     /* name: its value */
    OP_HOLE,      /* name: its value; {name} itself when there is none (messages) */
    OP_SECTION,   /* name; end: index of what follows the section */
    OP_INVERTED,  /* the same */
    OP_PARTIAL,   /* partial */
    OP_MESSAGE,   /* message: one row of operations per language */
    OP_MESSAGE_OF /* name: its value is the key */
};

/* "a.b.c": head is looked up through the open sections, rest below it. "." has no head. */
struct tpl_name {
    struct str head, rest;
};

struct tpl_ops {
    struct op *v;
    size_t n;
};

struct op {
    enum op_kind kind;
    size_t end;
    struct str text;
    struct tpl_name name;
    const struct tpl_ops *partial;
    struct tpl_ops message[LANG_COUNT];
};

struct tpl_set {
    struct map *by_name; /* name -> struct tpl_ops */
};

struct tpl_name tpl_name_of(struct str text);

#endif
