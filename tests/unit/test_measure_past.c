/* test_measure_past.c - what changes the past: late events, moves taken back, mergers, services
 * published anew, months of other nodes, indicators declared later. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the helpers: not all are needed */
#include "gen/rollup_sql.h"
#include "measure_help.h"
#include "rebuild_help.h"

static int64_t seq_next = 16384 * 2000;

static void put_on(struct desk *k, int month, int day, struct unit_id unit)
{
    struct made m = {day_make(2026, month, day), unit, "9.000001", 2, 3, false};
    assert_int_equal(made_apply(k, &m, seq_next), RC_OK);
    seq_next += 2; /* never the last before a fold */
}

static struct figure get(struct desk *k, const char *id, struct slice s)
{
    struct figure f = {0};
    assert_int_equal(figure_get(as(k, ""), of_small(k, id), &s, &f), RC_OK);
    return f;
}

static struct slice span(int from_month, int from_day, int to_month, int to_day)
{
    return (struct slice){
        .period = {day_make(2026, from_month, from_day), day_make(2026, to_month, to_day)}};
}

/* -- late -- */

/* 3 March comes on 3 March; 20 April; then, on 20 April, two of March and one of 19 April. */
static void late_events_are_told(void **state)
{
    struct desk *k = *state;
    struct unit_id commune = k->office.units[3];
    indicators_publish(k, "1.3.0", indicators);
    put_on(k, 3, 3, commune);
    put_on(k, 4, 20, commune);
    assert_int_equal(get(k, "ends", span(3, 1, 4, 1)).adjusted, 0);
    put_on(k, 3, 3, commune);
    put_on(k, 3, 31, k->office.units[2]);
    put_on(k, 4, 19, commune);
    const struct {
        struct slice s;
        int unit;
        int64_t n, adjusted;
    } rows[] = {
        {span(3, 1, 4, 1), 0, 3, 2},   {span(3, 1, 4, 1), 3, 2, 1},
        {span(3, 3, 3, 4), 3, 2, 1},   {span(3, 1, 4, 20), 0, 4, 3},
        {span(3, 1, 4, 21), 0, 5, 0}, /* had not ended when they came */
        {span(4, 19, 4, 20), 0, 1, 1}, {span(4, 1, 5, 1), 0, 2, 0},
        {span(3, 1, 4, 1), 1, 0, 0},   {span(2, 1, 3, 1), 0, 0, 0},
    };
    for (int folded = 0; folded < 2; folded++) {
        for (size_t i = 0; i < ROWS(rows); i++) {
            struct slice s = rows[i].s;
            s.unit = k->office.units[rows[i].unit];
            struct figure f = get(k, "ends", s);
            if (f.num != rows[i].n || f.adjusted != rows[i].adjusted)
                fail_msg("row %zu: %d, %d late", i, (int)f.num, (int)f.adjusted);
        }
        fold_now(k);
    }
}

/* A month says what came after it, a day what came after that day. */
static void late_events_by_row(void **state)
{
    struct desk *k = *state;
    struct figure_rows rows;
    struct slice s = span(3, 1, 5, 1);
    indicators_publish(k, "1.3.0", indicators);
    put_on(k, 4, 20, k->office.units[3]);
    put_on(k, 3, 31, k->office.units[3]);
    put_on(k, 4, 19, k->office.units[3]);
    assert_int_equal(figure_rows(as(k, ""), of_small(k, "ends"), &s, BY_MONTH, &rows), RC_OK);
    assert_int_equal(rows.n, 2);
    assert_int_equal(rows.v[0].f.adjusted, 1);
    assert_int_equal(rows.v[1].f.adjusted, 0); /* April had not ended */
    assert_int_equal(figure_rows(as(k, ""), of_small(k, "ends"), &s, BY_DAY, &rows), RC_OK);
    assert_int_equal(rows.n, 3);
    assert_int_equal(rows.v[0].f.adjusted, 1);
    assert_int_equal(rows.v[1].f.adjusted, 1);
    assert_int_equal(rows.v[2].f.adjusted, 0);
}

