/* catalog.c - the catalogue as DCAT-AP 3 in JSON-LD: what harvesters of open data read.
 *
 * Each dataset is a series (dcat:DatasetSeries); each period's last release is a dataset in it,
 * with its CSV and JSON as distributions and the CSV's SHA-256 as checksum. */
#include "app/app.h"
#include "opendata/opendata_priv.h"
#include "text/i18n.h"

#define EU "http://publications.europa.eu/resource/authority/"
#define IANA "https://www.iana.org/assignments/media-types/"

struct catalog {
    struct ctx *cx;
    struct str base;
};

static void put(struct ctx *cx, struct json *o, const char *key, struct str s)
{
    json_put(o, str_from(key), json_new_str(cx->mem, s));
}

static struct json *node_of(struct ctx *cx, struct str id, const char *type)
{
    struct json *o = json_new_obj(cx->mem);
    if (id.n)
        put(cx, o, "@id", id);
    put(cx, o, "@type", str_from(type));
    return o;
}

static struct json *ref_to(struct ctx *cx, struct str iri)
{
    struct json *o = json_new_obj(cx->mem);
    put(cx, o, "@id", iri);
    return o;
}

static struct json *typed(struct ctx *cx, const char *type, struct str value)
{
    struct json *o = json_new_obj(cx->mem);
    put(cx, o, "@type", str_from(type));
    put(cx, o, "@value", value);
    return o;
}

/* {vi, en} -> two texts with their languages. */
static struct json *in_both(struct ctx *cx, struct str vi, struct str en)
{
    struct json *list = json_new_arr(cx->mem);
    struct str texts[] = {vi, en};
    for (int i = 0; i < LANG_COUNT; i++) {
        struct json *t = json_push(list, json_new_obj(cx->mem));
        put(cx, t, "@language", str_from(lang_code((enum lang)i)));
        put(cx, t, "@value", texts[i]);
    }
    return list;
}

static struct json *label_both(struct ctx *cx, const struct json *label)
{
    return in_both(cx, json_str(label, "vi"), json_str(label, "en"));
}

static struct json *message_both(struct ctx *cx, const char *key)
{
    return in_both(cx, msg_get(LANG_VI, str_from(key)), msg_get(LANG_EN, str_from(key)));
}

/* The words that this document uses, so that no reader has to fetch a context. */
static struct json *context_make(struct ctx *cx)
{
    static const char *const rows[][2] = {
        {"adms", "http://www.w3.org/ns/adms#"},
        {"dcat", "http://www.w3.org/ns/dcat#"},
        {"dcatap", "http://data.europa.eu/r5r/"},
        {"dct", "http://purl.org/dc/terms/"},
        {"foaf", "http://xmlns.com/foaf/0.1/"},
        {"spdx", "http://spdx.org/rdf/terms#"},
        {"vcard", "http://www.w3.org/2006/vcard/ns#"},
        {"xsd", "http://www.w3.org/2001/XMLSchema#"},
    };
    struct json *o = json_new_obj(cx->mem);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        put(cx, o, rows[i][0], str_from(rows[i][1]));
    return o;
}

static struct json *publisher_make(const struct catalog *c)
{
    struct ctx *cx = c->cx;
    const struct unit *u = unit_root(cx);
    struct str name = cx->app->settings.node_name;
    struct json *o =
        node_of(cx, str_fmt(cx->mem, "%.*s/#publisher", STR_ARG(c->base)), "foaf:Agent");
    json_put(o, STR("foaf:name"),
             u ? in_both(cx, u->name_vi, u->name_en.n ? u->name_en : u->name_vi)
               : in_both(cx, name, name));
    return o;
}

static struct json *publisher_ref(const struct catalog *c)
{
    return ref_to(c->cx, str_fmt(c->cx->mem, "%.*s/#publisher", STR_ARG(c->base)));
}

static struct json *contact_make(struct ctx *cx, const struct dataset *d)
{
    struct json *o = node_of(cx, STR_NULL, "vcard:Kind");
    json_put(o, STR("vcard:fn"), label_both(cx, d->contact));
    struct str mail = str_fmt(cx->mem, "mailto:%.*s", STR_ARG(d->email));
    json_put(o, STR("vcard:hasEmail"), ref_to(cx, mail));
    return o;
}

static void keywords_put(struct ctx *cx, struct json *o, const struct dataset *d)
{
    struct json *list = json_new_arr(cx->mem);
    for (int i = 0; d->keywords && i < LANG_COUNT; i++) {
        const char *lang = lang_code((enum lang)i);
        struct str rest = json_str(d->keywords, lang), word;
        while (rest.n) {
            rest = str_split(rest, ',', &word);
            struct json *k = json_push(list, json_new_obj(cx->mem));
            put(cx, k, "@language", str_from(lang));
            put(cx, k, "@value", str_trim(word));
        }
    }
    if (list->n)
        json_put(o, STR("dcat:keyword"), list);
}

/* -- a release -- */

