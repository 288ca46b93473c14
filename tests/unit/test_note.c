/* test_note.c - signed notes, checkpoints and proofs as text: somebody else's vectors are taken,
 * and every other spelling of them is refused. */
#include "unit/harness.h"

#include "base/buf.h"
#include "base/ctx.h"
#include "ledger/note.h"

/* The example of golang.org/x/mod/sumdb/note, the reference of C2SP signed-note. */
#define EXAMPLE "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define TEXT                                                                                   \
    "If you think cryptography is the answer to your problem,\n"                               \
    "then you don't know what your problem is.\n"
#define SIGNATURE                                                                              \
    "\xE2\x80\x94 PeterNeumann "                                                               \
    "x08go/ZJkuBS9UG/"                                                                         \
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="             \
    "\n"
/* Of a key that nobody here has: such a line is passed over. */
#define STRANGER                                                                               \
    "\xE2\x80\x94 somebody.else "                                                              \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
    "AAA=\n"

static struct vkey example(struct arena *mem)
{
    struct vkey vk;
    struct ctx *cx = ctx_new(mem, NULL);
    assert_int_equal(crypt_start(cx), RC_OK);
    assert_true(vkey_parse(mem, STR(EXAMPLE), &vk));
    return vk;
}

static bool is_taken(struct arena *mem, struct str note)
{
    struct vkey vk = example(mem);
    struct str text;
    return note_check(mem, note, &vk, &text) && str_eq(text, STR(TEXT));
}

/* -- keys -- */

static void keys(void **state)
{
    struct vkey vk = example(*state);
    assert_str(vk.name, "PeterNeumann");
    assert_str(vkey_print(*state, vk.name, &vk.key), EXAMPLE);
    assert_true(vkey_parse(*state, STR("  " EXAMPLE "\n"), &vk)); /* as from a file */
}

static void keys_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a3+",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        /* an id that does not follow from name and key */
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        /* another kind of key; too short, too long, not base64 */
        "PeterNeumann+c74f20a3+AhpcJQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAAAA",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T!",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW+x",
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct vkey vk;
        if (vkey_parse(*state, str_from(rows[i]), &vk))
            fail_msg("%s", rows[i]);
    }
}

/* -- notes -- */

static void the_example(void **state)
{
    assert_true(is_taken(*state, STR(TEXT "\n" SIGNATURE)));
    assert_true(is_taken(*state, STR(TEXT "\n" STRANGER SIGNATURE)));
    assert_true(is_taken(*state, STR(TEXT "\n" SIGNATURE STRANGER)));
    assert_true(is_taken(*state, STR(TEXT "\n" SIGNATURE SIGNATURE)));
}

static void notes_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "\n",
        "\n\n",
        TEXT,
        TEXT "\n",
        TEXT SIGNATURE,
        TEXT "\n\n" SIGNATURE,
        "\n" TEXT "\n" SIGNATURE,
        TEXT "\n" STRANGER,
        TEXT "\n" SIGNATURE "and more\n",
        TEXT "\n" SIGNATURE "\n",
        TEXT "\nand more\n" SIGNATURE,
        TEXT "\r\n" SIGNATURE,
        TEXT
        "\n- PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvq"
        "fqdngotpRZb6KE6RyyBwJnAM=\n",
        TEXT "\n\xE2\x80\x94 PeterNeumann\n",
        TEXT "\n\xE2\x80\x94 PeterNeumann \n",
        TEXT "\n\xE2\x80\x94 PeterNeumann x08go/ZJ\n", /* our key, half a signature */
        TEXT
        "\n\xE2\x80\x94  x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqd"
        "ngotpRZb6KE6RyyBwJnAM=\n",
        "If you think cryptography is the answer to your problem\n\n" SIGNATURE,
        "one line\x01\n\n" SIGNATURE,
        "\xFF\xFE\n\n" SIGNATURE,
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        if (is_taken(*state, str_from(rows[i])))
            fail_msg("row %zu", i);
}

