/* league.c - units of one kind side by side: ranks, ties, and who cannot be ranked. */
#include "cockpit/cockpit_priv.h"
#include "store/store.h"
#include "text/csv.h"

enum { ROWS_SHOWN = 200, BEFORE_MAX = 60 };

/* -- which units -- */

static bool stands(const struct unit *u, const struct asked *a)
{
    int32_t day = a->slice.period.to - 1;
    return u->from <= day && day < u->to;
}

static bool is_below(const struct unit *u, const struct asked *a)
{
    return u != a->unit && (!a->unit || unit_is_within(u, a->unit));
}

static void kinds_count(struct ctx *cx, const struct asked *a, size_t ret[UNIT_KIND_COUNT])
{
    size_t n;
    const struct unit *const *all = unit_all(cx, &n);
    for (size_t i = 0; i < n; i++)
        if (is_below(all[i], a) && stands(all[i], a))
            ret[all[i]->kind]++;
}

/* What people look for first below a nation, a province, a district. */
static const enum unit_kind by_height[] = {UNIT_PROVINCE, UNIT_DISTRICT,   UNIT_COMMUNE,
                                           UNIT_MINISTRY, UNIT_DEPARTMENT, UNIT_OFFICE};
enum { KINDS = sizeof by_height / sizeof *by_height };

enum unit_kind level_of(struct ctx *cx, const struct asked *a)
{
    enum unit_kind kind;
    size_t counts[UNIT_KIND_COUNT] = {0};
    kinds_count(cx, a, counts);
    if (a->level.n && unit_kind_parse(a->level, &kind) && counts[kind])
        return kind;
    for (size_t i = 0; i < KINDS; i++)
        if (counts[by_height[i]])
            return by_height[i];
    return UNIT_KIND_COUNT;
}

void levels_put(struct ctx *cx, const struct asked *a, const char *page, struct json *view)
{
    size_t counts[UNIT_KIND_COUNT] = {0};
    enum unit_kind now = level_of(cx, a);
    struct json *list = json_put(view, STR("levels"), json_new_arr(cx->mem));
    kinds_count(cx, a, counts);
    for (size_t i = 0; i < KINDS; i++) {
        enum unit_kind kind = by_height[i];
        struct asked other = *a;
        if (!counts[kind])
            continue;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        other.level = str_from(unit_kind_name(kind));
        struct str key = str_fmt(cx->mem, "cockpit.level.%s", unit_kind_name(kind));
        json_put_str(cx->mem, o, "label", msg_get(cx->lang, key));
        json_put_str(cx->mem, o, "href", asked_path(cx, &other, page, NULL));
        json_put_str(cx->mem, o, "count", number_text(cx, (int64_t)counts[kind]));
        json_put_bool(cx->mem, o, "is_now", kind == now);
    }
    json_put_bool(cx->mem, view, "has_levels", list->n > 1);
}

/* -- their figures -- */

/* Each unit with everything below it is one sum that measure/ keeps: a look or two a unit. */
static enum rc figures_read(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                            struct standings *all)
{
    size_t n = all->n;
    struct figure_ask *asks = arena_array(cx->mem, struct figure_ask, 2 * n + 1);
    all->has_before = n <= BEFORE_MAX;
    for (size_t i = 0; i < n; i++) {
        asks[i] = (struct figure_ask){.ind = ind, .slice = a->slice};
        asks[n + i] = (struct figure_ask){.ind = ind, .slice = asked_before(a)};
        asks[i].slice.unit = asks[n + i].slice.unit = all->v[i].unit->id;
    }
    TRY(figures_get(cx, asks, all->has_before ? 2 * n : n));
    for (size_t i = 0; i < n; i++) {
        all->v[i].now = asks[i].f;
        all->v[i].before = asks[n + i].f;
    }
    return RC_OK;
}

