/* idempotency.c - the same request twice is one act.
 *
 * The key is stored in the turn that does the work, so after a crash there are both or neither.
 * Scope: the account, or the client's address when nobody is signed in; the route; the key.
 * While one request with a key runs, another one with it gets CONFLICT and may try again. */
#include "web/web_parts.h"

#include "gen/web_sql.h"
#include "store/store.h"

enum { KEY_MAX = 128, RUNNING_MAX = 1024, PURGE_EVERY = 256 };
enum { SEEN_BITS = 1 << 22, SEEN_WORDS = SEEN_BITS / 64, SEEN_PROBES = 4 };
static const int64_t keep_us = DAY_US;

struct idem_set {
    pthread_mutex_t lock;
    unsigned n, until_purge;
    struct hash key[RUNNING_MAX];
    /* A Bloom filter of the stored keys: nearly every key is new, and need not be looked for.
     * Half a megabyte serves 400,000 keys; with more it only asks the table more often. */
    _Atomic uint64_t seen[SEEN_WORDS];
};

struct idem_set *idem_new(struct arena *mem)
{
    struct idem_set *set = arena_new_of(mem, struct idem_set);
    pthread_mutex_init(&set->lock, NULL);
    return set;
}

/* -- the filter of stored keys -- */

static uint64_t seen_bit(const struct hash *key, int probe)
{
    uint32_t part[SEEN_PROBES];
    memcpy(part, key->b, sizeof part); /* digests: every part is evenly spread */
    return part[probe] % SEEN_BITS;
}

static void seen_add(struct idem_set *set, const struct hash *key)
{
    for (int i = 0; i < SEEN_PROBES; i++) {
        uint64_t bit = seen_bit(key, i);
        atomic_fetch_or(&set->seen[bit / 64], UINT64_C(1) << bit % 64);
    }
}

static bool seen_has(struct idem_set *set, const struct hash *key)
{
    for (int i = 0; i < SEEN_PROBES; i++) {
        uint64_t bit = seen_bit(key, i);
        if (!(atomic_load(&set->seen[bit / 64]) >> bit % 64 & 1))
            return false;
    }
    return true;
}

static enum rc seen_load_one(struct ctx *cx, const struct idem_keys_row *row, void *arg)
{
    struct hash key;
    if (hash_parse(row->key, &key))
        seen_add(arg, &key);
    return RC_OK;
}

enum rc idem_load(struct ctx *cx, struct idem_set *set)
{
    return cx->app->store ? sql_idem_keys(cx, seen_load_one, set) : RC_OK;
}

/* -- keys whose first request still runs -- */

static size_t set_find(const struct idem_set *set, const struct hash *key)
{
    size_t i = 0;
    while (i < set->n && memcmp(&set->key[i], key, sizeof *key) != 0)
        i++;
    return i;
}

static enum rc set_add(struct ctx *cx, struct idem_set *set, const struct hash *key)
{
    pthread_mutex_lock(&set->lock);
    bool is_running = set_find(set, key) < set->n, is_full = set->n == RUNNING_MAX;
    if (!is_running && !is_full)
        set->key[set->n++] = *key;
    pthread_mutex_unlock(&set->lock);
    if (is_running)
        return FAIL(cx, CONFLICT, "Idempotency-Key", "the first request still runs");
    if (is_full)
        return FAIL(cx, OVERLOADED, NULL, "more than %d keys at once", RUNNING_MAX);
    return RC_OK;
}

void idem_end(struct req *rq)
{
    struct idem_set *set = rq->web->idem;
    if (!rq->idem_is_held)
        return;
    rq->idem_is_held = false;
    pthread_mutex_lock(&set->lock);
    size_t i = set_find(set, &rq->idem_key);
    if (i < set->n)
        set->key[i] = set->key[--set->n];
    pthread_mutex_unlock(&set->lock);
}

static bool key_is(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x21 || s.p[i] > 0x7e)
            return false;
    return s.n > 0 && s.n <= KEY_MAX;
}

/* Lengths stand before the parts, so that no two scopes read the same. */
static struct hash key_of(struct ctx *cx, struct req *rq)
{
    struct str who = rq->who ? str_fmt(cx->mem, "%lld", (long long)rq->who->account)
                             : str_join(cx->mem, STR("@"), rq->address);
    return hash_of(str_fmt(cx->mem, "%zu:%.*s %s %s %.*s", who.n, STR_ARG(who),
                           method_name(rq->method), rq->route->path,
                           STR_ARG(rq->head.idempotency_key)));
}

static void digest_add(struct hash_stream *hs, struct str s)
{
    char n[24];
    hash_add(hs, str_n(n, (size_t)snprintf(n, sizeof n, "%zu:", s.n)));
    hash_add(hs, s);
}

/* What was asked: the address, the body or its fields, the files. The form token is new each
 * time and does not count. */
