/* acts_help.h - what tests of casework share: asking for more, time passing, rating, drafts. */
#ifndef TESTS_ACTS_HELP_H
#define TESTS_ACTS_HELP_H

#include "casework_help.h"

/* A paper more is asked for, as the specialist does. */
static inline struct act supplement(struct desk *k)
{
    struct json *items = json_new_arr(k->mem);
    json_push(items, json_new_str(k->mem, STR("Bản vẽ")));
    return (struct act){.id = STR("supplement"), .reason = STR("mờ"), .items = items};
}

/* What the clocks do by themselves now; how many dossiers it concerned. */
static inline size_t timers(struct desk *k)
{
    size_t n = 0;
    struct ctx *cx = as(k, "");
    assert_int_equal(dossier_timers(cx, 100, &n), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return n;
}

static inline enum rc rate_one(struct desk *k, const char *who, struct str code, int score)
{
    struct dossier *d = NULL;
    struct ctx *cx = as(k, who);
    enum rc rc = dossier_open(cx, code, &d);
    if (rc == RC_OK)
        rc = dossier_rate(cx, d, score, STR("nhanh"));
    if (rc == RC_OK)
        return db_commit(cx);
    db_rollback(cx);
    return rc;
}

/* Saved, with answers that may be filed. */
static inline struct draft *draft_made(struct desk *k, const char *who)
{
    struct draft *d = NULL;
    struct ctx *cx = as(k, who);
    assert_int_equal(draft_new(cx, k->office.pack, commune(k), &d), RC_OK);
    d->answers = answers_of(k, SMALL);
    assert_int_equal(draft_save(cx, d), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return d;
}

#endif
