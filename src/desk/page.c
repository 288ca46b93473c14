/* page.c - a dossier as an officer sees it: answers, papers, clock, what happened, what to do. */
#include "app/app.h"
#include "desk/desk_priv.h"
#include "letter/letter.h"

enum { CONFLICT_STATUS = 409 };

/* -- the clock, explained -- */

static void clock_put(struct ctx *cx, const struct dossier *d, struct json *v)
{
    const struct calendar *cal = calendar_for(cx, d->unit);
    const struct clock_run *run = &d->clocks[0];
    if (run->start_us == TIME_NONE || !d->pack->flow->nclocks)
        return;
    struct json *c = json_put(v, STR("clock"), json_new_obj(cx->mem));
    int32_t t0 = calendar_t0(cal, run->start_us);
    json_put_str(cx->mem, c, "started", time_text(cx->mem, run->start_us));
    json_put_str(cx->mem, c, "first_day", day_text(cx->mem, t0));
    json_put_bool(cx->mem, c, "is_shifted", t0 != day_of(run->start_us));
    json_put_str(cx->mem, c, "budget",
                 budget_text(cx, flow_clock_budget(&d->pack->flow->clocks[0], d->entries)));
    struct json *list = json_put(c, STR("pauses"), json_new_arr(cx->mem));
    for (size_t i = 0; i < run->npauses; i++) {
        bool is_open = run->pauses[i].to_us == TIME_NONE;
        struct json *p = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, p, "from", time_text(cx->mem, run->pauses[i].from_us));
        json_put_bool(cx->mem, p, "is_standing", is_open);
        json_put_str(cx->mem, p, "to",
                     is_open ? STR("") : time_text(cx->mem, run->pauses[i].to_us));
    }
}

/* The legal time runs: what is not ready by then could be apologised for. */
static bool clock_is_open(const struct dossier *d)
{
    const struct clock_run *run = &d->clocks[0];
    bool paused = run->npauses && run->pauses[run->npauses - 1].to_us == TIME_NONE;
    return run->start_us != TIME_NONE && run->stop_us == TIME_NONE && !paused;
}

static void tone_put(struct ctx *cx, struct json *v)
{
    bool now = json_bool(v, "is_over");
    json_put_bool(cx->mem, v, "was_late", json_bool(v, "is_late") && !now);
}

/* -- assigning -- */

static bool has_account(const struct json *list, int64_t account)
{
    JSON_EACH (list, o)
        if (json_int(o, "account", 0) == account)
            return true;
    return false;
}

/* Officers of the unit whose role acts in this state: each once. */
static enum rc officers_put(struct ctx *cx, const struct dossier *d, struct json *v)
{
    struct officer_list all;
    TRY(officers_of(cx, d->at->id, &all));
    struct json *list = json_put(v, STR("officers"), json_new_arr(cx->mem));
    bool may = who_can(cx, cx->who, CAP_CASE_ASSIGN, d->at->id) && !d->state->is_end;
    bool is_mine = false, own = d->holder && d->holder == cx->who->account;
    for (size_t i = 0; i < all.n; i++) {
        const struct officer *o = &all.v[i];
        if (!(d->state->roles & (1u << o->role)) || has_account(list, o->account))
            continue;
        struct json *row = json_push(list, json_new_obj(cx->mem));
        json_put_int(cx->mem, row, "account", o->account);
        json_put_str(cx->mem, row, "officer", o->name);
        json_put_str(cx->mem, row, "role", role_label(cx, o->role));
        json_put_bool(cx->mem, row, "selected", o->account == d->holder);
        is_mine |= o->account == cx->who->account;
    }
    bool free = !d->holder && is_mine && !d->state->is_end;
    own = own && !d->state->is_end && list->n > 1;
    json_put_bool(cx->mem, v, "can_assign", (may && list->n > 0) || own);
    json_put_bool(cx->mem, v, "asks_reason", d->holder != 0);
    json_put_bool(cx->mem, v, "can_take",
                  free && who_can(cx, cx->who, CAP_CASE_ACT, d->at->id));
    json_put_int(cx->mem, v, "account", cx->who->account);
    return RC_OK;
}

/* -- act forms -- */

static struct str typed_of(struct ctx *cx, const struct refused *r, struct str name)
{
    const struct act *a = r->act;
    struct str text = str_eq(name, STR("reason"))    ? a->reason
                      : str_eq(name, STR("law"))     ? a->law
                      : str_eq(name, STR("comment")) ? a->comment
                      : str_eq(name, STR("answer"))  ? a->answer
                      : str_eq(name, STR("items"))   ? r->items
                                                     : STR("");
    return text.p ? text : STR("");
}

