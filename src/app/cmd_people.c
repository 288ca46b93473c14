/* cmd_people.c - commands for units, accounts, roles and who signs for whom. */
#include "app/cli.h"

#include <unistd.h>

#include "app/open.h"
#include "crypt/crypt.h"
#include "identity/delegation.h"
#include "unit/unit.h"

/* -- units -- */

static const struct option_def unit_list_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static int unit_depth(const struct unit *u)
{
    return u->parent ? 1 + unit_depth(u->parent) : 0;
}

static void unit_print(const struct unit *u)
{
    printf("%*s%-12.*s %-18.*s %-10s %.*s", 2 * unit_depth(u), "", STR_ARG(u->code),
           STR_ARG(u->code_old), unit_kind_name(u->kind), STR_ARG(u->name_vi));
    for (size_t i = 0; i < u->nduties; i++)
        printf("%s%.*s", i ? " " : "  [", STR_ARG(u->duties[i]));
    puts(u->nduties ? "]" : "");
}

static enum rc unit_list_run(struct ctx *cx, const struct args *a, int *ret)
{
    size_t n;
    TRY(data_open(cx, a, STORE_READ));
    const struct unit *const *all = unit_all(cx, &n);
    struct json *out = json_new_arr(cx->mem);
    for (size_t i = 0; i < n; i++) {
        const struct unit *u = all[i];
        if (!arg_has(a, "--json")) {
            unit_print(u);
            continue;
        }
        struct json *o = json_push(out, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "code", u->code);
        json_put_str(cx->mem, o, "code_old", u->code_old);
        json_put_str(cx->mem, o, "kind", str_from(unit_kind_name(u->kind)));
        json_put_str(cx->mem, o, "name_vi", u->name_vi);
        json_put_str(cx->mem, o, "name_en", u->name_en);
        json_put_str(cx->mem, o, "parent", u->parent ? u->parent->code : STR(""));
        struct json *duties = json_put(o, STR("duties"), json_new_arr(cx->mem));
        for (size_t k = 0; k < u->nduties; k++)
            json_push(duties, json_new_str(cx->mem, u->duties[k]));
    }
    if (arg_has(a, "--json"))
        print_json(cx, out);
    return RC_OK;
}

