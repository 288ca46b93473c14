/* bench_store.c - what commit groups and the ledger cost beside bare SQLite.
 *
 * One run, interleaved: event rows in groups of 64 on bare SQLite; the same rows through write
 * turns of one thread, of 64 waiting threads, and of 4 workers that do not wait; then
 * ledger_append and receipts. usage: bench_store [seconds a measure] [rounds] */
#include <ftw.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/app.h"
#include "gen/ledger_sql.h"
#include "ledger/ledger.h"
#include "store/query.h"
#include "store/store.h"

enum { WINDOW = 64, THREADS_MAX = 64 };

struct bench {
    struct app app;
    struct arena *mem;
    struct ctx *cx;
    struct str dir;
    int64_t until_us;
    _Atomic int64_t seq, ended, in_flight, append_us, appends;
    bool async, ledger;
};

static char blob[32] = "0123456789abcdef0123456789abcde";
static char facts[] =
    "{\"act\":\"accept\",\"from\":\"received\",\"status\":\"3\",\"to\":\"review\"}";

static double cpu_now(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* -- bare SQLite -- */

static void bind_row(sqlite3_stmt *s, int64_t seq)
{
    for (int i = 1; i <= 17; i++)
        sqlite3_bind_int64(s, i, i == 1 ? seq : seq * 7919 % 1000003);
    sqlite3_bind_text(s, 7, "H07.01.05", 9, SQLITE_STATIC);
    for (int i = 9; i <= 11; i++)
        sqlite3_bind_text(s, i, "sample@1", 8, SQLITE_STATIC);
    sqlite3_bind_text(s, 12, facts, sizeof facts - 1, SQLITE_STATIC);
    sqlite3_bind_blob(s, 13, blob, 16, SQLITE_STATIC);
    sqlite3_bind_null(s, 15);
    sqlite3_bind_null(s, 16);
    sqlite3_bind_blob(s, 17, blob, 32, SQLITE_STATIC);
}

static double bare(const char *file, double seconds, int group, double *cpu)
{
    sqlite3 *db;
    sqlite3_stmt *s;
    sqlite3_open(file, &db);
    sqlite3_exec(
        db,
        "pragma page_size=4096; pragma journal_mode=wal; pragma synchronous=full;"
        "create table if not exists event (seq integer primary key, time_us bigint,"
        "kind bigint, actor bigint, behalf bigint, unit bigint, unit_code text, subject "
        "bigint, pack text, purpose text, law text, facts text, salt blob, owner "
        "bigint, secret blob, secret_hash blob, leaf blob);"
        "create index if not exists event_subject on event (subject, seq)",
        NULL, NULL, NULL);
    sqlite3_prepare_v2(db, "insert into event values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1,
                       &s, NULL);
    sqlite3_exec(db, "delete from event", NULL, NULL, NULL);
    int64_t from = time_monotonic(), n = 0;
    *cpu = cpu_now();
    while (time_monotonic() - from < (int64_t)(seconds * 1e6)) {
        sqlite3_exec(db, "begin immediate", NULL, NULL, NULL);
        for (int i = 0; i < group; i++) {
            bind_row(s, n++);
            sqlite3_step(s);
            sqlite3_reset(s);
        }
        sqlite3_exec(db, "commit", NULL, NULL, NULL);
    }
    double rate = (double)n * 1e6 / (double)(time_monotonic() - from);
    *cpu = (cpu_now() - *cpu) * 1e6 / (double)n;
    sqlite3_finalize(s);
    sqlite3_close(db);
    return rate;
}

/* -- through the store -- */

static void ended(void *arg, enum rc rc)
{
    struct bench *b = arg;
    atomic_fetch_add(&b->ended, rc == RC_OK);
    atomic_fetch_sub(&b->in_flight, 1);
}

static enum rc row_write(struct bench *b, struct ctx *cx)
{
    int64_t seq = atomic_fetch_add(&b->seq, 1), v = seq * 7919 % 1000003;
    struct str pack = STR("sample@1"), hash = str_n(blob, 32);
    if (!b->ledger)
        return sql_event_add(cx, seq, v, v, v, v, v, STR("H07.01.05"), v, pack, pack, pack,
                             str_n(facts, sizeof facts - 1), str_n(blob, 16), v, STR_NULL,
                             STR_NULL, hash);
    struct event ev = {.kind = EV_DOSSIER_MOVED, .subject = v, .unit = {7}, .pack = pack};
    ev.facts = json_new_obj(cx->mem);
    json_put_str(cx->mem, ev.facts, "act", STR("accept"));
    json_put_str(cx->mem, ev.facts, "from", STR("received"));
    json_put_str(cx->mem, ev.facts, "to", STR("review"));
    json_put_int(cx->mem, ev.facts, "status", 3);
    int64_t from = time_monotonic();
    enum rc rc = ledger_append(cx, &ev);
    atomic_fetch_add(&b->append_us, time_monotonic() - from);
    atomic_fetch_add(&b->appends, 1);
    return rc;
}

static enum rc turn(struct bench *b, struct arena *mem)
{
    struct ctx *cx = ctx_new(mem, &b->app);
    TRY(db_attach(cx, b->app.store));
    TRY(db_begin(cx));
    TRY(row_write(b, cx));
    if (!b->async) {
        TRY(db_commit(cx));
        atomic_fetch_add(&b->ended, 1);
        return RC_OK;
    }
    return db_commit_async(cx, ended, b);
}

static void *worker(void *arg)
{
    struct bench *b = arg;
    struct arena *mem = arena_new(8 << 20);
    while (time_monotonic() < b->until_us) {
        if (b->async && atomic_fetch_add(&b->in_flight, 1) >= WINDOW) {
            atomic_fetch_sub(&b->in_flight, 1);
            usleep(20);
            continue;
        }
        db_intend(b->app.store, b->async);
        if (turn(b, mem) != RC_OK)
            fputs("bench_store: a turn failed\n", stderr);
        db_intend(b->app.store, -(int)b->async);
        arena_reset(mem);
    }
    arena_free(mem);
    return NULL;
}

static void measure(struct bench *b, const char *name, int threads, double seconds,
                    double bare64)
{
    pthread_t t[THREADS_MAX];
    struct store_stats before = store_stats(b->app.store);
    double cpu = cpu_now();
    int64_t from = time_monotonic();
    b->until_us = from + (int64_t)(seconds * 1e6);
    b->ended = b->appends = b->append_us = 0;
    for (int i = 0; i < threads; i++)
        pthread_create(&t[i], NULL, worker, b);
    for (int i = 0; i < threads; i++)
        pthread_join(t[i], NULL);
    while (atomic_load(&b->in_flight) > 0)
        usleep(100);
    struct store_stats after = store_stats(b->app.store);
    double n = (double)b->ended, rate = n * 1e6 / (double)(time_monotonic() - from);
    printf("  %-36s %8.0f /s  %4.2f of bare groups  %5.1f a group  %5.1f us cpu", name, rate,
           rate / bare64, n / (double)(after.groups - before.groups),
           (cpu_now() - cpu) * 1e6 / n);
    if (b->appends)
        printf("  append %.1f us", (double)b->append_us / (double)b->appends);
    printf("\n");
}

static void empty(struct bench *b)
{
    char sql[] = "delete from event where seq >= ?1";
    const struct sql_query q = {.name = "empty", .module = "ledger", .sql = sql, .nparams = 1};
    const struct sql_val in[] = {SQL_INT(0)};
    if (db_begin(b->cx) != RC_OK || sql_run_exec(b->cx, &q, in) != RC_OK ||
        db_commit(b->cx) != RC_OK)
        fputs("bench_store: not emptied\n", stderr);
}

static void receipts(struct bench *b)
{
    struct ledger_head head;
    struct str text;
    struct arena *mem = arena_new(8 << 20);
    int64_t from = time_monotonic();
    int n = 0, bad = 0;
    for (; n < 20000; n++) {
        struct ctx *cx = ctx_new(mem, &b->app);
        bad += ledger_head_get(cx, &head) != RC_OK ||
               ledger_receipt(cx, head.size - 1 - n % 500, &text) != RC_OK;
        arena_reset(mem);
    }
    printf("  receipt of a recent leaf %.1f us (%zu bytes, %d failed)\n",
           (double)(time_monotonic() - from) / n, text.n, bad);
    arena_free(mem);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    return remove(path);
}

static enum rc start(struct bench *b)
{
    TRY(crypt_start(b->cx));
    TRY(store_open(b->cx, b->dir, STORE_WRITE, &b->app.store));
    return db_attach(b->cx, b->app.store);
}

static void round_run(struct bench *b, double seconds)
{
    const char *file = str_fmt(b->mem, "%s/bare.db", b->dir.p).p;
    double cpu1, cpu64;
    double bare1 = bare(file, seconds, 1, &cpu1), bare64 = bare(file, seconds, 64, &cpu64);
    printf(
        "bare SQLite: %.0f rows/s singly (%.1f us cpu), %.0f in groups of 64 (%.1f us cpu)\n",
        bare1, cpu1, bare64, cpu64);
    if (!b->app.ledger) {
        b->async = false;
        measure(b, "turns, 1 thread", 1, seconds, bare64);
        measure(b, "turns, 64 threads that wait", 64, seconds, bare64);
        b->async = true;
        measure(b, "turns, 4 workers that do not wait", 4, seconds, bare64);
        empty(b);
        return;
    }
    b->async = false;
    measure(b, "ledger_append, 1 thread", 1, seconds, bare64);
    b->async = true;
    measure(b, "ledger_append, 4 workers", 4, seconds, bare64);
    receipts(b);
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? atof(argv[1]) : 1;
    int rounds = argc > 2 ? (int)atof(argv[2]) : 2;
    char dir[] = "./bench-store-XXXXXX";
    struct bench b = {.mem = arena_new(1 << 30), .dir = str_from(mkdtemp(dir))};
    b.cx = ctx_new(b.mem, &b.app);
    if (start(&b) != RC_OK)
        return 1;
    for (int i = 0; i < rounds; i++)
        round_run(&b, seconds);
    b.ledger = true;
    if (ledger_open(b.cx, b.app.store, STR("bench/log"), &b.app.ledger) != RC_OK)
        return 1;
    for (int i = 0; i < rounds; i++)
        round_run(&b, seconds);
    store_close(b.app.store);
    b.cx->conn = NULL;
    nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return 0;
}
