/* test_moves.c - one act on many dossiers; open ones go on under another version. */
#include "unit/harness.h"

#include "casework_help.h"
#include "moves/moves.h"
#include "ops/rebuild.h"
#include "pack_help.h"

/* -- many at once -- */

static struct json *words(struct ctx *cx, const char *one)
{
    struct json *list = json_new_arr(cx->mem);
    json_put(list, STR_NULL, json_new_str(cx->mem, str_from(one)));
    return list;
}

static void bulk(void **state)
{
    struct desk *k = *state;
    struct dossier_ref a = filed(k), b = filed(k);
    struct ctx *cx = as(k, "reception@commune");
    struct bulk_item v[] = {{.code = a.code},
                            {.code = STR("T-NOSUCHONE2")},
                            {.code = b.code, .version = 1},
                            {.code = a.code}};
    struct act accept = {.id = STR("accept")};
    assert_int_equal(dossiers_act(cx, v, ROWS(v), &accept), RC_OK);
    assert_int_equal(v[0].rc, RC_OK);
    assert_true(v[0].ref.seq > 0 && v[0].field.n == 0);
    assert_int_equal(v[1].rc, RC_NOT_FOUND);
    assert_int_equal(v[2].rc, RC_CONFLICT);
    assert_str(v[2].field, "version");
    assert_int_equal(v[3].rc, RC_DUPLICATE);
    struct dossier *d;
    assert_int_equal(dossier_find(as(k, ""), b.code, &d), RC_OK);
    assert_str(d->state->id, "submitted"); /* a refusal undoes nothing but itself */
    assert_int_equal(dossier_find(as(k, ""), a.code, &d), RC_OK);
    assert_str(d->state->id, "processing");
}

static void bulk_refusals(void **state)
{
    struct desk *k = *state;
    struct dossier_ref a = filed(k);
    struct act accept = {.id = STR("accept")}, refuse = {.id = STR("refuse")};
    struct bulk_item many[BULK_MAX + 1] = {0}, one[] = {{.code = a.code}};
    assert_int_equal(dossiers_act(as(k, ""), one, 1, &accept), RC_LOGIN_REQUIRED);
    assert_int_equal(dossiers_act(as(k, "nobody"), one, 1, &accept), RC_LOGIN_REQUIRED);
    struct ctx *cx = as(k, "reception@commune");
    assert_int_equal(dossiers_act(cx, one, 0, &accept), RC_INVALID);
    ctx_clear(cx);
    assert_int_equal(dossiers_act(cx, many, ROWS(many), &accept), RC_INVALID);
    cx = as(k, "reception@district");
    assert_int_equal(dossiers_act(cx, one, 1, &accept), RC_OK);
    assert_int_equal(one[0].rc, RC_FORBIDDEN);
    cx = as(k, "reception@commune");
    assert_int_equal(dossiers_act(cx, one, 1, &refuse), RC_OK);
    assert_int_equal(one[0].rc, RC_INVALID); /* without reason and law */
}

/* One's own among many: what an officer may still take back is not told, and not acted on. */
static void bulk_of_ones_own(void **state)
{
    struct desk *k = *state;
    struct dossier_ref a = filed(k);
    struct act ask = {.id = STR("supplement"), .reason = STR("Thiếu bản vẽ")};
    struct act back = {.id = STR("resubmit")}, accept = {.id = STR("accept")};
    struct bulk_item one[] = {{.code = a.code}};
    struct ctx *cx = as(k, "reception@commune");
    assert_int_equal(dossiers_act(cx, one, 1, &accept), RC_OK);
    assert_int_equal(one[0].rc, RC_OK);
    one[0].code = str_dup(k->mem, one[0].ref.code);
    cx = as(k, "specialist@commune");
    ask.items = words(cx, "Bản vẽ");
    assert_int_equal(dossiers_act(cx, one, 1, &ask), RC_OK);
    assert_int_equal(one[0].rc, RC_OK);
    cx = as(k, "an");
    assert_int_equal(dossiers_act(cx, one, 1, &back), RC_OK);
    assert_int_equal(one[0].rc, RC_STATE);
    assert_str(one[0].field, "act");
    cx = as(k, "an");
    cx->now_us += HOUR_US;
    assert_int_equal(dossiers_act(cx, one, 1, &back), RC_OK);
    assert_int_equal(one[0].rc, RC_OK);
}

/* -- another version -- */

