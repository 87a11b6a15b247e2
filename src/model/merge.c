/* merge: the sum of profiles, and two side by side. */
#include "model/merge.h"

#include <math.h>

#include "model/copy.h"

static struct view type_name(const struct profile *p, size_t type)
{
	return profile_text(p, p->types[type].type);
}

static struct view type_unit(const struct profile *p, size_t type)
{
	return profile_text(p, p->types[type].unit);
}

static bool same_type(const struct profile *a, size_t i, const struct profile *b, size_t k)
{
	return view_equal(type_name(a, i), type_name(b, k)) &&
	       view_equal(type_unit(a, i), type_unit(b, k));
}

static int check_types(const struct profile *into, const struct profile *from, struct err *err)
{
	if (into->n_types != from->n_types)
		return err_set(err, ERR_USAGE,
			"profiles with %zu and %zu sample types do not add up", into->n_types,
			from->n_types);
	for (size_t i = 0; i < into->n_types; i++)
		if (!same_type(into, i, from, i))
			return err_set(err, ERR_USAGE,
				"profiles of %.100s/%.100s and %.100s/%.100s do not add up",
				type_name(into, i).at, type_unit(into, i).at, type_name(from, i).at,
				type_unit(from, i).at);
	return 0;
}

/* The earliest start, the sum of the durations, the longest period, all comments. */
static void join_header(struct profile *into, const struct profile *from)
{
	if (from->time_ns && (!into->time_ns || from->time_ns < into->time_ns))
		into->time_ns = from->time_ns;
	if (__builtin_add_overflow(into->duration_ns, from->duration_ns, &into->duration_ns))
		into->duration_ns = INT64_MAX;
	if (from->period > into->period)
		into->period = from->period;
	for (size_t i = 0; i < from->n_comments; i++)
		profile_comment(into, profile_text(from, from->comments[i]));
	accounting_merge(&into->accounting, &from->accounting);
}

/* Half away from zero; what does not fit is as large as it can be. */
static int64_t scaled(int64_t value, double scale)
{
	double exact;

	if (scale == 1)
		return value;
	exact = round((double)value * scale);
	if (exact >= 0x1p63)
		return INT64_MAX;
	return exact <= -0x1p63 ? INT64_MIN : (int64_t)exact;
}

static void add_samples(struct copy *copy, const double *scale)
{
	const struct profile *from = copy->from;
	int64_t values[PROFILE_TYPES_MAX];

	for (size_t i = 0; i < from->n_samples && !copy->into->failed; i++) {
		for (size_t k = 0; k < from->n_types; k++)
			values[k] =
				scaled(from->values[i * from->n_types + k], scale ? scale[k] : 1);
		profile_add(copy->into, copy_stack(copy, from->samples[i].stack),
			copy_labels(copy, from->samples[i].labels), values);
	}
}

int merge_scaled(
	struct profile *into, const struct profile *from, const double *scale, struct err *err)
{
	struct copy copy;
	int rc = copy_init(&copy, from, into, err);

	if (rc == 0 && into->n_types == 0) {
		rc = copy_header(&copy, err);
	} else if (rc == 0) {
		rc = check_types(into, from, err);
		if (rc == 0)
			join_header(into, from);
	}
	if (rc == 0)
		add_samples(&copy, scale);
	copy_fini(&copy);
	if (rc == 0 && into->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	return rc;
}

int merge_into(struct profile *into, const struct profile *from, struct err *err)
{
	return merge_scaled(into, from, NULL, err);
}

/* ---- choosing types ---- */

/* One sample type of the result, and where its values come from. */
struct choice {
	struct view type, unit;
	int from; /* index of a type, -1 = 0 */
};

static int add_chosen(struct profile *into, const struct profile *from,
	const struct choice *choices, size_t n, struct err *err)
{
	struct copy copy;
	int64_t values[PROFILE_TYPES_MAX];
	int rc = copy_init(&copy, from, into, err);

	for (size_t i = 0; rc == 0 && i < from->n_samples && !into->failed; i++) {
		for (size_t k = 0; k < n; k++)
			values[k] =
				choices[k].from < 0
					? 0
					: from->values[i * from->n_types + (size_t)choices[k].from];
		profile_add(into, copy_stack(&copy, from->samples[i].stack),
			copy_labels(&copy, from->samples[i].labels), values);
	}
	copy_fini(&copy);
	if (rc == 0)
		join_header(into, from);
	if (rc == 0 && into->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	return rc;
}

static int new_with_types(
	struct profile **ret, const struct choice *choices, size_t n, struct err *err)
{
	int rc = 0;

	*ret = profile_new();
	if (!*ret)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = profile_add_type(*ret, choices[i].type, choices[i].unit, err);
	return rc;
}

static void keep_period_type(struct profile *into, const struct profile *from)
{
	into->period_type.type = profile_string(into, profile_text(from, from->period_type.type));
	into->period_type.unit = profile_string(into, profile_text(from, from->period_type.unit));
	into->default_type = profile_string(into, profile_text(from, from->default_type));
}

int merge_common_types(const struct profile *from, const struct profile *with, struct profile **ret,
	struct err *err)
{
	PROFILE_AUTO made = NULL;
	struct choice choices[PROFILE_TYPES_MAX];
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < with->n_types; i++)
		for (size_t k = 0; k < from->n_types; k++)
			if (same_type(with, i, from, k)) {
				choices[n++] = (struct choice){ type_name(from, k),
					type_unit(from, k), (int)k };
				break;
			}
	if (n == 0)
		return err_set(err, ERR_USAGE, "the profiles have no sample type in common");
	rc = new_with_types(&made, choices, n, err);
	if (rc == 0)
		rc = add_chosen(made, from, choices, n, err);
	if (rc < 0)
		return rc;
	keep_period_type(made, from);
	*ret = made;
	made = NULL;
	return 0;
}

static int find_type(const struct profile *p, struct view type, const char *side, struct err *err)
{
	int found = profile_find_type(p, type);

	return found >= 0 ? found
			  : err_set(err, ERR_USAGE, "%s has no sample type \"%.*s\"", side,
				    (int)(type.len < 100 ? type.len : 100), type.at);
}

int merge_pair(const struct profile *base, const struct profile *new_, struct view type,
	struct profile **ret, struct err *err)
{
	PROFILE_AUTO made = NULL;
	int of_base = find_type(base, type, "the base", err), of_new, rc;
	struct choice choices[2] = { { .type = VIEW("base") }, { .type = VIEW("new") } };

	if (of_base < 0)
		return of_base;
	of_new = find_type(new_, type, "the new profile", err);
	if (of_new < 0)
		return of_new;
	choices[0].unit = type_unit(base, (size_t)of_base);
	choices[1].unit = type_unit(new_, (size_t)of_new);
	if (!view_equal(choices[0].unit, choices[1].unit))
		return err_set(err, ERR_USAGE, "%.100s and %.100s cannot be compared",
			choices[0].unit.at, choices[1].unit.at);
	rc = new_with_types(&made, choices, 2, err);
	choices[0].from = of_base;
	choices[1].from = -1;
	if (rc == 0)
		rc = add_chosen(made, base, choices, 2, err);
	choices[0].from = -1;
	choices[1].from = of_new;
	if (rc == 0)
		rc = add_chosen(made, new_, choices, 2, err);
	if (rc < 0)
		return rc;
	*ret = made;
	made = NULL;
	return 0;
}
