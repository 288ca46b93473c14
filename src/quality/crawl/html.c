/* html.c - the links of a page, the first choices of its GET forms, and what "#…" may name. */
#include <curl/curl.h>
#include <libxml/HTMLparser.h>

#include "base/map.h"
#include "quality/crawl/crawl.h"

enum { QUERY_MAX_BYTES = 4000 };

/* -- the tree -- */

struct reader {
    struct ctx *cx;
    struct page_links *ret;
    size_t room;
};

static bool is_named(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && xmlStrcmp(n->name, (const xmlChar *)name) == 0;
}

static struct str attribute(struct reader *r, const xmlNode *n, const char *name)
{
    xmlChar *text = xmlGetProp(n, (const xmlChar *)name);
    struct str s = text ? str_dup(r->cx->mem, str_from((const char *)text)) : STR_NULL;
    xmlFree(text);
    return s;
}

/* In document order; NULL past the last node below top. */
static xmlNode *node_next(xmlNode *at, const xmlNode *top)
{
    if (at->children && at->type == XML_ELEMENT_NODE)
        return at->children;
    while (at != top && !at->next)
        at = at->parent;
    return at == top ? NULL : at->next;
}

static void link_add(struct reader *r, struct str link)
{
    struct page_links *p = r->ret;
    if (p->n == PAGE_LINKS_MAX || link.n > URL_MAX) {
        p->is_cut = true;
        return;
    }
    if (p->n == r->room) {
        size_t room = r->room ? 2 * r->room : 64;
        struct str *v = arena_array(r->cx->mem, struct str, room);
        if (p->n)
            memcpy(v, p->v, p->n * sizeof *v);
        p->v = v;
        r->room = room;
    }
    p->v[p->n++] = link;
}

static void id_add(struct reader *r, struct str id)
{
    if (!id.n)
        return;
    if (map_size(r->ret->ids) == PAGE_IDS_MAX)
        r->ret->is_cut = true;
    else
        map_set(r->ret->ids, id, r);
}

/* -- forms -- */

static void pair_put(struct buf *b, struct str name, struct str value)
{
    static const char plain[] = "-._~";
    buf_putc(b, b->n ? '&' : '?');
    for (int part = 0; part < 2; part++) {
        struct str s = part ? value : name;
        if (part)
            buf_putc(b, '=');
        for (size_t i = 0; i < s.n; i++) {
            unsigned char c = (unsigned char)s.p[i];
            bool is_plain = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
                            (c && strchr(plain, c));
            if (is_plain)
                buf_putc(b, (char)c);
            else
                buf_fmt(b, "%%%02X", c);
        }
    }
}

/* The option that is chosen, else the first. */
static struct str option_chosen(struct reader *r, xmlNode *select)
{
    struct str first = STR_NULL;
    for (xmlNode *n = select; n; n = node_next(n, select)) {
        if (!is_named(n, "option"))
            continue;
        struct str value = attribute(r, n, "value");
        if (!value.p) {
            xmlChar *text = xmlNodeGetContent(n);
            value = str_trim(str_dup(r->cx->mem, str_from((const char *)text)));
            xmlFree(text);
        }
        if (xmlHasProp(n, (const xmlChar *)"selected"))
            return value;
        if (!first.p)
            first = value;
    }
    return first.p ? first : STR("");
}

/* Is there a radio of that name that is checked? */
static bool is_chosen(struct reader *r, xmlNode *form, struct str name)
{
    for (xmlNode *n = form; n; n = node_next(n, form))
        if (is_named(n, "input") && xmlHasProp(n, (const xmlChar *)"checked") &&
            str_eq(attribute(r, n, "name"), name))
            return true;
    return false;
}

static void input_put(struct reader *r, xmlNode *form, xmlNode *n, struct map *radios,
                      struct buf *b)
{
    struct str name = attribute(r, n, "name"), type = attribute(r, n, "type");
    struct str value = attribute(r, n, "value");
    bool is_checked = xmlHasProp(n, (const xmlChar *)"checked");
    if (str_eq(type, STR("submit")) || str_eq(type, STR("button")))
        return;
    if (str_eq(type, STR("checkbox")) && !is_checked)
        return;
    if (str_eq(type, STR("radio"))) {
        if (map_has(radios, name) || (!is_checked && is_chosen(r, form, name)))
            return;
        map_set(radios, name, r);
    }
    pair_put(b, name, value.p ? value : STR(""));
}

