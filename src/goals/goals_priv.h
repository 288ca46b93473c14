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

/* -- entries.c -- */
/* entries: what was entered, by period, the latest first, each with what it was before. */
MUST_USE enum rc entries_put(struct ctx *cx, const struct target *t, struct json *v);

/* -- amount.c -- */
/* UNPROCESSABLE: the form again. TYPED_MAX: what is longer than a field allows comes back in the
 * form, with the field's own words; only beyond that is it refused before. */
enum { UNPROCESSABLE = 422, TYPED_MAX = 20000 };
struct amount {
    int64_t num, den;
};
/* Adds to `errors`, and wrong_FIELD; _key: the text goals.wrong.WHAT. */
void goals_wrong(struct ctx *cx, struct json *v, const char *field, struct str text);
void goals_wrong_key(struct ctx *cx, struct json *v, const char *field, const char *what);
bool goals_is_ratio(const struct indicator *ind);              /* it has a denominator */
struct str typed_str(const struct req *rq, const char *field); /* trimmed; never NULL */
bool amount_is_typed(const struct req *rq);
/* A value, or what it is made of, not both. False: what is wrong is told in v. */
MUST_USE bool amount_read(struct ctx *cx, const struct req *rq, const struct target *t,
                          struct json *v, struct amount *ret);
void amount_put(struct ctx *cx, const struct target *t, struct json *v); /* goals/amount.html */
void typed_put(struct ctx *cx, const struct req *rq, struct json *v); /* rq NULL: nothing yet */
/* A page with the texts KEY and KEY.text and the way back to the target. */
MUST_USE enum rc goals_tell(struct ctx *cx, struct req *rq, int status, struct str id,
                            const char *key);

/* -- enter.c -- */
const char *goals_field_of(const struct ctx *cx); /* the form's, of what the kernel refused */
MUST_USE enum rc goals_done(struct ctx *cx, struct req *rq, struct str id, const char *key);
route_fn get_enter, post_enter;
extern const struct param enter_params[], enter_body_params[];

/* -- verify.c -- */
route_fn get_verify, post_verify;
extern const struct param verify_params[], verify_body_params[];

/* -- alerts.c -- */
route_fn get_alerts;

/* -- officers.c -- */
route_fn get_officers, get_officers_csv;
const struct unit *unit_led(struct ctx *cx); /* the first that the asker leads; NULL: none */
extern const struct param officers_params[];

#endif
