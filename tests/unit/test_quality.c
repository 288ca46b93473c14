/* test_quality.c - links of a page, the link graph, looks missed, maintenance, small numbers. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "base/map.h"
#include "casework_help.h"
#include "quality/quality_priv.h"

static struct ctx *plain(void **state)
{
    return ctx_new(*state, NULL);
}

/* -- links of a page -- */

static void links_are_read(void **state)
{
    static const struct {
        const char *html, *links; /* one a line */
    } rows[] = {
        {"", ""},
        {"<p>no link</p>", ""},
        {"<a>no address</a>", ""},
        {"<a href=''>here</a>", "\n"},
        {"<a href='/a'>a</a><a href=\"/b?x=1&amp;y=2\">b</a>", "/a\n/b?x=1&y=2\n"},
        {"<a href=' /a '>a</a>", "/a\n"},
        {"<A HREF=/a>a</A>", "/a\n"},
        {"<p><b><a href='/a'>deep</a></b><i><a href='/b'>", "/a\n/b\n"},
        {"<map><area href='/m'></map>", "/m\n"},
        {"<!-- <a href='/no'> --><a href='/a'>", "/a\n"},
        {"<script>'<a href=\"/no\">'</script><a href='/a'>", "/a\n"},
        {"<a href='/đường'>đ</a>", "/đường\n"},
        /* a form's first choice */
        {"<form action='/f'><button>x</button></form>", "/f\n"},
        {"<form method='GET' action='/f?old=1'><input name='q' value='a b'></form>",
         "/f?q=a%20b\n"},
        {"<form method='post' action='/f'><input name='q'></form>", ""},
        {"<form action='/f'><input name='q'><input value='no name'></form>", "/f?q=\n"},
        {"<form action='/f'><input name='q' disabled></form>", "/f\n"},
        {"<form action='/f'><input type=checkbox name=c value=1></form>", "/f\n"},
        {"<form action='/f'><input type=checkbox name=c value=1 checked></form>", "/f?c=1\n"},
        {"<form action='/f'><input type=radio name=r value=1><input type=radio name=r "
         "value=2></form>",
         "/f?r=1\n"},
        {"<form action='/f'><input type=radio name=r value=1><input type=radio name=r value=2 "
         "checked></form>",
         "/f?r=2\n"},
        {"<form action='/f'><select name=s><option value=a>A<option value=b>B</select></form>",
         "/f?s=a\n"},
        {"<form action='/f'><select name=s><option value=a>A<option value=b "
         "selected>B</select></form>",
         "/f?s=b\n"},
        {"<form action='/f'><select name=s><option> A </option></select></form>", "/f?s=A\n"},
        {"<form action='/f'><select name=s></select></form>", "/f?s=\n"},
        {"<form action='/f'><textarea name=t>x</textarea></form>", "/f?t=\n"},
        {"<form action='/f'><input type=submit name=go value=1></form>", "/f\n"},
        {"<form action='/f'><input name='tên' value='ạ&'></form>",
         "/f?t%C3%AAn=%E1%BA%A1%26\n"},
    };
    struct ctx *cx = plain(state);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct page_links got;
        struct buf *b = buf_new(cx->mem, 4096);
        assert_int_equal(page_links_read(cx, str_from(rows[i].html), &got), RC_OK);
        for (size_t j = 0; j < got.n; j++)
            buf_fmt(b, "%.*s\n", STR_ARG(got.v[j]));
        if (!str_eq(buf_str(b), str_from(rows[i].links)))
            fail_msg("%s\ngave %.*s", rows[i].html, STR_ARG(buf_str(b)));
        assert_false(got.is_cut);
    }
}

static void places_of_a_page_are_known(void **state)
{
    struct ctx *cx = plain(state);
    struct page_links got;
    struct str html = STR("<h1 id='one'>x</h1><a name='two'>y</a><p id=''>z</p><div id=ba>");
    assert_int_equal(page_links_read(cx, html, &got), RC_OK);
    assert_int_equal(map_size(got.ids), 3);
    assert_true(map_has(got.ids, STR("one")) && map_has(got.ids, STR("two")));
    assert_true(map_has(got.ids, STR("ba")));
    assert_false(map_has(got.ids, STR("three")));
}