/* -- a move that is taken back -- */

static enum rc undo(struct desk *k, const char *person, struct dossier_ref *ref)
{
    struct ctx *cx = as(k, person);
    struct dossier *d = NULL;
    assert_int_equal(dossier_open(cx, ref->code, &d), RC_OK);
    enum rc rc = dossier_undo(cx, d, ref);
    if (rc == RC_OK)
        return db_commit(cx);
    db_rollback(cx);
    return rc;
}

static size_t behind(struct desk *k, const char *id, struct slice s)
{
    struct json *out = NULL;
    assert_int_equal(figure_dossiers(as(k, ""), of_small(k, id), &s, -1, 0, &out), RC_OK);
    return json_get(out, STR("rows"))->n;
}

static void undone_is_nowhere(void **state)
{
    struct desk *k = *state;
    struct wait w;
    struct slice s = span(6, 1, 7, 1);
    indicators_publish(k, "1.3.0", indicators);
    struct dossier_ref a = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    assert_int_equal(behind(k, "standing", s), 1);
    assert_int_equal(act_one(k, "specialist@commune", &a, "approve"), RC_OK);
    assert_int_equal(get(k, "ends", s).num, 1);
    assert_int_equal(get(k, "standing", s).num, 0);
    assert_int_equal(behind(k, "ends", s), 1);
    assert_int_equal(behind(k, "standing", s), 0);
    assert_int_equal(wait_get(as(k, ""), STR("small-permit"), (struct unit_id){0}, &w), RC_OK);
    assert_int_equal(w.n, 1);
    assert_int_equal(undo(k, "specialist@commune", &a), RC_OK);
    assert_int_equal(get(k, "ends", s).num, 0);
    assert_int_equal(get(k, "ends", s).adjusted, 0); /* on its own day */
    assert_int_equal(get(k, "standing", s).num, 1);
    assert_int_equal(behind(k, "ends", s), 0);
    assert_int_equal(behind(k, "standing", s), 1);
    assert_int_equal(wait_get(as(k, ""), STR("small-permit"), (struct unit_id){0}, &w), RC_OK);
    assert_int_equal(w.n, 0);
    assert_int_equal(act_one(k, "specialist@commune", &a, "approve"), RC_OK);
    assert_int_equal(get(k, "ends", s).num, 1);
    assert_int_equal(behind(k, "ends", s), 1);
    rebuilt_same(k, subs);
}

/* -- mergers -- */

