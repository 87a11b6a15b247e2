/* stacknames: what the stacks of a dictionary are made of, by name. */
#include "query/stacknames.h"

#include <stdlib.h>

#include "debuginfo/latenames.h"

#define FRAME_BYTES 300u /* with its function and its names: about */

int stacknames_init(struct stacknames *names, const struct store_dictionary *dictionary,
	const struct stacknames_options *options, struct err *err)
{
	struct budget *budget = options->budget;
	struct latenames_figures named;
	const struct dictionary_node *nodes = dictionary_nodes(dictionary, &names->n_nodes);
	size_t n_frames = dictionary_frames(dictionary);

	*names = (struct stacknames){ .n_nodes = names->n_nodes };
	if (!budget_take(budget, n_frames * FRAME_BYTES))
		return budget_error(budget, err);
	names->n_frames = n_frames;
	names->scratch = profile_new();
	names->locations = calloc(n_frames + 1, sizeof(*names->locations));
	if (!names->scratch || !names->locations)
		return budget_error(budget, err);
	for (size_t i = 1; i < names->n_nodes; i++) {
		uint32_t *location = &names->locations[nodes[i].frame];

		if (*location)
			continue;
		*location = dictionary_location(dictionary, nodes[i].frame, names->scratch) + 1;
		if (names->scratch->failed)
			return budget_error(budget, err);
	}
	latenames_apply(options->late, options->tenant, names->scratch, &named);
	if (names->scratch->failed)
		return budget_error(budget, err);
	return frames_init(&names->frames, names->scratch, FRAMES_FUNCTIONS, err);
}

void stacknames_fini(struct stacknames *names, struct budget *budget)
{
	budget_give(budget, names->n_frames * FRAME_BYTES);
	profile_free(names->scratch);
	frames_fini(&names->frames);
	free(names->locations);
	*names = (struct stacknames){ 0 };
}

const struct frame *stacknames_frames(
	const struct stacknames *names, const struct dictionary_node *node, size_t *ret_n)
{
	uint32_t location = names->locations[node->frame] - 1;
	uint32_t first = names->frames.first[location];

	*ret_n = names->frames.first[location + 1] - first;
	return &names->frames.all[first];
}

struct view stacknames_text(const struct stacknames *names, const struct frame *frame)
{
	return strings_at(&names->frames.names, frame->name);
}

uint32_t stacknames_find(const struct stacknames *names, struct view name)
{
	uint32_t id = strings_find(&names->frames.names, name);

	return id < names->frames.n_sorted ? id : STRINGS_NONE;
}
