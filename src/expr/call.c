/* call.c - what functions give. Null in, null out, but for has(). */
#include "expr/run.h"
#include "expr/table_priv.h"

#include "base/arena.h"

/* Whole years completed by `today`; who was born on 29 February is a year older on 1 March. */
static struct val age_of(struct run *r, const struct val *born)
{
    if (born->t != T_DATE)
        return val_null;
    struct civil b = civil_of_day((int32_t)born->i), t = civil_of(r->cx->now_us);
    int years = t.year - b.year;
    if (t.month < b.month || (t.month == b.month && t.day < b.day))
        years--;
    return val_int(years);
}

/* -- conversions -- */
static struct val to_date(const struct val *a)
{
    int32_t day;
    if (a->t == T_DATE)
        return *a;
    if (a->t == T_TIME)
        return val_date(day_of(a->i));
    return a->t == T_STR && day_parse(a->s, &day) ? val_date(day) : val_null;
}

static struct val to_time(const struct val *a)
{
    int64_t us;
    if (a->t == T_TIME)
        return *a;
    if (a->t == T_DATE) /* its first instant */
        return val_time(day_start((int32_t)a->i));
    return a->t == T_STR && a->s.n > 10 && time_parse(a->s, &us) ? val_time(us) : val_null;
}

/* "1h30m", "90s" */
bool exact_duration(struct str s, int64_t *ret)
{
    static const struct {
        char unit;
        int64_t us;
    } units[] = {{'h', HOUR_US}, {'m', MINUTE_US}, {'s', SECOND_US}};
    size_t at = 0, unit = 0;
    *ret = 0;
    while (at < s.n && unit < 3) {
        size_t from = at;
        int64_t n, us;
        while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
            at++;
        while (at < s.n && unit < 3 && units[unit].unit != s.p[at])
            unit++; /* each unit once, the large ones first */
        if (at == s.n || unit == 3 || !str_int(str_cut(s, from, at), &n) ||
            __builtin_mul_overflow(n, units[unit].us, &us) ||
            __builtin_add_overflow(*ret, us, ret))
            return false;
        at++;
        unit++;
    }
    return s.n > 0 && at == s.n;
}

static struct val to_duration(const struct val *a)
{
    struct val v = {.t = T_DURATION, .unit = 's'};
    if (a->t == T_DURATION)
        return *a;
    return a->t == T_STR && exact_duration(a->s, &v.i) ? v : val_null;
}

static struct val to_int(const struct val *a)
{
    int64_t i;
    if (a->t == T_TIME) /* seconds since 1970, rounded down */
        return val_int(a->i / SECOND_US - (a->i % SECOND_US < 0));
    if (a->t == T_STR)
        return str_int(a->s, &i) ? val_int(i) : val_null;
    return a->t == T_INT ? *a : val_null;
}

static struct val to_string(struct run *r, const struct val *a)
{
    struct str s = val_text(r->cx->mem, a);
    return s.p ? val_str(s) : val_null;
}

/* -- parts of days and instants, in Viet Nam's time, counted as CEL counts them -- */
static struct val part_of(const struct node *n, const struct val *a)
{
    bool is_exact = a->t == T_DURATION && a->unit == 's';
    if (is_exact)
        return val_int(a->i / (n->fn == FN_HOURS     ? HOUR_US
                               : n->fn == FN_MINUTES ? MINUTE_US
                                                     : SECOND_US));
    if (a->t != T_DATE && a->t != T_TIME)
        return val_null;
    struct civil c = a->t == T_DATE ? civil_of_day((int32_t)a->i) : civil_of(a->i);
    switch (n->fn) {
    case FN_YEAR:
        return val_int(c.year);
    case FN_MONTH:
        return val_int(c.month - 1);
    case FN_DATE_OF:
        return val_int(c.day);
    case FN_DAY_OF_MONTH:
        return val_int(c.day - 1);
    case FN_DAY_OF_WEEK: /* 0 = Sunday */
        return val_int((c.weekday + 1) % 7);
    case FN_DAY_OF_YEAR:
        return val_int(day_make(c.year, c.month, c.day) - day_make(c.year, 1, 1));
    case FN_HOURS:
        return val_int(c.hour);
    case FN_MINUTES:
        return val_int(c.minute);
    default:
        return val_int(c.second);
    }
}

/* -- texts; positions are counted in code points -- */
static bool has_part(const struct node *n, struct str s, struct str part)
{
    switch (n->fn) {
    case FN_STARTS:
        return str_starts(s, part);
    case FN_ENDS:
        return str_ends(s, part);
    case FN_CONTAINS:
        return str_has(s, part);
    default:
        return pattern_fits(n->pattern, s);
    }
}

static struct val cut(struct str s, int64_t from, int64_t to)
{
    if (from < 0 || to < from || (uint64_t)to > utf8_len(s))
        return val_null;
    size_t lo = utf8_cut(s, (size_t)from).n, hi = utf8_cut(s, (size_t)to).n;
    return val_str(str_cut(s, lo, hi));
}

static struct val substring(const struct node *n, const struct val *s, const struct val *from,
                            const struct val *to)
{
    if (from->t != T_INT || (n->c && to->t != T_INT))
        return val_null;
    return cut(s->s, from->i, n->c ? to->i : (int64_t)utf8_len(s->s));
}

/* Bytes before the first `part`, s.n when there is none. */
static size_t part_find(struct str s, struct str part)
{
    for (size_t i = 0; part.n && i + part.n <= s.n; i++)
        if (memcmp(s.p + i, part.p, part.n) == 0)
            return i;
    return s.n;
}

