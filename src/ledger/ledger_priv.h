/* ledger_priv.h - what the files of ledger/ share. See docs/internals/ledger.md.

 *
 * Two kinds of state: what the holder of the write turn alone touches, and what readers see under
 * `lock`. A turn that is undone puts the edge back to where it began; a group whose commit fails
 * puts it back to the last durable head. Rows never go back: the store undoes them. */
#ifndef LEDGER_LEDGER_PRIV_H
#define LEDGER_LEDGER_PRIV_H

#include <pthread.h>

#include "gen/ledger_sql.h"
#include "ledger/ledger.h"
#include "ledger/note.h"
#include "ledger/tree.h"
#include "store/store.h"

enum {
    ENTRY_MAX = 2048,     /* bytes of an entry; far below the 65535 of an entry bundle */
    ENTRY_KEPT_MAX = 512, /* longer ones are read back from their rows */
    ENTRIES_KEPT = 1024,  /* recent entries in memory, for receipts; a power of two */
    REF_BYTES = 16,       /* of a subject reference */
    SUBSCRIBERS_MAX = 32,
};

/* The text of a recent entry, so that its receipt reads no row. One slot for each index modulo
 * ENTRIES_KEPT: a later entry takes the place of an earlier one. */
struct kept_entry {
    int64_t seq; /* -1: none */
    size_t n;
    char text[ENTRY_KEPT_MAX];
};

/* A signed head: size, root and the checkpoint's text as it will be given out. Heads that are
 * durable never change; a sealed one becomes durable with its commit or is thrown away. */
struct head {
    int64_t size;
    struct hash root;
    size_t n;
    char note[NOTE_MAX];
};

/* One log of one data folder, for as long as the process has it open. Its name and key are those
 * that the folder was made with; a store opened for reading has no signer and cannot append. */
struct ledger {
    struct store *st;
    struct str origin, vkey;
    struct signer *signer; /* NULL: opened for reading, without the folder's keys */
    struct key *node_key;
    ledger_unit_code_fn *unit_code;
    const struct ledger_subscriber *subs[SUBSCRIBERS_MAX];
    size_t nsubs;
    void (*_Atomic told)(void *arg); /* after a durable commit; may be NULL */
    void *told_arg;

    /* Written by whoever holds the write turn, under `lock`; read under `lock` by receipts. */
    pthread_mutex_t lock;
    struct tree tree;
    struct kept_entry entries[ENTRIES_KEPT];
    struct head head; /* the last durable one */

    /* Of the write turn alone. */
    struct tree_edge turn, durable; /* edges to go back to */
    struct head next;               /* sealed, not yet durable */
};

struct ledger *ledger_of(struct ctx *cx);
/* n stored hashes of a level's tiles, from the first-th on; CORRUPT when some are missing. */
enum rc tile_base_load(struct ctx *cx, int level, int64_t first, int64_t n, struct hash *to);

/* -- proof.c -- */
/* Hashes of the tree of `size` leaves out of its stored tiles, each read once: a tree_source. */
struct loaded_tile;
struct from_rows {
    struct ctx *cx;
    int64_t size; /* leaves; no more than were ever stored */
    struct loaded_tile *tiles;
    enum rc rc; /* why from_rows_get gave false */
};
bool from_rows_get(void *arg, int k, int64_t i, struct hash *ret);

/* -- event.c -- */
/* The entry that a row stands for: RFC 8785, the same bytes for ever. */
struct str entry_print(struct arena *mem, const struct event_by_seq_row *row);
/* Prints and seals ev into row, which ledger_append stores. */
enum rc event_to_row(struct ctx *cx, struct ledger *lg, const struct event *ev,
                     struct event_by_seq_row *row);
enum rc event_of_row(struct ctx *cx, struct ledger *lg, const struct event_by_seq_row *row,
                     bool with_secret, struct event **ret);

/* -- person.c -- */
/* The person's key; GONE once destroyed, NOT_FOUND when never made. */
/* Keys of persons: 32 bytes, wrapped by the node's key in rows; opened for one use and not kept. */
enum rc person_key_open(struct ctx *cx, struct ledger *lg, int64_t who, struct key *ret);
/* The same refusals, without opening it. */
enum rc person_key_check(struct ctx *cx, struct ledger *lg, int64_t who);
/* The salted plain text of a row's secret; STR_NULL when its key is gone or not at hand. */
enum rc secret_open(struct ctx *cx, struct ledger *lg, const struct event_by_seq_row *row,
                    struct str *ret);

#endif
