/* callsite: the stacks that begin with certain functions. */
#include "model/callsite.h"

#include <stdlib.h>

#include "model/copy.h"
#include "model/frames.h"

#define STRAY UINT32_MAX /* begins with something else */

/* How many of the names are met after the location, if `met` were before. */
static uint32_t walk(const struct frames *frames, const uint32_t *wanted, uint32_t n,
	uint32_t location, uint32_t met)
{
	for (uint32_t i = frames->first[location + 1]; i-- > frames->first[location];) {
		if (met == STRAY || met == n)
			break;
		met = frames->all[i].name == wanted[met] ? met + 1 : STRAY;
	}
	return met;
}

static void match(const struct profile *profile, const struct frames *frames,
	const uint32_t *wanted, uint32_t n, uint32_t *met)
{
	for (size_t i = 1; i < profile->stacks.count; i++) {
		const struct stack_node *node = &profile->stacks.nodes[i];

		met[i] = walk(frames, wanted, n, node->location, met[node->parent]);
	}
}

int callsite_match(
	const struct profile *profile, const struct callsite *site, bool **ret, struct err *err)
{
	struct frames frames;
	size_t n_stacks = profile->stacks.count;
	uint32_t *wanted = calloc(site->n + 1, sizeof(*wanted));
	uint32_t *met = calloc(n_stacks + 1, sizeof(*met));
	int rc = frames_init(&frames, profile, FRAMES_FUNCTIONS, err);

	*ret = calloc(n_stacks + 1, sizeof(**ret));
	if (rc == 0 && (!wanted || !met || !*ret))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0) {
		for (size_t i = 0; i < site->n; i++)
			wanted[i] = strings_find(&frames.names, site->names[i]);
		match(profile, &frames, wanted, (uint32_t)site->n, met);
		for (size_t i = 0; i < n_stacks; i++)
			(*ret)[i] = met[i] == site->n;
	}
	frames_fini(&frames);
	free(wanted);
	free(met);
	return rc;
}

static void copy_samples(
	struct copy *copy, const struct profile *from, const bool *holds, struct profile *into)
{
	for (size_t i = 0; i < from->n_samples && !into->failed; i++) {
		const struct sample *sample = &from->samples[i];

		if (holds[sample->stack])
			profile_add(into, copy_stack(copy, sample->stack),
				copy_labels(copy, sample->labels),
				&from->values[i * from->n_types]);
	}
}

int callsite_filter(const struct profile *profile, const struct callsite *site,
	struct profile **ret, struct err *err)
{
	PROFILE_AUTO into = profile_new();
	struct copy copy = { 0 };
	bool *holds = NULL;
	int rc = into ? callsite_match(profile, site, &holds, err)
		      : err_set(err, ERR_NOMEM, "out of memory");

	*ret = NULL;
	if (rc == 0)
		rc = copy_init(&copy, profile, into, err);
	if (rc == 0)
		rc = copy_header(&copy, err);
	if (rc == 0)
		copy_samples(&copy, profile, holds, into);
	if (rc == 0 && into->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	copy_fini(&copy);
	free(holds);
	if (rc == 0) {
		*ret = into;
		into = NULL;
	}
	return rc;
}
