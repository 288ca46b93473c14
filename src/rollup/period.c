/* period.c - what nodes below said of a period: whose statements it holds, whose it lacks. */
#include "base/map.h"
#include "gen/rollup_sql.h"
#include "rollup/rollup_priv.h"
#include "text/i18n.h"

/* Months before the trust that may have their deadline after it; bytes of names. */
enum { TRUST_BACK = 3, NAMES_MAX = 8192 };

struct reading {
    struct nodes_rows nodes;
    const bool *concerned; /* each node: does it speak for what is asked about? */
    int32_t from, to;
    struct map *seen; /* "node period" of each statement that stands */
    size_t last;      /* the node that was last counted as taken, + 1 */
    struct stated *out;
};

static void named_add(struct ctx *cx, struct json *list, const struct nodes_row *node,
                      struct str period)
{
    const struct unit *u = unit_find(cx, node->unit);
    if (list->n == STATED_NAMED)
        return;
    struct json *o = json_push(list, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "node", node->name);
    json_put_str(cx->mem, o, "unit_name", u ? unit_name(cx, u) : node->unit);
    json_put_str(cx->mem, o, "period", str_dup(cx->mem, period));
}

static bool has_text(const struct json *list, struct str text)
{
    JSON_EACH (list, v)
        if (str_eq(v->s, text))
            return true;
    return false;
}

static struct str key_of(struct arena *mem, struct str node, struct str period)
{
    return str_fmt(mem, "%.*s %.*s", STR_ARG(node), STR_ARG(period));
}

/* A month of which a statement stands; revisions follow one another, the first is it. */
static void month_stands(struct ctx *cx, struct reading *r, size_t node, const struct month *m,
                         bool is_late)
{
    struct str key = key_of(cx->mem, r->nodes.v[node].name, m->name);
    bool is_whole = r->from <= m->from && m->to <= r->to;
    if (map_get(r->seen, key))
        return;
    map_set(r->seen, key, r);
    if (!is_whole) {
        if (!has_text(r->out->cut, m->name))
            json_push(r->out->cut, json_new_str(cx->mem, m->name));
        return;
    }
    if (r->last != node + 1) { /* they come node by node */
        r->out->taken++;
        json_push(r->out->of, json_new_str(cx->mem, r->nodes.v[node].unit));
    }
    r->last = node + 1;
    if (!is_late)
        return;
    r->out->nlate++;
    named_add(cx, r->out->late, &r->nodes.v[node], m->name);
}

static enum rc statement_each(struct ctx *cx, const struct statements_from_row *row, void *arg)
{
    struct reading *r = arg;
    struct month m;
    if (!month_parse(cx->mem, row->period, &m))
        return RC_OK;
    for (size_t i = 0; i < r->nodes.n; i++)
        if (r->concerned[i] && str_eq(r->nodes.v[i].name, row->node)) {
            month_stands(cx, r, i, &m, row->late);
            break;
        }
    return RC_OK;
}

/* Months that are over and wholly in the period, of which nothing stands. */
static void without_add(struct ctx *cx, struct reading *r, const struct nodes_row *node)
{
    int64_t first = month_of(r->from), now = month_now(cx->now_us);
    int64_t trusted = month_now(node->trusted_us) - TRUST_BACK;
    for (int64_t n = first > trusted ? first : trusted; n < now; n++) {
        struct month m = month_at(cx->mem, n);
        if (m.to > r->to)
            return;
        if (m.from < r->from || map_get(r->seen, key_of(cx->mem, node->name, m.name)))
            continue;
        const char *state = state_without(cx, node, &m);
        if (strcmp(state, "missing") == 0) {
            r->out->nmissing++;
            named_add(cx, r->out->missing, node, m.name);
        } else if (strcmp(state, "waiting") == 0) {
            r->out->nwaiting++;
            r->out->until = month_deadline(cx, &m);
            named_add(cx, r->out->waiting, node, m.name);
        }
    }
}

enum rc statements_of(struct ctx *cx, const struct unit *unit, int32_t from, int32_t to,
                      struct stated *ret)
{
    struct stated out = {.missing = json_new_arr(cx->mem),
                         .waiting = json_new_arr(cx->mem),
                         .late = json_new_arr(cx->mem),
                         .cut = json_new_arr(cx->mem),
                         .of = json_new_arr(cx->mem)};
    struct reading r = {.from = from, .to = to, .seen = map_new(cx->mem), .out = &out};
    *ret = out;
    TRY(sql_nodes(cx, &r.nodes));
    if (r.nodes.n == 0)
        return RC_OK;
    bool *concerned = arena_array(cx->mem, bool, r.nodes.n);
    for (size_t i = 0; i < r.nodes.n; i++)
        concerned[i] = !unit || units_are_nested(cx, unit, r.nodes.v[i].unit);
    r.concerned = concerned;
    TRY(sql_statements_between(cx, month_at(cx->mem, month_of(from)).name,
                               month_at(cx->mem, month_of(to - 1)).name, statement_each, &r));
    for (size_t i = 0; i < r.nodes.n; i++)
        if (concerned[i])
            without_add(cx, &r, &r.nodes.v[i]);
    *ret = out;
    return RC_OK;
}

bool stated_holds(struct ctx *cx, const struct stated *s, const struct unit *u)
{
    JSON_EACH (s->of, code)
        if (units_are_nested(cx, u, code->s))
            return true;
    return false;
}

struct str stated_names(struct ctx *cx, const struct json *list, size_t n)
{
    struct buf *b = buf_new(cx->mem, NAMES_MAX);
    JSON_EACH (list, v) {
        struct json *args = json_new_obj(cx->mem);
        struct str month, period = json_str(v, "period"), year;
        month = str_split(period, '-', &year);
        json_put_str(cx->mem, args, "unit_name", json_str(v, "unit_name"));
        json_put_str(cx->mem, args, "month",
                     str_fmt(cx->mem, "%.*s/%.*s", STR_ARG(month), STR_ARG(year)));
        buf_put(b, v == list->first ? STR("") : STR(", "));
        buf_put(b, msg_fill(cx, STR("rollup.named"), args));
    }
    if (n <= list->n)
        return buf_str(b);
    struct json *args = json_new_obj(cx->mem);
    json_put_str(cx->mem, args, "names", buf_str(b));
    json_put_str(cx->mem, args, "n", number_text(cx, (int64_t)(n - list->n)));
    return msg_fill(cx, STR("rollup.named.more"), args);
}