/* The pack of tests/packs/good under another version, with one piece of a file replaced. */
static void next_version(struct desk *k, const char *file, const char *from, const char *to)
{
    struct ctx *cx = as(k, "");
    struct pack_files *f = NULL;
    struct str ref;
    assert_int_equal(pack_files_read(cx, packs_dir(cx->mem, "good"), &f), RC_OK);
    f = files_edited(cx, f, "pack.yaml", "version: 1.2.0", "version: 1.3.0");
    f = files_edited(cx, f, file, from, to);
    if (pack_publish(cx, f, &ref) != RC_OK)
        fail_msg("%s", cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(packs_reload(cx), RC_OK);
}

static struct json *migrated(struct desk *k, const struct json *map, bool dry_run)
{
    struct ctx *cx = as(k, "");
    struct json *report = NULL;
    struct migration_plan p = {.pack = STR("small-permit"),
                               .from = STR("1.2.0"),
                               .to = STR("1.3.0"),
                               .map = map,
                               .dry_run = dry_run};
    if (dossiers_migrate(cx, &p, &report) != RC_OK)
        fail_msg("%s", cx->err.detail);
    return report;
}

static struct dossier_ref processing(struct desk *k)
{
    struct dossier_ref ref = filed(k);
    struct bulk_item v[] = {{.code = ref.code}};
    assert_int_equal(
        dossiers_act(as(k, "reception@commune"), v, 1, &(struct act){.id = STR("accept")}),
        RC_OK);
    assert_int_equal(v[0].rc, RC_OK);
    return v[0].ref;
}

static void say(void *arg, struct str text)
{
    print_error("%.*s\n", STR_ARG(text));
}

static void rebuilt_equal(struct desk *k)
{
    struct ctx *cx = as(k, "");
    struct rebuild_report report = {0};
    struct rebuild_plan plan = {
        .subs = subs, .scratch = str_join(cx->mem, k->office.dir, STR("/again")), .say = say};
    assert_int_equal(rebuild_check(cx, &plan, &report), RC_OK);
    assert_int_equal(report.differences, 0);
}

/* The day that held before stays told, in the history and beside the new one. */
static void day_before_is_told(struct desk *k, struct str code)
{
    struct json *e = NULL, *v = NULL;
    struct ctx *cx = as(k, "an");
    bool found = false;
    assert_int_equal(dossier_due_explain(cx, look(k, code), &e), RC_OK);
    const struct json *was = json_get(json_at(json_get(e, STR("clocks")), 0), STR("was"));
    assert_int_equal(was->n, 1);
    assert_str(json_str(was->first, "due_old"), "2026-06-04");
    assert_str(json_str(was->first, "due_new"), "2026-06-08");
    assert_str(json_str(was->first, "cause"), "migration");
    assert_int_equal(dossier_view(cx, look(k, code), false, &v), RC_OK);
    JSON_EACH (json_get(v, STR("timeline")), t)
        if (str_eq(json_str(t, "kind"), STR("dossier.migrated")))
            found =
                str_has(json_str(t, "detail"), STR("trước là 04/06/2026, nay là 08/06/2026"));
    assert_true(found);
}

static void longer_time(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = processing(k);
    struct dossier *d;
    next_version(k, "flow.yaml", "budget: 3wd", "budget: 5wd");
    struct json *dry = migrated(k, NULL, true);
    assert_int_equal(json_int(dry, "open", 0), 1);
    assert_int_equal(json_int(dry, "moved", 0), 1);
    assert_int_equal(json_get(dry, STR("redated"))->n, 1);
    const struct json *row = json_at(json_get(dry, STR("redated")), 0);
    assert_str(json_str(row, "due_old"), "2026-06-04");
    assert_str(json_str(row, "due_new"), "2026-06-08");
    assert_int_equal(dossier_find(as(k, ""), ref.code, &d), RC_OK);
    assert_str(d->pack->version, "1.2.0"); /* told, not done */
    assert_int_equal(json_int(migrated(k, NULL, false), "moved", 0), 1);
    assert_int_equal(dossier_find(as(k, ""), ref.code, &d), RC_OK);
    assert_str(d->pack->version, "1.3.0");
    assert_int_equal(d->due, day_make(2026, 6, 8));
    day_before_is_told(k, ref.code);
    assert_int_equal(json_int(migrated(k, NULL, false), "open", -1), 0);
    rebuilt_equal(k);
}

/* -- a notice says for ever what it said, by the clocks of its own version -- */

/* The late pack's next version with one piece of its flow replaced each; from NULL ends. */
static void late_edited(struct desk *k, const char *const edits[][2])
{
    struct ctx *cx = as(k, "");
    struct pack_files *f = NULL;
    struct str ref;
    assert_int_equal(pack_files_read(cx, packs_dir(cx->mem, "late"), &f), RC_OK);
    f = files_edited(cx, f, "pack.yaml", "version: 1.2.0", "version: 1.3.0");
    for (size_t i = 0; edits[i][0]; i++)
        f = files_edited(cx, f, "flow.yaml", edits[i][0], edits[i][1]);
    if (pack_publish(cx, f, &ref) != RC_OK)
        fail_msg("%s", cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(packs_reload(cx), RC_OK);
}

static struct str due_notice(struct desk *k, const char *lang)
{
    struct ctx *cx = as(k, "an");
    struct json *list = NULL;
    cx->lang = lang[0] == 'e' ? LANG_EN : LANG_VI;
    assert_int_equal(notices_of(cx, cx->who->subject, 0, 0, &list), RC_OK);
    JSON_EACH (list, n)
        if (str_starts(json_str(n, "text"), lang[0] == 'e' ? STR("Due on") : STR("Ngày hẹn")))
            return json_str(n, "text");
    return STR("");
}

/* Monday 1 June, 9 o'clock: the promise is three working days, Thursday; the law has five. */
static void notices_by_their_own_version(void **state)
{
    (void)state;
#define PROMISE "  promise: {budget: 3wd, start: processing}\n"
    static const char *const none[][2] = {{PROMISE, ""},
                                          {"pause: [legal, promise]", "pause: [legal]"},
                                          {"restart: [legal, promise]", "restart: [legal]"},
                                          {NULL, NULL}};
    static const char *const other[][2] = {
        {PROMISE, "  own: {budget: 4wd, start: processing}\n" PROMISE}, {NULL, NULL}};
    static const char *const longer[][2] = {{"promise: {budget: 3wd", "promise: {budget: 4wd"},
                                            {NULL, NULL}};
    static const char *const(*const rows[])[2] = {none, other, longer};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct desk *k = desk_open_of(NULL, "late");
        processing(k);
        assert_str(due_notice(k, "vi"), "Ngày hẹn: 04/06/2026.");
        late_edited(k, rows[i]);
        assert_int_equal(json_int(migrated(k, NULL, false), "moved", 0), 1);
        assert_str(due_notice(k, "vi"), "Ngày hẹn: 04/06/2026.");
        assert_str(due_notice(k, "en"), "Due on 04/06/2026.");
        void *own = k;
        desk_end(&own);
    }
#undef PROMISE
}

static void unfit_answers(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = processing(k);
    struct dossier *d;
    next_version(k, "forms/main.yaml", "maxLength: 200", "maxLength: 3");
    struct json *report = migrated(k, NULL, false);
    assert_int_equal(json_int(report, "stay", 0), 1);
    assert_int_equal(json_get(report, STR("unfit"))->n, 1);
    assert_int_equal(dossier_find(as(k, ""), ref.code, &d), RC_OK);
    assert_str(d->pack->version, "1.2.0");
}

/* -- states by another name, while others are being asked -- */

/* The joint pack's next version: wherever `joint` stands in the flow, `asking` stands. */
static void joint_renamed(struct desk *k)
{
    struct ctx *cx = as(k, "");
    struct pack_files *f = NULL;
    struct str ref;
    assert_int_equal(pack_files_read(cx, packs_dir(cx->mem, "joint"), &f), RC_OK);
    f = files_edited(cx, f, "pack.yaml", "version: 1.0.0", "version: 1.1.0");
    f = files_edited(cx, f, "flow.yaml", "{to: joint,", "{to: asking,");
    f = files_edited(cx, f, "flow.yaml", "{to: joint,", "{to: asking,");
    f = files_edited(cx, f, "flow.yaml", "\n  joint:", "\n  asking:");
    if (pack_publish(cx, f, &ref) != RC_OK)
        fail_msg("%s", cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(packs_reload(cx), RC_OK);
}

static struct json *joint_migrated(struct desk *k, const char *to, bool dry_run)
{
    struct ctx *cx = as(k, "");
    struct json *report = NULL, *map = to ? json_new_obj(cx->mem) : NULL;
    if (to)
        json_put_str(cx->mem, map, "joint", str_from(to));
    struct migration_plan p = {.pack = STR("joint-permit"),
                               .from = STR("1.0.0"),
                               .to = STR("1.1.0"),
                               .map = map,
                               .dry_run = dry_run};
    if (dossiers_migrate(cx, &p, &report) != RC_OK)
        fail_msg("%s", cx->err.detail);
    return report;
}

static struct dossier_ref joint_asked(struct desk *k)
{
    struct dossier_ref ref = {0};
    struct form_errors errs = {0};
    assert_int_equal(file_one(k, as(k, "an"), "{\"size\":\"small\"}", &ref, &errs), RC_OK);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &ref, "ask"), RC_OK);
    return ref;
}

