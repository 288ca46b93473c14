/* fuzz_receipt.c - any bytes as a receipt: refused, since nobody here holds the key. */
#include "fuzz/fuzz.h"

#include "ledger/ledger.h"
#include "ledger/note.h"

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct str entry;
    /* A key that is well formed, or nothing behind it would ever be looked at. */
    struct str vkey = STR("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    struct vkey vk;
    fuzz_must(vkey_parse(cx->mem, vkey, &vk));
    log_level_set(LOG_ERROR);
    fuzz_must(crypt_start(cx) == RC_OK);
    fuzz_must(receipt_verify(cx, in, vkey, &entry) != RC_OK);
}
