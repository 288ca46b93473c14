/* service.c - home, the list of services, a service's page, choosing the agency. */
#include "measure/measure.h"
#include "portal/portal_priv.h"
#include "quality/quality.h"

enum { QUERY_MAX = 100, WORDS_MAX = 8, FOUND_MAX = 30, FEW_UNITS = 12 };

/* -- searching -- */

static void haystack_add(struct buf *b, const struct json *label)
{
    if (label && label->kind == JSON_STR)
        buf_put(b, label->s);
    JSON_EACH (label && label->kind == JSON_OBJ ? label : NULL, part) {
        if (part->kind == JSON_STR)
            buf_put(b, part->s);
        buf_putc(b, ' ');
    }
    buf_putc(b, ' ');
}

/* Does every word that was typed stand somewhere in the text? Both without marks. */
static bool words_match(struct ctx *cx, struct str text, struct str typed)
{
    struct str rest = text_fold(cx->mem, typed), folded = text_fold(cx->mem, text), word;
    for (int i = 0; i < WORDS_MAX && rest.p; i++) {
        rest = str_split(rest, ' ', &word);
        if (word.n && !str_has(folded, word))
            return false;
    }
    return true;
}

static bool service_matches(struct ctx *cx, const struct pack *p, struct str typed)
{
    static const char *const fields[] = {"name", "keywords", "summary", "sector", "life_event"};
    struct buf *b = buf_new(cx->mem, 16384);
    if (!typed.n)
        return true;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        haystack_add(b, json_get(p->yaml, str_from(fields[i])));
    buf_put(b, p->procedure);
    return words_match(cx, buf_str(b), typed);
}

/* -- services under their life events -- */

static struct str life_event_of(struct ctx *cx, const struct pack *p)
{
    const struct json *e = json_get(p->yaml, STR("life_event"));
    return e ? label_text(cx, e) : msg_get(cx->lang, STR("portal.services.other"));
}

static struct json *group_of(struct ctx *cx, struct json *groups, struct str name)
{
    JSON_EACH (groups, g)
        if (str_eq(json_str(g, "name"), name))
            return json_get(g, STR("services"));
    struct json *g = json_push(groups, json_new_obj(cx->mem));
    json_put_str(cx->mem, g, "name", name);
    return json_put(g, STR("services"), json_new_arr(cx->mem));
}

static void services_put(struct ctx *cx, struct json *view, struct str typed)
{
    size_t n, found = 0;
    const struct pack *const *all = pack_all(cx, &n);
    struct json *groups = json_put(view, STR("groups"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++) {
        const struct pack *p = all[i];
        if (!p->form || p->is_withdrawn || !service_matches(cx, p, typed))
            continue;
        struct json *list = group_of(cx, groups, life_event_of(cx, p));
        struct json *s = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, s, "id", p->id);
        json_put_str(cx->mem, s, "name", label_text(cx, p->name));
        json_put_str(cx->mem, s, "summary", label_text(cx, json_get(p->yaml, STR("summary"))));
        json_put_str(cx->mem, s, "limit", limit_text(cx, p));
        found++;
    }
    json_put_int(cx->mem, view, "found", (int64_t)found);
}

/* -- home -- */

/* Figures of the year so far over the whole tree; one that cannot be computed is left out. */
static void figures_put(struct ctx *cx, struct json *view)
{
    static const char *const ids[] = {"received", "on_time", "satisfied"};
    struct civil now = civil_of(cx->now_us);
    struct slice s = {.period = {day_make(now.year, 1, 1), day_of(cx->now_us) + 1}};
    struct json *list = json_put(view, STR("figures"), json_new_arr(cx->mem));
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const struct indicator *ind = indicator_find(cx, str_from(ids[i]));
        struct figure f;
        if (!ind || figure_get(cx, ind, &s, &f) != RC_OK) {
            ctx_clear(cx);
            continue;
        }
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "label", label_text(cx, ind->name));
        json_put_str(cx->mem, o, "value", figure_text(cx, ind, &f));
    }
    json_put_bool(cx->mem, view, "has_figures", list->n > 0);
    json_put_int(cx->mem, view, "year", now.year);
}

