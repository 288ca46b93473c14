/* subject.c - persons and organisations: add, find, erase. */
#include <inttypes.h>

#include "identity/identity_priv.h"

#include "gen/identity_sql.h"
#include "ledger/ledger.h"
#include "store/store.h"

static const char *const kinds[] = {
    [SUBJECT_CITIZEN] = "citizen",
    [SUBJECT_BUSINESS] = "business",
    [SUBJECT_HOUSEHOLD] = "household",
};
enum { KIND_COUNT = sizeof kinds / sizeof kinds[0], REF_BYTES = 12 };

const char *subject_kind_name(enum subject_kind k)
{
    return (int)k < KIND_COUNT ? kinds[k] : "";
}

bool subject_kind_parse(struct str s, enum subject_kind *ret)
{
    for (int k = 0; k < KIND_COUNT; k++)
        if (str_eq(s, str_from(kinds[k]))) {
            *ret = (enum subject_kind)k;
            return true;
        }
    return false;
}

/* -- checks -- */

static bool phone_is(struct str s)
{
    struct str digits = str_starts(s, STR("+")) ? str_skip(s, 1) : s;
    if (digits.n < 8 || s.n > SUBJECT_PHONE_MAX)
        return false;
    for (size_t i = 0; i < digits.n; i++)
        if (digits.p[i] < '0' || digits.p[i] > '9')
            return false;
    return true;
}

/* Enough to catch a slip: only a message that arrives proves an address. */
static bool email_is(struct str s)
{
    struct str local, domain = str_split(s, '@', &local);
    if (!text_is_line(s, SUBJECT_EMAIL_MAX) || local.n == 0 || !domain.p)
        return false;
    return !str_has(domain, STR("@")) && !str_has(s, STR(" ")) && domain.n > 2 &&
           domain.p[0] != '.' && domain.p[domain.n - 1] != '.' && str_has(domain, STR("."));
}

static enum rc check_number(struct ctx *cx, const struct subject *s)
{
    if (s->number.n == 0)
        return RC_OK;
    if (s->kind != SUBJECT_CITIZEN && tax_code_is(s->number))
        return RC_OK;
    /* A household may go by its head's identity number (tax law 38/2019, article 35.7). */
    if (s->kind != SUBJECT_BUSINESS && identity_number_is(s->number, s->birth))
        return RC_OK;
    return FAIL(cx, INVALID, "number", "%zu characters, or not of that birth day", s->number.n);
}

static enum rc check_subject(struct ctx *cx, const struct subject *s)
{
    if ((int)s->kind >= KIND_COUNT)
        return FAIL(cx, INVALID, "kind", "%u", (unsigned)s->kind);
    if (!text_is_line(s->name, SUBJECT_NAME_MAX))
        return FAIL(cx, INVALID, "name", "%zu bytes", s->name.n);
    if (s->phone.n && !phone_is(s->phone))
        return FAIL(cx, INVALID, "phone", "%zu characters", s->phone.n);
    if (s->email.n && !email_is(s->email))
        return FAIL(cx, INVALID, "email", "%zu characters", s->email.n);
    if (s->birth != INT32_MIN &&
        (s->birth > day_of(cx->now_us) || s->birth < day_make(1850, 1, 1)))
        return FAIL(cx, INVALID, "birth", "not between 1850 and today");
    return check_number(cx, s);
}

/* -- commands -- */

static void put_text(struct arena *mem, struct json *obj, const char *key, struct str s)
{
    if (s.n)
        json_put_str(mem, obj, key, s);
}

static struct json *secret_of(struct arena *mem, const struct subject *s)
{
    struct json *secret = json_new_obj(mem);
    put_text(mem, secret, "number", s->number);
    put_text(mem, secret, "name", s->name);
    put_text(mem, secret, "phone", s->phone);
    put_text(mem, secret, "email", s->email);
    if (s->birth != INT32_MIN)
        json_put_str(mem, secret, "birth", day_iso(mem, s->birth));
    return secret;
}

enum rc subject_add(struct ctx *cx, const struct subject *s, struct subject_id *ret)
{
    TRY(check_subject(cx, s));
    TRY(db_begin(cx));
    struct subject_id_by_number_row *same = NULL;
    if (s->number.n)
        TRY(sql_subject_id_by_number(cx, s->number, &same));
    if (same)
        return FAIL(cx, DUPLICATE, "number", "subject %" PRId64, same->id);
    struct subject_id id = {random_id()};
    TRY(ledger_key_new(cx, id));
    struct json *facts = json_new_obj(cx->mem);
    json_put_str(cx->mem, facts, "kind", str_from(kinds[s->kind]));
    json_put_str(cx->mem, facts, "ref", random_token(cx->mem, REF_BYTES));
    struct event ev = {.kind = EV_SUBJECT_ADDED,
                       .actor = actor_of(cx),
                       .subject = id.v,
                       .facts = facts,
                       .secret = secret_of(cx->mem, s),
                       .owner = id};
    TRY(ledger_append(cx, &ev));
    *ret = id;
    return RC_OK;
}

enum rc subject_get(struct ctx *cx, struct subject_id id, struct subject *ret)
{
    struct subject_by_id_row *r;
    struct subject s = {.id = id};
    TRY(sql_subject_by_id(cx, id.v, &r));
    if (!r)
        return FAIL(cx, NOT_FOUND, "subject", "%" PRId64, id.v);
    if (r->erased)
        return FAIL(cx, GONE, "subject", "%" PRId64 " was erased", id.v);
    if (!subject_kind_parse(r->kind, &s.kind))
        return FAIL(cx, CORRUPT, "subject", "kind of %" PRId64, id.v);
    s.ref = r->ref;
    s.number = r->number;
    s.name = r->name;
    s.phone = r->phone;
    s.email = r->email;
    s.birth = r->birth == DB_NULL ? INT32_MIN : (int32_t)r->birth;
    *ret = s;
    return RC_OK;
}

enum rc subject_by_number(struct ctx *cx, struct str number, struct subject **ret)
{
    struct subject_id_by_number_row *r = NULL;
    if (number.n)
        TRY(sql_subject_id_by_number(cx, number, &r));
    if (!r) {
        *ret = NULL;
        return RC_OK;
    }
    struct subject *s = arena_new_of(cx->mem, struct subject);
    TRY(subject_get(cx, (struct subject_id){r->id}, s));
    *ret = s;
    return RC_OK;
}

enum rc subject_erase(struct ctx *cx, struct subject_id id, struct str law)
{
    struct subject s;
    struct accounts_of_subject_rows accounts;
    if (law.n == 0)
        return FAIL(cx, INVALID, "law", "an erasure without a legal ground");
    TRY(db_begin(cx));
    TRY(subject_get(cx, id, &s));
    TRY(sql_accounts_of_subject(cx, id.v, &accounts));
    for (size_t i = 0; i < accounts.n; i++)
        if (!accounts.v[i].closed)
            TRY(account_close(cx, accounts.v[i].id));
    struct event ev = {.kind = EV_SUBJECT_ERASED,
                       .actor = actor_of(cx),
                       .subject = id.v,
                       .law = law,
                       .facts = json_new_obj(cx->mem)};
    TRY(ledger_append(cx, &ev));
    return ledger_key_destroy(cx, id);
}
