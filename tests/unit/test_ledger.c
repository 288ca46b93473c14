/* test_ledger.c - events, receipts, tiles, erasure, rollback, verifying and replaying. */
#include "unit/harness.h"

#include <sqlite3.h>

#include "base/buf.h"
#include "ledger/ledger_priv.h"
#include "store_help.h"

struct bed {
    struct str dir;
    struct app app;
    struct ctx *cx;
};

static struct str unit_code(struct ctx *cx, struct unit_id id)
{
    return id.v == 7 ? STR("H07.01") : STR("");
}

static void bed_open(struct bed *b, enum store_mode mode)
{
    struct str origin = mode == STORE_WRITE ? STR("motcua.test/log") : STR("");
    assert_int_equal(store_open(b->cx, b->dir, mode, &b->app.store), RC_OK);
    assert_int_equal(db_attach(b->cx, b->app.store), RC_OK);
    assert_int_equal(ledger_open(b->cx, b->app.store, origin, &b->app.ledger), RC_OK);
    ledger_unit_codes(b->app.ledger, unit_code);
}

static void bed_close(struct bed *b)
{
    db_rollback(b->cx);
    store_close(b->app.store);
    b->cx->conn = NULL;
}

static struct bed *bed_make(struct arena *mem)
{
    struct bed *b = arena_new_of(mem, struct bed);
    b->dir = temp_dir(mem);
    b->cx = ctx_new(mem, &b->app);
    b->cx->now_us = INT64_C(1767225600000000);
    bed_open(b, STORE_WRITE);
    return b;
}

static void bed_end(struct bed *b)
{
    bed_close(b);
    temp_remove(b->dir);
}

static struct json *object(struct ctx *cx, const char *text)
{
    struct json *v = NULL;
    assert_int_equal(json_parse(cx, str_from(text), &v), RC_OK);
    return v;
}

static struct event event_make(struct ctx *cx, int64_t subject, bool secret)
{
    return (struct event){
        .kind = EV_DOSSIER_MOVED,
        .actor = {5},
        .unit = {7},
        .subject = subject,
        .pack = STR("sample@1"),
        .facts = object(cx, "{\"to\":\"review\",\"act\":\"accept\",\"n\":3}"),
        .secret = secret ? object(cx, "{\"name\":\"Nguyễn Văn A\"}") : NULL,
        .owner = {secret ? 9 : 0},
    };
}

static enum rc append(struct ctx *cx, int64_t subject, bool secret, int64_t *seq)
{
    struct event ev = event_make(cx, subject, secret);
    TRY(ledger_append(cx, &ev));
    if (seq)
        *seq = ev.seq;
    return RC_OK;
}

static void append_many(struct bed *b, int n, int per_group)
{
    for (int i = 0; i < n; i++) {
        assert_int_equal(append(b->cx, 100 + i % 10, false, NULL), RC_OK);
        if (i % per_group == per_group - 1)
            assert_int_equal(db_commit(b->cx), RC_OK);
    }
    assert_int_equal(db_commit(b->cx), RC_OK);
}

static int64_t verify(struct bed *b)
{
    int64_t faults = -1;
    assert_int_equal(ledger_verify(b->cx, NULL, NULL, NULL, NULL, &faults), RC_OK);
    return faults;
}

static void key_make(struct bed *b)
{
    assert_int_equal(ledger_key_new(b->cx, (struct subject_id){9}), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_OK);
}

static void names(void **state)
{
    for (int k = 1; k < EV_COUNT; k++)
        assert_int_equal(event_parse(str_from(event_name((enum event_kind)k))), k);
    assert_int_equal(event_parse(STR("dossier.flown")), EV_NONE);
    assert_int_equal(event_parse(STR("")), EV_NONE);
    assert_string_equal(event_name(EV_NONE), "");
}

