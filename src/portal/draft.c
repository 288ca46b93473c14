/* draft.c - filling in: the task list, one question a page, repeating items. What was typed is
 * saved at every step, right or wrong: a phone that dies loses nothing.
 *
 * A page has two addresses: page/ leads to the next question, change/ back to the check. */
#include "casework/file.h"
#include "portal/portal_priv.h"
#include "quality/quality.h"
#include "store/store.h"

enum { ITEM_MAX = 160, PAGE_MAX = 60 };

static struct json *draft_view(struct ctx *cx, const struct draft *d, struct str title,
                               struct str back)
{
    struct json *v = view_titled(cx, title, back);
    json_put_str(cx->mem, v, "draft", d->id);
    json_put_str(cx->mem, v, "form_base", path_of(cx, "/draft/*/page", d->id, STR_NULL));
    json_put_str(cx->mem, v, "service", label_text(cx, d->pack->name));
    json_put_str(cx->mem, v, "unit", unit_name(cx, d->unit));
    return v;
}

/* -- the task list -- */

/* Which papers are asked for is known when the questions are answered. */
static enum rc papers_task_put(struct ctx *cx, const struct draft *d, bool all_answered,
                               struct json *view)
{
    struct file_list files = {0};
    TRY(draft_files(cx, d->id, &files));
    const struct json *papers = papers_view(cx, d->pack, d->answers, &files);
    size_t missing = 0, given = 0;
    JSON_EACH (papers, p) {
        missing += json_bool(p, "is_missing");
        given += json_get(p, STR("files"))->n;
    }
    json_put_bool(cx->mem, view, "has_papers", d->pack->ndocuments > 0);
    json_put_bool(cx->mem, view, "papers_done", missing == 0 && all_answered);
    json_put_int(cx->mem, view, "papers_given", (int64_t)given);
    json_put_int(cx->mem, view, "papers_missing", (int64_t)missing);
    return RC_OK;
}

