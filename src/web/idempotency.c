/* idempotency.c - the same request twice is one act.
 *
 * The key is stored in the turn that does the work, so after a crash there are both or neither.
 * Scope: the account, or the client's address when nobody is signed in; the route; the key.
 * While one request with a key runs, another one with it gets CONFLICT and may try again. */
#include "web/web_parts.h"

#include "base/locked.h"
#include "gen/web_sql.h"
#include "store/store.h"

enum { KEY_MAX = 128, RUNNING_MAX = 1024, PURGE_EVERY = 256 };
enum { SLOTS_LEAST = 1 << 8, SLOTS_MAX = 1 << 24, SAME_MAX = 4 };
enum { ROW_BITS = 40 };
static const int64_t keep_us = DAY_US;

/* Where the stored keys stand. Rows are numbered as they come and the table has no index of its
 * keys: they are random, and each would dirty a page of it. Nearly every key is new, which is
 * known here without asking the table. Eight bytes a key: its row, and 24 bits of the key, for
 * others may share its place; the row itself says which it is. Kept for a day, or the last
 * twelve million. */
struct idem_set {
    struct locked own;
    unsigned n, until_purge;
    struct hash key[RUNNING_MAX];
    uint64_t *slot; /* a power of two of them, three of four used at most; 0: free */
    size_t slots, used;
    int64_t next, first; /* number of the next row; rows before `first` are gone */
};

static void slots_end(void *arg)
{
    const struct idem_set *set = arg;
    free(set->slot);
}

struct idem_set *idem_new(struct arena *mem)
{
    struct idem_set *set = arena_new_of(mem, struct idem_set);
    locked_begin(&set->own, mem, 0);
    arena_on_free(mem, slots_end, set);
    set->next = set->first = 1;
    return set;
}

/* -- where stored keys stand: tag << ROW_BITS | row, its place is made of the tag -- */

static uint64_t tag_of(const struct hash *key)
{
    uint64_t part;
    memcpy(&part, key->b, sizeof part); /* a digest: every part is evenly spread */
    return part >> ROW_BITS;
}

static int64_t row_of(uint64_t slot)
{
    return (int64_t)(slot & ((UINT64_C(1) << ROW_BITS) - 1));
}

static void slot_put(uint64_t *slot, size_t slots, uint64_t value)
{
    size_t i = (size_t)(value >> ROW_BITS) & (slots - 1);
    while (slot[i])
        i = (i + 1) & (slots - 1);
    slot[i] = value;
}

/* Twice the room, or at the most of it the newer half; rows that are gone are left out. */
static bool slots_renew(struct idem_set *set)
{
    size_t n = set->slots ? set->slots * 2 : SLOTS_LEAST;
    if (n > SLOTS_MAX) {
        n = SLOTS_MAX;
        set->first += (set->next - set->first) / 2;
    }
    uint64_t *slot =
        calloc(n, sizeof *slot); /* boundary: of any size, as long as the process */
    if (!slot)
        return false;
    size_t used = 0;
    for (size_t i = 0; i < set->slots; i++)
        if (set->slot[i] && row_of(set->slot[i]) >= set->first) {
            slot_put(slot, n, set->slot[i]);
            used++;
        }
    free(set->slot);
    set->slot = slot;
    set->slots = n;
    set->used = used;
    return true;
}

/* Without memory the key is not known again: what was done stays done, a repeat does it twice. */
static void stored_add(struct idem_set *set, const struct hash *key, int64_t row)
{
    if ((set->used + 1) * 4 > set->slots * 3 && !slots_renew(set)) {
        LOGE("no memory for idempotency keys: %zu are kept", set->used);
        return;
    }
    slot_put(set->slot, set->slots, tag_of(key) << ROW_BITS | (uint64_t)row);
    set->used++;
}

/* Rows that may hold the key. */
static size_t stored_find(struct idem_set *set, const struct hash *key, int64_t rows[SAME_MAX])
{
    size_t n = 0;
    uint64_t tag = tag_of(key);
    locked_take(&set->own);
    for (size_t i = tag; set->slots && n < SAME_MAX; i++) {
        uint64_t s = set->slot[i & (set->slots - 1)];
        if (!s)
            break;
        if (s >> ROW_BITS == tag && row_of(s) >= set->first)
            rows[n++] = row_of(s);
    }
    locked_give(&set->own);
    return n;
}

static enum rc load_one(struct ctx *cx, const struct idem_keys_row *row, void *arg)
{
    struct idem_set *set = arg;
    struct hash key;
    if (hash_parse(row->key, &key))
        stored_add(set, &key, row->id);
    set->next = row->id + 1;
    return RC_OK;
}

enum rc idem_load(struct ctx *cx, struct idem_set *set)
{
    return cx->app->store ? sql_idem_keys(cx, load_one, set) : RC_OK;
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
    locked_take(&set->own);
    bool is_running = set_find(set, key) < set->n, is_full = set->n == RUNNING_MAX;
    if (!is_running && !is_full)
        set->key[set->n++] = *key;
    locked_give(&set->own);
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
    locked_take(&set->own);
    if (rq->idem_row && rq->is_durable && rq->commit == RC_OK)
        stored_add(set, &rq->idem_key, rq->idem_row);
    size_t i = set_find(set, &rq->idem_key);
    if (i < set->n)
        set->key[i] = set->key[--set->n];
    locked_give(&set->own);
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
        digest_add(hs, s->up.name);
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

static enum rc stored_replay(struct ctx *cx, struct req *rq, bool *is_replay)
{
    int64_t at[SAME_MAX];
    size_t n = stored_find(rq->web->idem, &rq->idem_key, at);
    for (size_t i = 0; i < n; i++) {
        struct idem_find_row *row;
        TRY(sql_idem_find(cx, at[i], rq->idem, &row));
        if (!row)
            continue;
        *is_replay = true;
        return replay(cx, rq, row);
    }
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
    return stored_replay(cx, rq, is_replay);
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

/* The next row's number. Old rows go now and then, in a turn that writes here anyway. */
static enum rc row_next(struct ctx *cx, struct idem_set *set, int64_t *row)
{
    struct idem_first_row *first = NULL;
    locked_take(&set->own);
    bool is_due = set->until_purge == 0;
    set->until_purge = is_due ? PURGE_EVERY : set->until_purge - 1;
    *row = set->next++;
    locked_give(&set->own);
    if (!is_due)
        return RC_OK;
    TRY(sql_idem_first(cx, cx->now_us - keep_us, &first));
    locked_take(&set->own);
    int64_t kept = first ? first->id : *row;
    set->first = kept > set->first ? kept : set->first;
    kept = set->first;
    locked_give(&set->own);
    return sql_idem_purge(cx, kept);
}

enum rc idem_store(struct ctx *cx, struct req *rq)
{
    struct str location, result = STR_NULL;
    struct reply *r = &rq->reply;
    if (!rq->idem_is_held)
        return RC_OK;
    TRY(db_begin(cx));
    TRY(row_next(cx, rq->web->idem, &rq->idem_row));
    TRY(answer_render(cx, rq, &location));
    if (rq->result)
        result = json_canonical(cx->mem, rq->result);
    struct str body = rq->result || location.p ? STR_NULL : r->body;
    struct str mime = body.p && r->mime ? str_from(r->mime) : STR_NULL;
    return sql_idem_insert(cx, rq->idem_row, rq->idem, rq->idem_request, r->status, mime,
                           location, body, result, cx->now_us);
}
