/* test_import.c - definitions of other systems: what becomes a flow, is told, is refused. */
#include "unit/harness.h"

#include "flow/flow.h"
#include "import/import.h"
#include "text/yaml.h"

#include <stdio.h>
#include <string.h>

static struct str file_of(struct ctx *cx, const char *name)
{
    const char *slash = strrchr(__FILE__, '/');
    struct str path =
        str_fmt(cx->mem, "%.*s/../import/%s", (int)(slash - __FILE__), __FILE__, name);
    FILE *f = fopen(str_z(cx->mem, path), "rb");
    assert_non_null(f);
    char *p = arena_alloc(cx->mem, 100000);
    size_t n = fread(p, 1, 100000, f);
    fclose(f);
    return str_n(p, n);
}

static struct imported *taken(struct ctx *cx, struct str text)
{
    struct imported *made = NULL;
    if (import_read(cx, text, &made) != RC_OK)
        fail_msg("%s", cx->err.detail);
    return made;
}

static struct json *flow_of(struct ctx *cx, const struct imported *made)
{
    struct json *yaml = NULL;
    assert_str(made->files[2].name, "flow.yaml");
    if (yaml_parse(cx, made->files[2].data, &yaml) != RC_OK)
        fail_msg("%s\n%.*s", cx->err.detail, STR_ARG(made->files[2].data));
    return yaml;
}

static void says(struct ctx *cx, const struct json *yaml, const char *path, const char *value)
{
    const struct json *v = json_path(yaml, str_from(path));
    if (!v || !str_eq(v->s, str_from(value))) {
        struct buf *b = buf_new(cx->mem, 100000);
        json_print(b, yaml);
        fail_msg("%s is not %s in %.*s", path, value, STR_ARG(buf_str(b)));
    }
}

static bool is_noted(const struct imported *made, const char *key, const char *what, int line)
{
    for (size_t i = 0; i < made->nnotes; i++)
        if (str_eq(made->notes[i].key, str_from(key)) &&
            str_eq(made->notes[i].what, str_from(what)) &&
            (!line || made->notes[i].line == line))
            return true;
    return false;
}

static void digit(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct imported *made = taken(cx, file_of(cx, "stall.json"));
    struct json *y = flow_of(cx, made);
    assert_str(made->format, "digit");
    assert_str(made->id, "market-stall");
    assert_int_equal(made->nstates, 4);
    says(cx, y, "start", "filed");
    says(cx, y, "clocks.legal.budget", "5wd");
    says(cx, y, "states.filed.by.0", "reception");
    says(cx, y, "states.filed.within", "8wh");
    says(cx, y, "states.filed.on.forward.to", "inspection");
    says(cx, y, "states.inspection.by.0", "leader");
    says(cx, y, "states.inspection.within", "2wd");
    says(cx, y, "states.inspection.on.escalate.to", "nowhere");
    says(cx, y, "acts.sendback.en", "Sendback");
    assert_int_equal(json_path(y, STR("states.rejected.status"))->i, 8);
    assert_int_equal(json_path(y, STR("states.approved.status"))->i, 10);
    assert_true(json_bool(json_path(y, STR("states.approved")), "end"));
    assert_null(json_path(y, STR("states.filed.on.old_way")));
    assert_true(is_noted(made, "documents", "FILED", 12));
    assert_true(is_noted(made, "not_active", "OLD_WAY", 16));
    assert_true(is_noted(made, "role_guessed", "MARKET_WARDEN", 21));
    assert_true(is_noted(made, "no_target", "ESCALATE", 22));
    assert_true(is_noted(made, "no_role", "ESCALATE", 22));
    assert_true(is_noted(made, "more_services", "SECOND", 0));
}

static void bpmn(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct imported *made = taken(cx, file_of(cx, "tree.bpmn"));
    struct json *y = flow_of(cx, made);
    assert_str(made->format, "bpmn");
    assert_str(made->id, "xin-phep-chat-cay-xanh");
    says(cx, y, "start", "tiep_nhan");
    says(cx, y, "states.tiep_nhan.by.0", "reception");
    says(cx, y, "states.xem_cay.on.thieu_anh.to", "bo_sung_anh");
    says(cx, y, "states.xem_cay.on.du.to", "ask");
    says(cx, y, "states.bo_sung_anh.by.0", "applicant");
    says(cx, y, "states.bo_sung_anh.after.30cd", "dung_vi_khong_bo_sung");
    says(cx, y, "states.ask.fork.ask_trees.unit", "doi-cay-xanh");
    says(cx, y, "states.ask.fork.ask_power.name.vi", "Ý kiến điện lực");
    says(cx, y, "states.ask.join", "all");
    says(cx, y, "states.ask.to", "ky_giay_phep");
    says(cx, y, "states.ky_giay_phep.on.ky.to", "da_cap_phep");
    assert_int_equal(json_path(y, STR("states.bo_sung_anh.status"))->i, 5);
    assert_int_equal(json_path(y, STR("states.dung_vi_khong_bo_sung.status"))->i, 8);
    assert_true(is_noted(made, "condition", "f4", 0));
    assert_true(is_noted(made, "automatic", "mail", 25));
    assert_true(is_noted(made, "not_mapped", "archive", 26));
    assert_true(is_noted(made, "branch_time", "ask_trees", 0));
    assert_true(is_noted(made, "no_term", "Xin phép chặt cây xanh", 0));
}

