/* test_letter.c - which events give which letter, what it says, who gets it, how it is proven. */
#include "unit/harness.h"

#include "casework/due.h"
#include "casework_help.h"
#include "ledger/sign.h"
#include "letter/letter_priv.h"

static int letters_begin(void **state)
{
    struct desk *k = desk_open(NULL);
    ledger_subscribe(k->office.app.ledger, &letter_subscriber, 1);
    assert_int_equal(letters_open(k->cx, &k->office.app.letters), RC_OK);
    *state = k;
    return 0;
}

#define LETTERS(f) cmocka_unit_test_setup_teardown(f, letters_begin, desk_end)

static enum rc supplement(struct desk *k, struct dossier_ref *ref, const char *reason)
{
    struct json *items = NULL;
    assert_int_equal(json_parse(k->cx, STR("[\"Bản vẽ mặt bằng\",\"Ảnh chụp rõ\"]"), &items),
                     RC_OK);
    struct act a = {.id = STR("supplement"), .reason = str_from(reason), .items = items};
    return act_full(k, "specialist@commune", ref, &a);
}

static struct dossier_ref received(struct desk *k)
{
    struct dossier_ref ref = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    return ref;
}

static struct dossier_ref refused(struct desk *k)
{
    struct dossier_ref ref = filed(k);
    struct act a = {.id = STR("refuse"),
                    .reason = STR("Không thuộc thẩm quyền"),
                    .law = STR("Điều 17 NĐ 61/2018/NĐ-CP")};
    assert_int_equal(act_full(k, "reception@commune", &ref, &a), RC_OK);
    return ref;
}

static enum rc made_as(struct desk *k, const char *person, struct str code, const char *form,
                       struct letter *ret)
{
    struct dossier *d = NULL;
    struct ctx *cx = as(k, person);
    enum rc rc = dossier_open(cx, code, &d);
    if (rc == RC_OK)
        rc = letter_make(cx, d, str_from(form), -1, ret);
    db_rollback(cx);
    return rc;
}

