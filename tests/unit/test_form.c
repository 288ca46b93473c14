/* test_form.c - forms: every keyword taken and refused, answers checked, pages walked. */
#include "unit/harness.h"

#include "form/form.h"
#include "page/embed.h"
#include "page/tpl.h"
#include "text/yaml.h"

#define L(t) "{vi: " t ", en: " t "}"

/* Sections for properties whose names are given. */
#define PAGES(ask)                                                                             \
    "sections:\n  - id: s\n    title: " L("S") "\n    pages:\n"                                \
                                               "      - {id: p, title: " L("P") ", ask: [" ask \
                                                                                "]}\n"
#define FORM(ask, props) "type: object\n" PAGES(ask) "properties:\n" props

static struct ctx *begin(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    assert_true(time_parse(STR("2026-03-01T08:00:00+07:00"), &cx->now_us));
    return cx;
}

static enum rc load(struct ctx *cx, const char *text, struct form **ret)
{
    struct json *yaml;
    if (yaml_parse(cx, str_from(text), &yaml))
        fail_msg("%s\n%s", cx->err.detail, text);
    return form_load(cx, yaml, NULL, ret);
}

static struct json *parse(struct ctx *cx, const char *text)
{
    struct json *v;
    if (json_parse(cx, str_from(text), &v))
        fail_msg("%s: %s", text, cx->err.detail);
    return v;
}

static void assert_json(void **state, const struct json *v, const char *want)
{
    struct buf *b = buf_new(*state, 1 << 20);
    json_print(b, v);
    if (!str_eq(buf_str(b), str_from(want)))
        fail_msg("%.*s, not %s", STR_ARG(buf_str(b)), want);
}

/* One property `a`, written as a YAML flow mapping. */
/* "P021 line 9: `b` (0)": the rule and what exactly. */
static const char *told(struct ctx *cx)
{
    return str_fmt(cx->mem, "%s %s", cx->err.field, cx->err.detail).p;
}

