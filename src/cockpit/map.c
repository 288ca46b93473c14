/* map.c - the tile map of provinces, as they were and as they are, and tiles of the units below.
 *
 * LAW: NQ202/2025/QH15: 34 provinces since 1 July 2025; before, 63. A map shows those of the day
 * on which its period ends; a merged province adds up those it was made of. */
#include "cockpit/cockpit_priv.h"
#include "page/embed.h"
#include "store/store.h"
#include "target/entered.h"
#include "text/csv.h"

enum { TILES_MAX = 80, BELOW_MAX = 200, BELOW_WIDE = 8 };

/* One province of the layout with what it sums. */
struct place {
    const struct json *row;
    const struct unit *unit; /* the first of its codes that this node knows; NULL: none */
    struct figure f;
    bool has_any;
    enum {
        COUNTED,
        DECLARED,
        VERIFIED,
        STATED
    } source; /* STATED: counted by nodes below, too */
};
struct places {
    struct place v[TILES_MAX];
    size_t n;
    bool is_new; /* the 34 */
};

static enum rc layout_load(struct ctx *cx, bool is_new, struct json **ret)
{
    const struct embed_file *f =
        embed_find(is_new ? STR("assets/tiles/tiles34.csv") : STR("assets/tiles/tiles63.csv"));
    return f ? csv_parse(cx, f->data, ret) : FAIL(cx, INTERNAL, "map", "no layout");
}

static bool is_of(const struct json *row, struct str code)
{
    struct str head, rest = json_str(row, "also");
    if (str_eq(json_str(row, "code"), code))
        return true;
    while (rest.n) {
        rest = str_split(rest, ' ', &head);
        if (str_eq(head, code))
            return true;
    }
    return false;
}

static void place_add(struct places *all, const struct unit *u, const struct figure *f)
{
    for (size_t i = 0; i < all->n; i++) {
        struct place *p = &all->v[i];
        if (!is_of(p->row, u->code))
            continue;
        p->unit = p->unit && !str_eq(u->code, json_str(p->row, "code")) ? p->unit : u;
        p->f.num += f->num;
        p->f.den += f->den;
        p->f.seq = f->seq;
        p->has_any = true;
    }
}

/* A province's own node knows one province; a nation's those below it. */
static enum rc figures_add(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                           struct places *all)
{
    const struct unit *root = unit_root(cx);
    struct slice s = a->slice;
    struct figure_rows rows;
    struct figure f;
    if (!root)
        return RC_OK;
    s.unit = root->id;
    if (root->kind != UNIT_NATION) {
        TRY(figure_get(cx, ind, &s, &f));
        place_add(all, root, &f);
        return RC_OK;
    }
    TRY(figure_rows(cx, ind, &s, BY_UNIT, &rows));
    for (size_t i = 0; i < root->nchildren; i++) {
        struct figure none = {0};
        if (root->children[i]->kind == UNIT_PROVINCE)
            place_add(all, root->children[i], &none);
    }
    for (size_t i = 0; i < rows.n; i++) {
        const struct unit *u = unit_find(cx, rows.v[i].key);
        if (u && u->kind == UNIT_PROVINCE)
            place_add(all, u, &rows.v[i].f);
    }
    return RC_OK;
}

/* Whose figures came, all or some, by statements. */
static void stated_mark(struct ctx *cx, const struct asked *a, struct places *all)
{
    for (size_t i = 0; i < all->n && a->stated.taken; i++)
        if (all->v[i].unit)
            all->v[i].source = stated_holds(cx, &a->stated, all->v[i].unit) ? STATED : COUNTED;
}

/* What a province declared itself, of those whose dossiers are not here. */
static enum rc entered_add(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                           struct places *all)
{
    for (size_t i = 0; i < all->n; i++) {
        struct place *p = &all->v[i];
        struct entered e;
        if (p->has_any)
            continue;
        TRY(entered_get(cx, ind->id, json_str(p->row, "code"), a->slice.period, &e));
        const struct entered_value *v = e.verified.is_given ? &e.verified : &e.self;
        p->has_any = v->is_given;
        p->source = e.verified.is_given ? VERIFIED : DECLARED;
        p->f = (struct figure){.num = v->num, .den = v->den, .seq = v->seq};
    }
    return RC_OK;
}

