/* arrive.c - submissions are prepared ahead, by a thread beside the play.
 *
 * When people come is known from the start, and what they bring depends on nobody else: while
 * one batch is filed in turns, the next is filled in, checked, printed and sealed. */
#include <stdlib.h>

#include "app/app.h"
#include "base/beside.h"
#include "demo/theatre.h"

enum { AHEAD = 64 };
static const size_t BATCH_BYTES = (size_t)64 << 20;

struct arrival {
    struct wakeup at;
    const struct who *citizen, *by; /* by: who types it in */
    struct submission s;
    struct file_list papers;
    struct filing *filing;
};
struct batch {
    struct ctx cx; /* of the thread, while it prepares */
    struct theatre *t;
    struct arrival v[AHEAD];
    size_t n, next;
    enum rc rc;
};
struct arrivals {
    struct theatre *t;
    struct wakeup *order;
    size_t n, given; /* of order */
    struct batch batch[2];
    struct batch *filed, *ahead;
    struct beside *thread;
};

int wakeup_cmp(const void *x, const void *y)
{
    const struct wakeup *a = x, *b = y;
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    return (a->life > b->life) - (a->life < b->life);
}

/* -- on the thread -- */

static struct file_list papers_of(struct ctx *cx, const struct theatre *t,
                                  const struct json *spec)
{
    struct file_list list = {arena_array(cx->mem, struct file, spec ? spec->n : 0), 0};
    JSON_EACH (spec, s) {
        struct file f = str_eq(s->s, STR("pdf")) ? t->pdf : t->image;
        f.document = s->key;
        list.v[list.n++] = f;
    }
    return list;
}

static enum rc arrival_prepare(struct ctx *cx, const struct theatre *t, struct arrival *a)
{
    struct life *l = &t->lives[a->at.life];
    struct form_errors errs = {0};
    cx->now_us = a->at.at_us;
    cx->who = a->by;
    a->papers = papers_of(cx, t, json_get(l->play, STR("papers")));
    a->s = (struct submission){.pack = pack_current(cx, json_str(l->play, "pack")),
                               .unit = l->unit,
                               .applicant = a->citizen->subject,
                               .channel = l->online ? CHANNEL_ONLINE : CHANNEL_COUNTER,
                               .more = &a->papers};
    TRY(life_value(cx, t, l, json_get(l->play, STR("answers")), &a->s.answers));
    enum rc rc = dossier_prepare(cx, &a->s, &errs, &a->filing);
    if (rc != RC_OK && errs.n)
        LOGE("demo/plays.yaml: %.*s: field %.*s: %.*s", STR_ARG(a->s.pack->id),
             STR_ARG(errs.v[0].field), STR_ARG(errs.v[0].rule));
    return rc;
}

static void batch_prepare(void *arg)
{
    struct batch *b = arg;
    b->rc = RC_OK;
    for (size_t i = 0; i < b->n && b->rc == RC_OK; i++)
        b->rc = arrival_prepare(&b->cx, b->t, &b->v[i]);
}

/* -- on the play's -- */

static enum rc people_come(struct ctx *cx, struct theatre *t, struct arrival *a)
{
    struct life *l = &t->lives[a->at.life];
    TRY(citizen_of(cx, t, l, &a->citizen));
    a->by = a->citizen;
    return l->online ? RC_OK : officer_of(cx, t, l->unit, STR("reception"), &a->by);
}

/* The next ones in order begin to be prepared, in the memory of those that were filed. */
static enum rc ahead_begin(struct ctx *cx, struct arrivals *a)
{
    struct batch *b = a->ahead;
    arena_reset(b->cx.mem);
    b->n = b->next = 0;
    for (; b->n < AHEAD && a->given < a->n; b->n++) {
        b->v[b->n] = (struct arrival){.at = a->order[a->given++]};
        TRY(people_come(cx, a->t, &b->v[b->n]));
    }
    beside_do(a->thread, batch_prepare, b);
    return RC_OK;
}

static enum rc batch_turn(struct ctx *cx, struct arrivals *a)
{
    if (!a->given)
        TRY(ahead_begin(cx, a));
    beside_wait(a->thread);
    struct batch *ready = a->ahead;
    if (ready->rc != RC_OK) {
        cx->err = ready->cx.err;
        return ready->rc;
    }
    a->ahead = a->filed;
    a->filed = ready;
    return ahead_begin(cx, a);
}

enum rc arrival_take(struct ctx *cx, struct arrivals *a, size_t life, struct filing **ret)
{
    if (a->filed->next == a->filed->n)
        TRY(batch_turn(cx, a));
    struct batch *b = a->filed;
    if (b->next == b->n || b->v[b->next].at.life != life)
        return FAIL(cx, INTERNAL, NULL, "demo: nobody was to come now");
    *ret = b->v[b->next++].filing;
    return RC_OK;
}

static void batches_end(void *arg)
{
    struct arrivals *a = arg;
    for (size_t i = 0; i < 2; i++)
        arena_free(a->batch[i].cx.mem);
}

struct arrivals *arrivals_new(struct arena *mem, struct app *app, struct theatre *t,
                              int64_t until_us)
{
    struct arrivals *a = arena_new_of(mem, struct arrivals);
    a->t = t;
    a->order = arena_array(mem, struct wakeup, t->nheap);
    for (size_t i = 0; i < t->nheap; i++)
        if (!until_us || t->heap[i].at_us <= until_us)
            a->order[a->n++] = t->heap[i];
    qsort(a->order, a->n, sizeof *a->order, wakeup_cmp);
    for (size_t i = 0; i < 2; i++) {
        a->batch[i].cx = (struct ctx){.mem = arena_new(BATCH_BYTES), .app = app};
        a->batch[i].t = t;
    }
    a->filed = &a->batch[0];
    a->ahead = &a->batch[1];
    arena_on_free(mem, batches_end, a);
    a->thread = beside_new(mem); /* ends before the batches do */
    return a;
}
