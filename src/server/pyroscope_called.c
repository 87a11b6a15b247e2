/* pyroscope_called: how much of what a store hands out was called from one place. */
#include "server/pyroscope_called.h"

#include <stdlib.h>

#include "base/vec.h"
#include "store/dictionary.h"

struct judged {      /* the stacks of a dictionary */
	bool *holds; /* owned */
	size_t n;
};

/* The dictionary's stacks, of which there may be more tomorrow, as those of a profile: *ret says
 * which is which. */
static int name(const struct store_dictionary *dictionary, struct profile *into, uint32_t **ret,
	size_t *ret_n, struct err *err)
{
	size_t n, n_frames;
	const struct dictionary_node *nodes = dictionary_nodes(dictionary, &n);
	uint32_t *locations, *stacks = *ret = calloc(n + 1, sizeof(*stacks));

	*ret_n = n;
	n_frames = dictionary_frames(dictionary);
	locations = calloc(n_frames + 1, sizeof(*locations));
	for (size_t i = 0; locations && i < n_frames; i++)
		locations[i] = dictionary_location(dictionary, (uint32_t)i, into);
	for (size_t i = 1; locations && stacks && i < n && !into->failed; i++)
		stacks[i] = profile_push(into, stacks[nodes[i].parent], locations[nodes[i].frame]);
	into->failed |= !locations || !stacks;
	free(locations);
	return into->failed ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

static int judge(const struct pyroscope_called *called, const struct store_dictionary *dictionary,
	struct judged *into, struct err *err)
{
	PROFILE_AUTO named = profile_new();
	uint32_t *stacks = NULL;
	bool *holds = NULL;
	size_t n = 0;
	int rc = named ? name(dictionary, named, &stacks, &n, err)
		       : err_set(err, ERR_NOMEM, "out of memory");

	free(into->holds);
	*into = (struct judged){ .holds = calloc(n + 1, sizeof(*into->holds)) };
	if (rc == 0)
		rc = callsite_match(named, &called->site, &holds, err);
	if (rc == 0 && !into->holds)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; rc == 0 && i < n; i++)
		into->holds[i] = holds[stacks[i]];
	into->n = rc == 0 ? n : 0;
	free(stacks);
	free(holds);
	return rc;
}

static struct judged *judged_of(
	struct pyroscope_called *called, const struct store_dictionary *dictionary)
{
	bool is_new;
	uint64_t *slot = map_add(&called->judged_of, dictionary_id(dictionary), &is_new);
	struct judged *judged;

	if (!slot)
		return NULL;
	if (!is_new)
		return &called->judged[*slot];
	judged = VEC_ADD(called->judged, called->n_judged, called->cap_judged);
	if (!judged) {
		map_remove(&called->judged_of, dictionary_id(dictionary));
		return NULL;
	}
	*slot = called->n_judged - 1;
	*judged = (struct judged){ 0 };
	return judged;
}

int pyroscope_called_total(struct pyroscope_called *called, const struct store_part *part,
	int64_t *ret, struct err *err)
{
	struct judged *judged = judged_of(called, part->dictionary);
	int rc = 0;

	*ret = 0;
	if (!judged)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < part->n; i++) {
		if (part->stacks[i] >= judged->n)
			rc = judge(called, part->dictionary, judged, err);
		if (rc < 0)
			return rc;
		if (judged->holds[part->stacks[i]] &&
			__builtin_add_overflow(*ret, part->values[i], ret))
			*ret = part->values[i] < 0 ? INT64_MIN : INT64_MAX;
	}
	return 0;
}

void pyroscope_called_fini(struct pyroscope_called *called)
{
	for (size_t i = 0; i < called->n_judged; i++)
		free(called->judged[i].holds);
	free(called->judged);
	map_fini(&called->judged_of);
}