static void entries(void **state)
{
    struct bed *b = bed_make(*state);
    struct str bundle;
    struct json *entry;
    key_make(b);
    assert_int_equal(append(b->cx, 100, true, NULL), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_OK);
    assert_int_equal(ledger_tile(b->cx, -1, 0, 1, &bundle), RC_OK);
    struct str text = str_skip(bundle, 2);
    assert_int_equal((unsigned char)bundle.p[0] << 8 | (unsigned char)bundle.p[1], text.n);
    assert_int_equal(json_parse(b->cx, text, &entry), RC_OK);
    assert_true(str_eq(json_canonical(*state, entry), text)); /* RFC 8785 */
    assert_str(json_str(entry, "kind"), "dossier.moved");
    assert_str(json_str(entry, "unit"), "H07.01");
    assert_str(json_str(entry, "pack"), "sample@1");
    assert_int_equal(json_str(entry, "facts").n, 44);
    assert_int_equal(json_str(entry, "secret").n, 44);
    assert_int_equal(json_str(entry, "subject").n, 22);
    assert_true(json_int(entry, "time", 0) == INT64_C(1767225600000000));
    assert_int_equal(entry->n, 9);
    assert_false(str_has(text, STR("Nguyễn")));
    bed_end(b);
}

static void reading(void **state)
{
    struct bed *b = bed_make(*state);
    struct event_list list;
    struct event *ev;
    key_make(b);
    assert_int_equal(append(b->cx, 100, true, NULL), RC_OK);
    assert_int_equal(append(b->cx, 101, true, NULL), RC_OK);
    assert_int_equal(append(b->cx, 100, false, NULL), RC_OK);
    struct event pack = {.kind = EV_PACK_PUBLISHED, .subject = 100}; /* another table's 100 */
    assert_int_equal(ledger_append(b->cx, &pack), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_OK);
    assert_int_equal(ledger_events_of(b->cx, EV_DATA_READ, EV_NOTICE_SENT, 100, true, &list),
                     RC_OK);
    assert_int_equal(list.n, 2);
    assert_str(json_str(list.v[0]->secret, "name"), "Nguyễn Văn A");
    assert_null(list.v[1]->secret);
    assert_str(json_str(list.v[0]->facts, "act"), "accept");
    assert_int_equal(ledger_events_of(b->cx, EV_DATA_READ, EV_NOTICE_SENT, 100, false, &list),
                     RC_OK);
    assert_null(list.v[0]->secret);
    assert_int_equal(ledger_event_get(b->cx, 1, &ev), RC_OK);
    assert_true(ev->subject == 101 && ev->actor.v == 5 && ev->unit.v == 7 && !ev->secret);
    assert_int_equal(ledger_event_get(b->cx, 4, &ev), RC_NOT_FOUND);
    ctx_clear(b->cx);
    bed_end(b);
}

static void refusals(void **state)
{
    struct bed *b = bed_make(*state);
    struct str text;
    struct ledger_head head;
    assert_int_equal(ledger_head_get(b->cx, &head), RC_NOT_FOUND);
    ctx_clear(b->cx);
    assert_int_equal(append(b->cx, 1, true, NULL), RC_NOT_FOUND); /* owner without a key */
    ctx_clear(b->cx);
    db_rollback(b->cx);
    struct event ev = event_make(b->cx, 1, true);
    ev.owner.v = 0;
    assert_int_equal(ledger_append(b->cx, &ev), RC_INTERNAL);
    ctx_clear(b->cx);
    ev = (struct event){.kind = EV_COUNT};
    assert_int_equal(ledger_append(b->cx, &ev), RC_INTERNAL);
    ctx_clear(b->cx);
    db_rollback(b->cx);
    append_many(b, 300, 100);
    assert_int_equal(ledger_receipt(b->cx, 300, &text), RC_NOT_FOUND);
    ctx_clear(b->cx);
    assert_int_equal(ledger_receipt(b->cx, -1, &text), RC_NOT_FOUND);
    ctx_clear(b->cx);
    static const struct {
        int level, index, width;
    } rows[] = {{0, 0, 0},   {0, 0, 257}, {0, 1, 45}, {0, 2, 1},  {0, -1, 1},
                {-1, 1, 45}, {1, 0, 2},   {2, 0, 1},  {60, 0, 1}, {0, 1, 256}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(ledger_tile(b->cx, rows[i].level, rows[i].index, rows[i].width, &text),
                         RC_NOT_FOUND);
        ctx_clear(b->cx);
    }
    assert_int_equal(ledger_checkpoint_get(b->cx, 150, &text), RC_NOT_FOUND);
    ctx_clear(b->cx);
    assert_int_equal(ledger_checkpoint_get(b->cx, 200, &text), RC_OK);
    bed_end(b);
}

