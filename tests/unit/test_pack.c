/* test_pack.c - packs: files, what check refuses, publishing, versions. */
#include "unit/harness.h"

#include "app/app.h"
#include "ledger/ledger.h"
#include "pack/pack_priv.h"
#include "pack/publish.h"
#include "store/store.h"
#include "pack_help.h"
#include "store_help.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_good(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct pack_findings found;
    struct pack *p = NULL;
    enum rc rc = pack_check(cx, good_files(cx), &found, &p);
    findings_tell(&found);
    assert_int_equal(rc, RC_OK);
    assert_int_equal(found.n, 0);
    assert_str(p->ref, "small-permit@1.2.0");
    assert_str(p->procedure, "9.000001");
    assert_str(json_str(p->name, "en"), "Small permit");
    assert_int_equal(p->offered_by, 1u << UNIT_DISTRICT | 1u << UNIT_COMMUNE);
    assert_int_equal(p->applicants, 3);
    assert_int_equal(p->ndocuments, 2);
    assert_int_equal(p->documents[0].max_files, 3);
    assert_true(p->documents[0].required && p->documents[0].when && p->documents[0].hint);
    assert_int_equal(p->documents[1].max_files, 5);
    assert_true(!p->documents[1].required && !p->documents[1].when);
    assert_true(p->gives_paper && !p->anonymous && !p->public_answer);
    assert_non_null(p->form);
    assert_non_null(p->flow);
    assert_non_null(p->indicators);
    assert_non_null(p->messages);
    struct json *answers = json_new_obj(cx->mem);
    json_put_str(cx->mem, answers, "size", STR("small"));
    assert_int_equal(pack_fee_sum(cx, p, answers), 20000);
    json_put_str(cx->mem, answers, "size", STR("large"));
    assert_int_equal(pack_fee_sum(cx, p, answers), 55000);
    struct unit commune = {.kind = UNIT_COMMUNE}, province = {.kind = UNIT_PROVINCE};
    assert_true(pack_is_offered(p, &commune));
    assert_false(pack_is_offered(p, &province));
}

/* Fees that are computed: from the answers, never below 0 nor above the most. */
static void test_fee_amounts(void **state)
{
    static const struct {
        const char *amount, *answers;
        int64_t want;
    } rows[] = {
        {"table('plate', size)", "{\"size\":\"large\"}", 5000},
        {"table('plate', size)", "{}", 0},
        {"size(place) * 8000", "{\"place\":\"abc\"}", 24000},
        {"size(place) * 8000", "{}", 0},
        {"size(place) - 10", "{\"place\":\"abc\"}", 0},
        {"size(place) * 900000000", "{\"place\":\"abc\"}", PACK_FEE_MAX_VND},
        {"size == 'large' ? 7 : 9", "{\"size\":\"small\"}", 9},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct pack_findings found;
        struct pack *p = NULL;
        struct json *answers;
        struct pack_files *f = edited(cx, "pack.yaml", "table('plate', size)", rows[i].amount);
        assert_int_equal(pack_check(cx, f, &found, &p), RC_OK);
        assert_int_equal(json_parse(cx, str_from(rows[i].answers), &answers), RC_OK);
        assert_int_equal(pack_fee_amount(cx, &p->fees[2], answers), rows[i].want);
    }
}

/* A wrong expression is shown in its line with the column it is wrong at. */
static void test_columns(void **state)
{
    static const struct {
        const char *file, *from, *to, *shown;
        int column;
    } rows[] = {
        {"pack.yaml", "if: 'size == \"large\"'\n", "if: 'size == \"large\" && nme'\n",
         "    if: 'size == \"large\" && nme'", 29},
        {"pack.yaml", "if: 'size == \"large\"'\n", "if: 'size == ''large'' && nme'\n",
         "size == 'large' && nme", 20},
        {"pack.yaml", "table('plate', size)", "table('plate', sise)",
         "  - {id: plate, amount: \"table('plate', sise)\", about: {vi: Biển số, en: Plate}}",
         41},
        {"flow.yaml", "size == \"small\"", "sise == \"small\"", NULL, 0},
        {"indicators.yaml", "channel == 2", "chanel == 2", NULL, 0},
        {"pack.yaml", "version: 1.2.0", "version: 1.2", "", 0},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct pack_findings found;
        struct pack *p = NULL;
        struct pack_files *f = edited(cx, rows[i].file, rows[i].from, rows[i].to);
        assert_int_equal(pack_check(cx, f, &found, &p), RC_PACK);
        if (rows[i].shown) {
            assert_str(found.v[0].shown, rows[i].shown);
            assert_int_equal(found.v[0].column, rows[i].column);
            continue;
        }
        /* the caret stands under the name's first letter */
        assert_true(str_has(found.v[0].text_en, STR(": column ")));
        assert_true(str_has(found.v[0].text_vi, STR(": cột "))); /* each in its own language */
        assert_false(str_has(found.v[0].text_vi, STR("nothing is called")));
        struct str before = utf8_cut(found.v[0].shown, (size_t)found.v[0].column - 1);
        struct str rest = str_skip(found.v[0].shown, before.n);
        assert_true(str_starts(rest, STR("sise")) || str_starts(rest, STR("chanel")));
    }
}