static void a_page_has_a_ceiling(void **state)
{
    struct ctx *cx = plain(state);
    struct page_links got;
    struct buf *b = buf_new(cx->mem, 1 << 20);
    for (int i = 0; i <= PAGE_LINKS_MAX; i++)
        buf_fmt(b, "<a href='/%d'>x</a>", i);
    assert_int_equal(page_links_read(cx, buf_str(b), &got), RC_OK);
    assert_int_equal(got.n, PAGE_LINKS_MAX);
    assert_true(got.is_cut);
    b = buf_new(cx->mem, 1 << 20);
    buf_put(b, STR("<a href='/"));
    for (int i = 0; i < URL_MAX; i++)
        buf_putc(b, 'x');
    buf_put(b, STR("'>long</a><a href='/a'>"));
    assert_int_equal(page_links_read(cx, buf_str(b), &got), RC_OK);
    assert_int_equal(got.n, 1);
    assert_true(got.is_cut);
}

/* -- addresses -- */

static void addresses_are_resolved(void **state)
{
    static const struct {
        const char *base, *link, *path, *anchor; /* path NULL: it leads outside */
    } rows[] = {
        {"/", "/a", "/a", ""},
        {"/", "", "/", ""},
        {"/service/x", "#main", "/service/x", "main"},
        {"/service/x?a=1", "#main", "/service/x?a=1", "main"},
        {"/service/x", "", "/service/x", ""},
        {"/service/x", "/a#b", "/a", "b"},
        {"/service/x", "y", "/service/y", ""},
        {"/service/x", "?q=1", "/service/x?q=1", ""},
        {"/service/x?q=0", "?q=1", "/service/x?q=1", ""},
        {"/service/x", "../y", "/y", ""},
        {"/a", "/b/../c", "/c", ""},
        {"/a", "/b?x=1&y=2#z", "/b?x=1&y=2", "z"},
        {"/a", "/b#", "/b", ""},
        {"/a", "https://vbpl.vn/x", NULL, NULL},
        {"/a", "http://127.0.0.1/x", NULL, NULL},
        {"/a", "//evil.example/x", NULL, NULL},
        {"/a", "mailto:a@b.vn", NULL, NULL},
        {"/a", "tel:113", NULL, NULL},
        {"/a", "javascript:void(0)", NULL, NULL},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str path = STR(""), anchor = STR("");
        bool is_ours = link_resolve(*state, str_from(rows[i].base), str_from(rows[i].link),
                                    &path, &anchor);
        if (is_ours != (rows[i].path != NULL))
            fail_msg("%s: ours %d", rows[i].link, is_ours);
        if (is_ours && (!str_eq(path, str_from(rows[i].path)) ||
                        !str_eq(anchor, str_from(rows[i].anchor))))
            fail_msg("%s: %.*s # %.*s", rows[i].link, STR_ARG(path), STR_ARG(anchor));
    }
    struct str path, anchor;
    assert_false(link_resolve(*state, STR("/"), STR("/a\0b"), &path, &anchor));
}

static void outside_addresses_are_spelled(void **state)
{
    static const char *const good[] = {
        "https://vbpl.vn",
        "http://vbpl.vn/",
        "https://dichvucong.gov.vn/p/home/dvc.html?a=1#b",
        "https://a.b-c.vn:8443/x",
        "https://văn-bản.vn/x",
        "https://10.0.0.1/",
    };
    static const char *const bad[] = {
        "",
        "vbpl.vn",
        "ftp://vbpl.vn/",
        "https://",
        "https:///x",
        "https://vbpl",
        "https://.vn",
        "https://vbpl..vn",
        "https://vbpl.vn.",
        "https://-vbpl.vn",
        "https://vbpl-.vn",
        "https://vb pl.vn",
        "https://vbpl.vn/a b",
        "https://vbpl.vn/\"x\"",
        "https://vbpl.vn:0/",
        "https://vbpl.vn:65536/",
        "https://vbpl.vn:x/",
        "https://vbpl_vn.vn/",
    };
    for (size_t i = 0; i < ROWS(good); i++)
        if (!outside_link_is(str_from(good[i])))
            fail_msg("%s is one", good[i]);
    for (size_t i = 0; i < ROWS(bad); i++)
        if (outside_link_is(str_from(bad[i])))
            fail_msg("%s is none", bad[i]);
    struct str label = str_fmt(*state, "https://%063d.vn/", 0);
    assert_true(outside_link_is(label));
    assert_false(outside_link_is(str_fmt(*state, "https://%064d.vn/", 0)));
    assert_false(outside_link_is(str_fmt(*state, "https://vbpl.vn/%0*d", URL_MAX, 0)));
}

