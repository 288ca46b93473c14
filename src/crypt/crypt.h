/* crypt.h - digests, signatures, sealing, passwords, randomness. See docs/internals/crypt.md.
 *
 * SHA-256 by OpenSSL, everything else by libsodium. Keys live in the data folder's keys/
 * directory (0600) and in locked memory.
 *
 * One module holds every primitive, so that a reader of the program knows where to look, and a
 * change of library is a change of three files. There is no choice of algorithm at run time.
 * Secrets never go into logs, facts or error texts. All functions may be called by any thread once
 * crypt_start has run; results are in the given arena. What takes foreign bytes gives false (or
 * CORRUPT for a file) on anything that is not exactly as it would be written. */
#ifndef CRYPT_CRYPT_H
#define CRYPT_CRYPT_H

#include "base/ctx.h"

enum { HASH_BYTES = 32, SIGN_BYTES = 64, KEY_BYTES = 32, SALT_BYTES = 16 };

struct hash {
    uint8_t b[HASH_BYTES];
};
struct key {
    uint8_t b[KEY_BYTES];
};

MUST_USE enum rc crypt_start(struct ctx *cx); /* once per process */

/* -- SHA-256 -- */
/* 32 bytes. A stream belongs to one thread; after hash_end it must not be used again. */
struct hash hash_of(struct str s);
struct hash hash_of2(struct str a, struct str b); /* of the concatenation */
struct hash_stream;
struct hash_stream *hash_begin(struct arena *mem);
void hash_add(struct hash_stream *hs, struct str s);
struct hash hash_end(struct hash_stream *hs);
bool hash_equal(const struct hash *a, const struct hash *b); /* constant time */
/* 64 small letters and digits; parsing takes capitals, too, and nothing but 64 digits. */
struct str hash_hex(struct arena *mem, const struct hash *h);
MUST_USE bool hash_parse(struct str hex, struct hash *ret);

/* -- text forms of bytes -- */
/* Parsing is strict: the alphabet named, padding where it belongs, no line breaks; *ret is set only
 * when it holds. */
struct str hex_of(struct arena *mem, struct str bytes);
struct str base64_of(struct arena *mem, struct str bytes);    /* RFC 4648 section 4 */
struct str base64url_of(struct arena *mem, struct str bytes); /* section 5, no padding */
MUST_USE bool base64_parse(struct arena *mem, struct str text, struct str *ret);
MUST_USE bool base64url_parse(struct arena *mem, struct str text, struct str *ret);

/* -- randomness -- */
/* From the kernel's generator: fit for keys. Never fails; a system without it does not start. */
void random_fill(void *p, size_t n);
struct str random_token(struct arena *mem, size_t bytes); /* base64url */
/* 1 … 2^53-1 (safe in JSON), rising within a process. Unique, but no secret. */
int64_t random_id(void);

/* -- Ed25519 -- */
struct signer; /* a key pair; the secret half in locked memory until the process ends */
/* Loads dir/name (32-byte seed, 0600), making it on first use when create is true. */
MUST_USE enum rc signer_open(struct ctx *cx, struct str dir, const char *name, bool create,
                             struct signer **ret);
/* Signatures are 64 bytes over the whole text, deterministic (RFC 8032). The public key may be
 * given to anybody; it stands in the note verifier key of the ledger. */
struct key signer_public(const struct signer *s);
void signer_sign(const struct signer *s, struct str text, uint8_t sig[SIGN_BYTES]);
bool sign_check(const struct key *pub, struct str text, const uint8_t sig[SIGN_BYTES]);

/* -- sealing: XSalsa20-Poly1305 secretbox; the nonce stands before the box -- */
/* A random nonce of 24 bytes each time: the same text twice gives two boxes. unseal is false when
 * the box was changed, cut or made under another key. */
struct key key_new(void);
struct str seal(struct arena *mem, const struct key *k, struct str plain);
MUST_USE bool unseal(struct arena *mem, const struct key *k, struct str box, struct str *ret);
/* The node key: wraps per-person keys. Loaded or made as signer_open does. */
MUST_USE enum rc node_key_open(struct ctx *cx, struct str dir, bool create, struct key **ret);

/* -- passwords: Argon2id, parameters in settings.def and in the stored string -- */
/* Bytes. Hashing takes mem_kib of memory for as long as it runs: the login pool bounds how many run
 * at once. NO_MEMORY when there is not that much. */
enum { PASSWORD_MIN = 8, PASSWORD_MAX = 128 };
MUST_USE enum rc password_hash(struct ctx *cx, struct str password, int64_t ops,
                               int64_t mem_kib, struct str *ret);
bool password_check(struct str stored, struct str password); /* costs as much as hashing */
bool text_equal_ct(struct str a, struct str b);              /* constant time in a.n */

#endif
