/* fail_nth.c - a dossier's whole story with the N-th query, write, commit or memory page
 * failing, for N = 1, 2, 3 … until each step goes through untouched.
 *
 * A failed step must say so with the right code, leave nothing behind (same log, projections
 * equal to a rebuild) and succeed when it is simply done again. Last line: for ./check. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "crypt/crypt.h"
#include "identity/identity.h"
#include "measure/measure.h"
#include "ops/rebuild.h"
#include "scenario/scenario_priv.h"
#include "store/store.h"
#include "work/work.h"

enum {
    STEP_LIMIT = 16 << 20,
    STORIES_MAX = 400,
    PAD_STEP = 640,
    PAD_MAX = 16 * 1024,
    CODE_BYTES = 80
};
enum fault_kind { KIND_QUERY, KIND_WRITE, KIND_COMMIT, KIND_PAGE, KINDS };

static const char *const kind_names[] = {"query", "write", "commit", "page"};
static const struct ledger_subscriber *const subs[] = {
    &unit_subscriber,    &identity_subscriber, &casework_subscriber,
    &measure_subscriber, &work_subscriber,     NULL};

struct story {
    struct office office;
    struct ctx *cx; /* the office's own */
    int64_t now_us;
    char draft[CODE_BYTES], code[CODE_BYTES];
    char spool[256];
    enum fault_kind kind;
    size_t pad; /* bytes taken first, so that a page ends at another place */
    int passed, failed;
};

static void told(struct story *s, const char *what, bool holds, const char *got)
{
    if (holds) {
        s->passed++;
        return;
    }
    s->failed++;
    printf("FAILED %s: %s\n", what, got);
}

static void keep(char to[CODE_BYTES], struct str s)
{
    snprintf(to, CODE_BYTES, "%.*s", STR_ARG(s));
}

/* -- the steps -- */

/* A photo as an upload leaves it in the spool; made before anything can fail. */
static void spool_fill(struct story *s)
{
    static const char png[] = "\x89PNG\r\n\x1a\n made for a test";
    snprintf(s->spool, sizeof s->spool, "%.*s/spool-photo", STR_ARG(s->office.dir));
    int fd = open(s->spool, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, png, sizeof png) != (ssize_t)sizeof png)
        abort();
    close(fd);
}

static enum rc photo_store(struct ctx *cx, struct story *s, struct file *ret)
{
    static const char png[] = "\x89PNG\r\n\x1a\n made for a test";
    struct hash h = hash_of(str_n(png, sizeof png));
    TRY(file_store(cx, str_from(s->spool), &h, STR("ảnh.png"), ret));
    ret->document = STR("photo");
    return RC_OK;
}

static const struct unit *commune(struct ctx *cx, struct story *s)
{
    return unit_of(cx, s->office.units[3]);
}

static enum rc draft_begin(struct ctx *cx, struct story *s)
{
    struct draft *d;
    TRY(draft_new(cx, s->office.pack, commune(cx, s), &d));
    TRY(json_parse(cx, STR("{\"size\":\"small\",\"place\":\"ấp Mẫu\"}"), &d->answers));
    TRY(draft_save(cx, d));
    keep(s->draft, d->id);
    return RC_OK;
}

static enum rc draft_photo(struct ctx *cx, struct story *s)
{
    struct file f;
    struct file_id id;
    TRY(photo_store(cx, s, &f));
    return draft_file_add(cx, str_from(s->draft), STR("photo"), &f, &id);
}

static enum rc submit(struct ctx *cx, struct story *s)
{
    struct form_errors errs = {0};
    struct dossier_ref ref;
    struct submission sub = {.pack = s->office.pack,
                             .unit = commune(cx, s),
                             .applicant = cx->who->subject,
                             .channel = CHANNEL_ONLINE,
                             .draft = str_from(s->draft)};
    TRY(dossier_submit(cx, &sub, &errs, &ref));
    keep(s->code, ref.code);
    return RC_OK;
}

static enum rc act_on(struct ctx *cx, struct story *s, const struct act *a)
{
    struct form_errors errs = {0};
    struct dossier *d;
    struct dossier_ref ref;
    TRY(dossier_open(cx, str_from(s->code), &d));
    TRY(dossier_act(cx, d, a, &errs, &ref));
    keep(s->code, d->track);
    return RC_OK;
}

static enum rc accept_it(struct ctx *cx, struct story *s)
{
    return act_on(cx, s, &(struct act){.id = STR("accept")});
}

