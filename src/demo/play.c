/* play.c - dossiers live in virtual time: a heap of what happens next, one act after the other
 * through the kernel's own functions. */
#include "app/app.h"
#include "demo/theatre.h"
#include "measure/sum/held.h"
#include "store/store.h"

enum {
    PAGE_MEMORY = 256 << 20,
    ACT_MEMORY = 256 << 20,
    ACTS_A_COMMIT = 131072,
    CITIZEN_SHARE = 5,
    SHOWN_CITIZEN = 1, /* the last account of demo-accounts.txt */
    SHOWN_LIVES = 8,
    SHOWN_DAYS = 2 /* the latest came so long ago: received, and not done */
};

/* -- the heap -- */

static void heap_push(struct theatre *t, struct wakeup d)
{
    size_t i = t->nheap++;
    for (; i && wakeup_cmp(&t->heap[(i - 1) / 2], &d) > 0; i = (i - 1) / 2)
        t->heap[i] = t->heap[(i - 1) / 2];
    t->heap[i] = d;
}

static struct wakeup heap_pop(struct theatre *t)
{
    struct wakeup top = t->heap[0], last = t->heap[--t->nheap];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < t->nheap; i = child) {
        child += child + 1 < t->nheap && wakeup_cmp(&t->heap[child + 1], &t->heap[child]) < 0;
        if (wakeup_cmp(&t->heap[child], &last) >= 0)
            break;
        t->heap[i] = t->heap[child];
    }
    t->heap[i] = last;
    return top;
}

/* -- time -- */

enum { MORNING = 450, NOON = 690, AFTERNOON = 810, EVENING = 1020 }; /* minutes of the day */

/* us plus so many minutes of office time: 7:30-11:30 and 13:30-17:00 on working days. */
static int64_t office_time(struct ctx *cx, int64_t us, int64_t minutes)
{
    const struct calendar *cal = calendar_of(cx);
    int32_t day = day_of(us);
    int64_t at = (us - day_start(day)) / MINUTE_US;
    for (;; day++, at = 0) {
        if (!calendar_is_working(cal, day))
            continue;
        at = at < MORNING ? MORNING : at >= NOON && at < AFTERNOON ? AFTERNOON : at;
        for (; at < EVENING; at = AFTERNOON) {
            int64_t until = at < NOON ? NOON : EVENING;
            if (minutes < until - at)
                return day_start(day) + (at + minutes) * MINUTE_US + us % MINUTE_US;
            minutes -= until - at;
            if (until == EVENING)
                break;
        }
    }
}

/* -- people and papers -- */

static enum rc who_of(struct ctx *cx, struct theatre *t, struct str login,
                      const struct who **ret)
{
    struct who *w = map_get(t->people, login);
    if (!w) {
        struct arena *mem = cx->mem;
        int64_t account;
        TRY(account_by_login(cx, login, &account));
        cx->mem = cx->app->mem;
        enum rc rc = who_load(cx, account, &w);
        if (rc == RC_OK)
            map_set(t->people, str_dup(cx->mem, login), w);
        cx->mem = mem;
        TRY(rc);
    }
    *ret = w;
    return RC_OK;
}

enum rc officer_of(struct ctx *cx, struct theatre *t, const struct unit *u, struct str role,
                   const struct who **ret)
{
    struct str unit = str_lower(cx->mem, u->code);
    return who_of(cx, t, str_fmt(cx->mem, "%.*s.%.*s", STR_ARG(role), STR_ARG(unit)), ret);
}

enum rc citizen_of(struct ctx *cx, struct theatre *t, const struct life *l,
                   const struct who **ret)
{
    int32_t birth;
    bool male;
    return who_of(cx, t, demo_citizen_number(cx, l->citizen, &birth, &male), ret);
}

/* One small picture and one small document stand for every paper: stored once by digest. */
static enum rc paper_make(struct ctx *cx, const char *bytes, size_t n, const char *name,
                          struct file *ret)
{
    struct str spool =
        str_fmt(cx->mem, "%.*s/demo-%s", STR_ARG(store_dir(cx->app->store)), name);
    FILE *f = fopen(spool.p, "wb");
    if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
        return FAIL(cx, IO, NULL, "cannot write %s", spool.p);
    struct hash digest = hash_of(str_n(bytes, n));
    return file_store(cx, spool, &digest, str_from(name), ret);
}

