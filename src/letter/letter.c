/* letter.c - which letters a dossier has; making one, and recording that it was given. */
#include "gen/letter_sql.h"
#include "letter/letter_priv.h"
#include "store/store.h"

static const struct {
    const char *id, *symbol;
} forms[LETTER_FORM_COUNT] = {
    [LETTER_NONE] = {"", ""},
#define LETTER(name, form, symbol, template) [LETTER_##name] = {form, symbol},
#include "letters.def"
#undef LETTER
};

struct str form_id(enum letter_form form)
{
    return str_from(forms[form].id);
}

struct str form_symbol(enum letter_form form)
{
    return str_from(forms[form].symbol);
}

struct str form_name(struct ctx *cx, struct str id, const struct json *own)
{
    if (own)
        return label_text(cx, json_get(own, STR("name")));
    struct str key = str_fmt(cx->mem, "letter.name.%.*s", STR_ARG(id));
    return msg_has(key) ? msg_get(cx->lang, key) : id;
}

/* -- the list -- */

static bool is_for_officer(const struct ctx *cx, const struct dossier *d)
{
    return !cx->who || (cx->who->is_officer && cx->who->subject.v != d->applicant.v);
}

/* Officers see the slip, which names who handled it; applicants have the dossier's page. */
static bool is_open_to(const struct ctx *cx, const struct dossier *d, const struct cause *c)
{
    return c->form != LETTER_SLIP || is_for_officer(cx, d);
}

static struct letter letter_of(struct ctx *cx, const struct tale *t, const struct cause *c)
{
    return (struct letter){.form = c->id,
                           .number = cause_number(cx, t, c),
                           .name = form_name(cx, c->id, c->own),
                           .of = c->ev->seq,
                           .time_us = c->ev->time_us,
                           .seq = -1};
}

static enum rc issued_put(struct ctx *cx, const struct letters_issued_row *row,
                          struct letter *l)
{
    if (!str_eq(row->form, l->form) || row->of_seq != l->of)
        return RC_OK;
    if (!hash_parse(row->digest, &l->digest))
        return FAIL(cx, CORRUPT, NULL, "letter of %lld: digest", (long long)l->of);
    l->size = row->size;
    l->seq = row->seq;
    return RC_OK;
}

enum rc letters_of(struct ctx *cx, const struct dossier *d, struct letter_list *ret)
{
    struct tale t;
    struct cause_list causes;
    struct letters_issued_rows rows = {0};
    enum rc rc = tale_read(cx, d, &t);
    *ret = (struct letter_list){arena_array(cx->mem, struct letter, LETTERS_MAX), 0};
    if (rc == RC_GONE) { /* after erasure there is nothing left to give */
        ctx_clear(cx);
        return RC_OK;
    }
    TRY(rc);
    causes_of(cx, &t, &causes);
    TRY(sql_letters_issued(cx, d->id.v, str_from(lang_code(cx->lang)), &rows));
    for (size_t i = causes.n; i-- > 0;) {
        if (!is_open_to(cx, d, &causes.v[i]))
            continue;
        struct letter *l = &ret->v[ret->n++];
        *l = letter_of(cx, &t, &causes.v[i]);
        for (size_t k = 0; k < rows.n; k++)
            TRY(issued_put(cx, &rows.v[k], l));
    }
    return RC_OK;
}

static struct json *letter_view(struct ctx *cx, const struct letter *l)
{
    struct arena *mem = cx->mem;
    struct json *o = json_new_obj(mem);
    json_put_str(mem, o, "form", l->form);
    json_put_str(mem, o, "name", l->name);
    json_put_str(mem, o, "number", l->number);
    json_put_int(mem, o, "of", l->of);
    json_put_str(mem, o, "time", time_iso(mem, l->time_us));
    json_put_str(mem, o, "time_text", time_text(mem, l->time_us));
    json_put_str(mem, o, "day_text", day_text(mem, day_of(l->time_us)));
    json_put_bool(mem, o, "is_issued", l->seq >= 0);
    if (l->seq < 0)
        return o;
    json_put_int(mem, o, "size", l->size);
    json_put_str(mem, o, "size_text",
                 str_fmt(mem, "%lld KB", (long long)((l->size + 1023) / 1024)));
    json_put_str(mem, o, "digest", hash_hex(mem, &l->digest));
    return o;
}

struct json *letters_view(struct ctx *cx, const struct letter_list *list)
{
    struct json *all = json_new_arr(cx->mem);
    for (size_t i = 0; i < list->n; i++)
        json_push(all, letter_view(cx, &list->v[i]));
    return all;
}

/* -- one letter -- */

static struct str public_base(struct ctx *cx)
{
    const struct settings *s = &cx->app->settings;
    struct str url = s->public_url;
    while (str_ends(url, STR("/")))
        url = str_cut(url, 0, url.n - 1);
    return url.n ? url
                 : str_fmt(cx->mem, "http://%.*s:%lld", STR_ARG(s->http_bind),
                           (long long)s->http_port);
}

