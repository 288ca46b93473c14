/* proof.c - signing a letter, verifying one offline, and what anybody may ask about one. */
#include "gen/letter_sql.h"
#include "ledger/sign.h"
#include "letter/letter_priv.h"

#define SIGNED_HEAD STR("motcua-letter 1")

enum rc letter_sign(struct ctx *cx, const struct letter *l, struct str *ret)
{
    struct str text = str_fmt(cx->mem, "%s\nform %.*s\nnumber %.*s\nsha256 %s\nledger %lld\n",
                              SIGNED_HEAD.p, STR_ARG(l->form), STR_ARG(l->number),
                              hash_hex(cx->mem, &l->digest).p, (long long)l->seq);
    return ledger_note(cx, text, ret);
}

/* The value of a line "word value". */
static struct str line_value(struct str text, struct str word)
{
    struct str line;
    while (text.n) {
        text = str_split(text, '\n', &line);
        if (str_starts(line, word) && line.n > word.n && line.p[word.n] == ' ')
            return str_skip(line, word.n + 1);
    }
    return STR_NULL;
}

enum rc letter_verify(struct ctx *cx, struct str pdf, struct str sig, struct str vkey,
                      struct str *ret)
{
    struct hash said, is = hash_of(pdf);
    struct str text, head;
    TRY(note_verify(cx, sig, vkey, &text));
    str_split(text, '\n', &head);
    if (!str_eq(head, SIGNED_HEAD) || !hash_parse(line_value(text, STR("sha256")), &said))
        return FAIL(cx, PROOF, "sig", "the signed text is not about a letter");
    if (!hash_equal(&said, &is))
        return FAIL(cx, PROOF, "file", "the file was changed, or is another letter's");
    *ret = text;
    return RC_OK;
}

/* -- what anybody may ask -- */

static struct json *issued_view(struct ctx *cx, const struct letter_by_digest_row *row)
{
    struct arena *mem = cx->mem;
    struct json *o = json_new_obj(mem);
    const struct unit *u = unit_of(cx, (struct unit_id){row->unit});
    json_put_str(mem, o, "form", row->form);
    json_put_str(mem, o, "name", form_name(cx, row->form, NULL));
    json_put_str(mem, o, "number", row->number);
    json_put_str(mem, o, "unit", u ? unit_name(cx, u) : STR("—"));
    json_put_str(mem, o, "lang", row->lang);
    json_put_str(mem, o, "issued", time_iso(mem, row->time_us));
    json_put_str(mem, o, "issued_text", time_text(mem, row->time_us));
    json_put_str(mem, o, "digest", row->digest);
    json_put_int(mem, o, "size", row->size);
    json_put_int(mem, o, "seq", row->seq);
    return o;
}

/* A pack's own letter is named by its pack, which never changes. */
static enum rc own_name_put(struct ctx *cx, const struct letter_by_digest_row *row,
                            struct json *o)
{
    struct dossier *d = NULL;
    if (!row->dossier)
        return RC_OK;
    TRY(dossier_by_id(cx, (struct dossier_id){row->dossier}, &d));
    const struct json *own = json_get(d->pack->letters, row->form);
    json_put_str(cx->mem, o, "name", form_name(cx, row->form, own));
    return RC_OK;
}

enum rc letter_by_digest(struct ctx *cx, const struct hash *digest, struct json **ret)
{
    struct letter_by_digest_row *row = NULL;
    TRY(sql_letter_by_digest(cx, hash_hex(cx->mem, digest), &row));
    if (!row)
        return FAIL(cx, NOT_FOUND, "digest", "no letter with these bytes was issued");
    *ret = issued_view(cx, row);
    return own_name_put(cx, row, *ret);
}

static bool mark_is(struct str s)
{
    if (s.n != MARK_CHARS)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("0123456789abcdef", s.p[i]))
            return false;
    return true;
}

/* The number begins with the code, and is no secret to whoever holds the paper. */
static bool number_is_of(struct str number, struct str code)
{
    return code.n && str_starts(number, code) && number.n > code.n && number.p[code.n] == '/';
}

enum rc letter_by_mark(struct ctx *cx, struct str code, struct str mark, struct json **ret)
{
    struct letter_by_mark_rows rows = {0};
    if (mark_is(mark))
        TRY(sql_letter_by_mark(cx, mark, str_join(cx->mem, mark, STR("g")), &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct letter_by_mark_row *r = &rows.v[i];
        if (!number_is_of(r->number, code))
            continue;
        const struct letter_by_digest_row row = {r->digest,  r->form, r->number, r->lang,
                                                 r->dossier, r->unit, r->of_seq, r->seq,
                                                 r->time_us, r->size};
        *ret = issued_view(cx, &row);
        return own_name_put(cx, &row, *ret);
    }
    return FAIL(cx, NOT_FOUND, "mark", "no such letter was issued");
}
