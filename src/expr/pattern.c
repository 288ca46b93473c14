/* pattern.c - patterns as finite automata over code points (Thompson's construction). */
#include "expr/pattern.h"

#include <utf8proc.h>

enum { CLASS_ITEMS_MAX = 60, GROUP_DEPTH_MAX = 20, POINT_MAX = 0x10FFFF };

enum kind { K_RANGE, K_ALPHA, K_DIGIT, K_ALNUM, K_UPPER, K_LOWER, K_SPACE, K_PUNCT };

struct item {
    uint8_t kind;
    int32_t from, to; /* RANGE */
};

enum state_op { S_ONE, S_ANY, S_CLASS, S_SPLIT, S_BEGIN, S_END, S_ACCEPT };

struct state {
    uint8_t op;
    bool is_not;              /* CLASS */
    uint16_t nitems;          /* CLASS */
    int32_t point;            /* ONE */
    uint16_t next, other;     /* other: SPLIT */
    const struct item *items; /* those that hold more than ASCII */
    uint64_t ascii[2];        /* CLASS: a bit for each character below 128 */
};

struct pattern {
    struct state *states;
    uint16_t n, start;
};

/* A piece of the automaton: where it begins, and the one state it leaves by. */
struct piece {
    uint16_t in, out;
};

struct reader {
    struct ctx *cx;
    struct str src;
    size_t at;
    unsigned depth;
    struct pattern *p;
};

#define WRONG(r, ...) FAIL((r)->cx, EXPR, NULL, "pattern: " __VA_ARGS__)

static enum rc read_choice(struct reader *r, struct piece *ret);

static int32_t point_at(struct str s, size_t *at)
{
    utf8proc_int32_t c = 0;
    unsigned char b = (unsigned char)s.p[*at];
    if (b < 0x80) {
        *at += 1;
        return b;
    }
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s.p + *at,
                                          (utf8proc_ssize_t)(s.n - *at), &c);
    *at += n > 0 ? (size_t)n : 1;
    return n > 0 ? c : 0xFFFD;
}

static char peek(const struct reader *r)
{
    return r->at < r->src.n ? r->src.p[r->at] : '\0';
}

static enum rc state_new(struct reader *r, struct state s, uint16_t *ret)
{
    if (r->p->n == PATTERN_STATES_MAX)
        return WRONG(r, "it is too large; use smaller {m,n}");
    r->p->states[r->p->n] = s;
    *ret = r->p->n++;
    return RC_OK;
}

/* A state that only joins: its two ways are the same. */
static enum rc join_new(struct reader *r, uint16_t next, uint16_t *ret)
{
    return state_new(r, (struct state){.op = S_SPLIT, .next = next, .other = next}, ret);
}

static void lead(struct reader *r, uint16_t from, uint16_t to)
{
    struct state *s = &r->p->states[from];
    s->next = to;
    if (s->op == S_SPLIT && s->other == 0)
        s->other = to;
}

/* One state that leads to a join, which is the piece's way out. */
static enum rc piece_new(struct reader *r, struct state s, struct piece *ret)
{
    TRY(state_new(r, s, &ret->in));
    TRY(join_new(r, 0, &ret->out));
    r->p->states[ret->in].next = ret->out;
    return RC_OK;
}

/* -- [classes] -- */

static enum rc read_named(struct reader *r, struct item *ret)
{
    static const char *const names[] = {
        [K_ALPHA] = "[:alpha:]", [K_DIGIT] = "[:digit:]", [K_ALNUM] = "[:alnum:]",
        [K_UPPER] = "[:upper:]", [K_LOWER] = "[:lower:]", [K_SPACE] = "[:space:]",
        [K_PUNCT] = "[:punct:]",
    };
    for (uint8_t k = K_ALPHA; k <= K_PUNCT; k++)
        if (str_starts(str_skip(r->src, r->at), str_from(names[k]))) {
            r->at += strlen(names[k]);
            *ret = (struct item){.kind = k};
            return RC_OK;
        }
    return WRONG(r, "an unknown [:class:]");
}

