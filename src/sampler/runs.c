/* runs: room for runs of mappings in the table the kernel walks by. */
#include "sampler/runs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/vec.h"

int runs_init(struct runs *runs, uint32_t room)
{
	struct run_gap *gap;

	*runs = (struct runs){ 0 };
	gap = VEC_ADD(runs->gaps, runs->n_gaps, runs->cap_gaps);
	if (!gap)
		return ERR_NOMEM;
	*gap = (struct run_gap){ 0, room };
	return 0;
}

void runs_fini(struct runs *runs)
{
	struct map_slot *slot;

	for (size_t at = 0; (slot = map_next(&runs->by_first, &at));)
		free((struct run *)(uintptr_t)slot->value);
	map_fini(&runs->by_first);
	free(runs->gaps);
	free(runs->retired);
	*runs = (struct runs){ 0 };
}

static void erase_gap(struct runs *runs, size_t i)
{
	runs->n_gaps--;
	memmove(&runs->gaps[i], &runs->gaps[i + 1], (runs->n_gaps - i) * sizeof(*runs->gaps));
}

static bool take_room(struct runs *runs, uint32_t n, uint32_t *ret_first)
{
	for (size_t i = 0; i < runs->n_gaps; i++) {
		struct run_gap *gap = &runs->gaps[i];

		if (gap->n < n)
			continue;
		*ret_first = gap->first;
		gap->first += n;
		gap->n -= n;
		if (gap->n == 0)
			erase_gap(runs, i);
		return true;
	}
	return false;
}

/* Without memory the room is lost; the sampler goes on with what is left. */
static void give_room(struct runs *runs, uint32_t first, uint32_t n)
{
	struct run_gap *gaps;
	size_t i = 0;

	while (i < runs->n_gaps && runs->gaps[i].first < first)
		i++;
	gaps = runs->gaps;
	if (i > 0 && gaps[i - 1].first + gaps[i - 1].n == first) {
		gaps[i - 1].n += n;
		if (i < runs->n_gaps && gaps[i - 1].first + gaps[i - 1].n == gaps[i].first) {
			gaps[i - 1].n += gaps[i].n;
			erase_gap(runs, i);
		}
	} else if (i < runs->n_gaps && first + n == gaps[i].first) {
		gaps[i].first = first;
		gaps[i].n += n;
	} else if (VEC_FITS(runs->gaps, runs->cap_gaps, runs->n_gaps + 1)) {
		memmove(&runs->gaps[i + 1], &runs->gaps[i],
			(runs->n_gaps - i) * sizeof(*runs->gaps));
		runs->gaps[i] = (struct run_gap){ first, n };
		runs->n_gaps++;
	}
}

struct run *runs_add(struct runs *runs, uint32_t n)
{
	struct run *run = calloc(1, sizeof(*run));
	uint64_t *slot;

	if (!run || n == 0 || !take_room(runs, n, &run->first)) {
		free(run);
		return NULL;
	}
	slot = map_add(&runs->by_first, run->first, NULL);
	if (!slot) {
		give_room(runs, run->first, n);
		free(run);
		return NULL;
	}
	*slot = (uintptr_t)run;
	run->n = n;
	run->refs = 1;
	return run;
}

static void forget_retired(struct runs *runs, const struct run *run)
{
	for (size_t i = 0; i < runs->n_retired; i++)
		if (runs->retired[i] == run) {
			runs->retired[i] = runs->retired[--runs->n_retired];
			return;
		}
}

struct run *runs_ref(struct runs *runs, struct run *run)
{
	if (run && run->refs++ == 0)
		forget_retired(runs, run);
	return run;
}

void runs_unref(struct runs *runs, struct run *run, uint64_t drain)
{
	struct run **slot;

	if (!run)
		return;
	assert(run->refs > 0);
	if (--run->refs)
		return;
	run->retired = drain;
	slot = VEC_ADD(runs->retired, runs->n_retired, runs->cap_retired);
	if (slot)
		*slot = run;
}

struct run *runs_find(struct runs *runs, uint32_t first)
{
	uint64_t *slot = map_find(&runs->by_first, first);

	return slot ? runs_ref(runs, (struct run *)(uintptr_t)*slot) : NULL;
}

void runs_settle(struct runs *runs, uint64_t drain)
{
	for (size_t i = runs->n_retired; i--;) {
		struct run *run = runs->retired[i];

		if (drain - run->retired <= RUNS_GRACE)
			continue;
		runs->retired[i] = runs->retired[--runs->n_retired];
		map_remove(&runs->by_first, run->first);
		give_room(runs, run->first, run->n);
		free(run);
	}
}