/* Every pack in the program can be published, and there is nothing to say against it. */
static void test_embedded(void **state)
{
    struct str ids[40];
    struct ctx *cx = ctx_new(*state, NULL);
    size_t n = pack_embedded(cx, ids, ROWS(ids));
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        struct pack_files *f;
        struct pack_findings found;
        struct pack *p = NULL;
        assert_int_equal(pack_files_embedded(cx, ids[i], &f), RC_OK);
        enum rc rc = pack_check(cx, f, &found, &p);
        findings_tell(&found);
        assert_int_equal(rc, RC_OK);
        assert_int_equal(found.n, 0);
        assert_true(str_eq(p->id, ids[i]));
    }
    struct pack_files *none;
    assert_int_equal(pack_files_embedded(cx, STR("no-such"), &none), RC_NOT_FOUND);
}

static const struct bad {
    const char *file, *from, *to, *rule;
} bad_rows[] = {
    {"pack.yaml", NULL, NULL, "P001"},
    {"pack.yaml", "level_2011: 4", "class: {of: sizes, tell: [small]}", "P014"},
    {"pack.yaml", "level_2011: 4", "class: {of: place, tell: [small]}",
     "P014"}, /* no choices */
    {"pack.yaml", "level_2011: 4", "class: {of: size, tell: [smal]}", "P014"},
    {"pack.yaml", "level_2011: 4", "class: {of: size, tell: [small, 7]}", "P014"},
    {"pack.yaml", "level_2011: 4", "class: {of: size}", "P004"},
    {"pack.yaml", "level_2011: 4", "class: {of: size, tell: small}", "P005"},
    {"pack.yaml", "level_2011: 4", "class: {of: size, tell: [small], of2: x}", "P003"},
    {"pack.yaml", "level_2011: 4", "class: size", "P005"},
    {"letters/handover.yaml", "- head: true", "- heading: true", "P110"},
    {"letters/handover.yaml", "paper: a5", "paper: a3", "P110"},
    {"letters/handover.yaml", "symbol: BBBG", "symbol: bb", "P110"},
    {"letters/handover.yaml", "align: center", "align: middle", "P110"},
    {"letters/handover.yaml", "indent: 12", "indent: 1200", "P005"},
    {"letters/handover.yaml", "    indent: 12", "    ident: 12", "P003"},
    {"letters/handover.yaml", "name: {vi: \"Biên", "nam: {vi: \"Biên", "P003"},
    {"letters/handover.yaml", "**, {address}", "**, {addres}", "P111"},
    {"letters/handover.yaml", "({how_large})", "({weight})", "P111"},
    {"letters/handover.yaml", "name: \"{officer}\"", "name: \"{officers}\"", "P111"},
    {"letters/handover.yaml", "table: papers", "table: steaks", "P111"},
    {"letters/handover.yaml", "if: papers", "if: paper", "P111"},
    {"letters/handover.yaml", "en: \"Dossier: {code}\"", "en: \"Dossier\"", "P112"},
    {"letters/handover.yaml", "en: \"Taker\"", "en: \"\"", "P006"},
    {"letters/handover.yaml", "on: [hand_over]", "on: [hand_over_it]", "P114"},
    {"letters/handover.yaml", "on: [hand_over]", "on: []", "P114"},
    {"letters/01.yaml", "receipt.place", "receipt.palce", "P113"},
    {"letters/01.yaml", "counter 2, {unit}", "counter 2", "P112"},
    {"letters/01.yaml", "words:", "word:", "P003"},
    {"letters/values.yaml", "how_large: 'size'", "number: 'size'", "P113"},
    {"letters/values.yaml", "'place'", "'palce'", "P014"},
    {"letters/values.yaml", "'place'", "'size == \"small\"'", "P014"},
    {"pack.yaml", "law:", "law: [", "P002"},
    {"messages.yaml", "  accept:", "  accept: {", "P002"},
    {"pack.yaml", "hint: {vi", "hilt: {vi", "P003"},
    {"pack.yaml", "clause: Điều 17", "article: Điều 17", "P003"},
    {"pack.yaml", "paper: true", "papers: true", "P003"},
    {"indicators.yaml", "better: up", "beter: up", "P003"},
    {"messages.yaml", "    text: {vi: \"Ngày hẹn: {due}.\"", "    body: {vi: \"{due}\"",
     "P070"},
    {"pack.yaml", "owner: {vi: Phòng thử nghiệm, en: Testing office}\n", "", "P004"},
    {"pack.yaml",
     "steps:\n  - {vi: Nộp hồ sơ., en: File it.}\n  - {vi: Nhận kết quả., en: "
     "Collect the result.}\n",
     "", "P004"},
    {"pack.yaml", "procedure: \"9.000001\"\n", "", "P004"},
    {"pack.yaml", "    name: {vi: Ảnh, en: Photo}\n", "", "P004"},
    {"pack.yaml", "anonymous: false", "anonymous: perhaps", "P005"},
    {"pack.yaml", "max_files: 3", "max_files: 0", "P005"},
    {"pack.yaml", "pack: small-permit", "pack: [a]", "P005"},
    {"pack.yaml", "en: Small permit}", "en: ''}", "P006"},
    {"pack.yaml", "{vi: Nộp hồ sơ., en: File it.}", "{vi: Nộp hồ sơ.}", "P006"},
    {"pack.yaml", "about: {vi: Lệ phí, en: Fee}", "about: Fee", "P005"},
    {"pack.yaml", "pack: small-permit", "pack: Small-permit", "P007"},
    {"pack.yaml", "pack: small-permit", "pack: sp", "P007"},
    {"pack.yaml", "id: plan", "id: Plan A", "P007"},
    {"pack.yaml", "version: 1.2.0", "version: 1.2", "P008"},
    {"pack.yaml", "version: 1.2.0", "version: 1.02.0", "P008"},
    {"pack.yaml", "version: 1.2.0", "version: v1.2.0", "P008"},
    {"pack.yaml", "version: 1.2.0", "version: 1.2.0.1", "P008"},
    {"pack.yaml", "id: large", "id: base", "P009"},
    {"indicators.yaml", "id: permit_days", "id: permits_online", "P009"},
    {"pack.yaml", "[district, commune]", "[district, village]", "P010"},
    {"pack.yaml", "[district, commune]", "[]", "P010"},
    {"pack.yaml", "[citizen, business]", "[citizen, robot]", "P010"},
    {"pack.yaml", "\"9.000001\"", "\"9/000001\"", "P011"},
    {"pack.yaml", "retention: 10y", "retention: ten years", "P012"},
    {"pack.yaml", "retention: 10y", "retention: 101y", "P012"},
    {"pack.yaml", "amount_vnd: 20000", "amount_vnd: -1", "P013"},
    {"pack.yaml", "amount_vnd: 20000", "amount_vnd: 1000000001", "P013"},
    {"pack.yaml", "amount_vnd: 30000, if: 'size == \"large\"'", "amount_vnd: 30000, if: 'size'",
     "P014"},
    {"pack.yaml", "table('plate', size)", "table('plate', place == 'x')", "P014"},
    {"pack.yaml", "table('plate', size)", "table('plates', size)", "P014"},
    {"pack.yaml", "amount: \"table('plate', size)\"", "amount: 5000", "P014"},
    {"pack.yaml", "amount: \"table('plate', size)\"", "amount: '1', amount_vnd: 1", "P013"},
    {"pack.yaml", "amount: \"table('plate', size)\", ", "", "P004"},
    {"pack.yaml",
     "law:\n  - {act: Nghị định 61/2018/NĐ-CP, clause: Điều 17, about: {vi: Tiếp "
     "nhận hồ sơ, en: Reception}}\n",
     "law: []\n", "P015"},
    {"README.md", NULL, NULL, "P016"},
    {"README.md", "# Giấy phép nhỏ\n\nGói mẫu để kiểm thử; không phải thủ tục thật.\n", " \n",
     "P016"},
    {"flow.yaml", NULL, NULL, "P018"},
    {"pack.yaml", "flow: flow.yaml\n", "", "P018"},
    {"pack.yaml", "level_2011: 4", "level_2011: 5", "P019"},
    {"pack.yaml", "toan_trinh", "toan_bo", "P019"},
    {"forms/main.yaml", "type: string", "type: number", "P120"},
    {"forms/main.yaml", "      - {id: place, ask: [place]}\n", "", "P021"},
    {"forms/main.yaml", "    locked: true\n", "", "P021"},
    {"forms/main.yaml", "ask: [place]", "ask: [place, plaice]", "P022"},
    {"flow.yaml", "start: submitted", "start: begin", "P030"},
    {"flow.yaml", "[place]", "[plaice]", "P046"},
    {"flow.yaml", "size == \"small\"", "sise == \"small\"", "P014"},
    {"flow.yaml", "size == \"small\"", "size == \"smal\"", "P014"},
    {"pack.yaml", "if: 'size == \"large\"'", "if: 'size in [\"larg\"]'", "P014"},
    {"indicators.yaml", "unit: percent", "unit: ratio", "P060"},
    {"indicators.yaml", "kind: flow", "kind: flux", "P060"},
    {"indicators.yaml", "better: up", "better: more", "P060"},
    {"indicators.yaml", "event: dossier.submitted, if: 'pack == \"small-permit\" && channel",
     "event: dossier.sent, if: 'pack == \"small-permit\" && channel", "P061"},
    {"indicators.yaml", "event: dossier.submitted, if: 'pack == \"small-permit\" && channel",
     "event: unit.added, if: 'pack == \"small-permit\" && channel", "P061"},
    {"indicators.yaml", "channel == 2", "channel", "P062"},
    {"indicators.yaml", "channel == 2", "applicant == 2", "P062"},
    {"indicators.yaml", "sum: days", "sum: hours", "P063"},
    {"indicators.yaml", "sum: days", "sum: act", "P063"},
    {"indicators.yaml", "    of: {event: dossier.moved, if: 'ended && status == 9'}\n", "",
     "P064"},
    {"indicators.yaml", "kind: flow", "kind: stock", "P065"},
    {"indicators.yaml", "better: up", "minus: {event: dossier.moved}", "P065"},
    {"indicators.yaml", "better: up", "minus: {event: dossier.gone}", "P061"},
    {"messages.yaml", "Due on {due}", "Due on {day}", "P071"},
    {"messages.yaml", "Due on {due}", "Due soon", "P071"},
    {"messages.yaml", "\"Cảm ơn ông/bà.\", en: \"Thank you.\"",
     "\"Cảm ơn {name}.\", en: \"Thanks {name}.\"", "P074"},
};

