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
	bool labelled = sites->n_sites < HEAP_SITES_MAX;
	struct own_profile_place place;
	struct heap_site *site;

	if (!own_profile_place(&sites->own, sample, labelled, &place))
		return NULL;
	if (sites->n_sites >= 2 * HEAP_SITES_MAX &&
		!map_find(&sites->site_of, (uint64_t)place.stack << 32 | place.labels))
		return NULL;
	site = site_of(sites, place.stack, place.labels);
	if (!site)
		return NULL;
	sites->unlabelled += !labelled;
	if (place.truncated < 0)
		sites->accounting.complete++;
	else
		sites->accounting.truncated[place.truncated]++;
	return site;
}

static void add_to(struct heap_sites_sum *sum, int64_t objects, int64_t bytes)
{
	sum->samples++;
	sum->objects += objects;
	sum->bytes += bytes;
}

/* False where it cannot be followed: it had no slot, or there is no memory to note it. */
static bool follow(
	struct heap_sites *sites, uint64_t place, uint32_t site, int64_t objects, int64_t bytes)
{
	struct heap_sites_live *live;

	if (place == SIG_HEAP_NO_SLOT)
		return false;
	live = VEC_ADD(sites->lives, sites->n_lives, sites->cap_lives);
	if (!live)
		return false;
	*live = (struct heap_sites_live){ place, site, objects, bytes };
	return true;
}

void heap_sites_take(void *owner, const void *record, size_t words)
{
	struct heap_sites *sites = owner;
	const struct sig_sample *sample = record;
	int64_t objects = sig_poisson_objects(sample->values[0], sites->setup->mean);
	int64_t bytes = sig_poisson_bytes(sample->values[0], sites->setup->mean);
	struct heap_site *site;

	if (sample->kind != sig_heap_kind(atomic_load(&sig_heap_epoch)))
		return;
	site = find_site(sites, sample);
	if (!site) {
		sites->accounting.lost[LOST_NO_MEMORY]++;
		add_to(&sites->lost, objects, bytes);
		return;
	}
	site->alloc_objects += objects;
	site->alloc_bytes += bytes;
	if (!follow(sites, sample->values[1], (uint32_t)(site - sites->sites), objects, bytes)) {
		add_to(&sites->not_followed, objects, bytes);
		return;
	}
	site->live_objects += objects;
	site->live_bytes += bytes;
}

/* Attempts are read last: each of the others was one before. */
uint64_t heap_sites_account(const struct heap_sites *sites, struct accounting *ret)
{
	uint64_t known;

	*ret = sites->accounting;
	ret->lost[LOST_RING_FULL] =
		atomic_load(&sig_heap_counts.ring_full) + atomic_load(&sig_heap_counts.not_ready);
	known = ret->complete + accounting_truncated(ret) + accounting_lost(ret);
	ret->attempted = atomic_load(&sig_heap_counts.attempted);
	if (ret->attempted <= known)
		return 0;
	ret->lost[LOST_RING_FULL] += ret->attempted - known;
	return ret->attempted - known;
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
