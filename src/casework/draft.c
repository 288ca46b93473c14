/* draft.c - what a person has begun: sealed rows under their own key, and no events.
 *
 * An anonymous draft has no owner. Its row stands under the token's SHA-256 and is sealed under
 * a key made of the token, so that the database alone opens nothing. */
#include "app/app.h"
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"
#include "store/store.h"

enum { TOKEN_BYTES = 18, SWEEP_MAX = 500 };

static struct subject_id owner_now(const struct ctx *cx)
{
    return cx->who && cx->who->account ? cx->who->subject : (struct subject_id){0};
}

static struct str row_id(struct ctx *cx, struct str token, struct subject_id owner)
{
    if (owner.v)
        return token;
    struct hash h = hash_of2(STR("draft id "), token);
    return hash_hex(cx->mem, &h);
}

static struct key token_key(struct str token)
{
    struct hash h = hash_of2(STR("draft key "), token);
    struct key k;
    memcpy(k.b, h.b, KEY_BYTES);
    return k;
}

static enum rc value_seal(struct ctx *cx, const struct draft *d, struct str plain,
                          struct str *ret)
{
    if (d->owner.v)
        return ledger_seal(cx, d->owner, plain, ret);
    struct key k = token_key(d->id);
    *ret = seal(cx->mem, &k, plain);
    return RC_OK;
}

static enum rc value_unseal(struct ctx *cx, const struct draft *d, struct str box,
                            struct str *ret)
{
    if (d->owner.v)
        return ledger_unseal(cx, d->owner, box, ret);
    struct key k = token_key(d->id);
    return unseal(cx->mem, &k, box, ret) ? RC_OK : FAIL(cx, CORRUPT, "draft", "seal");
}

static enum rc answers_seal(struct ctx *cx, const struct draft *d, struct str *ret)
{
    struct buf *b = buf_new(cx->mem, FORM_ANSWERS_MAX);
    if (d->owner.v && d->owner.v != owner_now(cx).v) /* an anonymous one is its bearer's */
        return FAIL(cx, NOT_FOUND, "draft", "not theirs");
    json_print(b, d->answers);
    if (b->over)
        return FAIL(cx, TOO_LARGE, "answers", "over %d bytes", FORM_ANSWERS_MAX);
    return value_seal(cx, d, buf_str(b), ret);
}

/* A draft that ended meanwhile stays ended: it must not come back beside its dossier. */
enum rc draft_save(struct ctx *cx, struct draft *d)
{
    struct str box = STR_NULL;
    TRY(answers_seal(cx, d, &box));
    TRY(db_begin(cx));
    d->changed_us = cx->now_us;
    TRY(sql_draft_set(cx, row_id(cx, d->id, d->owner), d->applicant.v, box, d->changed_us,
                      d->page.p ? d->page : STR(""), d->seen.p ? d->seen : STR("")));
    return db_changes(cx) == 1 ? RC_OK : FAIL(cx, NOT_FOUND, "draft", "ended meanwhile");
}

static enum rc draft_add(struct ctx *cx, struct draft *d)
{
    struct str box = STR_NULL;
    TRY(answers_seal(cx, d, &box));
    TRY(db_begin(cx));
    d->changed_us = cx->now_us;
    return sql_draft_add(cx, row_id(cx, d->id, d->owner), d->owner.v, d->pack->ref,
                         d->unit->id.v, d->applicant.v, box, d->changed_us,
                         d->seen.p ? d->seen : STR(""));
}

enum rc draft_new(struct ctx *cx, const struct pack *p, const struct unit *u,
                  struct draft **ret)
{
    struct draft_count_row count = {0};
    struct subject person;
    struct draft *d = arena_new_of(cx->mem, struct draft);
    *d = (struct draft){.id = random_token(cx->mem, TOKEN_BYTES),
                        .pack = p,
                        .unit = u,
                        .owner = owner_now(cx),
                        .answers = json_new_obj(cx->mem)};
    if (!d->owner.v && !p->anonymous)
        return FAIL(cx, LOGIN_REQUIRED, NULL, "%.*s is not anonymous", STR_ARG(p->id));
    if (!p->form || !pack_is_offered(p, u))
        return FAIL(cx, INVALID, "unit", "not offered there");
    TRY(sql_draft_count(cx, d->owner.v, &count));
    if (d->owner.v && count.total >= DRAFTS_MAX)
        return FAIL(cx, INVALID, "draft", "%d drafts already", DRAFTS_MAX);
    if (!d->owner.v && count.total >= cx->app->settings.draft_anonymous_max)
        return FAIL(cx, NO_ROOM, NULL, "%lld anonymous drafts", (long long)count.total);
    if (d->owner.v) {
        TRY(subject_get(cx, d->owner, &person));
        answers_prefill(cx, p, &person, d->answers);
    }
    TRY(draft_add(cx, d));
    *ret = d;
    return RC_OK;
}