static void test_bad_rows(void **state)
{
    for (size_t i = 0; i < ROWS(bad_rows); i++) {
        const struct bad *r = &bad_rows[i];
        struct ctx *cx = ctx_new(*state, NULL);
        struct pack_findings found;
        struct pack *p = NULL;
        enum rc rc = pack_check(cx, edited(cx, r->file, r->from, r->to), &found, &p);
        if (rc != RC_PACK || !findings_have(&found, r->rule)) {
            findings_tell(&found);
            fail_msg("row %zu (%s): %s is not told", i, r->to ? r->to : r->file, r->rule);
        }
        assert_true(found.v[0].text_vi.n > 0 && found.v[0].text_en.n > 0);
        assert_null(p);
    }
}

/* What may be published though it is told, and what the law asks of a flow and may not; the
 * finding has the line. */
static void test_lines(void **state)
{
    static const struct {
        const char *file, *from, *to, *rule;
        int line;
        bool is_warning;
    } rows[] = {
        {"notes.txt", NULL, "x", "P017", 0, true},
        {"tests/main.case", NULL, NULL, "P080", 0, true},
        {"flow.yaml", "within: 12wh", "within: 4wd", "P050", 5, false},
        {"flow.yaml", "  withdraw: {vi", "  unused: {vi: K, en: U}\n  withdraw: {vi", "P051",
         14, true},
        {"flow.yaml", "late: {at: [80%, 100%], do: [notify]}\n", "", "P052", 1, false},
        {"flow.yaml", "    appeal: 90cd\n", "", "P053", 23, false},
        {"flow.yaml", "do: [receipt, notify]", "do: [receipt]", "P054", 22, false},
        {"flow.yaml", "    pause: [legal]\n", "", "P056", 0, false},
        {"messages.yaml", "  hand_over:", "  handover:", "P072", 17, true},
        {"messages.yaml", "  hand_over:", "  handover:", "P073", 0, true},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct pack_findings found;
        struct pack *p = NULL;
        enum rc rc =
            pack_check(cx, edited(cx, rows[i].file, rows[i].from, rows[i].to), &found, &p);
        enum rc want = rows[i].is_warning ? RC_OK : RC_PACK;
        if (rc != want || !findings_have(&found, rows[i].rule)) {
            findings_tell(&found);
            fail_msg("row %zu: %s is not told", i, rows[i].rule);
        }
        assert_int_equal(p != NULL, rows[i].is_warning);
        for (size_t k = 0; k < found.n; k++) {
            assert_int_equal(found.v[k].is_warning, rows[i].is_warning);
            if (rows[i].line && str_eq(found.v[k].rule, str_from(rows[i].rule)))
                assert_int_equal(found.v[k].line, rows[i].line);
        }
    }
}

