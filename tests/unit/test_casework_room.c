/* test_casework_room.c - ceilings that strangers share, the disk's floor, papers that prove. */
#include "unit/harness.h"

#include "casework_help.h"

static int petition_begin(void **state)
{
    *state = desk_open("petition");
    return 0;
}

static enum rc draft_as(struct desk *k, const char *who)
{
    struct draft *d = NULL;
    struct ctx *cx = as(k, who);
    enum rc rc = draft_new(cx, k->office.pack, commune(k), &d);
    if (rc == RC_OK)
        return db_commit(cx);
    db_rollback(cx);
    return rc;
}

static void strangers_share_a_ceiling(void **state)
{
    struct desk *k = *state;
    k->office.app.settings.draft_anonymous_max = 3;
    for (int i = 0; i < 3; i++)
        assert_int_equal(draft_as(k, "nobody"), RC_OK);
    assert_int_equal(draft_as(k, "nobody"), RC_NO_ROOM);
    assert_int_equal(draft_as(k, "an"), RC_OK); /* who signed in is not kept out by them */
    k->office.app.settings.draft_anonymous_max = 4;
    assert_int_equal(draft_as(k, "nobody"), RC_OK);
}

static enum rc stored_as(struct desk *k, const char *who)
{
    char *path = (char *)str_fmt(k->mem, "%.*s/spool-XXXXXX", STR_ARG(k->office.dir)).p;
    struct hash h = hash_of(STR(PNG));
    struct file f;
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, PNG, sizeof PNG - 1) == sizeof PNG - 1);
    close(fd);
    enum rc rc = file_store(as(k, who), str_from(path), &h, STR("x.png"), &f);
    unlink(path);
    return rc;
}

static void the_disk_keeps_a_floor(void **state)
{
    enum { NEVER = 1 << 30 }; /* MiB: a petabyte is free nowhere */
    static const struct {
        int64_t floor, anonymous;
        const char *who;
        enum rc rc;
    } rows[] = {
        {0, 0, "nobody", RC_OK},          {0, 0, "an", RC_OK},
        {0, NEVER, "nobody", RC_NO_ROOM}, {0, NEVER, "an", RC_OK},
        {NEVER, 0, "an", RC_NO_ROOM},     {NEVER, NEVER, "nobody", RC_NO_ROOM},
    };
    struct desk *k = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        k->office.app.settings.disk_floor_mib = rows[i].floor;
        k->office.app.settings.disk_floor_anonymous_mib = rows[i].anonymous;
        assert_int_equal(stored_as(k, rows[i].who), rows[i].rc);
    }
}

static void say_count(void *arg, struct str text)
{
    assert_true(str_starts(text, STR("paper ")));
    ++*(int *)arg;
}

static struct files_count papers(struct desk *k, int said)
{
    struct files_count c = {0};
    int n = 0;
    assert_int_equal(files_verify(as(k, ""), say_count, &n, &c), RC_OK);
    assert_int_equal(n, said);
    return c;
}

static void papers_prove(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "an");
    struct draft *d = NULL;
    struct dossier_ref ref;
    struct form_errors errs = {0};
    struct file_id id;
    assert_int_equal(papers(k, 0).files, 0);
    struct file f = file_new(k, cx, PNG);
    assert_int_equal(draft_new(cx, k->office.pack, commune(k), &d), RC_OK);
    assert_int_equal(draft_file_add(cx, d->id, k->office.pack->documents[0].id, &f, &id),
                     RC_OK);
    struct json *answers = answers_of(
        k, "{\"kind\":\"local\",\"field\":\"transport\",\"subject\":\"Đường có nhiều ổ gà\","
           "\"content\":\"Đoạn đường dài 200 mét có nhiều ổ gà, mùa mưa đọng nước.\","
           "\"place\":\"gần cầu Mẫu\",\"identity\":\"named\",\"confidential\":false,"
           "\"may_publish\":true,\"declaration\":true}");
    struct submission s = {.pack = k->office.pack,
                           .unit = commune(k),
                           .answers = answers,
                           .channel = CHANNEL_ONLINE,
                           .draft = d->id,
                           .applicant = cx->who->subject};
    enum rc rc = dossier_submit(cx, &s, &errs, &ref);
    if (rc != RC_OK)
        fail_msg("%s %s", cx->err.field, cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(papers(k, 0).files, 1);
    const char *path = str_z(k->mem, f.path);
    int fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, "!", 1, 10), 1);
    close(fd);
    assert_int_equal(papers(k, 1).faults, 1);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(papers(k, 1).faults, 1);
}

#define PETITION_DESK(f) cmocka_unit_test_setup_teardown(f, petition_begin, desk_end)

int main(void)
{
    const struct CMUnitTest tests[] = {PETITION_DESK(strangers_share_a_ceiling),
                                       PETITION_DESK(the_disk_keeps_a_floor),
                                       PETITION_DESK(papers_prove)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