static struct letter issued_as(struct desk *k, struct str code, const char *form)
{
    struct letter l = {0};
    struct dossier *d = NULL;
    struct ctx *cx = as(k, "");
    assert_int_equal(dossier_find(cx, code, &d), RC_OK);
    assert_int_equal(letter_issue(cx, d, str_from(form), -1, &l), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return l;
}

static size_t pages_of(struct str pdf)
{
    size_t n = 0;
    const struct str mark = STR("<< /Type /Page %");
    for (size_t i = 0; i + mark.n < pdf.n; i++)
        n += memcmp(pdf.p + i, mark.p, mark.n) == 0;
    return n;
}

/* -- which letters -- */

static void list_is(struct desk *k, const char *person, struct str code, const char *want)
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

static void events_give_letters(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    list_is(k, "an", ref.code, "");
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    list_is(k, "an", ref.code, "H07.21.01-260601-0001/TNHS");
    assert_int_equal(supplement(k, &ref, "Thiếu bản vẽ"), RC_OK);
    list_is(k, "an", ref.code, "H07.21.01-260601-0001/TNHS"); /* it may be taken back */
    list_is(k, "specialist@commune", ref.code,
            "H07.21.01-260601-0001/KSHS H07.21.01-260601-0001/HDHS "
            "H07.21.01-260601-0001/TNHS");
    k->now_us += MINUTE_US;
    list_is(k, "an", ref.code, "H07.21.01-260601-0001/HDHS H07.21.01-260601-0001/TNHS");
    list_is(k, "specialist@commune", ref.code,
            "H07.21.01-260601-0001/KSHS H07.21.01-260601-0001/HDHS "
            "H07.21.01-260601-0001/TNHS");
    struct dossier_ref no = refused(k);
    struct str want = str_fmt(k->mem, "%.*s/TCHS", STR_ARG(no.code));
    k->now_us += MINUTE_US;
    list_is(k, "an", no.code, want.p); /* never received: the provisional code */
}

/* What the system or the applicant does is no letter of the office. */
static void only_officers_refuse(void **state)
{
    struct desk *k = *state;
    struct dossier_ref gone = received(k), lapsed = received(k);
    assert_int_equal(act_one(k, "an", &gone, "withdraw"), RC_OK);
    list_is(k, "an", gone.code, "H07.21.01-260601-0001/TNHS");
    assert_int_equal(supplement(k, &lapsed, "Thiếu"), RC_OK);
    k->now_us += 40 * DAY_US;
    struct ctx *cx = as(k, "");
    size_t done = 0;
    assert_int_equal(dossier_timers(cx, 10, &done), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    list_is(k, "an", lapsed.code, "H07.21.01-260601-0002/HDHS H07.21.01-260601-0002/TNHS");
}

static void apology_is_a_letter(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = received(k), sent;
    struct dossier *d = NULL;
    struct letter l = {0};
    k->now_us += DAY_US;
    struct ctx *cx = as(k, "specialist@commune");
    assert_int_equal(dossier_open(cx, ref.code, &d), RC_OK);
    assert_int_equal(
        dossier_apologise(cx, d, STR("Chờ xác minh thực địa"), day_make(2026, 6, 10), &sent),
        RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    list_is(k, "an", ref.code, "H07.21.01-260601-0001/PXL H07.21.01-260601-0001/TNHS");
    assert_int_equal(made_as(k, "an", ref.code, "04", &l), RC_OK);
    struct tale t;
    struct cause_list causes;
    struct json *f = NULL;
    cx = as(k, "");
    assert_int_equal(tale_read(cx, look(k, ref.code), &t), RC_OK);
    causes_of(cx, &t, &causes);
    assert_int_equal(tale_fields(cx, &t, &causes.v[1], &f), RC_OK);
    assert_str(json_str(f, "reason"), "Chờ xác minh thực địa");
    assert_str(json_str(f, "due_was"), "ngày 04 tháng 06 năm 2026");
    assert_str(json_str(f, "due"), "ngày 10 tháng 06 năm 2026");
    /* The receipt still says what was promised then. */
    assert_int_equal(tale_fields(cx, &t, &causes.v[0], &f), RC_OK);
    assert_str(json_str(f, "due"), "ngày 04 tháng 06 năm 2026");
}

static void letters_refused(void **state)
{
    static const struct {
        const char *person, *form;
        enum rc rc;
    } rows[] = {
        {"an", "02", RC_NOT_FOUND},
        {"an", "03", RC_NOT_FOUND},
        {"an", "04", RC_NOT_FOUND},
        {"an", "06", RC_NOT_FOUND},
        {"an", "", RC_NOT_FOUND},
        {"an", "invitation", RC_NOT_FOUND},
        {"an", "05", RC_FORBIDDEN},
        {"binh", "01", RC_NOT_FOUND},
        {"nobody", "01", RC_NOT_FOUND},
        {"reception@district", "01", RC_FORBIDDEN},
        {"reception@commune", "01", RC_OK},
        {"specialist@commune", "05", RC_OK},
        {"an", "01", RC_OK},
    };
    struct desk *k = *state;
    struct dossier_ref ref = received(k);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct letter l = {0};
        enum rc rc = made_as(k, rows[i].person, ref.code, rows[i].form, &l);
        if (rc != rows[i].rc)
            fail_msg("%s %s: %s", rows[i].person, rows[i].form, rc_name(rc));
        if (rc == RC_OK)
            assert_true(str_starts(l.pdf, STR("%PDF-1.")));
    }
}

static void reading_for_a_letter_is_journalled(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = received(k);
    struct letter l;
    struct dossier *d = NULL;
    struct ctx *cx = as(k, "specialist@commune");
    assert_int_equal(dossier_open(cx, ref.code, &d), RC_OK);
    assert_int_equal(letter_issue(cx, d, STR("05"), -1, &l), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(journal_count(k, EV_DATA_READ, ref.id.v), 2); /* reception read it, too */
    assert_int_equal(journal_count(k, EV_LETTER_ISSUED, ref.id.v), 1);
}

/* -- bytes -- */

static void same_events_same_bytes(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = received(k);
    struct letter a = {0}, b = {0}, en = {0};
    assert_int_equal(made_as(k, "an", ref.code, "01", &a), RC_OK);
    k->now_us += 5 * DAY_US;
    assert_int_equal(supplement(k, &ref, "Thiếu bản vẽ"), RC_OK);
    assert_int_equal(made_as(k, "specialist@commune", ref.code, "01", &b), RC_OK);
    assert_true(str_eq(a.pdf, b.pdf)); /* later events change nothing in an earlier letter */
    assert_true(hash_equal(&a.mark, &b.mark));
    struct dossier *d = look(k, ref.code);
    struct ctx *cx = as(k, "");
    cx->lang = LANG_EN;
    assert_int_equal(letter_make(cx, d, STR("01"), -1, &en), RC_OK);
    assert_false(hash_equal(&a.digest, &en.digest));
    assert_false(hash_equal(&a.mark, &en.mark));
    assert_str(en.number, "H07.21.01-260601-0001/TNHS");
}

static void slip_stays_while_nothing_happens(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = received(k);
    struct letter a = issued_as(k, ref.code, "05");
    k->now_us += 5 * DAY_US;
    struct letter b = issued_as(k, ref.code, "05"); /* letter.issued is no step */
    assert_true(hash_equal(&a.digest, &b.digest));
    assert_int_equal(supplement(k, &ref, "Thiếu bản vẽ"), RC_OK);
    struct letter c = issued_as(k, ref.code, "05");
    assert_false(hash_equal(&a.digest, &c.digest));
}

static void given_twice_recorded_once(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = received(k);
    struct letter a = issued_as(k, ref.code, "01"), b = issued_as(k, ref.code, "01");
    assert_true(a.seq > 0 && a.seq == b.seq);
    assert_int_equal(journal_count(k, EV_LETTER_ISSUED, ref.id.v), 1);
    struct letter_list list;
    assert_int_equal(letters_of(as(k, ""), look(k, ref.code), &list), RC_OK);
    const struct letter *l = &list.v[list.n - 1];
    assert_str(l->form, "01");
    assert_int_equal(l->size, a.size);
    assert_int_equal(l->seq, a.seq);
    assert_true(hash_equal(&l->digest, &a.digest));
}

static void many_items_take_pages(void **state)
{
    static const struct {
        size_t items, least, most;
    } rows[] = {{1, 1, 1}, {10, 2, 4}, {19, 2, 12}};
    struct desk *k = *state;
    struct str line = STR("Bản vẽ thiết kế kỹ thuật có đóng dấu của đơn vị tư vấn đã được thẩm "
                          "định, kèm thuyết minh tính toán, ");
    for (size_t r = 0; r < ROWS(rows); r++) {
        struct dossier_ref ref = received(k);
        struct letter l = {0};
        struct json *items = json_new_arr(k->mem);
        struct str text = STR("");
        for (int i = 0; i < 8; i++)
            text = str_join(k->mem, text, line);
        for (size_t i = 0; i < rows[r].items; i++)
            json_push(items, json_new_str(k->mem, text));
        struct act a = {.id = STR("supplement"), .reason = STR("Thiếu"), .items = items};
        assert_int_equal(act_full(k, "specialist@commune", &ref, &a), RC_OK);
        assert_int_equal(made_as(k, "an", ref.code, "02", &l), RC_NOT_FOUND); /* not yet */
        k->now_us += MINUTE_US;
        assert_int_equal(made_as(k, "an", ref.code, "02", &l), RC_OK);
        assert_in_range(pages_of(l.pdf), rows[r].least, rows[r].most);
    }
}

/* -- what it says -- */

static struct sheet sheet_of(struct ctx *cx, enum letter_form form, const struct json *fields)
{
    struct sheet s;
    struct letter_text t = {
        .form = form_template(cx, form), .fields = fields, .title = STR("x"), .time_us = 0};
    if (sheet_make(cx, &t, &s) != RC_OK)
        fail_msg("form %d: %s", (int)form, cx->err.detail);
    return s;
}

static bool sheet_has(const struct sheet *s, const char *text)
{
    for (size_t i = 0; i < s->nparts; i++)
        for (size_t c = 0; c < s->parts[i].ncells; c++)
            if (str_has(s->parts[i].cells[c].text, str_from(text)))
                return true;
    return false;
}

/* Every name of letter_fields.def with words in it. */
static struct json *full_fields(struct ctx *cx, struct desk *k)
{
    struct json *f = fields_new(cx, commune(k));
    JSON_EACH (f, v)
        if (v->kind == JSON_STR)
            v->s = str_fmt(cx->mem, "‹%.*s›", STR_ARG(v->key));
    static const struct {
        const char *list, *name;
    } items[] = {
#define LETTER_FIELD(name, text)
#define LETTER_ITEM(list, name, text) {#list, #name},
#include "letter_fields.def"
    };
    for (size_t i = 0; i < ROWS(items); i++) {
        struct json *list = json_get(f, str_from(items[i].list));
        struct json *row = list->n ? list->first : json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, row, items[i].name, STR("‹…›"));
    }
    json_put_str(cx->mem, f, "url", STR("https://motcua.example/letter/x/y"));
    return f;
}

/* No placeholder is misspelt: none is left over when all have values. */
static void every_placeholder_is_bound(void **state)
{
    struct desk *k = *state;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (enum letter_form form = 1; form < LETTER_FORM_COUNT; form++) {
            struct ctx *cx = as(k, "");
            cx->lang = (enum lang)lang;
            struct sheet s = sheet_of(cx, form, full_fields(cx, k));
            assert_false(sheet_has(&s, "{"));
            for (size_t i = 0; i < s.nparts; i++) /* no key without words */
                for (size_t c = 0; c < s.parts[i].ncells; c++)
                    assert_false(str_starts(s.parts[i].cells[c].text, STR("letter.")));
            assert_true(sheet_has(&s, "‹number›"));
            assert_true(s.nparts > 4);
        }
}

static void empty_values_leave_no_line(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct json *f = full_fields(cx, k);
    struct sheet all = sheet_of(cx, LETTER_RECEIPT, f);
    assert_true(sheet_has(&all, "Số điện thoại: ‹phone›"));
    json_put_str(cx->mem, f, "phone", STR(""));
    json_put_str(cx->mem, f, "email", STR(""));
    struct sheet some = sheet_of(cx, LETTER_RECEIPT, f);
    assert_false(sheet_has(&some, "Số điện thoại"));
    assert_int_equal(some.nparts, all.nparts - 2);
}

/* What people wrote is text, whatever it looks like. */
static void values_are_no_markup(void **state)
{
    static const char *const rows[] = {"**đậm**", "{code}",         "<b>x</b>",
                                       "a & b",   "dòng 1\ndòng 2", "\xF0\x9F\x98\x80"};
    struct desk *k = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = as(k, "");
        struct json *f = full_fields(cx, k);
        json_put_str(cx->mem, f, "reason", str_from(rows[i]));
        struct sheet s = sheet_of(cx, LETTER_SUPPLEMENT, f);
        struct str pdf;
        assert_true(sheet_has(&s, str_fmt(cx->mem, "Lý do: %s", rows[i]).p));
        for (size_t p = 0; p < s.nparts; p++)
            if (s.parts[p].ncells == 1 && str_starts(s.parts[p].cells[0].text, STR("Lý do")))
                assert_int_equal(s.parts[p].cells[0].nbold, 0);
        assert_int_equal(press_print(cx, &s, &pdf), RC_OK);
    }
}

static void bold_covers_the_value(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct sheet s = sheet_of(cx, LETTER_SUPPLEMENT, full_fields(cx, k));
    for (size_t p = 0; p < s.nparts; p++) {
        const struct rich *r = &s.parts[p].cells[0];
        if (s.parts[p].kind != PART_TEXT || !str_starts(r->text, STR("Hồ sơ của")))
            continue;
        assert_int_equal(r->nbold, 1);
        struct str bold = str_cut(r->text, r->bold[0].from, r->bold[0].to);
        assert_str(bold, "‹applicant›");
        return;
    }
    fail_msg("the applicant stands nowhere");
}

static void receipt_tells(void **state)
{
    static const struct {
        const char *field, *want;
    } rows[] = {
        {"code", "H07.21.01-260601-0001"},
        {"number", "H07.21.01-260601-0001/TNHS"},
        {"day", "ngày 01 tháng 06 năm 2026"},
        {"received", "09 giờ 00 phút, ngày 01 tháng 06 năm 2026"},
        {"limit", "3 ngày làm việc"},
        {"due", "ngày 04 tháng 06 năm 2026"},
        {"procedure", "9.000001"},
        {"fee", "20.000 đồng"},
        {"role", "Bộ phận Một cửa"},
        {"reason", ""},
        {"address", "ấp Mẫu"}, /* the pack's letters/values.yaml */
        {"how_large", "small"},
        {"due_was", ""},
    };
    struct desk *k = *state;
    struct dossier_ref ref = received(k);
    struct ctx *cx = as(k, "");
    struct tale t;
    struct cause_list causes;
    struct json *f = NULL;
    assert_int_equal(tale_read(cx, look(k, ref.code), &t), RC_OK);
    causes_of(cx, &t, &causes);
    assert_int_equal(tale_fields(cx, &t, &causes.v[0], &f), RC_OK);
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_str(json_str(f, rows[i].field), rows[i].want);
    assert_int_equal(json_get(f, STR("papers"))->n, 1);
    assert_true(json_str(f, "officer").n > 0);
    assert_true(json_str(f, "applicant").n > 0);
}

/* A pack's letters/: its own words over a form, and a letter of its own. */
static void packs_speak_for_themselves(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = received(k);
    struct letter l = {0};
    struct tale t;
    struct cause_list causes;
    struct json *f = NULL;
    assert_int_equal(act_one(k, "specialist@commune", &ref, "approve"), RC_OK);
    assert_int_equal(act_one(k, "reception@commune", &ref, "hand_over"), RC_OK);
    list_is(k, "an", ref.code, "H07.21.01-260601-0001/BBBG H07.21.01-260601-0001/TNHS");
    assert_int_equal(made_as(k, "an", ref.code, "handover", &l), RC_OK);
    assert_str(l.name, "Biên bản bàn giao giấy phép");
    struct ctx *cx = as(k, "");
    assert_int_equal(tale_read(cx, look(k, ref.code), &t), RC_OK);
    causes_of(cx, &t, &causes);
    assert_int_equal(tale_fields(cx, &t, &causes.v[0], &f), RC_OK);
    struct letter_text text = {
        .form = form_template(cx, LETTER_RECEIPT),
        .words = json_get(json_get(k->office.pack->letter_words, STR("01")), STR("words")),
        .fields = f,
        .title = STR("x")};
    struct sheet s;
    json_put_str(cx->mem, f, "url", STR("x"));
    assert_int_equal(sheet_make(cx, &text, &s), RC_OK);
    assert_true(sheet_has(&s, "Nhận giấy phép tại quầy số 2"));
    struct letter own = issued_as(k, ref.code, "handover");
    struct json *v = NULL;
    assert_int_equal(letter_by_digest(as(k, "nobody"), &own.digest, &v), RC_OK);
    assert_str(json_str(v, "name"), "Biên bản bàn giao giấy phép");
}

/* -- after erasure -- */

static void erased_gives_nothing(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = received(k);
    struct letter l = issued_as(k, ref.code, "01");
    struct ctx *cx = as(k, "");
    assert_int_equal(subject_erase(cx, look(k, ref.code)->applicant, STR("Luật 91/2025/QH15")),
                     RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct letter_list list;
    struct dossier *d = look(k, ref.code);
    cx = as(k, "");
    assert_int_equal(letters_of(cx, d, &list), RC_OK);
    assert_int_equal(list.n, 0);
    assert_int_equal(letter_make(cx, d, STR("01"), -1, &l), RC_GONE);
    struct json *v = NULL; /* that it was issued is no secret of theirs */
    cx = as(k, "");
    assert_int_equal(letter_by_digest(cx, &l.digest, &v), RC_OK);
}

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

/* -- the register -- */

static enum rc register_as(struct desk *k, const char *person, const int32_t days[2],
                           struct letter *ret)
{
    struct ctx *cx = as(k, person);
    struct register_span s = {commune(k), days[0], days[1]};
    enum rc rc = register_issue(cx, &s, ret);
    if (rc == RC_OK)
        assert_int_equal(db_commit(cx), RC_OK);
    else
        db_rollback(cx);
    return rc;
}

/* The last column, in every mix and both languages. */
static void register_notes(void **state)
{
    const struct {
        bool late, redated, more;
        const char *vi, *en;
    } rows[] = {
        {0, 0, 0, "", ""},
        {1, 0, 0, "Quá hạn", "Late"},
        {0, 1, 0, "hẹn lại ngày 11/06/2026", "promised anew for 11/06/2026"},
        {0, 0, 1, "đã yêu cầu bổ sung", "a supplement was asked for"},
        {1, 1, 0, "Quá hạn; hẹn lại ngày 11/06/2026", "Late; promised anew for 11/06/2026"},
        {0, 1, 1, "hẹn lại ngày 11/06/2026; đã yêu cầu bổ sung",
         "promised anew for 11/06/2026; a supplement was asked for"},
        {1, 1, 1, "Quá hạn; hẹn lại ngày 11/06/2026; đã yêu cầu bổ sung",
         "Late; promised anew for 11/06/2026; a supplement was asked for"},
    };
    struct desk *k = *state;
    for (size_t i = 0; i < ROWS(rows); i++)
        for (int lang = 0; lang < 2; lang++) {
            struct ctx *cx = as(k, "reception@commune");
            struct dossier d = {.is_late = rows[i].late,
                                .redated = rows[i].redated,
                                .promised.day = day_make(2026, 6, 11),
                                .supplements = rows[i].more};
            cx->lang = lang ? LANG_EN : LANG_VI;
            assert_str(register_note(cx, &d), lang ? rows[i].en : rows[i].vi);
        }
}

static void register_refused(void **state)
{
    const int32_t june = day_make(2026, 6, 1);
    const struct {
        const char *person;
        int32_t days[2];
        enum rc rc;
    } rows[] = {
        {"an", {june, june}, RC_FORBIDDEN},
        {"nobody", {june, june}, RC_FORBIDDEN},
        {"reception@district", {june, june}, RC_FORBIDDEN},
        {"admin@commune", {june, june}, RC_FORBIDDEN},
        {"reception@commune", {june, june - 1}, RC_INVALID},
        {"reception@commune", {june, june + REGISTER_DAYS_MAX}, RC_INVALID},
        {"reception@commune", {june, june + REGISTER_DAYS_MAX - 1}, RC_OK},
        {"leader@commune", {june, june}, RC_OK},
    };
    struct desk *k = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct letter l = {0};
        enum rc rc = register_as(k, rows[i].person, rows[i].days, &l);
        if (rc != rows[i].rc)
            fail_msg("row %zu: %s", i, rc_name(rc));
    }
}

static void register_has_pages(void **state)
{
    struct desk *k = *state;
    const int32_t days[2] = {day_make(2026, 6, 1), day_make(2026, 6, 30)};
    struct letter empty = {0}, full = {0}, again = {0};
    assert_int_equal(register_as(k, "reception@commune", days, &empty), RC_OK);
    assert_int_equal(pages_of(empty.pdf), 1);
    for (int i = 0; i < 40; i++)
        received(k);
    assert_int_equal(register_as(k, "reception@commune", days, &full), RC_OK);
    assert_in_range(pages_of(full.pdf), 2, 6);
    k->now_us += HOUR_US;
    assert_int_equal(register_as(k, "leader@commune", days, &again), RC_OK);
    assert_true(hash_equal(&full.digest, &again.digest));
    assert_true(again.seq > full.seq); /* each copy is recorded */
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
        LETTERS(events_give_letters),
        LETTERS(only_officers_refuse),
        LETTERS(apology_is_a_letter),
        LETTERS(letters_refused),
        LETTERS(reading_for_a_letter_is_journalled),
        LETTERS(same_events_same_bytes),
        LETTERS(slip_stays_while_nothing_happens),
        LETTERS(given_twice_recorded_once),
        LETTERS(many_items_take_pages),
        LETTERS(every_placeholder_is_bound),
        LETTERS(empty_values_leave_no_line),
        LETTERS(values_are_no_markup),
        LETTERS(bold_covers_the_value),
        LETTERS(receipt_tells),
        LETTERS(packs_speak_for_themselves),
        LETTERS(erased_gives_nothing),
        LETTERS(signature_verifies),
        LETTERS(tampering_is_seen),
        LETTERS(no_checkpoint_is_signed),
        LETTERS(anybody_may_ask),
        LETTERS(marks_refused),
        LETTERS(register_notes),
        LETTERS(register_refused),
        LETTERS(register_has_pages),
        LETTERS(qr_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
