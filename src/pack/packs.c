/* packs.c - the published versions in memory: a generation that is swapped, never changed. */
#include "pack/pack_priv.h"

#include "app/app.h"
#include "base/locked.h"
#include "base/map.h"
#include "calendar/calendar.h"
#include "gen/pack_sql.h"
#include "ledger/ledger.h"
#include "pack/publish.h"
#include "store/store.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { VERSION_MEM_MAX = 64 << 20, GENERATION_MEM_MAX = 8 << 20 };

struct generation {
    struct map *by_ref, *by_id, *by_procedure; /* struct pack */
    const struct pack **current;
    size_t ncurrent;
};

struct packs {
    struct locked own;     /* one loads at a time; readers take no lock */
    struct map *loaded;    /* ref -> struct pack, under lock: loaded once for the process */
    struct signer *signer; /* NULL until it is needed and there */
    _Atomic(const struct generation *) now;
};

enum rc packs_signer(struct ctx *cx, struct signer **ret)
{
    struct packs *ps = cx->app->packs;
    struct str keys = str_fmt(cx->mem, "%.*s/keys", STR_ARG(store_dir(cx->app->store)));
    enum rc rc = RC_OK;
    locked_take(&ps->own);
    if (!ps->signer)
        rc = signer_open(cx, keys, "pack", true, &ps->signer);
    locked_give(&ps->own);
    TRY(rc);
    *ret = ps->signer;
    return RC_OK;
}

/* An export may come without keys: then content is checked by digest only. */
static struct signer *signer_if_there(struct ctx *cx)
{
    struct signer *s = NULL;
    struct str keys = str_fmt(cx->mem, "%.*s/keys", STR_ARG(store_dir(cx->app->store)));
    if (signer_open(cx, keys, "pack", false, &s) != RC_OK)
        ctx_clear(cx);
    return s;
}

static enum rc row_verify(struct ctx *cx, const struct packs *ps,
                          const struct pack_version_all_row *row, struct hash *digest)
{
    *digest = hash_of(row->archive);
    if (!str_eq(row->digest, str_n(digest->b, HASH_BYTES)))
        return FAIL(cx, CORRUPT, "pack", "%.*s: its bytes are not what was published",
                    STR_ARG(row->ref));
    if (!ps->signer)
        return RC_OK;
    struct key public = signer_public(ps->signer);
    struct str text = pack_signed_text(cx->mem, row->ref, digest);
    if (row->signature.n != SIGN_BYTES ||
        !sign_check(&public, text, (const uint8_t *)row->signature.p))
        return FAIL(cx, CORRUPT, "pack", "%.*s: its signature does not verify",
                    STR_ARG(row->ref));
    return RC_OK;
}

enum rc packs_verify(struct ctx *cx, void (*say)(void *arg, struct str text), void *arg,
                     struct packs_count *ret)
{
    struct packs keys = {.signer = signer_if_there(cx)};
    struct pack_version_all_rows rows = {0};
    struct hash digest;
    TRY(sql_pack_version_all(cx, &rows));
    *ret = (struct packs_count){.packs = (int64_t)rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        if (row_verify(cx, &keys, &rows.v[i], &digest) == RC_OK)
            continue;
        ret->faults++;
        say(arg, str_fmt(cx->mem, "pack %s", cx->err.detail));
        ctx_clear(cx);
    }
    return RC_OK;
}

static void mem_close(void *mem)
{
    arena_free(mem);
}

/* In an arena that lasts as long as the process: dossiers point into it. */
static enum rc version_load(struct ctx *cx, struct packs *ps,
                            const struct pack_version_all_row *row, struct pack **ret)
{
    struct arena *mem = cx->mem;
    struct pack_files *files;
    cx->mem = arena_new(VERSION_MEM_MAX);
    enum rc rc = pack_unarchive(cx, str_dup(cx->mem, row->archive), &files);
    if (rc == RC_OK)
        rc = pack_load(cx, files, ret);
    if (rc == RC_OK)
        arena_on_free(ps->own.mem, mem_close, cx->mem);
    else
        arena_free(cx->mem);
    cx->mem = mem;
    return rc;
}

static enum rc row_load(struct ctx *cx, struct packs *ps,
                        const struct pack_version_all_row *row, struct pack **ret)
{
    struct hash digest;
    struct pack *p = map_get(ps->loaded, row->ref);
    if (!p) {
        TRY(row_verify(cx, ps, row, &digest));
        TRY(version_load(cx, ps, row, &p));
        p->digest = digest;
        map_set(ps->loaded, p->ref, p);
    }
    *ret = p;
    if (p->is_withdrawn == (row->withdrawn != 0))
        return RC_OK;
    /* Withdrawal is the one thing that changes: readers of the old generation keep theirs. */
    struct pack *copy = arena_new_of(ps->own.mem, struct pack);
    *copy = *p;
    copy->is_withdrawn = row->withdrawn != 0;
    map_set(ps->loaded, copy->ref, copy);
    *ret = copy;
    return RC_OK;
}

