/* test_casework_papers.c - drafts and their papers: whose they are, when they end, the disk. */
#include "unit/harness.h"

#include "acts_help.h"
#include "gen/casework_sql.h"

/* -- drafts -- */

static void drafts_are_private(void **state)
{
    static const struct {
        const char *who;
        enum rc rc;
    } rows[] = {{"an", RC_OK},
                {"binh", RC_NOT_FOUND},
                {"nobody", RC_NOT_FOUND},
                {"leader@commune", RC_NOT_FOUND}};
    struct desk *k = *state;
    struct draft *d = draft_made(k, "an"), *got = NULL;
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_int_equal(draft_get(as(k, rows[i].who), d->id, &got), rows[i].rc);
    assert_int_equal(draft_get(as(k, "an"), d->id, &got), RC_OK);
    assert_true(json_equal(got->answers, d->answers));
    assert_int_equal(draft_new(as(k, "nobody"), k->office.pack, commune(k), &got),
                     RC_LOGIN_REQUIRED);
    struct draft_list list = {0};
    assert_int_equal(drafts_of(as(k, "binh"), as(k, "an")->who->subject, &list), RC_NOT_FOUND);
    assert_int_equal(drafts_of(as(k, "an"), as(k, "an")->who->subject, &list), RC_OK);
    assert_int_equal(list.n, 1);
}

