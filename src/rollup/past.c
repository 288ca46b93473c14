/* past.c - a node's ledger only grows: proofs of that in statements, and the check of them. */
#include "gen/rollup_sql.h"
#include "ledger/consistency.h"
#include "rollup/rollup_priv.h"

enum { PROOF_HASH_MAX = 44 }; /* 32 bytes as base64 */

static enum rc one_prove(struct ctx *cx, int64_t from, int64_t to, struct json *list)
{
    struct consistency c;
    struct json *o = json_push(list, json_new_obj(cx->mem));
    struct json *proof = json_new_arr(cx->mem);
    TRY(ledger_consistency(cx, from, to, &c));
    for (size_t i = 0; i < c.n; i++)
        json_push(proof,
                  json_new_str(cx->mem, base64_of(cx->mem, str_n(c.path[i].b, HASH_BYTES))));
    json_put_int(cx->mem, o, "size", from);
    json_put(o, STR("proof"), proof);
    return RC_OK;
}

enum rc past_prove(struct ctx *cx, int64_t to, struct json **ret)
{
    struct made_sizes_rows rows;
    struct json *list = json_new_arr(cx->mem);
    TRY(sql_made_sizes(cx, PAST_MAX, &rows));
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].ledger_size <= to)
            TRY(one_prove(cx, rows.v[i].ledger_size, to, list));
    *ret = list;
    return RC_OK;
}

static bool proof_read(struct ctx *cx, const struct json *proof, struct consistency *c)
{
    c->n = 0;
    if (!proof || proof->kind != JSON_ARR || proof->n > CONSISTENCY_MAX)
        return false;
    JSON_EACH (proof, v) {
        struct str raw;
        if (v->kind != JSON_STR || !base64_parse(cx->mem, v->s, &raw) || raw.n != HASH_BYTES)
            return false;
        memcpy(c->path[c->n++].b, raw.p, HASH_BYTES);
    }
    return true;
}

bool past_is(const struct json *list)
{
    if (!list || list->kind != JSON_ARR || list->n > PAST_MAX)
        return false;
    JSON_EACH (list, o) {
        const struct json *proof = json_get(o, STR("proof"));
        if (o->kind != JSON_OBJ || o->n != 2 || json_int(o, "size", 0) < 1 || !proof ||
            proof->kind != JSON_ARR || proof->n > CONSISTENCY_MAX)
            return false;
        JSON_EACH (proof, v)
            if (v->kind != JSON_STR || v->s.n > PROOF_HASH_MAX)
                return false;
    }
    return true;
}

bool past_holds(struct ctx *cx, const struct json *list, int64_t size, struct str root,
                const struct checkpoint *head)
{
    struct hash was;
    struct consistency c;
    if (!hash_parse(root, &was) || !list || list->kind != JSON_ARR)
        return false;
    JSON_EACH (list, o)
        if (o->kind == JSON_OBJ && json_int(o, "size", 0) == size)
            return proof_read(cx, json_get(o, STR("proof")), &c) &&
                   consistency_check(&c, size, &was, head->size, &head->root);
    return false;
}
