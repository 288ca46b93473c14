/* proof.c - heads, receipts and tiles, out of memory when recent and out of rows when not. */
#include "ledger/ledger_priv.h"
#include "ledger/sign.h"

#include "app/app.h"
#include "base/buf.h"

enum { BUNDLE_MAX = TILE_WIDTH * (2 + ENTRY_MAX) };

/* With the lock, so nothing is taken from an arena here: a request whose memory ends would keep
 * the lock, and nobody could append any more. */
static void head_copy(const struct ledger *lg, struct head *ret)
{
    ret->size = lg->head.size;
    ret->root = lg->head.root;
    ret->n = lg->head.n;
    memcpy(ret->note, lg->head.note, lg->head.n);
}

static struct ledger_head head_out(struct arena *mem, const struct head *h)
{
    return (struct ledger_head){
        .size = h->size, .root = h->root, .note = str_dup(mem, str_n(h->note, h->n))};
}

enum rc ledger_head_get(struct ctx *cx, struct ledger_head *ret)
{
    struct ledger *lg = ledger_of(cx);
    struct head now;
    pthread_mutex_lock(&lg->lock);
    head_copy(lg, &now);
    pthread_mutex_unlock(&lg->lock);
    *ret = head_out(cx->mem, &now);
    return ret->size ? RC_OK : FAIL(cx, NOT_FOUND, NULL, "the log is empty");
}

enum rc ledger_checkpoint_get(struct ctx *cx, int64_t size, struct str *ret)
{
    struct checkpoint_at_row *row = NULL;
    TRY(sql_checkpoint_at(cx, size, &row));
    if (!row)
        return FAIL(cx, NOT_FOUND, "size", "no head of %lld was signed", (long long)size);
    *ret = row->note;
    return RC_OK;
}

struct str ledger_vkey(struct ctx *cx)
{
    return ledger_of(cx)->vkey;
}

struct str ledger_origin(struct ctx *cx)
{
    return ledger_of(cx)->origin;
}

/* -- receipts -- */

static bool get_kept(void *arg, int k, int64_t i, struct hash *ret)
{
    const struct ledger *lg = arg;
    return tree_kept(&lg->tree, k, i, ret);
}

/* Under the lock: head, path and entry, as far as memory has them. */
static bool receipt_from_memory(struct ctx *cx, struct ledger *lg, struct proof *p,
                                struct ledger_head *head)
{
    const struct tree_source src = {get_kept, lg};
    const struct kept_entry *e = &lg->entries[p->index % ENTRIES_KEPT];
    struct head now;
    char text[ENTRY_KEPT_MAX];
    size_t n = 0;
    pthread_mutex_lock(&lg->lock);
    head_copy(lg, &now);
    bool ok = p->index < now.size && tree_path(&src, p->index, now.size, p->path, &p->npath);
    if (ok && e->seq == p->index) {
        n = e->n;
        memcpy(text, e->text, n);
    }
    pthread_mutex_unlock(&lg->lock);
    *head = head_out(cx->mem, &now);
    if (n)
        p->extra = str_dup(cx->mem, str_n(text, n));
    return ok;
}

struct loaded_tile {
    struct loaded_tile *next;
    int level;
    struct tile tile;
};

static struct tile *tile_get(struct from_rows *f, int level, int64_t index)
{
    for (struct loaded_tile *t = f->tiles; t; t = t->next)
        if (t->level == level && t->tile.index == index)
            return &t->tile;
    struct loaded_tile *t = arena_new_of(f->cx->mem, struct loaded_tile);
    *t = (struct loaded_tile){f->tiles, level, {.index = index}};
    int64_t first = index * TILE_WIDTH, all = f->size >> (level * TILE_BITS);
    int64_t n = all - first < TILE_WIDTH ? all - first : TILE_WIDTH;
    f->rc = tile_base_load(f->cx, level, first, n, t->tile.h);
    if (f->rc != RC_OK)
        return NULL;
    tile_fill(&t->tile, (size_t)n);
    f->tiles = t;
    return &t->tile;
}

bool from_rows_get(void *arg, int k, int64_t i, struct hash *ret)
{
    struct from_rows *f = arg;
    int height = k % TILE_BITS;
    int64_t width = TILE_WIDTH >> height;
    struct tile *tile = tile_get(f, k / TILE_BITS, i / width);
    if (!tile)
        return false;
    *ret = *tile_at(tile, height, i % width);
    return true;
}

static enum rc entry_load(struct ctx *cx, int64_t seq, struct str *ret)
{
    struct event_by_seq_row *row = NULL;
    TRY(sql_event_by_seq(cx, seq, &row));
    if (!row)
        return FAIL(cx, NOT_FOUND, "seq", "no event %lld", (long long)seq);
    *ret = entry_print(cx->mem, row);
    return RC_OK;
}

