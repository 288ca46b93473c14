/* idempotency.c - the same request twice is one act. (stored answers come with the store) */
#include "web/web_priv.h"

struct idem_set *idem_new(struct arena *mem)
{
    return NULL;
}

enum rc idem_begin(struct ctx *cx, struct req *rq, bool *is_replay)
{
    *is_replay = false;
    return RC_OK;
}

enum rc idem_store(struct ctx *cx, struct req *rq)
{
    return RC_OK;
}

void idem_end(struct req *rq)
{
}
