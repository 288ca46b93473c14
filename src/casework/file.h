/* file.h - files that answer questions of a form (`widget: file`). See docs/internals/casework.md.
 *
 * Such a file stands among the papers of its draft or dossier with the question's path as its
 * document ("place.plan"); the answer is its digest. So the papers are what is true, and an
 * answer that names none of them is refused. */
#ifndef CASEWORK_FILE_H
#define CASEWORK_FILE_H

#include "casework/casework.h"

/* Into views of forms (form.h: fields, sections' fields and rows): the name and size of each
 * file that answers a question, found in files by path and digest. base: what its link begins
 * with, before the file's id; empty: no link. can_drop: its row gets `file`, the id. */
void answer_files_put(struct ctx *cx, struct json *view, const struct file_list *files,
                      struct str base, bool can_drop);

/* The inputs of questions that a file answers, by their number (form_file_at); a macro for route
 * tables of pages. As many as FORM_FILES_MAX. */
#define PARAM_ANSWER_FILE(n)                                                                   \
    {                                                                                          \
        "q" #n, IN_BODY, P_FILE, false, 0, 0, "the file that answers question " #n             \
    }
#define PARAM_ANSWER_FILES                                                                     \
    PARAM_ANSWER_FILE(0), PARAM_ANSWER_FILE(1), PARAM_ANSWER_FILE(2), PARAM_ANSWER_FILE(3),    \
        PARAM_ANSWER_FILE(4), PARAM_ANSWER_FILE(5), PARAM_ANSWER_FILE(6),                      \
        PARAM_ANSWER_FILE(7), PARAM_ANSWER_FILE(8), PARAM_ANSWER_FILE(9),                      \
        PARAM_ANSWER_FILE(10), PARAM_ANSWER_FILE(11)

/* What came in the input `qN` of a page: N is the question's number (form_file_at). Stores it
 * (file_store) and adds it to files, which has room for FORM_FILES_MAX; a file that is too large
 * or of another kind is an error in errs instead. UNDECLARED when there is no such question. */
struct upload;
MUST_USE enum rc file_answer_store(struct ctx *cx, const struct form *form,
                                   const struct upload *u, struct file_list *files,
                                   struct form_errors *errs);

/* Each file under a question's path answers it, the last one of several. */
void file_answers_put(struct ctx *cx, const struct form *form, const struct file_list *files,
                      struct json *answers);
/* Adds `file` to errs for each answer that names a file which did not come. */
void file_answers_check(struct ctx *cx, const struct form *form, const struct json *answers,
                        const struct file_list *files, struct form_errors *errs);
/* A supplement: puts what is sent into answers, which then may name files sent now or before;
 * `locked` for questions that the state does not open. */
MUST_USE enum rc file_answers_amend(struct ctx *cx, const struct dossier *d,
                                    const struct file_list *sent, struct json *answers,
                                    struct form_errors *errs);
/* Leaves out files of questions that have no answer: what is not asked is not kept. */
void file_answers_drop(const struct form *form, const struct json *answers,
                       struct file_list *files);
struct str file_size_text(struct ctx *cx, int64_t bytes); /* "12 KB"; view.c */

#endif
