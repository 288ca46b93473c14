/* quality.h - how good the portal itself is: ways to a service, broken links, uptime and speed of
 * pages, where forms lose people. See docs/internals/quality.md.
 *
 * LAW: TT32/2017 11: a service is found within 3 clicks; pages answer day and night; maintenance
 * is announced at least one working day before. TT32/2017 12: published per service since 1
 * January: received online, solved, share on time, received in all, satisfaction in three levels.
 *
 * Everything counted is an event (portal.probed, portal.crawled, form.walked, maintenance.*), and
 * every table a fold of them: a bad hour cannot be left out afterwards. */
#ifndef QUALITY_QUALITY_H
#define QUALITY_QUALITY_H

#include "casework/casework.h"
#include "ledger/ledger.h"
#include "measure/measure.h"
#include "quality/crawl/crawl.h"
#include "web/web.h"

struct quality;
/* Counters and the banner's cache of this process; lives in app->mem. Without it (tests) what is
 * counted below is dropped and no banner is shown. */
MUST_USE enum rc quality_open(struct ctx *cx, struct quality **ret);
/* Looks when a look is due, crawls when a crawl is due, writes down what forms counted. Commits;
 * requests to pages stand outside any turn. */
MUST_USE enum rc quality_tick(struct ctx *cx);
/* What forms counted since the last call becomes an event; nothing counted: nothing is done.
 * Commits. Also when serving ends. */
MUST_USE enum rc quality_flush(struct ctx *cx);

/* -- looking at pages (probe.c) -- */
enum {
    PROBE_PAGES_MAX = 120, /* pages of our own a round; services beyond take turns */
    PROBE_SITES_MAX = 20,  /* of settings.quality_sites */
    PROBE_UNIT_US = 100,   /* latencies are kept in tenths of a millisecond */
};
/* Looks once at every public page of the serving node and at other sites. Commits. */
MUST_USE enum rc probe_round(struct ctx *cx, struct str base);
/* {name, url} of "name=http://… name=http://…"; INVALID: not so, or too many. */
struct site {
    struct str name, url;
};
MUST_USE enum rc sites_parse(struct ctx *cx, struct str text, struct site *ret, size_t *n);
/* Looks that should have fallen into [from, to) but did not, one each `every` after `last`,
 * without those at announced times. `last` itself was made; so was `next`, which ended the gap. */
struct span_us {
    int64_t from, to;
};
int64_t looks_missed(int64_t last, int64_t next, int64_t every, struct span_us within,
                     const struct span_us *announced, size_t n);

/* -- forms (walk.c): counted in memory, no values, no persons -- */
/* Marks page `index` in the draft's list of pages seen; true when it is new there. */
bool seen_mark(struct arena *mem, struct str *seen, size_t index);
/* Somebody began. */
void walk_begun(struct ctx *cx, const struct pack *p);
/* A draft got to a page for the first time; spent_us on the one before, < 0: not known. */
void walk_reached(struct ctx *cx, const struct pack *p, struct str page, struct str before,
                  int64_t spent_us);
/* A page came back with errors. */
void walk_refused(struct ctx *cx, const struct pack *p, struct str page,
                  const struct form_errors *errs);
/* Behind the last question: papers and the check. Stands for a page in every count. */
#define WALK_END "_end"
/* Hides what is above 0 and below k; when that leaves one hidden alone, the next smallest too, so
 * that a sum does not tell it. Hidden: -1; what comes so already counts as hidden. */
void small_hide(int64_t *v, size_t n, int64_t k);

/* -- maintenance (notice.c) -- */
enum { REASON_MAX = 300, MAINTENANCE_HOURS_MAX = 72 };
struct maintenance {
    int64_t from_us, to_us;
    struct str reason_vi, reason_en; /* en may be empty */
};
/* INVALID: from, to, reason. STATE: less than one working day ahead by the node's calendar, or
 * over another one. Takes the turn; the caller commits. *seq names it. */
MUST_USE enum rc maintenance_announce(struct ctx *cx, const struct maintenance *m,
                                      int64_t *seq);
/* NOT_FOUND; STATE: it has begun. */
MUST_USE enum rc maintenance_cancel(struct ctx *cx, int64_t seq);
/* The earliest instant that may be announced now. */
int64_t maintenance_earliest(struct ctx *cx);
/* "2026-11-24T20:00" in Viet Nam's time, or RFC 3339. */
MUST_USE bool moment_parse(struct arena *mem, struct str s, int64_t *ret);
/* [{seq, from, to, from_text, to_text, reason, announced, state}], newest first. state: planned
 * running over cancelled. */
MUST_USE enum rc maintenance_list(struct ctx *cx, struct json **ret);

/* -- what is published -- */
/* {since, until, seq, services: [{procedure, pack, name, clicks, received_online, …}], crawl}.
 * Every figure as {value, num, den, text, href}; value absent: nothing over nothing. */
MUST_USE enum rc quality_list(struct ctx *cx, struct json **ret);
/* One service with its pages, probes by day and funnel. NOT_FOUND: no such procedure. */
MUST_USE enum rc quality_one(struct ctx *cx, struct str procedure, struct json **ret);
/* The last crawl: {made, pages, links, unseen, broken: […]}; {} before the first. */
MUST_USE enum rc quality_links(struct ctx *cx, struct json **ret);

extern const struct ledger_subscriber quality_subscriber;
extern const struct route quality_routes[];
extern const struct route quality_planned_routes[]; /* maintenance: the page and the API */

#endif