static int name_cmp(const void *a, const void *b)
{
    const struct pack *x = *(const struct pack *const *)a, *y = *(const struct pack *const *)b;
    int c = str_cmp(json_str(x->name, "vi"), json_str(y->name, "vi"));
    return c ? c : str_cmp(x->id, y->id);
}

/* The highest version that is not withdrawn is the current one. */
static void generation_add(struct generation *g, struct pack *p)
{
    const struct pack *other = map_get(g->by_id, p->id);
    map_set(g->by_ref, p->ref, p);
    if (!p->is_withdrawn && (!other || version_cmp(p->version, other->version) > 0))
        map_set(g->by_id, p->id, p);
}

/* The highest version of its service, one in force before those withdrawn. */
static void procedure_add(struct generation *g, struct pack *p)
{
    const struct pack *other = map_get(g->by_procedure, p->procedure);
    bool is_later = !other || (other->is_withdrawn == p->is_withdrawn
                                   ? version_cmp(p->version, other->version) > 0
                                   : other->is_withdrawn);
    if (p->form && is_later)
        map_set(g->by_procedure, p->procedure, p);
}

static enum rc generation_load(struct ctx *cx, struct packs *ps, struct generation *g)
{
    struct pack_version_all_rows rows;
    TRY(sql_pack_version_all(cx, &rows));
    if (rows.n > PACK_VERSIONS_MAX)
        return FAIL(cx, TOO_LARGE, "pack", "over %d versions", PACK_VERSIONS_MAX);
    if (!ps->signer && rows.n)
        ps->signer = signer_if_there(cx);
    for (size_t i = 0; i < rows.n; i++) {
        struct pack *p;
        TRY(row_load(cx, ps, &rows.v[i], &p));
        generation_add(g, p);
    }
    for (size_t i = 0; i < map_size(g->by_ref); i++)
        procedure_add(g, map_at(g->by_ref, i, NULL));
    g->ncurrent = map_size(g->by_id);
    g->current = arena_array(ps->own.mem, const struct pack *, g->ncurrent + 1);
    for (size_t i = 0; i < g->ncurrent; i++)
        g->current[i] = map_at(g->by_id, i, NULL);
    qsort(g->current, g->ncurrent, sizeof *g->current, name_cmp);
    return RC_OK;
}

/* At start, in commands and in scenarios: none of them goes on after an arena's end (no escape is
 * set), so none can leave the lock taken. A request must not come here. */
static enum rc packs_load(struct ctx *cx, struct packs *ps)
{
    locked_take(&ps->own);
    struct generation *g = arena_new_of(ps->own.mem, struct generation);
    g->by_ref = map_new(ps->own.mem);
    g->by_procedure = map_new(ps->own.mem);
    g->by_id = map_new(ps->own.mem);
    enum rc rc = generation_load(cx, ps, g);
    if (rc == RC_OK)
        atomic_store(&ps->now, g);
    locked_give(&ps->own);
    return rc;
}

enum rc packs_open(struct ctx *cx, struct packs **ret)
{
    struct packs *ps = arena_new_of(cx->app->mem, struct packs);
    locked_begin(&ps->own, cx->app->mem, (size_t)GENERATION_MEM_MAX * 8);
    ps->loaded = map_new(ps->own.mem);
    TRY(packs_load(cx, ps));
    *ret = ps;
    return RC_OK;
}

enum rc packs_reload(struct ctx *cx)
{
    return packs_load(cx, cx->app->packs);
}

static const struct generation *generation_of(struct ctx *cx)
{
    return atomic_load(&cx->app->packs->now);
}

const struct pack *pack_current(struct ctx *cx, struct str id)
{
    return map_get(generation_of(cx)->by_id, id);
}

const struct pack *pack_version(struct ctx *cx, struct str ref)
{
    return map_get(generation_of(cx)->by_ref, ref);
}

const struct pack *pack_of_procedure(struct ctx *cx, struct str procedure)
{
    return map_get(generation_of(cx)->by_procedure, procedure);
}

const struct pack *const *pack_all(struct ctx *cx, size_t *n)
{
    const struct generation *g = generation_of(cx);
    *n = g->ncurrent;
    return g->current;
}

bool pack_is_offered(const struct pack *p, const struct unit *u)
{
    return (p->offered_by & (1u << u->kind)) != 0;
}

