/* goals_priv.h - what the files of goals/ share. See docs/internals/target.md.

 *
 * Pages only: what is shown comes from target/, rights are asked there. Handlers get what their
 * params declare, already checked for type and length; a form that the kernel refuses comes back
 * as 422 with what was typed and the words of each wrong field. No page needs scripts. */
#ifndef GOALS_GOALS_PRIV_H
#define GOALS_GOALS_PRIV_H

#include "goals/goals.h"
#include "target/period.h"
#include "target/target.h"

/* -- list.c -- */
/* {title, at_figures, back}; key: a message; back: STR_NULL for none. */
struct json *goals_view(struct ctx *cx, const char *key, struct str back);
/* What every page says of a target: id, name, body, promise, state … */
void target_put_words(struct ctx *cx, const struct target *t, const struct progress_line *p,
                      struct json *o);
/* state, state_text, tone (a colour of govuk-tag, or empty). */
void state_put(struct ctx *cx, enum target_state state, struct json *o);
route_fn get_targets, get_targets_csv, get_owed;

/* -- show.c -- */
route_fn get_target, get_evidence;

/* -- enter.c -- */
route_fn get_enter, post_enter, get_verify, post_verify;
extern const struct param enter_params[], enter_body_params[], verify_params[],
    verify_body_params[];

/* -- alerts.c -- */
route_fn get_alerts;

/* -- officers.c -- */
route_fn get_officers, get_officers_csv;
const struct unit *unit_led(struct ctx *cx); /* the first that the asker leads; NULL: none */
extern const struct param officers_params[];

#endif