static void keywords(void **state)
{
    static const struct {
        const char *property, *finding; /* NULL: accepted */
    } rows[] = {
        {"{type: string, title: T, maxLength: 5}", NULL},
        {"{type: string, title: T, format: date}", NULL},
        {"{type: string, title: T, format: email}", NULL},
        {"{type: string, title: T, format: uri}", NULL},
        {"{type: string, title: T, format: phone}", NULL},
        {"{type: string, title: T, format: identity-number}", NULL},
        {"{type: string, title: T, enum: [x], labels: {x: T}}", NULL},
        {"{type: string, title: T, enum: [x], labels: {x: T}, widget: select}", NULL},
        {"{type: string, title: T, maxLength: 9, widget: textarea, transform: upper}", NULL},
        {"{type: string, title: T, maxLength: 9, pattern: '^[a-z]+$', hint: T}", NULL},
        {"{type: string, title: T, maxLength: 9, personal: true, minLength: 2}", NULL},
        {"{type: string, title: T, format: date, minimum: today-1y, maximum: today}", NULL},
        {"{type: string, title: T, format: date, maximum: '2026-01-31'}", NULL},
        {"{type: string, title: T, maxLength: 9, default: x, if: 'a != null'}", NULL},
        {"{type: string, title: T, maxLength: 9, widget: unit}", NULL},
        {"{type: string, title: T, maxLength: 9, widget: file}", NULL},
        {"{type: integer, title: T, minimum: 1, maximum: 5, default: 3}", NULL},
        {"{type: boolean, title: T}", NULL},
        {"{type: boolean, title: T, const: true, widget: checkbox}", NULL},
        {"{type: object, properties: {b: {type: boolean, title: T}}, required: [b]}", NULL},
        {"{type: array, title: T, maxItems: 3, minItems: 1, item_title: T, items: {type: "
         "object, "
         "properties: {b: {type: boolean, title: T}}}}",
         NULL},
        {"{type: array, title: T, maxItems: 3, items: {type: string, enum: [x], labels: {x: "
         "T}}}",
         NULL},
        {"{source: applicant.number, locked: true}", NULL},
        {"{type: string, title: T, maxLength: 9, source: applicant.name}", NULL},

        {"{title: T, maxLength: 5}",
         "P120 line 9: `a`: string, integer, boolean, object, array"},
        {"{type: number, title: T}",
         "P120 line 9: `a`: string, integer, boolean, object, array"},
        {"{type: string, title: T}", "P121 line 9: `a`: maxLength, enum, format"},
        {"{type: string, maxLength: 5}", "P004 line 9: `a.title`"},
        {"{type: string, title: Text, maxLength: 5}", "P006 line 9: `title`: {vi: …, en: …}"},
        {"{type: string, title: {vi: a}, maxLength: 5}",
         "P006 line 9: `title`: {vi: …, en: …}"},
        {"{type: string, title: T, hint: {vi: a, en: ''}, maxLength: 5}",
         "P006 line 9: `hint`: {vi: …, en: …}"},
        {"{type: string, title: T, maxlength: 5}", "P003 line 9: `maxlength`"},
        {"{type: string, title: T, maxLength: '5'}", "P005 line 9: `maxLength`"},
        {"{type: string, title: T, maxLength: 99999}", "P125 line 9: `a`: 0–20000"},
        {"{type: string, title: T, minLength: 6, maxLength: 5}", "P125 line 9: `a`: 0–20000"},
        {"{type: integer, title: T, maxLength: 5}", "P120 line 9: `maxLength`, type: integer"},
        {"{type: integer, title: T, enum: [x]}", "P120 line 9: `enum`, type: integer"},
        {"{type: string, title: T, format: time}",
         "P005 line 9: format: date, email, uri, phone, identity-number"},
        {"{type: string, title: T, maxLength: 5, transform: lower}",
         "P005 line 9: transform: trim, upper_first, upper"},
        {"{type: string, title: T, maxLength: 5, pattern: '('}", "pattern: ( has no )"},
        {"{type: string, title: T, maxLength: 5, minimum: 3}",
         "P125 line 9: `minimum`: 1; today, today-150y, '2026-01-31'"},
        {"{type: string, title: T, format: date, minimum: yesterday}",
         "P125 line 9: `minimum`: 1; today, today-150y, '2026-01-31'"},
        {"{type: string, title: T, format: date, minimum: today-1}",
         "P125 line 9: `minimum`: 1; today, today-150y, '2026-01-31'"},
        {"{type: integer, title: T, minimum: 5, maximum: 1}",
         "P125 line 9: `a`: minimum > maximum"},
        {"{type: string, title: T, enum: [x, y], labels: {x: T}}", "P122 line 9: `a` (1–100)"},
        {"{type: string, title: T, enum: [x], labels: {z: T}}", "P122 line 9: `a`: `x`"},
        {"{type: string, title: T, enum: [1], labels: {1: T}}", "P122 line 9: `a`: ``"},
        {"{type: string, title: T, enum: [x, x], labels: {x: T, y: T}}", "P009 line 9: `x`"},
        {"{type: string, title: T, enum: []}", "P122 line 9: `a` (1–100)"},
        {"{type: string, title: T, enum: [x], labels: {x: T}, widget: textarea}",
         "P124 line 9: `textarea`, enum"},
        {"{type: string, title: T, maxLength: 5, widget: radios}",
         "P124 line 9: `radios`, enum"},
        {"{type: string, title: T, maxLength: 5, widget: slider}",
         "P124 line 9: `slider`, type: string"},
        {"{type: boolean, title: T, widget: select}", "P124 line 9: `select`, type: boolean"},
        {"{type: string, title: T, format: date, widget: text}", "P124 line 9: format: date"},
        {"{type: string, title: T, maxLength: 5, default: 3}",
         "P125 line 9: `a`: default, const"},
        {"{type: integer, title: T, maximum: 5, default: 7}",
         "P125 line 9: `a`: default, const"},
        {"{type: boolean, title: T, const: false}", "P125 line 9: `a`: const: true"},
        {"{type: string, title: T, maxLength: 5, if: 'b == 1'}", "nothing is called b"},
        {"{type: string, title: T, maxLength: 5, if: 'size(a)'}", "a boolean is needed"},
        {"{type: string, title: T, maxLength: 5, if: true}", "P005 line 9: `a.if`"},
        {"{type: string, title: T, maxLength: 5, source: applicant.x}",
         "P123 line 9: `applicant.x`; applicant.name .number .birth .phone .email"},
        {"{type: string, title: T, maxLength: 5, locked: true}",
         "P123 line 9: `a`: locked, source"},
        {"{type: object}", "P004 line 9: `properties`"},
        {"{type: object, properties: {B: {type: boolean, title: T}}}", "P007 line 9: `B`: {…}"},
        {"{type: object, properties: {b: {type: boolean, title: T}}, required: [c]}",
         "P127 line 9: `c`"},
        {"{type: array, title: T, maxItems: 3}", "P121 line 9: `a`: items, maxItems"},
        {"{type: array, title: T, items: {type: object}}", "P121 line 9: `a`: items, maxItems"},
        {"{type: array, title: T, maxItems: 101, items: {}}", "P125 line 9: `a`: 0–100"},
        {"{type: array, title: T, maxItems: 3, items: {type: string, maxLength: 5}}",
         "P122 line 9: `a`: items"},
        {"{type: array, title: T, maxItems: 3, items: {type: object, x: 1}}",
         "P003 line 9: `x`"},
        {"{type: object, properties: {b: {type: object, properties: {c: {type: object, "
         "properties: {d: {type: boolean, title: T}}}}}}}",
         "P128 line 9: properties > properties > properties"},
        {"{type: array, title: T, maxItems: 3, items: {type: object, properties: {b: {type: "
         "array, "
         "title: T, maxItems: 2, items: {type: string, enum: [x], labels: {x: T}}}}}}",
         "P128 line 9: `b`: items > items"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = begin(state);
        struct buf *b = buf_new(*state, 10000);
        buf_put(b, STR(FORM("a", "\n  a: ")));
        for (const char *p = rows[i].property; *p; p++) {
            bool is_label = p[0] == 'T' && p[-1] == ' ' && (p[1] == ',' || p[1] == '}');
            if (is_label)
                buf_put(b, STR(L("Chữ")));
            else
                buf_putc(b, *p);
        }
        buf_put(b, STR("\n"));
        struct form *f = NULL;
        enum rc rc = load(cx, str_z(*state, buf_str(b)), &f);
        if (!rows[i].finding) {
            if (rc)
                fail_msg("%s: %s", rows[i].property, cx->err.detail);
            assert_true(form_has_field(f, STR("a")));
            continue;
        }
        if (rc != RC_PACK || !strstr(told(cx), rows[i].finding))
            fail_msg("row %zu: %s", i, told(cx));
    }
}

static void structure(void **state)
{
#define A "  a: {type: boolean, title: " L("A") "}\n"
#define B "  b: {type: boolean, title: " L("B") "}\n"
    static const struct {
        const char *text, *finding;
    } rows[] = {
        {FORM("a", A), NULL},
        {FORM("a, b", A B), NULL},
        {FORM("a", A) "required: [a]\n", NULL},
        {FORM("a", A) "rules: [{check: 'a == true', field: a, message: " L("M") "}]\n", NULL},
        {FORM("a", A) "color: red\n", "P003 line 9: `color`"},
        {"type: array\nproperties:\n" A, "P020 line 1: type: object"},
        {"type: object\nproperties:\n" A, "P004 line 1: `sections`"},
        {"type: object\n" PAGES("a"), "P004 line 1: `properties`"},
        {FORM("a", A B), "P021 line 9: `b` (0)"},
        {FORM("a, c", A), "P022 line 6: `c`"},
        {FORM("a, a", A), "P021 line 6: `a` (2)"},
        {FORM("", A), "P004 line 6: `p.ask`"},
        {FORM("a", A) "required: [z]\n", "P127 line 9: `z`"},
        {FORM("a", A) "required: a\n", "P005 line 9: required: […]"},
        {FORM("a", A) "rules: [{check: 'a == true', field: z, message: " L("M") "}]\n",
         "P127 line 9: `z`"},
        {FORM("a", A) "rules: [{check: 'a == true', field: a}]\n", "P004 line 9: `message`"},
        {FORM("a", A) "rules: [{field: a, message: " L("M") "}]\n", "P004 line 9: `check`"},
        {FORM("a", A) "rules: [{check: 'a == 3', field: a, message: " L("M") "}]\n",
         "line 9: column 3: a boolean and a number cannot be compared"},
        {FORM("a", A) "rules: [x]\n", "P005 line 9: `rules`: [{…}]"},
        {"type: object\nsections: [{id: s, pages: []}]\nproperties:\n" A,
         "P004 line 2: `s.title`"},
        {"type: object\nsections: [{id: S, title: " L("S") "}]\nproperties:\n" A,
         "P007 line 2: `S`"},
        {"type: object\nsections: [{id: s, title: " L("S") "}]\nproperties:\n" A,
         "P004 line 2: `s.pages`"},
        {"type: object\nsections: [{id: s, title: " L("S") ", pages: [{id: p, ask: [a, b]}]}]\n"
                                                           "properties:\n" A B,
         "P004 line 2: `p.title`"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = begin(state);
        struct form *f;
        enum rc rc = load(cx, rows[i].text, &f);
        if (rows[i].finding ? rc != RC_PACK || !strstr(told(cx), rows[i].finding) : rc)
            fail_msg("row %zu: %s", i, told(cx));
    }
}

/* A form with everything; the other tests answer it. */
static const char sample[] =
    "type: object\n"
    "sections:\n"
    "  - id: child\n"
    "    title: {vi: Trẻ, en: The child}\n"
    "    pages:\n"
    "      - {id: name, ask: [name]}\n"
    "      - {id: birth, ask: [born, sex], title: {vi: Ngày sinh, en: Birth}}\n"
    "  - id: father\n"
    "    title: {vi: Cha, en: Father}\n"
    "    pages:\n"
    "      - {id: known, ask: [father_known]}\n"
    "      - {id: father, ask: [father]}\n"
    "  - id: rest\n"
    "    title: {vi: Khác, en: Rest}\n"
    "    pages:\n"
    "      - {id: kids, ask: [kids]}\n"
    "      - {id: contact, ask: [phone, mail, site, number], title: {vi: L, en: C}}\n"
    "      - {id: more, ask: [copies, tags, note, code], title: {vi: M, en: M}}\n"
    "      - {id: oath, ask: [oath]}\n"
    "properties:\n"
    "  my_name: {source: applicant.name, locked: true}\n"
    "  name: {type: string, title: {vi: Họ tên của trẻ, en: Child's name}, minLength: 2, "
    "maxLength: 20, transform: upper_first, pattern: '^[[:alpha:] ]+$', personal: true}\n"
    "  born: {type: string, format: date, title: {vi: Ngày sinh của trẻ, en: Date of birth}, "
    "minimum: today-150y, maximum: today}\n"
    "  sex: {type: string, title: {vi: Giới tính, en: Sex}, enum: [male, female], "
    "labels: {male: {vi: Nam, en: Male}, female: {vi: Nữ, en: Female}}}\n"
    "  father_known: {type: boolean, title: {vi: 'Có biết cha không?', en: 'Is he known?'}}\n"
    "  father:\n"
    "    type: object\n"
    "    title: {vi: Người cha, en: Father}\n"
    "    if: 'father_known == true'\n"
    "    properties:\n"
    "      name: {type: string, title: {vi: Họ tên cha, en: Father's name}, maxLength: 50}\n"
    "      born: {type: string, format: date, title: {vi: Ngày sinh cha, en: His birthday}}\n"
    "      abroad: {type: boolean, title: {vi: Ở nước ngoài, en: Abroad}, widget: checkbox}\n"
    "      country: {type: string, title: {vi: Nước, en: Country}, maxLength: 50, "
    "if: 'father.abroad == true'}\n"
    "    required: [name, country]\n"
    "  kids:\n"
    "    type: array\n"
    "    title: {vi: Các con, en: Children}\n"
    "    item_title: {vi: 'Con thứ {n}', en: 'Child {n}'}\n"
    "    maxItems: 3\n"
    "    items:\n"
    "      type: object\n"
    "      properties:\n"
    "        name: {type: string, title: {vi: Tên con, en: Name}, maxLength: 50}\n"
    "        school: {type: boolean, title: {vi: 'Đi học?', en: 'At school?'}}\n"
    "        where: {type: string, title: {vi: Trường, en: School}, maxLength: 50, "
    "if: 'item.school == true'}\n"
    "      required: [name, where]\n"
    "  phone: {type: string, format: phone, title: {vi: Điện thoại, en: Phone}, "
    "source: applicant.phone}\n"
    "  mail: {type: string, format: email, title: {vi: Thư, en: Mail}}\n"
    "  site: {type: string, format: uri, title: {vi: Trang, en: Site}}\n"
    "  number: {type: string, format: identity-number, title: {vi: Số, en: Number}}\n"
    "  copies: {type: integer, title: {vi: Số bản, en: Copies}, minimum: 1, maximum: 9, "
    "default: 1}\n"
    "  tags: {type: array, title: {vi: Nhãn, en: Tags}, minItems: 1, maxItems: 2, "
    "items: {type: string, enum: [a, b, c], labels: {a: {vi: A, en: A}, b: {vi: B, en: B}, "
    "c: {vi: C, en: C}}}}\n"
    "  note: {type: string, title: {vi: Ghi chú, en: Note}, maxLength: 400}\n"
    "  code: {type: string, title: {vi: Mã, en: Code}, maxLength: 9, const: X1}\n"
    "  oath: {type: boolean, const: true, title: {vi: Tôi cam đoan, en: I declare}}\n"
    "required: [name, born, sex, father_known, copies, oath]\n"
    "rules:\n"
    "  - {check: 'days(father.born, born) > 4000', field: father.born, "
    "message: {vi: Xem lại ngày sinh, en: Check the birthdays}}\n";

#define GOOD                                                                                   \
    "\"name\":\"An\",\"born\":\"2026-01-02\",\"sex\":\"male\",\"oath\":true,\"copies\":1"
#define FINE GOOD ",\"father_known\":false"
#define DAD GOOD ",\"father_known\":true"

static struct form *sample_form(struct ctx *cx)
{
    struct form *f;
    if (load(cx, sample, &f))
        fail_msg("%s", cx->err.detail);
    return f;
}

static void checks(void **state)
{
    static const struct {
        const char *answers, *change, *field, *rule, *page; /* field NULL: right */
    } rows[] = {
        {"{" FINE "}", "{}", NULL, "", ""},
        {"{" FINE "}", "{\"phone\":\"0912 345 678\",\"mail\":\"a.b@c.vn\"}", NULL, "", ""},
        {"{" FINE "}", "{\"phone\":\"+84912345678\",\"site\":\"https://a.vn/x?y=1\"}", NULL, "",
         ""},
        {"{" FINE "}", "{\"phone\":\"02438223344\",\"note\":\"a\\nb\"}", NULL, "", ""},
        {"{" FINE "}", "{\"tags\":[\"a\",\"c\"],\"code\":\"X1\"}", NULL, "", ""},
        {"{" FINE "}",
         "{\"kids\":[{\"name\":\"B\"},{\"name\":\"C\",\"school\":true,\"where\":\"D\"}]}", NULL,
         "", ""},
        {"{" DAD "}", "{\"father\":{\"name\":\"B\",\"born\":\"1990-01-01\"}}", NULL, "", ""},
        {"{" DAD "}", "{\"father\":{\"name\":\"B\",\"abroad\":true,\"country\":\"C\"}}", NULL,
         "", ""},
        {"{" FINE "}", "{\"mail\":\"\",\"tags\":[],\"note\":null}", NULL, "", ""},

        {"{}", "{}", "name", "required", "name"},
        {"{}", "{\"name\":\"An\"}", "born", "required", "birth"},
        {"{" GOOD "}", "{}", "father_known", "required", "known"},
        {"{" FINE "}", "{\"x\":1}", "x", "undeclared", ""},
        {"{" FINE "}", "{\"name\":3}", "name", "type", "name"},
        {"{" FINE "}", "{\"name\":\"A\"}", "name", "minLength", "name"},
        {"{" FINE "}", "{\"name\":\"Ễễễễễ ễễễễễ ễễễễễ ễễễ\"}", "name", "maxLength", "name"},
        {"{" FINE "}", "{\"name\":\"An 2\"}", "name", "pattern", "name"},
        {"{" FINE "}", "{\"born\":\"2026-02-30\"}", "born", "format", "birth"},
        {"{" FINE "}", "{\"born\":\"2026-03-02\"}", "born", "maximum", "birth"},
        {"{" FINE "}", "{\"born\":\"1876-02-28\"}", "born", "minimum", "birth"},
        {"{" FINE "}", "{\"sex\":\"x\"}", "sex", "enum", "birth"},
        {"{" FINE "}", "{\"father_known\":\"yes\"}", "father_known", "type", "known"},
        {"{" FINE "}", "{\"oath\":false}", "oath", "required", "oath"},
        {"{" FINE "}", "{\"copies\":0}", "copies", "minimum", "more"},
        {"{" FINE "}", "{\"copies\":10}", "copies", "maximum", "more"},
        {"{" FINE "}", "{\"copies\":1.5}", "copies", "type", "more"},
        {"{" FINE "}", "{\"copies\":\"1\"}", "copies", "type", "more"},
        {"{" FINE "}", "{\"phone\":\"912345678\"}", "phone", "format", "contact"},
        {"{" FINE "}", "{\"phone\":\"00912345678\"}", "phone", "format", "contact"},
        {"{" FINE "}", "{\"phone\":\"09123456789\"}", "phone", "format", "contact"},
        {"{" FINE "}", "{\"mail\":\"a@b\"}", "mail", "format", "contact"},
        {"{" FINE "}", "{\"mail\":\"a b@c.vn\"}", "mail", "format", "contact"},
        {"{" FINE "}", "{\"mail\":\".a@c.vn\"}", "mail", "format", "contact"},
        {"{" FINE "}", "{\"site\":\"javascript:alert(1)\"}", "site", "format", "contact"},
        {"{" FINE "}", "{\"site\":\"https://a b.vn\"}", "site", "format", "contact"},
        {"{" FINE "}", "{\"site\":\"https://a.vn/<x>\"}", "site", "format", "contact"},
        {"{" FINE "}", "{\"number\":\"123\"}", "number", "format", "contact"},
        {"{" FINE "}", "{\"tags\":[\"d\"]}", "tags", "enum", "more"},
        {"{" FINE "}", "{\"tags\":[\"a\",\"a\"]}", "tags", "enum", "more"},
        {"{" FINE "}", "{\"tags\":[\"a\",\"b\",\"c\"]}", "tags", "maxItems", "more"},
        {"{" FINE "}", "{\"tags\":\"a\"}", "tags", "type", "more"},
        {"{" FINE "}", "{\"note\":\"a\\u0007\"}", "note", "pattern", "more"},
        {"{" FINE "}", "{\"code\":\"X2\"}", "code", "enum", "more"},
        {"{" FINE "}", "{\"kids\":{}}", "kids", "type", "kids"},
        {"{" FINE "}", "{\"kids\":[1]}", "kids", "type", "kids"},
        {"{" FINE "}", "{\"kids\":[{}]}", "kids.0.name", "required", "kids"},
        {"{" FINE "}", "{\"kids\":[{\"name\":\"a\"},{\"name\":\"b\",\"school\":true}]}",
         "kids.1.where", "required", "kids"},
        {"{" FINE "}", "{\"kids\":[{\"name\":\"a\",\"y\":1}]}", "kids.0.y", "undeclared", ""},
        {"{" DAD "}", "{}", "father.name", "required", "father"},
        {"{" DAD "}", "{\"father\":3}", "father", "type", "father"},
        {"{" DAD "}", "{\"father\":{\"name\":\"B\",\"abroad\":true}}", "father.country",
         "required", "father"},
        {"{" DAD "}", "{\"father\":{\"name\":\"B\",\"z\":1}}", "father.z", "undeclared", ""},
        {"{" DAD "}", "{\"father\":{\"name\":\"B\",\"born\":\"2020-01-01\"}}", "father.born",
         "rule", "father"},
    };
    struct ctx *cx = begin(state);
    const struct form *f = sample_form(cx);
    for (size_t i = 0; i < ROWS(rows); i++)
        for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
            struct form_errors errs;
            ctx_clear(cx);
            cx->lang = lang;
            struct json *answers = parse(cx, rows[i].answers);
            JSON_EACH (parse(cx, rows[i].change), c)
                json_put(answers, c->key, json_copy(*state, c));
            const char *text = rows[i].change;
            enum rc rc = form_check(cx, f, answers, &errs);
            if (!rows[i].field) {
                if (rc)
                    fail_msg("%s: %.*s", text, STR_ARG(errs.v[0].text));
                continue;
            }
            if (rc != RC_INVALID || errs.n == 0)
                fail_msg("%s was accepted", text);
            struct form_error *e = &errs.v[0];
            if (!str_eq(e->field, str_from(rows[i].field)) ||
                !str_eq(e->rule, str_from(rows[i].rule)) || e->text.n < 10)
                fail_msg("%s: %.*s %.*s %.*s", text, STR_ARG(e->field), STR_ARG(e->rule),
                         STR_ARG(e->text));
            assert_str(e->page, rows[i].page);
            assert_string_equal(cx->err.field, rows[i].field);
            assert_false(str_has(e->text, STR("{")) || str_has(e->text, STR("form.")));
        }
}

/* What is posted from a page, and what the answers then are. */
static void takes(void **state)
{
    static const struct {
        const char *page, *before, *posted, *after; /* after NULL: refused */
    } rows[] = {
        {"name", "{}", "{\"name\":\"  nguyễn VĂN an \"}", "{\"name\":\"Nguyễn Văn An\"}"},
        {"name", "{}", "{\"name\":\"Nguye\u0302\u0303n\"}", "{\"name\":\"Nguyễn\"}"},
        {"name", "{\"name\":\"B\"}", "{\"name\":\"\"}", "{}"},
        {"birth", "{}", "{\"born.day\":\"2\",\"born.month\":\"1\",\"born.year\":\"2020\"}",
         "{\"born\":\"2020-01-02\"}"},
        {"birth", "{}", "{\"born.day\":\"31\",\"born.month\":\"2\",\"born.year\":\"2020\"}",
         "{\"born\":\"31/2/2020\"}"},
        {"birth", "{\"born\":\"2020-01-02\"}",
         "{\"born.day\":\"\",\"born.month\":\"\",\"born.year\":\"\"}", "{}"},
        {"birth", "{}", "{\"born\":\"2/1/2020\",\"sex\":\"male\"}",
         "{\"born\":\"2020-01-02\",\"sex\":\"male\"}"},
        {"birth", "{}", "{\"born\":\"2020-01-02\"}", "{\"born\":\"2020-01-02\"}"},
        {"known", "{}", "{\"father_known\":\"true\"}", "{\"father_known\":true}"},
        {"known", "{}", "{\"father_known\":\"x\"}", "{\"father_known\":\"x\"}"},
        {"father", "{}", "{\"father.name\":\"B\",\"father.abroad\":\"true\"}",
         "{\"father\":{\"name\":\"B\",\"abroad\":true}}"},
        {"father", "{\"father\":{\"abroad\":true}}", "{\"father.name\":\"B\"}",
         "{\"father\":{\"abroad\":false,\"name\":\"B\"}}"},
        {"more", "{}", "{\"copies\":\"1.000\",\"tags\":[\"a\",\"b\"]}",
         "{\"copies\":1000,\"tags\":[\"a\",\"b\"]}"},
        {"more", "{\"tags\":[\"a\"]}", "{\"copies\":\"1.5\"}", "{\"copies\":\"1.5\"}"},
        {"more", "{}", "{\"tags\":\"a\",\"copies\":\"many\"}",
         "{\"tags\":[\"a\"],\"copies\":\"many\"}"},
        {"contact", "{}", "{\"phone\":\"091.234-5678\"}", "{\"phone\":\"0912345678\"}"},
        {"kids", "{}", "{\"kids.0.name\":\"A\",\"kids.1.name\":\"B\"}",
         "{\"kids\":[{\"name\":\"A\"},{\"name\":\"B\"}]}"},
        {"kids", "{}", "{\"kids.0.name\":\"A\",\"kids.1.name\":\"\"}",
         "{\"kids\":[{\"name\":\"A\"}]}"},
        {"kids", "{}", "{\"kids.0.name\":\"\"}", "{}"},
        {"oath", "{}", "{}", "{\"oath\":false}"},
        {"oath", "{}", "{\"oath\":[\"false\",\"true\"]}", "{\"oath\":true}"},
        {"", "{}", "{\"name\":\"A\",\"oath\":\"1\"}", "{\"oath\":true,\"name\":\"A\"}"},
        {"", "{\"my_name\":\"A\"}", "{\"my_name\":\"B\"}",
         "{\"my_name\":\"A\",\"oath\":false}"},

        {"name", "{}", "{\"sex\":\"male\"}", NULL},
        {"name", "{}", "{\"nme\":\"A\"}", NULL},
        {"name", "{}", "{\"name.x\":\"A\"}", NULL},
        {"name", "{}", "{\"\":\"A\"}", NULL},
        {"nopage", "{}", "{}", NULL},
        {"father", "{}", "{\"father\":\"A\"}", NULL},
        {"father", "{}", "{\"father.age\":\"3\"}", NULL},
        {"birth", "{}", "{\"born.hour\":\"3\"}", NULL},
        {"kids", "{}", "{\"kids.1.name\":\"A\"}", NULL},
        {"kids", "{}", "{\"kids.x.name\":\"A\"}", NULL},
        {"kids", "{}", "{\"kids.-1.name\":\"A\"}", NULL},
        {"kids", "{\"kids\":[{},{},{}]}", "{\"kids.3.name\":\"A\"}", NULL},
        {"kids", "{}", "{\"kids\":\"A\"}", NULL},
        {"kids", "{\"kids\":[1]}", "{\"kids.0.name\":\"A\"}", NULL},
    };
    struct ctx *cx = begin(state);
    const struct form *f = sample_form(cx);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *answers = parse(cx, rows[i].before);
        enum rc rc =
            form_take(cx, f, str_from(rows[i].page), parse(cx, rows[i].posted), answers);
        if ((rc == RC_OK) != (rows[i].after != NULL))
            fail_msg("row %zu: %s", i, rows[i].posted);
        if (rows[i].after)
            assert_json(state, answers, rows[i].after);
        ctx_clear(cx);
    }
}

