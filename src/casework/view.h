/* view.h - dossiers in lists and in words. See docs/internals/casework.md. Included by
 * casework/casework.h. */
#ifndef CASEWORK_VIEW_H
#define CASEWORK_VIEW_H

#include "base/ctx.h"
#include "text/json.h"

struct dossier;

struct dossier_list {
    struct dossier **v;
    size_t n;
    int64_t total; /* of the whole list, at most LIST_TOTAL_MAX */
};
enum { LIST_TOTAL_MAX = 10000 };
/* A person's own, latest first, as they are told. */
MUST_USE enum rc dossiers_of(struct ctx *cx, struct subject_id who, struct dossier_list *ret);

/* {code, track, name, unit, unit_code, state, status, status_name, state_name, due, due_text,
 * promised, promised_text and has_promise (a day earlier than the law's that stands), days_left,
 * days_text, is_late, is_open, is_ended, is_mine, holder, since, since_text, next,
 * officer (for the applicant, when the setting show_officer allows), percent, channel,
 * submitted_text, received_text, version, rating, can_rate, applicant_name,
 * timeline:[{kind, text, time, time_text, time_us, by, from, to, reason, law, items:[…],
 * answer,
 * comment, note, seq}], from and to: ids of states,
 * acts:[{id, label, tone, is_TONE, inputs:[{name, label, required,
 * is_text|is_items|is_file|is_rating}]}],
 * files:[{id, document, document_name, name, mime, is_image, size, size_text}]} in words for
 * the applicant or, with notes, comments and names, for officers. Times: ISO, *_text for
 * people. */
MUST_USE enum rc dossier_view(struct ctx *cx, const struct dossier *d, bool for_officer,
                              struct json **ret);
/* A row of a list: the same without timeline, acts and files. Asks the database nothing. */
struct json *dossier_row_view(struct ctx *cx, const struct dossier *d);
/* d as its applicant is told: while its last move may still be undone, as it was before that.
 * What takes a dossier for an applicant below does so by itself. */
MUST_USE enum rc dossier_as_told(struct ctx *cx, const struct dossier *d,
                                 const struct dossier **ret);
/* STATE: an applicant presses an act that only a move offers which its officer may still take back:
 * it has not happened for them. For handlers, one act or many: dossier_act itself also serves
 * scenarios, where everything is done in one instant. */
MUST_USE enum rc dossier_told_check(struct ctx *cx, const struct dossier *d, struct str act);
/* LAW: TT01/2018 16.2.d - without signing in: code and how far it is, nothing else, as the
 * applicant is told. {code, status, status_name, percent, is_ended}. */
MUST_USE enum rc dossier_public_view(struct ctx *cx, const struct dossier *d,
                                     struct json **ret);

/* What a person was told, latest first: [{time, time_text, code, title, text, is_late,
 * seq}]. */
MUST_USE enum rc notices_of(struct ctx *cx, struct subject_id who, int64_t before, size_t limit,
                            struct json **ret);
/* Answers on the public page, latest first: [{code, name, unit, day, answer, seq}]; before: seq
 * of the last one seen, 0 from the start; pack: id, empty for all. */
MUST_USE enum rc public_answers(struct ctx *cx, struct str pack, int64_t before, size_t limit,
                                struct json **ret);
/* One of them; NOT_FOUND when there is none under that code. */
MUST_USE enum rc public_answer_get(struct ctx *cx, struct str code, struct json **ret);

/* Who looked at a person's dossiers, latest first: [{time, time_text, code, name, unit, purpose,
 * law, seq}]; before: seq of the last one seen, 0 from the start. For the person alone. */
MUST_USE enum rc reads_of(struct ctx *cx, struct subject_id who, int64_t before, size_t limit,
                          struct json **ret);

#endif