static enum rc papers_make(struct ctx *cx, struct theatre *t)
{
    static const char jpeg[] = "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0 demo \xFF\xD9";
    static const char pdf[] = "%PDF-1.4\n% demo\n1 0 obj<</Type/Catalog>>endobj\n"
                              "trailer<</Root 1 0 R>>\n%%EOF\n";
    struct arena *mem = cx->mem;
    cx->mem = cx->app->mem;
    enum rc rc = paper_make(cx, jpeg, sizeof jpeg - 1, "demo.jpg", &t->image);
    if (rc == RC_OK)
        rc = paper_make(cx, pdf, sizeof pdf - 1, "demo.pdf", &t->pdf);
    cx->mem = mem;
    return rc;
}

/* -- one thing that happens -- */

static const struct json *row_of(const struct theatre *t, const struct life *l)
{
    const struct json *list = json_get(t->lists.rows, json_str(l->play, "rows"));
    return list ? json_at(list, l->citizen % list->n) : NULL;
}

enum rc life_value(struct ctx *cx, const struct theatre *t, struct life *l,
                   const struct json *spec, struct json **ret)
{
    struct value_scope s = {&l->dice, &t->lists, row_of(t, l), NULL, l->unit};
    return demo_value(cx, &s, spec, ret);
}

static enum rc submit(struct ctx *cx, struct theatre *t, size_t life)
{
    struct life *l = &t->lives[life];
    struct filing *f;
    struct dossier_ref ref;
    TRY(arrival_take(cx, t->arrivals, life, &f));
    TRY(dossier_file(cx, f, &ref));
    snprintf(l->code, sizeof l->code, "%.*s", STR_ARG(ref.code));
    l->step = json_get(l->course, STR("steps"))->first;
    t->report->dossiers++;
    return RC_OK;
}

static struct act act_of(const struct theatre *t, const struct json *v)
{
    struct act a = {.id = json_str(v, "act"),
                    .reason = json_str(v, "reason"),
                    .law = json_str(v, "law"),
                    .comment = json_str(v, "comment"),
                    .answer = json_str(v, "answer"),
                    .items = json_get(v, STR("items")),
                    .rating = (int)json_int(v, "rating", 0)};
    if (json_bool(v, "result"))
        a.result = &t->pdf;
    return a;
}

/* "a|b": the first of the acts that the flow's guards allow. */
static enum rc act_first(struct ctx *cx, struct dossier *d, struct act *a)
{
    struct str rest = a->id;
    struct form_errors errs = {0};
    struct dossier_ref ref;
    enum rc rc = RC_STATE;
    while (rest.p && rc == RC_STATE) {
        ctx_clear(cx);
        rest = str_split(rest, '|', &a->id);
        rc = dossier_act(cx, d, a, &errs, &ref);
    }
    return rc;
}

/* {branch, outcome}: an officer of the unit that was asked answers; one that asked nobody (its
 * `if`), or is answered already, is passed over. */
static enum rc answer_play(struct ctx *cx, struct theatre *t, struct dossier *d,
                           const struct json *v)
{
    struct branch_list all;
    struct dossier_ref ref;
    struct answer a = {.branch = json_str(v, "branch"),
                       .outcome = json_str(v, "outcome"),
                       .comment = json_str(v, "comment")};
    TRY(dossier_branches(cx, d, &all));
    for (size_t i = 0; i < all.n; i++) {
        if (!all.v[i].is_open || !str_eq(all.v[i].fb->id, a.branch))
            continue;
        TRY(officer_of(cx, t, all.v[i].unit, json_str(v, "as"), &cx->who));
        return dossier_answer(cx, d, &a, &ref);
    }
    return RC_OK;
}

