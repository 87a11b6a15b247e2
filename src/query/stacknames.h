/*
 * stacknames: what the stacks of a dictionary are made of, by name.
 *
 * All frames that the dictionary's stacks have now are named at once, as a table of functions names
 * them.
 */
#ifndef QUERY_STACKNAMES_H
#define QUERY_STACKNAMES_H

#include "base/budget.h"
#include "model/frames.h"
#include "store/dictionary.h"

struct stacknames {
	struct profile *scratch; /* owned */
	struct frames frames;
	uint32_t *locations; /* of the dictionary's frames, in scratch; owned */
	size_t n_nodes;      /* of the dictionary: those whose frames are named */
	size_t n_frames;     /* private */
};

/* Whose they are, what that may cost, and who has names for frames that came as addresses. Each
 * pointer may be NULL. */
struct stacknames_options {
	struct budget *budget;
	struct latenames *late;
	struct view tenant;
};

/* Names what the dictionary has now. stacknames_fini also after an error. */
int stacknames_init(struct stacknames *names, const struct store_dictionary *dictionary,
	const struct stacknames_options *options, struct err *err);
void stacknames_fini(struct stacknames *names, struct budget *budget);

/* The frames of one node below n_nodes: the innermost first. */
const struct frame *stacknames_frames(
	const struct stacknames *names, const struct dictionary_node *node, size_t *ret_n);
struct view stacknames_text(const struct stacknames *names, const struct frame *frame);

/* The number of that name among the frames' names, or STRINGS_NONE if no frame has it. */
uint32_t stacknames_find(const struct stacknames *names, struct view name);

#endif