int64_t pack_fee_amount(struct ctx *cx, const struct pack_fee *f, const struct json *answers)
{
    struct json *v = NULL;
    if (!f->amount)
        return f->amount_vnd;
    if (expr_eval(cx, f->amount, answers, &v) != RC_OK) {
        LOGW("a fee ran over its budget: %.*s", STR_ARG(expr_source(f->amount)));
        ctx_clear(cx);
        return 0;
    }
    if (v->kind != JSON_INT || v->i < 0)
        return 0;
    return v->i < PACK_FEE_MAX_VND ? v->i : PACK_FEE_MAX_VND;
}

int64_t pack_fee_sum(struct ctx *cx, const struct pack *p, const struct json *answers)
{
    int64_t sum = 0;
    for (size_t i = 0; i < p->nfees; i++)
        if (expr_is_true(cx, p->fees[i].when, answers))
            sum += pack_fee_amount(cx, &p->fees[i], answers);
    return sum;
}

/* -- publishing: from a checked pack to a signed version that never changes -- */

struct str pack_signed_text(struct arena *mem, struct str ref, const struct hash *digest)
{
    return str_fmt(mem, "motcua-pack-version 1\n%.*s\n%.*s\n", STR_ARG(ref),
                   STR_ARG(hash_hex(mem, digest)));
}

/* -- what is published, as facts: the service after the event, and as it was before -- */

static const char *level_of(const struct pack *p)
{
    struct str mode = p ? json_str(p->yaml, "mode_2022") : STR("");
    return str_eq(mode, STR("toan_trinh")) ? "full"
           : str_eq(mode, STR("mot_phan")) ? "partial"
                                           : "none";
}

/* LAW: QD766/2022 1.3 - every part of the procedure is told. */
static bool is_complete(const struct pack *p)
{
    static const char *const parts[] = {"name",       "steps",   "mode_2022", "documents",
                                        "applicants", "results", "law",       "owner"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!json_get(p->yaml, str_from(parts[i])))
            return false;
    return p->flow && p->flow->nclocks > 0;
}

/* A fee that is always 0 is none: its line only says that the service is free. */
static bool has_fee(const struct pack *p)
{
    for (size_t i = 0; i < p->nfees; i++)
        if (p->fees[i].amount || p->fees[i].amount_vnd)
            return true;
    return false;
}

