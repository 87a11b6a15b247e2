/* level_track: a level over time. */
#include "query/level_track.h"

#include <stdlib.h>
#include <string.h>

#include "query/sums.h"

bool level_track_init(struct level_track *track, size_t n_columns, size_t n_steps, int64_t step_ns,
	struct budget *budget)
{
	*track = (struct level_track){ .n_columns = n_columns,
		.n_steps = n_steps,
		.steps_held = (size_t)(LEVEL_TRACK_HOLD_NS / step_ns) };
	if (!budget_take(budget, n_steps * (n_columns * sizeof(int64_t) + sizeof(uint32_t))))
		return false;
	track->sums = calloc(n_columns * n_steps + 1, sizeof(*track->sums));
	track->n = calloc(n_steps + 1, sizeof(*track->n));
	return track->sums && track->n;
}

void level_track_fini(struct level_track *track)
{
	free(track->sums);
	free(track->n);
	*track = (struct level_track){ 0 };
}

void level_track_count(struct level_track *track, size_t step, uint32_t n)
{
	if (step >= track->n_steps)
		return;
	if (track->end == 0)
		track->first = step;
	if (step >= track->end)
		track->end = step + 1;
	track->n[step] += n;
}

void level_track_add(struct level_track *track, size_t column, size_t step, int64_t value)
{
	int64_t *sum;

	if (step >= track->n_steps)
		return;
	sum = &track->sums[column * track->n_steps + step];
	*sum = sums_plus(*sum, value);
}

/* Past its last snapshot a series is there for as many steps as lie between the last two. */
static size_t end_of(const struct level_track *track)
{
	size_t last = track->end - 1, before = last, end;

	while (before > track->first && !track->n[--before])
		;
	end = track->end;
	if (before < last && track->n[before] && last - before <= track->steps_held)
		end = last + (last - before);
	return end < track->n_steps ? end : track->n_steps;
}

static void clear(struct level_track *track)
{
	size_t n = track->end - track->first;

	for (size_t c = 0; c < track->n_columns; c++)
		memset(&track->sums[c * track->n_steps + track->first], 0,
			n * sizeof(*track->sums));
	memset(&track->n[track->first], 0, n * sizeof(*track->n));
	track->first = track->end = 0;
}

void level_track_give(struct level_track *track, int64_t *const *columns)
{
	size_t held = track->first, end;

	if (track->end == 0)
		return;
	end = end_of(track);
	for (size_t i = track->first; i < end; i++) {
		double weight;

		if (i < track->end && track->n[i])
			held = i;
		if (i - held > track->steps_held)
			continue;
		weight = (double)LEVEL_PARTS / track->n[held];
		for (size_t c = 0; c < track->n_columns; c++)
			columns[c][i] = sums_plus(columns[c][i],
				level_parts(track->sums[c * track->n_steps + held], weight));
	}
	clear(track);
}
