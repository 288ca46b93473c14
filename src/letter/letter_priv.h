/* letter_priv.h - what the files of letter/ share. See docs/internals/letter.md.
 *
 * The way of a letter: tale_read → causes_of → tale_fields → sheet_make → press_print →
 * letter_record. Up to the press everything is pure and in cx->mem; the press is a lock (one
 * letter at a time in the process); only letter_record writes, in the caller's turn. */
#ifndef LETTER_LETTER_PRIV_H
#define LETTER_LETTER_PRIV_H

#include "app/app.h"
#include "letter/letter.h"
#include "letter/sheet.h"

/* -- tale.c: what a dossier's events tell; secrets opened -- */
struct tale {
    const struct dossier *d;
    struct event_list evs;       /* oldest first */
    const struct event *filed;   /* dossier.submitted */
    const struct event *receipt; /* the move that gave the code; NULL before it */
    struct subject person;       /* anonymous: no name */
};
/* An event that gives a letter. */
struct cause {
    enum letter_form form;  /* LETTER_NONE: a pack's own */
    const struct json *own; /* its declaration */
    struct str id, symbol;  /* "01", "TNHS" */
    const struct event *ev;
    int nth; /* of this form in the dossier, from 1 */
};
struct cause_list {
    struct cause v[LETTERS_MAX];
    size_t n;
};
/* Reads and unseals all events of d: GONE after erasure. After dossier_open, which journals
 * it. */
MUST_USE enum rc tale_read(struct ctx *cx, const struct dossier *d, struct tale *ret);
/* Oldest first. The control slip (form 05) tells of the last step and is always the last. */
void causes_of(struct ctx *cx, const struct tale *t, struct cause_list *ret);
/* A move that was taken back in time gives nothing. */
bool is_undone(const struct tale *t, const struct event *ev);
/* "H07.21.01-260827-0001/TNHS"; the second of a form in a dossier ends in "-2". */
struct str cause_number(struct ctx *cx, const struct tale *t, const struct cause *c);
/* Every field and list of letter_fields.def but url; strings and lists of objects of strings. */
MUST_USE enum rc tale_fields(struct ctx *cx, const struct tale *t, const struct cause *c,
                             struct json **ret);

/* -- fields.c: words for fields -- */
struct str letter_day(struct ctx *cx, int32_t day);      /* "ngày 21 tháng 11 năm 2026" */
struct str letter_moment(struct ctx *cx, int64_t at_us); /* "15 giờ 30 phút, ngày …" */
/* "Bộ phận Một cửa, chuyên viên": the roles of a state in words. */
struct str roles_text(struct ctx *cx, unsigned roles);
struct json *fields_new(struct ctx *cx, const struct unit *u); /* all names, empty */

/* -- slip.c: its lists `steps` and `branches` -- */
MUST_USE enum rc steps_put(struct ctx *cx, const struct tale *t, const struct cause *c,
                           struct json *fields);

/* -- register.c -- */
/* LAW: TT01/2018 form 06, last column: late, promised anew, a supplement; empty when none. */
struct str register_note(struct ctx *cx, const struct dossier *d);
/* The day of a register's row as the receipt has it: what the office promised, else the law's; an
 * apology's is in the note. INT32_MIN: none. */
int32_t register_due(const struct dossier *d);

/* -- fill.c -- */
/* A template and what fills it. The pack's words win over the program's, key by key. */
struct letter_text {
    const struct json *form;   /* the template */
    const struct json *words;  /* a pack's own words for it; NULL: none */
    const struct json *fields; /* with url */
    struct str title;          /* of the file */
    int64_t time_us;
};
/* All of it in cx->mem. INTERNAL for a template that is wrong. */
MUST_USE enum rc sheet_make(struct ctx *cx, const struct letter_text *t, struct sheet *ret);

/* -- press.c -- */
/* The program's own template; loaded when the process starts, read-only. */
const struct json *form_template(struct ctx *cx, enum letter_form form);

/* -- letter.c -- */
struct str form_id(enum letter_form form);     /* "01" */
struct str form_symbol(enum letter_form form); /* "TNHS" */
/* In cx->lang; own: a pack's declaration, whose name is taken. The id itself when it has
 * none. */
struct str form_name(struct ctx *cx, struct str id, const struct json *own);
/* Finishes a letter: address, bytes, digests. Form, number, of and time_us stand in it. */
/* A letter on its way: what is known before its bytes are. */
struct draft_letter {
    struct letter *l;
    struct str code; /* of the dossier or unit: stands in the address */
    struct letter_text text;
};
MUST_USE enum rc letter_print(struct ctx *cx, struct draft_letter *dl, struct json *fields);
/* letter.issued: when these bytes were never given before, or each time. */
enum record { RECORD_FIRST, RECORD_EACH };
MUST_USE enum rc letter_record(struct ctx *cx, struct event *ev, enum record when,
                               struct letter *l);

#endif
