/* pack.h - packs: load, check, sign, publish, version. See docs/internals/pack.md and
 * packs/README.md.
 *
 * A pack version is immutable once published: its files as canonical bytes, their digest and
 * the node's signature stand in the database. All published versions are loaded at start into
 * a generation that is swapped when another is published; pointers stay valid for the process. */
#ifndef PACK_PACK_H
#define PACK_PACK_H

#include "card/card.h"
#include "crypt/crypt.h"
#include "declare/dataset.h"
#include "declare/goal.h"
#include "flow/flow.h"
#include "form/form.h"
#include "unit/unit.h"

struct pack_document {
    struct str id;
    const struct json *name, *hint;
    const struct expr *when; /* NULL: always */
    bool required;
    int max_files;
};
struct pack_fee {
    struct str id;
    const struct json *about;
    const struct expr *when;
    int64_t amount_vnd;        /* when there is no amount */
    const struct expr *amount; /* over the answers; NULL: amount_vnd */
    struct str before;         /* the state that is not entered unpaid; empty: none */
};
enum { PACK_FEE_MAX_VND = 1000000000 };

struct letter_value { /* a placeholder of the pack's own: letters/values.yaml */
    struct str name;
    const struct expr *expr; /* over the answers; gives text */
};

struct pack {
    struct str id, version, ref; /* ref: "id@version" */
    struct hash digest;
    struct str procedure;
    const struct json *yaml; /* pack.yaml: names, law, steps, results … for pages */
    const struct json *name; /* {vi, en} */
    const struct json *indicators, *messages; /* the files as they are; NULL when absent */
    struct target_decls targets;              /* what bodies promised */
    struct alert_decls alerts;                /* of what leaders are told */
    struct dataset_list datasets;             /* what it gives out as open data */
    const struct scorecard *scorecard;        /* NULL when absent */
    struct form *form;                        /* NULL: not a service (one-stop) */
    struct flow *flow;
    unsigned offered_by; /* 1 << enum unit_kind */
    unsigned applicants; /* 1 << enum subject_kind */
    const struct pack_document *documents;
    size_t ndocuments;
    const struct pack_fee *fees;
    size_t nfees;
    const struct json *letters;      /* {id: a letter of its own}; NULL: none */
    const struct json *letter_words; /* {form: {words: …}} over the kernel's; NULL: none */
    const struct letter_value *letter_values;
    size_t nletter_values;
    bool public_answer, anonymous, gives_paper;
    bool is_withdrawn;
};

struct packs;
MUST_USE enum rc packs_open(struct ctx *cx, struct packs **ret); /* loads published versions */
/* Each published version, by the digest and, where the folder has the key, the signature of its
 * bytes; what is not as it was published is told through say(arg, text) and counted. Reads only,
 * and needs no packs that were opened. */
struct packs_count {
    int64_t packs, faults;
};
MUST_USE enum rc packs_verify(struct ctx *cx, void (*say)(void *arg, struct str text),
                              void *arg, struct packs_count *ret);
MUST_USE enum rc packs_reload(struct ctx *cx); /* after a publish commits */

/* The version that new dossiers use; NULL when there is none. */
const struct pack *pack_current(struct ctx *cx, struct str id);
/* A version by its ref, withdrawn ones too; NULL when unknown. */
const struct pack *pack_version(struct ctx *cx, struct str ref);
/* The service of that procedure, as last published: withdrawn, when no version is in force any
 * more. NULL: never published here. */
const struct pack *pack_of_procedure(struct ctx *cx, struct str procedure);
/* Current versions in order of name. */
const struct pack *const *pack_all(struct ctx *cx, size_t *n);
bool pack_is_offered(const struct pack *p, const struct unit *u);
/* One fee for these answers, đồng, whatever its `if` says; from 0 to PACK_FEE_MAX_VND. 0 while
 * what its amount needs is not answered. */
int64_t pack_fee_amount(struct ctx *cx, const struct pack_fee *f, const struct json *answers);
/* Fees due for these answers, đồng. */
int64_t pack_fee_sum(struct ctx *cx, const struct pack *p, const struct json *answers);

/* -- from files -- */
struct pack_files; /* name -> bytes, bounded: 200 files, 4 MiB */
MUST_USE enum rc pack_files_read(struct ctx *cx, struct str dir, struct pack_files **ret);
MUST_USE enum rc pack_files_embedded(struct ctx *cx, struct str id, struct pack_files **ret);
struct str pack_file(const struct pack_files *f, struct str name); /* STR_NULL if absent */
/* The i-th name; STR_NULL past the end. */
struct str pack_file_name(const struct pack_files *f, size_t i);

enum pack_severity { PACK_ERROR, PACK_WARNING };
struct pack_rule {
    int number;
    enum pack_severity severity;
    const char *vi, *en; /* what is wrong and how to mend it */
};
const struct pack_rule *pack_rule_at(size_t i); /* NULL past the end */
bool pack_rule_needs_node(const struct pack_rule *r);
const struct pack_rule *pack_rule_find(struct str id); /* "P012"; NULL when unknown */
struct str pack_rule_why(const struct pack_rule *r, enum lang lang); /* the law, the danger */

struct pack_finding {
    struct str rule; /* "P012" */
    struct str file;
    int line;
    int column;       /* of `shown`, in characters; 0: the whole line is meant */
    struct str shown; /* the line of the file, or the expression, that column counts in */
    bool is_warning;
    struct str text_vi, text_en; /* what is wrong and how to mend it */
};
struct pack_findings {
    struct pack_finding *v;
    size_t n; /* at most 100 */
};
/* Everything that can be known before publish. PACK when there is an error; *ret is NULL then.
 * All mistakes that do not follow from others are told. Rules about officers are asked when cx
 * is on a node (pack_rule_needs_node). */
MUST_USE enum rc pack_check(struct ctx *cx, const struct pack_files *f,
                            struct pack_findings *found, struct pack **ret);
/* Checks, signs and stores; appends pack.published. Same bytes again: RC_OK, nothing done;
 * other bytes under a published version: DUPLICATE. */
MUST_USE enum rc pack_publish(struct ctx *cx, const struct pack_files *f, struct str *ref);
MUST_USE enum rc pack_withdraw(struct ctx *cx, struct str ref);
/* Ids of the packs embedded in the program. */
size_t pack_embedded(struct ctx *cx, struct str *ids, size_t max);

#endif
