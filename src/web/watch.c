/* watch.c - counters, the access log, and connections that take too long. */
#include "web/web_priv.h"

#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUCKETS = 12, LOG_BYTES = 64 * 1024, LOG_LINE_MAX = 512 };

/* Upper bounds in microseconds; the last bucket takes the rest. */
static const int64_t bounds[BUCKETS] = {100,   250,   500,    1000,   2500,    5000,
                                        10000, 25000, 100000, 500000, 2500000, INT64_MAX};

struct stats {
    atomic_llong by_class[6], bucket[BUCKETS], sum_us, refused, sent;
    pthread_mutex_t lock; /* of the log's text */
    size_t n;
    char text[LOG_BYTES];
};

struct stats *stats_new(struct arena *mem)
{
    struct stats *s = arena_new_of(mem, struct stats);
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

static void log_write(struct stats *s)
{
    for (size_t at = 0; at < s->n;) {
        ssize_t n = write(STDERR_FILENO, s->text + at, s->n - at);
        if (n <= 0)
            break;
        at += (size_t)n;
    }
    s->n = 0;
}

void stats_flush(struct web *w)
{
    pthread_mutex_lock(&w->stats->lock);
    log_write(w->stats);
    pthread_mutex_unlock(&w->stats->lock);
}

/* One line a request, gathered and written a few times a second. The path pattern and not the
 * path, no query, no name, no address: nothing personal. */
static void access_log(struct web *w, const struct req *rq, bool is_complete, int64_t us)
{
    const struct ctx *cx = rq->cx;
    char line[LOG_LINE_MAX];
    int n =
        snprintf(line, sizeof line,
                 "access request=%llx %s %s status=%d us=%lld wait=%lld bytes=%zu "
                 "queries=%u writes=%u mem=%zu%s\n",
                 (unsigned long long)cx->request, method_name(rq->method),
                 rq->route ? rq->route->path : "-", rq->reply.status, (long long)us,
                 (long long)(rq->queued_us - rq->start_us), rq->reply.body.n, cx->cost.queries,
                 cx->cost.writes, arena_used(cx->mem), is_complete ? "" : " aborted");
    size_t len = n < LOG_LINE_MAX ? (size_t)n : LOG_LINE_MAX - 1;
    pthread_mutex_lock(&w->stats->lock);
    if (w->stats->n + len > LOG_BYTES)
        log_write(w->stats);
    memcpy(w->stats->text + w->stats->n, line, len);
    w->stats->n += len;
    pthread_mutex_unlock(&w->stats->lock);
}

static void add(atomic_llong *a, int64_t n)
{
    atomic_fetch_add_explicit(a, n, memory_order_relaxed);
}

void stats_request(struct web *w, const struct req *rq, bool is_complete)
{
    struct stats *s = w->stats;
    int64_t us = time_monotonic() - rq->start_us;
    int bucket = 0;
    while (us > bounds[bucket])
        bucket++;
    add(&s->by_class[rq->reply.status / 100 % 6], 1);
    add(&s->bucket[bucket], 1);
    add(&s->sum_us, us);
    add(&s->sent, (int64_t)rq->reply.body.n);
    if (w->log_access)
        access_log(w, rq, is_complete, us);
}

void stats_refused(struct web *w)
{
    add(&w->stats->refused, 1);
    add(&w->stats->by_class[5], 1);
}

/* -- Prometheus text format 0.0.4 -- */

static long long get(const atomic_llong *a)
{
    return atomic_load_explicit(a, memory_order_relaxed);
}

static void histogram_print(struct buf *b, const struct stats *s)
{
    long long count = 0;
    buf_put(b, STR("# TYPE motcua_http_request_seconds histogram\n"));
    for (int i = 0; i < BUCKETS; i++) {
        count += get(&s->bucket[i]);
        if (i < BUCKETS - 1)
            buf_fmt(b, "motcua_http_request_seconds_bucket{le=\"%lld.%06lld\"} %lld\n",
                    (long long)(bounds[i] / 1000000), (long long)(bounds[i] % 1000000), count);
    }
    long long us = get(&s->sum_us);
    buf_fmt(b,
            "motcua_http_request_seconds_bucket{le=\"+Inf\"} %lld\n"
            "motcua_http_request_seconds_sum %lld.%06lld\n"
            "motcua_http_request_seconds_count %lld\n",
            count, us / 1000000, us % 1000000, count);
}

static void value_print(struct buf *b, const char *name, const char *type, long long value)
{
    buf_fmt(b, "# TYPE motcua_%s %s\nmotcua_%s %lld\n", name, type, name, value);
}

static void store_print(struct buf *b, const struct store *st)
{
    struct store_stats s = store_stats(st);
    value_print(b, "store_groups_total", "counter", s.groups);
    value_print(b, "store_turns_total", "counter", s.turns);
    value_print(b, "store_rollbacks_total", "counter", s.rollbacks);
    value_print(b, "store_flush_microseconds_total", "counter", s.flush_us);
    value_print(b, "store_turns_waiting", "gauge", s.waiting);
}

struct str stats_text(struct ctx *cx, const struct web *w)
{
    const struct stats *s = w->stats;
    struct buf *b = buf_new(cx->mem, 16 * 1024);
    buf_put(b, STR("# TYPE motcua_http_requests_total counter\n"));
    for (int i = 2; i < 6; i++)
        buf_fmt(b, "motcua_http_requests_total{class=\"%dxx\"} %lld\n", i,
                get(&s->by_class[i]));
    histogram_print(b, s);
    value_print(b, "http_refused_total", "counter", get(&s->refused));
    value_print(b, "http_reply_bytes_total", "counter", get(&s->sent));
    value_print(b, "http_queue_length", "gauge", pool_waiting(w->workers));
    value_print(b, "http_login_queue_length", "gauge", pool_waiting(w->logins));
    value_print(b, "http_requests_running", "gauge", atomic_load(&w->running));
    value_print(b, "http_body_bytes_held", "gauge", (long long)atomic_load(&w->held));
    value_print(b, "http_connections", "gauge", clients_open(w->clients));
    value_print(b, "http_event_streams", "gauge", events_open(w->events));
    if (w->app->store)
        store_print(b, w->app->store);
    return buf_str(b);
}
