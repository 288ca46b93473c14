/* quality_priv.h - what the files of quality/ share. See docs/internals/quality.md. */
#ifndef QUALITY_QUALITY_PRIV_H
#define QUALITY_QUALITY_PRIV_H

#include <pthread.h>

#include "quality/quality.h"

/* One counter of forms: "day kind pack page what", as it stands in form.walked. */
enum { WALK_KEYS_MAX = 2000, WALK_MEMORY = 4 << 20, SPENT_MAX_US = 1800 * 1000000 };
enum { BANNERS_MAX = 3, BANNER_TEXT_MAX = 2 * REASON_MAX };
/* What every page shows, in each language. */
struct banners {
    struct span_us times[BANNERS_MAX];
    char words[BANNERS_MAX][LANG_COUNT][BANNER_TEXT_MAX * 4];
    size_t n;
};
/* The lock is held for copies only, never for a query and never while an arena may be full: a
 * request that ends there would keep it. */
struct quality {
    pthread_mutex_t lock;
    /* forms, since the last flush; in an arena of their own that the flush empties */
    struct arena *mem;
    struct map *counts; /* line without its number -> int64_t */
    int64_t lost;       /* counts beyond WALK_KEYS_MAX */
    /* maintenance to tell of, read anew when older than BANNER_S */
    struct banners shown;
    int64_t banners_us; /* monotonic; 0: never read */
    /* Until then each page reads them: what was announced is not committed yet, and somebody
     * who looks meanwhile must not keep what stood before. */
    int64_t eager_us;
    /* the jobs' thread alone */
    int64_t started_us, crawl_tried_us, flushed_us; /* monotonic */
};

/* -- walk.c -- */
/* The rows counted since the last call, and how many did not fit; both then begin at nothing. */
struct json *walk_take(struct ctx *cx, struct quality *q, int64_t *lost);

/* -- fetch.c: HTTP without redirects, one connection kept -- */
struct fetcher;
MUST_USE enum rc fetcher_new(struct ctx *cx, struct str base, struct fetcher **ret);
/* A fetch_fn; arg is the fetcher. No answer: status 0, RC_OK. */
MUST_USE enum rc fetch_page(struct ctx *cx, struct str path, struct fetched *ret, void *arg);
/* Where the serving node answers; STR_NULL when it does not serve. */
struct str loopback_base(struct ctx *cx);

/* -- notice.c -- */
struct announced {
    struct span_us *v;
    size_t n;
};
/* Announced times that were not cancelled and end after from_us. */
MUST_USE enum rc announced_from(struct ctx *cx, int64_t from_us, struct announced *ret);
void banner_put(struct ctx *cx, struct json *view);
void banners_forget(struct ctx *cx); /* they are read anew with the next page */

/* -- read.c: what is published, from the folds -- */
enum figure_id {
    Q_ONLINE,   /* received online */
    Q_RECEIVED, /* received in all */
    Q_SOLVED,
    Q_ON_TIME,
    Q_VERY, /* very satisfied, satisfied, not satisfied */
    Q_SATISFIED,
    Q_NOT,
    Q_FIGURES
};
const char *figure_indicator(enum figure_id id);
/* A service that is offered: a form, not withdrawn. */
bool is_service(const struct pack *p);
const struct pack *service_find(struct ctx *cx, struct str procedure);
struct uptime {
    int64_t looks, up;      /* looks: those missed, too */
    int64_t p50_us, p95_us; /* DB_NULL: nothing answered */
};
/* Of one page of a site; days, both ends included. */
MUST_USE enum rc uptime_get(struct ctx *cx, struct str site, struct str page, int32_t from,
                            int32_t to, struct uptime *ret);
/* One version of a service's form since a day. */
struct funnel_page {
    struct str page, title;
    int64_t reached, refused, abandoned; /* refused -1: hidden */
    int64_t half_s;                      /* median seconds; DB_NULL: too few */
};
struct funnel_field {
    struct str page, field, title;
    int64_t refused; /* -1: hidden, as all of a page that is */
};
struct funnel {
    struct str ref;
    int64_t begun, filed, whole, abandoned; /* whole: filed without having been begun here */
    struct funnel_page *pages;
    size_t npages;
    struct funnel_field *fields;
    size_t nfields;
};
struct funnels {
    struct funnel *v;
    size_t n;
};
/* All versions with something counted, the newest first. is_open: nothing is hidden. */
MUST_USE enum rc funnels_get(struct ctx *cx, const struct pack *p, int32_t from, bool is_open,
                             struct funnels *ret);
/* By day: refusals of fields as a list of {day, page, field, refused}; -1 hidden. */
struct field_day {
    int32_t day;
    struct str page, field;
    int64_t refused;
};
MUST_USE enum rc field_days_get(struct ctx *cx, struct str ref, int32_t from, bool is_open,
                                struct field_day **ret, size_t *n);
int32_t year_begin(const struct ctx *cx);

/* -- view.c -- */
enum { DAYS_SHOWN = 92 };
/* {since, until, seq and their texts} */
MUST_USE enum rc period_put(struct ctx *cx, struct json *o);
/* {uptime, p50, p95} as figures */
void uptime_put(struct ctx *cx, const struct uptime *u, struct str href, struct json *to);
/* [{day, day_text, uptime, p50, p95}] of a page of this node, the last DAYS_SHOWN. */
MUST_USE enum rc days_put(struct ctx *cx, struct str page, struct json *list);
/* [{site, page, status, seen, uptime, p50, p95}] */
MUST_USE enum rc pages_put(struct ctx *cx, struct json *list);

/* -- table.c -- */
/* What is published of a service, in this order: members of its object in quality_list and ends of
 * keys in po/ ("quality.column."). */
enum { FIGURES_SHOWN = 11 };
extern const char *const figures_shown[FIGURES_SHOWN];
struct json *services_table(struct ctx *cx, const struct json *list, bool is_file);
struct json *pages_table(struct ctx *cx, const struct json *list);
struct json *days_table(struct ctx *cx, const struct json *list);
struct json *funnel_table(struct ctx *cx, const struct json *funnel, int64_t small_number);
struct json *fields_table(struct ctx *cx, const struct json *funnel, int64_t small_number);
struct json *field_days_table(struct ctx *cx, const struct field_day *v, size_t n,
                              int64_t small_number);

/* Exact small counts are shown to who may see the dossiers behind figures. */
bool may_see_small(struct ctx *cx);
struct str service_page(struct ctx *cx, const struct pack *p, const char *tail);

#endif
