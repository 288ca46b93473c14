/* branch.c - what other units are asked: opening, answering, silence, the join. */
#include "app/app.h"
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"
#include "store/store.h"

enum rc dossier_branches(struct ctx *cx, const struct dossier *d, struct branch_list *ret)
{
    *ret = (struct branch_list){NULL, 0};
    return RC_OK;
}

enum rc dossier_answer(struct ctx *cx, struct dossier *d, const struct answer *a,
                       struct dossier_ref *ret)
{
    return FAIL(cx, NOT_FOUND, "branch", "no open branch");
}

enum rc dossier_undo_can(struct ctx *cx, const struct dossier *d, bool *ret)
{
    *ret = false;
    return RC_OK;
}

enum rc dossier_undo(struct ctx *cx, struct dossier *d, struct dossier_ref *ret)
{
    return FAIL(cx, STATE, "undo", "too late");
}
