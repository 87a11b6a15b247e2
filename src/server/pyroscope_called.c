/* pyroscope_called: how much of what a store hands out was called from one place. */
#include "server/pyroscope_called.h"

#include <stdlib.h>

#include "base/vec.h"
#include "query/stacknames.h"

struct judged {        /* the stacks of a dictionary */
	uint32_t *met; /* how many functions of the site each begins with; owned */
	size_t n;
};

#define STRAY UINT32_MAX /* begins with something else */

/* How many functions of the site are met once a stack goes on to the node. */
static uint32_t go(const struct stacknames *names, const struct dictionary_node *node,
	const uint32_t *wanted, uint32_t n_wanted, uint32_t met)
{
	size_t n;
	const struct frame *frames = stacknames_frames(names, node, &n);

	while (n-- > 0 && met < n_wanted)
		met = frames[n].name == wanted[met] ? met + 1 : STRAY;
	return met;
}

static void follow(const struct stacknames *names, const struct dictionary_node *nodes,
	const uint32_t *wanted, uint32_t n_wanted, struct judged *into)
{
	for (size_t i = 1; i < into->n; i++)
		into->met[i] = go(names, &nodes[i], wanted, n_wanted, into->met[nodes[i].parent]);
}

static int judge(const struct pyroscope_called *called, const struct store_dictionary *dictionary,
	struct judged *into, struct err *err)
{
	const struct callsite *site = &called->site;
	uint32_t *wanted = calloc(site->n + 1, sizeof(*wanted));
	struct stacknames names;
	size_t unused;
	const struct stacknames_options how = { .late = called->late, .tenant = called->tenant };
	int rc = stacknames_init(&names, dictionary, &how, err);

	free(into->met);
	into->n = rc == 0 ? names.n_nodes : 0;
	into->met = calloc(into->n + 1, sizeof(*into->met));
	if (rc == 0 && (!wanted || !into->met))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; rc == 0 && i < site->n; i++)
		wanted[i] = stacknames_find(&names, site->names[i]);
	if (rc == 0)
		follow(&names, dictionary_nodes(dictionary, &unused), wanted, (uint32_t)site->n,
			into);
	else
		into->n = 0;
	stacknames_fini(&names, NULL);
	free(wanted);
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
		if (judged->met[part->stacks[i]] == called->site.n &&
			__builtin_add_overflow(*ret, part->values[i], ret))
			*ret = part->values[i] < 0 ? INT64_MIN : INT64_MAX;
	}
	return 0;
}

void pyroscope_called_fini(struct pyroscope_called *called)
{
	for (size_t i = 0; i < called->n_judged; i++)
		free(called->judged[i].met);
	free(called->judged);
	map_fini(&called->judged_of);
}
