/*
 * dictionary: the stacks of a service, each named by a dense number.
 *
 * A stack is a node of a tree, as in model/stacks.h: node 0 is the empty stack, the parent of every
 * root frame; a parent's number is always lower than its children's, so that one pass downward over
 * sums gives totals. Nodes are only added, and stay where they are.
 */
#ifndef STORE_DICTIONARY_H
#define STORE_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/profile.h"

struct store_dictionary;

struct dictionary_node { /* as struct stack_node */
	uint32_t parent;
	uint32_t frame; /* a location of the dictionary; not of any profile */
};

uint64_t dictionary_id(const struct store_dictionary *dictionary); /* while the store is open */

/* Those there are now; good for as long as the dictionary is. */
const struct dictionary_node *dictionary_nodes(
	const struct store_dictionary *dictionary, size_t *ret_n);
size_t dictionary_frames(const struct store_dictionary *dictionary);

/* Which of the first n frames came as addresses; returns how many. */
size_t dictionary_addresses(
	const struct store_dictionary *dictionary, bool *ret_is_address, size_t n);

/* The dictionary of a part, kept beyond the call that it came in. */
struct store_dictionary *dictionary_ref(const struct store_dictionary *dictionary);
void dictionary_unref(struct store_dictionary *dictionary);

/* A frame with its mapping, functions and lines, as a location of `into`; PROFILE_NONE without
 * memory. Frames with names have no address; those without have their file's build id and address.
 */
uint32_t dictionary_location(
	const struct store_dictionary *dictionary, uint32_t frame, struct profile *into);

#endif
