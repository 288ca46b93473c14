/* fuzz_receipt.c - any bytes as a receipt: refused, since nobody here holds the key. */
#include "fuzz/fuzz.h"

#include "ledger/ledger.h"

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct str entry;
    struct str vkey = STR("motcua.example/log+c74f20a3+"
                          "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    log_level_set(LOG_ERROR);
    fuzz_must(crypt_start(cx) == RC_OK);
    fuzz_must(receipt_verify(cx, in, vkey, &entry) != RC_OK);
}
