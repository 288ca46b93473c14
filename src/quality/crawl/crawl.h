/* crawl.h - the portal's own link graph: links of a page, distances from the front page, broken
 * links. See docs/internals/quality.md.
 *
 * A page is read as whoever is not signed in sees it: <a href> and the first choice of each GET
 * form. Nothing outside the site is ever fetched. Pure but for the fetch_fn that is given: the
 * tests crawl sites made of strings. */
#ifndef QUALITY_CRAWL_CRAWL_H
#define QUALITY_CRAWL_CRAWL_H

#include "text/json.h"

struct map;

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
 * portal.crawled when it found anything else than the last one (ways, broken links), or a day has
 * gone since: what stays as it was is told once a day, however often it is looked at. Takes the
 * turn, but for a crawl that tells nothing; the caller commits. tell: NULL, or who asked for this
 * crawl: its result is appended in any case, and after each page they are told how much of the
 * time that a crawl may take is gone; all of it at the end. */
struct crawl_tell {
    void (*progress)(void *arg, int64_t done, int64_t all);
    void *arg;
};
MUST_USE enum rc portal_crawl(struct ctx *cx, struct str base, const struct crawl_tell *tell,
                              struct crawl *ret);

#endif
