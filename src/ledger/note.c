/* note.c - C2SP signed-note, tlog-checkpoint and tlog-proof: printing and strict reading. */
#include "ledger/note.h"

#include "base/buf.h"

#define PROOF_HEAD STR("c2sp.org/tlog-proof@v1")
#define DASH STR("\xE2\x80\x94 ") /* em dash, space: begins a signature line */

enum { ED25519 = 1, ID_BYTES = 4, KEY_TEXT = 1 + KEY_BYTES, SIG_TEXT = ID_BYTES + SIGN_BYTES };

/* -- verifier keys -- */

static void key_id(struct arena *mem, struct str name, const struct key *pub,
                   uint8_t id[ID_BYTES])
{
    struct str tail = str_join(mem, STR("\n\x01"), str_n(pub->b, KEY_BYTES));
    struct hash h = hash_of2(name, tail);
    memcpy(id, h.b, ID_BYTES);
}

struct str vkey_print(struct arena *mem, struct str name, const struct key *pub)
{
    uint8_t id[ID_BYTES];
    key_id(mem, name, pub, id);
    struct str typed = str_join(mem, STR("\x01"), str_n(pub->b, KEY_BYTES));
    return str_fmt(mem, "%.*s+%s+%s", STR_ARG(name), hex_of(mem, str_n(id, ID_BYTES)).p,
                   base64_of(mem, typed).p);
}

bool vkey_parse(struct arena *mem, struct str text, struct vkey *ret)
{
    struct str id, rest, raw;
    struct vkey vk;
    rest = str_split(str_trim(text), '+', &vk.name);
    rest = str_split(rest, '+', &id);
    if (vk.name.n == 0 || !base64_parse(mem, rest, &raw) || raw.n != KEY_TEXT ||
        raw.p[0] != ED25519)
        return false;
    memcpy(vk.key.b, raw.p + 1, KEY_BYTES);
    key_id(mem, vk.name, &vk.key, vk.id);
    if (!str_eq(id, hex_of(mem, str_n(vk.id, ID_BYTES))))
        return false;
    *ret = vk;
    return true;
}

/* -- checkpoints -- */

struct str note_print(struct arena *mem, struct str origin, struct str body,
                      const struct signer *s)
{
    uint8_t sig[SIG_TEXT];
    struct key pub = signer_public(s);
    key_id(mem, origin, &pub, sig);
    signer_sign(s, body, sig + ID_BYTES);
    return str_fmt(mem, "%.*s\n\xE2\x80\x94 %.*s %s\n", STR_ARG(body), STR_ARG(origin),
                   base64_of(mem, str_n(sig, sizeof sig)).p);
}

struct str checkpoint_print(struct arena *mem, struct str origin, int64_t size,
                            const struct hash *root, const struct signer *s)
{
    struct str body = str_fmt(mem, "%.*s\n%lld\n%s\n", STR_ARG(origin), (long long)size,
                              base64_of(mem, str_n(root->b, HASH_BYTES)).p);
    return note_print(mem, origin, body, s);
}

/* A decimal without sign or leading zeros: one spelling only. */
static bool count_parse(struct str s, int64_t *ret)
{
    if (s.n > 1 && s.p[0] == '0')
        return false;
    return str_int(s, ret) && s.p[0] != '-';
}

static bool hash_text_parse(struct arena *mem, struct str s, struct hash *ret)
{
    struct str raw;
    if (!base64_parse(mem, s, &raw) || raw.n != HASH_BYTES)
        return false;
    memcpy(ret->b, raw.p, HASH_BYTES);
    return true;
}

/* Takes the next line, which must end in a newline. */
static bool line_next(struct str *rest, struct str *line)
{
    size_t at = str_find(*rest, '\n', 0);
    if (at == rest->n)
        return false;
    *line = str_cut(*rest, 0, at);
    *rest = str_skip(*rest, at + 1);
    return true;
}

