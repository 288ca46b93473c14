/* event.c - events, their rows and their entries. */
#include "base/buf.h"
#include "ledger/ledger_priv.h"

static const struct {
    const char *name, *subject;
} kinds[EV_COUNT] = {
    {"", ""},
#define EVENT(id, name, subject, text) {name, #subject},
#include "events.def"
#undef EVENT
};

const char *event_name(enum event_kind k)
{
    return k > EV_NONE && k < EV_COUNT ? kinds[k].name : "";
}

enum event_kind event_parse(struct str name)
{
    for (int k = 1; k < EV_COUNT; k++)
        if (str_eq(name, str_from(kinds[k].name)))
            return (enum event_kind)k;
    return EV_NONE;
}

/* -- entries -- */

static void put_string(struct buf *b, struct str s) /* RFC 8785 3.2.2.2 */
{
    static const char short_form[] = {[8] = 'b', [9] = 't', [10] = 'n', [12] = 'f', [13] = 'r'};
    buf_putc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            buf_put(b, str_n((char[]){'\\', (char)c}, 2));
        else if (c >= 0x20)
            buf_putc(b, (char)c);
        else if (c < sizeof short_form && short_form[c])
            buf_put(b, str_n((char[]){'\\', short_form[c]}, 2));
        else
            buf_fmt(b, "\\u%04x", c);
    }
    buf_putc(b, '"');
}

static void put_member(struct buf *b, const char *key, struct str value)
{
    if (value.n == 0)
        return;
    buf_put(b, str_from(key));
    put_string(b, value);
}

/* Tells who holds the row which subject is meant, and tells others nothing: the salt differs
 * from event to event. */
static struct str subject_ref(struct arena *mem, const struct event_by_seq_row *row)
{
    char text[64];
    int n = snprintf(text, sizeof text, "%s %lld", kinds[row->kind].subject,
                     (long long)row->subject);
    struct hash h = hash_of2(row->salt, str_n(text, (size_t)n));
    return base64url_of(mem, str_n(h.b, REF_BYTES));
}

/* Who acted, for whom, in which unit, on what ground and whose secret it is are proven with the
 * facts, but not told: the salt keeps accounts from being guessed out of the digest. */
static struct hash facts_hash(struct arena *mem, const struct event_by_seq_row *row)
{
    enum { GROUND_MAX = 64 << 10 };
    const int64_t who[] = {row->actor, row->behalf, row->owner, row->unit};
    struct buf *b = buf_new(mem, GROUND_MAX);
    buf_put(b, row->salt);
    for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
        buf_int(b, who[i]);
        buf_putc(b, i < 3 ? ' ' : '\n');
    }
    buf_put(b, row->purpose);
    buf_putc(b, '\n');
    buf_put(b, row->law);
    buf_putc(b, '\n');
    return hash_of2(buf_str(b), row->facts);
}

/* Keys in the order of RFC 8785; those without a value are left out. */
struct str entry_print(struct arena *mem, const struct event_by_seq_row *row)
{
    struct buf *b = buf_new(mem, ENTRY_MAX);
    struct hash facts = facts_hash(mem, row);
    buf_put(b, STR("{\"facts\":\""));
    buf_put(b, base64_of(mem, str_n(facts.b, HASH_BYTES)));
    buf_put(b, STR("\""));
    put_member(b, ",\"kind\":", str_from(event_name((enum event_kind)row->kind)));
    put_member(b, ",\"pack\":", row->pack);
    if (row->secret_hash.n)
        put_member(b, ",\"secret\":", base64_of(mem, row->secret_hash));
    buf_put(b, STR(",\"seq\":"));
    buf_int(b, row->seq);
    if (row->subject)
        put_member(b, ",\"subject\":", subject_ref(mem, row));
    buf_put(b, STR(",\"time\":"));
    buf_int(b, row->time_us);
    put_member(b, ",\"unit\":", row->unit_code);
    buf_put(b, STR(",\"v\":1}"));
    return b->over ? STR_NULL : buf_str(b);
}

/* -- event to row -- */

static struct str salt_new(struct arena *mem)
{
    void *p = arena_alloc(mem, SALT_BYTES);
    random_fill(p, SALT_BYTES);
    return str_n(p, SALT_BYTES);
}

/* The salt of a secret lies inside its box: with the key gone, nobody can test a guess
 * against the digest in the entry. */