static struct unit_id commune_add(struct desk *k, const char *code, int month)
{
    struct unit_id id;
    struct ctx *cx = as(k, "");
    struct unit_new u = {.code = str_from(code),
                         .name_vi = str_from(code),
                         .name_en = str_from(code),
                         .parent = STR("H07.21"),
                         .kind = UNIT_COMMUNE,
                         .from = day_make(2026, month, 1)};
    assert_int_equal(unit_add(cx, &u, &id), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(units_reload(cx), RC_OK);
    return id;
}

static void commune_end(struct desk *k, const char *code, int month, const char *into)
{
    struct ctx *cx = as(k, "");
    struct str to = str_from(into);
    assert_int_equal(unit_end(cx, str_from(code), day_make(2026, month, 1), &to, 1), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(units_reload(cx), RC_OK);
}

static int64_t row_of(struct desk *k, const char *unit, struct slice s, enum figure_by by,
                      const char *key)
{
    struct figure_rows rows;
    s.unit = unit_find(as(k, ""), str_from(unit))->id;
    assert_int_equal(figure_rows(as(k, ""), of_small(k, "ends"), &s, by, &rows), RC_OK);
    for (size_t i = 0; i < rows.n; i++)
        if (str_eq(rows.v[i].key, str_from(key)))
            return rows.v[i].f.num;
    return -1;
}

/* Many at a time: each as if it were asked alone, moved by a merger or not, one below another. */
static void many_after_a_merger(struct desk *k)
{
    static const char *const units[] = {"H07",       "H07.21",    "H07.21.01",
                                        "H07.21.02", "H07.21.03", "H07.21.04"};
    struct slice spans[] = {span(3, 1, 4, 1), span(3, 1, 5, 1), span(3, 1, 5, 2),
                            span(3, 10, 6, 1), span(5, 3, 5, 20)};
    struct figure_ask v[ROWS(units)];
    for (size_t at = 0; at < ROWS(spans); at++) {
        for (size_t i = 0; i < ROWS(units); i++) {
            v[i] = (struct figure_ask){.ind = of_small(k, "ends"), .slice = spans[at]};
            v[i].slice.unit = unit_find(as(k, ""), str_from(units[i]))->id;
        }
        assert_int_equal(figures_get(as(k, ""), v, ROWS(units)), RC_OK);
        for (size_t i = 0; i < ROWS(units); i++)
            if (v[i].f.num != get(k, "ends", v[i].slice).num)
                fail_msg("span %zu, %s: %d, not %d", at, units[i], (int)v[i].f.num,
                         (int)get(k, "ends", v[i].slice).num);
    }
}

/* 02 and 03 become 04 on 1 May: 2 and 3 in March, 4 of their own in May. */
static void a_merger(void **state)
{
    struct desk *k = *state;
    indicators_publish(k, "1.3.0", indicators);
    struct unit_id two = commune_add(k, "H07.21.02", 1), three = commune_add(k, "H07.21.03", 1);
    for (int i = 0; i < 5; i++)
        put_on(k, 3, 10 + i, i < 2 ? two : three);
    struct unit_id four = commune_add(k, "H07.21.04", 5);
    for (int i = 0; i < 4; i++)
        put_on(k, 5, 4 + i, four);
    put_on(k, 3, 9, k->office.units[3]);
    commune_end(k, "H07.21.02", 5, "H07.21.04");
    commune_end(k, "H07.21.03", 5, "H07.21.04");
    const struct {
        const char *unit;
        struct slice s;
        enum figure_by by;
        const char *key;
        int64_t n;
    } rows[] = {
        /* March, as it stood then */
        {"H07.21", span(3, 1, 4, 1), BY_UNIT, "H07.21.02", 2},
        {"H07.21", span(3, 1, 4, 1), BY_UNIT, "H07.21.03", 3},
        {"H07.21", span(3, 1, 4, 1), BY_UNIT, "H07.21.04", -1},
        {"H07.21", span(3, 1, 5, 1), BY_EACH, "H07.21.02", 2}, /* it stood on 30 April */
        /* up to May the successor owns them */
        {"H07.21", span(3, 1, 5, 2), BY_UNIT, "H07.21.02", -1},
        {"H07.21", span(3, 1, 5, 2), BY_UNIT, "H07.21.04", 5},
        {"H07.21", span(3, 1, 6, 1), BY_UNIT, "H07.21.04", 9},
        {"H07.21", span(3, 1, 6, 1), BY_EACH, "H07.21.04", 9},
        {"H07.21", span(3, 1, 6, 1), BY_UNIT, "H07.21.01", 1},
        {"H07.21.04", span(3, 1, 6, 1), BY_MONTH, "2026-03", 5},
        {"H07.21.04", span(3, 1, 6, 1), BY_DAY, "2026-03-10", 1},
        {"H07.21.04", span(3, 1, 6, 1), BY_PROCEDURE, "9.000001", 9},
        {"H07", span(3, 1, 6, 1), BY_UNIT, "H07.21", 10}, /* none lost, none twice */
        {"H07", span(3, 1, 4, 1), BY_UNIT, "H07.21", 6},
    };
    for (int folded = 0; folded < 2; folded++) {
        for (size_t i = 0; i < ROWS(rows); i++) {
            int64_t n = row_of(k, rows[i].unit, rows[i].s, rows[i].by, rows[i].key);
            if (n != rows[i].n)
                fail_msg("row %zu: %d, not %d", i, (int)n, (int)rows[i].n);
        }
        struct slice s = span(3, 1, 6, 1);
        s.unit = four;
        assert_int_equal(get(k, "ends", s).num, 9);
        assert_int_equal(get(k, "offices", s).num, 1); /* three units, one owner */
        s.unit = two;                                  /* it has nothing any more */
        assert_int_equal(get(k, "ends", s).num, 0);
        many_after_a_merger(k);
        fold_now(k);
    }
    many_after_a_merger(k);
}

/* -- services -- */

static const char services[] = "indicators:\n" NAMED(
    "services") "    unit: count\n    kind: stock\n"
                "    count: [{event: pack.published, if: 'service'}, {event: pack.withdrawn, "
                "if: 'service'}]\n"
                "    minus: [{event: pack.published, if: 'was_service'},\n"
                "            {event: pack.withdrawn, if: 'was_service'}]\n" NAMED(
                    "online") "    unit: percent\n    kind: stock\n"
                              "    count: {event: pack.published, if: 'online'}\n"
                              "    minus: {event: pack.published, if: 'was_online'}\n"
                              "    of: {event: pack.published, if: 'service'}\n"
                              "    of_minus: {event: pack.published, if: 'was_service'}\n";

/* A service counts once, whatever its versions, in every unit that offers it. */
/* All units asked for together say what each says alone, folded or not, and asked again. */
static void same_together(struct desk *k, const char *id)
{
    enum { UNITS = 4, TIMES = 3 };
    for (int round = 0; round < TIMES; round++) {
        struct figure_ask v[UNITS];
        struct slice s = {.period = {day_make(2026, 1, 1), day_make(2027, 1, 1)}};
        for (size_t i = 0; i < UNITS; i++) {
            v[i] = (struct figure_ask){.ind = of_small(k, id), .slice = s};
            v[i].slice.unit = k->office.units[i];
        }
        assert_int_equal(figures_get(as(k, ""), v, UNITS), RC_OK);
        for (size_t i = 0; i < UNITS; i++) {
            struct figure one = get(k, id, v[i].slice);
            if (v[i].f.num != one.num || v[i].f.den != one.den)
                fail_msg("%s, unit %zu: %d/%d, alone %d/%d", id, i, (int)v[i].f.num,
                         (int)v[i].f.den, (int)one.num, (int)one.den);
        }
        if (round == 1)
            fold_now(k);
    }
}

static void services_stand(void **state)
{
    struct desk *k = *state;
    struct ctx *cx;
    static const int64_t offered[] = {1, 0, 1, 1}; /* province department district commune */
    indicators_publish(k, "1.3.0", services);      /* not there when it was published itself */
    assert_int_equal(get(k, "services", (struct slice){0}).num, 0);
    indicators_publish(k, "1.4.0", services); /* 1.3.0 goes, 1.4.0 comes */
    assert_int_equal(get(k, "services", (struct slice){0}).num, 0);
    assert_int_equal(indicator_backfill(as(k, ""), STR("small-permit.services"), NULL, NULL),
                     RC_OK);
    assert_int_equal(indicator_backfill(as(k, ""), STR("small-permit.online"), NULL, NULL),
                     RC_OK);
    for (size_t i = 0; i < 4; i++) {
        struct slice s = {.unit = k->office.units[i]};
        if (get(k, "services", s).num != offered[i])
            fail_msg("unit %zu: %d", i, (int)get(k, "services", s).num);
    }
    same_together(k, "services");
    same_together(k, "online");
    assert_int_equal(get(k, "online", (struct slice){0}).den, 1);
    assert_int_equal(behind(k, "services", (struct slice){0}), 1);
    cx = as(k, "");
    assert_int_equal(pack_withdraw(cx, STR("small-permit@1.3.0")),
                     RC_OK); /* not the one in force */
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(packs_reload(cx), RC_OK);
    assert_int_equal(get(k, "services", (struct slice){0}).num, 1);
    rebuilt_same(k, subs);
}

/* The desk's service, announced as an event of June tells; then withdrawn in all versions: it still
 * counts where it was offered, and nowhere else. */
static void withdrawn_services(void **state)
{
    struct desk *k = *state;
    static const int64_t offered[] = {1, 0, 1, 1}; /* province department district commune */
    assert_null(pack_of_procedure(as(k, ""), STR("9.000001")));
    indicators_publish(k, "1.3.0", indicators);
    const struct pack *p = pack_of_procedure(as(k, ""), STR("9.000001"));
    assert_non_null(p);
    assert_null(pack_of_procedure(as(k, ""), STR("9.999999")));
    struct ctx *cx = as(k, "");
    struct event ev = {.seq = seq_next,
                       .time_us = day_start(day_make(2026, 6, 4)),
                       .kind = EV_PACK_PUBLISHED,
                       .pack = p->ref,
                       .facts = json_new_obj(cx->mem)};
    seq_next += 2;
    json_put_str(cx->mem, ev.facts, "id", p->id);
    json_put_str(cx->mem, ev.facts, "version", STR("9.9.9"));
    json_put_str(cx->mem, ev.facts, "procedure", STR("9.000001"));
    json_put_bool(cx->mem, ev.facts, "service", true);
    json_put_bool(cx->mem, ev.facts, "decided", true);
    json_put_int(cx->mem, ev.facts, "lead_days", 9);
    assert_int_equal(db_begin(cx), RC_OK);
    assert_int_equal(measure_subscriber.apply(cx, &ev), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    for (int withdrawn = 0; withdrawn < 2; withdrawn++) {
        for (size_t i = 0; i < ROWS(offered); i++) {
            struct figure f;
            struct slice s = span(6, 1, 7, 1);
            s.unit = k->office.units[i];
            cx = as(k, "");
            const struct indicator *ind = indicator_find(cx, STR("q766-announced"));
            assert_non_null(ind);
            assert_int_equal(figure_get(cx, ind, &s, &f), RC_OK);
            if (f.num != offered[i] || f.den != offered[i])
                fail_msg("unit %zu, withdrawn %d: %d", i, withdrawn, (int)f.den);
        }
        cx = as(k, "");
        if (!withdrawn)
            assert_int_equal(pack_withdraw(cx, p->ref), RC_OK);
        assert_int_equal(withdrawn ? RC_OK : db_commit(cx), RC_OK);
        assert_int_equal(packs_reload(cx), RC_OK);
    }
    assert_true(pack_of_procedure(as(k, ""), STR("9.000001"))->is_withdrawn);
}

/* Lists of services have words of their own where they end early: they say what they are of. */
static void services_are_told_apart(void **state)
{
    static const struct {
        const char *id;
        bool of_services;
    } rows[] = {{"services", true}, {"online", true}};
    struct desk *k = *state;
    struct json *out;
    indicators_publish(k, "1.3.0", services);
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct indicator *ind = of_small(k, rows[i].id);
        assert_int_equal(figure_dossiers(as(k, ""), ind, &(struct slice){0}, -1, 0, &out),
                         RC_OK);
        assert_true(json_bool(out, "of_services") == rows[i].of_services);
        assert_false(json_bool(out, "is_partial"));
    }
    indicators_publish(k, "1.4.0", indicators);
    static const char *const others[] = {"ends", "standing", "took"};
    for (size_t i = 0; i < ROWS(others); i++) {
        const struct indicator *ind = of_small(k, others[i]);
        assert_int_equal(figure_dossiers(as(k, ""), ind, &(struct slice){0}, -1, 0, &out),
                         RC_OK);
        assert_false(json_bool(out, "of_services"));
    }
}

/* The years of which the node knows something, the latest first. */
static void years_known(void **state)
{
    struct desk *k = *state;
    int years[2] = {0};
    size_t n = 9;
    assert_int_equal(figure_years(as(k, ""), years, 2, &n), RC_OK);
    assert_int_equal(n, 0); /* nothing was filed */
    filed(k);
    assert_int_equal(figure_years(as(k, ""), years, 2, &n), RC_OK);
    assert_int_equal(n, 1);
    assert_int_equal(years[0], 2026);
    k->now_us += 250 * DAY_US; /* February */
    filed(k);
    assert_int_equal(figure_years(as(k, ""), years, 2, &n), RC_OK);
    assert_int_equal(n, 2);
    assert_int_equal(years[0], 2027);
    assert_int_equal(years[1], 2026);
    assert_int_equal(figure_years(as(k, ""), years, 1, &n), RC_OK);
    assert_int_equal(n, 1); /* the latest */
    assert_int_equal(years[0], 2027);
    assert_int_equal(figure_years(as(k, ""), years, 0, &n), RC_OK);
    assert_int_equal(n, 0);
}

static int with_index(void **state)
{
    *state = desk_open("index-766");
    return 0;
}

/* -- declared later -- */

static void backfilled(void **state)
{
    struct desk *k = *state;
    struct slice june = span(6, 1, 7, 1);
    int64_t since;
    struct dossier_ref a = filed(k), b = filed(k), c = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    assert_int_equal(act_one(k, "reception@commune", &b, "accept"), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &a, "approve"), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &b, "approve"), RC_OK);
    assert_int_equal(undo(k, "specialist@commune", &b), RC_OK);
    indicators_publish(k, "1.3.0", indicators);
    assert_int_equal(indicator_since(as(k, ""), STR("small-permit.ends"), &since), RC_OK);
    assert_true(since > 0);
    assert_int_equal(get(k, "ends", june).num, 0);
    assert_int_equal(act_one(k, "an", &c, "withdraw"), RC_OK);
    assert_int_equal(get(k, "ends", june).num, 1);
    static const char *const ids[] = {"ends", "took", "standing", "in_time", "offices"};
    for (size_t i = 0; i < ROWS(ids); i++) {
        struct str id = str_fmt(k->mem, "small-permit.%s", ids[i]);
        assert_int_equal(indicator_backfill(as(k, ""), id, NULL, NULL), RC_OK);
        assert_int_equal(indicator_since(as(k, ""), id, &since), RC_OK);
        assert_int_equal(since, 0);
    }
    assert_int_equal(get(k, "ends", june).num, 2);
    assert_int_equal(get(k, "took", june).den, 2);
    assert_int_equal(get(k, "standing", june).num,
                     0); /* a and b came, a and c left: b less c */
    assert_int_equal(behind(k, "ends", june), 2);
    rebuilt_same(k, subs);
    size_t events = journal_count(k, EV_INDICATOR_BACKFILLED, 0);
    assert_int_equal(indicator_backfill(as(k, ""), STR("small-permit.ends"), NULL, NULL),
                     RC_OK);
    assert_int_equal(journal_count(k, EV_INDICATOR_BACKFILLED, 0), events);
    assert_int_equal(measure_reload(as(k, "")), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &b, "approve"), RC_OK);
    assert_int_equal(get(k, "ends", june).num, 3);
    rebuilt_same(k, subs);
}

