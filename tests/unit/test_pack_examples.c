/* test_pack_examples.c - tests/packs/PNNN: for each rule one change to the sound pack that breaks
 * it, at exactly that place, and one beside it that keeps it. */
#include "pack_help.h"

#include "pack/staff.h"

enum { OFFICERS_MAX = 20, UNITS_MAX_HERE = 8 };

struct example {
    struct ctx *cx;
    struct pack_files *files;
    struct staff staff;
    struct staff_unit units[UNITS_MAX_HERE];
    struct staff_officer officers[UNITS_MAX_HERE][OFFICERS_MAX];
    struct staff_duty duties[UNITS_MAX_HERE][OFFICERS_MAX];
    struct json *expected, *also; /* "flow.yaml:12"; rules that follow */
};

/* -- who works where: "UNIT officer NAME ROLE…", "UNIT duty DUTY UNIT", "UNIT offers" -- */

static struct staff_unit *unit_named(struct example *x, struct str code)
{
    for (size_t i = 0; i < x->staff.n; i++)
        if (str_eq(x->units[i].code, code))
            return &x->units[i];
    assert_true(x->staff.n < UNITS_MAX_HERE);
    struct staff_unit *u = &x->units[x->staff.n];
    u->officers = x->officers[x->staff.n];
    u->duties = x->duties[x->staff.n++];
    u->code = code;
    return u;
}

static void staff_line(struct example *x, struct str line)
{
    struct str code, what, first, word;
    line = str_split(line, ' ', &code);
    line = str_split(line, ' ', &what);
    struct staff_unit *u = unit_named(x, code);
    size_t at = (size_t)(u - x->units);
    x->staff.units = x->units;
    if (str_eq(what, STR("offers"))) {
        u->offers = true;
        return;
    }
    line = str_split(line, ' ', &first);
    if (str_eq(what, STR("duty"))) {
        x->duties[at][u->nduties++] = (struct staff_duty){first, unit_named(x, line)};
        return;
    }
    struct staff_officer *o = &x->officers[at][u->nofficers++];
    o->account = (int64_t)first.p[0]; /* one letter a person */
    while (line.n) {
        enum role r;
        line = str_split(line, ' ', &word);
        assert_true(role_parse(word, &r));
        o->roles |= 1u << r;
    }
}

/* -- the change -- */

/* One hunk: " " and "-" lines are what stands there, once; " " and "+" what then does. */
static void hunk_apply(struct example *x, struct str name, struct buf *from, struct buf *to)
{
    bool is_gone = str_ends(name, STR(" gone")), is_new = str_ends(name, STR(" new"));
    struct str file, f = buf_str(from), t = str_dup(x->cx->mem, buf_str(to));
    str_split(name, ' ', &file);
    assert_true(is_new || is_gone || f.n);
    struct str was = pack_file(x->files, file);
    struct str now = is_new ? t : is_gone ? STR_NULL : replaced_in(x->cx->mem, was, f, t);
    x->files = files_with(x->cx, x->files, file, now);
}

static void hunk_end(struct example *x, struct str name, struct buf **from, struct buf **to)
{
    if (name.n && str_starts(name, STR("staff"))) {
        struct str rest = str_dup(x->cx->mem, buf_str(*to)), line;
        while (rest.n) {
            rest = str_split(rest, '\n', &line);
            if (line.n)
                staff_line(x, line);
        }
    } else if (name.n)
        hunk_apply(x, name, *from, *to);
    *from = buf_new(x->cx->mem, 20000);
    *to = buf_new(x->cx->mem, 20000);
}

static void line_take(struct example *x, struct str line, struct buf *from, struct buf *to)
{
    struct str rest = str_skip(line, 1);
    if (line.n && line.p[0] != '+') {
        buf_put(from, rest);
        buf_putc(from, '\n');
    }
    if (line.n && line.p[0] != '-') {
        buf_put(to, rest);
        buf_putc(to, '\n');
    }
}

static void example_read(struct example *x, struct str text)
{
    struct str line, name = STR("");
    struct buf *from, *to;
    hunk_end(x, name, &from, &to);
    while (text.n) {
        text = str_split(text, '\n', &line);
        if (str_starts(line, STR("@ "))) {
            hunk_end(x, name, &from, &to);
            name = str_skip(line, 2);
        } else if (str_starts(line, STR("= ")))
            json_push(x->expected, json_new_str(x->cx->mem, str_skip(line, 2)));
        else if (str_starts(line, STR("also ")))
            json_push(x->also, json_new_str(x->cx->mem, str_skip(line, 5)));
        else if (line.n && line.p[0] != '#')
            line_take(x, line, from, to);
    }
    hunk_end(x, name, &from, &to);
}

/* -- what is told -- */

static bool list_has(const struct json *list, struct str s)
{
    JSON_EACH (list, v)
        if (str_eq(v->s, s))
            return true;
    return false;
}