/* -- the graph -- */

struct page {
    const char *path;
    int status;
    const char *body; /* of a redirect: where it leads */
};
struct site_of_strings {
    const struct page *v;
    size_t n, asked;
};

static enum rc fetch_string(struct ctx *cx, struct str path, struct fetched *ret, void *arg)
{
    struct site_of_strings *s = arg;
    *ret = (struct fetched){
        .status = 404, .mime = STR("text/html"), .location = STR(""), .body = STR("")};
    s->asked++;
    for (size_t i = 0; i < s->n; i++) {
        if (!str_eq(path, str_from(s->v[i].path)))
            continue;
        bool leads_on = s->v[i].status >= 300 && s->v[i].status < 400;
        ret->status = s->v[i].status;
        *(leads_on ? &ret->location : &ret->body) = str_from(s->v[i].body);
        if (str_ends(path, STR(".csv")))
            ret->mime = STR("text/csv");
    }
    return RC_OK;
}

static struct crawl crawl_of(struct ctx *cx, const struct page *v, size_t n,
                             struct site_of_strings *site)
{
    static const struct str wanted[] = {{"/near", 5}, {"/far", 4}, {"/never", 6}, {"/gone", 5}};
    struct crawl c;
    *site = (struct site_of_strings){v, n, 0};
    assert_int_equal(crawl_run(cx, fetch_string, site, wanted, ROWS(wanted), &c), RC_OK);
    return c;
}

static int64_t clicks(const struct crawl *c, const char *path)
{
    return json_int(c->clicks, path, -1);
}

static void the_shortest_way_counts(void **state)
{
    static const struct page pages[] = {
        {"/", 200, "<a href='/long1'>a</a><a href='/near'>b</a><a href='/'>self</a>"},
        {"/long1", 200, "<a href='/long2'>a</a><a href='/'>round</a>"},
        {"/long2", 200, "<a href='/far'>a</a><a href='/near'>longer</a>"},
        {"/near", 200, "<a href='/gone'>"},
        {"/far", 200, ""},
    };
    struct site_of_strings site;
    struct crawl c = crawl_of(plain(state), pages, ROWS(pages), &site);
    assert_int_equal(clicks(&c, "/near"), 1);
    assert_int_equal(clicks(&c, "/far"), 3);
    assert_int_equal(clicks(&c, "/never"), -1); /* no way leads there */
    assert_int_equal(clicks(&c, "/gone"), -1);  /* a way, but it does not answer */
    assert_int_equal(c.pages, 6);
    assert_int_equal(site.asked, 6); /* each once */
    assert_int_equal(c.links, 8);
    assert_int_equal(c.nbroken, 1);
}

static void a_redirect_costs_no_click(void **state)
{
    static const struct page pages[] = {
        {"/", 200, "<a href='/old'>a</a><a href='/far'>b</a><a href='/slow'>c</a>"},
        {"/slow", 200, "<a href='/slow2'>a</a>"},
        {"/slow2", 200, "<a href='/near'>a</a>"},
        {"/old", 303, "/new"},
        {"/new", 200, "<a href='/near'>a</a>"},
        {"/near", 200, ""},
        {"/far", 303, "/login?to=/far"},
    };
    struct site_of_strings site;
    struct crawl c = crawl_of(plain(state), pages, ROWS(pages), &site);
    assert_int_equal(clicks(&c, "/near"), 2);
    assert_int_equal(clicks(&c, "/far"), 1); /* whoever is asked to sign in has arrived */
    assert_int_equal(c.nbroken, 0);
    assert_int_equal(site.asked, ROWS(pages)); /* the sign-in page of one address is none */
}