static enum rc step_play(struct ctx *cx, struct theatre *t, struct life *l)
{
    struct json *v;
    struct dossier *d;
    struct str as = json_str(l->step, "as");
    if (str_eq(as, STR("applicant"))) {
        TRY(citizen_of(cx, t, l, &cx->who));
    } else {
        TRY(officer_of(cx, t, l->unit, as, &cx->who));
    }
    TRY(life_value(cx, t, l, l->step, &v));
    TRY(dossier_open(cx, str_from(l->code), &d));
    if (json_get(v, STR("branch"))) {
        TRY(answer_play(cx, t, d, v));
    } else if (json_get(v, STR("rate"))) {
        t->report->rated++;
        TRY(dossier_rate(cx, d, (int)json_int(v, "rate", 3), STR("")));
    } else {
        struct act a = act_of(t, v);
        t->report->supplements += str_eq(a.id, STR("supplement"));
        TRY(act_first(cx, d, &a));
        snprintf(l->code, sizeof l->code, "%.*s", STR_ARG(d->code));
    }
    l->step = l->step->next;
    if (!l->step)
        t->report->late += d->is_late;
    return RC_OK;
}

static enum rc happen(struct ctx *cx, struct theatre *t, struct wakeup due)
{
    struct life *l = &t->lives[due.life];
    cx->now_us = due.at_us;
    TRY(db_begin(cx)); /* timers in it, too: a turn of theirs would not settle */
    if (day_of(due.at_us) != t->today) { /* what time itself does, once a day */
        size_t moved;
        t->today = day_of(due.at_us);
        cx->who = NULL;
        TRY(dossier_timers(cx, 10000, &moved));
    }
    TRY(l->step ? step_play(cx, t, l) : submit(cx, t, due.life));
    if (!l->step)
        return RC_OK;
    const struct json *after = json_get(l->step, STR("after"));
    int64_t wait = dice_between(&l->dice, json_at(after, 0)->i, json_at(after, 1)->i);
    bool people = str_eq(json_str(l->step, "as"), STR("applicant"));
    int64_t at = people ? due.at_us + wait * MINUTE_US : office_time(cx, due.at_us, wait);
    heap_push(t, (struct wakeup){at, due.life});
    return RC_OK;
}

/* -- the whole -- */

static const struct unit *unit_pick(struct ctx *cx, struct theatre *t, const struct json *play)
{
    size_t n;
    enum unit_kind kind = UNIT_COMMUNE;
    const struct unit *const *all = unit_all(cx, &n);
    const struct json *k = dice_pick(&t->dice, json_get(play, STR("units")));
    if (!unit_kind_parse(k->s, &kind))
        kind = UNIT_COMMUNE;
    for (;;) {
        const struct unit *u = all[dice_between(&t->dice, 0, (int64_t)n - 1)];
        if (u->kind == kind)
            return u;
    }
}

static const struct json *weighted(struct theatre *t, const struct json *list)
{
    int64_t all = 0;
    JSON_EACH (list, x)
        all += json_int(x, "weight", 1);
    int64_t at = dice_between(&t->dice, 0, all - 1);
    JSON_EACH (list, x) {
        at -= json_int(x, "weight", 1);
        if (at < 0)
            return x;
    }
    return list->last;
}

int64_t demo_served_at(struct ctx *cx, const struct demo_plan *plan, int64_t at)
{
    int64_t open = office_time(cx, at, 0);
    while (!plan->until_us && day_of(open) >= plan->to && day_of(at) > plan->from) {
        at -= DAY_US;
        open = office_time(cx, at, 0);
    }
    return open;
}

static void life_begin(struct ctx *cx, struct theatre *t, const struct demo_plan *plan,
                       size_t i, size_t citizens)
{
    struct life *l = &t->lives[i];
    bool is_shown = plan->until_us && i < SHOWN_LIVES;
    l->dice = (struct dice){dice_roll(&t->dice)};
    l->play = weighted(t, t->lists.plays);
    if (is_shown) /* each service in turn: some take long enough to be in work on any day */
        l->play = json_at(t->lists.plays, i % t->lists.plays->n);
    const struct json *courses = json_get(l->play, STR("courses"));
    l->course = is_shown ? courses->first : weighted(t, courses);
    l->unit = unit_pick(cx, t, l->play);
    l->citizen = (size_t)dice_between(&t->dice, 0, (int64_t)citizens - 1);
    l->online = dice_between(&t->dice, 1, 100) <= json_int(l->play, "online", 50);
    int32_t day = (int32_t)dice_between(&t->dice, plan->from, plan->to - 1);
    if (dice_roll(&t->dice) % 4 == 0) /* people come on Mondays */
        day -= day_weekday(day);
    if (is_shown) { /* a printed account has work in hand to show */
        l->citizen = SHOWN_CITIZEN;
        day = plan->to - SHOWN_DAYS - (int32_t)i;
    }
    if (day < plan->from)
        day = plan->from;
    int64_t at = day_start(day) + dice_between(&t->dice, 390, 1290) * MINUTE_US;
    heap_push(t, (struct wakeup){l->online ? at : demo_served_at(cx, plan, at), i});
}

