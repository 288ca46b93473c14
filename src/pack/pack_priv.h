/* pack_priv.h - what the files of this module share. See docs/internals/pack.md.
 *
 * A checker is one thread's and lives for one pack. Steps run in the order of the table in
 * check.c, each behind what it needs; a step that fails as a whole is a finding, too, and
 * those that need its result are passed over, so that no finding is the echo of another. */
#ifndef PACK_PACK_PRIV_H
#define PACK_PACK_PRIV_H

#include "expr/table.h"
#include "text/decl.h"
#include "pack/pack.h"

enum {
    PACK_FILES_MAX = 200,
    PACK_BYTES_MAX = 4 << 20,
    PACK_NAME_MAX = 120,
    PACK_FINDINGS_MAX = 100,
    PACK_VERSIONS_MAX = 2000,
};

/* -- files.c -- */
struct pack_file {
    struct str name, data;
};
struct pack_files {
    struct pack_file *v; /* sorted by name once complete */
    size_t n, bytes;
};
struct pack_files *pack_files_new(struct arena *mem);
/* TOO_LARGE over the bounds, MALFORMED for a name that is not [A-Za-z0-9._/-]. */
MUST_USE enum rc pack_files_add(struct ctx *cx, struct pack_files *f, struct str name,
                                struct str data);
void pack_files_sort(struct pack_files *f);
/* The canonical bytes: "motcua-pack 1\n", then for each file, sorted by name as bytes,
 * "NAME LENGTH\n", its bytes, "\n". */
MUST_USE enum rc pack_archive(struct ctx *cx, const struct pack_files *f, struct str *ret);
MUST_USE enum rc pack_unarchive(struct ctx *cx, struct str archive, struct pack_files **ret);

/* -- check.c: loading and checking are one walk. Checking keeps every mistake and proves what
 * only the whole shows; loading a published version ends at the first and proves nothing. -- */
/* One walk over one pack; what it found and what it has made so far. */
struct checker {
    struct ctx *cx;
    const struct pack_files *files;
    struct pack_findings *found;
    struct decl_notes *notes; /* NULL when loading */
    struct pack *pack;
    struct str file; /* the file a step speaks about */
    const struct json *yaml, *form_yaml, *flow_yaml;
    struct tables *tables;
    const struct expr_scope *scope; /* what expressions of pack.yaml may name */
    const struct staff *staff;      /* given by a test; NULL: */
    bool at_node;                   /* that of the node */
};
#define CHECK(c, call) KEEP((c)->cx, (c)->notes, call)
MUST_USE enum rc file_yaml(struct checker *c, struct str name, const struct json **ret);
/* As pack_check, with the officers given. */
struct staff;
MUST_USE enum rc pack_check_with(struct ctx *cx, const struct pack_files *f,
                                 const struct staff *staff, struct pack_findings *found,
                                 struct pack **ret);
/* A published version; PACK when it does not load. */
MUST_USE enum rc pack_load(struct ctx *cx, const struct pack_files *f, struct pack **ret);

/* -- rules.c -- */
/* A rule is not kept; text tells what exactly, in signs and names that need no language. */
void finding_add(struct checker *c, const char *rule, int line, struct str text);
/* The same with words of its own in both languages, where signs do not say enough. */
void finding_add2(struct checker *c, const char *rule, int line, struct str vi, struct str en);
/* What a failure says, as a finding. */
void finding_from(struct checker *c, const struct err *e);

typedef enum rc step_fn(struct checker *c);
/* load.c: pack.yaml */
step_fn head_load, law_check, offers_load, texts_check, documents_load, fees_load, class_check,
    results_load;
/* tables.c: tables/NAME.csv, before everything that may ask them */
step_fn tables_load;
void tables_warn(struct checker *c);
/* indicators.c */
step_fn indicators_load, messages_load, datasets_load, targets_load, alerts_load;
/* Do both texts use the same {placeholders}? */
bool holes_agree(struct str a, struct str b);
/* letters.c */
step_fn letters_load;
/* sources.c: registers that are read; what is asked though it is known */
step_fn reads_check;
void questions_check(struct checker *c);
/* guards.c: conditions that leave nobody to act, and words that nobody gave */
/* Answers are tried (form.h, form_trial): what no trial shows is not told. */
void guards_check(struct checker *c);
void words_given_check(struct checker *c);
/* staff.c: officers for every step in every unit that offers the service */
void staff_check(struct checker *c, const struct staff *staff);
/* lint.c: across files */
step_fn fields_check;
void proofs_find(struct checker *c);
int line_of(const struct json *v); /* 0 for NULL */
/* The rule, with the name that breaks it. */
void name_add(struct checker *c, const char *rule, const struct json *at, struct str name);
const struct json *state_yaml(const struct checker *c, const struct flow_state *s);
const struct json *act_yaml(const struct checker *c, const struct flow_state *s,
                            const struct flow_act *a);

/* -- packs.c -- */
/* Loads a version for the rest of the process, in an arena of its own. */
/* As the database has it. `archive` is proved against `digest`, that against `signature`,
 * each time it is loaded: CORRUPT when they do not belong together. */
struct packs_row {
    struct str ref, digest, signature, archive;
    bool is_withdrawn;
};
/* What the signature is over: the reference and the digest of the archive. */
struct str pack_signed_text(struct arena *mem, struct str ref, const struct hash *digest);
MUST_USE enum rc packs_signer(struct ctx *cx, struct signer **ret);
/* "1.2.0": three whole numbers. Compared as numbers, not as text. */
bool version_is(struct str s);
/* Below, equal or above 0, as strcmp; both must be versions. */
int version_cmp(struct str a, struct str b);

#endif
