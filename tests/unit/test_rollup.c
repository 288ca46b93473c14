/* test_rollup.c - statements between nodes: what is made, what is taken and summed, and each way
 * in which one that does not hold is refused. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include <sqlite3.h>

/* casework.h has a limit of the same name. */
#define NOTE_MAX LEDGER_NOTE_MAX
#include "ledger/note.h"
#undef NOTE_MAX

#include "casework_help.h"
#include "ledger/consistency.h"
#include "ledger/sign.h"
#include "rebuild_help.h"
#include "rollup/rollup_priv.h"
#include "store_help.h"

/* -- a node below, as far as the one above can see it -- */

struct below {
    struct signer *signer;
    struct str origin, vkey;
};

static struct below below_new(struct desk *k, const char *origin)
{
    struct below b = {.origin = str_from(origin)};
    struct ctx *cx = as(k, "");
    assert_int_equal(signer_open(cx, temp_dir(k->mem), "log.key", true, &b.signer), RC_OK);
    struct key pub = signer_public(b.signer);
    b.vkey = vkey_print(k->mem, b.origin, &pub);
    return b;
}

/* The tree of its ledger: leaf i is of the byte `past` up to where it was rewritten. */
static struct hash leaf_of(char past, int64_t i)
{
    char text[32];
    return leaf_hash(
        str_n(text, (size_t)snprintf(text, sizeof text, "%c %lld", past, (long long)i)));
}

static bool node_of_tree(void *arg, int k, int64_t i, struct hash *ret)
{
    struct hash left, right;
    if (k == 0) {
        *ret = leaf_of(*(char *)arg, i);
        return true;
    }
    node_of_tree(arg, k - 1, 2 * i, &left);
    node_of_tree(arg, k - 1, 2 * i + 1, &right);
    *ret = pair_hash(&left, &right);
    return true;
}

static struct hash root_of(char past, int64_t size)
{
    struct tree_edge e = {.size = size};
    for (int k = 0; k < TREE_HEIGHT; k++)
        if (size >> k & 1)
            node_of_tree(&past, k, (size >> k) - 1, &e.front[k]);
    return tree_root(&e);
}

static struct json *past_of(struct desk *k, char past, int64_t from, int64_t to)
{
    const struct tree_source src = {node_of_tree, &past};
    struct json *list = json_new_arr(k->mem), *o = json_push(list, json_new_obj(k->mem));
    struct json *proof = json_new_arr(k->mem);
    struct consistency c = {0};
    assert_true(tree_consistency(&src, from, to, c.path, &c.n));
    for (size_t i = 0; i < c.n; i++)
        json_push(proof,
                  json_new_str(k->mem, base64_of(k->mem, str_n(c.path[i].b, HASH_BYTES))));
    json_put_int(k->mem, o, "size", from);
    json_put(o, STR("proof"), proof);
    return list;
}

/* What it says; zero values are those of a statement that holds. */
struct said {
    const char *period, *made, *cells, *node;
    int64_t revision, size;
    char root;                 /* what the ledger's leaves are made of */
    int64_t since;             /* it proves to hold its head of that size; 0: of 100 */
    char proof;                /* the leaves that it proves by; 0: its own, '-': none */
    int64_t size_said;         /* beside the checkpoint's */
    const struct below *signs; /* another one signs */
    const char *note_period;   /* the note is about another month */
};

#define JUNE "{\"received\":{\"H07.21\":[\"9.000001 2 0 7 0\"],\"H07.21.01\":[\"- 1 0 5 0\"]}}"

static struct json *said_json(struct desk *k, const struct below *b, const struct said *s)
{
    struct json *o = json_new_obj(k->mem), *l = json_new_obj(k->mem), *cells;
    int64_t size = s->size ? s->size : 100, since = s->since ? s->since : 100;
    struct hash root = root_of(s->root ? s->root : 'r', size);
    assert_int_equal(json_parse(as(k, ""), str_from(s->cells ? s->cells : JUNE), &cells),
                     RC_OK);
    const struct below *signs = s->signs ? s->signs : b;
    json_put_int(k->mem, l, "size", s->size_said ? s->size_said : size);
    json_put_str(k->mem, l, "checkpoint",
                 checkpoint_print(k->mem, signs->origin, size, &root, signs->signer));
    json_put_int(k->mem, o, "v", 1);
    json_put_str(k->mem, o, "node", s->node ? str_from(s->node) : b->origin);
    json_put_str(k->mem, o, "unit", STR("H07.21"));
    json_put_str(k->mem, o, "period", str_from(s->period ? s->period : "2026-06"));
    json_put_int(k->mem, o, "revision", s->revision ? s->revision : 1);
    json_put_str(k->mem, o, "made", str_from(s->made ? s->made : "2026-07-01T00:10:00+07:00"));
    json_put(o, STR("ledger"), l);
    if (s->proof != '-' && size > since)
        json_put(o, STR("consistency"),
                 past_of(k,
                         s->proof  ? s->proof
                         : s->root ? s->root
                                   : 'r',
                         since, size));
    json_put(o, STR("cells"), cells);
    return o;
}

static struct str note_of(struct desk *k, const struct below *b, const struct said *s,
                          const struct json *o)
{
    const struct below *signs = s->signs ? s->signs : b;
    struct hash h = hash_of(json_canonical(k->mem, o));
    struct str period = s->note_period ? str_from(s->note_period) : json_str(o, "period");
    struct str text =
        statement_text(k->mem, json_str(o, "node"), period, json_int(o, "revision", 0), &h);
    return note_print(k->mem, signs->origin, text, signs->signer);
}

static enum rc take(struct desk *k, struct str note, const struct json *o,
                    struct statement_taken *ret)
{
    struct ctx *cx = as(k, "");
    enum rc rc = statement_take(cx, note, o, ret);
    if (rc == RC_OK)
        assert_int_equal(db_commit(cx), RC_OK);
    else
        db_rollback(cx);
    return rc;
}

static struct statement_taken say(struct desk *k, const struct below *b, struct said s)
{
    struct statement_taken t;
    struct json *o = said_json(k, b, &s);
    assert_int_equal(take(k, note_of(k, b, &s, o), o, &t), RC_OK);
    return t;
}

