/* test_serve.c - the pool, its queue's ceiling, clients' places, counters, arenas at rest. */
#include "unit/harness.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/clients.h"
#include "serve/pool.h"
#include "serve/stats.h"
#include "serve/stock.h"

/* -- pool -- */

struct job {
    struct work work; /* first, as it must be */
    int id;
    struct job *again; /* pushed ahead of others when this one runs */
};

struct bench {
    pthread_mutex_t lock;
    pthread_cond_t open;
    bool is_open;
    int order[64], n;
    atomic_int begun, ended;
    struct pool *pool;
};

static void *bench_begin(void *arg)
{
    struct bench *b = arg;
    atomic_fetch_add(&b->begun, 1);
    return b;
}

static void bench_end(void *own)
{
    struct bench *b = own;
    atomic_fetch_add(&b->ended, 1);
}

static void bench_run(void *own, struct work *w)
{
    struct bench *b = own;
    struct job *j = (struct job *)w;
    pthread_mutex_lock(&b->lock);
    while (!b->is_open)
        pthread_cond_wait(&b->open, &b->lock);
    b->order[b->n++] = j->id;
    pthread_mutex_unlock(&b->lock);
    if (j->again)
        pool_push_first(b->pool, &j->again->work);
}

static void bench_let(struct bench *b)
{
    pthread_mutex_lock(&b->lock);
    b->is_open = true;
    pthread_cond_broadcast(&b->open);
    pthread_mutex_unlock(&b->lock);
}

static struct bench *bench_new(struct arena *mem, unsigned threads, unsigned max)
{
    struct bench *b = arena_new_of(mem, struct bench);
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->open, NULL);
    struct pool_setup s = {threads, max, bench_begin, bench_run, bench_end, b};
    b->pool = pool_start(mem, &s);
    assert_non_null(b->pool);
    return b;
}

static void job_push(struct arena *mem, struct bench *b, int id, int again)
{
    struct job *j = arena_new_of(mem, struct job);
    j->id = id;
    if (again) {
        j->again = arena_new_of(mem, struct job);
        j->again->id = again;
    }
    assert_true(pool_reserve(b->pool));
    pool_push(b->pool, &j->work);
}

/* The only thread holds the first; the queue has its places, and not one more. */
static void queue_ceiling(void **state)
{
    struct bench *b = bench_new(*state, 1, 3);
    job_push(*state, b, 1, 0);
    for (int i = 0; i < 2000 && pool_waiting(b->pool); i++)
        usleep(1000);
    assert_int_equal(pool_waiting(b->pool), 0);
    for (int id = 2; id <= 4; id++)
        job_push(*state, b, id, id == 2 ? 20 : 0);
    assert_int_equal(pool_waiting(b->pool), 3);
    for (int i = 0; i < 5; i++)
        assert_false(pool_reserve(b->pool));
    assert_int_equal(pool_waiting(b->pool), 3); /* a refusal takes no place */
    bench_let(b);
    pool_stop(b->pool);
    /* all of it ran, and what came back went ahead of new work */
    static const int want[] = {1, 2, 20, 3, 4};
    assert_int_equal(b->n, 5);
    assert_memory_equal(b->order, want, sizeof want);
    assert_int_equal(b->begun, 1);
    assert_int_equal(b->ended, 1);
}

static void many_threads(void **state)
{
    struct bench *b = bench_new(*state, 8, 50);
    bench_let(b);
    for (int id = 1; id <= 50; id++)
        job_push(*state, b, id, 0);
    pool_stop(b->pool);
    assert_int_equal(b->n, 50);
    assert_int_equal(b->begun, 8);
    assert_int_equal(b->ended, 8);
    int sum = 0;
    for (int i = 0; i < 50; i++)
        sum += b->order[i];
    assert_int_equal(sum, 50 * 51 / 2); /* each once */
}

static void idle_pool(void **state)
{
    struct bench *b = bench_new(*state, 4, 1);
    pool_stop(b->pool);
    assert_int_equal(b->n, 0);
    assert_int_equal(b->ended, 4);
    struct pool_setup none = {.threads = 0, .max = 1, .run = bench_run, .arg = b};
    assert_null(pool_start(*state, &none));
}

/* -- clients -- */

