/* fetch.c - asking for one page over HTTP: what answered, how fast. */
#include <curl/curl.h>

#include "app/app.h"
#include "quality/quality_priv.h"

enum { CONNECT_MS = 3000, WHOLE_MS = 10000 };

struct fetcher {
    CURL *curl;
    struct str base;
};

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    buf_put(arg, str_n(p, size * n)); /* what is over the bound is let go, not an error */
    return size * n;
}

static void fetcher_end(void *arg)
{
    curl_easy_cleanup(arg);
}

enum rc fetcher_new(struct ctx *cx, struct str base, struct fetcher **ret)
{
    struct fetcher *f = arena_new_of(cx->mem, struct fetcher);
    f->base = str_ends(base, STR("/")) ? str_cut(base, 0, base.n - 1) : base;
    f->curl = curl_easy_init();
    if (!f->curl)
        return FAIL(cx, IO, NULL, "no client");
    arena_on_free(cx->mem, fetcher_end, f->curl);
    curl_easy_setopt(f->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(f->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(f->curl, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
    curl_easy_setopt(f->curl, CURLOPT_NOSIGNAL, 1L); /* this process has threads */
    curl_easy_setopt(f->curl, CURLOPT_PROXY, "");    /* the place itself is looked at */
    curl_easy_setopt(f->curl, CURLOPT_USERAGENT, "motcua-quality/1");
    curl_easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, on_body);
    *ret = f;
    return RC_OK;
}

static struct str header_of(struct ctx *cx, CURL *c, const char *name)
{
    struct curl_header *h;
    if (curl_easy_header(c, name, 0, CURLH_HEADER, -1, &h) != CURLHE_OK)
        return STR("");
    return str_dup(cx->mem, str_from(h->value));
}

enum rc fetch_page(struct ctx *cx, struct str path, struct fetched *ret, void *arg)
{
    struct fetcher *f = arg;
    struct buf *body = buf_new(cx->mem, FETCH_BYTES_MAX);
    struct str url = str_fmt(cx->mem, "%.*s%.*s", STR_ARG(f->base), STR_ARG(path));
    long status = 0;
    curl_off_t us = 0;
    *ret = (struct fetched){.mime = STR(""), .location = STR(""), .body = STR("")};
    curl_easy_setopt(f->curl, CURLOPT_URL, url.p);
    curl_easy_setopt(f->curl, CURLOPT_WRITEDATA, body);
    if (curl_easy_perform(f->curl) != CURLE_OK)
        return RC_OK;
    curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(f->curl, CURLINFO_TOTAL_TIME_T, &us);
    ret->status = (int)status;
    ret->us = us;
    ret->mime = header_of(cx, f->curl, "Content-Type");
    ret->location = header_of(cx, f->curl, "Location");
    ret->body = buf_str(body);
    return RC_OK;
}

struct str loopback_base(struct ctx *cx)
{
    struct str bind = cx->app->settings.http_bind;
    if (!cx->app->web)
        return STR_NULL;
    if (str_eq(bind, STR("0.0.0.0")))
        bind = STR("127.0.0.1");
    if (str_eq(bind, STR("::")))
        bind = STR("::1");
    bool is_six = str_find(bind, ':', 0) < bind.n;
    return str_fmt(cx->mem, is_six ? "http://[%.*s]:%d" : "http://%.*s:%d", STR_ARG(bind),
                   web_port(cx->app->web));
}