static void trust(struct desk *k, const char *name, const struct below *b, const char *unit)
{
    struct ctx *cx = as(k, "");
    assert_int_equal(node_trust(cx, str_from(name), b->vkey, str_from(unit)), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

/* A parent that trusts one district since 1 June 2026; it is 3 July. */
static struct below parent_begin(struct desk *k)
{
    struct below b = below_new(k, "huyen.example");
    trust(k, "huyen", &b, "H07.21");
    k->now_us = day_start(day_make(2026, 7, 3)) + 9 * HOUR_US;
    return b;
}

static int64_t received(struct desk *k, const char *unit, int from_month, int to_month)
{
    struct ctx *cx = as(k, "");
    struct figure f;
    struct slice s = {.unit = unit_find(cx, str_from(unit))->id,
                      .period = {day_make(2026, from_month, 1), day_make(2026, to_month, 1)}};
    assert_int_equal(figure_get(cx, indicator_find(cx, STR("received")), &s, &f), RC_OK);
    return f.num;
}

/* -- what is taken is summed -- */

static void it_is_summed(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    struct statement_taken t = say(k, &b, (struct said){0});
    assert_int_equal(t.outcome, STATEMENT_TAKEN);
    assert_str(t.node, "huyen");
    assert_int_equal(t.ncells, 2);
    assert_int_equal(t.unknown, 0);
    assert_false(t.is_late);
    assert_int_equal(received(k, "H07", 6, 7), 12);
    assert_int_equal(received(k, "H07.21", 6, 7), 12);
    assert_int_equal(received(k, "H07.21.01", 6, 7), 5);
    assert_int_equal(received(k, "H07.01", 6, 7), 0);
    assert_int_equal(received(k, "H07", 7, 8), 0);
}

/* Its own dossiers and those stated from below stand beside one another. */
static void beside_its_own(void **state)
{
    struct desk *k = *state;
    struct below b = below_new(k, "huyen.example");
    trust(k, "huyen", &b, "H07.21");
    filed(k); /* in June, at the commune */
    k->now_us = day_start(day_make(2026, 7, 3)) + 9 * HOUR_US;
    say(k, &b, (struct said){0});
    assert_int_equal(received(k, "H07.21.01", 6, 7), 6);
    assert_int_equal(received(k, "H07", 6, 7), 13);
}

static void a_revision_replaces(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    say(k, &b, (struct said){0});
    struct said second = {
        .revision = 2, .size = 120, .cells = "{\"received\":{\"H07.21.01\":[\"- 1 0 4 0\"]}}"};
    assert_int_equal(say(k, &b, second).outcome, STATEMENT_TAKEN);
    assert_int_equal(received(k, "H07.21", 6, 7), 4);
    assert_int_equal(received(k, "H07.21.01", 6, 7), 4);
    assert_int_equal(say(k, &b, second).outcome, STATEMENT_SAME); /* the same bytes again */
    assert_int_equal(received(k, "H07.21", 6, 7), 4);
    struct statement_taken t = say(k, &b, (struct said){0}); /* the first one again */
    assert_int_equal(t.outcome, STATEMENT_REFUSED);
    assert_string_equal(t.reason, "older");
    assert_int_equal(received(k, "H07.21", 6, 7), 4);
}

/* A unit that only the node knows counts for the node's own. */
static void units_unknown_here(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    struct said s = {.cells = "{\"received\":{\"H07.21.77\":[\"- 1 0 3 0\"],"
                              "\"H07.21\":[\"- 1 0 2 0\"]},"
                              "\"dances\":{\"H07.21\":[\"- 0 0 9 0\"]}}"};
    struct statement_taken t = say(k, &b, s);
    assert_int_equal(t.outcome, STATEMENT_TAKEN);
    assert_int_equal(t.ncells, 3);
    assert_int_equal(t.unknown, 1); /* an indicator that is not declared here */
    assert_int_equal(received(k, "H07.21", 6, 7), 5);
}

/* Nothing in a statement of nothing, and it still replaces. */
static void an_empty_one(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    say(k, &b, (struct said){0});
    struct said none = {.revision = 2, .cells = "{}"};
    assert_int_equal(say(k, &b, none).outcome, STATEMENT_TAKEN);
    assert_int_equal(received(k, "H07", 6, 7), 0);
}

/* -- what does not hold -- */

static void what_is_refused(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k), other = below_new(k, "khac.example");
    const struct {
        const char *reason;
        struct said s;
    } rows[] = {
        {"signature", {.signs = &other}},
        {"changed", {.note_period = "2026-05"}},
        {"period", {.period = "2026-13", .note_period = "2026-13"}},
        {"period", {.period = "2026-6"}},
        {"period", {.period = "2026-07"}}, /* made before its end */
        {"period", {.made = "2026-06-30T23:59:00+07:00"}},
        {"period", {.made = "2026-07-03T09:11:00+07:00"}}, /* eleven minutes from now */
        {"period", {.made = "gần đây"}},
        {"period", {.revision = -1}},
        {"ledger", {.size_said = 99}},
        {"unit", {.cells = "{\"received\":{\"H07\":[\"- 1 0 5 0\"]}}"}},
        {"unit", {.cells = "{\"received\":{\"H07.01\":[\"- 1 0 5 0\"]}}"}},
        {"unit", {.cells = "{\"received\":{\"H07.22.01\":[\"- 1 0 5 0\"]}}"}},
        {"unit", {.cells = "{\"received\":{\"H07.2101\":[\"- 1 0 5 0\"]}}"}},
        {"unit", {.cells = "{\"received\":{\"\":[\"- 1 0 5 0\"]}}"}},
        {"cells", {.cells = "{\"received\":{\"H07.21\":[\"- 1 0 5\"]}}"}},
        {"cells", {.cells = "{\"received\":{\"H07.21\":[\"- 1 0 5 0 0\"]}}"}},
        {"cells", {.cells = "{\"received\":{\"H07.21\":[\"- 1 0 5 x\"]}}"}},
        {"cells", {.cells = "{\"received\":{\"H07.21\":[\"- 10 0 5 0\"]}}"}},
        {"cells", {.cells = "{\"received\":{\"H07.21\":[\"- 1 -1 5 0\"]}}"}},
        {"cells", {.cells = "{\"received\":{\"H07.21\":[\"- 1 0 1000000000000001 0\"]}}"}},
        {"cells",
         {.cells = "{\"received\":{\"H07.21\":[\"- 1 0 600000000000000 0\","
                   "\"- 1 0 400000000000001 0\"]}}"}}, /* each may be, not their sum */
        {"cells",
         {.cells = "{\"received\":{\"H07.21\":[\"- 1 0 -600000000000000 0\"],"
                   "\"H07.21.01\":[\"- 1 0 1 600000000000000\"]}}"}},
        {"cells", {.cells = "{\"received\":{\"H07.21\":[\"a;b 1 0 5 0\"]}}"}},
        {"cells", {.cells = "{\"received\":{\"H07.21\":[5]}}"}},
        {"cells", {.cells = "{\"received\":{\"H07.21\":\"- 1 0 5 0\"}}"}},
        {"cells", {.cells = "{\"received\":[]}"}},
        {"cells", {.cells = "{\"Received!\":{\"H07.21\":[\"- 1 0 5 0\"]}}"}},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct statement_taken t = say(k, &b, rows[i].s);
        if (t.outcome != STATEMENT_REFUSED || strcmp(t.reason, rows[i].reason) != 0)
            fail_msg("row %zu: %s, not %s", i, t.reason ? t.reason : "taken", rows[i].reason);
    }
    assert_int_equal(received(k, "H07", 6, 7), 0);
}

/* One figure changed on the way: the signature is over other bytes. */
static void a_changed_figure(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    struct said s = {0};
    struct json *o = said_json(k, &b, &s), *changed;
    struct statement_taken t;
    struct str note = note_of(k, &b, &s, o);
    s.cells =
        "{\"received\":{\"H07.21\":[\"9.000001 2 0 8 0\"],\"H07.21.01\":[\"- 1 0 5 0\"]}}";
    changed = said_json(k, &b, &s);
    assert_int_equal(take(k, note, changed, &t), RC_OK);
    assert_int_equal(t.outcome, STATEMENT_REFUSED);
    assert_string_equal(t.reason, "changed");
    assert_int_equal(take(k, note, o, &t), RC_OK); /* the true one is still taken */
    assert_int_equal(t.outcome, STATEMENT_TAKEN);
}

/* A ledger that got shorter, or is another one of the same length, was rewritten. */
static void a_rewritten_ledger(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    say(k, &b, (struct said){.size = 500});
    assert_string_equal(say(k, &b, (struct said){.revision = 2, .size = 499}).reason, "behind");
    assert_string_equal(
        say(k, &b, (struct said){.revision = 2, .size = 500, .root = 'x'}).reason, "ledger");
    assert_int_equal(say(k, &b, (struct said){.revision = 2, .size = 500}).outcome,
                     STATEMENT_TAKEN);
}

/* A longer ledger must be proven to hold the one before, as RFC 9162 2.1.4 has it. */
static void a_rewritten_past(void **state)
{
    static const struct {
        const char *reason; /* NULL: taken */
        struct said s;
    } rows[] = {
        {"past", {.size = 700, .since = 500, .proof = '-'}}, /* it says nothing */
        {"past", {.size = 700, .since = 499}},               /* of another head */
        {"past", {.size = 700, .since = 500, .root = 'x'}},  /* another past */
        {"past",
         {.size = 700, .since = 500, .root = 'x', .proof = 'r'}}, /* the old one's proof */
        {"past", {.size = 700, .since = 500, .proof = 'x'}},
        {NULL, {.size = 700, .since = 500}},
        {"past", {.size = 701, .since = 500}}, /* the longest counts now */
        {NULL, {.size = 701, .since = 700}},
        {NULL, {.size = 1024, .since = 701}},
        {NULL, {.size = 1025, .since = 1024}}, /* a power of two: its root is a node */
        {NULL, {.size = 1024, .since = 701}},  /* made before it, come after it */
        {"behind", {.size = 1024, .root = 'x', .since = 701}},
        {"behind", {.size = 700, .since = 500}}, /* the longest proves only 1024 */
        {"behind", {.size = 1}},
    };
    struct desk *k = *state;
    struct below b = parent_begin(k);
    int64_t revision = 1;
    assert_int_equal(say(k, &b, (struct said){.size = 500}).outcome, STATEMENT_TAKEN);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct said s = rows[i].s;
        s.revision = ++revision;
        struct statement_taken t = say(k, &b, s);
        bool as_said = rows[i].reason ? t.outcome == STATEMENT_REFUSED &&
                                            strcmp(t.reason, rows[i].reason) == 0
                                      : t.outcome == STATEMENT_TAKEN;
        if (!as_said)
            fail_msg("row %zu: %s", i, t.reason ? t.reason : "taken");
    }
}