static void receipts(void **state)
{
    struct bed *b = bed_make(*state);
    struct str proof, entry, vkey = ledger_vkey(b->cx);
    append_many(b, 700, 64);
    for (int i = 0; i < 700; i += 13) {
        assert_int_equal(ledger_receipt(b->cx, i, &proof), RC_OK);
        assert_int_equal(receipt_verify(b->cx, proof, vkey, &entry), RC_OK);
        assert_true(str_has(entry, str_fmt(*state, "\"seq\":%d,", i)));
    }
    /* The same from rows alone, after a restart that remembers only the right edge. */
    struct str recent;
    assert_int_equal(ledger_receipt(b->cx, 40, &recent), RC_OK);
    bed_close(b);
    bed_open(b, STORE_WRITE);
    assert_int_equal(ledger_receipt(b->cx, 40, &proof), RC_OK);
    assert_true(str_eq(proof, recent));
    append_many(b, 30, 30);
    assert_int_equal(ledger_receipt(b->cx, 729, &proof), RC_OK);
    assert_int_equal(receipt_verify(b->cx, proof, vkey, &entry), RC_OK);
    bed_end(b);
}

static void one_flipped_bit(void **state)
{
    struct bed *b = bed_make(*state);
    struct str proof, entry, vkey = ledger_vkey(b->cx);
    append_many(b, 11, 11);
    assert_int_equal(ledger_receipt(b->cx, 6, &proof), RC_OK);
    char *p = (char *)(uintptr_t)proof.p;
    struct arena *mem = arena_new(1 << 20);
    for (size_t i = 0; i < proof.n * 8; i++) {
        struct ctx *cx = ctx_new(mem, &b->app);
        p[i / 8] ^= (char)(1 << i % 8);
        if (receipt_verify(cx, proof, vkey, &entry) == RC_OK)
            fail_msg("bit %zu of byte %zu may be flipped", i % 8, i / 8);
        p[i / 8] ^= (char)(1 << i % 8);
        arena_reset(mem);
    }
    arena_free(mem);
    for (size_t n = 0; n < proof.n; n++)
        assert_int_not_equal(receipt_verify(b->cx, str_cut(proof, 0, n), vkey, &entry), RC_OK);
    assert_int_not_equal(
        receipt_verify(b->cx, str_join(*state, proof, STR("\n")), vkey, &entry), RC_OK);
    assert_int_not_equal(receipt_verify(b->cx, proof, STR("x+00000000+AAAA"), &entry), RC_OK);
    ctx_clear(b->cx);
    assert_int_equal(receipt_verify(b->cx, proof, vkey, &entry), RC_OK);
    bed_end(b);
}

static void tiles(void **state)
{
    struct bed *b = bed_make(*state);
    struct ledger_head head;
    struct str t0, t1, part, bundle;
    append_many(b, 600, 50);
    assert_int_equal(ledger_tile(b->cx, 0, 0, 256, &t0), RC_OK);
    assert_int_equal(ledger_tile(b->cx, 1, 0, 2, &t1), RC_OK);
    assert_int_equal(ledger_tile(b->cx, 0, 2, 88, &part), RC_OK);
    assert_int_equal(t0.n, 8192);
    assert_int_equal(t1.n, 64);
    struct tree *t = arena_new_of(*state, struct tree);
    struct tile_root full[TREE_LEVELS];
    size_t n;
    tree_init(t);
    for (size_t i = 0; i < 256; i++) {
        struct hash h;
        memcpy(h.b, t0.p + 32 * i, 32);
        tree_append(t, h, full, &n);
    }
    assert_memory_equal(full[0].hash.b, t1.p, 32);
    tree_init(t);
    tree_refill(t, 1, 0, (const struct hash *)t1.p, 2);
    tree_refill(t, 0, 2, (const struct hash *)part.p, 88);
    assert_int_equal(ledger_head_get(b->cx, &head), RC_OK);
    struct hash root = tree_root(&t->edge);
    assert_int_equal(head.size, 600);
    assert_true(hash_equal(&root, &head.root));
    assert_int_equal(ledger_tile(b->cx, -1, 2, 88, &bundle), RC_OK);
    for (int i = 0; i < 88; i++) {
        size_t len = (size_t)((unsigned char)bundle.p[0] << 8 | (unsigned char)bundle.p[1]);
        struct hash h = leaf_hash(str_cut(bundle, 2, 2 + len));
        assert_memory_equal(h.b, part.p + 32 * i, 32);
        bundle = str_skip(bundle, 2 + len);
    }
    assert_int_equal(bundle.n, 0);
    bed_end(b);
}

