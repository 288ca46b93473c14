/* bulk.c - one act on several dossiers, with one reason; each has its own outcome. */
#include "desk/desk_priv.h"
#include "moves/moves.h"

enum { ACT_MAX = 40, LAW_MAX = 500, CHOICES_MAX = 40 };

/* -- which acts several dossiers have in common -- */

struct choice {
    const struct flow_act *act;
    size_t n; /* dossiers that it is open to */
};

/* What only one dossier can be given at a time: a list of its own, a file, a rating. */
static bool is_for_several(const struct flow_act *a)
{
    return !(a->need & (IN_ITEMS | IN_RESULT | IN_RATING)) && !a->is_applicants;
}

static void choice_add(struct choice *v, size_t *n, const struct flow_act *a)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(v[i].act->id, a->id)) {
            v[i].n++;
            return;
        }
    if (*n < CHOICES_MAX)
        v[(*n)++] = (struct choice){a, 1};
}

static enum rc choices_of(struct ctx *cx, const struct picks *p, struct choice *v, size_t *n)
{
    const struct flow_act *acts[FLOW_ACTS_MAX];
    *n = 0;
    for (size_t i = 0; i < p->n; i++) {
        size_t count = 0;
        TRY(dossier_acts(cx, p->v[i], acts, &count));
        for (size_t k = 0; k < count; k++)
            if (is_for_several(acts[k]))
                choice_add(v, n, acts[k]);
    }
    return RC_OK;
}

static const struct {
    enum act_input bit;
    const char *name;
    bool is_line;
} inputs[] = {{IN_REASON, "reason", false},
              {IN_LAW, "law", true},
              {IN_ANSWER, "answer", false},
              {IN_COMMENT, "comment", false}};

/* Which inputs an act asks for, in words: they stand once, for whichever is chosen. */
static struct str needs_text(struct ctx *cx, const struct flow_act *a)
{
    struct buf *b = buf_new(cx->mem, 500);
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        if (a->need & inputs[i].bit) {
            buf_put(b, buf_str(b).n ? STR(", ") : STR(""));
            buf_put(b, msg_get(cx->lang, str_fmt(cx->mem, "input.%s", inputs[i].name)));
        }
    return buf_str(b);
}

