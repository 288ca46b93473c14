/* clients.c - open connections, and the end of those that take too long. */
#include "serve/clients.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

enum { BODY_TIMES = 10 };

struct client {
    struct client *next_free;
    int fd;                   /* -1: a free place */
    _Atomic int64_t until_us; /* monotonic; 0: we are at work, the client is not waited for */
    int64_t gone_us;          /* until_us when it was first seen to have hung up */
    bool is_loopback;
    char address[INET6_ADDRSTRLEN];
};

struct clients {
    pthread_mutex_t lock;
    int64_t limit_us;
    unsigned n, open;
    struct client *free;
    struct client *all;
};

struct clients *clients_new(struct arena *mem, unsigned most, int64_t limit_us)
{
    struct clients *c = arena_new_of(mem, struct clients);
    pthread_mutex_init(&c->lock, NULL);
    c->limit_us = limit_us;
    c->n = most;
    c->all = arena_array(mem, struct client, most);
    for (unsigned i = most; i-- > 0;) {
        c->all[i].next_free = c->free;
        c->all[i].fd = -1;
        c->free = &c->all[i];
    }
    return c;
}

static void address_read(struct client *c, const struct sockaddr *sa)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)sa;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)sa;
    c->address[0] = 0;
    c->is_loopback = false;
    if (sa && sa->sa_family == AF_INET) {
        inet_ntop(AF_INET, &v4->sin_addr, c->address, sizeof c->address);
        c->is_loopback = ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    } else if (sa && sa->sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &v6->sin6_addr, c->address, sizeof c->address);
        c->is_loopback =
            IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) ||
            (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr) && v6->sin6_addr.s6_addr[12] == 127);
    }
}

struct client *client_open(struct clients *cs, int fd, const struct sockaddr *sa)
{
    pthread_mutex_lock(&cs->lock);
    struct client *c = cs->free;
    if (c) {
        cs->free = c->next_free;
        cs->open++;
        address_read(c, sa);
        c->fd = fd;
        c->gone_us = 0;
        c->until_us = time_monotonic() + cs->limit_us;
    }
    pthread_mutex_unlock(&cs->lock);
    return c;
}

void client_close(struct clients *cs, struct client *c)
{
    pthread_mutex_lock(&cs->lock);
    c->fd = -1;
    c->next_free = cs->free;
    cs->free = c;
    cs->open--;
    pthread_mutex_unlock(&cs->lock);
}

void client_wait(struct clients *cs, struct client *c, enum client_wait what)
{
    int64_t limit = what == CLIENT_BODY ? cs->limit_us * BODY_TIMES : cs->limit_us;
    int64_t until = what == CLIENT_NOTHING ? 0 : time_monotonic() + limit;
    atomic_store_explicit(&c->until_us, until, memory_order_relaxed);
}

/* The library reads edge-triggered and takes a short read for the end of what there is: a
 * client that hangs up right behind its last bytes would stay until its time is over. Seen
 * twice at the same wait, so that a request that is just being taken up is left alone. */
static bool has_hung_up(struct client *c, int64_t until)
{
    char byte;
    if (recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
        return false;
    bool again = c->gone_us == until;
    c->gone_us = until;
    return again;
}

/* Shutting a socket down makes the library see its end; closing it stays the library's. */
void clients_tick(struct clients *cs, int64_t now_us)
{
    pthread_mutex_lock(&cs->lock);
    for (unsigned i = 0; i < cs->n; i++) {
        struct client *c = &cs->all[i];
        int64_t until = atomic_load_explicit(&c->until_us, memory_order_relaxed);
        if (c->fd >= 0 && until && (until < now_us || has_hung_up(c, until)))
            shutdown(c->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&cs->lock);
}

unsigned clients_open(struct clients *cs)
{
    pthread_mutex_lock(&cs->lock);
    unsigned n = cs->open;
    pthread_mutex_unlock(&cs->lock);
    return n;
}

struct str client_address(const struct client *c, bool *is_loopback)
{
    *is_loopback = c->is_loopback;
    return str_from(c->address);
}