enum rc ledger_receipt(struct ctx *cx, int64_t seq, struct str *ret)
{
    struct ledger *lg = ledger_of(cx);
    struct proof p = {.index = seq};
    struct ledger_head head;
    if (seq < 0)
        return FAIL(cx, NOT_FOUND, "seq", "no event %lld", (long long)seq);
    bool done = receipt_from_memory(cx, lg, &p, &head);
    if (seq >= head.size)
        return FAIL(cx, NOT_FOUND, "seq", "event %lld is not in the log", (long long)seq);
    if (!done) {
        struct from_rows f = {.cx = cx, .size = head.size};
        const struct tree_source src = {from_rows_get, &f};
        if (!tree_path(&src, seq, head.size, p.path, &p.npath))
            return f.rc;
    }
    if (!p.extra.p)
        TRY(entry_load(cx, seq, &p.extra));
    p.note = head.note;
    *ret = proof_print(cx->mem, &p);
    return RC_OK;
}

enum rc receipt_verify(struct ctx *cx, struct str proof, struct str vkey, struct str *entry)
{
    struct vkey vk;
    struct proof p;
    struct checkpoint head;
    struct json *body = NULL;
    if (!vkey_parse(cx->mem, vkey, &vk))
        return FAIL(cx, PROOF, "vkey", "not a note verifier key");
    if (!proof_parse(cx->mem, proof, &p))
        return FAIL(cx, PROOF, "proof", "not a tlog-proof with an entry");
    if (!checkpoint_check(cx->mem, p.note, &vk, &head))
        return FAIL(cx, PROOF, "proof", "the head is not signed by this log's key");
    if (!tree_path_check(p.index, head.size, leaf_hash(p.extra), p.path, p.npath, &head.root))
        return FAIL(cx, PROOF, "proof", "the entry is not in the signed tree");
    TRY(json_parse(cx, p.extra, &body));
    if (json_int(body, "seq", -1) != p.index)
        return FAIL(cx, PROOF, "proof", "the entry names another place");
    *entry = p.extra;
    return RC_OK;
}

/* -- other texts under the log's key -- */

enum rc ledger_note(struct ctx *cx, struct str text, struct str *ret)
{
    struct ledger *lg = ledger_of(cx);
    struct str first;
    str_split(text, '\n', &first);
    if (!lg->signer)
        return FAIL(cx, STATE, NULL, "the folder's keys are not at hand");
    if (!str_ends(text, STR("\n")) || str_eq(first, lg->origin))
        return FAIL(cx, INTERNAL, NULL, "not a text to be signed");
    *ret = note_print(cx->mem, lg->origin, text, lg->signer);
    return RC_OK;
}

enum rc note_verify(struct ctx *cx, struct str note, struct str vkey, struct str *ret)
{
    struct vkey vk;
    if (!vkey_parse(cx->mem, vkey, &vk))
        return FAIL(cx, PROOF, "vkey", "not a note verifier key");
    if (!note_check(cx->mem, note, &vk, ret))
        return FAIL(cx, PROOF, "sig", "not signed by this key");
    return RC_OK;
}

/* -- tiles -- */

static enum rc put_entry(struct ctx *cx, const struct event_by_seq_row *row, void *arg)
{
    struct buf *b = arg;
    struct str entry = entry_print(cx->mem, row);
    buf_putc(b, (char)(entry.n >> 8));
    buf_putc(b, (char)entry.n);
    buf_put(b, entry);
    return RC_OK;
}

enum rc ledger_tile(struct ctx *cx, int level, int64_t index, int width, struct str *ret)
{
    struct ledger_head head;
    TRY(ledger_head_get(cx, &head));
    int64_t all = level < 0              ? head.size
                  : level >= TREE_LEVELS ? 0
                                         : head.size >> level * TILE_BITS;
    if (width < 1 || width > TILE_WIDTH || index < 0 || index > all / TILE_WIDTH ||
        index * TILE_WIDTH + width > all)
        return FAIL(cx, NOT_FOUND, "tile", "beyond the signed head");
    int64_t first = index * TILE_WIDTH;
    if (level < 0) {
        struct buf *b = buf_new(cx->mem, BUNDLE_MAX);
        TRY(sql_event_walk(cx, first, first + width, put_entry, b));
        *ret = buf_str(b);
        return RC_OK;
    }
    struct hash *base = arena_array(cx->mem, struct hash, (size_t)width);
    TRY(tile_base_load(cx, level, first, width, base));
    *ret = str_n(base, (size_t)width * HASH_BYTES);
    return RC_OK;
}