/* rq NULL: nothing was typed yet. */
static enum rc choices_put(struct ctx *cx, struct req *rq, const struct picks *p,
                           struct json *view)
{
    struct choice v[CHOICES_MAX];
    size_t n = 0;
    unsigned asked = IN_COMMENT;
    TRY(choices_of(cx, p, v, &n));
    struct json *list = json_put(view, STR("choices"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        struct json *args = json_new_obj(cx->mem);
        json_put_str(cx->mem, o, "act", v[i].act->id);
        json_put_str(cx->mem, o, "act_id", i ? str_fmt(cx->mem, "act-%zu", i + 1) : STR("act"));
        json_put_str(cx->mem, o, "label", label_text(cx, v[i].act->label));
        json_put_str(cx->mem, args, "n", number_text(cx, (int64_t)v[i].n));
        json_put_str(cx->mem, args, "all", number_text(cx, (int64_t)p->n));
        json_put_str(
            cx->mem, o, "open_to",
            msg_fill(cx, v[i].n == p->n ? STR("desk.bulk.all") : STR("desk.bulk.some"), args));
        json_put_str(cx->mem, o, "needs", needs_text(cx, v[i].act));
        json_put_bool(cx->mem, o, "checked", rq && str_eq(req_str(rq, "act"), v[i].act->id));
        asked |= v[i].act->need | v[i].act->may;
    }
    struct json *boxes = json_put(view, STR("inputs"), json_new_arr(cx->mem));
    for (size_t i = 0; n && i < sizeof inputs / sizeof *inputs; i++) {
        if (!(asked & inputs[i].bit))
            continue;
        struct json *o = json_push(boxes, json_new_obj(cx->mem));
        struct str name = str_from(inputs[i].name),
                   typed = rq ? req_str(rq, inputs[i].name) : STR("");
        json_put_str(cx->mem, o, "name", name);
        json_put_str(cx->mem, o, "label",
                     msg_get(cx->lang, str_fmt(cx->mem, "input.%s", inputs[i].name)));
        json_put_str(cx->mem, o, "hint",
                     msg_get(cx->lang, str_fmt(cx->mem, "desk.hint.%s", inputs[i].name)));
        json_put_str(cx->mem, o, "typed", typed.p ? typed : STR(""));
        json_put_bool(cx->mem, o, "is_line", inputs[i].is_line);
    }
    json_put_bool(cx->mem, view, "has_choices", n > 0);
    return RC_OK;
}

static enum rc bulk_page(struct ctx *cx, struct req *rq, const char *error)
{
    struct picks p;
    struct dossier_query q;
    struct str list = req_str(rq, "list");
    struct json *v = desk_view(cx, "desk.bulk.title", STR("/desk"));
    struct json *errors = json_put(v, STR("errors"), json_new_arr(cx->mem));
    TRY(picks_read(cx, req_list(rq, "pick"), &p));
    picks_put(cx, &p, v);
    TRY(choices_put(cx, error ? rq : NULL, &p, v));
    if (list_read(cx, list, &q))
        json_put_str(cx->mem, v, "back", list_path(cx, &q));
    json_put_str(cx->mem, v, "list", list.p ? list : STR(""));
    if (error && json_bool(v, "has_choices"))
        error_push(cx, errors, STR("act"), msg_get(cx->lang, str_from(error)));
    return reply_page_status(cx, rq, error ? UNPROCESSABLE : 200, "desk/bulk", v);
}

static enum rc get_bulk(struct ctx *cx, struct req *rq)
{
    return bulk_page(cx, rq, NULL);
}

/* -- doing it -- */

static enum rc bulk_done(struct ctx *cx, struct req *rq, const struct bulk_item *v, size_t n)
{
    struct dossier_query q;
    struct json *view = desk_view(cx, "desk.bulk.done", STR_NULL);
    for (size_t i = 0; i < n; i++)
        result_put(cx, view, v[i].rc == RC_OK ? v[i].ref.code : v[i].code, v[i].rc, v[i].field);
    bool known = list_read(cx, req_str(rq, "list"), &q);
    json_put_str(cx->mem, view, "list_href", known ? list_path(cx, &q) : STR("/desk"));
    return reply_page(cx, rq, "desk/result", view);
}

static enum rc post_bulk(struct ctx *cx, struct req *rq)
{
    struct picks p;
    struct act a = {.id = req_str(rq, "act"),
                    .reason = req_str(rq, "reason"),
                    .law = req_str(rq, "law"),
                    .comment = req_str(rq, "comment"),
                    .answer = req_str(rq, "answer")};
    TRY(picks_read(cx, req_list(rq, "pick"), &p));
    if (!p.n)
        return bulk_page(cx, rq, "desk.bulk.error.none");
    if (!a.id.n)
        return bulk_page(cx, rq, "desk.bulk.error.act");
    struct bulk_item *v = arena_array(cx->mem, struct bulk_item, p.n);
    for (size_t i = 0; i < p.n; i++)
        v[i] =
            (struct bulk_item){.code = dossier_handle(cx, p.v[i]), .version = p.v[i]->version};
    TRY(dossiers_act(cx, v, p.n, &a));
    return bulk_done(cx, rq, v, p.n);
}

static const struct param bulk_params[] = {
    {"pick", IN_QUERY, P_LIST, false, 0, DESK_PICKS, "codes of dossiers"},
    PARAM_LIST(IN_QUERY),
    {0},
};
static const struct param do_params[] = {
    {"pick", IN_BODY, P_LIST, false, 0, DESK_PICKS, "each: code, a space, version shown"},
    PARAM_LIST(IN_BODY),
    {"act", IN_BODY, P_CODE, false, 1, ACT_MAX, "an act that the page offers"},
    {"reason", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "reason, to each applicant"},
    {"law", IN_BODY, P_TEXT, false, 0, LAW_MAX, "clause that a refusal rests on"},
    {"comment", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "internal comment"},
    {"answer", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "answer, to each applicant"},
    {0},
};

const struct route desk_bulk_routes[] = {
    {GET, "/desk/bulk", get_bulk, CAP_CASE_ACT, ROUTE_NO_STORE, bulk_params, "desk",
     "Which act, for several dossiers", NULL},
    {POST, "/desk/bulk", post_bulk, CAP_CASE_ACT, ROUTE_WRITES | ROUTE_NO_STORE, do_params,
     "desk", "One act on several dossiers", NULL},
    {0},
};
