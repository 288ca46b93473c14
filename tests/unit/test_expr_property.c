/* test_expr_property.c - random expressions against plain three-valued logic, random patterns
 * against the C library's, and expressions with letters changed. */
#include "unit/harness.h"

#include "expr/expr.h"
#include "expr/pattern.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int pick(int n)
{
    return (int)(random() % n);
}

/* -- expressions: a random tree, written with as few brackets as it needs -- */

struct answer { /* a number, a truth, or null */
    bool is_null;
    int64_t i;
};

static const struct {
    const char *name;
    struct answer is;
} numbers[] = {{"i0", {false, 0}},
               {"i1", {false, 7}},
               {"in", {true, 0}},
               {"0", {false, 0}},
               {"1", {false, 1}},
               {"13", {false, 13}},
               {"9223372036854775807", {false, INT64_MAX}},
               {"im", {false, INT64_MIN}}},
  truths[] = {{"bt", {false, 1}},   {"bf", {false, 0}},    {"bn", {true, 0}},
              {"true", {false, 1}}, {"false", {false, 0}}, {"!bn", {true, 0}}};

#define VARS                                                                                   \
    "{\"i0\":0,\"i1\":7,\"im\":-9223372036854775808,\"bt\":true,\"bf\":false,\"bn\":null}"

enum level { L_COND = 1, L_OR, L_AND, L_COMPARE, L_SUM, L_PRODUCT, L_UNARY, L_ATOM };

static struct answer tree(struct buf *b, bool is_truth, int depth, enum level least);

static struct answer bracketed(struct buf *b, bool is_truth, int depth)
{
    buf_putc(b, '(');
    struct answer a = tree(b, is_truth, depth - 1, L_COND);
    buf_putc(b, ')');
    return a;
}

static struct answer sum_of(struct answer a, struct answer b, char op)
{
    struct answer r = {.is_null = a.is_null || b.is_null};
    if (!r.is_null)
        r.is_null = op == '+'   ? __builtin_add_overflow(a.i, b.i, &r.i)
                    : op == '-' ? __builtin_sub_overflow(a.i, b.i, &r.i)
                                : __builtin_mul_overflow(a.i, b.i, &r.i);
    return r;
}

static struct answer number_tree(struct buf *b, int depth, enum level least)
{
    static const char ops[] = {'+', '-', '*'};
    int kind = pick(5);
    enum level mine = kind == 2 ? L_PRODUCT : kind < 2 ? L_SUM : L_UNARY;
    if (kind == 4)
        mine = L_COND;
    if (mine < least)
        return bracketed(b, false, depth);
    if (kind == 4) {
        struct answer c = tree(b, true, depth - 1, L_OR);
        buf_put(b, STR(" ? "));
        struct answer yes = tree(b, false, depth - 1, L_COND);
        buf_put(b, STR(" : "));
        struct answer no = tree(b, false, depth - 1, L_COND);
        return !c.is_null && c.i ? yes : no;
    }
    if (kind == 3) {
        buf_put(b, STR("-"));
        struct answer a = tree(b, false, depth - 1, L_UNARY);
        a.is_null = a.is_null || __builtin_sub_overflow((int64_t)0, a.i, &a.i);
        return a;
    }
    struct answer left = tree(b, false, depth - 1, mine);
    buf_fmt(b, " %c ", ops[kind]);
    return sum_of(left, tree(b, false, depth - 1, mine + 1), ops[kind]);
}

static struct answer compared(struct answer a, struct answer b, int op)
{
    if (op < 2) { /* == != know null */
        bool same = a.is_null == b.is_null && (a.is_null || a.i == b.i);
        return (struct answer){false, same == (op == 0)};
    }
    bool holds[] = {a.i<b.i, a.i <= b.i, a.i> b.i, a.i >= b.i};
    return (struct answer){a.is_null || b.is_null, holds[op - 2]};
}

static struct answer logic(struct answer a, struct answer b, bool decides)
{
    if ((!a.is_null && (bool)a.i == decides) || (!b.is_null && (bool)b.i == decides))
        return (struct answer){false, decides};
    return (struct answer){a.is_null || b.is_null, !decides};
}