/* Several parts are wrong: each is told, with its own file. */
static void test_many_findings(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct pack_files *f = edited(cx, "pack.yaml", "retention: 10y", "retention: 0y");
    struct pack_findings found;
    struct pack *p;
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->v[i].name, STR("messages.yaml")) ||
            str_eq(f->v[i].name, STR("indicators.yaml")))
            f->v[i].data = STR("nothing: here\n");
    assert_int_equal(pack_check(cx, f, &found, &p), RC_PACK);
    assert_int_equal(found.n, 3);
    assert_str(found.v[0].file, "pack.yaml");
    assert_int_equal(found.v[0].line, 35);
    assert_str(found.v[1].file, "indicators.yaml");
    assert_str(found.v[2].file, "messages.yaml");
}

static void test_archive(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct pack_files *f = good_files(cx), *back = NULL;
    struct str a, b;
    assert_int_equal(pack_archive(cx, f, &a), RC_OK);
    assert_true(str_starts(a, STR("motcua-pack 1\nREADME.md ")));
    assert_int_equal(pack_unarchive(cx, a, &back), RC_OK);
    assert_int_equal(back->n, f->n);
    assert_int_equal(pack_archive(cx, back, &b), RC_OK);
    assert_true(str_eq(a, b));
    assert_str(pack_file_name(f, 0), "README.md");
    assert_null(pack_file_name(f, f->n).p);
    assert_null(pack_file(f, STR("nothing")).p);
    /* every cut is refused or shorter by whole files */
    for (size_t n = 0; n < a.n; n += 7) {
        enum rc rc = pack_unarchive(cx, str_cut(a, 0, n), &back);
        assert_true(rc == RC_CORRUPT || rc == RC_MALFORMED || (rc == RC_OK && back->n < f->n));
        ctx_clear(cx);
    }
    static const char *const wrong[] = {"",
                                        "motcua-pack 2\n",
                                        "motcua-pack 1\na 9\nb\n",
                                        "motcua-pack 1\na -1\nb\n",
                                        "motcua-pack 1\na x\n\n",
                                        "motcua-pack 1\n../a 1\nb\n",
                                        "motcua-pack 1\n 1\nb\n"};
    for (size_t i = 0; i < ROWS(wrong); i++) {
        assert_int_not_equal(pack_unarchive(cx, str_from(wrong[i]), &back), RC_OK);
        ctx_clear(cx);
    }
}

