/* officers.h - TT 01/2018: how officers handled dossiers, for the leaders of their unit alone.
 * See docs/internals/score.md.

 *
 * Nothing of this is stored or published: it is worked out of the rows of decided dossiers when a
 * leader asks. Working days are those of the unit's calendar; what a dossier waited for its
 * applicant is not the officer's time. Marks are hundredths, rounded to one decimal (15.2). */
#ifndef SCORE_OFFICERS_H
#define SCORE_OFFICERS_H

#include "score/score.h"

/* LAW: TT01/2018 15.1.a: officers are judged by indices 1, 2, 3, 4 and 7. Index 2 is of units that
 * are asked and is left out here (15.4), so 8 points can be had; the grade is that of points x 10 /
 * 8. A dossier counts for every officer who moved it, in the unit whose dossier it is. */
enum officer_index {
    OFFICER_TIME,
    OFFICER_CONTACTS,
    OFFICER_OFFICES,
    OFFICER_MANNER,
    OFFICER_INDICES
};
/* LAW: TT01/2018 15.3: 5 points and more: tasks done in full; 3.5 to below 5: 70 to below 100 %;
 * below 3.5: below 70 %. */
enum { OFFICER_FULL = 500, OFFICER_PART = 350, OFFICER_WHOLE = 1000 }; /* hundredths */
struct officer_grade {
    int64_t account;
    struct str name;
    int64_t dossiers;
    int64_t points[OFFICER_INDICES]; /* hundredths, one decimal: 0-200 each */
    int64_t total, graded;           /* hundredths: of 8, of 10 */
};
enum { OFFICERS_MAX = 500 };
/* Officers without a decided dossier in the period are left out: nothing can be said of them. */
struct officer_grades {
    struct officer_grade *v; /* by name */
    size_t n;
};
/* Dossiers that were decided in the period. FORBIDDEN unless cx->who is a leader of that very unit;
 * NULL is the system. */
MUST_USE enum rc officer_grades_get(struct ctx *cx, const struct unit *u, struct period period,
                                    struct officer_grades *ret);
/* "full", "part", "less" for hundredths of 10: words stand under "score.officer.full" and so on. */
const char *officer_grade_name(int64_t graded);
/* {unit, unit_code, from, to (last day), law, officers: [{name, dossiers, time, contacts, offices,
 * manner, total, graded (texts), grade, grade_text}]}; grade: full part less. */
MUST_USE enum rc officer_grades_json(struct ctx *cx, const struct unit *u, struct period period,
                                     struct json **ret);

#endif