static struct json *distribution(const struct catalog *c, const struct offer *o,
                                 const struct json *r, bool is_csv)
{
    struct ctx *cx = c->cx;
    const char *ext = is_csv ? "csv" : "json";
    struct str period = json_str(r, "period");
    struct str url =
        str_fmt(cx->mem, "%.*s/data/%.*s.%s?period=%.*s&revision=%lld", STR_ARG(c->base),
                STR_ARG(o->id), ext, STR_ARG(period), (long long)json_int(r, "revision", 0));
    struct json *d = node_of(cx, url, "dcat:Distribution");
    json_put(d, STR("dcat:accessURL"), ref_to(cx, url));
    json_put(d, STR("dcat:downloadURL"), ref_to(cx, url));
    json_put(d, STR("dct:format"),
             ref_to(cx, is_csv ? STR(EU "file-type/CSV") : STR(EU "file-type/JSON")));
    json_put(d, STR("dcat:mediaType"),
             ref_to(cx, is_csv ? STR(IANA "text/csv") : STR(IANA "application/json")));
    json_put(d, STR("dct:license"), ref_to(cx, str_from(o->d->licence->url)));
    json_put(d, STR("dcatap:availability"), ref_to(cx, STR(EU "planned-availability/STABLE")));
    if (!is_csv)
        return d;
    struct str bytes = str_fmt(cx->mem, "%lld", (long long)json_int(r, "bytes", 0));
    json_put(d, STR("dcat:byteSize"), typed(cx, "xsd:nonNegativeInteger", bytes));
    struct json *sum =
        json_put(d, STR("spdx:checksum"), node_of(cx, STR_NULL, "spdx:Checksum"));
    json_put(sum, STR("spdx:algorithm"),
             ref_to(cx, STR("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")));
    json_put(sum, STR("spdx:checksumValue"), typed(cx, "xsd:hexBinary", json_str(r, "digest")));
    return d;
}

static struct json *temporal(struct ctx *cx, const struct data_period *s)
{
    struct json *p = node_of(cx, STR_NULL, "dct:PeriodOfTime");
    json_put(p, STR("dcat:startDate"), typed(cx, "xsd:date", day_iso(cx->mem, s->from)));
    json_put(p, STR("dcat:endDate"), typed(cx, "xsd:date", day_iso(cx->mem, s->to - 1)));
    return p;
}

static struct json *title_of(struct ctx *cx, const struct dataset *d, struct str period)
{
    struct str vi = json_str(d->title, "vi"), en = json_str(d->title, "en");
    return in_both(cx, str_fmt(cx->mem, "%.*s, %.*s", STR_ARG(vi), STR_ARG(period)),
                   str_fmt(cx->mem, "%.*s, %.*s", STR_ARG(en), STR_ARG(period)));
}

static struct str series_iri(const struct catalog *c, const struct offer *o)
{
    return str_fmt(c->cx->mem, "%.*s/data/%.*s", STR_ARG(c->base), STR_ARG(o->id));
}

static void rights_put(struct ctx *cx, struct json *o, const struct dataset *d)
{
    struct str theme = str_fmt(cx->mem, EU "data-theme/%.*s", STR_ARG(d->theme));
    json_put(o, STR("dct:accessRights"), ref_to(cx, STR(EU "access-right/PUBLIC")));
    json_put(o, STR("dcat:theme"), ref_to(cx, theme));
    json_put(o, STR("dct:language"), ref_to(cx, STR(EU "language/VIE")));
    json_put(o, STR("dcat:contactPoint"), contact_make(cx, d));
    keywords_put(cx, o, d);
}

static struct str frequency(enum dataset_time every)
{
    return every == TIME_YEAR      ? STR(EU "frequency/ANNUAL")
           : every == TIME_QUARTER ? STR(EU "frequency/QUARTERLY")
                                   : STR(EU "frequency/MONTHLY");
}

/* Whose statements this revision was made without, in both languages. */
static void notes_put(struct ctx *cx, const struct json *release, struct json *m)
{
    const struct json *list = json_get(release, STR("missing"));
    struct str text[LANG_COUNT];
    enum lang was = cx->lang;
    if (!list || !list->n)
        return;
    for (int i = 0; i < LANG_COUNT; i++) {
        struct json *args = json_new_obj(cx->mem);
        cx->lang = (enum lang)i;
        json_put_str(cx->mem, args, "missing_text",
                     stated_names(cx, list, (size_t)json_int(release, "nmissing", 0)));
        text[i] = msg_fill(cx, STR("opendata.missing"), args);
    }
    cx->lang = was;
    json_put(m, STR("adms:versionNotes"), in_both(cx, text[LANG_VI], text[LANG_EN]));
}

