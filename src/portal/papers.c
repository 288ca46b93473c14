/* papers.c - the papers of a draft: photos and PDF files, sent one paper at a time. */
#include "portal/portal_priv.h"

enum { FILES_AT_ONCE = 10, DOCUMENT_MAX = 60 };

static struct json *file_view(struct ctx *cx, const struct file *f)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_int(cx->mem, o, "file", f->id.v);
    json_put_str(cx->mem, o, "file_name", f->name.n ? f->name : STR("—"));
    json_put_str(cx->mem, o, "size", size_text(cx, f->size));
    return o;
}

static struct json *paper_view(struct ctx *cx, const struct pack_document *d,
                               const struct file_list *files)
{
    struct json *o = json_new_obj(cx->mem);
    struct json *list = json_put(o, STR("files"), json_new_arr(cx->mem));
    json_put_str(cx->mem, o, "id", d->id);
    json_put_str(cx->mem, o, "name", label_text(cx, d->name));
    if (d->hint)
        json_put_str(cx->mem, o, "hint", label_text(cx, d->hint));
    for (size_t i = 0; i < files->n; i++)
        if (str_eq(files->v[i].document, d->id))
            json_push(list, file_view(cx, &files->v[i]));
    json_put_bool(cx->mem, o, "required", d->required);
    json_put_bool(cx->mem, o, "is_given", list->n > 0);
    json_put_bool(cx->mem, o, "is_missing", d->required && list->n == 0);
    json_put_bool(cx->mem, o, "is_full", (int)list->n >= d->max_files);
    json_put_int(cx->mem, o, "most", d->max_files);
    return o;
}

struct json *papers_view(struct ctx *cx, const struct pack *p, const struct json *answers,
                         const struct file_list *files)
{
    struct json *list = json_new_arr(cx->mem);
    for (size_t i = 0; i < p->ndocuments; i++)
        if (expr_is_true(cx, p->documents[i].when, answers))
            json_push(list, paper_view(cx, &p->documents[i], files));
    return list;
}

enum rc upload_store(struct ctx *cx, const struct upload *u, struct str document,
                     struct file *ret)
{
    TRY(file_store(cx, u->path, &u->digest, u->name, ret));
    ret->document = document;
    return RC_OK;
}

static enum rc papers_page(struct ctx *cx, struct req *rq, struct json **ret)
{
    struct draft *d;
    struct file_list files = {0};
    struct json *v = view_new(cx, "portal.papers.title", STR_NULL);
    TRY(draft_open(cx, rq, &d));
    *ret = NULL;
    if (!d) /* filed meanwhile: the reply leads there */
        return RC_OK;
    TRY(draft_files(cx, d->id, &files));
    json_put_str(cx->mem, v, "back", path_of(cx, "/draft/*", d->id, STR_NULL));
    json_put_str(cx->mem, v, "draft", d->id);
    json_put_str(cx->mem, v, "service", label_text(cx, d->pack->name));
    json_put_str(cx->mem, v, "most_size", size_text(cx, cx->app->settings.web_file_max));
    struct json *papers = papers_view(cx, d->pack, d->answers, &files);
    json_put(v, STR("papers"), papers);
    json_put_bool(cx->mem, v, "is_empty", papers->n == 0);
    *ret = v;
    return RC_OK;
}

static enum rc get_papers(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(papers_page(cx, rq, &v));
    return v ? reply_page(cx, rq, "portal/papers", v) : RC_OK;
}

/* What is wrong with a file is said beside its paper; the files before it stay. */
static enum rc refused_file(struct ctx *cx, struct req *rq, enum rc rc)
{
    struct json *v;
    const char *key = rc == RC_UNSUPPORTED ? "portal.papers.unsupported"
                      : rc == RC_TOO_LARGE ? "portal.papers.too_large"
                      : rc == RC_INVALID   ? "portal.papers.too_many"
                                           : "portal.papers.none";
    ctx_clear(cx);
    TRY(papers_page(cx, rq, &v));
    if (!v)
        return RC_OK;
    struct str document = req_str(rq, "document");
    view_error_key(cx, v, str_fmt(cx->mem, "file-%.*s", STR_ARG(document)).p, key);
    JSON_EACH (json_get(v, STR("papers")), p)
        if (str_eq(json_str(p, "id"), document))
            json_put_str(cx->mem, p, "error", msg_get(cx->lang, str_from(key)));
    return reply_refused(cx, rq, "portal/papers", v);
}

/* All that fit are on the disk before the write turn: it must not wait for flushes. */
static enum rc uploads_store(struct ctx *cx, struct req *rq, struct file_list *ret)
{
    const struct upload *u;
    ret->v = arena_array(cx->mem, struct file, FILES_AT_ONCE);
    for (ret->n = 0; ret->n < FILES_AT_ONCE && (u = req_upload(rq, ret->n)); ret->n++)
        TRY(upload_store(cx, u, req_str(rq, "document"), &ret->v[ret->n]));
    return RC_OK;
}

static enum rc files_add(struct ctx *cx, struct req *rq, const struct file_list *files)
{
    struct file_id id;
    for (size_t i = 0; i < files->n; i++)
        TRY(draft_file_add(cx, req_str(rq, "id"), files->v[i].document, &files->v[i], &id));
    return RC_OK;
}

static bool is_about_the_file(enum rc rc)
{
    return rc == RC_UNSUPPORTED || rc == RC_TOO_LARGE || rc == RC_INVALID;
}

static enum rc post_papers(struct ctx *cx, struct req *rq)
{
    struct draft *d;
    struct str document = req_str(rq, "document");
    TRY(draft_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    struct str here = path_of(cx, "/draft/*/papers", d->id, STR_NULL);
    if (req_int(rq, "remove", 0)) {
        TRY(draft_file_remove(cx, d->id, (struct file_id){req_int(rq, "remove", 0)}));
        return reply_redirect(cx, rq, here);
    }
    if (!req_upload(rq, 0))
        return refused_file(cx, rq, RC_NOT_FOUND);
    struct file_list files = {0};
    enum rc stored = uploads_store(cx, rq, &files);
    enum rc added = files_add(cx, rq, &files);
    enum rc rc = added != RC_OK ? added : stored;
    if (is_about_the_file(rc))
        return refused_file(cx, rq, rc);
    TRY(rc);
    return reply_redirect(cx, rq, path_of(cx, "/draft/*/papers#paper-*", d->id, document));
}

static const struct param papers_params[] = {PARAM_DRAFT, {0}};
static const struct param upload_params[] = {
    PARAM_DRAFT,
    {"document", IN_BODY, P_CODE, false, 1, DOCUMENT_MAX, "which paper"},
    {"file", IN_BODY, P_FILE, false, 0, FILES_AT_ONCE, "photos or PDF files"},
    {"remove", IN_BODY, P_INT, false, 1, INT64_MAX, "file to take away"},
    {0},
};

const struct route portal_papers_routes[] = {
    {GET, "/draft/{id}/papers", get_papers, CAP_NONE, ROUTE_NO_STORE, papers_params, "portal",
     "Papers of a draft"},
    {POST, "/draft/{id}/papers", post_papers, CAP_NONE,
     ROUTE_WRITES | ROUTE_UPLOAD | ROUTE_NO_STORE, upload_params, "portal",
     "Adds or removes a paper"},
    {0},
};