static struct str error_of(const struct refused *r, struct str name)
{
    for (size_t i = 0; i < r->errs->n; i++)
        if (str_eq(r->errs->v[i].field, name))
            return r->errs->v[i].text;
    return STR("");
}

/* Each input has every key the template reads: a missing one would be sought further out. */
static void inputs_put(struct ctx *cx, struct json *act, const struct refused *r,
                       struct json *errors)
{
    JSON_EACH (json_get(act, STR("inputs")), in) {
        struct str name = json_str(in, "name");
        struct str id =
            str_fmt(cx->mem, "%.*s-%.*s", STR_ARG(json_str(act, "id")), STR_ARG(name));
        struct str error = r ? error_of(r, name) : STR("");
        bool is_short = str_eq(name, STR("law"));
        json_put_str(cx->mem, in, "input_id", id);
        json_put_str(cx->mem, in, "typed", r ? typed_of(cx, r, name) : STR(""));
        json_put_str(cx->mem, in, "error", error);
        json_put_str(cx->mem, in, "hint",
                     msg_get(cx->lang, str_fmt(cx->mem, "desk.hint.%.*s", STR_ARG(name))));
        json_put_bool(cx->mem, in, "is_line", is_short);
        json_put_bool(cx->mem, in, "is_area",
                      json_bool(in, "is_items") || (json_bool(in, "is_text") && !is_short));
        if (error.n)
            error_push(
                cx, errors, id,
                str_fmt(cx->mem, "%.*s: %.*s", STR_ARG(json_str(in, "label")), STR_ARG(error)));
    }
}

static void acts_put(struct ctx *cx, struct json *v, const struct refused *r,
                     struct json *errors)
{
    struct json *acts = json_get(v, STR("acts"));
    JSON_EACH (acts, a) {
        bool is_this = r && r->act && str_eq(r->act->id, json_str(a, "id"));
        const struct json *inputs = json_get(a, STR("inputs"));
        json_put_bool(cx->mem, a, "is_open_now", is_this);
        json_put_bool(cx->mem, a, "has_inputs", inputs && inputs->n);
        inputs_put(cx, a, is_this ? r : NULL, errors);
    }
    json_put_bool(cx->mem, v, "has_acts", acts && acts->n);
}

/* -- opinions of other units -- */

/* Each branch has every key the template reads. */
static void branches_put(struct ctx *cx, struct json *v, const struct answer *a,
                         struct json *errors)
{
    JSON_EACH (json_get(v, STR("branches")), b) {
        bool is_this = a && str_eq(a->branch, json_str(b, "id"));
        struct str error =
            is_this ? msg_get(cx->lang, STR("casework.error.required")) : STR("");
        json_put_bool(cx->mem, b, "typed_agree", is_this && str_eq(a->outcome, STR("agree")));
        json_put_bool(cx->mem, b, "typed_refuse", is_this && str_eq(a->outcome, STR("refuse")));
        json_put_str(cx->mem, b, "answer_typed",
                     is_this && a->comment.p ? a->comment : STR(""));
        json_put_str(cx->mem, b, "answer_error", error);
        if (is_this)
            error_push(cx, errors, str_fmt(cx->mem, "%.*s-comment", STR_ARG(json_str(b, "id"))),
                       error);
    }
}

/* -- the page -- */

/* Gone after lawful erasure: the page says so and shows the rest. */
static enum rc answers_put(struct ctx *cx, const struct dossier *d, struct json *v)
{
    struct json *answers;
    enum rc rc = dossier_answers(cx, d, &answers);
    if (rc == RC_GONE) {
        ctx_clear(cx);
        json_put_bool(cx->mem, v, "is_erased", true);
        return RC_OK;
    }
    TRY(rc);
    struct json *summary = form_summary_view(cx, d->pack->form, answers);
    JSON_EACH (json_get(summary, STR("sections")), section) {
        if (str_eq(json_str(section, "id"),
                   STR("account"))) /* whose account: not the reader's */
            json_put_str(cx->mem, section, "title",
                         msg_get(cx->lang, STR("desk.answers.account")));
        JSON_EACH (json_get(section, STR("rows")), row)
            json_put_str(cx->mem, row, "source", STR(""));
    }
    json_put(v, STR("answers"), summary);
    struct file_list files = {0};
    TRY(dossier_files(cx, d, &files));
    answer_files_put(
        cx, summary, &files,
        str_fmt(cx->mem, "/desk/dossier/%.*s/file/", STR_ARG(dossier_handle(cx, d))), false);
    return RC_OK;
}