static struct val index_of(struct run *r, struct str s, struct str part)
{
    if (!part.n)
        return val_int(0);
    if (!run_step(r, s.n / 64 * (part.n / 64 + 1)))
        return val_null;
    size_t at = part_find(s, part);
    return val_int(at < s.n ? (int64_t)utf8_len(str_cut(s, 0, at)) : -1);
}

static struct val replaced(struct run *r, struct str s, struct str from, struct str to)
{
    struct buf *b = buf_new(r->cx->mem, EXPR_TEXT_MAX);
    if (!from.n || !run_step(r, s.n / 64 * (from.n / 64 + 1)))
        return val_null;
    for (;;) {
        size_t at = part_find(s, from);
        buf_put(b, str_cut(s, 0, at));
        if (at == s.n)
            break;
        buf_put(b, to);
        s = str_skip(s, at + from.n);
        if (!run_step(r, to.n / 64 + 1))
            return val_null;
    }
    return b->over ? val_null : val_str(buf_str(b));
}

static struct val split(struct run *r, struct str s, struct str by)
{
    size_t most = 1, n = 0;
    if (!by.n || !run_step(r, s.n / 64 * (by.n / 64 + 1)))
        return val_null;
    for (struct str rest = s; part_find(rest, by) < rest.n; most++)
        rest = str_skip(rest, part_find(rest, by) + by.n);
    if (!run_step(r, most))
        return val_null;
    struct val *v = arena_array(r->cx->mem, struct val, most);
    while (n < most) {
        size_t at = part_find(s, by);
        v[n++] = val_str(str_cut(s, 0, at));
        s = str_skip(s, at + by.n);
    }
    return (struct val){.t = T_LIST, .v = v, .n = n};
}

static struct val joined(struct run *r, const struct val *list, struct str by)
{
    if (list->t != T_LIST)
        return val_null;
    struct buf *b = buf_new(r->cx->mem, EXPR_TEXT_MAX);
    struct items it = items_of(list);
    struct val v;
    for (size_t i = 0; items_next(&it, &v); i++) {
        if (v.t != T_STR || !run_step(r, (v.s.n + by.n) / 64 + 1))
            return val_null;
        buf_put(b, i ? by : STR(""));
        buf_put(b, v.s);
    }
    return b->over ? val_null : val_str(buf_str(b));
}

static struct str upper(struct arena *mem, struct str s)
{
    char *p = arena_alloc(mem, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)(s.p[i] >= 'a' && s.p[i] <= 'z' ? s.p[i] - 'a' + 'A' : s.p[i]);
    return str_n(p, s.n);
}

static struct val text_call(struct run *r, const struct node *n, const struct val v[3])
{
    struct str s = v[0].s;
    if (v[0].t != T_STR || !run_step(r, s.n / 64))
        return val_null;
    switch (n->fn) {
    case FN_TRIM:
        return val_str(str_trim(s));
    case FN_LOWER:
        return val_str(str_lower(r->cx->mem, s));
    case FN_UPPER:
        return val_str(upper(r->cx->mem, s));
    case FN_CHAR_AT:
        return v[1].t == T_INT && v[1].i < INT64_MAX ? cut(s, v[1].i, v[1].i + 1) : val_null;
    case FN_SUBSTRING:
        return substring(n, &v[0], &v[1], &v[2]);
    default:
        break;
    }
    if (v[1].t != T_STR || (n->fn == FN_REPLACE && v[2].t != T_STR))
        return val_null;
    switch (n->fn) {
    case FN_INDEX_OF:
        return index_of(r, s, v[1].s);
    case FN_REPLACE:
        return replaced(r, s, v[1].s, v[2].s);
    case FN_SPLIT:
        return split(r, s, v[1].s);
    default:
        return val_bool(has_part(n, s, v[1].s));
    }
}

static struct val table_call(struct run *r, const struct node *n)
{
    struct val keys[TABLE_KEYS_MAX];
    size_t count = 0;
    for (node_ref i = n->b; i && count < n->table->nkeys;
         i = i == n->b ? n->c : r->nodes[i].next)
        keys[count++] = eval(r, i);
    return run_step(r, n->table->nrows / 8) ? table_ask(n->table, keys) : val_null;
}

static struct val size_of(const struct val *a)
{
    if (a->t == T_STR)
        return val_int((int64_t)utf8_len(a->s));
    return a->t == T_LIST || a->t == T_OBJECT ? val_int((int64_t)a->n) : val_null;
}

struct val eval_call(struct run *r, const struct node *n)
{
    if (n->fn == FN_TODAY)
        return val_date(day_of(r->cx->now_us));
    if (n->fn == FN_NOW)
        return val_time(r->cx->now_us);
    if (n->fn == FN_TABLE)
        return table_call(r, n);
    struct val v[3] = {eval(r, n->a), val_null, val_null};
    if (n->b)
        v[1] = eval(r, n->b);
    if (n->c)
        v[2] = eval(r, n->c);
    switch (n->fn) {
    case FN_SIZE:
        return size_of(&v[0]);
    case FN_HAS:
        return val_bool(v[0].t != T_NULL);
    case FN_DATE:
        return to_date(&v[0]);
    case FN_TIME:
        return to_time(&v[0]);
    case FN_DURATION:
        return to_duration(&v[0]);
    case FN_AGE:
        return age_of(r, &v[0]);
    case FN_DAYS:
        return v[0].t == T_DATE && v[1].t == T_DATE ? val_int(v[1].i - v[0].i) : val_null;
    case FN_INT:
        return to_int(&v[0]);
    case FN_STRING:
        return to_string(r, &v[0]);
    case FN_JOIN:
        return n->b && v[1].t != T_STR ? val_null : joined(r, &v[0], n->b ? v[1].s : STR(""));
    default:
        return n->fn >= FN_YEAR && n->fn <= FN_SECONDS ? part_of(n, &v[0]) : text_call(r, n, v);
    }
}