/* A node whose folder was lost begins a ledger anew: whoever trusts it says so, as an event. */
static void trusted_anew(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    say(k, &b, (struct said){.size = 500});
    struct said again = {.revision = 2, .size = 120, .root = 'n', .proof = '-'};
    assert_string_equal(say(k, &b, again).reason, "behind");
    k->now_us += HOUR_US;
    trust(k, "huyen", &b, "H07.21");
    again.revision = 3;
    assert_int_equal(say(k, &b, again).outcome, STATEMENT_TAKEN);
    assert_int_equal(received(k, "H07.21", 6, 7), 12); /* it replaced the one before */
    again = (struct said){.revision = 4, .size = 130, .root = 'n', .since = 120};
    assert_int_equal(say(k, &b, again).outcome, STATEMENT_TAKEN);
    again = (struct said){.revision = 5, .size = 600, .since = 500};
    assert_string_equal(say(k, &b, again).reason, "past"); /* and the old one is over */
}

/* What cannot be read proves nothing. */
static void no_proof(void **state)
{
    static const char *const rows[] = {
        "{}",
        "[]",
        "7",
        "[7]",
        "[{}]",
        "[{\"size\":500}]",
        "[{\"size\":500,\"proof\":7}]",
        "[{\"size\":500,\"proof\":[]}]",
        "[{\"size\":500,\"proof\":[7]}]",
        "[{\"size\":500,\"proof\":[\"AAAA\"]}]",
        "[{\"size\":500,\"proof\":[\"!\"]}]",
    };
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct checkpoint head = {.size = 700, .root = root_of('r', 700)};
    struct hash h = root_of('r', 500);
    struct str root = hash_hex(k->mem, &h);
    assert_true(past_holds(cx, past_of(k, 'r', 500, 700), 500, root, &head));
    assert_false(past_holds(cx, past_of(k, 'r', 500, 700), 500, STR("no hash"), &head));
    assert_false(past_holds(cx, NULL, 500, root, &head));
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *list;
        assert_int_equal(json_parse(cx, str_from(rows[i]), &list), RC_OK);
        assert_false(past_holds(cx, list, 500, root, &head));
    }
    struct json *list = past_of(k, 'r', 500, 700),
                *proof = json_get(json_at(list, 0), STR("proof"));
    while (proof->n <= CONSISTENCY_MAX)
        json_push(proof, json_new_str(k->mem, base64_of(k->mem, str_n(h.b, HASH_BYTES))));
    assert_false(past_holds(cx, list, 500, root, &head)); /* more than any tree has */
}

