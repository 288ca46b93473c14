/* read.c - what was released: the list, the bytes, the columns, the rows. */
#include "gen/opendata_sql.h"
#include "opendata/opendata_priv.h"
#include "text/csv.h"
#include "text/i18n.h"

static struct json *release_json(struct ctx *cx, const struct release_find_row *r)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "period", r->period);
    json_put_int(cx->mem, o, "revision", r->revision);
    json_put_str(cx->mem, o, "digest", r->digest);
    json_put_int(cx->mem, o, "bytes", r->bytes);
    json_put_int(cx->mem, o, "rows", r->nrows);
    json_put_int(cx->mem, o, "k", r->k);
    json_put_int(cx->mem, o, "smallest", r->smallest);
    json_put_int(cx->mem, o, "ledger_size", r->ledger_size);
    json_put_int(cx->mem, o, "seq", r->seq);
    json_put_str(cx->mem, o, "time", time_iso(cx->mem, r->released_us));
    json_put_str(cx->mem, o, "time_text", time_text(cx->mem, r->released_us));
    json_put_str(cx->mem, o, "pack", r->pack);
    return o;
}

/* {missing: [{node, unit_name, period}], nmissing, has_missing} */
static enum rc missing_put(struct ctx *cx, const struct release_find_row *r, struct json *o)
{
    struct json *list = json_new_arr(cx->mem);
    if (r->missing.n)
        TRY(json_parse(cx, r->missing, &list));
    json_put(o, STR("missing"), list);
    json_put_int(cx->mem, o, "nmissing", r->nmissing);
    json_put_bool(cx->mem, o, "has_missing", r->nmissing > 0);
    return RC_OK;
}

enum rc dataset_releases(struct ctx *cx, struct str id, struct json **ret)
{
    struct releases_of_rows rows;
    TRY(sql_releases_of(cx, id, RELEASES_SHOWN, &rows));
    struct json *list = json_new_arr(cx->mem);
    for (size_t i = 0; i < rows.n; i++) {
        struct json *o = json_push(list, release_json(cx, &rows.v[i]));
        TRY(missing_put(cx, &rows.v[i], o));
    }
    *ret = list;
    return RC_OK;
}

static struct grain grain_read(const struct json *o)
{
    struct grain g = {TIME_DAY, AREA_UNIT, json_bool(o, "procedure"), json_bool(o, "channel")};
    while (g.time < TIME_ALL && !str_eq(json_str(o, "time"), str_from(time_name(g.time))))
        g.time++;
    while (g.area < AREA_ALL && !str_eq(json_str(o, "unit"), str_from(area_name(g.area))))
        g.area++;
    return g;
}

static enum rc refusal_json(struct ctx *cx, const struct offer *o,
                            const struct refusal_find_row *r, struct json **ret)
{
    struct json *v = json_new_obj(cx->mem), *coarser;
    json_put_str(cx->mem, v, "period", r->period);
    json_put_int(cx->mem, v, "rows", r->nrows);
    json_put_int(cx->mem, v, "under", r->under);
    json_put_int(cx->mem, v, "smallest", r->smallest);
    json_put_int(cx->mem, v, "k", r->k);
    json_put_int(cx->mem, v, "seq", r->seq);
    json_put_str(cx->mem, v, "time_text", time_text(cx->mem, r->refused_us));
    TRY(json_parse(cx, r->coarser, &coarser));
    struct json *list = json_put(v, STR("coarser"), json_new_arr(cx->mem));
    JSON_EACH (coarser, c) {
        struct grain g = grain_read(c);
        json_push(list, json_new_str(cx->mem, coarser_text(cx, &o->d->grain, &g)));
    }
    json_put_bool(cx->mem, v, "has_coarser", list->n > 0);
    *ret = v;
    return RC_OK;
}