static void what_is_broken_is_told(void **state)
{
    static const struct page pages[] = {
        {"/", 200,
         "<a href='/a'>a</a><a href='/a#here'>b</a><a href='/a#there'>c</a><a href='#up'>d</a>"
         "<a href='#top'>e</a><a href='/c.csv#x'>f</a><a href='/moved#here'>g</a>"},
        {"/a", 200, "<p id='here'>x<a href='/gone'>1</a><a href='/silent'>2</a>"},
        {"/b", 200, ""},
        {"/c.csv", 200, "a,b"},
        {"/moved", 301, "/a"},
        {"/silent", 0, ""},
    };
    static const struct {
        const char *target, *anchor, *reason;
        int status;
    } rows[] = {{"/a", "there", "anchor", 200},
                {"/", "up", "anchor", 200},
                {"/gone", "", "status", 404},
                {"/silent", "", "silent", 0}};
    struct site_of_strings site;
    struct crawl c = crawl_of(plain(state), pages, ROWS(pages), &site);
    assert_int_equal(c.nbroken, ROWS(rows));
    assert_int_equal(c.broken->n, ROWS(rows));
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct json *o = json_at(c.broken, i);
        assert_str(json_str(o, "target"), rows[i].target);
        assert_str(json_str(o, "anchor"), rows[i].anchor);
        assert_str(json_str(o, "reason"), rows[i].reason);
        assert_int_equal(json_int(o, "status", -1), rows[i].status);
        assert_int_equal(json_int(o, "count", -1), 1);
    }
    assert_str(json_at(json_get(json_at(c.broken, 0), STR("where")), 0)->s, "/");
    assert_str(json_at(json_get(json_at(c.broken, 2), STR("where")), 0)->s, "/a");
}

/* One target of many pages: five are named, all are counted. */
static void where_it_stands_is_bounded(void **state)
{
    struct ctx *cx = plain(state);
    struct page pages[9];
    struct buf *b = buf_new(cx->mem, 4096);
    for (int i = 1; i < 9; i++) {
        buf_fmt(b, "<a href='/p%d'>x</a>", i);
        pages[i] = (struct page){str_fmt(cx->mem, "/p%d", i).p, 200, "<a href='/gone'>x"};
    }
    pages[0] = (struct page){"/", 200, str_z(cx->mem, buf_str(b))};
    struct site_of_strings site;
    struct crawl c = crawl_of(cx, pages, ROWS(pages), &site);
    assert_int_equal(c.nbroken, 1);
    assert_int_equal(json_int(c.broken->first, "count", 0), 8);
    assert_int_equal(json_get(c.broken->first, STR("where"))->n, CRAWL_WHERE_MAX);
}

static void addresses_that_differ_in_their_query_are_few(void **state)
{
    struct ctx *cx = plain(state);
    struct buf *b = buf_new(cx->mem, 4096);
    for (int i = 0; i < 7; i++)
        buf_fmt(b, "<a href='/near?page=%d'>x</a><a href='/near?page=%d'>twice</a>", i, i);
    buf_put(b, STR("<a href='/near'>x</a>"));
    struct page pages[] = {{"/", 200, str_z(cx->mem, buf_str(b))}, {"/near", 200, ""}};
    struct site_of_strings site;
    struct crawl c = crawl_of(cx, pages, ROWS(pages), &site);
    assert_int_equal(c.pages, 2 + CRAWL_QUERIES_MAX);
    assert_int_equal(c.unseen, 7 - CRAWL_QUERIES_MAX); /* each address once */
    assert_int_equal(clicks(&c, "/near"), 1);
    assert_int_equal(c.nbroken, CRAWL_QUERIES_MAX); /* what was not looked at is not broken */
}

static enum rc fetch_failing(struct ctx *cx, struct str path, struct fetched *ret, void *arg)
{
    return FAIL(cx, IO, NULL, "no client");
}

static void a_crawl_ends_when_asking_fails(void **state)
{
    struct ctx *cx = plain(state);
    struct arena *mem = cx->mem;
    struct crawl c;
    assert_int_equal(crawl_run(cx, fetch_failing, NULL, NULL, 0, &c), RC_IO);
    assert_ptr_equal(cx->mem, mem);
}

