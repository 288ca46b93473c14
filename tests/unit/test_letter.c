/* test_letter.c - which events give which letter, who gets it, same bytes, the register. */
#include "unit/harness.h"

#include "letter_help.h"

/* -- which letters -- */

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
        LETTERS(erased_gives_nothing),
        LETTERS(register_notes),
        LETTERS(register_refused),
        LETTERS(register_has_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