static enum rc get_home(struct ctx *cx, struct req *rq)
{
    struct json *v = view_new(cx, "portal.home.title", STR_NULL);
    services_put(cx, v, STR_NULL);
    figures_put(cx, v);
    return reply_page(cx, rq, "portal/home", v);
}

static enum rc get_services(struct ctx *cx, struct req *rq)
{
    struct json *v = view_new(cx, "portal.services.title", STR("/"));
    struct str typed = str_trim(req_str(rq, "q"));
    json_put_bool(cx->mem, v, "at_services", true);
    json_put_bool(cx->mem, v, "is_search", typed.n > 0);
    json_put_str(cx->mem, v, "q", typed);
    services_put(cx, v, typed);
    return reply_page(cx, rq, "portal/services", v);
}

/* -- a service's page. LAW: TT32/2017 5 - what the portal says about a procedure -- */

static enum rc service_get(struct ctx *cx, struct req *rq, const struct pack **ret)
{
    *ret = pack_current(cx, req_str(rq, "id"));
    if (!*ret || !(*ret)->form)
        return FAIL(cx, NOT_FOUND, "id", "no such service");
    return (*ret)->is_withdrawn ? FAIL(cx, GONE, "id", "withdrawn") : RC_OK;
}

static void labels_put(struct ctx *cx, const struct pack *p, const char *from, const char *key,
                       struct json *view)
{
    struct json *list = json_put(view, str_from(from), json_new_arr(cx->mem));
    JSON_EACH (json_get(p->yaml, str_from(from)), item)
        json_push(list, json_new_str(cx->mem, label_text(cx, key ? json_get(item, str_from(key))
                                                                 : item)));
}

static void documents_put(struct ctx *cx, const struct pack *p, struct json *view)
{
    struct json *list = json_put(view, STR("documents"), json_new_arr(cx->mem));
    for (size_t i = 0; i < p->ndocuments; i++) {
        const struct pack_document *d = &p->documents[i];
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "name", label_text(cx, d->name));
        if (d->hint)
            json_put_str(cx->mem, o, "hint", label_text(cx, d->hint));
        json_put_bool(cx->mem, o, "is_conditional", d->when != NULL);
        json_put_bool(cx->mem, o, "is_optional", !d->required);
    }
}

static void law_put(struct ctx *cx, const struct pack *p, struct json *view)
{
    struct json *list = json_put(view, STR("law"), json_new_arr(cx->mem));
    JSON_EACH (json_get(p->yaml, STR("law")), l) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "act", json_str(l, "act"));
        json_put_str(cx->mem, o, "clause", json_str(l, "clause"));
        json_put_str(cx->mem, o, "about", label_text(cx, json_get(l, STR("about"))));
    }
}

static void list_add(struct ctx *cx, struct buf *b, const char *prefix, const char *name)
{
    if (buf_str(b).n)
        buf_put(b, STR(", "));
    buf_put(b, msg_get(cx->lang, str_fmt(cx->mem, "%s.%s", prefix, name)));
}

static void who_put(struct ctx *cx, const struct pack *p, struct json *view)
{
    static const char *const kinds[] = {"citizen", "business", "household"};
    struct buf *who = buf_new(cx->mem, 2000), *units = buf_new(cx->mem, 2000);
    for (unsigned i = 0; i < 3; i++)
        if (p->applicants & (1u << i))
            list_add(cx, who, "portal.applicant", kinds[i]);
    for (unsigned k = 0; k < UNIT_KIND_COUNT; k++)
        if (p->offered_by & (1u << k))
            list_add(cx, units, "portal.unit", unit_kind_name((enum unit_kind)k));
    json_put_str(cx->mem, view, "applicants", buf_str(who));
    json_put_str(cx->mem, view, "agencies", buf_str(units));
}

