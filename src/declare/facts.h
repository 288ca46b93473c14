/* facts.h - the names and types of the facts that events carry (facts.def).
 * See docs/internals/declare.md.
 *
 * Facts are what events say in the clear: numbers, words of fixed lists, flags; never a name,
 * an answer or a text that somebody typed. Indicators, datasets and their checks read them by
 * these names only, so that a misspelt one is refused before publish. */
#ifndef DECLARE_FACTS_H
#define DECLARE_FACTS_H

#include "expr/expr.h"
#include "ledger/ledger.h"

/* Events under one of count, minus, of, of_minus of an indicator. */
enum { INDICATOR_SOURCES_MAX = 4 };
/* The scope of an event's facts, in cx->mem; NULL for events that carry none for counting. */
const struct expr_scope *fact_scope(struct ctx *cx, enum event_kind kind);
/* True when the event carries a fact of that name that can be summed (a whole number). */
bool fact_is_number(enum event_kind kind, struct str name);
/* True when the event carries a fact of that name, of any type. */
bool fact_is_known(enum event_kind kind, struct str name);

#endif