static enum rc places_get(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                          struct places **ret)
{
    struct json *layout;
    struct places *all = arena_new_of(cx->mem, struct places);
    all->is_new = a->slice.period.to > day_make(2025, 7, 1);
    TRY(layout_load(cx, all->is_new, &layout));
    JSON_EACH (layout, row)
        if (all->n < TILES_MAX)
            all->v[all->n++].row = row;
    TRY(figures_add(cx, ind, a, all));
    stated_mark(cx, a, all);
    TRY(entered_add(cx, ind, a, all));
    *ret = all;
    return RC_OK;
}

static bool is_counted(const struct place *p)
{
    return p->source == COUNTED || p->source == STATED;
}

static int small_int(const struct json *row, const char *key)
{
    int64_t n = 0;
    return str_int(json_str(row, key), &n) && n >= 0 && n <= PICTURE_GRID_MAX ? (int)n : 0;
}

static struct mark place_mark(struct ctx *cx, const struct indicator *ind,
                              const struct asked *a, const struct place *p)
{
    struct str name = json_str(p->row, "name");
    if (!p->has_any)
        return (struct mark){.name = name, .text = STR("—"), .value = PICTURE_NONE};
    struct mark m = mark_of(cx, ind, name, &p->f);
    m.is_small &= is_counted(p); /* a declared share says nothing of its size */
    if (p->unit)
        m.href = asked_path(cx, a, page_of(cx, ind, "/map"), p->unit);
    return m;
}

static struct json *provinces_picture(struct ctx *cx, const struct indicator *ind,
                                      const struct asked *a, const struct places *all)
{
    struct tile *v = arena_array(cx->mem, struct tile, all->n + 1);
    struct asked plain = *a;
    plain.level = STR("");
    for (size_t i = 0; i < all->n; i++) {
        const struct place *p = &all->v[i];
        v[i] = (struct tile){small_int(p->row, "x"), small_int(p->row, "y"),
                             str_eq(json_str(p->row, "apart"), STR("1")),
                             place_mark(cx, ind, &plain, p)};
    }
    return picture_tiles(cx, &(struct tiles){v, all->n, 0, 0, axis_unit(ind)});
}

static void figure_cells(struct ctx *cx, const struct indicator *ind, const struct figure *f,
                         struct json *row)
{
    cell_figure(cx, ind, f, row);
    table_number(cx, row, number_text(cx, f->num), str_fmt(cx->mem, "%lld", (long long)f->num));
    bool has_den = ind->unit != IND_COUNT;
    table_number(cx, row, has_den ? number_text(cx, f->den) : STR("–"),
                 has_den ? str_fmt(cx->mem, "%lld", (long long)f->den) : STR(""));
}

static struct json *table_begin(struct ctx *cx)
{
    struct json *t = table_new(cx);
    table_column(cx, t, "unit", msg_get(cx->lang, STR("cockpit.unit")), false);
    table_column(cx, t, "value", msg_get(cx->lang, STR("cockpit.value")), true);
    table_column(cx, t, "numerator", msg_get(cx->lang, STR("cockpit.num")), true);
    table_column(cx, t, "denominator", msg_get(cx->lang, STR("cockpit.den")), true);
    table_column(cx, t, "code", msg_get(cx->lang, STR("cockpit.code")), false);
    return t;
}

/* Islands belong to their province, whose figures hold theirs: they have a row as they have a
 * tile, without figures of their own. */
static struct json *provinces_table(struct ctx *cx, const struct indicator *ind,
                                    const struct places *all)
{
    static const char *const sources[] = {"cockpit.source.counted", "cockpit.source.declared",
                                          "cockpit.source.verified", "cockpit.source.stated"};
    struct json *t = table_begin(cx);
    table_column(cx, t, "source", msg_get(cx->lang, STR("cockpit.source")), false);
    for (size_t i = 0; i < all->n; i++) {
        const struct place *p = &all->v[i];
        bool is_island = str_eq(json_str(p->row, "apart"), STR("1"));
        bool has_any = p->has_any && !is_island;
        struct json *row = table_row(cx, t);
        table_text(cx, row, json_str(p->row, "name"), STR(""));
        if (has_any && is_counted(p)) {
            figure_cells(cx, ind, &p->f, row);
        } else { /* a declared share was not counted over so many dossiers */
            if (has_any)
                json_put_bool(cx->mem, cell_figure(cx, ind, &p->f, row), "is_small", false);
            for (int k = has_any ? 1 : 0; k < 3; k++)
                table_number(cx, row, STR("—"), STR(""));
        }
        table_text(cx, row, is_island ? STR("") : json_str(p->row, "code"), STR(""));
        struct str source = msg_get(cx->lang, str_from(sources[p->source]));
        source = is_island ? msg_get(cx->lang, STR("cockpit.source.province")) : source;
        table_text(cx, row, has_any || is_island ? source : STR(""), STR(""));
    }
    return t;
}

