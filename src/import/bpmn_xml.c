/* bpmn_xml.c - BPMN's XML into nodes and flows: no network, no entities, bounded. */
#include "import/bpmn.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "base/arena.h"

static const char model_uri[] = "http://www.omg.org/spec/BPMN/20100524/MODEL";

static struct str text_of(struct ctx *cx, xmlChar *owned)
{
    if (!owned)
        return STR("");
    struct str s = str_dup(cx->mem, str_trim(str_from((const char *)owned)));
    xmlFree(owned);
    return s;
}

static struct str attribute(struct ctx *cx, xmlNode *n, const char *name)
{
    return text_of(cx, xmlGetNoNsProp(n, (const xmlChar *)name));
}

static bool is_named(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && n->ns && n->ns->href &&
           strcmp((const char *)n->ns->href, model_uri) == 0 &&
           strcmp((const char *)n->name, name) == 0;
}

static xmlNode *child(xmlNode *n, const char *name)
{
    for (xmlNode *c = n->children; c; c = c->next)
        if (is_named(c, name))
            return c;
    return NULL;
}

struct bpmn_node *bpmn_node_find(struct bpmn *b, struct str id)
{
    for (size_t i = 0; i < b->nnodes; i++)
        if (str_eq(b->nodes[i].id, id))
            return &b->nodes[i];
    return NULL;
}

/* "P30D", "PT4H", "P1Y2M": years and months as days, minutes rounded up. Empty: not such. */
static struct str duration(struct ctx *cx, struct str s)
{
    enum { MOST = 100000 };
    static const struct {
        char sign;
        bool in_time;
        int64_t minutes;
    } units[] = {{'Y', false, 365 * 1440}, {'M', false, 30 * 1440}, {'W', false, 7 * 1440},
                 {'D', false, 1440},       {'H', true, 60},         {'M', true, 1}};
    int64_t minutes = 0, n = 0;
    bool in_time = false, any = false;
    if (s.n < 3 || s.p[0] != 'P')
        return STR("");
    for (size_t i = 1; i < s.n; i++) {
        char c = s.p[i];
        if (c >= '0' && c <= '9') {
            n = n < MOST ? n * 10 + (c - '0') : MOST;
            continue;
        }
        if (c == 'T' && !in_time) {
            in_time = true;
            continue;
        }
        size_t k = 0;
        while (k < 6 && !(units[k].sign == c && units[k].in_time == in_time))
            k++;
        if (k == 6)
            return STR("");
        minutes += n * units[k].minutes;
        n = 0;
        any = true;
    }
    int64_t days = (minutes + 1439) / 1440;
    if (!any || minutes == 0 || days > 3650)
        return STR("");
    if (minutes % 1440)
        return minutes < 1440 ? str_fmt(cx->mem, "%lldwh", (long long)((minutes + 59) / 60))
                              : str_fmt(cx->mem, "%lldcd", (long long)days);
    return str_fmt(cx->mem, "%lldcd", (long long)days);
}

/* The timer in an event; notes what is no duration. */
static struct str timer(struct bpmn *b, xmlNode *event, struct str id)
{
    struct ctx *cx = b->d->cx;
    xmlNode *def = child(event, "timerEventDefinition");
    xmlNode *span = def ? child(def, "timeDuration") : NULL;
    struct str raw = span ? text_of(cx, xmlNodeGetContent(span)) : STR("");
    struct str time = duration(cx, raw);
    if (!time.n)
        note_add(b->d, (int)xmlGetLineNo(event), id, "no_duration", raw);
    return time;
}

static const struct {
    const char *name;
    enum bpmn_kind kind;
} elements[] = {
    {"startEvent", NODE_START},
    {"endEvent", NODE_END},
    {"userTask", NODE_TASK},
    {"manualTask", NODE_TASK},
    {"task", NODE_TASK},
    {"serviceTask", NODE_AUTOMATIC},
    {"scriptTask", NODE_AUTOMATIC},
    {"sendTask", NODE_AUTOMATIC},
    {"receiveTask", NODE_AUTOMATIC},
    {"businessRuleTask", NODE_AUTOMATIC},
    {"intermediateThrowEvent", NODE_AUTOMATIC},
    {"exclusiveGateway", NODE_CHOICE},
    {"parallelGateway", NODE_PARALLEL},
    {"intermediateCatchEvent", NODE_WAIT},
    {"boundaryEvent", NODE_BOUNDARY},
};

static enum rc node_add(struct bpmn *b, xmlNode *x, enum bpmn_kind kind)
{
    struct ctx *cx = b->d->cx;
    struct str id = attribute(cx, x, "id");
    int line = (int)xmlGetLineNo(x);
    if (!id.n || bpmn_node_find(b, id))
        return FAIL(cx, MALFORMED, "file", "line %d: an id is missing or stands twice", line);
    if (b->nnodes == IMPORT_NODES_MAX)
        return FAIL(cx, TOO_LARGE, "file", "more than %d elements", IMPORT_NODES_MAX);
    struct bpmn_node *n = &b->nodes[b->nnodes++];
    *n = (struct bpmn_node){.kind = kind, .id = id, .line = line};
    n->name = attribute(cx, x, "name");
    n->lane = STR("");
    if (kind == NODE_BOUNDARY) {
        n->attached = attribute(cx, x, "attachedToRef");
        n->interrupts = !str_eq(attribute(cx, x, "cancelActivity"), STR("false"));
    }
    n->time = kind == NODE_BOUNDARY || kind == NODE_WAIT ? timer(b, x, id) : STR("");
    if (kind == NODE_AUTOMATIC)
        note_add(b->d, line, id, "automatic", str_from((const char *)x->name));
    return RC_OK;
}

