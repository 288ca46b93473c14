/* fuzz_table.c - any bytes as a decision table: refused, or checked and asked. What the checker
 * gives as a gap falls through, and where it finds none every input that is tried has a row. */
#include "fuzz.h"

#include "expr/table_priv.h"

static void keys_at(const struct table *t, size_t pick, struct val *keys)
{
    for (size_t i = 0; i < t->nkeys; i++, pick /= 3) {
        const struct table_key *k = &t->keys[i];
        const struct spans *s = &t->rows[pick % t->nrows].when[i];
        int64_t at = s->n ? (pick % 3 ? s->v[0].lo : s->v[s->n - 1].hi) : k->domain.lo;
        bool is_word = k->type == T_STR && at < (int64_t)k->nwords;
        keys[i] = (struct val){.t = k->type, .i = at};
        if (k->type == T_STR)
            keys[i].s = is_word ? k->words[at] : STR("\x01none");
    }
}

static bool is_taken(const struct table *t, const struct val *keys)
{
    for (size_t i = 0; i < t->nrows; i++) {
        size_t held = 0;
        for (size_t k = 0; k < t->nkeys; k++) {
            int64_t place;
            held += table_place(&t->keys[k], &keys[k], &place) &&
                    spans_hold(&t->rows[i].when[k], place);
        }
        if (held == t->nkeys)
            return true;
    }
    return false;
}

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct tables *tables = tables_new(cx->mem);
    struct table_faults found;
    struct val keys[TABLE_KEYS_MAX];
    log_level_set(LOG_ERROR);
    if (table_add(cx, tables, STR("t"), in) != RC_OK) {
        fuzz_must(cx->err.rc == RC_EXPR);
        return;
    }
    const struct table *t = tables->v[0];
    bool has_gap = false, is_large = false;
    table_check(cx, tables, &found);
    for (size_t i = 0; i < found.n; i++) {
        has_gap = has_gap || found.v[i].kind == TABLE_GAP;
        is_large = is_large || found.v[i].kind == TABLE_LARGE;
    }
    for (size_t i = 0; i < 200 && !has_gap && !is_large; i++) {
        keys_at(t, i, keys);
        fuzz_must(is_taken(t, keys));
        table_ask(t, keys);
    }
}
