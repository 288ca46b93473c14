/* ledger.c - opening the log, appending to it, sealing each commit group's head. */
#include "ledger/ledger_priv.h"

#include <stdatomic.h>

#include <unistd.h>

#include "app/app.h"

struct ledger *ledger_of(struct ctx *cx)
{
    return cx->app->ledger;
}

/* -- start -- */

static enum rc keys_open(struct ctx *cx, struct ledger *lg, bool writing)
{
    struct str dir = str_fmt(cx->mem, "%s/keys", str_z(cx->mem, store_dir(lg->st)));
    const char *log_key = str_fmt(cx->mem, "%s/log.key", dir.p).p;
    if (!writing && access(log_key, R_OK) != 0)
        return RC_OK;
    TRY(signer_open(cx, dir, "log.key", writing, &lg->signer));
    return node_key_open(cx, dir, writing, &lg->node_key);
}

/* A log has one name and one key for ever: other ones would fork it. */
static enum rc identity_load(struct ctx *cx, struct ledger *lg, struct str origin)
{
    struct ledger_log_get_row *row = NULL;
    TRY(sql_ledger_log_get(cx, &row));
    lg->origin = str_dup(cx->mem, row ? row->origin : origin);
    struct key pub = lg->signer ? signer_public(lg->signer) : (struct key){{0}};
    lg->vkey = row ? str_dup(cx->mem, row->vkey) : vkey_print(cx->mem, lg->origin, &pub);
    if (!row && origin.n && lg->signer && store_is_writing(lg->st)) {
        TRY(db_begin(cx));
        TRY(sql_ledger_log_add(cx, lg->origin, lg->vkey));
        return db_commit(cx);
    }
    if (!row)
        return FAIL(cx, STATE, NULL, "the data folder holds no log");
    if (origin.n && !str_eq(origin, lg->origin))
        LOGW("ledger origin=%.*s: kept, the setting differs", STR_ARG(lg->origin));
    if (lg->signer && !str_eq(lg->vkey, vkey_print(cx->mem, lg->origin, &pub)))
        return FAIL(cx, CORRUPT, NULL, "keys/log.key is not the key of this log");
    return RC_OK;
}

static enum rc hashes_put(struct ctx *cx, struct str one, struct hash *to)
{
    if (one.n != HASH_BYTES)
        return FAIL(cx, CORRUPT, NULL, "a stored hash of %zu bytes", one.n);
    memcpy(to->b, one.p, HASH_BYTES);
    return RC_OK;
}

enum rc tile_base_load(struct ctx *cx, int level, int64_t first, int64_t n, struct hash *to)
{
    size_t got = 0;
    if (level == 0) {
        struct event_leaves_rows rows = {NULL, 0};
        TRY(sql_event_leaves(cx, first, first + n, &rows));
        for (got = 0; got < rows.n; got++)
            TRY(hashes_put(cx, rows.v[got].leaf, &to[got]));
    } else {
        struct node_range_rows rows = {NULL, 0};
        TRY(sql_node_range(cx, level, first, first + n, &rows));
        for (got = 0; got < rows.n; got++)
            TRY(hashes_put(cx, rows.v[got].hash, &to[got]));
    }
    if (got != (size_t)n)
        return FAIL(cx, CORRUPT, NULL, "level %d from %lld: %zu of %lld hashes", level,
                    (long long)first, got, (long long)n);
    return RC_OK;
}

static enum rc edge_load(struct ctx *cx, struct ledger *lg, int64_t size)
{
    struct hash *base = arena_array(cx->mem, struct hash, TILE_WIDTH);
    for (int level = TREE_LEVELS - 1; level >= 0; level--) {
        int64_t all = size >> (level * TILE_BITS), n = all % TILE_WIDTH;
        if (n == 0)
            continue;
        TRY(tile_base_load(cx, level, all - n, n, base));
        tree_refill(&lg->tree, level, all / TILE_WIDTH, base, (size_t)n);
    }
    return RC_OK;
}