/* The same bytes, the same files; and every note has words in both languages. */
static void same_twice(void **state)
{
    static const char *const names[] = {"stall.json", "tree.bpmn"};
    for (size_t k = 0; k < ROWS(names); k++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct imported *a = taken(cx, file_of(cx, names[k])),
                        *b = taken(cx, file_of(cx, names[k]));
        for (size_t i = 0; i < IMPORT_FILES; i++)
            assert_true(str_eq(a->files[i].data, b->files[i].data));
        for (size_t i = 0; i < a->nnotes; i++) {
            struct str vi = import_note_text(cx, LANG_VI, &a->notes[i]);
            struct str en = import_note_text(cx, LANG_EN, &a->notes[i]);
            assert_false(str_starts(vi, STR("import.")) || str_starts(en, STR("import.")));
            assert_false(str_eq(vi, en));
        }
    }
}

#define XML(body)                                                                              \
    "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"><process "             \
    "id=\"p\">" body "</process></definitions>"

static void refusals(void **state)
{
    static const struct {
        const char *text;
        enum rc rc;
    } rows[] = {
        {"", RC_MALFORMED},
        {"{}", RC_MALFORMED},
        {"[]", RC_MALFORMED},
        {"7", RC_MALFORMED},
        {"{\"states\": 3}", RC_MALFORMED},
        {"{\"states\": []}", RC_MALFORMED},
        {"{\"states\": [{\"state\": 3}]}", RC_MALFORMED},
        {"{\"BusinessServices\": [{\"businessService\": \"X\", \"states\": [1, null]}]}",
         RC_MALFORMED},
        {"<", RC_MALFORMED},
        {"<a/>", RC_MALFORMED},
        {"<definitions><process/></definitions>", RC_MALFORMED}, /* no namespace */
        {"<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"/>", RC_MALFORMED},
        {XML(""), RC_MALFORMED},
        {XML("<task/>"), RC_MALFORMED},
        {XML("<task id=\"a\"/><task id=\"a\"/>"), RC_MALFORMED},
        {XML("<task id=\"a\">"), RC_MALFORMED},
        {"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>" XML(
             "<task id=\"&b;\"/>"),
         RC_MALFORMED},
        {"<!DOCTYPE x SYSTEM \"file:///etc/passwd\">" XML("<task id=\"a\"/>"), RC_MALFORMED},
        {"<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>", RC_MALFORMED},
        {"\xff\xfe", RC_MALFORMED},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct imported *made = NULL;
        enum rc rc = import_read(cx, str_from(rows[i].text), &made);
        if (rc != rows[i].rc)
            fail_msg("row %zu: %s %s", i, rc_name(rc), cx->err.detail);
    }
}

/* Deep, long and going round: refused or taken, never stuck. */
static void hostile(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct imported *made = NULL;
    struct buf *b = buf_new(cx->mem, 2 << 20);
    buf_put(b, STR("<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\">"));
    for (int i = 0; i < 5000; i++)
        buf_put(b, STR("<process>"));
    assert_int_equal(import_read(cx, buf_str(b), &made), RC_MALFORMED);
    ctx_clear(cx);

    b = buf_new(cx->mem, 2 << 20);
    buf_put(b, STR("<definitions "
                   "xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"><process id=\"p\">"));
    for (int i = 0; i <= IMPORT_NODES_MAX; i++)
        buf_fmt(b, "<task id=\"t%d\"/>", i);
    buf_put(b, STR("</process></definitions>"));
    assert_int_equal(import_read(cx, buf_str(b), &made), RC_TOO_LARGE);
    ctx_clear(cx);

    /* gateways in a ring, a step that leads to itself, flows to nothing */
    made = taken(cx, STR(XML("<startEvent id=\"s\"/><task id=\"a\"/><exclusiveGateway "
                             "id=\"g\"/><exclusiveGateway id=\"h\"/>"
                             "<sequenceFlow sourceRef=\"s\" targetRef=\"g\"/><sequenceFlow "
                             "sourceRef=\"g\" targetRef=\"h\"/>"
                             "<sequenceFlow sourceRef=\"h\" targetRef=\"g\"/><sequenceFlow "
                             "sourceRef=\"a\" targetRef=\"a\"/>"
                             "<sequenceFlow sourceRef=\"a\" targetRef=\"nothing\"/>")));
    assert_true(is_noted(made, "gateways_loop", "g", 0) ||
                is_noted(made, "gateways_loop", "h", 0));
    assert_true(is_noted(made, "no_target", "a", 0));
    says(cx, flow_of(cx, made), "states.a.on.a.to", "a");

    char *large = arena_alloc(cx->mem, IMPORT_BYTES_MAX + 1);
    memset(large, ' ', IMPORT_BYTES_MAX + 1);
    assert_int_equal(import_read(cx, str_n(large, IMPORT_BYTES_MAX + 1), &made), RC_TOO_LARGE);
}

/* Names from outside stay text: no YAML of theirs gets into ours. */
static void names_are_quoted(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct imported *made = taken(
        cx,
        STR("{\"businessService\": \"x\\\": {evil: true}\\n#\", \"states\": ["
            "{\"state\": \"A \\\"quoted\\\" \\\\ back\", \"isStartState\": true, \"actions\": "
            "[{\"action\": \"x: y\\nz\", \"nextState\": \"B\", \"roles\": [\"CITIZEN\"]}]},"
            "{\"state\": \"B\", \"isTerminateState\": true}]}"));
    struct json *y = flow_of(cx, made), *pack = NULL;
    assert_int_equal(yaml_parse(cx, made->files[0].data, &pack), RC_OK);
    says(cx, pack, "pack", "x-evil-true");
    says(cx, y, "states.a_quoted_back.name.vi", "A \"quoted\" \\ back");
    says(cx, y, "states.a_quoted_back.on.x_y_z.to", "b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(digit),    UNIT(bpmn),    UNIT(same_twice),
                                       UNIT(refusals), UNIT(hostile), UNIT(names_are_quoted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
