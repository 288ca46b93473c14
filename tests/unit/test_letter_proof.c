/* test_letter_proof.c - how a letter is proven: its signature, what anybody may ask, QR. */
#include "unit/harness.h"

#include "ledger/sign.h"
#include "letter_help.h"

/* -- proofs -- */

static void signature_verifies(void **state)
{
    struct desk *k = *state;
    struct letter l = issued_as(k, received(k).code, "01");
    struct ctx *cx = as(k, "");
    struct str sig, text;
    assert_int_equal(letter_sign(cx, &l, &sig), RC_OK);
    assert_int_equal(letter_verify(cx, l.pdf, sig, ledger_vkey(cx), &text), RC_OK);
    assert_true(str_has(text, STR("number H07.21.01-260601-0001/TNHS\n")));
}

static struct str changed(struct desk *k, struct str s, size_t at)
{
    char *p = arena_alloc(k->mem, s.n);
    memcpy(p, s.p, s.n);
    p[at] ^= 1;
    return str_n(p, s.n);
}

static void tampering_is_seen(void **state)
{
    struct desk *k = *state;
    struct letter a = issued_as(k, received(k).code, "01");
    struct letter b = issued_as(k, received(k).code, "01");
    struct ctx *cx = as(k, "");
    struct str sig_a, sig_b, text, vkey = ledger_vkey(cx);
    struct ledger_head head;
    assert_int_equal(letter_sign(cx, &a, &sig_a), RC_OK);
    assert_int_equal(letter_sign(cx, &b, &sig_b), RC_OK);
    assert_int_equal(ledger_head_get(cx, &head), RC_OK);
    const struct {
        struct str pdf, sig, vkey;
        const char *field;
    } rows[] = {
        {changed(k, a.pdf, 0), sig_a, vkey, "file"},
        {changed(k, a.pdf, a.pdf.n / 2), sig_a, vkey, "file"},
        {str_cut(a.pdf, 0, a.pdf.n - 1), sig_a, vkey, "file"},
        {a.pdf, sig_b, vkey, "file"},
        {a.pdf, changed(k, sig_a, 20), vkey, "sig"},
        {a.pdf, changed(k, sig_a, sig_a.n - 10), vkey, "sig"},
        {a.pdf, STR(""), vkey, "sig"},
        {a.pdf, head.note, vkey, "sig"}, /* signed by the key, but no letter */
        {a.pdf, sig_a, changed(k, vkey, vkey.n - 8), "vkey"},
        {a.pdf, sig_a, STR("x"), "vkey"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        ctx_clear(cx);
        enum rc rc = letter_verify(cx, rows[i].pdf, rows[i].sig, rows[i].vkey, &text);
        if (rc != RC_PROOF || strcmp(cx->err.field, rows[i].field))
            fail_msg("row %zu: %s %s", i, rc_name(rc), cx->err.field);
    }
}

/* The log's key signs letters, but never a text that could pass for a head of the log. */
static void no_checkpoint_is_signed(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct str note, text;
    text = str_fmt(cx->mem, "%.*s\n5\nAAAA\n", STR_ARG(ledger_origin(cx)));
    assert_int_equal(ledger_note(cx, text, &note), RC_INTERNAL);
    ctx_clear(cx);
    assert_int_equal(ledger_note(cx, STR("no newline at the end"), &note), RC_INTERNAL);
}

static void anybody_may_ask(void **state)
{
    static const char *const personal[] = {"applicant", "name_of", "phone", "dossier"};
    struct desk *k = *state;
    struct dossier_ref ref = received(k);
    struct letter l = issued_as(k, ref.code, "01");
    struct ctx *cx = as(k, "nobody");
    struct json *v = NULL;
    struct str mark = str_cut(hash_hex(cx->mem, &l.mark), 0, MARK_CHARS);
    assert_int_equal(letter_by_digest(cx, &l.digest, &v), RC_OK);
    assert_str(json_str(v, "form"), "01");
    assert_int_equal(letter_by_mark(cx, ref.code, mark, &v), RC_OK);
    assert_str(json_str(v, "number"), "H07.21.01-260601-0001/TNHS");
    assert_str(json_str(v, "name"), "Giấy tiếp nhận hồ sơ và hẹn trả kết quả");
    for (size_t i = 0; i < ROWS(personal); i++)
        assert_null(json_get(v, str_from(personal[i])));
}

static void marks_refused(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = received(k), other = received(k);
    struct letter l = issued_as(k, ref.code, "01");
    struct str mark = str_cut(hash_hex(k->mem, &l.mark), 0, MARK_CHARS);
    const struct {
        struct str code, mark;
    } rows[] = {
        {other.code, mark}, /* the mark of another's letter */
        {ref.code, str_cut(mark, 0, MARK_CHARS - 1)},
        {ref.code, STR("0123456789abcdef")},
        {ref.code, STR("0123456789ABCDEF")},
        {ref.code, STR("%%%%%%%%%%%%%%%%")},
        {ref.code, STR("")},
        {STR(""), mark},
        {str_cut(ref.code, 0, 5), mark},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *v = NULL;
        assert_int_equal(letter_by_mark(as(k, "nobody"), rows[i].code, rows[i].mark, &v),
                         RC_NOT_FOUND);
    }
    struct hash h = hash_of(STR("another file"));
    struct json *v = NULL;
    assert_int_equal(letter_by_digest(as(k, "nobody"), &h, &v), RC_NOT_FOUND);
}

/* -- QR codes -- */

static void qr_codes(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct part a = {0}, b = {0};
    assert_int_equal(qr_make(cx, STR("https://motcua.example/letter/x"), &a), RC_OK);
    assert_int_equal(qr_make(cx, STR("https://motcua.example/letter/x"), &b), RC_OK);
    assert_in_range(a.qr_side, 21, 60);
    assert_int_equal(a.qr_side, b.qr_side);
    assert_memory_equal(a.qr, b.qr, (size_t)(a.qr_side * a.qr_side));
    for (int i = 0; i < 7; i++) /* the finder at the corner */
        assert_int_equal(a.qr[i], 1);
    char *much = arena_alloc(cx->mem, 5000);
    memset(much, 'x', 5000);
    assert_int_equal(qr_make(cx, str_n(much, 5000), &a), RC_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LETTERS(signature_verifies),      LETTERS(tampering_is_seen),
        LETTERS(no_checkpoint_is_signed), LETTERS(anybody_may_ask),
        LETTERS(marks_refused),           LETTERS(qr_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