static enum rc ask_more(struct ctx *cx, struct story *s)
{
    struct json *items = json_new_arr(cx->mem);
    json_push(items, json_new_str(cx->mem, STR("Bản vẽ")));
    return act_on(cx, s,
                  &(struct act){.id = STR("supplement"), .reason = STR("mờ"), .items = items});
}

static enum rc send_more(struct ctx *cx, struct story *s)
{
    struct file f;
    struct act a = {.id = STR("resubmit"), .files = &(struct file_list){&f, 1}};
    TRY(json_parse(cx, STR("{\"place\":\"chợ Mẫu\"}"), &a.answers));
    TRY(photo_store(cx, s, &f));
    return act_on(cx, s, &a);
}

static enum rc approve(struct ctx *cx, struct story *s)
{
    return act_on(cx, s, &(struct act){.id = STR("approve")});
}

static enum rc hand_over(struct ctx *cx, struct story *s)
{
    return act_on(cx, s, &(struct act){.id = STR("hand_over")});
}

static enum rc rate(struct ctx *cx, struct story *s)
{
    struct dossier *d;
    TRY(dossier_open(cx, str_from(s->code), &d));
    return dossier_rate(cx, d, 3, STR("Nhanh"));
}

static enum rc look(struct ctx *cx, struct story *s)
{
    struct dossier *d;
    struct json *view, *answers;
    TRY(dossier_open(cx, str_from(s->code), &d));
    TRY(dossier_answers(cx, d, &answers));
    return dossier_view(cx, d, true, &view);
}

static const struct step {
    const char *name, *role; /* role NULL: the citizen */
    enum rc (*run)(struct ctx *cx, struct story *s);
} steps[] = {
    {"draft", NULL, draft_begin},
    {"photo", NULL, draft_photo},
    {"submit", NULL, submit},
    {"accept", "reception", accept_it},
    {"look", "specialist", look},
    {"supplement", "specialist", ask_more},
    {"resubmit", NULL, send_more},
    {"approve", "specialist", approve},
    {"hand over", "reception", hand_over},
    {"rate", NULL, rate},
};
enum { STEPS = sizeof steps / sizeof steps[0] };

/* -- one step, as one request -- */

static enum rc who_is(struct ctx *cx, struct story *s, const struct step *st)
{
    struct who *w = NULL;
    if (st->role)
        TRY(office_officer(cx, commune(cx, s), str_from(st->role), &w));
    else
        TRY(office_citizen(cx, STR("an"), &w));
    cx->who = w;
    return RC_OK;
}

static void arm(struct story *s, unsigned n)
{
    if (s->kind == KIND_PAGE)
        arena_fail_page(n);
    else
        store_fail_at(s->office.app.store, (enum store_fault)s->kind, n);
}

/* What is left of the fault: 0 when it struck. */
static unsigned disarm(struct story *s)
{
    struct store *st = s->office.app.store;
    return s->kind == KIND_PAGE ? arena_fail_page(0)
                                : store_fail_at(st, (enum store_fault)s->kind, 0);
}

static enum rc request(struct story *s, const struct step *st, unsigned n, unsigned *left)
{
    struct arena *mem = arena_new(STEP_LIMIT);
    struct ctx *cx = ctx_new(mem, &s->office.app);
    jmp_buf full;
    enum rc rc;
    cx->now_us = s->now_us;
    if (setjmp(full) == 0) {
        arena_escape_set(mem, &full);
        rc = db_attach(cx, s->office.app.store);
        if (rc == RC_OK)
            rc = who_is(cx, s, st);
        arena_alloc(mem, s->pad);
        arm(s, n);
        if (rc == RC_OK)
            rc = st->run(cx, s);
        if (rc == RC_OK)
            rc = db_commit(cx);
        else
            db_rollback(cx);
    } else {
        rc = RC_NO_MEMORY;
    }
    *left = disarm(s);
    arena_escape_set(mem, NULL);
    arena_free(mem); /* an open turn rolls back */
    return rc;
}

/* -- what must hold after each failure -- */

static void difference(void *arg, struct str text)
{
    printf("  %.*s\n", STR_ARG(text));
}

static int64_t log_size(struct story *s)
{
    struct arena *mem = arena_new(STEP_LIMIT);
    struct ctx *cx = ctx_new(mem, &s->office.app);
    struct ledger_head head = {.size = -1};
    if (db_attach(cx, s->office.app.store) != RC_OK || ledger_head_get(cx, &head) != RC_OK)
        head.size = -1;
    arena_free(mem);
    return head.size;
}