/* Both languages: texts name the question and differ. */
static void words(void **state)
{
    static const struct {
        const char *change, *vi, *en;
    } rows[] = {
        {"{\"name\":\"\"}", "Nhập họ tên của trẻ", "Enter child's name"},
        {"{\"born\":\"\"}", "Nhập ngày sinh của trẻ, đủ ngày, tháng và năm",
         "Enter date of birth with day, month and year"},
        {"{\"sex\":null}", "Chọn giới tính", "Select sex"},
        {"{\"father_known\":null}", "Trả lời câu hỏi “Có biết cha không?”",
         "Answer the question “Is he known?”"},
        {"{\"oath\":false}", "Đánh dấu vào ô cam đoan để tiếp tục: “Tôi cam đoan”",
         "Tick the box to go on: “I declare”"},
        {"{\"born\":\"2030-01-01\"}", "Ngày sinh của trẻ không được sau ngày 01/03/2026",
         "Date of birth must be on or before 01/03/2026"},
        {"{\"copies\":10}", "Số bản không được quá 9", "Copies must be 9 or less"},
        {"{\"kids\":[{\"name\":\"a\"},{}]}", "Con thứ 2: Nhập tên con", "Child 2: Enter name"},
    };
    struct ctx *cx = begin(state);
    const struct form *f = sample_form(cx);
    for (size_t i = 0; i < ROWS(rows); i++)
        for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
            struct form_errors errs;
            struct json *answers = parse(cx, "{" FINE "}");
            JSON_EACH (parse(cx, rows[i].change), c)
                json_put(answers, c->key, json_copy(*state, c));
            cx->lang = lang;
            assert_int_equal(form_check(cx, f, answers, &errs), RC_INVALID);
            const char *want = lang == LANG_VI ? rows[i].vi : rows[i].en;
            if (!str_eq(errs.v[0].text, str_from(want)))
                fail_msg("%.*s, not %s", STR_ARG(errs.v[0].text), want);
            ctx_clear(cx);
        }
}