static enum rc get_draft(struct ctx *cx, struct req *rq)
{
    struct draft *d;
    TRY(draft_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    struct json *v = draft_view(cx, d, label_text(cx, d->pack->name),
                                is_signed_in(cx) ? STR("/me") : STR("/"));
    struct json *tasks =
        json_put(v, STR("tasks"), form_tasks_view(cx, d->pack->form, d->answers));
    bool all = json_int(tasks, "done", 0) == json_int(tasks, "all", -1);
    TRY(papers_task_put(cx, d, all, v));
    json_put_bool(cx->mem, v, "is_complete",
                  json_bool(v, "papers_done") || (all && !d->pack->ndocuments));
    json_put_str(cx->mem, v, "changed", time_text(cx->mem, d->changed_us));
    json_put_int(cx->mem, v, "days", cx->app->settings.draft_days);
    json_put_bool(cx->mem, v, "is_anonymous", !is_signed_in(cx));
    return reply_page(cx, rq, "portal/draft", v);
}

/* -- a page of questions -- */

static enum rc page_get(struct ctx *cx, struct req *rq, struct draft **ret)
{
    TRY(draft_open(cx, rq, ret));
    if (*ret && !form_page_is((*ret)->pack->form, req_str(rq, "page")))
        return FAIL(cx, NOT_FOUND, "page", "no such page");
    return RC_OK;
}

static bool is_change(const struct req *rq)
{
    return str_has(str_from(req_route(rq)->path), STR("/change/"));
}

static struct str page_path(struct ctx *cx, struct req *rq, const struct draft *d,
                            struct str page)
{
    return path_of(cx, is_change(rq) ? "/draft/*/change/*" : "/draft/*/page/*", d->id, page);
}

static struct str way_back(struct ctx *cx, struct req *rq, const struct draft *d)
{
    struct str prev = form_page_prev(cx, d->pack->form, d->answers, req_str(rq, "page"));
    if (is_change(rq))
        return path_of(cx, "/draft/*/check", d->id, STR_NULL);
    return prev.n ? page_path(cx, rq, d, prev) : path_of(cx, "/draft/*", d->id, STR_NULL);
}

static bool asks_file(const struct json *page)
{
    JSON_EACH (json_get(page, STR("fields")), row)
        if (json_bool(row, "is_file"))
            return true;
    return false;
}

static enum rc page_view(struct ctx *cx, struct req *rq, const struct draft *d,
                         const struct form_errors *errs, struct json **ret)
{
    struct file_list files = {0};
    struct json *v = form_page_view(cx, d->pack->form, req_str(rq, "page"), d->answers, errs);
    json_put_str(cx->mem, v, "back", way_back(cx, rq, d));
    json_put_str(cx->mem, v, "here", page_path(cx, rq, d, req_str(rq, "page")));
    json_put_str(
        cx->mem, v, "form_base",
        path_of(cx, is_change(rq) ? "/draft/*/change" : "/draft/*/page", d->id, STR_NULL));
    json_put_str(cx->mem, v, "service", label_text(cx, d->pack->name));
    json_put_bool(cx->mem, v, "has_errors", errs && errs->n);
    json_put_bool(cx->mem, v, "has_files", asks_file(v));
    json_put_str(cx->mem, v, "most_size", size_text(cx, cx->app->settings.web_file_max));
    if (asks_file(v))
        TRY(draft_files(cx, d->id, &files));
    answer_files_put(cx, v, &files, STR(""), true);
    *ret = v;
    return RC_OK;
}

static enum rc get_page(struct ctx *cx, struct req *rq)
{
    struct draft *d;
    struct json *v;
    TRY(page_get(cx, rq, &d));
    if (!d)
        return RC_OK;
    TRY(page_view(cx, rq, d, NULL, &v));
    return reply_page(cx, rq, "portal/page", v);
}

static struct str way_on(struct ctx *cx, struct req *rq, const struct draft *d)
{
    if (is_change(rq))
        return path_of(cx, "/draft/*/check", d->id, STR_NULL);
    struct str next = form_page_next(cx, d->pack->form, d->answers, req_str(rq, "page"));
    return next.n ? page_path(cx, rq, d, next) : path_of(cx, "/draft/*", d->id, STR_NULL);
}

/* Add and remove are buttons of the page's own form: what was typed beside them is kept. */
static enum rc items_change(struct ctx *cx, struct req *rq, struct draft *d)
{
    if (req_str(rq, "add").n)
        TRY(form_item_add(cx, d->pack->form, req_str(rq, "add"), d->answers));
    else
        TRY(form_item_drop(cx, d->pack->form, req_str(rq, "remove"), d->answers));
    TRY(draft_save(cx, d));
    return reply_redirect(cx, rq, page_path(cx, rq, d, req_str(rq, "page")));
}

/* Files are on the disk before the write turn: it must not wait for flushes. */
static enum rc files_take(struct ctx *cx, struct req *rq, struct form_errors *errs)
{
    struct draft *d;
    struct file_id id;
    const struct upload *u;
    struct file_list files = {arena_array(cx->mem, struct file, FORM_FILES_MAX), 0};
    TRY(page_get(cx, rq, &d));
    for (size_t i = 0; d && (u = req_upload(rq, i)); i++)
        TRY(file_answer_store(cx, d->pack->form, u, &files, errs));
    for (size_t i = 0; i < files.n; i++) {
        struct str path = files.v[i].document;
        if (!str_eq(form_file_page(d->pack->form, path), req_str(rq, "page")))
            return FAIL(cx, UNDECLARED, str_z(cx->mem, path), "the page does not ask that");
        TRY(draft_file_add(cx, d->id, path, &files.v[i], &id));
    }
    return RC_OK;
}

static bool is_told(const struct form_errors *errs, struct str field)
{
    for (size_t i = 0; i < errs->n; i++)
        if (str_eq(errs->v[i].field, field))
            return true;
    return false;
}

/* What is wrong with the page: with a file that was sent, and else with its answers. */
static enum rc page_check(struct ctx *cx, struct req *rq, const struct draft *d,
                          struct form_errors *errs)
{
    struct form_errors found = {0};
    enum rc rc = form_check_page(cx, d->pack->form, req_str(rq, "page"), d->answers, &found);
    if (rc != RC_OK && rc != RC_INVALID)
        return rc;
    ctx_clear(cx);
    struct form_errors all = {arena_array(cx->mem, struct form_error, errs->n + found.n + 1),
                              errs->n};
    for (size_t i = 0; i < errs->n; i++)
        all.v[i] = errs->v[i];
    for (size_t i = 0; i < found.n; i++)
        if (!is_told(errs, found.v[i].field))
            all.v[all.n++] = found.v[i];
    *errs = all;
    return RC_OK;
}

static enum rc page_again(struct ctx *cx, struct req *rq, const struct draft *d,
                          const struct form_errors *errs)
{
    struct json *v;
    TRY(page_view(cx, rq, d, errs, &v));
    return reply_refused(cx, rq, "portal/page", v);
}

static enum rc file_drop(struct ctx *cx, struct req *rq, const struct draft *d)
{
    TRY(draft_file_remove(cx, d->id, (struct file_id){req_int(rq, "drop", 0)}));
    return reply_redirect(cx, rq, page_path(cx, rq, d, req_str(rq, "page")));
}

/* Where people are and where the form loses them; nothing of what they answered. The first page
 * was counted when they began. */
static void walk_count(struct ctx *cx, struct req *rq, struct draft *d,
                       const struct form_errors *errs)
{
    const struct form *f = d->pack->form;
    struct str page = req_str(rq, "page"), next = STR("");
    bool is_new = seen_mark(cx->mem, &d->seen, form_page_index(f, page));
    if (is_new && !str_eq(page, form_page_first(cx, f, d->answers)))
        walk_reached(cx, d->pack, page, STR(""), -1);
    if (errs->n) {
        walk_refused(cx, d->pack, page, errs);
        return;
    }
    if (!is_change(rq))
        next = form_page_next(cx, f, d->answers, page);
    d->page = next.n ? next : STR(WALK_END);
    if (seen_mark(cx->mem, &d->seen, next.n ? form_page_index(f, next) : FORM_PAGES_MAX))
        walk_reached(cx, d->pack, d->page, page,
                     req_upload(rq, 0) ? -1 : cx->now_us - d->changed_us);
}

static enum rc post_page(struct ctx *cx, struct req *rq)
{
    struct draft *d;
    struct form_errors errs = {0};
    if (req_upload(rq, 0))
        TRY(files_take(cx, rq, &errs));
    TRY(db_begin(cx)); /* read and saved in one turn: two pages at once keep both answers */
    TRY(page_get(cx, rq, &d));
    if (!d)
        return RC_OK;
    TRY(form_take(cx, d->pack->form, req_str(rq, "page"), req_answers(rq), d->answers));
    d->page = req_str(rq, "page");
    if (req_str(rq, "add").n || req_str(rq, "remove").n)
        return items_change(cx, rq, d);
    TRY(page_check(cx, rq, d, &errs));
    if (!req_int(rq, "drop", 0))
        walk_count(cx, rq, d, &errs);
    TRY(draft_save(cx, d));
    if (req_int(rq, "drop", 0))
        return file_drop(cx, rq, d);
    if (req_bool(rq, "later"))
        return reply_redirect(cx, rq, path_of(cx, "/draft/*", d->id, STR_NULL));
    if (errs.n)
        return page_again(cx, rq, d, &errs);
    return reply_redirect(cx, rq, way_on(cx, rq, d));
}

static enum rc post_delete(struct ctx *cx, struct req *rq)
{
    TRY(draft_delete(cx, req_str(rq, "id")));
    reply_flash(cx, rq, "portal.draft.deleted", "success");
    return reply_redirect(cx, rq, is_signed_in(cx) ? STR("/me") : STR("/"));
}

#define PARAM_PAGE                                                                             \
    {                                                                                          \
        "page", IN_PATH, P_CODE, true, 1, PAGE_MAX, "id of the page"                           \
    }
static const struct param draft_params[] = {PARAM_DRAFT, {0}};
static const struct param page_params[] = {PARAM_DRAFT, PARAM_PAGE, {0}};
static const struct param answer_params[] = {
    PARAM_DRAFT,
    PARAM_PAGE,
    {"later", IN_BODY, P_BOOL, false, 0, 0, "save and go to the task list"},
    {"add", IN_BODY, P_TEXT, false, 0, ITEM_MAX, "path of the group that gets an item"},
    {"remove", IN_BODY, P_TEXT, false, 0, ITEM_MAX, "path and number of the item to remove"},
    {"drop", IN_BODY, P_INT, false, 0, INT64_MAX, "id of a file to take away"},
    {"answers", IN_BODY, P_ANSWERS, false, 0, 0, "what was answered"},
    PARAM_ANSWER_FILES,
    {0},
};

const struct route portal_draft_routes[] = {
    {GET, "/draft/{id}", get_draft, CAP_NONE, ROUTE_NO_STORE, draft_params, "portal",
     "Task list of a draft"},
    {GET, "/draft/{id}/page/{page}", get_page, CAP_NONE, ROUTE_NO_STORE, page_params, "portal",
     "Asks"},
    {POST, "/draft/{id}/page/{page}", post_page, CAP_NONE,
     ROUTE_WRITES | ROUTE_UPLOAD | ROUTE_NO_STORE, answer_params, "portal",
     "Saves answers; adds and removes items"},
    {GET, "/draft/{id}/change/{page}", get_page, CAP_NONE, ROUTE_NO_STORE, page_params,
     "portal", "Asks again, from the check"},
    {POST, "/draft/{id}/change/{page}", post_page, CAP_NONE,
     ROUTE_WRITES | ROUTE_UPLOAD | ROUTE_NO_STORE, answer_params, "portal",
     "Saves answers and returns to the check"},
    {POST, "/draft/{id}/delete", post_delete, CAP_NONE, ROUTE_WRITES, draft_params, "portal",
     "Deletes a draft"},
    {0},
};