static void form_add(struct reader *r, xmlNode *form)
{
    struct str method = str_lower(r->cx->mem, attribute(r, form, "method"));
    struct str action = attribute(r, form, "action"), rest;
    struct map *radios = map_new(r->cx->mem);
    struct buf *b = buf_new(r->cx->mem, QUERY_MAX_BYTES);
    if (method.n && !str_eq(method, STR("get")))
        return;
    for (xmlNode *n = form; n; n = node_next(n, form)) {
        bool is_off =
            n->type == XML_ELEMENT_NODE && (xmlHasProp(n, (const xmlChar *)"disabled") ||
                                            !xmlHasProp(n, (const xmlChar *)"name"));
        if (is_off)
            continue;
        if (is_named(n, "input"))
            input_put(r, form, n, radios, b);
        else if (is_named(n, "select"))
            pair_put(b, attribute(r, n, "name"), option_chosen(r, n));
        else if (is_named(n, "textarea"))
            pair_put(b, attribute(r, n, "name"), STR(""));
    }
    str_split(action, '?', &rest); /* a form's own values replace the query */
    link_add(r, str_join(r->cx->mem, rest, buf_str(b)));
}

/* -- all of it -- */

static void node_read(struct reader *r, xmlNode *n)
{
    if (n->type != XML_ELEMENT_NODE)
        return;
    id_add(r, attribute(r, n, "id"));
    if (is_named(n, "form"))
        form_add(r, n);
    if (!is_named(n, "a") && !is_named(n, "area"))
        return;
    id_add(r, attribute(r, n, "name"));
    struct str href = str_trim(attribute(r, n, "href"));
    if (href.p)
        link_add(r, href);
}

static void doc_end(void *arg)
{
    xmlFreeDoc(arg);
}

enum rc page_links_read(struct ctx *cx, struct str html, struct page_links *ret)
{
    *ret = (struct page_links){.ids = map_new(cx->mem)};
    struct reader r = {.cx = cx, .ret = ret};
    if (!html.n)
        return RC_OK;
    htmlDocPtr doc = htmlReadMemory(html.p, (int)html.n, NULL, "UTF-8",
                                    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                        HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    if (!doc)
        return FAIL(cx, MALFORMED, "html", "nothing could be read");
    arena_on_free(cx->mem, doc_end, doc);
    xmlNode *top = xmlDocGetRootElement(doc);
    for (xmlNode *n = top; n; n = node_next(n, top))
        node_read(&r, n);
    return RC_OK;
}

/* -- addresses -- */

static void url_end(void *arg)
{
    curl_url_cleanup(arg);
}

static struct str part_of(struct arena *mem, CURLU *u, CURLUPart part)
{
    char *text = NULL;
    struct str s = STR_NULL;
    if (curl_url_get(u, part, &text, 0) == CURLUE_OK && text)
        s = str_dup(mem, str_from(text));
    curl_free(text);
    return s;
}

/* No such host: what stays on it after resolving is ours. */
#define HERE "http://motcua.invalid"

/* libcurl takes "#…" alone for a relative path, so it is set apart first. */
bool link_resolve(struct arena *mem, struct str base, struct str link, struct str *path,
                  struct str *anchor)
{
    struct str hash = str_split(link, '#', &link);
    if ((link.n && memchr(link.p, 0, link.n)) || link.n > URL_MAX)
        return false;
    CURLU *u = curl_url();
    if (!u)
        return false;
    arena_on_free(mem, url_end, u);
    struct str from = str_fmt(mem, HERE "%.*s", STR_ARG(base));
    if (curl_url_set(u, CURLUPART_URL, from.p, 0) != CURLUE_OK ||
        (link.n && curl_url_set(u, CURLUPART_URL, str_z(mem, link), 0) != CURLUE_OK))
        return false;
    if (!str_eq(part_of(mem, u, CURLUPART_HOST), STR("motcua.invalid")))
        return false;
    struct str at = part_of(mem, u, CURLUPART_PATH), query = part_of(mem, u, CURLUPART_QUERY);
    *path = query.n ? str_fmt(mem, "%.*s?%.*s", STR_ARG(at), STR_ARG(query)) : at;
    *anchor = hash.n ? hash : STR("");
    return true;
}

/* Letters, digits, dots and hyphens; a dot within; no label empty or over 63 bytes. */
static bool host_is(struct str host)
{
    struct str rest = host, label;
    bool has_dot = false;
    if (host.n == 0 || host.n > 253)
        return false;
    while (rest.p) {
        has_dot = has_dot || rest.p != host.p;
        rest = str_split(rest, '.', &label);
        if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
            return false;
        for (size_t i = 0; i < label.n; i++) {
            char c = label.p[i];
            bool is_fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '-' || (unsigned char)c >= 0x80;
            if (!is_fine)
                return false;
        }
    }
    return has_dot;
}

bool outside_link_is(struct str url)
{
    struct str rest;
    if (str_starts(url, STR("https://")))
        rest = str_skip(url, 8);
    else if (str_starts(url, STR("http://")))
        rest = str_skip(url, 7);
    else
        return false;
    size_t end = 0;
    while (end < rest.n && !strchr("/?#", rest.p[end]))
        end++;
    struct str host = str_cut(rest, 0, end), port;
    port = str_split(host, ':', &host);
    int64_t n = 1;
    if (port.p && (!str_int(port, &n) || n < 1 || n > 65535))
        return false;
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || strchr("<>\"{}|\\^`", url.p[i]))
            return false;
    return url.n <= URL_MAX && host_is(host);
}
