/* keys.c - keys in files and in locked memory; signatures, sealing. */
#include "crypt/crypt.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

enum rc crypt_start(struct ctx *cx)
{
    return sodium_init() < 0 ? FAIL(cx, INTERNAL, NULL, "libsodium does not start") : RC_OK;
}

/* Memory that is never swapped or dumped, wiped when cx->mem ends. */
static enum rc locked_alloc(struct ctx *cx, size_t n, void **ret)
{
    void *p = sodium_malloc(n);
    if (!p)
        return FAIL(cx, NO_MEMORY, NULL, "locked memory for a key");
    arena_on_free(cx->mem, sodium_free, p);
    *ret = p;
    return RC_OK;
}

static enum rc key_read(struct ctx *cx, const char *file, int fd, struct key *key)
{
    struct stat st;
    uint8_t more;
    if (fstat(fd, &st) != 0 || (st.st_mode & 077) != 0)
        return FAIL(cx, IO, NULL, "%s: others may read this key; chmod 600", file);
    if (read(fd, key->b, KEY_BYTES) != KEY_BYTES || read(fd, &more, 1) != 0)
        return FAIL(cx, CORRUPT, NULL, "%s: not a key of %d bytes", file, KEY_BYTES);
    return RC_OK;
}

/* A key must not be lost by a power failure right after its first use: file and folder are
 * flushed before it is used. */
static enum rc key_make(struct ctx *cx, const char *dir, const char *file, struct key *key)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return FAIL(cx, IO, NULL, "make %s: %m", file);
    random_fill(key->b, KEY_BYTES);
    bool ok = write(fd, key->b, KEY_BYTES) == KEY_BYTES && fsync(fd) == 0;
    close(fd);
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ok = ok && folder >= 0 && fsync(folder) == 0;
    if (folder >= 0)
        close(folder);
    return ok ? RC_OK : FAIL(cx, IO, NULL, "write %s: %m", file);
}

static enum rc key_load(struct ctx *cx, struct str dir, const char *name, bool create,
                        struct key *key)
{
    const char *folder = str_z(cx->mem, dir);
    const char *file = str_fmt(cx->mem, "%s/%s", folder, name).p;
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        enum rc rc = key_read(cx, file, fd, key);
        close(fd);
        return rc;
    }
    if (errno != ENOENT || !create)
        return FAIL(cx, IO, NULL, "open %s: %m", file);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return FAIL(cx, IO, NULL, "mkdir %s: %m", folder);
    return key_make(cx, folder, file, key);
}

/* -- Ed25519 -- */

struct signer {
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    struct key seed, public;
};

enum rc signer_open(struct ctx *cx, struct str dir, const char *name, bool create,
                    struct signer **ret)
{
    void *p = NULL;
    TRY(locked_alloc(cx, sizeof(struct signer), &p));
    struct signer *s = p;
    TRY(key_load(cx, dir, name, create, &s->seed));
    crypto_sign_seed_keypair(s->public.b, s->secret, s->seed.b);
    sodium_mprotect_readonly(s);
    *ret = s;
    return RC_OK;
}

struct key signer_public(const struct signer *s)
{
    return s->public;
}

void signer_sign(const struct signer *s, struct str text, uint8_t sig[SIGN_BYTES])
{
    crypto_sign_detached(sig, NULL, (const uint8_t *)text.p, text.n, s->secret);
}

bool sign_check(const struct key *pub, struct str text, const uint8_t sig[SIGN_BYTES])
{
    return crypto_sign_verify_detached(sig, (const uint8_t *)text.p, text.n, pub->b) == 0;
}

/* -- sealing -- */

enum { NONCE = crypto_secretbox_NONCEBYTES, TAG = crypto_secretbox_MACBYTES };

struct key key_new(void)
{
    struct key k;
    random_fill(k.b, KEY_BYTES);
    return k;
}

struct str seal(struct arena *mem, const struct key *k, struct str plain)
{
    uint8_t *p = arena_alloc(mem, NONCE + TAG + plain.n);
    random_fill(p, NONCE);
    crypto_secretbox_easy(p + NONCE, (const uint8_t *)plain.p, plain.n, p, k->b);
    return str_n(p, NONCE + TAG + plain.n);
}

bool unseal(struct arena *mem, const struct key *k, struct str box, struct str *ret)
{
    if (box.n < NONCE + TAG)
        return false;
    size_t n = box.n - NONCE - TAG;
    const uint8_t *nonce = (const uint8_t *)box.p;
    uint8_t *p = arena_alloc(mem, n + 1);
    if (crypto_secretbox_open_easy(p, nonce + NONCE, n + TAG, nonce, k->b) != 0)
        return false;
    *ret = str_n(p, n);
    return true;
}

enum rc node_key_open(struct ctx *cx, struct str dir, bool create, struct key **ret)
{
    void *p = NULL;
    TRY(locked_alloc(cx, sizeof(struct key), &p));
    TRY(key_load(cx, dir, "node.key", create, p));
    sodium_mprotect_readonly(p);
    *ret = p;
    return RC_OK;
}
