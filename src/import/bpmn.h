/* bpmn.h - a process as BPMN draws it: nodes and flows, before they become states. See
 * docs/internals/import.md. */
#ifndef IMPORT_BPMN_H
#define IMPORT_BPMN_H

#include "import/import_priv.h"

enum bpmn_kind {
    NODE_START,
    NODE_END,
    NODE_TASK,      /* a person does something: user, manual, plain task */
    NODE_AUTOMATIC, /* a machine does something: passed through */
    NODE_CHOICE,    /* exclusive gateway */
    NODE_PARALLEL,
    NODE_WAIT,     /* intermediate timer */
    NODE_BOUNDARY, /* timer on a task */
};
struct bpmn_node {
    enum bpmn_kind kind;
    struct str id, name, lane, attached, time; /* time: "30cd"; empty: unknown */
    int line;
    bool interrupts;
    size_t state; /* 1 + index in the draft; 0: none */
};
struct bpmn_flow {
    struct str from, to, name, condition;
    int line;
};
struct bpmn {
    struct draft *d;
    struct bpmn_node *nodes;
    size_t nnodes;
    struct bpmn_flow *flows;
    size_t nflows;
};

/* bpmn_xml.c: the file (BPMN 2.0's model namespace, any prefix) into b->nodes and b->flows, in
 * the arena of b->d->cx. Refuses document types before anything is parsed, so that no entity is
 * ever expanded; fetches nothing. MALFORMED (file): not well-formed, no process, an id missing
 * or twice. TOO_LARGE: over IMPORT_NODES_MAX elements. What is not understood is noted, not
 * refused. Timers are ISO 8601 durations up to 3650 days: years count 365 days and months 30,
 * what is no whole number of days is rounded up, and below one day given in working hours. */
MUST_USE enum rc bpmn_parse(struct bpmn *b, struct str text);
struct bpmn_node *bpmn_node_find(struct bpmn *b, struct str id); /* NULL when absent */

#endif