/* One flipped bit anywhere, and it is no note of that key's; cut anywhere neither. */
static void each_bit(void **state)
{
    struct str note = STR(TEXT "\n" SIGNATURE);
    struct vkey vk = example(*state);
    for (size_t i = 0; i < note.n * 8; i++) {
        struct arena *mem = arena_new(1 << 20);
        char *p = arena_alloc(mem, note.n);
        struct str text;
        memcpy(p, note.p, note.n);
        p[i / 8] = (char)(p[i / 8] ^ (1 << i % 8));
        if (note_check(mem, str_n(p, note.n), &vk, &text))
            fail_msg("bit %zu of byte %zu", i % 8, i / 8);
        arena_free(mem);
    }
    for (size_t n = 0; n < note.n; n++) {
        struct str text;
        if (note_check(*state, str_cut(note, 0, n), &vk, &text))
            fail_msg("%zu bytes", n);
    }
}

/* Sixteen lines of signatures are read, and no seventeenth. */
static void many_signatures(void **state)
{
    struct buf *b = buf_new(*state, NOTE_MAX);
    buf_put(b, STR(TEXT "\n"));
    for (int i = 0; i < NOTE_SIGNATURES_MAX - 1; i++)
        buf_put(b, STR(STRANGER));
    assert_true(
        is_taken(*state, str_dup(*state, str_join(*state, buf_str(b), STR(SIGNATURE)))));
    buf_put(b, STR(STRANGER));
    assert_false(is_taken(*state, str_join(*state, buf_str(b), STR(SIGNATURE))));
    assert_false(b->over);
}

static void too_long(void **state)
{
    char *p = arena_alloc(*state, NOTE_MAX + 1);
    struct str end = STR("\n\n" SIGNATURE), text;
    struct vkey vk = example(*state);
    memset(p, 'a', NOTE_MAX + 1);
    memcpy(p + NOTE_MAX + 1 - end.n, end.p, end.n);
    assert_false(note_check(*state, str_n(p, NOTE_MAX + 1), &vk, &text));
}

/* A note of the key's that is no tree head: right signature, wrong text. */
static void no_checkpoint(void **state)
{
    struct vkey vk = example(*state);
    struct checkpoint head;
    assert_false(checkpoint_check(*state, STR(TEXT "\n" SIGNATURE), &vk, &head));
}

/* -- proofs -- */

#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define PROOF "c2sp.org/tlog-proof@v1\nextra aGFp\nindex 3\n" HASH "\n" HASH "\n\n"

static void a_proof(void **state)
{
    struct proof p;
    assert_true(proof_parse(*state, STR(PROOF "note\n"), &p));
    assert_int_equal(p.index, 3);
    assert_int_equal(p.npath, 2);
    assert_str(p.extra, "hai");
    assert_str(p.note, "note\n");
    assert_str(proof_print(*state, &p), PROOF "note\n"); /* one proof has one form */
}

static void proofs_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v1\n",
        "c2sp.org/tlog-proof@v2\nextra aGFp\nindex 3\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nindex 3\nextra aGFp\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nextra aGFp\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nextra aGFp\nindex\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nextra aGFp\nindex 03\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nextra aGFp\nindex -3\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nextra aGFp\nindex +3\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nextra aGFp\nindex 3 \n\nnote\n",
        "c2sp.org/tlog-proof@v1\nextra aGFp\nindex 9223372036854775808\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nextra a%Fp\nindex 3\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nextra aGFp\nindex 3\nAAAA\n\nnote\n",
        ("c2sp.org/tlog-proof@v1\nextra aGFp\nindex 3\n" HASH "\nnote\n"),
        ("c2sp.org/tlog-proof@v1\nextra aGFp\nindex 3\n" HASH),
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct proof p;
        if (proof_parse(*state, str_from(rows[i]), &p))
            fail_msg("row %zu", i);
    }
}

/* A path is no longer than the highest tree. */
static void long_paths(void **state)
{
    for (int more = 0; more < 2; more++) {
        struct buf *b = buf_new(*state, PROOF_MAX);
        struct proof p;
        buf_put(b, STR("c2sp.org/tlog-proof@v1\nextra \nindex 0\n"));
        for (int i = 0; i < TREE_HEIGHT + more; i++)
            buf_put(b, STR(HASH "\n"));
        buf_put(b, STR("\nnote\n"));
        if (proof_parse(*state, buf_str(b), &p) == (more > 0))
            fail_msg("%d hashes", TREE_HEIGHT + more);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(keys),     UNIT(keys_refused),    UNIT(the_example), UNIT(notes_refused),
        UNIT(each_bit), UNIT(many_signatures), UNIT(too_long),    UNIT(no_checkpoint),
        UNIT(a_proof),  UNIT(proofs_refused),  UNIT(long_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