/* Answers to what is not asked are removed, defaults filled in, texts put in order. */
static void tidies(void **state)
{
    static const struct {
        const char *before, *after;
    } rows[] = {
        {"{" FINE ",\"father\":{\"name\":\"B\"}}", "{" FINE "}"},
        {"{" DAD ",\"father\":{\"name\":\"B\",\"abroad\":false,\"country\":\"C\"}}",
         "{" DAD ",\"father\":{\"name\":\"B\",\"abroad\":false}}"},
        {"{" FINE ",\"kids\":[{\"name\":\"A\",\"where\":\"B\"}]}",
         "{" FINE ",\"kids\":[{\"name\":\"A\"}]}"},
        {"{\"name\":\" an \",\"born\":\"2026-01-02\",\"sex\":\"male\",\"oath\":true,"
         "\"father_known\":false}",
         "{\"name\":\"An\",\"born\":\"2026-01-02\",\"sex\":\"male\",\"oath\":true,"
         "\"father_known\":false,\"copies\":1}"},
    };
    struct ctx *cx = begin(state);
    const struct form *f = sample_form(cx);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct form_errors errs;
        struct json *answers = parse(cx, rows[i].before);
        assert_int_equal(form_check(cx, f, answers, &errs), RC_OK);
        assert_json(state, answers, rows[i].after);
    }
}

