/* table_priv.h - a compiled table. See docs/internals/expr.md.
 *
 * Every column is a line of whole numbers: days and numbers as they are, false and true as 0
 * and 1, texts by their place among the column's words (one more place stands for every other
 * text). A cell is a union of spans on that line, so a row is a union of boxes, and gaps and
 * overlaps are geometry.
 *
 * A table is immutable once it was added, but for is_used, which only the checker of a pack
 * sets before anybody else sees it. Looking a row up costs rows × keys comparisons of whole
 * numbers and takes steps of the run's budget for it; no memory. */
#ifndef EXPR_TABLE_PRIV_H
#define EXPR_TABLE_PRIV_H

#include "expr/expr_priv.h"
#include "expr/table.h"

/* A stretch of a column's line. INT64_MIN and INT64_MAX stand for "no bound". */
struct span {
    int64_t lo, hi; /* both belong to it */
};
struct spans {
    struct span *v; /* apart from each other, in order */
    size_t n;
};
/* A column under `when`: its name is told in messages only; expressions ask by position. */
struct table_key {
    struct str name;
    enum expr_type type; /* STR INT BOOL DATE */
    struct span domain;
    struct str *words; /* STR */
    size_t nwords;
    bool is_closed; /* STR: the head names all words */
};
/* A line of the file. It takes an input whose every key lies in the row's spans. */
struct table_row {
    unsigned line;
    struct spans when[TABLE_KEYS_MAX];
    struct val *then; /* names and values in turn, so that it can be an object */
};
struct table {
    struct str name;
    struct table_key keys[TABLE_KEYS_MAX];
    struct scope_name results[TABLE_RESULTS_MAX];
    size_t nkeys, nresults, nrows;
    struct table_row *rows;
    struct scope_name type; /* T_OBJECT of the results */
    bool is_used;           /* set while a pack is checked, before anybody shares it */
};
/* All of one pack, in the order in which they were read: file names sorted as bytes. */
struct tables {
    struct table *v[TABLES_MAX];
    size_t n;
};
struct table *table_find(const struct tables *t, struct str name);
/* A key's value as a place on its column's line; false: outside what the head allows. */
bool table_place(const struct table_key *k, const struct val *v, int64_t *ret);
/* The result for the keys: null when no row takes them, or when a row could but for a null. */
struct val table_ask(const struct table *t, const struct val *keys);

bool spans_hold(const struct spans *s, int64_t place);

#endif