static enum rc draft_fill(struct ctx *cx, struct draft *d, struct str pack, int64_t unit,
                          struct str box)
{
    struct str plain = STR_NULL;
    d->pack = pack_version(cx, pack);
    d->unit = unit_of(cx, (struct unit_id){unit});
    if (!d->pack || !d->unit)
        return FAIL(cx, CORRUPT, "draft", "unknown pack or unit");
    TRY(value_unseal(cx, d, box, &plain));
    return json_parse(cx, plain, &d->answers);
}

enum rc draft_get(struct ctx *cx, struct str id, struct draft **ret)
{
    struct draft_by_id_row *row = NULL;
    struct draft *d = arena_new_of(cx->mem, struct draft);
    *d = (struct draft){.id = id, .owner = owner_now(cx)};
    TRY(sql_draft_by_id(cx, row_id(cx, id, d->owner), &row));
    if (!row && d->owner.v) { /* begun before signing in: the token still opens it */
        d->owner.v = 0;
        TRY(sql_draft_by_id(cx, row_id(cx, id, d->owner), &row));
    }
    if (!row || row->owner != d->owner.v)
        return FAIL(cx, NOT_FOUND, "draft", "no such draft, or not theirs");
    d->changed_us = row->changed_us;
    d->applicant.v = row->applicant;
    d->seen = row->seen;
    TRY(draft_fill(cx, d, row->pack, row->unit, row->answers));
    *ret = d;
    return RC_OK;
}

enum rc draft_end(struct ctx *cx, struct str id, int64_t changed_us)
{
    TRY(sql_draft_remove(cx, id, changed_us));
    if (db_changes(cx) != 1)
        return FAIL(cx, CONFLICT, "draft", "changed or ended meanwhile");
    return sql_draft_files_remove(cx, id);
}

enum rc draft_delete(struct ctx *cx, struct str id)
{
    struct draft *d = NULL;
    TRY(db_begin(cx));
    TRY(draft_get(cx, id, &d));
    return draft_end(cx, row_id(cx, d->id, d->owner), d->changed_us);
}

enum rc drafts_of(struct ctx *cx, struct subject_id who, struct draft_list *ret)
{
    struct drafts_by_owner_rows rows = {0};
    if (!who.v || owner_now(cx).v != who.v)
        return FAIL(cx, NOT_FOUND, "draft", "not theirs");
    TRY(sql_drafts_by_owner(cx, who.v, &rows));
    ret->v = arena_array(cx->mem, struct draft *, rows.n);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct drafts_by_owner_row *r = &rows.v[i];
        struct draft *d = arena_new_of(cx->mem, struct draft);
        *d = (struct draft){.id = r->id,
                            .owner = who,
                            .applicant = {r->applicant},
                            .changed_us = r->changed_us};
        TRY(draft_fill(cx, d, r->pack, r->unit, r->answers));
        ret->v[i] = d;
    }
    return RC_OK;
}

/* -- files of a draft -- */

static const struct pack_document *document_of(const struct pack *p, struct str id)
{
    for (size_t i = 0; i < p->ndocuments; i++)
        if (str_eq(p->documents[i].id, id))
            return &p->documents[i];
    return NULL;
}

/* A question has one file: another takes its place. */
static enum rc room_make(struct ctx *cx, const struct draft *d, struct str document)
{
    struct draft_files_of_rows rows = {0};
    size_t others = 0;
    TRY(sql_draft_files_of(cx, row_id(cx, d->id, d->owner), &rows));
    for (size_t i = 0; i < rows.n; i++) {
        if (str_eq(rows.v[i].document, document))
            TRY(sql_draft_file_remove_one(cx, row_id(cx, d->id, d->owner), rows.v[i].id));
        else
            others++;
    }
    return others < FILES_MAX ? RC_OK
                              : FAIL(cx, INVALID, "document", "%zu files already", others);
}

static enum rc room_check(struct ctx *cx, const struct draft *d, struct str document)
{
    int same = 0;
    struct draft_files_of_rows rows = {0};
    const struct pack_document *doc = document_of(d->pack, document);
    if (form_file_find(d->pack->form, document) >= 0)
        return room_make(cx, d, document);
    if (!doc)
        return FAIL(cx, UNDECLARED, "document", "the pack asks for no such paper");
    TRY(sql_draft_files_of(cx, row_id(cx, d->id, d->owner), &rows));
    for (size_t i = 0; i < rows.n; i++)
        same += str_eq(rows.v[i].document, document);
    if (same >= doc->max_files || rows.n >= FILES_MAX)
        return FAIL(cx, INVALID, "document", "%d files already", same);
    return RC_OK;
}