enum rc letter_print(struct ctx *cx, struct draft_letter *dl, struct json *fields)
{
    struct letter *l = dl->l;
    struct sheet sheet;
    json_put_str(cx->mem, fields, "number", l->number);
    json_put_str(cx->mem, fields, "form", l->form);
    json_put_str(cx->mem, fields, "lang", str_from(lang_code(cx->lang)));
    l->mark = hash_of2(STR("motcua letter\n"), json_canonical(cx->mem, fields));
    struct str hex = hash_hex(cx->mem, &l->mark), base = public_base(cx);
    json_put_str(cx->mem, fields, "url",
                 str_fmt(cx->mem, "%.*s/letter/%.*s/%.*s", STR_ARG(base), STR_ARG(dl->code),
                         MARK_CHARS, hex.p));
    dl->text.fields = fields;
    dl->text.time_us = l->time_us;
    dl->text.title = str_fmt(cx->mem, "%.*s – %.*s", STR_ARG(l->name), STR_ARG(l->number));
    TRY(sheet_make(cx, &dl->text, &sheet));
    TRY(press_print(cx, &sheet, &l->pdf));
    l->digest = hash_of(l->pdf);
    l->size = (int64_t)l->pdf.n;
    return RC_OK;
}

static const struct cause *cause_find(const struct cause_list *list, struct str form,
                                      int64_t of)
{
    for (size_t i = list->n; i-- > 0;)
        if (str_eq(list->v[i].id, form) && (of < 0 || list->v[i].ev->seq == of))
            return &list->v[i];
    return NULL;
}

/* A pack's words for a kernel form: letters/01.yaml. */
static const struct json *pack_words(const struct pack *p, struct str form)
{
    return json_get(json_get(p->letter_words, form), STR("words"));
}

enum rc letter_make(struct ctx *cx, const struct dossier *d, struct str form, int64_t of,
                    struct letter *ret)
{
    struct tale t;
    struct cause_list causes;
    struct json *fields;
    TRY(tale_read(cx, d, &t));
    causes_of(cx, &t, &causes);
    const struct cause *c = cause_find(&causes, form, of);
    if (!c)
        return FAIL(cx, NOT_FOUND, "form", "nothing gave such a letter");
    if (!is_open_to(cx, d, c))
        return FAIL(cx, FORBIDDEN, "form", "the slip is the office's own");
    struct letter l = letter_of(cx, &t, c);
    TRY(tale_fields(cx, &t, c, &fields));
    struct draft_letter dl = {.l = &l,
                              .code = json_str(fields, "code"),
                              .text = {.form = c->own ? c->own : form_template(cx, c->form),
                                       .words = c->own ? NULL : pack_words(d->pack, c->id)}};
    TRY(letter_print(cx, &dl, fields));
    *ret = l;
    return RC_OK;
}

/* -- the record -- */

static void record_facts(struct ctx *cx, const struct letter *l, struct json *f)
{
    json_put_str(cx->mem, f, "form", l->form);
    json_put_str(cx->mem, f, "number", l->number);
    json_put_str(cx->mem, f, "lang", str_from(lang_code(cx->lang)));
    json_put_str(cx->mem, f, "digest", hash_hex(cx->mem, &l->digest));
    json_put_str(cx->mem, f, "mark", hash_hex(cx->mem, &l->mark));
    json_put_int(cx->mem, f, "of", l->of);
    json_put_int(cx->mem, f, "size", l->size);
}

enum rc letter_record(struct ctx *cx, struct event *ev, enum record when, struct letter *l)
{
    struct letter_by_digest_row *row = NULL;
    struct str hex = hash_hex(cx->mem, &l->digest);
    TRY(sql_letter_by_digest(cx, hex, &row));
    if (!row || when == RECORD_EACH) {
        TRY(db_begin(cx));
        TRY(sql_letter_by_digest(cx, hex, &row)); /* somebody else's turn came between */
    }
    if (row && when == RECORD_FIRST) {
        l->seq = row->seq;
        return RC_OK;
    }
    ev->kind = EV_LETTER_ISSUED;
    ev->time_us = cx->now_us;
    ev->facts = json_new_obj(cx->mem);
    if (cx->who)
        ev->actor = cx->who->subject;
    record_facts(cx, l, ev->facts);
    TRY(ledger_append(cx, ev));
    l->seq = ev->seq;
    return RC_OK;
}

enum rc letter_issue(struct ctx *cx, const struct dossier *d, struct str form, int64_t of,
                     struct letter *ret)
{
    TRY(letter_make(cx, d, form, of, ret));
    struct event ev = {.unit = d->unit->id, .subject = d->id.v, .pack = d->pack->ref};
    return letter_record(cx, &ev, RECORD_FIRST, ret);
}