static void strangers(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k), stranger = below_new(k, "la.example");
    struct statement_taken t;
    struct said s = {0};
    struct json *o = said_json(k, &stranger, &s);
    assert_int_equal(take(k, note_of(k, &stranger, &s, o), o, &t), RC_FORBIDDEN);
    assert_int_equal(journal_count(k, EV_STATEMENT_REFUSED, 0),
                     0); /* nobody fills our ledger */
    s.signs = &stranger; /* in the name of one that is trusted */
    o = said_json(k, &b, &s);
    assert_int_equal(take(k, note_of(k, &b, &s, o), o, &t), RC_OK);
    assert_string_equal(t.reason, "signature");
    struct ctx *cx = as(k, "");
    assert_int_equal(node_distrust(cx, STR("huyen")), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    s = (struct said){0};
    o = said_json(k, &b, &s);
    assert_int_equal(take(k, note_of(k, &b, &s, o), o, &t), RC_FORBIDDEN);
}

static void no_statements(void **state)
{
    static const char *const rows[] = {
        "{}",
        "{\"v\":2,\"node\":\"huyen.example\",\"cells\":{}}",
        "{\"v\":1,\"cells\":{}}",
        "{\"v\":1,\"node\":\"huyen.example\"}",
        "{\"v\":1,\"node\":\"huyen.example\",\"cells\":[]}",
        "{\"v\":\"1\",\"node\":\"huyen.example\",\"cells\":{}}",
    };
    struct desk *k = *state;
    struct statement_taken t;
    parent_begin(k);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *o;
        assert_int_equal(json_parse(as(k, ""), str_from(rows[i]), &o), RC_OK);
        if (take(k, STR(""), o, &t) != RC_MALFORMED)
            fail_msg("%s", rows[i]);
    }
    assert_int_equal(statement_take_file(as(k, ""), STR("[]"), &t), RC_MALFORMED);
    assert_int_equal(statement_take_file(as(k, ""), STR("{"), &t), RC_MALFORMED);
    assert_int_equal(statement_take_file(as(k, ""), STR("{\"note\":\"x\"}"), &t), RC_MALFORMED);
}

/* The same bytes are refused once in the ledger; one node has twenty refusals a day there. */
static void refusals_have_a_ceiling(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    for (int i = 0; i < 3; i++)
        say(k, &b, (struct said){.made = "x"});
    assert_int_equal(journal_count(k, EV_STATEMENT_REFUSED, 0), 1);
    for (int i = 0; i < REFUSALS_A_DAY + 5; i++)
        say(k, &b, (struct said){.made = "x", .revision = 2 + i});
    assert_int_equal(journal_count(k, EV_STATEMENT_REFUSED, 0), REFUSALS_A_DAY);
    k->now_us += DAY_US + HOUR_US;
    say(k, &b, (struct said){.made = "x", .revision = 99});
    assert_int_equal(journal_count(k, EV_STATEMENT_REFUSED, 0), REFUSALS_A_DAY + 1);
}

/* -- trust -- */

static void whom_we_trust(void **state)
{
    struct desk *k = *state;
    struct below a = below_new(k, "a.example"), b = below_new(k, "b.example");
    const struct {
        const char *name;
        struct str vkey;
        const char *unit;
        enum rc rc;
    } rows[] = {
        {"xa", a.vkey, "H07.21.01", RC_OK},
        {"A", b.vkey, "H07.01", RC_INVALID},
        {"", b.vkey, "H07.01", RC_INVALID},
        {"-b", b.vkey, "H07.01", RC_INVALID},
        {"b", STR("b.example+00000000+AAAA"), "H07.01", RC_INVALID},
        {"b", STR(""), "H07.01", RC_INVALID},
        {"b", ledger_vkey(as(k, "")), "H07.01", RC_INVALID}, /* ourselves */
        {"b", b.vkey, "H99", RC_NOT_FOUND},
        {"b", a.vkey, "H07.01", RC_DUPLICATE}, /* two names, one node */
        {"b", b.vkey, "H07.21", RC_DUPLICATE}, /* its dossiers would count twice */
        {"b", b.vkey, "H07.21.01", RC_DUPLICATE},
        {"b", b.vkey, "H07", RC_DUPLICATE},
        {"b", b.vkey, "H07.01", RC_OK},
        {"xa", a.vkey, "H07.21", RC_OK}, /* the same name: another unit */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = as(k, "");
        enum rc rc =
            node_trust(cx, str_from(rows[i].name), rows[i].vkey, str_from(rows[i].unit));
        if (rc == RC_OK)
            assert_int_equal(db_commit(cx), RC_OK);
        else
            db_rollback(cx);
        if (rc != rows[i].rc)
            fail_msg("row %zu: %s", i, rc_name(rc));
    }
    struct json *list;
    struct ctx *cx = as(k, "");
    assert_int_equal(nodes_list(cx, &list), RC_OK);
    assert_int_equal(list->n, 2);
    assert_str(json_str(list->last, "unit"), "H07.21");
    assert_int_equal(node_distrust(cx, STR("nobody")), RC_NOT_FOUND);
    db_rollback(cx);
}

/* -- missing, late, waited for -- */

static const struct json *cell_of(struct desk *k, const char *period)
{
    struct json *v;
    assert_int_equal(statements_view(as(k, ""), &v), RC_OK);
    JSON_EACH (json_get(json_get(v, STR("nodes"))->first, STR("cells")), c)
        if (str_eq(json_str(c, "period"), str_from(period)))
            return c;
    return NULL;
}

static void who_owes(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k); /* trusted on 1 June, five days are given */
    assert_str(json_str(cell_of(k, "2026-06"), "state"), "waiting");
    assert_str(json_str(cell_of(k, "2026-06"), "deadline"), "05/07/2026");
    assert_str(json_str(cell_of(k, "2026-04"), "state"), "before");
    assert_str(json_str(cell_of(k, "2026-05"), "state"), "missing"); /* was due on 5 June */
    assert_null(cell_of(k, "2026-07"));
    k->now_us = day_start(day_make(2026, 7, 6));
    assert_str(json_str(cell_of(k, "2026-06"), "state"), "missing");
    say(k, &b, (struct said){0});
    assert_str(json_str(cell_of(k, "2026-06"), "state"), "late");
    say(k, &b, (struct said){.revision = 2, .size = 110});
    assert_str(json_str(cell_of(k, "2026-06"), "state"), "late"); /* a revision mends nothing */
    assert_int_equal(json_int(cell_of(k, "2026-06"), "revision", 0), 2);
}