static enum rc opinion(struct desk *k, struct dossier_ref *ref, const char *duty,
                       const char *branch)
{
    struct ctx *cx = as(k, "");
    struct who *w = NULL;
    struct dossier *d = NULL;
    struct answer a = {.branch = str_from(branch), .outcome = STR("agree")};
    const struct unit *u = unit_with_duty(cx, commune(k), str_from(duty));
    assert_int_equal(office_officer(cx, u, STR("specialist"), &w), RC_OK);
    cx->who = w;
    assert_int_equal(dossier_open(cx, ref->code, &d), RC_OK);
    enum rc rc = dossier_answer(cx, d, &a, ref);
    if (rc == RC_OK)
        rc = db_commit(cx);
    else
        db_rollback(cx);
    return rc;
}

static const struct json *unmapped_of(const struct json *report)
{
    assert_int_equal(json_int(report, "moved", -1), 0);
    assert_int_equal(json_int(report, "stay", -1), 1);
    return json_at(json_get(report, STR("unmapped")), 0);
}

static void open_fork_goes_on(void **state)
{
    struct desk *k = desk_open_of(NULL, "joint");
    struct dossier_ref ref = joint_asked(k);
    joint_renamed(k);
    /* one opinion came before, the other comes after */
    assert_int_equal(opinion(k, &ref, "fire", "fire"), RC_OK);
    assert_str(json_str(unmapped_of(joint_migrated(k, NULL, false)), "state"), "joint");
    /* a state that asks nobody of that name is no place for an open branch */
    assert_str(json_str(unmapped_of(joint_migrated(k, "processing", false)), "state"), "joint");
    assert_int_equal(json_int(joint_migrated(k, "asking", true), "moved", 0), 1);
    assert_str(look(k, ref.code)->pack->version, "1.0.0"); /* told, not done */
    assert_int_equal(json_int(joint_migrated(k, "asking", false), "moved", 0), 1);
    struct dossier *d = look(k, ref.code);
    struct branch_list all;
    assert_str(d->pack->version, "1.1.0");
    assert_str(d->state->id, "asking");
    assert_int_equal(d->entries[d->state->index], 1); /* how often it was asked stays known */
    assert_int_equal(dossier_branches(as(k, ""), d, &all), RC_OK);
    assert_int_equal(all.n, 2);
    for (size_t i = 0; i < all.n; i++) {
        assert_ptr_equal(all.v[i].state, d->state);
        assert_true(all.v[i].is_current);
        assert_int_equal(all.v[i].is_open, str_eq(all.v[i].fb->id, STR("env")));
    }
    assert_int_equal(opinion(k, &ref, "environment", "env"), RC_OK);
    assert_str(look(k, ref.code)->state->id, "review"); /* joined by both opinions */
    rebuilt_equal(k);
    void *end = k;
    desk_end(&end);
}

