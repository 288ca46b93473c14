/* heap.c - what comes next: a binary heap that grows by doubling in the run's arena. */
#include <string.h>

#include "simulate/simulate_priv.h"

enum { ROOM_FIRST = 256 };

static bool is_before(const struct sim_event *a, const struct sim_event *b)
{
    return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void heap_grow(struct sim_heap *h)
{
    size_t room = h->room ? h->room * 2 : ROOM_FIRST;
    struct sim_event *v = arena_array(h->mem, struct sim_event, room);
    if (h->n)
        memcpy(v, h->v, h->n * sizeof *v);
    h->v = v;
    h->room = room;
}

void heap_push(struct sim_heap *h, struct sim_event e)
{
    if (h->n == h->room)
        heap_grow(h);
    if (!e.order)
        e.order = ++h->pushed;
    size_t i = h->n++;
    for (; i && is_before(&e, &h->v[(i - 1) / 2]); i = (i - 1) / 2)
        h->v[i] = h->v[(i - 1) / 2];
    h->v[i] = e;
}

struct sim_event heap_pop(struct sim_heap *h)
{
    struct sim_event top = h->v[0], last = h->v[--h->n];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < h->n; i = child) {
        child += child + 1 < h->n && is_before(&h->v[child + 1], &h->v[child]);
        if (!is_before(&h->v[child], &last))
            break;
        h->v[i] = h->v[child];
    }
    h->v[i] = last;
    return top;
}
