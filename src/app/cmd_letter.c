/* cmd_letter.c - commands about letters: make one with its signature, verify one offline. */
#include "app/cli.h"

#include "base/file.h"
#include "letter/letter.h"

static enum rc file_write(struct ctx *cx, struct str path, struct str data)
{
    FILE *f = fopen(str_z(cx->mem, path), "wb");
    if (!f)
        return FAIL(cx, IO, "-o", "cannot write %.*s", STR_ARG(path));
    bool ok = fwrite(data.p, 1, data.n, f) == data.n;
    ok = fclose(f) == 0 && ok;
    return ok ? RC_OK : FAIL(cx, IO, "-o", "cannot write %.*s", STR_ARG(path));
}

/* -- letter -- */

static const struct option_def letter_options[] = {
    {"code", OPT_TEXT, true, "CODE", "code of the dossier; of the unit for form 06"},
    {"form", OPT_TEXT, true, "FORM", "01 to 06, or the id of a pack's own letter"},
    {"-o", OPT_TEXT, true, "FILE", "the PDF; its signature becomes FILE.sig"},
    {"--from", OPT_TEXT, false, "DAY", "form 06: first day, YYYY-MM-DD"},
    {"--to", OPT_TEXT, false, "DAY", "form 06: last day (default --from)"},
    {"--lang", OPT_TEXT, false, "LANG", "vi (default) or en"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data), not in use"},
    {0},
};

static enum rc register_of(struct ctx *cx, const struct args *a, struct letter *ret)
{
    struct str to = arg_has(a, "--to") ? arg_str(a, "--to") : arg_str(a, "--from");
    struct register_span s = {.unit = unit_find(cx, arg_str(a, "code"))};
    if (!s.unit)
        return FAIL(cx, NOT_FOUND, "code", "no such unit");
    if (!day_parse(arg_str(a, "--from"), &s.from) || !day_parse(to, &s.to))
        return FAIL(cx, USAGE, "--from",
                    "form 06 needs days: --from 2026-11-01 --to 2026-11-30");
    return register_issue(cx, &s, ret);
}

static enum rc letter_of(struct ctx *cx, const struct args *a, struct letter *ret)
{
    struct dossier *d;
    if (str_eq(arg_str(a, "form"), STR("06")))
        return register_of(cx, a, ret);
    TRY(dossier_find(cx, arg_str(a, "code"), &d));
    return letter_issue(cx, d, arg_str(a, "form"), -1, ret);
}

static enum rc letter_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct letter l;
    struct str sig, out = arg_str(a, "-o");
    TRY(data_open(cx, a, STORE_WRITE));
    cx->lang = lang_parse(arg_str(a, "--lang"));
    TRY(letter_of(cx, a, &l));
    TRY(db_commit(cx));
    TRY(letter_sign(cx, &l, &sig));
    TRY(file_write(cx, out, l.pdf));
    TRY(file_write(cx, str_join(cx->mem, out, STR(".sig")), sig));
    printf("%.*s  %.*s  %lld bytes\n", STR_ARG(l.number), STR_ARG(hash_hex(cx->mem, &l.digest)),
           (long long)l.size);
    *ret = EXIT_DONE;
    return RC_OK;
}

/* -- letter verify -- */

static const struct option_def verify_options[] = {
    {"file", OPT_TEXT, true, "FILE", "the PDF"},
    {"--sig", OPT_TEXT, false, "FILE", "its signature (default FILE.sig)"},
    {"--vkey", OPT_TEXT, false, "KEY", "the node's verifier key, or a file holding it"},
    {"--data", OPT_TEXT, false, "DIR", "take the key from this data folder instead"},
    {0},
};

static const struct file_want pdf_want = {"file", LETTER_BYTES_MAX, true};
static const struct file_want sig_want = {.field = "--sig", .most = 8192};

static enum rc verify_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct str pdf, sig, key, text, file = arg_str(a, "file");
    struct str sig_file =
        arg_has(a, "--sig") ? arg_str(a, "--sig") : str_join(cx->mem, file, STR(".sig"));
    TRY(file_read(cx, file, &pdf_want, &pdf));
    TRY(file_read(cx, sig_file, &sig_want, &sig));
    TRY(crypt_start(cx));
    TRY(arg_vkey(cx, a, &key));
    enum rc rc = letter_verify(cx, pdf, sig, key, &text);
    if (rc == RC_PROOF) {
        printf("NOT GENUINE: %s\n", cx->err.detail);
        ctx_clear(cx);
        *ret = EXIT_FAULT;
        return RC_OK;
    }
    TRY(rc);
    printf("genuine: this node signed these bytes\n%.*s", STR_ARG(text));
    return RC_OK;
}

const struct command letter_commands[] = {
    {"letter verify", "verify a letter and its signature offline", verify_options, verify_run},
    {"letter", "make a letter of a dossier as PDF, with its signature", letter_options,
     letter_run},
    {0},
};
