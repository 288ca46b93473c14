/* measure.h - indicators: cells that change in the commit that changed the world.
 * See docs/internals/measure.md.
 *
 * An indicator is declared in a pack (indicators.yaml) over facts that events carry. Its cells
 * are kept per unit × procedure × channel × day and summed over the unit tree when read.
 *
 * Units: counts are whole; a value out of num and den is in hundredths (87.25 % is 8725, 2.4 days
 * are 240, 15 000 đồng are 1 500 000); days are civil days of Viet Nam, `to` exclusive.
 * Errors: NOT_FOUND for a unit that the node does not know (field unit), TOO_LARGE over 4000 rows
 * or 200 000 different things told apart; everything else is the store's.
 * Threads: all functions but measure_reload may be called by any thread with a reader. Pointers to
 * indicators stay valid for the process: a reload makes a new generation beside the old one. */
#ifndef MEASURE_MEASURE_H
#define MEASURE_MEASURE_H

#include "ledger/ledger.h"
#include "pack/pack.h"

/* IND_COUNT: things. IND_PERCENT: num of den. IND_DAYS: working days a dossier. IND_SCORE: a mean
 * of marks. IND_VND: đồng, a sum, or with `of` a mean. */
enum indicator_unit { IND_COUNT, IND_PERCENT, IND_DAYS, IND_SCORE, IND_VND };
enum indicator_distinct { DISTINCT_NONE, DISTINCT_PROCEDURE, DISTINCT_UNIT };
enum indicator_every { EVERY_NONE, EVERY_MONTH, EVERY_QUARTER, EVERY_YEAR };
struct indicator {
    struct str id, pack;
    const struct json *name, *about; /* {vi, en} */
    enum indicator_unit unit;
    bool is_stock;
    bool is_distribution; /* figure_percentile answers; num/den is the mean */
    bool has_of;          /* a denominator is declared; without one IND_VND is a sum */
    /* num and den: how many different procedures (units) have a sum above zero */
    enum indicator_distinct distinct;
    int better;                /* +1 up, -1 down, 0 none */
    int64_t target, threshold; /* DB_NULL: none. Full points are given from the threshold on */
    /* Not from events: entered by the responsible unit (module target). No cells. */
    bool is_entered;
    enum indicator_every every; /* how often it is owed */
    const struct json *method;  /* {vi, en}: how the figure is found; NULL: not said */
};
struct measure;
MUST_USE enum rc measure_open(struct ctx *cx, struct measure **ret);
MUST_USE enum rc measure_reload(struct ctx *cx); /* after packs changed */
const struct indicator *const *indicator_all(struct ctx *cx, size_t *n);
const struct indicator *indicator_find(struct ctx *cx, struct str id); /* NULL when absent */

struct period {
    int32_t from, to;
};                       /* civil days, to exclusive */
struct slice {           /* what is asked for; zero values mean "all" */
    struct unit_id unit; /* with everything below it */
    struct str procedure;
    int channel;
    struct period period;
};
struct figure {
    int64_t num, den; /* count: num; the others: num/den (a sum of đồng without `of`: num) */
    int64_t seq;      /* ledger size it was computed at */
    int64_t adjusted; /* events that changed the period after it had ended; say so beside it */
};
MUST_USE enum rc figure_get(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                            struct figure *ret);
/* Many figures of one state of the database, each as figure_get would give it, in a small part of
 * the time: what was counted since the last fold is looked through once an indicator, and equal
 * questions are answered once. No limit of its own; pages ask for some thousands. */
struct figure_ask {
    const struct indicator *ind;
    struct slice slice;
    struct figure f; /* the answer */
};
MUST_USE enum rc figures_get(struct ctx *cx, struct figure_ask *v, size_t n);
/* The same for each child unit of s->unit, or each procedure, or each day of the period; or for
 * each unit below on its own, without what lies beneath it. */
enum figure_by { BY_UNIT, BY_PROCEDURE, BY_DAY, BY_MONTH, BY_EACH };
struct figure_row {
    struct str key; /* unit code, procedure code, ISO day, YYYY-MM */
    struct str label;
    struct figure f;
};
struct figure_rows {
    struct figure_row *v;
    size_t n;
};
MUST_USE enum rc figure_rows(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                             enum figure_by by, struct figure_rows *ret);
/* Nearest rank over a distribution, in hundredths of the fact's own unit: half (50) or nine in
 * ten (90) were at most that. Within 2 % above 64, exact below. DB_NULL: nothing was counted.
 * STATE: not a distribution. percent: 1-100. */
MUST_USE enum rc figure_percentile(struct ctx *cx, const struct indicator *ind,
                                   const struct slice *s, int percent, int64_t *hundredths);
/* How many values lie where, lowest first: values from … to, both of them; only those with some. */
struct spread_bar {
    int64_t from, to, count;
};
struct spread {
    struct spread_bar *v;
    size_t n;
    int64_t all;
};
MUST_USE enum rc figure_spread(struct ctx *cx, const struct indicator *ind,
                               const struct slice *s, struct spread *ret);
/* LAW: QD766/2022, general note: two decimals, and no value where the denominator is zero. */
/* "1.234", "87,25 %", "2,40 ngày làm việc", "15.000 đ", "—" when the denominator is zero. */
struct str figure_text(struct ctx *cx, const struct indicator *ind, const struct figure *f);
/* Hundredths of the value (of đồng, too), DB_NULL when there is none: for bars and sorting. */
int64_t figure_value(const struct indicator *ind, const struct figure *f);
/* The years in which something was recorded, the latest first: at most `most` of them. */
MUST_USE enum rc figure_years(struct ctx *cx, int *ret, size_t most, size_t *n);
/* -- waiting times: how long finished dossiers of a service took, in working days, without those
 * in which the applicant had the turn. Those refused at reception or withdrawn do not count.
 * This year's and last year's together. -- */
enum { WAIT_DAYS_MAX = 250 };
struct wait {
    int64_t n;          /* dossiers; 0: nothing can be said */
    int32_t half, most; /* days in which one of two, nine of ten were done */
    bool is_small;      /* fewer than settings.small_number: little to go by */
};
/* pack: id. unit: exactly that one; 0 for all. */
MUST_USE enum rc wait_get(struct ctx *cx, struct str pack, struct unit_id unit,
                          struct wait *ret);
/* "Half were done in 2 working days, 9 of 10 in 4"; empty when n is 0. */
struct str wait_text(struct ctx *cx, const struct wait *w);

/* -- a month's cells, as nodes tell them to the node above -- */
struct month_cell {
    struct str indicator, procedure;
    struct unit_id unit;               /* its own, without what lies below */
    int64_t channel, bucket, num, den; /* bucket: 0 but in a distribution */
};
typedef enum rc month_cell_fn(struct ctx *cx, const struct month_cell *c, void *arg);
/* month: year * 12 + month - 1. In order of indicator, unit, procedure, channel, bucket; none that
 * is nothing over nothing. The texts live until each() returns. */
MUST_USE enum rc month_cells(struct ctx *cx, int64_t month, month_cell_fn *each, void *arg);
/* Adds to the folded sums of a month and of all units above; negative amounts take off. Only for
 * subscribers of the ledger. Such a month has no days. */
MUST_USE enum rc month_cell_add(struct ctx *cx, int64_t month, const struct month_cell *c);

/* How often cells changed in this process so far: to tell watchers only when they did. */
uint64_t measure_changes(const struct app *app);

extern const struct ledger_subscriber measure_subscriber;

#include "measure/behind.h" /* the dossiers behind a figure: last, it speaks of slices */

#endif