static void many_errors(void **state)
{
    struct ctx *cx = begin(state);
    const struct form *f = sample_form(cx);
    struct json *answers = json_new_obj(*state);
    for (int i = 0; i < 100; i++)
        json_put(answers, str_fmt(*state, "x%d", i), json_new_int(*state, i));
    struct form_errors errs;
    assert_int_equal(form_check(cx, f, answers, &errs), RC_INVALID);
    assert_int_equal(errs.n, 50);
    assert_int_equal(form_errors_view(cx, &errs)->n, 50);
    ctx_clear(cx);
    answers = parse(cx, "{" FINE "}");
    char *big = arena_alloc(*state, 300000);
    memset(big, 'a', 299999);
    json_put(answers, STR("note"), json_new_str(*state, str_n(big, 299999)));
    assert_int_equal(form_check(cx, f, answers, &errs), RC_TOO_LARGE);
    ctx_clear(cx);
    assert_int_equal(form_check(cx, f, json_new_arr(*state), &errs), RC_INVALID);
}

static void pages(void **state)
{
    static const struct {
        const char *answers, *pages;
    } rows[] = {
        {"{}", "name birth known kids contact more oath"},
        {"{\"father_known\":true}", "name birth known father kids contact more oath"},
        {"{\"father_known\":\"x\"}", "name birth known kids contact more oath"},
    };
    struct ctx *cx = begin(state);
    const struct form *f = sample_form(cx);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *answers = parse(cx, rows[i].answers);
        struct buf *b = buf_new(*state, 1000);
        struct str page = form_page_first(cx, f, answers), last = STR("");
        for (; page.n; page = form_page_next(cx, f, answers, page)) {
            buf_fmt(b, "%s%.*s", last.n ? " " : "", STR_ARG(page));
            assert_true(str_eq(form_page_prev(cx, f, answers, page), last));
            last = page;
        }
        assert_str(buf_str(b), rows[i].pages);
    }
    assert_true(form_page_is(f, STR("birth")));
    assert_false(form_page_is(f, STR("nopage")));
    struct form_errors errs;
    struct json *answers = parse(cx, "{\"name\":\"A\"}");
    assert_int_equal(form_check_page(cx, f, STR("name"), answers, &errs), RC_INVALID);
    ctx_clear(cx);
    answers = parse(cx, "{\"name\":\"An\",\"stray\":1}");
    assert_int_equal(form_check_page(cx, f, STR("name"), answers, &errs), RC_OK);
    assert_int_equal(form_check_page(cx, f, STR("nopage"), answers, &errs), RC_NOT_FOUND);
}