static void service_put(struct ctx *cx, const struct pack *p, const char *was, struct json *o)
{
    const struct {
        const char *name;
        bool holds;
    } rows[] = {
        {"service", p != NULL},
        {"online", p && !str_eq(str_from(level_of(p)), STR("none"))},
        {"has_fee", p && has_fee(p)},
        {"payable", false}, /* payments are not connected */
        {"paper", p && p->gives_paper},
        {"complete", p && is_complete(p)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        json_put_bool(cx->mem, o, str_fmt(cx->mem, "%s%s", was, rows[i].name).p, rows[i].holds);
    json_put_str(cx->mem, o, str_fmt(cx->mem, "%slevel", was).p, str_from(level_of(p)));
    json_put_int(cx->mem, o, str_fmt(cx->mem, "%slevel_2011", was).p,
                 p ? json_int(p->yaml, "level_2011", 0) : 0);
}

/* LAW: QD766/2022 1.1, 1.2 - how long before its effect a procedure was decided, and how long
 * after that it was made public, in working days. Worked out now: calendars change. */
static void decision_put(struct ctx *cx, const struct pack_decision *d, struct json *o)
{
    const struct calendar *cal = calendar_of(cx);
    json_put_bool(cx->mem, o, "decided", d != NULL);
    json_put_bool(cx->mem, o, "by_ministry", d && d->by_ministry);
    json_put_int(cx->mem, o, "lead_days", d ? calendar_count(cal, d->day, d->effective) : 0);
    json_put_int(cx->mem, o, "public_days",
                 d ? calendar_count(cal, d->day, day_of(cx->now_us)) : 0);
    if (d)
        json_put_str(cx->mem, o, "decision", d->number);
}

/* What the pack itself says. */
static const struct pack_decision *decision_of(struct ctx *cx, const struct pack *p)
{
    const struct json *v = p ? json_get(p->yaml, STR("decision")) : NULL;
    struct pack_decision *d = arena_new_of(cx->mem, struct pack_decision);
    if (!v || !day_parse(json_str(v, "day"), &d->day) ||
        !day_parse(json_str(v, "effective"), &d->effective))
        return NULL;
    d->number = json_str(v, "number");
    d->by_ministry = str_eq(json_str(v, "by"), STR("ministry"));
    return d;
}

static void service_facts(struct ctx *cx, const struct pack *before, const struct pack *after,
                          struct json *o)
{
    const struct pack *p = after ? after : before;
    service_put(cx, before && before->form ? before : NULL, "was_", o);
    service_put(cx, after && after->form ? after : NULL, "", o);
    decision_put(cx, decision_of(cx, after), o);
    json_put_str(cx->mem, o, "pack", p->id);
    json_put_str(cx->mem, o, "procedure", p->form ? p->procedure : STR(""));
}

/* Which version is current when this one is published, or (gone) no more. */
static const struct pack *current_after(struct ctx *cx, const struct pack *p, bool gone)
{
    const struct generation *g = generation_of(cx);
    const struct pack *best = gone ? NULL : p;
    for (size_t i = 0; i < map_size(g->by_ref); i++) {
        const struct pack *v = map_at(g->by_ref, i, NULL);
        if (str_eq(v->id, p->id) && !str_eq(v->ref, p->ref) && !v->is_withdrawn &&
            (!best || version_cmp(v->version, best->version) > 0))
            best = v;
    }
    return best;
}

static struct event *event_of(struct ctx *cx, enum event_kind kind, int64_t id, struct str ref)
{
    struct event *ev = arena_new_of(cx->mem, struct event);
    struct str pack, version = str_split(ref, '@', &pack);
    *ev = (struct event){.kind = kind, .subject = id, .pack = ref};
    if (cx->who)
        ev->actor = cx->who->subject;
    ev->facts = json_new_obj(cx->mem);
    json_put_str(cx->mem, ev->facts, "id", pack);
    json_put_str(cx->mem, ev->facts, "version", version);
    return ev;
}

static enum rc version_store(struct ctx *cx, const struct pack *p, struct str archive,
                             const struct pack_decision *d)
{
    struct signer *signer;
    uint8_t sig[SIGN_BYTES];
    int64_t id = random_id();
    TRY(packs_signer(cx, &signer));
    signer_sign(signer, pack_signed_text(cx->mem, p->ref, &p->digest), sig);
    TRY(sql_pack_version_insert(cx, id, p->ref, p->id, p->version,
                                str_n(p->digest.b, HASH_BYTES), str_n(sig, SIGN_BYTES), archive,
                                cx->now_us));
    struct event *ev = event_of(cx, EV_PACK_PUBLISHED, id, p->ref);
    json_put_str(cx->mem, ev->facts, "digest", hash_hex(cx->mem, &p->digest));
    service_facts(cx, pack_current(cx, p->id), current_after(cx, p, false), ev->facts);
    if (d)
        decision_put(cx, d, ev->facts);
    return ledger_append(cx, ev);
}

static enum rc decision_check(struct ctx *cx, const struct pack *p,
                              const struct pack_decision *d)
{
    if (!p->form)
        return FAIL(cx, INVALID, "decision", "the pack is no service");
    if (!str_trim(d->number).n || utf8_len(d->number) > DECISION_NUMBER_MAX)
        return FAIL(cx, INVALID, "decision", "%zu bytes", d->number.n);
    if (d->day > day_of(cx->now_us))
        return FAIL(cx, INVALID, "decided", "in the future");
    if (d->effective < d->day)
        return FAIL(cx, INVALID, "effective", "before it was decided");
    return RC_OK;
}

enum rc pack_publish_decided(struct ctx *cx, const struct pack_files *f,
                             const struct pack_decision *d, struct str *ref)
{
    struct pack_findings found;
    struct pack *p;
    struct str archive;
    struct pack_version_find_row *old;
    TRY(pack_check(cx, f, &found, &p));
    if (d)
        TRY(decision_check(cx, p, d));
    TRY(pack_archive(cx, f, &archive));
    p->digest = hash_of(archive);
    TRY(db_begin(cx));
    TRY(sql_pack_version_find(cx, p->ref, &old));
    if (old && !str_eq(old->digest, str_n(p->digest.b, HASH_BYTES)))
        return FAIL(cx, DUPLICATE, "version", "%.*s was published with other content",
                    STR_ARG(p->ref));
    if (!old)
        TRY(version_store(cx, p, archive, d));
    *ref = p->ref;
    return RC_OK;
}

enum rc pack_publish(struct ctx *cx, const struct pack_files *f, struct str *ref)
{
    return pack_publish_decided(cx, f, NULL, ref);
}

enum rc pack_withdraw(struct ctx *cx, struct str ref)
{
    struct pack_version_find_row *row;
    TRY(db_begin(cx));
    TRY(sql_pack_version_find(cx, ref, &row));
    if (!row)
        return FAIL(cx, NOT_FOUND, "ref", "no version %.*s", STR_ARG(str_cut(ref, 0, 80)));
    if (row->withdrawn)
        return RC_OK;
    TRY(sql_pack_version_withdraw(cx, ref));
    struct event *ev = event_of(cx, EV_PACK_WITHDRAWN, row->id, ref);
    const struct pack *p = pack_version(cx, ref);
    if (p)
        service_facts(cx, pack_current(cx, p->id), current_after(cx, p, true), ev->facts);
    return ledger_append(cx, ev);
}
