/* figure.c - a figure in words: value, target, definition, and when it is too small to judge. */
#include "app/app.h"
#include "cockpit/cockpit_priv.h"
#include "store/store.h"

/* A share of three dossiers says little, and may say who they were. */
bool figure_is_small(struct ctx *cx, const struct indicator *ind, const struct figure *f)
{
    int64_t n = ind->unit == IND_COUNT ? f->num : f->den;
    return n > 0 && n < cx->app->settings.small_number;
}

bool figure_is_missed(const struct indicator *ind, const struct figure *f)
{
    int64_t v = figure_value(ind, f);
    if (v == DB_NULL || ind->target == DB_NULL)
        return false;
    return ind->better > 0 ? v < ind->target * 100 : ind->better < 0 && v > ind->target * 100;
}

static struct str target_text(struct ctx *cx, const struct indicator *ind)
{
    struct json *args = json_new_obj(cx->mem);
    static const char *const keys[] = {"", "figure.percent", "figure.days", "figure.score"};
    struct str n = number_text(cx, ind->target);
    json_put_str(cx->mem, args, "n", n);
    return ind->unit == IND_COUNT ? n : msg_fill(cx, str_from(keys[ind->unit]), args);
}

static void words_put(struct ctx *cx, const struct indicator *ind, const struct figure *f,
                      struct json *o)
{
    json_put_str(cx->mem, o, "value", figure_text(cx, ind, f));
    json_put_str(cx->mem, o, "num", number_text(cx, f->num));
    json_put_str(cx->mem, o, "den", ind->unit == IND_COUNT ? STR("") : number_text(cx, f->den));
    json_put_bool(cx->mem, o, "is_ratio", ind->unit != IND_COUNT);
    json_put_bool(cx->mem, o, "is_small", figure_is_small(cx, ind, f));
    json_put_bool(cx->mem, o, "is_missed", figure_is_missed(ind, f));
}

enum rc card_put(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                 struct json *list)
{
    struct figure f;
    TRY(figure_get(cx, ind, &a->slice, &f));
    struct json *o = json_push(list, json_new_obj(cx->mem));
    struct str page = str_fmt(cx->mem, "/figures/%.*s", STR_ARG(ind->id));
    bool has_target = ind->target != DB_NULL;
    json_put_str(cx->mem, o, "id", ind->id);
    json_put_str(cx->mem, o, "label", label_text(cx, ind->name));
    json_put_str(cx->mem, o, "about", label_text(cx, ind->about));
    json_put_bool(cx->mem, o, "is_stock", ind->is_stock);
    json_put_bool(cx->mem, o, "has_target", has_target);
    json_put_str(cx->mem, o, "target_text", has_target ? target_text(cx, ind) : STR(""));
    json_put_str(cx->mem, o, "seq_text", number_text(cx, f.seq));
    json_put_str(cx->mem, o, "href", asked_path(cx, a, str_z(cx->mem, page), NULL));
    json_put_int(cx->mem, o, "small_number", cx->app->settings.small_number);
    words_put(cx, ind, &f, o);
    return RC_OK;
}

struct json *rows_view(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                       const struct figure_rows *rows, const char *page)
{
    struct json *list = json_new_arr(cx->mem);
    for (size_t i = 0; i < rows->n; i++) {
        const struct figure_row *r = &rows->v[i];
        struct json *o = json_push(list, json_new_obj(cx->mem));
        const struct unit *u = page ? unit_find(cx, r->key) : NULL;
        bool leads = u && u != a->unit;
        json_put_str(cx->mem, o, "label", page ? r->label : r->label.n ? r->label : r->key);
        json_put_str(cx->mem, o, "href", leads ? asked_path(cx, a, page, u) : STR(""));
        json_put_bool(cx->mem, o, "is_itself", u && u == a->unit);
        words_put(cx, ind, &r->f, o);
    }
    return list;
}