static enum rc head_load(struct ctx *cx, struct ledger *lg)
{
    struct event_count_row count;
    struct checkpoint_last_row *last = NULL;
    TRY(sql_event_count(cx, &count));
    TRY(sql_checkpoint_last(cx, &last));
    int64_t size = last ? last->size : 0;
    if (store_is_writing(lg->st) && count.n != size)
        return FAIL(cx, CORRUPT, NULL, "%lld events, but the last signed head has %lld",
                    (long long)count.n, (long long)size);
    TRY(edge_load(cx, lg, size));
    lg->turn = lg->durable = lg->tree.edge;
    lg->head.size = size;
    lg->head.root = tree_root(&lg->tree.edge);
    if (!last)
        return RC_OK;
    if (last->root.n != HASH_BYTES || memcmp(last->root.p, lg->head.root.b, HASH_BYTES) ||
        last->note.n >= NOTE_MAX)
        return FAIL(cx, CORRUPT, NULL, "the last signed head is not that of the stored tree");
    lg->head.n = last->note.n;
    memcpy(lg->head.note, last->note.p, last->note.n);
    return RC_OK;
}

/* -- what the store calls, with the write turn held -- */

static void on_turn_begin(void *arg)
{
    struct ledger *lg = arg;
    lg->turn = lg->tree.edge;
}

static void edge_back(struct ledger *lg, const struct tree_edge *to)
{
    if (lg->tree.edge.size == to->size)
        return;
    pthread_mutex_lock(&lg->lock);
    lg->tree.edge = *to;
    pthread_mutex_unlock(&lg->lock);
}

static void on_turn_undo(void *arg)
{
    struct ledger *lg = arg;
    edge_back(lg, &lg->turn);
}

static enum rc on_seal(struct ctx *cx, void *arg)
{
    struct ledger *lg = arg;
    struct head *next = &lg->next;
    next->size = lg->tree.edge.size;
    if (next->size == lg->durable.size)
        return RC_OK;
    next->root = tree_root(&lg->tree.edge);
    struct str note =
        checkpoint_print(cx->mem, lg->origin, next->size, &next->root, lg->signer);
    memcpy(next->note, note.p, note.n);
    next->n = note.n;
    return sql_checkpoint_add(cx, next->size, cx->now_us, str_n(next->root.b, HASH_BYTES),
                              note);
}

static void on_settled(void *arg, bool durable)
{
    struct ledger *lg = arg;
    if (!durable) {
        edge_back(lg, &lg->durable);
        return;
    }
    if (lg->tree.edge.size == lg->durable.size)
        return;
    lg->durable = lg->tree.edge;
    pthread_mutex_lock(&lg->lock);
    lg->head.size = lg->next.size;
    lg->head.root = lg->next.root;
    lg->head.n = lg->next.n;
    memcpy(lg->head.note, lg->next.note, lg->next.n);
    pthread_mutex_unlock(&lg->lock);
    void (*told)(void *) = atomic_load(&lg->told);
    if (told)
        told(lg->told_arg);
}

static void ledger_close(void *arg)
{
    struct ledger *lg = arg;
    pthread_mutex_destroy(&lg->lock);
}

static enum rc origin_check(struct ctx *cx, struct str origin)
{
    if (origin.n > ORIGIN_MAX)
        return FAIL(cx, INVALID, "node_name", "over %d bytes", ORIGIN_MAX);
    for (size_t i = 0; i < origin.n; i++)
        if (origin.p[i] <= ' ' || origin.p[i] > '~' || origin.p[i] == '+')
            return FAIL(cx, INVALID, "node_name", "write it like a host name");
    return RC_OK;
}

enum rc ledger_open(struct ctx *cx, struct store *st, struct str origin, struct ledger **ret)
{
    struct ledger *lg = arena_new_of(cx->mem, struct ledger);
    lg->st = st;
    pthread_mutex_init(&lg->lock, NULL);
    arena_on_free(cx->mem, ledger_close, lg);
    tree_init(&lg->tree);
    for (int i = 0; i < ENTRIES_KEPT; i++)
        lg->entries[i].seq = -1;
    TRY(origin_check(cx, origin));
    TRY(db_attach(cx, st));
    TRY(keys_open(cx, lg, store_is_writing(st)));
    TRY(identity_load(cx, lg, origin));
    TRY(head_load(cx, lg));
    if (store_is_writing(st))
        store_hooks_set(
            st, &(struct store_hooks){on_seal, on_settled, on_turn_begin, on_turn_undo, lg});
    *ret = lg;
    return RC_OK;
}

