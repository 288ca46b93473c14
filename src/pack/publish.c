/* publish.c - from a checked pack to a signed version that never changes. */
#include "pack/pack_priv.h"

#include "gen/pack_sql.h"
#include "ledger/ledger.h"
#include "store/store.h"

struct str pack_signed_text(struct arena *mem, struct str ref, const struct hash *digest)
{
    return str_fmt(mem, "motcua-pack-version 1\n%.*s\n%.*s\n", STR_ARG(ref),
                   STR_ARG(hash_hex(mem, digest)));
}

static struct event *event_of(struct ctx *cx, enum event_kind kind, int64_t id, struct str ref)
{
    struct event *ev = arena_new_of(cx->mem, struct event);
    struct str pack, version = str_split(ref, '@', &pack);
    *ev = (struct event){.kind = kind, .subject = id, .pack = ref};
    if (cx->who)
        ev->actor = cx->who->subject;
    ev->facts = json_new_obj(cx->mem);
    json_put_str(cx->mem, ev->facts, "id", pack);
    json_put_str(cx->mem, ev->facts, "version", version);
    return ev;
}

static enum rc version_store(struct ctx *cx, const struct pack *p, struct str archive)
{
    struct signer *signer;
    uint8_t sig[SIGN_BYTES];
    int64_t id = random_id();
    TRY(packs_signer(cx, &signer));
    signer_sign(signer, pack_signed_text(cx->mem, p->ref, &p->digest), sig);
    TRY(sql_pack_version_insert(cx, id, p->ref, p->id, p->version,
                                str_n(p->digest.b, HASH_BYTES), str_n(sig, SIGN_BYTES), archive,
                                cx->now_us));
    struct event *ev = event_of(cx, EV_PACK_PUBLISHED, id, p->ref);
    json_put_str(cx->mem, ev->facts, "digest", hash_hex(cx->mem, &p->digest));
    return ledger_append(cx, ev);
}

enum rc pack_publish(struct ctx *cx, const struct pack_files *f, struct str *ref)
{
    struct pack_findings found;
    struct pack *p;
    struct str archive;
    struct pack_version_find_row *old;
    TRY(pack_check(cx, f, &found, &p));
    TRY(pack_archive(cx, f, &archive));
    p->digest = hash_of(archive);
    TRY(db_begin(cx));
    TRY(sql_pack_version_find(cx, p->ref, &old));
    if (old && !str_eq(old->digest, str_n(p->digest.b, HASH_BYTES)))
        return FAIL(cx, DUPLICATE, "version", "%.*s was published with other content",
                    STR_ARG(p->ref));
    if (!old)
        TRY(version_store(cx, p, archive));
    *ref = p->ref;
    return RC_OK;
}

enum rc pack_withdraw(struct ctx *cx, struct str ref)
{
    struct pack_version_find_row *row;
    TRY(db_begin(cx));
    TRY(sql_pack_version_find(cx, ref, &row));
    if (!row)
        return FAIL(cx, NOT_FOUND, "ref", "no version %.*s", STR_ARG(str_cut(ref, 0, 80)));
    if (row->withdrawn)
        return RC_OK;
    TRY(sql_pack_version_withdraw(cx, ref));
    return ledger_append(cx, event_of(cx, EV_PACK_WITHDRAWN, row->id, ref));
}
