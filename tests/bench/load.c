/* load.c - sends one request over and over on many connections and checks each answer.
 *
 * One thread and epoll, so that the client takes little of two cores. An answer counts only
 * with status 201 and the text that must stand in it. Bounded in time and in requests; prints
 * one JSON object. usage: load PORT CONNECTIONS SECONDS PATH BODYFILE TOKEN NEEDLE [key] */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 1024, ANSWER_MAX = 32768, REQUEST_MAX = 65536, SAMPLES_MAX = 4 << 20 };

struct conn {
    int fd;
    int64_t sent_us;
    size_t got;
    char answer[ANSWER_MAX + 1];
};
struct load {
    const char *path, *token, *needle;
    char *body;
    size_t nbody;
    bool with_key;
    int epoll;
    int64_t until_us;
    uint64_t run; /* keys of two runs differ */
    unsigned sent, ok, wrong, open;
    uint32_t *samples;
    struct conn *conns;
};

static int64_t now_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * 1000000LL + ts.tv_nsec / 1000;
}

static void die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void request_send(struct load *l, struct conn *c)
{
    static char text[REQUEST_MAX];
    int n = snprintf(text, sizeof text,
                     "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                     "Authorization: Bearer %s\r\nContent-Length: %zu\r\n",
                     l->path, l->token, l->nbody);
    if (l->with_key)
        n += snprintf(text + n, sizeof text - (size_t)n, "Idempotency-Key: %016llx-%08u\r\n",
                      (unsigned long long)l->run, l->sent);
    n += snprintf(text + n, sizeof text - (size_t)n, "\r\n");
    memcpy(text + n, l->body, l->nbody);
    c->got = 0;
    c->sent_us = now_us();
    l->sent++;
    if (write(c->fd, text, (size_t)n + l->nbody) != n + (ssize_t)l->nbody)
        die("write"); /* a request is smaller than a socket's buffer */
}

/* Bytes of the whole answer, 0 while its head is not there. */
static size_t answer_size(const struct conn *c)
{
    const char *end = strstr(c->answer, "\r\n\r\n");
    const char *length = strcasestr(c->answer, "\r\ncontent-length:");
    if (!end || !length || length > end)
        return 0;
    return (size_t)(end + 4 - c->answer) + strtoul(length + 17, NULL, 10);
}

static void answer_take(struct load *l, struct conn *c)
{
    bool ok = strncmp(c->answer, "HTTP/1.1 201", 12) == 0 && strstr(c->answer, l->needle);
    unsigned n = l->ok + l->wrong;
    if (n < SAMPLES_MAX)
        l->samples[n] = (uint32_t)(now_us() - c->sent_us);
    if (!ok && l->wrong == 0)
        fprintf(stderr, "load: a wrong answer: %.400s\n", c->answer);
    l->ok += ok;
    l->wrong += !ok;
    if (now_us() < l->until_us && l->sent < SAMPLES_MAX) {
        request_send(l, c);
        return;
    }
    close(c->fd);
    l->open--;
}

static void on_ready(struct load *l, struct conn *c)
{
    ssize_t n = read(c->fd, c->answer + c->got, ANSWER_MAX - c->got);
    if (n <= 0)
        die(n ? "read" : "the server closed a connection");
    c->got += (size_t)n;
    c->answer[c->got] = 0;
    size_t size = answer_size(c);
    if (size > ANSWER_MAX)
        die("an answer over the limit");
    if (size && c->got >= size)
        answer_take(l, c);
}

static void conn_open(struct load *l, struct conn *c, int port)
{
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
    int one = 1;
    inet_pton(AF_INET, "127.0.0.1", &sa.sin_addr);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c->fd, (struct sockaddr *)&sa, sizeof sa) != 0)
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &ev);
    l->open++;
    request_send(l, c);
}

static int sample_cmp(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void report(struct load *l, double seconds)
{
    struct rusage u;
    unsigned n = l->ok + l->wrong;
    getrusage(RUSAGE_SELF, &u);
    double cpu = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
                 (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
    qsort(l->samples, n, sizeof *l->samples, sample_cmp);
    printf("{\"ok\":%u,\"wrong\":%u,\"seconds\":%.3f,\"rate\":%.1f,\"p50_ms\":%.3f,"
           "\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%.3f,\"client_cpu_s\":%.3f}\n",
           l->ok, l->wrong, seconds, l->ok / seconds, l->samples[n / 2] / 1e3,
           l->samples[(uint64_t)n * 99 / 100] / 1e3, l->samples[(uint64_t)n * 999 / 1000] / 1e3,
           n ? l->samples[n - 1] / 1e3 : 0, cpu);
}

static void body_read(struct load *l, const char *file)
{
    FILE *f = fopen(file, "rb");
    if (!f)
        die(file);
    l->body = malloc(REQUEST_MAX / 2);
    l->nbody = fread(l->body, 1, REQUEST_MAX / 2, f);
    fclose(f);
}

int main(int argc, char **argv)
{
    if (argc < 8)
        return 2;
    int connections = (int)strtol(argv[2], NULL, 10);
    struct load l = {.path = argv[4], .token = argv[6], .needle = argv[7]};
    if (connections < 1 || connections > CONNECTIONS_MAX)
        return 2;
    l.with_key = argc > 8;
    l.run = (uint64_t)now_us() * 0x9E3779B97F4A7C15u;
    body_read(&l, argv[5]);
    l.samples = calloc(SAMPLES_MAX, sizeof *l.samples);
    l.conns = calloc((size_t)connections, sizeof *l.conns);
    l.epoll = epoll_create1(0);
    int64_t from = now_us();
    l.until_us = from + (int64_t)(strtod(argv[3], NULL) * 1e6);
    for (int i = 0; i < connections; i++)
        conn_open(&l, &l.conns[i], (int)strtol(argv[1], NULL, 10));
    while (l.open) {
        struct epoll_event ev[64];
        int n = epoll_wait(l.epoll, ev, 64, 10000);
        if (n <= 0)
            die("no answer for ten seconds");
        for (int i = 0; i < n; i++)
            on_ready(&l, ev[i].data.ptr);
    }
    report(&l, (double)(now_us() - from) / 1e6);
    return l.wrong != 0;
}
