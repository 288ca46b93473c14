/* field.h - what a form is once it is loaded: fields, pages, sections, rules. Inside form/ only.
 * See docs/internals/form.md.
 *
 * The tree of fields is the schema; fields[] lists the same fields flat, in the order of the
 * source, so that a field's index can key a table.
 *
 * Made by load.c and load_field.c in the arena of the pack, read by every other file and any
 * thread, changed by none. Limits below are those of the format (packs/README.md): a pack
 * that goes beyond is refused with a rule's number, an answer that does with an error at its
 * field. */
#ifndef FORM_FIELD_H
#define FORM_FIELD_H

#include "expr/pattern.h"
#include "form/form.h"

/* Beyond these a pack is refused, or an answer is. */
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

/* JSON Schema's own types; money and days are F_INTEGER and F_STRING with a format. */
enum field_type { F_STRING, F_INTEGER, F_BOOLEAN, F_OBJECT, F_ARRAY };
/* What a text must look like beyond its length and pattern. */
enum field_format {
    FORMAT_NONE,
    FORMAT_DATE,
    FORMAT_EMAIL,
    FORMAT_URI,
    FORMAT_PHONE,
    FORMAT_IDENTITY
};
/* How it is asked. Follows from type, format and enum unless the pack says so. */
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
/* What is done to a text before it is checked and kept. */
enum field_transform { TRANSFORM_TRIM, TRANSFORM_UPPER_FIRST, TRANSFORM_UPPER };

/* A number, a day, or a day counted from today. */
struct bound {
    bool is_set, from_today;
    char unit; /* y m d, with from_today */
    int64_t n; /* the number; the civil day; the distance from today */
};

/* Where a field is asked; only fields of the root have one, the others go with their root. */
struct form_page;

/* A node of the schema. Texts and json point into the pack's YAML, which outlives the form. */
struct field {
    struct str name;
    struct str path; /* "father.name", "children[].name" */
    uint32_t line;   /* in the form's file, for findings */
    enum field_type type;
    enum field_format format;
    enum field_widget widget;
    enum field_transform transform;
    /* personal: sealed, never in facts. locked: comes from a source, not from the person. */
    bool required, personal, locked, in_items;
    uint16_t index; /* among all fields of the form */
    struct bound least, most;
    int64_t length_least, length_most; /* code points, or items; most < 0: no limit */
    struct str *values;                /* enum */
    size_t nvalues;
    const struct json *title, *hint, *labels, *item_title, *absent, *constant, *yaml;
    struct str source; /* where an answer can come from: "applicant.name" */
    struct str under;  /* W_UNIT: the question whose answer is a unit above; empty: any unit */
    struct str pattern_src;
    const struct pattern *pattern;
    const struct json *when_yaml; /* asked only when this holds */
    const struct expr *when;
    const struct field *parent;
    struct field *children; /* of an object, or of the objects in an array */
    size_t nchildren;       /* 0 for whatever is answered by itself */
    bool has_conditions;    /* ARRAY: some child has a condition */
    const struct form_page *page;
};
/* One page asks one or a few fields; those whose condition fails are left out. */
struct form_page {
    struct str id;
    const struct json *title;
    const struct form_section *section;
    const struct field **fields;
    size_t nfields;
    size_t index;
};
/* A line of the task list: pages that stand together. */
struct form_section {
    struct str id;
    const struct json *title;
    size_t first, npages; /* in form.pages */
};
/* A condition over several answers; its message stands at one of them. */
struct form_rule {
    const struct expr *check;
    const struct field *field;
    struct str path;
    const struct json *message;
};
/* Made once when a pack is loaded, read by any thread afterwards. */
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
    struct expr_scope *scope; /* names that conditions and rules may use, with types */
};

#endif
