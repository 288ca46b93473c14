/* live.h - what lives in a run: dossiers, tasks, stations, officers. See
 * docs/internals/simulate.md. */
#ifndef SIMULATE_LIVE_H
#define SIMULATE_LIVE_H

#include "casework/clock.h"
#include "simulate/parts.h"

struct sim_level { /* how many, over time; and the same from each one's own times */
    int64_t n, since, area, sum;
};
struct sim_case {
    struct dossier d;
    struct sim_dice dice;
    uint32_t gen; /* a later one: what was planned before is void */
    uint32_t next_free;
    unsigned char class;
    bool is_live, is_counted, was_done;
    int64_t open_us; /* since when it is open; TIME_NONE: it is not */
    const struct flow_state *fork;
    unsigned char opened, closed;
    struct str outcome[FLOW_BRANCHES_MAX];
    uint32_t task[FLOW_BRANCHES_MAX + 1]; /* 0: none */
    int64_t lent;                         /* time that it was with the applicant */
    int64_t rest;                         /* lies after the work, before the act */
    uint16_t actor;                       /* the officer who worked on it */
    uint16_t acted[FLOW_STATES_MAX];      /* officer + 1 */
};
enum sim_place { TASK_FREE, TASK_QUEUED, TASK_HELD };
struct sim_task {
    uint32_t who, gen, next_free;
    unsigned char branch, station, place; /* branch: 0 the state itself */
    uint16_t officer;
    int64_t key, queued_us, left; /* left: office time; -1 not begun */
    uint64_t order;
};
struct sim_station { /* what the same officers can take */
    unsigned char office;
    unsigned roles;
    struct sim_heap queue;
};
enum { SIM_STATIONS_MAX = 64, PAGE_CASES = 256, PAGES_MAX = SIM_LIVE_MAX / PAGE_CASES + 1 };
struct sim_officer {
    unsigned char office, role;
    uint32_t task, gen;
    int away;
    int64_t done_us;           /* when the task in hand is done */
    int64_t busy_w, present_w; /* office time at which it began */
    int64_t busy, present;     /* office time within the window */
    int64_t idle_us;           /* since when */
};
struct sim_arrivals {
    double hour[7 * 24], sum[7 * 24 + 1], most; /* most: factor of the extra stream */
    struct sim_dice dice, extra;
    uint32_t count[2];
};

#endif