static enum rc read_item(struct reader *r, struct item *ret)
{
    struct str rest = str_skip(r->src, r->at);
    if (str_starts(rest, STR("[:")))
        return read_named(r, ret);
    if (str_starts(rest, STR("[.")) || str_starts(rest, STR("[=")))
        return WRONG(r, "[. .] and [= =] are not known");
    ret->kind = K_RANGE;
    ret->from = ret->to = point_at(r->src, &r->at);
    if (peek(r) != '-' || r->at + 1 >= r->src.n || r->src.p[r->at + 1] == ']')
        return RC_OK;
    r->at++;
    ret->to = point_at(r->src, &r->at);
    if (ret->to < ret->from)
        return WRONG(r, "a range runs backwards");
    return RC_OK;
}

static bool item_has(const struct item *it, int32_t c);

/* ASCII goes into bits; what is left of the items is walked for other characters only. */
static void class_close(struct reader *r, struct state *s, const struct item *items)
{
    struct item *kept = arena_array(r->cx->mem, struct item, s->nitems);
    uint16_t n = 0;
    for (uint16_t i = 0; i < s->nitems; i++) {
        for (int32_t c = 0; c < 128; c++)
            if (item_has(&items[i], c))
                s->ascii[c / 64] |= UINT64_C(1) << (c % 64);
        if (items[i].kind != K_RANGE || items[i].to >= 128)
            kept[n++] = items[i];
    }
    s->items = kept;
    s->nitems = n;
}

static enum rc read_class(struct reader *r, struct piece *ret)
{
    struct item items[CLASS_ITEMS_MAX];
    struct state s = {.op = S_CLASS};
    if (peek(r) == '^') {
        s.is_not = true;
        r->at++;
    }
    do {
        if (r->at >= r->src.n)
            return WRONG(r, "[ has no ]");
        if (s.nitems == CLASS_ITEMS_MAX)
            return WRONG(r, "more than %d signs in [ ]", CLASS_ITEMS_MAX);
        TRY(read_item(r, &items[s.nitems++]));
    } while (peek(r) != ']');
    r->at++;
    class_close(r, &s, items);
    return piece_new(r, s, ret);
}

/* -- pieces -- */

static enum rc read_group(struct reader *r, struct piece *ret)
{
    if (++r->depth > GROUP_DEPTH_MAX)
        return WRONG(r, "brackets are nested deeper than %d", GROUP_DEPTH_MAX);
    TRY(read_choice(r, ret));
    if (peek(r) != ')' || r->at >= r->src.n)
        return WRONG(r, "( has no )");
    r->at++;
    r->depth--;
    return RC_OK;
}

static enum rc read_escape(struct reader *r, struct piece *ret)
{
    char c = peek(r);
    if (!c || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
        (unsigned char)c >= 0x80)
        return WRONG(r, "after \\ comes a sign such as . or (; use [0-9] or [[:alpha:]]");
    r->at++;
    return piece_new(r, (struct state){.op = S_ONE, .point = c}, ret);
}

static enum rc read_atom(struct reader *r, struct piece *ret)
{
    int32_t c = point_at(r->src, &r->at);
    switch (c) {
    case '[':
        return read_class(r, ret);
    case '(':
        return read_group(r, ret);
    case '\\':
        return read_escape(r, ret);
    case '.':
        return piece_new(r, (struct state){.op = S_ANY}, ret);
    case '^':
        return piece_new(r, (struct state){.op = S_BEGIN}, ret);
    case '$':
        return piece_new(r, (struct state){.op = S_END}, ret);
    case '*':
    case '+':
    case '?':
    case '{':
        return WRONG(r, "nothing stands before %c", (char)c);
    default:
        return piece_new(r, (struct state){.op = S_ONE, .point = c}, ret);
    }
}

/* Repeats what was read from `from`: reads it again, as often as needed. */
struct repeat {
    int least, most; /* most < 0: any number */
};

static enum rc read_count(struct reader *r, int *ret)
{
    int64_t n;
    size_t from = r->at;
    while (peek(r) >= '0' && peek(r) <= '9')
        r->at++;
    if (!str_int(str_cut(r->src, from, r->at), &n) || n > PATTERN_REPEAT_MAX)
        return WRONG(r, "{m,n} takes numbers up to %d", PATTERN_REPEAT_MAX);
    *ret = (int)n;
    return RC_OK;
}

