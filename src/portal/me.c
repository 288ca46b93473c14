/* me.c - what is one's own: drafts, dossiers, notices, and who looked at one's data. */
#include "portal/portal_priv.h"

enum { NOTICES_SHOWN = 10, READS_SHOWN = 50 };

static enum rc drafts_put(struct ctx *cx, struct json *view)
{
    struct draft_list drafts = {0};
    TRY(drafts_of(cx, cx->who->subject, &drafts));
    struct json *list = json_put(view, STR("drafts"), json_new_arr(cx->mem));
    for (size_t i = 0; i < drafts.n; i++) {
        const struct draft *d = drafts.v[i];
        if (d->applicant.v) /* an officer's, for somebody else: the counter lists it */
            continue;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "id", d->id);
        json_put_str(cx->mem, o, "name", label_text(cx, d->pack->name));
        json_put_str(cx->mem, o, "unit", unit_name(cx, d->unit));
        json_put_str(cx->mem, o, "changed", time_text(cx->mem, d->changed_us));
    }
    json_put_bool(cx->mem, view, "has_drafts", list->n > 0);
    return RC_OK;
}

static enum rc dossiers_put(struct ctx *cx, struct json *view)
{
    struct dossier_list dossiers = {0};
    TRY(dossiers_of(cx, cx->who->subject, &dossiers));
    struct json *list = json_put(view, STR("dossiers"), json_new_arr(cx->mem));
    for (size_t i = 0; i < dossiers.n; i++) {
        const struct dossier *d = dossiers.v[i];
        struct json *o = json_push(list, dossier_row_view(cx, d));
        bool mine = d->state->by_applicant && !d->state->is_end;
        json_put_bool(cx->mem, o, "is_my_turn", mine);
        json_put_bool(cx->mem, o, "is_done", d->finished_us != TIME_NONE && !mine);
    }
    json_put_bool(cx->mem, view, "has_dossiers", list->n > 0);
    return RC_OK;
}

static enum rc get_me(struct ctx *cx, struct req *rq)
{
    struct json *notices, *v = view_new(cx, "portal.me.title", STR("/"));
    TRY(drafts_put(cx, v));
    TRY(dossiers_put(cx, v));
    TRY(notices_of(cx, cx->who->subject, 0, NOTICES_SHOWN, &notices));
    json_put(v, STR("notices"), notices);
    json_put_bool(cx->mem, v, "has_notices", notices->n > 0);
    json_put_bool(cx->mem, v, "at_me", true);
    return reply_page(cx, rq, "portal/me", v);
}

static enum rc get_reads(struct ctx *cx, struct req *rq)
{
    struct json *reads, *v = view_new(cx, "portal.reads.title", STR("/me"));
    TRY(reads_of(cx, cx->who->subject, req_int(rq, "before", 0), READS_SHOWN, &reads));
    if (reads->n == READS_SHOWN)
        json_put_int(cx->mem, v, "older", json_int(reads->last, "seq", 0));
    json_put(v, STR("reads"), reads);
    json_put_bool(cx->mem, v, "has_reads", reads->n > 0);
    json_put_bool(cx->mem, v, "at_me", true);
    return reply_page(cx, rq, "portal/reads", v);
}

static const struct param reads_params[] = {
    {"before", IN_QUERY, P_INT, false, 1, INT64_MAX, "older than this place in the ledger"},
    {0},
};

const struct route portal_me_routes[] = {
    {GET, "/me", get_me, CAP_SELF, ROUTE_NO_STORE, NULL, "portal", "One's own"},
    {GET, "/me/reads", get_reads, CAP_SELF, ROUTE_NO_STORE, reads_params, "portal",
     "Who looked at one's data"},
    {0},
};
