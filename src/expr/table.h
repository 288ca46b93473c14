/* table.h - decision tables: rows of a CSV, first match wins. See docs/internals/expr.md.
 *
 * The head names typed columns: `when:area:int 0..`, `when:kind:text house|works`,
 * `then:fee:int`, `note`. A cell under `when` is empty or `-` (any), or `5`, `>= 5`, `1..9`, and
 * several of these with `|`. Compiled once at publish; immutable then; any thread may ask.
 *
 * Memory is the arena's that tables_new was given: the pack's. A cell's types are checked
 * against the head, results against each other; numbers are whole, money is đồng, days are
 * civil days. */
#ifndef EXPR_TABLE_H
#define EXPR_TABLE_H

#include "text/json.h"

enum {
    TABLES_MAX = 20,
    TABLE_ROWS_MAX = 500,
    TABLE_KEYS_MAX = 8,
    TABLE_RESULTS_MAX = 8,
    TABLE_SPANS_MAX = 40,  /* alternatives in a cell */
    TABLE_WORDS_MAX = 200, /* texts of a column */
    TABLE_STEPS_MAX = 200000,
    TABLE_FAULTS_MAX = 20,
};

struct tables;
/* None yet. The arena must outlive every expression that asks them. */
struct tables *tables_new(struct arena *mem);

/* Reads a table and takes it into tables. EXPR with "line N: …" in detail when the head or a
 * cell is wrong; the field is "head" or "cell". */
MUST_USE enum rc table_add(struct ctx *cx, struct tables *tables, struct str name,
                           struct str csv);

/* What the rows of a readable table do wrong together. */
enum table_fault_kind {
    TABLE_GAP,     /* an input that no row takes */
    TABLE_OVERLAP, /* two rows take an input, neither is the other's exception, results differ */
    TABLE_DEAD,    /* a row that earlier rows leave nothing to */
    TABLE_LARGE,   /* more cases than TABLE_STEPS_MAX: nobody can look through them */
};
/* One mistake; the checker of packs turns it into a finding (P142 gap, P143 overlap, P144
 * dead). */
struct table_fault {
    enum table_fault_kind kind;
    unsigned line, other; /* of the file; 0: of no row */
    struct str example;   /* "kind = house, area = 251" */
};
/* The first TABLE_FAULTS_MAX; more would not help to mend a table. */
struct table_faults {
    struct table_fault v[TABLE_FAULTS_MAX];
    size_t n;
};
/* Of the table added last. Takes its memory from cx. */
void table_check(struct ctx *cx, const struct tables *tables, struct table_faults *ret);
/* The name of the i-th table that no expression asks; STR_NULL past the end. */
struct str table_unused(const struct tables *tables, size_t i);

#endif
