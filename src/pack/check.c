/* check.c - a pack from its files: one walk of steps, each telling what is wrong in its part. */
#include "app/app.h"
#include "flow/proof.h"
#include "pack/pack_priv.h"
#include "pack/staff.h"
#include "text/yaml.h"

#include <string.h>

enum rc file_yaml(struct checker *c, struct str name, const struct json **ret)
{
    struct str text = pack_file(c->files, name);
    struct json *yaml;
    if (!text.p)
        return FAIL(c->cx, PACK, str_eq(name, STR("pack.yaml")) ? "P001" : "P018", "%.*s",
                    STR_ARG(name));
    TRY(yaml_parse(c->cx, text, &yaml));
    *ret = yaml;
    return RC_OK;
}

#define PACK_KEYS(service)                                                                     \
    "pack! version! name! summary! keywords procedure" service " sector" service               \
    " life_event" service " owner! offered_by! applicants" service                             \
    " level_2011 mode_2022 law! steps" service                                                 \
    " documents fees results reads retention public_answer anonymous form flow decision class"

static bool is_service(const struct checker *c)
{
    return json_get(c->yaml, STR("form")) || json_get(c->yaml, STR("flow"));
}

static enum rc yaml_load(struct checker *c)
{
    TRY(file_yaml(c, STR("pack.yaml"), &c->yaml));
    return decl_keys_all(c->cx, c->yaml, is_service(c) ? PACK_KEYS("!") : PACK_KEYS(""),
                         c->notes);
}

static enum rc form_step(struct checker *c)
{
    struct str name = json_str(c->yaml, "form");
    if (!is_service(c))
        return RC_OK;
    if (!name.p || !json_str(c->yaml, "flow").p)
        return FAIL(c->cx, PACK, "P018", "form, flow");
    TRY(file_yaml(c, name, &c->form_yaml));
    c->file = name;
    TRY(form_read(c->cx, c->form_yaml, c->tables, c->notes, &c->pack->form));
    if (c->pack->form)
        c->scope = form_scope(c->pack->form);
    return RC_OK;
}

/* Without the form's names every guard would seem misspelt. */
static void notes_forget(struct decl_notes *notes, const char *rule)
{
    size_t kept = 0;
    for (size_t i = 0; i < notes->n; i++)
        if (strcmp(notes->v[i].field, rule) != 0)
            notes->v[kept++] = notes->v[i];
    notes->n = kept;
}

static enum rc flow_step(struct checker *c)
{
    struct str name = json_str(c->yaml, "flow");
    const struct form *form = c->pack->form;
    if (!name.p)
        return RC_OK;
    TRY(file_yaml(c, name, &c->flow_yaml));
    c->file = name;
    enum rc rc = flow_read(c->cx, c->flow_yaml, form ? form_scope(form) : NULL, c->notes,
                           &c->pack->flow);
    if (!form && c->notes)
        notes_forget(c->notes, RULE_EXPR);
    return rc;
}

static bool kind_find(struct str word, unsigned *bit)
{
    enum unit_kind k;
    if (!unit_kind_parse(word, &k))
        return false;
    *bit = 1u << k;
    return true;
}

static enum rc scorecard_step(struct checker *c)
{
    const struct str name = STR("scorecard.yaml");
    const struct json *yaml;
    struct scorecard *card;
    if (!pack_file(c->files, name).p)
        return RC_OK;
    c->file = name;
    TRY(file_yaml(c, name, &yaml));
    TRY(card_read(c->cx, yaml, kind_find, c->notes, &card));
    card->ref = c->pack->ref;
    c->pack->scorecard = card;
    return RC_OK;
}

