/* jobs.c - what a serving node does by itself: one thread, one table of jobs. */
#include "ops/jobs.h"

#include <pthread.h>

#include "app/app.h"
#include "calendar/version.h"
#include "casework/casework.h"
#include "identity/identity.h"
#include "measure/lately/lately.h"
#include "measure/sum/fold.h"
#include "opendata/opendata.h"
#include "quality/quality.h"
#include "rollup/rollup.h"
#include "simulate/forecast.h"
#include "store/store.h"
#include "target/alert.h"

enum { JOB_MEMORY_MAX = 64 << 20, TIMERS_AT_ONCE = 200, RECOMPUTE_BATCH = 200 };

static enum rc run_timers(struct ctx *cx)
{
    size_t moved = TIMERS_AT_ONCE;
    while (moved == TIMERS_AT_ONCE) { /* in bounded batches: people's requests come between */
        TRY(dossier_timers(cx, TIMERS_AT_ONCE, &moved));
        TRY(db_commit(cx));
    }
    return RC_OK;
}

/* After `motcua calendar publish` that did not come to its end. */
static enum rc run_recompute(struct ctx *cx)
{
    int64_t version;
    struct recompute r = {0};
    TRY(calendar_pending(cx, &version, &r.after));
    for (r.is_done = version == 0; !r.is_done;)
        TRY(dossiers_recompute(cx, RECOMPUTE_BATCH, &r));
    return RC_OK;
}

static enum rc run_sweep(struct ctx *cx)
{
    size_t removed;
    TRY(casework_sweep(cx, &removed));
    return db_commit(cx);
}

static enum rc run_sessions(struct ctx *cx)
{
    TRY(session_tick(cx));
    return db_commit(cx);
}

/* Reads only; in bounded batches, until everything that will be was learnt. */
static enum rc run_forecast(struct ctx *cx)
{
    size_t done = 1;
    while (done)
        TRY(forecast_tick(cx, FORECAST_BATCH, &done));
    return RC_OK;
}

static enum rc run_alerts(struct ctx *cx)
{
    size_t events;
    TRY(alerts_tick(cx, &events));
    return db_commit(cx);
}

static enum rc run_datasets(struct ctx *cx)
{
    size_t released;
    return dataset_tick(cx, &released);
}

static enum rc run_memory(struct ctx *cx)
{
    TRY(figures_rest(cx));
    memory_give_back();
    return RC_OK;
}

static const struct {
    const char *name;
    int64_t every_us;
    enum rc (*run)(struct ctx *cx);
} jobs_table[] = {
    {"timers", MINUTE_US, run_timers},     {"sessions", MINUTE_US, run_sessions},
    {"recompute", HOUR_US, run_recompute}, {"sweep", HOUR_US, run_sweep},
    {"forecast", HOUR_US, run_forecast},   {"alerts", MINUTE_US, run_alerts},
    {"datasets", HOUR_US, run_datasets},   {"rollup", MINUTE_US, rollup_tick},
    {"quality", SECOND_US, quality_tick},  {"figures", SECOND_US, figures_again},
    {"memory", MINUTE_US, run_memory},
};
enum { JOBS = sizeof jobs_table / sizeof *jobs_table };

struct jobs {
    struct app *app;
    struct arena *mem;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop;
};

static void job_run(struct jobs *jobs, size_t i)
{
    struct arena *mem = arena_new(JOB_MEMORY_MAX);
    struct ctx *cx = ctx_new(mem, jobs->app);
    jmp_buf full;
    if (setjmp(full) == 0) {
        arena_escape_set(mem, &full);
        enum rc rc = db_attach(cx, jobs->app->store);
        if (rc == RC_OK)
            rc = jobs_table[i].run(cx);
        if (rc != RC_OK)
            LOGE("job=%s rc=%s detail=\"%s\"", jobs_table[i].name, rc_name(rc), cx->err.detail);
    } else {
        LOGE("job=%s rc=NO_MEMORY", jobs_table[i].name);
    }
    arena_free(mem); /* an open turn rolls back */
}

static bool jobs_wait(struct jobs *jobs, int64_t us)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until); /* a clock that is set back makes nobody wait */
    until.tv_sec += us / SECOND_US;
    pthread_mutex_lock(&jobs->lock);
    if (!jobs->stop)
        pthread_cond_timedwait(&jobs->wake, &jobs->lock, &until);
    bool stop = jobs->stop;
    pthread_mutex_unlock(&jobs->lock);
    return stop;
}

static void *jobs_main(void *arg)
{
    struct jobs *jobs = arg;
    int64_t last[JOBS] = {0}, wait = 5 * SECOND_US; /* starting comes first */
    for (; !jobs_wait(jobs, wait); wait = SECOND_US) {
        for (size_t i = 0; i < JOBS; i++) {
            int64_t now = time_monotonic();
            if (last[i] && now - last[i] < jobs_table[i].every_us)
                continue;
            last[i] = now;
            job_run(jobs, i);
        }
    }
    return NULL;
}

struct jobs *jobs_start(struct app *app)
{
    struct jobs *jobs = arena_new_of(app->mem, struct jobs);
    jobs->app = app;
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&jobs->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return pthread_create(&jobs->thread, NULL, jobs_main, jobs) == 0 ? jobs : NULL;
}

void jobs_stop(struct jobs *jobs)
{
    if (!jobs)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->stop = true;
    pthread_cond_signal(&jobs->wake);
    pthread_mutex_unlock(&jobs->lock);
    pthread_join(jobs->thread, NULL);
}
