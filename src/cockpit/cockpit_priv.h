/* cockpit_priv.h - what the files of cockpit/ share. See docs/internals/cockpit.md. */
#ifndef COCKPIT_COCKPIT_PRIV_H
#define COCKPIT_COCKPIT_PRIV_H

#include "cockpit/cockpit.h"
#include "measure/measure.h"
#include "picture/picture.h"

/* What an address asks for: which unit, which days, which procedure. */
struct asked {
    const struct unit *unit; /* NULL: a node without units */
    struct str period;       /* month last year custom */
    struct str procedure;
    struct slice slice;
};

/* -- asked.c -- */
#define PARAMS_ASKED                                                                           \
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "with everything below it"},           \
        {"period", IN_QUERY, P_CODE, false, 1, 10, "month last year custom"},                  \
        {"from", IN_QUERY, P_TEXT, false, 0, 10, "first day, with period=custom"},             \
        {"to", IN_QUERY, P_TEXT, false, 0, 10, "last day, included"},                          \
    {                                                                                          \
        "procedure", IN_QUERY, P_CODE, false, 1, 40, "only this procedure code"                \
    }
MUST_USE enum rc asked_read(struct ctx *cx, struct req *rq, struct asked *ret);
/* The address of a page with the same question about `unit` (NULL: the one asked about). */
struct str asked_path(struct ctx *cx, const struct asked *a, const char *page,
                      const struct unit *unit);
/* What every page shows about the question: crumbs, periods, procedures, form fields. */
void asked_put(struct ctx *cx, const struct asked *a, const char *page, struct json *view);

/* -- figure.c -- */
/* {id, label, about, value, target_text, is_missed, is_small, seq_text, has_target, href} */
MUST_USE enum rc card_put(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                          struct json *list);
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

/* -- indicator.c -- */
extern const struct param indicator_params[], csv_params[], dossiers_params[];
MUST_USE enum rc get_indicator(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_csv(struct ctx *cx, struct req *rq);
MUST_USE enum rc get_dossiers(struct ctx *cx, struct req *rq);

/* -- whatif.c -- */
extern const struct param whatif_params[];
MUST_USE enum rc get_whatif(struct ctx *cx, struct req *rq);

#endif