static enum rc flow_add(struct bpmn *b, xmlNode *x)
{
    struct ctx *cx = b->d->cx;
    if (b->nflows == IMPORT_EDGES_MAX)
        return FAIL(cx, TOO_LARGE, "file", "more than %d flows", IMPORT_EDGES_MAX);
    struct bpmn_flow *f = &b->flows[b->nflows++];
    xmlNode *condition = child(x, "conditionExpression");
    *f = (struct bpmn_flow){.from = attribute(cx, x, "sourceRef"),
                            .to = attribute(cx, x, "targetRef"),
                            .name = attribute(cx, x, "name"),
                            .line = (int)xmlGetLineNo(x)};
    f->condition = condition ? text_of(cx, xmlNodeGetContent(condition)) : STR("");
    if (f->condition.n)
        note_add(b->d, f->line, attribute(cx, x, "id"), "condition", f->condition);
    return RC_OK;
}

static bool is_silent(const xmlNode *x)
{
    static const char *const names[] = {"documentation", "extensionElements",
                                        "laneSet",       "textAnnotation",
                                        "association",   "incoming",
                                        "outgoing",      "ioSpecification",
                                        "property",      "dataObjectReference",
                                        "dataObject",    "group"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_named(x, names[i]))
            return true;
    return false;
}

static enum rc element_add(struct bpmn *b, xmlNode *x)
{
    if (is_named(x, "sequenceFlow"))
        return flow_add(b, x);
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (is_named(x, elements[i].name))
            return node_add(b, x, elements[i].kind);
    if (x->type == XML_ELEMENT_NODE && !is_silent(x))
        note_add(b->d, (int)xmlGetLineNo(x), attribute(b->d->cx, x, "id"), "not_mapped",
                 str_from((const char *)x->name));
    return RC_OK;
}

/* Lanes, and lanes in lanes: the innermost counts. */
static void lanes_read(struct bpmn *b, xmlNode *set, int depth)
{
    enum { LANES_DEEP_MAX = 8 };
    struct ctx *cx = b->d->cx;
    for (xmlNode *lane = set->children; lane && depth < LANES_DEEP_MAX; lane = lane->next) {
        if (!is_named(lane, "lane"))
            continue;
        struct str name = attribute(cx, lane, "name");
        for (xmlNode *x = lane->children; x; x = x->next) {
            struct bpmn_node *n = NULL;
            if (is_named(x, "flowNodeRef"))
                n = bpmn_node_find(b, text_of(cx, xmlNodeGetContent(x)));
            if (n)
                n->lane = name.n ? name : attribute(cx, lane, "id");
        }
        xmlNode *inner = child(lane, "childLaneSet");
        if (inner)
            lanes_read(b, inner, depth + 1);
    }
}

static xmlNode *process_of(struct bpmn *b, xmlNode *root)
{
    xmlNode *first = NULL;
    for (xmlNode *x = root->children; x; x = x->next) {
        if (!is_named(x, "process"))
            continue;
        if (first)
            note_add(b->d, (int)xmlGetLineNo(x), attribute(b->d->cx, x, "id"), "more_processes",
                     attribute(b->d->cx, x, "name"));
        first = first ? first : x;
    }
    return first;
}

static enum rc process_read(struct bpmn *b, xmlNode *process)
{
    struct ctx *cx = b->d->cx;
    b->d->name = attribute(cx, process, "name");
    if (!b->d->name.n)
        b->d->name = attribute(cx, process, "id");
    b->d->id = slug(cx, b->d->name, '-');
    for (xmlNode *x = process->children; x; x = x->next)
        TRY(element_add(b, x));
    for (xmlNode *x = process->children; x; x = x->next)
        if (is_named(x, "laneSet"))
            lanes_read(b, x, 0);
    return RC_OK;
}

static void doc_close(void *doc)
{
    xmlFreeDoc(doc);
}

static void quiet(void *cx, const char *text, ...)
{
}

enum rc bpmn_parse(struct bpmn *b, struct str text)
{
    struct ctx *cx = b->d->cx;
    b->nodes = arena_array(cx->mem, struct bpmn_node, IMPORT_NODES_MAX);
    b->flows = arena_array(cx->mem, struct bpmn_flow, IMPORT_EDGES_MAX);
    /* entities are what bombs are made of, and a definition needs none */
    if (str_has(text, STR("<!DOCTYPE")) || str_has(text, STR("<!ENTITY")))
        return FAIL(cx, MALFORMED, "file", "a document type is not taken");
    xmlSetGenericErrorFunc(NULL, quiet);
    xmlDoc *doc = xmlReadMemory(text.p, (int)text.n, "definition.bpmn", "UTF-8",
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                    XML_PARSE_BIG_LINES);
    if (!doc)
        return FAIL(cx, MALFORMED, "file", "not readable XML");
    arena_on_free(cx->mem, doc_close, doc);
    xmlNode *root = xmlDocGetRootElement(doc);
    if (doc->intSubset || !root || !is_named(root, "definitions"))
        return FAIL(cx, MALFORMED, "file", "no BPMN 2.0 definitions");
    xmlNode *process = process_of(b, root);
    if (!process)
        return FAIL(cx, MALFORMED, "file", "no process in it");
    return process_read(b, process);
}