static struct hash request_of(struct ctx *cx, struct req *rq)
{
    struct hash_stream *hs = hash_begin(cx->mem);
    digest_add(hs, rq->path);
    digest_add(hs, rq->query);
    if (rq->json)
        digest_add(hs, buf_str(rq->body)); /* a repeat sends the same bytes */
    for (size_t i = 0; i < rq->body_fields.n; i++) {
        if (str_eq(rq->body_fields.v[i].name, STR("csrf")))
            continue;
        digest_add(hs, rq->body_fields.v[i].name);
        digest_add(hs, rq->body_fields.v[i].value);
    }
    for (const struct spooled *s = rq->uploads; s; s = s->next) {
        digest_add(hs, s->up.field);
        digest_add(hs, str_n(s->up.digest.b, sizeof s->up.digest.b));
    }
    return hash_end(hs);
}

static enum rc result_read(struct ctx *cx, struct req *rq, struct str result)
{
    if (!rq->route->after)
        return FAIL(cx, CORRUPT, NULL, "a stored result without `after`");
    TRY(json_parse(cx, result, &rq->result));
    rq->after = rq->route->after;
    return RC_OK;
}

static enum rc replay(struct ctx *cx, struct req *rq, const struct idem_find_row *row)
{
    struct reply *r = &rq->reply;
    if (!str_eq(row->request, rq->idem_request))
        return FAIL(cx, IDEMPOTENCY, "Idempotency-Key", "another request under the same key");
    reply_header(rq, "Idempotent-Replayed", STR("true"));
    if (row->result.p)
        return result_read(cx, rq, row->result);
    if (row->location.p)
        return reply_redirect(cx, rq, row->location);
    r->kind = REPLY_BODY;
    r->status = (int)row->status;
    r->mime = row->mime.p ? str_z(cx->mem, row->mime) : NULL;
    r->body = row->body;
    return RC_OK;
}

enum rc idem_begin(struct ctx *cx, struct req *rq, bool *is_replay)
{
    struct str key = rq->head.idempotency_key;
    if (!key.p || !rq->web->app->store)
        return RC_OK;
    if (!key_is(key))
        return FAIL(cx, INVALID, "Idempotency-Key", "not 1 to %d plain characters", KEY_MAX);
    struct hash request = request_of(cx, rq);
    rq->idem_key = key_of(cx, rq);
    rq->idem = hash_hex(cx->mem, &rq->idem_key);
    rq->idem_request = hash_hex(cx->mem, &request);
    TRY(set_add(cx, rq->web->idem, &rq->idem_key));
    rq->idem_is_held = true;
    struct idem_find_row *row;
    if (!seen_has(rq->web->idem, &rq->idem_key))
        return RC_OK;
    TRY(sql_idem_find(cx, rq->idem, &row));
    if (!row)
        return RC_OK;
    *is_replay = true;
    return replay(cx, rq, row);
}

/* What a repeat would be told: the answer itself, or what it is made from. */
static enum rc answer_render(struct ctx *cx, struct req *rq, struct str *location)
{
    *location = STR_NULL;
    for (unsigned i = 0; i < rq->reply.nfields; i++)
        if (strcmp(rq->reply.fields[i].name, "Location") == 0)
            *location = str_from(rq->reply.fields[i].value);
    if (rq->result || location->p)
        return RC_OK;
    if (rq->reply.kind != REPLY_JSON && rq->reply.kind != REPLY_BODY)
        return FAIL(cx, INTERNAL, NULL, "%s: this answer cannot be stored", rq->route->path);
    return reply_render(cx, rq);
}

/* Old keys go now and then, in a turn that writes here anyway. */
static enum rc purge(struct ctx *cx, struct idem_set *set)
{
    pthread_mutex_lock(&set->lock);
    bool is_due = set->until_purge == 0;
    set->until_purge = is_due ? PURGE_EVERY : set->until_purge - 1;
    pthread_mutex_unlock(&set->lock);
    return is_due ? sql_idem_purge(cx, cx->now_us - keep_us) : RC_OK;
}

enum rc idem_store(struct ctx *cx, struct req *rq)
{
    struct str location, result = STR_NULL;
    struct reply *r = &rq->reply;
    if (!rq->idem_is_held)
        return RC_OK;
    TRY(db_begin(cx));
    TRY(purge(cx, rq->web->idem));
    TRY(answer_render(cx, rq, &location));
    if (rq->result)
        result = json_canonical(cx->mem, rq->result);
    seen_add(rq->web->idem, &rq->idem_key); /* before others can see the row */
    struct str body = rq->result || location.p ? STR_NULL : r->body;
    struct str mime = body.p && r->mime ? str_from(r->mime) : STR_NULL;
    return sql_idem_insert(cx, rq->idem, rq->idem_request, r->status, mime, location, body,
                           result, cx->now_us);
}