static struct json *member_make(const struct catalog *c, const struct offer *o,
                                const struct json *r)
{
    struct ctx *cx = c->cx;
    struct data_period s;
    struct str period = json_str(r, "period");
    struct str iri =
        str_fmt(cx->mem, "%.*s?period=%.*s", STR_ARG(series_iri(c, o)), STR_ARG(period));
    struct json *m = node_of(cx, iri, "dcat:Dataset");
    json_put(m, STR("dct:title"), title_of(cx, o->d, period));
    json_put(m, STR("dct:description"), label_both(cx, o->d->about));
    put(cx, m, "dct:identifier", iri);
    json_put(m, STR("dcat:inSeries"), ref_to(cx, series_iri(c, o)));
    json_put(m, STR("dct:publisher"), publisher_ref(c));
    json_put(m, STR("dct:issued"), typed(cx, "xsd:dateTime", json_str(r, "time")));
    put(cx, m, "dcat:version", str_fmt(cx->mem, "%lld", (long long)json_int(r, "revision", 0)));
    notes_put(cx, r, m);
    if (data_period_parse(cx->mem, period, o->d->every, &s))
        json_put(m, STR("dct:temporal"), temporal(cx, &s));
    json_put(m, STR("dct:accrualPeriodicity"), ref_to(cx, frequency(o->d->every)));
    rights_put(cx, m, o->d);
    struct json *files = json_put(m, STR("dcat:distribution"), json_new_arr(cx->mem));
    json_push(files, distribution(c, o, r, true));
    json_push(files, distribution(c, o, r, false));
    return m;
}

/* -- a series -- */

static struct json *series_make(const struct catalog *c, const struct offer *o,
                                const struct json *last)
{
    struct ctx *cx = c->cx;
    struct json *s = node_of(cx, series_iri(c, o), "dcat:DatasetSeries");
    json_put(s, STR("dct:title"), label_both(cx, o->d->title));
    json_put(s, STR("dct:description"), label_both(cx, o->d->about));
    json_put(s, STR("dct:publisher"), publisher_ref(c));
    json_put(s, STR("dcat:contactPoint"), contact_make(cx, o->d));
    json_put(s, STR("dct:accrualPeriodicity"), ref_to(cx, frequency(o->d->every)));
    if (last)
        json_put(s, STR("dct:modified"), typed(cx, "xsd:dateTime", json_str(last, "time")));
    return s;
}

static struct json *service_make(const struct catalog *c)
{
    struct ctx *cx = c->cx;
    struct str url = str_fmt(cx->mem, "%.*s/api/v1/datasets", STR_ARG(c->base));
    struct str doc = str_fmt(cx->mem, "%.*s/api/v1/openapi.json", STR_ARG(c->base));
    struct json *s = node_of(cx, url, "dcat:DataService");
    json_put(s, STR("dct:title"), message_both(cx, "opendata.api.title"));
    json_put(s, STR("dcat:endpointURL"), ref_to(cx, url));
    json_put(s, STR("dcat:endpointDescription"), ref_to(cx, doc));
    return s;
}

/* The last revision of each period: rows come newest first. */
static enum rc offer_put(const struct catalog *c, const struct offer *o, struct json *series,
                         struct json *members)
{
    struct json *list;
    struct str before = STR("");
    TRY(dataset_releases(c->cx, o->id, &list));
    json_push(series, series_make(c, o, list->first));
    JSON_EACH (list, r) {
        if (!str_eq(before, json_str(r, "period")))
            json_push(members, member_make(c, o, r));
        before = json_str(r, "period");
    }
    return RC_OK;
}

static struct json *catalog_node(const struct catalog *c)
{
    struct ctx *cx = c->cx;
    struct str iri = str_fmt(cx->mem, "%.*s/data", STR_ARG(c->base));
    struct json *o = node_of(cx, iri, "dcat:Catalog");
    json_put(o, STR("dct:title"), message_both(cx, "opendata.title"));
    json_put(o, STR("dct:description"), message_both(cx, "opendata.about"));
    json_put(o, STR("dct:publisher"), publisher_make(c));
    json_put(o, STR("foaf:homepage"), ref_to(cx, iri));
    struct json *langs = json_put(o, STR("dct:language"), json_new_arr(cx->mem));
    json_push(langs, ref_to(cx, STR(EU "language/VIE")));
    json_push(langs, ref_to(cx, STR(EU "language/ENG")));
    json_put(o, STR("dcat:service"), service_make(c));
    return o;
}

/* A series is no dataset of DCAT-AP's: the graph names it beside the catalogue. */
enum rc catalog_make(struct ctx *cx, struct str base, struct json **ret)
{
    struct catalog c = {cx, base};
    struct offers all = offers_all(cx);
    struct json *o = json_new_obj(cx->mem);
    json_put(o, STR("@context"), context_make(cx));
    struct json *graph = json_put(o, STR("@graph"), json_new_arr(cx->mem));
    struct json *catalog = json_push(graph, catalog_node(&c));
    struct json *members = json_put(catalog, STR("dcat:dataset"), json_new_arr(cx->mem));
    for (size_t i = 0; i < all.n; i++)
        TRY(offer_put(&c, &all.v[i], graph, members));
    *ret = o;
    return RC_OK;
}
