/* form.h - forms: JSON Schema 2020-12 for what forms need, and how they are asked.
 * See docs/internals/form.md and packs/README.md.
 *
 * Answers are one json object shaped as the schema. A form is immutable after loading and may
 * be used by any thread. Views are json for templates/form/…; each widget is a partial. */
#ifndef FORM_FORM_H
#define FORM_FORM_H

#include "expr/expr.h"
#include "text/i18n.h"

struct form;

enum {
    FORM_FIELDS_MAX = 400,
    FORM_PAGES_MAX = 120,
    FORM_ITEMS_MAX = 100,
    FORM_ANSWERS_MAX = 256 * 1024
};

/* Loads and checks; PACK with detail "line N: …" naming what to mend. */
struct tables; /* decision tables that its expressions may ask (expr/table.h) */
MUST_USE enum rc form_load(struct ctx *cx, const struct json *yaml, struct tables *tables,
                           struct form **ret);
/* The same, but every mistake is kept in notes (text/decl.h); *ret is NULL when too little is
 * known of the form to type expressions over it. */
struct decl_notes;
MUST_USE enum rc form_read(struct ctx *cx, const struct json *yaml, struct tables *tables,
                           struct decl_notes *notes, struct form **ret);
/* Names and types for expressions over its answers. */
const struct expr_scope *form_scope(const struct form *f);
/* The pure JSON Schema (no presentation keywords): for the API's documentation. */
struct json *form_schema(struct ctx *cx, const struct form *f);
bool form_has_field(const struct form *f, struct str path);

/* -- checking -- */
struct form_error {
    struct str field; /* "father.name", "children.0.birth_day" */
    struct str rule; /* required type minLength maxLength pattern format enum minimum … rule */
    struct str text; /* in the ctx's language: what is wrong and what to do */
    struct str page; /* id of the page where it can be mended; empty if none */
};
struct form_errors {
    struct form_error *v;
    size_t n; /* at most 50 are told */
};
/* Everything, as at submission. Undeclared fields are errors. Answers to questions that are
 * not asked (their `if` is false) are removed from `answers`. RC_OK with errs->n == 0 or
 * RC_INVALID with errs filled (cx->err.field = the first). */
MUST_USE enum rc form_check(struct ctx *cx, const struct form *f, struct json *answers,
                            struct form_errors *errs);
MUST_USE enum rc form_check_page(struct ctx *cx, const struct form *f, struct str page,
                                 struct json *answers, struct form_errors *errs);
/* Rows for problem+json and error summaries: [{field, rule, message, page}]. */
struct json *form_errors_view(struct ctx *cx, const struct form_errors *errs);

/* -- taking what was posted -- */
/* posted: field path -> text or array of texts (dates also as f.day f.month f.year). Changes
 * `answers` for the fields of page (empty: all). Text that does not fit its type is kept as
 * text, so that the person sees what they typed beside the error. */
MUST_USE enum rc form_take(struct ctx *cx, const struct form *f, struct str page,
                           const struct json *posted, struct json *answers);
/* Fills fields that have a source. sources: {"applicant": {"name": …}, …}. Locked fields are
 * overwritten, others only when unanswered. */
void form_prefill(struct ctx *cx, const struct form *f, const struct json *sources,
                  struct json *answers);
/* Puts locked answers back as they were in `was`. */
void form_keep_locked(struct ctx *cx, const struct form *f, const struct json *was,
                      struct json *answers);
/* Adds / removes an item of a repeating group. */
MUST_USE enum rc form_item_add(struct ctx *cx, const struct form *f, struct str path,
                               struct json *answers);
MUST_USE enum rc form_item_remove(struct ctx *cx, const struct form *f, struct str path,
                                  size_t item, struct json *answers);
/* The same for "children.2", as a page's button names it. */
MUST_USE enum rc form_item_drop(struct ctx *cx, const struct form *f, struct str item,
                                struct json *answers);