static struct str file_text(struct ctx *cx, struct str path)
{
    FILE *f = fopen(str_z(cx->mem, path), "rb");
    char *p = arena_alloc(cx->mem, 20000);
    if (!f)
        return STR_NULL;
    size_t n = fread(p, 1, 20000, f);
    fclose(f);
    return str_n(p, n);
}

/* The rule is told where the example says, and nothing but what it says follows. */
static void told_check(struct example *x, const struct pack_findings *found, struct str rule,
                       const char *which)
{
    size_t mine = 0;
    for (size_t i = 0; i < found->n; i++) {
        const struct pack_finding *f = &found->v[i];
        struct str at = str_fmt(x->cx->mem, "%.*s:%d", STR_ARG(f->file), f->line);
        bool is_mine = str_eq(f->rule, rule);
        mine += is_mine;
        if (is_mine ? !list_has(x->expected, at) : !list_has(x->also, f->rule)) {
            findings_tell(found);
            fail_msg("%.*s/%s: not %.*s at %.*s", STR_ARG(rule), which, STR_ARG(f->rule),
                     STR_ARG(at));
        }
    }
    if (mine != x->expected->n) {
        findings_tell(found);
        fail_msg("%.*s/%s: told %zu times", STR_ARG(rule), which, mine);
    }
}

static void example_check(struct ctx *cx, const struct pack_rule *r, const char *which)
{
    struct example *x = arena_new_of(cx->mem, struct example);
    struct str rule = str_fmt(cx->mem, "P%03d", r->number);
    struct str text = file_text(
        cx, tests_dir(cx->mem, str_fmt(cx->mem, "%.*s/%s.delta", STR_ARG(rule), which).p));
    struct pack_findings found;
    struct pack *p = NULL;
    bool is_bad = strcmp(which, "bad") == 0;
    if (!text.p)
        fail_msg("%.*s has no example %s.delta", STR_ARG(rule), which);
    x->cx = cx;
    x->files = good_files(cx);
    x->expected = json_new_arr(cx->mem);
    x->also = json_new_arr(cx->mem);
    example_read(x, text);
    assert_int_equal(x->expected->n > 0, is_bad);
    enum rc rc = pack_check_with(cx, x->files, x->staff.n ? &x->staff : NULL, &found, &p);
    told_check(x, &found, rule, which);
    assert_int_equal(rc == RC_OK, p != NULL);
    if (is_bad && r->severity == PACK_ERROR)
        assert_int_equal(rc, RC_PACK);
    for (size_t i = 0; i < found.n; i++)
        assert_true(found.v[i].text_vi.n && found.v[i].text_en.n);
    ctx_clear(cx);
}

static void examples_hold(void **state)
{
    const struct pack_rule *r;
    for (size_t i = 0; (r = pack_rule_at(i)); i++) {
        example_check(ctx_new(*state, NULL), r, "bad");
        example_check(ctx_new(*state, NULL), r, "good");
    }
}

static void rules_say_why(void **state)
{
    const struct pack_rule *r;
    for (size_t i = 0; (r = pack_rule_at(i)); i++)
        if (!pack_rule_why(r, LANG_VI).n || !pack_rule_why(r, LANG_EN).n)
            fail_msg("P%03d has no row in rules_why.def", r->number);
    assert_null(pack_rule_find(STR("P999")));
    assert_null(pack_rule_find(STR("P42")));
    assert_null(pack_rule_find(STR("")));
}

/* Ten mistakes in one pack: all ten are told, each once. */
static void ten_mistakes(void **state)
{
    static const struct {
        const char *file, *from, *to, *rule;
    } rows[] = {
        {"pack.yaml", "retention: 10y", "retention: 0y", "P012"},
        {"pack.yaml", "version: 1.2.0", "version: 1.2", "P008"},
        {"pack.yaml", "level_2011: 4", "level_2011: 7", "P019"},
        {"pack.yaml", "amount_vnd: 20000", "amount_vnd: -1", "P013"},
        {"forms/main.yaml", "maxLength: 200", "maxLenght: 200", "P003"},
        {"forms/main.yaml", "required: [size, place]", "required: [size, plaice]", "P127"},
        {"flow.yaml", "within: 4wh", "within: 4h", "P043"},
        {"flow.yaml", "need: [reason, law], do: [notify]", "need: [reason], do: [notify]",
         "P039"},
        {"indicators.yaml", "better: up", "better: upwards", "P060"},
        {"messages.yaml", "Thank you.", "Thank you, {name}.", "P071"},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    struct pack_files *f = good_files(cx);
    struct pack_findings found;
    struct pack *p;
    for (size_t i = 0; i < ROWS(rows); i++)
        f = files_edited(cx, f, rows[i].file, rows[i].from, rows[i].to);
    assert_int_equal(pack_check(cx, f, &found, &p), RC_PACK);
    for (size_t i = 0; i < ROWS(rows); i++)
        if (!findings_have(&found, rows[i].rule)) {
            findings_tell(&found);
            fail_msg("%s is not told", rows[i].rule);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(examples_hold), UNIT(rules_say_why),
                                       UNIT(ten_mistakes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
