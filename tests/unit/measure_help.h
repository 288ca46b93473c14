/* measure_help.h - a desk whose indicators a test declares, and events made by hand. */
#ifndef TESTS_MEASURE_HELP_H
#define TESTS_MEASURE_HELP_H

#include "unit/harness.h"

#include "casework_help.h"
#include "measure/backfill.h"
#include "measure/sum/held.h"
#include "measure/measure_priv.h"
#include "pack_help.h"

/* One indicator: its id, then lines of four spaces more. */
#define NAMED(id) "  - id: " id "\n    name: {vi: a, en: b}\n    about: {vi: a, en: b}\n"
#define FLOW "    unit: count\n    kind: flow\n"
#define ENDED "    count: {event: dossier.moved, if: 'ended'}\n"

static const char indicators[] = "indicators:\n" NAMED("ends")
    FLOW ENDED NAMED("took") "    unit: days\n    kind: distribution\n" ENDED
                             "    sum: days\n" NAMED("services") FLOW ENDED
    "    distinct: procedure\n" NAMED("offices") FLOW ENDED "    distinct: unit\n" NAMED(
        "in_time") "    unit: percent\n    kind: flow\n    distinct: procedure\n"
                   "    count: {event: dossier.moved, if: 'ended && !late'}\n"
                   "    of: {event: dossier.moved, if: 'ended'}\n" NAMED(
                       "paid") "    unit: vnd\n    kind: flow\n" ENDED
                               "    sum: days\n" NAMED(
                                   "standing") "    unit: count\n    kind: stock\n"
                                               "    count: {event: dossier.moved, if: "
                                               "'first_receipt'}\n"
                                               "    minus: {event: dossier.moved, if: "
                                               "'ended'}\n" NAMED(
                                                   "fibre") "    unit: percent\n    source: "
                                                            "entered\n    every: quarter\n"
                                                            "    method: {vi: a, en: b}\n";

/* A version of the small pack with these indicators, in force for what comes. */
static inline void indicators_publish(struct desk *k, const char *version, const char *text)
{
    struct str ref;
    struct ctx *cx = as(k, "");
    const char *to = str_fmt(cx->mem, "version: %s", version).p;
    struct pack_files *f = edited(cx, "pack.yaml", "version: 1.2.0", to);
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->v[i].name, STR("indicators.yaml")))
            f->v[i].data = str_from(text);
    if (pack_publish(cx, f, &ref) != RC_OK)
        fail_msg("%s %s %s", rc_name(cx->err.rc), cx->err.field, cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(packs_reload(cx), RC_OK);
    assert_int_equal(measure_reload(cx), RC_OK);
}

static inline const struct indicator *of_small(struct desk *k, const char *id)
{
    struct ctx *cx = as(k, "");
    const struct indicator *ind = indicator_find(cx, str_fmt(cx->mem, "small-permit.%s", id));
    assert_non_null(ind);
    return ind;
}

/* An event as measure sees it; the ledger does not. */
struct made {
    int32_t day;
    struct unit_id unit;
    const char *procedure;
    int channel;
    int64_t days;
    bool late;
};
static const int64_t MADE_FIRST = 16384 * 1000;

static inline enum rc made_apply(struct desk *k, const struct made *m, int64_t seq)
{
    struct ctx *cx = as(k, "");
    struct event ev = {.seq = seq,
                       .time_us = day_start(m->day) + 10 * HOUR_US,
                       .kind = EV_DOSSIER_MOVED,
                       .unit = m->unit,
                       .subject = 1,
                       .facts = json_new_obj(cx->mem)};
    json_put_str(cx->mem, ev.facts, "pack", STR("small-permit"));
    json_put_str(cx->mem, ev.facts, "procedure", str_from(m->procedure));
    json_put_int(cx->mem, ev.facts, "channel", m->channel);
    json_put_int(cx->mem, ev.facts, "status", STATUS_READY);
    json_put_int(cx->mem, ev.facts, "days", m->days);
    json_put_bool(cx->mem, ev.facts, "ended", true);
    json_put_bool(cx->mem, ev.facts, "late", m->late);
    json_put_bool(cx->mem, ev.facts, "first_receipt", true);
    assert_int_equal(db_begin(cx), RC_OK);
    enum rc rc = measure_subscriber.apply(cx, &ev);
    assert_int_equal(db_commit(cx), RC_OK);
    return rc;
}

/* An event of the ledger that nobody counts, inside a turn: sums never change without one, so the
 * ledger's size names the state of the tables while the log is empty. */
static inline void something_happens(struct ctx *cx)
{
    struct event ev = {.kind = EV_EVIDENCE_READ, .facts = json_new_obj(cx->mem)};
    assert_int_equal(ledger_append(cx, &ev), RC_OK);
}

static inline void fold_now(struct desk *k)
{
    struct ctx *cx = as(k, "");
    assert_int_equal(db_begin(cx), RC_OK);
    something_happens(cx);
    assert_int_equal(cells_fold(cx), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

#endif
