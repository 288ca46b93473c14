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

/* -- links of a page (html.c) -- */
enum { PAGE_LINKS_MAX = 2000, PAGE_IDS_MAX = 5000, URL_MAX = 1000 };
struct page_links {
    struct str *v; /* as written: href of <a>, action and first choices of GET forms */
    size_t n;
    struct map *ids; /* what "#…" may name */
    bool is_cut;     /* more than the maxima above: the rest was not read */
};
/* html: UTF-8, however broken. A form's first choice is what pressing its button at once sends:
 * values as they stand, the first radio and option where none is chosen. */
MUST_USE enum rc page_links_read(struct ctx *cx, struct str html, struct page_links *ret);
/* An address within the site: path and query, "#…" apart (empty: none). False: it leads outside
 * (mailto:, another host) or cannot be read. base: the path of the page on which it stands. */
bool link_resolve(struct arena *mem, struct str base, struct str link, struct str *path,
                  struct str *anchor);
/* Is "https://…" spelled as an address can be? Nothing is fetched. LAW texts in packs. */
bool outside_link_is(struct str url);

/* -- crawling (crawl.c): breadth first over pages that anybody may see -- */
enum {
    CLICKS_MAX = 3, /* LAW: TT32/2017 11 */
    CRAWL_PAGES_MAX = 2500,
    CRAWL_QUERIES_MAX = 2,    /* addresses that differ only behind "?" */
    CRAWL_EDGES_MAX = 150000, /* links seen, each page's own counted once */
    CRAWL_BROKEN_MAX = 200,   /* told; more are counted */
    CRAWL_WHERE_MAX = 5,      /* pages told on which one broken link stands */
    CRAWL_SECONDS_MAX = 30,
};
struct fetched {
    int status;          /* 0: no answer */
    struct str mime;     /* "text/html; charset=utf-8" */
    struct str location; /* of a redirect */
    struct str body;     /* at most FETCH_BYTES_MAX; lives in cx->mem */
    int64_t us;          /* from the request to the last byte */
};
enum { FETCH_BYTES_MAX = 4 << 20 };
typedef enum rc fetch_fn(struct ctx *cx, struct str path, struct fetched *ret, void *arg);
struct crawl {
    struct json
        *clicks; /* {"/service/x/start": 2}: the addresses asked for that were reached */
    /* [{target, anchor, reason, status, where: [paths], count}]: reason is a key of po/ after
     * "quality.broken." - "status" "anchor" "silent" "outside" */
    struct json *broken;
    int64_t pages, links, nbroken;
    int64_t unseen; /* addresses that a ceiling left out */
};
/* wanted: addresses whose distance matters. fetch failing ends the crawl; status 0 is a finding.
 * What answers 303 to /login is not followed: it counts as reached. */
MUST_USE enum rc crawl_run(struct ctx *cx, fetch_fn *fetch, void *arg, const struct str *wanted,
                           size_t nwanted, struct crawl *ret);
/* Addresses in the texts of published packs that cannot be ones: rows as crawl.broken. */
MUST_USE enum rc pack_links_check(struct ctx *cx, struct json *broken);
/* A crawl over HTTP of the site at base ("http://127.0.0.1:8080"), packs included, appended as
 * portal.crawled. Takes the turn; the caller commits. */
MUST_USE enum rc portal_crawl(struct ctx *cx, struct str base, struct crawl *ret);

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
/* Hides what is above 0 and below k; when that leaves one alone, the next smallest too, so that a
 * sum does not tell it. Hidden: -1. */
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
