/* picture_priv.h - what the files of picture/ share. See docs/internals/picture.md. */
#ifndef PICTURE_PICTURE_PRIV_H
#define PICTURE_PICTURE_PRIV_H

#include "picture/picture.h"

/* Of all charts with an axis, in units of the viewBox. */
enum { PLOT_W = 1100, PLOT_H = 220, PLOT_TOP = 10, PLOT_LEFT = 64, PLOT_LABELS_MAX = 13 };

/* A picture is a view for templates/picture: numbers in viewBox units, y downwards, texts as
 * people read them; in cx->mem. Whole numbers throughout, so the same figures draw the same
 * bytes. */
struct json *picture_new(struct ctx *cx, int64_t width, int64_t height);
/* Where a value stands (hundredths, of `full` at the top); at the bottom when it is below zero
 * or none. */
int64_t plot_y(int64_t value, int64_t full);
/* Lines and numbers of the axis under "ticks"; the target's line, when it is within. */
void axis_put(struct ctx *cx, const struct scale *s, const char *unit, struct json *p);
void target_put(struct ctx *cx, int64_t target, int64_t full, struct json *p);

#endif
