/* open.c - starting and ending the process' modules, in order. */
#include "app/open.h"

#include "calendar/version.h"
#include "identity/identity.h"
#include "ledger/ledger.h"
#include "letter/letter.h"
#include "measure/measure.h"
#include "pack/pack.h"
#include "page/embed.h"
#include "page/tpl.h"
#include "quality/quality.h"
#include "simulate/forecast.h"
#include "target/alert.h"
#include "unit/unit.h"

enum { SUBSCRIBERS_MAX = 16 };

static void subscribe_all(struct app *app)
{
    static struct ledger_subscriber subs[SUBSCRIBERS_MAX]; /* the same content every time */
    size_t n = 0;
    for (; app_subscribers[n]; n++)
        subs[n] = *app_subscribers[n];
    ledger_subscribe(app->ledger, subs, n);
}

enum rc app_open_with(struct ctx *cx, struct app *app, struct str dir, enum store_mode mode)
{
    cx->app = app;
    TRY(crypt_start(cx));
    TRY(store_open(cx, dir, mode, &app->store));
    TRY(db_attach(cx, app->store));
    TRY(ledger_open(cx, app->store, app->settings.node_name, &app->ledger));
    if (mode == STORE_COPY) /* what modules keep may be of another version */
        return RC_OK;
    subscribe_all(app);
    ledger_unit_codes(app->ledger, unit_code_of);
    TRY(units_open(cx, &app->units));
    TRY(calendar_open(cx, &app->calendar)); /* units may have days of their own */
    TRY(identity_open(cx, &app->identity));
    TRY(packs_open(cx, &app->packs));
    TRY(measure_open(cx, &app->measure));
    TRY(forecasts_open(cx, &app->forecasts));
    app->alerts = alert_watch_new(app->mem);
    TRY(quality_open(cx, &app->quality));
    return letters_open(cx, &app->letters);
}

enum rc app_open(struct ctx *cx, struct app *app, struct str dir, enum store_mode mode)
{
    settings_default(&app->settings);
    struct str file = str_fmt(app->mem, "%.*s/motcua.conf", STR_ARG(dir));
    struct arena *mem = cx->mem;
    cx->mem = app->mem; /* settings live as long as the process */
    enum rc rc = settings_load(cx, file, &app->settings);
    cx->mem = mem;
    TRY(rc);
    return app_open_with(cx, app, dir, mode);
}

void app_close(struct app *app)
{
    if (app->store)
        store_close(app->store);
    app->store = NULL;
}

enum rc app_templates(struct ctx *cx, struct app *app)
{
    const struct str prefix = STR("templates/"), suffix = STR(".html");
    size_t first = embed_first(prefix), n = 0;
    for (const struct embed_file *f; (f = embed_at(first + n)) && str_starts(f->name, prefix);)
        n++;
    struct tpl_source *src = arena_array(cx->mem, struct tpl_source, n);
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        const struct embed_file *f = embed_at(first + i);
        if (!str_ends(f->name, suffix))
            continue;
        struct str name = str_cut(f->name, prefix.n, f->name.n - suffix.n);
        src[used++] = (struct tpl_source){name, f->data};
    }
    struct arena *mem = cx->mem;
    cx->mem = app->mem;
    enum rc rc = tpl_compile(cx, src, used, &app->templates);
    cx->mem = mem;
    return rc;
}

enum rc app_reload(struct ctx *cx)
{
    TRY(units_reload(cx));
    TRY(calendar_reload(cx));
    TRY(packs_reload(cx));
    return measure_reload(cx);
}