static void rollbacks(void **state)
{
    struct bed *b = bed_make(*state);
    struct ledger_head head;
    struct str proof, entry;
    int64_t seq;
    append_many(b, 250, 50);
    for (int i = 0; i < 20; i++) /* crosses a tile, and goes back */
        assert_int_equal(append(b->cx, 1, false, NULL), RC_OK);
    db_rollback(b->cx);
    assert_int_equal(append(b->cx, 2, false, &seq), RC_OK);
    assert_int_equal(seq, 250);
    assert_int_equal(db_commit(b->cx), RC_OK);
    store_fail_at(b->app.store, FAULT_COMMIT, 1);
    for (int i = 0; i < 20; i++)
        assert_int_equal(append(b->cx, 3, false, NULL), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_STORE);
    ctx_clear(b->cx);
    assert_int_equal(ledger_head_get(b->cx, &head), RC_OK);
    assert_int_equal(head.size, 251);
    append_many(b, 20, 7);
    assert_int_equal(ledger_receipt(b->cx, 260, &proof), RC_OK);
    assert_int_equal(receipt_verify(b->cx, proof, ledger_vkey(b->cx), &entry), RC_OK);
    assert_int_equal(verify(b), 0);
    bed_close(b);
    bed_open(b, STORE_READ);
    assert_int_equal(verify(b), 0);
    bed_end(b);
}

/* The n-th write or commit of an append fails: the tree and the rows still agree. */
static void faults(void **state)
{
    struct bed *b = bed_make(*state);
    append_many(b, 255, 255);
    for (int what = FAULT_QUERY; what <= FAULT_COMMIT; what++)
        for (unsigned n = 1;; n++) {
            store_fail_at(b->app.store, (enum store_fault)what, n);
            enum rc rc = append(b->cx, 5, false, NULL);
            if (rc == RC_OK)
                rc = db_commit(b->cx);
            store_fail_at(b->app.store, (enum store_fault)what, 0);
            db_rollback(b->cx);
            ctx_clear(b->cx);
            assert_int_equal(verify(b), 0);
            if (rc == RC_OK)
                break;
            assert_true(n < 9);
        }
    bed_end(b);
}

static void erasure(void **state)
{
    struct bed *b = bed_make(*state);
    struct subject_id who = {9};
    struct event_list list;
    struct str box, plain, proof, entry;
    key_make(b);
    assert_int_equal(append(b->cx, 100, true, NULL), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_OK);
    assert_int_equal(ledger_seal(b->cx, who, STR("x"), &box), RC_OK);
    assert_int_equal(ledger_unseal(b->cx, who, box, &plain), RC_OK);
    assert_int_equal(ledger_receipt(b->cx, 0, &proof), RC_OK);
    struct event erased = {
        .kind = EV_SUBJECT_ERASED, .subject = who.v, .facts = object(b->cx, "{}")};
    assert_int_equal(ledger_append(b->cx, &erased), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_OK);
    assert_int_equal(verify(b), 1); /* said, but not done */
    assert_int_equal(ledger_key_destroy(b->cx, who), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_OK);
    assert_int_equal(ledger_events_of(b->cx, EV_DATA_READ, EV_NOTICE_SENT, 100, true, &list),
                     RC_OK);
    assert_int_equal(list.n, 1);
    assert_null(list.v[0]->secret);
    assert_int_equal(ledger_unseal(b->cx, who, box, &plain), RC_GONE);
    ctx_clear(b->cx);
    assert_int_equal(append(b->cx, 100, true, NULL), RC_GONE);
    ctx_clear(b->cx);
    db_rollback(b->cx);
    assert_int_equal(ledger_key_destroy(b->cx, (struct subject_id){10}), RC_NOT_FOUND);
    ctx_clear(b->cx);
    db_rollback(b->cx);
    assert_int_equal(verify(b), 0);
    assert_int_equal(receipt_verify(b->cx, proof, ledger_vkey(b->cx), &entry), RC_OK);
    bed_end(b);
}

