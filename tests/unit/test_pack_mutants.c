/* test_pack_mutants.c - a pack in which one value is gone or of another kind is told about and
 * never worse: what one step kept as a finding the next one stands without. */
#include "pack_help.h"

#include "text/yaml.h"

/* What an author's slip puts in place of a value. */
static const struct mutation {
    const char *name;
    enum json_kind kind;
    const char *text;
    int64_t i;
} mutations[] = {
    {"left out", JSON_NULL, NULL, 0},
    {"null", JSON_NULL, "", 0},
    {"false", JSON_BOOL, "", 0},
    {"a negative number", JSON_INT, "", -7},
    {"a huge number", JSON_INT, "", INT64_MAX},
    {"an empty text", JSON_STR, "", 0},
    {"an unknown word", JSON_STR, "nowhere", 0},
    {"a sign", JSON_STR, "((", 0},
    {"an empty list", JSON_ARR, "", 0},
    {"an empty object", JSON_OBJ, "", 0},
};

/* The k-th value below v, in order, changed in place; *left is what remains to be passed over. */
static bool change(struct ctx *cx, struct json *v, size_t *left, const struct mutation *m)
{
    JSON_EACH (v, child) {
        if ((*left)-- > 0) {
            if (change(cx, child, left, m))
                return true;
            continue;
        }
        if (m->text) {
            struct json *next = child->next;
            *child = (struct json){.kind = m->kind, .key = child->key, .i = m->i};
            child->s = str_from(m->text);
            child->next = next;
        } else if (v->kind == JSON_OBJ) {
            json_del(v, child->key);
        }
        return true;
    }
    return false;
}

/* JSON is YAML: the changed tree is what stands in the file. */
static void mutant_check(struct ctx *cx, const struct pack_files *f,
                         const struct pack_file *file, const struct json *tree)
{
    struct pack_findings found;
    struct pack *p = NULL;
    struct buf *b = buf_new(cx->mem, 1 << 20);
    json_print(b, tree);
    enum rc rc = pack_check(cx, files_with(cx, f, file->name, buf_str(b)), &found, &p);
    assert_true(rc == RC_OK || rc == RC_PACK);
    assert_true((rc == RC_OK) == (p != NULL));
    for (size_t i = 0; i < found.n; i++)
        assert_true(found.v[i].rule.n && found.v[i].text_vi.n && found.v[i].text_en.n);
    /* what serves published packs reads them without notes, and takes all that may be published */
    ctx_clear(cx);
    enum rc load = pack_load(cx, files_with(cx, f, file->name, buf_str(b)), &p);
    assert_true(load == RC_OK || (load == RC_PACK && rc == RC_PACK));
}

/* Every stride-th value of each file of declarations, each with the next kind of slip. */
static void files_mutate(struct ctx *cx, const struct pack_files *f, size_t stride)
{
    size_t mutants = 0;
    for (size_t i = 0; i < f->n; i++) {
        struct json *tree;
        if (!str_ends(f->v[i].name, STR(".yaml")) || yaml_parse(cx, f->v[i].data, &tree))
            continue;
        for (size_t k = 0, more = 1; more; k++)
            for (size_t m = k % stride; more && m < ROWS(mutations); m += stride) {
                struct arena *own = arena_new(64u << 20);
                struct ctx *one = ctx_new(own, NULL);
                struct json *copy = json_copy(own, tree);
                size_t left = k;
                more = change(one, copy, &left, &mutations[m]);
                if (more)
                    mutant_check(one, f, &f->v[i], copy);
                mutants += more;
                arena_free(own);
            }
    }
    assert_true(mutants > 100);
}

/* A service with what `good` has not: a clock with another budget by the way it came. */
static void test_service(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    files_mutate(cx,
                 edited(cx, "flow.yaml", "start: processing}",
                        "start: processing, from: {submitted: 2wd}}"),
                 5);
}

static void test_scorecard(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct pack_files *f = NULL;
    struct str dir = tests_dir(cx->mem, "../../packs/index-emc");
    assert_int_equal(pack_files_read(cx, dir, &f), RC_OK);
    files_mutate(cx, f, 5);
}

/* Rules that came later judge what is to be published, not what was: a comparison with a choice
 * that there is not goes on comparing. */
static void test_published_goes_on(void **state)
{
    static const char *const slips[] = {"size == \"smal\"", "size in [\"smal\"]",
                                        "size != \"\""};
    for (size_t i = 0; i < ROWS(slips); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct pack_findings found;
        struct pack *p = NULL;
        struct pack_files *f = edited(cx, "flow.yaml", "size == \"small\"", slips[i]);
        assert_int_equal(pack_check(cx, f, &found, &p), RC_PACK);
        assert_str(found.v[0].rule, "P014");
        ctx_clear(cx);
        assert_int_equal(pack_load(cx, f, &p), RC_OK);
        assert_non_null(p->flow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(test_service), UNIT(test_scorecard),
                                       UNIT(test_published_goes_on)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