static void facts_put(struct ctx *cx, const struct pack *p, struct json *view)
{
    struct arena *mem = cx->mem;
    json_put_str(mem, view, "id", p->id);
    json_put_str(mem, view, "name", label_text(cx, p->name));
    json_put_str(mem, view, "summary", label_text(cx, json_get(p->yaml, STR("summary"))));
    json_put_str(mem, view, "procedure", p->procedure);
    json_put_str(mem, view, "sector", label_text(cx, json_get(p->yaml, STR("sector"))));
    json_put_str(mem, view, "owner", label_text(cx, json_get(p->yaml, STR("owner"))));
    json_put_str(mem, view, "limit", limit_text(cx, p));
    json_put_int(mem, view, "level", json_int(p->yaml, "level_2011", 0));
    struct str mode = json_str(p->yaml, "mode_2022");
    if (mode.n)
        json_put_str(mem, view, "mode",
                     msg_get(cx->lang, str_fmt(mem, "portal.mode.%.*s", STR_ARG(mode))));
    json_put_bool(mem, view, "anonymous", p->anonymous);
}

static enum rc get_service(struct ctx *cx, struct req *rq)
{
    const struct pack *p;
    TRY(service_get(cx, rq, &p));
    struct json *v = view_titled(cx, label_text(cx, p->name), STR("/services"));
    json_put_bool(cx->mem, v, "at_services", true);
    facts_put(cx, p, v);
    who_put(cx, p, v);
    labels_put(cx, p, "steps", NULL, v);
    labels_put(cx, p, "results", "name", v);
    documents_put(cx, p, v);
    law_put(cx, p, v);
    fees_put(cx, p, NULL, v);
    json_put_bool(cx->mem, v, "needs_login", !p->anonymous && !is_signed_in(cx));
    TRY(wait_put(cx, p, NULL, v));
    return reply_page(cx, rq, "portal/service", v);
}

/* -- choosing the agency: an area, then an agency in it; or by name -- */

static bool unit_serves(struct ctx *cx, const struct pack *p, const struct unit *u)
{
    int32_t today = day_of(cx->now_us);
    return pack_is_offered(p, u) && u->from <= today && today < u->to;
}

static const struct unit *area_of(const struct unit *u)
{
    return u->parent ? u->parent : u;
}

static void unit_push(struct ctx *cx, struct json *list, const struct unit *u, bool with_area)
{
    struct json *o = json_push(list, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "code", u->code);
    json_put_str(cx->mem, o, "name", unit_name(cx, u));
    if (with_area && u->parent)
        json_put_str(cx->mem, o, "within", unit_name(cx, u->parent));
}

/* The agencies that serve p, within an area or by name; all when neither is given. */
static struct json *units_list(struct ctx *cx, const struct pack *p, const struct unit *area,
                               struct str typed)
{
    size_t n;
    const struct unit *const *all = unit_all(cx, &n);
    struct json *list = json_new_arr(cx->mem);
    for (size_t i = 0; i < n && (area || list->n < FOUND_MAX); i++) {
        const struct unit *u = all[i];
        if (!unit_serves(cx, p, u) || (area && area_of(u) != area && u != area))
            continue;
        struct str names =
            str_fmt(cx->mem, "%.*s %.*s", STR_ARG(u->name_vi), STR_ARG(u->name_en));
        if (!typed.n || words_match(cx, names, typed))
            unit_push(cx, list, u, !area);
    }
    return list;
}

static bool list_has(const struct json *list, struct str code)
{
    JSON_EACH (list, o)
        if (str_eq(json_str(o, "code"), code))
            return true;
    return false;
}

static struct json *areas_list(struct ctx *cx, const struct pack *p)
{
    size_t n;
    const struct unit *const *all = unit_all(cx, &n);
    struct json *list = json_new_arr(cx->mem);
    for (size_t i = 0; i < n; i++)
        if (unit_serves(cx, p, all[i]) && !list_has(list, area_of(all[i])->code))
            unit_push(cx, list, area_of(all[i]), false);
    return list;
}

