/* note.h - C2SP signed notes, checkpoints and tlog-proofs: text only. See
 * docs/internals/ledger.md.
 *
 * Reading is strict: what these functions accept, they would print again byte for byte. A text
 * that means the same in another spelling is refused, so that one proof has one form.
 *
 * Pure functions over text and keys: no clock, no files, no ledger. They give false rather than an
 * error, because what they read comes from strangers and the caller knows what it means there. */
#ifndef LEDGER_NOTE_H
#define LEDGER_NOTE_H

#include "crypt/crypt.h"
#include "ledger/tree.h"

/* Bytes: a log's name, a whole note, a .tlog-proof with its entry; signature lines that are looked
 * at. What is longer is not read at all. */
enum { ORIGIN_MAX = 200, NOTE_MAX = 4096, PROOF_MAX = 256 << 10, NOTE_SIGNATURES_MAX = 16 };

/* A note verifier key: "name+key id+base64(0x01 || public key)". */
struct vkey {
    struct str name;
    uint8_t id[4];
    struct key key;
};
/* pub: the log's Ed25519 key. */
struct str vkey_print(struct arena *mem, struct str name, const struct key *pub);
/* False when the key id does not follow from name and key. */
MUST_USE bool vkey_parse(struct arena *mem, struct str text, struct vkey *ret);

/* A text of whole lines, signed. Its first line must never be a log's origin: that would be a
 * checkpoint. */
struct str note_print(struct arena *mem, struct str origin, struct str body,
                      const struct signer *s);
/* False unless the note is well formed and the key signed it; *ret is its text. */
MUST_USE bool note_check(struct arena *mem, struct str note, const struct vkey *vk,
                         struct str *ret);

/* Three lines (origin, size, root), an empty one, and the signature line. */
struct str checkpoint_print(struct arena *mem, struct str origin, int64_t size,
                            const struct hash *root, const struct signer *s);
/* What a checkpoint says, once somebody's signature under it was checked. */
struct checkpoint {
    int64_t size;
    struct hash root;
};
/* False unless the note is well formed, its origin is the key's name, and the key signed it. */
MUST_USE bool checkpoint_check(struct arena *mem, struct str note, const struct vkey *vk,
                               struct checkpoint *ret);

/* A .tlog-proof file: a leaf's place, the hashes beside its way to the root, and the note. */
struct proof {
    int64_t index;
    struct str extra, note; /* extra: the entry itself, so that the file alone suffices */
    struct hash path[TREE_HEIGHT];
    size_t npath;
};
struct str proof_print(struct arena *mem, const struct proof *p);
/* Form only; whether the hashes lead to the root is for the caller (tree.h). */
MUST_USE bool proof_parse(struct arena *mem, struct str text, struct proof *ret);

#endif
