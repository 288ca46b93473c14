/* password.c - Argon2id passwords (RFC 9106), in the PHC string form. */
#include "crypt/crypt.h"

#include <sodium.h>

#include "base/arena.h"

enum rc password_hash(struct ctx *cx, struct str password, int64_t ops, int64_t mem_kib,
                      struct str *ret)
{
    if (password.n < PASSWORD_MIN || password.n > PASSWORD_MAX)
        return FAIL(cx, INVALID, "password", "%zu bytes, %d to %d are allowed", password.n,
                    PASSWORD_MIN, PASSWORD_MAX);
    if (ops < 1 || mem_kib < 8 || mem_kib > INT64_C(4) << 20)
        return FAIL(cx, INTERNAL, NULL, "argon2 ops %lld, memory %lld KiB", (long long)ops,
                    (long long)mem_kib);
    char *text = arena_alloc(cx->mem, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str_alg(text, password.p, password.n, (unsigned long long)ops,
                              (size_t)mem_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return FAIL(cx, NO_MEMORY, NULL, "argon2 with %lld KiB", (long long)mem_kib);
    *ret = str_from(text);
    return RC_OK;
}

bool password_check(struct str stored, struct str password)
{
    char text[crypto_pwhash_STRBYTES] = {0};
    if (stored.n == 0 || stored.n >= sizeof text || password.n > PASSWORD_MAX)
        return false;
    memcpy(text, stored.p, stored.n);
    return crypto_pwhash_str_verify(text, password.n ? password.p : "", password.n) == 0;
}
