/* dataset.c - datasets.yaml into datasets: strictly, with every mistake told. */
#include "declare/dataset.h"

#include "declare/facts.h"

#define COUNT(v) (sizeof(v) / sizeof *(v))

static const char *const times[] = {"day", "month", "quarter", "year", ""};
static const char *const areas[] = {"unit", "commune", "district", "province", ""};
static const struct licence licences[] = {
    {"CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"},
    {"CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"},
    {"CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"},
    {"ODbL-1.0", "https://opendatacommons.org/licenses/odbl/1-0/"},
    {"ODC-By-1.0", "https://opendatacommons.org/licenses/by/1-0/"},
    {"PDDL-1.0", "https://opendatacommons.org/licenses/pddl/1-0/"},
};

const char *time_name(enum dataset_time t)
{
    return times[t];
}

const char *area_name(enum dataset_area a)
{
    return areas[a];
}

const struct licence *licence_find(struct str id)
{
    for (size_t i = 0; i < COUNT(licences); i++)
        if (str_eq(id, str_from(licences[i].id)))
            return &licences[i];
    return NULL;
}

/* The place of the word under key among words; absent leaves *ret as it is. */
static enum rc word_read(struct ctx *cx, const struct json *obj, const char *key,
                         const char *const words[], int *ret)
{
    const struct json *v = json_get(obj, str_from(key));
    if (!v)
        return RC_OK;
    for (int i = 0; v->kind == JSON_STR && words[i][0]; i++)
        if (str_eq(v->s, str_from(words[i]))) {
            *ret = i;
            return RC_OK;
        }
    return DECL_FAIL(cx, "P182", v, "%s: `%.*s`", key, STR_ARG(str_cut(v->s, 0, 40)));
}

static enum rc grain_read(struct ctx *cx, const struct json *y, struct dataset *d)
{
    const struct json *v;
    int time = TIME_ALL, area = AREA_ALL;
    TRY(decl_object(cx, y, "dimensions", &v));
    if (!v)
        return RC_OK; /* told as missing */
    TRY(decl_keys(cx, v, "time unit procedure channel"));
    TRY(word_read(cx, v, "time", times, &time));
    TRY(word_read(cx, v, "unit", areas, &area));
    TRY(decl_bool(cx, v, "procedure", &d->grain.procedure));
    TRY(decl_bool(cx, v, "channel", &d->grain.channel));
    d->grain.time = (enum dataset_time)time;
    d->grain.area = (enum dataset_area)area;
    if (time != TIME_ALL && time > (int)d->every)
        return DECL_FAIL(cx, "P182", v, "time: %s > every: %s", times[time], times[d->every]);
    return RC_OK;
}

/* -- what is in it -- */

static const struct json *indicator_of(const struct json *indicators, struct str id)
{
    JSON_EACH (indicators, v)
        if (str_eq(json_str(v, "id"), id))
            return v;
    return NULL;
}

/* How many dossiers stand behind a figure must be known, or nobody can say that it is safe. */
static bool size_is_known(const struct json *ind)
{
    struct str kind = json_str(ind, "kind"), source = json_str(ind, "source");
    bool is_plain = str_eq(kind, STR("flow")) || str_eq(kind, STR("stock"));
    bool is_sum = json_get(ind, STR("sum")) && !json_get(ind, STR("of"));
    return is_plain && !is_sum && !source.p && !json_get(ind, STR("distinct"));
}

static enum rc figure_column(struct ctx *cx, const struct json *v,
                             const struct json *indicators, struct dataset *d)
{
    const struct json *ind = v->kind == JSON_STR ? indicator_of(indicators, v->s) : NULL;
    if (!ind)
        return DECL_FAIL(cx, "P183", v, "`%.*s`", STR_ARG(str_cut(v->s, 0, 60)));
    if (!size_is_known(ind))
        return DECL_FAIL(cx, "P184", v, "`%.*s`", STR_ARG(v->s));
    if (str_eq(json_str(ind, "kind"), STR("stock")) && d->grain.time < d->every)
        return DECL_FAIL(cx, "P185", v, "`%.*s`", STR_ARG(v->s));
    d->columns[d->ncolumns++] = v->s;
    return RC_OK;
}

/* What tells dossiers apart is a dimension, and checked: it may not come in as a value. */
static bool is_dimension(struct str name)
{
    return str_eq(name, STR("procedure")) || str_eq(name, STR("pack")) ||
           str_eq(name, STR("channel"));
}

static enum rc fact_column(struct ctx *cx, const struct json *v, struct dataset *d)
{
    if (v->kind != JSON_STR || !fact_is_known(d->event, v->s) || is_dimension(v->s))
        return DECL_FAIL(cx, "P183", v, "`%.*s`", STR_ARG(str_cut(v->s, 0, 60)));
    d->columns[d->ncolumns++] = v->s;
    return RC_OK;
}

static enum rc columns_read(struct ctx *cx, const struct json *list,
                            const struct json *indicators, struct decl_notes *notes,
                            struct dataset *d)
{
    JSON_EACH (list, v)
        KEEP(cx, notes, d->event ? fact_column(cx, v, d) : figure_column(cx, v, indicators, d));
    return RC_OK;
}

static enum rc events_read(struct ctx *cx, const struct json *v, struct decl_notes *notes,
                           struct dataset *d)
{
    struct str event = STR_NULL;
    const struct json *list, *src = json_get(v, STR("if"));
    struct expr *e;
    TRY(decl_keys(cx, v, "event! if columns!"));
    TRY(decl_text(cx, v, "event", &event));
    d->event = event_parse(event);
    const struct expr_scope *scope = d->event ? fact_scope(cx, d->event) : NULL;
    if (!scope)
        return DECL_FAIL(cx, "P061", v, "`%.*s`", STR_ARG(str_cut(event, 0, 60)));
    if (src) {
        TRY(expr_declare(cx, src, scope, (struct expr_want){T_BOOL, "P062"}, &e));
        d->when = e;
    }
    TRY(decl_list(cx, v, "columns", DATASET_COLUMNS_MAX, &list));
    return columns_read(cx, list, NULL, notes, d);
}