static void prefills(void **state)
{
    struct ctx *cx = begin(state);
    const struct form *f = sample_form(cx);
    struct json *sources =
        parse(cx, "{\"applicant\":{\"name\":\"Mẫu\",\"phone\":\"0912345678\"}}");
    struct json *answers = parse(cx, "{\"my_name\":\"Giả\",\"phone\":\"0900000000\"}");
    form_prefill(cx, f, sources, answers);
    assert_json(state, answers, "{\"my_name\":\"Mẫu\",\"phone\":\"0900000000\"}");
    answers = parse(cx, "{}");
    form_prefill(cx, f, sources, answers);
    assert_json(state, answers, "{\"my_name\":\"Mẫu\",\"phone\":\"0912345678\"}");
    form_prefill(cx, f, json_new_obj(*state), answers);
    assert_json(state, answers, "{\"my_name\":\"Mẫu\",\"phone\":\"0912345678\"}");
}

static void items(void **state)
{
    struct ctx *cx = begin(state);
    const struct form *f = sample_form(cx);
    struct json *answers = json_new_obj(*state);
    for (int i = 0; i < 3; i++)
        assert_int_equal(form_item_add(cx, f, STR("kids"), answers), RC_OK);
    assert_int_equal(form_item_add(cx, f, STR("kids"), answers), RC_INVALID);
    ctx_clear(cx);
    assert_int_equal(form_item_add(cx, f, STR("tags"), answers), RC_UNDECLARED);
    ctx_clear(cx);
    assert_int_equal(form_item_remove(cx, f, STR("kids"), 3, answers), RC_NOT_FOUND);
    ctx_clear(cx);
    assert_int_equal(form_item_remove(cx, f, STR("nothing"), 0, answers), RC_UNDECLARED);
    for (int i = 0; i < 3; i++)
        assert_int_equal(form_item_remove(cx, f, STR("kids"), 0, answers), RC_OK);
    assert_json(state, answers, "{\"kids\":[]}");
}

