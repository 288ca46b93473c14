/* digest.c - SHA-256. */
#include "crypt/crypt.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <sodium.h>

#include "base/arena.h"

/* Setting up a digest costs more than hashing an entry, so each thread keeps one. */
static pthread_key_t kept;
static pthread_once_t kept_once = PTHREAD_ONCE_INIT;

static void kept_free(void *arg)
{
    EVP_MD_CTX_free(arg);
}

static void kept_make(void)
{
    pthread_key_create(&kept, kept_free);
}

static EVP_MD_CTX *digest_new(void)
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    if (c && EVP_DigestInit_ex2(c, EVP_sha256(), NULL) == 1)
        return c;
    EVP_MD_CTX_free(c);
    return NULL;
}

static EVP_MD_CTX *digest_kept(void)
{
    static _Thread_local EVP_MD_CTX *mine;
    if (mine)
        return EVP_DigestInit_ex2(mine, NULL, NULL) == 1 ? mine : NULL;
    pthread_once(&kept_once, kept_make);
    mine = digest_new();
    pthread_setspecific(kept, mine);
    return mine;
}

/* libsodium's is slower but needs no memory: for when OpenSSL could not get any. */
static struct hash hash_slowly(struct str a, struct str b)
{
    struct hash h;
    crypto_hash_sha256_state s;
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, (const uint8_t *)a.p, a.n);
    crypto_hash_sha256_update(&s, (const uint8_t *)b.p, b.n);
    crypto_hash_sha256_final(&s, h.b);
    return h;
}

struct hash hash_of2(struct str a, struct str b)
{
    struct hash h;
    EVP_MD_CTX *c = digest_kept();
    if (!c || EVP_DigestUpdate(c, a.p, a.n) != 1 || EVP_DigestUpdate(c, b.p, b.n) != 1 ||
        EVP_DigestFinal_ex(c, h.b, NULL) != 1)
        return hash_slowly(a, b);
    return h;
}

struct hash hash_of(struct str s)
{
    return hash_of2(s, STR(""));
}

struct hash_stream {
    EVP_MD_CTX *fast; /* NULL: slow */
    crypto_hash_sha256_state slow;
};

struct hash_stream *hash_begin(struct arena *mem)
{
    struct hash_stream *hs = arena_new_of(mem, struct hash_stream);
    hs->fast = digest_new();
    arena_on_free(mem, kept_free, hs->fast);
    if (!hs->fast)
        crypto_hash_sha256_init(&hs->slow);
    return hs;
}

void hash_add(struct hash_stream *hs, struct str s)
{
    if (hs->fast)
        EVP_DigestUpdate(hs->fast, s.p, s.n);
    else
        crypto_hash_sha256_update(&hs->slow, (const uint8_t *)s.p, s.n);
}

struct hash hash_end(struct hash_stream *hs)
{
    struct hash h = {{0}};
    if (hs->fast)
        EVP_DigestFinal_ex(hs->fast, h.b, NULL);
    else
        crypto_hash_sha256_final(&hs->slow, h.b);
    return h;
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
    return sodium_memcmp(a->b, b->b, HASH_BYTES) == 0;
}

struct str hash_hex(struct arena *mem, const struct hash *h)
{
    return hex_of(mem, str_n(h->b, HASH_BYTES));
}

bool hash_parse(struct str hex, struct hash *ret)
{
    size_t n = 0;
    return hex.n == 2 * HASH_BYTES &&
           sodium_hex2bin(ret->b, HASH_BYTES, hex.p, hex.n, NULL, &n, NULL) == 0 &&
           n == HASH_BYTES;
}
