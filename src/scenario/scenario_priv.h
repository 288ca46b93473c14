/* scenario_priv.h - what the files of scenario/ share. See docs/internals/scenario.md.
 *
 * A scenario is text (a .case file of a pack): parsed into blocks of steps, then played line by
 * line against an office in a scratch folder, through the kernel functions that the pages use.
 * Time is virtual: play.now_us moves only where a line says so. Lines are counted from 1. */
#ifndef SCENARIO_SCENARIO_PRIV_H
#define SCENARIO_SCENARIO_PRIV_H

#include "app/app.h"
#include "casework/casework.h"
#include "scenario/scenario.h"

enum {
    CASE_LINES_MAX = 20000,
    CASE_PARTS_MAX = 24,
    CASE_MEMORY = 64 << 20, /* of one scenario's process state */
    STEP_MEMORY = 16 << 20, /* of one line */
    OFFICE_UNITS = 4,
    OFFICE_DUTIES = 12, /* further departments: one for each duty that the flow names */
};

/* -- parse.c -- */
struct case_field { /* "  child_name = …", "  file lease = pdf" */
    struct str name, value;
    bool is_file;
    int line;
};
struct case_fields {
    struct case_field *v;
    size_t n;
};
struct case_step {                    /* a command with the lines below it */
    struct str parts[CASE_PARTS_MAX]; /* split at two spaces */
    size_t nparts;
    struct str refused, field; /* "-> refused CODE field"; STR_NULL: must succeed */
    struct case_fields fields;
    int line;
};
struct case_block { /* a scenario, or a set of answers */
    struct str name;
    int line;
    struct case_step *steps;
    size_t nsteps;
    struct case_fields fields;
    struct case_block *next;
};
struct case_file {
    struct str name;
    struct case_block *answers, *cases;
};
/* MALFORMED with detail "line N: …". */
MUST_USE enum rc case_parse(struct ctx *cx, struct str name, struct str text,
                            struct case_file *ret);
/* "name = value" to its sides; false without '='. */
bool case_pair(struct str text, struct str *name, struct str *value);
/* base with the changes of more: a value replaces, an empty one removes. */
struct case_fields case_fields_merge(struct ctx *cx, const struct case_fields *base,
                                     const struct case_fields *more);

/* -- office.c -- */
struct office {
    struct app app;
    struct str dir;
    struct unit_id units[OFFICE_UNITS + OFFICE_DUTIES]; /* province department district
                                                            commune; then by duty */
    size_t nunits;
    const struct pack *pack;
};
/* A scratch folder with the office in it and the pack published. ret->app.mem is given and
 * outlives it; cx->mem ends before office_close, which removes the folder. */
MUST_USE enum rc office_open(struct ctx *cx, const struct pack_files *files,
                             const struct ledger_subscriber *const *subs, int64_t now_us,
                             struct office *ret);
void office_close(struct office *o);
/* Who "an" (a citizen) or "reception" in a unit is. NOT_FOUND for others. */
MUST_USE enum rc office_citizen(struct ctx *cx, struct str name, struct who **ret);
MUST_USE enum rc office_officer(struct ctx *cx, const struct unit *u, struct str role,
                                struct who **ret);

/* -- step.c -- */
struct play { /* a running scenario */
    struct office office;
    const struct case_file *file;
    int64_t now_us;
    struct arena *mem; /* of the scenario */
    struct str role;   /* who acts: role and unit of an officer, name of a citizen, or nobody */
    struct str unit;   /* where the officer is asked for; empty: the unit that acts */
    bool is_officer, is_nobody;
    struct unit_id where; /* unit of the last submission */
    struct str code;      /* the dossier that the lines are about: its provisional code */
    int64_t seq;          /* of its last event */
    struct cost cost;     /* of the last command */
    size_t used;          /* arena bytes of it */
    struct str said;      /* why the scenario failed */
};
/* Runs one step; INVALID-free: RC_OK when it went as the line says, else play->said tells. */
MUST_USE enum rc step_run(struct play *p, const struct case_step *s);
enum rc step_fail(struct play *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* -- expect.c -- */
MUST_USE enum rc expect_run(struct ctx *cx, struct play *p, const struct case_step *s);

#endif