static enum rc content_read(struct ctx *cx, const struct json *y, const struct json *indicators,
                            struct decl_notes *notes, struct dataset *d)
{
    const struct json *list, *events;
    TRY(decl_list(cx, y, "indicators", DATASET_COLUMNS_MAX, &list));
    TRY(decl_object(cx, y, "events", &events));
    if ((list != NULL) == (events != NULL) || (list && list->n == 0))
        return DECL_FAIL(cx, "P181", y, "`%.*s`", STR_ARG(d->id));
    if (events)
        return events_read(cx, events, notes, d);
    return columns_read(cx, list, indicators, notes, d);
}

/* -- what it is called, who answers for it -- */

/* The EU's controlled list of data themes, which harvesters know. */
static bool theme_is(struct str s)
{
    static const char *const themes[] = {"AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL",
                                         "INTR", "JUST", "REGI", "SOCI", "TECH", "TRAN"};
    for (size_t i = 0; i < COUNT(themes); i++)
        if (str_eq(s, str_from(themes[i])))
            return true;
    return false;
}

static bool email_is(struct str s)
{
    size_t at = str_find(s, '@', 0);
    return at > 0 && at + 3 < s.n && str_find(s, '.', at) < s.n - 1 && !str_has(s, STR(" "));
}

static enum rc contact_read(struct ctx *cx, const struct json *y, struct dataset *d)
{
    const struct json *v;
    TRY(decl_object(cx, y, "contact", &v));
    if (!v)
        return RC_OK;
    TRY(decl_keys(cx, v, "name! email!"));
    TRY(decl_label(cx, v, "name", &d->contact));
    TRY(decl_text(cx, v, "email", &d->email));
    if (!email_is(d->email))
        return DECL_FAIL(cx, RULE_VALUE, v, "email: `%.*s`", STR_ARG(str_cut(d->email, 0, 60)));
    return RC_OK;
}

static enum rc terms_read(struct ctx *cx, const struct json *y, struct dataset *d)
{
    static const int64_t k_range[] = {DATASET_K_MIN, DATASET_K_MAX};
    struct str licence = STR_NULL;
    TRY(decl_text(cx, y, "licence", &licence));
    d->licence = licence_find(licence);
    if (licence.p && !d->licence)
        return DECL_FAIL(cx, "P180", json_get(y, STR("licence")), "`%.*s`",
                         STR_ARG(str_cut(licence, 0, 40)));
    TRY(decl_text(cx, y, "theme", &d->theme));
    if (!theme_is(d->theme))
        return DECL_FAIL(cx, RULE_VALUE, json_get(y, STR("theme")), "theme: `%.*s`",
                         STR_ARG(str_cut(d->theme, 0, 40)));
    return decl_int(cx, y, "k", k_range, &d->k);
}

static enum rc every_read(struct ctx *cx, const struct json *y, struct dataset *d)
{
    int every = TIME_MONTH;
    TRY(word_read(cx, y, "every", times, &every));
    if (every == TIME_DAY)
        return DECL_FAIL(cx, "P182", json_get(y, STR("every")), "every: `day`");
    d->every = (enum dataset_time)every;
    return RC_OK;
}

static enum rc dataset_one(struct ctx *cx, const struct json *y, const struct json *indicators,
                           struct decl_notes *notes, struct dataset *d)
{
    *d = (struct dataset){.k = DATASET_K, .theme = STR("GOVE"), .every = TIME_MONTH};
    d->grain = (struct grain){.time = TIME_ALL, .area = AREA_ALL};
    TRY(decl_keys_all(cx, y,
                      "id! title! about! keywords theme licence! contact! every! k dimensions! "
                      "indicators events",
                      notes));
    TRY(decl_text(cx, y, "id", &d->id));
    KEEP(cx, notes, decl_id(cx, d->id, y));
    KEEP(cx, notes, decl_label(cx, y, "title", &d->title));
    KEEP(cx, notes, decl_label(cx, y, "about", &d->about));
    KEEP(cx, notes, decl_label(cx, y, "keywords", &d->keywords));
    KEEP(cx, notes, contact_read(cx, y, d));
    KEEP(cx, notes, terms_read(cx, y, d));
    KEEP(cx, notes, every_read(cx, y, d));
    KEEP(cx, notes, grain_read(cx, y, d));
    return content_read(cx, y, indicators, notes, d);
}

enum rc datasets_read(struct ctx *cx, const struct json *yaml, const struct json *indicators,
                      struct decl_notes *notes, struct dataset_list *ret)
{
    const struct json *list;
    TRY(decl_keys(cx, yaml, "datasets!"));
    TRY(decl_list(cx, yaml, "datasets", DATASETS_MAX, &list));
    struct dataset_list all = {arena_array(cx->mem, struct dataset, list->n), 0};
    JSON_EACH (list, y) {
        KEEP(cx, notes, dataset_one(cx, y, indicators, notes, &all.v[all.n]));
        for (size_t i = 0; i < all.n; i++)
            if (str_eq(all.v[i].id, all.v[all.n].id))
                KEEP(cx, notes, DECL_FAIL(cx, RULE_TWICE, y, "`%.*s`", STR_ARG(all.v[i].id)));
        all.n++;
    }
    *ret = all;
    return RC_OK;
}