const struct unit **units_below(struct ctx *cx, const struct asked *a, size_t *ret)
{
    size_t n, used = 0;
    enum unit_kind kind = level_of(cx, a);
    const struct unit *const *all = unit_all(cx, &n);
    const struct unit **v = arena_array(cx->mem, const struct unit *, n + 1);
    for (size_t i = 0; i < n && used < STANDINGS_MAX; i++)
        if (all[i]->kind == kind && is_below(all[i], a) && stands(all[i], a))
            v[used++] = all[i];
    *ret = used;
    return v;
}

static void units_take(struct ctx *cx, const struct asked *a, struct standings *ret)
{
    const struct unit **v = units_below(cx, a, &ret->n);
    ret->v = arena_array(cx->mem, struct standing, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++)
        ret->v[i].unit = v[i];
}

/* -- ranks -- */

static void ranks_give(struct ctx *cx, const struct indicator *ind, struct standings *all)
{
    int64_t *v = arena_array(cx->mem, int64_t, all->n + 1);
    int *rank = arena_array(cx->mem, int, all->n + 1);
    for (size_t i = 0; i < all->n; i++) {
        struct standing *s = &all->v[i];
        s->is_small = figure_is_small(cx, ind, &s->now);
        v[i] = s->is_small || !all->is_ranked ? PICTURE_NONE : figure_value(ind, &s->now);
    }
    rank_make(cx->mem, v, all->n, ind->better < 0, rank);
    for (size_t i = 0; i < all->n; i++)
        all->v[i].rank = rank[i];
}

/* qsort has no argument: what it compares stands in the row. */
struct sortable {
    struct standing s;
    int64_t key;
    int group; /* 0 ranked or sizeable, 1 small, 2 without a value */
};

static int sort_cmp(const void *a, const void *b)
{
    const struct sortable *x = a, *y = b;
    if (x->group != y->group)
        return x->group - y->group;
    if (x->s.rank != y->s.rank)
        return x->s.rank - y->s.rank;
    if (x->key != y->key)
        return x->key < y->key ? 1 : -1;
    return str_cmp(x->s.unit->code, y->s.unit->code);
}

static void sort(struct ctx *cx, const struct indicator *ind, struct standings *all)
{
    struct sortable *v = arena_array(cx->mem, struct sortable, all->n + 1);
    for (size_t i = 0; i < all->n; i++) {
        int64_t value = figure_value(ind, &all->v[i].now);
        bool is_none = value == PICTURE_NONE;
        v[i] = (struct sortable){all->v[i],
                                 is_none                             ? 0
                                 : ind->better < 0 && all->is_ranked ? -value
                                                                     : value,
                                 is_none              ? 2
                                 : all->v[i].is_small ? 1
                                                      : 0};
    }
    qsort(v, all->n, sizeof *v, sort_cmp);
    for (size_t i = 0; i < all->n; i++)
        all->v[i] = v[i].s;
}

enum rc standings_get(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                      struct standings *ret)
{
    struct standings all = {.kind = level_of(cx, a)};
    all.is_ranked = ind->better != 0 && ind->unit != IND_COUNT;
    units_take(cx, a, &all);
    TRY(figures_read(cx, ind, a, &all));
    ranks_give(cx, ind, &all);
    sort(cx, ind, &all);
    *ret = all;
    return RC_OK;
}

/* -- the page -- */

static int64_t change_of(const struct indicator *ind, const struct standing *s)
{
    int64_t now = figure_value(ind, &s->now), before = figure_value(ind, &s->before);
    return now == PICTURE_NONE || before == PICTURE_NONE ? PICTURE_NONE : now - before;
}

/* What a row says, on the page and in the file: columns are named, left out, filled here only. */
enum column { RANK, UNIT, VALUE, NUM, DEN, CHANGE, CODE, COLUMNS };
static const struct {
    const char *key, *label;
    bool is_number;
} columns[COLUMNS] = {
    [RANK] = {"rank", "cockpit.rank", true},      [UNIT] = {"unit", "cockpit.unit", false},
    [VALUE] = {"value", "cockpit.value", true},   [NUM] = {"numerator", "cockpit.num", true},
    [DEN] = {"denominator", "cockpit.den", true}, [CHANGE] = {"change", "cockpit.change", true},
    [CODE] = {"code", "cockpit.code", false},
};

