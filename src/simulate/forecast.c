/* forecast.c - what finished dossiers tell of open ones. */
#include "simulate/forecast.h"

#include "app/app.h"

struct forecasts {
    int64_t learnt;
};

enum rc forecast_of(struct ctx *cx, const struct dossier *d, struct forecast *ret)
{
    *ret = (struct forecast){.day = INT32_MIN};
    return RC_OK;
}

enum rc forecast_tick(struct ctx *cx, size_t most, size_t *done)
{
    *done = 0;
    return RC_OK;
}

enum rc forecasts_open(struct ctx *cx, struct forecasts **ret)
{
    *ret = arena_new_of(cx->app->mem, struct forecasts);
    return RC_OK;
}