/* Printed before its turn: the same entry; others may append first; erasure in between wins. */
static void prepared(void **state)
{
    struct bed *b = bed_make(*state);
    struct event ev = event_make(b->cx, 100, true), late = event_make(b->cx, 101, true);
    struct str proof, entry;
    assert_int_equal(ledger_prepare(b->cx, &ev), RC_NOT_FOUND); /* no key was made */
    ctx_clear(b->cx);
    key_make(b);
    assert_int_equal(ledger_prepare(b->cx, &ev), RC_OK);
    assert_int_equal(ledger_prepare(b->cx, &late), RC_OK);
    assert_false(db_is_writing(b->cx));
    assert_int_equal(append(b->cx, 102, true, NULL), RC_OK);
    assert_int_equal(ledger_append(b->cx, &ev), RC_OK);
    assert_int_equal(ev.seq, 1);
    assert_int_equal(db_commit(b->cx), RC_OK);
    assert_int_equal(ledger_receipt(b->cx, 1, &proof), RC_OK);
    assert_int_equal(receipt_verify(b->cx, proof, ledger_vkey(b->cx), &entry), RC_OK);
    assert_int_equal(verify(b), 0);
    struct event_list list;
    assert_int_equal(ledger_events_of(b->cx, EV_DATA_READ, EV_NOTICE_SENT, 100, true, &list),
                     RC_OK);
    assert_str(json_str(list.v[0]->secret, "name"), "Nguyễn Văn A");
    assert_int_equal(ledger_key_destroy(b->cx, (struct subject_id){9}), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_OK);
    assert_int_equal(ledger_append(b->cx, &late), RC_GONE);
    db_rollback(b->cx);
    bed_end(b);
}

