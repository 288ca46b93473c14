/* tables.c - a pack's decision tables: tables/NAME.csv, and what is wrong with them. */
#include "pack/pack_priv.h"

#define FOLDER STR("tables/")

static struct str table_name(struct str file)
{
    struct str name = str_skip(file, FOLDER.n);
    return str_ends(name, STR(".csv")) ? str_cut(name, 0, name.n - 4) : STR_NULL;
}

/* Names file, rows and, where there is one, an input for which it happens. */
static void fault_tell(struct checker *c, const struct table_fault *f)
{
    static const char *const rules[] = {[TABLE_GAP] = "P142",
                                        [TABLE_OVERLAP] = "P143",
                                        [TABLE_DEAD] = "P144",
                                        [TABLE_LARGE] = "P146"};
    struct arena *mem = c->cx->mem;
    struct str rows = STR("");
    if (f->other)
        rows = str_fmt(mem, "hàng (rows) %u, %u: ", f->other, f->line);
    else if (f->line)
        rows = str_fmt(mem, "hàng (row) %u", f->line);
    finding_add(c, rules[f->kind], (int)f->line,
                str_fmt(mem, "%.*s%.*s", STR_ARG(rows), STR_ARG(f->example)));
}

static enum rc table_load(struct checker *c, struct str file, struct str csv)
{
    struct str name = table_name(file);
    struct table_faults faults;
    if (!name.p || decl_id(c->cx, name, NULL) != RC_OK) {
        ctx_clear(c->cx);
        return FAIL(c->cx, PACK, "P147", "`%.*s`", STR_ARG(file));
    }
    if (table_add(c->cx, c->tables, name, csv) != RC_OK) {
        struct err e = c->cx->err;
        ctx_clear(c->cx);
        bool is_cell = str_eq(str_from(e.field), STR("cell"));
        return FAIL(c->cx, PACK, is_cell ? "P141" : "P140", "%s", e.detail);
    }
    table_check(c->cx, c->tables, &faults);
    for (size_t i = 0; i < faults.n; i++)
        fault_tell(c, &faults.v[i]);
    return RC_OK;
}

enum rc tables_load(struct checker *c)
{
    for (size_t i = 0; i < c->files->n; i++) {
        const struct pack_file *f = &c->files->v[i];
        if (!str_starts(f->name, FOLDER))
            continue;
        c->file = f->name;
        TRY(table_load(c, f->name, f->data));
    }
    return RC_OK;
}

void tables_warn(struct checker *c)
{
    struct str name;
    for (size_t i = 0; (name = table_unused(c->tables, i)).p; i++) {
        c->file = str_fmt(c->cx->mem, "tables/%.*s.csv", STR_ARG(name));
        finding_add(c, "P145", 0, STR(""));
    }
}
