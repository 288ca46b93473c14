/* test_crypt.c - published vectors, and what must be refused. */
#include "unit/harness.h"

#include <sys/stat.h>

#include "crypt/crypt.h"
#include "store_help.h"

static struct str unhex(struct arena *mem, const char *hex)
{
    size_t n = strlen(hex) / 2;
    char *p = arena_alloc(mem, n + 1);
    for (size_t i = 0; i < n; i++) {
        unsigned v;
        sscanf(hex + 2 * i, "%2x", &v);
        p[i] = (char)v;
    }
    return str_n(p, n);
}

/* FIPS 180-4 examples. */
static void digests(void **state)
{
    static const struct {
        const char *in, *hex;
    } rows[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str s = str_from(rows[i].in);
        struct hash h = hash_of(s), same = hash_of2(str_cut(s, 0, 2), str_skip(s, 2)), parsed;
        assert_str(hash_hex(*state, &h), rows[i].hex);
        assert_true(hash_equal(&h, &same));
        assert_true(hash_parse(str_from(rows[i].hex), &parsed) && hash_equal(&h, &parsed));
        struct hash_stream *hs = hash_begin(*state);
        for (size_t k = 0; k < s.n; k++)
            hash_add(hs, str_cut(s, k, k + 1));
        parsed = hash_end(hs);
        assert_true(hash_equal(&h, &parsed));
    }
    struct hash h;
    assert_false(hash_parse(STR("e3b0"), &h));
    assert_false(hash_parse(
        STR("g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), &h));
    assert_false(hash_parse(STR_NULL, &h));
}

/* RFC 4648 section 10, and spellings that decode loosely elsewhere. */
static void spellings(void **state)
{
    static const struct {
        const char *plain, *text;
    } rows[] = {{"", ""},
                {"f", "Zg=="},
                {"fo", "Zm8="},
                {"foo", "Zm9v"},
                {"foob", "Zm9vYg=="},
                {"fooba", "Zm9vYmE="},
                {"foobar", "Zm9vYmFy"}};
    static const char *const refused[] = {"Zg",    "Zg=",    "Zh==", "Z===",   "Zg==\n",
                                          " Zg==", "Zg==Zg", "Zm9-", "Zm9\xaf"};
    struct str got;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_str(base64_of(*state, str_from(rows[i].plain)), rows[i].text);
        assert_true(base64_parse(*state, str_from(rows[i].text), &got));
        assert_str(got, rows[i].plain);
    }
    for (size_t i = 0; i < ROWS(refused); i++)
        assert_false(base64_parse(*state, str_from(refused[i]), &got));
    assert_str(base64url_of(*state, STR("\xff\xef\xfe")), "_-_-");
    assert_true(base64url_parse(*state, STR("_-_-"), &got));
    assert_false(base64url_parse(*state, STR("/+/+"), &got));
    assert_str(hex_of(*state, STR("\x01\xab")), "01ab");
}

static void put_file(const char *file, struct str bytes, mode_t mode)
{
    FILE *f = fopen(file, "w");
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    fclose(f);
    chmod(file, mode);
}

/* RFC 8032 section 7.1. */
static void signatures(void **state)
{
    static const struct {
        const char *seed, *pub, *msg, *sig;
    } rows[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3"
         "9"
         "701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f"
         "7"
         "60984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    struct str dir = temp_dir(*state);
    for (size_t i = 0; i < ROWS(rows); i++) {
        const char *name = i ? "b" : "a";
        struct signer *s;
        uint8_t sig[SIGN_BYTES];
        put_file(str_fmt(*state, "%s/%s", dir.p, name).p, unhex(*state, rows[i].seed), 0600);
        assert_int_equal(signer_open(cx, dir, name, false, &s), RC_OK);
        struct key pub = signer_public(s);
        assert_memory_equal(pub.b, unhex(*state, rows[i].pub).p, KEY_BYTES);
        struct str msg = unhex(*state, rows[i].msg);
        signer_sign(s, msg, sig);
        assert_memory_equal(sig, unhex(*state, rows[i].sig).p, SIGN_BYTES);
        assert_true(sign_check(&pub, msg, sig));
        assert_false(sign_check(&pub, str_join(*state, msg, STR("x")), sig));
        sig[7] ^= 1;
        assert_false(sign_check(&pub, msg, sig));
    }
    temp_remove(dir);
}

static void key_files(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct str dir = str_fmt(*state, "%s/keys", temp_dir(*state).p);
    struct signer *s, *again;
    struct key *k;
    assert_int_equal(signer_open(cx, dir, "log.key", false, &s), RC_IO);
    ctx_clear(cx);
    assert_int_equal(signer_open(cx, dir, "log.key", true, &s), RC_OK);
    assert_int_equal(signer_open(cx, dir, "log.key", true, &again), RC_OK);
    struct key a = signer_public(s), b = signer_public(again);
    assert_memory_equal(a.b, b.b, KEY_BYTES);
    assert_int_equal(node_key_open(cx, dir, true, &k), RC_OK);
    put_file(str_fmt(*state, "%s/short", dir.p).p, STR("x"), 0600);
    assert_int_equal(signer_open(cx, dir, "short", true, &s), RC_CORRUPT);
    ctx_clear(cx);
    chmod(str_fmt(*state, "%s/log.key", dir.p).p, 0644);
    assert_int_equal(signer_open(cx, dir, "log.key", false, &s), RC_IO);
    ctx_clear(cx);
    temp_remove(str_cut(dir, 0, dir.n - 5));
}

static void sealing(void **state)
{
    struct key k = key_new(), other = key_new();
    struct str got, plain = STR("Nguyễn Thị Ánh");
    struct str box = seal(*state, &k, plain);
    assert_true(unseal(*state, &k, box, &got) && str_eq(got, plain));
    assert_false(unseal(*state, &other, box, &got));
    assert_false(str_eq(box, seal(*state, &k, plain))); /* a fresh nonce each time */
    for (size_t i = 0; i < box.n; i++) {
        char *p = (char *)box.p;
        p[i] ^= 1;
        assert_false(unseal(*state, &k, box, &got));
        p[i] ^= 1;
    }
    assert_false(unseal(*state, &k, str_cut(box, 0, 39), &got));
    assert_false(unseal(*state, &k, STR_NULL, &got));
    assert_true(unseal(*state, &k, seal(*state, &k, STR("")), &got) && got.n == 0);
}

static void passwords(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct str h;
    assert_int_equal(password_hash(cx, STR("correct horse"), 1, 8192, &h), RC_OK);
    assert_true(str_starts(h, STR("$argon2id$v=19$m=8192,t=1,p=1$")));
    assert_true(password_check(h, STR("correct horse")));
    assert_false(password_check(h, STR("correct horsf")));
    assert_false(password_check(h, STR("")));
    assert_false(password_check(STR("$argon2id$"), STR("correct horse")));
    assert_false(password_check(STR_NULL, STR("correct horse")));
    assert_int_equal(password_hash(cx, STR("short"), 1, 8192, &h), RC_INVALID);
    assert_string_equal(cx->err.field, "password");
    ctx_clear(cx);
    char *lots = arena_alloc(*state, 200);
    memset(lots, 'a', 200);
    assert_int_equal(password_hash(cx, str_n(lots, 129), 1, 8192, &h), RC_INVALID);
}

static void randomness(void **state)
{
    assert_false(str_eq(random_token(*state, 16), random_token(*state, 16)));
    assert_int_equal(random_token(*state, 16).n, 22);
    int64_t before = 0;
    for (int i = 0; i < 10000; i++) {
        int64_t id = random_id();
        assert_true(id > before && id < INT64_C(1) << 53);
        before = id;
    }
    assert_true(text_equal_ct(STR("abc"), STR("abc")));
    assert_false(text_equal_ct(STR("abc"), STR("abd")));
    assert_false(text_equal_ct(STR("abc"), STR("ab")));
    assert_false(text_equal_ct(STR("ab"), STR("abc")));
    assert_true(text_equal_ct(STR(""), STR_NULL));
}

static int start(void **state)
{
    struct arena *mem = arena_new(1 << 20);
    enum rc rc = crypt_start(ctx_new(mem, NULL));
    arena_free(mem);
    return rc == RC_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(digests), UNIT(spellings), UNIT(signatures), UNIT(key_files),
        UNIT(sealing), UNIT(passwords), UNIT(randomness),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