static void in_time_at_the_edge(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    k->now_us = day_start(day_make(2026, 7, 6)) - 1; /* the last moment of the 5th */
    assert_str(json_str(cell_of(k, "2026-06"), "state"), "waiting");
    assert_false(say(k, &b, (struct said){0}).is_late);
    assert_str(json_str(cell_of(k, "2026-06"), "state"), "taken");
    k->now_us += 1;
    struct said july = {.revision = 2, .size = 101};
    assert_true(say(k, &b, july).is_late);
    assert_str(json_str(cell_of(k, "2026-06"), "state"), "taken"); /* the first was in time */
}

/* A month that was due before its node was trusted is not late, whenever it comes. */
static void due_before_the_trust(void **state)
{
    struct desk *k = *state;
    struct below b = below_new(k, "huyen.example");
    k->now_us = day_start(day_make(2026, 7, 6)) + 9 * HOUR_US;
    trust(k, "huyen", &b, "H07.21");
    assert_false(say(k, &b, (struct said){0}).is_late);
    assert_str(json_str(cell_of(k, "2026-06"), "state"), "taken");
}

static struct stated stated(struct desk *k, const char *unit, int32_t from, int32_t to)
{
    struct stated s;
    struct ctx *cx = as(k, "");
    assert_int_equal(statements_of(cx, unit_find(cx, str_from(unit)), from, to, &s), RC_OK);
    return s;
}

/* What a period holds, waits for and lacks; a month that it cuts has no days. */
static void of_a_period(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k), c = below_new(k, "khac.example");
    int32_t june = day_make(2026, 6, 1), july = day_make(2026, 7, 1);
    k->now_us = day_start(june) + HOUR_US;
    trust(k, "khac", &c, "H07.01");
    k->now_us = day_start(july + 2);
    say(k, &b, (struct said){0});
    struct stated s = stated(k, "H07", june, july);
    assert_int_equal(s.taken, 1);
    assert_int_equal(s.nwaiting, 1);
    assert_int_equal(s.nmissing + s.nlate + s.cut->n, 0);
    assert_str(json_str(s.waiting->first, "node"), "khac");
    assert_int_equal(s.until, july + 4);
    struct str name = unit_name(as(k, ""), unit_find(as(k, ""), STR("H07.01")));
    assert_true(
        str_eq(stated_names(as(k, ""), s.waiting, 3),
               str_fmt(k->mem, "%.*s (tháng 06/2026) và 2 báo cáo khác", STR_ARG(name))));
    s = stated(k, "H07.21.01", june, july + 2); /* what lies below a node is said by it */
    assert_int_equal(s.taken, 1);
    assert_int_equal(s.nwaiting, 0);
    s = stated(k, "H07.01", june, july);
    assert_int_equal(s.taken, 0);
    assert_int_equal(s.nwaiting, 1);
    s = stated(k, "H07", june, july - 1);
    assert_int_equal(s.taken + s.nwaiting, 0);
    assert_str(s.cut->first->s, "2026-06");
    k->now_us = day_start(july + 5);
    s = stated(k, "H07", june, july + 5);
    assert_int_equal(s.nmissing, 1);
    assert_int_equal(s.nwaiting, 0);
    say(k, &c, (struct said){.cells = "{}"});
    s = stated(k, "H07", june, july);
    assert_int_equal(s.taken, 2);
    assert_int_equal(s.nlate, 1);
    assert_int_equal(s.nmissing, 0);
}

/* -- making -- */

static struct json *made_json(struct desk *k, struct str file)
{
    struct json *o;
    assert_int_equal(json_parse(as(k, ""), file, &o), RC_OK);
    return o;
}

static enum rc make(struct desk *k, const char *period, struct statement_made *ret)
{
    struct ctx *cx = as(k, "");
    enum rc rc = statement_make(cx, str_from(period), ret);
    if (rc == RC_OK)
        assert_int_equal(db_commit(cx), RC_OK);
    else
        db_rollback(cx);
    return rc;
}

static void it_is_made(void **state)
{
    struct desk *k = *state;
    struct statement_made m;
    filed(k);
    filed(k);
    k->now_us = day_start(day_make(2026, 7, 1));
    assert_int_equal(make(k, "2026-06", &m), RC_OK);
    assert_true(m.is_new && m.revision == 1);
    struct json *o = made_json(k, m.file), *s = json_get(o, STR("statement"));
    struct json *cells = json_path(s, STR("cells.received"));
    assert_str(json_get(cells, STR("H07.21.01"))->first->s, "9.000001 2 0 2 0");
    assert_str(json_str(s, "period"), "2026-06");
    assert_str(json_str(s, "unit"), "H07");
    assert_true(
        str_starts(json_str(json_get(s, STR("indicators")), "received"), STR("one-stop@")));
    struct hash h = hash_of(json_canonical(k->mem, s));
    struct str text,
        is = statement_text(k->mem, ledger_origin(as(k, "")), STR("2026-06"), 1, &h);
    assert_int_equal(note_verify(as(k, ""), json_str(o, "note"), ledger_vkey(as(k, "")), &text),
                     RC_OK);
    assert_true(str_eq(text, is));
}

static void made_once(void **state)
{
    struct desk *k = *state;
    struct statement_made m, again;
    filed(k);
    k->now_us = day_start(day_make(2026, 7, 1));
    assert_int_equal(make(k, "2026-06", &m), RC_OK);
    k->now_us += DAY_US;
    assert_int_equal(make(k, "2026-06", &again), RC_OK);
    assert_false(again.is_new);
    assert_true(str_eq(m.file, again.file));
    k->now_us = day_start(day_make(2026, 6, 30)) + 9 * HOUR_US;
    filed(k); /* comes in after the statement */
    k->now_us = day_start(day_make(2026, 7, 3));
    assert_int_equal(make(k, "2026-06", &again), RC_OK);
    assert_true(again.is_new && again.revision == 2);
    struct str file;
    assert_int_equal(statement_file(as(k, ""), STR("2026-06"), &file), RC_OK);
    assert_true(str_eq(file, again.file));
}