static enum rc citizens_ready(struct ctx *cx, const struct demo_plan *plan, size_t want)
{
    int32_t birth;
    bool male;
    struct subject *last;
    if (want <= DEMO_CITIZENS)
        return RC_OK;
    TRY(subject_by_number(cx, demo_citizen_number(cx, want - 1, &birth, &male), &last));
    return last ? RC_OK : demo_citizens(cx, plan->seed, DEMO_CITIZENS, want);
}

static enum rc turn_commit(struct ctx *cx)
{
    TRY(figures_settle(cx));
    return db_commit(cx);
}

static enum rc play_all(struct ctx *cx, struct theatre *t, const struct demo_plan *plan)
{
    struct arena *outer = cx->mem;
    enum rc rc = RC_OK;
    int64_t acts = 0;
    TRY(store_cache_set(cx, cx->app->store, PAGE_MEMORY));
    TRY(figures_hold(cx));
    cx->mem = arena_new(ACT_MEMORY);
    while (t->nheap && rc == RC_OK) {
        struct wakeup next = heap_pop(t);
        if (plan->until_us && next.at_us > plan->until_us)
            continue; /* stays as it is: somebody's work for tomorrow */
        rc = happen(cx, t, next);
        if (rc == RC_OK && ++acts % ACTS_A_COMMIT == 0)
            rc = turn_commit(cx);
        cx->who = NULL;
        arena_reset(cx->mem); /* what a turn wrote is the store's own */
        if (plan->progress && acts % 512 == 0)
            plan->progress(plan->arg, plan->dossiers - (int64_t)t->nheap, plan->dossiers);
    }
    arena_free(cx->mem);
    cx->mem = outer;
    TRY(rc);
    TRY(turn_commit(cx));
    figures_serve(cx);
    TRY(store_cache_set(cx, cx->app->store, 0));
    if (plan->progress)
        plan->progress(plan->arg, plan->dossiers, plan->dossiers);
    return RC_OK;
}

enum rc demo_play(struct ctx *cx, const struct demo_plan *plan, struct demo_report *ret)
{
    int64_t from = time_monotonic(), now = cx->now_us;
    struct ledger_head before, after;
    struct theatre *t = arena_new_of(cx->mem, struct theatre);
    size_t citizens = (size_t)(plan->dossiers / CITIZEN_SHARE);
    if (citizens < DEMO_CITIZENS)
        citizens = DEMO_CITIZENS;
    *ret = (struct demo_report){0};
    t->dice = (struct dice){(uint64_t)plan->seed * 31 + 7};
    t->people = map_new(cx->app->mem);
    t->report = ret;
    TRY(ledger_head_get(cx, &before));
    TRY(demo_lists_load(cx, &t->lists));
    TRY(citizens_ready(cx, plan, citizens));
    TRY(papers_make(cx, t));
    t->lives = arena_array(cx->mem, struct life, (size_t)plan->dossiers);
    t->heap = arena_array(cx->mem, struct wakeup, (size_t)plan->dossiers + 1);
    for (size_t i = 0; i < (size_t)plan->dossiers; i++)
        life_begin(cx, t, plan, i, citizens);
    t->arrivals = arrivals_new(cx->mem, cx->app, t, plan->until_us);
    TRY(play_all(cx, t, plan));
    cx->now_us = now;
    cx->who = NULL;
    TRY(ledger_head_get(cx, &after));
    ret->events = after.size - before.size;
    ret->elapsed_us = time_monotonic() - from;
    return RC_OK;
}
