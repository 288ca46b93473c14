/* bulk.c - one act on many dossiers: each succeeds or fails for itself. */
#include "app/app.h"
#include "casework/view.h"
#include "moves/moves.h"
#include "store/store.h"

static enum rc one_act(struct ctx *cx, const struct bulk_item *it, const struct act *a,
                       struct dossier_ref *ret)
{
    struct act act = *a;
    struct dossier *d = NULL;
    struct form_errors errs = {0};
    act.version = it->version;
    TRY(dossier_open(cx, it->code, &d));
    TRY(dossier_told_check(cx, d, a->id));
    TRY(dossier_act(cx, d, &act, &errs, ret));
    return db_commit(cx);
}

/* A ctx of its own, so that a refusal rolls back nothing but itself. */
static void item_act(struct ctx *cx, struct bulk_item *it, const struct act *a)
{
    struct ctx *own = ctx_new(cx->mem, cx->app);
    own->who = cx->who;
    own->lang = cx->lang;
    own->now_us = cx->now_us;
    own->request = cx->request;
    own->conn = cx->conn;
    it->rc = one_act(own, it, a, &it->ref);
    if (it->rc == RC_OK)
        return;
    db_rollback(own);
    it->field = str_dup(cx->mem, str_from(own->err.field));
    LOGI("bulk refused=%s detail=\"%s\"", rc_name(it->rc), own->err.detail);
}

static bool is_named_before(const struct bulk_item *v, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_eq(v[k].code, v[i].code))
            return true;
    return false;
}

enum rc dossiers_act(struct ctx *cx, struct bulk_item *v, size_t n, const struct act *a)
{
    if (!cx->who || !cx->who->account)
        return FAIL(cx, LOGIN_REQUIRED, NULL, "nobody acts");
    if (n == 0 || n > BULK_MAX)
        return FAIL(cx, INVALID, "items", "1 to %d dossiers", BULK_MAX);
    for (size_t i = 0; i < n; i++) {
        v[i].field = STR("");
        if (is_named_before(v, i)) {
            v[i].rc = RC_DUPLICATE;
            v[i].field = STR("code");
        } else {
            item_act(cx, &v[i], a);
        }
    }
    return RC_OK;
}