static enum rc read_braces(struct reader *r, struct repeat *ret)
{
    TRY(read_count(r, &ret->least));
    ret->most = ret->least;
    if (peek(r) == ',') {
        r->at++;
        ret->most = -1;
        if (peek(r) != '}')
            TRY(read_count(r, &ret->most));
    }
    if (peek(r) != '}' || (ret->most >= 0 && ret->most < ret->least))
        return WRONG(r, "{m,n} is not written correctly");
    r->at++;
    return RC_OK;
}

static enum rc read_repeat(struct reader *r, struct repeat *ret)
{
    *ret = (struct repeat){1, 1};
    char c = peek(r);
    if (!c || !strchr("*+?{", c))
        return RC_OK;
    r->at++;
    if (c == '{')
        return read_braces(r, ret);
    *ret = (struct repeat){c == '+' ? 1 : 0, c == '?' ? 1 : -1};
    return RC_OK;
}

/* piece -> piece? or piece* */
static enum rc make_optional(struct reader *r, bool is_loop, struct piece *piece)
{
    uint16_t in, out;
    TRY(join_new(r, 0, &out));
    TRY(state_new(r, (struct state){.op = S_SPLIT, .next = piece->in, .other = out}, &in));
    lead(r, piece->out, is_loop ? in : out);
    *piece = (struct piece){in, out};
    return RC_OK;
}

/* Another copy of the atom that stands at `from` in the source. */
static enum rc read_again(struct reader *r, size_t from, struct piece *ret)
{
    size_t at = r->at;
    r->at = from;
    TRY(read_atom(r, ret));
    r->at = at;
    return RC_OK;
}

static void append(struct reader *r, struct piece *all, struct piece more)
{
    if (all->in)
        lead(r, all->out, more.in);
    else
        all->in = more.in;
    all->out = more.out;
}

static enum rc read_repeated(struct reader *r, struct piece *all)
{
    size_t from = r->at;
    struct piece one;
    struct repeat rep;
    TRY(read_atom(r, &one));
    TRY(read_repeat(r, &rep));
    if (peek(r) && strchr("*+?{", peek(r)))
        return WRONG(r, "two repetitions in a row");
    int copies = rep.most < 0 ? rep.least + 1 : rep.most;
    for (int i = 0; i < copies; i++) {
        if (i > 0)
            TRY(read_again(r, from, &one));
        if (i >= rep.least)
            TRY(make_optional(r, rep.most < 0, &one));
        append(r, all, one);
    }
    return RC_OK;
}

static enum rc read_sequence(struct reader *r, struct piece *ret)
{
    struct piece all = {0, 0};
    uint16_t join;
    while (r->at < r->src.n && peek(r) != '|' && peek(r) != ')')
        TRY(read_repeated(r, &all));
    TRY(join_new(r, 0, &join));
    append(r, &all, (struct piece){join, join});
    *ret = all;
    return RC_OK;
}

static enum rc read_choice(struct reader *r, struct piece *ret)
{
    TRY(read_sequence(r, ret));
    while (r->at < r->src.n && peek(r) == '|') {
        struct piece other;
        uint16_t in, out;
        r->at++;
        TRY(read_sequence(r, &other));
        TRY(join_new(r, 0, &out));
        TRY(state_new(r, (struct state){.op = S_SPLIT, .next = ret->in, .other = other.in},
                      &in));
        lead(r, ret->out, out);
        lead(r, other.out, out);
        *ret = (struct piece){in, out};
    }
    return RC_OK;
}