static void test_files_refusals(void **state)
{
    static const char *const names[] = {"", "/etc/passwd", "a/../b", "a b", "a\nb", "đ"};
    struct ctx *cx = ctx_new(*state, NULL);
    struct pack_files *f = pack_files_new(cx->mem), *none;
    for (size_t i = 0; i < ROWS(names); i++) {
        assert_int_equal(pack_files_add(cx, f, str_from(names[i]), STR("x")), RC_MALFORMED);
        ctx_clear(cx);
    }
    char *large = arena_alloc(cx->mem, PACK_BYTES_MAX);
    assert_int_equal(pack_files_add(cx, f, STR("a"), str_n(large, PACK_BYTES_MAX)), RC_OK);
    assert_int_equal(pack_files_add(cx, f, STR("b"), STR("x")), RC_TOO_LARGE);
    ctx_clear(cx);
    f = pack_files_new(cx->mem);
    for (int i = 0; i < PACK_FILES_MAX; i++)
        assert_int_equal(pack_files_add(cx, f, str_fmt(cx->mem, "f%d", i), STR("x")), RC_OK);
    assert_int_equal(pack_files_add(cx, f, STR("g"), STR("x")), RC_TOO_LARGE);
    ctx_clear(cx);
    assert_int_equal(pack_files_read(cx, STR("/nonexistent"), &none), RC_NOT_FOUND);
}

static void test_version(void **state)
{
    static const struct {
        const char *a, *b;
        int cmp;
    } rows[] = {{"1.0.0", "1.0.0", 0},
                {"1.0.9", "1.0.10", -1},
                {"2.0.0", "1.9.9", 1},
                {"1.10.0", "1.9.0", 1}};
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_int_equal(version_cmp(str_from(rows[i].a), str_from(rows[i].b)), rows[i].cmp);
    assert_true(version_is(STR("0.0.1")));
    assert_false(version_is(STR("")));
    assert_false(version_is(STR("1..0")));
    assert_false(version_is(STR("1.0.-1")));
}

/* -- publishing, on a data folder -- */
struct bed {
    struct app app;
    struct arena *work; /* ends before the store does, as a request's does */
    struct ctx *cx;
    struct str dir;
};