static enum rc secret_seal(struct ctx *cx, struct ledger *lg, const struct event *ev,
                           struct event_by_seq_row *row)
{
    struct key key;
    if (ev->owner.v == 0)
        return FAIL(cx, INTERNAL, NULL, "%s: a secret without an owner", event_name(ev->kind));
    TRY(person_key_open(cx, lg, ev->owner.v, &key));
    struct str plain =
        str_join(cx->mem, salt_new(cx->mem), json_canonical(cx->mem, ev->secret));
    struct hash *h = arena_new_of(cx->mem, struct hash);
    *h = hash_of(plain);
    row->secret_hash = str_n(h->b, HASH_BYTES);
    row->secret = seal(cx->mem, &key, plain);
    return RC_OK;
}

static struct str or_empty(struct str s)
{
    return s.p ? s : STR("");
}

enum rc event_to_row(struct ctx *cx, struct ledger *lg, const struct event *ev,
                     struct event_by_seq_row *row)
{
    struct str code = STR("");
    if (ev->kind <= EV_NONE || ev->kind >= EV_COUNT)
        return FAIL(cx, INTERNAL, NULL, "event kind %d", (int)ev->kind);
    if (ev->unit.v && lg->unit_code)
        code = or_empty(lg->unit_code(cx, ev->unit));
    *row = (struct event_by_seq_row){
        .seq = ev->seq,
        .time_us = ev->time_us,
        .kind = ev->kind,
        .actor = ev->actor.v,
        .behalf = ev->behalf.v,
        .unit = ev->unit.v,
        .unit_code = code,
        .subject = ev->subject,
        .pack = or_empty(ev->pack),
        .purpose = or_empty(ev->purpose),
        .law = or_empty(ev->law),
        .facts = ev->facts ? json_canonical(cx->mem, ev->facts) : STR("{}"),
        .salt = salt_new(cx->mem),
        .owner = ev->owner.v,
    };
    return ev->secret ? secret_seal(cx, lg, ev, row) : RC_OK;
}

/* -- row to event -- */

static enum rc secret_parse(struct ctx *cx, struct ledger *lg,
                            const struct event_by_seq_row *row, struct json **ret)
{
    struct str plain = STR_NULL;
    TRY(secret_open(cx, lg, row, &plain));
    if (!plain.p)
        return RC_OK;
    return json_parse(cx, str_skip(plain, SALT_BYTES), ret);
}

enum rc event_of_row(struct ctx *cx, struct ledger *lg, const struct event_by_seq_row *row,
                     bool with_secret, struct event **ret)
{
    struct event *ev = arena_new_of(cx->mem, struct event);
    if (row->kind <= EV_NONE || row->kind >= EV_COUNT)
        return FAIL(cx, CORRUPT, NULL, "event %lld: unknown kind", (long long)row->seq);
    *ev = (struct event){
        .seq = row->seq,
        .time_us = row->time_us,
        .kind = (enum event_kind)row->kind,
        .actor = {row->actor},
        .behalf = {row->behalf},
        .unit = {row->unit},
        .subject = row->subject,
        .pack = str_dup(cx->mem, row->pack),
        .purpose = str_dup(cx->mem, row->purpose),
        .law = str_dup(cx->mem, row->law),
        .owner = {row->owner},
    };
    TRY(json_parse(cx, str_dup(cx->mem, row->facts), &ev->facts));
    if (with_secret)
        TRY(secret_parse(cx, lg, row, &ev->secret));
    *ret = ev;
    return RC_OK;
}

/* -- reading back -- */

static enum rc event_read(struct ctx *cx, int64_t seq, bool with_secret, struct event **ret)
{
    struct event_by_seq_row *row = NULL;
    TRY(sql_event_by_seq(cx, seq, &row));
    if (!row)
        return FAIL(cx, NOT_FOUND, "seq", "no event %lld", (long long)seq);
    return event_of_row(cx, ledger_of(cx), row, with_secret, ret);
}

enum rc ledger_event_get(struct ctx *cx, int64_t seq, struct event **ret)
{
    return event_read(cx, seq, false, ret);
}

enum rc ledger_event_open(struct ctx *cx, int64_t seq, struct event **ret)
{
    return event_read(cx, seq, true, ret);
}

enum rc ledger_events_of(struct ctx *cx, enum event_kind first, enum event_kind last,
                         int64_t subject, bool with_secret, struct event_list *ret)
{
    struct event_by_subject_rows rows = {NULL, 0};
    TRY(sql_event_by_subject(cx, subject, first, last, &rows));
    struct event_list list = {arena_array(cx->mem, struct event *, rows.n), 0};
    for (size_t i = 0; i < rows.n; i++) {
        const struct event_by_seq_row *row = &rows.v[i];
        if (row->kind >= EV_COUNT || strcmp(kinds[row->kind].subject, kinds[first].subject))
            continue;
        TRY(event_of_row(cx, ledger_of(cx), row, with_secret, &list.v[list.n++]));
    }
    *ret = list;
    return RC_OK;
}