static struct checkpoint head_said(struct desk *k, const struct json *statement)
{
    struct vkey vk;
    struct checkpoint head;
    const struct json *l = json_get(statement, STR("ledger"));
    assert_true(vkey_parse(k->mem, ledger_vkey(as(k, "")), &vk));
    assert_true(checkpoint_check(k->mem, json_str(l, "checkpoint"), &vk, &head));
    assert_int_equal(json_int(l, "size", 0), head.size);
    return head;
}

/* Each statement proves that the ledger holds the heads of those before, whatever their months;
 * the first has nothing to prove. A rebuild knows the same sizes. */
static void it_proves_its_past(void **state)
{
    enum { STATEMENTS = 3 };
    struct desk *k = *state;
    struct json *s[STATEMENTS];
    struct checkpoint heads[STATEMENTS];
    for (int i = 0; i < STATEMENTS; i++) {
        struct statement_made m;
        k->now_us = day_start(day_make(2026, 6, 20 + i)) + 9 * HOUR_US;
        for (int more = 0; more < 3 * i + 1; more++)
            filed(k);
        k->now_us = day_start(day_make(2026, 7, 1 + i));
        assert_int_equal(make(k, "2026-06", &m), RC_OK);
        s[i] = json_get(made_json(k, m.file), STR("statement"));
        heads[i] = head_said(k, s[i]);
        const struct json *list = json_get(s[i], STR("consistency"));
        assert_int_equal(list->n, i);
        for (int j = 0; j < i; j++) {
            struct str root = hash_hex(k->mem, &heads[j].root);
            assert_true(heads[j].size < heads[i].size);
            assert_true(past_holds(as(k, ""), list, heads[j].size, root, &heads[i]));
            root = hash_hex(k->mem, &heads[i].root);
            assert_false(past_holds(as(k, ""), list, heads[j].size, root, &heads[i]));
        }
    }
    struct consistency c;
    struct ctx *cx = as(k, "");
    assert_int_equal(ledger_consistency(cx, 0, heads[0].size, &c), RC_NOT_FOUND);
    assert_int_equal(ledger_consistency(cx, heads[1].size, heads[0].size, &c), RC_NOT_FOUND);
    assert_int_equal(ledger_consistency(cx, 1, heads[2].size + 1000, &c), RC_NOT_FOUND);
    assert_int_equal(ledger_consistency(cx, heads[2].size, heads[2].size, &c), RC_OK);
    assert_int_equal(c.n, 0);
}

static void what_is_not_made(void **state)
{
    static const struct {
        const char *period;
        enum rc rc;
    } rows[] = {
        {"2026-06", RC_STATE}, /* not over */
        {"2026-05", RC_NOT_FOUND}, {"2026-13", RC_INVALID}, {"2026", RC_INVALID},
        {"", RC_INVALID},          {"2026-6", RC_INVALID},  {"2026-Q2", RC_INVALID},
    };
    struct desk *k = *state;
    struct statement_made m;
    struct str file;
    filed(k);
    for (size_t i = 0; i < ROWS(rows); i++)
        if (make(k, rows[i].period, &m) != rows[i].rc)
            fail_msg("%s", rows[i].period);
    assert_int_equal(statement_file(as(k, ""), STR("2026-06"), &file), RC_NOT_FOUND);
}

/* A node that hosts more than it answers for states only that. */
static void only_one_unit(void **state)
{
    struct desk *k = *state;
    struct statement_made m;
    filed(k);
    k->now_us = day_start(day_make(2026, 7, 1));
    k->office.app.settings.rollup_unit = STR("H07.01");
    assert_int_equal(make(k, "2026-06", &m), RC_NOT_FOUND);
    k->office.app.settings.rollup_unit = STR("H07.77");
    assert_int_equal(make(k, "2026-06", &m), RC_NOT_FOUND);
    k->office.app.settings.rollup_unit = STR("H07.21");
    assert_int_equal(make(k, "2026-06", &m), RC_OK);
    assert_str(json_str(json_get(made_json(k, m.file), STR("statement")), "unit"), "H07.21");
}

/* What came from below goes on upward. */
static void through_two_levels(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    struct statement_made m;
    say(k, &b, (struct said){0});
    assert_int_equal(make(k, "2026-06", &m), RC_OK);
    struct json *s = json_get(made_json(k, m.file), STR("statement"));
    struct json *cells = json_path(s, STR("cells.received"));
    assert_str(json_get(cells, STR("H07.21"))->first->s, "9.000001 2 0 7 0");
    assert_str(json_get(cells, STR("H07.21.01"))->first->s, "- 1 0 5 0");
}

/* The most that a statement may say, in one cell and spread over two lines of it. */
static void the_most(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    struct said s = {.cells = "{\"received\":{\"H07.21\":[\"- 1 0 1000000000000000 0\"]}}"};
    assert_int_equal(say(k, &b, s).outcome, STATEMENT_TAKEN);
    assert_int_equal(received(k, "H07", 6, 7), INT64_C(1000000000000000));
    s = (struct said){.revision = 2,
                      .size = 101,
                      .cells = "{\"received\":{\"H07.21\":[\"- 1 0 600000000000000 0\","
                               "\"- 1 0 400000000000000 0\"]}}"};
    assert_int_equal(say(k, &b, s).outcome, STATEMENT_TAKEN);
    assert_int_equal(received(k, "H07", 6, 7), INT64_C(1000000000000000));
}

/* -- lines -- */

static void lines(void **state)
{
    static const char *const good[] = {"- 0 0 0 0", "1.001612 2 0 14 0", "A-b.9 9 4096 -5 3",
                                       "x 1 0 1000000000000000 -1000000000000000"};
    static const char *const bad[] = {
        "",           "-",          "- 1 0 5",     " 1 0 5 0",    "- 1 0 5 0 ",
        "-  1 0 5 0", "- 1 0 +5 0", "- 1 0 5.0 0", "a_b 1 0 5 0", "- 1 4097 5 0",
        "- -1 0 5 0", "- 1 0 5 0\n"};
    for (size_t i = 0; i < ROWS(good); i++) {
        struct cell_line c;
        if (!cell_line_parse(str_from(good[i]), &c))
            fail_msg("%s", good[i]);
        assert_str(cell_line_print(*state, &c), good[i]); /* one spelling */
    }
    for (size_t i = 0; i < ROWS(bad); i++) {
        struct cell_line c;
        if (cell_line_parse(str_from(bad[i]), &c))
            fail_msg("\"%s\"", bad[i]);
    }
}

