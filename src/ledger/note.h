/* note.h - C2SP signed notes, checkpoints and tlog-proofs: text only. See
 * docs/internals/ledger.md. */
#ifndef LEDGER_NOTE_H
#define LEDGER_NOTE_H

#include "crypt/crypt.h"
#include "ledger/tree.h"

enum { ORIGIN_MAX = 200, NOTE_MAX = 4096, PROOF_MAX = 256 << 10, NOTE_SIGNATURES_MAX = 16 };

/* A note verifier key: "name+key id+base64(0x01 || public key)". */
struct vkey {
    struct str name;
    uint8_t id[4];
    struct key key;
};
struct str vkey_print(struct arena *mem, struct str name, const struct key *pub);
MUST_USE bool vkey_parse(struct arena *mem, struct str text, struct vkey *ret);

struct str checkpoint_print(struct arena *mem, struct str origin, int64_t size,
                            const struct hash *root, const struct signer *s);
struct checkpoint {
    int64_t size;
    struct hash root;
};
/* False unless the note is well formed, its origin is the key's name, and the key signed it. */
MUST_USE bool checkpoint_check(struct arena *mem, struct str note, const struct vkey *vk,
                               struct checkpoint *ret);

struct proof {
    int64_t index;
    struct str extra, note;
    struct hash path[TREE_HEIGHT];
    size_t npath;
};
struct str proof_print(struct arena *mem, const struct proof *p);
MUST_USE bool proof_parse(struct arena *mem, struct str text, struct proof *ret);

#endif
