/* identity.h - persons, accounts, sessions, roles and rights. See docs/internals/identity.md.
 *
 * A subject is a person or organisation known to the node, whether or not it can sign in. An
 * account signs in; it has one subject and, for officers, roles in units. Rights (caps.def)
 * come from roles (roles.def).
 *
 * Times are microseconds UTC, birth is a civil day. Errors: INVALID names the field, DUPLICATE a
 * number or login that exists, FORBIDDEN a right that is missing, GONE a person who was erased.
 * Writing takes the turn and the caller commits, but for what is said to commit by itself. Any
 * thread; what is returned lives in cx->mem and is the caller's.
 * Personal values stand here and sealed in the ledger, nowhere else, and never in logs. */
#ifndef IDENTITY_IDENTITY_H
#define IDENTITY_IDENTITY_H

#include "number/number.h"
#include "unit/unit.h"

enum cap {
#define CAP(name, text) CAP_##name,
#include "caps.def"
#undef CAP
    CAP_COUNT
};

enum role {
#define ROLE(name, vi, en, caps) ROLE_##name,
#include "roles.def"
#undef ROLE
    ROLE_COUNT
};
const char *role_name(enum role r); /* "reception" */
struct str role_label(struct ctx *cx, enum role r);
MUST_USE bool role_parse(struct str s, enum role *ret);

/* -- subjects -- */
enum subject_kind { SUBJECT_CITIZEN, SUBJECT_BUSINESS, SUBJECT_HOUSEHOLD }; /* LoaiDoiTuong */
struct subject {
    struct subject_id id;
    enum subject_kind kind;
    struct str ref;    /* random public reference, what the ledger's entries carry */
    struct str number; /* 12-digit identity number, or tax code; may be empty */
    struct str name, phone, email;
    int32_t birth; /* civil day; INT32_MIN unknown */
};
/* Name: code points; phone and address of mail: bytes. */
enum { SUBJECT_NAME_MAX = 200, SUBJECT_PHONE_MAX = 16, SUBJECT_EMAIL_MAX = 254 };
/* Names a new subject; id and ref of *s are not read. Only name is required. */
MUST_USE enum rc subject_add(struct ctx *cx, const struct subject *s, struct subject_id *ret);
/* GONE when erased. */
MUST_USE enum rc subject_get(struct ctx *cx, struct subject_id id, struct subject *ret);
/* *ret is NULL when absent. */
MUST_USE enum rc subject_by_number(struct ctx *cx, struct str number, struct subject **ret);
/* Lawful erasure: closes the accounts, purges the plain values, destroys the key, appends
 * subject.erased. law names the ground and is required. */
MUST_USE enum rc subject_erase(struct ctx *cx, struct subject_id id, struct str law);

/* -- who asks -- */
/* A role in a unit. The same account may hold several; a right is looked for in all of them. */
struct grant {
    enum role role;
    struct unit_id unit;
};
enum { GRANTS_MAX = 32 };
struct who {
    int64_t account; /* 0: nobody signed in */
    struct subject_id subject;
    struct str login, name;
    bool is_officer;
    const struct grant *grants;
    size_t ngrants;
    uint8_t csrf[32]; /* per session */
};
/* unit 0: in any unit. A right in a unit holds for the units below it too, except CASE_*,
 * which hold for exactly that unit. CAP_NONE is everybody's, CAP_SELF everybody's signed in.
 * w NULL or account 0 is nobody: it has CAP_NONE only. */
bool who_can(struct ctx *cx, const struct who *w, enum cap cap, struct unit_id unit);
bool who_has_role(const struct who *w, enum role role, struct unit_id unit);
struct unit_id who_unit(const struct who *w); /* an officer's first unit; 0 for citizens */

/* -- accounts -- */
struct account_new {
    struct str login;    /* citizens: the subject's number; officers: [a-z0-9._-]{3,40} */
    struct str password; /* PASSWORD_MIN … PASSWORD_MAX */
    struct subject_id subject;
    bool is_officer;
};
MUST_USE enum rc account_add(struct ctx *cx, const struct account_new *a, int64_t *ret);
/* Like account_add with a hash made beforehand: demo data hashes one password once. */
MUST_USE enum rc account_add_hashed(struct ctx *cx, const struct account_new *a,
                                    struct str hash, int64_t *ret);
/* NOT_FOUND when there is none; one that was closed is found. */
MUST_USE enum rc account_by_login(struct ctx *cx, struct str login, int64_t *ret);
MUST_USE enum rc account_password_set(struct ctx *cx, int64_t account, struct str password);
MUST_USE enum rc account_close(struct ctx *cx, int64_t account);
/* An officer who grants or revokes needs CAP_UNIT_ADMIN in that unit. The unit must be in the
 * loaded tree. */
MUST_USE enum rc role_grant(struct ctx *cx, int64_t account, enum role r, struct unit_id unit);
MUST_USE enum rc role_revoke(struct ctx *cx, int64_t account, enum role r, struct unit_id unit);
/* The person behind an account, as a request or a scenario acts. */
MUST_USE enum rc who_load(struct ctx *cx, int64_t account, struct who **ret);
/* Officers of a unit, one row per role, with names: for assignment. */
/* One row for each role: an officer with two roles in the unit stands there twice. */
struct officer {
    int64_t account;
    struct str name;
    enum role role;
};
struct officer_list {
    struct officer *v;
    size_t n;
};
/* Those whose account is closed are left out. */
MUST_USE enum rc officers_of(struct ctx *cx, struct unit_id unit, struct officer_list *ret);

/* -- sessions -- */
/* Checks the password (slow: login pool only) and opens a session: *token is the cookie. Wrong
 * tries are counted per account and per client address: THROTTLED with the wait in detail. The
 * time taken does not tell whether the account exists. A refusal is journalled and counted in a
 * turn of its own, committed here, so the caller must not hold one. */
MUST_USE enum rc session_login(struct ctx *cx, struct str login, struct str password,
                               struct str address, struct str *token);
/* *ret is NULL when the token is unknown, expired or idle too long. Hot path: from memory. */
MUST_USE enum rc session_load(struct ctx *cx, struct str token, struct who **ret);
MUST_USE enum rc session_logout(struct ctx *cx, struct str token);
/* Housekeeping, about once a minute: writes when sessions were last used, deletes what expired.
 * Takes the write turn; the caller commits. */
MUST_USE enum rc session_tick(struct ctx *cx);

struct identity;
struct ledger_subscriber;
extern const struct ledger_subscriber identity_subscriber; /* folds subject, account, role */
MUST_USE enum rc identity_open(struct ctx *cx, struct identity **ret);

/* A journal entry before personal data is shown: appends data.read in the current turn. */
MUST_USE enum rc read_journal(struct ctx *cx, struct dossier_id d, struct unit_id unit,
                              struct str purpose, struct str law);

#endif