/* Pages without end: numbers that each lead to the next two. */
static enum rc fetch_endless(struct ctx *cx, struct str path, struct fetched *ret, void *arg)
{
    int64_t n = 0;
    (void)!str_int(str_skip(path, 2), &n);
    *ret = (struct fetched){.status = 200, .mime = STR("text/html"), .location = STR("")};
    ret->body = str_fmt(cx->mem, "<a href='/p%lld'>a</a><a href='/p%lld'>b</a>",
                        (long long)(2 * n + 1), (long long)(2 * n + 2));
    return RC_OK;
}

static void a_site_without_end_has_a_ceiling(void **state)
{
    struct ctx *cx = plain(state);
    struct crawl c;
    assert_int_equal(crawl_run(cx, fetch_endless, NULL, NULL, 0, &c), RC_OK);
    assert_int_equal(c.pages, CRAWL_PAGES_MAX);
    assert_int_equal(c.nbroken, 0);
    assert_true(c.unseen > 0);
}

/* -- other sites -- */

static void sites_are_named(void **state)
{
    static const struct {
        const char *text;
        int n; /* -1: refused */
    } rows[] = {
        {"", 0},
        {" ", 0},
        {"a=http://127.0.0.1:8080/", 1},
        {"huyen-a=http://a/ huyen-b=https://b.vn/x?y=1", 2},
        {"a.b=http://x/", 1},
        {"a", -1},
        {"=http://a/", -1},
        {"a=", -1},
        {"a=ftp://x/", -1},
        {"A=http://x/", -1},
        {"-a=http://x/", -1},
        {"a=http://x/ a=http://y/", -1},
    };
    struct ctx *cx = plain(state);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct site v[PROBE_SITES_MAX];
        size_t n = 0;
        enum rc want = rows[i].n < 0 ? RC_INVALID : RC_OK;
        enum rc rc = sites_parse(cx, str_from(rows[i].text), v, &n);
        if (rc != want || (rc == RC_OK && n != (size_t)rows[i].n))
            fail_msg("\"%s\": %s, %zu", rows[i].text, rc_name(rc), n);
        ctx_clear(cx);
    }
    struct site v[PROBE_SITES_MAX];
    size_t n;
    struct buf *b = buf_new(cx->mem, 4096);
    for (int i = 0; i < PROBE_SITES_MAX; i++)
        buf_fmt(b, "s%d=http://x/ ", i);
    assert_int_equal(sites_parse(cx, buf_str(b), v, &n), RC_OK);
    buf_put(b, STR("more=http://x/"));
    assert_int_equal(sites_parse(cx, buf_str(b), v, &n), RC_INVALID);
}

/* -- looks that were not made -- */

static void missed_looks_are_counted(void **state)
{
    static const struct {
        int64_t last, next, every, from, to, off_from, off_to;
        int64_t missed;
    } rows[] = {
        /* the look after the gap stands for its own turn */
        {0, 100, 100, 0, 1000, 0, 0, 0},
        {0, 149, 100, 0, 1000, 0, 0, 0},
        {0, 151, 100, 0, 1000, 0, 0, 1}, /* 100 was due, 151 is nearer to 200 */
        {0, 200, 100, 0, 1000, 0, 0, 1},
        {0, 1000, 100, 0, 2000, 0, 0, 9},
        /* of which days */
        {0, 1000, 100, 0, 500, 0, 0, 4},    /* 100 … 400 */
        {0, 1000, 100, 500, 2000, 0, 0, 5}, /* 500 … 900 */
        {0, 1000, 100, 450, 451, 0, 0, 0},
        {0, 1000, 100, 2000, 3000, 0, 0, 0},
        {50, 1050, 100, 0, 150, 0, 0, 0},
        {50, 1050, 100, 0, 151, 0, 0, 1},
        /* what was announced is no one's fault: [300, 500) */
        {0, 1000, 100, 0, 2000, 300, 500, 7},
        {0, 1000, 100, 0, 2000, 0, 2000, 0},
        {0, 1000, 100, 400, 2000, 300, 500, 5},
        {0, 1000, 100, 0, 2000, 5000, 6000, 9},
        {0, 1000, 0, 0, 2000, 0, 0, 0},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct span_us off = {rows[i].off_from, rows[i].off_to};
        struct span_us within = {rows[i].from, rows[i].to};
        int64_t n = looks_missed(rows[i].last, rows[i].next, rows[i].every, within, &off, 1);
        if (n != rows[i].missed)
            fail_msg("row %zu: %lld", i, (long long)n);
    }
}