/* Filed before the declaration, taken back after it. */
static void backfilled_across(void **state)
{
    struct desk *k = *state;
    struct slice june = span(6, 1, 7, 1);
    struct dossier_ref a = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &a, "approve"), RC_OK);
    indicators_publish(k, "1.3.0", indicators);
    assert_int_equal(undo(k, "specialist@commune", &a), RC_OK);
    assert_int_equal(get(k, "ends", june).num, 0);
    assert_int_equal(indicator_backfill(as(k, ""), STR("small-permit.ends"), NULL, NULL),
                     RC_OK);
    assert_int_equal(indicator_backfill(as(k, ""), STR("small-permit.standing"), NULL, NULL),
                     RC_OK);
    assert_int_equal(get(k, "ends", june).num, 0);
    assert_int_equal(get(k, "standing", june).num, 1);
    rebuilt_same(k, subs);
}

static void backfill_refused(void **state)
{
    struct desk *k = *state;
    int64_t since;
    indicators_publish(k, "1.3.0", indicators);
    static const char *const absent[] = {"", "ends", "small-permit",
                                         "small-permit.permits_online"};
    for (size_t i = 0; i < ROWS(absent); i++) {
        struct str id = str_from(absent[i]);
        assert_int_equal(indicator_backfill(as(k, ""), id, NULL, NULL), RC_NOT_FOUND);
        assert_int_equal(indicator_since(as(k, ""), id, &since), RC_NOT_FOUND);
    }
    assert_int_equal(indicator_backfill(as(k, ""), STR("small-permit.fibre"), NULL, NULL),
                     RC_STATE);
}

