/* form_priv.h - inside form/: fields, pages, rules. See docs/internals/form.md. */
#ifndef FORM_FORM_PRIV_H
#define FORM_FORM_PRIV_H

#include "expr/pattern.h"
#include "form/form.h"

enum {
    FORM_ENUM_MAX = 100,
    FORM_TEXT_MAX = 20000, /* code points, the largest maxLength */
    FORM_RULES_MAX = 100,
    FORM_ERRORS_MAX = 50,
    FORM_PASSES_MAX = 20,
    FORM_PATH_MAX = 160,
    EMAIL_MAX = 254,
    URI_MAX = 2000,
};

enum field_type { F_STRING, F_INTEGER, F_BOOLEAN, F_OBJECT, F_ARRAY };
enum field_format {
    FORMAT_NONE,
    FORMAT_DATE,
    FORMAT_EMAIL,
    FORMAT_URI,
    FORMAT_PHONE,
    FORMAT_IDENTITY
};
enum field_widget {
    W_TEXT,
    W_RADIOS,
    W_SELECT,
    W_TEXTAREA,
    W_CHECKBOXES,
    W_CHECKBOX,
    W_UNIT,
    W_FILE,
    W_DATE,
    W_GROUP,
    W_ITEMS
};
enum field_transform { TRANSFORM_TRIM, TRANSFORM_UPPER_FIRST, TRANSFORM_UPPER };

/* A number, a day, or a day counted from today. */
struct bound {
    bool is_set, from_today;
    char unit; /* y m d, with from_today */
    int64_t n; /* the number; the civil day; the distance from today */
};

struct form_page;
struct field {
    struct str name;
    struct str path; /* "father.name", "children[].name" */
    uint32_t line;
    enum field_type type;
    enum field_format format;
    enum field_widget widget;
    enum field_transform transform;
    bool required, personal, locked, in_items;
    uint16_t index; /* among all fields of the form */
    struct bound least, most;
    int64_t length_least, length_most; /* code points, or items; most < 0: no limit */
    struct str *values;                /* enum */
    size_t nvalues;
    const struct json *title, *hint, *labels, *item_title, *absent, *constant, *yaml;
    struct str source;
    struct str pattern_src;
    const struct pattern *pattern;
    struct str when_src;
    const struct expr *when;
    const struct field *parent;
    struct field *children; /* of an object, or of the objects in an array */
    size_t nchildren;
    bool has_conditions; /* ARRAY: some child has a condition */
    const struct form_page *page;
};
struct form_page {
    struct str id;
    const struct json *title;
    const struct form_section *section;
    const struct field **fields;
    size_t nfields;
    size_t index;
};
struct form_section {
    struct str id;
    const struct json *title;
    size_t first, npages; /* in form.pages */
};
struct form_rule {
    const struct expr *check;
    const struct field *field;
    struct str path;
    const struct json *message;
};
struct form {
    struct field root; /* F_OBJECT */
    const struct field *fields[FORM_FIELDS_MAX];
    size_t nfields;
    struct form_section *sections;
    size_t nsections;
    struct form_page *pages;
    size_t npages;
    struct form_rule *rules;
    size_t nrules;
    struct expr_scope *scope;
};

/* -- loading (load.c, load_field.c) -- */
struct loader {
    struct ctx *cx;
    struct form *f;
};
/* The first argument after the text is the line. */
#define FINDING(l, ...) FAIL((l)->cx, PACK, NULL, "line %u: " __VA_ARGS__)
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
bool format_is(enum field_format format, struct str s);

/* -- what is wrong, in words (error.c) -- */
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
