/* stats.c - counters of answers and the access log. */
#include "serve/stats.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { BUCKETS = 12, LOG_BYTES = 64 * 1024, LOG_LINE_MAX = 512 };

/* Upper bounds in microseconds; the last bucket takes the rest. */
static const int64_t bounds[BUCKETS] = {100,   250,   500,    1000,   2500,    5000,
                                        10000, 25000, 100000, 500000, 2500000, INT64_MAX};

struct stats {
    atomic_llong by_class[6], bucket[BUCKETS], sum_us, refused, sent;
    bool log_access;
    pthread_mutex_t lock; /* of the log's text */
    size_t n;
    char text[LOG_BYTES];
};

struct stats *stats_new(struct arena *mem, bool log_access)
{
    struct stats *s = arena_new_of(mem, struct stats);
    s->log_access = log_access;
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

void stats_flush(struct stats *s)
{
    pthread_mutex_lock(&s->lock);
    log_write(s);
    pthread_mutex_unlock(&s->lock);
}

/* One line a request, gathered and written a few times a second. */
static void access_log(struct stats *s, const struct stats_entry *e)
{
    char line[LOG_LINE_MAX];
    int n = snprintf(line, sizeof line,
                     "access request=%llx %s %s status=%d us=%lld wait=%lld bytes=%zu "
                     "queries=%u writes=%u mem=%zu%s\n",
                     (unsigned long long)e->request, e->method, e->path, e->status,
                     (long long)e->us, (long long)e->wait_us, e->bytes, e->queries, e->writes,
                     e->mem, e->is_aborted ? " aborted" : "");
    size_t len = n < LOG_LINE_MAX ? (size_t)n : LOG_LINE_MAX - 1;
    line[len - 1] = '\n'; /* also when it was cut */
    pthread_mutex_lock(&s->lock);
    if (s->n + len > LOG_BYTES)
        log_write(s);
    memcpy(s->text + s->n, line, len);
    s->n += len;
    pthread_mutex_unlock(&s->lock);
}

static void add(atomic_llong *a, int64_t n)
{
    atomic_fetch_add_explicit(a, n, memory_order_relaxed);
}

void stats_add(struct stats *s, const struct stats_entry *e)
{
    int bucket = 0;
    while (e->us > bounds[bucket])
        bucket++;
    add(&s->by_class[e->status / 100 % 6], 1);
    add(&s->bucket[bucket], 1);
    add(&s->sum_us, e->us);
    add(&s->sent, (int64_t)e->bytes);
    if (s->log_access)
        access_log(s, e);
}

void stats_refused(struct stats *s)
{
    add(&s->refused, 1);
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

void stats_value(struct buf *b, const char *name, const char *type, long long value)
{
    buf_fmt(b, "# TYPE motcua_%s %s\nmotcua_%s %lld\n", name, type, name, value);
}

void stats_print(struct buf *b, const struct stats *s)
{
    buf_put(b, STR("# TYPE motcua_http_requests_total counter\n"));
    for (int i = 2; i < 6; i++)
        buf_fmt(b, "motcua_http_requests_total{class=\"%dxx\"} %lld\n", i,
                get(&s->by_class[i]));
    histogram_print(b, s);
    stats_value(b, "http_refused_total", "counter", get(&s->refused));
    stats_value(b, "http_reply_bytes_total", "counter", get(&s->sent));
}