static void bed_open(struct bed *b, struct arena *mem)
{
    b->app = (struct app){.mem = mem};
    settings_default(&b->app.settings);
    b->work = arena_new(256u << 20);
    b->cx = ctx_new(b->work, &b->app);
    assert_int_equal(crypt_start(b->cx), RC_OK);
    assert_int_equal(store_open(b->cx, b->dir, STORE_WRITE, &b->app.store), RC_OK);
    assert_int_equal(db_attach(b->cx, b->app.store), RC_OK);
    assert_int_equal(ledger_open(b->cx, b->app.store, STR("test.example/log"), &b->app.ledger),
                     RC_OK);
}

static struct bed *bed_make(struct arena *mem)
{
    struct bed *b = arena_new_of(mem, struct bed);
    b->dir = temp_dir(mem);
    bed_open(b, mem);
    if (packs_open(b->cx, &b->app.packs) != RC_OK)
        fail_msg("%s", b->cx->err.detail);
    return b;
}

static void bed_end(struct bed *b)
{
    arena_free(b->work);
    store_close(b->app.store);
}

static enum rc publish(struct bed *b, const struct pack_files *f)
{
    struct str ref;
    enum rc rc = pack_publish(b->cx, f, &ref);
    if (rc == RC_OK) {
        assert_int_equal(db_commit(b->cx), RC_OK);
        assert_int_equal(packs_reload(b->cx), RC_OK);
    } else {
        db_rollback(b->cx);
        ctx_clear(b->cx);
    }
    return rc;
}

static struct pack_files *as_version(struct ctx *cx, const char *version)
{
    return edited(cx, "pack.yaml", "version: 1.2.0",
                  str_z(cx->mem, str_fmt(cx->mem, "version: %s", version)));
}

static void test_publish(void **state)
{
    struct bed *b = bed_make(*state);
    size_t n;
    assert_null(pack_current(b->cx, STR("small-permit")));
    assert_int_equal(publish(b, good_files(b->cx)), RC_OK);
    const struct pack *p = pack_current(b->cx, STR("small-permit"));
    assert_non_null(p);
    assert_ptr_equal(pack_version(b->cx, STR("small-permit@1.2.0")), p);
    assert_int_equal(publish(b, good_files(b->cx)), RC_OK); /* the same bytes: nothing done */
    assert_ptr_equal(pack_current(b->cx, STR("small-permit")), p);
    /* the same version with other bytes, and a pack that breaks its rules */
    assert_int_equal(publish(b, edited(b->cx, "README.md", "nhỏ", "lớn")), RC_DUPLICATE);
    assert_int_equal(publish(b, edited(b->cx, "flow.yaml", "by: [specialist]", "by: [boss]")),
                     RC_PACK);
    /* a later and an earlier version: the highest counts, each stays */
    assert_int_equal(publish(b, as_version(b->cx, "1.10.0")), RC_OK);
    assert_int_equal(publish(b, as_version(b->cx, "1.9.0")), RC_OK);
    assert_str(pack_current(b->cx, STR("small-permit"))->version, "1.10.0");
    assert_ptr_equal(pack_version(b->cx, STR("small-permit@1.2.0")), p);
    assert_non_null(pack_version(b->cx, STR("small-permit@1.9.0")));
    assert_null(pack_version(b->cx, STR("small-permit@9.9.9")));
    assert_non_null(pack_all(b->cx, &n));
    assert_int_equal(n, 1);
    bed_end(b);
    temp_remove(b->dir);
}

static void test_withdraw(void **state)
{
    struct bed *b = bed_make(*state);
    assert_int_equal(publish(b, good_files(b->cx)), RC_OK);
    assert_int_equal(publish(b, as_version(b->cx, "2.0.0")), RC_OK);
    assert_int_equal(pack_withdraw(b->cx, STR("small-permit@3.0.0")), RC_NOT_FOUND);
    db_rollback(b->cx);
    ctx_clear(b->cx);
    for (int twice = 0; twice < 2; twice++)
        assert_int_equal(pack_withdraw(b->cx, STR("small-permit@2.0.0")), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_OK);
    assert_int_equal(packs_reload(b->cx), RC_OK);
    assert_str(pack_current(b->cx, STR("small-permit"))->version, "1.2.0");
    assert_true(pack_version(b->cx, STR("small-permit@2.0.0"))->is_withdrawn);
    bed_end(b);
    temp_remove(b->dir);
}

/* A second start reads what was published; changed bytes stop it. */
static void test_reopen(void **state)
{
    struct bed *b = bed_make(*state), *again = arena_new_of(*state, struct bed);
    again->dir = b->dir;
    assert_int_equal(publish(b, good_files(b->cx)), RC_OK);
    struct hash digest = pack_current(b->cx, STR("small-permit"))->digest;
    bed_end(b);
    bed_open(again, *state);
    assert_int_equal(packs_open(again->cx, &again->app.packs), RC_OK);
    const struct pack *p = pack_current(again->cx, STR("small-permit"));
    assert_true(hash_equal(&p->digest, &digest));
    assert_int_equal(p->flow->nstates, 8);
    bed_end(again);
    temp_remove(b->dir);
}

