/*
 * dictionary_write: the side of a dictionary that only stores see.
 *
 * The nodes stand in address space that was reserved at birth, so that readers never see them move;
 * the frames are the tables of a profile, behind a lock.
 */
#ifndef STORE_DICTIONARY_WRITE_H
#define STORE_DICTIONARY_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/view.h"
#include "model/profile.h"
#include "store/dictionary.h"

#define DICTIONARY_NODES_MAX ((size_t)4 << 20)

/* NULL without memory. One reference is the caller's. */
struct store_dictionary *dictionary_new(uint64_t id, size_t nodes_max);

size_t dictionary_bytes(const struct store_dictionary *dictionary); /* of memory, about */
bool dictionary_is_shared(const struct store_dictionary *dictionary);

/* One profile's stacks on their way into a dictionary; what is known is asked for once. */
struct dictionary_pass {
	struct store_dictionary *into;
	const struct profile *from;
	uint64_t *frame_contents; /* owned; of each location: dictionary_content.h */
	struct hash128 *contents; /* owned; of each stack */
	/* owned; of each id of `from`: its number in the dictionary plus 1, 0 = not asked for yet
	 */
	uint32_t *nodes, *frames, *texts;
	uint32_t *path; /* owned */
	size_t cap_path;
};

/* Finish with dictionary_pass_fini, also after an error. */
int dictionary_pass_init(struct dictionary_pass *pass, struct store_dictionary *into,
	const struct profile *from, struct err *err);
void dictionary_pass_fini(struct dictionary_pass *pass);

/* The stack of the dictionary that a stack of the profile is; frames beyond the limits are
 * ERR_LIMIT. */
int dictionary_pass_stacks(struct dictionary_pass *pass, const uint32_t *stacks, size_t n,
	uint32_t *ret_stacks, struct err *err);

/* How much of a dictionary there is: what was added since is the rest. */
struct dictionary_mark {
	size_t strings, mappings, functions, locations, nodes;
};

bool dictionary_mark_equal(const struct dictionary_mark *a, const struct dictionary_mark *b);
void dictionary_mark(const struct store_dictionary *dictionary, struct dictionary_mark *ret);

/* Appends what was added after *since, and moves *since there. Replayed in the order in which they
 * were written, deltas give the dictionary again, with the same numbers: docs/formats/store.md. */
void dictionary_delta(
	const struct store_dictionary *dictionary, struct dictionary_mark *since, struct buf *out);

/* ERR_CORRUPT: not a delta, or not the next one; the dictionary is then of no use. */
int dictionary_replay(struct store_dictionary *dictionary, struct view delta, struct err *err);

/* What a delta says that it follows; false if it is none. */
bool dictionary_delta_from(struct view delta, struct dictionary_mark *ret);

/* Up to the mark, with names that say that they are lost, so that what comes after a lost delta has
 * its numbers; false without memory, or if there is more than that. Once all is replayed,
 * dictionary_fill_nodes gives the lost stacks their frame and adds such ones up to `n_nodes`. */
bool dictionary_fill(struct store_dictionary *dictionary, const struct dictionary_mark *to);
bool dictionary_fill_nodes(struct store_dictionary *dictionary, size_t n_nodes);

#endif