static void months(void **state)
{
    struct month m;
    assert_true(month_parse(*state, STR("2026-12"), &m));
    assert_int_equal(m.n, 2026 * 12 + 11);
    assert_int_equal(m.to, day_make(2027, 1, 1));
    assert_str(month_at(*state, m.n + 1).name, "2027-01");
    assert_int_equal(month_now(day_start(m.to) - 1), m.n);
    assert_int_equal(month_now(day_start(m.to)), m.n + 1);
}

/* Nobody listens there: that is an answer, and no failure of ours. */
static void nobody_above(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct str answer;
    long status = 99;
    k->office.app.settings.rollup_parent = STR("http://127.0.0.1:1");
    assert_int_equal(statement_post(cx, STR("{}"), &status, &answer), RC_OK);
    assert_int_equal(status, 0);
    assert_true(answer.n > 0);
    k->office.app.settings.rollup_parent = STR("file:///etc");
    assert_int_equal(statement_post(cx, STR("{}"), &status, &answer), RC_OK);
    assert_int_equal(status, 0);
}

/* After a try that failed it is sent again, later and later. */
static void tries(void **state)
{
    struct desk *k = *state;
    struct json *v;
    filed(k);
    k->office.app.settings.rollup_parent = STR("http://127.0.0.1:1");
    k->now_us = day_start(day_make(2026, 7, 1)) + HOUR_US;
    static const struct {
        int minutes, tries;
    } rows[] = {{0, 1}, {1, 1}, {2, 2}, {3, 2}, {6, 3}, {13, 3}, {14, 4}};
    int64_t begin = k->now_us;
    for (size_t i = 0; i < ROWS(rows); i++) {
        k->now_us = begin + rows[i].minutes * MINUTE_US;
        assert_int_equal(rollup_tick(as(k, "")), RC_OK);
        assert_int_equal(statements_view(as(k, ""), &v), RC_OK);
        const struct json *made = json_get(v, STR("made"))->first;
        assert_false(json_bool(made, "is_sent"));
        if (json_int(made, "tries", 0) != rows[i].tries)
            fail_msg("after %d minutes: %lld tries", rows[i].minutes,
                     (long long)json_int(made, "tries", 0));
    }
    assert_int_equal(journal_count(k, EV_STATEMENT_MADE, 0), 1);
    assert_int_equal(rollup_run(as(k, ""), NULL, NULL), RC_OK); /* by hand: now */
    assert_int_equal(statements_view(as(k, ""), &v), RC_OK);
    assert_int_equal(json_int(json_get(v, STR("made"))->first, "tries", 0), 5);
}

static int64_t revision_of(struct desk *k, const char *period)
{
    struct str file;
    struct json *o;
    if (statement_file(as(k, ""), str_from(period), &file) != RC_OK)
        return 0;
    assert_int_equal(json_parse(as(k, ""), file, &o), RC_OK);
    return json_int(json_get(o, STR("statement")), "revision", 0);
}