void ledger_unit_codes(struct ledger *lg, ledger_unit_code_fn *code_of)
{
    lg->unit_code = code_of;
}

void ledger_subscribe(struct ledger *lg, const struct ledger_subscriber *subs, size_t n)
{
    for (size_t i = 0; i < n && lg->nsubs < SUBSCRIBERS_MAX; i++)
        lg->subs[lg->nsubs++] = &subs[i];
}

void ledger_on_durable(struct ledger *lg, void (*fn)(void *arg), void *arg)
{
    lg->told_arg = arg;
    atomic_store(&lg->told, fn); /* groups are being committed already */
}

/* -- appending -- */

static void entry_keep(struct ledger *lg, int64_t seq, struct str entry)
{
    struct kept_entry *e = &lg->entries[seq % ENTRIES_KEPT];
    e->seq = entry.n <= ENTRY_KEPT_MAX ? seq : -1;
    e->n = entry.n;
    if (entry.n <= ENTRY_KEPT_MAX)
        memcpy(e->text, entry.p, entry.n);
}

static enum rc row_add(struct ctx *cx, const struct event_by_seq_row *r)
{
    return sql_event_add(cx, r->seq, r->time_us, r->kind, r->actor, r->behalf, r->unit,
                         r->unit_code, r->subject, r->pack, r->purpose, r->law, r->facts,
                         r->salt, r->owner, r->secret, r->secret_hash, r->leaf);
}

static enum rc leaf_add(struct ctx *cx, struct ledger *lg, struct event_by_seq_row *row)
{
    struct tile_root full[TREE_LEVELS];
    size_t n;
    struct str entry = entry_print(cx->mem, row);
    if (!entry.p)
        return FAIL(cx, TOO_LARGE, NULL, "an entry over %d bytes", ENTRY_MAX);
    struct hash leaf = leaf_hash(entry);
    row->leaf = str_n(leaf.b, HASH_BYTES);
    TRY(row_add(cx, row));
    pthread_mutex_lock(&lg->lock);
    tree_append(&lg->tree, leaf, full, &n);
    entry_keep(lg, row->seq, entry);
    pthread_mutex_unlock(&lg->lock);
    for (size_t i = 0; i < n; i++)
        TRY(sql_node_add(cx, full[i].level, full[i].index, str_n(full[i].hash.b, HASH_BYTES)));
    return RC_OK;
}

enum rc ledger_prepare(struct ctx *cx, struct event *ev)
{
    if (ev->time_us == 0)
        ev->time_us = cx->now_us;
    struct event_by_seq_row *row = arena_new_of(cx->mem, struct event_by_seq_row);
    TRY(event_to_row(cx, ledger_of(cx), ev, row));
    ev->row = row;
    return RC_OK;
}

/* The owner may have been erased since: only the turn knows. */
static enum rc row_of_prepared(struct ctx *cx, struct ledger *lg, const struct event *ev,
                               struct event_by_seq_row *row)
{
    if (ev->secret)
        TRY(person_key_check(cx, lg, ev->owner.v));
    *row = *ev->row;
    row->seq = ev->seq;
    return RC_OK;
}

enum rc ledger_append(struct ctx *cx, struct event *ev)
{
    struct ledger *lg = ledger_of(cx);
    struct event_by_seq_row row;
    TRY(db_begin(cx));
    ev->seq = lg->tree.edge.size;
    if (ev->time_us == 0)
        ev->time_us = cx->now_us;
    if (ev->row)
        TRY(row_of_prepared(cx, lg, ev, &row));
    else
        TRY(event_to_row(cx, lg, ev, &row));
    TRY(leaf_add(cx, lg, &row));
    for (size_t i = 0; i < lg->nsubs; i++)
        TRY(lg->subs[i]->apply(cx, ev));
    return RC_OK;
}
