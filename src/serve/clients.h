/* clients.h - open connections: who is at the other end, which of them take too long.
 * See docs/internals/serve.md.
 *
 * The library's time limit starts anew with every byte; a client that sends one byte now and
 * then would hold its place for ever. Here a head must be complete within the time limit and
 * a body within ten of them. Any thread may call these. */
#ifndef SERVE_CLIENTS_H
#define SERVE_CLIENTS_H

#include "base/ctx.h"

struct clients;
struct client;
struct sockaddr;
enum client_wait { CLIENT_NOTHING, CLIENT_HEAD, CLIENT_BODY };

/* most: connections the library lets in; limit_us: for a head. */
struct clients *clients_new(struct arena *mem, unsigned most, int64_t limit_us);
/* NULL when there are more than the library promised. */
struct client *client_open(struct clients *cs, int fd, const struct sockaddr *sa);
void client_close(struct clients *cs, struct client *c);
/* What we now wait for from this client; CLIENT_NOTHING while we are at work ourselves. */
void client_wait(struct clients *cs, struct client *c, enum client_wait what);
struct str client_address(const struct client *c, bool *is_loopback);
unsigned clients_open(struct clients *cs);
/* Shuts down connections whose time is over or whose client is gone; now_us is monotonic. The
 * library then closes them in its own thread, which calls client_close. */
void clients_tick(struct clients *cs, int64_t now_us);

#endif
