/* form_priv.h - what the files of form/ share beside the fields of form/field.h. See
 * docs/internals/form.md.
 *
 * Paths: a field has one in the schema ("children[].name"), an answer one in the json
 * ("children.0.name"); place_path makes the second while walking. Views are json in cx->mem. */
#ifndef FORM_FORM_PRIV_H
#define FORM_FORM_PRIV_H

#include "form/field.h"
#include "text/decl.h"

/* -- loading (load.c, load_field.c) -- */
struct loader {
    struct ctx *cx;
    struct form *f;
    struct decl_notes *notes; /* NULL: the first mistake ends the reading */
    bool is_torn;             /* some question's kind is unknown: conditions cannot be typed */
};
/* A rule of pack/rules.def is broken. The first argument after the text is the line. The text
 * is names and signs, which need no language: the rule has the words. */
#define FINDING(l, rule, ...) FAIL((l)->cx, PACK, rule, "line %u: " __VA_ARGS__)
#define FORM_KEEP(l, call) KEEP((l)->cx, (l)->notes, call)
MUST_USE enum rc load_label(struct loader *l, const struct json *v, const char *what);
MUST_USE enum rc load_properties(struct loader *l, const struct json *yaml,
                                 struct field *parent);
bool name_is(struct str s);

/* -- fields -- */
const struct field *field_child(const struct field *in, struct str name);
/* By the path in answers: "children.0.name" and "children[].name" are the same field. */
const struct field *field_find(const struct form *f, struct str path);
bool field_is_leaf(const struct field *fl); /* answered by itself, not by parts */
/* Nothing was answered: absent, null, "", and groups of such. */
bool answer_is_empty(const struct json *v);
int64_t bound_value(const struct bound *b, int64_t now_us);

/* -- where a walk stands in the answers -- */
/* A chain on the stack while answers are walked: from the field at hand up to the root. */
struct place {
    const struct place *up;
    const struct field *field;
    size_t item; /* of an F_ARRAY's place: which item */
};
struct str place_path(struct arena *mem, const struct place *at);
/* Is it asked? Looks at this field's own condition; item: the group's item it is in. */
bool field_is_asked(struct ctx *cx, const struct field *fl, const struct json *answers,
                    const struct json *item);

/* -- texts of one answer (value.c) -- */
/* Trims, composes (NFC), transforms; may replace v->s. */
void value_normalise(struct arena *mem, const struct field *fl, struct json *v);
/* Is s of that format: dates that exist, identity numbers as number.h has them, phones as
 * dialled in Viet Nam; after value_normalise has taken gaps out. */
bool format_is(enum field_format format, struct str s);

/* -- what is wrong, in words (error.c) -- */
/* One judgement of one set of answers. `asked` remembers per field whether its condition
 * held, so that each is evaluated once however many fields look at it. */
struct check {
    struct ctx *cx;
    const struct form *f;
    struct json *answers;
    struct form_errors *errs;
    size_t bytes;
    uint8_t asked[FORM_FIELDS_MAX]; /* 0 not known yet, 1 no, 2 yes */
};
void error_add(struct check *k, const struct place *at, const char *rule, int64_t n);
void error_add_text(struct check *k, struct str path, const struct field *fl, const char *rule,
                    struct str text);
/* "Ngày sinh" inside a sentence: "ngày sinh". */
struct str label_inside(struct ctx *cx, struct str label);
struct str item_label(struct ctx *cx, const struct field *group, size_t item);

/* -- answers that are units (units.c) -- */
/* The code of a unit that stands today, below the one that `under` was answered with. */
bool unit_answer_is(struct ctx *cx, const struct field *fl, const struct json *answers,
                    struct str code);
struct str unit_answer_text(struct ctx *cx, struct str code); /* its name; else the code */
/* What may be chosen: [{group, options: [{value, label, checked}]}], by the unit above. */
struct json *unit_groups(struct ctx *cx, const struct field *fl, const struct json *answers,
                         struct str chosen);

/* -- answers that are files (files.c) -- */
bool digest_is(struct str s); /* 64 hexadecimal digits, small letters */

/* -- walking -- */
bool page_is_asked(struct ctx *cx, const struct form *f, const struct form_page *p,
                   const struct json *answers);
const struct form_page *page_find(const struct form *f, struct str id);

/* -- views -- */
/* Rows for the fields below `in`, as asked. */
struct view {
    struct ctx *cx;
    const struct form *f;
    const struct json *answers;
    const struct form_errors *errs;
    struct json *fields; /* the list being made */
    bool is_single;      /* the page asks one thing: its label is the heading */
    bool is_lone;        /* the page's title is that of its one group */
};
void view_field(struct view *v, const struct field *fl, const struct json *value,
                const struct place *up);
struct str value_text(struct ctx *cx, const struct field *fl, const struct json *value);
struct str option_text(struct ctx *cx, const struct field *fl, struct str value);

#endif