static const struct option_def unit_add_options[] = {
    {"code", OPT_TEXT, true, "CODE", "code by QD 20/2020, highest level first: H07.21.05"},
    {"--code-old", OPT_TEXT, false, "CODE", "by QCVN 102:2016 (default: made from the code)"},
    {"--kind", OPT_TEXT, true, "KIND",
     "nation ministry province department district commune office"},
    {"--name-vi", OPT_TEXT, true, "NAME", "name in Vietnamese"},
    {"--name-en", OPT_TEXT, true, "NAME", "name in English"},
    {"--parent", OPT_TEXT, false, "CODE", "the unit above; none for a root"},
    {"--from", OPT_TEXT, false, "DAY", "first day, YYYY-MM-DD (default today)"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc unit_add_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct unit_new u = {.code = arg_str(a, "code"),
                         .code_old =
                             arg_has(a, "--code-old") ? arg_str(a, "--code-old") : STR(""),
                         .name_vi = arg_str(a, "--name-vi"),
                         .name_en = arg_str(a, "--name-en"),
                         .parent = arg_str(a, "--parent"),
                         .from = day_of(cx->now_us)};
    struct unit_id id;
    if (!unit_kind_parse(arg_str(a, "--kind"), &u.kind))
        return FAIL(cx, USAGE, "--kind", "no such kind");
    if (arg_has(a, "--from") && !day_parse(arg_str(a, "--from"), &u.from))
        return FAIL(cx, USAGE, "--from", "not a day YYYY-MM-DD");
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(unit_add(cx, &u, &id));
    TRY(db_commit(cx));
    printf("added %.*s\n", STR_ARG(u.code));
    return RC_OK;
}

static const struct option_def unit_duty_options[] = {
    {"unit", OPT_TEXT, true, "CODE", "the unit"},
    {"duty", OPT_TEXT, true, "DUTY", "what it does for others: fire, environment, residence"},
    {"--end", OPT_FLAG, false, NULL, "it does so no longer"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc unit_duty_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct str unit = arg_str(a, "unit"), duty = arg_str(a, "duty");
    bool ends = arg_has(a, "--end");
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(ends ? unit_duty_end(cx, unit, duty) : unit_duty_add(cx, unit, duty));
    TRY(db_commit(cx));
    printf("%.*s: %.*s %s\n", STR_ARG(unit), STR_ARG(duty), ends ? "ended" : "added");
    return RC_OK;
}

/* -- accounts -- */

static const struct option_def user_add_options[] = {
    {"login", OPT_TEXT, true, "LOGIN", "identity number of a citizen, or an officer's name"},
    {"--name", OPT_TEXT, true, "NAME", "the person's full name"},
    {"--role", OPT_TEXT, false, "ROLE", "reception specialist leader clerk auditor admin"},
    {"--unit", OPT_TEXT, false, "CODE", "where the role is held"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

/* One line from standard input: passwords never stand on a command line. */
static enum rc password_read(struct ctx *cx, struct str *ret)
{
    char line[PASSWORD_MAX + 2];
    if (isatty(STDIN_FILENO))
        fputs("password (shown as you type; pipe it in to avoid that): ", stderr);
    if (!fgets(line, sizeof line, stdin))
        return FAIL(cx, USAGE, "password", "give the password on standard input");
    *ret = str_dup(cx->mem, str_trim(str_from(line)));
    return RC_OK;
}

static enum rc role_take(struct ctx *cx, const struct args *a, int64_t account)
{
    enum role role;
    const struct unit *u = unit_find(cx, arg_str(a, "--unit"));
    if (!role_parse(arg_str(a, "--role"), &role))
        return FAIL(cx, USAGE, "--role", "no such role");
    if (!u)
        return FAIL(cx, NOT_FOUND, "--unit", "no such unit");
    return role_grant(cx, account, role, u->id);
}

static enum rc user_add_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct account_new n = {.login = arg_str(a, "login"), .is_officer = arg_has(a, "--role")};
    struct subject person = {.name = arg_str(a, "--name"), .birth = INT32_MIN};
    int64_t account;
    if (n.is_officer != arg_has(a, "--unit"))
        return FAIL(cx, USAGE, n.is_officer ? "--unit" : "--role",
                    "--role and --unit stand together");
    if (!n.is_officer)
        person.number = n.login;
    TRY(password_read(cx, &n.password));
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(subject_add(cx, &person, &n.subject));
    TRY(account_add(cx, &n, &account));
    if (n.is_officer)
        TRY(role_take(cx, a, account));
    TRY(db_commit(cx));
    printf("added %.*s\n", STR_ARG(n.login));
    return RC_OK;
}

static const struct option_def user_role_options[] = {
    {"login", OPT_TEXT, true, "LOGIN", "the officer"},
    {"--role", OPT_TEXT, true, "ROLE", "reception specialist leader clerk auditor admin"},
    {"--unit", OPT_TEXT, true, "CODE", "where the role is held"},
    {"--revoke", OPT_FLAG, false, NULL, "take the role away instead"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc user_role_run(struct ctx *cx, const struct args *a, int *ret)
{
    int64_t account;
    enum role role;
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(account_by_login(cx, arg_str(a, "login"), &account));
    const struct unit *u = unit_find(cx, arg_str(a, "--unit"));
    if (!role_parse(arg_str(a, "--role"), &role))
        return FAIL(cx, USAGE, "--role", "no such role");
    if (!u)
        return FAIL(cx, NOT_FOUND, "--unit", "no such unit");
    if (arg_has(a, "--revoke"))
        TRY(role_revoke(cx, account, role, u->id));
    else
        TRY(role_grant(cx, account, role, u->id));
    return db_commit(cx);
}

static const struct option_def user_password_options[] = {
    {"login", OPT_TEXT, true, "LOGIN", "whose password to set; it is read from standard input"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc user_password_run(struct ctx *cx, const struct args *a, int *ret)
{
    int64_t account;
    struct str password;
    TRY(password_read(cx, &password));
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(account_by_login(cx, arg_str(a, "login"), &account));
    TRY(account_password_set(cx, account, password));
    return db_commit(cx);
}

static const struct option_def user_close_options[] = {
    {"login", OPT_TEXT, true, "LOGIN", "the account that may no longer sign in"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc user_close_run(struct ctx *cx, const struct args *a, int *ret)
{
    int64_t account;
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(account_by_login(cx, arg_str(a, "login"), &account));
    TRY(account_close(cx, account));
    return db_commit(cx);
}

/* -- who signs for whom -- */

static const struct option_def delegation_add_options[] = {
    {"giver", OPT_TEXT, true, "LOGIN", "who holds the role"},
    {"receiver", OPT_TEXT, true, "LOGIN", "another officer of the unit, who may sign as well"},
    {"--role", OPT_TEXT, true, "ROLE", "reception specialist leader clerk auditor admin"},
    {"--unit", OPT_TEXT, true, "CODE", "where the role is held"},
    {"--from", OPT_TEXT, false, "DAY", "first day, YYYY-MM-DD (default today)"},
    {"--to", OPT_TEXT, true, "DAY", "last day, at most a year later"},
    {"--procedures", OPT_TEXT, false, "CODES", "procedure codes with blanks (default all)"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static const char *delegation_state(const struct ctx *cx, const struct delegation *d)
{
    int32_t today = day_of(cx->now_us);
    return d->ended_us != TIME_NONE ? "ended"
           : d->to_day < today      ? "over"
           : !d->is_held            ? "void" /* the giver holds the role no more */
           : d->from_day > today    ? "planned"
                                    : "running";
}

static struct json *delegation_json(struct ctx *cx, const struct delegation *d)
{
    struct json *o = json_new_obj(cx->mem);
    const struct unit *u = unit_of(cx, d->unit);
    struct str rest = d->procedures, one;
    json_put_int(cx->mem, o, "id", d->id);
    json_put_str(cx->mem, o, "giver", d->from_name);
    json_put_str(cx->mem, o, "receiver", d->to_name);
    json_put_str(cx->mem, o, "role", str_from(role_name(d->role)));
    json_put_str(cx->mem, o, "unit", u ? u->code : STR(""));
    json_put_str(cx->mem, o, "from", day_iso(cx->mem, d->from_day));
    json_put_str(cx->mem, o, "to", day_iso(cx->mem, d->to_day));
    struct json *list = json_put(o, STR("procedures"), json_new_arr(cx->mem));
    while (rest.n) {
        rest = str_split(rest, ' ', &one);
        json_push(list, json_new_str(cx->mem, one));
    }
    json_put_str(cx->mem, o, "state", str_from(delegation_state(cx, d)));
    return o;
}

static void delegation_print(struct ctx *cx, const struct delegation *d)
{
    const struct unit *u = unit_of(cx, d->unit);
    printf("%lld  %-7s  %s@%.*s  %.*s..%.*s  %.*s -> %.*s  %.*s\n", (long long)d->id,
           delegation_state(cx, d), role_name(d->role), STR_ARG(u ? u->code : STR("-")),
           STR_ARG(day_iso(cx->mem, d->from_day)), STR_ARG(day_iso(cx->mem, d->to_day)),
           STR_ARG(d->from_name), STR_ARG(d->to_name),
           STR_ARG(d->procedures.n ? d->procedures : STR("(all)")));
}

/* What was asked for, as far as it needs no database. */
static enum rc delegation_parse(struct ctx *cx, const struct args *a, struct delegation *d)
{
    struct str day = arg_str(a, "--from");
    *d = (struct delegation){.from_day = day_of(cx->now_us),
                             .procedures = str_trim(arg_str(a, "--procedures"))};
    if (!role_parse(arg_str(a, "--role"), &d->role))
        return FAIL(cx, USAGE, "--role", "no such role");
    if (day.p && !day_parse(day, &d->from_day))
        return FAIL(cx, USAGE, "--from", "not a day YYYY-MM-DD");
    if (!day_parse(arg_str(a, "--to"), &d->to_day))
        return FAIL(cx, USAGE, "--to", "not a day YYYY-MM-DD");
    return RC_OK;
}

static enum rc delegation_add_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct delegation d;
    int64_t id;
    TRY(delegation_parse(cx, a, &d));
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(account_by_login(cx, arg_str(a, "giver"), &d.from));
    TRY(account_by_login(cx, arg_str(a, "receiver"), &d.to));
    const struct unit *u = unit_find(cx, arg_str(a, "--unit"));
    if (!u)
        return FAIL(cx, NOT_FOUND, "--unit", "no such unit");
    d.unit = u->id;
    TRY(delegation_add(cx, &d, &id));
    TRY(db_commit(cx));
    TRY(delegation_get(cx, id, &d));
    if (arg_has(a, "--json"))
        print_json(cx, delegation_json(cx, &d));
    else
        printf("added %lld\n", (long long)id);
    return RC_OK;
}

static const struct option_def delegation_end_options[] = {
    {"id", OPT_TEXT, true, "ID", "of `delegation list`"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc delegation_end_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct delegation d;
    int64_t id;
    TRY(data_open(cx, a, STORE_WRITE));
    if (!str_int(arg_str(a, "id"), &id) || id < 1)
        return FAIL(cx, USAGE, "id", "not a number");
    TRY(delegation_end(cx, id));
    TRY(db_commit(cx));
    TRY(delegation_get(cx, id, &d));
    if (arg_has(a, "--json"))
        print_json(cx, delegation_json(cx, &d));
    else
        printf("ended %lld\n", (long long)id);
    return RC_OK;
}

static const struct option_def delegation_list_options[] = {
    {"--login", OPT_TEXT, false, "LOGIN", "given and received by that officer"},
    {"--unit", OPT_TEXT, false, "CODE", "in that unit"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc delegation_list_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct delegation_list list;
    struct unit_id unit = {0};
    int64_t account = 0;
    TRY(data_open(cx, a, STORE_READ));
    if (arg_has(a, "--login"))
        TRY(account_by_login(cx, arg_str(a, "--login"), &account));
    if (arg_has(a, "--unit")) {
        const struct unit *u = unit_find(cx, arg_str(a, "--unit"));
        if (!u)
            return FAIL(cx, NOT_FOUND, "--unit", "no such unit");
        unit = u->id;
    }
    TRY(delegation_list(cx, account, unit, &list));
    struct json *out = json_new_arr(cx->mem);
    for (size_t i = 0; i < list.n; i++)
        if (arg_has(a, "--json"))
            json_push(out, delegation_json(cx, &list.v[i]));
        else
            delegation_print(cx, &list.v[i]);
    if (arg_has(a, "--json"))
        print_json(cx, out);
    return RC_OK;
}

/* LAW: Luật 91/2025/QH15 - a person's data is destroyed on a lawful ground, which is recorded.
 * There is no way back: the number is typed out in full, and the ground is required. */
static const struct option_def person_erase_options[] = {
    {"number", OPT_TEXT, true, "NUMBER", "the person's identity number or tax code"},
    {"--law", OPT_TEXT, true, "CLAUSE", "the ground; recorded in the ledger for ever"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc person_erase_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct subject *s;
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(subject_by_number(cx, arg_str(a, "number"), &s));
    if (!s)
        return FAIL(cx, NOT_FOUND, "number", "nobody of that number");
    TRY(subject_erase(cx, s->id, arg_str(a, "--law")));
    TRY(db_commit(cx));
    printf("erased; backups made earlier still hold this person's key\n");
    return RC_OK;
}

const struct command people_commands[] = {
    {"unit list", "print the tree of units", unit_list_options, unit_list_run},
    {"unit add", "add a unit", unit_add_options, unit_add_run},
    {"unit duty", "say what a unit does for others", unit_duty_options, unit_duty_run},
    {"user add", "add an account; the password is read from standard input", user_add_options,
     user_add_run},
    {"user role", "give or take a role", user_role_options, user_role_run},
    {"user password", "set a password", user_password_options, user_password_run},
    {"user close", "close an account", user_close_options, user_close_run},
    {"delegation add", "let another officer sign for one, for a term", delegation_add_options,
     delegation_add_run},
    {"delegation end", "end a delegation before its term", delegation_end_options,
     delegation_end_run},
    {"delegation list", "print who signs for whom", delegation_list_options,
     delegation_list_run},
    {"person erase", "destroy a person's data on a lawful ground", person_erase_options,
     person_erase_run},
    {0},
};
