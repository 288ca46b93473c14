/* letter.h - the letters that events give: forms 01-06 of TT 01/2018 and packs' own, as PDF.
 * See docs/internals/letter.md.
 *
 * LAW: TT01/2018 9.2 - forms 01-05 on A5, 06 on A4. A letter is a pure function of its
 * dossier's events up to the one that it tells of, of the pack's version and of the node's
 * address: the same bytes in every process. They are not kept. What is kept is that a letter
 * was issued: form, number, digest (letter.issued). Anybody can have a paper checked against
 * that. */
#ifndef LETTER_LETTER_H
#define LETTER_LETTER_H

#include "casework/casework.h"

enum letter_form {
    LETTER_NONE,
#define LETTER(name, form, symbol, template) LETTER_##name,
#include "letters.def"
#undef LETTER
    LETTER_FORM_COUNT
};
enum {
    LETTER_BYTES_MAX = 8 << 20,
    LETTERS_MAX = 60,         /* of one dossier */
    REGISTER_ROWS_MAX = 1000, /* of one book: a longer span is refused */
    REGISTER_DAYS_MAX = 366
};

struct letter {
    struct str form;   /* "01" … "06", or the id of a pack's own */
    struct str number; /* "H07.21.01-260827-0001/TNHS" */
    struct str name;   /* in words, in the ctx's language */
    int64_t of;        /* seq of the event it tells of */
    int64_t time_us;   /* of that event: the letter's date */
    /* Known once it was made or issued; size 0 until then. */
    struct hash digest, mark;
    int64_t size;
    int64_t seq;    /* of letter.issued; -1 until then */
    struct str pdf; /* letter_make, letter_issue only */
};
/* At most LETTERS_MAX; in cx->mem. */
struct letter_list {
    struct letter *v;
    size_t n;
};
/* What d's events give cx->who, latest first; for officers form 05 is among them. After
 * dossier_open, as everything below that takes a dossier. */
MUST_USE enum rc letters_of(struct ctx *cx, const struct dossier *d, struct letter_list *ret);
/* [{form, name, number, of, time, time_text, day_text, is_issued}], and {size, size_text,
 * digest} once it was issued. */
struct json *letters_view(struct ctx *cx, const struct letter_list *list);
/* Makes the bytes, in the ctx's language; records nothing. of < 0: the latest of that form.
 * NOT_FOUND when no event gives such a letter, GONE after erasure, FORBIDDEN for form 05 to an
 * applicant. */
MUST_USE enum rc letter_make(struct ctx *cx, const struct dossier *d, struct str form,
                             int64_t of, struct letter *ret);
/* The same, and letter.issued in the write turn when these bytes were never given before. */
MUST_USE enum rc letter_issue(struct ctx *cx, const struct dossier *d, struct str form,
                              int64_t of, struct letter *ret);
/* Form 06: what the unit received from one day to another (both within). FORBIDDEN without
 * CASE_READ in the unit; INVALID for too long a span; TOO_LARGE over REGISTER_ROWS_MAX. Each copy
 * is recorded: many persons' data leaves the house. */
struct register_span {
    const struct unit *unit;
    int32_t from, to; /* civil days */
};
MUST_USE enum rc register_issue(struct ctx *cx, const struct register_span *span,
                                struct letter *ret);

/* -- proofs -- */
/* A detached signature: a C2SP signed note that names form, number and digest. */
MUST_USE enum rc letter_sign(struct ctx *cx, const struct letter *l, struct str *ret);
/* Offline. PROOF with the reason in cx->err.detail when bytes, note and key do not belong
 * together; *ret is the signed text. */
MUST_USE enum rc letter_verify(struct ctx *cx, struct str pdf, struct str sig, struct str vkey,
                               struct str *ret);
/* What anybody may know of an issued letter: {form, name, number, unit, issued, issued_text,
 * day, day_text, size, lang, digest}. NOT_FOUND when no such letter was issued. Nothing
 * personal. */
MUST_USE enum rc letter_by_digest(struct ctx *cx, const struct hash *digest, struct json **ret);
/* mark: what its QR code carries, MARK_CHARS hexadecimal digits, beside the dossier's code. */
enum { MARK_CHARS = 16 };
MUST_USE enum rc letter_by_mark(struct ctx *cx, struct str code, struct str mark,
                                struct json **ret);

struct letters; /* fonts and templates: loaded on first use, kept */
MUST_USE enum rc letters_open(struct ctx *cx, struct letters **ret);
extern const struct ledger_subscriber letter_subscriber;
#endif
