/* apply.c - folding: looks, crawls, walks through forms, maintenance. */
#include "gen/quality_sql.h"
#include "measure/measure_priv.h"
#include "quality/quality_priv.h"
#include "store/store.h"

/* -- looks -- */

static enum rc look_add(struct ctx *cx, struct str site, struct str page, struct str span,
                        bool is_up, int64_t tenths)
{
    TRY(sql_probe_sum_add(cx, site, page, span, 1, is_up));
    return is_up ? sql_probe_bucket_add(cx, site, page, span, bucket_of(tenths), 1) : RC_OK;
}

static enum rc look_apply(struct ctx *cx, const struct event *ev, struct str site,
                          struct str line)
{
    struct str page, status, rest = str_split(line, ' ', &page);
    struct str tenths = str_split(rest, ' ', &status);
    int64_t code, time;
    if (!str_int(status, &code) || !str_int(tenths, &time))
        return FAIL(cx, CORRUPT, "sites", "a look that cannot be read");
    TRY(sql_probe_page_put(cx, site, page, ev->time_us, code, time));
    if (json_bool(ev->facts, "announced"))
        return RC_OK;
    struct str day = day_iso(cx->mem, day_of(ev->time_us));
    bool is_up = code >= 200 && code < 400;
    TRY(look_add(cx, site, page, day, is_up, time));
    return look_add(cx, site, page, str_cut(day, 0, 4), is_up, time);
}

/* More than one and a half intervals without a look: the node was down. */
static enum rc probed_apply(struct ctx *cx, const struct event *ev)
{
    struct probe_last_row last;
    int64_t now = json_int(ev->facts, "every", 0);
    int64_t every = json_int(ev->facts, "before", now) * SECOND_US;
    TRY(sql_probe_last(cx, &last));
    if (last.last_us && every > 0 && ev->time_us - last.last_us > every + every / 2)
        TRY(sql_probe_gap_add(cx, last.last_us, ev->time_us, every));
    JSON_EACH (json_get(ev->facts, STR("sites")), site) {
        struct str name = str_eq(site->key, STR("-")) ? STR("") : site->key;
        JSON_EACH (site, line)
            TRY(look_apply(cx, ev, name, line->s));
    }
    return RC_OK;
}

/* -- forms -- */

struct walk_line {
    int64_t day, n;
    char kind;
    struct str pack, page, what;
};

static bool walk_parse(struct str line, struct walk_line *ret)
{
    struct str part[6], rest = line;
    for (size_t i = 0; i < 6; i++)
        rest = str_split(rest, ' ', &part[i]);
    bool holds = !rest.p && part[5].n && part[1].n == 1 && str_int(part[0], &ret->day) &&
                 str_int(part[5], &ret->n);
    ret->kind = part[1].n ? part[1].p[0] : 0;
    ret->pack = part[2];
    ret->page = part[3];
    ret->what = part[4];
    return holds;
}

static enum rc walk_add(struct ctx *cx, const struct walk_line *w)
{
    int64_t bucket = 0;
    switch (w->kind) {
    case 'b':
        return sql_form_day_add(cx, w->pack, w->day, w->n, 0, 0, 0);
    case 'r':
        return sql_form_page_add(cx, w->pack, w->page, w->day, w->n, 0, 0);
    case 'e':
        return sql_form_page_add(cx, w->pack, w->page, w->day, 0, w->n, 0);
    case 'f':
        return sql_form_field_add(cx, w->pack, w->page, w->what, w->day, w->n);
    case 't':
        if (!str_int(w->what, &bucket))
            break;
        return sql_form_time_add(cx, w->pack, w->page, civil_of_day((int32_t)w->day).year,
                                 bucket, w->n);
    default:
        break;
    }
    return FAIL(cx, CORRUPT, "rows", "a count that cannot be read");
}

static enum rc walked_apply(struct ctx *cx, const struct event *ev)
{
    JSON_EACH (json_get(ev->facts, STR("rows")), row) {
        struct walk_line w;
        if (!walk_parse(row->s, &w))
            return FAIL(cx, CORRUPT, "rows", "a count that cannot be read");
        TRY(walk_add(cx, &w));
    }
    return RC_OK;
}

static bool is_online(const struct event *ev)
{
    return json_int(ev->facts, "channel", 0) == CHANNEL_ONLINE && ev->pack.n;
}

static enum rc abandoned_apply(struct ctx *cx, const struct event *ev)
{
    int32_t day = day_of(ev->time_us);
    if (!is_online(ev))
        return RC_OK;
    TRY(sql_form_day_add(cx, ev->pack, day, 0, 0, 0, 1));
    return sql_form_page_add(cx, ev->pack, json_str(ev->facts, "page"), day, 0, 0, 1);
}

static enum rc submitted_apply(struct ctx *cx, const struct event *ev)
{
    bool is_whole = json_bool(ev->facts, "whole");
    if (!is_online(ev))
        return RC_OK;
    return sql_form_day_add(cx, ev->pack, day_of(ev->time_us), 0, 1, is_whole, 0);
}

/* -- maintenance, crawls -- */

static enum rc announced_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts, *reason = json_get(f, STR("reason"));
    return sql_maintenance_add(cx, ev->seq, json_int(f, "from", 0), json_int(f, "to", 0),
                               json_str(reason, "vi"), json_str(reason, "en"), ev->time_us);
}

static enum rc quality_apply(struct ctx *cx, const struct event *ev)
{
    switch (ev->kind) {
    case EV_PORTAL_PROBED:
        return probed_apply(cx, ev);
    case EV_PORTAL_CRAWLED:
        return sql_crawl_add(cx, ev->seq, ev->time_us, json_canonical(cx->mem, ev->facts));
    case EV_FORM_WALKED:
        return walked_apply(cx, ev);
    case EV_DRAFT_ABANDONED:
        return abandoned_apply(cx, ev);
    case EV_DOSSIER_SUBMITTED:
        return submitted_apply(cx, ev);
    case EV_MAINTENANCE_ANNOUNCED:
        return announced_apply(cx, ev);
    case EV_MAINTENANCE_CANCELLED:
        return sql_maintenance_end(cx, json_int(ev->facts, "announced", 0), ev->time_us);
    default:
        return RC_OK;
    }
}

static const char *const tables[] = {
    "probe_page", "probe_sum", "probe_bucket", "probe_gap", "maintenance", "crawl",
    "form_day",   "form_page", "form_field",   "form_time", NULL};
const struct ledger_subscriber quality_subscriber = {"quality", quality_apply, tables};
