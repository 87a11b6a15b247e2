/* level: types that say what there is at a moment. */
#include "query/level.h"

#include <math.h>
#include <stdlib.h>

#include "base/vec.h"

bool level_is(const struct store_type *type)
{
	static const char *const LIVING[] = { "inuse_space", "inuse_objects", "space", "objects",
		"live" };
	static const char *const COUNTED[] = { "goroutine", "goroutines", "thread", "threads" };

	for (size_t i = 0; i < sizeof(LIVING) / sizeof(LIVING[0]); i++)
		if (view_equal(type->type, view_of(LIVING[i])))
			return view_equal(type->name, VIEW("memory"));
	for (size_t i = 0; i < sizeof(COUNTED) / sizeof(COUNTED[0]); i++)
		if (view_equal(type->type, view_of(COUNTED[i])))
			return view_equal(type->unit, VIEW("count"));
	return false;
}

/* ---- what there is of each series ---- */

struct looking {
	struct level *into;
	struct budget *budget;
	struct err *err;
};

static int on_part(void *owner, const struct store_part *part)
{
	struct looking *l = owner;
	struct level *into = l->into;
	struct level_series *series;
	bool is_new;
	uint64_t *place = map_add(&into->of, part->series->id, &is_new);

	if (!place || (is_new && !budget_take(l->budget, 4 * sizeof(*series))))
		return budget_error(l->budget, l->err);
	if (is_new) {
		*place = into->n;
		series = VEC_ADD(into->at, into->n, into->cap);
		if (!series)
			return budget_error(l->budget, l->err);
		*series = (struct level_series){ part->begin_ns, part->end_ns, 0 };
	}
	series = &into->at[*place];
	series->n += part->n_profiles;
	if (part->end_ns > series->end_ns)
		series->end_ns = part->end_ns;
	if (into->n == 1 || series->begin_ns < into->begin_ns)
		into->begin_ns = series->begin_ns;
	if (into->n == 1 || series->end_ns > into->end_ns)
		into->end_ns = series->end_ns;
	return 0;
}

static int64_t between(const struct level_series *series)
{
	return series->n < 2 ? 0 : (series->end_ns - series->begin_ns) / (int64_t)(series->n - 1);
}

static void find_usual(struct level *level)
{
	int64_t sum = 0, n = 0;

	for (size_t i = 0; i < level->n; i++) {
		if (level->at[i].n < 2)
			continue;
		sum += between(&level->at[i]);
		n++;
	}
	level->usual_ns = n ? sum / n : 0;
	level->is_one = n == 0;
}

int level_init(struct level *level, struct store *store, const struct store_select *select,
	struct err *err)
{
	struct looking l = { level, select->budget, err };
	const struct store_scan scan = { .select = select, .part = on_part, .owner = &l };
	int rc;

	*level = (struct level){ .is_one = true };
	if (!level_is(&select->type))
		return 0;
	rc = store_scan(store, &scan, err);
	find_usual(level);
	return rc;
}

void level_fini(struct level *level)
{
	map_fini(&level->of);
	free(level->at);
	*level = (struct level){ 0 };
}

/* What came after it was looked is not there yet. */
double level_weight(const struct level *level, uint64_t id)
{
	const uint64_t *place;
	const struct level_series *series;
	int64_t there_ns, all_ns = level->end_ns - level->begin_ns;

	if (level->is_one)
		return LEVEL_PARTS;
	place = map_find(&level->of, id);
	if (!place)
		return 0;
	series = &level->at[*place];
	there_ns = series->n < 2 ? level->usual_ns
				 : series->end_ns - series->begin_ns + between(series);
	if (there_ns >= all_ns)
		return (double)LEVEL_PARTS / (double)series->n;
	return LEVEL_PARTS * ((double)there_ns / (double)all_ns) / (double)series->n;
}

int64_t level_parts(int64_t value, double weight)
{
	double parts = round((double)value * weight);

	if (parts >= 0x1p63)
		return INT64_MAX;
	return parts < -0x1p63 ? INT64_MIN : (int64_t)parts;
}

void level_settle(int64_t *values, size_t n)
{
	int64_t rest = LEVEL_PARTS / 2;

	for (size_t i = 0; i < n; i++) {
		int64_t parts;

		if (values[i] == 0 || __builtin_add_overflow(values[i], rest, &parts))
			continue;
		values[i] = parts >= 0 ? parts / LEVEL_PARTS
				       : -((LEVEL_PARTS - 1 - parts) / LEVEL_PARTS);
		rest = parts - values[i] * LEVEL_PARTS;
	}
}
