/* verify.c - recomputing a whole log, and replaying it. */
#include "ledger/ledger_priv.h"

#include "app/app.h"

enum { SCRATCH_MAX = 64 << 20, ROWS_A_BATCH = 256 };

/* What both walks share: a scratch arena that is emptied every ROWS_A_BATCH events. */
struct walk {
    struct ctx own; /* the caller's, but with the scratch arena */
    struct ledger *lg;
    struct arena *mem;
    progress_fn *progress;
    void *parg;
    int64_t done, all;
};

static struct walk walk_make(struct ctx *cx, progress_fn *progress, void *parg)
{
    struct walk w = {.own = *cx, .lg = ledger_of(cx), .progress = progress, .parg = parg};
    w.mem = arena_child(cx->mem, SCRATCH_MAX);
    w.own.mem = w.mem;
    w.all = w.lg->head.size;
    return w;
}

static void walk_step(struct walk *w)
{
    w->done++;
    if (w->progress && (w->done % ROWS_A_BATCH == 0 || w->done == w->all))
        w->progress(w->parg, w->done, w->all);
}

/* -- verify -- */

struct check {
    struct walk w;
    struct tree tree;
    struct vkey vk;
    struct checkpoint_after_rows heads; /* those still to come */
    size_t at;
    bool heads_end;
    void (*say)(void *arg, struct str text);
    void *arg;
    int64_t faults;
};

static void fault(struct check *c, const char *what, int64_t n)
{
    c->faults++;
    if (c->say)
        c->say(c->arg, str_fmt(c->w.mem, "%s %lld", what, (long long)n));
}

static bool bytes_are(struct str s, const struct hash *h)
{
    return s.n == HASH_BYTES && memcmp(s.p, h->b, HASH_BYTES) == 0;
}

static void check_secret(struct check *c, const struct event_by_seq_row *row)
{
    struct str plain = STR_NULL;
    if (!row->secret.p && row->secret_hash.p)
        fault(c, "a sealed value was taken away: event", row->seq);
    if (!row->secret.p)
        return;
    if (secret_open(&c->w.own, c->w.lg, row, &plain) != RC_OK) {
        ctx_clear(&c->w.own);
        fault(c, "a sealed value does not open: event", row->seq);
        return;
    }
    struct hash h = hash_of(plain);
    if (plain.p && !bytes_are(row->secret_hash, &h))
        fault(c, "a sealed value is not the one in the log: event", row->seq);
}

static enum rc check_nodes(struct check *c, const struct tile_root *full, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct node_range_rows rows = {NULL, 0};
        TRY(sql_node_range(&c->w.own, full[i].level, full[i].index, full[i].index + 1, &rows));
        if (rows.n != 1 || !bytes_are(rows.v[0].hash, &full[i].hash))
            fault(c, "a stored tile root is wrong: tile", full[i].index);
    }
    return RC_OK;
}

/* The heads are read in pages on the caller's arena: they outlive a batch of events. */
static enum rc heads_more(struct check *c, struct ctx *cx, int64_t after)
{
    if (c->at < c->heads.n || c->heads_end)
        return RC_OK;
    c->at = 0;
    TRY(sql_checkpoint_after(cx, after, &c->heads));
    c->heads_end = c->heads.n == 0;
    return RC_OK;
}

static enum rc check_head(struct check *c, struct ctx *cx)
{
    struct checkpoint signed_head;
    int64_t size = c->tree.edge.size;
    TRY(heads_more(c, cx, size - 1));
    if (c->at == c->heads.n || c->heads.v[c->at].size != size)
        return RC_OK;
    const struct checkpoint_after_row *row = &c->heads.v[c->at++];
    struct hash root = tree_root(&c->tree.edge);
    if (!checkpoint_check(c->w.mem, row->note, &c->vk, &signed_head))
        fault(c, "a head is not signed by the log's key: size", size);
    else if (signed_head.size != size || !hash_equal(&signed_head.root, &root) ||
             !bytes_are(row->root, &root))
        fault(c, "a signed head does not match the events: size", size);
    return RC_OK;
}

static enum rc check_event(struct ctx *cx, const struct event_by_seq_row *row, void *arg)
{
    struct check *c = arg;
    struct tile_root full[TREE_LEVELS];
    size_t n;
    if (row->seq != c->tree.edge.size) {
        fault(c, "an event is missing before", row->seq);
        return FAIL(cx, CORRUPT, NULL, "event %lld is missing", (long long)c->tree.edge.size);
    }
    struct str entry = STR("");
    if (row->kind > EV_NONE && row->kind < EV_COUNT)
        entry = entry_print(c->w.mem, row);
    struct hash leaf = leaf_hash(entry);
    if (!bytes_are(row->leaf, &leaf))
        fault(c, "an event is not the one that was logged:", row->seq);
    check_secret(c, row);
    tree_append(&c->tree, leaf, full, &n);
    TRY(check_nodes(c, full, n));
    TRY(check_head(c, cx));
    walk_step(&c->w);
    if (c->w.done % ROWS_A_BATCH == 0)
        arena_reset(c->w.mem);
    return RC_OK;
}