static void sql_run(struct arena *mem, struct str dir, const char *sql)
{
    sqlite3 *db;
    const char *file = str_z(mem, str_fmt(mem, "%.*s/motcua.db", STR_ARG(dir)));
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Whatever was changed behind our back stops the start. */
static void test_tampered(void **state)
{
    static const char *const rows[] = {
        "update pack_version set archive = cast(replace(cast(archive as text), '3wd', '9wd') "
        "as "
        "blob)",
        "update pack_version set digest = zeroblob(32)",
        "update pack_version set signature = zeroblob(64)",
        "update pack_version set signature = x'00'",
        "update pack_version set ref = 'small-permit@1.2.1'",
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct bed *b = bed_make(*state), *again = arena_new_of(*state, struct bed);
        assert_int_equal(publish(b, good_files(b->cx)), RC_OK);
        bed_end(b);
        sql_run(*state, b->dir, rows[i]);
        again->dir = b->dir;
        bed_open(again, *state);
        assert_int_equal(packs_open(again->cx, &again->app.packs), RC_CORRUPT);
        bed_end(again);
        temp_remove(b->dir);
    }
}

/* The record says what was published, and nothing when nothing was. */
static void test_event(void **state)
{
    struct bed *b = bed_make(*state);
    struct event *ev;
    assert_int_equal(publish(b, good_files(b->cx)), RC_OK);
    assert_int_equal(publish(b, good_files(b->cx)), RC_OK);
    const struct pack *p = pack_current(b->cx, STR("small-permit"));
    int64_t last = -1;
    struct ledger_head head;
    assert_int_equal(ledger_head_get(b->cx, &head), RC_OK);
    for (int64_t seq = 0; seq < head.size; seq++) {
        assert_int_equal(ledger_event_get(b->cx, seq, &ev), RC_OK);
        if (ev->kind != EV_PACK_PUBLISHED)
            continue;
        assert_int_equal(last, -1);
        last = seq;
        assert_str(ev->pack, "small-permit@1.2.0");
        assert_true(str_eq(json_str(ev->facts, "digest"), hash_hex(b->work, &p->digest)));
    }
    assert_true(last >= 0);
    bed_end(b);
    temp_remove(b->dir);
}

/* -- the decision that the publishing node names -- */

static struct pack_decision decision(const char *number, int day, int effective)
{
    return (struct pack_decision){.number = str_from(number),
                                  .day = day_make(2026, 9, day),
                                  .effective = day_make(2026, 9, effective)};
}

static enum rc publish_with(struct bed *b, const struct pack_files *f,
                            const struct pack_decision *d)
{
    struct str ref;
    ctx_clear(b->cx);
    b->cx->now_us = day_start(day_make(2026, 9, 10)) + 9 * HOUR_US; /* a Thursday */
    enum rc rc = pack_publish_decided(b->cx, f, d, &ref);
    if (rc != RC_OK) {
        db_rollback(b->cx);
        return rc;
    }
    assert_int_equal(db_commit(b->cx), RC_OK);
    return packs_reload(b->cx);
}

static const struct json *last_facts(struct bed *b)
{
    struct ledger_head head;
    struct event *ev;
    assert_int_equal(ledger_head_get(b->cx, &head), RC_OK);
    assert_int_equal(ledger_event_get(b->cx, head.size - 1, &ev), RC_OK);
    assert_int_equal(ev->kind, EV_PACK_PUBLISHED);
    return ev->facts;
}

/* LAW: QD766/2022 1.1, 1.2: distances in working days; 2 September and its day after are off. */
static void test_decided(void **state)
{
    const struct pack_decision good = decision("12/QĐ-UBND", 4, 14);
    struct bed *b = bed_make(*state);
    assert_int_equal(publish_with(b, good_files(b->cx), &good), RC_OK);
    const struct json *f = last_facts(b);
    assert_true(json_bool(f, "decided") && !json_bool(f, "by_ministry"));
    assert_int_equal(json_int(f, "lead_days", -1), 6);   /* 7-11 and 14 September */
    assert_int_equal(json_int(f, "public_days", -1), 4); /* 7-10 September */
    assert_str(json_str(f, "decision"), "12/QĐ-UBND");
    assert_int_equal(json_int(f, "level_2011", -1), 4);
    assert_int_equal(json_int(f, "was_level_2011", -1), 0);
    assert_true(json_bool(f, "has_fee") && !json_bool(f, "payable"));
    /* nothing named: as the pack says, which is nothing */
    assert_int_equal(publish_with(b, as_version(b->cx, "2.0.0"), NULL), RC_OK);
    f = last_facts(b);
    assert_true(!json_bool(f, "decided") && !json_get(f, STR("decision")));
    assert_int_equal(json_int(f, "was_level_2011", -1), 4);
    /* the same again announces nothing */
    assert_int_equal(publish_with(b, as_version(b->cx, "2.0.0"), &good), RC_OK);
    assert_false(json_bool(last_facts(b), "decided"));
    bed_end(b);
    temp_remove(b->dir);
}

static void test_decided_refused(void **state)
{
    static const char long_one[] = "0123456789012345678901234567890123456789"
                                   "0123456789012345678901234567890123456789";
    const struct {
        struct pack_decision d;
        const char *field; /* NULL: taken */
    } rows[] = {
        {decision("", 4, 14), "decision"},       {decision("  ", 4, 14), "decision"},
        {decision(long_one, 10, 10), NULL},      {decision("12/QĐ", 11, 14), "decided"},
        {decision("12/QĐ", 10, 9), "effective"}, {decision("12/QĐ", 1, 1), NULL},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct bed *b = bed_make(*state);
        enum rc rc = publish_with(b, good_files(b->cx), &rows[i].d);
        assert_int_equal(rc, rows[i].field ? RC_INVALID : RC_OK);
        if (rows[i].field)
            assert_string_equal(b->cx->err.field, rows[i].field);
        assert_true(!pack_current(b->cx, STR("small-permit")) == (rows[i].field != NULL));
        bed_end(b);
        temp_remove(b->dir);
    }
}

/* One character too many, and a pack of figures, which no decision announces. */
static void test_decided_never(void **state)
{
    struct bed *b = bed_make(*state);
    struct pack_decision d = decision("", 4, 14);
    struct pack_files *f;
    d.number = str_fmt(*state, "%081d", 7);
    assert_int_equal(publish_with(b, good_files(b->cx), &d), RC_INVALID);
    assert_string_equal(b->cx->err.field, "decision");
    d.number = STR("12/QĐ-UBND");
    assert_int_equal(pack_files_embedded(b->cx, STR("one-stop"), &f), RC_OK);
    assert_int_equal(publish_with(b, f, &d), RC_INVALID);
    assert_string_equal(b->cx->err.field, "decision");
    assert_int_equal(publish_with(b, f, NULL), RC_OK);
    bed_end(b);
    temp_remove(b->dir);
}

/* A fee that is always nothing is no fee; one that is computed may be something. */
static void test_has_fee(void **state)
{
    static const char large[] =
        "  - {id: large, amount_vnd: 30000, if: 'size == \"large\"', about: {vi: Loại lớn, en: "
        "Large ones}}\n";
    static const char plate[] = "  - {id: plate, amount: \"table('plate', size)\", about: {vi: "
                                "Biển số, en: Plate}}\n";
    static const struct {
        const char *base;
        bool large, plate, has;
    } rows[] = {
        {"amount_vnd: 20000", true, true, true}, {"amount_vnd: 1", false, false, true},
        {"amount_vnd: 0", true, false, true},    {"amount_vnd: 0", false, true, true},
        {"amount_vnd: 0", false, false, false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct bed *b = bed_make(*state);
        struct pack_files *good = good_files(b->cx);
        struct pack_files *f = pack_files_new(b->cx->mem);
        for (size_t j = 0; !str_eq(pack_file_name(good, j), STR_NULL); j++) {
            struct str name = pack_file_name(good, j), data = pack_file(good, name);
            if (str_eq(name, STR("pack.yaml"))) {
                data =
                    replaced_in(*state, data, STR("amount_vnd: 20000"), str_from(rows[i].base));
                data =
                    rows[i].large ? data : replaced_in(*state, data, str_from(large), STR(""));
                data =
                    rows[i].plate ? data : replaced_in(*state, data, str_from(plate), STR(""));
            }
            assert_int_equal(pack_files_add(b->cx, f, name, data), RC_OK);
        }
        pack_files_sort(f);
        assert_int_equal(publish_with(b, f, NULL), RC_OK);
        assert_int_equal(json_bool(last_facts(b), "has_fee"), rows[i].has);
        bed_end(b);
        temp_remove(b->dir);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(test_good),           UNIT(test_fee_amounts),     UNIT(test_columns),
        UNIT(test_embedded),       UNIT(test_bad_rows),        UNIT(test_lines),
        UNIT(test_many_findings),  UNIT(test_archive),         UNIT(test_version),
        UNIT(test_files_refusals), UNIT(test_publish),         UNIT(test_withdraw),
        UNIT(test_reopen),         UNIT(test_tampered),        UNIT(test_event),
        UNIT(test_decided),        UNIT(test_decided_refused), UNIT(test_decided_never),
        UNIT(test_has_fee),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
