/* press_priv.h - between the press (fonts, the file) and the pen (parts onto pages). See
 * docs/internals/letter.md.
 *
 * LOCK: the pen draws while the press is held; it takes no arena and calls nothing that could
 * escape. Lengths are Pango units, 1024 to the point, measured from the upper left corner. */
#ifndef LETTER_PRESS_PRIV_H
#define LETTER_PRESS_PRIV_H

#include "letter/sheet.h"

typedef struct _cairo cairo_t; /* as pango/pangocairo.h has them, which the files include */
typedef struct _PangoContext PangoContext;

/* Where drawing stands. `pages` is what the foot of each page says ("1/2"): told after a
 * first drawing has counted them. */
struct pen {
    cairo_t *cr;
    PangoContext *pango;
    const struct sheet *sheet;
    int width, height, side, top, bottom; /* of the paper; its margins */
    int y;                                /* where the next part begins */
    int page, pages;                      /* pages 0: not known yet */
};
/* Draws all parts; pen->page is then the number of pages. False over PAGES_MAX. */
bool pen_draw(struct pen *pen);

#define FONT_FAMILY "Motcua Serif" /* Liberation Serif without hints: tools/font_lean */
#endif
