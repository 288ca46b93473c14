/* raw.c - the rows of submissions on bare SQLite: the limit that the program is held against.
 *
 * Takes a copy of a used data file with all its tables and indexes, reads the rows that the
 * latest submissions wrote, and writes such rows again under new keys in groups of 1, 16
 * and 64, with the settings of src/store/sqlite.c and SQLite's own checkpoints. No form, no
 * ledger, no HTTP. usage: raw FILE COPY SECONDS; prints one JSON object. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { SAMPLES = 64, COLUMNS_MAX = 40, TABLES = 5 };

struct table {
    const char *name, *pick; /* ?1: seq of the submission, ?2: id of its dossier */
    const char *key[5]; /* columns that get a new id, seq, random text, seq, or row of seq */
    int columns, kind[COLUMNS_MAX], rows[SAMPLES];
    sqlite3_value *v[SAMPLES][8][COLUMNS_MAX];
    sqlite3_stmt *stmt;
};
enum { K_KEEP, K_ID, K_SEQ, K_TEXT, K_ROW };

static struct table tables[TABLES] = {
    {.name = "event", .pick = "select * from event where seq = ?1", .key = {"subject", "seq"}},
    {.name = "dossier",
     .pick = "select * from dossier where id = ?2 and answers_seq = ?1",
     .key = {"id", "answers_seq", "track", "version"}},
    {.name = "dossier_entry",
     .pick = "select * from dossier_entry where dossier = ?2 and seq = ?1",
     .key = {"dossier", "seq"}},
    {.name = "cell",
     .pick = "select * from cell where ?2 <> 0 and id >= ?1 * 4096 and id < (?1 + 1) * 4096",
     .key = {NULL, NULL, NULL, NULL, "id"}},
    {.name = "idempotency",
     .pick = "select * from idempotency where ?1 > 0 and ?2 > 0 order by id desc limit 1",
     .key = {NULL, "id", "key"}},
};
static sqlite3 *db;
static int64_t next_seq, last_id;
static int samples;

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double cpu_now(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void check(int code, const char *what)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
        return;
    fprintf(stderr, "raw: %s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

static void exec(const char *sql)
{
    check(sqlite3_exec(db, sql, NULL, NULL, NULL), sql);
}

static uint64_t roll(void)
{
    static uint64_t s;
    uint64_t z = s += 0x9E3779B97F4A7C15u;
    if (z == 0x9E3779B97F4A7C15u)
        s = (uint64_t)getpid() * 0xD1342543DE82EF95u + (uint64_t)time(NULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static void copy(const char *from, const char *to)
{
    sqlite3 *src;
    unlink(to);
    check(sqlite3_open_v2(from, &src, SQLITE_OPEN_READONLY, NULL), from);
    check(sqlite3_open(to, &db), to);
    sqlite3_backup *b = sqlite3_backup_init(db, "main", src, "main");
    check(sqlite3_backup_step(b, -1), "copy");
    sqlite3_backup_finish(b);
    sqlite3_close(src);
    sqlite3_close(db);
    check(sqlite3_open(to, &db), to);
    exec("pragma page_size = 4096; pragma journal_mode = wal; pragma synchronous = full;"
         "pragma wal_autocheckpoint = 4096; pragma cache_size = -16384;"
         "pragma temp_store = memory; pragma secure_delete = fast; pragma foreign_keys = on");
}

static int kind_of(const struct table *t, const char *column)
{
    static const int kinds[] = {K_ID, K_SEQ, K_TEXT, K_SEQ, K_ROW};
    for (int i = 0; i < 5; i++)
        if (t->key[i] && strcmp(t->key[i], column) == 0)
            return kinds[i];
    return K_KEEP;
}

static void table_sample(struct table *t, int64_t seq, int64_t id)
{
    sqlite3_stmt *s;
    check(sqlite3_prepare_v2(db, t->pick, -1, &s, NULL), t->name);
    sqlite3_bind_int64(s, 1, seq);
    sqlite3_bind_int64(s, 2, id);
    t->columns = sqlite3_column_count(s);
    for (int c = 0; c < t->columns; c++)
        t->kind[c] = kind_of(t, sqlite3_column_name(s, c));
    int n = 0;
    for (; n < 8 && sqlite3_step(s) == SQLITE_ROW; n++)
        for (int c = 0; c < t->columns; c++)
            t->v[samples][n][c] = sqlite3_value_dup(sqlite3_column_value(s, c));
    t->rows[samples] = n;
    sqlite3_finalize(s);
}

static void sample(void)
{
    sqlite3_stmt *s;
    check(sqlite3_prepare_v2(
              db,
              "select d.answers_seq, (select max(seq) from event), d.id from dossier d "
              "order by d.id desc limit 64",
              -1, &s, NULL),
          "sample");
    for (; samples < SAMPLES && sqlite3_step(s) == SQLITE_ROW; samples++) {
        for (int t = 0; t < TABLES; t++)
            table_sample(&tables[t], sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 2));
        next_seq = sqlite3_column_int64(s, 1) + 1;
        if (sqlite3_column_int64(s, 2) > last_id)
            last_id = sqlite3_column_int64(s, 2);
    }
    sqlite3_finalize(s);
    if (samples == 0)
        exit(1);
}

static void prepare(struct table *t)
{
    char sql[400];
    int n = snprintf(sql, sizeof sql, "insert into %s values (?", t->name);
    for (int c = 1; c < t->columns; c++)
        n += snprintf(sql + n, sizeof sql - (size_t)n, ",?");
    snprintf(sql + n, sizeof sql - (size_t)n, ")");
    check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &t->stmt, NULL), t->name);
}

static void row_write(struct table *t, int s, int row, int64_t id)
{
    char text[65];
    for (int c = 0; c < t->columns; c++) {
        int n = sqlite3_value_bytes(t->v[s][row][c]);
        if (t->kind[c] == K_ID) {
            sqlite3_bind_int64(t->stmt, c + 1, id);
        } else if (t->kind[c] == K_SEQ) {
            sqlite3_bind_int64(t->stmt, c + 1, next_seq);
        } else if (t->kind[c] == K_ROW) {
            sqlite3_bind_int64(t->stmt, c + 1, next_seq * 4096 + row);
        } else if (t->kind[c] == K_TEXT) {
            snprintf(text, 9, "%08llx", (unsigned long long)next_seq); /* as time goes */
            for (int i = 8; i < 56; i += 16)
                snprintf(text + i, 17, "%016llx", (unsigned long long)roll());
            memset(text + 56, '0', 8);
            sqlite3_bind_text(t->stmt, c + 1, text, n < 64 ? n : 64, SQLITE_TRANSIENT);
        } else {
            sqlite3_bind_value(t->stmt, c + 1, t->v[s][row][c]);
        }
    }
    check(sqlite3_step(t->stmt), t->name);
    sqlite3_reset(t->stmt);
}

static void submission_write(void)
{
    int s = (int)(next_seq % samples);
    int64_t id = last_id += 1 + (int64_t)(roll() & 0xffffff); /* ids rise with time */
    for (int t = 0; t < TABLES; t++)
        for (int row = 0; row < tables[t].rows[s]; row++)
            row_write(&tables[t], s, row, id);
    next_seq++;
}

static void measure(int group, double seconds, const char *end)
{
    double from = now(), cpu = cpu_now();
    int64_t n = 0;
    while (now() - from < seconds) {
        exec("begin immediate");
        for (int i = 0; i < group; i++, n++)
            submission_write();
        exec("commit");
    }
    double took = now() - from;
    printf("\"g%d\":{\"rate\":%.1f,\"cpu_us\":%.1f}%s", group, (double)n / took,
           (cpu_now() - cpu) * 1e6 / (double)n, end);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    double seconds = strtod(argv[3], NULL);
    int rows = 0;
    copy(argv[1], argv[2]);
    sample();
    for (int t = 0; t < TABLES; t++) {
        prepare(&tables[t]);
        rows += tables[t].rows[0];
    }
    printf("{\"rows\":%d,", rows);
    measure(1, seconds / 2, ",");
    measure(16, seconds / 2, ",");
    measure(64, seconds, "}\n");
    return 0;
}