/* Straight into the tables, without an event: only a look at the month would find it. */
static void behind_its_back(struct desk *k, int64_t month)
{
    sqlite3 *db;
    const char *path = str_fmt(k->mem, "%.*s/motcua.db", STR_ARG(k->office.dir)).p;
    const char *sql =
        str_fmt(k->mem,
                "insert into cell_month (indicator, unit, month, below, procedure, channel, "
                "bucket, num, den) select 'received', %lld, %lld, 0, 'x', 1, count(*), 1, 0 "
                "from cell_month",
                (long long)k->office.units[3].v, (long long)month)
            .p;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

struct told {
    int64_t done, all, times;
};

static void tell(void *arg, int64_t done, int64_t all)
{
    struct told *t = arg;
    *t = (struct told){done, all, t->times + 1};
}

/* The job looks only at months that events changed, at those that are over since, and at all when
 * the unit is another one. */
static void only_what_changed(void **state)
{
    struct desk *k = *state;
    const int64_t june = 2026 * 12 + 5;
    struct told t = {0};
    filed(k);
    k->office.app.settings.rollup_parent = STR("http://127.0.0.1:1");
    k->now_us = day_start(day_make(2026, 7, 1)) + HOUR_US;
    assert_int_equal(rollup_run(as(k, ""), tell, &t), RC_OK);
    assert_int_equal(t.done, t.all);
    assert_true(t.times > 0);
    assert_int_equal(revision_of(k, "2026-06"), 1);
    behind_its_back(k, june);
    assert_int_equal(rollup_tick(as(k, "")), RC_OK);
    assert_int_equal(revision_of(k, "2026-06"), 1); /* it was not looked at */
    filed(k);                                       /* in July */
    assert_int_equal(rollup_tick(as(k, "")), RC_OK);
    assert_int_equal(revision_of(k, "2026-06"), 1);
    assert_int_equal(revision_of(k, "2026-07"), 0); /* not over */
    k->now_us = day_start(day_make(2026, 8, 1)) + HOUR_US;
    assert_int_equal(rollup_tick(as(k, "")), RC_OK);
    assert_int_equal(revision_of(k, "2026-07"), 1);
    assert_int_equal(revision_of(k, "2026-06"), 1);
    k->office.app.settings.rollup_unit = STR("H07.21");
    assert_int_equal(rollup_tick(as(k, "")), RC_OK);
    assert_int_equal(revision_of(k, "2026-06"), 2);
}

/* A statement from below changes the month that it speaks of, and no other. */
static void what_came_from_below(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    filed(k);
    k->office.app.settings.rollup_parent = STR("http://127.0.0.1:1");
    k->now_us = day_start(day_make(2026, 8, 3)) + HOUR_US;
    assert_int_equal(rollup_tick(as(k, "")), RC_OK);
    assert_int_equal(revision_of(k, "2026-06"), 0); /* nothing was counted */
    assert_int_equal(revision_of(k, "2026-07"), 1);
    assert_int_equal(say(k, &b, (struct said){0}).outcome, STATEMENT_TAKEN);
    assert_int_equal(rollup_tick(as(k, "")), RC_OK);
    assert_int_equal(revision_of(k, "2026-06"), 1);
    assert_int_equal(revision_of(k, "2026-07"), 1);
}

/* Made in order, delivered out of it: the later one proves that the earlier one's ledger was its
 * beginning. What was lost on the way can come at any time, and replaces nothing newer. */
static void out_of_order(void **state)
{
    struct desk *k = *state;
    struct below b = parent_begin(k);
    k->now_us = day_start(day_make(2026, 8, 3)) + HOUR_US;
    struct said may = {.period = "2026-05", .size = 300, .since = 200};
    struct said june = {.size = 400, .since = 300};
    struct said again = {.period = "2026-05", .size = 300, .since = 200, .root = 'x'};
    assert_int_equal(say(k, &b, june).outcome, STATEMENT_TAKEN);
    struct statement_taken t = say(k, &b, again);
    assert_string_equal(t.reason, "behind"); /* another ledger's beginning */
    assert_str(t.held.period, "2026-06");
    assert_int_equal(t.held.size, 400);
    assert_int_equal(t.held.revision, 1);
    assert_int_equal(say(k, &b, may).outcome, STATEMENT_TAKEN);
    assert_int_equal(say(k, &b, may).outcome, STATEMENT_SAME);
    assert_int_equal(received(k, "H07.21", 5, 6), 12);
    assert_int_equal(received(k, "H07.21", 6, 7), 12);
    may.size = 250; /* June proves 300 only: it must be made again */
    may.revision = 2;
    t = say(k, &b, may);
    assert_string_equal(t.reason, "behind");
    assert_int_equal(t.held.size, 400);
    may.size = 500; /* made again, over the ledger as it is */
    may.since = 400;
    assert_int_equal(say(k, &b, may).outcome, STATEMENT_TAKEN);
    june.revision = 2;
    june.size = 400;
    assert_int_equal(say(k, &b, june).outcome, STATEMENT_TAKEN); /* proven by the last */
    rebuilt_same(k, subs);
}

/* Made again though its cells are the same, once: the node above could not place the first. */
static void made_again(void **state)
{
    struct desk *k = *state;
    struct statement_made made;
    filed(k);
    k->now_us = day_start(day_make(2026, 7, 1)) + HOUR_US;
    struct ctx *cx = as(k, "");
    assert_int_equal(statement_again(cx, STR("2026-06"), &made), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(made.revision, 1);
    static const struct {
        int64_t revision;
        bool is_new;
    } rows[] = {{2, true}, {2, false}, {2, false}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        cx = as(k, "");
        assert_int_equal(statement_again(cx, STR("2026-06"), &made), RC_OK);
        assert_int_equal(db_commit(cx), RC_OK);
        assert_int_equal(made.revision, rows[i].revision);
        assert_int_equal(made.is_new, rows[i].is_new);
    }
    assert_int_equal(statement_again(as(k, ""), STR("2026-07"), &made), RC_STATE);
    assert_int_equal(statement_again(as(k, ""), STR("2026-13"), &made), RC_INVALID);
}

/* Proofs that are kept: so many, so long, nothing else. */
static void proofs_kept(void **state)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {
        {"[]", true},
        {"[{\"size\":1,\"proof\":[]}]", true},
        {"[{\"size\":9,\"proof\":[\"AA==\"]}]", true},
        {"{}", false},
        {"[1]", false},
        {"[{\"size\":0,\"proof\":[]}]", false},
        {"[{\"size\":1}]", false},
        {"[{\"size\":1,\"proof\":[],\"more\":1}]", false},
        {"[{\"size\":1,\"proof\":[1]}]", false},
        {"[{\"size\":1,\"proof\":[\"0123456789012345678901234567890123456789012345\"]}]",
         false},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *o;
        assert_int_equal(json_parse(cx, str_from(rows[i].text), &o), RC_OK);
        if (past_is(o) != rows[i].ok)
            fail_msg("row %zu", i);
    }
    assert_false(past_is(NULL));
    struct json *many = json_new_arr(cx->mem), *one;
    assert_int_equal(json_parse(cx, STR("{\"size\":1,\"proof\":[]}"), &one), RC_OK);
    for (int i = 0; i < PAST_MAX; i++)
        json_push(many, json_copy(cx->mem, one));
    assert_true(past_is(many));
    json_push(many, one);
    assert_false(past_is(many));
}

/* A month of more cells than a statement may have is left; the others are stated and sent. */
static void one_month_too_large(void **state)
{
    struct desk *k = *state;
    struct str file;
    filed(k); /* in June */
    sqlite3 *db;
    const char *path = str_fmt(k->mem, "%.*s/motcua.db", STR_ARG(k->office.dir)).p;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    const char *sql =
        str_fmt(k->mem,
                "with recursive c(n) as (select 1 union all select n + 1 from c where n <= %d) "
                "insert into cell_month (indicator, unit, month, below, procedure, channel, "
                "bucket, num, den) select 'received', %lld, %d, 0, 'x', 1, n, 1, 0 from c",
                STATEMENT_CELLS_MAX, (long long)k->office.units[3].v, 2026 * 12 + 4)
            .p;
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "insert into cell_clock (day, seq) values (20575, 0)",
                                  NULL, NULL, NULL),
                     SQLITE_OK); /* 2 May: something is known of that month */
    sqlite3_close(db);
    k->office.app.settings.rollup_parent = STR("http://127.0.0.1:1");
    k->now_us = day_start(day_make(2026, 7, 1)) + HOUR_US;
    assert_int_equal(rollup_tick(as(k, "")), RC_OK);
    assert_int_equal(statement_file(as(k, ""), STR("2026-05"), &file), RC_NOT_FOUND);
    assert_int_equal(statement_file(as(k, ""), STR("2026-06"), &file), RC_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(it_is_summed),
        DESK(beside_its_own),
        DESK(a_revision_replaces),
        DESK(units_unknown_here),
        DESK(an_empty_one),
        DESK(the_most),
        DESK(what_is_refused),
        DESK(a_changed_figure),
        DESK(a_rewritten_ledger),
        DESK(a_rewritten_past),
        DESK(trusted_anew),
        DESK(no_proof),
        DESK(it_proves_its_past),
        DESK(strangers),
        DESK(no_statements),
        DESK(refusals_have_a_ceiling),
        DESK(whom_we_trust),
        DESK(who_owes),
        DESK(in_time_at_the_edge),
        DESK(due_before_the_trust),
        DESK(of_a_period),
        DESK(it_is_made),
        DESK(made_once),
        DESK(what_is_not_made),
        DESK(only_one_unit),
        DESK(through_two_levels),
        UNIT(lines),
        UNIT(months),
        DESK(nobody_above),
        DESK(tries),
        DESK(one_month_too_large),
        DESK(only_what_changed),
        DESK(what_came_from_below),
        DESK(out_of_order),
        DESK(made_again),
        UNIT(proofs_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