enum rc dataset_refusals(struct ctx *cx, struct str id, struct json **ret)
{
    struct refusals_of_rows rows;
    const struct offer *o = offer_find(cx, id);
    struct json *list = json_new_arr(cx->mem), *one;
    if (!o)
        return FAIL(cx, NOT_FOUND, "id", "no such dataset");
    TRY(sql_refusals_of(cx, id, RELEASES_SHOWN, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        TRY(refusal_json(cx, o, &rows.v[i], &one));
        json_push(list, one);
    }
    *ret = list;
    return RC_OK;
}

enum rc dataset_csv(struct ctx *cx, struct str id, struct str period, int64_t revision,
                    struct json **meta, struct str *csv)
{
    struct release_find_row *r;
    struct bytes_find_row *b;
    struct hash want, is;
    TRY(sql_release_find(cx, id, period.p ? period : STR(""), revision, &r));
    if (!r)
        return FAIL(cx, NOT_FOUND, "period", "no such release");
    TRY(sql_bytes_find(cx, r->digest, &b));
    is = hash_of(b ? b->body : STR(""));
    if (!b || !hash_parse(r->digest, &want) || !hash_equal(&want, &is))
        return FAIL(cx, CORRUPT, "period",
                    "release %.*s %.*s: its bytes are not what the "
                    "ledger says",
                    STR_ARG(id), STR_ARG(r->period));
    *meta = release_json(cx, r);
    *csv = b->body;
    return RC_OK;
}

/* -- columns -- */

static void column_put(struct ctx *cx, struct json *list, const char *name, const char *type)
{
    struct json *c = json_push(list, json_new_obj(cx->mem));
    struct str key = str_fmt(cx->mem, "opendata.column.%s", name);
    json_put_str(cx->mem, c, "name", str_from(name));
    json_put_str(cx->mem, c, "type", str_from(type));
    json_put_str(cx->mem, c, "title", msg_get(cx->lang, key));
    json_put_str(cx->mem, c, "about", STR("")); /* or a page would show the dataset's */
}

static void figure_put(struct ctx *cx, struct json *list, struct str id,
                       const struct indicator *ind, const char *part)
{
    struct json *c = json_push(list, json_new_obj(cx->mem));
    struct json *args = json_new_obj(cx->mem);
    json_put_str(cx->mem, c, "name", str_fmt(cx->mem, "%.*s%s", STR_ARG(id), part));
    json_put_str(cx->mem, c, "type", STR("integer"));
    json_put_str(cx->mem, args, "name", ind ? label_text(cx, ind->name) : id);
    struct str key = str_fmt(cx->mem, "opendata.column.figure%s", part);
    json_put_str(cx->mem, c, "title", msg_fill(cx, key, args));
    json_put_str(cx->mem, c, "about", ind ? label_text(cx, ind->about) : STR(""));
}

static void fact_put(struct ctx *cx, struct json *list, struct str name)
{
    struct json *c = json_push(list, json_new_obj(cx->mem));
    json_put_str(cx->mem, c, "name", name);
    json_put_str(cx->mem, c, "type", STR("string"));
    json_put_str(cx->mem, c, "title", name);
    json_put_str(cx->mem, c, "about", STR(""));
}

struct json *content_columns(struct ctx *cx, const struct offer *o)
{
    struct json *list = json_new_arr(cx->mem);
    const struct dataset *d = o->d;
    if (d->grain.time != TIME_ALL)
        column_put(cx, list, time_name(d->grain.time), "string");
    if (d->grain.area != AREA_ALL) {
        column_put(cx, list, "unit_code", "string");
        column_put(cx, list, "unit_name", "string");
    }
    if (d->grain.procedure)
        column_put(cx, list, "procedure", "string");
    if (d->grain.channel)
        column_put(cx, list, "channel", "integer");
    for (size_t i = 0; i < d->ncolumns; i++) {
        const struct indicator *ind = offer_column(cx, o, i);
        bool is_ratio = ind && ind->unit != IND_COUNT;
        if (d->event) {
            fact_put(cx, list, d->columns[i]);
            continue;
        }
        figure_put(cx, list, d->columns[i], ind, is_ratio ? "_numerator" : "");
        if (is_ratio)
            figure_put(cx, list, d->columns[i], ind, "_denominator");
    }
    return list;
}

/* -- rows -- */

/* Codes of units and procedures are texts although some look like numbers. */
static bool is_number(const struct json *columns, struct str name)
{
    JSON_EACH (columns, c)
        if (str_eq(json_str(c, "name"), name))
            return str_eq(json_str(c, "type"), STR("integer"));
    return false;
}

enum rc dataset_rows(struct ctx *cx, const struct offer *o, struct str csv, struct json **ret)
{
    struct json *rows;
    const struct json *columns = content_columns(cx, o);
    TRY(csv_parse(cx, csv, &rows));
    JSON_EACH (rows, row)
        JSON_EACH (row, cell) {
            int64_t n;
            if (!is_number(columns, cell->key) || !str_int(cell->s, &n))
                continue;
            cell->kind = JSON_INT;
            cell->i = n;
        }
    *ret = rows;
    return RC_OK;
}
