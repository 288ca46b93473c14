/* officers.c - TT 01/2018: the mean of what each officer's dossiers got, and the grade. */
#include "score/officers.h"

#include "base/map.h"
#include "gen/score_sql.h"
#include "store/store.h"
#include "text/i18n.h"

/* LAW: TT01/2018 13.1: shorter than the limit 2, equal 1, longer 0. */
static int64_t time_points(const struct officer_dossiers_row *r)
{
    if (r->is_late)
        return 0;
    return r->due < INT32_MAX && day_of(r->finished_us) < r->due ? 2 : 1;
}

/* LAW: TT01/2018 13.3: never 2, once 1, more often 0. */
static int64_t contact_points(const struct officer_dossiers_row *r)
{
    return r->supplements > 1 ? 0 : 2 - r->supplements;
}

struct gather {
    struct map *officers; /* account -> struct officer_grade, with sums in points */
};

static struct officer_grade *officer_of(struct ctx *cx, struct gather *g, int64_t account)
{
    struct str key = str_fmt(cx->mem, "%lld", (long long)account);
    struct officer_grade *o = map_get(g->officers, key);
    if (!o && map_size(g->officers) < OFFICERS_MAX) {
        o = arena_new_of(cx->mem, struct officer_grade);
        o->account = account;
        map_set(g->officers, key, o);
    }
    return o;
}

static enum rc row_each(struct ctx *cx, const struct officer_dossiers_row *r, void *arg)
{
    struct officer_grade *o = officer_of(cx, arg, r->account);
    if (!o)
        return FAIL(cx, TOO_LARGE, "unit", "over %d officers", OFFICERS_MAX);
    o->dossiers++;
    o->points[OFFICER_TIME] += time_points(r);
    o->points[OFFICER_CONTACTS] += contact_points(r);
    o->points[OFFICER_OFFICES] += r->supplements ? 1 : 2;         /* LAW: TT01/2018 13.4 */
    o->points[OFFICER_MANNER] += r->appeals ? 0 : time_points(r); /* LAW: TT01/2018 13.7 */
    return RC_OK;
}

/* LAW: TT01/2018 15.2: the mean, one decimal. */
static void mean_take(struct officer_grade *o)
{
    enum { MOST = OFFICER_INDICES * 200 };
    for (int i = 0; i < OFFICER_INDICES; i++) {
        o->points[i] = (o->points[i] * 10 + o->dossiers / 2) / o->dossiers * 10;
        o->total += o->points[i];
    }
    o->graded = (o->total * OFFICER_WHOLE + MOST / 2) / MOST;
}

static int name_cmp(const void *a, const void *b)
{
    const struct officer_grade *x = a, *y = b;
    int c = str_cmp(x->name, y->name);
    return c ? c : (x->account > y->account) - (x->account < y->account);
}

/* Who left the unit since keeps the number of the account as a name. */
static enum rc names_take(struct ctx *cx, const struct unit *u, struct officer_grades *g)
{
    struct officer_list list = {0};
    TRY(officers_of(cx, u->id, &list));
    for (size_t i = 0; i < g->n; i++) {
        g->v[i].name = str_fmt(cx->mem, "#%lld", (long long)g->v[i].account);
        for (size_t k = 0; k < list.n; k++)
            if (list.v[k].account == g->v[i].account)
                g->v[i].name = list.v[k].name;
    }
    return RC_OK;
}

enum rc officer_grades_get(struct ctx *cx, const struct unit *u, struct period period,
                           struct officer_grades *ret)
{
    struct gather g = {map_new(cx->mem)};
    if (cx->who && !who_has_role(cx->who, ROLE_leader, u->id))
        return FAIL(cx, FORBIDDEN, "unit", "not a leader of the unit");
    TRY(sql_officer_dossiers(cx, u->id.v, day_start(period.from), day_start(period.to),
                             row_each, &g));
    size_t n = map_size(g.officers);
    struct officer_grades out = {arena_array(cx->mem, struct officer_grade, n + 1), n};
    for (size_t i = 0; i < n; i++) {
        out.v[i] = *(struct officer_grade *)map_at(g.officers, i, NULL);
        mean_take(&out.v[i]);
    }
    TRY(names_take(cx, u, &out));
    qsort(out.v, out.n, sizeof *out.v, name_cmp);
    *ret = out;
    return RC_OK;
}

const char *officer_grade_name(int64_t graded)
{
    return graded >= OFFICER_FULL ? "full" : graded >= OFFICER_PART ? "part" : "less";
}

static struct json *officer_json(struct ctx *cx, const struct officer_grade *o)
{
    static const char *const keys[] = {"time", "contacts", "offices", "manner"};
    struct json *row = json_new_obj(cx->mem);
    const char *grade = officer_grade_name(o->graded);
    json_put_str(cx->mem, row, "name", o->name);
    json_put_int(cx->mem, row, "dossiers", o->dossiers);
    for (int i = 0; i < OFFICER_INDICES; i++)
        json_put_str(cx->mem, row, keys[i], score_text(cx, o->points[i]));
    json_put_str(cx->mem, row, "total", score_text(cx, o->total));
    json_put_str(cx->mem, row, "graded", score_text(cx, o->graded));
    json_put_str(cx->mem, row, "grade", str_from(grade));
    json_put_str(cx->mem, row, "grade_text",
                 msg_get(cx->lang, str_fmt(cx->mem, "score.officer.%s", grade)));
    return row;
}

enum rc officer_grades_json(struct ctx *cx, const struct unit *u, struct period period,
                            struct json **ret)
{
    struct officer_grades g;
    TRY(officer_grades_get(cx, u, period, &g));
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "unit", unit_name(cx, u));
    json_put_str(cx->mem, o, "unit_code", u->code);
    json_put_str(cx->mem, o, "from", day_iso(cx->mem, period.from));
    json_put_str(cx->mem, o, "to", day_iso(cx->mem, period.to - 1));
    json_put_str(cx->mem, o, "law", STR("Thông tư 01/2018/TT-VPCP, Điều 13, 15"));
    struct json *list = json_put(o, STR("officers"), json_new_arr(cx->mem));
    for (size_t i = 0; i < g.n; i++)
        json_push(list, officer_json(cx, &g.v[i]));
    *ret = o;
    return RC_OK;
}