/* Needs a part that an earlier step may have failed to load. */
enum need { NEED_NOTHING, NEED_FORM, NEED_BOTH };
static const struct {
    step_fn *step;
    enum need need;
} steps[] = {
    {head_load, NEED_NOTHING},     {law_check, NEED_NOTHING},
    {offers_load, NEED_NOTHING},   {texts_check, NEED_NOTHING},
    {results_load, NEED_NOTHING},  {tables_load, NEED_NOTHING},
    {form_step, NEED_NOTHING},     {documents_load, NEED_FORM},
    {fees_load, NEED_FORM},        {class_check, NEED_FORM},
    {reads_check, NEED_NOTHING},   {flow_step, NEED_NOTHING},
    {fields_check, NEED_BOTH},     {indicators_load, NEED_NOTHING},
    {messages_load, NEED_NOTHING}, {letters_load, NEED_BOTH},
    {datasets_load, NEED_NOTHING}, {scorecard_step, NEED_NOTHING},
    {targets_load, NEED_NOTHING},  {alerts_load, NEED_NOTHING},
};

static bool has_need(const struct checker *c, enum need need)
{
    switch (need) {
    case NEED_FORM: /* packs without one have nothing that a form would type */
        return c->pack->form || !is_service(c);
    case NEED_BOTH:
        return c->pack->form && c->pack->flow;
    default:
        return true;
    }
}

/* What the step kept, and what ended it. */
static void step_run(struct checker *c, step_fn *step)
{
    c->file = STR("pack.yaml");
    enum rc rc = step(c);
    struct err last = c->cx->err;
    ctx_clear(c->cx);
    for (size_t i = 0; c->notes && i < c->notes->n; i++)
        finding_from(c, &c->notes->v[i]);
    if (c->notes)
        c->notes->n = 0;
    if (rc != RC_OK)
        finding_from(c, &last);
}

/* Only a node knows who works where. */
static enum rc staff_step(struct checker *c)
{
    struct staff staff = {0};
    if (!c->pack->flow || (!c->staff && !c->at_node))
        return RC_OK;
    if (!c->staff)
        TRY(staff_load(c->cx, c->pack, &staff));
    staff_check(c, c->staff ? c->staff : &staff);
    return RC_OK;
}

static enum rc walk(struct checker *c, struct pack **ret)
{
    struct ctx *cx = c->cx;
    c->pack = arena_new_of(cx->mem, struct pack);
    c->tables = tables_new(cx->mem);
    c->scope = expr_scope_new(cx->mem);
    *c->found = (struct pack_findings){
        .v = arena_array(cx->mem, struct pack_finding, PACK_FINDINGS_MAX)};
    *ret = NULL;
    step_run(c, yaml_load);
    /* without fields nothing more can be said */
    if (!c->yaml || c->yaml->kind != JSON_OBJ)
        return FAIL(cx, PACK, "pack", "%s", "pack.yaml cannot be read");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (has_need(c, steps[i].need))
            step_run(c, steps[i].step);
    if (c->notes)
        proofs_find(c);
    TRY(staff_step(c));
    for (size_t i = 0; i < c->found->n; i++) {
        const struct pack_finding *f = &c->found->v[i];
        if (!f->is_warning)
            return FAIL(cx, PACK, "pack", "%.*s:%d: %.*s: %.*s", STR_ARG(f->file), f->line,
                        STR_ARG(f->rule), STR_ARG(f->text_en));
    }
    *ret = c->pack;
    return RC_OK;
}

enum rc pack_check_with(struct ctx *cx, const struct pack_files *f, const struct staff *staff,
                        struct pack_findings *found, struct pack **ret)
{
    struct checker c = {.cx = cx, .files = f, .found = found, .file = STR("pack.yaml")};
    c.notes = arena_new_of(cx->mem, struct decl_notes);
    c.staff = staff;
    c.at_node = cx->app && cx->app->units && cx->conn;
    return walk(&c, ret);
}

enum rc pack_check(struct ctx *cx, const struct pack_files *f, struct pack_findings *found,
                   struct pack **ret)
{
    return pack_check_with(cx, f, NULL, found, ret);
}

enum rc pack_load(struct ctx *cx, const struct pack_files *f, struct pack **ret)
{
    struct pack_findings found;
    struct checker c = {.cx = cx, .files = f, .found = &found, .file = STR("pack.yaml")};
    return walk(&c, ret);
}