/* Entries of the timeline, newest first, with every key the template reads. */
static void timeline_turn(struct ctx *cx, struct json *v, int64_t since)
{
    static const char *const keys[] = {"reason", "law", "answer", "comment", "note", "items"};
    struct json *list = json_get(v, STR("timeline")), *turned = json_new_arr(cx->mem);
    const struct json **all = arena_array(cx->mem, const struct json *, list->n + 1);
    size_t n = 0;
    JSON_EACH (list, t)
        all[n++] = t;
    while (n-- > 0) {
        if (json_int(all[n], "seq", 0) <= since)
            continue;
        struct json *t = json_push(turned, json_copy(cx->mem, all[n]));
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            if (!json_get(t, str_from(keys[k])))
                json_put(t, str_from(keys[k]), json_new_null(cx->mem));
        if (!json_get(t, STR("state_name")))
            json_put_str(cx->mem, t, "state_name", STR(""));
    }
    json_put(v, STR("timeline"), turned);
}

static enum rc letters_put(struct ctx *cx, const struct dossier *d, struct json *v)
{
    struct letter_list list;
    TRY(letters_of(cx, d, &list));
    json_put(v, STR("letters"), letters_view(cx, &list));
    return RC_OK;
}

enum rc dossier_page(struct ctx *cx, struct req *rq, const struct dossier *d,
                     const struct refused *refused)
{
    struct json *v;
    bool undo = false;
    TRY(dossier_view(cx, d, true, &v));
    struct json *errors = json_new_arr(cx->mem);
    json_put_str(cx->mem, v, "title", dossier_handle(cx, d));
    json_put_bool(cx->mem, v, "at_desk", true);
    struct dossier_query q = {.unit = d->unit->id};
    bool from_list = list_read(cx, refused->list, &q);
    json_put_str(cx->mem, v, "back",
                 from_list ? list_path(cx, &q)
                           : str_fmt(cx->mem, "/desk?unit=%.*s", STR_ARG(d->unit->code)));
    json_put_str(cx->mem, v, "list", from_list ? refused->list : STR(""));
    json_put_str(cx->mem, v, "channel_name",
                 msg_get(cx->lang, str_fmt(cx->mem, "desk.channel.%d", (int)d->channel)));
    json_put_str(cx->mem, v, "note_typed", refused->note.p ? refused->note : STR(""));
    bool wrong = refused->act || refused->note.p || refused->reason_missing || refused->answer;
    if (refused->note.p)
        error_push(cx, errors, STR("note-text"),
                   msg_get(cx->lang, STR("casework.error.required")));
    bool may = clock_is_open(d) && !d->redated;
    json_put_bool(cx->mem, v, "can_apologise",
                  may && who_can(cx, cx->who, CAP_CASE_ACT, d->unit->id));
    branches_put(cx, v, refused->answer, errors);
    if (refused->reason_missing)
        error_push(cx, errors, STR("give-reason"),
                   msg_get(cx->lang, STR("desk.hand.error.reason")));
    json_put_bool(cx->mem, v, "reason_missing", refused->reason_missing);
    tone_put(cx, v);
    clock_put(cx, d, v);
    timeline_turn(cx, v, -1);
    acts_put(cx, v, refused->act ? refused : NULL, errors);
    TRY(officers_put(cx, d, v));
    TRY(letters_put(cx, d, v));
    TRY(answers_put(cx, d, v));
    TRY(dossier_undo_can(cx, d, &undo));
    json_put_bool(cx->mem, v, "can_undo", undo);
    undo_hint_put(cx, v);
    TRY(did_put(cx, refused->list.p && !wrong ? req_str(rq, "did") : STR(""), v));
    TRY(forecast_put(cx, d, v));
    json_put(v, STR("errors"), errors);
    return reply_page_status(cx, rq, wrong ? UNPROCESSABLE : 200, "desk/dossier", v);
}

enum rc conflict_page(struct ctx *cx, struct req *rq, int64_t version)
{
    struct dossier *d;
    struct json *v;
    ctx_clear(cx);
    TRY(dossier_find(cx, req_str(rq, "code"), &d));
    TRY(dossier_view(cx, d, true, &v));
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("desk.conflict.title")));
    json_put_bool(cx->mem, v, "at_desk", true);
    timeline_turn(cx, v, version);
    return reply_page_status(cx, rq, CONFLICT_STATUS, "desk/conflict", v);
}