/* Silence takes its course under the new version, too. */
static void open_fork_falls_silent(void **state)
{
    struct desk *k = desk_open_of(NULL, "joint");
    struct dossier_ref ref = joint_asked(k);
    size_t done = 0;
    joint_renamed(k);
    assert_int_equal(json_int(joint_migrated(k, "asking", false), "moved", 0), 1);
    k->now_us += 40 * DAY_US; /* fire agrees by silence; env escalates, then is silent */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(dossier_timers(as(k, ""), 100, &done), RC_OK);
        k->now_us += 40 * DAY_US;
    }
    assert_str(look(k, ref.code)->state->id, "review");
    rebuilt_equal(k);
    void *end = k;
    desk_end(&end);
}

static void refusals(void **state)
{
    struct desk *k = *state;
    struct json *report = NULL, *map;
    struct migration_plan p = {
        .pack = STR("small-permit"), .from = STR("1.2.0"), .to = STR("9.9.9")};
    assert_int_equal(dossiers_migrate(as(k, ""), &p, &report), RC_NOT_FOUND);
    p.to = STR("1.2.0");
    assert_int_equal(dossiers_migrate(as(k, ""), &p, &report), RC_INVALID);
    next_version(k, "flow.yaml", "budget: 3wd", "budget: 5wd");
    p.to = STR("1.3.0");
    map = json_new_obj(k->cx->mem);
    json_put_str(k->cx->mem, map, "processing", STR("nowhere"));
    p.map = map;
    assert_int_equal(dossiers_migrate(as(k, ""), &p, &report), RC_INVALID);
    assert_null(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(bulk),        DESK(bulk_refusals),     DESK(bulk_of_ones_own),
        DESK(longer_time), DESK(unfit_answers),     UNIT(notices_by_their_own_version),
        DESK(refusals),    UNIT(open_fork_goes_on), UNIT(open_fork_falls_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