/* -- questions that are answered with a file (files.c) -- */
/* `widget: file`. The answer in the json is the file's SHA-256 in 64 hexadecimal digits; the
 * bytes, name and kind of the file stand with whoever keeps the answers, under the question's
 * path ("place.plan"). Nobody types such an answer: form_take leaves it alone. Never within a
 * repeating group; at most FORM_FILES_MAX in a form, numbered in the form's order. */
enum { FORM_FILES_MAX = 12 };
struct str form_file_at(const struct form *f,
                        size_t n); /* the n-th path; STR_NULL past the end */
int form_file_find(const struct form *f,
                   struct str path); /* its number; -1: no such question */
/* How it is asked, in cx->lang; STR_NULL when there is no such question (f may be NULL). */
struct str form_file_title(struct ctx *cx, const struct form *f, struct str path);
struct str form_file_page(const struct form *f, struct str path); /* id; empty: none */
/* The digest that stands in answers; empty when unanswered. */
struct str form_file_answer(const struct form *f, struct str path, const struct json *answers);
/* Answers it (hex empty: takes the answer away). Other paths change nothing. */
void form_file_put(struct ctx *cx, const struct form *f, struct str path, struct str hex,
                   struct json *answers);

/* -- trying conditions (trial.c) -- */
/* Answers worth trying: they vary what the expressions read over the values at which one of
 * them may turn, and only such as may stand together: what is not asked has no answer, what is
 * required has one. Names that are no fields of the form are varied by `more`, a list of
 * {name, values}. What a trial shows to be possible is; what it does not show may be. */
struct form_trial;
struct form_trial_name {
    struct str name;
    const struct json *values; /* a list; a null in it: absent */
};
struct form_trial *form_trial_new(struct ctx *cx, const struct form *f,
                                  const struct expr *const *over, size_t n,
                                  const struct form_trial_name *more, size_t nmore);
/* The next answers, NULL past the last. Valid until the next call. */
const struct json *form_trial_next(struct form_trial *t);
/* The varied names with their values, as `a = "x", b = null`, for a message. */
struct str form_trial_text(const struct form_trial *t);

/* -- walking the pages that are asked, given the answers -- */
struct str form_page_first(struct ctx *cx, const struct form *f, const struct json *answers);
/* Empty after the last. */
struct str form_page_next(struct ctx *cx, const struct form *f, const struct json *answers,
                          struct str page);
struct str form_page_prev(struct ctx *cx, const struct form *f, const struct json *answers,
                          struct str page);
bool form_page_is(const struct form *f, struct str page);

/* -- all pages, asked or not, in their order -- */
struct str form_page_at(const struct form *f, size_t i); /* its id; empty past the last */
/* SIZE_MAX: no such page. */
size_t form_page_index(const struct form *f, struct str page);
/* Words for people: a page's title (else its one question's), a question's. The id or the path
 * when the form has no such thing: earlier versions may have had it. */
struct str form_page_title(struct ctx *cx, const struct form *f, struct str page);
struct str form_field_title(struct ctx *cx, const struct form *f, struct str path);

/* -- views (keys are documented in docs/internals/form.md) -- */
/* {page, title, section, fields:[{name, id, label, hint, is_text|is_date|is_radios|…: true, value,
 * options:[{value,label,checked}], required, error, maxlength, autocomplete, inputmode …}],
 * errors:[…], is_first, index, total} */
struct json *form_page_view(struct ctx *cx, const struct form *f, struct str page,
                            const struct json *answers, const struct form_errors *errs);
/* The whole form on one page, for officers: {sections:[{title, fields:[…]}], errors} */
struct json *form_all_view(struct ctx *cx, const struct form *f, const struct json *answers,
                           const struct form_errors *errs);
/* The task list: {sections:[{id, title, status:"done|started|todo", is_done, …, first_page}],
 * done, all} */
struct json *form_tasks_view(struct ctx *cx, const struct form *f, const struct json *answers);
/* Check answers / reading: {sections:[{title, rows:[{label, value, page, field, source}]}]} */
struct json *form_summary_view(struct ctx *cx, const struct form *f,
                               const struct json *answers);

#endif
