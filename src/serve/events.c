/* events.c - server-sent events on suspended connections. */
#include "serve/events.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { CHUNK = 2048 };
static const int64_t heartbeat_us = 15 * SECOND_US;
static const int64_t pause_us = 250 * 1000; /* between two events of a stream */
static const int64_t stream_us =
    10 * MINUTE_US; /* then the browser comes back, with its rights */

struct stream {
    struct events *home;
    struct MHD_Connection *mhd;
    bool is_open, is_suspended, is_dirty;
    int64_t born_us, said_us; /* monotonic */
    char topic[TOPIC_MAX], data[EVENT_DATA_MAX];
};

struct events {
    pthread_mutex_t lock;
    bool stopping;
    atomic_uint open;
    struct stream at[STREAMS_MAX];
};

struct events *events_new(struct arena *mem)
{
    struct events *ev = arena_new_of(mem, struct events);
    pthread_mutex_init(&ev->lock, NULL);
    return ev;
}

unsigned events_open(const struct events *ev)
{
    return atomic_load_explicit(&ev->open, memory_order_relaxed);
}

static struct stream *stream_take(struct events *ev)
{
    for (int i = 0; i < STREAMS_MAX && !ev->stopping; i++)
        if (!ev->at[i].is_open)
            return &ev->at[i];
    return NULL;
}

static void stream_close(void *arg)
{
    struct stream *s = arg;
    pthread_mutex_lock(&s->home->lock);
    s->is_open = false;
    pthread_mutex_unlock(&s->home->lock);
    atomic_fetch_sub(&s->home->open, 1);
}

enum rc stream_open(struct ctx *cx, struct events *ev, struct MHD_Connection *mhd,
                    struct str topic, struct stream **ret)
{
    if (topic.n >= TOPIC_MAX)
        return FAIL(cx, INTERNAL, NULL, "a topic over %d bytes", TOPIC_MAX);
    pthread_mutex_lock(&ev->lock);
    struct stream *s = stream_take(ev);
    if (s) {
        *s = (struct stream){.home = ev, .mhd = mhd, .is_open = true};
        s->born_us = s->said_us = time_monotonic();
        s->is_dirty = true; /* the first event at once: the page shows the present state */
        memcpy(s->topic, topic.p, topic.n);
    }
    pthread_mutex_unlock(&ev->lock);
    if (!s)
        return FAIL(cx, OVERLOADED, NULL, "more than %d event streams", STREAMS_MAX);
    atomic_fetch_add(&ev->open, 1);
    arena_on_free(cx->mem, stream_close, s);
    *ret = s;
    return RC_OK;
}

/* What the stream has to say now; 0 for nothing. Called with the lock. */
static ssize_t stream_say(struct stream *s, char *to, size_t max)
{
    int64_t now = time_monotonic();
    int n = 0;
    if (s->is_dirty)
        n = snprintf(to, max, "event: %s\ndata: %s\n\n", s->topic, s->data);
    else if (now - s->said_us >= heartbeat_us)
        n = snprintf(to, max, ":\n\n");
    if (n > 0)
        s->said_us = now;
    s->is_dirty = false;
    return n;
}

static ssize_t on_read(void *arg, uint64_t pos, char *to, size_t max)
{
    struct stream *s = arg;
    ssize_t n;
    pthread_mutex_lock(&s->home->lock);
    if (s->home->stopping || time_monotonic() - s->born_us > stream_us)
        n = MHD_CONTENT_READER_END_OF_STREAM;
    else
        n = stream_say(s, to, max);
    if (n == 0) {
        MHD_suspend_connection(s->mhd);
        s->is_suspended = true;
    }
    pthread_mutex_unlock(&s->home->lock);
    return n;
}

struct MHD_Response *stream_response(struct stream *s)
{
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, CHUNK, on_read, s, NULL);
}

static void stream_wake(struct stream *s)
{
    s->is_suspended = false;
    MHD_resume_connection(s->mhd);
}

void events_publish(struct events *ev, struct str topic, struct str data)
{
    if (events_open(ev) == 0 || data.n >= EVENT_DATA_MAX || str_find(data, '\n', 0) < data.n)
        return;
    int64_t now = time_monotonic();
    pthread_mutex_lock(&ev->lock);
    for (int i = 0; i < STREAMS_MAX; i++) {
        struct stream *s = &ev->at[i];
        if (!s->is_open || !str_eq(topic, str_from(s->topic)))
            continue;
        memcpy(s->data, data.p, data.n);
        s->data[data.n] = 0;
        s->is_dirty = true;
        if (s->is_suspended && now - s->said_us >= pause_us)
            stream_wake(s); /* of a burst, the ticker tells the rest */
    }
    pthread_mutex_unlock(&ev->lock);
}

static bool stream_is_due(const struct events *ev, const struct stream *s, int64_t now_us)
{
    return ev->stopping || s->is_dirty || now_us - s->said_us >= heartbeat_us ||
           now_us - s->born_us > stream_us;
}

void events_tick(struct events *ev, int64_t now_us)
{
    if (events_open(ev) == 0)
        return;
    pthread_mutex_lock(&ev->lock);
    for (int i = 0; i < STREAMS_MAX; i++) {
        struct stream *s = &ev->at[i];
        if (!s->is_open || !s->is_suspended || !stream_is_due(ev, s, now_us))
            continue;
        stream_wake(s);
    }
    pthread_mutex_unlock(&ev->lock);
}

/* Ends the streams; returns when all are closed, for the library cannot stop with one
 * suspended. */
void events_stop(struct events *ev)
{
    pthread_mutex_lock(&ev->lock);
    ev->stopping = true;
    pthread_mutex_unlock(&ev->lock);
    for (int i = 0; i < 2000 && events_open(ev) > 0; i++) {
        events_tick(ev, time_monotonic());
        usleep(1000);
    }
}
