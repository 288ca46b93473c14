/* picture.h - charts as coordinates: what templates/picture/ writes as SVG.
 * See docs/internals/picture.md.
 *
 * A picture never says more than the table beside it. Values are hundredths, as figures are;
 * places are whole units of the picture's own viewBox. A caller puts what it gets under any key
 * of its view and includes {{>picture/columns}}, bars, lines or tiles in a section of that key.
 * Nothing here fails: what does not fit is left out, and the result says so (is_cut, shown). */
#ifndef PICTURE_PICTURE_H
#define PICTURE_PICTURE_H

#include "text/json.h"

/* No value: nothing over nothing, a month not yet come. Never drawn as zero. */
#define PICTURE_NONE INT64_MIN

/* One column, bar or tile. */
struct mark {
    struct str name, text; /* text: the value as people read it */
    struct str href;       /* empty: leads nowhere (bars and tiles) */
    int64_t value;         /* hundredths or PICTURE_NONE */
    bool is_missed;        /* behind its target */
    bool is_small;         /* rests on too little to be compared */
};
struct plot {
    const struct mark
        *v; /* columns: in order of time; bars: in any order, drawn largest first */
    size_t n;
    int64_t full;   /* what the whole height stands for; 0: a round number above the largest */
    int64_t target; /* a dashed line there; PICTURE_NONE: none */
    const char *unit; /* behind the numbers of the axis: "%" or "" */
};
/* At most PICTURE_COLUMNS_MAX latest columns; is_cut when there are more. */
enum { PICTURE_COLUMNS_MAX = 92, PICTURE_BARS_MAX = 30 };
struct json *picture_columns(struct ctx *cx, const struct plot *p);
struct json *picture_bars(struct ctx *cx, const struct plot *p);

/* -- lines over time -- */
struct series {
    struct str name;
    const int64_t *v; /* one a step, hundredths or PICTURE_NONE: the line has a gap there */
    bool is_dashed;   /* a forecast, or another year beside this one */
};
struct lines {
    const struct str *steps; /* names of the steps along the axis */
    size_t nsteps;           /* at most PICTURE_STEPS_MAX; later ones are left out */
    const struct series *v;
    size_t n; /* at most PICTURE_SERIES_MAX */
    int64_t full, target;
    const char *unit;
};
enum { PICTURE_STEPS_MAX = 120, PICTURE_SERIES_MAX = 4 };
struct json *picture_lines(struct ctx *cx, const struct lines *l);

/* -- tiles: a map in which every place is as large as every other -- */
struct tile {
    int x, y;      /* column and row from 0, at most PICTURE_GRID_MAX */
    bool is_apart; /* islands: drawn round, coloured as their province */
    struct mark mark;
};
enum { PICTURE_GRID_MAX = 40, PICTURE_CLASSES = 5 };
/* Values from `low` to `high` fall in PICTURE_CLASSES equal classes; with high <= low they are
 * the least and largest value given. The view has the classes' bounds for a legend. */
struct tiles {
    const struct tile *v;
    size_t n;
    int64_t low, high;
    const char *unit;
};
struct json *picture_tiles(struct ctx *cx, const struct tiles *t);

/* -- the table beside a picture, which is also its CSV -- */
/* {columns: [{key, label, is_number}], rows: [{cells: […]}], has_rows} for picture/table. */
struct json *table_new(struct ctx *cx);
/* key: the CSV's column name, English, never translated. */
void table_column(struct ctx *cx, struct json *t, const char *key, struct str label,
                  bool is_number);
struct json *table_row(struct ctx *cx, struct json *t);
/* When all rows are there: on a phone each is a card, its cells beside their columns' names. For
 * tables whose columns would not fit one. */
void table_stack(struct ctx *cx, struct json *t);
/* Cells in the order of the columns; the first of a row heads it. The cell may be given more:
 * is_small, is_missed, note, share (per mille: a bar behind the number). */
struct json *table_text(struct ctx *cx, struct json *row, struct str text, struct str href);
/* text: as people read it; raw: as the CSV has it ("12.50", empty when there is none). */
struct json *table_number(struct ctx *cx, struct json *row, struct str text, struct str raw);
/* 1250 -> "12.50"; PICTURE_NONE -> "". */
struct str table_raw(struct ctx *cx, int64_t hundredths);
/* RFC 4180 with the keys as its first row; TOO_LARGE beyond TABLE_BYTES_MAX. */
enum { TABLE_BYTES_MAX = 1 << 20 };
MUST_USE enum rc table_csv(struct ctx *cx, const struct json *t, struct str *ret);

/* "12,5 %" of hundredths as an axis or a legend says it: no more digits than it needs. */
struct str hundredths_text(struct ctx *cx, int64_t v, const char *unit);

/* -- for tables: the length of a bar in a cell, per mille of `full`, 0 to 1000 -- */
int picture_share(int64_t value, int64_t full);

/* -- scales: the axis' numbers, round ones (1, 2, 5 × a power of ten) -- */
struct scale {
    int64_t high, step; /* high is a multiple of step; both whole, in hundredths */
};
/* The least such scale that holds most (at least 1.00) with at most `ticks` steps. */
struct scale scale_make(int64_t most, int ticks);

/* -- ranks -- */
/* Places 1, 2, 2, 4: equal values share one. ret[i] of v[i]; 0 for PICTURE_NONE. is_down: the
 * least value comes first. */
void rank_make(struct arena *mem, const int64_t *v, size_t n, bool is_down, int *ret);

#endif