static struct tpl_set *templates(struct ctx *cx)
{
    static struct tpl_source src[64];
    size_t n = 0;
    for (size_t i = embed_first(STR("templates/form/")); embed_at(i); i++) {
        struct str name = embed_at(i)->name;
        if (!str_starts(name, STR("templates/form/")) || n == ROWS(src))
            break;
        src[n].name = str_cut(name, 10, name.n - 5);
        src[n++].text = embed_at(i)->data;
    }
    struct tpl_set *set;
    if (tpl_compile(cx, src, n, &set))
        fail_msg("%s", cx->err.detail);
    return set;
}

static void assert_html(struct ctx *cx, const char *tpl, const struct json *view,
                        const char *const *parts)
{
    struct buf *b = buf_new(cx->mem, 1 << 20);
    assert_int_equal(tpl_render(cx, templates(cx), str_from(tpl), view, b), RC_OK);
    for (; *parts; parts++) {
        bool absent = **parts == '~';
        if (str_has(buf_str(b), str_from(*parts + absent)) == absent)
            fail_msg("%s%s in:\n%.*s", absent ? "" : "no ", *parts, STR_ARG(buf_str(b)));
    }
}

/* Pages as browsers get them; a part that begins with ~ must not be there. */
static void drawn_pages(void **state)
{
    static const struct {
        const char *page, *answers;
        const char *parts[8];
    } rows[] = {
        {"name",
         "{}",
         {"<h1 class=\"govuk-label-wrapper\"><label class=\"govuk-label govuk-label--l\" "
          "for=\"a-name\">Họ tên của trẻ</label></h1>",
          "name=\"a.name\"", "~govuk-heading-l", "~error", "Trẻ</span>"}},
        {"name",
         "{\"name\":\"<b>\"}",
         {"value=\"&lt;b&gt;\"", "href=\"#a-name\"", "id=\"a-name-error\"",
          "aria-describedby=\"a-name-error\"", "aria-invalid=\"true\"", "Lỗi:"}},
        {"birth",
         "{\"born\":\"2020-01-02\",\"sex\":\"male\"}",
         {"<h1 class=\"govuk-heading-l\">Ngày sinh</h1>",
          "name=\"a.born.day\" type=\"text\" "
          "value=\"2\"",
          "value=\"2020\"", "value=\"male\" checked", "value=\"female\">", "~<h1><"}},
        {"birth", "{\"born\":\"31/2/2020\"}", {"value=\"31\"", "phải là một ngày có thật"}},
        {"known",
         "{\"father_known\":false}",
         {"value=\"false\" checked", "value=\"true\">", "govuk-radios--inline", ">Có<"}},
        {"father",
         "{\"father_known\":true,\"father\":{\"abroad\":true}}",
         {"a.father.name", "a.father.country", "type=\"checkbox\" value=\"true\" checked",
          "<fieldset class=\"govuk-fieldset\">", "</fieldset>", "a.father.born.year"}},
        {"kids",
         "{}",
         {"value=\"kids\"", "Thêm mục đầu tiên", "~Con thứ 1", "~name=\"remove\""}},
        {"kids",
         "{\"kids\":[{\"name\":\"A\"},{\"school\":true}]}",
         {"Con thứ 2", "value=\"kids.1\"", "a.kids.0.name", "~a.kids.0.where", "a.kids.1.where",
          "Con thứ 2: Nhập"}},
        {"contact",
         "{\"phone\":\"1\"}",
         {"type=\"tel\"", "autocomplete=\"tel\"", "type=\"email\"", "type=\"url\"",
          "inputmode=\"numeric\"", "(không bắt buộc)"}},
        {"more",
         "{\"tags\":[\"b\"],\"note\":\"a\\nb\"}",
         {"value=\"1\"", "value=\"b\" checked", "<textarea", "a\nb</textarea>", "Tối đa 400"}},
        {"oath", "{}", {"type=\"checkbox\"", "Tôi cam đoan</label>", "~checked"}},
    };
    struct ctx *cx = begin(state);
    const struct form *f = sample_form(cx);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct form_errors errs = {0};
        struct json *answers = parse(cx, rows[i].answers);
        struct str page = str_from(rows[i].page);
        if (answers->n && form_check_page(cx, f, page, answers, &errs))
            ctx_clear(cx);
        struct json *view = form_page_view(cx, f, page, answers, &errs);
        struct buf *b = buf_new(*state, 1 << 20);
        assert_int_equal(tpl_render(cx, templates(cx), STR("form/errors"), view, b), RC_OK);
        assert_int_equal(tpl_render(cx, templates(cx), STR("form/page"), view, b), RC_OK);
        for (const char *const *p = rows[i].parts; p < rows[i].parts + 8 && *p; p++) {
            bool absent = **p == '~';
            if (str_has(buf_str(b), str_from(*p + absent)) == absent)
                fail_msg("%s: %s in:\n%.*s", rows[i].page, *p, STR_ARG(buf_str(b)));
        }
    }
}

