/* live.h - what lives in a run: dossiers, tasks, stations, officers. See
 * docs/internals/simulate.md. */
#ifndef SIMULATE_LIVE_H
#define SIMULATE_LIVE_H

#include "casework/clock.h"
#include "simulate/parts.h"

/* A number over time, twice: as the area below the curve (area, up to `since`) and as the sum
 * of each one's own time. By Little's law both are equal at the end; a run where they are not
 * is refused. */
struct sim_level { /* how many, over time; and the same from each one's own times */
    int64_t n, since, area, sum;
};
/* A dossier in play. Slots are reused: `gen` goes up with each move, and an event that
 * carries an older one is void. Times are microseconds of virtual UTC time, spans of work
 * office time. */
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
/* Where a task is: nowhere, in its station's queue, or in the hands of an officer. */
enum sim_place { TASK_FREE, TASK_QUEUED, TASK_HELD };
/* What one officer has to do for a dossier: act in its state, or answer a branch. key orders
 * the queue: when it came (first come) or the dossier's legal due instant (earliest due
 * first). */
struct sim_task {
    uint32_t who, gen, next_free;
    unsigned char branch, station, place; /* branch: 0 the state itself */
    uint16_t officer;
    int64_t key, queued_us, left; /* left: office time; -1 not begun */
    uint64_t order;
};
/* Tasks that may be taken by the same officers: an office and a set of roles (1 << enum
 * role). At most SIM_STATIONS_MAX; one for each different set that the flows of an office
 * name. */
struct sim_station { /* what the same officers can take */
    unsigned char office;
    unsigned roles;
    struct sim_heap queue;
};
/* Cases come in pages so that a pointer stays good while more are made. */
enum { SIM_STATIONS_MAX = 64, PAGE_CASES = 256, PAGES_MAX = SIM_LIVE_MAX / PAGE_CASES + 1 };
/* One person of one role. Whoever is away takes nothing up, and what was in hand goes back to
 * the queue with its old place. */
struct sim_officer {
    unsigned char office, role;
    uint32_t task, gen;
    int away;
    int64_t done_us;           /* when the task in hand is done */
    int64_t busy_w, present_w; /* office time at which it began */
    int64_t busy, present;     /* office time within the window */
    int64_t idle_us;           /* since when */
};
/* Arrivals an hour by weekday and hour, and the same added up, in which the next one is
 * looked up. The extra stream is a surge's, with dice of its own; who really comes:
 * arrival_is_real. */
struct sim_arrivals {
    double hour[7 * 24], sum[7 * 24 + 1], most; /* most: factor of the extra stream */
    struct sim_dice dice, extra;
    uint32_t count[2];
};

#endif
