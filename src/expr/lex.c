/* lex.c - an expression's text as tokens. */
#include "expr/expr_priv.h"

#include "base/arena.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static char peek(const struct lexer *l, size_t ahead)
{
    return l->at + ahead < l->src.n ? l->src.p[l->at + ahead] : '\0';
}

unsigned lex_column(const struct lexer *l)
{
    return (unsigned)utf8_len(str_cut(l->src, 0, l->from)) + 1;
}

static enum rc lex_name(struct lexer *l)
{
    while (is_name_start(peek(l, 0)) || is_digit(peek(l, 0)))
        l->at++;
    l->token = TOK_NAME;
    l->text = str_cut(l->src, l->from, l->at);
    return RC_OK;
}

/* 12, 5wd, 3cd, 8wh */
static enum rc lex_number(struct lexer *l)
{
    while (is_digit(peek(l, 0)))
        l->at++;
    if (!str_int(str_cut(l->src, l->from, l->at), &l->i))
        return FAIL(l->cx, EXPR, NULL, "column %u: the number is too large", lex_column(l));
    l->token = TOK_INT;
    if (peek(l, 0) == '.' && is_digit(peek(l, 1)))
        return FAIL(l->cx, EXPR, NULL,
                    "column %u: there are no fractions; count in a smaller unit",
                    lex_column(l));
    if (!is_name_start(peek(l, 0)))
        return RC_OK;
    struct str unit = str_cut(l->src, l->at, l->at + 2);
    l->token = TOK_DURATION;
    l->unit = str_eq(unit, STR("wh")) ? 'h' : unit.p[0];
    bool known = str_eq(unit, STR("wd")) || str_eq(unit, STR("cd")) || l->unit == 'h';
    if (!known || is_name_start(peek(l, 2)) || is_digit(peek(l, 2)))
        return FAIL(l->cx, EXPR, NULL,
                    "column %u: after a number only wd, wh (working days, hours) or cd "
                    "(calendar days) may follow",
                    lex_column(l));
    l->at += 2;
    return RC_OK;
}

/* What a backslash and this character stand for; '\0' when nothing. */
static char unescape(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case '\\':
    case '\'':
    case '"':
        return c;
    default:
        return '\0';
    }
}

static enum rc lex_text(struct lexer *l)
{
    char quote = l->src.p[l->at++];
    char *out = arena_alloc(l->cx->mem, l->src.n - l->at + 1);
    size_t n = 0;
    while (l->at < l->src.n && peek(l, 0) != quote) {
        char c = l->src.p[l->at++];
        if (c == '\\') {
            c = unescape(peek(l, 0));
            l->at++;
            if (!c)
                return FAIL(l->cx, EXPR, NULL,
                            "column %u: after \\ only n t \\ ' \" may follow in a text; for a "
                            "pattern write \\\\",
                            lex_column(l));
        }
        out[n++] = c;
    }
    if (l->at >= l->src.n)
        return FAIL(l->cx, EXPR, NULL, "column %u: the text has no closing %c", lex_column(l),
                    quote);
    l->at++;
    l->token = TOK_TEXT;
    l->text = str_n(out, n);
    return RC_OK;
}

static enum rc lex_sign(struct lexer *l)
{
    static const char *const twos[] = {"&&", "||", "==", "!=", "<=", ">="};
    static const char ones[] = "!<>?:+-*/%()[]{},.";
    l->token = TOK_SIGN;
    struct str two = str_cut(l->src, l->at, l->at + 2);
    for (size_t i = 0; i < sizeof twos / sizeof *twos; i++)
        if (str_eq(two, str_from(twos[i]))) {
            memcpy(l->sign, twos[i], 3);
            l->at += 2;
            return RC_OK;
        }
    char c = l->src.p[l->at];
    if (!c || !strchr(ones, c)) {
        const char *hint = c == '=' ? "; compare with ==" : "";
        return FAIL(l->cx, EXPR, NULL, "column %u: this sign is not known%s", lex_column(l),
                    hint);
    }
    l->sign[0] = c;
    l->sign[1] = '\0';
    l->at++;
    return RC_OK;
}

enum rc lex_next(struct lexer *l)
{
    while (l->at < l->src.n && strchr(" \t\r\n", l->src.p[l->at]) && l->src.p[l->at])
        l->at++;
    l->from = l->at;
    l->sign[0] = '\0';
    if (l->at == l->src.n) {
        l->token = TOK_END;
        return RC_OK;
    }
    char c = peek(l, 0);
    if (is_name_start(c))
        return lex_name(l);
    if (is_digit(c))
        return lex_number(l);
    return c == '\'' || c == '"' ? lex_text(l) : lex_sign(l);
}