/* A key goes with an event that says so, and never without one. */
static enum rc check_keys(struct check *c, struct ctx *cx)
{
    struct person_key_silent_rows silent = {NULL, 0};
    struct person_key_kept_rows kept = {NULL, 0};
    TRY(sql_person_key_silent(cx, EV_SUBJECT_ERASED, &silent));
    TRY(sql_person_key_kept(cx, EV_SUBJECT_ERASED, &kept));
    for (size_t i = 0; i < silent.n; i++)
        fault(c, "a key was destroyed without an event: subject", silent.v[i].subject);
    for (size_t i = 0; i < kept.n; i++)
        fault(c, "a key outlived its erasure: subject", kept.v[i].subject);
    return RC_OK;
}

enum rc ledger_verify(struct ctx *cx, progress_fn *progress, void *parg,
                      void (*say)(void *arg, struct str text), void *arg, int64_t *faults)
{
    struct check *c = arena_new_of(cx->mem, struct check);
    struct event_count_row count;
    c->w = walk_make(cx, progress, parg);
    c->say = say;
    c->arg = arg;
    tree_init(&c->tree);
    if (!vkey_parse(cx->mem, c->w.lg->vkey, &c->vk))
        return FAIL(cx, CORRUPT, NULL, "the stored verifier key is malformed");
    enum rc rc = sql_event_walk(cx, 0, c->w.all, check_event, c);
    if (rc != RC_OK && c->faults == 0)
        return rc;
    ctx_clear(cx);
    TRY(check_keys(c, cx));
    TRY(sql_event_count(cx, &count));
    if (c->tree.edge.size != c->w.all)
        fault(c, "events are missing: the signed head has", c->w.all);
    if (store_is_writing(c->w.lg->st) ? count.n < c->w.all : count.n != c->w.all)
        fault(c, "events stand beyond the signed head:", count.n);
    *faults = c->faults;
    return RC_OK;
}

/* -- replay -- */

struct replay {
    struct walk w;
    struct ctx *into;
    struct arena *into_mem;
};

static enum rc replay_event(struct ctx *cx, const struct event_by_seq_row *row, void *arg)
{
    struct replay *r = arg;
    struct event *ev = NULL;
    enum rc rc = event_of_row(&r->w.own, r->w.lg, row, true, &ev);
    if (rc != RC_OK)
        return ctx_fail(cx, rc, NULL, __FILE__, __LINE__, "%s", r->w.own.err.detail);
    TRY(db_begin(r->into));
    r->into->now_us = ev->time_us;
    for (size_t i = 0; rc == RC_OK && i < r->w.lg->nsubs; i++)
        rc = r->w.lg->subs[i]->apply(r->into, ev);
    if (rc != RC_OK)
        return ctx_fail(cx, rc, NULL, __FILE__, __LINE__, "event %lld: %s", (long long)row->seq,
                        r->into->err.detail);
    walk_step(&r->w);
    if (r->w.done % ROWS_A_BATCH)
        return RC_OK;
    TRY(db_commit(r->into));
    arena_reset(r->w.mem);
    return RC_OK;
}

static enum rc subscribers_begin(struct ctx *cx, const struct replay *r)
{
    for (size_t i = 0; i < r->w.lg->nsubs; i++)
        if (r->w.lg->subs[i]->replay_begin)
            TRY(r->w.lg->subs[i]->replay_begin(cx, r->into));
    return RC_OK;
}

static enum rc subscribers_end(const struct replay *r)
{
    TRY(db_begin(r->into));
    for (size_t i = 0; i < r->w.lg->nsubs; i++)
        if (r->w.lg->subs[i]->replay_end)
            TRY(r->w.lg->subs[i]->replay_end(r->into));
    return db_commit(r->into);
}

enum rc ledger_replay(struct ctx *cx, struct ctx *into, progress_fn *p, void *arg)
{
    struct replay r = {.w = walk_make(cx, p, arg), .into = into, .into_mem = into->mem};
    TRY(subscribers_begin(cx, &r));
    into->mem = r.w.mem;
    enum rc rc = sql_event_walk(cx, 0, r.w.all, replay_event, &r);
    if (rc == RC_OK)
        rc = subscribers_end(&r);
    if (rc != RC_OK)
        db_rollback(into);
    into->mem = r.into_mem;
    return rc;
}

bool ledger_is_replay(struct ctx *cx)
{
    return cx->app->store != ledger_of(cx)->st;
}