static void addresses(void **state)
{
    static const struct {
        const char *address;
        bool is_loopback;
    } rows[] = {
        {"127.0.0.1", true},
        {"127.255.255.254", true},
        {"128.0.0.1", false},
        {"10.0.0.1", false},
        {"::1", true},
        {"::2", false},
        {"2001:db8::1", false},
        {"::ffff:127.0.0.1", true}, /* a v4 client of a v6 socket */
        {"::ffff:10.0.0.1", false},
    };
    struct clients *cs = clients_new(*state, 1, SECOND_US);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct sockaddr_in v4 = {.sin_family = AF_INET};
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
        bool is_v4 = inet_pton(AF_INET, rows[i].address, &v4.sin_addr) == 1;
        assert_true(is_v4 || inet_pton(AF_INET6, rows[i].address, &v6.sin6_addr) == 1);
        struct client *c =
            client_open(cs, 0, is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6);
        bool is_loopback;
        assert_non_null(c);
        assert_str(client_address(c, &is_loopback), rows[i].address);
        if (is_loopback != rows[i].is_loopback)
            fail_msg("%s", rows[i].address);
        client_close(cs, c);
    }
    bool is_loopback = true;
    struct client *c = client_open(cs, 0, NULL);
    assert_str(client_address(c, &is_loopback), "");
    assert_false(is_loopback);
}

static void places(void **state)
{
    struct clients *cs = clients_new(*state, 3, SECOND_US);
    struct client *c[3];
    for (int i = 0; i < 3; i++)
        assert_non_null(c[i] = client_open(cs, 100 + i, NULL));
    assert_int_equal(clients_open(cs), 3);
    assert_null(client_open(cs, 103, NULL));
    assert_int_equal(clients_open(cs), 3);
    client_close(cs, c[1]);
    assert_int_equal(clients_open(cs), 2);
    assert_ptr_equal(client_open(cs, 104, NULL), c[1]);
    assert_null(client_open(cs, 105, NULL));
    for (int i = 0; i < 3; i++)
        client_close(cs, c[i]);
    assert_int_equal(clients_open(cs), 0);
}