static struct answer truth_tree(struct buf *b, int depth, enum level least)
{
    static const char *const ops[] = {"==", "!=", "<", "<=", ">", ">="};
    int kind = pick(4);
    enum level mine = (enum level[]){L_OR, L_AND, L_COMPARE, L_UNARY}[kind];
    if (mine < least)
        return bracketed(b, true, depth);
    if (kind == 3) {
        buf_put(b, STR("!"));
        struct answer a = tree(b, true, depth - 1, L_UNARY);
        a.i = !a.i;
        return a;
    }
    bool of_numbers = kind == 2;
    struct answer left = tree(b, !of_numbers, depth - 1, of_numbers ? L_SUM : mine);
    int op = pick(6);
    buf_fmt(b, " %s ", of_numbers ? ops[op] : kind == 0 ? "||" : "&&");
    struct answer right = tree(b, !of_numbers, depth - 1, of_numbers ? L_SUM : mine + 1);
    return of_numbers ? compared(left, right, op) : logic(left, right, kind == 0);
}

static struct answer tree(struct buf *b, bool is_truth, int depth, enum level least)
{
    if (depth <= 0 || pick(6) == 0) {
        int i = is_truth ? pick(ROWS(truths)) : pick(ROWS(numbers));
        buf_put(b, str_from(is_truth ? truths[i].name : numbers[i].name));
        return is_truth ? truths[i].is : numbers[i].is;
    }
    if (pick(8) == 0)
        return bracketed(b, is_truth, depth);
    return is_truth ? truth_tree(b, depth, least) : number_tree(b, depth, least);
}

static struct expr_scope *scope_make(struct arena *mem)
{
    struct expr_scope *s = expr_scope_new(mem);
    static const char *const names[] = {"i0", "i1", "in", "im", "bt", "bf", "bn"};
    for (size_t i = 0; i < ROWS(names); i++)
        expr_scope_add(s, str_from(names[i]), names[i][0] == 'i' ? T_INT : T_BOOL);
    return s;
}

static void tree_check(struct arena *mem, int depth, bool is_truth)
{
    struct ctx *cx = ctx_new(mem, NULL);
    struct buf *b = buf_new(mem, EXPR_SRC_MAX * 20);
    struct json *vars = NULL, *got = NULL;
    struct expr *e = NULL;
    struct answer want = tree(b, is_truth, depth, L_COND);
    struct str src = buf_str(b);
    if (src.n > EXPR_SRC_MAX)
        return;
    assert_int_equal(json_parse(cx, STR(VARS), &vars), RC_OK);
    enum rc rc = expr_compile(cx, src, scope_make(mem), is_truth ? T_BOOL : T_INT, &e);
    if (rc != RC_OK && (str_has(str_from(cx->err.detail), STR("deep")) ||
                        str_has(str_from(cx->err.detail), STR("too"))))
        return;
    if (rc != RC_OK || expr_eval(cx, e, vars, &got) != RC_OK)
        fail_msg("%.*s: %s", STR_ARG(src), cx->err.detail);
    bool is_null = got->kind == JSON_NULL;
    if (is_null != want.is_null || (!is_null && got->i != want.i))
        fail_msg("%.*s: %s %lld, not %s %lld", STR_ARG(src), is_null ? "null" : "",
                 (long long)got->i, want.is_null ? "null" : "", (long long)want.i);
    if (is_truth)
        assert_int_equal(expr_is_true(cx, e, vars), !want.is_null && want.i);
}

static void trees(void **state)
{
    srandom(81);
    for (int i = 0; i < 8000; i++) {
        struct arena *mem = arena_new(16 << 20);
        tree_check(mem, 1 + i % 5, i % 2);
        arena_free(mem);
    }
}

/* -- patterns -- */

static void pattern_write(struct buf *b, int depth)
{
    static const char *const atoms[] = {"a",    "b",     "c",  ".",  "[ab]",
                                        "[^a]", "[a-c]", "ab", "\\."};
    static const char *const repeats[] = {"*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}"};
    int parts = 1 + pick(3);
    for (int i = 0; i < parts; i++) {
        bool group = depth > 0 && pick(3) == 0;
        if (group) {
            buf_putc(b, '(');
            pattern_write(b, depth - 1);
            while (pick(2)) {
                buf_putc(b, '|');
                pattern_write(b, depth - 1);
            }
            buf_putc(b, ')');
        } else {
            buf_put(b, str_from(atoms[pick(ROWS(atoms))]));
        }
        if (pick(3) == 0)
            buf_put(b, str_from(repeats[pick(ROWS(repeats))]));
    }
}