static void tamper(struct bed *b, const char *sql)
{
    sqlite3 *db;
    const char *file = str_fmt(b->cx->mem, "%s/motcua.db", b->dir.p).p;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* What somebody with the database in hand may try, and its undoing. */
static void tampering(void **state)
{
    static const struct {
        const char *act, *undo;
    } rows[] = {
        {"update event set time_us = time_us + 1 where seq = 17",
         "update event set time_us = time_us - 1 where seq = 17"},
        {"update event set facts = '{}' where seq = 299",
         "update event set facts = (select facts from event where seq = 1) where seq = 299"},
        {"update event set actor = actor + 1 where seq = 20",
         "update event set actor = actor - 1 where seq = 20"},
        {"update event set purpose = 'x' || purpose where seq = 21",
         "update event set purpose = substr(purpose, 2) where seq = 21"},
        {"update event set unit_code = 'H08' where seq = 3",
         "update event set unit_code = 'H07.01' where seq = 3"},
        {"update event set subject = subject + 1 where seq = 3",
         "update event set subject = subject - 1 where seq = 3"},
        {"update event set unit = unit + 1 where seq = 3",
         "update event set unit = unit - 1 where seq = 3"},
        {"update event set behalf = 8 where seq = 3",
         "update event set behalf = 0 where seq = 3"},
        {"create table kept as select secret from event where seq = 300;"
         "update event set secret = null where seq = 300",
         "update event set secret = (select secret from kept) where seq = 300"},
        {"create table kept_key as select wrapped from person_key where subject = 9;"
         "update person_key set wrapped = null where subject = 9",
         "update person_key set wrapped = (select wrapped from kept_key) where subject = 9"},
        {"update node set hash = zeroblob(32)", NULL},
    };
    struct bed *b = bed_make(*state);
    key_make(b);
    append_many(b, 300, 100);
    assert_int_equal(append(b->cx, 100, true, NULL), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_OK);
    bed_close(b);
    for (size_t i = 0; i < ROWS(rows); i++) {
        tamper(b, rows[i].act);
        struct app app = b->app;
        enum rc rc = store_open(b->cx, b->dir, STORE_READ, &app.store);
        assert_int_equal(rc, RC_OK);
        struct ctx *cx = ctx_new(*state, &app);
        int64_t faults = 0;
        assert_int_equal(db_attach(cx, app.store), RC_OK);
        rc = ledger_open(cx, app.store, STR(""), &app.ledger);
        if (rc == RC_OK)
            assert_int_equal(ledger_verify(cx, NULL, NULL, NULL, NULL, &faults), RC_OK);
        assert_true(rc == RC_CORRUPT || faults > 0);
        cx->conn = NULL;
        store_close(app.store);
        if (rows[i].undo)
            tamper(b, rows[i].undo);
    }
    temp_remove(b->dir);
}

static void restart_refusals(void **state)
{
    struct bed *b = bed_make(*state);
    append_many(b, 10, 5);
    bed_close(b);
    tamper(b, "delete from checkpoint where size = 10"); /* events nobody signed */
    assert_int_equal(store_open(b->cx, b->dir, STORE_WRITE, &b->app.store), RC_OK);
    assert_int_equal(ledger_open(b->cx, b->app.store, STR("motcua.test/log"), &b->app.ledger),
                     RC_CORRUPT);
    ctx_clear(b->cx);
    bed_close(b);
    const char *key = str_fmt(*state, "%s/keys/log.key", b->dir.p).p;
    assert_int_equal(remove(key), 0); /* another key would fork the log */
    assert_int_equal(store_open(b->cx, b->dir, STORE_WRITE, &b->app.store), RC_OK);
    assert_int_equal(ledger_open(b->cx, b->app.store, STR("motcua.test/log"), &b->app.ledger),
                     RC_CORRUPT);
    ctx_clear(b->cx);
    assert_int_equal(ledger_open(b->cx, b->app.store, STR("a+b c"), &b->app.ledger),
                     RC_INVALID);
    ctx_clear(b->cx);
    bed_end(b);
}

/* -- subscribers and replay -- */

static int64_t folded[2], sum_of_names;

static enum rc count_apply(struct ctx *cx, const struct event *ev)
{
    folded[cx->app->ledger == NULL]++;
    if (ev->secret)
        sum_of_names += (int64_t)json_str(ev->secret, "name").n;
    return ev->subject == 666 ? FAIL(cx, STATE, NULL, "not this one") : RC_OK;
}

static void replays(void **state)
{
    static const char *const tables[] = {NULL};
    static const struct ledger_subscriber sub = {"count", count_apply, tables};
    struct bed *b = bed_make(*state);
    ledger_subscribe(b->app.ledger, &sub, 1);
    key_make(b);
    append_many(b, 600, 100);
    assert_int_equal(append(b->cx, 100, true, NULL), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_OK);
    assert_int_equal(append(b->cx, 666, false, NULL), RC_STATE);
    ctx_clear(b->cx);
    db_rollback(b->cx);
    assert_int_equal(folded[0], 602);
    struct app scratch = {0};
    struct str dir = temp_dir(*state);
    struct ctx *into = ctx_new(*state, &scratch);
    assert_int_equal(store_open(into, dir, STORE_WRITE, &scratch.store), RC_OK);
    assert_int_equal(db_attach(into, scratch.store), RC_OK);
    sum_of_names = 0;
    assert_int_equal(ledger_replay(b->cx, into, NULL, NULL), RC_OK);
    assert_int_equal(folded[1], 601);
    assert_int_equal(sum_of_names, sizeof "Nguyễn Văn A" - 1);
    into->conn = NULL;
    store_close(scratch.store);
    temp_remove(dir);
    bed_end(b);
}

/* A request whose memory ends while it asks for a head or a receipt keeps no lock: whichever page
 * of its arena is not there, others append and ask. */
static void memory_ends(void **state)
{
    struct bed *b = bed_make(*state);
    volatile unsigned ended = 0;
    assert_int_equal(append(b->cx, 1, false, NULL), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_OK);
    for (volatile int receipt = 0; receipt < 2; receipt++)
        for (volatile size_t used = 8; used < 20000; used += 40) {
            struct arena *mem = arena_new(1 << 20);
            struct ctx *cx = ctx_new(mem, &b->app);
            struct ledger_head head;
            struct str proof;
            jmp_buf full;
            assert_int_equal(db_attach(cx, b->app.store), RC_OK);
            arena_alloc(mem, used); /* the page ends at another place each time */
            if (setjmp(full) == 0) {
                arena_escape_set(mem, &full);
                arena_fail_page(1);
                if (receipt)
                    assert_int_equal(ledger_receipt(cx, 0, &proof), RC_OK);
                else
                    assert_int_equal(ledger_head_get(cx, &head), RC_OK);
            } else {
                ended++;
            }
            arena_fail_page(0);
            assert_int_equal(pthread_mutex_trylock(&b->app.ledger->lock), 0);
            pthread_mutex_unlock(&b->app.ledger->lock);
            arena_free(mem);
        }
    assert_true(ended > 0);
    bed_end(b);
}

static int start(void **state)
{
    struct arena *mem = arena_new(1 << 20);
    enum rc rc = crypt_start(ctx_new(mem, NULL));
    arena_free(mem);
    return rc == RC_OK ? 0 : -1;
}

struct wanted {
    int64_t subject; /* only of that one */
    size_t asked, given;
};

static bool wants_subject(struct ctx *cx, const struct event *head, void *arg)
{
    struct wanted *w = arg;
    w->asked++;
    assert_null(head->facts);
    assert_int_equal(head->kind, EV_DOSSIER_MOVED);
    assert_int_equal(head->unit.v, 7);
    return head->subject == w->subject;
}

static enum rc wanted_each(struct ctx *cx, const struct event *ev, void *arg, bool *stop)
{
    struct wanted *w = arg;
    w->given++;
    assert_non_null(ev->facts);
    assert_int_equal(ev->subject, w->subject);
    return RC_OK;
}

/* What is not wanted is asked about once and never given; without the question all is given. */
static void only_wanted(void **state)
{
    enum { EVENTS = 6 };
    struct bed *b = bed_make(*state);
    for (int64_t i = 0; i < EVENTS; i++) {
        int64_t seq;
        assert_int_equal(append(b->cx, 10 + i % 2, false, &seq), RC_OK);
    }
    assert_int_equal(db_commit(b->cx), RC_OK);
    for (int64_t subject = 10; subject < 13; subject++) {
        int64_t next;
        struct wanted w = {.subject = subject};
        struct ledger_scan scan = {.kinds = {EV_DOSSIER_MOVED},
                                   .from_us = INT64_MIN,
                                   .to_us = INT64_MAX,
                                   .after = -1,
                                   .most = 100,
                                   .wants = wants_subject,
                                   .each = wanted_each,
                                   .arg = &w};
        assert_int_equal(ledger_scan(b->cx, &scan, &next), RC_OK);
        assert_int_equal(next, -1);
        assert_int_equal(w.asked, EVENTS);
        assert_int_equal(w.given, subject == 12 ? 0 : EVENTS / 2);
    }
    bed_end(b);
}

int main(void)
{
    log_level_set(LOG_ERROR + 1);
    const struct CMUnitTest tests[] = {
        UNIT(names),    UNIT(entries),         UNIT(reading),     UNIT(refusals),
        UNIT(receipts), UNIT(one_flipped_bit), UNIT(tiles),       UNIT(rollbacks),
        UNIT(faults),   UNIT(erasure),         UNIT(tampering),   UNIT(restart_refusals),
        UNIT(replays),  UNIT(prepared),        UNIT(memory_ends), UNIT(only_wanted),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