/* -- the units below: tiles in rows, the best first -- */

static struct json *below_picture(struct ctx *cx, const struct indicator *ind,
                                  const struct asked *a, const struct standings *all)
{
    size_t n = all->n < BELOW_MAX ? all->n : BELOW_MAX;
    struct tile *v = arena_array(cx->mem, struct tile, n + 1);
    struct asked plain = *a;
    plain.level = STR("");
    for (size_t i = 0; i < n; i++) {
        const struct standing *s = &all->v[i];
        v[i] = (struct tile){(int)i % BELOW_WIDE, (int)i / BELOW_WIDE, false,
                             mark_of(cx, ind, unit_name(cx, s->unit), &s->now)};
        v[i].mark.href =
            asked_path(cx, &plain, page_of(cx, ind, s->unit->nchildren ? "/map" : ""), s->unit);
    }
    return picture_tiles(cx, &(struct tiles){v, n, 0, 0, axis_unit(ind)});
}

static struct json *below_table(struct ctx *cx, const struct indicator *ind,
                                const struct standings *all)
{
    struct json *t = table_begin(cx);
    for (size_t i = 0; i < all->n && i < BELOW_MAX; i++) {
        const struct standing *s = &all->v[i];
        struct json *row = table_row(cx, t);
        table_text(cx, row, unit_name(cx, s->unit), STR(""));
        figure_cells(cx, ind, &s->now, row);
        table_text(cx, row, s->unit->code, STR(""));
    }
    return t;
}

static bool is_top(struct ctx *cx, const struct asked *a)
{
    return !a->unit || a->unit == unit_root(cx);
}

enum rc map_view(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                 struct json *v)
{
    struct places *places;
    struct standings below;
    json_put_bool(cx->mem, v, "is_top", is_top(cx, a));
    if (is_top(cx, a)) {
        TRY(places_get(cx, ind, a, &places));
        json_put(v, STR("provinces"), provinces_picture(cx, ind, a, places));
        json_put(v, STR("provinces_table"), provinces_table(cx, ind, places));
        json_put_bool(cx->mem, v, "is_new", places->is_new);
    }
    TRY(standings_get(cx, ind, a, &below));
    bool has_below = below.n > 0 && below.kind != UNIT_PROVINCE;
    levels_put(cx, a, page_of(cx, ind, "/map"), v);
    json_put_bool(cx->mem, v, "has_below", has_below);
    json_put_bool(cx->mem, v, "is_cut", below.n > BELOW_MAX);
    if (has_below) {
        json_put(v, STR("below"), below_picture(cx, ind, a, &below));
        json_put(v, STR("below_table"), below_table(cx, ind, &below));
    }
    return RC_OK;
}

enum rc get_map(struct ctx *cx, struct req *rq)
{
    struct asked a;
    const struct indicator *ind;
    struct json *v = json_new_obj(cx->mem);
    TRY(page_begin(cx, rq, TAB_MAP, &a, &ind, v));
    TRY(map_view(cx, ind, &a, v));
    return reply_page(cx, rq, "cockpit/map", v);
}

/* The provinces at the top, the units below anywhere else or when a level is asked for. */
enum rc get_map_csv(struct ctx *cx, struct req *rq)
{
    struct asked a;
    struct places *places;
    struct standings below;
    const struct indicator *ind;
    TRY(question_read(cx, rq, &a, &ind));
    struct str name = str_fmt(cx->mem, "%.*s-map", STR_ARG(ind->id));
    if (is_top(cx, &a) && !a.level.n) {
        TRY(places_get(cx, ind, &a, &places));
        return csv_reply(cx, rq, name.p, provinces_table(cx, ind, places));
    }
    TRY(standings_get(cx, ind, &a, &below));
    return csv_reply(cx, rq, name.p, below_table(cx, ind, &below));
}
