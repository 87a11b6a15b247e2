/* heap_sites: who allocated the sampled objects, and which of them are still live. */
#include "inproc/heap_sites.h"

#include <stdlib.h>

#include "base/vec.h"
#include "inproc/sig_poisson.h"
#include "inproc/sig_sample.h"

int heap_sites_init(struct heap_sites *sites, const struct sig_heap_setup *setup,
	struct own_space *space, struct err *err)
{
	*sites = (struct heap_sites){ .setup = setup, .accounting = { .known = true } };
	return own_profile_init(&sites->own, space, err);
}

void heap_sites_fini(struct heap_sites *sites)
{
	own_profile_fini(&sites->own);
	map_fini(&sites->site_of);
	free(sites->sites);
	free(sites->lives);
	*sites = (struct heap_sites){ 0 };
}

static struct heap_site *site_of(struct heap_sites *sites, uint32_t stack, uint32_t labels)
{
	bool is_new;
	uint64_t *known = map_add(&sites->site_of, (uint64_t)stack << 32 | labels, &is_new);
	struct heap_site *site;

	if (!known)
		return NULL;
	if (!is_new && *known)
		return &sites->sites[*known - 1];
	site = VEC_ADD(sites->sites, sites->n_sites, sites->cap_sites);
	if (!site)
		return NULL;
	*site = (struct heap_site){ .stack = stack, .labels = labels };
	*known = sites->n_sites;
	return site;
}

/* With so many sites new ones go without labels; with twice as many, not at all. */
static struct heap_site *find_site(struct heap_sites *sites, const struct sig_sample *sample)
{
	struct own_profile_place place;

	if (!own_profile_place(&sites->own, sample, sites->n_sites < HEAP_SITES_MAX, &place))
		return NULL;
	if (sites->n_sites >= HEAP_SITES_MAX)
		sites->unlabelled++;
	if (sites->n_sites >= 2 * HEAP_SITES_MAX &&
		!map_find(&sites->site_of, (uint64_t)place.stack << 32 | place.labels))
		return NULL;
	if (place.truncated < 0)
		sites->accounting.complete++;
	else
		sites->accounting.truncated[place.truncated]++;
	return site_of(sites, place.stack, place.labels);
}

void heap_sites_take(void *owner, const void *record, size_t words)
{
	struct heap_sites *sites = owner;
	const struct sig_sample *sample = record;
	int64_t objects = sig_poisson_objects(sample->values[0], sites->setup->mean);
	int64_t bytes = sig_poisson_bytes(sample->values[0], sites->setup->mean);
	struct heap_sites_live *live;
	struct heap_site *site;

	if (sample->kind != sig_heap_kind(atomic_load(&sig_heap_epoch)))
		return;
	site = find_site(sites, sample);
	if (!site) {
		sites->accounting.lost[LOST_NO_MEMORY]++;
		return;
	}
	site->alloc_objects += objects;
	site->alloc_bytes += bytes;
	if (sample->values[1] == SIG_HEAP_NO_SLOT)
		return;
	live = VEC_ADD(sites->lives, sites->n_lives, sites->cap_lives);
	if (!live)
		return;
	*live = (struct heap_sites_live){ sample->values[1], (uint32_t)(site - sites->sites),
		objects, bytes };
	site->live_objects += objects;
	site->live_bytes += bytes;
}

void heap_sites_sweep(struct heap_sites *sites)
{
	size_t kept = 0;

	for (size_t i = 0; i < sites->n_lives; i++) {
		const struct heap_sites_live *live = &sites->lives[i];
		struct heap_site *site = &sites->sites[live->site];

		if (sig_heap_is_live(sites->setup, live->place)) {
			sites->lives[kept++] = *live;
			continue;
		}
		site->live_objects -= live->objects;
		site->live_bytes -= live->bytes;
	}
	sites->n_lives = kept;
	sites->swept = atomic_load(&sig_heap_counts.gone);
}

/* In rough proportion to what a look at all of them costs. */
bool heap_sites_worth_sweeping(const struct heap_sites *sites)
{
	return (atomic_load(&sig_heap_counts.gone) - sites->swept) * 4 > sites->n_lives + 256;
}
