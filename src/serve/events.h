/* events.h - server-sent events: a fixed number of streams, woken at most four times a second.
 * See docs/internals/serve.md.
 *
 * A stream without anything to say is suspended in the library; events_tick resumes it. What
 * is published meanwhile for one topic is one event: the last data wins. The format is HTML's
 * (Server-sent events); each stream begins with one event, says a comment every 15 seconds, so
 * that proxies keep it, and ends after ten minutes: the browser then comes back and is asked
 * for its rights again. Any thread may call these; one lock guards all streams. */
#ifndef SERVE_EVENTS_H
#define SERVE_EVENTS_H

#include "base/ctx.h"

enum { STREAMS_MAX = 256, TOPIC_MAX = 96, EVENT_DATA_MAX = 1024 };

struct events;
struct stream;
struct MHD_Connection;
struct MHD_Response;

struct events *events_new(struct arena *mem);
/* A stream of topic that ends with cx->mem; OVERLOADED when all are taken. */
MUST_USE enum rc stream_open(struct ctx *cx, struct events *ev, struct MHD_Connection *mhd,
                             struct str topic, struct stream **ret);
/* The caller's to destroy (MHD_destroy_response). NULL when the library has no memory. */
struct MHD_Response *stream_response(struct stream *s);
/* Without effect when nobody listens, and for data with a line end or EVENT_DATA_MAX bytes and
 * more: events only say that something changed, pages ask for what. */
void events_publish(struct events *ev, struct str topic, struct str data);
void events_tick(struct events *ev, int64_t now_us); /* monotonic; every 250 ms */
unsigned events_open(const struct events *ev);
/* Ends the streams; returns when all are closed, or after two seconds. */
void events_stop(struct events *ev);

#endif
