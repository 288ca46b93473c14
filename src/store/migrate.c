/* migrate.c - bringing a database to the tables this program knows; forward only. */
#include "store/store_priv.h"

struct migration {
    int number;
    const char *module, *digest, *sql;
};

#include "gen/migrations.h"

static enum rc digest_of(struct ctx *cx, struct db_conn *c, int number, struct str *ret)
{
    sqlite3_stmt *s;
    struct str digest = STR_NULL;
    if (sqlite3_prepare_v2(c->db, "select digest from migration where number = ?1", -1, &s,
                           NULL) != SQLITE_OK)
        return conn_fail(cx, c, "migration table");
    sqlite3_bind_int(s, 1, number);
    int code = sqlite3_step(s);
    if (code == SQLITE_ROW)
        digest = str_dup(cx->mem, str_from((const char *)sqlite3_column_text(s, 0)));
    sqlite3_finalize(s);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return conn_fail(cx, c, "migration table");
    *ret = digest;
    return RC_OK;
}

static enum rc apply(struct ctx *cx, struct db_conn *c, const struct migration *m)
{
    TRY(conn_exec(cx, c, m->sql));
    struct str note = str_fmt(cx->mem, "insert into migration values (%d, '%s', '%s', %lld)",
                              m->number, m->module, m->digest, (long long)cx->now_us);
    TRY(conn_exec(cx, c, note.p));
    LOGI("store migration=%04d module=%s", m->number, m->module);
    return RC_OK;
}

static enum rc highest(struct ctx *cx, struct db_conn *c, int *tables, int *number)
{
    static const char sql[] = "select count(*) from sqlite_master where name = 'migration'";
    static const char top[] = "select coalesce(max(number), 0) from migration";
    sqlite3_stmt *s;
    int *to[] = {tables, number};
    const char *const texts[] = {sql, top};
    for (int i = 0; i < 2 && (i == 0 || *tables); i++) {
        if (sqlite3_prepare_v2(c->db, texts[i], -1, &s, NULL) != SQLITE_OK)
            return conn_fail(cx, c, "migration table");
        bool row = sqlite3_step(s) == SQLITE_ROW;
        *to[i] = sqlite3_column_int(s, 0);
        sqlite3_finalize(s);
        if (!row)
            return conn_fail(cx, c, "migration table");
    }
    return RC_OK;
}

static enum rc migrate_all(struct ctx *cx, struct db_conn *c, bool fresh)
{
    for (const struct migration *m = migrations; m->sql; m++) {
        struct str digest = STR_NULL;
        if (!fresh || m != migrations)
            TRY(digest_of(cx, c, m->number, &digest));
        if (!digest.p)
            TRY(apply(cx, c, m));
        else if (!str_eq(digest, str_from(m->digest)))
            return FAIL(cx, CORRUPT, NULL, "migration %04d_%s changed after it was applied",
                        m->number, m->module);
    }
    return RC_OK;
}

static int known_last(void)
{
    int last = 0;
    for (const struct migration *m = migrations; m->sql; m++)
        last = m->number;
    return last;
}

static enum rc newer_refuse(struct ctx *cx, int number)
{
    if (number <= known_last())
        return RC_OK;
    return FAIL(cx, NEWER, "dir",
                "its tables are at migration %d, this program knows %d: use the program that "
                "wrote it, or restore a backup from before that one was installed",
                number, known_last());
}

enum rc migrated_check(struct ctx *cx, struct db_conn *c, int least)
{
    int tables = 0, number = 0, known = known_last();
    TRY(highest(cx, c, &tables, &number));
    if (!tables)
        return FAIL(cx, CORRUPT, "dir", "not a node's database");
    TRY(newer_refuse(cx, number));
    if (number < (least < known ? least : known))
        return FAIL(
            cx, OLDER, "dir",
            "its tables are at migration %d of %d: back it up, run `motcua serve` on it "
            "once, then this again",
            number, known);
    return RC_OK;
}

enum rc db_tables_need(struct ctx *cx, int migration)
{
    return cx->conn ? migrated_check(cx, cx->conn, migration)
                    : FAIL(cx, INTERNAL, NULL, "no reader");
}

enum rc migrate(struct ctx *cx, struct db_conn *c)
{
    int tables = 0, number = 0;
    TRY(highest(cx, c, &tables, &number));
    TRY(newer_refuse(cx, number));
    TRY(conn_exec(cx, c, "begin immediate"));
    enum rc rc = migrate_all(cx, c, !tables);
    if (rc == RC_OK)
        rc = conn_exec(cx, c, "commit");
    if (rc != RC_OK)
        sqlite3_exec(c->db, "rollback", NULL, NULL, NULL);
    return rc;
}