static void drawn_overviews(void **state)
{
    struct ctx *cx = begin(state);
    const struct form *f = sample_form(cx);
    struct json *answers = parse(cx, "{" DAD ",\"my_name\":\"Mẫu\",\"father\":{\"name\":\"B\"},"
                                     "\"kids\":[{\"name\":\"C\"}],\"tags\":[\"a\",\"b\"]}");
    struct json *view = form_summary_view(cx, f, answers);
    json_put_str(*state, view, "form_base", STR("/d/x"));
    assert_html(cx, "form/summary", view,
                (const char *[]){"Lấy từ tài khoản của ông/bà", "Mẫu", "02/01/2026",
                                 "href=\"/d/x/birth\"", "A; B", "Con thứ 1</h3>",
                                 "Người cha</h3>", "Đã cam đoan", "Không ghi", NULL});
    view = form_tasks_view(cx, f, parse(cx, "{\"name\":\"An\"}"));
    json_put_str(*state, view, "form_base", STR("/d/x"));
    assert_html(cx, "form/tasks", view,
                (const char *[]){"href=\"/d/x/birth\"", "Đang điền", "Chưa điền", "~Đã xong",
                                 "href=\"/d/x/known\"", NULL});
    view = form_tasks_view(cx, f, answers);
    assert_int_equal(json_int(view, "done", -1), 3);
    assert_int_equal(json_int(view, "all", -1), 3);
    assert_true(json_bool(view, "is_complete"));
    struct form_errors errs;
    assert_int_equal(form_check(cx, f, parse(cx, "{}"), &errs), RC_INVALID);
    view = form_all_view(cx, f, parse(cx, "{}"), &errs);
    assert_html(cx, "form/all", view,
                (const char *[]){"a.name", "a.oath", "~a.father.name", "Khác</h2>", NULL});
    assert_html(cx, "form/errors", view, (const char *[]){"href=\"#a-oath\"", NULL});
}

static void schema(void **state)
{
    struct ctx *cx = begin(state);
    struct json *s = form_schema(cx, sample_form(cx));
    struct json *props = json_get(s, STR("properties"));
    assert_true(json_path(s, STR("required"))->n == 5); /* copies has a default */
    assert_str(json_str(json_get(props, STR("name")), "pattern"), "^[[:alpha:] ]+$");
    assert_null(json_path(props, STR("name.personal")));
    assert_null(json_path(props, STR("born.maximum")));
    assert_null(json_path(props, STR("name.transform")));
    assert_true(json_path(props, STR("kids.items.properties.name")) != NULL);
    assert_int_equal(json_path(props, STR("tags.items.enum"))->n, 3);
    assert_int_equal(json_path(props, STR("father.additionalProperties"))->i, 0);
    assert_false(form_has_field(sample_form(cx), STR("father.age")));
    assert_true(form_has_field(sample_form(cx), STR("kids.0.name")));
    assert_true(form_has_field(sample_form(cx), STR("kids[].name")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(keywords),    UNIT(structure),       UNIT(checks), UNIT(takes),    UNIT(words),
        UNIT(tidies),      UNIT(many_errors),     UNIT(pages),  UNIT(prefills), UNIT(items),
        UNIT(drawn_pages), UNIT(drawn_overviews), UNIT(schema)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