/* Nothing half done: the projections are what the log says, and the log proves itself. */
static bool is_whole(struct story *s)
{
    struct arena *mem = arena_new(256u << 20);
    struct ctx *cx = ctx_new(mem, &s->office.app);
    struct rebuild_report r = {0};
    struct rebuild_plan plan = {
        .subs = subs,
        .scratch = str_fmt(mem, "%.*s-again", STR_ARG(s->office.dir)),
        .say = difference,
    };
    int64_t faults = -1;
    bool whole = db_attach(cx, s->office.app.store) == RC_OK &&
                 rebuild_check(cx, &plan, &r) == RC_OK && r.differences == 0 &&
                 ledger_verify(cx, NULL, NULL, difference, NULL, &faults) == RC_OK && !faults;
    if (!whole)
        printf("  %s %s\n", rc_name(cx->err.rc), cx->err.detail);
    arena_free(mem);
    return whole;
}

static void failed_well(struct story *s, const struct step *st, unsigned n, enum rc rc,
                        int64_t size)
{
    char what[160];
    enum rc wanted = s->kind == KIND_PAGE ? RC_NO_MEMORY : RC_STORE;
    snprintf(what, sizeof what, "%s with %s %u failing", st->name, kind_names[s->kind], n);
    told(s, what, rc == wanted, rc_name(rc));
    told(s, what, log_size(s) == size, "the log grew");
    told(s, what, is_whole(s), "not whole");
}

/* -- the story, again and again -- */

/* From *n on, until the step goes through: the try at N + 1 shows that N left nothing behind.
 * *n becomes 0 when the fault lies beyond the step's end; else the step went on in spite of it,
 * and the next story takes the next N. */
static bool step_through(struct story *s, const struct step *st, unsigned *n)
{
    for (;; ++*n) {
        unsigned left;
        int64_t size = log_size(s);
        spool_fill(s);
        enum rc rc = request(s, st, *n, &left);
        if (rc == RC_OK) {
            *n = left ? 0 : *n + 1;
            return true;
        }
        failed_well(s, st, *n, rc, size);
        if (left) {
            told(s, st->name, false, "refused without a fault");
            return false;
        }
    }
}

static bool story_play(struct story *s, unsigned next[STEPS])
{
    bool again = false;
    for (size_t i = 0; i < STEPS; i++) {
        unsigned none;
        if (next[i]) {
            if (!step_through(s, &steps[i], &next[i]))
                return false;
            again = again || next[i];
            continue;
        }
        spool_fill(s);
        enum rc rc = request(s, &steps[i], 0, &none);
        told(s, steps[i].name, rc == RC_OK, rc_name(rc));
        if (rc != RC_OK)
            return false;
    }
    return again;
}

static int stories_play(struct story *s)
{
    unsigned next[STEPS];
    int stories = 1;
    for (size_t i = 0; i < STEPS; i++)
        next[i] = 1;
    while (story_play(s, next) && stories++ < STORIES_MAX)
        s->now_us += MINUTE_US;
    return stories;
}

static void kind_play(struct story *s, enum fault_kind kind)
{
    int stories = 0, before = s->passed;
    s->kind = kind;
    for (s->pad = 0; s->pad < (kind == KIND_PAGE ? PAD_MAX : 1); s->pad += PAD_STEP)
        stories += stories_play(s);
    s->pad = 0;
    printf("%-7s %d faults in %d stories\n", kind_names[kind], (s->passed - before) / 3,
           stories);
    fflush(stdout);
}

static enum rc story_open(struct story *s, const char *pack)
{
    struct arena *process = arena_new(512u << 20);
    struct pack_files *files;
    s->office.app.mem = process;
    s->cx = ctx_new(arena_new(256u << 20), NULL);
    s->now_us = day_start(day_make(2026, 6, 1)) + 9 * HOUR_US; /* a Monday */
    log_level_set(LOG_ERROR + 1);
    TRY(crypt_start(s->cx));
    TRY(pack_files_read(s->cx, str_from(pack), &files));
    return office_open(s->cx, files, subs, s->now_us, &s->office);
}

int main(int argc, char **argv)
{
    static struct story s;
    if (argc != 2) {
        fputs("usage: fail_nth PACK_FOLDER\n", stderr);
        return 2;
    }
    if (story_open(&s, argv[1]) != RC_OK) {
        fprintf(stderr, "fail_nth: %s\n", s.cx->err.detail);
        return 1;
    }
    for (int kind = 0; kind < KINDS; kind++)
        kind_play(&s, (enum fault_kind)kind);
    arena_free(s.cx->mem);
    office_close(&s.office);
    arena_free(s.office.app.mem);
    printf("tests %d failed %d\n", s.passed, s.failed);
    return s.failed || !s.passed;
}
