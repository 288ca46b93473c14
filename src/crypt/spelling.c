/* spelling.c - bytes as text, and random bytes. */
#include "crypt/crypt.h"

#include <sodium.h>
#include <stdatomic.h>

#include "base/arena.h"

struct str hex_of(struct arena *mem, struct str bytes)
{
    char *p = arena_alloc(mem, bytes.n * 2 + 1);
    sodium_bin2hex(p, bytes.n * 2 + 1, (const uint8_t *)bytes.p, bytes.n);
    return str_n(p, bytes.n * 2);
}

static struct str encode(struct arena *mem, struct str bytes, int variant)
{
    size_t room = sodium_base64_encoded_len(bytes.n, variant);
    char *p = arena_alloc(mem, room);
    sodium_bin2base64(p, room, (const uint8_t *)bytes.p, bytes.n, variant);
    return str_from(p);
}

/* libsodium 1.0.18 takes some bytes above 0x7F for the character below them ("\xAF" for "/"). */
static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] > 0x7F)
            return false;
    return true;
}

/* Strict: one spelling only, so that a changed character never decodes to the same bytes. */
static bool decode(struct arena *mem, struct str text, int variant, struct str *ret)
{
    size_t n = 0, room = text.n / 4 * 3 + 3;
    uint8_t *p = arena_alloc(mem, room);
    const char *from = text.p ? text.p : "";
    if (!is_ascii(text) ||
        sodium_base642bin(p, room, from, text.n, NULL, &n, NULL, variant) != 0)
        return false;
    *ret = str_n(p, n);
    return true;
}

/* Receipts and heads are mostly base64 of public hashes, so this one need not be constant in
 * time, as libsodium's is at five times the cost. */
struct str base64_of(struct arena *mem, struct str bytes)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *from = (const uint8_t *)bytes.p;
    size_t n = (bytes.n + 2) / 3 * 4;
    char *p = arena_alloc(mem, n + 1), *to = p;
    for (size_t i = 0; i < bytes.n; i += 3, to += 4) {
        size_t left = bytes.n - i;
        uint32_t v = (uint32_t)from[i] << 16 | (left > 1 ? (uint32_t)from[i + 1] << 8 : 0) |
                     (left > 2 ? from[i + 2] : 0);
        to[0] = digits[v >> 18];
        to[1] = digits[v >> 12 & 63];
        to[2] = left > 1 ? digits[v >> 6 & 63] : '=';
        to[3] = left > 2 ? digits[v & 63] : '=';
    }
    return str_n(p, n);
}

struct str base64url_of(struct arena *mem, struct str bytes)
{
    return encode(mem, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool base64_parse(struct arena *mem, struct str text, struct str *ret)
{
    return decode(mem, text, sodium_base64_VARIANT_ORIGINAL, ret);
}

bool base64url_parse(struct arena *mem, struct str text, struct str *ret)
{
    return decode(mem, text, sodium_base64_VARIANT_URLSAFE_NO_PADDING, ret);
}

/* Asked for some at a time: a call into the kernel for each salt was a fiftieth of a submission.
 * What was given away is gone from here. */
void random_fill(void *p, size_t n)
{
    static _Thread_local struct {
        unsigned char bytes[512];
        size_t left;
    } drawn;
    if (n > sizeof drawn.bytes / 4) {
        randombytes_buf(p, n);
        return;
    }
    if (drawn.left < n) {
        randombytes_buf(drawn.bytes, sizeof drawn.bytes);
        drawn.left = sizeof drawn.bytes;
    }
    drawn.left -= n;
    memcpy(p, drawn.bytes + drawn.left, n);
    sodium_memzero(drawn.bytes + drawn.left, n);
}

struct str random_token(struct arena *mem, size_t bytes)
{
    void *p = arena_alloc(mem, bytes);
    random_fill(p, bytes);
    return base64url_of(mem, str_n(p, bytes));
}

/* The time in milliseconds stands above 12 bits of chance, and each id is above the one before:
 * rows of one dossier and of one day lie together in every index. */
int64_t random_id(void)
{
    static _Atomic int64_t last;
    enum { CHANCE_BITS = 12 };
    const int64_t epoch_ms = 1577836800000; /* 2020; the bits last until 2089 */
    uint16_t chance;
    random_fill(&chance, sizeof chance);
    chance &= (1 << CHANCE_BITS) - 1;
    int64_t id = ((time_now() / 1000 - epoch_ms) << CHANCE_BITS) + chance;
    int64_t before = atomic_load(&last);
    do {
        if (id <= before)
            id = before + 1 + chance % 16;
    } while (!atomic_compare_exchange_weak(&last, &before, id));
    return id;
}

bool text_equal_ct(struct str a, struct str b)
{
    uint8_t differ = a.n != b.n;
    for (size_t i = 0; i < a.n; i++)
        differ |= (uint8_t)(a.p[i] ^ (i < b.n ? b.p[i] : 0));
    return differ == 0;
}
