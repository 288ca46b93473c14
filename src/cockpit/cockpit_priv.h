/* cockpit_priv.h - what the files of cockpit/ share. See docs/internals/cockpit.md. */
#ifndef COCKPIT_COCKPIT_PRIV_H
#define COCKPIT_COCKPIT_PRIV_H

#include "cockpit/asked.h"
#include "cockpit/cockpit.h"
#include "measure/measure.h"
#include "picture/picture.h"

/* -- figure.c -- */
/* "definition, formula, period, ledger position": {about, id, formula: [{label, text}],
 * seq_text, period_text, dossiers_href, …} and the tabs of one figure's pages. */
void about_put(struct ctx *cx, const struct indicator *ind, const struct asked *a,
               struct json *view);
enum tab { TAB_FIGURE, TAB_LEAGUE, TAB_TREND, TAB_SPREAD, TAB_MAP, TAB_COUNT };
void tabs_put(struct ctx *cx, const struct indicator *ind, const struct asked *a, enum tab now,
              struct json *view);
MUST_USE enum rc question_read(struct ctx *cx, struct req *rq, struct asked *a,
                               const struct indicator **ind); /* the figure, and what of it */
/* "/figures/{id}" + below */
const char *page_of(struct ctx *cx, const struct indicator *ind, const char *below);
/* A page of one figure: question, title, card, tabs, what it is; `page` is given ind's path. */
MUST_USE enum rc page_begin(struct ctx *cx, struct req *rq, enum tab tab, struct asked *a,
                            const struct indicator **ind, struct json *view);
/* The table of a page as its CSV, named after the address. */
MUST_USE enum rc csv_reply(struct ctx *cx, struct req *rq, const char *name,
                           const struct json *table);
/* A cell with the figure's value, its bar and its marks. */
struct json *cell_figure(struct ctx *cx, const struct indicator *ind, const struct figure *f,
                         struct json *row);
/* "+1,25": hundredths with their sign; "—" for none. */
struct str change_text(struct ctx *cx, int64_t hundredths);
/* Of each: {id, label, about, value, target_text, is_missed, is_small, seq_text, href, …} */
MUST_USE enum rc cards_put(struct ctx *cx, const struct indicator *const *v, size_t n,
                           const struct asked *a, struct json *list);
bool figure_is_small(struct ctx *cx, const struct indicator *ind, const struct figure *f);
bool figure_is_missed(const struct indicator *ind, const struct figure *f);
/* Rows of a table: {label, value, num, den, href, is_small, is_missed}. page: where a unit's
 * row leads. */
struct json *rows_view(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                       const struct figure_rows *rows, const char *page);

/* -- picture.c: figures as picture/picture.h wants them -- */
struct mark mark_of(struct ctx *cx, const struct indicator *ind, struct str name,
                    const struct figure *f);
int64_t scale_full(const struct indicator *ind); /* 100 % for shares, else 0: as is fit */
int64_t target_of(const struct indicator *ind);  /* hundredths or PICTURE_NONE */
const char *axis_unit(const struct indicator *ind);
struct json *figures_columns(struct ctx *cx, const struct indicator *ind,
                             const struct figure_rows *rows);
struct json *figures_bars(struct ctx *cx, const struct indicator *ind,
                          const struct figure_rows *rows);
/* "2026-11" -> "11/2026", "2026-11-21" -> "21/11". */
struct str when_text(struct ctx *cx, struct str key);

/* -- league.c: units of one kind side by side -- */
struct standing {
    const struct unit *unit;
    struct figure now, before; /* with everything below it; before: the days just before */
    int rank;                  /* 0: not ranked */
    bool is_small;
};
struct standings {
    struct standing
        *v; /* ranked ones first, then those too small, then those without a value */
    size_t n;
    enum unit_kind kind;
    bool is_ranked;  /* a share or a mean with a better side; plain counts compare sizes */
    bool has_before; /* few enough units to read the days before, too */
};
enum { STANDINGS_MAX = 4000 };
/* Of the kind asked for, else the highest below the unit; UNIT_KIND_COUNT: there is none. */
enum unit_kind level_of(struct ctx *cx, const struct asked *a);
/* Those of level_of() below that stand on the period's last day, by code; STANDINGS_MAX at most. */
const struct unit **units_below(struct ctx *cx, const struct asked *a, size_t *ret);
MUST_USE enum rc standings_get(struct ctx *cx, const struct indicator *ind,
                               const struct asked *a, struct standings *ret);
/* {levels: [{label, href, is_now}]}: the kinds of units below, each with its address. */
void levels_put(struct ctx *cx, const struct asked *a, const char *page, struct json *view);
extern const struct param league_params[];
MUST_USE enum rc get_league(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_league_csv(struct ctx *cx, struct req *rq);

/* -- trend.c, spread.c, map.c, wall.c -- */
extern const struct param wall_params[];
MUST_USE enum rc get_trend(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_trend_csv(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_spread(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_spread_csv(struct ctx *cx, struct req *rq);
/* The pictures and tables of a map: provinces at the top, and the units below. */
MUST_USE enum rc map_view(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                          struct json *view);
MUST_USE enum rc get_map(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_map_csv(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_wall(struct ctx *cx, struct req *rq);
/* n months up to the one the period ends in, the first one first; a stock's are what stood at
 * the end of each. den and num 0: nothing was counted. */
enum { MONTHS_MAX = 36 };
MUST_USE enum rc months_get(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                            size_t n, struct figure *ret, struct str *names);
/* The figures that a first look shows; at most HEADLINES_MAX. */
enum { HEADLINES_MAX = 9 };
size_t headlines_of(struct ctx *cx, const struct indicator *ret[HEADLINES_MAX]);

/* -- scorecards.c -- */
extern const struct param scorecards_params[], scorecard_params[];
MUST_USE enum rc get_scorecards(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_scorecard(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_scorecard_csv(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_scorecard_units(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_scorecard_units_csv(struct ctx *cx, struct req *rq);

/* -- indicator.c -- */
extern const struct param indicator_params[], csv_params[], dossiers_params[];
MUST_USE enum rc get_indicator(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_csv(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_dossiers(struct ctx *cx, struct req *rq);

/* -- whatif.c -- */
extern const struct param whatif_params[];
MUST_USE enum rc get_whatif(struct ctx *cx, struct req *rq);

#endif