/* -- pages seen, small numbers -- */

static void each_page_is_new_once(void **state)
{
    struct str seen = STR("");
    static const size_t pages[] = {0, 3, 4, 119, FORM_PAGES_MAX};
    for (size_t i = 0; i < ROWS(pages); i++)
        assert_true(seen_mark(*state, &seen, pages[i]));
    for (size_t i = 0; i < ROWS(pages); i++)
        assert_false(seen_mark(*state, &seen, pages[i]));
    assert_true(seen_mark(*state, &seen, 1));
    assert_true(seen.n <= 31);
    assert_true(str_starts(seen, STR("b1"))); /* 0, 1 and 3; 4 */
    assert_false(seen_mark(*state, &seen, FORM_PAGES_MAX + 1));
    struct str odd = STR("zz"); /* not ours: read as nothing seen */
    assert_true(seen_mark(*state, &odd, 0));
}

static void small_numbers_are_hidden(void **state)
{
    static const struct {
        int64_t k, v[5], want[5];
    } rows[] = {
        {5, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}},
        {5, {5, 9, 0, 100, 6}, {5, 9, 0, 100, 6}},
        {5, {4, 3, 0, 100, 6}, {-1, -1, 0, 100, 6}},
        /* one alone could be had by subtraction: the next smallest goes, too */
        {5, {4, 9, 0, 100, 6}, {-1, 9, 0, 100, -1}},
        {5, {1, 0, 0, 0, 0}, {-1, 0, 0, 0, 0}},
        {5, {0, 1, 7, 7, 0}, {0, -1, -1, 7, 0}},
        {0, {1, 2, 3, 4, 0}, {1, 2, 3, 4, 0}},
        {1, {1, 2, 3, 4, 0}, {1, 2, 3, 4, 0}},
        {1000, {999, 1000, 0, 0, 0}, {-1, -1, 0, 0, 0}},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t v[5];
        memcpy(v, rows[i].v, sizeof v);
        small_hide(v, 5, rows[i].k);
        for (size_t j = 0; j < 5; j++)
            if (v[j] != rows[i].want[j])
                fail_msg("row %zu, %zu: %lld", i, j, (long long)v[j]);
    }
    small_hide(NULL, 0, 5);
}

static void moments_are_read(void **state)
{
    int64_t at, same;
    assert_true(moment_parse(*state, STR("2026-11-24T20:00"), &at));
    assert_true(time_parse(STR("2026-11-24T13:00:00Z"), &same));
    assert_int_equal(at, same);
    assert_true(moment_parse(*state, STR("2026-11-24 20:00"), &at));
    assert_int_equal(at, same);
    assert_true(moment_parse(*state, STR("2026-11-24T20:00:00+07:00"), &at));
    assert_int_equal(at, same);
    static const char *const bad[] = {"",
                                      "tomorrow",
                                      "2026-11-24",
                                      "20:00",
                                      "2026-13-24T20:00",
                                      "2026-11-24T25:00",
                                      "2026-11-24X20:00"};
    for (size_t i = 0; i < ROWS(bad); i++)
        assert_false(moment_parse(*state, str_from(bad[i]), &at));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(links_are_read),
        UNIT(places_of_a_page_are_known),
        UNIT(a_page_has_a_ceiling),
        UNIT(addresses_are_resolved),
        UNIT(outside_addresses_are_spelled),
        UNIT(the_shortest_way_counts),
        UNIT(a_redirect_costs_no_click),
        UNIT(what_is_broken_is_told),
        UNIT(where_it_stands_is_bounded),
        UNIT(addresses_that_differ_in_their_query_are_few),
        UNIT(a_crawl_ends_when_asking_fails),
        UNIT(a_site_without_end_has_a_ceiling),
        UNIT(sites_are_named),
        UNIT(missed_looks_are_counted),
        UNIT(each_page_is_new_once),
        UNIT(small_numbers_are_hidden),
        UNIT(moments_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
