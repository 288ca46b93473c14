/* identity.c - the module's state, roles, and who may do what. */
#include "identity/identity_priv.h"

#include "ledger/ledger.h"

static void identity_close(void *arg)
{
    struct identity *id = arg;
    pthread_mutex_destroy(&id->dummy_turn);
}

enum rc identity_open(struct ctx *cx, struct identity **ret)
{
    struct identity *id = arena_new_of(cx->app->mem, struct identity);
    id->mem = cx->app->mem;
    pthread_mutex_init(&id->dummy_turn, NULL);
    arena_on_free(id->mem, identity_close, id);
    id->cache = cache_new(id->mem);
    *ret = id;
    return RC_OK;
}

struct subject_id actor_of(const struct ctx *cx)
{
    return cx->who ? cx->who->subject : (struct subject_id){0};
}

bool text_is_line(struct str s, size_t points)
{
    if (s.n == 0 || !utf8_is(s) || utf8_len(s) > points)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return true;
}

/* -- roles -- */

#define C(x) (1u << CAP_##x)
static const struct {
    const char *name;
    struct str vi, en;
    unsigned caps;
} roles[ROLE_COUNT] = {
#define ROLE(name, vi, en, caps)                                                               \
    [ROLE_##name] = {#name, {vi, sizeof vi - 1}, {en, sizeof en - 1}, caps},
#include "roles.def"
#undef ROLE
};

const char *role_name(enum role r)
{
    return r < ROLE_COUNT ? roles[r].name : "";
}

struct str role_label(struct ctx *cx, enum role r)
{
    if (r >= ROLE_COUNT)
        return STR("");
    return cx->lang == LANG_EN ? roles[r].en : roles[r].vi;
}

bool role_parse(struct str s, enum role *ret)
{
    for (int r = 0; r < ROLE_COUNT; r++)
        if (str_eq(s, str_from(roles[r].name))) {
            *ret = (enum role)r;
            return true;
        }
    return false;
}

/* -- rights -- */

/* Handling a case belongs to the unit that holds it, not to the units above. */
static bool is_for_one_unit(enum cap cap)
{
    return cap == CAP_CASE_READ || cap == CAP_CASE_ACT || cap == CAP_CASE_INTAKE ||
           cap == CAP_CASE_ASSIGN;
}

static bool grant_covers(struct ctx *cx, const struct grant *g, enum cap cap,
                         struct unit_id unit)
{
    if (!(roles[g->role].caps & (1u << cap)))
        return false;
    if (unit.v == 0 || unit.v == g->unit.v)
        return true;
    return !is_for_one_unit(cap) && unit_is_within(unit_of(cx, unit), unit_of(cx, g->unit));
}

bool who_can(struct ctx *cx, const struct who *w, enum cap cap, struct unit_id unit)
{
    if (cap == CAP_NONE)
        return true;
    if (!w || w->account == 0 || cap >= CAP_COUNT)
        return false;
    if (cap == CAP_SELF)
        return true;
    for (size_t i = 0; i < w->ngrants; i++)
        if (grant_covers(cx, &w->grants[i], cap, unit))
            return true;
    return false;
}

bool who_has_role(const struct who *w, enum role role, struct unit_id unit)
{
    for (size_t i = 0; w && i < w->ngrants; i++)
        if (w->grants[i].role == role && (unit.v == 0 || unit.v == w->grants[i].unit.v))
            return true;
    return false;
}

struct unit_id who_unit(const struct who *w)
{
    return w && w->ngrants ? w->grants[0].unit : (struct unit_id){0};
}

/* -- the journal of reads -- */

enum rc read_journal(struct ctx *cx, struct dossier_id d, struct unit_id unit,
                     struct str purpose, struct str law)
{
    if (purpose.n == 0)
        return FAIL(cx, INVALID, "purpose", "a read of personal data without a purpose");
    if (law.n == 0)
        return FAIL(cx, INVALID, "law", "a read of personal data without a legal ground");
    struct event ev = {.kind = EV_DATA_READ,
                       .actor = actor_of(cx),
                       .unit = unit,
                       .subject = d.v,
                       .purpose = purpose,
                       .law = law,
                       .facts = json_new_obj(cx->mem)};
    return ledger_append(cx, &ev);
}
