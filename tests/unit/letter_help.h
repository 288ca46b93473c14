/* letter_help.h - an office that gives letters: dossiers that have come so far, letters made. */
#ifndef TESTS_LETTER_HELP_H
#define TESTS_LETTER_HELP_H

#include "casework/due.h"
#include "casework_help.h"
#include "letter/letter_priv.h"

static inline int letters_begin(void **state)
{
    struct desk *k = desk_open(NULL);
    ledger_subscribe(k->office.app.ledger, &letter_subscriber, 1);
    assert_int_equal(letters_open(k->cx, &k->office.app.letters), RC_OK);
    *state = k;
    return 0;
}

#define LETTERS(f) cmocka_unit_test_setup_teardown(f, letters_begin, desk_end)

static inline enum rc supplement(struct desk *k, struct dossier_ref *ref, const char *reason)
{
    struct json *items = NULL;
    assert_int_equal(json_parse(k->cx, STR("[\"Bản vẽ mặt bằng\",\"Ảnh chụp rõ\"]"), &items),
                     RC_OK);
    struct act a = {.id = STR("supplement"), .reason = str_from(reason), .items = items};
    return act_full(k, "specialist@commune", ref, &a);
}

static inline struct dossier_ref received(struct desk *k)
{
    struct dossier_ref ref = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    return ref;
}

static inline struct dossier_ref refused(struct desk *k)
{
    struct dossier_ref ref = filed(k);
    struct act a = {.id = STR("refuse"),
                    .reason = STR("Không thuộc thẩm quyền"),
                    .law = STR("Điều 17 NĐ 61/2018/NĐ-CP")};
    assert_int_equal(act_full(k, "reception@commune", &ref, &a), RC_OK);
    return ref;
}

static inline enum rc made_as(struct desk *k, const char *person, struct str code,
                              const char *form, struct letter *ret)
{
    struct dossier *d = NULL;
    struct ctx *cx = as(k, person);
    enum rc rc = dossier_open(cx, code, &d);
    if (rc == RC_OK)
        rc = letter_make(cx, d, str_from(form), -1, ret);
    db_rollback(cx);
    return rc;
}

static inline struct letter issued_as(struct desk *k, struct str code, const char *form)
{
    struct letter l = {0};
    struct dossier *d = NULL;
    struct ctx *cx = as(k, "");
    assert_int_equal(dossier_find(cx, code, &d), RC_OK);
    assert_int_equal(letter_issue(cx, d, str_from(form), -1, &l), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return l;
}

static inline size_t pages_of(struct str pdf)
{
    size_t n = 0;
    const struct str mark = STR("<< /Type /Page %");
    for (size_t i = 0; i + mark.n < pdf.n; i++)
        n += memcmp(pdf.p + i, mark.p, mark.n) == 0;
    return n;
}

static inline void list_is(struct desk *k, const char *person, struct str code,
                           const char *want)
{
    struct ctx *cx = as(k, person);
    struct dossier *d = NULL;
    struct letter_list list;
    struct buf *b = buf_new(k->mem, 1000);
    assert_int_equal(dossier_open(cx, code, &d), RC_OK);
    assert_int_equal(letters_of(cx, d, &list), RC_OK);
    for (size_t i = 0; i < list.n; i++)
        buf_fmt(b, "%s%.*s", i ? " " : "", STR_ARG(list.v[i].number));
    db_rollback(cx);
    assert_str(buf_str(b), want);
}

#endif