static void drafts_end(void **state)
{
    struct desk *k = *state;
    struct draft *d = draft_made(k, "an"), *got = NULL;
    struct ctx *cx = as(k, "an");
    struct file f = file_new(k, cx, PNG);
    struct file_id id;
    struct file_list files = {0};
    struct form_errors errs = {0};
    struct dossier_ref ref;
    assert_int_equal(draft_file_add(cx, d->id, STR("recipe"), &f, &id), RC_UNDECLARED);
    ctx_clear(cx);
    assert_int_equal(draft_file_add(cx, d->id, STR("photo"), &f, &id), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct submission s = {.pack = k->office.pack,
                           .unit = commune(k),
                           .applicant = cx->who->subject,
                           .channel = CHANNEL_ONLINE,
                           .draft = d->id};
    cx = as(k, "an");
    assert_int_equal(dossier_submit(cx, &s, &errs, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(dossier_files(cx, look(k, ref.code), &files), RC_OK);
    assert_int_equal(files.n, 1);
    assert_int_equal(files.v[0].id.v, id.v);
    assert_true(str_eq(ref.code, draft_track(cx, d->id)));
    assert_int_equal(draft_get(as(k, "an"), d->id, &got), RC_NOT_FOUND);
    s.answers = NULL; /* the same submission again makes no second dossier */
    assert_int_equal(dossier_submit(as(k, "an"), &s, &errs, &ref), RC_NOT_FOUND);
}

/* Two pages at once, one of which files: nothing that was saved is lost, nothing comes back. */
static void drafts_race(void **state)
{
    struct desk *k = *state;
    struct draft *d = draft_made(k, "an"), *stale = NULL, *got = NULL;
    struct form_errors errs = {0};
    struct dossier_ref ref;
    struct file_id id;
    k->now_us += SECOND_US;
    struct ctx *slow = as(k, "an"), *cx = as(k, "an");
    struct submission s = {.pack = k->office.pack,
                           .unit = commune(k),
                           .applicant = cx->who->subject,
                           .channel = CHANNEL_ONLINE,
                           .draft = d->id};
    assert_int_equal(draft_get(slow, d->id, &stale), RC_OK);
    struct draft read_before = *stale;
    assert_int_equal(draft_save(cx, d), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    cx = as(k, "an");
    assert_int_equal(db_begin(cx), RC_OK);
    assert_int_equal(draft_end(cx, draft_row(cx, stale), stale->changed_us), RC_CONFLICT);
    db_rollback(cx);
    cx = as(k, "an");
    assert_int_equal(dossier_submit(cx, &s, &errs, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct file f = file_new(k, slow, PNG);
    assert_int_equal(draft_save(slow, &read_before), RC_NOT_FOUND);
    db_rollback(slow);
    assert_int_equal(draft_file_add(slow, d->id, STR("photo"), &f, &id), RC_NOT_FOUND);
    db_rollback(slow);
    assert_int_equal(draft_get(as(k, "an"), d->id, &got), RC_NOT_FOUND);
}

static void drafts_go_with_erasure(void **state)
{
    struct desk *k = *state;
    struct draft *d = draft_made(k, "an");
    struct ctx *cx = as(k, "an");
    struct file f = file_new(k, cx, PNG);
    struct file_id id;
    struct digest_used_row *used = NULL;
    assert_int_equal(draft_file_add(cx, d->id, STR("photo"), &f, &id), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct subject_id an = cx->who->subject;
    assert_int_equal(sql_digest_used(cx, hash_hex(cx->mem, &f.digest), &used), RC_OK);
    assert_non_null(used);
    cx = as(k, "");
    assert_int_equal(subject_erase(cx, an, STR("law")), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(sql_digest_used(cx, hash_hex(cx->mem, &f.digest), &used), RC_OK);
    assert_null(used);
}

static void drafts_bounded_and_swept(void **state)
{
    struct desk *k = *state;
    struct draft *d = NULL;
    size_t removed = 0;
    for (int i = 0; i < DRAFTS_MAX; i++)
        draft_made(k, "an");
    assert_int_equal(draft_new(as(k, "an"), k->office.pack, commune(k), &d), RC_INVALID);
    k->now_us += 31 * DAY_US;
    struct ctx *cx = as(k, "");
    assert_int_equal(casework_sweep(cx, &removed), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(removed, DRAFTS_MAX);
    draft_made(k, "an");
}

/* A paper that nothing names is swept once it is old, but not while somebody copies the folder. */
static void papers_kept_and_swept(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "an"), keeper = *cx;
    struct file f = file_new(k, cx, PNG);
    const char *path = str_z(k->mem, f.path);
    const struct timespec old[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    size_t removed = 0;
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
    keeper.mem = arena_new(1 << 16);
    assert_int_equal(files_keep(&keeper), RC_OK);
    cx = as(k, "");
    assert_int_equal(casework_sweep(cx, &removed), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(removed, 0);
    assert_int_equal(access(path, F_OK), 0);
    arena_free(keeper.mem);
    cx = as(k, "");
    assert_int_equal(casework_sweep(cx, &removed), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(removed, 1);
    assert_int_not_equal(access(path, F_OK), 0);
}

/* -- files -- */

static void sniffing(void **state)
{
    static const struct {
        struct str head;
        const char *mime;
    } rows[] = {
        {STR("\xff\xd8\xff\xe0 jfif"), "image/jpeg"},
        {STR("\x89PNG\r\n\x1a\n...."), "image/png"},
        {STR("GIF89a......"), "image/gif"},
        {STR("RIFF\x10\0\0\0WEBPVP8 "), "image/webp"},
        {STR("\0\0\0\x18"
             "ftypheic\0\0\0\0"),
         "image/heic"},
        {STR("\0\0\0\x18"
             "ftypmif1\0\0\0\0"),
         "image/heif"},
        {STR("BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0...."), "image/bmp"},
        {STR("II*\0...."), "image/tiff"},
        {STR("%PDF-1.7\n"), "application/pdf"},
        {STR("RIFF\x10\0\0\0WAVEfmt "), NULL},
        {STR("BMbm or any words that begin so"), NULL},
        {STR("<svg xmlns='http://www.w3.org/2000/svg'/>"), NULL},
        {STR("<html><script>"), NULL},
        {STR("MZ\x90\0"), NULL},
        {STR("PK\x03\x04"), NULL},
        {STR("\0\0\0\x18"
             "ftypisom\0\0\0\0"),
         NULL},
        {STR("\xff\xd8"), NULL},
        {STR(""), NULL},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str mime = file_sniff(rows[i].head);
        assert_int_equal(mime.p != NULL, rows[i].mime != NULL);
        if (rows[i].mime)
            assert_str(mime, rows[i].mime);
    }
}

static void files_on_disk(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "an");
    struct file a = file_new(k, cx, PNG), b = file_new(k, cx, PNG), c;
    size_t removed = 0;
    assert_true(str_eq(a.path, b.path)); /* the same bytes stand once */
    struct hash h = hash_of(STR("words"));
    const char *path = str_fmt(k->mem, "%.*s/words", STR_ARG(k->office.dir)).p;
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    assert_int_equal(write(fd, "words", 5), 5);
    close(fd);
    assert_int_equal(file_store(cx, str_from(path), &h, STR("x.png"), &c), RC_UNSUPPORTED);
    cx = as(k, "an");
    k->office.app.settings.web_file_max = 4;
    assert_int_equal(file_store(cx, str_from(path), &h, STR("x.png"), &c), RC_TOO_LARGE);
    cx = as(k, "");
    assert_int_equal(casework_sweep(cx, &removed), RC_OK);
    assert_int_equal(removed, 0); /* young: somebody may be about to name it */
    struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    assert_int_equal(utimensat(AT_FDCWD, str_z(k->mem, a.path), old, 0), 0);
    assert_int_equal(casework_sweep(cx, &removed), RC_OK);
    assert_int_equal(removed, 1);
    db_rollback(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(drafts_are_private),
        DESK(drafts_end),
        DESK(drafts_race),
        DESK(drafts_go_with_erasure),
        DESK(drafts_bounded_and_swept),
        DESK(papers_kept_and_swept),
        UNIT(sniffing),
        DESK(files_on_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