static bool body_parse(struct arena *mem, struct str body, struct str origin,
                       struct checkpoint *ret)
{
    struct str name, size, root, more;
    if (!line_next(&body, &name) || !line_next(&body, &size) || !line_next(&body, &root))
        return false;
    while (line_next(&body, &more)) /* extension lines are signed but mean nothing to us */
        if (more.n == 0)
            return false;
    return body.n == 0 && str_eq(name, origin) && count_parse(size, &ret->size) &&
           hash_text_parse(mem, root, &ret->root);
}

enum verdict { SIG_OTHER, SIG_GOOD, SIG_BAD };

static enum verdict signature_check(struct arena *mem, struct str line, struct str body,
                                    const struct vkey *vk)
{
    struct str name, raw;
    if (!str_starts(line, DASH))
        return SIG_BAD;
    struct str text = str_split(str_skip(line, DASH.n), ' ', &name);
    if (name.n == 0 || !base64_parse(mem, text, &raw) || raw.n <= ID_BYTES)
        return SIG_BAD;
    if (!str_eq(name, vk->name) || memcmp(raw.p, vk->id, ID_BYTES) != 0)
        return SIG_OTHER;
    return raw.n == SIG_TEXT && sign_check(&vk->key, body, (const uint8_t *)raw.p + ID_BYTES)
               ? SIG_GOOD
               : SIG_BAD;
}

static bool is_note_text(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\n')
            return false;
    return s.n <= NOTE_MAX && utf8_is(s);
}

bool note_check(struct arena *mem, struct str note, const struct vkey *vk, struct str *ret)
{
    const char *gap = NULL; /* the last empty line stands before the signatures */
    for (size_t i = 0; i + 1 < note.n; i++)
        if (note.p[i] == '\n' && note.p[i + 1] == '\n')
            gap = note.p + i;
    if (!gap || !is_note_text(note))
        return false;
    struct str body = {note.p, (size_t)(gap - note.p) + 1}, line;
    struct str rest = str_skip(note, body.n + 1);
    bool good = false;
    for (int n = 0; rest.n; n++) {
        if (n == NOTE_SIGNATURES_MAX || !line_next(&rest, &line))
            return false;
        enum verdict v = signature_check(mem, line, body, vk);
        if (v == SIG_BAD)
            return false;
        good |= v == SIG_GOOD;
    }
    *ret = body;
    return good;
}

bool checkpoint_check(struct arena *mem, struct str note, const struct vkey *vk,
                      struct checkpoint *ret)
{
    struct str body;
    return note_check(mem, note, vk, &body) && body_parse(mem, body, vk->name, ret);
}

/* -- proofs -- */

struct str proof_print(struct arena *mem, const struct proof *p)
{
    struct buf *b = buf_new(mem, PROOF_MAX);
    buf_put(b, PROOF_HEAD);
    buf_put(b, STR("\nextra "));
    buf_put(b, base64_of(mem, p->extra));
    buf_fmt(b, "\nindex %lld\n", (long long)p->index);
    for (size_t i = 0; i < p->npath; i++) {
        buf_put(b, base64_of(mem, str_n(p->path[i].b, HASH_BYTES)));
        buf_putc(b, '\n');
    }
    buf_putc(b, '\n');
    buf_put(b, p->note);
    return buf_str(b);
}

static bool word_line(struct str *rest, struct str word, struct str *value)
{
    struct str line;
    if (!line_next(rest, &line) || !str_starts(line, word))
        return false;
    *value = str_skip(line, word.n);
    return true;
}

bool proof_parse(struct arena *mem, struct str text, struct proof *ret)
{
    struct str line, value, rest = text;
    struct proof p = {.npath = 0};
    if (text.n > PROOF_MAX || !line_next(&rest, &line) || !str_eq(line, PROOF_HEAD))
        return false;
    if (!word_line(&rest, STR("extra "), &value) || !base64_parse(mem, value, &p.extra))
        return false;
    if (!word_line(&rest, STR("index "), &value) || !count_parse(value, &p.index))
        return false;
    for (;;) {
        if (!line_next(&rest, &line))
            return false;
        if (line.n == 0)
            break;
        if (p.npath == TREE_HEIGHT || !hash_text_parse(mem, line, &p.path[p.npath++]))
            return false;
    }
    p.note = rest;
    *ret = p;
    return true;
}
