/* sheet.h - a letter ready to be drawn: parts with their text filled in. See
 * docs/internals/letter.md.
 *
 * Made in an arena before the press is taken; drawing allocates nothing in it, so that running
 * out of memory (an arena escapes) never happens while the press is held. Lengths are in Pango
 * units: 1024 to the point.
 *
 * LAW: TT01/2018 9.2 - forms 01-05 on A5, 06 on A4; ND30/2020 annex I - head, fonts, sizes. A
 * sheet is plain data: values are text and can never become markup. All of it lives until the
 * arena ends that it was made in; the press only reads it. */
#ifndef LETTER_SHEET_H
#define LETTER_SHEET_H

#include "base/ctx.h"

enum paper { PAPER_A5, PAPER_A4, PAPER_A4_WIDE };
/* JUSTIFY leaves the last line of a paragraph at the left. */
enum align { ALIGN_JUSTIFY, ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };
enum { COLUMNS_MAX = 16, PARTS_MAX = 400, PAGES_MAX = 400 };

struct span {
    unsigned from, to; /* bytes of the text */
};
struct rich { /* text with some of it bold */
    struct str text;
    const struct span *bold;
    size_t nbold;
};
/* How a part's text looks. `upper` writes capitals of whatever stands there, as Vietnamese
 * has them: names come from units and packs as they are written there. */
struct look {
    int size; /* points */
    enum align align;
    int indent, before; /* points */
    bool bold, italic, upper;
};

enum part_kind {
    PART_HEAD,  /* cells: HEAD_… below */
    PART_TEXT,  /* one cell; its lines may stand on several pages */
    PART_TABLE, /* ncols columns; the first ncols cells are the head, repeated on each page */
    PART_SIGNS, /* three cells each: title, hint, name; side by side, never split */
    PART_QR     /* qr, and one cell beside it; never split */
};
enum { HEAD_SUPERIOR, HEAD_UNIT, HEAD_NUMBER, HEAD_NATION, HEAD_MOTTO, HEAD_DAY, HEAD_CELLS };
enum { SIGN_TITLE, SIGN_HINT, SIGN_NAME, SIGN_CELLS };

/* Widths are shares: a column gets weight / sum of all weights of what is between the
 * margins. */
struct column {
    int weight; /* of the width */
    enum align align;
};
/* One thing after the other, from above. Which cells a kind has stands at enum part_kind; a
 * text that is empty takes no room. */
struct part {
    enum part_kind kind;
    struct look look;
    const struct rich *cells;
    size_t ncells;
    const struct column *cols;
    size_t ncols;
    const unsigned char *qr; /* qr_side × qr_side, 1 is dark */
    int qr_side;
};
/* Texts of the file are NUL-terminated, since cairo takes them so. `created` is the moment of
 * the event that the letter tells of, never that of printing: the same letter is the same
 * bytes. */
struct sheet {
    enum paper paper;
    const char *title, *author, *lang, *created; /* of the file; created: RFC 3339 */
    struct str foot;                             /* on each page; before its number */
    const char *page_word;                       /* "Trang" */
    const struct part *parts;
    size_t nparts;
};

struct letters;
/* The PDF. TOO_LARGE over LETTER_BYTES_MAX or PAGES_MAX; IO when the fonts cannot be had. */
MUST_USE enum rc press_print(struct ctx *cx, const struct sheet *s, struct str *ret);
/* A QR code of the text: side and modules. TOO_LARGE for what no code holds. */
MUST_USE enum rc qr_make(struct ctx *cx, struct str text, struct part *ret);
#endif
