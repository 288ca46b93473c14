/* card.h - scorecards as declared: weighted trees of indicators. See docs/internals/score.md.
 *
 * A pack's scorecard.yaml, read and checked; what it says of a unit is score/score.h. Points,
 * thresholds and values are hundredths: 4 points are 400, 80 % is 8000, 1.5 days are 150.
 *
 * This module knows no indicator's value, no unit and no pack: it reads a declaration and proves
 * that its weights add up. Everything it gives lives in cx->mem of the reading and is never
 * changed afterwards, so that any number of threads may look at it.
 *
 * LAW: QD766/2022 (five groups of 18, 20, 22, 22 and 18 points); TT01/2018 13 to 15 (nine indices
 * of 0, 1 or 2 points); QD922/QD-BTTTT (98 sub-indices, 1000 points): each is one such file, so a
 * new decision is a new version of a pack and no new program. */
#ifndef CARD_CARD_H
#define CARD_CARD_H

#include "text/decl.h"

/* Ceilings of one file: nodes of the tree, how deep it goes, indicators above (or below) the line
 * of one leaf, steps of a table, grades; the points of a whole are at most 10 000.00. */
enum {
    CARD_NODES_MAX = 200,
    CARD_DEPTH_MAX = 5,
    CARD_PARTS_MAX = 8,
    CARD_STEPS_MAX = 12,
    CARD_GRADES_MAX = 10,
    CARD_POINTS_MAX = 1000000 /* hundredths */
};

/* How a node comes to its points. */
enum card_rule {
    CARD_CAPPED,  /* all at the threshold; below it points x value / threshold */
    CARD_RATIO,   /* capped at 100 % */
    CARD_INVERSE, /* all at the threshold or less; above it points x threshold / value */
    CARD_STEPS,   /* those of the highest step that the value reaches; none below the first */
    CARD_SUM,     /* what its parts have together */
    CARD_MEAN,    /* its points x the mean of the parts' shares of theirs */
    CARD_LEAST,   /* what the part with the least points has */
    CARD_RULE_COUNT
};
/* What a value counts of which nothing can be said: nothing happened that it is a share of. */
enum card_nothing { NOTHING_ZERO, NOTHING_SKIP, NOTHING_FULL };
/* What a value is when the node adds indicators up itself. */
enum card_unit { CARD_COUNT, CARD_PERCENT, CARD_DAYS, CARD_SCORE, CARD_VND };

struct card_part { /* "-of decided": less the denominator; "all of …": of the whole node */
    struct str indicator;
    int sign;
    bool is_den;
    bool is_all; /* whichever unit is asked about: procedures are published for all */
};
/* A sum: what is taken off (sign -1) may overlap, so less than nothing is nothing. */
struct card_parts {
    struct card_part v[CARD_PARTS_MAX];
    size_t n;
};
/* `points` for a value of `from` and more; both hundredths. */
struct card_step {
    int64_t from, points;
};
/* The grade of `from` points (hundredths) and more. name: {vi, en}. */
struct card_grade {
    int64_t from; /* points */
    const struct json *name;
};
/* A node is a branch (nchildren) or a leaf. A leaf's value comes from one indicator, or from sums
 * of indicators over sums of others, or is declared by the body; it may be declared beside being
 * counted. A branch has neither indicator nor parts. */
struct card_node {
    struct str id;                   /* "3.1" */
    const struct json *name, *about; /* {vi, en}; about may be NULL */
    int64_t points;                  /* 0: shown, not scored */
    enum card_rule rule;
    enum card_nothing nothing;
    struct str indicator;       /* empty: num and den, or children, or entered only */
    struct card_parts num, den; /* den.n 0: a plain sum */
    enum card_unit unit;        /* of num and den */
    struct str entered;         /* indicator whose figures a body declares; empty: none */
    int64_t threshold;
    struct card_step steps[CARD_STEPS_MAX]; /* ascending */
    size_t nsteps;
    int decimals; /* of value and points: 0, 1 or 2 */
    /* {vi, en}: why no event gives it yet; beside an indicator: as long as it counted nothing */
    const struct json *unconnected;
    const struct card_node *parent; /* NULL: at the top */
    size_t depth, nchildren;        /* depth 0 at the top */
};
/* A whole card. nodes[0 .. n) are in reading order; walking them once from the end gives every
 * branch its parts' points before its own. */
struct scorecard {
    struct str id;
    struct str ref;                  /* of the pack version: "some-index@1.0.0" */
    const struct json *name, *about; /* {vi, en} */
    const struct json *law;          /* [{act, clause, about}] */
    int64_t points;                  /* 0: no total is made */
    enum card_nothing nothing;       /* of nodes that do not say */
    unsigned kinds;                  /* bit per enum unit_kind that it is for; 0: all */
    struct card_grade grades[CARD_GRADES_MAX]; /* highest first */
    size_t ngrades;
    struct card_node *nodes; /* a parent stands before its parts, in the file's order */
    size_t n;
};

/* PACK with a rule of pack/rules.def as field and "line N: what". kinds: how a kind of unit is
 * read. With notes everything that is wrong is kept there. Lives in cx->mem. */
typedef bool card_kind_fn(struct str word, unsigned *bit);
MUST_USE enum rc card_read(struct ctx *cx, const struct json *yaml, card_kind_fn *kinds,
                           struct decl_notes *notes, struct scorecard **ret);
/* NULL when absent. */
/* By its number as written, "3.1": numbers are texts, "3.10" is not "3.1". */
const struct card_node *card_node_find(const struct scorecard *card, struct str id);
/* The highest grade that so many points reach; NULL: there are none, or below the lowest. */
const struct card_grade *card_grade_of(const struct scorecard *card, int64_t points);
/* Names as in the file, for messages, JSON and templates; never NULL. */
const char *card_rule_name(enum card_rule r); /* "capped" */
/* "12", "0.5", "-3.25" in hundredths; false on anything else, or with more digits. */
bool hundredths_parse(struct str s, int64_t *ret);

#endif