/* -- months of another node -- */

static enum rc cell_seen(struct ctx *cx, const struct month_cell *c, void *arg)
{
    int64_t *sum = arg;
    *sum += c->num;
    return RC_OK;
}

/* What rollup/ keeps of a statement beside the sums: figures that were read before it are read
 * again. */
static void stated(struct ctx *cx, int revision)
{
    static const char *const hash = "00";
    assert_int_equal(sql_statement_add(cx, STR("other"), STR("2026-03"), revision,
                                       seq_next + revision, 0, 0, str_from(hash), 1, 1,
                                       str_from(hash), false, STR("")),
                     RC_OK);
}

static void months_of_others(void **state)
{
    struct desk *k = *state;
    int64_t march = 2026 * 12 + 2, sum = 0;
    indicators_publish(k, "1.3.0", indicators);
    put_on(k, 3, 5, k->office.units[3]);
    put_on(k, 4, 5, k->office.units[3]);
    struct month_cell c = {.indicator = STR("small-permit.ends"),
                           .procedure = STR("9.000002"),
                           .unit = k->office.units[3],
                           .channel = 2,
                           .num = 40};
    struct ctx *cx = as(k, "");
    assert_int_equal(db_begin(cx), RC_OK);
    assert_int_equal(month_cell_add(cx, march, &c), RC_OK);
    stated(cx, 1);
    assert_int_equal(db_commit(cx), RC_OK);
    struct slice s = span(3, 1, 4, 1);
    s.unit = k->office.units[0];
    assert_int_equal(get(k, "ends", s).num, 41);
    assert_int_equal(db_begin(cx), RC_OK);
    c.num = -15; /* a later statement says less */
    assert_int_equal(month_cell_add(cx, march, &c), RC_OK);
    assert_int_equal(get(k, "ends", s).num, 41); /* others do not see the turn */
    stated(cx, 2);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(get(k, "ends", s).num, 26);
    s.procedure = STR("9.000002");
    assert_int_equal(get(k, "ends", s).num, 25);
    s.channel = 1;
    assert_int_equal(get(k, "ends", s).num, 0);
    fold_now(k);
    assert_int_equal(row_of(k, "H07", span(3, 1, 5, 1), BY_UNIT, "H07.21"), 27);
    assert_int_equal(month_cells(as(k, ""), march, cell_seen, &sum), RC_OK);
    assert_true(sum > 26); /* of all indicators */
    /* Told months have no days: a part of one holds what was counted here, and no more. The row
     * is what rollup/ keeps beside the sums. */
    assert_int_equal(db_begin(cx), RC_OK);
    assert_int_equal(sql_node_cell_put(cx, STR("other.example"), STR("2026-03"), c.indicator,
                                       c.unit.v, c.procedure, c.channel, 0, 25, 0),
                     RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    s = span(3, 3, 4, 1);
    s.unit = k->office.units[0];
    assert_int_equal(get(k, "ends", s).num, 1);
    s.period.from = day_make(2026, 3, 1);
    assert_int_equal(get(k, "ends", s).num, 26);
    sum = 0;
    assert_int_equal(month_cells(as(k, ""), march + 5, cell_seen, &sum), RC_OK);
    assert_int_equal(sum, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(late_events_are_told),
        DESK(late_events_by_row),
        DESK(undone_is_nowhere),
        DESK(a_merger),
        DESK(services_stand),
        DESK(services_are_told_apart),
        DESK(years_known),
        DESK(backfilled),
        DESK(backfilled_across),
        DESK(backfill_refused),
        DESK(months_of_others),
        cmocka_unit_test_setup_teardown(withdrawn_services, with_index, desk_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
