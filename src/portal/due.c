/* due.c - why the date of one's dossier is what it is. */
#include "portal/portal_priv.h"

static enum rc get_due(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct json *v;
    TRY(own_open(cx, req_str(rq, "code"), &d));
    TRY(dossier_due_explain(cx, d, &v));
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("due.title")));
    json_put_str(cx->mem, v, "service", label_text(cx, d->pack->name));
    json_put_str(cx->mem, v, "back",
                 path_of(cx, "/dossier/*", d->is_anonymous ? d->track : d->code, STR_NULL));
    json_put_bool(cx->mem, v, "at_me", is_signed_in(cx));
    return reply_page(cx, rq, "portal/due", v);
}

static const struct param code_params[] = {PARAM_CODE, {0}};

const struct route portal_due_routes[] = {
    {GET, "/dossier/{code}/due", get_due, CAP_NONE, ROUTE_NO_STORE, code_params, "portal",
     "Why a date is what it is, day by day"},
    {0},
};