static bool is_shown(const struct indicator *ind, bool has_before, enum column c)
{
    return c == DEN ? ind->unit != IND_COUNT : c != CHANGE || has_before;
}

/* As the file has it. */
static struct str raw_of(struct ctx *cx, const struct indicator *ind, const struct standing *s,
                         enum column c)
{
    switch (c) {
    case RANK:
        return s->rank ? str_fmt(cx->mem, "%d", s->rank) : STR("");
    case VALUE:
        return table_raw(cx, figure_value(ind, &s->now));
    case NUM:
        return str_fmt(cx->mem, "%lld", (long long)s->now.num);
    case DEN:
        return str_fmt(cx->mem, "%lld", (long long)s->now.den);
    case CHANGE:
        return table_raw(cx, change_of(ind, s));
    default:
        return c == UNIT ? unit_name(cx, s->unit) : s->unit->code;
    }
}

static void columns_put(struct ctx *cx, const struct indicator *ind, bool has_before,
                        struct json *t)
{
    for (enum column c = RANK; c < COLUMNS; c++)
        if (is_shown(ind, has_before, c))
            table_column(cx, t, columns[c].key, msg_get(cx->lang, str_from(columns[c].label)),
                         columns[c].is_number);
}

static int64_t most_of(const struct indicator *ind, const struct standings *all)
{
    int64_t most = scale_full(ind);
    for (size_t i = 0; i < all->n && ind->unit != IND_PERCENT; i++) {
        int64_t v = figure_value(ind, &all->v[i].now);
        most = v != PICTURE_NONE && v > most ? v : most;
    }
    return most;
}

static void value_put(struct ctx *cx, const struct indicator *ind, const struct standing *s,
                      const struct json *t, struct json *row)
{
    struct json *c = cell_figure(cx, ind, &s->now, row);
    json_put_bool(cx->mem, c, "has_share", true);
    json_put_int(cx->mem, c, "share",
                 picture_share(figure_value(ind, &s->now), json_int(t, "most", 0)));
}

static void cell_put(struct ctx *cx, const struct indicator *ind, const struct standing *s,
                     enum column c, struct json *row)
{
    struct str raw = raw_of(cx, ind, s, c);
    if (c == RANK)
        table_number(cx, row, raw.n ? raw : STR("–"), raw);
    else if (c == CHANGE)
        table_number(cx, row, change_text(cx, change_of(ind, s)), raw);
    else if (c == CODE)
        table_text(cx, row, raw, STR(""));
    else
        table_number(cx, row, number_text(cx, c == NUM ? s->now.num : s->now.den), raw);
}

static void row_put(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                    const struct standing *s, struct json *t)
{
    struct json *row = table_row(cx, t);
    struct asked below = *a;
    below.level = STR("");
    for (enum column c = RANK; c < COLUMNS; c++)
        if (c == UNIT)
            table_text(cx, row, unit_name(cx, s->unit),
                       asked_path(cx, &below,
                                  page_of(cx, ind, s->unit->nchildren ? "/league" : ""),
                                  s->unit));
        else if (c == VALUE)
            value_put(cx, ind, s, t, row);
        else if (is_shown(ind, json_bool(t, "has_before"), c))
            cell_put(cx, ind, s, c, row);
}

static struct json *league_table(struct ctx *cx, const struct indicator *ind,
                                 const struct asked *a, const struct standings *all,
                                 size_t from, size_t most)
{
    struct json *t = table_new(cx);
    json_put_int(cx->mem, t, "most", most_of(ind, all));
    json_put_bool(cx->mem, t, "has_before", all->has_before);
    columns_put(cx, ind, all->has_before, t);
    for (size_t i = from; i < all->n && i - from < most; i++)
        row_put(cx, ind, a, &all->v[i], t);
    return t;
}