static void choice_put(struct ctx *cx, struct req *rq, const struct pack *p, struct json *view)
{
    struct str typed = str_trim(req_str(rq, "q"));
    const struct unit *area = unit_find(cx, req_str(rq, "area"));
    struct json *areas = json_put(view, STR("areas"), areas_list(cx, p));
    bool narrow = area || typed.n || areas->n <= 1;
    struct json *few = units_list(cx, p, area, typed);
    narrow = narrow || few->n <= FEW_UNITS;
    if (narrow)
        json_put(view, STR("units"), few);
    json_put_bool(cx->mem, view, "is_choosing", narrow && few->n > 0);
    json_put_bool(cx->mem, view, "is_empty", narrow && few->n == 0);
    json_put_str(cx->mem, view, "q", typed);
    if (area) {
        json_put_str(cx->mem, view, "area", unit_name(cx, area));
        json_put_str(cx->mem, view, "area_code", area->code);
    }
}

static enum rc start_page(struct ctx *cx, struct req *rq, const struct pack *p,
                          struct json **ret)
{
    if (!p->anonymous && !is_signed_in(cx))
        return FAIL(cx, LOGIN_REQUIRED, NULL, "filing needs a person");
    struct json *v =
        view_new(cx, "portal.start.title", path_of(cx, "/service/*", p->id, STR_NULL));
    facts_put(cx, p, v);
    fees_put(cx, p, NULL, v);
    choice_put(cx, rq, p, v);
    json_put_bool(cx->mem, v, "may_login", !is_signed_in(cx));
    *ret = v;
    return RC_OK;
}

static enum rc get_start(struct ctx *cx, struct req *rq)
{
    const struct pack *p;
    struct json *v;
    TRY(service_get(cx, rq, &p));
    TRY(start_page(cx, rq, p, &v));
    return reply_page(cx, rq, "portal/start", v);
}

static enum rc post_start(struct ctx *cx, struct req *rq)
{
    const struct pack *p;
    struct json *v;
    struct draft *d;
    TRY(service_get(cx, rq, &p));
    const struct unit *u = unit_find(cx, req_str(rq, "unit"));
    if (u && unit_serves(cx, p, u)) {
        TRY(draft_new(cx, p, u, &d));
        walk_begun(cx, p);
        return reply_redirect(cx, rq, path_of(cx, "/draft/*", d->id, STR_NULL));
    }
    TRY(start_page(cx, rq, p, &v));
    const char *field = json_bool(v, "is_choosing") ? "unit" : "area";
    view_error_key(cx, v, field, "portal.start.choose");
    return reply_refused(cx, rq, "portal/start", v);
}

static const struct param query_params[] = {
    {"q", IN_QUERY, P_TEXT, false, 0, QUERY_MAX, "words, with or without marks"},
    {0},
};
static const struct param service_params[] = {PARAM_SERVICE, {0}};
static const struct param start_params[] = {
    PARAM_SERVICE,
    {"area", IN_QUERY, P_CODE, false, 1, UNIT_CODE_MAX, "unit that the agency is below"},
    {"q", IN_QUERY, P_TEXT, false, 0, QUERY_MAX, "name of the agency"},
    {0},
};
static const struct param begin_params[] = {
    PARAM_SERVICE,
    {"unit", IN_BODY, P_CODE, false, 1, UNIT_CODE_MAX, "agency to file with"},
    {"area", IN_BODY, P_CODE, false, 1, UNIT_CODE_MAX, "area that was chosen"},
    {"q", IN_BODY, P_TEXT, false, 0, QUERY_MAX, "name that was searched"},
    {0},
};

const struct route portal_service_routes[] = {
    {GET, "/", get_home, CAP_NONE, 0, NULL, "portal", "Home"},
    {GET, "/services", get_services, CAP_NONE, 0, query_params, "portal", "Services"},
    {GET, "/service/{id}", get_service, CAP_NONE, 0, service_params, "portal", "A service"},
    {GET, "/service/{id}/start", get_start, CAP_NONE, ROUTE_NO_STORE, start_params, "portal",
     "Chooses the agency"},
    {POST, "/service/{id}/start", post_start, CAP_NONE, ROUTE_WRITES, begin_params, "portal",
     "Makes the draft"},
    {0},
};
