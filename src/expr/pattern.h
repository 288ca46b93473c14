/* pattern.h - POSIX extended patterns over code points, in linear time.
 * See docs/internals/expr.md.
 *
 * Literals, `.`, `[a-zÀ-ỹ[:alpha:]]`, `[^…]`, `(…)`, `|`, `*`, `+`, `?`, `{m,n}`, `^`, `$`, and a
 * backslash before a sign. No back-references: a pattern is a finite automaton, so no text of
 * any kind makes it slow. Classes know Unicode letters. Immutable; any thread may use one. */
#ifndef EXPR_PATTERN_H
#define EXPR_PATTERN_H

#include "base/ctx.h"

enum { PATTERN_SRC_MAX = 500, PATTERN_STATES_MAX = 1000, PATTERN_REPEAT_MAX = 255 };

struct pattern;

/* EXPR with "pattern: …" in detail when it is wrong. */
MUST_USE enum rc pattern_compile(struct ctx *cx, struct str src, struct pattern **ret);
/* Does some part of text fit? (Anchor with ^ and $.) text is valid UTF-8. */
bool pattern_fits(const struct pattern *p, struct str text);

#endif