static bool is_shut(int fd)
{
    char byte;
    return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

/* A head has the limit, a body ten of it, our own work none. */
static void time_limits(void **state)
{
    static const struct {
        enum client_wait wait;
        int64_t limits; /* of ours, that the client has */
    } rows[] = {{CLIENT_HEAD, 1}, {CLIENT_BODY, 10}, {CLIENT_NOTHING, 0}};
    const int64_t limit = MINUTE_US;
    for (size_t i = 0; i < ROWS(rows); i++) {
        int fd[2];
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
        struct clients *cs = clients_new(*state, 2, limit);
        struct client *c = client_open(cs, fd[0], NULL);
        client_wait(cs, c, rows[i].wait);
        int64_t now = time_monotonic(), over = rows[i].limits * limit;
        clients_tick(cs, now + (rows[i].limits ? over - SECOND_US : 100 * DAY_US));
        assert_false(is_shut(fd[1]));
        if (rows[i].limits) {
            clients_tick(cs, now + over + SECOND_US);
            assert_true(is_shut(fd[1]));
        }
        client_close(cs, c);
        clients_tick(cs, now + 100 * DAY_US); /* a free place is nobody's */
        close(fd[0]);
        close(fd[1]);
    }
}

/* -- counters -- */

static void assert_line(struct arena *mem, struct str text, const char *line)
{
    struct str with = str_fmt(mem, "\n%s\n", line);
    if (!str_has(text, with))
        fail_msg("no line \"%s\" in\n%.*s", line, STR_ARG(text));
}

static void counters(void **state)
{
    struct stats *s = stats_new(*state, false);
    static const struct {
        int status;
        int64_t us;
    } rows[] = {{200, 0},       {204, 100},     {303, 101},
                {404, 2500000}, {503, 2500001}, {500, INT64_C(90000000)},
                {100, 5}};
    for (size_t i = 0; i < ROWS(rows); i++)
        stats_add(s, &(struct stats_entry){.method = "GET",
                                           .path = "/",
                                           .status = rows[i].status,
                                           .us = rows[i].us,
                                           .bytes = 10});
    stats_refused(s);
    struct buf *b = buf_new(*state, 1 << 16);
    stats_print(b, s);
    struct str text = buf_str(b);
    assert_true(str_ends(text, STR("\n")));
    static const char *const lines[] = {
        "motcua_http_requests_total{class=\"2xx\"} 2",
        "motcua_http_requests_total{class=\"3xx\"} 1",
        "motcua_http_requests_total{class=\"4xx\"} 1",
        "motcua_http_requests_total{class=\"5xx\"} 2",
        "# TYPE motcua_http_request_seconds histogram",
        "motcua_http_request_seconds_bucket{le=\"0.000100\"} 3", /* a bound is within */
        "motcua_http_request_seconds_bucket{le=\"0.000250\"} 4",
        "motcua_http_request_seconds_bucket{le=\"0.500000\"} 4",
        "motcua_http_request_seconds_bucket{le=\"2.500000\"} 5",
        "motcua_http_request_seconds_bucket{le=\"+Inf\"} 7",
        "motcua_http_request_seconds_count 7",
        "motcua_http_request_seconds_sum 95.000207",
        "# TYPE motcua_http_refused_total counter",
        "motcua_http_refused_total 1",
        "motcua_http_reply_bytes_total 70",
    };
    for (size_t i = 0; i < ROWS(lines); i++)
        assert_line(*state, text, lines[i]);
}

/* The access log: gathered, written whole, a long line cut; caught through a pipe. */
static void access_log(void **state)
{
    int fd[2], old = dup(STDERR_FILENO);
    char long_path[700], got[8192];
    memset(long_path, 'p', sizeof long_path);
    long_path[sizeof long_path - 1] = 0;
    struct stats *s = stats_new(*state, true);
    assert_int_equal(pipe(fd), 0);
    fflush(stderr);
    dup2(fd[1], STDERR_FILENO);
    stats_add(s, &(struct stats_entry){.request = 0xabc,
                                       .method = "GET",
                                       .path = "/a/{code}",
                                       .status = 200,
                                       .us = 7,
                                       .bytes = 9,
                                       .queries = 2});
    stats_add(s, &(struct stats_entry){
                     .method = "PUT", .path = "/b", .status = 499, .is_aborted = true});
    stats_add(s, &(struct stats_entry){.method = "GET", .path = long_path, .status = 200});
    stats_flush(s);
    stats_flush(s); /* nothing twice */
    dup2(old, STDERR_FILENO);
    close(old);
    close(fd[1]);
    size_t n = 0;
    for (ssize_t more; (more = read(fd[0], got + n, sizeof got - n)) > 0;)
        n += (size_t)more;
    close(fd[0]);
    struct str text = str_n(got, n), line;
    text = str_split(text, '\n', &line);
    assert_str(line,
               "access request=abc GET /a/{code} status=200 us=7 wait=0 bytes=9 queries=2 "
               "writes=0 mem=0");
    text = str_split(text, '\n', &line);
    assert_true(str_ends(line, STR(" mem=0 aborted")));
    text = str_split(text, '\n', &line);
    assert_true(str_starts(line, STR("access request=0 GET ppp")) && line.n < 512);
    assert_true(text.p &&
                text.n == 0); /* a cut line still ends as a line, and nothing follows */
}

/* -- arenas at rest -- */

static int closed;

static void count_close(void *arg)
{
    closed++;
}

static void stocks(void **state)
{
    struct stock *s = stock_new(*state, 1 << 20);
    struct arena *one = stock_take(s);
    size_t fresh = arena_used(one);
    arena_alloc(one, 1000);
    arena_on_free(one, count_close, NULL);
    closed = 0;
    stock_give(s, one);
    assert_int_equal(closed, 1); /* at once, not with the next request */
    struct arena *again = stock_take(s);
    assert_ptr_equal(again, one);
    assert_int_equal(arena_used(again), fresh);
    stock_give(s, again);
    static struct arena *many[STOCK_MAX + 5];
    for (int i = 0; i < STOCK_MAX + 5; i++)
        many[i] = stock_take(s);
    for (int i = 0; i < STOCK_MAX + 5; i++)
        stock_give(s, many[i]); /* beyond the ceiling they are freed: leaks are told by ASan */
    stock_empty(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(queue_ceiling), UNIT(many_threads), UNIT(idle_pool),
        UNIT(addresses),     UNIT(places),       UNIT(time_limits),
        UNIT(counters),      UNIT(access_log),   UNIT(stocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
