/* test_casework_draft.c - a draft that was filed before: who is told, what looking for it costs. */
#include "unit/harness.h"

#include "acts_help.h"

static enum rc submitted(struct ctx *cx, struct desk *k, struct str draft,
                         struct dossier_ref *ref)
{
    struct form_errors errs = {0};
    struct submission s = {.pack = k->office.pack,
                           .unit = commune(k),
                           .applicant = cx->who->subject,
                           .channel = CHANNEL_ONLINE,
                           .draft = draft};
    return dossier_submit(cx, &s, &errs, ref);
}

static int64_t turns_ended(struct desk *k)
{
    struct store_stats s = store_stats(k->office.app.store);
    return s.turns + s.rollbacks;
}

/* Only a conflict, met in the turn, takes one to look; other reasons say nothing of a press. */
static void looked_for_with_a_reader(void **state)
{
    static const struct {
        enum rc why;
        bool looks, in_turn;
    } rows[] = {
        {RC_CONFLICT, true, true},    {RC_NOT_FOUND, true, false},  {RC_INVALID, true, false},
        {RC_FORBIDDEN, false, false}, {RC_GONE, false, false},      {RC_STORE, false, false},
        {RC_NO_MEMORY, false, false}, {RC_TOO_LARGE, false, false}, {RC_OK, false, false},
        {RC_DUPLICATE, false, false},
    };
    struct desk *k = *state;
    struct draft *kept = draft_made(k, "an"), *gone = draft_made(k, "an");
    struct dossier_ref ref;
    struct ctx *cx = as(k, "an");
    assert_int_equal(submitted(cx, k, gone->id, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct draft *const drafts[] = {kept, gone};
        for (int filed_one = 0; filed_one < 2; filed_one++) {
            struct dossier *d = (struct dossier *)1;
            int64_t turns = turns_ended(k);
            cx = as(k, "an");
            assert_int_equal(draft_filed_before(cx, drafts[filed_one]->id, rows[i].why, &d),
                             RC_OK);
            assert_true((d != NULL) == (filed_one && rows[i].looks));
            assert_int_equal(db_is_writing(cx), rows[i].in_turn);
            assert_int_equal(cx->err.rc, RC_OK); /* nothing of the looking is left */
            if (d)
                assert_true(str_eq(d->track, ref.code));
            db_rollback(cx);
            assert_int_equal(turns_ended(k) - turns, rows[i].in_turn);
        }
    }
}

/* Within the turn of the first press it is seen; another's reader sees it with the commit. */
static void seen_with_the_commit(void **state)
{
    struct desk *k = *state;
    struct draft *d = draft_made(k, "an"), *got = NULL;
    struct dossier *filed_one = NULL;
    struct dossier_ref ref;
    struct ctx *first = as(k, "an"), *second = as(k, "an");
    assert_int_equal(submitted(first, k, d->id, &ref), RC_OK);
    assert_int_equal(draft_filed(first, d->id, &filed_one), RC_OK);
    assert_non_null(filed_one);
    assert_int_equal(draft_filed(second, d->id, &filed_one), RC_OK);
    assert_null(filed_one);
    assert_int_equal(draft_get(second, d->id, &got), RC_OK); /* nor is the draft gone */
    assert_int_equal(db_commit(first), RC_OK);
    assert_int_equal(draft_get(second, d->id, &got), RC_NOT_FOUND);
    ctx_clear(second);
    assert_int_equal(draft_filed(second, d->id, &filed_one), RC_OK);
    assert_non_null(filed_one);
    assert_int_equal(filed_one->id.v, ref.id.v);
}

/* A turn that failed half-way is given back with the looking, and what it wrote is undone. */
static void a_failed_turn_ends(void **state)
{
    struct desk *k = *state;
    struct draft *d = draft_made(k, "an"), *got = NULL;
    struct dossier *none = NULL;
    struct dossier_ref ref;
    struct ctx *cx = as(k, "an");
    assert_int_equal(submitted(cx, k, d->id, &ref), RC_OK); /* and the commit never comes */
    assert_true(db_is_writing(cx));
    assert_int_equal(draft_filed_before(cx, d->id, RC_INVALID, &none), RC_OK);
    assert_null(none);
    assert_false(db_is_writing(cx));
    assert_int_equal(draft_get(as(k, "an"), d->id, &got), RC_OK);
    cx = as(k, "an");
    assert_int_equal(submitted(cx, k, d->id, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {DESK(looked_for_with_a_reader),
                                       DESK(seen_with_the_commit), DESK(a_failed_turn_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