/* hex empty: the answer is taken away. Papers of the pack are no answers. */
static enum rc answer_follow(struct ctx *cx, struct draft *d, struct str document,
                             struct str hex)
{
    if (form_file_find(d->pack->form, document) < 0)
        return sql_draft_touch(cx, row_id(cx, d->id, d->owner), cx->now_us);
    form_file_put(cx, d->pack->form, document, hex, d->answers);
    return draft_save(cx, d);
}

enum rc draft_file_add(struct ctx *cx, struct str draft, struct str document,
                       const struct file *f, struct file_id *ret)
{
    struct draft *d = NULL;
    struct str name = STR_NULL;
    TRY(db_begin(cx));
    TRY(draft_get(cx, draft, &d));
    TRY(room_check(cx, d, document));
    TRY(value_seal(cx, d, f->name, &name));
    struct file_id id = {random_id()};
    TRY(sql_draft_file_insert(cx, id.v, row_id(cx, d->id, d->owner), document, name, f->mime,
                              hash_hex(cx->mem, &f->digest), f->size, cx->now_us));
    *ret = id;
    return answer_follow(cx, d, document, hash_hex(cx->mem, &f->digest));
}

static struct str document_held(const struct file_list *files, struct file_id id)
{
    for (size_t i = 0; i < files->n; i++)
        if (files->v[i].id.v == id.v)
            return files->v[i].document;
    return STR_NULL;
}

enum rc draft_file_remove(struct ctx *cx, struct str draft, struct file_id id)
{
    struct draft *d = NULL;
    struct file_list files = {0};
    TRY(db_begin(cx));
    TRY(draft_get(cx, draft, &d));
    TRY(draft_files_of(cx, d, &files));
    TRY(sql_draft_file_remove_one(cx, row_id(cx, d->id, d->owner), id.v));
    if (db_changes(cx) != 1)
        return FAIL(cx, NOT_FOUND, "file", "not in the draft");
    return answer_follow(cx, d, document_held(&files, id), STR(""));
}

enum rc draft_files_of(struct ctx *cx, const struct draft *d, struct file_list *ret)
{
    struct draft_files_of_rows rows = {0};
    TRY(sql_draft_files_of(cx, row_id(cx, d->id, d->owner), &rows));
    struct file_list out = {arena_array(cx->mem, struct file, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct draft_files_of_row *r = &rows.v[i];
        out.v[i] = (struct file){.id = {r->id},
                                 .document = r->document,
                                 .mime = r->mime,
                                 .size = r->size,
                                 .path = file_path(cx, r->digest)};
        TRY(value_unseal(cx, d, r->name, &out.v[i].name));
        if (!hash_parse(r->digest, &out.v[i].digest))
            return FAIL(cx, CORRUPT, NULL, "file %lld: digest", (long long)r->id);
    }
    *ret = out;
    return RC_OK;
}

enum rc draft_files(struct ctx *cx, struct str draft, struct file_list *ret)
{
    struct draft *d = NULL;
    TRY(draft_get(cx, draft, &d));
    return draft_files_of(cx, d, ret);
}

struct str draft_row(struct ctx *cx, const struct draft *d)
{
    return row_id(cx, d->id, d->owner);
}

/* What was given up is counted, against the service: nothing of whoever began it is told. */
static enum rc abandoned_append(struct ctx *cx, const struct draft_expired_row *row)
{
    const struct pack *p = pack_version(cx, row->pack);
    struct event ev = {.kind = EV_DRAFT_ABANDONED,
                       .time_us = cx->now_us,
                       .unit = {row->unit},
                       .subject = row->unit,
                       .pack = row->pack,
                       .facts = json_new_obj(cx->mem)};
    if (!p || !unit_of(cx, ev.unit))
        return RC_OK;
    json_put_str(cx->mem, ev.facts, "procedure", p->procedure);
    json_put_str(cx->mem, ev.facts, "pack", p->id);
    json_put_int(cx->mem, ev.facts, "channel",
                 row->applicant ? CHANNEL_COUNTER : CHANNEL_ONLINE);
    json_put_str(cx->mem, ev.facts, "page", row->page);
    return ledger_append(cx, &ev);
}

enum rc casework_sweep(struct ctx *cx, size_t *removed)
{
    struct draft_expired_rows rows = {0};
    *removed = 0;
    TRY(db_begin(cx));
    int64_t before = cx->now_us - cx->app->settings.draft_days * DAY_US;
    TRY(sql_draft_expired(cx, before, SWEEP_MAX, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        TRY(draft_end(cx, rows.v[i].id, rows.v[i].changed_us));
        TRY(abandoned_append(cx, &rows.v[i]));
    }
    *removed = rows.n;
    TRY(db_commit(cx)); /* nobody's writes wait while folders are read */
    return files_sweep(cx, removed);
}