enum rc pattern_compile(struct ctx *cx, struct str src, struct pattern **ret)
{
    struct pattern *p = arena_new_of(cx->mem, struct pattern);
    struct reader r = {.cx = cx, .src = src, .p = p};
    if (src.n == 0 || src.n > PATTERN_SRC_MAX || !utf8_is(src))
        return WRONG(&r, "1 to %d bytes of UTF-8", PATTERN_SRC_MAX);
    struct state room[PATTERN_STATES_MAX];
    p->states = room;
    p->n = 1; /* 0 means none */
    struct piece all;
    uint16_t accept;
    TRY(read_choice(&r, &all));
    if (r.at < src.n)
        return WRONG(&r, ") has no (");
    TRY(state_new(&r, (struct state){.op = S_ACCEPT}, &accept));
    lead(&r, all.out, accept);
    p->start = all.in;
    p->states = arena_array(cx->mem, struct state, p->n);
    memcpy(p->states, room, p->n * sizeof *room);
    *ret = p;
    return RC_OK;
}

/* -- fitting: all states that the text so far may have led to, at once -- */

struct set {
    uint16_t list[PATTERN_STATES_MAX];
    uint16_t n;
};

struct match {
    const struct pattern *p;
    struct str text;
    uint32_t mark[PATTERN_STATES_MAX]; /* step at which a state was last added */
    uint32_t step;
    struct set sets[2];
    uint16_t stack[2 * PATTERN_STATES_MAX];
    bool accepted;
};

/* Adds state s and all that follow it without reading. */
static void add_state(struct match *m, struct set *to, uint16_t s, size_t at)
{
    unsigned n = 0;
    m->stack[n++] = s;
    while (n > 0) {
        s = m->stack[--n];
        if (m->mark[s] == m->step)
            continue;
        m->mark[s] = m->step;
        const struct state *st = &m->p->states[s];
        bool open = st->op == S_SPLIT || (st->op == S_BEGIN && at == 0) ||
                    (st->op == S_END && at == m->text.n);
        if (open) {
            if (st->op == S_SPLIT && st->other != st->next)
                m->stack[n++] = st->other;
            m->stack[n++] = st->next;
        } else if (st->op == S_ACCEPT) {
            m->accepted = true;
        } else if (st->op <= S_CLASS) {
            to->list[to->n++] = s;
        }
    }
}

static bool is_letter(utf8proc_category_t c)
{
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_ME;
}

static bool item_has(const struct item *it, int32_t c)
{
    if (it->kind == K_RANGE)
        return c >= it->from && c <= it->to;
    utf8proc_category_t cat = utf8proc_category(c);
    switch (it->kind) {
    case K_ALPHA:
        return is_letter(cat);
    case K_DIGIT:
        return c >= '0' && c <= '9';
    case K_ALNUM:
        return is_letter(cat) || (c >= '0' && c <= '9');
    case K_UPPER:
        return cat == UTF8PROC_CATEGORY_LU;
    case K_LOWER:
        return cat == UTF8PROC_CATEGORY_LL;
    case K_SPACE:
        return c == ' ' || (c >= '\t' && c <= '\r') || cat == UTF8PROC_CATEGORY_ZS;
    default:
        return cat >= UTF8PROC_CATEGORY_PC && cat <= UTF8PROC_CATEGORY_SO;
    }
}

static bool state_takes(const struct state *s, int32_t c)
{
    if (s->op == S_ANY)
        return true;
    if (s->op == S_ONE)
        return s->point == c;
    if (c < 128)
        return (s->ascii[c / 64] >> (c % 64) & 1) != s->is_not;
    for (unsigned i = 0; i < s->nitems; i++)
        if (item_has(&s->items[i], c))
            return !s->is_not;
    return s->is_not;
}

bool pattern_fits(const struct pattern *p, struct str text)
{
    struct match m;
    m.p = p;
    m.text = text;
    m.step = 1;
    m.accepted = false;
    memset(m.mark, 0, p->n * sizeof *m.mark);
    struct set *now = &m.sets[0], *then = &m.sets[1];
    now->n = 0;
    add_state(&m, now, p->start, 0);
    for (size_t at = 0; at < text.n && !m.accepted;) {
        int32_t c = point_at(text, &at);
        m.step++;
        then->n = 0;
        for (unsigned i = 0; i < now->n; i++)
            if (state_takes(&p->states[now->list[i]], c))
                add_state(&m, then, p->states[now->list[i]].next, at);
        add_state(&m, then, p->start, at); /* the part that fits may begin anywhere */
        struct set *t = now;
        now = then;
        then = t;
    }
    return m.accepted;
}