static void patterns(void **state)
{
    static const char letters[] = "aaabbbc.d";
    size_t fits = 0, tried = 0;
    srandom(82);
    for (int i = 0; i < 1500; i++) {
        struct arena *mem = arena_new(16 << 20);
        struct ctx *cx = ctx_new(mem, NULL);
        struct buf *b = buf_new(mem, 4096);
        struct pattern *p = NULL;
        regex_t re;
        if (pick(2))
            buf_putc(b, '^');
        pattern_write(b, 2);
        if (pick(2))
            buf_putc(b, '$');
        const char *src = str_z(mem, buf_str(b));
        if (buf_str(b).n <= PATTERN_SRC_MAX &&
            regcomp(&re, src, REG_EXTENDED | REG_NOSUB) == 0) {
            if (pattern_compile(cx, buf_str(b), &p) != RC_OK)
                fail_msg("%s: %s", src, cx->err.detail);
            for (int k = 0; k < 30; k++) {
                char text[12] = "";
                int n = pick(10);
                for (int j = 0; j < n; j++)
                    text[j] = letters[pick(sizeof letters - 1)];
                bool want = regexec(&re, text, 0, NULL, 0) == 0;
                if (pattern_fits(p, str_from(text)) != want)
                    fail_msg("%s %s '%s'", src, want ? "fits" : "does not fit", text);
                fits += want;
                tried++;
            }
            regfree(&re);
        }
        arena_free(mem);
    }
    assert_true(fits > tried / 5 && fits < tried * 4 / 5);
}

/* -- what people mistype: told with a column that is in the text, never more than that -- */

static void mistyped(void **state)
{
    static const char *const good[] = {
        "i0 + 3 * (i1 - 2) >= 5 && !bt || bf",
        "bt ? i0 : i1 == 3 ? 1 : -2",
        "'a' in ['a', 'b'] && size('Nguyễn') == 6",
        "'12'.matches('^([0-9]{2}|x[[:alpha:]]+)$')",
        "days(date('2026-01-01'), today + 30cd) < 60",
        "[1, 2].filter(x, x > 1).all(y, y in [2, 3])",
    };
    static const char signs[] = "()[]{}'\"\\.,?:!&|=<>+-*/ ax19\x01\x7f\xc3\xa1\xff";
    size_t wrong = 0;
    srandom(83);
    for (int i = 0; i < 12000; i++) {
        struct arena *mem = arena_new(4 << 20);
        struct ctx *cx = ctx_new(mem, NULL);
        struct expr *e = NULL;
        char text[200];
        size_t n = strlen(good[i % ROWS(good)]);
        memcpy(text, good[i % ROWS(good)], n);
        for (int k = 0, times = 1 + pick(3); k < times; k++) {
            size_t at = (size_t)pick((int)n);
            switch (pick(3)) {
            case 0:
                text[at] = signs[pick(sizeof signs - 1)];
                break;
            case 1: /* one more */
                memmove(text + at + 1, text + at, n++ - at);
                text[at] = signs[pick(sizeof signs - 1)];
                break;
            default: /* cut short */
                n = at + 1;
            }
        }
        enum rc rc = expr_compile(cx, str_n(text, n), scope_make(mem), T_ANY, &e);
        if (rc != RC_OK) {
            int column = 0;
            assert_int_equal(rc, RC_EXPR);
            assert_int_equal(sscanf(cx->err.detail, "column %d:", &column), 1);
            assert_true(column >= 1 && column <= (int)n + 1);
            wrong++;
        } else {
            struct json *got = NULL, *vars = json_new_obj(mem);
            assert_int_equal(expr_eval(cx, e, vars, &got), RC_OK);
            assert_true(str_eq(expr_source(e), str_n(text, n)));
        }
        arena_free(mem);
    }
    assert_true(wrong > 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(trees), UNIT(patterns), UNIT(mistyped)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