static void notes_put(struct ctx *cx, const struct asked *a, const struct standings *all,
                      struct json *v)
{
    struct slice before = asked_before(a);
    size_t small = 0, none = 0;
    for (size_t i = 0; i < all->n; i++) {
        small += all->v[i].is_small;
        none += !all->v[i].rank && !all->v[i].is_small;
    }
    json_put_bool(cx->mem, v, "is_ranked", all->is_ranked);
    json_put_bool(cx->mem, v, "has_before", all->has_before);
    json_put_bool(cx->mem, v, "has_small", small > 0);
    json_put_str(cx->mem, v, "small_count", number_text(cx, (int64_t)small));
    json_put_bool(cx->mem, v, "has_none", all->is_ranked && none > 0);
    json_put_str(cx->mem, v, "none_count", number_text(cx, (int64_t)none));
    json_put_str(cx->mem, v, "before_from", day_text(cx->mem, before.period.from));
    json_put_str(cx->mem, v, "before_to", day_text(cx->mem, before.period.to - 1));
}

enum rc get_league(struct ctx *cx, struct req *rq)
{
    struct asked a;
    struct standings all;
    const struct indicator *ind;
    struct json *v = json_new_obj(cx->mem);
    TRY(page_begin(cx, rq, TAB_LEAGUE, &a, &ind, v));
    TRY(standings_get(cx, ind, &a, &all));
    size_t from = (size_t)req_int(rq, "after", 0);
    const char *page = page_of(cx, ind, "/league");
    levels_put(cx, &a, page, v);
    notes_put(cx, &a, &all, v);
    json_put(v, STR("league"), league_table(cx, ind, &a, &all, from, ROWS_SHOWN));
    struct str self = asked_path(cx, &a, page, NULL);
    json_put_str(cx->mem, v, "next_href",
                 all.n > from + ROWS_SHOWN
                     ? str_fmt(cx->mem, "%.*s&after=%zu", STR_ARG(self), from + ROWS_SHOWN)
                     : STR(""));
    return reply_page(cx, rq, "cockpit/league", v);
}

/* Written as it is: some thousand rows as a table in memory first would take ten times as long. */
static void line_put(struct ctx *cx, const struct indicator *ind, bool has_before,
                     const struct standing *s, struct buf *b)
{
    for (enum column c = RANK; c < COLUMNS; c++) {
        if (!is_shown(ind, has_before, c))
            continue;
        if (c)
            buf_putc(b, ',');
        if (columns[c].is_number)
            buf_put(b, raw_of(cx, ind, s, c));
        else
            csv_cell(b, raw_of(cx, ind, s, c));
    }
    buf_put(b, STR("\r\n"));
}

enum rc get_league_csv(struct ctx *cx, struct req *rq)
{
    struct asked a;
    struct standings all;
    struct str head;
    const struct indicator *ind;
    TRY(question_read(cx, rq, &a, &ind));
    TRY(standings_get(cx, ind, &a, &all));
    TRY(table_csv(cx, league_table(cx, ind, &a, &all, 0, 0), &head));
    struct buf *b = buf_new(cx->mem, TABLE_BYTES_MAX);
    buf_put(b, head);
    for (size_t i = 0; i < all.n; i++)
        line_put(cx, ind, all.has_before, &all.v[i], b);
    if (b->over)
        return FAIL(cx, TOO_LARGE, "csv", "over %d bytes", TABLE_BYTES_MAX);
    return reply_csv(cx, rq, str_fmt(cx->mem, "%.*s-league", STR_ARG(ind->id)), buf_str(b));
}

const struct param league_params[] = {
    {"id", IN_PATH, P_CODE, true, 1, 80, "id of the indicator"},
    PARAMS_ASKED,
    {"after", IN_QUERY, P_INT, false, 0, STANDINGS_MAX, "how many rows to pass over"},
    {0},
};
