/* ledger.c - the ledger's public files (C2SP tlog-tiles) and its head in JSON. */
#include "api/api.h"

#include "app/app.h"
#include "ledger/ledger.h"

enum { TILE_LEVEL_MAX = 63, TILE_WIDTH = 256, IMMUTABLE_S = 31536000 };

extern const struct route *const app_routes[];

static enum rc checkpoint_get(struct ctx *cx, struct req *rq)
{
    struct ledger_head head;
    TRY(ledger_head_get(cx, &head));
    return reply_text(cx, rq, "text/plain; charset=utf-8", head.note);
}

static enum rc vkey_get(struct ctx *cx, struct req *rq)
{
    return reply_text(cx, rq, "text/plain; charset=utf-8",
                      str_fmt(cx->mem, "%.*s\n", STR_ARG(ledger_vkey(cx))));
}

static bool digits3(struct str s, int64_t *ret)
{
    return s.n == 3 && s.p[0] != '-' && str_int(s, ret);
}

/* "x001/x234/067" or "x001/234.p/12": groups of three digits, all but the last marked x. */
static bool tile_parse(struct str path, int64_t *index, int *width)
{
    struct str part;
    int64_t group, n = 0;
    int groups = 0;
    *width = TILE_WIDTH;
    for (;; n *= 1000) {
        path = str_split(path, '/', &part);
        bool more = part.n && part.p[0] == 'x';
        bool partial = str_ends(part, STR(".p"));
        if (more)
            part = str_skip(part, 1);
        if (partial)
            part.n -= 2;
        if (++groups > 6 || !digits3(part, &group) || more != (path.p && !partial))
            return false;
        n += group;
        if (partial && (!str_int(path, &group) || group < 1 || group >= TILE_WIDTH))
            return false;
        if (partial)
            *width = (int)group;
        if (!more)
            break;
    }
    *index = n;
    return true;
}

static enum rc tile_get(struct ctx *cx, struct req *rq)
{
    struct str level, path = str_split(req_str(rq, "path"), '/', &level), tile;
    int64_t l = -1, index;
    int width;
    bool entries = str_eq(level, STR("entries"));
    bool ok = entries || (str_int(level, &l) && l >= 0 && l <= TILE_LEVEL_MAX);
    if (!ok || !path.p || !tile_parse(path, &index, &width))
        return FAIL(cx, NOT_FOUND, "path", "not a tile");
    TRY(ledger_tile(cx, (int)l, index, width, &tile));
    reply_cache(rq, IMMUTABLE_S);
    return reply_text(cx, rq, "application/octet-stream", tile);
}

static enum rc head_get(struct ctx *cx, struct req *rq)
{
    struct ledger_head head;
    TRY(ledger_head_get(cx, &head));
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "origin", ledger_origin(cx));
    json_put_int(cx->mem, o, "size", head.size);
    json_put_str(cx->mem, o, "root_sha256", hash_hex(cx->mem, &head.root));
    json_put_str(cx->mem, o, "vkey", ledger_vkey(cx));
    json_put_str(cx->mem, o, "checkpoint", head.note);
    return reply_json(cx, rq, 200, o);
}

static enum rc openapi_get(struct ctx *cx, struct req *rq)
{
    return reply_json(cx, rq, 200, openapi_make(cx, app_routes));
}

static const struct param tile_params[] = {
    {"path", IN_PATH, P_TEXT, true, 3, 60, "<level>/<index>[.p/<width>], or entries/…"},
    {0},
};

const struct route api_ledger_routes[] = {
    {GET, "/ledger/checkpoint", checkpoint_get, CAP_NONE, 0, NULL, "ledger",
     "The signed head (C2SP checkpoint)", NULL},
    {GET, "/ledger/vkey", vkey_get, CAP_NONE, 0, NULL, "ledger",
     "The note verifier key of this log", NULL},
    {GET, "/ledger/tile/{path*}", tile_get, CAP_NONE, 0, tile_params, "ledger",
     "A tile or an entry bundle (C2SP tlog-tiles)", NULL},
    {GET, "/api/v1/ledger", head_get, CAP_NONE, ROUTE_API, NULL, "ledger",
     "The ledger's head and key", NULL},
    {GET, "/api/v1/openapi.json", openapi_get, CAP_NONE, ROUTE_API, NULL, "ledger",
     "This contract", NULL},
    {0},
};
