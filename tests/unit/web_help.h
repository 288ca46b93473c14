/* web_help.h - a client that sends what it is told and shows what comes back. */
#ifndef TESTS_WEB_HELP_H
#define TESTS_WEB_HELP_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "web/web.h"

/* A request line and what every request has. */
#define HEAD(line) line " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"

static inline int dial(const struct web *w)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in sa = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)web_port(w)),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    assert_int_equal(connect(fd, (struct sockaddr *)&sa, sizeof sa), 0);
    return fd;
}

static inline void put(int fd, struct str text)
{
    while (text.n) {
        ssize_t n = send(fd, text.p, text.n, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        text = str_skip(text, (size_t)n);
    }
}

/* What comes within the time, until `until` was seen (NULL: until the end). */
static inline struct str get(struct arena *mem, int fd, const char *until, int ms)
{
    size_t room = 1 << 18, n = 0;
    char *p = arena_alloc(mem, room);
    struct pollfd pfd = {.fd = fd, .events = POLLIN};
    while (n < room && poll(&pfd, 1, ms) > 0) {
        ssize_t got = recv(fd, p + n, room - n, 0);
        if (got <= 0)
            break;
        n += (size_t)got;
        if (until && str_has(str_n(p, n), str_from(until)))
            break;
    }
    return str_n(p, n);
}

static inline struct str ask_n(struct arena *mem, const struct web *w, struct str request)
{
    int fd = dial(w);
    put(fd, request);
    struct str answer = get(mem, fd, NULL, 5000);
    close(fd);
    return answer;
}

static inline struct str ask(struct arena *mem, const struct web *w, const char *request)
{
    return ask_n(mem, w, str_from(request));
}

static inline struct str post_json(struct arena *mem, const struct web *w, const char *path,
                                   const char *more, struct str body)
{
    struct str head = str_fmt(mem,
                              "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                              "Content-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n",
                              path, more, body.n);
    return ask_n(mem, w, str_join(mem, head, body));
}

static inline int status_of(struct str answer)
{
    int64_t n = 0;
    if (!str_starts(answer, STR("HTTP/1.1 ")) || !str_int(str_cut(answer, 9, 12), &n))
        return 0;
    return (int)n;
}

static inline struct str between(struct str s, const char *from, const char *to)
{
    const char *at = memmem(s.p, s.n, from, strlen(from));
    if (!at)
        return STR("");
    struct str rest = str_skip(s, (size_t)(at - s.p) + strlen(from));
    const char *end = memmem(rest.p, rest.n, to, strlen(to));
    return end ? str_n(rest.p, (size_t)(end - rest.p)) : STR("");
}

#define assert_status(answer, status)                                                          \
    do {                                                                                       \
        struct str a_ = (answer);                                                              \
        if (status_of(a_) != (status))                                                         \
            fail_msg("not %d:\n%.*s", status, STR_ARG(a_));                                    \
    } while (0)

static inline void assert_has(struct str text, const char *part)
{
    if (!str_has(text, str_from(part)))
        fail_msg("no \"%s\" in:\n%.*s", part, STR_ARG(text));
}

static inline void assert_lacks(struct str text, const char *part)
{
    if (str_has(text, str_from(part)))
        fail_msg("\"%s\" in:\n%.*s", part, STR_ARG(text));
}

#endif
